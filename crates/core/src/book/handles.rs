// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The calls by handle, for the matcher: without a look-up. A handle is valid until its order dies.

use super::orders::{Level, Order, side_of};
use super::slab::NONE;
use super::{Books, Handle, OrderView};
use crate::types::{InstrumentId, Lots, Side, Ticks};

impl Books {
    /// First order of a side: best price, longest waiting.
    #[inline]
    #[must_use]
    pub fn front(&self, instrument: InstrumentId, side: Side) -> Option<Handle> {
        let best = self.best_level(instrument, side)?;
        Some(Handle(self.ladders.levels.at(best).head))
    }

    /// The order behind this one at the same price.
    #[inline]
    #[must_use]
    pub fn next_in_queue(&self, handle: Handle) -> Option<Handle> {
        let next = self.orders.at(handle.0).next;
        (next != NONE).then_some(Handle(next))
    }

    /// The order that trades after this one: the one behind it, else the first at the next price.
    #[inline]
    #[must_use]
    pub fn next_by_priority(&self, handle: Handle) -> Option<Handle> {
        let Order { next, level, .. } = *self.orders.at(handle.0);
        if next != NONE {
            return Some(Handle(next));
        }
        let level = self.ladders.next_worse(level);
        (level != NONE).then(|| Handle(self.ladders.levels.at(level).head))
    }

    /// Best price of a side.
    #[inline]
    #[must_use]
    pub fn best_price(&self, instrument: InstrumentId, side: Side) -> Option<Ticks> {
        self.check_instrument(instrument).ok()?;
        self.ladders.best_price(instrument * 2 + side.index() as u32)
    }

    /// The order.
    #[inline]
    #[must_use]
    pub fn view(&self, handle: Handle) -> OrderView {
        let order = self.orders.at(handle.0);
        let Level { price, ladder, .. } = *self.ladders.levels.at(order.level);
        let qty = self.orders.qty(handle.0, order);
        let (order_ref, owner) = (self.orders.order_ref(handle.0), self.orders.owner(handle.0));
        let (instrument, side) = (ladder / 2, side_of(ladder));
        OrderView { order_ref, instrument, side, price, qty, owner }
    }

    /// Takes `qty` off an order, which dies at zero; gives what is left of it.
    ///
    /// # Panics
    /// When the order has less than that.
    #[inline]
    pub fn fill(&mut self, handle: Handle, qty: Lots) -> Lots {
        let order = *self.orders.at(handle.0);
        let had = self.orders.qty(handle.0, &order);
        assert!(qty <= had, "a fill is at most what the order has");
        let leaves = had - qty;
        if leaves == 0 {
            self.leave(handle.0);
        } else {
            self.shrink(handle.0, &order, leaves, qty);
        }
        leaves
    }

    /// Takes an order out of the book.
    #[inline]
    pub fn remove(&mut self, handle: Handle) {
        self.leave(handle.0);
    }

    /// The handle of a reference.
    #[inline]
    #[must_use]
    pub fn handle(&self, order_ref: u64) -> Option<Handle> {
        self.refs.find(order_ref, &self.orders).map(Handle)
    }
}
