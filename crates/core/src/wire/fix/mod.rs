// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! FIX 4.4, and FIX 5.0 SP2 over FIXT 1.1: tag=value messages and both ends of a session, sans I/O.
//!
//! [`Decoder`] takes a stream of bytes apart and skips what is garbled; [`Message`] reads a message's
//! fields where they lie; [`Writer`] puts a message into a buffer of the caller's. [`Session`] keeps a
//! session's rules: what it sends follows from what it was given (messages, ticks, each with its
//! time), so that a replay sends the same bytes. What was sent is stored elsewhere; [`Resend`] turns
//! it into the answer to a resend request. docs/internals/fix.md says which rules there are.
//! Source: FIX Trading Community, "FIX Session Layer" (2020) and "FIX tagvalue encoding" (2020).

mod decoder;
mod message;
mod passwords;
mod resend;
mod session;
pub mod tag;
mod time;
mod writer;

#[cfg(test)]
mod tests;

pub use decoder::{Arrival, Decoder, Garble};
pub use message::{Fault, Field, Fields, FixError, Message, Reason};
pub use passwords::{with_login, without_passwords};
pub use resend::Resend;
pub use session::{
    CompId, Effects, Header, Incoming, Reject, Role, Session, SessionConfig, SessionState,
    starts_link,
};
pub use time::{Precision, parse_time};
pub use writer::{Part, Writer};

/// Longest message, both ways, in bytes.
pub const MESSAGE_BYTES_MAX: usize = 8_192;
/// Bytes of a buffer in which any message can be written.
pub const BUFFER_BYTES: usize = MESSAGE_BYTES_MAX + 32;
/// Longest message that a session sends, in bytes: sent again or with a login it still fits.
pub const SENT_BYTES_MAX: usize = MESSAGE_BYTES_MAX - 256;
/// Ends a field.
pub const SOH: u8 = 1;
/// `DefaultApplVerID` of FIX 5.0 SP2.
pub const FIX50_SP2: u8 = b'9';

/// Which protocol a session speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// FIX 4.4.
    Fix44,
    /// FIX 5.0 SP2 over FIXT 1.1.
    Fix50Sp2,
}

impl Version {
    /// What its messages begin with.
    #[must_use]
    pub const fn begin_string(self) -> &'static [u8] {
        match self {
            Self::Fix44 => b"FIX.4.4",
            Self::Fix50Sp2 => b"FIXT.1.1",
        }
    }

    /// The version whose messages begin so.
    #[must_use]
    pub const fn of(begin_string: &[u8]) -> Option<Self> {
        match begin_string {
            b"FIX.4.4" => Some(Self::Fix44),
            b"FIXT.1.1" => Some(Self::Fix50Sp2),
            _ => None,
        }
    }

    /// How its times are written: FIX 4.4 knows milliseconds.
    #[must_use]
    pub const fn precision(self) -> Precision {
        match self {
            Self::Fix44 => Precision::Milliseconds,
            Self::Fix50Sp2 => Precision::Nanoseconds,
        }
    }
}
