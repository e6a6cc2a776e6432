// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Market data as it came off the wire: each feed decoded by itself, its instruments found among the
//! journal's.

use super::{At, FEEDS_MAX, Market, MarketTape, TapeSink};
use crate::component::Entry;
use crate::events::{InstrumentDefined, MarketUpdated, PacketFormat, PacketReceived};
use crate::feed::{ItchFeed, MarketSink};
use crate::types::{InstrumentId, TickTable};
use crate::wire::mold::{self, Arrival, SequenceTracker};

/// Most `MoldUDP64` sessions of a feed that are told apart.
const STREAMS_MAX: usize = 16;

/// One feed: its decoder, and which of the journal's instruments each of its own is.
pub(super) struct Feed {
    id: u16,
    itch: ItchFeed,
    streams: Vec<SequenceTracker>,
    /// By the decoder's number less one: the symbol and the journal's instrument, 0 if unknown.
    instruments: Vec<([u8; 16], InstrumentId)>,
}

impl Feed {
    fn new(id: u16) -> Self {
        // Venue times are not looked at, so any midnight will do.
        Self {
            id,
            itch: ItchFeed::new(0),
            streams: Vec::with_capacity(STREAMS_MAX),
            instruments: Vec::new(),
        }
    }
}

impl MarketTape {
    /// One packet.
    pub(super) fn packet<S: TapeSink>(&mut self, entry: Entry<'_>, sink: &mut S) {
        let Some(header) = PacketReceived::decode(entry.body) else { return };
        let bytes = &entry.body[PacketReceived::SIZE..];
        let Some(at) = self.feed(header.feed_id) else {
            self.market.counts.unplaced += 1;
            return;
        };
        let Feed { id, itch, streams, instruments } = &mut self.feeds[at];
        let mut into = Into { market: &mut self.market, sink, entry, feed_id: *id, instruments };
        match PacketFormat::from_raw(header.format as u8) {
            Some(PacketFormat::Itch50) => message(itch, bytes, &mut into),
            Some(PacketFormat::Moldudp64Itch50) => mold(itch, streams, bytes, &mut into),
            None => into.market.counts.malformed += 1,
        }
    }

    /// Place of a feed, made when it is met for the first time.
    fn feed(&mut self, id: u16) -> Option<usize> {
        let found = self.feeds.iter().position(|feed| feed.id == id);
        if found.is_none() && self.feeds.len() < FEEDS_MAX {
            self.feeds.push(Feed::new(id));
            return Some(self.feeds.len() - 1);
        }
        found
    }

    /// An instrument was defined or listed: a feed that named it before finds it now.
    pub(super) fn place(&mut self, instrument: InstrumentId) {
        for feed in &mut self.feeds {
            for (symbol, known) in &mut feed.instruments {
                if *known == 0 && self.market.is_at(feed.id, symbol, instrument) {
                    *known = instrument;
                }
            }
        }
    }
}

/// Where the decoder puts what it finds.
struct Into<'a, S> {
    market: &'a mut Market,
    sink: &'a mut S,
    entry: Entry<'a>,
    feed_id: u16,
    instruments: &'a mut Vec<([u8; 16], InstrumentId)>,
}

impl<S: TapeSink> MarketSink for Into<'_, S> {
    fn define(&mut self, definition: &InstrumentDefined) {
        let number = definition.instrument_id;
        let instrument = self.market.instrument_of(self.feed_id, &definition.symbol, number);
        if !self.market.has_feeds() {
            // The engine numbers them as the decoder does, and defines them after this entry.
            self.market.define(instrument, definition.symbol, TickTable::us_equity_price4());
        }
        self.instruments.push((definition.symbol, instrument));
    }

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        let number = (update.instrument_id as usize).wrapping_sub(1);
        let instrument_id = self.instruments.get(number).map_or(0, |&(_, id)| id);
        let update = MarketUpdated { instrument_id, ..*update };
        self.market.update(&update, self.entry, self.sink);
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

/// One `MoldUDP64` packet: those of its messages that are new.
fn mold<S: TapeSink>(
    itch: &mut ItchFeed,
    streams: &mut Vec<SequenceTracker>,
    bytes: &[u8],
    into: &mut Into<'_, S>,
) {
    let Ok(packet) = mold::Packet::decode(bytes) else {
        into.market.counts.malformed += 1;
        return;
    };
    let skip = skipped(streams, &packet.header, &mut into.market.counts.missing);
    let Some(skip) = skip else { return };
    for found in packet.messages().skip(usize::from(skip)) {
        match found {
            Ok((_, bytes)) => message(itch, bytes, into),
            Err(_) => into.market.counts.malformed += 1,
        }
    }
}

/// How many of a packet's messages came before; `None` for all of them. What is missing is counted.
fn skipped(
    streams: &mut Vec<SequenceTracker>,
    header: &mold::Header,
    missing_total: &mut u64,
) -> Option<u16> {
    let known = streams.iter().position(|stream| stream.session() == Some(header.session));
    let at = known.unwrap_or(streams.len());
    if at == STREAMS_MAX {
        return Some(0);
    }
    if known.is_none() {
        streams.push(SequenceTracker::joining());
    }
    let stream = &mut streams[at];
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

impl At {
    /// An entry, and the instrument that it speaks of.
    #[inline]
    pub(super) const fn of(entry: Entry<'_>, instrument: InstrumentId) -> Self {
        Self { seq: entry.seq, ts_ns: entry.ts_ns, instrument }
    }
}
