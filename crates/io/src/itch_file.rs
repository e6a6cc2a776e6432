// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A file of ITCH 5.0 messages as a market source: one `PacketReceived` a message.
//!
//! Read in blocks, so that a day of any size needs the same memory. The file has no receive times:
//! a message counts as received at its own time, or at that of the message before it if that was
//! later.

use std::ops::Range;

use onetape_core::events::{PacketFormat, PacketReceived};
use onetape_core::sim::source::{MarketSource, Progress, SourceError, SourceItem, packet_header};
use onetape_core::types::TsNs;
use onetape_core::wire::itch::{FileFrames, Frame, FrameError};

use crate::blocks::Blocks;
use crate::stream::ByteStream;

/// Where a message's time stands, and where it ends.
const TIME: Range<usize> = 5..11;
/// A time of day past this is not believed: two days.
const TIME_NS_MAX: u64 = 48 * 3600 * 1_000_000_000;

/// A file of ITCH 5.0 messages.
pub struct ItchFileSource {
    blocks: Blocks,
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
            blocks: Blocks::new(stream),
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
            let (bytes, offset) = (self.blocks.bytes(), self.blocks.offset());
            let mut frames = if self.blocks.is_last() && self.blocks.failure().is_none() {
                FileFrames::last_block(bytes, offset)
            } else {
                FileFrames::block(bytes, offset)
            };
            let frame = frames.next();
            let consumed = frames.consumed();
            match frame {
                Some(Ok(Frame::Message(message))) => {
                    let length = message.len();
                    let record = self.blocks.take(consumed);
                    return Ok(Some(record.end - length..record.end));
                }
                Some(Ok(Frame::EndOfSession)) => {
                    self.blocks.take(consumed);
                    self.sessions_ended += 1;
                }
                Some(Err(error)) => {
                    self.ended = true;
                    return Err(frame_error(error));
                }
                None if self.blocks.is_last() => {
                    self.ended = true;
                    return self.blocks.failure().map_or(Ok(None), Err);
                }
                None => self.blocks.refill(),
            }
        }
        Ok(None)
    }

    /// Takes the time of the message at `span`, if it is long enough to have one.
    #[inline]
    fn take_time(&mut self, span: Range<usize>) {
        let message = self.blocks.at(span);
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
            tail: self.blocks.at(span),
        }))
    }

    fn progress(&self) -> Progress {
        self.blocks.progress()
    }

    #[inline]
    fn upcoming(&self) -> &[u8] {
        self.blocks.bytes()
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
