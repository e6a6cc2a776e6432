// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How long it takes from the receipt of an input to the sending of what follows from it.

use hdrhistogram::Histogram;

/// Longest time that is told apart from longer ones.
const LATENCY_NS_MAX: u64 = 60_000_000_000;

/// Distribution of the times from receipt to sending, in nanoseconds.
#[derive(Clone, Debug)]
pub struct Latency {
    histogram: Histogram<u64>,
    /// When the inputs came whose messages are about to be sent.
    due: Vec<i64>,
    /// Inputs before this do not count: what a start journals waits for the doors.
    from_ns: i64,
}

impl Default for Latency {
    fn default() -> Self {
        Self::since(i64::MIN)
    }
}

impl Latency {
    /// Of inputs that come from `from_ns` on.
    pub(crate) fn since(from_ns: i64) -> Self {
        let histogram = Histogram::new_with_bounds(1, LATENCY_NS_MAX, 3)
            .expect("1 ns to 60 s with 3 digits is a valid range");
        Self { histogram, due: Vec::with_capacity(4_096), from_ns }
    }

    /// What follows from an input that came at `received_ns` is released, and about to be sent.
    #[inline]
    pub(crate) fn released(&mut self, received_ns: i64) {
        if received_ns >= self.from_ns && self.due.len() < self.due.capacity() {
            self.due.push(received_ns);
        }
    }

    /// All that was released is sent, now.
    #[inline]
    pub(crate) fn sent(&mut self, now_ns: i64) {
        for received_ns in self.due.drain(..) {
            let took_ns = now_ns.saturating_sub(received_ns).max(1).unsigned_abs();
            self.histogram.saturating_record(took_ns);
        }
    }

    /// Whether anything waits for [`Self::sent`].
    #[inline]
    pub(crate) const fn is_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// The distribution, in nanoseconds.
    #[must_use]
    pub const fn histogram(&self) -> &Histogram<u64> {
        &self.histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_before_the_doors_were_open_does_not_count() {
        let mut latency = Latency::since(1_000);
        latency.released(999);
        assert!(!latency.is_due());
        latency.released(1_000);
        latency.sent(1_250);
        assert!(!latency.is_due());
        assert_eq!((latency.histogram().len(), latency.histogram().max()), (1, 250));
    }
}
