// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Drives a run: source, timers and intents become journal entries; the engine applies them.
//!
//! It is pulled: [`Backtest::step`] goes on until a strategy is to be called and then returns, so
//! that nothing is borrowed while the strategy runs. Every input is journaled before it is acted on.

mod settings;

use super::engine::{Engine, EngineConfig, sources};
use super::entries::{IntentBody, Outputs, PutBy, checked, take_item};
use super::probe::{Probe, Stage};
use super::source::{MarketSource, SourceError};
use crate::component::{Component, Entry, Snapshot};
use crate::events::{
    ConfigLoaded, FeesSet, Limit, MarketUpdated, PacketReceived, SCHEMA_VERSION, ScopeLimitSet,
    SnapshotTaken, SourceEnded, StateHashed, StopReason, StrategyStarted, StrategyStopped,
    TimerFired,
};
use crate::journal::{Sink, SinkError};
use crate::risk::Scope;
use crate::trading::{Callback, StrategyHost, StrategyRun, StrategyView};
use crate::types::{InstrumentId, StrategyId, TsNs};

/// The one strategy of a run.
pub const STRATEGY: StrategyId = 1;

/// What a run is made of, beside its source and its journal.
#[derive(Clone, Debug)]
pub struct BacktestConfig {
    /// The engine's limits.
    pub engine: EngineConfig,
    /// The configuration in force, as JSON text: the first entry of the journal.
    pub config_json: String,
    /// The strategy's name.
    pub strategy_name: String,
    /// First 8 bytes of the BLAKE3 of the strategy's source text.
    pub strategy_hash: u64,
    /// Risk limits for all instruments.
    pub limits: Vec<(Limit, i64)>,
    /// Risk limits of single instruments, by symbol.
    pub symbol_limits: Vec<(String, Limit, i64)>,
    /// Risk limits of strategies, accounts, the firm and other scopes.
    pub scope_limits: Vec<(Scope, Limit, i64)>,
    /// What fills cost, by symbol; "" for instruments that have no rates of their own.
    pub fees: Vec<(String, FeesSet)>,
    /// Symbols whose callbacks the strategy wants; empty for all.
    pub symbols: Vec<String>,
    /// Entries of market data to take; 0 for all.
    pub entries_max: u64,
    /// Entries of market data between two snapshots; 0 for none.
    pub snapshot_every: u64,
    /// Whether the strategy wants to hear of other people's trades.
    pub wants_trades: bool,
}

/// Why a run stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunError {
    /// The journal took no more; what it took is safe.
    Journal(SinkError),
    /// A replay or a resumed run differs from the journal at this entry.
    Mismatch {
        /// Sequence number of the first entry that differs.
        seq: u64,
    },
}

impl From<SinkError> for RunError {
    fn from(err: SinkError) -> Self {
        match err {
            SinkError::Differs { seq } => Self::Mismatch { seq },
            err => Self::Journal(err),
        }
    }
}

/// What the driver stopped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Tell the strategy this.
    Call(Callback),
    /// A snapshot is due: [`Backtest::snapshot`] gives its bytes, then go on.
    Snapshot,
    /// A good moment to show progress and to look for a signal.
    Breathe,
    /// The source came to its end: call the strategy's stop callback, then [`Backtest::finish`].
    SourceEnded,
}

/// Steps of market data between two [`Step::Breathe`].
const BREATHE_EVERY: u64 = 1 << 14;

/// A run under way.
pub struct Backtest<S> {
    engine: Engine,
    host: StrategyHost,
    source: Box<dyn MarketSource>,
    sink: S,
    config: BacktestConfig,
    subscribed: Vec<bool>,
    put_by: Option<PutBy>,
    entries: u64,
    snapshot_due: bool,
    running: bool,
    ended: bool,
    source_error: Option<SourceError>,
    rejects: [u64; REASONS],
}

/// Reject reasons that are counted; those of the schema are below this.
const REASONS: usize = 128;

impl<S: Sink> StrategyRun for Backtest<S> {
    fn strategy(&self) -> StrategyId {
        STRATEGY
    }

    fn view(&self) -> &dyn StrategyView {
        &self.engine
    }

    fn parts(&mut self) -> (&dyn StrategyView, &mut StrategyHost) {
        (&self.engine, &mut self.host)
    }
}

impl<S: Sink> Backtest<S> {
    /// A run that has not begun.
    #[must_use]
    pub fn new(config: BacktestConfig, source: Box<dyn MarketSource>, sink: S) -> Self {
        let instruments_max = config.engine.books.instruments_max;
        Self {
            engine: Engine::new(config.engine),
            host: StrategyHost::new(STRATEGY, instruments_max),
            source,
            sink,
            subscribed: vec![false; instruments_max as usize + 1],
            config,
            put_by: None,
            entries: 0,
            snapshot_due: false,
            running: false,
            ended: false,
            source_error: None,
            rejects: [0; REASONS],
        }
    }

    /// The engine, to look at.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The strategy's side, to ask for things.
    pub const fn host_mut(&mut self) -> &mut StrategyHost {
        &mut self.host
    }

    /// The journal.
    pub const fn sink_mut(&mut self) -> &mut S {
        &mut self.sink
    }

    /// The source.
    #[must_use]
    pub fn source(&self) -> &dyn MarketSource {
        self.source.as_ref()
    }

    /// Entries of market data taken so far.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// Live orders that the strategy may have, quotes not counted.
    #[must_use]
    pub const fn own_orders_max(&self) -> u32 {
        self.config.engine.own_orders_max
    }

    /// Journal time: that of the last entry; 0 before the first.
    #[must_use]
    pub fn now(&self) -> TsNs {
        self.sink.last_ts_ns().max(0)
    }

    /// Rejects by reason: reason and count, without those that never came.
    pub fn rejects(&self) -> impl Iterator<Item = (u16, u64)> {
        let all = self.rejects.iter().enumerate().map(|(reason, &count)| (reason as u16, count));
        all.filter(|&(_, count)| count != 0)
    }

    /// The journal, to look at.
    #[must_use]
    pub const fn sink(&self) -> &S {
        &self.sink
    }

    /// Why the source stopped early, if it did; what came before is good.
    #[must_use]
    pub const fn source_error(&self) -> Option<SourceError> {
        self.source_error
    }

    /// Journals the configuration, the limits and the strategy's start. The strategy's start
    /// callback comes next, then [`Self::step`].
    ///
    /// # Errors
    /// When the journal takes no more.
    pub fn start(&mut self) -> Result<(), RunError> {
        let header = ConfigLoaded { schema_version: SCHEMA_VERSION, reserved: 0 };
        let text = std::mem::take(&mut self.config.config_json);
        self.input(
            sources::CONFIG,
            ConfigLoaded::KIND,
            ConfigLoaded::VERSION,
            &header.encode(),
            text.as_bytes(),
        )?;
        for (limit, value) in std::mem::take(&mut self.config.limits) {
            self.set_limit(limit, 0, value)?;
        }
        for (scope, limit, value) in std::mem::take(&mut self.config.scope_limits) {
            let (id, limit) = (scope.id, u16::from(limit.raw()));
            let event = ScopeLimitSet { value, id, limit, scope: scope.kind.raw(), reserved: 0 };
            let (kind, version) = (ScopeLimitSet::KIND, ScopeLimitSet::VERSION);
            self.input(sources::CONFIG, kind, version, &event.encode(), &[])?;
        }
        self.set_fees(b"", 0)?;
        let started = StrategyStarted {
            strategy_id: STRATEGY,
            reserved: 0,
            code_hash: self.config.strategy_hash,
        };
        let name = std::mem::take(&mut self.config.strategy_name);
        let (kind, version) = (StrategyStarted::KIND, StrategyStarted::VERSION);
        self.input(sources::CONFIG, kind, version, &started.encode(), name.as_bytes())?;
        self.running = true;
        Ok(())
    }

    /// Goes on until something is to be done outside.
    ///
    /// # Errors
    /// When the journal takes no more, or differs from what it holds already.
    pub fn step<P: Probe>(&mut self, probe: &mut P) -> Result<Step, RunError> {
        loop {
            if self.run_intents(probe)? {
                continue;
            }
            if let Some(callback) = self.next_callback()? {
                return Ok(Step::Call(callback));
            }
            if std::mem::take(&mut self.snapshot_due) {
                return Ok(Step::Snapshot);
            }
            if self.ended {
                return Ok(Step::SourceEnded);
            }
            self.take_market_data(probe)?;
            let is_quiet = self.engine.callbacks().is_empty();
            if is_quiet && self.entries.is_multiple_of(BREATHE_EVERY) {
                return Ok(Step::Breathe);
            }
        }
    }

    /// Applies the intents that wait; whether there were any.
    fn run_intents<P: Probe>(&mut self, probe: &mut P) -> Result<bool, RunError> {
        let mut any = false;
        while let Some(intent) = self.host.take_intent() {
            any = true;
            probe.start();
            let ts_ns = self.now();
            let mut body = IntentBody { kind: 0, version: 0, length: 0, bytes: [0; 192] };
            intent.emit(&mut body);
            let source = sources::STRATEGY + STRATEGY;
            let fixed = &body.bytes[..body.length];
            let seq = self.sink.append(ts_ns, body.kind, body.version, source, fixed, &[])?;
            let (kind, version) = (body.kind, body.version);
            self.apply(Entry { seq, ts_ns, kind, version, source, body: fixed })?;
            probe.stop(Stage::Order);
        }
        Ok(any)
    }

    /// The next thing to tell the strategy; housekeeping is done here.
    fn next_callback(&mut self) -> Result<Option<Callback>, RunError> {
        while let Some(callback) = self.engine.next_callback() {
            match callback {
                Callback::Defined(instrument) => {
                    self.defined(instrument)?;
                    return Ok(Some(callback));
                }
                Callback::Fill(e) => self.host.touched(e.instrument_id, e.client_id),
                Callback::Canceled(e) => self.host.touched(e.instrument_id, e.client_id),
                Callback::StateChanged(e) => self.host.touched(e.instrument_id, e.client_id),
                Callback::Rejected(e) => {
                    self.host.touched(e.instrument_id, e.client_id);
                    self.rejects[usize::from(e.reason) % REASONS] += 1;
                }
                Callback::Book(instrument) if !self.is_subscribed(instrument) => continue,
                Callback::Trade(trade)
                    if !self.config.wants_trades || !self.is_subscribed(trade.instrument) =>
                {
                    continue;
                }
                _ => {}
            }
            if self.running {
                return Ok(Some(callback));
            }
        }
        Ok(None)
    }

    fn is_subscribed(&self, instrument: InstrumentId) -> bool {
        self.subscribed.get(instrument as usize).copied().unwrap_or(false)
    }

    /// An instrument is named: its own limits come into force.
    /// Journals and applies the next entry of the source. Where a timer comes due before it, the
    /// entry is put by and the timer fires first.
    fn take_market_data<P: Probe>(&mut self, probe: &mut P) -> Result<(), RunError> {
        if let Some(put_by) = self.put_by.take() {
            if self.fire_timer(put_by.ts_ns)? {
                self.put_by = Some(put_by);
                return Ok(());
            }
            let item = put_by.item();
            take_item(&mut self.engine, &mut self.sink, &item, probe)?;
            self.taken(item.kind);
            return Ok(());
        }
        if self.config.entries_max != 0 && self.entries == self.config.entries_max {
            return self.source_ended();
        }
        if self.entries.is_multiple_of(Engine::WARM_MAX as u64) {
            self.engine.warm(self.source.upcoming());
        }
        probe.start();
        let item = match self.source.next() {
            Ok(Some(item)) => item,
            Ok(None) => return self.source_ended(),
            Err(err) => {
                self.source_error = Some(err);
                return self.source_ended();
            }
        };
        if self.host.has_timer(item.ts_ns) {
            self.put_by = Some(PutBy::new(&item));
            return Ok(());
        }
        probe.stop(Stage::Source);
        let kind = item.kind;
        take_item(&mut self.engine, &mut self.sink, &item, probe)?;
        self.taken(kind);
        Ok(())
    }

    /// One more entry of market data is done; a snapshot may be due.
    const fn taken(&mut self, kind: u16) {
        if matches!(kind, PacketReceived::KIND | MarketUpdated::KIND) {
            self.entries += 1;
            let every = self.config.snapshot_every;
            self.snapshot_due = every != 0 && self.entries.is_multiple_of(every);
        }
    }

    /// Fires the first timer due at or before `now`; whether there was one.
    fn fire_timer(&mut self, now: TsNs) -> Result<bool, RunError> {
        let Some((due, id)) = self.host.take_timer(now) else { return Ok(false) };
        let event = TimerFired { strategy_id: STRATEGY, timer_id: id, due_ts_ns: due };
        let (kind, version) = (TimerFired::KIND, TimerFired::VERSION);
        self.input_at(due, sources::CONFIG, kind, version, &event.encode(), &[])?;
        Ok(true)
    }

    fn source_ended(&mut self) -> Result<(), RunError> {
        self.ended = true;
        let event = SourceEnded { entries: self.entries };
        let (kind, version) = (SourceEnded::KIND, SourceEnded::VERSION);
        self.input(sources::FEED, kind, version, &event.encode(), &[])
    }

    /// Stops the strategy and cancels its orders; it is called no more.
    ///
    /// # Errors
    /// When the journal takes no more.
    pub fn stop_strategy(&mut self, reason: StopReason, text: &str) -> Result<(), RunError> {
        self.running = false;
        self.host.clear();
        let reason = u16::from(reason.raw());
        let event = StrategyStopped { strategy_id: STRATEGY, reason, reserved: 0 };
        let (kind, version) = (StrategyStopped::KIND, StrategyStopped::VERSION);
        self.input(sources::CONFIG, kind, version, &event.encode(), text.as_bytes())
    }

    /// Ends the run: what the strategy last asked for is done, it is stopped, and the digest of the
    /// final state, which is returned, closes the journal.
    ///
    /// # Errors
    /// When the journal takes no more.
    pub fn finish<P: Probe>(&mut self, probe: &mut P) -> Result<u64, RunError> {
        if self.running {
            self.run_intents(probe)?;
            self.stop_strategy(StopReason::RunEnded, "")?;
        }
        let state_hash = self.engine.state_hash();
        self.output(StateHashed::KIND, StateHashed::VERSION, &StateHashed { state_hash }.encode())?;
        Ok(state_hash)
    }

    /// Journals that a snapshot was taken and gives its bytes and the sequence number it stands at.
    ///
    /// # Errors
    /// When the journal takes no more.
    pub fn snapshot(&mut self) -> Result<(u64, u64, Vec<u8>), RunError> {
        let seq = self.sink.last_seq();
        let state_hash = self.engine.state_hash();
        let event = SnapshotTaken { state_hash };
        self.output(SnapshotTaken::KIND, SnapshotTaken::VERSION, &event.encode())?;
        let mut bytes = Vec::new();
        self.engine.save(&mut bytes);
        Ok((seq, state_hash, bytes))
    }

    /// Journals an input at the present time and applies it.
    fn input(
        &mut self,
        source: u32,
        kind: u16,
        version: u8,
        fixed: &[u8],
        tail: &[u8],
    ) -> Result<(), RunError> {
        self.input_at(self.now(), source, kind, version, fixed, tail)
    }

    fn input_at(
        &mut self,
        ts_ns: TsNs,
        source: u32,
        kind: u16,
        version: u8,
        fixed: &[u8],
        tail: &[u8],
    ) -> Result<(), RunError> {
        let ts_ns = ts_ns.max(self.now());
        let seq = self.sink.append(ts_ns, kind, version, source, fixed, tail)?;
        let mut body = fixed.to_vec();
        body.extend_from_slice(tail);
        self.apply(Entry { seq, ts_ns, kind, version, source, body: &body })
    }

    fn apply(&mut self, entry: Entry<'_>) -> Result<(), RunError> {
        let ts_ns = entry.ts_ns;
        let sink = &mut self.sink;
        let mut out = Outputs { sink, source: sources::ENGINE, ts_ns, failed: None };
        self.engine.apply(entry, &mut out);
        checked(out.failed)
    }

    fn output(&mut self, kind: u16, version: u8, body: &[u8]) -> Result<(), RunError> {
        let ts_ns = self.now();
        self.sink.append(ts_ns, kind, version, sources::ENGINE, body, &[])?;
        Ok(())
    }
}
