// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How one entry stands in a segment. Little-endian, 8-byte aligned:
//!
//! ```text
//!  0 u32 length    header + body, without padding; written LAST; 0 = nothing here yet
//!  4 u32 crc32c    of bytes 8..length; written with the length as one 64-bit word
//!  8 u64 seq      16 i64 ts_ns      24 u16 kind  26 u8 version  27 u8 flags (0)  28 u32 source
//! 32 body…         then zeros to a multiple of 8
//! ```
//!
//! A length of [`MARKER_LENGTH`] is the marker that ends a segment; its header is the rest of it.

use crate::component::Entry;

/// Bytes of an entry's header.
pub const HEADER_BYTES: usize = 32;
/// Every entry begins at a multiple of this.
pub const ALIGN: usize = 8;
/// In place of a length: the segment ends here, go on to the next one.
pub const MARKER_LENGTH: u32 = u32::MAX;
/// Bytes of the marker that ends a segment.
pub const MARKER_BYTES: usize = HEADER_BYTES;
/// Kind of the marker: never an event's.
pub const MARKER_KIND: u16 = u16::MAX;

/// `length` with its padding.
#[inline]
#[must_use]
pub const fn padded(length: usize) -> usize {
    (length + (ALIGN - 1)) & !(ALIGN - 1)
}

/// The first eight bytes of an entry: what makes it visible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Header and body, without padding.
    pub length: u32,
    /// CRC-32C of bytes 8..length.
    pub crc: u32,
}

impl Word {
    /// As one little-endian 64-bit number.
    #[inline]
    #[must_use]
    pub const fn pack(self) -> u64 {
        (self.crc as u64) << 32 | self.length as u64
    }

    /// From one little-endian 64-bit number.
    #[inline]
    #[must_use]
    pub const fn unpack(word: u64) -> Self {
        Self { length: word as u32, crc: (word >> 32) as u32 }
    }
}

/// An entry's header without its first word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Place in the total order.
    pub seq: u64,
    /// Nanoseconds since the Unix epoch.
    pub ts_ns: i64,
    /// What happened.
    pub kind: u16,
    /// Version of the body's layout. In a marker: an [`EndReason`].
    pub version: u8,
    /// Who put it in.
    pub source: u32,
}

/// Bytes of a header without its first word.
const REST_BYTES: usize = HEADER_BYTES - 8;

impl Header {
    /// Bytes 8 to 32 of an entry.
    #[inline]
    #[must_use]
    pub const fn pack(&self) -> [u8; REST_BYTES] {
        let seq = self.seq.to_le_bytes();
        let time = self.ts_ns.to_le_bytes();
        let last = (self.kind as u64) | (self.version as u64) << 16 | (self.source as u64) << 32;
        let last = last.to_le_bytes();
        let mut out = [0; REST_BYTES];
        let mut at = 0;
        while at < 8 {
            out[at] = seq[at];
            out[8 + at] = time[at];
            out[16 + at] = last[at];
            at += 1;
        }
        out
    }

    /// Reads bytes 8 to 32 of an entry, and its flags.
    #[inline]
    #[must_use]
    pub fn unpack(rest: &[u8; REST_BYTES]) -> (Self, u8) {
        let word = |at: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&rest[at..at + 8]);
            u64::from_le_bytes(bytes)
        };
        let last = word(16);
        let header = Self {
            seq: word(0),
            ts_ns: word(8).cast_signed(),
            kind: last as u16,
            version: (last >> 16) as u8,
            source: (last >> 32) as u32,
        };
        (header, (last >> 24) as u8)
    }

    /// The entry that this header and a body make.
    #[inline]
    #[must_use]
    pub const fn entry<'a>(&self, body: &'a [u8]) -> Entry<'a> {
        Entry {
            seq: self.seq,
            ts_ns: self.ts_ns,
            kind: self.kind,
            version: self.version,
            source: self.source,
            body,
        }
    }
}

/// Why a segment ended; stands in its marker as the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum EndReason {
    /// It was full; the next one had begun.
    Rolled = 1,
    /// The writer closed the journal.
    Closed = 2,
    /// The writer died; the marker was set when the journal was opened again.
    Recovered = 3,
}

impl EndReason {
    /// The reason with this number.
    #[must_use]
    pub const fn from_raw(raw: u8) -> Option<Self> {
        match raw {
            1 => Some(Self::Rolled),
            2 => Some(Self::Closed),
            3 => Some(Self::Recovered),
            _ => None,
        }
    }
}

/// Writes an entry but for its first word into `rest` (bytes 8 to `length` of its place, which hold
/// zeros up to the padding) and returns that word. Storing the word makes the entry visible.
///
/// # Panics
/// When `rest` has not exactly the bytes that header and body need.
#[inline]
#[must_use]
pub fn fill(
    rest: &mut [u8],
    header: &Header,
    fixed: &[u8],
    tail: &[u8],
    crc: impl Fn(&[u8]) -> u32,
) -> Word {
    let (head, body) = rest.split_at_mut(REST_BYTES);
    head.copy_from_slice(&header.pack());
    let (first, second) = body.split_at_mut(fixed.len());
    first.copy_from_slice(fixed);
    second.copy_from_slice(tail);
    Word { length: (rest.len() + 8) as u32, crc: crc(rest) }
}

/// The marker that ends a segment, after entry `last_seq` of time `last_ts_ns`.
#[must_use]
pub fn marker(last_seq: u64, last_ts_ns: i64, reason: EndReason) -> [u8; MARKER_BYTES] {
    let header = Header {
        seq: last_seq + 1,
        ts_ns: last_ts_ns,
        kind: MARKER_KIND,
        version: reason as u8,
        source: 0,
    };
    let rest = header.pack();
    let word = Word { length: MARKER_LENGTH, crc: super::crc32c::checksum(&rest) };
    let mut out = [0; MARKER_BYTES];
    out[..8].copy_from_slice(&word.pack().to_le_bytes());
    out[8..].copy_from_slice(&rest);
    out
}

/// What stands at a place in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// Nothing yet.
    Unwritten,
    /// The segment ends here.
    Marker {
        /// Number the next segment begins with.
        next_seq: u64,
        /// Why.
        reason: EndReason,
    },
    /// An entry, and the bytes it takes with its padding.
    Entry(Entry<'a>, usize),
}

/// What is wrong with the bytes at a place in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// The length is less than a header's, or goes past the end of the segment.
    Length {
        /// What the entry says.
        found: u32,
        /// What is left of the segment.
        length_max: usize,
    },
    /// The checksum is wrong.
    Checksum {
        /// Over the bytes that are there.
        computed: u32,
        /// What the entry says.
        stored: u32,
        /// What the entry says of its length.
        length: u32,
    },
    /// The checksum is right, but a field holds what no writer writes.
    Field {
        /// Which.
        what: &'static str,
    },
}

/// Reads what stands at the front of `bytes`, whose first word was loaded (with acquire, where
/// another process writes) as `word`. Checks the checksum.
///
/// # Errors
/// [`FrameError`] when that is not an entry.
#[inline]
pub fn parse(
    word: Word,
    bytes: &[u8],
    crc: impl Fn(&[u8]) -> u32,
) -> Result<Frame<'_>, FrameError> {
    let length = word.length as usize;
    if length < HEADER_BYTES || length > bytes.len() {
        return parse_odd(word, bytes);
    }
    let computed = crc(&bytes[8..length]);
    if computed != word.crc {
        return Err(FrameError::Checksum { computed, stored: word.crc, length: word.length });
    }
    let Some(rest) = bytes[8..].first_chunk() else { return parse_odd(word, bytes) };
    let (header, flags) = Header::unpack(rest);
    if flags != 0 {
        return Err(FrameError::Field { what: "flags" });
    }
    Ok(Frame::Entry(header.entry(&bytes[HEADER_BYTES..length]), padded(length)))
}

/// As [`parse`], without the checksum: for a second reading of bytes that were checked.
///
/// # Errors
/// [`FrameError`] when the length is impossible.
#[inline]
pub fn parse_trusted(word: Word, bytes: &[u8]) -> Result<Frame<'_>, FrameError> {
    let stored = word.crc;
    parse(word, bytes, |_| stored)
}

#[cold]
fn parse_odd(word: Word, bytes: &[u8]) -> Result<Frame<'_>, FrameError> {
    match word {
        Word { length: 0, crc: 0 } => Ok(Frame::Unwritten),
        Word { length: MARKER_LENGTH, crc } => parse_marker(crc, bytes),
        Word { length, .. } => Err(FrameError::Length { found: length, length_max: bytes.len() }),
    }
}

fn parse_marker(stored: u32, bytes: &[u8]) -> Result<Frame<'_>, FrameError> {
    let Some(rest) = bytes.get(8..).and_then(<[u8]>::first_chunk) else {
        return Err(FrameError::Length { found: MARKER_LENGTH, length_max: bytes.len() });
    };
    let computed = super::crc32c::checksum(rest);
    if computed != stored {
        return Err(FrameError::Checksum { computed, stored, length: HEADER_BYTES as u32 });
    }
    let (header, flags) = Header::unpack(rest);
    let reason = EndReason::from_raw(header.version);
    match reason {
        Some(reason) if flags == 0 && header.kind == MARKER_KIND && header.source == 0 => {
            Ok(Frame::Marker { next_seq: header.seq, reason })
        }
        _ => Err(FrameError::Field { what: "marker" }),
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
