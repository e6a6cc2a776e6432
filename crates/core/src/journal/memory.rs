// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A journal in memory: for tests, and for runs that keep nothing. Same frames as on disk.

use super::crc32c::checksum;
use super::frame::{self, Frame, FrameError, HEADER_BYTES, Header, Word, padded};
use super::{Sequencer, Sink, SinkError, Source};
use crate::component::Entry;

/// Entries in one growing buffer. Unlike a file it allocates as it grows.
#[derive(Clone, Debug, Default)]
pub struct MemoryJournal {
    bytes: Vec<u8>,
    sequencer: Sequencer,
}

impl MemoryJournal {
    /// An empty journal.
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: Vec::new(), sequencer: Sequencer::new() }
    }

    /// Reads from the first entry.
    #[must_use]
    pub fn reader(&self) -> MemoryReader<'_> {
        MemoryReader { bytes: &self.bytes }
    }

    /// The entries as they would stand in a segment.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Sink for MemoryJournal {
    fn append(
        &mut self,
        ts_ns: i64,
        kind: u16,
        version: u8,
        source: u32,
        fixed: &[u8],
        tail: &[u8],
    ) -> Result<u64, SinkError> {
        let (seq, ts_ns) = self.sequencer.take(ts_ns);
        let header = Header { seq, ts_ns, kind, version, source };
        let length = HEADER_BYTES + fixed.len() + tail.len();
        let start = self.bytes.len();
        self.bytes.resize(start + padded(length), 0);
        let rest = &mut self.bytes[start + 8..start + length];
        let word = frame::fill(rest, &header, fixed, tail, checksum);
        self.bytes[start..start + 8].copy_from_slice(&word.pack().to_le_bytes());
        Ok(seq)
    }

    fn last_seq(&self) -> u64 {
        self.sequencer.last_seq()
    }

    fn last_ts_ns(&self) -> i64 {
        self.sequencer.last_ts_ns()
    }
}

/// Reads a [`MemoryJournal`], or any run of frames, from the front.
#[derive(Clone, Copy, Debug)]
pub struct MemoryReader<'a> {
    bytes: &'a [u8],
}

impl<'a> MemoryReader<'a> {
    /// Reads frames from the front of `bytes`.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }
}

impl Source for MemoryReader<'_> {
    type Error = FrameError;

    fn next_entry(&mut self) -> Result<Option<Entry<'_>>, FrameError> {
        let Some(word) = self.bytes.first_chunk() else { return Ok(None) };
        let word = Word::unpack(u64::from_le_bytes(*word));
        match frame::parse(word, self.bytes, checksum)? {
            Frame::Entry(entry, size) => {
                self.bytes = self.bytes.get(size..).unwrap_or_default();
                Ok(Some(entry))
            }
            Frame::Unwritten | Frame::Marker { .. } => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_appended_is_read() {
        let mut journal = MemoryJournal::new();
        assert_eq!(journal.append(5, 3, 1, 2, b"abc", b"defgh"), Ok(1));
        assert_eq!(journal.append(4, 6, 1, 0, b"", b""), Ok(2));
        let mut reader = journal.reader();
        let first = reader.next_entry().unwrap().unwrap();
        assert_eq!((first.seq, first.ts_ns, first.kind, first.source), (1, 5, 3, 2));
        assert_eq!(first.body, b"abcdefgh");
        let second = reader.next_entry().unwrap().unwrap();
        assert_eq!((second.seq, second.ts_ns, second.body), (2, 5, &b""[..]));
        assert_eq!(reader.next_entry(), Ok(None));
        assert_eq!(journal.last_seq(), 2);
    }
}
