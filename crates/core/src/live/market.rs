// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Instruments and their markets: definitions, listings, and what strategies are told of a change.

use super::port::Port;
use super::venue::Venue;
use super::{Core, Market, Node};
use crate::book::{Bbo, Books, LevelView};
use crate::events::{InstrumentDefined, InstrumentListed, TickRungDefined, VenueDefined};
use crate::risk::ticklot_e12;
use crate::trading::{Callback, MarketTrade, Reference, Touch, without};
use crate::types::{Instrument, InstrumentId, Side, TickTable, TsNs};

impl Node {
    pub(super) fn define_venue(&mut self, definition: VenueDefined) {
        let is_next = definition.venue_id as usize == self.venues.len() + 1;
        if is_next && self.venues.len() < self.config.venues_max as usize {
            self.venues.push(Venue::new(definition, &self.config));
        } else if !is_next {
            self.core.counters.capacity_rejects += 1;
        }
    }

    pub(super) fn define(&mut self, definition: &InstrumentDefined) {
        let id = definition.instrument_id;
        let Some(market) = self.core.markets.get_mut(id as usize).filter(|_| id != 0) else {
            self.core.counters.capacity_rejects += 1;
            return;
        };
        let tick_table = TickTable::us_equity_price4();
        market.instrument = Some(Instrument { definition: *definition, tick_table });
        self.core.desk.risk_mut().define(id, ticklot_e12(definition), tick_table);
        self.core.desk.fees_mut().define(definition);
    }

    /// The tick table of an instrument, rung by rung.
    pub(super) fn define_rung(&mut self, rung: &TickRungDefined) {
        let market = self.core.markets.get_mut(rung.instrument_id as usize);
        let instrument = market.and_then(|market| market.instrument.as_mut());
        let Some(instrument) = instrument else {
            self.core.counters.messages_malformed += 1;
            return;
        };
        if !instrument.define_rung(rung) {
            self.core.counters.messages_malformed += 1;
            return;
        }
        let worth = ticklot_e12(&instrument.definition);
        self.core.desk.risk_mut().define(instrument.id(), worth, instrument.tick_table);
    }

    /// Where an instrument trades. From here on strategies may hear of it.
    pub(super) fn list(&mut self, listing: &InstrumentListed) {
        let id = listing.instrument_id;
        let is_known = (listing.venue_id as usize).wrapping_sub(1) < self.venues.len();
        let Some(market) = self.core.markets.get_mut(id as usize).filter(|_| is_known) else {
            self.core.counters.capacity_rejects += 1;
            return;
        };
        market.venue = listing.venue_id;
        market.product = listing.product_id;
        self.core.desk.risk_mut().list(id, listing.venue_id, listing.product_id);
        let venue = &mut self.venues[listing.venue_id as usize - 1];
        if let Some(instrument) = &market.instrument {
            let mut symbol = [b' '; 8];
            for (to, from) in symbol.iter_mut().zip(instrument.symbol()) {
                *to = *from;
            }
            venue.reader.choose(symbol, id);
        }
        self.core.health.list(id, venue.feed_id);
        self.core.callbacks.push_back(Callback::Defined(id));
    }

    /// What order management is told of a market when it decides: nothing of a book that is not live.
    pub(super) fn reference(&self, id: InstrumentId) -> Reference {
        let Some(market) = self.core.markets.get(id as usize) else { return Reference::default() };
        let Some(venue) = self.venues.get((market.venue as usize).wrapping_sub(1)) else {
            return Reference::default();
        };
        if !self.core.health.is_usable(id) {
            return Reference::default();
        }
        let Bbo { bid, ask } = venue.books.bbo(id);
        Reference {
            bid: bid.map(|l| l.price),
            ask: ask.map(|l| l.price),
            last: market.last_trade,
            heard_ns: market.heard_ns,
            is_whole: true,
            input_ns: self.core.input_ns,
            depth: None,
        }
    }

    /// Our own orders of an instrument changed at its venue: others' best prices may look different.
    pub(super) fn look_again(&mut self, id: InstrumentId) {
        let venue = self.core.markets.get(id as usize).map_or(0, |market| market.venue);
        if let Some(venue) = self.venues.get((venue as usize).wrapping_sub(1)) {
            self.core.look(id, &venue.books, &venue.port);
        }
    }
}

impl Core {
    /// A message of a feed was applied: tells of the trade it spoke of, and of new best prices.
    #[inline]
    pub(super) fn changed(
        &mut self,
        id: InstrumentId,
        heard_ns: TsNs,
        trade: Option<MarketTrade>,
        best: Bbo,
        books: &Books,
        port: &Port,
    ) {
        let market = &mut self.markets[id as usize];
        (market.heard_ns, self.input_ns) = (heard_ns, heard_ns);
        if let Some(trade) = trade {
            market.last_trade = Some(trade.price);
            self.health.set_reference(id, trade.price);
            self.desk.risk_mut().on_market_trade(id, trade.qty);
            self.desk.on_trade(id, trade.price);
            self.callbacks.push_back(Callback::Trade(trade));
        }
        let best = Touch::of(best);
        if market.is_covered || market.best != best {
            self.look(id, books, port);
        }
    }

    /// Tells of the best prices of others if they changed.
    fn look(&mut self, id: InstrumentId, books: &Books, port: &Port) {
        let Bbo { bid, ask } = books.bbo(id);
        let best = Touch::of(Bbo { bid, ask });
        self.desk.risk_mut().mark(id, bid.map(|l| l.price), ask.map(|l| l.price));
        let touch = if port.shown.has(id) {
            let of = |side| others(books, port, id, side).next();
            Touch::of(Bbo { bid: of(Side::Buy), ask: of(Side::Sell) })
        } else {
            best
        };
        let Market { touch: known, best: all, is_covered, .. } = &mut self.markets[id as usize];
        *all = best;
        *is_covered = best != touch;
        if *known != touch {
            *known = touch;
            self.counters.bbo_changes += 1;
            self.callbacks.push_back(Callback::Book(id));
        }
    }
}

/// Levels of one side without our own orders, best first.
pub(super) fn others<'a>(
    books: &'a Books,
    port: &'a Port,
    id: InstrumentId,
    side: Side,
) -> impl Iterator<Item = LevelView> + 'a {
    let levels = books.levels(id, side);
    levels.filter_map(move |level| without(level, port.shown.at(id, side, level.price)))
}
