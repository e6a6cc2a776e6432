// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a strategy is given to read: `Trade`, `LiveOrder`.

use onetape_core::trading::{MarketTrade, OwnOrder, StrategyView};
use onetape_core::types::{InstrumentId, Lots, Side, Ticks};
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::strategy::Market;

/// A trade of anybody's.
#[pyclass(frozen, module = "onetape._native", get_all)]
pub(crate) struct Trade {
    /// Symbol.
    symbol: Py<PyString>,
    /// Instrument's id in the journal.
    instrument_id: InstrumentId,
    /// Trade price, ticks.
    price_ticks: Ticks,
    /// Traded quantity, lots.
    qty_lots: Lots,
    /// Side that took: 1 buy, 2 sell; None where the venue does not say.
    aggressor: Option<u8>,
}

impl Trade {
    pub(crate) fn new(py: Python<'_>, market: &Market, trade: &MarketTrade) -> Self {
        Self {
            symbol: market.symbol.clone_ref(py),
            instrument_id: trade.instrument,
            price_ticks: trade.price,
            qty_lots: trade.qty,
            aggressor: trade.aggressor.map(Side::raw),
        }
    }
}

/// One of a strategy's live orders.
#[pyclass(frozen, module = "onetape._native", get_all)]
pub(crate) struct LiveOrder {
    /// The strategy's number for it.
    client_id: u64,
    /// Symbol.
    symbol: String,
    /// Instrument's id in the journal.
    instrument_id: InstrumentId,
    /// Side: 1 buy, 2 sell.
    side: u8,
    /// Limit price, ticks; 0 for a market order.
    price_ticks: Ticks,
    /// Lots still open.
    leaves_lots: Lots,
    /// Lots executed, over the chain of replacements.
    executed_lots: Lots,
    /// Whether the venue took it; until then it is pending.
    is_accepted: bool,
    /// Where it stands: a value of onetape.OrderState.
    state: u8,
    /// The parent that it is a child of; 0 for none.
    parent_id: u64,
}

impl LiveOrder {
    pub(crate) fn new(view: &dyn StrategyView, order: &OwnOrder) -> Self {
        let instrument = view.instrument(order.instrument);
        Self {
            client_id: order.client_id,
            symbol: instrument
                .map_or_else(String::new, |i| String::from_utf8_lossy(i.symbol()).into_owned()),
            instrument_id: order.instrument,
            side: order.side.raw(),
            price_ticks: order.price,
            leaves_lots: order.leaves,
            executed_lots: order.executed,
            is_accepted: order.is_accepted,
            state: order.state.raw(),
            parent_id: order.parent_id,
        }
    }
}
