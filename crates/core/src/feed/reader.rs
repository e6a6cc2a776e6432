// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a feed's lines gave, read from the journal: packets, parts of snapshots, changes of state.
//!
//! Lines give everything in order and without a hole (`crates/io/src/feed_lines`); a journal may hold
//! one all the same, and then it is counted. A message that was in the packet before is left out.

use super::{Decoded, MarketSink, SelectedFeed};
use crate::component::{Snapshot, SnapshotError};
use crate::events::{FeedState, FeedStateChanged, MarketAction, MarketUpdated, PacketFormat};
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_u64, write_u64};
use crate::types::{InstrumentId, TsNs};
use crate::wire::glimpse::end_of_snapshot;
use crate::wire::itch::{FileFrames, Frame};
use crate::wire::mold::{Arrival, Packet, SequenceTracker, Session};

/// What was counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReaderCounts {
    /// Messages, those left out included.
    pub messages: u64,
    /// Messages of a type that nobody knows.
    pub unknown: u64,
    /// Messages and packets that broke their layout.
    pub malformed: u64,
    /// Packets, or beginnings of packets, that came before.
    pub duplicates: u64,
    /// Messages that were missing.
    pub missing: u64,
}

/// The reader of one feed.
#[derive(Clone, Debug)]
pub struct FeedReader {
    feed: SelectedFeed,
    stream: SequenceTracker,
    counts: ReaderCounts,
}

impl FeedReader {
    /// A reader of the day that began at `midnight_ns`, with nothing chosen yet.
    ///
    /// # Panics
    /// As [`SelectedFeed::new`].
    #[must_use]
    pub fn new(midnight_ns: TsNs) -> Self {
        Self {
            feed: SelectedFeed::new(midnight_ns),
            stream: SequenceTracker::joining(),
            counts: ReaderCounts::default(),
        }
    }

    /// Times count from here where no session was heard that has a midnight of its own.
    pub fn set_midnight(&mut self, midnight_ns: TsNs) {
        if self.position().is_none() {
            self.feed.begin(Some(midnight_ns));
        }
    }

    /// As [`SelectedFeed::choose`].
    pub fn choose(&mut self, symbol: [u8; 8], id: InstrumentId) {
        self.feed.choose(symbol, id);
    }

    /// What was counted.
    #[must_use]
    pub const fn counts(&self) -> ReaderCounts {
        self.counts
    }

    /// Messages of instruments that are not chosen.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        self.feed.skipped()
    }

    /// The session and the number of the next message, once known: what lines resume with.
    #[must_use]
    pub fn position(&self) -> Option<(Session, u64)> {
        Some((self.stream.session()?, self.stream.next()?))
    }

    /// Takes in bytes of the feed.
    #[inline]
    pub fn read<S: MarketSink>(
        &mut self,
        format: Option<PacketFormat>,
        bytes: &[u8],
        sink: &mut S,
    ) {
        match format {
            Some(PacketFormat::Moldudp64Itch50) => self.packet(bytes, sink),
            Some(PacketFormat::Itch50) => self.message(bytes, sink),
            Some(PacketFormat::Glimpse50Itch50) => self.part(bytes, sink),
            None => self.counts.malformed += 1,
        }
    }

    #[inline]
    fn message<S: MarketSink>(&mut self, bytes: &[u8], sink: &mut S) {
        self.counts.messages += 1;
        match self.feed.decode(bytes, sink) {
            Ok(Decoded::Update | Decoded::Nothing) => {}
            Ok(Decoded::Unknown) => self.counts.unknown += 1,
            Err(_) => self.counts.malformed += 1,
        }
    }

    #[inline]
    fn packet<S: MarketSink>(&mut self, bytes: &[u8], sink: &mut S) {
        let Ok(packet) = Packet::decode(bytes) else {
            self.counts.malformed += 1;
            return;
        };
        let mut arrival = self.stream.observe(&packet.header);
        if let Arrival::Gap { missing, .. } = arrival {
            self.counts.missing = self.counts.missing.saturating_add(missing);
            self.stream.accept_gap(packet.header.sequence);
            arrival = self.stream.observe(&packet.header);
        }
        let Arrival::Deliver { skip, .. } = arrival else {
            self.counts.duplicates += 1;
            return;
        };
        self.counts.duplicates += u64::from(skip > 0);
        for block in packet.messages().skip(usize::from(skip)) {
            match block {
                Ok((_, bytes)) => self.message(bytes, sink),
                Err(_) => self.counts.malformed += 1,
            }
        }
    }

    /// A part of a snapshot; at its end the stream goes on with the number that it says.
    fn part<S: MarketSink>(&mut self, bytes: &[u8], sink: &mut S) {
        for frame in FileFrames::last_block(bytes, 0) {
            match frame {
                Ok(Frame::Message(message)) => match end_of_snapshot(message) {
                    Some(next) => {
                        let session = self.stream.session().unwrap_or_default();
                        self.stream = SequenceTracker::from_sequence(session, next);
                    }
                    None => self.message(message, sink),
                },
                Ok(Frame::EndOfSession) | Err(_) => self.counts.malformed += 1,
            }
        }
    }

    /// The lines came to another state. Where the books are to be begun anew, each chosen instrument
    /// is cleared: before a snapshot, and in a session that does not go on where we are.
    pub fn changed<S: MarketSink>(&mut self, change: &FeedStateChanged, sink: &mut S) {
        let position = Some((change.session, change.next_number));
        match FeedState::from_raw(change.state) {
            Some(FeedState::Waiting) if self.position() != position => {
                self.begin(change);
                self.stream = SequenceTracker::from_sequence(change.session, change.next_number);
                self.clear(sink);
            }
            Some(FeedState::Snapshot) => {
                self.begin(change);
                self.clear(sink);
            }
            _ => {}
        }
    }

    /// Another session has other locates, and a midnight of its own where that is known.
    fn begin(&mut self, change: &FeedStateChanged) {
        if self.stream.session() == Some(change.session) {
            return;
        }
        self.stream = SequenceTracker::from_sequence(change.session, 1);
        self.feed.begin((change.midnight_ts_ns != 0).then_some(change.midnight_ts_ns));
    }

    /// It is not the venue who empties the books: the updates carry none of its times.
    fn clear<S: MarketSink>(&self, sink: &mut S) {
        for instrument_id in self.feed.chosen() {
            sink.update(&MarketUpdated {
                venue_ts_ns: 0,
                order_ref: 0,
                other_ref: 0,
                price_ticks: 0,
                qty_lots: 0,
                instrument_id,
                action: MarketAction::Clear.raw(),
                side: 0,
                flags: 0,
            });
        }
    }

    /// Adds its state to a digest.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        hasher.word(self.feed.state_hash());
        hasher.bytes(&self.stream.session().unwrap_or_default());
        hasher.word(self.stream.next().unwrap_or(0));
    }
}

impl Snapshot for FeedReader {
    fn save(&self, out: &mut Vec<u8>) {
        self.feed.save(out);
        out.extend_from_slice(&self.stream.session().unwrap_or_default());
        write_u64(out, self.stream.next().unwrap_or(0));
        let ReaderCounts { messages, unknown, malformed, duplicates, missing } = self.counts;
        for count in [messages, unknown, malformed, duplicates, missing] {
            write_u64(out, count);
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.feed.restore(bytes)?;
        let session: Session = read_array(bytes)?;
        self.stream = match (session, read_u64(bytes)?) {
            ([0, ..], _) => SequenceTracker::joining(),
            (session, next) => SequenceTracker::from_sequence(session, next),
        };
        self.counts = ReaderCounts {
            messages: read_u64(bytes)?,
            unknown: read_u64(bytes)?,
            malformed: read_u64(bytes)?,
            duplicates: read_u64(bytes)?,
            missing: read_u64(bytes)?,
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests;
