// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a run is made of, taken out of Python mappings.

use std::path::PathBuf;

use onetape_core::book::BooksConfig;
use onetape_core::events::{FeesSet, Limit, RiskScope};
use onetape_core::risk::Scope;
use onetape_core::sim::{BacktestConfig, EngineConfig};
use onetape_io::journal_file::{Durability, Options};
use pyo3::prelude::*;

/// Limits of an engine, from a mapping.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct EngineOptions {
    orders_max: u32,
    instruments_max: u32,
    window_levels: u32,
    own_orders_max: u32,
    midnight_ns: i64,
}

impl EngineOptions {
    pub(crate) const fn config(&self) -> EngineConfig {
        EngineConfig {
            books: BooksConfig {
                orders_max: self.orders_max,
                instruments_max: self.instruments_max,
                window_levels: self.window_levels,
            },
            strategies_max: 1,
            own_orders_max: self.own_orders_max,
            midnight_ns: self.midnight_ns,
        }
    }
}

/// What a run is made of, from a mapping.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct RunOptions {
    pub(crate) journal: PathBuf,
    pub(crate) resume: bool,
    pub(crate) fsync: bool,
    segment_bytes: usize,
    run_id: [u8; 16],
    config_json: String,
    strategy_name: String,
    strategy_hash: u64,
    limits: Vec<(u8, i64)>,
    symbol_limits: Vec<(String, u8, i64)>,
    scope_limits: Vec<(u8, u32, u8, i64)>,
    /// By symbol, "" for all: rates by the lot and by value of maker, taker and auction.
    fees: Vec<(String, [i64; 6])>,
    symbols: Vec<String>,
    entries_max: u64,
    snapshot_every: u64,
    pub(crate) sample_every: u32,
    wants_trades: bool,
    engine: EngineOptions,
}

impl RunOptions {
    pub(crate) fn journal_options(&self) -> Options {
        let durability = if self.fsync { Durability::Fsync } else { Durability::Async };
        Options {
            segment_bytes: self.segment_bytes,
            durability,
            run_id: self.run_id,
            ..Options::default()
        }
    }

    pub(crate) fn config(&self) -> BacktestConfig {
        let limits = self.limits.iter();
        let own = self.symbol_limits.iter();
        let fees = self.fees.iter();
        BacktestConfig {
            engine: self.engine.config(),
            config_json: self.config_json.clone(),
            strategy_name: self.strategy_name.clone(),
            strategy_hash: self.strategy_hash,
            limits: limits.filter_map(|&(raw, v)| Some((Limit::from_raw(raw)?, v))).collect(),
            symbol_limits: own
                .filter_map(|(text, raw, v)| Some((text.clone(), Limit::from_raw(*raw)?, *v)))
                .collect(),
            scope_limits: self
                .scope_limits
                .iter()
                .filter_map(|&(kind, id, raw, value)| {
                    let scope = Scope::new(RiskScope::from_raw(kind)?, id);
                    Some((scope, Limit::from_raw(raw)?, value))
                })
                .collect(),
            fees: fees.map(|(symbol, rates)| (symbol.clone(), fees_of(*rates))).collect(),
            symbols: self.symbols.clone(),
            entries_max: self.entries_max,
            snapshot_every: self.snapshot_every,
            wants_trades: self.wants_trades,
        }
    }
}

const fn fees_of(rates: [i64; 6]) -> FeesSet {
    let [maker_lot_e9, maker_bps_e3, taker_lot_e9, taker_bps_e3, auction_lot_e9, auction_bps_e3] =
        rates;
    FeesSet {
        maker_lot_e9,
        maker_bps_e3,
        taker_lot_e9,
        taker_bps_e3,
        auction_lot_e9,
        auction_bps_e3,
        instrument_id: 0,
        reserved: 0,
    }
}
