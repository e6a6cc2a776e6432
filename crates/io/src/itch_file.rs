// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A file of ITCH 5.0 messages as a market source: one `PacketReceived` a message.
//!
//! Read in blocks, so that a day of any size needs the same memory. The file has no receive times:
//! a message counts as received at its own time, or at that of the message before it if that was
//! later.

use std::io::{self, Read};
use std::ops::Range;

use onetape_core::events::{PacketFormat, PacketReceived};
use onetape_core::sim::source::{MarketSource, Progress, SourceError, SourceItem, packet_header};
use onetape_core::types::TsNs;
use onetape_core::wire::itch::{FileFrames, Frame, FrameError};

use crate::stream::ByteStream;

/// Bytes of a block: many records of the longest kind, 65,537 bytes.
const BLOCK_BYTES: usize = 1024 * 1024;
/// Where a message's time stands, and where it ends.
const TIME: Range<usize> = 5..11;
/// A time of day past this is not believed: two days.
const TIME_NS_MAX: u64 = 48 * 3600 * 1_000_000_000;

/// A file of ITCH 5.0 messages.
pub struct ItchFileSource {
    stream: ByteStream,
    block: Vec<u8>,
    /// The part of `block` that is read and not yet given.
    unread: Range<usize>,
    /// Where `block` starts in the decompressed file.
    block_offset: u64,
    is_last: bool,
    /// What stopped the reading, to be told once all that came before it is given.
    failure: Option<SourceError>,
    ended: bool,
    midnight_ns: TsNs,
    /// Since midnight.
    now_ns: u64,
    header: [u8; PacketReceived::SIZE],
    times_backwards: u64,
    times_unknown: u64,
    sessions_ended: u64,
}

impl ItchFileSource {
    /// A source of the messages in `stream`, of the day that began at `midnight_ns`.
    #[must_use]
    pub fn new(stream: ByteStream, midnight_ns: TsNs) -> Self {
        Self {
            stream,
            block: vec![0; BLOCK_BYTES],
            unread: 0..0,
            block_offset: 0,
            is_last: false,
            failure: None,
            ended: false,
            midnight_ns,
            now_ns: 0,
            header: packet_header(0, PacketFormat::Itch50),
            times_backwards: 0,
            times_unknown: 0,
            sessions_ended: 0,
        }
    }

    /// Where the next message lies in the block; `None` at the end.
    fn next_message(&mut self) -> Result<Option<Range<usize>>, SourceError> {
        while !self.ended {
            let bytes = &self.block[self.unread.clone()];
            let offset = self.block_offset + self.unread.start as u64;
            let mut frames = if self.is_last && self.failure.is_none() {
                FileFrames::last_block(bytes, offset)
            } else {
                FileFrames::block(bytes, offset)
            };
            let frame = frames.next();
            self.unread.start += frames.consumed();
            match frame {
                Some(Ok(Frame::Message(message))) => {
                    let end = self.unread.start;
                    return Ok(Some(end - message.len()..end));
                }
                Some(Ok(Frame::EndOfSession)) => self.sessions_ended += 1,
                Some(Err(error)) => {
                    self.ended = true;
                    return Err(frame_error(error));
                }
                None if self.is_last => {
                    self.ended = true;
                    return self.failure.map_or(Ok(None), Err);
                }
                None => self.refill(),
            }
        }
        Ok(None)
    }

    /// Moves what is unread to the front and reads on behind it.
    #[cold]
    fn refill(&mut self) {
        self.block.copy_within(self.unread.clone(), 0);
        self.block_offset += self.unread.start as u64;
        self.unread = 0..self.unread.len();
        while self.unread.end < self.block.len() {
            match self.stream.read(&mut self.block[self.unread.end..]) {
                Ok(0) => {
                    self.is_last = true;
                    return;
                }
                Ok(count) => self.unread.end += count,
                Err(err) if err.kind() == io::ErrorKind::Interrupted => {}
                Err(err) => {
                    self.is_last = true;
                    let at = self.block_offset + self.unread.end as u64;
                    self.failure = Some(read_error(&err, at));
                    return;
                }
            }
        }
    }

    /// Takes the time of the message at `span`, if it is long enough to have one.
    #[inline]
    fn take_time(&mut self, span: Range<usize>) {
        let message = &self.block[span];
        let time = message.get(TIME).map(|time| {
            u64::from_be_bytes([0, 0, time[0], time[1], time[2], time[3], time[4], time[5]])
        });
        match time {
            Some(time_ns) if time_ns >= self.now_ns && time_ns < TIME_NS_MAX => {
                self.now_ns = time_ns;
            }
            Some(time_ns) if time_ns < self.now_ns => self.times_backwards += 1,
            _ => self.times_unknown += 1,
        }
    }
}

impl MarketSource for ItchFileSource {
    fn next(&mut self) -> Result<Option<SourceItem<'_>>, SourceError> {
        let Some(span) = self.next_message()? else { return Ok(None) };
        self.take_time(span.clone());
        Ok(Some(SourceItem {
            ts_ns: self.midnight_ns + self.now_ns.cast_signed(),
            kind: PacketReceived::KIND,
            version: PacketReceived::VERSION,
            fixed: &self.header,
            tail: &self.block[span],
        }))
    }

    fn progress(&self) -> Progress {
        self.stream.progress()
    }

    fn midnight_ns(&self) -> Option<TsNs> {
        Some(self.midnight_ns)
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("sessions_ended", self.sessions_ended),
            ("time_backwards", self.times_backwards),
            ("time_unknown", self.times_unknown),
        ]
    }
}

fn frame_error(error: FrameError) -> SourceError {
    match error {
        FrameError::Truncated { offset, expected, found } => {
            SourceError::Truncated { at: offset, needed: expected as u64, found: found as u64 }
        }
        FrameError::UnknownLength { offset, .. } => SourceError::Corrupt {
            at: offset,
            what: "a length of zero stands before a byte that is no message type",
        },
        _ => SourceError::Corrupt { at: 0, what: "the framing is broken" },
    }
}

/// What an error of reading at byte `at` of the decompressed data means to a run.
pub(crate) fn read_error(err: &io::Error, at: u64) -> SourceError {
    match (err.kind(), err.raw_os_error()) {
        (_, Some(os_error)) => SourceError::Io { at, os_error },
        (io::ErrorKind::UnexpectedEof, None) => {
            SourceError::Corrupt { at, what: "the compressed data ends early" }
        }
        _ => SourceError::Corrupt { at, what: "the compressed data is damaged" },
    }
}
