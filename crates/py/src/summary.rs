// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What became of a run, as plain values: exact integers, money is Python's business.

use onetape_core::events::{Counters, RejectReason, kind_name};
use onetape_core::journal::Sink;
use onetape_core::sim::{Backtest, Stage};
use onetape_core::trading::StrategyView;
use onetape_io::run::{RunSink, StageTimes};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// Everything that the run itself knows.
pub(crate) fn fill(
    py: Python<'_>,
    run: &Backtest<RunSink>,
    times: &StageTimes,
    out: &Bound<'_, PyDict>,
) -> PyResult<()> {
    out.set_item("entries", run.sink().last_seq())?;
    out.set_item("market_data_entries", run.entries())?;
    out.set_item("entries_matched", run.sink().entries_matched())?;
    out.set_item("source_counts", counted(py, run.source().counts())?)?;
    let kinds = run.sink().counts().map(|(kind, count)| (kind_name(kind).unwrap_or("?"), count));
    out.set_item("events", counted(py, kinds)?)?;
    let reasons = run.rejects().map(|(reason, count)| {
        (RejectReason::from_raw(reason).map_or("?", RejectReason::text), count)
    });
    out.set_item("rejects", counted(py, reasons)?)?;
    let counters = Counters::NAMES.into_iter().zip(run.engine().counters().values());
    out.set_item("counters", counted(py, counters)?)?;
    out.set_item("positions", positions(py, run)?)?;
    out.set_item("latency_ns", latencies(py, times)?)
}

fn counted(
    py: Python<'_>,
    counts: impl IntoIterator<Item = (&'static str, u64)>,
) -> PyResult<Bound<'_, PyDict>> {
    let out = PyDict::new(py);
    for (name, count) in counts {
        out.set_item(name, count)?;
    }
    Ok(out)
}

fn latencies<'py>(py: Python<'py>, times: &StageTimes) -> PyResult<Bound<'py, PyDict>> {
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
