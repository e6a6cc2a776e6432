// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A file in memory that grows where it lies: address space for all of its limit is taken at once,
//! the disk's in steps, the larger the file the larger. So a place in it, once given out, is the same for every thread for good.

use std::fs::{File, OpenOptions};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use memmap2::{Advice, MmapOptions, MmapRaw};

use super::error::ServerError;

/// Most a file grows by at once: some 50 µs, so that whoever shares the core never waits long.
const STEP_BYTES_MAX: usize = 128 << 10;
/// Most room that is made ahead of what is written.
const AHEAD_BYTES_MAX: usize = 4 << 20;
/// Pause between two steps.
const PAUSE: Duration = Duration::from_micros(200);
const PAGE_BYTES: usize = 4_096;

/// A growing file. One thread writes; others read what they were told is final.
#[derive(Debug)]
pub(crate) struct Growing {
    map: MmapRaw,
    file: File,
    path: PathBuf,
    /// Bytes that the disk has given: only they may be touched.
    room: AtomicUsize,
    one_grows: Mutex<()>,
    step_bytes_min: usize,
}

impl Growing {
    /// Opens or makes the file, at most `bytes_max` long, growing by `step_bytes_min` at least.
    pub(crate) fn open(
        path: &Path,
        bytes_max: usize,
        step_bytes_min: usize,
    ) -> Result<Self, ServerError> {
        let failed = |err| ServerError::io(path, "open", err);
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(failed)?;
        let map = MmapOptions::new().len(bytes_max).map_raw(&file).map_err(failed)?;
        let room = usize::try_from(file.metadata().map_err(failed)?.len()).unwrap_or(usize::MAX);
        let growing = Self {
            map,
            file,
            path: path.to_owned(),
            room: AtomicUsize::new(room.min(bytes_max)),
            one_grows: Mutex::new(()),
            step_bytes_min,
        };
        growing.ensure(step_bytes_min.min(bytes_max))?;
        Ok(growing)
    }

    /// Sees to it that the first `end` bytes may be touched.
    #[inline]
    pub(crate) fn ensure(&self, end: usize) -> Result<(), ServerError> {
        if end <= self.room() { Ok(()) } else { self.grow(end) }
    }

    /// How much room there is to be behind what is written: the larger the file, the more.
    fn ahead(&self, end: usize) -> usize {
        (end / 8).next_multiple_of(PAGE_BYTES).min(AHEAD_BYTES_MAX).max(self.step_bytes_min / 2)
    }

    /// Sees to it that there is room behind `end`, in steps with pauses between them; an error says
    /// that there is not, whether or not there is some.
    pub(crate) fn ensure_ahead(&self, end: usize) -> Result<(), ServerError> {
        let (wanted, bytes_max) = (end + self.ahead(end), self.map.len());
        while self.room() < wanted.min(bytes_max) {
            self.ensure(self.room() + 1)?;
            if self.room() >= end + self.ahead(end) / 4 {
                thread::sleep(PAUSE);
            }
        }
        if wanted > bytes_max {
            return Err(self.full());
        }
        Ok(())
    }

    fn full(&self) -> ServerError {
        ServerError::StreamFull { path: self.path.clone(), bytes_max: self.map.len() as u64 }
    }

    #[cold]
    fn grow(&self, end: usize) -> Result<(), ServerError> {
        let _one_at_a_time = self.one_grows.lock().unwrap_or_else(PoisonError::into_inner);
        let room = self.room();
        if end <= room {
            return Ok(());
        }
        let bytes_max = self.map.len();
        if end > bytes_max {
            return Err(self.full());
        }
        let step = self.step_bytes_min.max(STEP_BYTES_MAX.min(room / 4));
        let wanted = end.max(room + step).next_multiple_of(PAGE_BYTES).min(bytes_max);
        // SAFETY: the descriptor is open; offset and length are not negative, being in the map.
        let errno = unsafe {
            libc::posix_fallocate(
                self.file.as_raw_fd(),
                room.cast_signed() as libc::off_t,
                (wanted - room).cast_signed() as libc::off_t,
            )
        };
        if errno != 0 {
            let source = std::io::Error::from_raw_os_error(errno);
            return Err(ServerError::io(&self.path, "grow", source));
        }
        let _comes_later_otherwise =
            self.map.advise_range(Advice::PopulateWrite, room, wanted - room);
        self.room.store(wanted, Ordering::Release);
        Ok(())
    }

    /// Bytes that may be touched.
    #[inline]
    pub(crate) fn room(&self) -> usize {
        self.room.load(Ordering::Acquire)
    }

    /// Whether less than a quarter of what there is to be is left behind `end`.
    pub(crate) fn is_nearly_used_up(&self, end: usize) -> bool {
        self.room().saturating_sub(end) < self.ahead(end) / 4
    }

    /// Its file's path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `bytes` at `start`.
    ///
    /// # Safety
    /// Only the one writing thread calls this, for bytes within [`Self::room`] that no other thread
    /// was told are final.
    #[inline]
    pub(crate) unsafe fn write(&self, start: usize, bytes: &[u8]) {
        debug_assert!(start + bytes.len() <= self.room());
        // SAFETY: in bounds by the caller's promise, and nobody else looks at these bytes.
        unsafe {
            std::ptr::copy_nonoverlapping(
                bytes.as_ptr(),
                self.map.as_mut_ptr().add(start),
                bytes.len(),
            );
        }
    }

    /// Bytes `start` to `end`.
    ///
    /// # Safety
    /// Within [`Self::room`], and nobody writes them while the slice lives.
    #[inline]
    pub(crate) unsafe fn slice(&self, start: usize, end: usize) -> &[u8] {
        debug_assert!(start <= end && end <= self.room());
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts(self.map.as_ptr().add(start), end - start) }
    }

    /// Waits until what was written is on disk.
    pub(crate) fn sync(&self) -> Result<(), ServerError> {
        self.file.sync_data().map_err(|err| ServerError::io(&self.path, "sync", err))
    }
}
