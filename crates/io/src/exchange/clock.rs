// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange's time: the wall clock's, but it never goes back, and believes no sudden leap.
//!
//! Between two looks at the wall clock time goes on as the monotonic clock does. A wall clock found
//! ahead is followed at once if it is a second or less; further ahead, once it has been so for ten
//! seconds: until then time goes on by itself, so that a clock that leaps and comes back changes
//! nothing. One found behind is waited for, slowly: ours then runs 500 parts in a million slower, so
//! that a step back disturbs no throttle and no timer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// How much slower time runs while it waits for the wall clock: one part in so many.
const SLOWER_PART: i64 = 2_000;
/// Steps from here on are counted.
const STEP_NS: i64 = 1_000_000;
/// What the wall clock may be ahead and be followed at once.
const LEAP_NS: i64 = 1_000_000_000;
/// How long a leap must stand before it is followed.
const STANDS_NS: i64 = 10_000_000_000;
/// A look at both clocks that took longer is done again, so many times.
const LOOK_NS: i64 = 200_000;
const LOOKS_MAX: usize = 5;
/// Warnings that are kept until somebody reads them.
const NOTICES_MAX: usize = 64;

/// Where the wall clock's time comes from: nanoseconds since the Unix epoch.
pub type WallClock = fn() -> i64;

/// The system's wall clock.
#[must_use]
pub fn system_clock() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => -i64::try_from(before.duration().as_nanos()).unwrap_or(i64::MAX),
    }
}

/// Warnings for people, for any thread to read; the oldest are dropped when nobody does.
#[derive(Clone, Debug, Default)]
pub struct Notices(Arc<Mutex<VecDeque<String>>>);

impl Notices {
    /// Those that came since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect()
    }

    pub(crate) fn say(&self, text: String) {
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.len() == NOTICES_MAX {
            notices.pop_front();
        }
        notices.push_back(text);
    }
}

/// A leap ahead that is not followed yet.
#[derive(Clone, Copy, Debug)]
struct Leap {
    since_ns: i64,
    ahead_ns: i64,
}

/// The clock.
#[derive(Debug)]
pub struct Clock {
    wall: WallClock,
    started: Instant,
    /// Time at `started` plus `anchor_elapsed_ns`.
    anchor_ts_ns: i64,
    anchor_elapsed_ns: i64,
    /// What the wall clock showed at the last look.
    seen_ns: i64,
    leap: Option<Leap>,
    steps_forward: u64,
    steps_back: u64,
    notices: Notices,
}

/// A time in seconds, for people.
fn seconds(span_ns: i64) -> String {
    let span_ns = span_ns.saturating_add(500_000);
    format!("{}.{:03} s", span_ns / 1_000_000_000, span_ns / 1_000_000 % 1_000)
}

impl Clock {
    /// A clock that never shows less than `floor_ts_ns`.
    #[must_use]
    pub fn new(floor_ts_ns: i64, wall: WallClock) -> Self {
        let seen_ns = wall();
        let notices = Notices::default();
        let ahead_ns = floor_ts_ns.saturating_sub(seen_ns);
        if ahead_ns > LEAP_NS {
            notices.say(format!(
                "the journal's last entry is {} ahead of the wall clock: time goes on from there, \
                 500 parts in a million slower until the wall clock has caught up; if that one is \
                 right, FIX clients that go by it may be refused",
                seconds(ahead_ns)
            ));
        }
        Self {
            wall,
            started: Instant::now(),
            anchor_ts_ns: seen_ns.max(floor_ts_ns),
            anchor_elapsed_ns: 0,
            seen_ns,
            leap: None,
            steps_forward: 0,
            steps_back: 0,
            notices,
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
        let (elapsed_ns, wall_ns) = self.look();
        self.correct_to(elapsed_ns, wall_ns);
    }

    /// Both clocks at one moment; a thread that was put aside in between looks again.
    fn look(&self) -> (i64, i64) {
        let mut before_ns = self.elapsed_ns();
        for _ in 1..LOOKS_MAX {
            let wall_ns = (self.wall)();
            let after_ns = self.elapsed_ns();
            if after_ns - before_ns <= LOOK_NS {
                return (before_ns, wall_ns);
            }
            before_ns = after_ns;
        }
        (before_ns, (self.wall)())
    }

    fn correct_to(&mut self, elapsed_ns: i64, wall_ns: i64) {
        let shown_ns = self.at(elapsed_ns);
        let passed_ns = elapsed_ns.saturating_sub(self.anchor_elapsed_ns).max(0);
        let stepped_ns = wall_ns.saturating_sub(self.seen_ns).saturating_sub(passed_ns);
        let ahead_ns = shown_ns.saturating_sub(wall_ns);
        self.leap = self.leap_at(elapsed_ns, ahead_ns.saturating_neg());
        self.note_step(stepped_ns, ahead_ns);
        self.anchor_ts_ns = match self.leap {
            Some(Leap { since_ns, ahead_ns }) if elapsed_ns - since_ns >= STANDS_NS => {
                self.leap = None;
                let ahead = seconds(ahead_ns);
                self.notices.say(format!(
                    "the wall clock has stood {ahead} ahead for 10 s: time is put forward to it"
                ));
                wall_ns
            }
            Some(_) => shown_ns,
            None => shown_ns - ahead_ns.min(passed_ns / SLOWER_PART),
        };
        self.anchor_elapsed_ns = elapsed_ns;
        self.seen_ns = wall_ns;
    }

    /// The leap that stands now: the one that is known, or one that begins; another one begins anew.
    fn leap_at(&self, elapsed_ns: i64, ahead_ns: i64) -> Option<Leap> {
        let known = self.leap.filter(|leap| leap.ahead_ns.abs_diff(ahead_ns) <= LEAP_NS as u64);
        (ahead_ns > LEAP_NS).then(|| known.unwrap_or(Leap { since_ns: elapsed_ns, ahead_ns }))
    }

    /// Counts a step of the wall clock, and warns of it.
    fn note_step(&mut self, stepped_ns: i64, ahead_ns: i64) {
        if stepped_ns.abs() <= STEP_NS {
            return;
        }
        let (way, consequence) = if stepped_ns > 0 {
            self.steps_forward += 1;
            match (self.leap.is_some(), ahead_ns > STEP_NS) {
                (true, _) => ("forward", "it is followed once it has stood for 10 s".to_owned()),
                (false, false) => ("forward", "it is followed".to_owned()),
                (false, true) => ("forward", format!("it is still {} behind", seconds(ahead_ns))),
            }
        } else {
            self.steps_back += 1;
            let text = if ahead_ns > STEP_NS {
                let ahead = seconds(ahead_ns);
                format!("time is {ahead} ahead of it, and runs 500 parts in a million slower")
            } else {
                "it had not been followed, and nothing changes".to_owned()
            };
            ("back", text)
        };
        let by = seconds(stepped_ns.saturating_abs());
        self.notices.say(format!("the wall clock stepped {way} by {by}: {consequence}"));
    }

    /// How often the wall clock went ahead by more than a millisecond.
    #[must_use]
    pub const fn steps_forward(&self) -> u64 {
        self.steps_forward
    }

    /// How often the wall clock went back by more than a millisecond.
    #[must_use]
    pub const fn steps_back(&self) -> u64 {
        self.steps_back
    }

    /// How far time was ahead of the wall clock at the last look; less than 0: behind it.
    #[must_use]
    pub const fn ahead_ns(&self) -> i64 {
        self.at(self.anchor_elapsed_ns).saturating_sub(self.seen_ns)
    }

    /// Warnings, for any thread.
    #[must_use]
    pub const fn notices(&self) -> &Notices {
        &self.notices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND_NS: i64 = 1_000_000_000;

    fn at_zero() -> Clock {
        let mut clock = Clock::new(0, system_clock);
        (clock.anchor_ts_ns, clock.anchor_elapsed_ns) = (1_000 * SECOND_NS, 0);
        clock.seen_ns = 1_000 * SECOND_NS;
        clock
    }

    /// What the clock shows after each of its looks, ten a second, while the wall clock is `ahead`.
    fn shown(clock: &mut Clock, tenths: std::ops::Range<i64>, ahead_ns: i64) -> Vec<i64> {
        let mut shown = Vec::new();
        for elapsed_ns in tenths.map(|tenth| tenth * SECOND_NS / 10) {
            clock.correct_to(elapsed_ns, 1_000 * SECOND_NS + elapsed_ns + ahead_ns);
            shown.push(clock.at(elapsed_ns) - 1_000 * SECOND_NS - elapsed_ns);
        }
        shown
    }

    #[test]
    fn a_wall_clock_a_little_ahead_is_followed_at_once() {
        let mut clock = at_zero();
        assert_eq!(shown(&mut clock, 1..3, SECOND_NS), [SECOND_NS; 2]);
        assert_eq!((clock.steps_forward(), clock.steps_back()), (1, 0));
        let told = clock.notices().take();
        assert_eq!(told, ["the wall clock stepped forward by 1.000 s: it is followed"]);
    }

    #[test]
    fn a_leap_that_is_taken_back_changes_nothing() {
        let mut clock = at_zero();
        assert_eq!(shown(&mut clock, 1..90, 3_600 * SECOND_NS), [0; 89]);
        assert_eq!(clock.ahead_ns(), -3_600 * SECOND_NS);
        assert_eq!(shown(&mut clock, 90..400, 0), [0; 310]);
        assert_eq!((clock.steps_forward(), clock.steps_back()), (1, 1));
        let told = clock.notices().take();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("forward by 3600.000 s: it is followed once"), "{told:?}");
        assert!(told[1].contains("back by 3600.000 s: it had not been followed"), "{told:?}");
    }

    #[test]
    fn a_leap_that_stands_is_followed_after_ten_seconds_and_another_one_begins_anew() {
        let mut clock = at_zero();
        assert_eq!(shown(&mut clock, 10..100, 3_600 * SECOND_NS), [0; 90]);
        let day_ns = 86_400 * SECOND_NS;
        let shown = shown(&mut clock, 100..210, day_ns);
        assert_eq!(shown[..100], [0; 100]);
        assert_eq!(shown[100..], [day_ns; 10]);
        assert_eq!((clock.steps_forward(), clock.steps_back()), (2, 0));
        assert_eq!(clock.notices().take().len(), 3);
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
        assert_eq!(clock.notices().take().len(), 1);
    }

    #[test]
    fn it_starts_no_earlier_than_the_last_entry_and_warns_if_that_is_ahead() {
        let floor = system_clock() + 3_600 * SECOND_NS;
        let clock = Clock::new(floor, system_clock);
        assert!(clock.at(0) >= floor);
        let told = clock.notices().take();
        assert!(told[0].starts_with("the journal's last entry is 3"), "{told:?}");
        let clock = Clock::new(system_clock() - SECOND_NS, system_clock);
        assert_eq!(clock.notices().take(), Vec::<String>::new());
    }

    #[test]
    fn warnings_that_nobody_reads_are_few() {
        let notices = Notices::default();
        (0..100).for_each(|number| notices.say(number.to_string()));
        let told = notices.take();
        assert_eq!((told.len(), told[0].as_str()), (NOTICES_MAX, "36"));
        assert_eq!(notices.take(), Vec::<String>::new());
    }
}
