// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What happens in the market, and what strategies are told of it.

use super::Core;
use crate::book::{Bbo, LevelView};
use crate::component::Outbox;
use crate::events::{InstrumentDefined, MarketAction, MarketUpdated, TickRungDefined};
use crate::sim::venue::Answers;
use crate::trading::{Callback, MarketTrade, Telling, Touch};
use crate::types::{Instrument, InstrumentId, Rung, Side, TickTable};

impl Core {
    pub(super) fn define(&mut self, definition: &InstrumentDefined, tick_table: TickTable) {
        let id = definition.instrument_id;
        let Some(market) = self.markets.get_mut(id as usize) else {
            self.counters.capacity_rejects += 1;
            return;
        };
        market.instrument = Some(Instrument { definition: *definition, tick_table });
        self.callbacks.push_back(Callback::Defined(id));
    }

    /// One rung of a tick table; a rung that does not fit the table is counted as malformed.
    pub(super) fn define_rung(&mut self, rung: &TickRungDefined) {
        let market = self.markets.get_mut(rung.instrument_id as usize);
        let Some(instrument) = market.and_then(|market| market.instrument.as_mut()) else {
            self.counters.messages_malformed += 1;
            return;
        };
        let mut rungs = instrument.tick_table.rungs().to_vec();
        rungs.truncate(rung.rung as usize);
        rungs.push(Rung { from: rung.from_price_ticks, increment: rung.increment_ticks });
        match TickTable::from_rungs(&rungs) {
            Ok(table) => instrument.tick_table = table,
            Err(_) => self.counters.messages_malformed += 1,
        }
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
        let trade = self.trade_of(update);
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let mut answers = Answers { desk: &mut self.desk, out: &mut telling, cause };
        self.venue.market_update(update, &mut answers);
        if let Some(trade) = trade {
            self.markets[id as usize].last_trade = Some(trade.price);
            self.callbacks.push_back(Callback::Trade(trade));
        }
        let market = &self.markets[id as usize];
        if market.is_covered || market.best != self.best(id) {
            self.look(id);
        }
    }

    /// The trade that a message speaks of, before it is applied.
    #[inline]
    pub(super) fn trade_of(&self, update: &MarketUpdated) -> Option<MarketTrade> {
        let instrument = update.instrument_id;
        match MarketAction::from_raw(update.action)? {
            MarketAction::Execute => {
                let order = self.venue.books().order(update.order_ref)?;
                Some(MarketTrade {
                    instrument,
                    price: if update.price_ticks == 0 { order.price } else { update.price_ticks },
                    qty: update.qty_lots.min(order.qty),
                    aggressor: Some(order.side.opposite()),
                })
            }
            MarketAction::Trade | MarketAction::Cross if update.qty_lots > 0 => {
                let aggressor = Side::from_raw(update.side).map(Side::opposite);
                let (price, qty) = (update.price_ticks, update.qty_lots);
                Some(MarketTrade { instrument, price, qty, aggressor })
            }
            _ => None,
        }
    }

    /// Tells of the best prices of others if they changed.
    pub(super) fn look(&mut self, id: InstrumentId) {
        let best = self.best(id);
        let has_own = match &self.remote {
            Some(remote) => remote.has_shown(id),
            None => self.desk.has_open(id),
        };
        let touch = if has_own { self.others_best(id) } else { best };
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
        let Bbo { bid, ask } = self.venue.books().bbo(id);
        touch_of(bid, ask)
    }

    /// The best prices of others.
    fn others_best(&self, id: InstrumentId) -> Touch {
        touch_of(self.others(id, Side::Buy).next(), self.others(id, Side::Sell).next())
    }

    /// Levels of one side without our own orders, best first.
    pub(super) fn others(&self, id: InstrumentId, side: Side) -> impl Iterator<Item = LevelView> {
        self.venue.books().levels(id, side).filter_map(move |level| {
            let (own, orders) = match &self.remote {
                Some(remote) => remote.own_at(id, side, level.price, self.venue.books()),
                None => self.desk.at(id, side, level.price),
            };
            let qty = level.qty.saturating_sub(own);
            (qty != 0).then_some(LevelView {
                qty,
                orders: level.orders.saturating_sub(orders),
                ..level
            })
        })
    }
}

#[inline]
fn touch_of(bid: Option<LevelView>, ask: Option<LevelView>) -> Touch {
    let (bid, bid_qty) = bid.map_or((0, 0), |level| (level.price, level.qty));
    let (ask, ask_qty) = ask.map_or((0, 0), |level| (level.price, level.qty));
    Touch { bid, bid_qty, ask, ask_qty }
}
