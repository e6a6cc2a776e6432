// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Room for one message to a client.

/// Longest message of any order-entry protocol here, in bytes.
pub const MESSAGE_BYTES_MAX: usize = 1_024;

/// One message being written. Nothing is allocated.
#[derive(Clone, Debug)]
pub struct Buffer {
    bytes: [u8; MESSAGE_BYTES_MAX],
    length: usize,
}

impl Default for Buffer {
    fn default() -> Self {
        Self { bytes: [0; MESSAGE_BYTES_MAX], length: 0 }
    }
}

impl Buffer {
    /// The message so far.
    #[inline]
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }

    /// Forgets the message.
    #[inline]
    pub const fn clear(&mut self) {
        self.length = 0;
    }

    /// Appends bytes.
    ///
    /// # Panics
    /// If the message would be longer than [`MESSAGE_BYTES_MAX`].
    #[inline]
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes[self.length..self.length + bytes.len()].copy_from_slice(bytes);
        self.length += bytes.len();
    }

    /// The room behind the message so far, to write into; see [`Buffer::advance`].
    #[inline]
    pub fn room(&mut self) -> &mut [u8] {
        &mut self.bytes[self.length..]
    }

    /// Takes the first `length` bytes of [`Buffer::room`] into the message.
    ///
    /// # Panics
    /// If there is no such room.
    #[inline]
    pub fn advance(&mut self, length: usize) {
        assert!(length <= MESSAGE_BYTES_MAX - self.length, "more than there is room for");
        self.length += length;
    }
}
