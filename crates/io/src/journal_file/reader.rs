// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Reads a journal, in any process, while it is written or after. Takes no lock, writes nothing.
//!
//! Every entry is checked: its checksum, its place in the order, its time.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use onetape_core::component::Entry;
use onetape_core::journal::Source;
use onetape_core::journal::frame::{self, Frame, FrameError, HEADER_BYTES, Word, padded};
use onetape_core::journal::index::{Index, Mark};
use onetape_core::journal::segment::{DATA_START, Seal, SegmentHeader};

use super::checksum::crc32c;
use super::error::JournalFileError;
use super::folder::{
    check_exists, index_path, read_header, read_page, segment_numbers, segment_path,
};
use super::mapping::Mapping;

/// A reader, standing before some entry.
#[derive(Debug)]
pub struct JournalReader {
    folder: PathBuf,
    /// The segment it stands in; `None` while that has not begun.
    map: Option<Mapping>,
    segment: u64,
    offset: usize,
    next_seq: u64,
    last_ts_ns: i64,
}

/// An entry, and the bytes it has in its segment.
#[derive(Clone, Copy, Debug)]
pub struct Framed<'a> {
    /// The entry.
    pub entry: Entry<'a>,
    /// All of it: first word, header, body, zeros to a multiple of 8.
    pub bytes: &'a [u8],
}

/// What stood at the reader's place.
enum Step {
    /// An entry of this length; the reader stands after it now.
    Entry(usize),
    /// The end of the segment.
    Marker,
    /// Nothing yet.
    Nothing,
}

impl JournalReader {
    /// Opens a journal at its first entry.
    ///
    /// # Errors
    /// [`JournalFileError::NotFound`] when the folder holds no journal.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self, JournalFileError> {
        let folder = folder.as_ref().to_owned();
        check_exists(&folder)?;
        Ok(Self {
            folder,
            map: None,
            segment: 1,
            offset: DATA_START,
            next_seq: 1,
            last_ts_ns: i64::MIN,
        })
    }

    /// The next entry; `None` at the end of what is written so far. Ask again to follow.
    ///
    /// # Errors
    /// [`JournalFileError::Corrupt`] and `Gap`, with the place; the reader stays before it.
    #[inline]
    pub fn next_entry(&mut self) -> Result<Option<Entry<'_>>, JournalFileError> {
        let Some(length) = self.advance()? else { return Ok(None) };
        Ok(self.frame_behind(length).map(|framed| framed.entry))
    }

    /// As [`Self::next_entry`], with the bytes of the whole entry, to pass on as they are.
    ///
    /// # Errors
    /// As [`Self::next_entry`].
    #[inline]
    pub fn next_frame(&mut self) -> Result<Option<Framed<'_>>, JournalFileError> {
        let Some(length) = self.advance()? else { return Ok(None) };
        Ok(self.frame_behind(length))
    }

    /// Steps over the next entry and says how long it is.
    #[inline]
    fn advance(&mut self) -> Result<Option<usize>, JournalFileError> {
        loop {
            match self.step()? {
                Step::Entry(length) => return Ok(Some(length)),
                Step::Nothing if self.map.is_some() => return Ok(None),
                Step::Nothing if !self.enter(self.segment)? => return Ok(None),
                Step::Marker if !self.enter(self.segment + 1)? => return Ok(None),
                Step::Nothing | Step::Marker => {}
            }
        }
    }

    /// The entry of this length that was just stepped over.
    #[inline]
    fn frame_behind(&self, length: usize) -> Option<Framed<'_>> {
        let map = self.map.as_ref()?;
        let size = padded(length);
        // SAFETY: `step` found a whole entry of this length there, and entries never change.
        let bytes = unsafe { map.slice(self.offset - size, size) };
        let (header, _flags) = frame::Header::unpack(bytes[8..].first_chunk()?);
        Some(Framed { entry: header.entry(&bytes[HEADER_BYTES..length]), bytes })
    }

    /// Checks what stands at the reader's place, and steps over it if it is an entry.
    #[inline]
    fn step(&mut self) -> Result<Step, JournalFileError> {
        let Some(map) = &self.map else { return Ok(Step::Nothing) };
        if self.offset + HEADER_BYTES > map.len() {
            return Err(self.corrupt("the segment ends without a marker".to_owned()));
        }
        let word = map.word(self.offset);
        let Some(bytes) = map.frame(self.offset, word) else { return self.nothing_or_error(word) };
        match frame::parse(word, bytes, crc32c) {
            Ok(Frame::Entry(entry, size)) => {
                if entry.seq != self.next_seq || entry.ts_ns < self.last_ts_ns {
                    let (seq, ts_ns) = (entry.seq, entry.ts_ns);
                    return Err(self.out_of_order(seq, ts_ns));
                }
                self.next_seq += 1;
                self.last_ts_ns = entry.ts_ns;
                self.offset += size;
                Ok(Step::Entry(word.length as usize))
            }
            Ok(Frame::Marker { next_seq, .. }) if next_seq != self.next_seq => {
                Err(self.out_of_order(next_seq, self.last_ts_ns))
            }
            Ok(Frame::Marker { .. }) => Ok(Step::Marker),
            Ok(Frame::Unwritten) => Ok(Step::Nothing),
            Err(err) => Err(self.frame_error(err)),
        }
    }

    #[cold]
    fn nothing_or_error(&self, word: Word) -> Result<Step, JournalFileError> {
        if word == (Word { length: 0, crc: 0 }) {
            return Ok(Step::Nothing);
        }
        let length_max = self.map.as_ref().map_or(0, Mapping::len) - self.offset;
        Err(self.frame_error(FrameError::Length { found: word.length, length_max }))
    }

    #[cold]
    fn out_of_order(&self, seq: u64, ts_ns: i64) -> JournalFileError {
        if seq == self.next_seq {
            return self.corrupt(format!(
                "entry {seq} has time {ts_ns}, before that of the entry before it, {}",
                self.last_ts_ns
            ));
        }
        self.corrupt(format!("expected entry {}, found entry {seq}", self.next_seq))
    }

    #[cold]
    fn frame_error(&self, err: FrameError) -> JournalFileError {
        self.corrupt(format!("entry {}: {}", self.next_seq, describe_frame(err)))
    }

    fn corrupt(&self, what: String) -> JournalFileError {
        JournalFileError::corrupt(&segment_path(&self.folder, self.segment), self.offset, what)
    }

    /// Goes to the start of a segment; `false` when it has not begun yet.
    #[cold]
    fn enter(&mut self, number: u64) -> Result<bool, JournalFileError> {
        let Some((map, header)) = self.map_segment(number)? else { return Ok(false) };
        if header.first_seq != self.next_seq {
            let what = format!(
                "segment {number} begins with entry {}, expected entry {}",
                header.first_seq, self.next_seq
            );
            return Err(JournalFileError::Gap { path: self.folder.clone(), what });
        }
        self.map = Some(map);
        self.segment = number;
        self.offset = DATA_START;
        Ok(true)
    }

    /// Maps a segment that has begun; `None` when it has not.
    fn map_segment(
        &self,
        number: u64,
    ) -> Result<Option<(Mapping, SegmentHeader)>, JournalFileError> {
        let path = segment_path(&self.folder, number);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(err) if err.kind() == ErrorKind::NotFound => {
                return self.check_no_later(number).map(|()| None);
            }
            Err(err) => return Err(JournalFileError::io(&path, "open", err)),
        };
        let Some(page) = page_if_there(&path)? else { return Ok(None) };
        if !page.is_empty() && page.len() < DATA_START {
            let what = "the file ends inside the header page";
            return Err(JournalFileError::corrupt(&path, page.len(), what));
        }
        let Some(header) = read_header(&path, &page)? else { return Ok(None) };
        if header.segment != number {
            let what = format!("the header is of segment {}", header.segment);
            return Err(JournalFileError::corrupt(&path, 16, what));
        }
        let map =
            Mapping::readable(&file).map_err(|err| JournalFileError::io(&path, "map", err))?;
        Ok(Some((map, header)))
    }

    /// A segment that is not there while a later one is: it was lost.
    fn check_no_later(&self, number: u64) -> Result<(), JournalFileError> {
        match segment_numbers(&self.folder)?.last() {
            Some(last) if *last > number => Err(JournalFileError::Gap {
                path: self.folder.clone(),
                what: format!("segment {number} is missing, segment {last} is there"),
            }),
            _ => Ok(()),
        }
    }

    /// Whether there is an entry to read. Does not step over it.
    ///
    /// # Errors
    /// As [`Self::next_entry`].
    pub fn has_next(&mut self) -> Result<bool, JournalFileError> {
        let before = self.next_seq;
        self.skip_while(|_| false)?;
        debug_assert_eq!(self.next_seq, before);
        let Some(map) = &self.map else { return Ok(false) };
        let word = map.word(self.offset);
        Ok(map.frame(self.offset, word).is_some() && word.length != frame::MARKER_LENGTH)
    }

    /// Sequence number of the entry that comes next.
    #[must_use]
    pub const fn next_seq(&self) -> u64 {
        self.next_seq
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Goes to stand before entry `seq`; at the end when there is no such entry yet.
    ///
    /// # Errors
    /// As [`Self::next_entry`].
    pub fn seek_seq(&mut self, seq: u64) -> Result<(), JournalFileError> {
        self.enter_last(|header| header.first_seq <= seq)?;
        self.jump(|index| index.before_seq(seq))?;
        self.skip_while(|entry| entry.seq < seq)
    }

    /// Goes to stand before the first entry whose time is `ts_ns` or later; at the end when there is
    /// none yet.
    ///
    /// # Errors
    /// As [`Self::next_entry`].
    pub fn seek_ts(&mut self, ts_ns: i64) -> Result<(), JournalFileError> {
        self.enter_last(|header| header.floor_ts_ns < ts_ns)?;
        self.jump(|index| index.before_ts(ts_ns))?;
        self.skip_while(|entry| entry.ts_ns < ts_ns)
    }

    /// Goes to the start of the last segment that `wanted` says yes to, else of the first one.
    fn enter_last(
        &mut self,
        wanted: impl Fn(&SegmentHeader) -> bool,
    ) -> Result<(), JournalFileError> {
        let numbers = segment_numbers(&self.folder)?;
        let mut failed = None;
        // `wanted` is yes for some segments and then no for the rest, so halving finds the border.
        let border = numbers.partition_point(|&number| {
            let path = segment_path(&self.folder, number);
            let header = page_if_there(&path)
                .and_then(|page| page.map_or(Ok(None), |page| read_header(&path, &page)));
            match header {
                Ok(header) => header.is_some_and(|header| wanted(&header)),
                Err(err) => {
                    failed = Some(err);
                    false
                }
            }
        });
        if let Some(err) = failed {
            return Err(err);
        }
        let number = border.checked_sub(1).map_or(1, |at| numbers[at]);
        *self = Self { segment: number, map: None, ..Self::open(&self.folder)? };
        if let Some((map, header)) = self.map_segment(number)? {
            self.map = Some(map);
            self.next_seq = header.first_seq;
            self.last_ts_ns = header.floor_ts_ns;
        }
        Ok(())
    }

    /// Jumps ahead in this segment by its index, if it is sealed and the index is good.
    fn jump(&mut self, find: impl Fn(&Index) -> Option<Mark>) -> Result<(), JournalFileError> {
        let path = segment_path(&self.folder, self.segment);
        if self.map.is_none() {
            return Ok(());
        }
        let Ok(Some(seal)) = Seal::decode(&read_page(&path)?) else { return Ok(()) };
        let bytes = fs::read(index_path(&self.folder, self.segment)).unwrap_or_default();
        let index = Index::decode(&bytes, self.segment, &seal.content);
        if let Some(mark) = index.as_ref().and_then(find).filter(|mark| self.is_at(mark)) {
            self.offset = mark.offset as usize;
            self.next_seq = mark.seq;
        }
        Ok(())
    }

    /// Whether the entry of a mark stands where the mark says. An index is a hint, never trusted.
    fn is_at(&self, mark: &Mark) -> bool {
        let Some(map) = &self.map else { return false };
        let offset = mark.offset as usize;
        if offset < DATA_START || !offset.is_multiple_of(8) || offset + HEADER_BYTES > map.len() {
            return false;
        }
        let word = map.word(offset);
        let parsed = map.frame(offset, word).map(|bytes| frame::parse(word, bytes, crc32c));
        matches!(parsed, Some(Ok(Frame::Entry(entry, _))) if entry.seq == mark.seq)
    }

    /// Steps over entries; stops before the first that `skip` says no to.
    fn skip_while(&mut self, skip: impl Fn(&Entry<'_>) -> bool) -> Result<(), JournalFileError> {
        loop {
            let before = (self.next_seq, self.last_ts_ns);
            let Some(entry) = self.next_entry()? else { return Ok(()) };
            if skip(&entry) {
                continue;
            }
            let size = padded(HEADER_BYTES + entry.body.len());
            self.offset -= size;
            (self.next_seq, self.last_ts_ns) = before;
            return Ok(());
        }
    }
}

impl Source for JournalReader {
    type Error = JournalFileError;

    #[inline]
    fn next_entry(&mut self) -> Result<Option<Entry<'_>>, JournalFileError> {
        Self::next_entry(self)
    }
}

/// The header page of a segment; `None` when its writer has taken the file away again, as it does
/// with the one it prepared and did not need.
fn page_if_there(path: &Path) -> Result<Option<Vec<u8>>, JournalFileError> {
    match read_page(path) {
        Ok(page) => Ok(Some(page)),
        Err(JournalFileError::Io { source, .. }) if source.kind() == ErrorKind::NotFound => {
            Ok(None)
        }
        Err(err) => Err(err),
    }
}

/// What is wrong with a frame, for people.
pub(crate) fn describe_frame(err: FrameError) -> String {
    match err {
        FrameError::Length { found, length_max } => {
            format!("its length is {found}, expected {HEADER_BYTES} to {length_max}")
        }
        FrameError::Checksum { computed, stored, .. } => {
            format!("its checksum is {computed:#010x}, it says {stored:#010x}")
        }
        FrameError::Field { what } => format!("its {what} field holds what no writer writes"),
        _ => "it is not an entry".to_owned(),
    }
}
