// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Runs on data with virtual time: one thread, seeded, the same on every machine.

mod backtest;
mod engine;
mod entries;
pub mod flow;
mod probe;
pub mod random;
mod replay;
pub mod source;
mod venue;

pub use backtest::{Backtest, BacktestConfig, RunError, STRATEGY, Step};
pub use engine::{Engine, EngineConfig, sources};
pub use probe::{NoProbe, Probe, Stage};
pub use replay::{Expected, Mismatch, Replay, ResumeSink};

pub use crate::trading::{Callback, Intent, MarketTrade, QuoteSide, StrategyHost, Touch};
