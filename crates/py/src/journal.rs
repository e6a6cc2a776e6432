// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The journal for Python: `onetape.journal` makes these pleasant to use.

#![expect(clippy::needless_pass_by_value, reason = "PyO3 hands over what it made")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use numpy::PyArray1;
use onetape_core::component::Entry;
use onetape_core::journal::snapshot::SnapshotHeader;
use onetape_io::journal_file::{
    Durability, JournalFileError, JournalReader, JournalWriter, Options, Recovery, SegmentInfo,
    SegmentState, TailState, info, list_snapshots, newest_snapshot, read_snapshot, verify,
    write_snapshot, writer_of,
};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};

use crate::errors::{journal_error, raise, sink_error};
use crate::rows::Rows;

/// Entries looked at in one call; between calls Python can see a signal.
const SCAN_ENTRIES_MAX: u64 = 1 << 18;

fn lock<T>(inner: &Mutex<T>) -> MutexGuard<'_, T> {
    inner.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Which entries are wanted.
struct Wanted {
    kinds: Vec<u16>,
    end_seq: u64,
    end_ts_ns: Option<i64>,
}

impl Wanted {
    fn is_past(&self, entry: &Entry<'_>) -> bool {
        entry.seq >= self.end_seq || self.end_ts_ns.is_some_and(|end| entry.ts_ns >= end)
    }

    fn takes(&self, entry: &Entry<'_>) -> bool {
        self.kinds.is_empty() || self.kinds.contains(&entry.kind)
    }
}

/// Why a walk ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Enough was seen for one call.
    Pause,
    /// Nothing more is written yet.
    Journal,
    /// What comes next is past what was wanted.
    Past,
}

/// Shows `visit` the next entries that are wanted until it says stop.
fn walk(
    reader: &mut JournalReader,
    wanted: &Wanted,
    mut visit: impl FnMut(Entry<'_>) -> bool,
) -> Result<End, JournalFileError> {
    for walked in 0..SCAN_ENTRIES_MAX {
        match reader.next_entry() {
            // The reader stays before the damage: first what is whole, then, next time, the error.
            Err(_) if walked > 0 => break,
            Err(err) => return Err(err),
            Ok(None) => return Ok(End::Journal),
            Ok(Some(entry)) if wanted.is_past(&entry) => return Ok(End::Past),
            Ok(Some(entry)) if wanted.takes(&entry) => {
                if !visit(entry) {
                    break;
                }
            }
            Ok(Some(_)) => {}
        }
    }
    Ok(End::Pause)
}

/// A reader of a journal.
#[pyclass(name = "JournalReader", module = "onetape._native", frozen)]
pub(crate) struct PyJournalReader {
    inner: Mutex<JournalReader>,
}

impl PyJournalReader {
    /// Works on the reader without holding up other Python threads.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut JournalReader) -> Result<T, JournalFileError> + Send,
    ) -> PyResult<T> {
        py.detach(|| work(&mut lock(&self.inner))).map_err(|err| journal_error(py, &err))
    }
}

type PyEntry<'py> = (u64, i64, u16, u8, u32, Bound<'py, PyBytes>);
type PyRows<'py> = (Bound<'py, PyArray1<u8>>, Bound<'py, PyBytes>, bool);

#[pymethods]
impl PyJournalReader {
    #[new]
    fn new(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let reader = JournalReader::open(path).map_err(|err| journal_error(py, &err))?;
        Ok(Self { inner: Mutex::new(reader) })
    }

    /// Number of the entry that comes next.
    fn next_seq(&self) -> u64 {
        lock(&self.inner).next_seq()
    }

    /// Goes to stand before entry `seq`.
    fn seek_seq(&self, py: Python<'_>, seq: u64) -> PyResult<()> {
        self.with(py, |reader| reader.seek_seq(seq))
    }

    /// Goes to stand before the first entry of time `ts_ns` or later.
    fn seek_ts(&self, py: Python<'_>, ts_ns: i64) -> PyResult<()> {
        self.with(py, |reader| reader.seek_ts(ts_ns))
    }

    /// The next entries of `kinds` (none: all) before `end` (seq, `ts_ns`), at most `limit`; whether
    /// nothing more is written yet, and whether what comes next is past `end`.
    fn take<'py>(
        &self,
        py: Python<'py>,
        limit: usize,
        kinds: Vec<u16>,
        end: (u64, Option<i64>),
    ) -> PyResult<(Vec<PyEntry<'py>>, bool, bool)> {
        let (end_seq, end_ts_ns) = end;
        let wanted = Wanted { kinds, end_seq, end_ts_ns };
        let mut found = Vec::new();
        let end = walk(&mut lock(&self.inner), &wanted, |entry| {
            let body = PyBytes::new(py, entry.body);
            found.push((entry.seq, entry.ts_ns, entry.kind, entry.version, entry.source, body));
            found.len() < limit
        })
        .map_err(|err| journal_error(py, &err))?;
        Ok((found, end == End::Journal, end == End::Past))
    }

    /// The next entries of one `layout` (kind, version, bytes of the fixed part) before `end` (seq,
    /// `ts_ns`) as rows: seq u64, `ts_ns` i64, source u32, tail bytes u32, then
    /// the event's fixed part. Also the tails one after the other; whether there are no more.
    fn rows<'py>(
        &self,
        py: Python<'py>,
        layout: (u16, u8, usize),
        limit: usize,
        end: (u64, Option<i64>),
        tails: bool,
    ) -> PyResult<PyRows<'py>> {
        let (kind, version, fixed_bytes) = layout;
        let (end_seq, end_ts_ns) = end;
        let wanted = Wanted { kinds: vec![kind], end_seq, end_ts_ns };
        let mut rows = Rows::new(version, fixed_bytes, tails);
        let done = py.detach(|| {
            walk(&mut lock(&self.inner), &wanted, |entry| rows.push(&entry) && rows.count() < limit)
        });
        let end = done.map_err(|err| journal_error(py, &err))?;
        rows.check(py)?;
        let tails = PyBytes::new(py, &rows.tails);
        Ok((PyArray1::from_vec(py, rows.fixed), tails, end != End::Pause))
    }

    /// How many of each kind come before the end of the journal: (kind, count), the next so many
    /// entries only; and whether there are no more.
    fn count(&self, py: Python<'_>, end: (u64, Option<i64>)) -> PyResult<(Vec<(u16, u64)>, bool)> {
        let wanted = Wanted { kinds: Vec::new(), end_seq: end.0, end_ts_ns: end.1 };
        let mut counts = BTreeMap::new();
        let end = self.with(py, |reader| {
            walk(reader, &wanted, |entry| {
                *counts.entry(entry.kind).or_default() += 1;
                true
            })
            .map(|end| (end, counts))
        })?;
        Ok((end.1.into_iter().collect(), end.0 != End::Pause))
    }

    /// Waits until there is an entry to read; `False` when there was none for `timeout_s` seconds.
    fn wait(&self, py: Python<'_>, timeout_s: f64) -> PyResult<bool> {
        let timeout = Duration::try_from_secs_f64(timeout_s)
            .map_err(|err| PyValueError::new_err(format!("timeout_s: {err}")))?;
        self.with(py, |reader| {
            let start = Instant::now();
            loop {
                if reader.has_next()? {
                    return Ok(true);
                }
                if start.elapsed() >= timeout {
                    return Ok(false);
                }
                std::thread::sleep(Duration::from_micros(100));
            }
        })
    }
}

/// The writer of a journal.
#[pyclass(name = "JournalWriter", module = "onetape._native", frozen)]
pub(crate) struct PyJournalWriter {
    inner: Mutex<Option<JournalWriter>>,
}

impl PyJournalWriter {
    fn with<T>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&mut JournalWriter) -> PyResult<T>,
    ) -> PyResult<T> {
        match lock(&self.inner).as_mut() {
            Some(writer) => work(writer),
            None => Err(raise(py, "JournalError", "JRN-010", "the journal is closed", "open it")),
        }
    }
}

#[pymethods]
impl PyJournalWriter {
    #[new]
    #[pyo3(signature = (path, *, segment_bytes, fsync, run_id, cut_damaged))]
    fn new(
        py: Python<'_>,
        path: PathBuf,
        segment_bytes: usize,
        fsync: bool,
        run_id: [u8; 16],
        cut_damaged: bool,
    ) -> PyResult<Self> {
        let durability = if fsync { Durability::Fsync } else { Durability::Async };
        let options =
            Options { segment_bytes, durability, run_id, cut_damaged, ..Options::default() };
        let writer = py
            .detach(|| JournalWriter::open(path, &options))
            .map_err(|err| journal_error(py, &err))?;
        Ok(Self { inner: Mutex::new(Some(writer)) })
    }

    /// Appends one entry; returns its number.
    fn append(
        &self,
        py: Python<'_>,
        kind: u16,
        version: u8,
        source: u32,
        ts_ns: i64,
        body: &[u8],
    ) -> PyResult<u64> {
        self.with(py, |writer| {
            writer.append(ts_ns, kind, version, source, body, &[]).map_err(|short| {
                match writer.last_error().filter(|err| err.sink_error() == short) {
                    Some(err) => journal_error(py, err),
                    None => sink_error(py, short, writer.folder()),
                }
            })
        })
    }

    /// Number of the last entry.
    fn last_seq(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, |writer| Ok(writer.last_seq()))
    }

    /// Number of the last committed entry.
    fn committed_seq(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, |writer| Ok(writer.committed_seq()))
    }

    /// How many times were raised.
    fn times_raised(&self, py: Python<'_>) -> PyResult<u64> {
        self.with(py, |writer| Ok(writer.times_raised()))
    }

    /// Waits until all is committed.
    fn commit(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, |writer| py.detach(|| writer.commit()).map_err(|err| journal_error(py, &err)))
    }

    /// What was cut and sealed on opening; `None` when the journal had been closed.
    fn recovery<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        self.with(py, |writer| {
            writer.recovery().map(|recovery| recovery_dict(py, recovery)).transpose()
        })
    }

    /// Ends and seals the last segment. A second call does nothing.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let Some(writer) = lock(&self.inner).take() else { return Ok(()) };
        py.detach(|| writer.close()).map_err(|err| journal_error(py, &err))
    }
}

fn recovery_dict<'py>(py: Python<'py>, recovery: &Recovery) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("segment", recovery.segment)?;
    dict.set_item("offset", recovery.offset)?;
    dict.set_item("last_seq", recovery.last_seq)?;
    dict.set_item("cut_bytes", recovery.cut_bytes)?;
    dict.set_item("cut_seq", recovery.cut_seq)?;
    dict.set_item("kept", recovery.kept.as_ref().map(|path| path.display().to_string()))?;
    dict.set_item("segments_sealed", recovery.segments_sealed)?;
    Ok(dict)
}

fn segment_dict<'py>(py: Python<'py>, segment: &SegmentInfo) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let state = match segment.state {
        SegmentState::Prepared => "prepared",
        SegmentState::Unsealed => "unsealed",
        SegmentState::Sealed => "sealed",
    };
    dict.set_item("number", segment.number)?;
    dict.set_item("path", segment.path.display().to_string())?;
    dict.set_item("bytes", segment.bytes)?;
    dict.set_item("state", state)?;
    dict.set_item("first_seq", segment.header.map(|header| header.first_seq))?;
    dict.set_item("schema_version", segment.header.map(|header| header.schema_version))?;
    dict.set_item("run_id", segment.header.map(|header| header.run_id))?;
    dict.set_item("last_seq", segment.seal.map(|seal| seal.last_seq))?;
    dict.set_item("first_ts_ns", segment.seal.map(|seal| seal.first_ts_ns))?;
    dict.set_item("last_ts_ns", segment.seal.map(|seal| seal.last_ts_ns))?;
    dict.set_item("chain", segment.seal.map(|seal| seal.chain))?;
    Ok(dict)
}

/// The segments of a journal.
#[pyfunction]
fn journal_segments(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyList>> {
    let segments = info(&path).map_err(|err| journal_error(py, &err))?;
    let rows: PyResult<Vec<_>> = segments.iter().map(|one| segment_dict(py, one)).collect();
    PyList::new(py, rows?)
}

/// Checks a journal.
#[pyfunction]
#[pyo3(signature = (path, head=None))]
fn journal_verify(
    py: Python<'_>,
    path: PathBuf,
    head: Option<[u8; 32]>,
) -> PyResult<Bound<'_, PyDict>> {
    let report =
        py.detach(|| verify(&path, head.as_ref())).map_err(|err| journal_error(py, &err))?;
    let dict = PyDict::new(py);
    let (tail, torn_bytes) = match report.tail {
        TailState::Sealed => ("sealed", 0),
        TailState::Open => ("open", 0),
        TailState::Unsealed => ("unsealed", 0),
        TailState::Torn { bytes, .. } => ("torn", bytes),
    };
    dict.set_item("segments", report.segments)?;
    dict.set_item("segments_sealed", report.segments_sealed)?;
    dict.set_item("entries", report.entries)?;
    dict.set_item("bytes", report.bytes)?;
    dict.set_item("last_seq", report.last_seq)?;
    dict.set_item("head", report.head)?;
    dict.set_item("head_found", report.head_found)?;
    dict.set_item("tail", tail)?;
    dict.set_item("torn_bytes", torn_bytes)?;
    let findings: Vec<_> = report
        .findings
        .into_iter()
        .map(|found| (found.segment, found.path.display().to_string(), found.offset, found.what))
        .collect();
    dict.set_item("findings", findings)?;
    Ok(dict)
}

type PySnapshot<'py> = (u64, i64, u64, u32, u32, Bound<'py, PyBytes>);

fn snapshot<'py>(py: Python<'py>, header: &SnapshotHeader, body: &[u8]) -> PySnapshot<'py> {
    let SnapshotHeader { seq, ts_ns, state_hash, schema_version, component_version } = *header;
    (seq, ts_ns, state_hash, schema_version, component_version, PyBytes::new(py, body))
}

/// The snapshots beside a journal: entry, path, bytes; oldest first.
#[pyfunction]
fn journal_snapshots(py: Python<'_>, path: PathBuf) -> PyResult<Vec<(u64, PathBuf, u64)>> {
    let found = list_snapshots(&path).map_err(|err| journal_error(py, &err))?;
    Ok(found.into_iter().map(|one| (one.seq, one.path, one.bytes)).collect())
}

/// Writes a snapshot `of` (seq, `ts_ns`, `state_hash`), with the `versions` of schema and component;
/// returns its path.
#[pyfunction]
fn journal_snapshot_write(
    py: Python<'_>,
    path: PathBuf,
    of: (u64, i64, u64),
    versions: (u32, u32),
    body: &[u8],
) -> PyResult<PathBuf> {
    let (seq, ts_ns, state_hash) = of;
    let (schema_version, component_version) = versions;
    let header = SnapshotHeader { seq, ts_ns, state_hash, schema_version, component_version };
    write_snapshot(&path, &header, body).map_err(|err| journal_error(py, &err))
}

/// Reads one snapshot file.
#[pyfunction]
fn journal_snapshot_read(py: Python<'_>, path: PathBuf) -> PyResult<PySnapshot<'_>> {
    let (header, body) = read_snapshot(&path).map_err(|err| journal_error(py, &err))?;
    Ok(snapshot(py, &header, &body))
}

/// The newest whole snapshot of `seq_max` or before, and what was wrong with those passed over.
#[pyfunction]
fn journal_snapshot_newest(
    py: Python<'_>,
    path: PathBuf,
    seq_max: u64,
) -> PyResult<(Option<PySnapshot<'_>>, Vec<String>)> {
    let (taken, passed_over) =
        newest_snapshot(&path, seq_max).map_err(|err| journal_error(py, &err))?;
    let taken = taken.map(|(header, body)| snapshot(py, &header, &body));
    Ok((taken, passed_over.iter().map(ToString::to_string).collect()))
}

/// Process id of who writes a journal, if anybody does.
#[pyfunction]
fn journal_writer(path: PathBuf) -> Option<u32> {
    writer_of(&path)
}

/// Adds all of this to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyJournalReader>()?;
    module.add_class::<PyJournalWriter>()?;
    module.add_function(wrap_pyfunction!(journal_segments, module)?)?;
    module.add_function(wrap_pyfunction!(journal_verify, module)?)?;
    module.add_function(wrap_pyfunction!(journal_snapshots, module)?)?;
    module.add_function(wrap_pyfunction!(journal_snapshot_write, module)?)?;
    module.add_function(wrap_pyfunction!(journal_snapshot_read, module)?)?;
    module.add_function(wrap_pyfunction!(journal_snapshot_newest, module)?)?;
    module.add_function(wrap_pyfunction!(journal_writer, module)?)?;
    Ok(())
}
