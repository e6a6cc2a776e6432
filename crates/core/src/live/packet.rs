// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Market data: packets off a venue's wire, and updates that an adapter hands in. Each message is
//! judged before it touches a book.

use super::port::Port;
use super::{Core, Node};
use crate::book::{Bbo, Books};
use crate::component::{Entry, Outbox, sources};
use crate::events::{
    FeedDelayed, FeedState, FeedStateChanged, InstrumentDefined, MarketAction, MarketUpdated,
    PacketFormat, PacketReceived,
};
use crate::feed::{MarketSink, Verdict};
use crate::trading::trade_of;
use crate::types::InstrumentId;

impl Node {
    /// Market data as it came off the wire.
    pub(super) fn packet(&mut self, entry: Entry<'_>, tail: &[u8], out: &mut dyn Outbox) {
        let Self { venues, core, .. } = self;
        core.counters.packets += 1;
        let Some(header) = PacketReceived::decode(entry.body) else { return };
        let Some(venue) = venues.iter_mut().find(|venue| venue.feed_id == header.feed_id) else {
            core.counters.packets_other_feed += 1;
            return;
        };
        let (books, port, feed_id) = (&mut venue.books, &mut venue.port, header.feed_id);
        let mut sink = Sink { core, books, port, feed_id, entry, out };
        venue.reader.read(PacketFormat::from_raw(header.format as u8), tail, &mut sink);
    }

    /// Messages of a feed wait in this machine before they are taken in, or no longer do.
    pub(super) fn feed_delayed(&mut self, event: &FeedDelayed) {
        if let Some(place) = self.core.delays_ns.get_mut(usize::from(event.feed_id)) {
            *place = event.delay_ns.max(0);
        }
    }

    /// The lines of a feed came to another state.
    pub(super) fn feed_changed(
        &mut self,
        change: &FeedStateChanged,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let Self { venues, core, .. } = self;
        let feed_id = change.feed_id;
        let Some(venue) = venues.iter_mut().find(|venue| venue.feed_id == feed_id) else { return };
        if let Some(state) = FeedState::from_raw(change.state) {
            core.health.on_feed(feed_id, state, &entry, out);
        }
        let (books, port) = (&mut venue.books, &mut venue.port);
        let mut sink = Sink { core, books, port, feed_id, entry, out };
        venue.reader.changed(change, &mut sink);
    }

    /// An update of an adapter's market data. Its instrument is the node's own.
    pub(super) fn market_updated(
        &mut self,
        update: &MarketUpdated,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
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
        let (books, port, feed_id) = (&mut venue.books, &mut venue.port, venue.feed_id);
        Sink { core, books, port, feed_id, entry, out }.update(update);
    }
}

/// Where market data of a venue goes.
struct Sink<'a> {
    core: &'a mut Core,
    books: &'a mut Books,
    port: &'a mut Port,
    feed_id: u16,
    entry: Entry<'a>,
    out: &'a mut dyn Outbox,
}

impl MarketSink for Sink<'_> {
    /// What is traded was listed before; a feed defines nothing.
    fn define(&mut self, _definition: &InstrumentDefined) {}

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        match self.core.health.judge(self.feed_id, update, &self.entry, self.out) {
            Verdict::Apply => self.apply(update),
            Verdict::Instead(update) => self.apply(&update),
            Verdict::Drop => {}
        }
    }
}

impl Sink<'_> {
    /// One thing that happened in a market, and is believed.
    #[inline]
    fn apply(&mut self, update: &MarketUpdated) {
        let Self { core, books, port, feed_id, entry, out } = self;
        let id = update.instrument_id;
        if !core.markets.get(id as usize).is_some_and(|m| m.in_book) && !core.open_book(id, books) {
            core.counters.orders_unknown += 1;
            return;
        }
        let trade = trade_of(update, books);
        if books.apply_market(update).is_err() {
            core.counters.orders_unknown += 1;
            core.health.refused(*feed_id, update, entry, *out);
        }
        if port.live() != 0 || port.shown.has(id) {
            port.shown.refresh(update.order_ref, books);
            match MarketAction::from_raw(update.action) {
                Some(MarketAction::Replace) => port.shown.refresh(update.other_ref, books),
                Some(MarketAction::Clear) => port.shown.cleared(id, books),
                _ => {}
            }
        }
        let Bbo { bid, ask } = books.bbo(id);
        let best = (bid.map(|level| level.price), ask.map(|level| level.price));
        core.health.on_best(id, best, entry, *out);
        let delay_ns = core.delays_ns.get(usize::from(*feed_id)).copied().unwrap_or(0);
        let heard_ns = entry.ts_ns.saturating_sub(delay_ns);
        core.changed(id, heard_ns, trade, Bbo { bid, ask }, books, port);
    }
}

impl Core {
    /// A book is made for an instrument at its first message.
    #[cold]
    fn open_book(&mut self, id: InstrumentId, books: &mut Books) -> bool {
        let Some(market) = self.markets.get_mut(id as usize) else { return false };
        let Some(instrument) = market.instrument else { return false };
        market.in_book = books.define(id, instrument.tick_table.usual_increment()).is_ok();
        market.in_book
    }
}
