// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Calls a strategy that `onetape.trading.machine_code` compiled.

use onetape_core::events::StrategyParameterDeclared;
use onetape_core::trading::{Callback, InlineStrategy, StrategyFault, StrategyHost, StrategyView};
use onetape_core::types::StrategyId;
use onetape_io::compiled::{
    CALLBACKS, CompiledConfig, CompiledParameter, CompiledStrategy, Function, sizes,
};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::caller::{Declared, Told, declared_of};
use crate::strategy::Shared;

/// What `onetape.trading.machine_code.CompiledCode.described` gives.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Described {
    addresses: [usize; CALLBACKS],
    state: Vec<u8>,
    watched: Vec<String>,
    market_offsets: Vec<usize>,
    /// Each with its place in the state.
    parameters: Vec<(Declared, usize)>,
    levels: usize,
    looks_at_orders: bool,
    looks_at_queues: bool,
    any_book: bool,
}

/// Limits of the run that a strategy is called in.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    /// Instruments.
    pub(crate) instruments_max: u32,
    /// Live orders of the strategy, quotes not counted.
    pub(crate) orders_max: u32,
}

/// Makes a strategy of compiled code. It must not outlive `code`, which keeps the functions.
pub(crate) fn strategy_of(
    code: &Bound<'_, PyAny>,
    strategy: StrategyId,
    limits: Limits,
) -> PyResult<CompiledStrategy> {
    let described: Described = code.call_method0("described")?.extract()?;
    let parameter = |(declared, offset): &(Declared, usize)| CompiledParameter {
        declared: declared_of(declared),
        offset: *offset,
    };
    let config = CompiledConfig {
        functions: described.addresses.map(function_at),
        state: described.state,
        watched: described.watched.into_iter().map(String::into_bytes).collect(),
        market_offsets: described.market_offsets,
        parameters: described.parameters.iter().map(parameter).collect(),
        levels: described.levels,
        looks_at_orders: described.looks_at_orders,
        looks_at_queues: described.looks_at_queues,
        any_book: described.any_book,
        strategy,
        instruments_max: limits.instruments_max,
        orders_max: limits.orders_max,
    };
    // SAFETY: the functions were compiled for this version of the ABI (Python compares `layout`)
    // from calls that read and write within the counts of their context alone, and `code`, which the
    // caller keeps, holds the memory that they stand in.
    Ok(unsafe { CompiledStrategy::new(config) })
}

/// A function at an address; none at 0.
fn function_at(address: usize) -> Option<Function> {
    if address == 0 {
        return None;
    }
    let pointer = std::ptr::with_exposed_provenance::<()>(address);
    // SAFETY: the address is that of a function of this signature, as the compiler gave it; `Function`
    // is a plain pointer, of the same size.
    Some(unsafe { std::mem::transmute::<*const (), Function>(pointer) })
}

/// A compiled strategy in a run.
pub(crate) struct CompiledCaller {
    strategy: CompiledStrategy,
    shared: Shared,
    code: Py<PyAny>,
}

impl CompiledCaller {
    pub(crate) fn new(code: &Bound<'_, PyAny>, shared: Shared, limits: Limits) -> PyResult<Self> {
        let strategy = strategy_of(code, shared.borrow().strategy(), limits)?;
        Ok(Self { strategy, shared, code: code.clone().unbind() })
    }

    /// Hands the state back to the code that it came from.
    pub(crate) fn hand_back(&self, py: Python<'_>) -> PyResult<()> {
        self.code.call_method1(py, "take_state", (self.strategy.state(),)).map(drop)
    }

    #[inline]
    fn with<F>(&mut self, py: Python<'_>, call: F) -> PyResult<()>
    where
        F: FnOnce(
            &mut CompiledStrategy,
            &dyn StrategyView,
            &mut StrategyHost,
        ) -> Result<(), StrategyFault>,
    {
        let done = {
            let mut run = self.shared.borrow_mut();
            let (view, host) = run.parts();
            call(&mut self.strategy, view, host)
        };
        done.map_err(|fault| raised(py, fault))
    }
}

impl Told for CompiledCaller {
    fn parameters(&self) -> Vec<StrategyParameterDeclared> {
        self.strategy.parameters()
    }

    fn start(&mut self, py: Python<'_>) -> PyResult<()> {
        self.with(py, InlineStrategy::start)
    }

    fn call(&mut self, py: Python<'_>, callback: Callback) -> PyResult<()> {
        self.with(py, |strategy, view, host| strategy.call(&callback, view, host))
    }

    fn stop(&mut self, py: Python<'_>) -> PyResult<()> {
        self.with(py, InlineStrategy::stop)
    }
}

/// What a callback raised, as Python would have it.
pub(crate) fn raised(py: Python<'_>, fault: StrategyFault) -> PyErr {
    let StrategyFault::Raised { error } = fault else {
        return PyRuntimeError::new_err(format!("the compiled strategy broke its ABI: {fault:?}"));
    };
    let module = py.import("onetape.trading.machine_code.build");
    let made = module.and_then(|module| module.call_method1("raised", (error,)));
    made.map_or_else(|err| err, PyErr::from_value)
}

/// Version and sizes of the records of the ABI, as this side has them.
#[pyfunction]
pub(crate) fn compiled_layout(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    for (name, size) in sizes() {
        out.set_item(name, size)?;
    }
    Ok(out)
}
