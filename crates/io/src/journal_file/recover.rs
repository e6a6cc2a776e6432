// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Opens a folder for append: finds the end, seals what is not sealed, cuts a torn tail.
//!
//! Invariant: afterwards every segment is sealed, and no whole entry that follows on from the one
//! before it was dropped. What is cut is kept beside the journal, in a file `….torn`.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use onetape_core::journal::frame::{self, EndReason, MARKER_BYTES};
use onetape_core::journal::segment::{
    DATA_START, GENESIS, Hash, SEAL_BYTES, SEAL_START, Seal, SegmentHeader,
};

use super::error::JournalFileError;
use super::folder::{index_path, read_header, segment_numbers, segment_path};
use super::prepare::{Finished, seal};
use super::scan::{Scan, Stop, scan, used_end, whole_entry_after};

/// What was done because the last writer did not close the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The segment whose tail was looked at.
    pub segment: u64,
    /// Where its last whole entry ends.
    pub offset: u64,
    /// Last whole entry.
    pub last_seq: u64,
    /// Bytes that were cut: from `offset` to the last byte that was not zero. 0: nothing was torn.
    pub cut_bytes: u64,
    /// The entry that was cut, when bytes were.
    pub cut_seq: Option<u64>,
    /// Where the cut bytes are kept.
    pub kept: Option<PathBuf>,
    /// Segments that had to be sealed.
    pub segments_sealed: u64,
}

/// Where to go on.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) next_segment: u64,
    pub(crate) last_seq: u64,
    pub(crate) last_ts_ns: i64,
    pub(crate) chain: Hash,
    pub(crate) recovery: Option<Recovery>,
}

/// Brings the folder in order. The caller holds its lock.
pub(crate) fn recover(
    folder: &Path,
    durable: bool,
    cut_damaged: bool,
) -> Result<Tail, JournalFileError> {
    let numbers = begun_segments(folder)?;
    let mut tail = Tail {
        next_segment: numbers.last().map_or(1, |last| last + 1),
        last_seq: 0,
        last_ts_ns: i64::MIN,
        chain: GENESIS,
        recovery: None,
    };
    for &number in &numbers {
        let is_last = Some(&number) == numbers.last();
        Mender { folder, number, durable, cut_damaged, is_last }.mend(&mut tail)?;
    }
    Ok(tail)
}

/// Numbers of the segments that hold something; removes those that were only prepared.
fn begun_segments(folder: &Path) -> Result<Vec<u64>, JournalFileError> {
    let mut numbers = segment_numbers(folder)?;
    while let Some(&last) = numbers.last() {
        let before = numbers.len().checked_sub(2).map(|at| numbers[at]);
        if !is_unused(folder, last, before)? {
            break;
        }
        let path = segment_path(folder, last);
        fs::remove_file(&path).map_err(|err| JournalFileError::io(&path, "remove", err))?;
        numbers.pop();
    }
    for (number, expected) in numbers.iter().zip(1..) {
        if *number != expected {
            let what = format!("segment {expected} is missing, segment {number} is there");
            return Err(JournalFileError::Gap { path: folder.to_owned(), what });
        }
    }
    Ok(numbers)
}

/// Whether a last segment holds nothing and nobody can have come to it: it was prepared only, or
/// its writer died after its header and before the marker of the segment before it.
fn is_unused(folder: &Path, number: u64, before: Option<u64>) -> Result<bool, JournalFileError> {
    let path = segment_path(folder, number);
    let mut start = [0; DATA_START + 8];
    let file = File::open(&path).map_err(|err| JournalFileError::io(&path, "open", err))?;
    let got =
        read_at_most(&file, &mut start).map_err(|err| JournalFileError::io(&path, "read", err))?;
    let page = &start[..got.min(DATA_START)];
    if page.iter().all(|&byte| byte == 0) {
        if start[page.len()..].iter().any(|&byte| byte != 0) {
            let what = "the header is gone, entries are there";
            return Err(JournalFileError::corrupt(&path, 0, what));
        }
        return Ok(true);
    }
    if start[DATA_START..] != [0; 8]
        || start[SEAL_START..SEAL_START + SEAL_BYTES] != [0; SEAL_BYTES]
    {
        return Ok(false);
    }
    let Some(before) = before else { return Ok(false) };
    let path = segment_path(folder, before);
    let bytes = read_file(&path)?;
    if matches!(Seal::decode(&bytes), Ok(Some(_))) {
        return Ok(false);
    }
    let Some(header) = read_header(&path, &bytes)? else { return Ok(false) };
    let scan = scan(&bytes, header.first_seq, header.floor_ts_ns);
    Ok(!matches!(scan.stop, Stop::Marker(_)))
}

fn read_at_most(file: &File, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut got = 0;
    while got < buffer.len() {
        match file.read_at(&mut buffer[got..], got as u64)? {
            0 => break,
            more => got += more,
        }
    }
    Ok(got)
}

pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, JournalFileError> {
    fs::read(path).map_err(|err| JournalFileError::io(path, "read", err))
}

/// Works on one segment.
struct Mender<'a> {
    folder: &'a Path,
    number: u64,
    durable: bool,
    cut_damaged: bool,
    is_last: bool,
}

impl Mender<'_> {
    fn path(&self) -> PathBuf {
        segment_path(self.folder, self.number)
    }

    fn mend(&self, tail: &mut Tail) -> Result<(), JournalFileError> {
        let path = self.path();
        let page = super::folder::read_page(&path)?;
        let Some(header) = read_header(&path, &page)? else {
            return Err(JournalFileError::corrupt(&path, 0, "the header is empty"));
        };
        self.check_order(&header, tail)?;
        match Seal::decode(&page) {
            Ok(Some(seal)) => self.take_sealed(&header, &seal, tail),
            Ok(None) => self.finish(&header, tail),
            // A seal that the machine went down over; it can be made again from the segment.
            Err(_) if self.is_last => self.finish(&header, tail),
            Err(err) => Err(JournalFileError::corrupt(
                &path,
                SEAL_START,
                super::folder::describe(err, "seal"),
            )),
        }
    }

    fn check_order(&self, header: &SegmentHeader, tail: &Tail) -> Result<(), JournalFileError> {
        let path = self.path();
        if header.segment != self.number {
            let what = format!("the header is of segment {}", header.segment);
            return Err(JournalFileError::corrupt(&path, 16, what));
        }
        if header.first_seq != tail.last_seq + 1 {
            let what = format!(
                "begins with entry {}, the segment before it ends with entry {}",
                header.first_seq, tail.last_seq
            );
            return Err(JournalFileError::Gap { path, what });
        }
        Ok(())
    }

    fn take_sealed(
        &self,
        header: &SegmentHeader,
        seal: &Seal,
        tail: &mut Tail,
    ) -> Result<(), JournalFileError> {
        let path = self.path();
        if seal.previous_chain != tail.chain {
            let what = "the chain hash is not that of the segment before it";
            return Err(JournalFileError::corrupt(&path, SEAL_START + 40, what));
        }
        let failed = |err| JournalFileError::io(&path, "cut", err);
        let bytes = fs::metadata(&path).map_err(failed)?.len();
        if bytes > seal.end_offset {
            let file = OpenOptions::new().write(true).open(&path).map_err(failed)?;
            file.set_len(seal.end_offset).map_err(failed)?;
        }
        tail.chain = seal.chain;
        if seal.last_seq >= header.first_seq {
            tail.last_seq = seal.last_seq;
            tail.last_ts_ns = seal.last_ts_ns;
        }
        self.mend_index(header, seal)
    }

    /// Makes the index again when it is missing.
    fn mend_index(&self, header: &SegmentHeader, seal: &Seal) -> Result<(), JournalFileError> {
        let index = index_path(self.folder, self.number);
        if index.exists() {
            return Ok(());
        }
        let scan = scan(&read_file(&self.path())?, header.first_seq, header.floor_ts_ns);
        fs::write(&index, scan.index.encode(self.number, &seal.content))
            .map_err(|err| JournalFileError::io(&index, "write", err))
    }

    /// Ends and seals a segment that its writer did not.
    fn finish(&self, header: &SegmentHeader, tail: &mut Tail) -> Result<(), JournalFileError> {
        let path = self.path();
        let mut bytes = read_file(&path)?;
        let found = scan(&bytes, header.first_seq, header.floor_ts_ns);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|err| JournalFileError::io(&path, "open", err))?;
        let sealed_before = tail.recovery.as_ref().map_or(0, |before| before.segments_sealed);
        let mut recovery = Recovery {
            segment: self.number,
            offset: found.end as u64,
            last_seq: found.last_seq,
            cut_bytes: 0,
            cut_seq: None,
            kept: None,
            segments_sealed: sealed_before + 1,
        };
        let end = if let Stop::Marker(_) = found.stop {
            found.end
        } else {
            self.check_cut(&bytes, &found)?;
            self.cut(&file, &mut bytes, &found, &mut recovery)?
        };
        let finished = Finished {
            header,
            end,
            last_seq: found.last_seq,
            first_ts_ns: found.first_ts_ns,
            last_ts_ns: found.last_ts_ns,
            index: &found.index,
            content: *blake3::hash(&bytes[DATA_START..end]).as_bytes(),
        };
        tail.chain = seal(self.folder, &file, &finished, tail.chain, self.durable)?;
        tail.last_seq = found.last_seq;
        tail.last_ts_ns = found.last_ts_ns;
        tail.recovery = Some(recovery);
        Ok(())
    }

    /// Refuses to cut what a crash of the writer cannot have left.
    fn check_cut(&self, bytes: &[u8], found: &Scan) -> Result<(), JournalFileError> {
        let path = self.path();
        if !self.is_last {
            let what =
                format!("the segment stops after entry {}, but later ones exist", found.last_seq);
            return Err(JournalFileError::corrupt(&path, found.end, what));
        }
        match whole_entry_after(bytes, found.end, found.last_seq) {
            Some(at) if !self.cut_damaged => {
                let what = format!(
                    "entry {} is damaged, but a whole entry stands after it at byte {at}; \
                     this is no torn tail (open with cut_damaged to cut here all the same)",
                    found.last_seq + 1
                );
                Err(JournalFileError::corrupt(&path, found.end, what))
            }
            _ => Ok(()),
        }
    }

    /// Cuts the segment after its last whole entry and ends it with a marker. Returns its end.
    fn cut(
        &self,
        file: &File,
        bytes: &mut Vec<u8>,
        found: &Scan,
        recovery: &mut Recovery,
    ) -> Result<usize, JournalFileError> {
        let path = self.path();
        let failed = |err| JournalFileError::io(&path, "cut", err);
        let used = used_end(bytes, found.end);
        if used > found.end {
            let kept = path.with_extension("torn");
            fs::write(&kept, &bytes[found.end..used])
                .map_err(|err| JournalFileError::io(&kept, "write", err))?;
            recovery.cut_bytes = (used - found.end) as u64;
            recovery.cut_seq = Some(found.last_seq + 1);
            recovery.kept = Some(kept);
            // Zeros first, then the marker: a reader that waits here must never see a torn entry.
            let zeros = vec![0; used - found.end];
            file.write_all_at(&zeros, found.end as u64).map_err(failed)?;
        }
        let end = found.end + MARKER_BYTES;
        let marker = frame::marker(found.last_seq, found.last_ts_ns, EndReason::Recovered);
        file.write_all_at(&marker[8..], found.end as u64 + 8).map_err(failed)?;
        file.write_all_at(&marker[..8], found.end as u64).map_err(failed)?;
        bytes.resize(bytes.len().max(end), 0);
        bytes[found.end..end].copy_from_slice(&marker);
        Ok(end)
    }
}
