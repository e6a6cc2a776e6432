// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the node cannot know by itself, journaled as inputs: how far the clock may be off, and how long
//! market data waited in this machine before it was taken in.

use onetape_core::component::sources;
use onetape_core::events::{ClockMeasured, FeedDelayed};
use onetape_core::types::{MILLISECOND_NS, TsNs};

use super::engine::{Input, Path};
use crate::exchange::ServerError;

/// A wait that is worth an entry; a shorter one counts as none.
const WAIT_NS: i64 = MILLISECOND_NS;

/// How far the clock is off, as the kernel was told by whoever disciplines it. The uncertainty is its
/// estimated error: the greatest possible one grows by the second where nobody says better.
fn measure_clock() -> ClockMeasured {
    // SAFETY: a zeroed timex has `modes` 0: nothing is set, and the kernel fills it in.
    let (state, found) = unsafe {
        let mut found: libc::timex = std::mem::zeroed();
        (libc::adjtimex(&raw mut found), found)
    };
    let is_synchronised = state >= 0 && state != libc::TIME_ERROR;
    let unit_ns = if found.status & libc::STA_NANO == 0 { 1_000 } else { 1 };
    ClockMeasured {
        offset_ns: found.offset.saturating_mul(unit_ns),
        uncertainty_ns: found.esterror.saturating_mul(1_000),
        is_synchronised: u32::from(is_synchronised),
        reserved: 0,
    }
}

/// How long the messages of one feed wait, as the journal has it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lateness {
    told_ns: i64,
}

impl Lateness {
    /// The wait to be told of, if it is much more or less than what was told last.
    fn news(&mut self, waited_ns: i64) -> Option<i64> {
        let waited_ns = if waited_ns < WAIT_NS { 0 } else { waited_ns };
        let told_ns = self.told_ns;
        let is_alike = waited_ns <= told_ns + told_ns / 4 && waited_ns >= told_ns / 2;
        if is_alike && (waited_ns == 0) == (told_ns == 0) {
            return None;
        }
        self.told_ns = waited_ns;
        Some(waited_ns)
    }
}

impl Path {
    /// Measures the clock, and journals what was found.
    pub(super) fn note_clock(&mut self, ts_ns: TsNs) -> Result<(), ServerError> {
        let input = Input {
            kind: ClockMeasured::KIND,
            version: ClockMeasured::VERSION,
            source: sources::CONFIG,
            fixed: &measure_clock().encode(),
            tail: &[],
        };
        self.input(ts_ns, &input)
    }

    /// The oldest packet of a feed that is taken in at `ts_ns` was received at `received_ns`.
    #[inline]
    pub(super) fn note_wait(
        &mut self,
        lateness: &mut Lateness,
        (feed_id, received_ns): (u16, TsNs),
        ts_ns: TsNs,
    ) -> Result<(), ServerError> {
        match lateness.news(ts_ns.saturating_sub(received_ns)) {
            None => Ok(()),
            Some(delay_ns) => self.journal_wait(feed_id, delay_ns, ts_ns),
        }
    }

    #[cold]
    fn journal_wait(
        &mut self,
        feed_id: u16,
        delay_ns: i64,
        ts_ns: TsNs,
    ) -> Result<(), ServerError> {
        let event = FeedDelayed { delay_ns, feed_id, reserved1: 0, reserved2: 0 };
        let input = Input {
            kind: FeedDelayed::KIND,
            version: FeedDelayed::VERSION,
            source: sources::FEED,
            fixed: &event.encode(),
            tail: &[],
        };
        self.input(ts_ns, &input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_told_when_it_comes_grows_shrinks_and_goes() {
        let mut lateness = Lateness::default();
        let mut news = |ms: i64| lateness.news(ms * MILLISECOND_NS).map(|ns| ns / MILLISECOND_NS);
        assert_eq!(
            [news(0), news(-5), news(2), news(2), news(1)],
            [None, None, Some(2), None, None]
        );
        assert_eq!([news(3), news(3), news(40), news(45)], [Some(3), None, Some(40), None]);
        assert_eq!([news(10), news(0), news(0)], [Some(10), Some(0), None]);
        assert_eq!(lateness.news(WAIT_NS - 1), None);
    }

    #[test]
    fn the_clock_is_measured_or_said_to_be_nobodys() {
        let found = measure_clock();
        assert!(found.is_synchronised <= 1);
        assert!(found.uncertainty_ns >= 0);
    }
}
