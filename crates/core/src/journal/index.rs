// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The sparse index of one segment: every so many bytes, which entry begins there and when.
//!
//! One list serves both questions, for sequence numbers and times both never fall. It can always be
//! made again from the segment, so a wrong one is thrown away, never trusted.
//!
//! File: magic, u32 version, u32 count, u64 segment, [u8; 32] content hash of the segment, then
//! `count` times (u64 seq, i64 `ts_ns`, u64 offset), then CRC-32C of all that.

use super::segment::{HASH_BYTES, Hash};

/// A mark is made at the first entry after each so many bytes.
pub const STRIDE_BYTES: u64 = 64 * 1024;

const MAGIC: [u8; 8] = *b"ONETAPEI";
const VERSION: u32 = 1;
const HEAD_BYTES: usize = 8 + 4 + 4 + 8 + HASH_BYTES;
const MARK_BYTES: usize = 24;

/// An entry that can be found without reading those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its sequence number.
    pub seq: u64,
    /// Its time.
    pub ts_ns: i64,
    /// Where it begins in the file.
    pub offset: u64,
}

/// The marks of one segment, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    marks: Vec<Mark>,
}

impl Index {
    /// Takes note of an entry. Entries must come in order; most leave no mark.
    #[inline]
    pub fn note(&mut self, seq: u64, ts_ns: i64, offset: u64) {
        if self.marks.last().is_none_or(|mark| offset - mark.offset >= STRIDE_BYTES) {
            self.marks.push(Mark { seq, ts_ns, offset });
        }
    }

    /// The marks.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        &self.marks
    }

    /// The last mark at or before entry `seq`.
    #[must_use]
    pub fn before_seq(&self, seq: u64) -> Option<Mark> {
        let after = self.marks.partition_point(|mark| mark.seq <= seq);
        after.checked_sub(1).map(|at| self.marks[at])
    }

    /// The last mark before the first entry whose time is `ts_ns` or later.
    #[must_use]
    pub fn before_ts(&self, ts_ns: i64) -> Option<Mark> {
        let after = self.marks.partition_point(|mark| mark.ts_ns < ts_ns);
        after.checked_sub(1).map(|at| self.marks[at])
    }

    /// The file's bytes.
    #[must_use]
    pub fn encode(&self, segment: u64, content: &Hash) -> Vec<u8> {
        let mut out = Vec::with_capacity(HEAD_BYTES + self.marks.len() * MARK_BYTES + 4);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&(self.marks.len() as u32).to_le_bytes());
        out.extend_from_slice(&segment.to_le_bytes());
        out.extend_from_slice(content);
        for mark in &self.marks {
            out.extend_from_slice(&mark.seq.to_le_bytes());
            out.extend_from_slice(&mark.ts_ns.to_le_bytes());
            out.extend_from_slice(&mark.offset.to_le_bytes());
        }
        let crc = super::crc32c::checksum(&out);
        out.extend_from_slice(&crc.to_le_bytes());
        out
    }

    /// Reads a file; `None` when it is damaged, or belongs to another segment or another content.
    #[must_use]
    pub fn decode(bytes: &[u8], segment: u64, content: &Hash) -> Option<Self> {
        let (rest, crc) = bytes.split_last_chunk::<4>()?;
        let (head, body) = rest.split_at_checked(HEAD_BYTES)?;
        let (rows, odd) = body.as_chunks::<MARK_BYTES>();
        let expected = Self::default().encode(segment, content);
        let good = super::crc32c::checksum(rest) == u32::from_le_bytes(*crc)
            && head[..12] == expected[..12]
            && head[12..16] == (rows.len() as u32).to_le_bytes()
            && head[16..] == expected[16..HEAD_BYTES]
            && odd.is_empty();
        if !good {
            return None;
        }
        let word = |row: &[u8; MARK_BYTES], at: usize| {
            let mut bytes = [0; 8];
            bytes.copy_from_slice(&row[at..at + 8]);
            u64::from_le_bytes(bytes)
        };
        let mark = |row| Mark {
            seq: word(row, 0),
            ts_ns: word(row, 8).cast_signed(),
            offset: word(row, 16),
        };
        Some(Self { marks: rows.iter().map(mark).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let mut index = Index::default();
        for n in 0..4000_u64 {
            index.note(n + 1, (n / 1500 * 10).cast_signed(), 4096 + n * 100);
        }
        index
    }

    #[test]
    fn marks_are_sparse_and_lead_to_the_entry_or_before_it() {
        let index = index();
        assert_eq!(index.marks().len(), 7);
        for seq in [1, 2, 656, 657, 4000] {
            let mark = index.before_seq(seq).unwrap();
            assert!(mark.seq <= seq && seq - mark.seq <= 656, "{seq}");
        }
        assert_eq!(index.before_ts(0), None);
        let mark = index.before_ts(10).unwrap();
        assert!(mark.ts_ns < 10 && mark.seq <= 1500 && 1500 - mark.seq <= 656);
    }

    #[test]
    fn a_damaged_or_strange_file_is_refused() {
        let bytes = index().encode(3, &[7; 32]);
        assert_eq!(Index::decode(&bytes, 3, &[7; 32]), Some(index()));
        assert_eq!(Index::decode(&bytes, 4, &[7; 32]), None);
        assert_eq!(Index::decode(&bytes, 3, &[8; 32]), None);
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            assert_eq!(Index::decode(&flipped, 3, &[7; 32]), None, "byte {at}");
            assert_eq!(Index::decode(&bytes[..at], 3, &[7; 32]), None, "cut at {at}");
        }
    }
}
