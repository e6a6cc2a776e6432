// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A market-data message, applied to the books.

use super::{BookError, Books, Outcome};
use crate::events::{MarketAction, MarketUpdated};
use crate::types::Side;

impl Books {
    /// Applies one message.
    ///
    /// # Errors
    /// [`BookError`], with the book unchanged.
    #[inline]
    pub fn apply_market(&mut self, update: &MarketUpdated) -> Result<Outcome, BookError> {
        let MarketUpdated { order_ref, other_ref, price_ticks, qty_lots, action, .. } = *update;
        let known = MarketAction::from_raw(action);
        match known.ok_or(BookError::Field { field: "action", value: action })? {
            MarketAction::Add => self.apply_add(update),
            MarketAction::Execute => self.execute(order_ref, qty_lots).map(Outcome::Changed),
            MarketAction::Reduce => self.reduce(order_ref, qty_lots).map(Outcome::Changed),
            MarketAction::Delete => self.delete(order_ref).map(Outcome::Changed),
            MarketAction::Replace => {
                self.replace(order_ref, other_ref, price_ticks, qty_lots).map(Outcome::Changed)
            }
            MarketAction::Set => self.set(order_ref, price_ticks, qty_lots).map(Outcome::Changed),
            MarketAction::Clear => {
                let bbo_changed = self.clear(update.instrument_id) > 0;
                Ok(Outcome::Cleared { bbo_changed })
            }
            MarketAction::Trade
            | MarketAction::Cross
            | MarketAction::Break
            | MarketAction::Status => Ok(Outcome::Unconcerned),
        }
    }

    #[inline]
    fn apply_add(&mut self, update: &MarketUpdated) -> Result<Outcome, BookError> {
        let MarketUpdated { order_ref, price_ticks, qty_lots, instrument_id, .. } = *update;
        let side = Side::from_raw(update.side)
            .ok_or(BookError::Field { field: "side", value: update.side })?;
        self.check_instrument(instrument_id)?;
        let ladder = instrument_id * 2 + side.index() as u32;
        let joined = self.join(ladder, order_ref, price_ticks, qty_lots, 0)?;
        Ok(Outcome::Added { bbo_changed: joined.is_at_best })
    }
}
