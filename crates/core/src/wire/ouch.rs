// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What both versions of OUCH say of bytes that are none of theirs.

/// Why a message cannot be read, or not be written. Offsets count from its type byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OuchError {
    /// No bytes at all.
    Empty,
    /// Longer or shorter than its type allows.
    Length {
        /// The message's type.
        message_type: u8,
        /// Bytes a message of the type has; without what may be appended to it.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The length that stands before the appendage is not that of the bytes behind it.
    AppendageLength {
        /// The message's type.
        message_type: u8,
        /// Where the length stands.
        offset: usize,
        /// What it says.
        expected: usize,
        /// Bytes there are behind it.
        found: usize,
    },
    /// An element of the appendage says a length of zero, or one beyond the appendage.
    Element {
        /// The message's type.
        message_type: u8,
        /// Where the element stands.
        offset: usize,
        /// The length it says.
        expected: usize,
        /// Bytes there are for it.
        found: usize,
    },
    /// The value of a known tag is longer or shorter than it must be.
    TagLength {
        /// The message's type.
        message_type: u8,
        /// Where the element stands.
        offset: usize,
        /// The tag.
        tag: u8,
        /// Bytes its value has.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The caller's buffer is too small for the message.
    NoRoom {
        /// Bytes the message has.
        expected: usize,
        /// Bytes of the buffer.
        found: usize,
    },
}
