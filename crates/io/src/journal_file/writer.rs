// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The one writer of a journal. An append is a copy into mapped memory, a checksum and one store:
//! no lock, no system call, no allocation. Once per window it speaks to the keeper.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use onetape_core::events::SCHEMA_VERSION;
use onetape_core::journal::frame::{self, EndReason, HEADER_BYTES, Header, MARKER_BYTES, padded};
use onetape_core::journal::segment::{
    DATA_START, SEGMENT_BYTES_MAX, SEGMENT_BYTES_MIN, SegmentHeader, entry_bytes_max,
};
use onetape_core::journal::{Sequencer, Sink, SinkError};

use super::checksum::crc32c;
use super::error::JournalFileError;
use super::flusher::Flusher;
use super::folder::FolderLock;
use super::keeper::{Keeper, KeeperOptions, WINDOW_BYTES};
use super::prepare::{Segment, prepare};
use super::recover::{Recovery, recover};

/// When an entry counts as committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// At once: it is in the page cache, and survives the process, not the machine.
    Async,
    /// When it is on disk (group commit).
    Fsync,
}

/// How a journal is written.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bytes of a segment file; a multiple of 4096.
    pub segment_bytes: usize,
    /// When an entry counts as committed.
    pub durability: Durability,
    /// Which run writes; stands in every segment.
    pub run_id: [u8; 16],
    /// Version of the schema of the bodies.
    pub schema_version: u32,
    /// Cut a damaged tail even when whole entries stand after the damage.
    pub cut_damaged: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            segment_bytes: 64 << 20,
            durability: Durability::Async,
            run_id: [0; 16],
            schema_version: SCHEMA_VERSION,
            cut_damaged: false,
        }
    }
}

impl Options {
    fn check(&self) -> Result<(), JournalFileError> {
        let range = SEGMENT_BYTES_MIN..=SEGMENT_BYTES_MAX;
        if range.contains(&self.segment_bytes) && self.segment_bytes.is_multiple_of(DATA_START) {
            return Ok(());
        }
        let what = format!(
            "segment_bytes: expected a multiple of {DATA_START} from {SEGMENT_BYTES_MIN} to \
             {SEGMENT_BYTES_MAX}, found {}",
            self.segment_bytes
        );
        Err(JournalFileError::Option { what })
    }
}

/// The one writer of a journal.
#[derive(Debug)]
pub struct JournalWriter {
    /// Where the next entry goes.
    at: *mut u8,
    /// Bytes until the keeper is to be spoken to, or the segment is full.
    room: usize,
    sequencer: Sequencer,
    flusher: Option<Flusher>,
    segment: Arc<Segment>,
    keeper: Keeper,
    stalls: u64,
    closed: bool,
    folder: PathBuf,
    options: Options,
    recovery: Option<Recovery>,
    last_error: Option<JournalFileError>,
    _lock: FolderLock,
}

// SAFETY: `at` points into `segment`'s mapping, which the writer keeps alive and is the only one to
// write; nothing is bound to the thread that opened it.
unsafe impl Send for JournalWriter {}
// SAFETY: what takes `&self` writes nothing through `at`; it reads fields, or asks the keeper and
// the flusher, which have locks of their own.
unsafe impl Sync for JournalWriter {}

impl JournalWriter {
    /// Opens a journal for append; makes the folder if need be. What a dead writer left torn is cut
    /// at the last whole entry, see [`Self::recovery`].
    ///
    /// # Errors
    /// [`JournalFileError::Locked`] when another process writes it, `Corrupt` or `Gap` when it is
    /// damaged in a way that a crash does not explain, `Full`, `Io`, `Option`.
    pub fn open(folder: impl AsRef<Path>, options: &Options) -> Result<Self, JournalFileError> {
        options.check()?;
        let folder = folder.as_ref().to_owned();
        fs::create_dir_all(&folder).map_err(|err| JournalFileError::io(&folder, "create", err))?;
        let lock = FolderLock::take(&folder)?;
        let durable = options.durability == Durability::Fsync;
        let tail = recover(&folder, durable, options.cut_damaged)?;
        let no_thread = |err| JournalFileError::io(&folder, "start a thread for", err);
        let segment =
            Arc::new(prepare(&folder, tail.next_segment, options.segment_bytes, durable)?);
        let keeper = Keeper::start(KeeperOptions {
            folder: folder.clone(),
            segment_bytes: options.segment_bytes,
            durable,
            chain: tail.chain,
        })
        .map_err(no_thread)?;
        let flusher =
            if durable { Some(Flusher::start(tail.last_seq).map_err(no_thread)?) } else { None };
        let mut writer = Self {
            at: segment.map.as_mut_ptr(),
            room: 0,
            sequencer: Sequencer::resume(tail.last_seq, tail.last_ts_ns),
            flusher,
            segment: Arc::clone(&segment),
            keeper,
            stalls: 0,
            closed: false,
            folder,
            options: options.clone(),
            recovery: tail.recovery,
            last_error: None,
            _lock: lock,
        };
        segment.map.touch(0, WINDOW_BYTES);
        let header = writer.write_header(&segment);
        writer.enter(segment, header);
        Ok(writer)
    }

    /// Writes the header of a segment that is about to begin: readers can come to it from now on.
    fn write_header(&self, segment: &Segment) -> SegmentHeader {
        let header = SegmentHeader {
            segment: segment.number,
            first_seq: self.sequencer.last_seq() + 1,
            segment_bytes: self.options.segment_bytes as u64,
            floor_ts_ns: self.sequencer.last_ts_ns(),
            schema_version: self.options.schema_version,
            run_id: self.options.run_id,
        };
        segment.map.write_published(0, &header.encode());
        header
    }

    /// Makes `segment` the present one.
    fn enter(&mut self, segment: Arc<Segment>, header: SegmentHeader) {
        // SAFETY: a segment is longer than its header page.
        self.at = unsafe { segment.map.as_mut_ptr().add(DATA_START) };
        self.segment = segment;
        self.keeper.begin(Arc::clone(&self.segment), header);
        if let Some(flusher) = &self.flusher {
            flusher.begin(Arc::clone(&self.segment));
        }
        self.keeper.want(self.segment.number + 1);
        self.open_window(DATA_START);
    }

    /// Offset in the segment where the next entry goes.
    fn offset(&self) -> usize {
        self.at.addr() - self.segment.map.as_mut_ptr().addr()
    }

    /// Where entries must end, so that the marker fits.
    const fn entries_end(&self) -> usize {
        self.options.segment_bytes - MARKER_BYTES
    }

    /// Gives room up to the end of the window that holds `needed_end`, and has the one after it
    /// touched.
    fn open_window(&mut self, needed_end: usize) {
        let offset = self.offset();
        let end = (needed_end / WINDOW_BYTES + 1) * WINDOW_BYTES;
        self.room = end.min(self.entries_end()) - offset;
        self.keeper.progress(offset, end, WINDOW_BYTES);
    }

    /// Appends one entry whose body is `fixed` and then `tail`. See [`Sink::append`].
    ///
    /// # Errors
    /// [`SinkError`]; then nothing was appended. [`Self::last_error`] says more.
    #[inline]
    pub fn append(
        &mut self,
        ts_ns: i64,
        kind: u16,
        version: u8,
        source: u32,
        fixed: &[u8],
        tail: &[u8],
    ) -> Result<u64, SinkError> {
        let length = HEADER_BYTES + fixed.len() + tail.len();
        let size = padded(length);
        if size > self.room {
            self.make_room(length)?;
        }
        let (seq, ts_ns) = self.sequencer.take(ts_ns);
        let header = Header { seq, ts_ns, kind, version, source };
        // SAFETY: `room` says that `size` bytes from `at` are in the segment; they are zeros that
        // nobody reads before the first word is stored, and `at` is 8-byte aligned.
        unsafe {
            let rest = std::slice::from_raw_parts_mut(self.at.add(8), length - 8);
            let word = frame::fill(rest, &header, fixed, tail, crc32c).pack();
            AtomicU64::from_ptr(self.at.cast()).store(word.to_le(), Ordering::Release);
            self.at = self.at.add(size);
        }
        self.room -= size;
        if let Some(flusher) = &self.flusher {
            flusher.publish(seq);
        }
        Ok(seq)
    }

    #[cold]
    fn make_room(&mut self, length: usize) -> Result<(), SinkError> {
        let length_max = entry_bytes_max(self.options.segment_bytes);
        if length > length_max {
            return Err(SinkError::TooLong { length, length_max });
        }
        if self.closed {
            return Err(SinkError::Io { errno: libc::EBADF });
        }
        if let Some(errno) = self.flusher.as_ref().map(Flusher::errno).filter(|&no| no != 0) {
            return Err(SinkError::Io { errno });
        }
        let end = self.offset() + padded(length);
        if end <= self.entries_end() {
            self.open_window(end);
            return Ok(());
        }
        self.roll().map_err(|err| {
            let short = err.sink_error();
            self.last_error = Some(err);
            short
        })?;
        self.open_window(DATA_START + padded(length));
        Ok(())
    }

    /// Goes on to the next segment.
    fn roll(&mut self) -> Result<(), JournalFileError> {
        let (next, waited) = self.keeper.take_next(self.segment.number + 1)?;
        self.stalls += u64::from(waited);
        let header = self.write_header(&next);
        self.set_end(EndReason::Rolled);
        let end = self.offset() + MARKER_BYTES;
        // Given away: the last to hold it unmaps it, and that shall not be this thread.
        let ended = std::mem::replace(&mut self.segment, Arc::clone(&next));
        self.keeper.end(end, ended);
        self.enter(next, header);
        Ok(())
    }

    /// Sets the marker after the last entry.
    fn set_end(&self, reason: EndReason) {
        let (seq, ts_ns) = (self.sequencer.last_seq(), self.sequencer.last_ts_ns());
        let marker = frame::marker(seq, ts_ns, reason);
        self.segment.map.write_published(self.offset(), &marker);
    }

    /// Sequence number of the last entry; 0 before the first.
    #[must_use]
    pub const fn last_seq(&self) -> u64 {
        self.sequencer.last_seq()
    }

    /// Time of the last entry; `i64::MIN` before the first.
    #[must_use]
    pub const fn last_ts_ns(&self) -> i64 {
        self.sequencer.last_ts_ns()
    }

    /// How many times were before the one before them, and raised to it.
    #[must_use]
    pub const fn times_raised(&self) -> u64 {
        self.sequencer.times_raised()
    }

    /// How often the next segment was not ready when it was needed.
    #[must_use]
    pub const fn stalls(&self) -> u64 {
        self.stalls
    }

    /// What was done because the last writer did not close the journal.
    #[must_use]
    pub const fn recovery(&self) -> Option<&Recovery> {
        self.recovery.as_ref()
    }

    /// What stood behind the last [`SinkError`].
    #[must_use]
    pub const fn last_error(&self) -> Option<&JournalFileError> {
        self.last_error.as_ref()
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Bytes that entries can still have for sure.
    #[must_use]
    pub fn bytes_left(&self) -> usize {
        self.entries_end().saturating_sub(self.offset())
    }

    /// Whether the segment after this one could not be had: take no new risk, there are only
    /// [`Self::bytes_left`] left.
    #[must_use]
    pub fn is_nearly_full(&self) -> bool {
        self.keeper.next_failed()
    }

    /// Tries again to get the segment after this one, where [`Self::is_nearly_full`] says that it
    /// could not be had: there may be room by now.
    pub fn retry_next(&self) {
        self.keeper.want(self.segment.number + 1);
    }

    /// The last committed entry, as the mode defines it.
    #[must_use]
    pub fn committed_seq(&self) -> u64 {
        self.flusher.as_ref().map_or(self.sequencer.last_seq(), Flusher::committed)
    }

    /// Why nothing more will be committed: the error number of a sync that failed.
    #[must_use]
    pub fn sync_error(&self) -> Option<i32> {
        self.flusher.as_ref().map(Flusher::errno).filter(|&errno| errno != 0)
    }

    /// What holds the flusher back while it is set.
    #[cfg(test)]
    pub(crate) fn hold_flusher(&self) -> Option<std::sync::Arc<std::sync::atomic::AtomicBool>> {
        self.flusher.as_ref().map(Flusher::hold)
    }

    /// Waits until entry `seq` is committed.
    ///
    /// # Errors
    /// [`JournalFileError::Io`] when the disk refused: it never will be.
    pub fn wait_committed(&self, seq: u64) -> Result<(), JournalFileError> {
        let Some(flusher) = &self.flusher else { return Ok(()) };
        flusher.wait(seq.min(self.last_seq())).map_err(|errno| {
            let source = std::io::Error::from_raw_os_error(errno);
            JournalFileError::io(&self.segment.path, "sync", source)
        })
    }

    /// Waits until all that was appended is committed.
    ///
    /// # Errors
    /// As [`Self::wait_committed`].
    pub fn commit(&self) -> Result<(), JournalFileError> {
        self.wait_committed(self.last_seq())
    }

    /// Ends and seals the last segment, and frees the folder. Also done on drop, without a word.
    ///
    /// # Errors
    /// When the last sync or a seal failed. No entry is lost by a seal that failed: the next
    /// opening makes it.
    pub fn close(mut self) -> Result<(), JournalFileError> {
        self.finish()
    }

    /// As [`Self::close`], for an owner that cannot give the writer away: it takes no more entries.
    ///
    /// # Errors
    /// As [`Self::close`].
    pub fn finish(&mut self) -> Result<(), JournalFileError> {
        if self.closed {
            return Ok(());
        }
        self.closed = true;
        let committed = self.commit();
        self.room = 0;
        self.set_end(EndReason::Closed);
        self.keeper.end(self.offset() + MARKER_BYTES, Arc::clone(&self.segment));
        let sealed = self.keeper.stop();
        if let Some(flusher) = &mut self.flusher {
            flusher.stop();
        }
        committed.and(sealed)
    }
}

impl Drop for JournalWriter {
    fn drop(&mut self) {
        let _nobody_to_tell = self.finish();
    }
}

impl Sink for JournalWriter {
    #[inline]
    fn append(
        &mut self,
        ts_ns: i64,
        kind: u16,
        version: u8,
        source: u32,
        fixed: &[u8],
        tail: &[u8],
    ) -> Result<u64, SinkError> {
        Self::append(self, ts_ns, kind, version, source, fixed, tail)
    }

    fn last_seq(&self) -> u64 {
        Self::last_seq(self)
    }

    fn last_ts_ns(&self) -> i64 {
        Self::last_ts_ns(self)
    }
}
