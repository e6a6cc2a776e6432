// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Batches through [`WindowedBook`], for the recordings that `onetape.feed` reads.

use std::sync::{Mutex, PoisonError};

use numpy::{PyArray1, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use onetape_core::events::MarketUpdated;
use onetape_core::feed::{Told, VisibleLevel, VisibleSide, WindowedBook};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

type Updates<'py> = (Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<u8>>);

/// A windowed book, told a batch of messages at a time.
#[pyclass(name = "WindowedBook", module = "onetape._native", frozen)]
pub(crate) struct PyWindowedBook {
    book: Mutex<WindowedBook>,
}

#[pymethods]
impl PyWindowedBook {
    #[new]
    fn new() -> Self {
        Self { book: Mutex::new(WindowedBook::new()) }
    }

    /// Takes messages (bodies of `MarketUpdated`, back to back), the prices their orders rest at,
    /// and one row of the visible book for each: ask price, ask quantity, bid price, bid quantity,
    /// best level first; a level with quantity 0 is none. Gives times and bodies of the updates.
    #[pyo3(signature = (messages, resting_price_ticks, visible=None))]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "arguments of Python are borrowed for the call"
    )]
    fn apply<'py>(
        &self,
        py: Python<'py>,
        messages: PyReadonlyArray1<'py, u8>,
        resting_price_ticks: PyReadonlyArray1<'py, i64>,
        visible: Option<PyReadonlyArray2<'py, i64>>,
    ) -> PyResult<Updates<'py>> {
        let (messages, resting) = (messages.as_slice()?, resting_price_ticks.as_slice()?);
        let row_length = visible.as_ref().map_or(0, |rows| rows.shape()[1]);
        let rows = visible.as_ref().map(|rows| rows.as_slice()).transpose()?;
        let rows_fit = rows.is_none_or(|rows| rows.len() == resting.len() * row_length);
        if messages.len() != resting.len() * MarketUpdated::SIZE
            || !rows_fit
            || !row_length.is_multiple_of(4)
        {
            return Err(PyValueError::new_err(
                "messages, prices and visible rows differ in number",
            ));
        }
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = Vec::new();
        for (index, body) in messages.chunks_exact(MarketUpdated::SIZE).enumerate() {
            let update =
                MarketUpdated::decode(body).ok_or_else(|| PyValueError::new_err("short"))?;
            let told = Told { update, resting_price_ticks: resting[index] };
            let row = rows.map(|rows| &rows[index * row_length..(index + 1) * row_length]);
            let (bids, asks) = row.map(|row| (levels(row, 2), levels(row, 0))).unwrap_or_default();
            let side = |levels| VisibleSide { levels, has_more: is_full(levels, row_length) };
            book.apply(&told, row.map(|_| [side(&bids), side(&asks)]), &mut out);
        }
        let times: Vec<i64> = out.iter().map(|update| update.venue_ts_ns).collect();
        let bodies: Vec<u8> = out.iter().flat_map(MarketUpdated::encode).collect();
        Ok((PyArray1::from_vec(py, times), PyArray1::from_vec(py, bodies)))
    }

    /// What was made up or mended so far.
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = self.book.lock().unwrap_or_else(PoisonError::into_inner).counts();
        let out = PyDict::new(py);
        out.set_item("orders_seeded", counts.seeded)?;
        out.set_item("orders_vanished", counts.vanished)?;
        out.set_item("orders_unknown", counts.unknown)?;
        out.set_item("orders_misfit", counts.misfits)?;
        Ok(out)
    }
}

/// The levels of one side of a row; `first` is the column of its best price.
fn levels(row: &[i64], first: usize) -> Vec<VisibleLevel> {
    row.chunks_exact(4)
        .filter(|level| level[first + 1] > 0)
        .map(|level| VisibleLevel {
            price_ticks: level[first],
            qty_lots: level[first + 1].unsigned_abs(),
        })
        .collect()
}

/// Whether every level of a row is taken: there may be more behind them.
fn is_full(levels: &[VisibleLevel], row_length: usize) -> bool {
    levels.len() * 4 == row_length
}
