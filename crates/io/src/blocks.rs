// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A byte stream read in large blocks: a reader sees what is there, takes whole records from its
//! front, and asks for more. Memory is a block, whatever the file's size.

use std::io::{self, Read};
use std::ops::Range;

use onetape_core::sim::source::{Progress, SourceError};

use crate::stream::ByteStream;

/// Bytes of a block at first; it grows where a record needs more.
const BLOCK_BYTES: usize = 1024 * 1024;

/// The front of what is left of a stream.
pub(crate) struct Blocks {
    stream: ByteStream,
    block: Vec<u8>,
    unread: Range<usize>,
    /// Where `block` starts in the decompressed stream.
    offset: u64,
    ended: bool,
    failure: Option<SourceError>,
}

impl Blocks {
    pub(crate) fn new(stream: ByteStream) -> Self {
        Self {
            stream,
            block: vec![0; BLOCK_BYTES],
            unread: 0..0,
            offset: 0,
            ended: false,
            failure: None,
        }
    }

    /// What is there and not yet taken.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.block[self.unread.clone()]
    }

    /// Where [`Self::bytes`] starts in the decompressed stream.
    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        self.offset + self.unread.start as u64
    }

    /// Takes `count` bytes from the front; [`Self::at`] finds them until the next refill.
    #[inline]
    pub(crate) fn take(&mut self, count: usize) -> Range<usize> {
        let start = self.unread.start;
        assert!(count <= self.unread.len(), "no more is taken than is there");
        self.unread.start += count;
        start..self.unread.start
    }

    /// Bytes that were taken since the last refill.
    #[inline]
    pub(crate) fn at(&self, span: Range<usize>) -> &[u8] {
        &self.block[span]
    }

    /// Whether the stream holds no more than what is there, or cannot be read further.
    #[inline]
    pub(crate) const fn is_last(&self) -> bool {
        self.ended
    }

    /// Why the stream cannot be read further: to be told once what came before it is given.
    #[inline]
    pub(crate) const fn failure(&self) -> Option<SourceError> {
        self.failure
    }

    pub(crate) fn progress(&self) -> Progress {
        self.stream.progress()
    }

    /// Reads on until a block is full or the stream ends. Spans taken before are void after it.
    #[cold]
    pub(crate) fn refill(&mut self) {
        self.block.copy_within(self.unread.clone(), 0);
        self.offset += self.unread.start as u64;
        self.unread = 0..self.unread.len();
        if self.unread.end == self.block.len() {
            self.block.resize(self.block.len() * 2, 0);
        }
        while !self.ended && self.unread.end < self.block.len() {
            match self.stream.read(&mut self.block[self.unread.end..]) {
                Ok(0) => self.ended = true,
                Ok(count) => self.unread.end += count,
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(err) => {
                    self.ended = true;
                    let at = self.offset + self.unread.end as u64;
                    self.failure = Some(read_error(&err, at));
                }
            }
        }
    }

    /// Sees to it that `count` bytes are there; `false` when the stream ends cleanly before them.
    ///
    /// # Errors
    /// The stream's own failure, or [`SourceError::Truncated`] when some are there and not all.
    pub(crate) fn fill(&mut self, count: usize) -> Result<bool, SourceError> {
        while self.unread.len() < count && !self.ended {
            self.refill();
        }
        let found = self.unread.len();
        match (found, self.failure) {
            _ if found >= count => Ok(true),
            (_, Some(failure)) => Err(failure),
            (0, None) => Ok(false),
            (_, None) => {
                let (needed, found) = (count as u64, found as u64);
                Err(SourceError::Truncated { at: self.offset(), needed, found })
            }
        }
    }
}

/// What an error of reading at byte `at` of the decompressed data means to a run.
fn read_error(err: &io::Error, at: u64) -> SourceError {
    match (err.kind(), err.raw_os_error()) {
        (_, Some(os_error)) => SourceError::Io { at, os_error },
        (io::ErrorKind::UnexpectedEof, None) => {
            SourceError::Corrupt { at, what: "the compressed data ends early" }
        }
        _ => SourceError::Corrupt { at, what: "the compressed data is damaged" },
    }
}
