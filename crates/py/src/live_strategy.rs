// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A plain strategy's process in a live node: it follows the journal, and calls the class.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use onetape_core::events::StopReason;
use onetape_core::trading::Callback;
use onetape_io::live::{FollowError, Followed, Follower};
use pyo3::exceptions::{PyKeyboardInterrupt, PyOSError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::caller::{Caller, EventClasses, Told};
use crate::compiled::{CompiledCaller, Limits as CallLimits};
use crate::errors::{journal_error, server_error};
use crate::live::Limits;
use crate::strategy::{Shared, StrategyCore};

/// Looks that found nothing before the process sleeps, where it may.
const LOOKS_MAX: u32 = 1_000;
/// How long it sleeps.
const SLEEP: Duration = Duration::from_micros(50);
/// How often signals are looked for.
const SIGNALS_EVERY: Duration = Duration::from_millis(20);

/// A strategy that follows a live node.
#[pyclass(unsendable, module = "onetape._native")]
pub(crate) struct LiveStrategy {
    follower: Rc<RefCell<Follower>>,
    markets_count: usize,
    call_limits: CallLimits,
    inlet: PathBuf,
    busy_poll: bool,
}

fn raise(py: Python<'_>, error: &FollowError) -> PyErr {
    match error {
        FollowError::Journal(error) => journal_error(py, error),
        FollowError::Inlet(error) => PyOSError::new_err(format!("the engine's inlet: {error}")),
        _ => PyOSError::new_err("the engine is not to be followed"),
    }
}

#[pymethods]
impl LiveStrategy {
    /// What a person should know of where it began to read.
    fn notices(&self) -> Vec<String> {
        self.follower.borrow().notices().to_vec()
    }

    /// A strategy behind the journal's newest snapshot.
    #[new]
    #[expect(clippy::needless_pass_by_value, reason = "as it comes from Python")]
    fn new(
        py: Python<'_>,
        journal: PathBuf,
        limits: &Bound<'_, PyAny>,
        strategy: u32,
        inlet: PathBuf,
        symbols: Vec<String>,
        busy_poll: bool,
    ) -> PyResult<Self> {
        let limits: Limits = limits.extract()?;
        let config = limits.node().map_err(|error| server_error(py, &error))?;
        let follower = Follower::open(&journal, config, strategy, symbols);
        let follower = follower.map_err(|error| raise(py, &error))?;
        let markets_count = config.books.instruments_max as usize;
        let call_limits = CallLimits {
            instruments_max: config.books.instruments_max,
            orders_max: config.own_orders_max,
        };
        let follower = Rc::new(RefCell::new(follower));
        Ok(Self { follower, markets_count, call_limits, inlet, busy_poll })
    }

    /// Follows until the strategy is stopped, and gives the reason's number; where nobody asked for
    /// it, not at all when the engine holds the strategy.
    ///
    /// An exception of the strategy stops it, cancels its orders, and is raised again.
    fn execute(
        &mut self,
        py: Python<'_>,
        strategy: &Bound<'_, StrategyCore>,
        handlers: &Bound<'_, PyDict>,
        is_asked_for: bool,
    ) -> PyResult<u16> {
        let shared: Shared = Rc::clone(&self.follower) as Shared;
        let mut caller = Caller {
            handlers: handlers.extract()?,
            classes: EventClasses::new(py)?,
            markets: (0..=self.markets_count).map(|_| None).collect(),
            shared: Rc::clone(&shared),
        };
        strategy.borrow_mut().shared = Some(shared);
        let done = self.drive(py, &mut caller, is_asked_for);
        if let Err(error) = &done {
            self.last_words(py, error)?;
        }
        strategy.borrow_mut().shared = None;
        done
    }

    /// As `execute`, for a strategy whose code was compiled.
    fn execute_compiled(
        &mut self,
        py: Python<'_>,
        code: &Bound<'_, PyAny>,
        is_asked_for: bool,
    ) -> PyResult<u16> {
        let shared: Shared = Rc::clone(&self.follower) as Shared;
        let mut caller = CompiledCaller::new(code, shared, self.call_limits)?;
        let done = self.drive(py, &mut caller, is_asked_for);
        if let Err(error) = &done {
            self.last_words(py, error)?;
        }
        caller.hand_back(py)?;
        done
    }
}

impl LiveStrategy {
    fn drive(&self, py: Python<'_>, caller: &mut dyn Told, is_asked_for: bool) -> PyResult<u16> {
        let follower = &self.follower;
        follower.borrow_mut().catch_up().map_err(|error| raise(py, &error))?;
        let joined = follower.borrow_mut().join(&self.inlet, is_asked_for);
        if !joined.map_err(|error| raise(py, &error))? {
            return Ok(u16::from(StopReason::Operator.raw()));
        }
        let (mut looks, mut signals) = (0, Instant::now());
        loop {
            let found = follower.borrow_mut().step().map_err(|error| raise(py, &error))?;
            match found {
                Followed::Call(callback) => {
                    self.tell(py, caller, callback)?;
                    looks = 0;
                }
                Followed::Started => {
                    let declared = follower.borrow_mut().declare(&caller.parameters());
                    for set_before in declared.map_err(|error| raise(py, &error))? {
                        caller.call(py, set_before)?;
                    }
                    caller.start(py)?;
                    self.hand_in(py)?;
                }
                Followed::Stopped(reason) => {
                    caller.stop(py)?;
                    return Ok(u16::from(reason.raw()));
                }
                Followed::Idle => {
                    looks += 1;
                    if looks > LOOKS_MAX && !self.busy_poll {
                        py.detach(|| std::thread::sleep(SLEEP));
                    }
                }
            }
            follower.borrow_mut().live();
            if signals.elapsed() >= SIGNALS_EVERY {
                signals = Instant::now();
                py.check_signals()?;
            }
        }
    }

    #[inline]
    fn tell(&self, py: Python<'_>, caller: &mut dyn Told, callback: Callback) -> PyResult<()> {
        caller.call(py, callback)?;
        self.hand_in(py)
    }

    #[inline]
    fn hand_in(&self, py: Python<'_>) -> PyResult<()> {
        self.follower.borrow_mut().hand_in().map_err(|error| raise(py, &error))
    }

    /// The engine hears why the strategy ends.
    fn last_words(&self, py: Python<'_>, error: &PyErr) -> PyResult<()> {
        let is_signal = error.is_instance_of::<PyKeyboardInterrupt>(py);
        let reason = if is_signal { StopReason::Operator } else { StopReason::Exception };
        let text = if is_signal { String::new() } else { error.to_string() };
        let mut follower = self.follower.borrow_mut();
        follower.leave(reason, &text).map_err(|error| raise(py, &error))
    }
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<LiveStrategy>()
}
