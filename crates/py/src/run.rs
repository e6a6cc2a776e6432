// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! `Run` drives a backtest and calls the strategy; `replay` runs a journal again.

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::{Duration, Instant};

use onetape_core::book::BooksConfig;
use onetape_core::events::{
    ConfigLoaded, Counters, Limit, RejectReason, SCHEMA_VERSION, StopReason, kind_name,
};
use onetape_core::journal::Sink;
use onetape_core::journal::snapshot::SnapshotHeader;
use onetape_core::sim::{
    Backtest, BacktestConfig, Callback, EngineConfig, Probe, Replay, RunError, Stage, Step,
};
use onetape_core::types::InstrumentId;
use onetape_io::journal_file::{
    Durability, JournalReader, Options, newest_snapshot, write_snapshot,
};
use onetape_io::run::{StageTimes, new_journal, resumed_journal};
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};

use crate::errors::{journal_error, raise, run_error, snapshot_error};
use crate::source::PySource;
use crate::strategy::{Market, Shared, StrategyCore, Trade};

/// How often progress is shown at the most.
const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// Limits of an engine, from a mapping.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct EngineOptions {
    orders_max: u32,
    instruments_max: u32,
    window_levels: u32,
    own_orders_max: u32,
    midnight_ns: i64,
}

impl EngineOptions {
    const fn config(&self) -> EngineConfig {
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
struct RunOptions {
    journal: PathBuf,
    resume: bool,
    fsync: bool,
    segment_bytes: usize,
    run_id: [u8; 16],
    config_json: String,
    strategy_name: String,
    strategy_hash: u64,
    limits: Vec<(u8, i64)>,
    symbol_limits: Vec<(String, u8, i64)>,
    symbols: Vec<String>,
    entries_max: u64,
    snapshot_every: u64,
    sample_every: u32,
    wants_trades: bool,
    engine: EngineOptions,
}

impl RunOptions {
    fn journal_options(&self) -> Options {
        let durability = if self.fsync { Durability::Fsync } else { Durability::Async };
        Options {
            segment_bytes: self.segment_bytes,
            durability,
            run_id: self.run_id,
            ..Options::default()
        }
    }

    fn config(&self) -> BacktestConfig {
        let limits = self.limits.iter();
        let own = self.symbol_limits.iter();
        BacktestConfig {
            engine: self.engine.config(),
            config_json: self.config_json.clone(),
            strategy_name: self.strategy_name.clone(),
            strategy_hash: self.strategy_hash,
            limits: limits.filter_map(|&(raw, v)| Some((Limit::from_raw(raw)?, v))).collect(),
            symbol_limits: own
                .filter_map(|(text, raw, v)| Some((text.clone(), Limit::from_raw(*raw)?, *v)))
                .collect(),
            symbols: self.symbols.clone(),
            entries_max: self.entries_max,
            snapshot_every: self.snapshot_every,
            wants_trades: self.wants_trades,
        }
    }
}

/// The strategy's callbacks; those it does not define are not called.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Handlers {
    on_start: Option<Py<PyAny>>,
    on_book: Option<Py<PyAny>>,
    on_trade: Option<Py<PyAny>>,
    on_fill: Option<Py<PyAny>>,
    on_order: Option<Py<PyAny>>,
    on_timer: Option<Py<PyAny>>,
    on_stop: Option<Py<PyAny>>,
    one_sided: bool,
}

/// The classes that events are given as.
struct EventClasses {
    filled: Py<PyAny>,
    accepted: Py<PyAny>,
    rejected: Py<PyAny>,
    canceled: Py<PyAny>,
    replaced: Py<PyAny>,
}

impl EventClasses {
    fn new(py: Python<'_>) -> PyResult<Self> {
        let module = py.import("onetape.events")?;
        let unpack = |name| module.getattr(name)?.getattr("unpack").map(Bound::unbind);
        Ok(Self {
            filled: unpack("OrderFilled")?,
            accepted: unpack("OrderAccepted")?,
            rejected: unpack("OrderRejected")?,
            canceled: unpack("OrderCanceled")?,
            replaced: unpack("OrderReplaced")?,
        })
    }
}

/// Calls the strategy.
struct Caller {
    handlers: Handlers,
    classes: EventClasses,
    markets: Vec<Option<Py<Market>>>,
    shared: Shared,
}

impl Caller {
    fn market(&mut self, py: Python<'_>, id: InstrumentId) -> PyResult<&Py<Market>> {
        let slot = &mut self.markets[id as usize];
        if slot.is_none() {
            *slot = Some(Py::new(py, Market::new(py, &self.shared, id))?);
        }
        slot.as_ref().ok_or_else(|| PyRuntimeError::new_err("unreachable: the market was made"))
    }

    /// Tells the strategy one thing, if it wants to hear it.
    fn call(&mut self, py: Python<'_>, callback: Callback) -> PyResult<()> {
        let event = |handler: &Option<Py<PyAny>>, unpack: &Py<PyAny>, body: &[u8]| match handler {
            Some(handler) => {
                let event = unpack.call1(py, (PyBytes::new(py, body),))?;
                handler.call1(py, (event,)).map(drop)
            }
            None => Ok(()),
        };
        let Self { handlers, classes, .. } = self;
        match callback {
            Callback::Book(id) => self.book(py, id),
            Callback::Trade(trade) if handlers.on_trade.is_some() => {
                let market = self.market(py, trade.instrument)?.clone_ref(py);
                let trade = Trade::new(py, &market.borrow(py), &trade);
                call(py, self.handlers.on_trade.as_ref(), (trade,))
            }
            Callback::Fill(e) => event(&handlers.on_fill, &classes.filled, &e.encode()),
            Callback::Accepted(e) => event(&handlers.on_order, &classes.accepted, &e.encode()),
            Callback::Rejected(e) => event(&handlers.on_order, &classes.rejected, &e.encode()),
            Callback::Canceled(e) => event(&handlers.on_order, &classes.canceled, &e.encode()),
            Callback::Replaced(e) => event(&handlers.on_order, &classes.replaced, &e.encode()),
            Callback::Timer(id) => call(py, handlers.on_timer.as_ref(), (id,)),
            Callback::Trade(_) | Callback::Defined(_) => Ok(()),
        }
    }

    #[inline]
    fn book(&mut self, py: Python<'_>, id: InstrumentId) -> PyResult<()> {
        let two_sided = || self.shared.borrow().engine().touch(id).is_two_sided();
        if self.handlers.on_book.is_none() || !(self.handlers.one_sided || two_sided()) {
            return Ok(());
        }
        let market = self.market(py, id)?.clone_ref(py);
        call(py, self.handlers.on_book.as_ref(), (market,))
    }
}

fn call<'py, A>(py: Python<'py>, handler: Option<&Py<PyAny>>, arguments: A) -> PyResult<()>
where
    A: pyo3::call::PyCallArgs<'py>,
{
    handler.map_or(Ok(()), |handler| handler.call1(py, arguments).map(drop))
}

/// A run: made, executed once, then asked for what became of it.
#[pyclass(unsendable, module = "onetape._native")]
pub(crate) struct Run {
    shared: Shared,
    source: Py<PySource>,
    times: RefCell<StageTimes>,
    journal: PathBuf,
    snapshots: u64,
    state_hash: Option<u64>,
    recovered: Option<String>,
}

#[pymethods]
impl Run {
    #[new]
    fn new(py: Python<'_>, options: &Bound<'_, PyDict>, source: Py<PySource>) -> PyResult<Self> {
        let options: RunOptions = options.extract()?;
        let journal_options = options.journal_options();
        let open = if options.resume { resumed_journal } else { new_journal };
        let sink = open(&options.journal, &journal_options).map_err(|e| journal_error(py, &e))?;
        let recovered = sink.inner().recovery().map(|recovery| format!("{recovery:?}"));
        let taken = source.get().take(py)?;
        let run = Backtest::new(options.config(), taken, sink);
        Ok(Self {
            shared: Rc::new(RefCell::new(run)),
            source,
            times: RefCell::new(StageTimes::new(options.sample_every)),
            journal: options.journal,
            snapshots: 0,
            state_hash: None,
            recovered,
        })
    }

    /// Runs to the end of the source, or until the strategy raises.
    ///
    /// `handlers` holds the strategy's callbacks, `progress` is called now and then with messages
    /// done, bytes done and bytes in all.
    fn execute(
        &mut self,
        py: Python<'_>,
        strategy: &Bound<'_, StrategyCore>,
        handlers: &Bound<'_, PyDict>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let markets_count = self.shared.borrow().engine().books().config().instruments_max;
        let mut caller = Caller {
            handlers: handlers.extract()?,
            classes: EventClasses::new(py)?,
            markets: (0..=markets_count).map(|_| None).collect(),
            shared: Rc::clone(&self.shared),
        };
        strategy.borrow_mut().shared = Some(Rc::clone(&self.shared));
        let done = self.drive(py, &mut caller, progress);
        strategy.borrow_mut().shared = None;
        match done {
            Ok(()) => {}
            Err(err) if err.is_instance_of::<PyKeyboardInterrupt>(py) => {
                self.close(py)?;
                return Err(err);
            }
            Err(err) => {
                // The journal is closed whatever happened; the first error is the one that counts.
                return Err(self.close(py).err().unwrap_or(err));
            }
        }
        self.close(py)
    }

    /// What became of it, as plain values.
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let run = self.shared.borrow();
        let out = PyDict::new(py);
        out.set_item("state_hash", self.state_hash.map(|hash| format!("{hash:016x}")))?;
        out.set_item("entries", run.sink().last_seq())?;
        out.set_item("market_data_entries", run.entries())?;
        out.set_item("entries_matched", run.sink().entries_matched())?;
        out.set_item("snapshots", self.snapshots)?;
        out.set_item("recovered", self.recovered.as_deref())?;
        let source_counts = PyDict::new(py);
        for (name, count) in run.source().counts() {
            source_counts.set_item(name, count)?;
        }
        out.set_item("source_counts", source_counts)?;
        let events = PyDict::new(py);
        for (kind, count) in run.sink().counts() {
            events.set_item(kind_name(kind).unwrap_or("?"), count)?;
        }
        out.set_item("events", events)?;
        let rejects = PyDict::new(py);
        for (reason, count) in run.rejects() {
            let text = RejectReason::from_raw(reason).map_or("?", RejectReason::text);
            rejects.set_item(text, count)?;
        }
        out.set_item("rejects", rejects)?;
        let counters = PyDict::new(py);
        for (name, value) in Counters::NAMES.iter().zip(run.engine().counters().values()) {
            counters.set_item(name, value)?;
        }
        out.set_item("counters", counters)?;
        out.set_item("positions", positions(py, &run)?)?;
        out.set_item("latency_ns", self.latencies(py)?)?;
        let error = run.source_error().map(|err| self.source.get().raised(py, err));
        out.set_item("source_error", error.map(|err| err.into_value(py)))?;
        Ok(out)
    }
}

impl Run {
    /// The loop: the run is borrowed only between callbacks.
    fn drive(
        &mut self,
        py: Python<'_>,
        caller: &mut Caller,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let shared = Rc::clone(&self.shared);
        shared.borrow_mut().start().map_err(|err| self.failed(py, err))?;
        self.guard(py, call(py, caller.handlers.on_start.as_ref(), ()))?;
        let mut shown = Instant::now();
        loop {
            let step = shared.borrow_mut().step(&mut *self.times.borrow_mut());
            match step.map_err(|err| self.failed(py, err))? {
                Step::Call(callback) => {
                    self.times.borrow_mut().start();
                    let done = caller.call(py, callback);
                    self.times.borrow_mut().stop(Stage::Strategy);
                    self.guard(py, done)?;
                }
                Step::Snapshot => self.take_snapshot(py)?,
                Step::Breathe => {
                    py.check_signals()?;
                    if let Some(progress) = progress
                        && shown.elapsed() >= PROGRESS_EVERY
                    {
                        shown = Instant::now();
                        self.show(progress)?;
                    }
                }
                Step::SourceEnded => break,
            }
        }
        self.guard(py, call(py, caller.handlers.on_stop.as_ref(), ()))?;
        if let Some(progress) = progress {
            self.show(progress)?;
        }
        self.finish(py)
    }

    /// An exception of the strategy stops it, cancels its orders and ends the run.
    fn guard(&mut self, py: Python<'_>, done: PyResult<()>) -> PyResult<()> {
        let Err(err) = done else { return Ok(()) };
        if err.is_instance_of::<PyKeyboardInterrupt>(py) {
            return Err(err);
        }
        let text = err.to_string();
        let stopped = self.shared.borrow_mut().stop_strategy(StopReason::Exception, &text);
        stopped.map_err(|err| self.failed(py, err))?;
        self.finish(py)?;
        Err(err)
    }

    fn finish(&mut self, py: Python<'_>) -> PyResult<()> {
        let hash = self.shared.borrow_mut().finish(&mut *self.times.borrow_mut());
        self.state_hash = Some(hash.map_err(|err| self.failed(py, err))?);
        Ok(())
    }

    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let mut run = self.shared.borrow_mut();
        run.sink_mut().inner_mut().finish().map_err(|err| journal_error(py, &err))
    }

    fn show(&self, progress: &Bound<'_, PyAny>) -> PyResult<()> {
        let (messages, bytes) = {
            let run = self.shared.borrow();
            (run.entries(), run.source().progress())
        };
        progress.call1((messages, bytes.bytes_done, bytes.bytes_total)).map(drop)
    }

    fn take_snapshot(&mut self, py: Python<'_>) -> PyResult<()> {
        let mut run = self.shared.borrow_mut();
        let (seq, state_hash, body) = run.snapshot().map_err(|err| self.failed(py, err))?;
        let header = SnapshotHeader {
            seq,
            ts_ns: run.now(),
            state_hash,
            schema_version: SCHEMA_VERSION,
            component_version: Replay::SNAPSHOT_VERSION,
        };
        write_snapshot(&self.journal, &header, &body).map_err(|err| journal_error(py, &err))?;
        self.snapshots += 1;
        Ok(())
    }

    /// What stopped the run, with what the journal's writer knows of it.
    fn failed(&self, py: Python<'_>, err: RunError) -> PyErr {
        let Ok(run) = self.shared.try_borrow() else { return run_error(py, err, &self.journal) };
        match run.sink().inner().last_error() {
            Some(more) => journal_error(py, more),
            None => run_error(py, err, &self.journal),
        }
    }

    fn latencies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let times = self.times.borrow();
        let out = PyDict::new(py);
        for stage in Stage::ALL {
            let histogram = times.histogram(stage);
            if histogram.is_empty() {
                continue;
            }
            let row = PyDict::new(py);
            row.set_item("samples", histogram.len())?;
            for (name, quantile) in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)] {
                row.set_item(name, histogram.value_at_quantile(quantile))?;
            }
            row.set_item("max", histogram.max())?;
            out.set_item(stage.name(), row)?;
        }
        Ok(out)
    }
}

/// One row a traded instrument, everything in ticks, lots and tick-lots.
fn positions<'py, S: Sink>(py: Python<'py>, run: &Backtest<S>) -> PyResult<Bound<'py, PyList>> {
    let engine = run.engine();
    let out = PyList::empty(py);
    for (_, id, position) in engine.desk().portfolio().traded() {
        let touch = engine.touch(id);
        let exit = if position.lots >= 0 { touch.bid } else { touch.ask };
        let mark = if exit == 0 { engine.last_trade(id).unwrap_or(0) } else { exit };
        let row = PyDict::new(py);
        if let Some(instrument) = engine.instrument(id) {
            let d = &instrument.definition;
            row.set_item("symbol", String::from_utf8_lossy(instrument.symbol()))?;
            row.set_item("currency", String::from_utf8_lossy(d.currency.trim_ascii_end()))?;
            row.set_item("unit_e27", (d.tick_e9, d.lot_e9, d.multiplier_e9))?;
        }
        row.set_item("position_lots", position.lots)?;
        row.set_item("cash_ticklots", position.cash)?;
        row.set_item("realised_ticklots", position.realised)?;
        row.set_item("mark_ticks", mark)?;
        row.set_item("profit_ticklots", position.profit_at(mark))?;
        row.set_item("bought_lots", position.bought)?;
        row.set_item("sold_lots", position.sold)?;
        row.set_item("fills", position.fills)?;
        row.set_item("maker_lots", position.added)?;
        row.set_item("slippage_half_ticklots", position.slippage_half)?;
        row.set_item("slippage_lots", position.slippage_lots)?;
        out.append(row)?;
    }
    Ok(out)
}

/// Runs a journal again and gives what was compared. `from_snapshot`: from the newest one.
#[pyfunction]
#[pyo3(signature = (journal, engine, *, from_snapshot=false, progress=None))]
fn replay<'py>(
    py: Python<'py>,
    journal: &Bound<'py, PyAny>,
    engine: &Bound<'py, PyDict>,
    from_snapshot: bool,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let journal: PathBuf = journal.extract()?;
    let engine: EngineOptions = engine.extract()?;
    let mut replay = Replay::new(engine.config());
    let mut reader = JournalReader::open(&journal).map_err(|err| journal_error(py, &err))?;
    let from = if from_snapshot { restore(py, &journal, &mut replay, &mut reader)? } else { None };
    let mut shown = Instant::now();
    while let Some(entry) = reader.next_entry().map_err(|err| journal_error(py, &err))? {
        if let Err(mismatch) = replay.apply(entry) {
            return mismatch_report(py, &mismatch);
        }
        if replay.entries().is_multiple_of(1 << 16) {
            py.check_signals()?;
            if let Some(progress) = progress
                && shown.elapsed() >= PROGRESS_EVERY
            {
                shown = Instant::now();
                progress.call1((replay.entries(),))?;
            }
        }
    }
    let out = PyDict::new(py);
    out.set_item("state_hash", format!("{:016x}", replay.state_hash()))?;
    out.set_item("entries", replay.entries())?;
    out.set_item("hashes", replay.hashes())?;
    out.set_item("outputs_missing", replay.outputs_missing())?;
    out.set_item("from_snapshot", from)?;
    out.set_item("mismatch", py.None())?;
    Ok(out)
}

/// The configuration that is a journal's first entry, as JSON text; empty when it is something else.
#[pyfunction]
fn read_config(py: Python<'_>, journal: &Bound<'_, PyAny>) -> PyResult<String> {
    let journal: PathBuf = journal.extract()?;
    let mut reader = JournalReader::open(&journal).map_err(|err| journal_error(py, &err))?;
    let entry = reader.next_entry().map_err(|err| journal_error(py, &err))?;
    let text = entry.filter(|entry| entry.kind == ConfigLoaded::KIND);
    let tail = text.and_then(|entry| entry.body.get(ConfigLoaded::SIZE..)).unwrap_or_default();
    Ok(String::from_utf8_lossy(tail).into_owned())
}

/// Takes up the newest whole snapshot; gives its sequence number.
fn restore(
    py: Python<'_>,
    journal: &Path,
    replay: &mut Replay,
    reader: &mut JournalReader,
) -> PyResult<Option<u64>> {
    let found = newest_snapshot(journal, u64::MAX).map_err(|err| journal_error(py, &err))?;
    let Some((header, body)) = found.0 else {
        let message = format!("{} holds no whole snapshot", journal.display());
        let hint = "replay from the start, or set [journal] snapshot_every for the next run";
        return Err(raise(py, "JournalGapError", "JRN-020", &message, hint));
    };
    replay.restore(&body).map_err(|err| snapshot_error(py, err, journal))?;
    if replay.state_hash() != header.state_hash {
        let at = journal.display();
        let message =
            format!("{at}: the state restored from snapshot {} has another hash", header.seq);
        let hint = "replay from the start; the snapshot was made by another version";
        return Err(raise(py, "ReplayMismatchError", "RPL-002", &message, hint));
    }
    reader.seek_seq(header.seq + 1).map_err(|err| journal_error(py, &err))?;
    Ok(Some(header.seq))
}

fn mismatch_report<'py>(
    py: Python<'py>,
    mismatch: &onetape_core::sim::Mismatch,
) -> PyResult<Bound<'py, PyDict>> {
    let side = |side: &Option<(u16, Vec<u8>)>| {
        side.as_ref().map(|(kind, body)| (*kind, PyBytes::new(py, body).unbind()))
    };
    let out = PyDict::new(py);
    out.set_item("mismatch", (mismatch.seq, side(&mismatch.made), side(&mismatch.found)))?;
    Ok(out)
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<StrategyCore>()?;
    module.add_class::<Market>()?;
    module.add_class::<Trade>()?;
    module.add_class::<Run>()?;
    module.add_function(wrap_pyfunction!(read_config, module)?)?;
    module.add_function(wrap_pyfunction!(replay, module)?)
}
