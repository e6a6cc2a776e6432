// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! From a venue's order reference to our handle.
//!
//! ```text
//! entry (u64, 0 = empty):  handle 32 | tag 24 | displacement 8
//! home slot of a reference = 2 * low bits + high bits * odd, modulo the table; tag = high bits
//! ```
//!
//! Home and tag together say the whole reference, up to 2^23 times the table; only beyond that is
//! the order asked. References that rise by one stand in a ring, four to a cache line, with a gap
//! after each for those that live on when the ring comes round; any others are spread. Linear
//! probing in Robin Hood order: an entry never stands further from home than one that it passes, so a
//! probe ends early and a removal shifts back without a look at the orders. No table is ever made
//! again: what would stand too far from home goes to a sorted overflow.

use super::orders::Orders;
use super::slab::NONE;
use super::tree::Trees;

/// Largest displacement an entry can say.
const DISPLACEMENT_MAX: u64 = 0xff;
/// The tag of all references whose high bits do not fit.
const TAG_LARGE: u64 = 0x00ff_ffff;
/// Spreads the high bits; odd, from the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// Where a reference stands that is in no slot: in the overflow.
const SLOT_NONE: u64 = u64::MAX;

#[derive(Debug)]
pub(super) struct Refs {
    entries: Vec<u64>,
    mask: u64,
    low_bits: u32,
    overflow: Trees,
    overflow_root: u32,
}

/// The reference is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Duplicate;

impl Refs {
    /// A table at most three quarters full.
    pub(super) fn new(orders_max: u32) -> Self {
        let size = (u64::from(orders_max) * 4 / 3).next_power_of_two().max(1_024);
        Self {
            entries: vec![0; size as usize],
            mask: size - 1,
            low_bits: size.trailing_zeros() - 1,
            overflow: Trees::new(orders_max),
            overflow_root: NONE,
        }
    }

    pub(super) fn clear(&mut self) {
        self.entries.fill(0);
        self.overflow.clear();
        self.overflow_root = NONE;
    }

    /// Home slot, and the tag where an entry holds it.
    #[inline]
    fn home(&self, order_ref: u64) -> (u64, u64) {
        let high = order_ref.wrapping_shr(self.low_bits);
        let tag = high.min(TAG_LARGE);
        ((order_ref << 1).wrapping_add(high.wrapping_mul(SPREAD)), tag << 8)
    }

    /// Whether an entry at the right distance, with the right tag, is the reference's.
    #[inline]
    fn is_that(&self, entry: u64, order_ref: u64, orders: &Orders) -> bool {
        order_ref.wrapping_shr(self.low_bits) < TAG_LARGE
            || orders.order_ref((entry >> 32) as u32) == order_ref
    }

    #[inline]
    fn entry(&self, slot: u64) -> u64 {
        self.entries[(slot & self.mask) as usize]
    }

    #[inline]
    fn set_entry(&mut self, slot: u64, entry: u64) {
        self.entries[(slot & self.mask) as usize] = entry;
    }

    /// A word that depends on where `order_ref` stands: reading it early brings the entry near.
    #[inline]
    pub(super) fn touch(&self, order_ref: u64) -> u64 {
        self.entry(self.home(order_ref).0)
    }

    /// The handle in a reference's home slot: most often its own.
    #[inline]
    pub(super) fn glance(&self, order_ref: u64) -> u32 {
        (self.touch(order_ref) >> 32) as u32
    }

    /// Slot of a reference, in the table: at home, most often.
    #[inline]
    fn slot_of(&self, order_ref: u64, orders: &Orders) -> Option<u64> {
        let (home, tag) = self.home(order_ref);
        let entry = self.entry(home);
        if entry as u32 == tag as u32 && entry != 0 && self.is_that(entry, order_ref, orders) {
            return Some(home);
        }
        self.slot_beyond(home, tag, order_ref, orders)
    }

    /// As [`Self::slot_of`], for a reference that is not at home.
    #[inline(never)]
    fn slot_beyond(&self, home: u64, tag: u64, order_ref: u64, orders: &Orders) -> Option<u64> {
        if self.entry(home) == 0 {
            return None;
        }
        for displacement in 1..=DISPLACEMENT_MAX {
            let slot = home.wrapping_add(displacement);
            let entry = self.entry(slot);
            let found = entry as u32 == (tag | displacement) as u32;
            if found && self.is_that(entry, order_ref, orders) {
                return Some(slot);
            }
            if entry == 0 || (entry & DISPLACEMENT_MAX) < displacement {
                return None;
            }
        }
        None
    }

    /// Handle of a reference.
    #[inline]
    pub(super) fn find(&self, order_ref: u64, orders: &Orders) -> Option<u32> {
        if let Some(slot) = self.slot_of(order_ref, orders) {
            return Some((self.entry(slot) >> 32) as u32);
        }
        if self.overflow_root == NONE {
            return None;
        }
        self.overflow.get(self.overflow_root, order_ref.cast_signed())
    }

    /// Takes a reference out and gives its handle.
    #[inline]
    pub(super) fn remove(&mut self, order_ref: u64, orders: &Orders) -> Option<u32> {
        let Some(slot) = self.slot_of(order_ref, orders) else {
            return self.remove_overflow(order_ref);
        };
        let handle = (self.entry(slot) >> 32) as u32;
        self.vacate(slot);
        Some(handle)
    }

    /// Empties a slot: what stands behind it moves up, as far as it is not at home.
    #[inline]
    fn vacate(&mut self, mut slot: u64) {
        loop {
            let next = self.entry(slot.wrapping_add(1));
            if next & DISPLACEMENT_MAX == 0 {
                self.set_entry(slot, 0);
                return;
            }
            self.set_entry(slot, next - 1);
            slot = slot.wrapping_add(1);
        }
    }

    /// Handle of a reference and the slot where it stands, for [`Self::remove_at`].
    #[inline]
    pub(super) fn locate(&self, order_ref: u64, orders: &Orders) -> Option<(u32, u64)> {
        let (home, tag) = self.home(order_ref);
        let entry = self.entry(home);
        // Below the largest tag, home and tag say the whole reference. No entry has handle 0.
        if entry as u32 == tag as u32 && entry != 0 && tag < TAG_LARGE << 8 {
            return Some(((entry >> 32) as u32, home & self.mask));
        }
        self.locate_beyond(order_ref, orders)
    }

    /// As [`Self::locate`], for a reference that is not at home.
    #[inline(never)]
    fn locate_beyond(&self, order_ref: u64, orders: &Orders) -> Option<(u32, u64)> {
        if let Some(slot) = self.slot_of(order_ref, orders) {
            return Some(((self.entry(slot) >> 32) as u32, slot & self.mask));
        }
        self.find(order_ref, orders).map(|handle| (handle, SLOT_NONE))
    }

    /// Takes a reference out that [`Self::locate`] found, with no change in between.
    #[inline]
    pub(super) fn remove_at(&mut self, order_ref: u64, slot: u64) {
        if slot == SLOT_NONE {
            self.remove_overflow(order_ref);
        } else {
            self.vacate(slot);
        }
    }

    #[cold]
    fn remove_overflow(&mut self, order_ref: u64) -> Option<u32> {
        let key = order_ref.cast_signed();
        let handle = self.overflow.get(self.overflow_root, key)?;
        self.overflow_root = self.overflow.remove(self.overflow_root, key);
        Some(handle)
    }

    /// Puts a reference in. `handle` must not be [`NONE`], nor more handles in use than `orders_max`.
    #[inline]
    pub(super) fn insert(
        &mut self,
        order_ref: u64,
        handle: u32,
        orders: &Orders,
    ) -> Result<(), Duplicate> {
        let (home, tag) = self.home(order_ref);
        if self.entry(home) == 0 && self.overflow_root == NONE {
            self.set_entry(home, (u64::from(handle) << 32) | tag);
            return Ok(());
        }
        self.insert_beyond(home, tag, order_ref, handle, orders)
    }

    /// As [`Self::insert`], where another reference is at home, or in the overflow.
    #[inline(never)]
    fn insert_beyond(
        &mut self,
        home: u64,
        tag: u64,
        order_ref: u64,
        handle: u32,
        orders: &Orders,
    ) -> Result<(), Duplicate> {
        let mut displacement = 0;
        let mut slot = home;
        let mut entry = self.entry(slot);
        while entry != 0 && (entry & DISPLACEMENT_MAX) >= displacement {
            let same = entry as u32 == (tag | displacement) as u32;
            if same && self.is_that(entry, order_ref, orders) {
                return Err(Duplicate);
            }
            if displacement == DISPLACEMENT_MAX {
                break;
            }
            displacement += 1;
            slot = slot.wrapping_add(1);
            entry = self.entry(slot);
        }
        if self.overflow_root != NONE
            && self.overflow.get(self.overflow_root, order_ref.cast_signed()).is_some()
        {
            return Err(Duplicate);
        }
        let new = (u64::from(handle) << 32) | tag | displacement;
        if entry == 0 {
            self.set_entry(slot, new);
        } else {
            self.shift_in(slot, new, order_ref, orders);
        }
        Ok(())
    }

    /// Puts `carried` at `slot` and moves what stands there along, richest first.
    fn shift_in(&mut self, mut slot: u64, new: u64, order_ref: u64, orders: &Orders) {
        let mut carried = new;
        loop {
            let entry = self.entry(slot);
            if entry == 0 {
                self.set_entry(slot, carried);
                return;
            }
            if (entry & DISPLACEMENT_MAX) < (carried & DISPLACEMENT_MAX) {
                self.set_entry(slot, carried);
                carried = entry;
            }
            if carried & DISPLACEMENT_MAX == DISPLACEMENT_MAX {
                break;
            }
            carried += 1;
            slot = slot.wrapping_add(1);
        }
        let handle = (carried >> 32) as u32;
        let is_new = handle == (new >> 32) as u32;
        let key = if is_new { order_ref } else { orders.order_ref(handle) };
        self.overflow_root = self
            .overflow
            .insert(self.overflow_root, key.cast_signed(), handle)
            .expect("one place for each order");
    }
}
