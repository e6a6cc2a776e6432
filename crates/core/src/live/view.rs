// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A node, as a strategy sees it.

use super::Node;
use super::market::others;
use super::venue::Venue;
use crate::book::{LevelView, QueuePosition};
use crate::trading::{OrderTable, StrategyView, Touch};
use crate::types::{Instrument, InstrumentId, Side, StrategyId, Ticks, TsNs};

impl Node {
    fn venue_at(&self, id: InstrumentId) -> Option<&Venue> {
        let venue = self.core.markets.get(id as usize)?.venue;
        self.venues.get((venue as usize).checked_sub(1)?)
    }
}

impl StrategyView for Node {
    #[inline]
    fn now(&self) -> TsNs {
        self.core.now
    }

    fn instrument(&self, id: InstrumentId) -> Option<&Instrument> {
        self.core.markets.get(id as usize)?.instrument.as_ref()
    }

    fn find(&self, symbol: &[u8]) -> Option<InstrumentId> {
        self.instruments().find(|instrument| instrument.symbol() == symbol).map(Instrument::id)
    }

    #[inline]
    fn touch(&self, id: InstrumentId) -> Touch {
        self.core.markets.get(id as usize).map_or_else(Touch::default, |market| market.touch)
    }

    fn each_level(&self, id: InstrumentId, side: Side, see: &mut dyn FnMut(LevelView) -> bool) {
        let Some(venue) = self.venue_at(id) else { return };
        for level in others(&venue.books, &venue.port, id, side) {
            if !see(level) {
                break;
            }
        }
    }

    #[inline]
    fn last_trade(&self, id: InstrumentId) -> Option<Ticks> {
        self.core.markets.get(id as usize)?.last_trade
    }

    #[inline]
    fn position(&self, strategy: StrategyId, id: InstrumentId) -> i64 {
        self.core.desk.portfolio().position(strategy, id).lots
    }

    #[inline]
    fn orders(&self, strategy: StrategyId) -> Option<&OrderTable> {
        self.core.desk.orders(strategy)
    }

    fn queue_position(
        &self,
        strategy: StrategyId,
        id: InstrumentId,
        client_id: u64,
    ) -> Option<QueuePosition> {
        let order = self.core.desk.orders(strategy)?.get(id, client_id)?;
        self.venue_at(id)?.books.queue_position(order.order_id)
    }
}
