// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange's time: the wall clock's, but it never goes back.
//!
//! Between two looks at the wall clock time goes on as the monotonic clock does. A wall clock found
//! ahead is followed at once; one found behind is waited for, slowly: ours then runs 500 parts in a
//! million slower, so that a step back disturbs no throttle and no timer.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// How much slower time runs while it waits for the wall clock: one part in so many.
const SLOWER_PART: i64 = 2_000;
/// Steps from here on are counted.
const STEP_NS: i64 = 1_000_000;

/// The clock.
#[derive(Debug)]
pub struct Clock {
    started: Instant,
    /// Time at `started` plus `anchor_elapsed_ns`.
    anchor_ts_ns: i64,
    anchor_elapsed_ns: i64,
    /// What the wall clock showed at the last look.
    seen_ns: i64,
    steps_forward: u64,
    steps_back: u64,
}

/// The wall clock, in nanoseconds since the Unix epoch.
fn wall_ns() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
    }
}

impl Clock {
    /// A clock that never shows less than `floor_ts_ns`.
    #[must_use]
    pub fn new(floor_ts_ns: i64) -> Self {
        let seen_ns = wall_ns();
        Self {
            started: Instant::now(),
            anchor_ts_ns: seen_ns.max(floor_ts_ns),
            anchor_elapsed_ns: 0,
            seen_ns,
            steps_forward: 0,
            steps_back: 0,
        }
    }

    /// Nanoseconds since the clock was made, on the monotonic clock: for timeouts and stopwatches.
    #[inline]
    #[must_use]
    pub fn elapsed_ns(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_nanos()).unwrap_or(i64::MAX)
    }

    /// The time when the monotonic clock shows `elapsed_ns`.
    #[inline]
    #[must_use]
    pub const fn at(&self, elapsed_ns: i64) -> i64 {
        self.anchor_ts_ns.saturating_add(elapsed_ns.saturating_sub(self.anchor_elapsed_ns))
    }

    /// Looks at the wall clock: to be called every now and then.
    pub fn correct(&mut self) {
        self.correct_to(self.elapsed_ns(), wall_ns());
    }

    fn correct_to(&mut self, elapsed_ns: i64, wall_ns: i64) {
        let shown_ns = self.at(elapsed_ns);
        let passed_ns = elapsed_ns.saturating_sub(self.anchor_elapsed_ns).max(0);
        let stepped_ns = wall_ns.saturating_sub(self.seen_ns).saturating_sub(passed_ns);
        self.steps_forward += u64::from(stepped_ns > STEP_NS);
        self.steps_back += u64::from(stepped_ns < -STEP_NS);
        let ahead_ns = shown_ns.saturating_sub(wall_ns);
        self.anchor_ts_ns = shown_ns - ahead_ns.min(passed_ns / SLOWER_PART);
        self.anchor_elapsed_ns = elapsed_ns;
        self.seen_ns = wall_ns;
    }

    /// How often the wall clock went ahead by a millisecond or more.
    #[must_use]
    pub const fn steps_forward(&self) -> u64 {
        self.steps_forward
    }

    /// How often the wall clock went back by a millisecond or more.
    #[must_use]
    pub const fn steps_back(&self) -> u64 {
        self.steps_back
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND_NS: i64 = 1_000_000_000;

    fn at_zero() -> Clock {
        let mut clock = Clock::new(0);
        (clock.anchor_ts_ns, clock.anchor_elapsed_ns) = (1_000 * SECOND_NS, 0);
        clock.seen_ns = 1_000 * SECOND_NS;
        clock
    }

    #[test]
    fn a_wall_clock_ahead_is_followed_at_once() {
        let mut clock = at_zero();
        clock.correct_to(SECOND_NS, 1_500 * SECOND_NS);
        assert_eq!(clock.at(SECOND_NS), 1_500 * SECOND_NS);
        assert_eq!((clock.steps_forward(), clock.steps_back()), (1, 0));
    }

    #[test]
    fn a_wall_clock_that_goes_back_is_waited_for_and_counted_once() {
        let mut clock = at_zero();
        let mut shown = clock.at(0);
        for second in 1..=3_000 {
            // An hour back, at the first look.
            clock.correct_to(second * SECOND_NS, (1_000 + second - 3_600) * SECOND_NS);
            assert!(clock.at(second * SECOND_NS) > shown, "time goes on");
            shown = clock.at(second * SECOND_NS);
        }
        assert_eq!((clock.steps_forward(), clock.steps_back()), (0, 1));
        let slower = 3_000 * SECOND_NS - (shown - 1_000 * SECOND_NS);
        assert!((1_400_000_000..1_600_000_000).contains(&slower), "500 in a million: {slower}");
    }

    #[test]
    fn it_starts_no_earlier_than_the_last_entry() {
        let floor = i64::MAX / 2;
        assert!(Clock::new(floor).at(0) >= floor);
    }
}
