// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Market data: packets off a venue's wire, and updates that an adapter hands in.

use super::port::Port;
use super::{Core, Node};
use crate::book::Books;
use crate::component::{Entry, sources};
use crate::events::{InstrumentDefined, MarketAction, MarketUpdated, PacketFormat, PacketReceived};
use crate::feed::{Decoded, ItchFeed, MarketSink};
use crate::trading::trade_of;
use crate::types::InstrumentId;
use crate::wire::mold::{self, Arrival, SequenceTracker};

impl Node {
    /// Market data as it came off the wire.
    pub(super) fn packet(&mut self, entry: Entry<'_>, tail: &[u8]) {
        let Self { venues, core, .. } = self;
        core.counters.packets += 1;
        let Some(header) = PacketReceived::decode(entry.body) else { return };
        let Some(venue) = venues.iter_mut().find(|venue| venue.feed_id == header.feed_id) else {
            core.counters.packets_other_feed += 1;
            return;
        };
        let mut sink = Sink {
            core,
            listed: &mut venue.listed,
            books: &mut venue.books,
            port: &mut venue.port,
        };
        match PacketFormat::from_raw(header.format as u8) {
            Some(PacketFormat::Itch50) => message(&mut venue.feed, tail, &mut sink),
            Some(PacketFormat::Moldudp64Itch50) => {
                mold_packet(&mut venue.feed, &mut venue.stream, tail, &mut sink);
            }
            Some(PacketFormat::Glimpse50Itch50) | None => {
                sink.core.counters.messages_malformed += 1;
            }
        }
    }

    /// An update of an adapter's market data. Its instrument is the node's own.
    pub(super) fn market_updated(&mut self, update: &MarketUpdated, entry: Entry<'_>) {
        let Self { venues, core, .. } = self;
        core.counters.packets += 1;
        core.counters.messages += 1;
        let venue_id = core.markets.get(update.instrument_id as usize).map_or(0, |m| m.venue);
        let is_its_own = entry.source == sources::VENUE + venue_id;
        let Some(venue) = venues.get_mut((venue_id as usize).wrapping_sub(1)) else { return };
        if !is_its_own {
            core.counters.orders_unknown += 1;
            return;
        }
        core.update(update, &mut venue.books, &mut venue.port);
    }
}

/// One ITCH message: counted, decoded, applied.
#[inline]
fn message(feed: &mut ItchFeed, bytes: &[u8], sink: &mut Sink<'_>) {
    sink.core.counters.messages += 1;
    match feed.decode(bytes, sink) {
        Ok(Decoded::Update | Decoded::Nothing) => {}
        Ok(Decoded::Unknown) => sink.core.counters.messages_unknown += 1,
        Err(_) => sink.core.counters.messages_malformed += 1,
    }
}

/// One `MoldUDP64` packet: those of its messages that are new.
fn mold_packet(
    feed: &mut ItchFeed,
    stream: &mut SequenceTracker,
    bytes: &[u8],
    sink: &mut Sink<'_>,
) {
    let Ok(packet) = mold::Packet::decode(bytes) else {
        sink.core.counters.messages_malformed += 1;
        return;
    };
    let mut arrival = stream.observe(&packet.header);
    if let Arrival::Gap { missing, .. } = arrival {
        // The shell hands packets on without holes; one that is there cannot be mended any more.
        sink.core.counters.gaps = sink.core.counters.gaps.saturating_add(missing);
        stream.accept_gap(packet.header.sequence);
        arrival = stream.observe(&packet.header);
    }
    let Arrival::Deliver { skip, .. } = arrival else {
        sink.core.counters.packets_duplicate += 1;
        return;
    };
    for block in packet.messages().skip(usize::from(skip)) {
        match block {
            Ok((_, bytes)) => message(feed, bytes, sink),
            Err(_) => sink.core.counters.messages_malformed += 1,
        }
    }
}

/// Where a venue's feed puts what it decodes.
struct Sink<'a> {
    core: &'a mut Core,
    listed: &'a mut Vec<InstrumentId>,
    books: &'a mut Books,
    port: &'a mut Port,
}

impl MarketSink for Sink<'_> {
    /// The feed has numbered an instrument: it is ours if it was listed at this venue.
    fn define(&mut self, definition: &InstrumentDefined) {
        let venue = self.port.venue;
        let listed = self.core.listed(venue, &definition.symbol);
        let local = definition.instrument_id as usize;
        if self.listed.len() <= local {
            self.listed.resize(local + 1, 0);
        }
        self.listed[local] = listed;
    }

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        let id = self.listed.get(update.instrument_id as usize).copied().unwrap_or(0);
        if id == 0 {
            return;
        }
        let update = MarketUpdated { instrument_id: id, ..*update };
        self.core.update(&update, self.books, self.port);
    }
}

impl Core {
    /// The instrument of a symbol at a venue; 0 when none was listed.
    fn listed(&self, venue: u32, symbol: &[u8; 16]) -> InstrumentId {
        let is_it = |market: &&super::Market| {
            market.venue == venue
                && market.instrument.is_some_and(|i| i.definition.symbol == *symbol)
        };
        self.markets.iter().find(is_it).and_then(|m| m.instrument).map_or(0, |i| i.id())
    }

    /// One thing that happened in a market.
    #[inline]
    fn update(&mut self, update: &MarketUpdated, books: &mut Books, port: &mut Port) {
        let id = update.instrument_id;
        if !self.markets[id as usize].in_book && !self.open_book(id, books) {
            self.counters.orders_unknown += 1;
            return;
        }
        let trade = trade_of(update, books);
        match books.apply_market(update) {
            Ok(_) => {}
            Err(_) => self.counters.orders_unknown += 1,
        }
        if port.live() != 0 || port.shown.has(id) {
            port.shown.refresh(update.order_ref, books);
            match MarketAction::from_raw(update.action) {
                Some(MarketAction::Replace) => port.shown.refresh(update.other_ref, books),
                Some(MarketAction::Clear) => port.shown.cleared(id, books),
                _ => {}
            }
        }
        self.changed(id, trade, books, port);
    }

    /// A book is made for an instrument at its first message.
    #[cold]
    fn open_book(&mut self, id: InstrumentId, books: &mut Books) -> bool {
        let Some(market) = self.markets.get_mut(id as usize) else { return false };
        let Some(instrument) = market.instrument else { return false };
        market.in_book = books.define(id, instrument.tick_table.usual_increment()).is_ok();
        market.in_book
    }
}
