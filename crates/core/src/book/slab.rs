// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Records named by 32-bit numbers, from memory taken at start. 0 names none.
//!
//! The last number given back is the first given out again, so the hot records stay few.

/// No record.
pub(super) const NONE: u32 = 0;

/// Up to `max` records of one kind.
#[derive(Debug)]
pub(super) struct Slab<T> {
    items: Vec<T>,
    free: Vec<u32>,
    max: usize,
}

impl<T: Copy + Default> Slab<T> {
    /// Room for `max` records; pages are committed as they are first used.
    pub(super) fn new(max: u32) -> Self {
        let max = max as usize;
        let mut items = Vec::with_capacity(max + 1);
        items.push(T::default());
        Self { items, free: Vec::with_capacity(max), max }
    }

    /// Takes a record in; `None` when full.
    #[inline]
    pub(super) fn take(&mut self, item: T) -> Option<u32> {
        if let Some(index) = self.free.pop() {
            self.items[index as usize] = item;
            return Some(index);
        }
        let index = self.items.len();
        if index > self.max {
            return None;
        }
        self.items.push(item);
        Some(index as u32)
    }

    /// Gives a record back.
    #[inline]
    pub(super) fn give_back(&mut self, index: u32) {
        self.free.push(index);
    }

    /// How many records are in use.
    #[inline]
    pub(super) fn used(&self) -> u32 {
        (self.items.len() - 1 - self.free.len()) as u32
    }

    /// Forgets all records.
    pub(super) fn clear(&mut self) {
        self.items.truncate(1);
        self.free.clear();
    }

    #[inline]
    pub(super) fn at(&self, index: u32) -> &T {
        &self.items[index as usize]
    }

    #[inline]
    pub(super) fn at_mut(&mut self, index: u32) -> &mut T {
        &mut self.items[index as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_last_in_first_out_and_end_at_the_limit() {
        let mut slab: Slab<u64> = Slab::new(3);
        assert_eq!([7, 8, 9, 10].map(|item| slab.take(item)), [Some(1), Some(2), Some(3), None]);
        slab.give_back(1);
        slab.give_back(3);
        assert_eq!(slab.used(), 1);
        assert_eq!([slab.take(5), slab.take(6), slab.take(7)], [Some(3), Some(1), None]);
        assert_eq!([*slab.at(1), *slab.at(2), *slab.at(3)], [6, 8, 5]);
        slab.clear();
        assert_eq!((slab.used(), slab.take(4)), (0, Some(1)));
    }
}
