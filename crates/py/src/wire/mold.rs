// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! `MoldUDP64` for Python.

use super::{Fault, from_latin1, latin1};
use crate::errors::raise;
use onetape_core::wire::mold::{
    Arrival, Header, MoldError, Packet, PacketBuilder, PushError, SequenceTracker, Session,
};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(mold_decode, module)?)?;
    module.add_function(wrap_pyfunction!(mold_decode_request, module)?)?;
    module.add_function(wrap_pyfunction!(mold_encode_header, module)?)?;
    module.add_class::<MoldPacketBuilder>()?;
    module.add_class::<MoldSequenceTracker>()
}

type Decoded<'py> = (String, u64, u16, Vec<Bound<'py, PyBytes>>);

/// A downstream packet: session, number of its first message, count, messages.
#[pyfunction]
fn mold_decode<'py>(py: Python<'py>, data: &[u8]) -> PyResult<Decoded<'py>> {
    let packet = Packet::decode(data).map_err(|error| mold_error(py, error))?;
    let Header { session, sequence, count } = packet.header;
    let mut messages = Vec::new();
    for item in packet.messages() {
        let (_, message) = item.map_err(|error| mold_error(py, error))?;
        messages.push(PyBytes::new(py, message));
    }
    Ok((shown_session(session), sequence, count, messages))
}

/// A request: session, first number wanted, how many.
#[pyfunction]
fn mold_decode_request(py: Python<'_>, data: &[u8]) -> PyResult<(String, u64, u16)> {
    let header = Header::decode_request(data).map_err(|error| mold_error(py, error))?;
    Ok((shown_session(header.session), header.sequence, header.count))
}

/// A header by itself: a request, a heartbeat, an end.
#[pyfunction]
fn mold_encode_header<'py>(
    py: Python<'py>,
    session: &str,
    sequence: u64,
    count: u16,
) -> PyResult<Bound<'py, PyBytes>> {
    let header = Header { session: to_session(py, session)?, sequence, count };
    Ok(PyBytes::new(py, &header.encode()))
}

/// Fills packets, one after the other, none above its limit of bytes.
#[pyclass(module = "onetape._native")]
struct MoldPacketBuilder(PacketBuilder);

#[pymethods]
impl MoldPacketBuilder {
    #[new]
    #[pyo3(signature = (session, sequence=1, payload_bytes_max=1_472))]
    fn new(
        py: Python<'_>,
        session: &str,
        sequence: u64,
        payload_bytes_max: usize,
    ) -> PyResult<Self> {
        Ok(Self(PacketBuilder::new(to_session(py, session)?, sequence, payload_bytes_max)))
    }

    /// Adds a message; False when it must wait for the next packet.
    fn push(&mut self, py: Python<'_>, message: &[u8]) -> PyResult<bool> {
        match self.0.push(message) {
            Ok(()) => Ok(true),
            Err(PushError::Oversized { expected, found }) => {
                let text = format!("message: expected at most {expected} bytes, found {found}");
                let hint = "raise payload_bytes_max, or send it over SoupBinTCP";
                Err(raise(py, "WireError", "WIR-013", &text, hint))
            }
            Err(PushError::Full | _) => Ok(false),
        }
    }

    /// Messages in the packet so far.
    #[getter]
    const fn messages_count(&self) -> u16 {
        self.0.messages_count()
    }

    /// The packet as it is: a heartbeat when it has no message.
    fn packet<'py>(&mut self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.0.packet())
    }

    /// Begins the next packet.
    fn advance(&mut self) {
        self.0.advance();
    }

    /// The end of the session, after the last packet.
    fn end_of_session<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.0.end_of_session())
    }
}

/// What a listener keeps of a stream.
#[pyclass(module = "onetape._native")]
struct MoldSequenceTracker(SequenceTracker);

#[pymethods]
impl MoldSequenceTracker {
    #[new]
    #[pyo3(signature = (session=None, sequence=1))]
    fn new(py: Python<'_>, session: Option<&str>, sequence: u64) -> PyResult<Self> {
        Ok(Self(match session {
            None => SequenceTracker::joining(),
            Some(session) => SequenceTracker::from_sequence(to_session(py, session)?, sequence),
        }))
    }

    /// What a packet is: ("deliver", skip, take), ("nothing", duplicates, 0),
    /// ("gap", from, missing), (`other_session`, 0, 0) or ("ended", 0, 0).
    fn observe(
        &mut self,
        py: Python<'_>,
        session: &str,
        sequence: u64,
        count: u16,
    ) -> PyResult<(&'static str, u64, u64)> {
        let header = Header { session: to_session(py, session)?, sequence, count };
        Ok(match self.0.observe(&header) {
            Arrival::Deliver { skip, take } => ("deliver", u64::from(skip), u64::from(take)),
            Arrival::Nothing { duplicates } => ("nothing", u64::from(duplicates), 0),
            Arrival::Gap { from, missing } => ("gap", from, missing),
            Arrival::OtherSession => ("other_session", 0, 0),
            Arrival::Ended => ("ended", 0, 0),
        })
    }

    /// Gives up what is missing before `sequence`.
    fn accept_gap(&mut self, sequence: u64) {
        self.0.accept_gap(sequence);
    }

    /// Number of the next message; `None` before the first packet of a late listener.
    #[getter]
    fn next_sequence(&self) -> Option<u64> {
        self.0.next()
    }
}

/// A session's name without its padding.
fn shown_session(session: Session) -> String {
    let end = session.iter().rposition(|&b| b != b' ').map_or(0, |last| last + 1);
    latin1(&session[..end])
}

/// A session's name, padded; refused when it is too long.
fn to_session(py: Python<'_>, session: &str) -> PyResult<Session> {
    from_latin1(session, b' ').ok_or_else(|| {
        let message =
            format!("session: expected at most 10 characters of Latin-1, found {session:?}");
        raise(py, "WireError", "WIR-013", &message, "shorten the session's name")
    })
}

/// The exception for a packet.
fn mold_error(py: Python<'_>, error: MoldError) -> PyErr {
    let hint = "the packet is cut short or is not MoldUDP64: look at how it was captured";
    let fault = |code, what: &str, offset: usize, expected: String, found: String| Fault {
        code,
        what: what.to_owned(),
        offset: offset as u64,
        expected,
        found,
        hint,
    };
    match error {
        MoldError::Truncated { offset, expected, found } => {
            let expected = format!("{expected} bytes");
            fault("WIR-010", "MoldUDP64 packet cut short", offset, expected, found.to_string())
        }
        MoldError::Trailing { offset, found } => {
            let (expected, found) = ("the end".to_owned(), format!("{found} more bytes"));
            fault("WIR-011", "MoldUDP64 packet", offset, expected, found)
        }
        MoldError::SequenceRange { sequence, count } => {
            let found = format!("{count} messages from {sequence}");
            let expected = "numbers of 64 bits".to_owned();
            fault("WIR-012", "MoldUDP64 sequence number", 10, expected, found)
        }
        _ => fault("WIR-010", "MoldUDP64 packet", 0, "a packet".to_owned(), format!("{error:?}")),
    }
    .raise(py)
}
