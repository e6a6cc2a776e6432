// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! `Run` drives a backtest and calls the strategy.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use onetape_core::events::{SCHEMA_VERSION, StopReason};
use onetape_core::journal::snapshot::SnapshotHeader;
use onetape_core::sim::{Backtest, Probe, Replay, RunError, Stage, Step};
use onetape_io::journal_file::{Recovery, write_snapshot};
use onetape_io::run::{RunSink, StageTimes, new_journal, resumed_journal};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::caller::{Caller, EventClasses, Told};
use crate::compiled::{CompiledCaller, Limits};
use crate::errors::{journal_error, run_error};
use crate::options::RunOptions;
use crate::source::PySource;
use crate::strategy::{Market, StrategyCore};
use crate::summary;
use crate::told::{LiveOrder, Trade};

/// How often progress is shown at the most.
pub(crate) const PROGRESS_EVERY: Duration = Duration::from_millis(100);

/// A run: made, executed once, then asked for what became of it.
#[pyclass(unsendable, module = "onetape._native")]
pub(crate) struct Run {
    shared: Rc<RefCell<Backtest<RunSink>>>,
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
        let recovered = sink.inner().recovery().and_then(cut_text);
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
            shared: self.shared.clone(),
        };
        strategy.borrow_mut().shared = Some(self.shared.clone());
        let done = self.drive(py, &mut caller, progress);
        strategy.borrow_mut().shared = None;
        self.done(py, done)
    }

    /// As `execute`, for a strategy whose code was compiled.
    fn execute_compiled(
        &mut self,
        py: Python<'_>,
        code: &Bound<'_, PyAny>,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let limits = {
            let run = self.shared.borrow();
            let instruments_max = run.engine().books().config().instruments_max;
            Limits { instruments_max, orders_max: run.own_orders_max() }
        };
        let mut caller = CompiledCaller::new(code, self.shared.clone(), limits)?;
        let done = self.drive(py, &mut caller, progress);
        caller.hand_back(py)?;
        self.done(py, done)
    }

    /// What became of it, as plain values.
    fn summary<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let run = self.shared.borrow();
        let out = PyDict::new(py);
        summary::fill(py, &run, &self.times.borrow(), &out)?;
        out.set_item("state_hash", self.state_hash.map(|hash| format!("{hash:016x}")))?;
        out.set_item("snapshots", self.snapshots)?;
        out.set_item("recovered", self.recovered.as_deref())?;
        let error = run.source_error().map(|err| self.source.get().raised(py, err));
        out.set_item("source_error", error.map(|err| err.into_value(py)))?;
        Ok(out)
    }
}

impl Run {
    /// The run is over, one way or another: its journal is closed.
    fn done(&self, py: Python<'_>, done: PyResult<()>) -> PyResult<()> {
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
}

/// What was cut off a journal's torn tail; `None` when nothing was torn.
fn cut_text(recovery: &Recovery) -> Option<String> {
    let Recovery { segment, last_seq, cut_bytes, .. } = recovery;
    (*cut_bytes != 0)
        .then(|| format!("{cut_bytes} bytes after entry {last_seq} (segment {segment}) were cut"))
}

impl Run {
    /// The loop: the run is borrowed only between callbacks.
    fn drive(
        &mut self,
        py: Python<'_>,
        caller: &mut dyn Told,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        let shared = Rc::clone(&self.shared);
        shared.borrow_mut().start().map_err(|err| self.failed(py, err))?;
        self.guard(py, caller.start(py))?;
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
        self.guard(py, caller.stop(py))?;
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
        let unreadable = run.sink().expected().and_then(|recorded| recorded.error());
        match unreadable.or_else(|| run.sink().inner().last_error()) {
            Some(more) => journal_error(py, more),
            None => run_error(py, err, &self.journal),
        }
    }
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<StrategyCore>()?;
    module.add_class::<Market>()?;
    module.add_class::<Trade>()?;
    module.add_class::<LiveOrder>()?;
    module.add_class::<Run>()?;
    Ok(())
}
