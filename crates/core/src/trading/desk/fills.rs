// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What trades: every fill counts once, whatever the order's state; what should not be is said.

use super::{Desk, OrderKey, VenueFill};
use crate::component::Outbox;
use crate::events::{
    FillCharged, FillUnexpected, Liquidity, OrderFilled, PositionChanged, UnexpectedFill,
};
use crate::risk::Fill;
use crate::trading::oms::OwnOrder;
use crate::trading::portfolio::{FillFacts, Position};
use crate::trading::states::Word;
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks};

impl Desk {
    /// One of our orders traded. What is left is our own count; the venue's is not needed.
    pub fn on_filled(&mut self, key: OrderKey, fill: &VenueFill, cause: u64, out: &mut dyn Outbox) {
        let Some(order) = self.find(key).copied() else {
            self.fill_unexpected(
                key,
                None,
                fill,
                fill.qty,
                UnexpectedFill::OrderUnknown,
                cause,
                out,
            );
            return;
        };
        let OrderKey { strategy, instrument, client_id, .. } = key;
        let side = Some(order.side);
        if !self.seen.take(strategy, instrument, client_id, fill.match_id) {
            self.fill_unexpected(key, side, fill, fill.qty, UnexpectedFill::Repeated, cause, out);
            return;
        }
        let (leaves, excess, what) = count(&order, fill);
        let word = if fill.qty >= order.leaves { Word::FilledWhole } else { Word::FilledPart };
        let fee = self.fee_of(instrument, fill);
        // Position and reservation change as one; what the word leaves is the same.
        self.risk.on_fill(&Fill {
            strategy,
            instrument,
            client_id,
            side: order.side,
            price: fill.price,
            qty: fill.qty,
            leaves,
            fee_e9: fee.unwrap_or(0),
            is_manual: false,
        });
        self.hear(key, word, |order| {
            order.leaves = order.leaves.saturating_sub(fill.qty);
            order.executed += fill.qty;
        });
        if order.is_replacing {
            self.count_for_replacement(key, fill.qty);
        }
        if let Some(what) = what {
            self.fill_unexpected(key, side, fill, excess, what, cause, out);
        }
        let event = OrderFilled {
            cause_seq: cause,
            order_id: key.order_id,
            client_id,
            match_id: fill.match_id,
            price_ticks: fill.price,
            qty_lots: fill.qty,
            leaves_lots: leaves,
            arrival_mid2_ticks: order.arrival_mid2,
            strategy_id: strategy,
            instrument_id: instrument,
            side: order.side.raw(),
            liquidity: fill.liquidity.raw(),
            reserved1: 0,
            reserved2: 0,
        };
        out.emit(OrderFilled::KIND, OrderFilled::VERSION, &event.encode());
        self.charge(key, fill, fee, cause, out);
        self.book_fill(key, order.side, order.arrival_mid2, fill, cause, out);
        if order.parent_id != 0 {
            self.child_filled(strategy, &order, fill.qty, cause, out);
        }
        if order.leg_id != 0 {
            self.leg_filled(strategy, order.leg_id, fill.qty, fill.price);
        }
    }

    /// A fill that names no order of ours that is remembered, on a side that the venue says. The
    /// position it makes is kept under strategy 0: it is ours, and nobody asked for it.
    pub fn on_stray_fill(
        &mut self,
        key: OrderKey,
        side: Side,
        fill: &VenueFill,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let key = OrderKey { strategy: 0, client_id: 0, ..key };
        // Two strays of one order share its venue's number; their own numbers tell them apart.
        let what = if self.seen.take(0, key.instrument, key.order_id, fill.match_id) {
            UnexpectedFill::OrderUnknown
        } else {
            UnexpectedFill::Repeated
        };
        self.fill_unexpected(key, Some(side), fill, fill.qty, what, cause, out);
        if what == UnexpectedFill::OrderUnknown {
            let fee = self.fee_of(key.instrument, fill);
            self.charge(key, fill, fee, cause, out);
            self.book_fill(key, side, 0, fill, cause, out);
        }
    }

    /// What a fill costs: as the venue says, else by the rates that are set.
    fn fee_of(&self, instrument: InstrumentId, fill: &VenueFill) -> Option<i64> {
        let VenueFill { liquidity, price, qty, .. } = *fill;
        fill.fee_e9.or_else(|| self.fees.of(instrument, liquidity, price, qty))
    }

    /// Books what a fill costs, where that is known.
    fn charge(
        &mut self,
        key: OrderKey,
        fill: &VenueFill,
        fee: Option<i64>,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let Some(fee_e9) = fee else { return };
        let paid = self.fees.pay(key.strategy, key.instrument, fee_e9);
        let event = FillCharged {
            cause_seq: cause,
            client_id: key.client_id,
            match_id: fill.match_id,
            fee_e9,
            fees_e9: paid.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            is_said: u8::from(fill.fee_e9.is_some()),
            reserved: [0; 7],
        };
        out.emit(FillCharged::KIND, FillCharged::VERSION, &event.encode());
    }

    /// The position after a fill.
    fn book_fill(
        &mut self,
        key: OrderKey,
        side: Side,
        arrival_mid2: i64,
        fill: &VenueFill,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let maker = fill.liquidity == Liquidity::Added;
        let facts = FillFacts { side, price: fill.price, qty: fill.qty, maker, arrival_mid2 };
        if let Some(position) = self.portfolio.fill(key.strategy, key.instrument, &facts) {
            say_position(&position, (key.strategy, key.instrument), cause, out);
        }
    }

    /// A venue took a fee out of a strategy's position: lots are gone, as if sold at the price that
    /// the fee was worth, in money, to pay it. No order did that, so none is told of.
    pub fn on_fee_in_kind(
        &mut self,
        strategy: StrategyId,
        instrument: InstrumentId,
        fee: FeeInKind,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let FeeInKind { price, qty } = fee;
        if qty == 0 {
            return;
        }
        let side = Side::Sell;
        let Some(position) = self.portfolio.pay(strategy, instrument, price, qty) else { return };
        self.risk.on_fill(&Fill {
            strategy,
            instrument,
            client_id: 0,
            side,
            price,
            qty,
            leaves: 0,
            fee_e9: 0,
            is_manual: false,
        });
        say_position(&position, (strategy, instrument), cause, out);
    }

    /// What an order trades while its replacement is on its way, the replacement will not.
    fn count_for_replacement(&mut self, key: OrderKey, qty: Lots) {
        let Some(state) = self.state_mut(key.strategy) else { return };
        let is_next = |o: &&OwnOrder| o.replaces == key.client_id && o.instrument == key.instrument;
        let next = state.orders.live().find(is_next).map(|order| order.client_id);
        let Some(next) = next else { return };
        let changed = state.orders.update(key.instrument, next, |order| {
            order.executed += qty;
            order.leaves = order.leaves.saturating_sub(qty);
        });
        if let Some((_, after)) = changed {
            self.risk.on_canceled(key.strategy, next, after.leaves);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one event")]
    fn fill_unexpected(
        &mut self,
        key: OrderKey,
        side: Option<Side>,
        fill: &VenueFill,
        excess: Lots,
        what: UnexpectedFill,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let event = FillUnexpected {
            cause_seq: cause,
            order_id: key.order_id,
            client_id: key.client_id,
            match_id: fill.match_id,
            price_ticks: fill.price,
            qty_lots: fill.qty,
            excess_lots: excess,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            side: side.map_or(0, Side::raw),
            what: what.raw(),
            reserved1: 0,
            reserved2: 0,
        };
        out.emit(FillUnexpected::KIND, FillUnexpected::VERSION, &event.encode());
        if what != UnexpectedFill::Repeated {
            self.alarm(key);
        }
    }
}

/// A fee that a venue took in what is traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeeInKind {
    /// What a lot of it was worth; 0: nothing that is known.
    pub price: Ticks,
    /// How much of the position is gone.
    pub qty: Lots,
}

fn say_position(
    position: &Position,
    (strategy_id, instrument_id): (StrategyId, InstrumentId),
    cause: u64,
    out: &mut dyn Outbox,
) {
    let changed = PositionChanged {
        cause_seq: cause,
        position_lots: position.lots,
        cash_ticklots: position.cash.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
        strategy_id,
        instrument_id,
    };
    out.emit(PositionChanged::KIND, PositionChanged::VERSION, &changed.encode());
}

/// What is left after a fill, how much of it should not be, and why.
fn count(order: &OwnOrder, fill: &VenueFill) -> (Lots, Lots, Option<UnexpectedFill>) {
    let is_worse = order.price != 0 && order.side.betters(fill.price, order.price);
    if order.state.is_dead() {
        return (0, fill.qty, Some(UnexpectedFill::AfterDeath));
    }
    if fill.qty > order.leaves {
        return (0, fill.qty - order.leaves, Some(UnexpectedFill::Overfill));
    }
    (order.leaves - fill.qty, 0, is_worse.then_some(UnexpectedFill::Price))
}
