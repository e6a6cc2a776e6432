// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Market sources for Python: `onetape.feed` opens them, the run takes them.

use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use numpy::{PyReadonlyArray1, PyUntypedArrayMethods};
use onetape_core::hash::StateHasher;
use onetape_core::sim::flow::{FlowConfig, FlowConfigError, SyntheticSource};
use onetape_core::sim::source::{
    ChunkSupplier, Definition, MarketSource, RecordChunk, RecordsSource, SourceError,
};
use onetape_core::wire::itch::{FileFrames, Frame, Message};
use onetape_io::capture::{CaptureError, CaptureSource};
use onetape_io::itch_file::ItchFileSource;
use onetape_io::stream::{ByteStream, Codec, Window};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::errors::raise;

/// Most bytes that one call reads.
const READ_BYTES_MAX: usize = 16 << 20;

type BoxedSource = Box<dyn MarketSource + Send>;
/// Time, kind, version and body of an item.
type PyItem<'py> = (i64, u16, u8, Bound<'py, PyBytes>);
/// Why Python could not supply records: kept for whoever meets [`SourceError::Supplier`].
type Failure = Arc<Mutex<Option<PyErr>>>;

/// A source that a run can take, once.
#[pyclass(name = "MarketSource", module = "onetape._native", frozen)]
pub(crate) struct PySource {
    source: Mutex<Option<BoxedSource>>,
    failure: Failure,
}

impl PySource {
    fn new(source: BoxedSource, failure: Failure) -> Self {
        Self { source: Mutex::new(Some(source)), failure }
    }

    /// The source itself, for the run that consumes it. Ask [`Self::raised`] about its errors.
    pub(crate) fn take(&self, py: Python<'_>) -> PyResult<BoxedSource> {
        let taken = self.source.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.ok_or_else(|| taken_error(py))
    }

    /// The exception that a source's error is in Python.
    pub(crate) fn raised(&self, py: Python<'_>, error: SourceError) -> PyErr {
        if let SourceError::Supplier { .. } = error
            && let Some(err) = self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            return err;
        }
        let (code, message, hint) = describe(error);
        raise(py, "DecodeError", code, &message, hint)
    }

    fn with<T>(
        &self,
        py: Python<'_>,
        body: impl FnOnce(&mut BoxedSource) -> PyResult<T>,
    ) -> PyResult<T> {
        let mut source = self.source.lock().unwrap_or_else(PoisonError::into_inner);
        body(source.as_mut().ok_or_else(|| taken_error(py))?)
    }
}

fn taken_error(py: Python<'_>) -> PyErr {
    let hint = "open the source again for another run";
    raise(py, "DecodeError", "SRC-020", "the source was already given to a run", hint)
}

/// Code, message and hint of a source's error.
fn describe(error: SourceError) -> (&'static str, String, &'static str) {
    match error {
        SourceError::Truncated { at, needed, found } => (
            "SRC-010",
            format!(
                "byte {at}: the data ends inside a record, {found} of {needed} bytes are there"
            ),
            "all before it was used; get the rest of the file if it matters",
        ),
        SourceError::Corrupt { at, what } => (
            "SRC-011",
            format!("byte {at}: {what}"),
            "all before it was used; get the file again from where it came",
        ),
        SourceError::Io { at, os_error } => (
            "SRC-012",
            format!("byte {at}: {}", std::io::Error::from_raw_os_error(os_error)),
            "all before it was used; look at the disk, then run again",
        ),
        SourceError::Supplier { records } => (
            "SRC-013",
            format!("the source failed after {records} records"),
            "this is a bug of the source: it gave no reason",
        ),
        _ => ("SRC-014", format!("the source failed: {error:?}"), ""),
    }
}

/// A synthetic flow that cannot be made.
fn flow_error(py: Python<'_>, error: FlowConfigError) -> PyErr {
    let make = |message: String, hint| raise(py, "ConfigError", "SRC-030", &message, hint);
    match error {
        FlowConfigError::Symbols { found } => make(
            format!("expected 1 to {} symbols, found {found}", FlowConfig::SYMBOLS_MAX),
            "ask for fewer symbols of the synthetic flow",
        ),
        FlowConfigError::Messages { found, min } => make(
            format!("expected at least {min} messages, found {found}"),
            "a day of the synthetic flow opens and closes: ask for more messages",
        ),
        FlowConfigError::LiveOrders { found, min, max } => make(
            format!("expected {min} to {max} live orders, found {found}"),
            "the synthetic flow wants 4 to 2048 live orders a symbol",
        ),
        FlowConfigError::Mix => {
            make("the mix does not add up to 1000".into(), "this is a bug: the presets do")
        }
        FlowConfigError::Volatility { found } => make(
            format!("expected a volatility of at most 2048, found {found}"),
            "it is in 1/256 cent a message",
        ),
        _ => make(format!("{error:?}"), "report this: it has no message yet"),
    }
}

/// How many whole ITCH 5.0 messages stand at the front of a file's first bytes; 0 where fewer than
/// three do and the bytes do not end with them.
#[pyfunction]
pub(crate) fn itch_messages_at(head: &[u8]) -> usize {
    let mut count = 0;
    for frame in FileFrames::block(head, 0) {
        match frame {
            Ok(Frame::Message(bytes))
                if !matches!(Message::decode(bytes), Err(_) | Ok(Message::Unknown(_))) =>
            {
                count += 1;
            }
            Ok(Frame::EndOfSession) if count > 0 => {}
            _ => return if count < 3 { 0 } else { count },
        }
    }
    count
}

#[pymethods]
impl PySource {
    /// A file of ITCH 5.0 messages; times count from `midnight_ns`.
    #[staticmethod]
    #[pyo3(signature = (path, midnight_ns, *, codec="plain", offset=0, length=None))]
    fn itch_file(
        path: &Bound<'_, PyAny>,
        midnight_ns: i64,
        codec: &str,
        offset: u64,
        length: Option<u64>,
    ) -> PyResult<Self> {
        let stream = ByteStream::open(
            &path.extract::<PathBuf>()?,
            Window { offset, length },
            codec_named(codec)?,
        )
        .map_err(PyErr::from)?;
        let source = ItchFileSource::new(stream, midnight_ns);
        Ok(Self::new(Box::new(source), Failure::default()))
    }

    /// A capture of ITCH 5.0 in `MoldUDP64`; without `midnight_ns` its captured times say the day.
    #[staticmethod]
    #[pyo3(signature = (path, midnight_ns=None, *, codec="plain", offset=0, length=None))]
    fn capture(
        py: Python<'_>,
        path: &Bound<'_, PyAny>,
        midnight_ns: Option<i64>,
        codec: &str,
        offset: u64,
        length: Option<u64>,
    ) -> PyResult<Self> {
        let (path, codec) = (path.extract::<PathBuf>()?, codec_named(codec)?);
        let stream = || ByteStream::open(&path, Window { offset, length }, codec);
        let source = CaptureSource::open(stream, midnight_ns).map_err(|error| match error {
            CaptureError::Open(err) => PyErr::from(err),
            CaptureError::Read(error) => {
                let (code, message, hint) = describe(error);
                raise(py, "DecodeError", code, &message, hint)
            }
            CaptureError::NoItch(counts) => {
                let message = format!(
                    "no ITCH 5.0 in MoldUDP64 found in this capture: {} frames, of them {} UDP \
                     packets of something else, {} fragments and {} without UDP",
                    counts.frames, counts.foreign, counts.fragments, counts.not_udp
                );
                let hint = "capture the multicast groups of TotalView-ITCH 5.0";
                raise(py, "DecodeError", "SRC-004", &message, hint)
            }
            _ => PyValueError::new_err(format!("{error:?}")),
        })?;
        Ok(Self::new(Box::new(source), Failure::default()))
    }

    /// The seeded synthetic flow of a preset, `demo` or `benchmark`, and what differs from it.
    #[staticmethod]
    #[pyo3(signature = (seed, *, preset="demo", symbols=None, messages=None, live_orders=None, volatility=None, midnight_ns=None))]
    #[expect(clippy::too_many_arguments, reason = "keywords of Python")]
    fn synthetic(
        py: Python<'_>,
        seed: u64,
        preset: &str,
        symbols: Option<u16>,
        messages: Option<u64>,
        live_orders: Option<u32>,
        volatility: Option<u16>,
        midnight_ns: Option<i64>,
    ) -> PyResult<Self> {
        let preset = match preset {
            "demo" => FlowConfig::demo(seed),
            "benchmark" => FlowConfig::benchmark(seed),
            other => return Err(PyValueError::new_err(format!("preset {other:?}"))),
        };
        let symbols = symbols.unwrap_or(preset.symbols);
        // As many live orders a symbol as the preset has.
        let per_symbol = preset.live_orders / u32::from(preset.symbols);
        let config = FlowConfig {
            symbols,
            messages: messages.unwrap_or(preset.messages),
            live_orders: live_orders.unwrap_or(per_symbol * u32::from(symbols)),
            volatility: volatility.unwrap_or(preset.volatility),
            midnight_ns: midnight_ns.unwrap_or(preset.midnight_ns),
            ..preset
        };
        let source = SyntheticSource::new(config).map_err(|error| flow_error(py, error))?;
        Ok(Self::new(Box::new(source), Failure::default()))
    }

    /// Records made in Python: `(kind, version, body)` of each definition, then an iterator of
    /// `(ts_ns: int64 array, bodies: uint8 array, bytes_done)`.
    #[staticmethod]
    #[pyo3(signature = (definitions, chunks, *, bytes_total=None))]
    fn records(
        definitions: Vec<(u16, u8, Vec<u8>)>,
        chunks: &Bound<'_, PyAny>,
        bytes_total: Option<u64>,
    ) -> PyResult<Self> {
        let definitions = definitions
            .into_iter()
            .map(|(kind, version, body)| Definition { kind, version, body })
            .collect();
        let failure = Failure::default();
        let iterator = chunks.try_iter()?.into_any().unbind();
        let supplier = PyChunks { iterator, failure: Arc::clone(&failure) };
        let source = RecordsSource::new(definitions, supplier, bytes_total);
        Ok(Self::new(Box::new(source), failure))
    }

    /// Lets go of the source and its file.
    fn close(&self, py: Python<'_>) {
        drop(self.take(py));
    }

    /// The next item as `(ts_ns, kind, version, body)`, or `None` at the end.
    fn next<'py>(&self, py: Python<'py>) -> PyResult<Option<PyItem<'py>>> {
        self.with(py, |source| match source.next() {
            Ok(Some(item)) => {
                let body = [item.fixed, item.tail].concat();
                Ok(Some((item.ts_ns, item.kind, item.version, PyBytes::new(py, &body))))
            }
            Ok(None) => Ok(None),
            Err(error) => Err(self.raised(py, error)),
        })
    }

    /// Reads up to `items_max` items and gives their number and a digest of their times and bodies.
    #[pyo3(signature = (items_max=u64::MAX))]
    fn drain(&self, py: Python<'_>, items_max: u64) -> PyResult<(u64, u64)> {
        self.with(py, |source| {
            let mut hasher = StateHasher::new();
            let mut items = 0;
            while items < items_max {
                match source.next() {
                    Ok(Some(item)) => {
                        hasher.signed(item.ts_ns);
                        hasher.word(u64::from(item.kind));
                        hasher.bytes(item.fixed);
                        hasher.bytes(item.tail);
                    }
                    Ok(None) => break,
                    Err(error) => return Err(self.raised(py, error)),
                }
                items += 1;
            }
            Ok((items, hasher.finish()))
        })
    }

    /// Bytes done, and bytes in all where that is known.
    fn progress(&self, py: Python<'_>) -> PyResult<(u64, Option<u64>)> {
        self.with(py, |source| {
            let progress = source.progress();
            Ok((progress.bytes_done, progress.bytes_total))
        })
    }

    /// What was skipped or mended so far.
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = self.with(py, |source| Ok(source.counts()))?;
        let out = PyDict::new(py);
        for (name, count) in counts {
            out.set_item(name, count)?;
        }
        Ok(out)
    }

    /// Midnight that the data's own times count from, for ITCH.
    #[getter]
    fn midnight_ns(&self, py: Python<'_>) -> PyResult<Option<i64>> {
        self.with(py, |source| Ok(source.midnight_ns()))
    }
}

/// Decompressed bytes of a file, for formats that Python reads.
#[pyclass(name = "ByteStream", module = "onetape._native", frozen)]
pub(crate) struct PyByteStream {
    stream: Mutex<ByteStream>,
    path: PathBuf,
}

#[pymethods]
impl PyByteStream {
    #[new]
    #[pyo3(signature = (path, *, codec="plain", offset=0, length=None))]
    fn new(
        path: &Bound<'_, PyAny>,
        codec: &str,
        offset: u64,
        length: Option<u64>,
    ) -> PyResult<Self> {
        let window = Window { offset, length };
        let path = path.extract::<PathBuf>()?;
        let stream = ByteStream::open(&path, window, codec_named(codec)?)?;
        Ok(Self { stream: Mutex::new(stream), path })
    }

    /// Up to `bytes_max` bytes; none at the end.
    fn read<'py>(&self, py: Python<'py>, bytes_max: usize) -> PyResult<Bound<'py, PyBytes>> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = vec![0; bytes_max.min(READ_BYTES_MAX)];
        let count = stream.read(&mut bytes).map_err(|err| {
            if err.raw_os_error().is_some() {
                return PyErr::from(err);
            }
            let path = self.path.display();
            let message = format!("{path}: the compressed data is cut short or damaged: {err}");
            let hint = "get the file again from where it came";
            raise(py, "DecodeError", "SRC-003", &message, hint)
        })?;
        Ok(PyBytes::new(py, &bytes[..count]))
    }

    /// Bytes of the file done, and in all.
    fn progress(&self) -> (u64, u64) {
        let progress = self.stream.lock().unwrap_or_else(PoisonError::into_inner).progress();
        (progress.bytes_done, progress.bytes_total.unwrap_or(0))
    }
}

fn codec_named(name: &str) -> PyResult<Codec> {
    match name {
        "plain" => Ok(Codec::Plain),
        "gzip" => Ok(Codec::Gzip),
        "zstd" => Ok(Codec::Zstd),
        "deflate" => Ok(Codec::Deflate),
        other => Err(PyValueError::new_err(format!("codec {other:?}"))),
    }
}

/// Chunks from a Python iterator.
struct PyChunks {
    iterator: Py<PyAny>,
    failure: Failure,
}

type PyChunk<'py> = (PyReadonlyArray1<'py, i64>, PyReadonlyArray1<'py, u8>, u64);

impl PyChunks {
    fn take_next(&self, py: Python<'_>, chunk: &mut RecordChunk) -> PyResult<bool> {
        let mut iterator = self.iterator.bind(py).try_iter()?;
        let Some(next) = iterator.next() else { return Ok(false) };
        let (ts_ns, bodies, bytes_done): PyChunk<'_> = next?.extract()?;
        chunk.ts_ns.clear();
        chunk.ts_ns.reserve(ts_ns.len());
        chunk.ts_ns.extend_from_slice(ts_ns.as_slice()?);
        chunk.bodies.clear();
        chunk.bodies.extend_from_slice(bodies.as_slice()?);
        chunk.bytes_done = bytes_done;
        Ok(true)
    }
}

impl ChunkSupplier for PyChunks {
    fn supply(&mut self, chunk: &mut RecordChunk) -> Result<bool, ()> {
        Python::attach(|py| self.take_next(py, chunk)).map_err(|err| {
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(err);
        })
    }
}
