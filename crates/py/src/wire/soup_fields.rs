// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Fields, names and errors of `SoupBinTCP` on their way to and from Python.

use super::{Fault, from_latin1, latin1, shown};
use crate::errors::raise;
use onetape_core::wire::soup::{LoginRequest, SessionError, SoupError, State, Version, name_of};
use pyo3::prelude::*;

/// A login's fields: username, password, session, sequence, `timeout_ms`.
pub(super) type LoginFields = (String, String, String, u64, Option<u32>);

/// Text without padding.
pub(super) fn trimmed(field: &[u8]) -> String {
    let end = field.iter().position(|&b| b == 0).unwrap_or(field.len());
    latin1(&field[..end])
}

/// A login's fields for Python.
pub(super) fn login_fields(login: &LoginRequest) -> LoginFields {
    let LoginRequest { username, password, session, sequence, timeout_ms } = login;
    (trimmed(username), trimmed(password), trimmed(session), *sequence, *timeout_ms)
}

/// A login from its fields, refused when one does not fit.
pub(super) fn to_login(py: Python<'_>, fields: LoginFields) -> PyResult<LoginRequest> {
    let (username, password, session, sequence, timeout_ms) = fields;
    if timeout_ms.is_some_and(|timeout_ms| timeout_ms > 99_999) {
        let message = format!("timeout_ms: expected 0 to 99999, found {timeout_ms:?}");
        return Err(raise(py, "WireError", "WIR-024", &message, "five digits is what it has"));
    }
    Ok(LoginRequest {
        username: name(py, "username", &username)?,
        password: name(py, "password", &password)?,
        session: name(py, "session", &session)?,
        sequence,
        timeout_ms,
    })
}

/// A name of at most `LEN` characters.
pub(super) fn name<const LEN: usize>(
    py: Python<'_>,
    field: &str,
    text: &str,
) -> PyResult<[u8; LEN]> {
    let bytes: Option<[u8; LEN]> = from_latin1(text, 0);
    bytes.map(|bytes| name_of(&bytes)).ok_or_else(|| {
        let length = text.chars().count();
        let message =
            format!("{field}: expected at most {LEN} characters of Latin-1, found {length}");
        raise(py, "WireError", "WIR-024", &message, "shorten it")
    })
}

/// A revision by its number.
pub(super) fn to_version(py: Python<'_>, version: &str) -> PyResult<Version> {
    match version {
        "3.00" => Ok(Version::V300),
        "4.00" => Ok(Version::V400),
        "4.10" => Ok(Version::V410),
        _ => {
            let message = format!("version: expected 3.00, 4.00 or 4.10, found {version:?}");
            Err(raise(py, "WireError", "WIR-024", &message, "name a revision of SoupBinTCP"))
        }
    }
}

/// A state's name.
pub(super) const fn state_name(state: State) -> &'static str {
    match state {
        State::Connected => "connected",
        State::LoginSent => "login_sent",
        State::Active => "active",
        State::Closed => "closed",
    }
}

/// The exception for a packet at `offset` of its stream.
pub(super) fn soup_error(py: Python<'_>, error: SoupError, offset: u64) -> PyErr {
    let hint = "the peer does not speak SoupBinTCP, or bytes were lost: reconnect";
    let fault = |code, what, offset, expected: String, found: String| Fault {
        code,
        what,
        offset,
        expected,
        found,
        hint,
    };
    match error {
        SoupError::Length { packet_type, expected, found } => {
            let what = format!("SoupBinTCP packet {}", shown(packet_type));
            let expected = format!("a payload of {expected} bytes");
            fault("WIR-021", what, offset, expected, found.to_string())
        }
        SoupError::Number { packet_type, offset: at } => {
            let what = format!("SoupBinTCP packet {}", shown(packet_type));
            let (expected, found) = ("digits of 64 bits".to_owned(), "something else".to_owned());
            fault("WIR-022", what, offset.saturating_add(at as u64), expected, found)
        }
        SoupError::Empty | _ => {
            let what = "SoupBinTCP packet".to_owned();
            fault("WIR-020", what, offset, "a length above 0".to_owned(), "0".to_owned())
        }
    }
    .raise(py)
}

/// The exception for a session.
pub(super) fn session_error(py: Python<'_>, error: SessionError, offset: u64) -> PyErr {
    let (code, message, hint) = match error {
        SessionError::Packet(error) => return soup_error(py, error, offset),
        SessionError::Oversized { expected, found } => return oversized(py, expected, found),
        SessionError::Unexpected { packet_type, state } => (
            "WIR-030",
            format!(
                "before byte {offset}: found packet {}, which state {} does not allow",
                shown(packet_type),
                state_name(state)
            ),
            "the peer breaks the session's rules: look at its version, then reconnect",
        ),
        SessionError::PeerSilent { silent_ns, allowed_ns } => (
            "WIR-031",
            format!("the peer was silent for {silent_ns} ns: expected less than {allowed_ns} ns"),
            "the link is dead: reconnect with the accepted session and next_sequence",
        ),
        SessionError::State { state } => (
            "WIR-032",
            format!("the session's state {} does not allow this", state_name(state)),
            "look at .state before the call",
        ),
        SessionError::SequenceRange | _ => (
            "WIR-033",
            "the next sequence number does not fit in 64 bits".to_owned(),
            "the peer gave a wrong number at login: ask its owner",
        ),
    };
    raise(py, "SessionError", code, &message, hint)
}

/// The exception for a message that is too long.
pub(super) fn oversized(py: Python<'_>, expected: usize, found: usize) -> PyErr {
    let message = format!("message: expected at most {expected} bytes, found {found}");
    raise(py, "WireError", "WIR-023", &message, "split the message")
}
