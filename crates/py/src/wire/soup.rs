// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! `SoupBinTCP` for Python: packets as (type, fields), sessions as classes that take the time.

use super::latin1;
use super::soup_fields::{
    LoginFields, login_fields, name, oversized, session_error, soup_error, state_name, to_login,
    to_version, trimmed,
};
use onetape_core::wire::soup::{
    Client, ClientConfig, ClientEvent, Decoder, LoginRequest, PAYLOAD_BYTES_MAX, Packet, Server,
    ServerEvent, SessionError, start_of_replay,
};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(soup_encode, module)?)?;
    module.add_class::<SoupDecoder>()?;
    module.add_class::<SoupClient>()?;
    module.add_class::<SoupServer>()
}

type Fields<'py> = Bound<'py, PyTuple>;

/// A packet from its type and fields.
#[pyfunction]
fn soup_encode<'py>(
    py: Python<'py>,
    packet_type: char,
    fields: &Fields<'py>,
) -> PyResult<Bound<'py, PyBytes>> {
    let payload: Bound<'py, PyBytes>;
    let code = u8::try_from(u32::from(packet_type)).unwrap_or(b'?');
    let packet = match code {
        b'H' => Packet::ServerHeartbeat,
        b'R' => Packet::ClientHeartbeat,
        b'Z' => Packet::EndOfSession,
        b'O' => Packet::LogoutRequest,
        b'J' => {
            let (reason,): (char,) = fields.extract()?;
            Packet::LoginRejected { reason: u8::try_from(u32::from(reason)).unwrap_or(b'?') }
        }
        b'A' => {
            let (session, sequence): (String, u64) = fields.extract()?;
            Packet::LoginAccepted { session: name(py, "session", &session)?, sequence }
        }
        b'L' => Packet::LoginRequest(to_login(py, fields.extract()?)?),
        _ => {
            payload = fields.get_item(0)?.extract()?;
            let payload = payload.as_bytes();
            if payload.len() > PAYLOAD_BYTES_MAX {
                return Err(oversized(py, PAYLOAD_BYTES_MAX, payload.len()));
            }
            match code {
                b'S' => Packet::Sequenced(payload),
                b'U' => Packet::Unsequenced(payload),
                b'+' => Packet::Debug(payload),
                packet_type => Packet::Unknown { packet_type, payload },
            }
        }
    };
    let mut out = Vec::new();
    packet.encode(&mut out);
    Ok(PyBytes::new(py, &out))
}

/// A packet's fields.
fn to_fields<'py>(py: Python<'py>, packet: &Packet<'_>) -> PyResult<Fields<'py>> {
    match *packet {
        Packet::LoginAccepted { session, sequence } => {
            (trimmed(&session), sequence).into_pyobject(py)
        }
        Packet::LoginRejected { reason } => (char::from(reason),).into_pyobject(py),
        Packet::LoginRequest(login) => login_fields(&login).into_pyobject(py),
        Packet::Debug(payload)
        | Packet::Sequenced(payload)
        | Packet::Unsequenced(payload)
        | Packet::Unknown { payload, .. } => (PyBytes::new(py, payload),).into_pyobject(py),
        _ => Ok(PyTuple::empty(py)),
    }
}

/// Takes a stream of bytes apart into packets, however it was split.
#[pyclass(module = "onetape._native")]
struct SoupDecoder(Decoder);

#[pymethods]
impl SoupDecoder {
    #[new]
    fn new() -> Self {
        Self(Decoder::new())
    }

    /// The packets that are whole with these bytes: (offset in the stream, type, fields).
    fn feed<'py>(
        &mut self,
        py: Python<'py>,
        mut data: &[u8],
    ) -> PyResult<Vec<(u64, char, Fields<'py>)>> {
        let mut packets = Vec::new();
        loop {
            let at = self.0.offset();
            match self.0.next(&mut data) {
                Ok(None) => return Ok(packets),
                Ok(Some((offset, packet))) => {
                    let code = char::from(packet.packet_type());
                    packets.push((offset, code, to_fields(py, &packet)?));
                }
                Err(error) => return Err(with_seen(py, soup_error(py, error, at), packets)),
            }
        }
    }

    /// Bytes of a packet begun and not yet whole.
    #[getter]
    fn pending_bytes(&self) -> usize {
        self.0.pending_bytes()
    }

    /// Place in the stream of the packet being read, or of the next.
    #[getter]
    const fn offset(&self) -> u64 {
        self.0.offset()
    }
}

/// An event of a session: its name and its fields.
type Event<'py> = (&'static str, Fields<'py>);

/// The client's end of a session.
#[pyclass(module = "onetape._native")]
struct SoupClient(Client);

#[pymethods]
impl SoupClient {
    #[new]
    fn new(py: Python<'_>, version: &str, login: LoginFields, now_ns: i64) -> PyResult<Self> {
        let config =
            ClientConfig { version: to_version(py, version)?, login: to_login(py, login)? };
        Ok(Self(Client::new(config, now_ns)))
    }

    /// Sends the login.
    fn login<'py>(&mut self, py: Python<'py>, now_ns: i64) -> PyResult<Bound<'py, PyBytes>> {
        sent(py, self.0.offset(), |out| self.0.login(now_ns, out))
    }

    /// Sends a message without a number.
    fn send_unsequenced<'py>(
        &mut self,
        py: Python<'py>,
        now_ns: i64,
        message: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        sent(py, self.0.offset(), |out| self.0.send_unsequenced(now_ns, message, out))
    }

    /// Leaves.
    fn logout<'py>(&mut self, py: Python<'py>, now_ns: i64) -> PyResult<Bound<'py, PyBytes>> {
        sent(py, self.0.offset(), |out| self.0.logout(now_ns, out))
    }

    /// Does what is due by now; returns what is to be sent.
    fn poll<'py>(&mut self, py: Python<'py>, now_ns: i64) -> PyResult<Bound<'py, PyBytes>> {
        sent(py, self.0.offset(), |out| self.0.poll(now_ns, out))
    }

    /// Takes in bytes from the server; what they say, in order.
    fn receive<'py>(
        &mut self,
        py: Python<'py>,
        now_ns: i64,
        data: &[u8],
    ) -> PyResult<Vec<Event<'py>>> {
        let mut events = Vec::new();
        let result = self.0.receive(now_ns, data, &mut |event| {
            events.push(client_event(py, event));
        });
        gathered(py, events, result, self.0.offset())
    }

    /// Where the session stands.
    #[getter]
    const fn state(&self) -> &'static str {
        state_name(self.0.state())
    }

    /// The session's id.
    #[getter]
    fn session(&self) -> String {
        trimmed(&self.0.session())
    }

    /// Number of the next sequenced message.
    #[getter]
    const fn next_sequence(&self) -> u64 {
        self.0.next_sequence()
    }

    /// When `poll` has something to do next.
    #[getter]
    fn deadline_ns(&self) -> i64 {
        self.0.deadline_ns()
    }
}

/// The server's end of one client's session.
#[pyclass(module = "onetape._native")]
struct SoupServer {
    server: Server,
    login: Option<LoginRequest>,
    unread: Vec<u8>,
}

#[pymethods]
impl SoupServer {
    #[new]
    fn new(py: Python<'_>, version: &str, now_ns: i64) -> PyResult<Self> {
        let server = Server::new(to_version(py, version)?, now_ns);
        Ok(Self { server, login: None, unread: Vec::new() })
    }

    /// Opens the session; `sequence` is the number of the next message to send.
    fn accept<'py>(
        &mut self,
        py: Python<'py>,
        now_ns: i64,
        session: &str,
        sequence: u64,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let session = name(py, "session", session)?;
        let offset = self.server.offset();
        sent(py, offset, |out| self.server.accept(now_ns, session, sequence, out))
    }

    /// Where the login's replay starts, and ("", start) or (reason, 0).
    fn start_of_replay(
        &self,
        py: Python<'_>,
        session: &str,
        next_sequence: u64,
    ) -> PyResult<(String, u64)> {
        let session = name(py, "session", session)?;
        let offset = self.server.offset();
        let state = self.server.state();
        let login = self.login.ok_or(SessionError::State { state });
        let login = login.map_err(|error| session_error(py, error, offset))?;
        Ok(match start_of_replay(&login, &session, next_sequence) {
            Ok(start) => (String::new(), start),
            Err(reason) => (latin1(&[reason]), 0),
        })
    }

    /// Refuses the login.
    fn reject<'py>(
        &mut self,
        py: Python<'py>,
        now_ns: i64,
        reason: char,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let reason = u8::try_from(u32::from(reason)).unwrap_or(b'A');
        sent(py, self.server.offset(), |out| self.server.reject(now_ns, reason, out))
    }

    /// Sends the message that has number `position`, and moves on.
    fn send_sequenced<'py>(
        &mut self,
        py: Python<'py>,
        now_ns: i64,
        message: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        sent(py, self.server.offset(), |out| self.server.send_sequenced(now_ns, message, out))
    }

    /// Sends a message without a number (from 4.00).
    fn send_unsequenced<'py>(
        &mut self,
        py: Python<'py>,
        now_ns: i64,
        message: &[u8],
    ) -> PyResult<Bound<'py, PyBytes>> {
        sent(py, self.server.offset(), |out| self.server.send_unsequenced(now_ns, message, out))
    }

    /// Ends the session for good.
    fn end_session<'py>(&mut self, py: Python<'py>, now_ns: i64) -> PyResult<Bound<'py, PyBytes>> {
        sent(py, self.server.offset(), |out| self.server.end_session(now_ns, out))
    }

    /// Does what is due by now; returns what is to be sent.
    fn poll<'py>(&mut self, py: Python<'py>, now_ns: i64) -> PyResult<Bound<'py, PyBytes>> {
        sent(py, self.server.offset(), |out| self.server.poll(now_ns, out))
    }

    /// Takes in bytes from the client; what they say, in order. It stops at a login: answer it,
    /// then call again, with no bytes if there are no more.
    fn receive<'py>(
        &mut self,
        py: Python<'py>,
        now_ns: i64,
        data: &[u8],
    ) -> PyResult<Vec<Event<'py>>> {
        let mut unread = std::mem::take(&mut self.unread);
        unread.extend_from_slice(data);
        let mut bytes = &unread[..];
        let mut events = Vec::new();
        let login = &mut self.login;
        let result = self.server.receive(now_ns, &mut bytes, &mut |event| {
            if let ServerEvent::Login(request) = event {
                *login = Some(request);
            }
            events.push(server_event(py, event));
        });
        self.unread = bytes.to_vec();
        gathered(py, events, result, self.server.offset())
    }

    /// Where the session stands.
    #[getter]
    const fn state(&self) -> &'static str {
        state_name(self.server.state())
    }

    /// Number of the next message to send.
    #[getter]
    const fn position(&self) -> u64 {
        self.server.position()
    }

    /// When `poll` has something to do next.
    #[getter]
    fn deadline_ns(&self) -> i64 {
        self.server.deadline_ns()
    }
}

/// A client's event by name.
fn client_event<'py>(py: Python<'py>, event: ClientEvent<'_>) -> PyResult<Event<'py>> {
    Ok(match event {
        ClientEvent::Accepted { session, sequence } => {
            ("accepted", (trimmed(&session), sequence).into_pyobject(py)?)
        }
        ClientEvent::Rejected { reason } => ("rejected", (char::from(reason),).into_pyobject(py)?),
        ClientEvent::Sequenced { sequence, message } => {
            ("sequenced", (sequence, PyBytes::new(py, message)).into_pyobject(py)?)
        }
        ClientEvent::Unsequenced(message) => {
            ("unsequenced", (PyBytes::new(py, message),).into_pyobject(py)?)
        }
        ClientEvent::Ignored { packet_type, payload } => ignored(py, packet_type, payload)?,
        _ => ("ended", PyTuple::empty(py)),
    })
}

/// A server's event by name.
fn server_event<'py>(py: Python<'py>, event: ServerEvent<'_>) -> PyResult<Event<'py>> {
    Ok(match event {
        ServerEvent::Login(login) => ("login", login_fields(&login).into_pyobject(py)?),
        ServerEvent::Unsequenced(message) => {
            ("unsequenced", (PyBytes::new(py, message),).into_pyobject(py)?)
        }
        ServerEvent::Ignored { packet_type, payload } => ignored(py, packet_type, payload)?,
        _ => ("logout", PyTuple::empty(py)),
    })
}

/// A packet that changed nothing.
fn ignored<'py>(py: Python<'py>, packet_type: u8, payload: &[u8]) -> PyResult<Event<'py>> {
    let fields = (char::from(packet_type), PyBytes::new(py, payload));
    Ok(("ignored", fields.into_pyobject(py)?))
}

/// The bytes that an action sends.
fn sent(
    py: Python<'_>,
    offset: u64,
    act: impl FnOnce(&mut Vec<u8>) -> Result<(), SessionError>,
) -> PyResult<Bound<'_, PyBytes>> {
    let mut out = Vec::new();
    act(&mut out).map_err(|error| session_error(py, error, offset))?;
    Ok(PyBytes::new(py, &out))
}

/// The events of a call; when it failed they are in the exception's `seen`.
fn gathered<'py>(
    py: Python<'py>,
    events: Vec<PyResult<Event<'py>>>,
    result: Result<(), SessionError>,
    offset: u64,
) -> PyResult<Vec<Event<'py>>> {
    let events = events.into_iter().collect::<PyResult<Vec<_>>>()?;
    match result {
        Ok(()) => Ok(events),
        Err(error) => Err(with_seen(py, session_error(py, error, offset), events)),
    }
}

/// The exception, with what was read before it.
fn with_seen<'py, T: IntoPyObject<'py>>(py: Python<'py>, error: PyErr, seen: Vec<T>) -> PyErr {
    let kept = seen.into_bound_py_any(py).and_then(|seen| error.value(py).setattr("seen", seen));
    kept.map_or_else(|failed| failed, |()| error)
}
