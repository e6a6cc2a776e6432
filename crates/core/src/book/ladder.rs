// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Price levels of one side of one instrument, best first.
//!
//! ```text
//!  key   = price for bids, -price for asks: higher is better on both sides
//!  index = key / step, when exact
//!  window: W slots, slot = index mod W, from base (a multiple of 64) to base + W;
//!          a bit for each slot that holds a level, a summary bit for each word of bits
//!  far:    a sorted tree of the levels outside the window or off the step
//! ```
//!
//! A level keeps its number while it lives; only where it is found from changes. Where a level stands
//! never shows: the same calls give the same answers wherever the window is.

use super::orders::Level;
use super::slab::{NONE, Slab};
use super::tree::Trees;
use crate::types::Ticks;

/// Prices stand between minus this and this, so that no arithmetic on them overflows.
pub(super) const PRICE_MAX: Ticks = 1 << 61;
/// Below every key.
const KEY_NONE: i64 = i64::MIN;
/// How many levels a recentring may move for one visit to the tree that it would have saved.
const RECENTRE_LEVELS_PER_MISS: u32 = 8;

/// What is known of one ladder: one cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Ladder {
    /// Key of the best level, or [`KEY_NONE`].
    best_key: i64,
    /// First index of the window.
    base: i64,
    /// Bit `(index / 64) mod 64`: that word of bits is not zero.
    summary: u64,
    /// Key of the best far level, or [`KEY_NONE`].
    far_best_key: i64,
    /// `2^63 / step + 1`: multiplies instead of dividing.
    reciprocal: u64,
    /// Price step of the window, 1 to 2^31 - 1; 0: the instrument is not defined.
    step: u32,
    /// The best level.
    best: u32,
    far_root: u32,
    window_levels: u32,
    far_levels: u32,
    /// Visits to the tree that a window in a better place would have saved.
    misses: u32,
}

const _: () = assert!(size_of::<Ladder>() == 64);

impl Ladder {
    const UNDEFINED: Self = Self {
        best_key: KEY_NONE,
        base: 0,
        summary: 0,
        far_best_key: KEY_NONE,
        reciprocal: 0,
        step: 0,
        best: NONE,
        far_root: NONE,
        window_levels: 0,
        far_levels: 0,
        misses: 0,
    };

    fn defined(step: u32) -> Self {
        Self { step, reciprocal: (1 << 63) / u64::from(step) + 1, ..Self::UNDEFINED }
    }

    /// `key / step` towards zero, and whether that is exact.
    ///
    /// Below 2^32 by reciprocal: `reciprocal * step` exceeds 2^63 by at most `step`, below 2^31, so
    /// the product is off by less than one part in `step`.
    #[inline]
    fn index_near(&self, key: i64) -> (i64, bool) {
        let magnitude = key.unsigned_abs();
        let quotient = if u32::try_from(magnitude).is_ok() {
            ((u128::from(magnitude) * u128::from(self.reciprocal)) >> 63) as u64
        } else {
            magnitude / u64::from(self.step)
        };
        let exact = quotient * u64::from(self.step) == magnitude;
        let index = quotient.cast_signed();
        (if key < 0 { -index } else { index }, exact)
    }
}

/// All ladders, and the levels on them.
#[derive(Debug)]
pub(super) struct Ladders {
    pub(super) levels: Slab<Level>,
    all: Vec<Ladder>,
    slots: Vec<u32>,
    words: Vec<u64>,
    far: Trees,
    width: u32,
}

/// Which ladder: instrument times two, plus the side's index.
type LadderId = u32;

#[inline]
const fn key_of(ladder: LadderId, price: Ticks) -> i64 {
    if ladder & 1 == 0 { price } else { -price }
}

impl Ladders {
    pub(super) fn new(orders_max: u32, instruments_max: u32, window_levels: u32) -> Self {
        let width = window_levels.min(4_096).next_power_of_two().max(256);
        let count = (instruments_max as usize + 1) * 2;
        let slots = count * width as usize;
        Self {
            // One more: a replaced order's new level is made before its old one goes.
            levels: Slab::new(orders_max + 1),
            all: vec![Ladder::UNDEFINED; count],
            slots: vec![NONE; slots],
            words: vec![0; slots / 64],
            far: Trees::new(orders_max + 1),
            width,
        }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.levels.clear();
        self.all.fill(Ladder::UNDEFINED);
        self.slots.fill(NONE);
        self.words.fill(0);
        self.far.clear();
    }

    /// How many instruments fit.
    pub(super) fn instruments_max(&self) -> u32 {
        (self.all.len() / 2 - 1) as u32
    }

    /// Price step of a ladder; 0 when it is not defined or there is none of that number.
    #[inline]
    pub(super) fn step(&self, ladder: LadderId) -> u32 {
        self.all.get(ladder as usize).map_or(0, |ladder| ladder.step)
    }

    /// Defines a ladder, empty.
    pub(super) fn define(&mut self, ladder: LadderId, step: u32) {
        self.all[ladder as usize] = Ladder::defined(step);
    }

    /// The best level, or [`NONE`].
    #[inline]
    pub(super) fn best(&self, ladder: LadderId) -> u32 {
        self.all[ladder as usize].best
    }

    /// The best price, without a look at its level.
    #[inline]
    pub(super) fn best_price(&self, ladder: LadderId) -> Option<Ticks> {
        let key = self.all[ladder as usize].best_key;
        let price = if ladder & 1 == 0 { key } else { key.wrapping_neg() };
        (key != KEY_NONE).then_some(price)
    }

    #[inline]
    fn slot(&self, ladder: LadderId, index: i64) -> usize {
        let within = index.cast_unsigned() as u32 & (self.width - 1);
        ladder as usize * self.width as usize + within as usize
    }

    #[inline]
    fn word(&self, ladder: LadderId, index: i64) -> usize {
        self.slot(ladder, index) / 64
    }

    /// Whether `index` is in the window of `ladder`.
    #[inline]
    fn in_window(&self, ladder: &Ladder, index: i64) -> bool {
        (index.wrapping_sub(ladder.base)).cast_unsigned() < u64::from(self.width)
    }

    /// The level at a price, or [`NONE`].
    #[inline]
    pub(super) fn find(&self, id: LadderId, price: Ticks) -> u32 {
        let ladder = &self.all[id as usize];
        let key = key_of(id, price);
        if key == ladder.best_key {
            return ladder.best;
        }
        let (index, exact) = ladder.index_near(key);
        if exact && self.in_window(ladder, index) {
            return self.slots[self.slot(id, index)];
        }
        self.far.get(ladder.far_root, key).unwrap_or(NONE)
    }

    /// The level in the window's slot for a price: most often that price's.
    #[inline]
    pub(super) fn glance(&self, id: LadderId, price: Ticks) -> u32 {
        let Some(ladder) = self.all.get(id as usize) else { return NONE };
        if ladder.step == 0 || !(-PRICE_MAX..=PRICE_MAX).contains(&price) {
            return NONE;
        }
        let (index, _) = ladder.index_near(key_of(id, price));
        self.slots[self.slot(id, index)]
    }

    /// The level at a price, made when there is none; `None` when there is no room for it.
    #[inline]
    pub(super) fn find_or_make(&mut self, id: LadderId, price: Ticks) -> Option<u32> {
        let ladder = &self.all[id as usize];
        let key = key_of(id, price);
        if key == ladder.best_key {
            return Some(ladder.best);
        }
        let (index, exact) = ladder.index_near(key);
        if exact && self.in_window(ladder, index) {
            let slot = self.slot(id, index);
            let level = self.slots[slot];
            if level != NONE {
                return Some(level);
            }
            let level = self.levels.take(Level { price, ladder: id, ..Level::default() })?;
            self.put_in_window(id, index, level);
            self.note_new(id, key, level);
            return Some(level);
        }
        self.find_or_make_far(id, price, exact.then_some(index))
    }

    /// As [`Self::find_or_make`], where the price is not in the window.
    #[cold]
    fn find_or_make_far(&mut self, id: LadderId, price: Ticks, index: Option<i64>) -> Option<u32> {
        if index.is_some_and(|index| self.recentre_for(id, index)) {
            return self.find_or_make(id, price);
        }
        let ladder = self.all[id as usize];
        let key = key_of(id, price);
        if let Some(level) = self.far.get(ladder.far_root, key) {
            return Some(level);
        }
        let level = self.levels.take(Level { price, ladder: id, ..Level::default() })?;
        self.put_far(id, key, level);
        self.note_new(id, key, level);
        Some(level)
    }

    /// Makes a new level the best, if it is.
    #[inline]
    fn note_new(&mut self, id: LadderId, key: i64, level: u32) {
        let ladder = &mut self.all[id as usize];
        if key > ladder.best_key {
            ladder.best_key = key;
            ladder.best = level;
        }
    }

    /// Takes a level that has no orders left off its ladder.
    #[inline]
    pub(super) fn retire(&mut self, level: u32) {
        let Level { price, ladder: id, .. } = *self.levels.at(level);
        let ladder = &self.all[id as usize];
        let key = key_of(id, price);
        let (index, exact) = ladder.index_near(key);
        if exact && self.in_window(ladder, index) {
            self.take_from_window(id, index);
        } else {
            self.take_far(id, key);
        }
        self.levels.give_back(level);
        if self.all[id as usize].best == level {
            let best = self.best_below(id, key);
            let key = if best == NONE { KEY_NONE } else { key_of(id, self.levels.at(best).price) };
            let ladder = &mut self.all[id as usize];
            ladder.best = best;
            ladder.best_key = key;
        }
    }

    /// The best level with a key below `key`, or [`NONE`].
    #[inline]
    fn best_below(&self, id: LadderId, key: i64) -> u32 {
        let ladder = &self.all[id as usize];
        let near = if ladder.window_levels == 0 { None } else { self.near_below(id, key) };
        let far_key = if ladder.far_levels == 0 { KEY_NONE } else { ladder.far_best_key };
        match near {
            Some(index) if index * i64::from(ladder.step) > far_key => {
                self.slots[self.slot(id, index)]
            }
            _ => self.better_below(id, key, near),
        }
    }

    /// The better of the window's next, `near`, and the next far one below `key`.
    #[cold]
    fn better_below(&self, id: LadderId, key: i64, near: Option<i64>) -> u32 {
        let ladder = &self.all[id as usize];
        let far = self.far.at_or_below(ladder.far_root, key - 1);
        match (near, far) {
            (Some(index), Some((far_key, level))) => {
                let is_far = far_key > index * i64::from(ladder.step);
                if is_far { level } else { self.slots[self.slot(id, index)] }
            }
            (Some(index), None) => self.slots[self.slot(id, index)],
            (None, Some((_, level))) => level,
            (None, None) => NONE,
        }
    }

    /// The next level worse than `level`, or [`NONE`].
    pub(super) fn next_worse(&self, level: u32) -> u32 {
        let Level { price, ladder, .. } = *self.levels.at(level);
        self.best_below(ladder, key_of(ladder, price))
    }

    /// The highest index in the window whose key is below `key`.
    #[inline]
    fn near_below(&self, id: LadderId, key: i64) -> Option<i64> {
        let ladder = &self.all[id as usize];
        let (towards_zero, exact) = ladder.index_near(key);
        let limit = towards_zero - i64::from(exact || key < 0);
        self.highest(id, limit.min(ladder.base + i64::from(self.width) - 1))
    }

    /// The highest index in the window at or below `limit`, which is below the window's end.
    #[inline]
    fn highest(&self, id: LadderId, limit: i64) -> Option<i64> {
        let ladder = &self.all[id as usize];
        if limit < ladder.base {
            return None;
        }
        let word_start = limit & !63;
        let word = self.words[self.word(id, limit)] & (u64::MAX >> (63 - (limit & 63)));
        if word != 0 {
            return Some(word_start + 63 - i64::from(word.leading_zeros()));
        }
        // The summary, turned so that bit 0 stands for the window's first word.
        let first_word = ladder.base >> 6;
        let words_below = (limit >> 6) - first_word;
        let turned = ladder.summary.rotate_right((first_word & 63).cast_unsigned() as u32);
        let below = turned & !(u64::MAX << words_below);
        if below == 0 {
            return None;
        }
        let word_start = ladder.base + ((63 - i64::from(below.leading_zeros())) << 6);
        let word = self.words[self.word(id, word_start)];
        Some(word_start + 63 - i64::from(word.leading_zeros()))
    }

    #[inline]
    fn put_in_window(&mut self, id: LadderId, index: i64, level: u32) {
        let (slot, word) = (self.slot(id, index), self.word(id, index));
        self.slots[slot] = level;
        self.words[word] |= 1 << (index & 63);
        let ladder = &mut self.all[id as usize];
        ladder.summary |= 1 << ((index >> 6) & 63);
        ladder.window_levels += 1;
    }

    #[inline]
    fn take_from_window(&mut self, id: LadderId, index: i64) -> u32 {
        let (slot, word) = (self.slot(id, index), self.word(id, index));
        let level = std::mem::replace(&mut self.slots[slot], NONE);
        self.words[word] &= !(1 << (index & 63));
        let is_empty = self.words[word] == 0;
        let ladder = &mut self.all[id as usize];
        ladder.summary &= !(u64::from(is_empty) << ((index >> 6) & 63));
        ladder.window_levels -= 1;
        level
    }

    fn put_far(&mut self, id: LadderId, key: i64, level: u32) {
        let ladder = &mut self.all[id as usize];
        ladder.far_root =
            self.far.insert(ladder.far_root, key, level).expect("one place for each level");
        ladder.far_levels += 1;
        ladder.far_best_key = ladder.far_best_key.max(key);
    }

    #[cold]
    fn take_far(&mut self, id: LadderId, key: i64) {
        let ladder = &mut self.all[id as usize];
        ladder.far_root = self.far.remove(ladder.far_root, key);
        ladder.far_levels -= 1;
        if ladder.far_best_key == key {
            let best = self.far.at_or_below(ladder.far_root, i64::MAX);
            ladder.far_best_key = best.map_or(KEY_NONE, |(key, _)| key);
        }
    }

    /// Moves the window, when it is worth it, so that it holds `index`; says whether it does.
    ///
    /// The window wants to stand with the best price three quarters up. It moves when the visits to
    /// the tree that this would have saved have paid for the levels that may have to move, so that
    /// no pattern of prices makes moving cost more than a constant for each call.
    fn recentre_for(&mut self, id: LadderId, index: i64) -> bool {
        let ladder = &self.all[id as usize];
        let best = if ladder.best == NONE { index } else { ladder.index_near(ladder.best_key).0 };
        let width = i64::from(self.width);
        let base = (best.max(index) - width / 4 * 3) & !63;
        if index < base || index >= base + width {
            return false;
        }
        let levels = ladder.window_levels.saturating_add(ladder.far_levels);
        let ladder = &mut self.all[id as usize];
        ladder.misses = ladder.misses.saturating_add(1);
        if ladder.misses.saturating_mul(RECENTRE_LEVELS_PER_MISS) < levels {
            return false;
        }
        ladder.misses = 0;
        self.move_window(id, base);
        true
    }

    /// Moves the window to `base`: what falls out goes to the tree, what falls in comes from it.
    fn move_window(&mut self, id: LadderId, base: i64) {
        let width = i64::from(self.width);
        let old = self.all[id as usize];
        let step = i64::from(old.step);
        let mut limit = old.base + width - 1;
        while let Some(index) = self.highest(id, limit) {
            if index >= base + width || index < base {
                let level = self.take_from_window(id, index);
                self.put_far(id, index * step, level);
            }
            limit = index - 1;
        }
        self.all[id as usize].base = base;
        let mut key = (base + width - 1) * step;
        while let Some((far_key, level)) = self.far.at_or_below(self.all[id as usize].far_root, key)
        {
            if far_key < base * step {
                break;
            }
            let (index, exact) = old.index_near(far_key);
            if exact {
                self.take_far(id, far_key);
                self.put_in_window(id, index, level);
            }
            key = far_key - 1;
        }
    }
}
