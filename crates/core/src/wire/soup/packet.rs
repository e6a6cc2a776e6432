// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! One packet, both ways: a 2-byte length (type and payload), a type, a payload.
//!
//! Fields of session and number are taken justified to either side and sent padded on the left;
//! names and passwords are padded on the right.

use super::SoupError;
use crate::wire::bytes::text;

/// A session's id without its padding, then zero bytes.
pub type Session = [u8; 10];

/// Bytes before the payload: length and type.
const HEAD: usize = 3;
/// Payload of a login before 4.10, and from it on.
const LOGIN: usize = 46;
const LOGIN_410: usize = 51;
/// Payload of a login accepted.
const ACCEPTED: usize = 30;

/// What a client says to begin a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LoginRequest {
    /// User, without padding, then zero bytes.
    pub username: [u8; 6],
    /// Password, without padding, then zero bytes.
    pub password: [u8; 10],
    /// Session wanted; all zero bytes for the one that is open.
    pub session: Session,
    /// Number of the first message wanted; 0 for the most recent.
    pub sequence: u64,
    /// Silence after which the server should give the client up, in ms; `None` before 4.10.
    pub timeout_ms: Option<u32>,
}

impl LoginRequest {
    /// Whether user and password are these, whatever the case of their letters.
    #[must_use]
    pub fn is_from(&self, username: &[u8], password: &[u8]) -> bool {
        trim(&self.username).eq_ignore_ascii_case(trim(username))
            && trim(&self.password).eq_ignore_ascii_case(trim(password))
    }
}

/// A packet, where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Packet<'a> {
    /// Free text, from either end; to be ignored.
    Debug(&'a [u8]),
    /// The server opens the session.
    LoginAccepted {
        /// Its id.
        session: Session,
        /// Number of the next sequenced message.
        sequence: u64,
    },
    /// The server refuses the login.
    LoginRejected {
        /// `A` not authorised, `S` no such session.
        reason: u8,
    },
    /// A numbered message; both ends count.
    Sequenced(&'a [u8]),
    /// The server is alive.
    ServerHeartbeat,
    /// No message will follow in this session, ever.
    EndOfSession,
    /// The client asks for a session.
    LoginRequest(LoginRequest),
    /// A message without a number.
    Unsequenced(&'a [u8]),
    /// The client is alive.
    ClientHeartbeat,
    /// The client leaves.
    LogoutRequest,
    /// A type this decoder does not know.
    Unknown {
        /// Its type.
        packet_type: u8,
        /// Its payload.
        payload: &'a [u8],
    },
}

impl<'a> Packet<'a> {
    /// Reads a packet from what its length covers: the type and the payload.
    ///
    /// # Errors
    /// [`SoupError`] when there is no type, the payload has the wrong length, or a number is none.
    #[inline]
    pub fn decode(bytes: &'a [u8]) -> Result<Self, SoupError> {
        let Some((&packet_type, payload)) = bytes.split_first() else {
            return Err(SoupError::Empty);
        };
        match packet_type {
            b'S' => Ok(Self::Sequenced(payload)),
            b'U' => Ok(Self::Unsequenced(payload)),
            b'+' => Ok(Self::Debug(payload)),
            _ => Self::decode_control(packet_type, payload),
        }
    }

    /// Reads a packet that carries no message.
    fn decode_control(packet_type: u8, payload: &'a [u8]) -> Result<Self, SoupError> {
        let exact = |expected| {
            let found = payload.len();
            let error = SoupError::Length { packet_type, expected, found };
            if found == expected { Ok(()) } else { Err(error) }
        };
        match packet_type {
            b'H' => exact(0).map(|()| Self::ServerHeartbeat),
            b'R' => exact(0).map(|()| Self::ClientHeartbeat),
            b'Z' => exact(0).map(|()| Self::EndOfSession),
            b'O' => exact(0).map(|()| Self::LogoutRequest),
            b'J' => exact(1).map(|()| Self::LoginRejected { reason: payload[0] }),
            b'A' => match payload.try_into() {
                Ok(payload) => accepted(payload),
                Err(_) => Err(exact(ACCEPTED).expect_err("the length differs")),
            },
            b'L' => login(payload),
            _ => Ok(Self::Unknown { packet_type, payload }),
        }
    }

    /// Its type byte.
    #[must_use]
    pub const fn packet_type(&self) -> u8 {
        match self {
            Self::Debug(_) => b'+',
            Self::LoginAccepted { .. } => b'A',
            Self::LoginRejected { .. } => b'J',
            Self::Sequenced(_) => b'S',
            Self::ServerHeartbeat => b'H',
            Self::EndOfSession => b'Z',
            Self::LoginRequest(_) => b'L',
            Self::Unsequenced(_) => b'U',
            Self::ClientHeartbeat => b'R',
            Self::LogoutRequest => b'O',
            Self::Unknown { packet_type, .. } => *packet_type,
        }
    }

    /// Appends the packet as it stands on the wire, its length first, to `out`.
    ///
    /// # Panics
    /// If the payload is longer than [`super::PAYLOAD_BYTES_MAX`].
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0, 0, self.packet_type()]);
        match self {
            Self::Debug(payload)
            | Self::Sequenced(payload)
            | Self::Unsequenced(payload)
            | Self::Unknown { payload, .. } => out.extend_from_slice(payload),
            Self::LoginAccepted { session, sequence } => {
                out.extend_from_slice(&padded_left(session));
                out.extend_from_slice(&digits::<20>(*sequence));
            }
            Self::LoginRejected { reason } => out.push(*reason),
            Self::LoginRequest(login) => {
                out.extend_from_slice(&padded_right(&login.username));
                out.extend_from_slice(&padded_right(&login.password));
                out.extend_from_slice(&padded_left(&login.session));
                out.extend_from_slice(&digits::<20>(login.sequence));
                if let Some(timeout_ms) = login.timeout_ms {
                    out.extend_from_slice(&digits::<5>(u64::from(timeout_ms.min(99_999))));
                }
            }
            Self::ServerHeartbeat
            | Self::EndOfSession
            | Self::ClientHeartbeat
            | Self::LogoutRequest => {}
        }
        let length = u16::try_from(out.len() - start - 2).expect("a payload of 65,534 at most");
        out[start..start + 2].copy_from_slice(&length.to_be_bytes());
    }
}

/// Reads a login accepted.
fn accepted(payload: &[u8; ACCEPTED]) -> Result<Packet<'static>, SoupError> {
    Ok(Packet::LoginAccepted {
        session: unpadded(&text::<ACCEPTED, 10>(payload, 0)),
        sequence: number(b'A', HEAD + 10, &text::<ACCEPTED, 20>(payload, 10))?,
    })
}

/// Reads a login request of either length.
fn login(payload: &[u8]) -> Result<Packet<'static>, SoupError> {
    let (packet_type, found) = (b'L', payload.len());
    let Some((login, timeout)) = payload.split_first_chunk::<LOGIN>() else {
        return Err(SoupError::Length { packet_type, expected: LOGIN, found });
    };
    let timeout_ms = match timeout.len() {
        0 => None,
        5 => Some(number(packet_type, HEAD + LOGIN, timeout)? as u32),
        _ => return Err(SoupError::Length { packet_type, expected: LOGIN_410, found }),
    };
    Ok(Packet::LoginRequest(LoginRequest {
        username: unpadded(&text::<LOGIN, 6>(login, 0)),
        password: unpadded(&text::<LOGIN, 10>(login, 6)),
        session: unpadded(&text::<LOGIN, 10>(login, 16)),
        sequence: number(packet_type, HEAD + 26, &text::<LOGIN, 20>(login, 26))?,
        timeout_ms,
    }))
}

/// A name of at most `LEN` bytes as packets hold it: without padding, then zero bytes.
/// What is longer is cut.
#[must_use]
pub fn name_of<const LEN: usize>(name: &[u8]) -> [u8; LEN] {
    let name = trim(name);
    let length = name.len().min(LEN);
    let mut out = [0; LEN];
    out[..length].copy_from_slice(&name[..length]);
    out
}

/// A field without its padding, then zero bytes.
fn unpadded<const LEN: usize>(field: &[u8; LEN]) -> [u8; LEN] {
    name_of(field)
}

/// Text without spaces and zero bytes at either end.
fn trim(mut field: &[u8]) -> &[u8] {
    while let [b' ' | 0, rest @ ..] | [rest @ .., b' ' | 0] = field {
        field = rest;
    }
    field
}

/// Digits with padding on either side; blank is 0.
fn number(packet_type: u8, offset: usize, field: &[u8]) -> Result<u64, SoupError> {
    let mut value = 0_u64;
    for &digit in trim(field) {
        let next = match digit {
            b'0'..=b'9' => {
                value.checked_mul(10).and_then(|v| v.checked_add(u64::from(digit - b'0')))
            }
            _ => None,
        };
        value = next.ok_or(SoupError::Number { packet_type, offset })?;
    }
    Ok(value)
}

/// Text with spaces before it.
fn padded_left<const LEN: usize>(name: &[u8; LEN]) -> [u8; LEN] {
    let name = trim(name);
    let mut out = [b' '; LEN];
    out[LEN - name.len()..].copy_from_slice(name);
    out
}

/// Text with spaces after it.
fn padded_right<const LEN: usize>(name: &[u8; LEN]) -> [u8; LEN] {
    let name = trim(name);
    let mut out = [b' '; LEN];
    out[..name.len()].copy_from_slice(name);
    out
}

/// A number in digits with spaces before it. 20 places hold any number of 64 bits.
fn digits<const LEN: usize>(mut value: u64) -> [u8; LEN] {
    let mut out = [b' '; LEN];
    for place in out.iter_mut().rev() {
        *place = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out
}
