// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A stream of bytes taken apart into messages, however TCP split or merged them.
//!
//! A message that is garbled (its length, checksum or first three fields are wrong) is skipped, as
//! the protocol wants: the peer finds out by the gap in the sequence.

use super::message::{FixError, Frame};
use super::{MESSAGE_BYTES_MAX, Message};

/// Bytes kept: a message begun and the next one whole.
const BUFFER_BYTES: usize = 2 * MESSAGE_BYTES_MAX;
/// What every message begins with.
const START: &[u8] = b"8=FIX";

/// Why bytes of a stream were skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Garble {
    /// They stand before the beginning of a message.
    NoStart,
    /// They begin like a message, and are none.
    Framing(FixError),
}

/// What a stream brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival<'a> {
    /// A message, whole and with the right checksum.
    Message(Message<'a>),
    /// Bytes that were skipped.
    Garbled {
        /// Place in the stream of the first.
        offset: u64,
        /// How many.
        bytes: usize,
        /// Why.
        why: Garble,
    },
}

/// What the bytes at the front are.
enum Front {
    Message(usize, Frame),
    Garbled(usize, Garble),
    Incomplete,
}

/// Takes a stream apart.
#[derive(Clone, Debug)]
pub struct Decoder {
    buffer: Vec<u8>,
    start: usize,
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
        Self { buffer: Vec::with_capacity(BUFFER_BYTES), start: 0, offset: 0 }
    }

    /// Place in the stream of the message being read, or of the next.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Bytes of a message begun and not yet whole.
    #[must_use]
    pub fn pending_bytes(&self) -> usize {
        self.buffer.len() - self.start
    }

    /// The next message or the next bytes that are none, from what is left of `chunk`, which it
    /// advances; `None` when more bytes are needed, with `chunk` empty.
    #[inline]
    pub fn next<'s>(&'s mut self, chunk: &mut &[u8]) -> Option<Arrival<'s>> {
        let (start, found) = loop {
            match front(&self.buffer[self.start..]) {
                Front::Incomplete if chunk.is_empty() => return None,
                Front::Incomplete => self.fill(chunk),
                found => break (self.start, found),
            }
        };
        let offset = self.offset;
        let (Front::Message(length, _) | Front::Garbled(length, _)) = found else { return None };
        self.start += length;
        self.offset += length as u64;
        let bytes = &self.buffer[start..self.start];
        Some(match found {
            Front::Message(_, frame) => Arrival::Message(Message::framed(bytes, frame)),
            Front::Garbled(bytes, why) => Arrival::Garbled { offset, bytes, why },
            Front::Incomplete => return None,
        })
    }

    /// Takes in as many bytes as there is room for; a whole message always has room.
    fn fill(&mut self, chunk: &mut &[u8]) {
        if self.start > 0 {
            self.buffer.copy_within(self.start.., 0);
            self.buffer.truncate(self.buffer.len() - self.start);
            self.start = 0;
        }
        let (taken, rest) = chunk.split_at(chunk.len().min(BUFFER_BYTES - self.buffer.len()));
        self.buffer.extend_from_slice(taken);
        *chunk = rest;
    }
}

/// What stands at the front of `bytes`.
fn front(bytes: &[u8]) -> Front {
    if !bytes.starts_with(&START[..START.len().min(bytes.len())]) {
        return Front::Garbled(next_start(bytes, 1), Garble::NoStart);
    }
    match Message::length_of(bytes) {
        Ok(Some(length)) if bytes.len() < length => Front::Incomplete,
        Ok(None) => Front::Incomplete,
        Ok(Some(length)) => match Message::frame(&bytes[..length]) {
            Ok(frame) => Front::Message(length, frame),
            Err(error) => Front::Garbled(next_start(bytes, 1), Garble::Framing(error)),
        },
        Err(error) => Front::Garbled(next_start(bytes, 1), Garble::Framing(error)),
    }
}

/// Where, from `from` on, a message may begin; the end when none does.
fn next_start(bytes: &[u8], from: usize) -> usize {
    (from..bytes.len())
        .find(|&at| {
            let rest = &bytes[at..];
            rest.starts_with(&START[..START.len().min(rest.len())])
        })
        .unwrap_or(bytes.len())
}
