// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the books show. Nothing here changes them.

use super::ladder::PRICE_MAX;
use super::orders::Level;
use super::slab::NONE;
use super::{Bbo, Books, Handle, LevelView, OrderView, QueuePosition};
use crate::types::{InstrumentId, Side, Ticks};

impl Books {
    /// Best bid and offer of an instrument.
    #[inline]
    #[must_use]
    pub fn bbo(&self, instrument: InstrumentId) -> Bbo {
        Bbo { bid: self.best(instrument, Side::Buy), ask: self.best(instrument, Side::Sell) }
    }

    /// Best level of a side.
    #[inline]
    #[must_use]
    pub fn best(&self, instrument: InstrumentId, side: Side) -> Option<LevelView> {
        let best = self.best_level(instrument, side)?;
        Some(self.level_view(best))
    }

    #[inline]
    pub(super) fn best_level(&self, instrument: InstrumentId, side: Side) -> Option<u32> {
        self.check_instrument(instrument).ok()?;
        let best = self.ladders.best(instrument * 2 + side.index() as u32);
        (best != NONE).then_some(best)
    }

    #[inline]
    fn level_view(&self, level: u32) -> LevelView {
        let Level { price, qty, orders, .. } = *self.ladders.levels.at(level);
        LevelView { price, qty, orders }
    }

    /// Levels of a side, best first.
    pub fn levels(
        &self,
        instrument: InstrumentId,
        side: Side,
    ) -> impl Iterator<Item = LevelView> + '_ {
        self.level_ids(instrument, side).map(|level| self.level_view(level))
    }

    pub(super) fn level_ids(
        &self,
        instrument: InstrumentId,
        side: Side,
    ) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(self.best_level(instrument, side), |&level| {
            let next = self.ladders.next_worse(level);
            (next != NONE).then_some(next)
        })
    }

    /// The level at a price.
    #[must_use]
    pub fn level(&self, instrument: InstrumentId, side: Side, price: Ticks) -> Option<LevelView> {
        let level = self.level_at(instrument, side, price);
        (level != NONE).then(|| self.level_view(level))
    }

    fn level_at(&self, instrument: InstrumentId, side: Side, price: Ticks) -> u32 {
        let in_range = (-PRICE_MAX..=PRICE_MAX).contains(&price);
        if !in_range || self.check_instrument(instrument).is_err() {
            return NONE;
        }
        self.ladders.find(instrument * 2 + side.index() as u32, price)
    }

    /// Orders at a price, first in the queue first.
    pub fn orders(
        &self,
        instrument: InstrumentId,
        side: Side,
        price: Ticks,
    ) -> impl Iterator<Item = OrderView> + '_ {
        let level = self.level_at(instrument, side, price);
        self.queue(level).map(|handle| self.view(Handle(handle)))
    }

    /// Handles of a level's orders; none for [`NONE`].
    pub(super) fn queue(&self, level: u32) -> impl Iterator<Item = u32> + '_ {
        let head = if level == NONE { NONE } else { self.ladders.levels.at(level).head };
        std::iter::successors((head != NONE).then_some(head), |&handle| {
            let next = self.orders.at(handle).next;
            (next != NONE).then_some(next)
        })
    }

    /// The order with this reference.
    #[must_use]
    pub fn order(&self, order_ref: u64) -> Option<OrderView> {
        self.handle(order_ref).map(|handle| self.view(handle))
    }

    /// Where an order stands in its queue. Takes time in proportion to the orders ahead.
    #[must_use]
    pub fn queue_position(&self, order_ref: u64) -> Option<QueuePosition> {
        let mut position = QueuePosition { orders_ahead: 0, qty_ahead: 0 };
        let mut handle = self.orders.at(self.handle(order_ref)?.0).prev;
        while handle != NONE {
            let order = self.orders.at(handle);
            position.orders_ahead += 1;
            position.qty_ahead += self.orders.qty(handle, order);
            handle = order.prev;
        }
        Some(position)
    }

    /// A word that depends on an order's reference: reading it early, a few messages ahead, brings
    /// what a later call will touch into the cache. Pass it to `std::hint::black_box`.
    #[inline]
    #[must_use]
    pub fn touch(&self, order_ref: u64) -> u64 {
        self.refs.touch(order_ref)
    }
}
