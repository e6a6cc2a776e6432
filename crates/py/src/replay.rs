// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Runs a journal again.

use std::path::{Path, PathBuf};
use std::time::Instant;

use onetape_core::events::ConfigLoaded;
use onetape_core::sim::{Mismatch, Replay};
use onetape_io::journal_file::{JournalReader, newest_snapshot};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::errors::{journal_error, raise, snapshot_error};
use crate::options::EngineOptions;
use crate::run::PROGRESS_EVERY;

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

fn mismatch_report<'py>(py: Python<'py>, mismatch: &Mismatch) -> PyResult<Bound<'py, PyDict>> {
    let side = |side: &Option<(u16, Vec<u8>)>| {
        side.as_ref().map(|(kind, body)| (*kind, PyBytes::new(py, body).unbind()))
    };
    let out = PyDict::new(py);
    out.set_item("mismatch", (mismatch.seq, side(&mismatch.made), side(&mismatch.found)))?;
    Ok(out)
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(read_config, module)?)?;
    module.add_function(wrap_pyfunction!(replay, module)?)
}
