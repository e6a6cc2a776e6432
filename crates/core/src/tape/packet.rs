// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Market data as it came off the wire: each feed read by itself.
//!
//! Where the journal says which venue a feed is of, its instruments are those that are listed there.
//! A journal that knows no venues has one feed, and its decoder numbers the instruments.

use super::{At, FEEDS_MAX, Market, MarketTape, TapeSink};
use crate::component::Entry;
use crate::events::{
    FeedStateChanged, InstrumentDefined, InstrumentListed, MarketUpdated, PacketFormat,
    PacketReceived, VenueDefined,
};
use crate::feed::{FeedReader, ItchFeed, MarketSink};
use crate::types::{InstrumentId, TickTable};
use crate::wire::mold::{self, Arrival, SequenceTracker};

/// Most `MoldUDP64` sessions of the one feed of a journal without venues that are told apart.
const STREAMS_MAX: usize = 16;

/// The feed of a venue.
pub(super) struct Feed {
    id: u16,
    reader: FeedReader,
}

/// The one feed of a journal without venues.
pub(super) struct OnlyFeed {
    itch: ItchFeed,
    streams: Vec<SequenceTracker>,
}

impl OnlyFeed {
    /// A feed of nothing yet. Venue times are not looked at, so any midnight will do.
    pub(super) fn new() -> Self {
        Self { itch: ItchFeed::new(0), streams: Vec::with_capacity(STREAMS_MAX) }
    }
}

impl MarketTape {
    /// A venue, and its feed where it has one.
    pub(super) fn define_venue(&mut self, venue: VenueDefined) {
        let id = u16::from(venue.feed_id);
        let feed = (venue.is_adapter == 0).then_some(id);
        self.market.venue(venue.venue_id, feed);
        let is_known = self.feeds.iter().any(|feed| feed.id == id);
        if feed.is_some() && !is_known && self.feeds.len() < FEEDS_MAX {
            self.feeds.push(Feed { id, reader: FeedReader::new(0) });
        }
    }

    /// An instrument is listed at a venue: the venue's feed is to give its messages.
    pub(super) fn list(&mut self, listed: &InstrumentListed) {
        let id = listed.instrument_id;
        let Some(listing) = self.market.listings.get_mut(id as usize) else { return };
        listing.venue_id = listed.venue_id;
        let mut symbol = [b' '; 8];
        for (to, from) in symbol.iter_mut().zip(listing.symbol.iter().take_while(|&&c| c != 0)) {
            *to = *from;
        }
        let venue = self.market.venues.iter().find(|venue| venue.id == listed.venue_id);
        let Some(feed_id) = venue.and_then(|venue| venue.feed) else { return };
        if let Some(feed) = self.feeds.iter_mut().find(|feed| feed.id == feed_id) {
            feed.reader.choose(symbol, id);
        }
    }

    /// The lines of a feed came to another state: before a snapshot its books are emptied.
    pub(super) fn feed_changed<S: TapeSink>(
        &mut self,
        change: &FeedStateChanged,
        entry: Entry<'_>,
        sink: &mut S,
    ) {
        let Self { feeds, market, .. } = self;
        if let Some(feed) = feeds.iter_mut().find(|feed| feed.id == change.feed_id) {
            feed.reader.changed(change, &mut Into { market, sink, entry });
        }
    }

    /// One packet.
    pub(super) fn packet<S: TapeSink>(&mut self, entry: Entry<'_>, sink: &mut S) {
        let Some(header) = PacketReceived::decode(entry.body) else { return };
        let bytes = &entry.body[PacketReceived::SIZE..];
        let format = PacketFormat::from_raw(header.format as u8);
        let has_feeds = self.market.has_feeds();
        let Self { feeds, market, only } = self;
        let mut into = Into { market, sink, entry };
        if let Some(feed) = feeds.iter_mut().find(|feed| feed.id == header.feed_id) {
            let before = feed.reader.counts();
            feed.reader.read(format, bytes, &mut into);
            let after = feed.reader.counts();
            into.market.counts.messages += after.messages - before.messages;
            into.market.counts.malformed += after.malformed - before.malformed;
            into.market.counts.missing += after.missing - before.missing;
        } else if has_feeds || header.feed_id != 0 {
            into.market.counts.unplaced += 1;
        } else {
            match format {
                Some(PacketFormat::Itch50) => message(&mut only.itch, bytes, &mut into),
                Some(PacketFormat::Moldudp64Itch50) => only.mold(bytes, &mut into),
                Some(PacketFormat::Glimpse50Itch50) | None => into.market.counts.malformed += 1,
            }
        }
    }
}

/// Where a feed puts what it finds.
struct Into<'a, S> {
    market: &'a mut Market,
    sink: &'a mut S,
    entry: Entry<'a>,
}

impl<S: TapeSink> MarketSink for Into<'_, S> {
    fn define(&mut self, definition: &InstrumentDefined) {
        // The engine numbers them as the decoder does, and defines them after this entry.
        let ticks = TickTable::us_equity_price4();
        self.market.define(definition.instrument_id, definition.symbol, ticks);
    }

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        self.market.update(update, self.entry, self.sink);
    }
}

/// One ITCH message.
#[inline]
fn message<S: TapeSink>(itch: &mut ItchFeed, bytes: &[u8], into: &mut Into<'_, S>) {
    into.market.counts.messages += 1;
    if itch.decode(bytes, into).is_err() {
        into.market.counts.malformed += 1;
    }
}

impl OnlyFeed {
    /// One `MoldUDP64` packet: those of its messages that are new.
    fn mold<S: TapeSink>(&mut self, bytes: &[u8], into: &mut Into<'_, S>) {
        let Ok(packet) = mold::Packet::decode(bytes) else {
            into.market.counts.malformed += 1;
            return;
        };
        let skip = self.skipped(&packet.header, &mut into.market.counts.missing);
        let Some(skip) = skip else { return };
        for found in packet.messages().skip(usize::from(skip)) {
            match found {
                Ok((_, bytes)) => message(&mut self.itch, bytes, into),
                Err(_) => into.market.counts.malformed += 1,
            }
        }
    }

    /// How many of a packet's messages came before; `None` for all. What is missing is counted.
    fn skipped(&mut self, header: &mold::Header, missing_total: &mut u64) -> Option<u16> {
        let known = self.streams.iter().position(|it| it.session() == Some(header.session));
        let at = known.unwrap_or(self.streams.len());
        if at == STREAMS_MAX {
            return Some(0);
        }
        if known.is_none() {
            self.streams.push(SequenceTracker::joining());
        }
        let stream = &mut self.streams[at];
        let mut arrival = stream.observe(header);
        if let Arrival::Gap { missing, .. } = arrival {
            *missing_total = missing_total.saturating_add(missing);
            stream.accept_gap(header.sequence);
            arrival = stream.observe(header);
        }
        match arrival {
            Arrival::Deliver { skip, .. } => Some(skip),
            _ => None,
        }
    }
}

impl At {
    /// An entry, and the instrument that it speaks of.
    #[inline]
    pub(super) const fn of(entry: Entry<'_>, instrument: InstrumentId) -> Self {
        Self { seq: entry.seq, ts_ns: entry.ts_ns, instrument }
    }
}
