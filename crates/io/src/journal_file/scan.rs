// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Walks the entries of one segment that nobody is writing, and says where and why it stopped.

use onetape_core::journal::frame::{self, EndReason, Frame, FrameError, MARKER_BYTES, Word};
use onetape_core::journal::index::Index;
use onetape_core::journal::segment::DATA_START;

use super::checksum::crc32c;

/// Why a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// At a good marker; the file should end right after it.
    Marker(EndReason),
    /// Nothing is written here yet.
    Unwritten,
    /// The bytes are not an entry.
    Frame(FrameError),
    /// The entry, or the marker, has another sequence number than it should.
    Sequence { found: u64 },
    /// The entry's time is before that of the entry before it.
    Time { found: i64 },
    /// A padding byte is not zero.
    Padding { offset: usize },
}

/// What a walk found.
#[derive(Clone, Debug)]
pub(crate) struct Scan {
    /// Offset after the last whole entry, or after the marker.
    pub(crate) end: usize,
    /// Sequence number of the last whole entry.
    pub(crate) last_seq: u64,
    /// Time of the first entry; 0 if none.
    pub(crate) first_ts_ns: i64,
    /// Time of the last entry, or of the one before the segment.
    pub(crate) last_ts_ns: i64,
    /// Sparse index of the entries.
    pub(crate) index: Index,
    /// Why the walk ended.
    pub(crate) stop: Stop,
}

/// Walks `bytes`, a whole segment file, from entry `first_seq` on.
pub(crate) fn scan(bytes: &[u8], first_seq: u64, floor_ts_ns: i64) -> Scan {
    let mut scan = Scan {
        end: DATA_START,
        last_seq: first_seq - 1,
        first_ts_ns: 0,
        last_ts_ns: floor_ts_ns,
        index: Index::default(),
        stop: Stop::Unwritten,
    };
    while let Some(rest) = bytes.get(scan.end..).filter(|rest| !rest.is_empty()) {
        match step(&mut scan, rest, first_seq) {
            Ok(size) => scan.end += size,
            Err(stop) => {
                scan.stop = stop;
                scan.end += if matches!(stop, Stop::Marker(_)) { MARKER_BYTES } else { 0 };
                break;
            }
        }
    }
    scan
}

/// What stands at the front of `rest`; takes note of an entry and returns its size.
fn step(scan: &mut Scan, rest: &[u8], first_seq: u64) -> Result<usize, Stop> {
    let Some(word) = rest.first_chunk() else {
        let length_max = rest.len();
        return Err(Stop::Frame(FrameError::Length { found: 0, length_max }));
    };
    let word = Word::unpack(u64::from_le_bytes(*word));
    match frame::parse(word, rest, crc32c).map_err(Stop::Frame)? {
        Frame::Unwritten => Err(Stop::Unwritten),
        Frame::Marker { next_seq, reason } if next_seq == scan.last_seq + 1 => {
            Err(Stop::Marker(reason))
        }
        Frame::Marker { next_seq, .. } => Err(Stop::Sequence { found: next_seq }),
        Frame::Entry(entry, _) if entry.seq != scan.last_seq + 1 => {
            Err(Stop::Sequence { found: entry.seq })
        }
        Frame::Entry(entry, _) if entry.ts_ns < scan.last_ts_ns => {
            Err(Stop::Time { found: entry.ts_ns })
        }
        Frame::Entry(entry, size) => {
            let length = word.length as usize;
            let padding = rest.get(length..size).unwrap_or_default();
            if let Some(at) = padding.iter().position(|&byte| byte != 0) {
                return Err(Stop::Padding { offset: scan.end + length + at });
            }
            if entry.seq == first_seq {
                scan.first_ts_ns = entry.ts_ns;
            }
            scan.last_seq = entry.seq;
            scan.last_ts_ns = entry.ts_ns;
            scan.index.note(entry.seq, entry.ts_ns, scan.end as u64);
            Ok(size.min(rest.len()))
        }
    }
}

/// Whether a whole entry that comes after `last_seq` stands anywhere in `bytes` past `from`.
///
/// A writer that dies leaves none: then the bytes at `from` were damaged later, or the machine went
/// down before they were on disk.
pub(crate) fn whole_entry_after(bytes: &[u8], from: usize, last_seq: u64) -> Option<usize> {
    let most = (bytes.len() / frame::HEADER_BYTES) as u64;
    (from + frame::ALIGN..bytes.len()).step_by(frame::ALIGN).find(|&at| {
        let rest = &bytes[at..];
        let Some(word) = rest.first_chunk() else { return false };
        let word = Word::unpack(u64::from_le_bytes(*word));
        // The cheap tests first: most bytes are not the start of an entry.
        let Some(seq) = rest.get(8..16).and_then(<[u8]>::first_chunk) else { return false };
        let seq = u64::from_le_bytes(*seq);
        if word.length == 0 || seq <= last_seq || seq - last_seq > most {
            return false;
        }
        matches!(frame::parse(word, rest, crc32c), Ok(Frame::Entry(..)))
    })
}

/// Where the bytes that are not zero end, looking from `from` on; `from` when all are zero.
pub(crate) fn used_end(bytes: &[u8], from: usize) -> usize {
    let tail = bytes.get(from..).unwrap_or_default();
    from + tail.iter().rposition(|&byte| byte != 0).map_or(0, |at| at + 1)
}
