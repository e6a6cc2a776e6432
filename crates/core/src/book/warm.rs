// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Reading ahead: what the next messages will touch, read now, all at once, so that the memory's
//! delays overlap. Changes nothing and decides nothing; a run with it and one without are equal.

use super::Books;
use super::slab::NONE;
use crate::events::{MarketAction, MarketUpdated, Side};
use crate::types::Ticks;
use std::hint::black_box;

impl Books {
    /// Most messages that [`Self::warm`] looks at.
    pub const WARM_MAX: usize = 32;

    /// Reads what the first [`Self::WARM_MAX`] of these messages will touch. Call it with the
    /// messages of a packet or of a block of a file before applying them one by one.
    #[inline]
    pub fn warm(&self, updates: &[MarketUpdated]) {
        let updates = &updates[..updates.len().min(Self::WARM_MAX)];
        let mut sum = 0;
        for update in updates {
            sum ^= self.refs.touch(update.order_ref);
        }
        black_box(sum);
        let mut touches = [(NONE, NONE, NONE); Self::WARM_MAX];
        for (update, touch) in updates.iter().zip(&mut touches) {
            *touch = self.touches_ahead(update);
        }
        let mut sum = 0;
        for &(level, prev, next) in &touches {
            sum ^= self.ladders.levels.at(level).price.cast_unsigned();
            sum ^= u64::from(self.orders.at(prev).level ^ self.orders.at(next).level);
        }
        black_box(sum);
    }

    /// The level and the neighbours in its queue that a message will touch, as far as that is known.
    #[inline]
    fn touches_ahead(&self, update: &MarketUpdated) -> (u32, u32, u32) {
        if update.action == MarketAction::Add as u8 {
            let side = u32::from(update.side == Side::Sell as u8);
            let ladder = update.instrument_id.wrapping_mul(2) | side;
            let level = self.ladders.glance(ladder, update.price_ticks);
            (level, self.ladders.levels.at(level).tail, NONE)
        } else {
            let order = self.orders.at(self.refs.glance(update.order_ref));
            (order.level, order.prev, order.next)
        }
    }

    /// The order in the place of a reference, most often its own, and that order's level: a guess,
    /// for reading ahead only.
    #[inline]
    pub(crate) fn order_ahead(&self, order_ref: u64) -> (usize, u32) {
        let handle = self.refs.glance(order_ref);
        (handle as usize, self.orders.glance(handle))
    }

    /// The level in the place of a price on one side: a guess.
    #[inline]
    pub(crate) fn level_at_ahead(&self, instrument: u32, side: Side, price: Ticks) -> u32 {
        self.ladders.glance(instrument.wrapping_mul(2) | side.index() as u32, price)
    }

    /// The level in the place of a price, on the side of another level: a guess.
    #[inline]
    pub(crate) fn level_beside_ahead(&self, level: u32, price: Ticks) -> u32 {
        self.ladders.glance(self.ladders.levels.at(level).ladder, price)
    }

    /// Reads a level and the last order of its queue.
    #[inline]
    pub(crate) fn touch_level(&self, level: u32) -> u32 {
        self.orders.glance(self.ladders.levels.at(level).tail)
    }
}
