// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The market as a journal tells it, and the events of our own orders, as columns:
//! `onetape.pipeline.tca` judges the orders by it.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use numpy::PyArray1;
use onetape_core::book::BooksConfig;
use onetape_core::component::Entry;
use onetape_core::tape::{At, Depth, MarketTape, Print, TapeSink, Top};
use onetape_io::journal_file::{JournalFileError, JournalReader};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::errors::journal_error;
use crate::rows::Rows;

/// Entries looked at in one call; between calls Python can see a signal.
const SCAN_ENTRIES_MAX: u64 = 1 << 20;

/// Reads a journal on from where it stands, whenever it is asked.
#[pyclass(name = "MarketTape", module = "onetape._native", frozen)]
pub(crate) struct PyMarketTape {
    inner: Mutex<Inner>,
    /// Kind, version and bytes of the fixed part of the events that are wanted as they are.
    layouts: Vec<(u16, u8, usize)>,
}

struct Inner {
    reader: JournalReader,
    tape: MarketTape,
}

/// What one call found: rows, each a record of little-endian words.
#[derive(Default)]
struct Found {
    tops: Vec<u8>,
    prints: Vec<u8>,
    depths: Vec<u8>,
    own: BTreeMap<u16, Rows>,
    last: Option<(u64, i64)>,
}

fn put(rows: &mut Vec<u8>, words: &[u64]) {
    for word in words {
        rows.extend_from_slice(&word.to_le_bytes());
    }
}

const fn head(at: At) -> [u64; 3] {
    [at.seq, at.ts_ns.cast_unsigned(), at.instrument as u64]
}

impl TapeSink for Found {
    #[inline]
    fn top(&mut self, at: At, top: &Top) {
        let [seq, ts_ns, instrument] = head(at);
        let (bid, ask) = (top.bid.cast_unsigned(), top.ask.cast_unsigned());
        put(&mut self.tops, &[seq, ts_ns, instrument, bid, top.bid_qty, ask, top.ask_qty]);
    }

    fn print(&mut self, at: At, print: &Print) {
        let [seq, ts_ns, instrument] = head(at);
        let aggressor = print.aggressor.map_or(0, |side| u64::from(side.raw()));
        let flags = u64::from(print.is_volume) | u64::from(print.is_break) << 1 | aggressor << 8;
        let Print { price, qty, match_id, .. } = *print;
        put(
            &mut self.prints,
            &[seq, ts_ns, instrument, price.cast_unsigned(), qty, match_id, flags],
        );
    }

    fn depth(&mut self, at: At, depth: &Depth) {
        let [seq, _, instrument] = head(at);
        let Depth { price, bid_lots, ask_lots, takeable_buy_lots, takeable_sell_lots } = *depth;
        let shown = [bid_lots, ask_lots, takeable_buy_lots, takeable_sell_lots];
        put(&mut self.depths, &[seq, instrument, price.cast_unsigned()]);
        put(&mut self.depths, &shown);
    }
}

impl Inner {
    /// Reads the next entries; whether nothing more is written yet.
    fn read(
        &mut self,
        found: &mut Found,
        entries_max: u64,
        seq_max: u64,
    ) -> Result<bool, JournalFileError> {
        for walked in 0..entries_max.min(SCAN_ENTRIES_MAX) {
            if self.reader.next_seq() > seq_max {
                return Ok(true);
            }
            let entry = match self.reader.next_entry() {
                // The reader stays before the damage: first what is whole, then the error.
                Err(_) if walked > 0 => break,
                Err(err) => return Err(err),
                Ok(None) => return Ok(true),
                Ok(Some(entry)) => entry,
            };
            found.last = Some((entry.seq, entry.ts_ns));
            self.tape.apply(entry, found);
            if !found.take(&entry) {
                break;
            }
        }
        Ok(false)
    }
}

impl Found {
    /// Keeps an entry that is wanted as it is; `false` when it does not have its layout.
    #[inline]
    fn take(&mut self, entry: &Entry<'_>) -> bool {
        self.own.get_mut(&entry.kind).is_none_or(|rows| rows.push(entry))
    }
}

#[pymethods]
impl PyMarketTape {
    #[new]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        limits: (u32, u32, u32),
        layouts: Vec<(u16, u8, usize)>,
    ) -> PyResult<Self> {
        let reader = JournalReader::open(path).map_err(|err| journal_error(py, &err))?;
        let (orders_max, instruments_max, window_levels) = limits;
        let config = BooksConfig { orders_max, instruments_max, window_levels };
        let inner = Inner { reader, tape: MarketTape::new(config) };
        Ok(Self { inner: Mutex::new(inner), layouts })
    }

    /// Reads the next `entries_max` entries, none after `seq_max`. Gives `tops`, `prints`, `depths`
    /// and, by kind, the rows and tails of what is wanted as it is; `last`: number and time of the
    /// last entry read; `at_end`: nothing more is written yet, or wanted; `counts`.
    fn take<'py>(
        &self,
        py: Python<'py>,
        entries_max: u64,
        seq_max: u64,
    ) -> PyResult<Bound<'py, PyDict>> {
        let mut found = Found::default();
        for &(kind, version, fixed_bytes) in &self.layouts {
            found.own.insert(kind, Rows::new(version, fixed_bytes, true));
        }
        let (at_end, counts) = py
            .detach(|| {
                let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
                let at_end = inner.read(&mut found, entries_max, seq_max)?;
                Ok((at_end, inner.tape.counts()))
            })
            .map_err(|err| journal_error(py, &err))?;
        let out = PyDict::new(py);
        out.set_item("at_end", at_end)?;
        out.set_item("last", found.last)?;
        out.set_item("tops", PyArray1::from_vec(py, found.tops))?;
        out.set_item("prints", PyArray1::from_vec(py, found.prints))?;
        out.set_item("depths", PyArray1::from_vec(py, found.depths))?;
        let own = PyDict::new(py);
        for (kind, rows) in found.own {
            rows.check(py)?;
            let tails = PyBytes::new(py, &rows.tails);
            own.set_item(kind, (PyArray1::from_vec(py, rows.fixed), tails))?;
        }
        out.set_item("own", own)?;
        let counted = PyDict::new(py);
        counted.set_item("messages", counts.messages)?;
        counted.set_item("malformed", counts.malformed)?;
        counted.set_item("unplaced", counts.unplaced)?;
        counted.set_item("missing", counts.missing)?;
        counted.set_item("crossed", counts.crossed)?;
        out.set_item("counts", counted)?;
        Ok(out)
    }
}
