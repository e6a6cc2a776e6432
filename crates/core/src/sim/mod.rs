// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Runs on data with virtual time: one thread, seeded, the same on every machine.

mod backtest;
mod callback;
mod engine;
mod entries;
pub mod flow;
mod host;
mod outgoing;
mod probe;
pub mod random;
mod remote;
mod replay;
pub mod source;
mod venue;

pub use backtest::{Backtest, BacktestConfig, RunError, STRATEGY, Step};
pub use callback::{Callback, MarketTrade};
pub use engine::{Engine, EngineConfig, Touch, sources};
pub use host::{Intent, QuoteSide, StrategyHost};
pub use probe::{NoProbe, Probe, Stage};
pub use replay::{Expected, Mismatch, Replay, ResumeSink};
