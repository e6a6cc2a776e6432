// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! One segment file in memory. All `unsafe` of the journal that is not on the append path.
//!
//! What makes it sound: an entry is written once, before its first word is stored with release, and
//! never again. So bytes behind a word that was loaded with acquire do not change. A file is only
//! ever cut right after its marker, and nobody reads past a marker.

use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use memmap2::{Advice, MmapOptions, MmapRaw, UncheckedAdvice};
use onetape_core::journal::frame::{HEADER_BYTES, MARKER_LENGTH, Word, padded};

/// A mapped segment file, shared with other processes.
#[derive(Debug)]
pub(crate) struct Mapping {
    map: MmapRaw,
}

impl Mapping {
    /// Maps `bytes` of `file` for writing. The file must be that long.
    pub(crate) fn writable(file: &File, bytes: usize) -> io::Result<Self> {
        Ok(Self { map: MmapOptions::new().len(bytes).map_raw(file)? })
    }

    /// Maps the whole file for reading.
    pub(crate) fn readable(file: &File) -> io::Result<Self> {
        let map = MmapOptions::new().map_raw_read_only(file)?;
        map.advise(Advice::Sequential)?;
        Ok(Self { map })
    }

    /// Bytes mapped.
    pub(crate) fn len(&self) -> usize {
        self.map.len()
    }

    /// Where it begins, for writing.
    pub(crate) fn as_mut_ptr(&self) -> *mut u8 {
        self.map.as_mut_ptr()
    }

    /// The word at `offset`, a multiple of 8 less than the length.
    #[inline]
    pub(crate) fn word(&self, offset: usize) -> Word {
        debug_assert!(offset.is_multiple_of(8) && offset + 8 <= self.len());
        // SAFETY: in bounds and aligned (the map begins on a page); other processes write this word
        // with one 64-bit store, so it is read as an atomic.
        let word = unsafe { AtomicU64::from_ptr(self.map.as_mut_ptr().add(offset).cast()) };
        Word::unpack(u64::from_le(word.load(Ordering::Acquire)))
    }

    /// The bytes of the entry or marker at `offset`, whose `word` was loaded; `None` when there is
    /// none, or its length goes past the end.
    #[inline]
    pub(crate) fn frame(&self, offset: usize, word: Word) -> Option<&[u8]> {
        let length = match word.length {
            MARKER_LENGTH => HEADER_BYTES,
            length => length as usize,
        };
        let left = self.len() - offset;
        if length < HEADER_BYTES || length > left {
            return None;
        }
        // SAFETY: in bounds; the word was loaded with acquire, so these bytes are whole and final.
        Some(unsafe { self.slice(offset, padded(length).min(left)) })
    }

    /// Bytes `offset` to `offset + length`.
    ///
    /// # Safety
    /// In bounds, and nobody writes them while the slice lives.
    pub(crate) unsafe fn slice(&self, offset: usize, length: usize) -> &[u8] {
        debug_assert!(offset + length <= self.len());
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts(self.map.as_ptr().add(offset), length) }
    }

    /// Stores the word at `offset`, so that what was written before it can be seen by others.
    pub(crate) fn publish(&self, offset: usize, word: u64) {
        assert!(offset.is_multiple_of(8) && offset + 8 <= self.len());
        // SAFETY: in bounds, aligned, written as an atomic by everyone.
        let place = unsafe { AtomicU64::from_ptr(self.map.as_mut_ptr().add(offset).cast()) };
        place.store(word.to_le(), Ordering::Release);
    }

    /// Writes `bytes`, a multiple of 8 of them, at `offset`: the first word last.
    pub(crate) fn write_published(&self, offset: usize, bytes: &[u8]) {
        assert!(bytes.len() >= 8 && offset + bytes.len() <= self.len());
        let (word, rest) = bytes.split_first_chunk::<8>().expect("asserted");
        // SAFETY: in bounds; only the one writer of the journal calls this, for bytes that no reader
        // looks at before the first word is stored.
        unsafe {
            let place = self.map.as_mut_ptr().add(offset + 8);
            std::ptr::copy_nonoverlapping(rest.as_ptr(), place, rest.len());
        }
        self.publish(offset, u64::from_le_bytes(*word));
    }

    /// Brings pages in, ready to be written without a fault. An error is no harm: they come later.
    pub(crate) fn touch(&self, offset: usize, length: usize) {
        let length = length.min(self.len().saturating_sub(offset));
        if length > 0 {
            let _best_effort = self.map.advise_range(Advice::PopulateWrite, offset, length);
        }
    }

    /// From `offset` on, has the system bring in more than was touched, or not. It saves time where
    /// much is written: but one page may then bring as much as the device's `read_ahead_kb` says,
    /// megabytes of zeros, while nobody else has the core.
    pub(crate) fn read_ahead(&self, offset: usize, on: bool) {
        let advice = if on { Advice::Normal } else { Advice::Random };
        let length = self.len().saturating_sub(offset);
        if length > 0 {
            let _best_effort = self.map.advise_range(advice, offset, length);
        }
    }

    /// Lets go of pages that are finished with; they stay in the page cache. For small residence.
    pub(crate) fn release(&self, offset: usize, length: usize) {
        if length > 0 {
            // SAFETY: the map is shared, so what was written stays in the page cache, and a later
            // access brings the same bytes back.
            let _best_effort = unsafe {
                self.map.unchecked_advise_range(UncheckedAdvice::DontNeed, offset, length)
            };
        }
    }
}
