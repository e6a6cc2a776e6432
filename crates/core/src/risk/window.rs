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

/// A sum over a sliding window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rolling {
    /// Number of the part being filled: time divided by the parts' length.
    newest: i64,
    total: i64,
    parts: [i64; PARTS],
}

/// The place of a part in its ring, and how many parts went by since `newest`.
#[inline]
fn moved(newest: i64, now: TsNs, window_ns: i64) -> (i64, i64) {
    let part = now.div_euclid((window_ns.saturating_add(PARTS_I64 - 2) / (PARTS_I64 - 1)).max(1));
    (part, part.saturating_sub(newest).max(0))
}

#[inline]
const fn place(part: i64) -> usize {
    part.rem_euclid(PARTS_I64) as usize
}

impl Rolling {
    #[inline]
    fn advance(&mut self, now: TsNs, window_ns: i64) {
        let (part, steps) = moved(self.newest, now, window_ns);
        if steps == 0 {
            return;
        }
        if steps >= PARTS_I64 {
            self.parts = [0; PARTS];
            self.total = 0;
        } else {
            for at in self.newest + 1..=part {
                self.total -= self.parts[place(at)];
                self.parts[place(at)] = 0;
            }
        }
        self.newest = part;
    }

    /// The sum over the window that ends now.
    #[inline]
    pub(super) fn sum(&mut self, now: TsNs, window_ns: i64) -> i64 {
        self.advance(now, window_ns);
        self.total
    }

    /// Adds to the sum.
    #[inline]
    pub(super) fn add(&mut self, now: TsNs, window_ns: i64, amount: i64) {
        self.advance(now, window_ns);
        let part = &mut self.parts[place(self.newest)];
        let sum = part.saturating_add(amount);
        self.total = self.total.saturating_add(sum - *part);
        *part = sum;
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_i64(out, self.newest);
        self.parts.iter().for_each(|&part| write_i64(out, part));
    }

    pub(super) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let mut restored = Self { newest: read_i64(bytes)?, ..Self::default() };
        for part in &mut restored.parts {
            *part = read_i64(bytes)?;
            restored.total = restored.total.saturating_add(*part);
        }
        Ok(restored)
    }
}

/// Lowest and highest value over a sliding window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extremes {
    newest: i64,
    lowest: [i64; PARTS],
    highest: [i64; PARTS],
}

impl Default for Extremes {
    fn default() -> Self {
        Self { newest: 0, lowest: [i64::MAX; PARTS], highest: [i64::MIN; PARTS] }
    }
}

impl Extremes {
    fn advance(&mut self, now: TsNs, window_ns: i64) {
        let (part, steps) = moved(self.newest, now, window_ns);
        for at in part.saturating_sub(steps.min(PARTS_I64) - 1)..=part {
            if steps > 0 {
                self.lowest[place(at)] = i64::MAX;
                self.highest[place(at)] = i64::MIN;
            }
        }
        self.newest = self.newest.max(part);
    }

    /// Lowest and highest value of the window that ends now; `(MAX, MIN)` when there is none.
    pub(super) fn range(&mut self, now: TsNs, window_ns: i64) -> (i64, i64) {
        self.advance(now, window_ns);
        let lowest = self.lowest.iter().fold(i64::MAX, |found, &value| found.min(value));
        (lowest, self.highest.iter().fold(i64::MIN, |found, &value| found.max(value)))
    }

    /// Takes in a value.
    pub(super) fn add(&mut self, now: TsNs, window_ns: i64, value: i64) {
        self.advance(now, window_ns);
        let at = place(self.newest);
        self.lowest[at] = self.lowest[at].min(value);
        self.highest[at] = self.highest[at].max(value);
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        hasher.signed(self.newest);
        self.lowest.iter().chain(&self.highest).for_each(|&value| hasher.signed(value));
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        write_i64(out, self.newest);
        self.lowest.iter().chain(&self.highest).for_each(|&value| write_i64(out, value));
    }

    pub(super) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let mut restored = Self { newest: read_i64(bytes)?, ..Self::default() };
        for value in restored.lowest.iter_mut().chain(&mut restored.highest) {
            *value = read_i64(bytes)?;
        }
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
