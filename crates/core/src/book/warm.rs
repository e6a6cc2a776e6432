// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Reading ahead: what the next messages will touch, read now, all at once, so that the memory's
//! delays overlap. Changes nothing and decides nothing; a run with it and one without are equal.

use super::Books;
use super::slab::NONE;
use crate::events::{MarketAction, MarketUpdated, Side};

impl Books {
    /// Most messages that [`Self::warm`] looks at.
    pub const WARM_MAX: usize = 32;

    /// Reads what the first [`Self::WARM_MAX`] of these messages will touch. Call it with the
    /// messages of a packet or of a block of a file before applying them one by one.
    #[inline]
    pub fn warm(&self, updates: &[MarketUpdated]) {
        let updates = &updates[..updates.len().min(Self::WARM_MAX)];
        let mut levels = [NONE; Self::WARM_MAX];
        let mut sum = 0;
        for update in updates {
            sum ^= self.refs.touch(update.order_ref);
        }
        std::hint::black_box(sum);
        for (update, level) in updates.iter().zip(&mut levels) {
            *level = self.level_ahead(update);
        }
        let mut sum = 0;
        for &level in &levels {
            sum ^= self.ladders.levels.at(level).tail;
        }
        std::hint::black_box(sum);
    }

    /// The level that a message will touch, as far as that is known now.
    #[inline]
    fn level_ahead(&self, update: &MarketUpdated) -> u32 {
        if update.action == MarketAction::Add as u8 {
            let side = u32::from(update.side == Side::Sell as u8);
            self.ladders.glance(update.instrument_id.wrapping_mul(2) | side, update.price_ticks)
        } else {
            let handle = self.refs.glance(update.order_ref);
            self.orders.glance(handle)
        }
    }
}
