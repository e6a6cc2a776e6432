// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Calls a strategy: its own callbacks, with the made event classes.

use onetape_core::events::StrategyParameterDeclared;
use onetape_core::trading::{Callback, is_last_of_change};
use onetape_core::types::InstrumentId;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::strategy::{Market, Shared};
use crate::told::Trade;

/// Whoever is told what happens in a run: a plain strategy, or a compiled one.
pub(crate) trait Told {
    /// What of it may be set while it runs.
    fn parameters(&self) -> Vec<StrategyParameterDeclared>;

    /// The run begins.
    fn start(&mut self, py: Python<'_>) -> PyResult<()>;

    /// One thing happened.
    fn call(&mut self, py: Python<'_>, callback: Callback) -> PyResult<()>;

    /// The run ends.
    fn stop(&mut self, py: Python<'_>) -> PyResult<()>;
}

/// The strategy's callbacks; those it does not define are not called.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Handlers {
    pub(crate) on_start: Option<Py<PyAny>>,
    pub(crate) on_book: Option<Py<PyAny>>,
    pub(crate) on_trade: Option<Py<PyAny>>,
    pub(crate) on_fill: Option<Py<PyAny>>,
    pub(crate) on_order: Option<Py<PyAny>>,
    pub(crate) on_parent: Option<Py<PyAny>>,
    pub(crate) on_timer: Option<Py<PyAny>>,
    pub(crate) on_stop: Option<Py<PyAny>>,
    on_parameter: Option<Py<PyAny>>,
    any_book: bool,
    parameters: Vec<Declared>,
    set_parameter: Py<PyAny>,
}

/// A parameter as `onetape.trading.parameters` gives it: its name, the number of its kind, and the
/// eight bytes each of what it begins with, of its least and of its greatest value.
pub(crate) type Declared = (String, u8, u64, u64, u64);

/// A parameter as it is declared to the engine; whose it is, is filled in there.
pub(crate) fn declared_of(declared: &Declared) -> StrategyParameterDeclared {
    let &(ref text, kind, initial, low, high) = declared;
    let mut name = [0; 32];
    for (to, from) in name.iter_mut().zip(text.bytes()) {
        *to = from;
    }
    let (strategy_id, reserved) = (0, [0; 3]);
    StrategyParameterDeclared { initial, low, high, strategy_id, kind, reserved, name }
}

/// The classes that events are given as.
pub(crate) struct EventClasses {
    filled: Py<PyAny>,
    accepted: Py<PyAny>,
    rejected: Py<PyAny>,
    canceled: Py<PyAny>,
    replaced: Py<PyAny>,
    changed: Py<PyAny>,
    parent: Py<PyAny>,
    leg: Py<PyAny>,
}

impl EventClasses {
    pub(crate) fn new(py: Python<'_>) -> PyResult<Self> {
        let module = py.import("onetape.events")?;
        let unpack = |name| module.getattr(name)?.getattr("unpack").map(Bound::unbind);
        Ok(Self {
            filled: unpack("OrderFilled")?,
            accepted: unpack("OrderAccepted")?,
            rejected: unpack("OrderRejected")?,
            canceled: unpack("OrderCanceled")?,
            replaced: unpack("OrderReplaced")?,
            changed: unpack("OrderStateChanged")?,
            parent: unpack("ParentChanged")?,
            leg: unpack("LegChanged")?,
        })
    }
}

/// Calls the strategy.
pub(crate) struct Caller {
    pub(crate) handlers: Handlers,
    pub(crate) classes: EventClasses,
    pub(crate) markets: Vec<Option<Py<Market>>>,
    pub(crate) shared: Shared,
}

impl Caller {
    fn market(&mut self, py: Python<'_>, id: InstrumentId) -> PyResult<&Py<Market>> {
        let slot = &mut self.markets[id as usize];
        if slot.is_none() {
            *slot = Some(Py::new(py, Market::new(py, &self.shared, id))?);
        }
        slot.as_ref().ok_or_else(|| PyRuntimeError::new_err("unreachable: the market was made"))
    }

    #[inline]
    fn book(&mut self, py: Python<'_>, id: InstrumentId) -> PyResult<()> {
        let orderly = || self.shared.borrow().view().touch(id).is_orderly();
        if self.handlers.on_book.is_none() || !(self.handlers.any_book || orderly()) {
            return Ok(());
        }
        let market = self.market(py, id)?.clone_ref(py);
        call(py, self.handlers.on_book.as_ref(), (market,))
    }
}

impl Told for Caller {
    fn parameters(&self) -> Vec<StrategyParameterDeclared> {
        self.handlers.parameters.iter().map(declared_of).collect()
    }

    fn start(&mut self, py: Python<'_>) -> PyResult<()> {
        call(py, self.handlers.on_start.as_ref(), ())
    }

    fn stop(&mut self, py: Python<'_>) -> PyResult<()> {
        call(py, self.handlers.on_stop.as_ref(), ())
    }

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
            Callback::StateChanged(e) => event(&handlers.on_order, &classes.changed, &e.encode()),
            Callback::Leg(e) => event(&handlers.on_order, &classes.leg, &e.encode()),
            Callback::Parent(e) => event(&handlers.on_parent, &classes.parent, &e.encode()),
            Callback::Timer(id) => call(py, handlers.on_timer.as_ref(), (id,)),
            Callback::Parameter(e) => {
                let name = std::str::from_utf8(&e.name).unwrap_or_default();
                let name = name.trim_end_matches('\0');
                handlers.set_parameter.call1(py, (name, e.kind, e.value))?;
                let is_whole = is_last_of_change(&e);
                if is_whole { call(py, handlers.on_parameter.as_ref(), ()) } else { Ok(()) }
            }
            Callback::Trade(_) | Callback::Defined(_) => Ok(()),
        }
    }
}

fn call<'py, A>(py: Python<'py>, handler: Option<&Py<PyAny>>, arguments: A) -> PyResult<()>
where
    A: pyo3::call::PyCallArgs<'py>,
{
    handler.map_or(Ok(()), |handler| handler.call1(py, arguments).map(drop))
}
