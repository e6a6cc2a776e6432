// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! `SoupBinTCP` 3.00, 4.00 and 4.10: framing over TCP, and both ends of a session, sans I/O.
//!
//! [`Decoder`] takes a stream of bytes apart, however TCP split it; [`Packet`] is one packet, both
//! ways; [`Client`] and [`Server`] keep a session's rules. They read no clock: time is passed in,
//! and what they have to say is appended to the caller's buffer.
//! Source: Nasdaq `SoupBinTCP`, versions 3.00, 4.00 and 4.10.

mod client;
mod decoder;
mod packet;
mod progress;
mod server;

#[cfg(test)]
mod tests;

pub use client::{Client, ClientConfig, ClientEvent};
pub use decoder::Decoder;
pub use packet::{LoginRequest, Packet, Session, name_of};
pub use server::{Server, ServerEvent, start_of_replay};

use crate::types::{SECOND_NS, TsNs};

/// Silence after which an end says that it is alive.
pub const HEARTBEAT_NS: i64 = SECOND_NS;
/// Silence of the peer after which the link is dead, where the client asked for no other.
pub const TIMEOUT_NS: i64 = 15 * SECOND_NS;
/// Time a client has to log in.
pub const LOGIN_TIMEOUT_NS: i64 = 30 * SECOND_NS;
/// Most payload by the format: a length of 65,535 less the type.
pub const PAYLOAD_BYTES_MAX: usize = 65_534;
/// Most payload we send: some clients read the length as a signed number.
pub const SENT_BYTES_MAX: usize = 32_766;
/// Reject: bad user or password.
pub const REJECT_NOT_AUTHORISED: u8 = b'A';
/// Reject: no such session.
pub const REJECT_NO_SESSION: u8 = b'S';

/// Which revision a session speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 3.00.
    V300,
    /// 4.00: the server, too, may send unsequenced data.
    V400,
    /// 4.10: the client may say how long the server should wait for it.
    V410,
}

/// Why bytes are not a packet. Offsets count from the packet's length field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SoupError {
    /// A length of zero: there is no type.
    Empty,
    /// Longer or shorter than its type allows.
    Length {
        /// The packet's type.
        packet_type: u8,
        /// Payload a packet of the type has.
        expected: usize,
        /// Payload there is.
        found: usize,
    },
    /// A field of digits holds something else, or more than 64 bits.
    Number {
        /// The packet's type.
        packet_type: u8,
        /// Where the field starts.
        offset: usize,
    },
}

/// Why a session cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionError {
    /// The peer's bytes are no packet.
    Packet(SoupError),
    /// The peer sent what the state does not allow.
    Unexpected {
        /// Type of the packet.
        packet_type: u8,
        /// Where the session stood.
        state: State,
    },
    /// The peer was silent too long.
    PeerSilent {
        /// For how long.
        silent_ns: i64,
        /// How long it may be.
        allowed_ns: i64,
    },
    /// This end was asked for what the state does not allow.
    State {
        /// Where the session stands.
        state: State,
    },
    /// A message is longer than we send.
    Oversized {
        /// Longest there may be.
        expected: usize,
        /// Its length.
        found: usize,
    },
    /// The number of the next message does not fit in 64 bits.
    SequenceRange,
}

impl From<SoupError> for SessionError {
    fn from(error: SoupError) -> Self {
        Self::Packet(error)
    }
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has logged in.
    Connected,
    /// A login was sent (client) or came (server), and is not answered.
    LoginSent,
    /// Data flows.
    Active,
    /// Over: ended, rejected, logged out or broken. Close the connection.
    Closed,
}

/// What both ends keep of the link: when each last spoke.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_field_names, reason = "units last, and all are times")]
struct Link {
    sent_ts_ns: TsNs,
    received_ts_ns: TsNs,
    timeout_ns: i64,
}

impl Link {
    /// A link made just now.
    const fn new(now_ns: TsNs, timeout_ns: i64) -> Self {
        Self { sent_ts_ns: now_ns, received_ts_ns: now_ns, timeout_ns }
    }

    /// Whether it is time to say that we are alive.
    const fn wants_heartbeat(&self, now_ns: TsNs) -> bool {
        now_ns.saturating_sub(self.sent_ts_ns) >= HEARTBEAT_NS
    }

    /// The error when the peer was silent too long.
    const fn check(&self, now_ns: TsNs) -> Result<(), SessionError> {
        let silent_ns = now_ns.saturating_sub(self.received_ts_ns);
        if silent_ns < self.timeout_ns {
            return Ok(());
        }
        Err(SessionError::PeerSilent { silent_ns, allowed_ns: self.timeout_ns })
    }

    /// When [`Self::check`] or, in an open session, [`Self::wants_heartbeat`] will say something.
    fn deadline_ns(&self, state: State) -> TsNs {
        let silent_ns = self.received_ts_ns.saturating_add(self.timeout_ns);
        match state {
            State::Closed => TsNs::MAX,
            State::Active => silent_ns.min(self.sent_ts_ns.saturating_add(HEARTBEAT_NS)),
            State::Connected | State::LoginSent => silent_ns,
        }
    }
}
