// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The records of the book: an order and a price level, 32 bytes each, two to a cache line.

use crate::types::{Lots, Side, Ticks};

/// A resting order, in the queue of its level.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(32))]
#[expect(clippy::struct_field_names, reason = "`order_ref` is the schema's word")]
pub(super) struct Order {
    /// The venue's reference.
    pub(super) order_ref: u64,
    /// What is left of it, at least 1.
    pub(super) qty: Lots,
    /// The order behind it.
    pub(super) next: u32,
    /// The order ahead of it.
    pub(super) prev: u32,
    /// Its level; never changes while it rests there.
    pub(super) level: u32,
    /// Whose it is, for self-trade prevention; 0 where nobody says.
    pub(super) owner: u32,
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

const _: () = assert!(size_of::<Order>() == 32 && size_of::<Level>() == 32);
