// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A stream of bytes taken apart into packets, however TCP split or merged them.
//!
//! A packet that lies whole in a chunk is read where it lies; one that is split is put together in
//! a buffer taken at start.

use super::{Packet, SoupError};

/// Bytes of a length field.
const PREFIX: usize = 2;

/// Takes a stream apart.
#[derive(Clone, Debug)]
pub struct Decoder {
    partial: Vec<u8>,
    is_whole: bool,
    offset: u64,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// A decoder at the start of a stream.
    #[must_use]
    pub fn new() -> Self {
        let partial = Vec::with_capacity(PREFIX + usize::from(u16::MAX));
        Self { partial, is_whole: false, offset: 0 }
    }

    /// Place in the stream of the packet being read, or of the next.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes of a packet begun and not yet whole.
    #[must_use]
    pub fn pending_bytes(&self) -> usize {
        if self.is_whole { 0 } else { self.partial.len() }
    }

    /// The next packet, from what is left of `chunk`, which it advances; `None` when more bytes
    /// are needed, with `chunk` empty. Returns the packet's place in the stream with it.
    ///
    /// # Errors
    /// [`SoupError`] when the packet cannot be read. After [`SoupError::Empty`] the stream has lost
    /// its framing; the others concern one packet, which was consumed.
    #[inline]
    pub fn next<'s, 'c: 's>(
        &'s mut self,
        chunk: &mut &'c [u8],
    ) -> Result<Option<(u64, Packet<'s>)>, SoupError> {
        if self.is_whole {
            self.partial.clear();
            self.is_whole = false;
        }
        if self.partial.is_empty()
            && let Some((prefix, after)) = chunk.split_first_chunk::<PREFIX>()
            && let Some((packet, rest)) =
                after.split_at_checked(usize::from(u16::from_be_bytes(*prefix)))
        {
            *chunk = rest;
            return Self::read(&mut self.offset, packet);
        }
        if !self.gather(chunk) {
            return Ok(None);
        }
        self.is_whole = true;
        Self::read(&mut self.offset, &self.partial[PREFIX..])
    }

    /// Reads a packet and moves past it.
    #[inline]
    fn read<'p>(
        offset: &mut u64,
        packet: &'p [u8],
    ) -> Result<Option<(u64, Packet<'p>)>, SoupError> {
        let start = *offset;
        *offset = start.saturating_add((PREFIX + packet.len()) as u64);
        Ok(Some((start, Packet::decode(packet)?)))
    }

    /// Moves bytes from the chunk to the buffer; whether it holds a whole packet.
    fn gather(&mut self, chunk: &mut &[u8]) -> bool {
        self.take(PREFIX, chunk);
        let Some(prefix) = self.partial.first_chunk::<PREFIX>() else { return false };
        let whole = PREFIX + usize::from(u16::from_be_bytes(*prefix));
        self.take(whole, chunk);
        self.partial.len() == whole
    }

    /// Fills the buffer up to `length` bytes, as far as the chunk goes.
    fn take(&mut self, length: usize, chunk: &mut &[u8]) {
        let missing = length.saturating_sub(self.partial.len()).min(chunk.len());
        let (taken, rest) = chunk.split_at(missing);
        self.partial.extend_from_slice(taken);
        *chunk = rest;
    }
}
