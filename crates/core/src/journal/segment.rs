// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How one segment file begins, and how it is sealed:
//!
//! ```text
//!    0 header   written once, when the segment begins; magic last
//!  128 zeros
//!  512 seal     written once, when the segment has ended; all zeros before
//!  768 zeros
//! 4096 entries… then a marker; a sealed file ends right after the marker
//! ```
//!
//! The seal's chain hash covers the header, the content (bytes 4096 to the end) and the chain hash
//! of the segment before it. So whoever keeps one chain hash can prove every segment up to it.

use super::frame::{HEADER_BYTES, MARKER_BYTES};

/// Version of the format that this code writes.
pub const FORMAT_VERSION: u32 = 1;
/// Where entries begin.
pub const DATA_START: usize = 4096;
/// Bytes of the header.
pub const SEGMENT_HEADER_BYTES: usize = 128;
/// Where the seal stands.
pub const SEAL_START: usize = 512;
/// Bytes of the seal.
pub const SEAL_BYTES: usize = 256;
/// Smallest segment file: one page of entries.
pub const SEGMENT_BYTES_MIN: usize = 2 * DATA_START;
/// Largest segment file: lengths are 32 bits.
pub const SEGMENT_BYTES_MAX: usize = 1 << 31;

/// Bytes of a BLAKE3 hash.
pub const HASH_BYTES: usize = 32;
/// A BLAKE3 hash.
pub type Hash = [u8; HASH_BYTES];
/// What stands for the chain hash before the first segment.
pub const GENESIS: Hash = [0; HASH_BYTES];

const HEADER_MAGIC: [u8; 8] = *b"ONETAPEJ";
const SEAL_MAGIC: [u8; 8] = *b"ONETAPES";
const HEADER_CRC_AT: usize = SEGMENT_HEADER_BYTES - 4;
const SEAL_CRC_AT: usize = SEAL_BYTES - 4;

/// Longest entry, header included, of a segment of this size.
#[must_use]
pub const fn entry_bytes_max(segment_bytes: usize) -> usize {
    segment_bytes - DATA_START - MARKER_BYTES
}

/// What is said of a segment when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SegmentHeader {
    /// Its number, from 1; also its file's name.
    pub segment: u64,
    /// Sequence number of its first entry.
    pub first_seq: u64,
    /// Bytes the file was given.
    pub segment_bytes: u64,
    /// Time of the entry before its first one; `i64::MIN` if none.
    pub floor_ts_ns: i64,
    /// Version of the schema its bodies are written in.
    pub schema_version: u32,
    /// Which run wrote it.
    pub run_id: [u8; 16],
}

/// What is said of a segment once it has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Where the file ends, just after the marker.
    pub end_offset: u64,
    /// Sequence number of its last entry; one less than its first when it has none.
    pub last_seq: u64,
    /// Time of its first entry; 0 if none.
    pub first_ts_ns: i64,
    /// Time of its last entry; 0 if none.
    pub last_ts_ns: i64,
    /// Chain hash of the segment before it.
    pub previous_chain: Hash,
    /// BLAKE3 of bytes 4096 to `end_offset`.
    pub content: Hash,
    /// BLAKE3 of [`chain_input`].
    pub chain: Hash,
}

/// What is wrong with a header or a seal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SegmentError {
    /// The first eight bytes are not what they should be.
    Magic,
    /// The checksum is wrong.
    Checksum {
        /// Over the bytes that are there.
        computed: u32,
        /// What the block says.
        stored: u32,
    },
    /// Written by a version of the format that this code does not know.
    Version {
        /// Its version.
        found: u32,
    },
    /// There are fewer bytes than a header page.
    Truncated,
}

impl SegmentHeader {
    /// Its 128 bytes. The first eight, the magic, are to be stored last.
    #[must_use]
    pub fn encode(&self) -> [u8; SEGMENT_HEADER_BYTES] {
        let mut out = [0; SEGMENT_HEADER_BYTES];
        out[..8].copy_from_slice(&HEADER_MAGIC);
        out[8..12].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
        out[12..16].copy_from_slice(&self.schema_version.to_le_bytes());
        out[16..24].copy_from_slice(&self.segment.to_le_bytes());
        out[24..32].copy_from_slice(&self.first_seq.to_le_bytes());
        out[32..40].copy_from_slice(&self.segment_bytes.to_le_bytes());
        out[40..48].copy_from_slice(&self.floor_ts_ns.to_le_bytes());
        out[48..64].copy_from_slice(&self.run_id);
        put_crc(&mut out, HEADER_CRC_AT);
        out
    }

    /// Reads a header page; `None` when the segment was prepared and not begun.
    ///
    /// # Errors
    /// [`SegmentError`] when it is not a header.
    pub fn decode(page: &[u8]) -> Result<Option<Self>, SegmentError> {
        let bytes: &[u8; SEGMENT_HEADER_BYTES] =
            page.first_chunk().ok_or(SegmentError::Truncated)?;
        if bytes[..8] == [0; 8] {
            return Ok(None);
        }
        if bytes[..8] != HEADER_MAGIC {
            return Err(SegmentError::Magic);
        }
        check_crc(bytes, HEADER_CRC_AT)?;
        let version = u32::from_le_bytes(part(bytes, 8));
        if version != FORMAT_VERSION {
            return Err(SegmentError::Version { found: version });
        }
        Ok(Some(Self {
            segment: u64::from_le_bytes(part(bytes, 16)),
            first_seq: u64::from_le_bytes(part(bytes, 24)),
            segment_bytes: u64::from_le_bytes(part(bytes, 32)),
            floor_ts_ns: i64::from_le_bytes(part(bytes, 40)),
            schema_version: u32::from_le_bytes(part(bytes, 12)),
            run_id: part(bytes, 48),
        }))
    }
}

impl Seal {
    /// Its 256 bytes, for [`SEAL_START`].
    #[must_use]
    pub fn encode(&self) -> [u8; SEAL_BYTES] {
        let mut out = [0; SEAL_BYTES];
        out[..8].copy_from_slice(&SEAL_MAGIC);
        out[8..16].copy_from_slice(&self.end_offset.to_le_bytes());
        out[16..24].copy_from_slice(&self.last_seq.to_le_bytes());
        out[24..32].copy_from_slice(&self.first_ts_ns.to_le_bytes());
        out[32..40].copy_from_slice(&self.last_ts_ns.to_le_bytes());
        out[40..72].copy_from_slice(&self.previous_chain);
        out[72..104].copy_from_slice(&self.content);
        out[104..136].copy_from_slice(&self.chain);
        put_crc(&mut out, SEAL_CRC_AT);
        out
    }

    /// Reads the seal of a header page; `None` when the segment is not sealed.
    ///
    /// # Errors
    /// [`SegmentError`] when it is not a seal.
    pub fn decode(page: &[u8]) -> Result<Option<Self>, SegmentError> {
        let bytes: &[u8; SEAL_BYTES] =
            page.get(SEAL_START..).and_then(<[u8]>::first_chunk).ok_or(SegmentError::Truncated)?;
        if bytes.iter().all(|&byte| byte == 0) {
            return Ok(None);
        }
        check_crc(bytes, SEAL_CRC_AT)?;
        if bytes[..8] != SEAL_MAGIC {
            return Err(SegmentError::Magic);
        }
        Ok(Some(Self {
            end_offset: u64::from_le_bytes(part(bytes, 8)),
            last_seq: u64::from_le_bytes(part(bytes, 16)),
            first_ts_ns: i64::from_le_bytes(part(bytes, 24)),
            last_ts_ns: i64::from_le_bytes(part(bytes, 32)),
            previous_chain: part(bytes, 40),
            content: part(bytes, 72),
            chain: part(bytes, 104),
        }))
    }
}

/// What a chain hash is the BLAKE3 hash of.
#[must_use]
pub fn chain_input(
    previous: &Hash,
    header: &[u8; SEGMENT_HEADER_BYTES],
    content: &Hash,
) -> [u8; HASH_BYTES + SEGMENT_HEADER_BYTES + HASH_BYTES] {
    let mut out = [0; HASH_BYTES + SEGMENT_HEADER_BYTES + HASH_BYTES];
    out[..HASH_BYTES].copy_from_slice(previous);
    out[HASH_BYTES..HASH_BYTES + SEGMENT_HEADER_BYTES].copy_from_slice(header);
    out[HASH_BYTES + SEGMENT_HEADER_BYTES..].copy_from_slice(content);
    out
}

/// First byte of a header page that should be zero and is not.
#[must_use]
pub fn stray_byte(page: &[u8]) -> Option<usize> {
    let gaps = [SEGMENT_HEADER_BYTES..SEAL_START, SEAL_START + SEAL_BYTES..DATA_START];
    gaps.into_iter().flatten().find(|&at| page.get(at).is_some_and(|&byte| byte != 0))
}

/// Name of a segment's file.
#[must_use]
pub fn file_name(segment: u64) -> String {
    format!("{segment:08}.seg")
}

/// Number of the segment that a file of this name holds; `None` when it is not a segment's name.
#[must_use]
pub fn file_number(name: &str) -> Option<u64> {
    let number = name.strip_suffix(".seg")?.parse().ok()?;
    (number > 0 && file_name(number) == name).then_some(number)
}

fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(&bytes[at..at + N]);
    out
}

fn put_crc(bytes: &mut [u8], at: usize) {
    let crc = super::crc32c::checksum(&bytes[..at]);
    bytes[at..at + 4].copy_from_slice(&crc.to_le_bytes());
}

fn check_crc(bytes: &[u8], at: usize) -> Result<(), SegmentError> {
    let computed = super::crc32c::checksum(&bytes[..at]);
    let stored = u32::from_le_bytes(part(bytes, at));
    if computed == stored { Ok(()) } else { Err(SegmentError::Checksum { computed, stored }) }
}

const _: () = assert!(SEGMENT_HEADER_BYTES <= SEAL_START);
const _: () = assert!(SEAL_START + SEAL_BYTES <= DATA_START);
const _: () = assert!(entry_bytes_max(SEGMENT_BYTES_MIN) > HEADER_BYTES);

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: SegmentHeader = SegmentHeader {
        segment: 3,
        first_seq: 100,
        segment_bytes: 1 << 20,
        floor_ts_ns: -9,
        schema_version: 1,
        run_id: *b"0123456789abcdef",
    };

    const SEAL: Seal = Seal {
        end_offset: 8192,
        last_seq: 120,
        first_ts_ns: -5,
        last_ts_ns: 77,
        previous_chain: [1; 32],
        content: [2; 32],
        chain: [3; 32],
    };

    fn page() -> Vec<u8> {
        let mut page = vec![0; DATA_START];
        page[..SEGMENT_HEADER_BYTES].copy_from_slice(&HEADER.encode());
        page[SEAL_START..SEAL_START + SEAL_BYTES].copy_from_slice(&SEAL.encode());
        page
    }

    #[test]
    fn header_and_seal_read_back() {
        assert_eq!(SegmentHeader::decode(&page()), Ok(Some(HEADER)));
        assert_eq!(Seal::decode(&page()), Ok(Some(SEAL)));
        assert_eq!(SegmentHeader::decode(&[0; DATA_START]), Ok(None));
        assert_eq!(Seal::decode(&[0; DATA_START]), Ok(None));
        assert_eq!(SegmentHeader::decode(&[0; 8]), Err(SegmentError::Truncated));
    }

    #[test]
    fn every_flipped_bit_of_the_page_is_found() {
        for bit in 0..DATA_START * 8 {
            let mut page = page();
            page[bit / 8] ^= 1 << (bit % 8);
            let found = SegmentHeader::decode(&page).is_err()
                || Seal::decode(&page).is_err()
                || stray_byte(&page) == Some(bit / 8);
            assert!(found, "bit {bit}");
        }
    }

    #[test]
    fn names_are_eight_digits_or_more() {
        assert_eq!(file_name(1), "00000001.seg");
        assert_eq!(file_number("00000012.seg"), Some(12));
        assert_eq!(file_number(&file_name(123_456_789)), Some(123_456_789));
        for bad in ["1.seg", "00000000.seg", "0000001a.seg", "00000001.idx", "+0000001.seg"] {
            assert_eq!(file_number(bad), None, "{bad}");
        }
    }
}
