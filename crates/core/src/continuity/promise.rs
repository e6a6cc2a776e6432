// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a standby owes its primary: for one lease from its last answer to a beat, it does not ask
//! to be primary. That is a vote too, so a primary with a standby outlives its witness.

use super::vote::LeaseTimes;

/// A standby's promise.
#[derive(Clone, Copy, Debug)]
pub struct Promise {
    lease_ns: i64,
    until_ns: i64,
    open: bool,
}

impl Promise {
    /// A standby that has just started. It may have promised before it died, so it waits one lease.
    #[must_use]
    pub const fn new(times: &LeaseTimes, now_ns: i64) -> Self {
        Self { lease_ns: times.lease_ns, until_ns: now_ns + times.lease_ns, open: true }
    }

    /// Promises, if the standby is not about to take over: then nothing may be answered.
    pub const fn give(&mut self, now_ns: i64) -> bool {
        if self.open && now_ns + self.lease_ns > self.until_ns {
            self.until_ns = now_ns + self.lease_ns;
        }
        self.open
    }

    /// Promises nothing from now on; the time from which the standby may ask.
    pub const fn close(&mut self) -> i64 {
        self.open = false;
        self.until_ns
    }

    /// The primary gave up its lease: nothing is owed to it.
    pub const fn absolve(&mut self, now_ns: i64) {
        self.until_ns = now_ns;
    }

    /// It did not take over and follows again.
    pub const fn reopen(&mut self) {
        self.open = true;
    }
}
