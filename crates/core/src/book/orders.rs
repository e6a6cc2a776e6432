// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The records of the book: a resting order, its hot part 16 bytes, and a price level, 32 bytes.
//!
//! Memory traffic is what a book costs, so what most calls do not read stands in arrays of its own:
//! the reference (for views), the owner (for the matcher), and quantities of 2^32 - 1 and more.

use super::slab::{NONE, Slab};
use crate::types::{Lots, Side, Ticks};

/// A resting order, in the queue of its level.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(16))]
pub(super) struct Order {
    /// The order behind it.
    pub(super) next: u32,
    /// The order ahead of it.
    pub(super) prev: u32,
    /// Its level; never changes while it rests there.
    pub(super) level: u32,
    /// What is left of it; [`LARGE`]: see [`Orders::large`].
    qty: u32,
}

/// Where an order joins: behind `prev`, the last of `level`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) prev: u32,
    pub(super) level: u32,
}

/// The quantity is kept apart.
const LARGE: u32 = u32::MAX;

/// All resting orders.
#[derive(Debug)]
pub(super) struct Orders {
    hot: Slab<Order>,
    refs: Vec<u64>,
    large: Vec<Lots>,
    owners: Vec<u32>,
    /// Whether any order ever had an owner: a feed's have none, and need no writing.
    is_owned: bool,
}

impl Orders {
    pub(super) fn new(orders_max: u32) -> Self {
        let count = orders_max as usize + 1;
        Self {
            hot: Slab::new(orders_max),
            refs: vec![0; count],
            large: vec![0; count],
            owners: vec![0; count],
            is_owned: false,
        }
    }

    pub(super) fn clear(&mut self) {
        self.hot.clear();
        self.owners.fill(0);
        self.is_owned = false;
    }

    /// How many orders there are.
    pub(super) fn used(&self) -> u32 {
        self.hot.used()
    }

    /// Takes in an order at the back of a queue; `None` when full.
    #[inline]
    pub(super) fn take(
        &mut self,
        place: Place,
        order_ref: u64,
        qty: Lots,
        owner: u32,
    ) -> Option<u32> {
        let Place { prev, level } = place;
        let hot = u32::try_from(qty).unwrap_or(LARGE);
        let handle = self.hot.take(Order { next: NONE, prev, level, qty: hot })?;
        if hot == LARGE {
            self.large[handle as usize] = qty;
        }
        self.refs[handle as usize] = order_ref;
        self.is_owned |= owner != 0;
        if self.is_owned {
            self.owners[handle as usize] = owner;
        }
        Some(handle)
    }

    /// Puts an order at the back of another queue.
    #[inline]
    pub(super) fn put(&mut self, handle: u32, place: Place, qty: Lots) {
        let order = self.hot.at_mut(handle);
        order.next = NONE;
        order.prev = place.prev;
        order.level = place.level;
        self.set_qty(handle, qty);
    }

    #[inline]
    pub(super) fn give_back(&mut self, handle: u32) {
        self.hot.give_back(handle);
    }

    #[inline]
    pub(super) fn at(&self, handle: u32) -> &Order {
        self.hot.at(handle)
    }

    #[inline]
    pub(super) fn at_mut(&mut self, handle: u32) -> &mut Order {
        self.hot.at_mut(handle)
    }

    /// The level of an order.
    #[inline]
    pub(super) fn glance(&self, handle: u32) -> u32 {
        self.hot.at(handle).level
    }

    /// What is left of an order, given its record.
    #[inline]
    pub(super) fn qty(&self, handle: u32, order: &Order) -> Lots {
        if order.qty == LARGE { self.large[handle as usize] } else { Lots::from(order.qty) }
    }

    #[inline]
    pub(super) fn set_qty(&mut self, handle: u32, qty: Lots) {
        let hot = u32::try_from(qty).unwrap_or(LARGE);
        self.hot.at_mut(handle).qty = hot;
        if hot == LARGE {
            self.large[handle as usize] = qty;
        }
    }

    #[inline]
    pub(super) fn order_ref(&self, handle: u32) -> u64 {
        self.refs[handle as usize]
    }

    #[inline]
    pub(super) fn set_order_ref(&mut self, handle: u32, order_ref: u64) {
        self.refs[handle as usize] = order_ref;
    }

    #[inline]
    pub(super) fn owner(&self, handle: u32) -> u32 {
        self.owners[handle as usize]
    }
}

/// The queue of one price.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
pub(super) struct Level {
    pub(super) price: Ticks,
    /// Sum over its orders.
    pub(super) qty: Lots,
    /// First order.
    pub(super) head: u32,
    /// Last order.
    pub(super) tail: u32,
    /// How many orders, at least 1.
    pub(super) orders: u32,
    /// Its ladder: instrument times two, plus the side's index.
    pub(super) ladder: u32,
}

/// The side of a ladder.
#[inline]
pub(super) const fn side_of(ladder: u32) -> Side {
    if ladder & 1 == 0 { Side::Buy } else { Side::Sell }
}

/// A resting order, without a look-up. Valid until the order dies; then its number is used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Handle(pub(super) u32);

impl Handle {
    /// Its number, from 1 to `orders_max`: an index for what a caller keeps beside each order.
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A resting order and where its reference stands, until the books next change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    /// The order.
    pub(super) handle: Handle,
    /// Its reference.
    pub(super) order_ref: u64,
    /// Where the reference stands.
    pub(super) slot: u64,
}

impl Located {
    /// The order's handle.
    #[inline]
    #[must_use]
    pub const fn handle(self) -> Handle {
        self.handle
    }
}

const _: () = assert!(size_of::<Order>() == 16 && size_of::<Level>() == 32);
