// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Sums and extremes over a sliding window, in a fixed amount of memory.
//!
//! The window is cut into parts; what is older than the window but in a part that touches it still
//! counts. So a count is never too low: a limit on it may refuse up to a sixteenth of the window
//! early, never late.

use crate::component::SnapshotError;
use crate::hash::StateHasher;
use crate::snapshot::{read_i64, write_i64};
use crate::types::TsNs;

/// Parts that a window is cut into, and the one being filled.
const PARTS: usize = 17;
const PARTS_I64: i64 = 17;

/// Which part of a window is being filled. Where it still is, no division is needed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Clock {
    /// Length of a part; 0 before the first use.
    part_ns: i64,
    /// Number of the part being filled: time divided by the parts' length.
    newest: i64,
    /// When the next part begins.
    until: TsNs,
}

/// How a window's parts have to move.
enum Turn {
    /// The window has another length: all that is in it counts as new.
    Rescaled,
    /// So many parts went by.
    Steps(i64),
}

#[inline]
const fn part_of(window_ns: i64) -> i64 {
    let part_ns = window_ns.saturating_add(PARTS_I64 - 2) / (PARTS_I64 - 1);
    if part_ns < 1 { 1 } else { part_ns }
}

#[inline]
const fn place(part: i64) -> usize {
    part.rem_euclid(PARTS_I64) as usize
}

impl Clock {
    #[inline]
    const fn is_current(&self, now: TsNs, part_ns: i64) -> bool {
        self.part_ns == part_ns && now < self.until
    }

    #[cold]
    fn turn(&mut self, now: TsNs, part_ns: i64) -> Turn {
        let newest = now.div_euclid(part_ns);
        let is_rescaled = self.part_ns != part_ns;
        let steps = newest.saturating_sub(self.newest).max(0);
        let until = newest.saturating_add(1).saturating_mul(part_ns);
        *self = Self { part_ns, newest, until };
        if is_rescaled { Turn::Rescaled } else { Turn::Steps(steps) }
    }

    /// The parts that `steps` emptied, newest last.
    fn emptied(&self, steps: i64) -> impl Iterator<Item = usize> {
        (self.newest - steps.min(PARTS_I64) + 1..=self.newest).map(place)
    }

    fn save(&self, out: &mut Vec<u8>) {
        write_i64(out, self.part_ns);
        write_i64(out, self.newest);
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let (part_ns, newest) = (read_i64(bytes)?, read_i64(bytes)?);
        let until = if part_ns == 0 { 0 } else { newest.saturating_add(1).saturating_mul(part_ns) };
        Ok(Self { part_ns, newest, until })
    }
}

/// A sum over a sliding window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rolling {
    clock: Clock,
    total: i64,
    at: usize,
    parts: [i64; PARTS],
}

impl Rolling {
    #[inline]
    fn advance(&mut self, now: TsNs, window_ns: i64) {
        let part_ns = part_of(window_ns);
        if !self.clock.is_current(now, part_ns) {
            self.turn(now, part_ns);
        }
    }

    #[cold]
    fn turn(&mut self, now: TsNs, part_ns: i64) {
        let turn = self.clock.turn(now, part_ns);
        self.at = place(self.clock.newest);
        match turn {
            Turn::Rescaled => {
                self.parts = [0; PARTS];
                self.parts[self.at] = self.total;
            }
            Turn::Steps(steps) => {
                for at in self.clock.emptied(steps) {
                    self.total -= self.parts[at];
                    self.parts[at] = 0;
                }
            }
        }
    }

    /// What it holds as it was last looked at: never less than the sum now, of what is not negative.
    #[inline]
    pub(super) const fn held(&self) -> i64 {
        self.total
    }

    /// Whether [`Self::held`] is the sum now.
    #[inline]
    pub(super) const fn is_current(&self, now: TsNs, window_ns: i64) -> bool {
        self.clock.is_current(now, part_of(window_ns))
    }

    /// The sum over the window that ends now.
    #[inline]
    pub(crate) fn sum(&mut self, now: TsNs, window_ns: i64) -> i64 {
        self.advance(now, window_ns);
        self.total
    }

    /// Adds to the sum.
    #[inline]
    pub(crate) fn add(&mut self, now: TsNs, window_ns: i64, amount: i64) {
        self.advance(now, window_ns);
        let part = &mut self.parts[self.at];
        let sum = part.saturating_add(amount);
        self.total = self.total.saturating_add(sum - *part);
        *part = sum;
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.clock.save(out);
        self.parts.iter().for_each(|&part| write_i64(out, part));
    }

    pub(crate) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let clock = Clock::restore(bytes)?;
        let mut restored = Self { clock, at: place(clock.newest), ..Self::default() };
        for part in &mut restored.parts {
            *part = read_i64(bytes)?;
            restored.total = restored.total.saturating_add(*part);
        }
        Ok(restored)
    }
}

/// Lowest and highest value over a sliding window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Extremes {
    clock: Clock,
    /// Over all parts.
    range: (i64, i64),
    at: usize,
    lowest: [i64; PARTS],
    highest: [i64; PARTS],
}

/// The range of nothing.
const EMPTY: (i64, i64) = (i64::MAX, i64::MIN);

impl Default for Extremes {
    fn default() -> Self {
        Self {
            clock: Clock::default(),
            range: EMPTY,
            at: 0,
            lowest: [EMPTY.0; PARTS],
            highest: [EMPTY.1; PARTS],
        }
    }
}

impl Extremes {
    #[inline]
    fn advance(&mut self, now: TsNs, window_ns: i64) {
        let part_ns = part_of(window_ns);
        if !self.clock.is_current(now, part_ns) {
            self.turn(now, part_ns);
        }
    }

    #[cold]
    fn turn(&mut self, now: TsNs, part_ns: i64) {
        let turn = self.clock.turn(now, part_ns);
        self.at = place(self.clock.newest);
        match turn {
            Turn::Rescaled => {
                (self.lowest, self.highest) = ([EMPTY.0; PARTS], [EMPTY.1; PARTS]);
                (self.lowest[self.at], self.highest[self.at]) = self.range;
            }
            Turn::Steps(steps) => {
                for at in self.clock.emptied(steps) {
                    (self.lowest[at], self.highest[at]) = EMPTY;
                }
                self.measure();
            }
        }
    }

    fn measure(&mut self) {
        let lowest = self.lowest.iter().fold(EMPTY.0, |found, &value| found.min(value));
        let highest = self.highest.iter().fold(EMPTY.1, |found, &value| found.max(value));
        self.range = (lowest, highest);
    }

    /// What it holds as it was last looked at: never narrower than the range now.
    #[inline]
    pub(super) const fn held(&self) -> (i64, i64) {
        self.range
    }

    /// Lowest and highest value of the window that ends now; `(MAX, MIN)` when there is none.
    #[inline]
    pub(crate) fn range(&mut self, now: TsNs, window_ns: i64) -> (i64, i64) {
        self.advance(now, window_ns);
        self.range
    }

    /// Takes in a value.
    #[inline]
    pub(crate) fn add(&mut self, now: TsNs, window_ns: i64, value: i64) {
        self.advance(now, window_ns);
        self.lowest[self.at] = self.lowest[self.at].min(value);
        self.highest[self.at] = self.highest[self.at].max(value);
        self.range = (self.range.0.min(value), self.range.1.max(value));
    }

    pub(crate) fn hash_into(&self, hasher: &mut StateHasher) {
        hasher.signed(self.clock.part_ns);
        hasher.signed(self.clock.newest);
        self.lowest.iter().chain(&self.highest).for_each(|&value| hasher.signed(value));
    }

    pub(crate) fn save(&self, out: &mut Vec<u8>) {
        self.clock.save(out);
        self.lowest.iter().chain(&self.highest).for_each(|&value| write_i64(out, value));
    }

    pub(crate) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let clock = Clock::restore(bytes)?;
        let mut restored = Self { clock, at: place(clock.newest), ..Self::default() };
        for value in restored.lowest.iter_mut().chain(&mut restored.highest) {
            *value = read_i64(bytes)?;
        }
        restored.measure();
        Ok(restored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: i64 = 1_600;

    #[test]
    fn a_sum_is_never_below_the_exact_one_nor_above_that_of_a_part_more() {
        let mut seen: Vec<(i64, i64)> = Vec::new();
        let (mut rolling, mut extremes, mut now) =
            (Rolling::default(), Extremes::default(), 10_000);
        for step in 0..5_000_u64 {
            now += (crate::hash::mix(step) % 300).cast_signed();
            let amount = (crate::hash::mix(step ^ 7) % 9).cast_signed();
            seen.push((now, amount));
            rolling.add(now, WINDOW, amount);
            extremes.add(now, WINDOW, amount);
            let within = |length: i64| seen.iter().filter(move |(at, _)| now - at < length);
            let exact: i64 = within(WINDOW).map(|(_, amount)| amount).sum();
            let longer: i64 = within(WINDOW + WINDOW / 16).map(|(_, amount)| amount).sum();
            let sum = rolling.sum(now, WINDOW);
            assert!(exact <= sum && sum <= longer, "{exact} {sum} {longer}");
            let (lowest, highest) = extremes.range(now, WINDOW);
            assert!(within(WINDOW).all(|(_, value)| (lowest..=highest).contains(value)));
            assert!(within(WINDOW + WINDOW / 16).any(|&(_, value)| value == lowest));
        }
    }

    #[test]
    fn a_window_of_another_length_forgets_nothing_at_once_and_everything_in_time() {
        for other in [WINDOW / 10, WINDOW * 10] {
            let (mut rolling, mut extremes) = (Rolling::default(), Extremes::default());
            rolling.add(5_000, WINDOW, 7);
            extremes.add(5_000, WINDOW, 7);
            assert_eq!(rolling.sum(5_000, other), 7);
            assert_eq!(extremes.range(5_000, other), (7, 7));
            assert_eq!(rolling.sum(5_000 + 2 * other, other), 0);
            assert_eq!(extremes.range(5_000 + 2 * other, other), EMPTY);
        }
    }

    #[test]
    fn a_snapshot_brings_them_back() {
        let (mut rolling, mut extremes) = (Rolling::default(), Extremes::default());
        rolling.add(5, WINDOW, 3);
        extremes.add(5, WINDOW, -3);
        let mut bytes = Vec::new();
        rolling.save(&mut bytes);
        extremes.save(&mut bytes);
        let mut rest = bytes.as_slice();
        assert_eq!(Rolling::restore(&mut rest), Ok(rolling));
        assert_eq!(Extremes::restore(&mut rest), Ok(extremes));
        assert!(Rolling::restore(&mut rest).is_err());
    }
}
