// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Files of ITCH messages: each has a 2-byte big-endian length before it; a length of zero alone
//! ends the session. Some files have zero before every message: those go by the message's type.
//!
//! A file may be given whole or in blocks; the bytes of a message that a block cuts are not
//! consumed, and come again at the front of the next.

use super::length_of;

/// Bytes of a length prefix.
const PREFIX: usize = 2;

/// A record of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// One message, without its length prefix.
    Message(&'a [u8]),
    /// The end of a session. Another may follow.
    EndOfSession,
}

/// Why a file cannot be read on. Offsets count from the start of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FrameError {
    /// The file ends inside a record.
    Truncated {
        /// Where the record starts.
        offset: u64,
        /// Bytes the record has, as far as is known.
        expected: usize,
        /// Bytes there are.
        found: usize,
    },
    /// A length of zero stands before a byte that is no message type: the length is not known.
    UnknownLength {
        /// Where the record starts.
        offset: u64,
        /// The byte after the length.
        found: u8,
    },
}

/// Takes a file of messages apart, block by block.
///
/// It ends at the last whole record; [`Self::consumed`] then says how far it came. After an error
/// it yields nothing more, and `consumed` stays before the record at fault.
#[derive(Clone, Debug)]
pub struct FileFrames<'a> {
    rest: &'a [u8],
    block_bytes: usize,
    block_offset: u64,
    is_last: bool,
}

impl<'a> FileFrames<'a> {
    /// Reads a block that more may follow. `block_offset` is its place in the file.
    #[must_use]
    pub const fn block(bytes: &'a [u8], block_offset: u64) -> Self {
        Self { rest: bytes, block_bytes: bytes.len(), block_offset, is_last: false }
    }

    /// Reads the last block of a file, or a whole file: a record cut short is an error.
    #[must_use]
    pub const fn last_block(bytes: &'a [u8], block_offset: u64) -> Self {
        Self { rest: bytes, block_bytes: bytes.len(), block_offset, is_last: true }
    }

    /// Bytes of the block that were read: where the next block must start.
    #[inline]
    #[must_use]
    pub const fn consumed(&self) -> usize {
        self.block_bytes - self.rest.len()
    }

    /// Place in the file of the next record.
    #[inline]
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.block_offset.saturating_add(self.consumed() as u64)
    }

    /// A record whose length prefix is zero.
    #[cold]
    fn unprefixed(&mut self) -> Option<Result<Frame<'a>, FrameError>> {
        let after = &self.rest[PREFIX..];
        let code = match after.first() {
            None if !self.is_last => return None,
            None | Some(0) => {
                self.rest = after;
                return Some(Ok(Frame::EndOfSession));
            }
            Some(&code) => code,
        };
        let Some(length) = length_of(code) else {
            let error = FrameError::UnknownLength { offset: self.offset(), found: code };
            return Some(Err(self.fail(error)));
        };
        let Some((message, rest)) = after.split_at_checked(length) else {
            return self.cut(PREFIX + length);
        };
        self.rest = rest;
        Some(Ok(Frame::Message(message)))
    }

    /// The block ends inside a record of `expected` bytes.
    #[cold]
    fn cut(&mut self, expected: usize) -> Option<Result<Frame<'a>, FrameError>> {
        if !self.is_last || self.rest.is_empty() {
            return None;
        }
        let (offset, found) = (self.offset(), self.rest.len());
        Some(Err(self.fail(FrameError::Truncated { offset, expected, found })))
    }

    /// Ends the reading at the present record.
    fn fail(&mut self, error: FrameError) -> FrameError {
        self.block_bytes = self.consumed();
        self.rest = &[];
        error
    }
}

impl<'a> Iterator for FileFrames<'a> {
    type Item = Result<Frame<'a>, FrameError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let Some((prefix, after)) = self.rest.split_first_chunk::<PREFIX>() else {
            return self.cut(PREFIX);
        };
        let length = usize::from(u16::from_be_bytes(*prefix));
        if length == 0 {
            return self.unprefixed();
        }
        let Some((message, rest)) = after.split_at_checked(length) else {
            return self.cut(PREFIX + length);
        };
        self.rest = rest;
        Some(Ok(Frame::Message(message)))
    }
}
