// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a compiled strategy may look at, copied to where it looks: before each callback, and only
//! for the markets that the callback can reach.

use onetape_core::book::LevelView;
use onetape_core::trading::{OwnOrder, QUOTE_ID_FIRST, StrategyView};
use onetape_core::types::{InstrumentId, Side};

use super::{CompiledStrategy, LevelRecord, OrderRecord};

impl CompiledStrategy {
    /// An instrument was named: it may be one of those that the strategy names.
    pub(super) fn is_named(&mut self, id: InstrumentId, view: &dyn StrategyView) {
        let Some(instrument) = view.instrument(id) else { return };
        for (symbol, slot) in self.config.watched.iter().zip(&mut self.watched) {
            if *slot == 0 && symbol == instrument.symbol() {
                *slot = id;
            }
        }
    }

    /// The run begins: what was named before is found.
    pub(super) fn find_watched(&mut self, view: &dyn StrategyView) {
        for (symbol, slot) in self.config.watched.iter().zip(&mut self.watched) {
            if *slot == 0 {
                *slot = view.find(symbol).unwrap_or(0);
            }
        }
    }

    /// A quote was asked for: its orders will be among the strategy's.
    pub(super) fn has_quoted(&mut self, id: InstrumentId) {
        if self.config.looks_at_orders
            && let Err(at) = self.quoted.binary_search(&id)
            && self.quoted.len() < self.quoted.capacity()
        {
            self.quoted.insert(at, id);
        }
    }

    /// Brings up to date what the next callback can look at.
    #[inline]
    pub(super) fn gather(&mut self, instrument: InstrumentId, view: &dyn StrategyView) {
        if instrument != 0 {
            self.gather_market(instrument, 0, view);
        }
        let mut place = 1;
        for at in 0..self.config.watched.len() {
            let id = self.watched[at];
            if id != 0 && id != instrument {
                self.gather_market(id, place, view);
            }
            place += 1;
        }
        for at in 0..self.config.market_offsets.len() {
            let id = self.held(self.config.market_offsets[at]);
            if id != 0 && id != instrument {
                self.gather_market(id, place, view);
            }
            place += 1;
        }
        if self.config.looks_at_orders {
            self.gather_orders(view);
        }
    }

    /// The instrument that stands in the state at an offset; 0 for none.
    fn held(&self, offset: usize) -> InstrumentId {
        let word = self.state.get(offset / 8).copied().unwrap_or(0);
        let id = word as u32;
        if (id as usize) < self.markets.len() { id } else { 0 }
    }

    /// One market; `place` names the room for its levels.
    #[inline]
    fn gather_market(&mut self, id: InstrumentId, place: usize, view: &dyn StrategyView) {
        let Some(market) = self.markets.get_mut(id as usize) else { return };
        let touch = view.touch(id);
        (market.bid_ticks, market.bid_lots) = (touch.bid, touch.bid_qty);
        (market.ask_ticks, market.ask_lots) = (touch.ask, touch.ask_qty);
        let price = if touch.bid_qty == 0 { touch.ask } else { touch.bid };
        let instrument = view.instrument(id);
        market.increment_ticks = instrument.map_or(1, |i| i.tick_table.increment_at(price));
        let last = view.last_trade(id);
        market.has_last_trade = u32::from(last.is_some());
        market.last_trade_ticks = last.unwrap_or(0);
        market.position_lots = view.position(self.config.strategy, id);
        if self.config.levels == 0 {
            return;
        }
        let depth = self.config.levels;
        let rows = &mut self.levels[place * 2 * depth..][..2 * depth];
        let (bids, asks) = rows.split_at_mut(depth);
        market.bids_count = gather_levels(bids, id, Side::Buy, view);
        market.asks_count = gather_levels(asks, id, Side::Sell, view);
        market.bids = bids.as_mut_ptr().expose_provenance() as u64;
        market.asks = asks.as_mut_ptr().expose_provenance() as u64;
    }

    /// The strategy's live orders: its own by client id, then its quotes' by instrument.
    fn gather_orders(&mut self, view: &dyn StrategyView) {
        let Some(table) = view.orders(self.config.strategy) else { return };
        let mut count = 0;
        let own = table.live().take_while(|order| order.client_id < QUOTE_ID_FIRST);
        let both =
            |id| [Side::Buy, Side::Sell].into_iter().flat_map(move |side| table.quotes(id, side));
        let quoted = self.quoted.iter().flat_map(|&id| both(id));
        for (order, row) in own.chain(quoted).zip(&mut self.orders) {
            *row = record(order);
            if self.config.looks_at_queues {
                let place =
                    view.queue_position(self.config.strategy, order.instrument, order.client_id);
                row.is_queued = u8::from(place.is_some());
                row.orders_ahead = place.map_or(0, |place| place.orders_ahead);
                row.lots_ahead = place.map_or(0, |place| place.qty_ahead);
            }
            count += 1;
        }
        self.context.orders_count = count;
    }
}

fn gather_levels(
    rows: &mut [LevelRecord],
    id: InstrumentId,
    side: Side,
    view: &dyn StrategyView,
) -> u32 {
    let mut count = 0;
    view.each_level(id, side, &mut |LevelView { price, qty, orders }| {
        let Some(row) = rows.get_mut(count) else { return false };
        *row = LevelRecord { price_ticks: price, qty_lots: qty, orders, reserved: 0 };
        count += 1;
        count < rows.len()
    });
    count as u32
}

fn record(order: &OwnOrder) -> OrderRecord {
    OrderRecord {
        client_id: order.client_id,
        price_ticks: order.price,
        leaves_lots: order.leaves,
        executed_lots: order.executed,
        instrument_id: order.instrument,
        side: order.side.raw(),
        is_accepted: u8::from(order.is_accepted),
        ..OrderRecord::default()
    }
}
