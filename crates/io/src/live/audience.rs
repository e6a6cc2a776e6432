// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What one strategy of a live node is told: its own orders, and the markets that it chose.

use onetape_core::live::Node;
use onetape_core::trading::{Callback, StrategyHost, StrategyView};
use onetape_core::types::{InstrumentId, StrategyId};

/// Who one strategy is, and what it chose.
#[derive(Debug)]
pub(super) struct Audience {
    pub(super) strategy: StrategyId,
    subscribed: Vec<bool>,
    symbols: Vec<String>,
}

impl Audience {
    /// `symbols` are those whose market it hears of; empty for all.
    pub(super) fn new(strategy: StrategyId, instruments_max: u32, symbols: Vec<String>) -> Self {
        let subscribed = vec![false; instruments_max as usize + 1];
        Self { strategy, subscribed, symbols }
    }

    /// Whether it hears of a market.
    #[inline]
    pub(super) fn hears_of(&self, id: InstrumentId) -> bool {
        self.subscribed.get(id as usize).copied().unwrap_or(false)
    }

    /// An instrument was listed.
    pub(super) fn defined(&mut self, id: InstrumentId, node: &Node) {
        let symbol = node.instrument(id).map(|i| i.symbol().to_vec()).unwrap_or_default();
        let is_named = self.symbols.iter().any(|name| name.as_bytes() == symbol);
        if let Some(place) = self.subscribed.get_mut(id as usize) {
            *place = self.symbols.is_empty() || is_named;
        }
    }

    /// Whether a callback is for it; what happened to its quotes is noted.
    #[inline]
    pub(super) fn takes(&self, callback: &Callback, host: &mut StrategyHost) -> bool {
        let strategy = self.strategy;
        let (owner, id, client_id) = match callback {
            Callback::Defined(_) | Callback::Timer(_) => return true,
            Callback::Book(id) => return self.hears_of(*id),
            Callback::Trade(trade) => return self.hears_of(trade.instrument),
            Callback::Accepted(e) => return e.strategy_id == strategy,
            Callback::Replaced(e) => return e.strategy_id == strategy,
            Callback::Parent(e) => return e.strategy_id == strategy,
            Callback::Parameter(e) => return e.strategy_id == strategy,
            Callback::Leg(e) => return e.strategy_id == strategy,
            Callback::StateChanged(e) => (e.strategy_id, e.instrument_id, e.client_id),
            Callback::Fill(e) => (e.strategy_id, e.instrument_id, e.client_id),
            Callback::Canceled(e) => (e.strategy_id, e.instrument_id, e.client_id),
            Callback::Rejected(e) => (e.strategy_id, e.instrument_id, e.client_id),
        };
        if owner == strategy {
            host.touched(id, client_id);
        }
        owner == strategy
    }
}
