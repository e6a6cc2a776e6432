// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nasdaq TotalView-ITCH 5.0, both directions: all 23 messages.
//!
//! [`Message::decode`] looks at the type and the length and borrows; a [`View`] reads a message's
//! fields when asked. [`FileFrames`] takes a file apart, `wire::mold` a packet.
//! Integers are big-endian, text is padded on the right with spaces and kept with its padding,
//! so that what was decoded encodes to the same bytes.
//! Source: Nasdaq TotalView-ITCH 5.0, revisions 2015-03-06 to 2026-02-19.

mod columns;
mod frames;
mod layout;
mod messages;

#[cfg(test)]
mod tests;

pub use frames::{FileFrames, Frame, FrameError};
pub use messages::*;

pub use crate::wire::layout::{FieldKind, FieldLayout, Layout, MessageLayout, Value, View};

/// Why a message cannot be read. Offsets count from its type byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItchError {
    /// No bytes at all.
    Empty,
    /// Longer or shorter than its type allows.
    Length {
        /// The message's type.
        message_type: u8,
        /// Bytes a message of the type has.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// A field has a value that its specification does not allow.
    Value {
        /// The message's type.
        message_type: u8,
        /// Where the field stands in the message.
        offset: usize,
        /// Its value.
        found: u8,
    },
}
