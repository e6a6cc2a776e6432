// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The calls by handle, for the matcher: without a look-up. A handle is valid until its order dies.

use super::orders::{Level, Order, side_of};
use super::slab::NONE;
use super::{BookError, Books, Handle, Located, OrderView, Terms};
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

    /// Best bid and best ask price.
    #[inline]
    #[must_use]
    pub fn best_prices(&self, instrument: InstrumentId) -> [Option<Ticks>; 2] {
        if self.check_instrument(instrument).is_err() {
            return [None; 2];
        }
        let ladder = instrument * 2;
        [self.ladders.best_price(ladder), self.ladders.best_price(ladder + 1)]
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

    /// The handle of a reference and where the reference stands, so that a call that takes it away
    /// need not look for it again.
    #[inline]
    #[must_use]
    pub fn locate(&self, order_ref: u64) -> Option<Located> {
        let (handle, slot) = self.refs.locate(order_ref, &self.orders)?;
        Some(Located { handle: Handle(handle), order_ref, slot })
    }

    /// Where an order stands, without its reference and owner: one cache line less than
    /// [`Self::view`].
    #[inline]
    #[must_use]
    pub fn terms(&self, handle: Handle) -> Terms {
        let order = self.orders.at(handle.0);
        let Level { price, ladder, .. } = *self.ladders.levels.at(order.level);
        let qty = self.orders.qty(handle.0, order);
        Terms { instrument: ladder / 2, side: side_of(ladder), price, qty }
    }

    /// As [`Self::remove`], for an order just located.
    #[inline]
    pub fn remove_located(&mut self, located: Located) {
        self.refs.remove_at(located.order_ref, located.slot);
        let handle = located.handle.0;
        let order = *self.orders.at(handle);
        let qty = self.orders.qty(handle, &order);
        self.dequeue(&order, qty);
        self.orders.give_back(handle);
    }

    /// An order just located gets a new reference and goes to the back of the queue at `price`, with
    /// `qty`. It keeps its handle, side and owner. As [`Self::replace`], without a look-up.
    ///
    /// # Errors
    /// [`BookError::Duplicate`], [`BookError::Price`], [`BookError::Qty`].
    #[inline]
    pub fn replace_located(
        &mut self,
        located: Located,
        new_ref: u64,
        price: Ticks,
        qty: Lots,
    ) -> Result<(), BookError> {
        let Located { handle: Handle(handle), order_ref, slot } = located;
        Self::check_terms(price, qty)?;
        self.refs.remove_at(order_ref, slot);
        self.rename(handle, order_ref, new_ref)?;
        let moved = self.relocate(handle, price, qty);
        if moved.is_err() {
            self.refs.remove(new_ref, &self.orders);
            self.put_back(order_ref, handle);
        }
        moved
    }
}
