// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The engine of a run, as its strategy sees it.

use super::Engine;
use crate::book::{LevelView, QueuePosition};
use crate::exchange::{Matcher, Replayed};
use crate::trading::{OrderTable, StrategyView, Touch};
use crate::types::{Instrument, InstrumentId, Side, StrategyId, Ticks, TsNs};

impl StrategyView for Engine {
    #[inline]
    fn now(&self) -> TsNs {
        self.now
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
        for level in self.core.others(id, side) {
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
        self.desk().portfolio().position(strategy, id).lots
    }

    #[inline]
    fn orders(&self, strategy: StrategyId) -> Option<&OrderTable> {
        self.desk().orders(strategy)
    }

    fn queue_position(
        &self,
        strategy: StrategyId,
        id: InstrumentId,
        client_id: u64,
    ) -> Option<QueuePosition> {
        let order = self.desk().orders(strategy)?.get(id, client_id)?;
        self.books().queue_position(order.order_id | Matcher::<Replayed>::OWN_BIT)
    }
}
