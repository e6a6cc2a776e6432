// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A stream on disk, read from its first message on by somebody who only looks: another process may
//! write it meanwhile. What lies where is told in `store.rs`.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::error::ServerError;
use super::store::{HEAD_WORDS, MAGIC, WORD};

/// Bytes read at once.
const CHUNK_BYTES: usize = 256 << 10;
/// No message is longer.
const MESSAGE_BYTES_MAX: u64 = 1 << 16;

/// What was found at a message's place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// The message.
    Equal,
    /// Nothing (yet): it was not released.
    NotYet,
    /// Another one.
    Differs(Vec<u8>),
}

/// A part of a file, as it was when it was read.
#[derive(Debug)]
struct Part {
    file: File,
    path: PathBuf,
    start: u64,
    bytes: Vec<u8>,
}

impl Part {
    fn open(path: PathBuf) -> Result<Option<Self>, ServerError> {
        match File::open(&path) {
            Ok(file) => Ok(Some(Self { file, path, start: 0, bytes: Vec::new() })),
            Err(err) if err.kind() == ErrorKind::NotFound => Ok(None),
            Err(err) => Err(ServerError::io(&path, "open", err)),
        }
    }

    /// Bytes `start` to `end`; fewer at the file's end.
    fn read(&mut self, start: u64, end: u64) -> Result<&[u8], ServerError> {
        let has = self.start..self.start + self.bytes.len() as u64;
        if start < has.start || end > has.end {
            let wanted = (end - start) as usize;
            self.bytes.resize(wanted.max(CHUNK_BYTES), 0);
            let mut count = 0;
            while count < self.bytes.len() {
                match self.file.read_at(&mut self.bytes[count..], start + count as u64) {
                    Ok(0) => break,
                    Ok(more) => count += more,
                    Err(err) if err.kind() == ErrorKind::Interrupted => {}
                    Err(err) => return Err(ServerError::io(&self.path, "read", err)),
                }
            }
            self.bytes.truncate(count);
            self.start = start;
        }
        let from = ((start - self.start) as usize).min(self.bytes.len());
        let to = ((end - self.start) as usize).min(self.bytes.len());
        Ok(&self.bytes[from..to])
    }

    /// What was read may be older than what is there now.
    fn forget(&mut self) {
        self.bytes.clear();
    }

    fn word(&mut self, at: usize) -> Result<u64, ServerError> {
        let start = (at * WORD) as u64;
        let mut word = [0; WORD];
        let bytes = self.read(start, start + WORD as u64)?;
        word[..bytes.len()].copy_from_slice(bytes);
        Ok(u64::from_le_bytes(word))
    }
}

/// A stream, read message by message.
#[derive(Debug)]
pub(super) struct Stored {
    messages: Part,
    index: Part,
    released: u64,
    /// Messages that were compared, and where the last one ends.
    count: u64,
    end: u64,
    /// A message was not there yet; those behind it are not looked for.
    is_over: bool,
}

impl Stored {
    /// Stream `name` of a folder; `None` when there is none.
    pub(super) fn open(folder: &Path, name: &str) -> Result<Option<Self>, ServerError> {
        let part = |ending: &str| Part::open(folder.join(format!("{name}.{ending}")));
        let (Some(messages), Some(index)) = (part("msg")?, part("idx")?) else { return Ok(None) };
        let mut stored = Self { messages, index, released: 0, count: 0, end: 0, is_over: false };
        stored.look()?;
        Ok(Some(stored))
    }

    /// Messages that were equal.
    pub(super) const fn equal(&self) -> u64 {
        self.count
    }

    /// Messages that had been released at the last look.
    pub(super) const fn released(&self) -> u64 {
        self.released
    }

    /// Looks how many messages are released now.
    pub(super) fn look(&mut self) -> Result<(), ServerError> {
        self.index.forget();
        let magic = self.index.read(0, WORD as u64)?;
        let is_stream = magic == MAGIC;
        self.released = if is_stream { self.index.word(1)? } else { 0 };
        self.messages.forget();
        Ok(())
    }

    /// Compares the next message with what lies there.
    pub(super) fn compare(&mut self, made: &[u8]) -> Result<Found, ServerError> {
        let number = self.count + 1;
        if number > self.released && !self.is_over {
            self.look()?;
        }
        self.is_over |= number > self.released;
        if self.is_over {
            return Ok(Found::NotYet);
        }
        let end = self.index.word(HEAD_WORDS - 1 + number as usize)?;
        // An end that makes no sense is shown as what lies where the message should.
        let length = end.checked_sub(self.end).filter(|length| *length <= MESSAGE_BYTES_MAX);
        let to = self.end + length.unwrap_or(made.len() as u64);
        let stored = self.messages.read(self.end, to)?;
        if end != to || stored != made {
            return Ok(Found::Differs(stored.to_vec()));
        }
        (self.count, self.end) = (number, end);
        Ok(Found::Equal)
    }
}
