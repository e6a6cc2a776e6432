// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What happens in the market, and what strategies are told of it.

use super::Core;
use crate::book::{Bbo, LevelView};
use crate::component::Outbox;
use crate::events::{InstrumentDefined, MarketUpdated, TickRungDefined};
use crate::risk::ticklot_e12;
use crate::sim::venue::Answers;
use crate::trading::{Callback, Telling, Touch, trade_of, without};
use crate::types::{Instrument, InstrumentId, Side, TickTable};

impl Core {
    pub(super) fn define(&mut self, definition: &InstrumentDefined, tick_table: TickTable) {
        let id = definition.instrument_id;
        let Some(market) = self.markets.get_mut(id as usize) else {
            self.counters.capacity_rejects += 1;
            return;
        };
        market.instrument = Some(Instrument { definition: *definition, tick_table });
        self.desk.risk_mut().define(id, ticklot_e12(definition), tick_table);
        self.desk.fees_mut().define(definition);
        self.callbacks.push_back(Callback::Defined(id));
    }

    /// One rung of a tick table; a rung that does not fit the table is counted as malformed.
    pub(super) fn define_rung(&mut self, rung: &TickRungDefined) {
        let market = self.markets.get_mut(rung.instrument_id as usize);
        let Some(instrument) = market.and_then(|market| market.instrument.as_mut()) else {
            self.counters.messages_malformed += 1;
            return;
        };
        if !instrument.define_rung(rung) {
            self.counters.messages_malformed += 1;
            return;
        }
        let worth = ticklot_e12(&instrument.definition);
        self.desk.risk_mut().define(instrument.id(), worth, instrument.tick_table);
    }

    /// The venue takes up an instrument at its first order: its tick table is whole by then.
    #[cold]
    pub(super) fn open_market(&mut self, id: InstrumentId) -> bool {
        let Some(market) = self.markets.get_mut(id as usize) else { return false };
        let Some(instrument) = market.instrument else { return false };
        market.in_book = self.venue.define_instrument(id, instrument.tick_table).is_ok();
        market.in_book
    }

    /// One thing that happened in the market.
    #[inline]
    pub(super) fn update(&mut self, update: &MarketUpdated, cause: u64, out: &mut dyn Outbox) {
        let id = update.instrument_id;
        let in_book = self.markets.get(id as usize).is_some_and(|market| market.in_book);
        if !in_book && !self.open_market(id) {
            self.counters.orders_unknown += 1;
            return;
        }
        let trade = trade_of(update, self.venue.books());
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let mut answers = Answers { desk: &mut self.desk, out: &mut telling, cause };
        self.venue.market_update(update, &mut answers);
        if let Some(trade) = trade {
            self.markets[id as usize].last_trade = Some(trade.price);
            self.desk.risk_mut().on_market_trade(id, trade.qty);
            self.desk.on_trade(id, trade.price);
            self.callbacks.push_back(Callback::Trade(trade));
        }
        let market = &self.markets[id as usize];
        if market.is_covered || market.best != self.best(id) {
            self.look(id);
        }
    }

    /// Tells of the best prices of others if they changed.
    pub(super) fn look(&mut self, id: InstrumentId) {
        let best = self.best(id);
        let of = |price, qty| (qty != 0).then_some(price);
        let (bid, ask) = (of(best.bid, best.bid_qty), of(best.ask, best.ask_qty));
        self.desk.risk_mut().mark(id, bid, ask);
        let touch = if self.desk.has_open(id) { self.others_best(id) } else { best };
        let market = &mut self.markets[id as usize];
        market.best = best;
        market.is_covered = best.bid != touch.bid || best.ask != touch.ask;
        let crossed = touch.is_two_sided() && !touch.is_orderly();
        self.counters.books_crossed += u64::from(crossed && !market.crossed);
        market.crossed = crossed;
        if market.touch != touch {
            market.touch = touch;
            self.counters.bbo_changes += 1;
            self.callbacks.push_back(Callback::Book(id));
        }
    }

    /// The best prices of all, our own orders among them.
    #[inline]
    fn best(&self, id: InstrumentId) -> Touch {
        Touch::of(self.venue.books().bbo(id))
    }

    /// The best prices of others.
    fn others_best(&self, id: InstrumentId) -> Touch {
        let best = |side| self.others(id, side).next();
        Touch::of(Bbo { bid: best(Side::Buy), ask: best(Side::Sell) })
    }

    /// Levels of one side without our own orders, best first.
    pub(super) fn others(&self, id: InstrumentId, side: Side) -> impl Iterator<Item = LevelView> {
        self.venue
            .books()
            .levels(id, side)
            .filter_map(move |level| without(level, self.desk.at(id, side, level.price)))
    }
}
