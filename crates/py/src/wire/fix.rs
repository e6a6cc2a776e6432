// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! FIX for Python: messages as (begin string, type, fields), a session as a class that takes the time.

use super::{Fault, latin1};
use crate::errors::{raise, snapshot_error};
use onetape_core::component::Snapshot;
use onetape_core::wire::fix::{
    Arrival, BUFFER_BYTES, CompId, Decoder, Effects, Fault as FieldFault, FixError, Garble,
    Incoming, Message, Reason, Reject, Resend, Role, SENT_BYTES_MAX, SOH, Session, SessionConfig,
    SessionState, Version, Writer, tag, with_login, without_passwords,
};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(fix_encode, module)?)?;
    module.add_function(wrap_pyfunction!(fix_decode, module)?)?;
    module.add_function(wrap_pyfunction!(fix_without_passwords, module)?)?;
    module.add_function(wrap_pyfunction!(fix_with_login, module)?)?;
    module.add_function(wrap_pyfunction!(fix_resend, module)?)?;
    module.add_class::<FixDecoder>()?;
    module.add_class::<FixSession>()
}

type Bytes<'py> = Bound<'py, PyBytes>;
/// Tag and value.
type Field<'py> = (u32, Bytes<'py>);
/// `send`, `resend` or `disconnect`; a message; a first and a last place.
type Effect<'py> = (&'static str, Bytes<'py>, u64, u64);
/// What a message was, a sequence number, and what it led to.
type Outcome<'py> = (&'static str, u64, Vec<Effect<'py>>);
/// A session's set-up: version, role, sender, target, `heartbeat_s`, resets, `next_expected`,
/// `sending_time_ns_max`.
type Setup = (String, String, Vec<u8>, Vec<u8>, u32, bool, bool, i64);

/// A version by its begin string.
fn to_version(py: Python<'_>, name: &str) -> PyResult<Version> {
    Version::of(name.as_bytes()).ok_or_else(|| {
        let message = format!("version: expected FIX.4.4 or FIXT.1.1, found {name:?}");
        raise(py, "WireError", "WIR-061", &message, "name the begin string of a version")
    })
}

/// The exception for bytes that are no message.
fn fix_error(py: Python<'_>, error: FixError, bytes: &[u8]) -> PyErr {
    let (what, expected) = match error {
        FixError::BeginString => ("begin string", "8=FIX…".to_owned()),
        FixError::BodyLength => ("body length", "9= and at most 8,192 bytes in all".to_owned()),
        FixError::Trailer => ("trailer", "10= and three digits where 9= says".to_owned()),
        FixError::CheckSum { expected } => ("checksum", format!("10={expected:03}")),
        FixError::MsgType => ("message type", "35= in third place".to_owned()),
        _ => ("message", "a message".to_owned()),
    };
    let found = latin1(&bytes[..bytes.len().min(40)]);
    let what = format!("FIX {what}");
    let hint = "the peer does not speak FIX, or bytes were lost: skip to the next 8=FIX";
    Fault { code: "WIR-060", what, offset: 0, expected, found, hint }.raise(py)
}

/// The exception for a field that cannot be read or written.
fn field_error(py: Python<'_>, tag: u32, what: &str) -> PyErr {
    let message = format!("field {tag}: {what}");
    raise(py, "WireError", "WIR-062", &message, "a tag is above 0, a value is not empty")
}

/// A message that is whole.
fn to_message<'a>(py: Python<'_>, bytes: &'a [u8]) -> PyResult<Message<'a>> {
    Message::parse(bytes).map_err(|error| fix_error(py, error, bytes))
}

/// Puts fields into a message, refused when one cannot be.
fn put(py: Python<'_>, writer: &mut Writer<'_>, fields: Vec<Field<'_>>) -> PyResult<()> {
    let mut data_tag = None;
    for (tag, value) in fields {
        let value = value.as_bytes();
        let is_data = data_tag == Some(tag);
        if tag == 0 || tag > 999_999_999 || value.is_empty() {
            return Err(field_error(py, tag, "there is no such field, or it is empty"));
        }
        if value.contains(&SOH) && !is_data {
            return Err(field_error(py, tag, "the value holds an SOH and is no data"));
        }
        if writer.room() < value.len() + 12 {
            return Err(field_error(py, tag, "the message is longer than 8,192 bytes"));
        }
        data_tag = tag::data_of(tag);
        writer.text(tag, value);
    }
    Ok(())
}

/// A message from its fields; length and checksum are computed.
#[pyfunction]
fn fix_encode<'py>(
    py: Python<'py>,
    version: &str,
    msg_type: &[u8],
    fields: Vec<Field<'py>>,
) -> PyResult<Bytes<'py>> {
    let mut buffer = [0; SENT_BYTES_MAX];
    let mut writer = Writer::new(&mut buffer, to_version(py, version)?);
    put(py, &mut writer, vec![(35, PyBytes::new(py, msg_type))])?;
    put(py, &mut writer, fields)?;
    Ok(PyBytes::new(py, writer.finish()))
}

/// Begin string, type and fields of a message.
#[pyfunction]
fn fix_decode<'py>(
    py: Python<'py>,
    message: &[u8],
) -> PyResult<(String, Bytes<'py>, Vec<Field<'py>>)> {
    let message = to_message(py, message)?;
    let fields = message
        .fields()
        .map(|field| match field {
            Ok(field) => Ok((field.tag, PyBytes::new(py, field.value))),
            Err(fault) => Err(field_error(py, fault.tag, "it cannot be read")),
        })
        .collect::<PyResult<Vec<_>>>()?;
    Ok((latin1(message.begin_string()), PyBytes::new(py, message.msg_type()), fields))
}

/// A message as it may be kept.
#[pyfunction]
fn fix_without_passwords<'py>(py: Python<'py>, message: &[u8]) -> PyResult<Bytes<'py>> {
    let mut buffer = [0; BUFFER_BYTES];
    let message = without_passwords(to_message(py, message)?, &mut buffer);
    Ok(PyBytes::new(py, message.bytes()))
}

/// A logon with user and password put in.
#[pyfunction]
fn fix_with_login<'py>(
    py: Python<'py>,
    message: &[u8],
    username: &[u8],
    password: &[u8],
) -> PyResult<Bytes<'py>> {
    for (tag, value) in [(tag::USERNAME, username), (tag::PASSWORD, password)] {
        if value.is_empty() || value.len() > 100 || value.contains(&SOH) {
            return Err(field_error(py, tag, "expected 1 to 100 bytes without SOH"));
        }
    }
    let mut buffer = [0; BUFFER_BYTES];
    let message = to_message(py, message)?;
    if message.bytes().len() > SENT_BYTES_MAX {
        return Err(field_error(py, tag::PASSWORD, "the message is longer than 7,936 bytes"));
    }
    Ok(PyBytes::new(py, with_login(&message, username, password, &mut buffer).bytes()))
}

/// Stored messages as they are sent again.
#[pyfunction]
fn fix_resend<'py>(
    py: Python<'py>,
    ts_ns: i64,
    stored: Vec<Bytes<'py>>,
) -> PyResult<Vec<Bytes<'py>>> {
    let (mut again, mut buffer) = (Vec::new(), [0; BUFFER_BYTES]);
    let mut resend = Resend::new(ts_ns);
    let mut send = |message: &[u8]| again.push(PyBytes::new(py, message));
    for message in stored {
        let message = message.as_bytes();
        if message.len() > SENT_BYTES_MAX {
            return Err(field_error(py, 9, "the message is longer than 7,936 bytes"));
        }
        resend.message(to_message(py, message)?.bytes(), &mut buffer, &mut send);
    }
    resend.finish(&mut buffer, &mut send);
    Ok(again)
}

/// Takes a stream of bytes apart.
#[pyclass(module = "onetape._native")]
struct FixDecoder(Decoder);

#[pymethods]
impl FixDecoder {
    #[new]
    fn new() -> Self {
        Self(Decoder::new())
    }

    /// Messages, and (offset, bytes, why) of what was skipped, in order.
    fn feed<'py>(
        &mut self,
        py: Python<'py>,
        mut data: &[u8],
    ) -> Vec<(Option<Bytes<'py>>, u64, usize, &'static str)> {
        let mut seen = Vec::new();
        loop {
            let offset = self.0.offset();
            match self.0.next(&mut data) {
                None => return seen,
                Some(Arrival::Message(message)) => {
                    let bytes = message.bytes();
                    seen.push((Some(PyBytes::new(py, bytes)), offset, bytes.len(), ""));
                }
                Some(Arrival::Garbled { offset, bytes, why }) => {
                    seen.push((None, offset, bytes, garble_name(why)));
                }
            }
        }
    }

    /// Bytes of a message begun and not yet whole.
    #[getter]
    fn pending_bytes(&self) -> usize {
        self.0.pending_bytes()
    }
}

/// Why bytes were skipped.
const fn garble_name(why: Garble) -> &'static str {
    match why {
        Garble::NoStart => "no start",
        Garble::Framing(FixError::BeginString) => "begin string",
        Garble::Framing(FixError::BodyLength) => "body length",
        Garble::Framing(FixError::Trailer) => "trailer",
        Garble::Framing(FixError::CheckSum { .. }) => "checksum",
        Garble::Framing(FixError::MsgType) => "message type",
        _ => "garbled",
    }
}

/// Gathers what a session wants done.
struct Gathered<'py> {
    py: Python<'py>,
    effects: Vec<Effect<'py>>,
}

impl<'py> Gathered<'py> {
    const fn new(py: Python<'py>) -> Self {
        Self { py, effects: Vec::new() }
    }
}

impl Effects for Gathered<'_> {
    fn send(&mut self, message: &[u8]) {
        self.effects.push(("send", PyBytes::new(self.py, message), 0, 0));
    }

    fn resend(&mut self, from: u64, to: u64) {
        self.effects.push(("resend", PyBytes::new(self.py, b""), from, to));
    }

    fn disconnect(&mut self) {
        self.effects.push(("disconnect", PyBytes::new(self.py, b""), 0, 0));
    }
}

/// One end of a session.
#[pyclass(module = "onetape._native")]
struct FixSession(Session);

#[pymethods]
impl FixSession {
    #[new]
    fn new(py: Python<'_>, setup: Setup) -> PyResult<Self> {
        let (version, role, sender, target, heartbeat_s, resets, next_expected, tolerance_ns) =
            setup;
        let name = |name: &[u8]| {
            CompId::new(name).ok_or_else(|| field_error(py, 49, "expected 1 to 32 bytes"))
        };
        Ok(Self(Session::new(SessionConfig {
            version: to_version(py, &version)?,
            role: if role == "initiator" { Role::Initiator } else { Role::Acceptor },
            sender: name(&sender)?,
            target: name(&target)?,
            heartbeat_s,
            resets,
            next_expected,
            sending_time_ns_max: tolerance_ns,
        })))
    }

    /// A link is open.
    fn opened<'py>(&mut self, py: Python<'py>, ts_ns: i64) -> Vec<Effect<'py>> {
        let mut out = Gathered::new(py);
        self.0.opened(ts_ns, &mut out);
        out.effects
    }

    /// The link is gone.
    const fn closed(&mut self) {
        self.0.closed();
    }

    /// A new day.
    fn day_started<'py>(&mut self, py: Python<'py>) -> Vec<Effect<'py>> {
        let mut out = Gathered::new(py);
        self.0.day_started(&mut out);
        out.effects
    }

    /// Time passes.
    fn tick<'py>(&mut self, py: Python<'py>, ts_ns: i64) -> Vec<Effect<'py>> {
        let mut out = Gathered::new(py);
        self.0.tick(ts_ns, &mut out);
        out.effects
    }

    /// Leaves.
    fn logout<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: i64,
        text: &[u8],
    ) -> PyResult<Vec<Effect<'py>>> {
        if text.len() > 200 || text.contains(&SOH) {
            return Err(field_error(py, tag::TEXT, "expected at most 200 bytes without SOH"));
        }
        let mut out = Gathered::new(py);
        self.0.logout(ts_ns, text, &mut out);
        Ok(out.effects)
    }

    /// Takes one whole message.
    fn receive<'py>(&mut self, py: Python<'py>, ts_ns: i64, message: &[u8]) -> Outcome<'py> {
        let mut out = Gathered::new(py);
        let (kind, sequence) = match self.0.receive(ts_ns, message, &mut out) {
            Incoming::Nothing => ("nothing", 0),
            Incoming::LoggedOn => ("logged on", 0),
            Incoming::LoggedOut => ("logged out", 0),
            Incoming::Application(header) => ("application", header.sequence),
            Incoming::Rejected { sequence } => ("rejected", sequence),
        };
        (kind, sequence, out.effects)
    }

    /// Sends a message of the application.
    fn send<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: i64,
        msg_type: &[u8],
        fields: Vec<Field<'py>>,
    ) -> PyResult<Vec<Effect<'py>>> {
        let (mut buffer, mut out) = ([0; SENT_BYTES_MAX], Gathered::new(py));
        if msg_type.is_empty() || msg_type.len() > 8 || msg_type.contains(&SOH) {
            return Err(field_error(py, 35, "expected 1 to 8 bytes without SOH"));
        }
        let mut writer = self.0.begin(ts_ns, msg_type, &mut buffer);
        put(py, &mut writer, fields)?;
        self.0.commit(ts_ns, writer, &mut out);
        Ok(out.effects)
    }

    /// Rejects a message for a field, with one of the session's reasons.
    fn reject<'py>(
        &mut self,
        py: Python<'py>,
        ts_ns: i64,
        sequence: u64,
        msg_type: &[u8],
        tag: u32,
    ) -> Vec<Effect<'py>> {
        let mut out = Gathered::new(py);
        let fault = FieldFault { tag, reason: Reason::ValueIncorrect };
        self.0.reject(ts_ns, &Reject { sequence, msg_type, fault, text: b"" }, &mut out);
        out.effects
    }

    /// The state in bytes.
    fn save<'py>(&self, py: Python<'py>) -> Bytes<'py> {
        let mut out = Vec::new();
        self.0.save(&mut out);
        PyBytes::new(py, &out)
    }

    /// Takes up a state.
    fn restore(&mut self, py: Python<'_>, mut data: &[u8]) -> PyResult<()> {
        let place = std::path::Path::new("FIX session");
        self.0.restore(&mut data).map_err(|error| snapshot_error(py, error, place))
    }

    /// Digest of the state.
    fn state_hash(&self) -> u64 {
        self.0.state_hash()
    }

    /// Where the session stands.
    #[getter]
    const fn state(&self) -> &'static str {
        match self.0.state() {
            SessionState::Closed => "closed",
            SessionState::Opened => "opened",
            SessionState::LogonSent => "logon sent",
            SessionState::Active => "active",
            SessionState::LogoutSent => "logout sent",
        }
    }

    /// Number of the next message from the peer.
    #[getter]
    const fn next_in(&self) -> u64 {
        self.0.next_in()
    }

    /// Number of the next message to the peer.
    #[getter]
    const fn next_out(&self) -> u64 {
        self.0.next_out()
    }

    /// When `tick` has something to do next.
    #[getter]
    fn deadline_ns(&self) -> i64 {
        self.0.deadline_ns()
    }
}
