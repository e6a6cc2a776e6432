// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Fixed-point numbers and time, for `onetape.types`: text in, integers out, exact or refused.

use onetape_core::types::{self as core, Decimal, DecimalError, Rung, TickTable};
use pyo3::prelude::*;

use crate::errors::{decimal_error, raise, tick_table_error, time_error};

/// How many units of `unit_e9` (in 10^-9) decimal text is.
#[pyfunction]
fn decimal_to_units(py: Python<'_>, text: &str, unit_e9: u64) -> PyResult<i64> {
    Decimal::parse(text.as_bytes())
        .and_then(|decimal| decimal.in_units(unit_e9))
        .map_err(|err| decimal_error(py, text, unit_e9, err))
}

/// `count` units of `unit_e9` as decimal text without needless zeros.
#[pyfunction]
fn units_to_decimal(py: Python<'_>, count: i64, unit_e9: u64) -> PyResult<String> {
    Decimal::from_units(count, unit_e9)
        .map(|decimal| decimal.to_string())
        .ok_or_else(|| decimal_error(py, &count.to_string(), unit_e9, DecimalError::TooLarge))
}

/// ISO 8601 with nine digits behind the second, UTC.
#[pyfunction]
fn format_ts_ns(ts_ns: i64) -> String {
    core::format_ts_ns(ts_ns)
}

/// Nanoseconds since the Unix epoch of ISO 8601 text.
#[pyfunction]
fn parse_ts_ns(py: Python<'_>, text: &str) -> PyResult<i64> {
    core::parse_ts_ns(text.as_bytes()).map_err(|err| time_error(py, text, err))
}

/// Price times quantity in tick-lots.
#[pyfunction]
fn notional(py: Python<'_>, price_ticks: i64, qty_lots: u64) -> PyResult<i64> {
    core::notional(price_ticks, qty_lots).ok_or_else(|| {
        raise(
            py,
            "ConversionError",
            "TYP-002",
            &format!("{price_ticks} ticks times {qty_lots} lots does not fit in 64 bits"),
            "use a larger tick or lot",
        )
    })
}

/// Whether a price stands on the rungs `(from_ticks, increment_ticks)`.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "PyO3 makes the vector from a Python list")]
fn price_allowed(py: Python<'_>, rungs: Vec<(i64, i64)>, price_ticks: i64) -> PyResult<bool> {
    let rungs: Vec<Rung> =
        rungs.iter().map(|&(from, increment)| Rung { from, increment }).collect();
    let table = TickTable::from_rungs(&rungs).map_err(|err| tick_table_error(py, err))?;
    Ok(table.allows(price_ticks))
}

/// Adds these functions to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(decimal_to_units, module)?)?;
    module.add_function(wrap_pyfunction!(units_to_decimal, module)?)?;
    module.add_function(wrap_pyfunction!(format_ts_ns, module)?)?;
    module.add_function(wrap_pyfunction!(parse_ts_ns, module)?)?;
    module.add_function(wrap_pyfunction!(notional, module)?)?;
    module.add_function(wrap_pyfunction!(price_allowed, module)?)
}
