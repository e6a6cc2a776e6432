// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! From a number to a slot: a table of fixed size, never moved, for numbers that mostly count up.

use crate::hash::mix;

/// The slot of nothing.
pub const NO_SLOT: u32 = u32::MAX;

/// Slots by key: open addressing with linear probing, at most half full.
#[derive(Clone, Debug)]
pub struct NumberTable {
    /// Key, and slot; slot `NO_SLOT` where nothing is.
    places: Vec<(u64, u32)>,
    mask: usize,
    used: usize,
}

impl NumberTable {
    /// Room for `numbers_max` numbers.
    #[must_use]
    pub fn new(numbers_max: u32) -> Self {
        let size = (numbers_max as usize * 2).next_power_of_two().max(16);
        Self { places: vec![(0, NO_SLOT); size], mask: size - 1, used: 0 }
    }

    /// Eight numbers in a row share a home of two cache lines: a client counts up.
    #[inline]
    fn home(&self, key: u64) -> usize {
        (mix(key >> 3) << 3 | key & 7) as usize & self.mask
    }

    /// Where a key stands, or the free place where it would.
    #[inline]
    fn place(&self, key: u64) -> usize {
        let mut at = self.home(key);
        while self.places[at].1 != NO_SLOT && self.places[at].0 != key {
            at = (at + 1) & self.mask;
        }
        at
    }

    /// The slot of a number.
    #[inline]
    #[must_use]
    pub fn find(&self, key: u64) -> Option<u32> {
        let slot = self.places[self.place(key)].1;
        (slot != NO_SLOT).then_some(slot)
    }

    /// Remembers a number's slot; false when the table is full.
    #[inline]
    pub fn insert(&mut self, key: u64, slot: u32) -> bool {
        let at = self.place(key);
        if self.places[at].1 == NO_SLOT {
            if self.used > self.mask / 2 {
                return false;
            }
            self.used += 1;
        }
        self.places[at] = (key, slot);
        true
    }

    /// Forgets a number, and closes the gap that it leaves.
    #[inline]
    pub fn remove(&mut self, key: u64) {
        let mut gap = self.place(key);
        if self.places[gap].1 == NO_SLOT {
            return;
        }
        self.used -= 1;
        let mut at = gap;
        loop {
            at = (at + 1) & self.mask;
            let (key, slot) = self.places[at];
            if slot == NO_SLOT {
                break;
            }
            let from_home = at.wrapping_sub(self.home(key)) & self.mask;
            if from_home >= at.wrapping_sub(gap) & self.mask {
                self.places[gap] = (key, slot);
                gap = at;
            }
        }
        self.places[gap] = (0, NO_SLOT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_until_they_are_removed_whatever_else_is() {
        let mut names = NumberTable::new(64);
        let mut live = std::collections::BTreeMap::new();
        let mut random = 7;
        for step in 0..20_000_u32 {
            random = mix(random);
            let key = ((random % 3) << 32) | ((random >> 8) % 50);
            if random >> 40 & 1 == 0 && live.len() < 60 {
                assert!(names.insert(key, step));
                live.insert(key, step);
            } else {
                names.remove(key);
                live.remove(&key);
            }
            for (&key, &slot) in &live {
                assert_eq!(names.find(key), Some(slot), "step {step}");
            }
            assert_eq!(names.used, live.len());
        }
    }
}
