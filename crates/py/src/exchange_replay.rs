// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Runs an exchange's journal again, beside its streams.

use std::path::PathBuf;
use std::time::Instant;

use onetape_core::events::{OrderFormat, PortDefined, PortKind};
use onetape_core::exchange::node::Exchange;
use onetape_io::exchange::{Difference, Replayed, ReplayedDay, ServerError, replay};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use crate::errors::server_error;
use crate::exchange_server::Limits;
use crate::run::PROGRESS_EVERY;

/// What ends a replay early.
enum Failed {
    Server(ServerError),
    Python(PyErr),
}

impl From<ServerError> for Failed {
    fn from(error: ServerError) -> Self {
        Self::Server(error)
    }
}

impl From<PyErr> for Failed {
    fn from(error: PyErr) -> Self {
        Self::Python(error)
    }
}

/// Runs an exchange's journal again and gives what was compared. `limits_of` gives the market's size
/// from the texts of the journal's configurations.
#[pyfunction]
#[pyo3(signature = (journal, streams, limits_of, progress=None))]
#[expect(clippy::needless_pass_by_value, reason = "PyO3 hands over what it made")]
fn replay_exchange<'py>(
    py: Python<'py>,
    journal: PathBuf,
    streams: PathBuf,
    limits_of: &Bound<'py, PyAny>,
    progress: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let make = |texts: &[Vec<u8>]| -> Result<Exchange, Failed> {
        let texts: Vec<_> = texts.iter().map(|text| PyBytes::new(py, text)).collect();
        let limits: Limits = limits_of.call1((texts,))?.extract()?;
        Ok(Exchange::new(limits.exchange()))
    };
    let mut shown = Instant::now();
    let look = |entries: u64| -> Result<(), Failed> {
        py.check_signals()?;
        if let Some(progress) = progress
            && shown.elapsed() >= PROGRESS_EVERY
        {
            shown = Instant::now();
            progress.call1((entries,))?;
        }
        Ok(())
    };
    match replay(&journal, &streams, make, look) {
        Ok(replayed) => shown_as(py, &replayed),
        Err(Failed::Server(error)) => Err(server_error(py, &error)),
        Err(Failed::Python(error)) => Err(error),
    }
}

fn shown_as<'py>(py: Python<'py>, replayed: &Replayed) -> PyResult<Bound<'py, PyDict>> {
    let out = PyDict::new(py);
    out.set_item("entries", replayed.entries)?;
    out.set_item("inputs", replayed.inputs)?;
    out.set_item("outputs", replayed.outputs)?;
    out.set_item("outputs_missing", replayed.outputs_missing)?;
    out.set_item("state_hash", format!("{:016x}", replayed.state_hash))?;
    out.set_item("snapshots", replayed.hashes.clone())?;
    let mut streams = Vec::new();
    for ReplayedDay { day, streams: of_day } in &replayed.days {
        for (stream, found) in of_day {
            let wire = wire(replayed, *stream);
            streams.push((day.date, wire, found.made, found.equal, found.stored, found.is_stored));
        }
    }
    out.set_item("streams", streams)?;
    out.set_item("mismatch", py.None())?;
    match &replayed.difference {
        None => {}
        Some(Difference::Entry(mismatch)) => {
            let side = |side: &Option<(u16, Vec<u8>)>| {
                side.as_ref().map(|(kind, body)| (*kind, PyBytes::new(py, body).unbind()))
            };
            let sides = (mismatch.seq, side(&mismatch.made), side(&mismatch.found));
            out.set_item("mismatch", ("entry", sides))?;
        }
        Some(Difference::Hash(seq, made, stands)) => {
            let hashes = (*seq, format!("{made:016x}"), format!("{stands:016x}"));
            out.set_item("mismatch", ("hash", hashes))?;
        }
        Some(Difference::Message(differs)) => {
            let wire = wire(replayed, differs.stream);
            let made = PyBytes::new(py, &differs.made).unbind();
            let stored = PyBytes::new(py, &differs.stored).unbind();
            let message = (differs.date, wire, differs.number, differs.seq, made, stored);
            out.set_item("mismatch", ("message", message))?;
        }
    }
    Ok(out)
}

/// What a stream is called: its protocol, and whose it is.
fn wire(replayed: &Replayed, stream: u32) -> String {
    if stream == onetape_io::exchange::PUBLIC {
        return "ITCH 5.0".to_owned();
    }
    let Some((port, name)) = replayed.ports.get(&stream) else { return format!("port {stream}") };
    let protocol = match OrderFormat::from_raw(port.format) {
        Some(OrderFormat::Ouch50) => "OUCH 5.0",
        Some(OrderFormat::Ouch42) => "OUCH 4.2",
        Some(OrderFormat::Fix44) => "FIX 4.4",
        Some(OrderFormat::Fix50sp2) => "FIX 5.0 SP2",
        _ => "an unknown protocol",
    };
    let PortDefined { kind, .. } = *port;
    let copies = if kind == PortKind::DropCopy.raw() { ", drop copy" } else { "" };
    format!("{protocol} {}{copies}", String::from_utf8_lossy(name))
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(replay_exchange, module)?)
}
