// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A stream of numbered messages on disk: what a replay, a re-request and a snapshot are served from.
//!
//! ```text
//! NAME.msg  the messages, end to end
//! NAME.idx  0 magic   8 u64 messages released   8 + 8n u64 end of message n in NAME.msg
//! ```
//!
//! Message n lies between two ends: any number is found at once. The engine appends; every other
//! thread reads up to the released number, which only rises, so nobody needs a lock. The journal is
//! the truth: after a crash what it leads to is compared with what lies here, and put right.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::ServerError;
use super::growing::Growing;

pub(super) const MAGIC: [u8; 8] = *b"ONETAPEM";
pub(super) const WORD: usize = 8;
/// Words before the end of message 1.
pub(super) const HEAD_WORDS: usize = 2;
/// The index grows by an eighth of what the messages grow by, and has room for short messages.
const INDEX_PART: usize = 8;
const INDEX_PART_MAX: usize = 2;
/// What a stream takes at first: there may be a thousand of them.
const FIRST_BYTES_MAX: usize = 128 << 10;
const PAGE_BYTES: usize = 4_096;

/// Where a stream lies: for any thread.
#[derive(Debug)]
pub struct Stream {
    messages: Growing,
    index: Growing,
    released: AtomicU64,
}

impl Stream {
    /// Number of the last message that may go out; 0 for none.
    #[inline]
    #[must_use]
    pub fn released(&self) -> u64 {
        self.released.load(Ordering::Acquire)
    }

    /// Message `number`, from 1, once it is released.
    #[inline]
    #[must_use]
    pub fn message(&self, number: u64) -> Option<&[u8]> {
        if number == 0 || number > self.released() {
            return None;
        }
        let (start, end) = (self.end(number - 1), self.end(number));
        // SAFETY: a released message lies whole in the file and never changes.
        Some(unsafe { self.messages.slice(start, end) })
    }

    /// Bytes of messages `from` to `to`, both released, `from` at least 1; 0 if there are none.
    #[must_use]
    pub fn bytes_between(&self, from: u64, to: u64) -> u64 {
        let to = to.min(self.released());
        if from == 0 || from > to {
            return 0;
        }
        (self.end(to) - self.end(from - 1)) as u64
    }

    /// Where message `number` ends; it was appended.
    #[inline]
    fn end(&self, number: u64) -> usize {
        if number == 0 {
            return 0;
        }
        let at = (HEAD_WORDS - 1 + number as usize) * WORD;
        // SAFETY: the word of an appended message lies in the index and does not change.
        let bytes = unsafe { self.index.slice(at, at + WORD) };
        let mut word = [0; WORD];
        word.copy_from_slice(bytes);
        u64::from_le_bytes(word) as usize
    }

    /// Makes room ahead of what was released. For a thread of its own.
    ///
    /// # Errors
    /// [`ServerError::StreamFull`] and `Io` when the disk, or the limit, gives no more.
    pub fn grow_ahead(&self) -> Result<(), ServerError> {
        let released = self.released();
        self.messages.ensure_ahead(self.end(released))?;
        self.index.ensure_ahead((HEAD_WORDS + released as usize) * WORD)
    }

    /// Whether there is hardly any room left: nobody made any ahead.
    #[must_use]
    pub fn is_nearly_used_up(&self) -> bool {
        let released = self.released();
        self.messages.is_nearly_used_up(self.end(released))
            || self.index.is_nearly_used_up((HEAD_WORDS + released as usize) * WORD)
    }

    /// What it holds up to message `count`, which was appended before this thread learnt of it.
    pub(crate) fn mark_at(&self, count: u64) -> Mark {
        let (end, ends) = (self.end(count), (HEAD_WORDS + count as usize) * WORD);
        // SAFETY: appended bytes lie in the files and do not change.
        let (index, messages) =
            unsafe { (self.index.slice(HEAD_WORDS * WORD, ends), self.messages.slice(0, end)) };
        let hash = *blake3::Hasher::new().update(index).update(messages).finalize().as_bytes();
        Mark { count, hash }
    }

    /// Waits until what was appended is on disk.
    ///
    /// # Errors
    /// [`ServerError::Io`] when the disk refuses.
    pub fn sync(&self) -> Result<(), ServerError> {
        self.messages.sync()?;
        self.index.sync()
    }

    /// Path of its messages.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.messages.path()
    }
}

/// What a stream holds up to some message: equal bytes have an equal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Number of its last message.
    pub count: u64,
    /// BLAKE3 of the ends and the messages.
    pub hash: [u8; 32],
}

/// What opening a stream again brought to light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// Messages that were as the journal leads to.
    pub equal: u64,
    /// Messages that were not on disk (any more), and were written again.
    pub rebuilt: u64,
    /// The first that held something else, which nothing but damage or a bug explains; 0 for none.
    pub differs_at: u64,
    /// Messages on disk that the journal does not lead to: they were cut off.
    pub surplus: u64,
}

/// The engine's side of a stream.
#[derive(Debug)]
pub struct Store {
    stream: Arc<Stream>,
    count: u64,
    end: usize,
    /// Messages that lie on disk from before, and are compared instead of written.
    kept: u64,
    verified: Verified,
}

impl Store {
    /// Opens stream `name` in a folder, or makes it. What lies in it from before is compared with
    /// what is appended now, see [`Self::settle`].
    ///
    /// # Errors
    /// [`ServerError::Io`] when the files cannot be had.
    pub fn open(folder: &Path, name: &str, bytes_max: usize) -> Result<Self, ServerError> {
        let path = |ending: &str| -> PathBuf { folder.join(format!("{name}.{ending}")) };
        let bytes_max = bytes_max.next_multiple_of(PAGE_BYTES * INDEX_PART);
        let first = (bytes_max / INDEX_PART).clamp(PAGE_BYTES * INDEX_PART, FIRST_BYTES_MAX);
        let stream = Stream {
            messages: Growing::open(&path("msg"), bytes_max, first)?,
            index: Growing::open(&path("idx"), bytes_max / INDEX_PART_MAX, first / INDEX_PART)?,
            released: AtomicU64::new(0),
        };
        let mut store = Self {
            stream: Arc::new(stream),
            count: 0,
            end: 0,
            kept: 0,
            verified: Verified::default(),
        };
        store.kept = store.found();
        store.write_head(store.kept);
        Ok(store)
    }

    /// How many messages lie in the files, as far as they make sense.
    fn found(&self) -> u64 {
        let index = &self.stream.index;
        // SAFETY: the head lies in the first chunk, and no other thread has this stream yet.
        let head = unsafe { index.slice(0, HEAD_WORDS * WORD) };
        let mut word = [0; WORD];
        word.copy_from_slice(&head[WORD..]);
        let said = u64::from_le_bytes(word);
        let fits = (index.room() / WORD - HEAD_WORDS) as u64;
        if head[..WORD] == MAGIC { said.min(fits) } else { 0 }
    }

    fn write_head(&self, count: u64) {
        // SAFETY: the head lies in the first chunk; no other thread reads it.
        unsafe {
            self.stream.index.write(0, &MAGIC);
            self.stream.index.write(WORD, &count.to_le_bytes());
        }
    }

    /// Appends a message; returns its number. It goes out once released.
    ///
    /// # Errors
    /// [`ServerError::StreamFull`] and `Io` when there is no room; then nothing was appended.
    #[inline]
    pub fn append(&mut self, message: &[u8]) -> Result<u64, ServerError> {
        let number = self.count + 1;
        let end = self.end + message.len();
        let at = (HEAD_WORDS - 1 + number as usize) * WORD;
        self.stream.messages.ensure(end)?;
        self.stream.index.ensure(at + WORD)?;
        if number <= self.kept && self.is_there(number, end, message) {
            self.verified.equal += 1;
        } else {
            // SAFETY: there is room, this is the one writer, and the message is not released.
            unsafe {
                self.stream.messages.write(self.end, message);
                self.stream.index.write(at, &(end as u64).to_le_bytes());
            }
        }
        self.count = number;
        self.end = end;
        Ok(number)
    }

    /// Whether a message lies on disk already. If not, nothing behind it is believed.
    #[cold]
    fn is_there(&mut self, number: u64, end: usize, message: &[u8]) -> bool {
        // SAFETY: there is room up to `end`, and no thread writes but this one.
        let there = unsafe { self.stream.messages.slice(self.end, end) };
        let end_there = self.stream.end(number);
        if end_there == end && there == message {
            return true;
        }
        let is_lost = end_there == 0
            || (end_there == end && there.iter().zip(message).all(|(a, b)| a == b || *a == 0));
        if !is_lost {
            self.verified.differs_at = number;
        }
        self.verified.rebuilt = self.kept - number + 1;
        self.kept = 0;
        false
    }

    /// Goes on after message `mark.count` of what lies on disk; whether it is what the mark says.
    ///
    /// # Errors
    /// None but those of the files.
    pub fn resume(&mut self, mark: &Mark) -> Result<bool, ServerError> {
        if mark.count > self.kept || self.count != 0 {
            return Ok(false);
        }
        let ends = (HEAD_WORDS + mark.count as usize) * WORD;
        let end = self.stream.end(mark.count);
        if end > self.stream.messages.room() || ends > self.stream.index.room() {
            return Ok(false);
        }
        if self.stream.mark_at(mark.count) != *mark {
            return Ok(false);
        }
        self.count = mark.count;
        self.end = end;
        self.verified.equal = mark.count;
        Ok(true)
    }

    /// What the stream holds so far.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.stream.mark_at(self.count)
    }

    /// Ends the comparing: what the journal does not lead to is cut off, all that it does is
    /// released. Says what was found.
    pub fn settle(&mut self) -> Verified {
        self.verified.surplus = self.kept.saturating_sub(self.count);
        self.kept = 0;
        self.write_head(self.count);
        self.stream.released.store(self.count, Ordering::Release);
        self.verified
    }

    /// Lets messages up to `number` out. A number already passed changes nothing.
    #[inline]
    pub fn release(&mut self, number: u64) {
        let number = number.min(self.count);
        if number > self.stream.released.load(Ordering::Relaxed) {
            self.write_head(number);
            self.stream.released.store(number, Ordering::Release);
        }
    }

    /// Waits until what was appended is on disk.
    ///
    /// # Errors
    /// [`ServerError::Io`] when the disk refuses.
    pub fn sync(&self) -> Result<(), ServerError> {
        self.stream.sync()
    }

    /// The stream, for other threads.
    #[must_use]
    pub fn stream(&self) -> &Arc<Stream> {
        &self.stream
    }

    /// Number of the last message appended; 0 before the first.
    #[inline]
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
