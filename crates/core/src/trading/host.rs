// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The strategy's side of the border: what it asks for, as intents that the driver will number,
//! journal and check. Nothing here acts on a market.

use std::collections::VecDeque;

use super::oms::QUOTE_ID_FIRST;
use super::view::StrategyView;
use crate::component::Outbox;
use crate::events::{
    CancelAll, CancelOrder, CloseParent, EnterOrder, OpenParent, ReplaceOrder, SetQuote,
    SubmitGroup, SubmitOrder,
};
use crate::queue::take_first;
use crate::types::{InstrumentId, Lots, StrategyId, Ticks, TsNs};

/// What a strategy can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// A new order.
    Enter(EnterOrder),
    /// A new order with every term it can have.
    Submit(SubmitOrder),
    /// Orders that depend on each other.
    Group(SubmitGroup),
    /// A new parent order.
    OpenParent(OpenParent),
    /// The end of a parent order.
    CloseParent(CloseParent),
    /// A cancel, or a reduction.
    Cancel(CancelOrder),
    /// A replacement.
    Replace(ReplaceOrder),
    /// A two-sided quote.
    Quote(SetQuote),
    /// Cancel everything.
    CancelAll(CancelAll),
}

impl Intent {
    /// Puts out the entry that stands for it.
    pub fn emit(&self, out: &mut dyn Outbox) {
        match self {
            Self::Enter(e) => out.emit(EnterOrder::KIND, EnterOrder::VERSION, &e.encode()),
            Self::Submit(e) => out.emit(SubmitOrder::KIND, SubmitOrder::VERSION, &e.encode()),
            Self::Group(e) => out.emit(SubmitGroup::KIND, SubmitGroup::VERSION, &e.encode()),
            Self::OpenParent(e) => out.emit(OpenParent::KIND, OpenParent::VERSION, &e.encode()),
            Self::CloseParent(e) => out.emit(CloseParent::KIND, CloseParent::VERSION, &e.encode()),
            Self::Cancel(e) => out.emit(CancelOrder::KIND, CancelOrder::VERSION, &e.encode()),
            Self::Replace(e) => out.emit(ReplaceOrder::KIND, ReplaceOrder::VERSION, &e.encode()),
            Self::Quote(e) => out.emit(SetQuote::KIND, SetQuote::VERSION, &e.encode()),
            Self::CancelAll(e) => out.emit(CancelAll::KIND, CancelAll::VERSION, &e.encode()),
        }
    }
}

/// One side of a quote: a price in ticks and a quantity in lots, 0 for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QuoteSide {
    /// Price.
    pub price: Ticks,
    /// Quantity; 0 withdraws the side.
    pub qty: Lots,
}

/// A quote as last asked for; `None` once something happened to its orders.
type QuoteMemo = Option<(QuoteSide, QuoteSide)>;

/// A timer of a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Timer {
    due: TsNs,
    id: u32,
}

/// What one strategy has asked for and the driver has not yet taken.
#[derive(Debug)]
pub struct StrategyHost {
    strategy: StrategyId,
    intents: VecDeque<Intent>,
    quotes: Vec<QuoteMemo>,
    last_client_id: u64,
    timers: Vec<Timer>,
}

impl StrategyHost {
    /// A strategy that has asked for nothing.
    #[must_use]
    pub fn new(strategy: StrategyId, instruments_max: u32) -> Self {
        Self {
            strategy,
            intents: VecDeque::with_capacity(256),
            quotes: vec![None; instruments_max as usize + 1],
            last_client_id: 0,
            timers: Vec::with_capacity(256),
        }
    }

    /// The strategy has been here before: its next client id is above this one.
    pub fn go_on_after(&mut self, client_id: u64) {
        self.last_client_id = self.last_client_id.max(client_id);
    }

    /// States the quote that is wanted. Asking again for what stands costs a comparison.
    #[inline]
    pub fn quote(&mut self, instrument: InstrumentId, bid: QuoteSide, ask: QuoteSide) {
        let Some(memo) = self.quotes.get_mut(instrument as usize) else { return };
        if *memo == Some((bid, ask)) {
            return;
        }
        *memo = Some((bid, ask));
        self.intents.push_back(Intent::Quote(SetQuote {
            bid_price_ticks: bid.price,
            ask_price_ticks: ask.price,
            bid_qty_lots: bid.qty,
            ask_qty_lots: ask.qty,
            strategy_id: self.strategy,
            instrument_id: instrument,
        }));
    }

    /// Asks for a new order and gives its client id. `order`'s ids are filled in here.
    pub fn enter(&mut self, order: EnterOrder) -> u64 {
        let client_id = self.next_client_id();
        let strategy_id = self.strategy;
        self.intents.push_back(Intent::Enter(EnterOrder { client_id, strategy_id, ..order }));
        client_id
    }

    /// Asks for a new order with every term it can have, and gives its client id. `order`'s ids are
    /// filled in here.
    pub fn submit(&mut self, order: SubmitOrder) -> u64 {
        let client_id = self.next_client_id();
        let strategy_id = self.strategy;
        self.intents.push_back(Intent::Submit(SubmitOrder { client_id, strategy_id, ..order }));
        client_id
    }

    /// Asks for orders that depend on each other and gives the group's id; its orders have those that
    /// follow. `group`'s ids are filled in here.
    pub fn submit_group(&mut self, group: SubmitGroup) -> u64 {
        let group_id = self.next_client_id();
        let legs = [group.leg1_side, group.leg2_side, group.leg3_side];
        self.last_client_id += legs.into_iter().filter(|&side| side != 0).count() as u64;
        let strategy_id = self.strategy;
        self.intents.push_back(Intent::Group(SubmitGroup { group_id, strategy_id, ..group }));
        group_id
    }

    /// Begins a parent order and gives its id. `parent`'s ids are filled in here.
    pub fn open_parent(&mut self, parent: OpenParent) -> u64 {
        let parent_id = self.next_client_id();
        let strategy_id = self.strategy;
        self.intents.push_back(Intent::OpenParent(OpenParent { parent_id, strategy_id, ..parent }));
        parent_id
    }

    /// Ends a parent order: no child follows.
    pub fn close_parent(&mut self, parent_id: u64) {
        let strategy_id = self.strategy;
        self.intents.push_back(Intent::CloseParent(CloseParent {
            parent_id,
            strategy_id,
            reserved: 0,
        }));
    }

    /// Asks to cancel one of its orders, or to shrink it to `qty` (0: all). An order that is not
    /// there is asked for as well: the desk will say so.
    pub fn cancel(&mut self, view: &dyn StrategyView, client_id: u64, qty: Lots) {
        let instrument_id = self.instrument_of(view, client_id);
        self.intents.push_back(Intent::Cancel(CancelOrder {
            client_id,
            qty_lots: qty,
            strategy_id: self.strategy,
            instrument_id,
        }));
    }

    /// Asks to replace one of its orders and gives the replacement's client id.
    pub fn replace(
        &mut self,
        view: &dyn StrategyView,
        client_id: u64,
        price: Ticks,
        qty: Lots,
    ) -> u64 {
        let instrument_id = self.instrument_of(view, client_id);
        let new_client_id = self.next_client_id();
        self.intents.push_back(Intent::Replace(ReplaceOrder {
            client_id,
            new_client_id,
            price_ticks: price,
            qty_lots: qty,
            strategy_id: self.strategy,
            instrument_id,
        }));
        new_client_id
    }

    /// Instrument of a live order, or of one that was asked for and not yet taken; 0 for none.
    fn instrument_of(&self, view: &dyn StrategyView, client_id: u64) -> InstrumentId {
        let table = view.orders(self.strategy);
        let live = table.and_then(|table| {
            if client_id < QUOTE_ID_FIRST {
                // These stand in one table for all instruments, sorted.
                return table.get(0, client_id);
            }
            table.live().find(|order| order.client_id == client_id)
        });
        live.map_or_else(|| self.asked_for(client_id), |order| order.instrument)
    }

    fn asked_for(&self, client_id: u64) -> InstrumentId {
        let found = self.intents.iter().find_map(|intent| match intent {
            Intent::Enter(e) if e.client_id == client_id => Some(e.instrument_id),
            Intent::Submit(e) if e.client_id == client_id => Some(e.instrument_id),
            Intent::Replace(e) if e.new_client_id == client_id => Some(e.instrument_id),
            _ => None,
        });
        found.unwrap_or(0)
    }

    /// Asks to cancel everything in an instrument, or in all (0).
    pub fn cancel_all(&mut self, instrument: InstrumentId) {
        let event = CancelAll { strategy_id: self.strategy, instrument_id: instrument };
        self.intents.push_back(Intent::CancelAll(event));
        match instrument {
            0 => self.quotes.fill(None),
            _ => self.forget_quote(instrument),
        }
    }

    /// Asks to be called at `due`, with `id`. Several timers may be set.
    pub fn set_timer(&mut self, due: TsNs, id: u32) {
        let timer = Timer { due, id };
        let at = self.timers.partition_point(|other| *other > timer);
        self.timers.insert(at, timer);
    }

    /// Something happened to a quote's orders: the same quote, asked for again, is news.
    #[inline]
    pub fn forget_quote(&mut self, instrument: InstrumentId) {
        if let Some(memo) = self.quotes.get_mut(instrument as usize) {
            *memo = None;
        }
    }

    /// As [`Self::forget_quote`], if `client_id` is a quote's.
    #[inline]
    pub fn touched(&mut self, instrument: InstrumentId, client_id: u64) {
        if client_id >= QUOTE_ID_FIRST {
            self.forget_quote(instrument);
        }
    }

    /// The oldest intent not yet taken.
    #[inline]
    pub fn take_intent(&mut self) -> Option<Intent> {
        take_first(&mut self.intents)
    }

    /// Drops intents and timers: the strategy has stopped.
    pub fn clear(&mut self) {
        self.intents.clear();
        self.timers.clear();
    }

    /// Whether a timer is due at or before `now`.
    #[inline]
    #[must_use]
    pub fn has_timer(&self, now: TsNs) -> bool {
        self.timers.last().is_some_and(|timer| timer.due <= now)
    }

    /// The first timer due at or before `now`.
    #[inline]
    pub fn take_timer(&mut self, now: TsNs) -> Option<(TsNs, u32)> {
        if !self.has_timer(now) {
            return None;
        }
        self.timers.pop().map(|timer| (timer.due, timer.id))
    }

    /// Highest client id given so far.
    #[must_use]
    pub const fn last_client_id(&self) -> u64 {
        self.last_client_id
    }

    const fn next_client_id(&mut self) -> u64 {
        self.last_client_id += 1;
        self.last_client_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_that_stands_is_not_asked_for_again() {
        let mut host = StrategyHost::new(1, 2);
        let side = |price| QuoteSide { price, qty: 5 };
        host.quote(1, side(10), side(12));
        host.quote(1, side(10), side(12));
        assert!(matches!(host.take_intent(), Some(Intent::Quote(_))));
        assert_eq!(host.take_intent(), None);
        host.touched(1, 7);
        host.quote(1, side(10), side(12));
        assert_eq!(host.take_intent(), None);
        host.touched(1, QUOTE_ID_FIRST + 1);
        host.quote(1, side(10), side(12));
        assert!(host.take_intent().is_some());
    }

    #[test]
    fn timers_fire_in_order_of_time() {
        let mut host = StrategyHost::new(1, 2);
        host.set_timer(30, 1);
        host.set_timer(10, 2);
        host.set_timer(20, 3);
        assert_eq!(host.take_timer(9), None);
        assert_eq!(host.take_timer(25), Some((10, 2)));
        assert_eq!(host.take_timer(25), Some((20, 3)));
        assert_eq!(host.take_timer(25), None);
    }
}
