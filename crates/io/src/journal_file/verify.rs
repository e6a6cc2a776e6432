// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Checks a whole journal: every byte of every segment, the order, the chain of hashes.
//!
//! Every byte of a sealed segment is covered twice: by a checksum (or by having to be zero), which
//! says where, and by the content hash and the chain, which find an edit whose checksums were made
//! good. Whoever can edit every segment can make a new chain: keep a head elsewhere.

use std::path::{Path, PathBuf};

use onetape_core::journal::crc32c::{Flip, checksum, locate_flip};
use onetape_core::journal::frame::{FrameError, HEADER_BYTES, MARKER_BYTES, MARKER_LENGTH, Word};
use onetape_core::journal::segment::{
    DATA_START, GENESIS, Hash, SEAL_BYTES, SEAL_START, SEGMENT_HEADER_BYTES, Seal, SegmentError,
    SegmentHeader, stray_byte,
};

use super::error::JournalFileError;
use super::folder::{FolderLock, check_exists, describe, segment_numbers, segment_path};
use super::prepare::chain;
use super::reader::describe_frame;
use super::recover::read_file;
use super::scan::{Scan, Stop, scan, used_end, whole_entry_after};

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The segment's number.
    pub segment: u64,
    /// Its file.
    pub path: PathBuf,
    /// Byte in the file: the damaged one where that can be said, else where the damaged part begins.
    pub offset: u64,
    /// What was expected and what was found.
    pub what: String,
}

/// How the journal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TailState {
    /// Every segment is sealed.
    Sealed,
    /// A writer is at work; what it has written so far is good.
    Open,
    /// The writer did not close it; every entry is whole.
    Unsealed,
    /// The writer died inside an entry: the next opening for append cuts it.
    Torn {
        /// The segment.
        segment: u64,
        /// Where the last whole entry ends.
        offset: u64,
        /// Bytes from there to the last byte that is not zero.
        bytes: u64,
    },
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct Report {
    /// Segments looked at.
    pub segments: u64,
    /// Of these, sealed ones.
    pub segments_sealed: u64,
    /// Whole entries.
    pub entries: u64,
    /// Bytes of the segment files.
    pub bytes: u64,
    /// Last whole entry; 0 if none.
    pub last_seq: u64,
    /// Chain hash of the last good sealed segment; zeros if none.
    pub head: Hash,
    /// Number of the segment whose chain hash is the one that was asked for.
    pub head_found: Option<u64>,
    /// How it ends.
    pub tail: TailState,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

/// Checks the journal in `folder`. With `head`, a chain hash that was kept elsewhere: whether it is
/// that of one of the segments.
///
/// # Errors
/// When the folder holds no journal or cannot be read. What is wrong with the journal is in the
/// report.
pub fn verify(folder: &Path, head: Option<&Hash>) -> Result<Report, JournalFileError> {
    check_exists(folder)?;
    let is_written = FolderLock::holder(folder).is_some();
    let numbers = begun(folder)?;
    let mut check = Check {
        folder,
        head,
        is_written,
        chain: GENESIS,
        chain_known: true,
        next_seq: Some(1),
        floor_ts_ns: i64::MIN,
        report: Report {
            segments: 0,
            segments_sealed: 0,
            entries: 0,
            bytes: 0,
            last_seq: 0,
            head: GENESIS,
            head_found: None,
            tail: TailState::Sealed,
            findings: Vec::new(),
        },
    };
    let mut expected = 1;
    for &number in &numbers {
        if number != expected {
            check.missing(expected, number);
        }
        expected = number + 1;
        check.segment(number, Some(&number) == numbers.last())?;
    }
    if let (Some(_), None) = (head, check.report.head_found) {
        let segment = check.report.segments;
        let what = "no segment has the chain hash that was given: the journal was rewritten or cut";
        check.find(segment, 0, what.to_owned());
    }
    Ok(check.report)
}

/// Numbers of the segments, without those at the end that were prepared and hold only zeros.
fn begun(folder: &Path) -> Result<Vec<u64>, JournalFileError> {
    let mut numbers = segment_numbers(folder)?;
    while let Some(&last) = numbers.last() {
        if used_end(&read_file(&segment_path(folder, last))?, 0) > 0 {
            break;
        }
        numbers.pop();
    }
    Ok(numbers)
}

struct Check<'a> {
    folder: &'a Path,
    head: Option<&'a Hash>,
    is_written: bool,
    chain: Hash,
    /// Whether `chain` is that of the segment just before; not after one that cannot be read.
    chain_known: bool,
    next_seq: Option<u64>,
    floor_ts_ns: i64,
    report: Report,
}

impl Check<'_> {
    fn find(&mut self, segment: u64, offset: usize, what: String) {
        let path = segment_path(self.folder, segment);
        self.report.findings.push(Finding { segment, path, offset: offset as u64, what });
    }

    fn missing(&mut self, expected: u64, found: u64) {
        let what = format!("segment {expected} is missing, the next one there is segment {found}");
        self.find(expected, 0, what);
        self.lose_track();
    }

    /// Takes the next segment's word for where it begins.
    fn lose_track(&mut self) {
        self.chain_known = false;
        self.next_seq = None;
    }

    fn segment(&mut self, number: u64, is_last: bool) -> Result<(), JournalFileError> {
        let bytes = read_file(&segment_path(self.folder, number))?;
        self.report.segments += 1;
        self.report.bytes += bytes.len() as u64;
        let Some(header) = self.header(number, &bytes) else {
            self.lose_track();
            return Ok(());
        };
        match self.seal(number, &bytes) {
            Ok(Some(seal)) => self.sealed(&header, &seal, &bytes),
            Ok(None) => self.unsealed(&header, &bytes, is_last),
            Err(()) => self.lose_track(),
        }
        Ok(())
    }

    fn header(&mut self, number: u64, bytes: &[u8]) -> Option<SegmentHeader> {
        let page = &bytes[..bytes.len().min(DATA_START)];
        if let Some(at) = stray_byte(page) {
            self.find(number, at, format!("this byte must be 0, it is {:#04x}", page[at]));
        }
        let header = match SegmentHeader::decode(page) {
            Ok(Some(header)) => header,
            Ok(None) => {
                self.find(number, 0, "the header is empty".to_owned());
                return None;
            }
            Err(err) => {
                let at = block_flip(page, 0, SEGMENT_HEADER_BYTES);
                self.find(number, at, describe(err, "header"));
                return None;
            }
        };
        if header.segment != number {
            let what = format!("the header is of segment {}, the name of {number}", header.segment);
            self.find(number, 16, what);
            return None;
        }
        if let Some(expected) = self.next_seq
            && header.first_seq != expected
        {
            let what = format!("begins with entry {}, expected entry {expected}", header.first_seq);
            self.find(number, 24, what);
            return None;
        }
        if self.next_seq.is_some() && header.floor_ts_ns != self.floor_ts_ns {
            let what = format!(
                "says the entry before it has time {}, it has {}",
                header.floor_ts_ns, self.floor_ts_ns
            );
            self.find(number, 40, what);
        }
        Some(header)
    }

    fn seal(&mut self, number: u64, bytes: &[u8]) -> Result<Option<Seal>, ()> {
        let page = &bytes[..bytes.len().min(DATA_START)];
        Seal::decode(page).map_err(|err: SegmentError| {
            let at = block_flip(page, SEAL_START, SEAL_BYTES);
            self.find(number, at, describe(err, "seal"));
        })
    }

    fn sealed(&mut self, header: &SegmentHeader, seal: &Seal, bytes: &[u8]) {
        let number = header.segment;
        self.report.segments_sealed += 1;
        let end = seal.end_offset as usize;
        if bytes.len() < end || end < DATA_START + MARKER_BYTES {
            let what = format!("the file ends here, the seal says at byte {end}");
            self.find(number, bytes.len(), what);
            return self.lose_track();
        }
        if let Some(at) = bytes[end..].iter().position(|&byte| byte != 0) {
            self.find(number, end + at, "there are bytes after the end of the segment".to_owned());
        }
        let found = scan(&bytes[..end], header.first_seq, header.floor_ts_ns);
        self.count(header, &found);
        let before = self.report.findings.len();
        self.check_stop(number, bytes, &found, Some(end));
        if self.report.findings.len() == before {
            self.check_hashes(header, seal, &found, bytes);
        }
        if self.chain_known && seal.previous_chain != self.chain {
            let what = "the chain hash of the segment before is another than this seal says: one of \
                        the two was changed or exchanged";
            self.find(number, SEAL_START + 40, what.to_owned());
        }
        self.chain = seal.chain;
        self.chain_known = true;
        self.report.head = seal.chain;
        if self.head == Some(&seal.chain) {
            self.report.head_found = Some(number);
        }
    }

    fn count(&mut self, header: &SegmentHeader, found: &Scan) {
        self.report.entries += found.last_seq + 1 - header.first_seq;
        self.report.last_seq = found.last_seq;
        self.next_seq = Some(found.last_seq + 1);
        self.floor_ts_ns = found.last_ts_ns;
    }

    /// The hashes of a segment whose entries are all good.
    fn check_hashes(&mut self, header: &SegmentHeader, seal: &Seal, found: &Scan, bytes: &[u8]) {
        let number = header.segment;
        let end = seal.end_offset as usize;
        let content = *blake3::hash(&bytes[DATA_START..end]).as_bytes();
        if content != seal.content {
            let what = "the content was changed and its checksums made good: its BLAKE3 hash is not \
                        the seal's";
            self.find(number, DATA_START, what.to_owned());
        }
        let is_empty = found.last_seq < header.first_seq;
        let last_ts_ns = if is_empty { seal.last_ts_ns } else { found.last_ts_ns };
        let of_entries = (found.last_seq, found.first_ts_ns, last_ts_ns);
        if of_entries != (seal.last_seq, seal.first_ts_ns, seal.last_ts_ns) {
            let what = "the seal names another last entry, or other times, than the entries do";
            self.find(number, SEAL_START + 16, what.to_owned());
        }
        let Some(head) = bytes.first_chunk::<SEGMENT_HEADER_BYTES>() else { return };
        if chain(&seal.previous_chain, head, &seal.content) != seal.chain {
            let what = "the seal's chain hash does not follow from the header and the content hash";
            self.find(number, SEAL_START + 104, what.to_owned());
        }
    }

    fn unsealed(&mut self, header: &SegmentHeader, bytes: &[u8], is_last: bool) {
        let number = header.segment;
        let found = scan(bytes, header.first_seq, header.floor_ts_ns);
        self.count(header, &found);
        self.chain_known = false;
        if self.is_written {
            self.report.tail = TailState::Open;
            if found.stop != Stop::Unwritten {
                self.check_stop(number, bytes, &found, None);
            }
            return;
        }
        let used = used_end(bytes, found.end);
        let stopped = !matches!(found.stop, Stop::Marker(_));
        if stopped && is_last && whole_entry_after(bytes, found.end, found.last_seq).is_none() {
            let offset = found.end as u64;
            self.report.tail = match (used - found.end) as u64 {
                0 => TailState::Unsealed,
                cut => TailState::Torn { segment: number, offset, bytes: cut },
            };
            return;
        }
        self.report.tail = TailState::Unsealed;
        self.check_stop(number, bytes, &found, None);
        if !stopped && used > found.end {
            let what = "there are bytes after the end of the segment".to_owned();
            self.find(number, found.end, what);
        }
    }

    /// Says what stopped a walk that should have come to a marker, at `end` if that is known.
    fn check_stop(&mut self, number: u64, bytes: &[u8], found: &Scan, end: Option<usize>) {
        let seq = found.last_seq + 1;
        let (at, what) = match found.stop {
            Stop::Marker(_) => match end {
                Some(end) if end != found.end => {
                    (found.end, format!("the marker stands here, the seal says the end is {end}"))
                }
                _ => return,
            },
            Stop::Unwritten => {
                (found.end, format!("expected entry {seq} or a marker, found zeros"))
            }
            Stop::Frame(err) => {
                let at = frame_flip(bytes, found.end, err);
                let where_else = if at == found.end {
                    String::new()
                } else {
                    format!(
                        " (one flipped bit, in this byte, explains it; the entry begins at byte {})",
                        found.end
                    )
                };
                (at, format!("entry {seq}: {}{where_else}", describe_frame(err)))
            }
            Stop::Sequence { found: other } => {
                (found.end + 8, format!("expected entry {seq}, found entry {other}"))
            }
            Stop::Time { found: ts_ns } => {
                let last = found.last_ts_ns;
                (found.end + 16, format!("entry {seq} has time {ts_ns}, the one before it {last}"))
            }
            Stop::Padding { offset } => {
                (offset, format!("padding of entry {seq} must be 0, it is {:#04x}", bytes[offset]))
            }
        };
        self.find(number, at, what);
        self.lose_track();
    }
}

/// Offset of the flipped bit that explains a bad entry, else where the entry begins.
fn frame_flip(bytes: &[u8], start: usize, err: FrameError) -> usize {
    let found = match err {
        FrameError::Checksum { computed, stored, length } => {
            match locate_flip(length as usize - 8, computed, stored) {
                Some(Flip::Bytes { offset, .. }) => Some(start + 8 + offset),
                Some(Flip::Checksum { bit }) => Some(start + 4 + usize::from(bit / 8)),
                None => length_flip(bytes, start),
            }
        }
        FrameError::Length { .. } => length_flip(bytes, start),
        _ => None,
    };
    found.unwrap_or(start)
}

/// The byte of the length whose flip explains a bad entry: with the right length the checksum is
/// good.
fn length_flip(bytes: &[u8], start: usize) -> Option<usize> {
    let word = bytes.get(start..)?.first_chunk()?;
    let Word { length, crc } = Word::unpack(u64::from_le_bytes(*word));
    let bit = (0..32).find(|bit| {
        let other = match length ^ 1 << bit {
            MARKER_LENGTH => MARKER_BYTES,
            other => other as usize,
        };
        let covered = bytes.get(start + 8..start.saturating_add(other));
        other >= HEADER_BYTES && covered.is_some_and(|covered| checksum(covered) == crc)
    })?;
    Some(start + bit / 8)
}

/// Offset of the flipped bit that explains the wrong checksum of a block, else where it begins.
fn block_flip(page: &[u8], start: usize, length: usize) -> usize {
    let Some(block) = page.get(start..start + length) else { return page.len() };
    let Some((covered, stored)) = block.split_last_chunk::<4>() else { return start };
    match locate_flip(covered.len(), checksum(covered), u32::from_le_bytes(*stored)) {
        Some(Flip::Bytes { offset, .. }) => start + offset,
        Some(Flip::Checksum { bit }) => start + covered.len() + usize::from(bit / 8),
        None => start,
    }
}
