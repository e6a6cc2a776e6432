// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What strategies ask for: through the gate, to a command for the venue.

use super::submit::decode_enter;
use super::terms::SpecialTerms;
use super::{Desk, NewOrder, OrderKey, Reference, VenueCommand, emit_rejected};
use crate::component::Outbox;
use crate::events::{
    CancelOrder, CancelReason, EnterOrder, OrderType, RejectReason, ReplaceOrder, SetQuote,
    StpMode, TimeInForce,
};
use crate::risk::{Proposal, Refusal};
use crate::trading::oms::OwnOrder;
use crate::trading::states::Word;
use crate::types::{InstrumentId, Side, StrategyId, Ticks, TsNs};

impl Desk {
    /// A new order: a command for the venue, or a refusal that is put out.
    pub fn enter(
        &mut self,
        order: &EnterOrder,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        match self.try_enter(order, market, now) {
            Ok(command) => Some(command),
            Err(refusal) => {
                let key = key_of(order.strategy_id, order.instrument_id, order.client_id);
                emit_rejected(out, cause, key, EnterOrder::KIND, refusal);
                None
            }
        }
    }

    fn try_enter(
        &mut self,
        order: &EnterOrder,
        market: &Reference,
        now: TsNs,
    ) -> Result<VenueCommand, Refusal> {
        let decoded = decode_enter(order)?;
        self.use_client_id(order.strategy_id, order.client_id)?;
        self.submit(&decoded, market, now, None)?;
        Ok(VenueCommand::Enter(decoded))
    }

    /// Passes an order through the gate and reserves its exposure.
    /// `replaced` is the order that it takes the place of.
    pub(super) fn submit(
        &mut self,
        order: &NewOrder,
        market: &Reference,
        now: TsNs,
        replaced: Option<OwnOrder>,
    ) -> Result<(), Refusal> {
        let state = self.state(order.strategy).ok_or(halted())?;
        if !state.running {
            return Err(halted());
        }
        if order.instrument == 0 || order.instrument > self.instruments_max {
            return Err(refuse(RejectReason::InstrumentUnknown, u64::from(order.instrument), 0));
        }
        if !state.orders.has_room() {
            return Err(refuse(RejectReason::Capacity, 0, 0));
        }
        let executed = replaced.map_or(0, |old| old.executed);
        let leaves = order.qty.saturating_sub(executed);
        let proposal = Proposal {
            strategy: order.strategy,
            instrument: order.instrument,
            client_id: order.client_id,
            replaces: replaced.map(|old| old.client_id),
            side: order.side,
            order_type: order.order_type,
            time_in_force: order.time_in_force,
            post_only: order.post_only,
            is_manual: false,
            price: price_of(order),
            qty: leaves,
        };
        self.check_child(order, leaves, replaced.as_ref())?;
        self.risk.check_and_reserve(&proposal, market, now)?;
        self.count_child(order);
        let NewOrder { client_id, instrument, side, price, .. } = *order;
        let own = OwnOrder {
            executed,
            arrival_mid2: market.mid2(),
            replaces: replaced.map_or(0, |old| old.client_id),
            parent_id: order.special.parent_id,
            leg_id: order.special.leg_id,
            ..OwnOrder::leaving(client_id, instrument, side, price, leaves)
        };
        if let Some(state) = self.state_mut(order.strategy) {
            state.orders.insert(own);
        }
        if let Some(old) = replaced {
            self.hear(old.key(order.strategy), Word::ReplaceSent, |old| old.is_replacing = true);
        }
        Ok(())
    }

    /// Refuses a command before it is looked at: whoever owns the wire knows that it cannot leave.
    pub fn refuse(
        &mut self,
        key: OrderKey,
        command: u16,
        refusal: Refusal,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let state = self.state_mut(key.strategy);
        if let Some(state) = state.filter(|state| key.client_id > state.orders.last_client_id()) {
            state.orders.use_client_id(key.client_id);
        }
        emit_rejected(out, cause, key, command, refusal);
    }

    /// A cancel, or a reduction to a size. Never blocked; refused only when the order is not there.
    pub fn cancel(
        &mut self,
        cancel: &CancelOrder,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        if self.cancels_leg(cancel, cause, out) {
            return None;
        }
        let found = self
            .state(cancel.strategy_id)
            .and_then(|state| state.orders.get(cancel.instrument_id, cancel.client_id));
        let Some(order) = found else {
            let key = key_of(cancel.strategy_id, cancel.instrument_id, cancel.client_id);
            let refusal = refuse(RejectReason::OrderUnknown, cancel.client_id, 0);
            emit_rejected(out, cause, key, CancelOrder::KIND, refusal);
            return None;
        };
        let order = *order;
        let reason = CancelReason::User;
        Some(match cancel.qty_lots {
            0 => self.cancel_chain(cancel.strategy_id, &order, reason),
            qty => VenueCommand::Reduce { key: order.key(cancel.strategy_id), qty, reason },
        })
    }

    /// Cancels an order with all that is on its way for it. While a replacement is, the newest of the
    /// two is cancelled; the other goes as well, should the venue refuse to replace it.
    pub(super) fn cancel_chain(
        &mut self,
        strategy: StrategyId,
        order: &OwnOrder,
        reason: CancelReason,
    ) -> VenueCommand {
        let newest = self.orders(strategy).and_then(|table| table.replacement_of(order)).copied();
        let key = newest.unwrap_or(*order).key(strategy);
        let other = if newest.is_some() { order.client_id } else { order.replaces };
        if other != 0
            && let Some(state) = self.state_mut(strategy)
        {
            state.orders.update(key.instrument, other, |order| order.wants_cancel = true);
        }
        self.on_cancel_sent(key);
        VenueCommand::Cancel { key, reason }
    }

    /// A replacement of price and quantity.
    pub fn replace(
        &mut self,
        replace: &ReplaceOrder,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        let done = match self.moves_leg(replace) {
            Some(moved) => moved.map(|()| None),
            None => self.try_replace(replace, market, now).map(Some),
        };
        match done {
            Ok(command) => command,
            Err(refusal) => {
                let key = key_of(replace.strategy_id, replace.instrument_id, replace.new_client_id);
                emit_rejected(out, cause, key, ReplaceOrder::KIND, refusal);
                None
            }
        }
    }

    fn try_replace(
        &mut self,
        replace: &ReplaceOrder,
        market: &Reference,
        now: TsNs,
    ) -> Result<VenueCommand, Refusal> {
        let state = self.state(replace.strategy_id).ok_or(halted())?;
        let old = state.orders.get(replace.instrument_id, replace.client_id).copied();
        let old = old.ok_or(refuse(RejectReason::OrderUnknown, replace.client_id, 0))?;
        if Self::is_busy(old.state) {
            return Err(refuse(RejectReason::OrderBusy, u64::from(old.state.raw()), 0));
        }
        self.use_client_id(replace.strategy_id, replace.new_client_id)?;
        if replace.qty_lots <= old.executed {
            // OUCH 5.0: a replacement that is not above what was executed leaves nothing to do.
            return Ok(self.cancel_chain(replace.strategy_id, &old, CancelReason::Replace));
        }
        let order = NewOrder {
            client_id: replace.new_client_id,
            price: replace.price_ticks,
            qty: replace.qty_lots,
            special: SpecialTerms { parent_id: old.parent_id, ..SpecialTerms::NONE },
            ..resting_limit(replace.strategy_id, &old)
        };
        self.submit(&order, market, now, Some(old))?;
        let NewOrder { strategy, client_id, price, qty, .. } = order;
        Ok(VenueCommand::Replace { key: old.key(strategy), client_id, price, qty })
    }

    /// Which side of a quote to move first, so that it never crosses itself.
    #[must_use]
    pub fn quote_order(&self, quote: &SetQuote) -> [Side; 2] {
        let orders = self.orders(quote.strategy_id);
        let ask = orders.and_then(|table| table.quote(quote.instrument_id, Side::Sell));
        match ask {
            Some(ask) if quote.bid_price_ticks >= ask.price => [Side::Sell, Side::Buy],
            _ => [Side::Buy, Side::Sell],
        }
    }

    /// What to do about one side of a quote. A quote is post-only and never trades with its owner.
    ///
    /// A partly filled side keeps its place in the queue; it is topped up when it moves or is gone.
    /// When the gate refuses the new price, the old order is cancelled: no quote is better than a
    /// stale one.
    pub fn quote_side(
        &mut self,
        quote: &SetQuote,
        side: Side,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        let (price, qty) = match side {
            Side::Buy => (quote.bid_price_ticks, quote.bid_qty_lots),
            Side::Sell => (quote.ask_price_ticks, quote.ask_qty_lots),
        };
        let (strategy, instrument) = (quote.strategy_id, quote.instrument_id);
        let live = self.orders(strategy).and_then(|t| t.quote(instrument, side)).copied();
        let reason = CancelReason::Quote;
        let old = match live {
            None if qty == 0 => return None,
            Some(old) if qty == 0 && old.cancel_sent => return None,
            Some(old) if qty == 0 => return Some(self.cancel_chain(strategy, &old, reason)),
            // It waits for the venue's answer; the quote is to be asked for again then.
            Some(old) if Self::is_busy(old.state) => return None,
            Some(old) if old.price == price && old.leaves <= qty => return None,
            Some(old) if old.price == price => {
                let qty = old.executed + qty;
                return Some(VenueCommand::Reduce { key: old.key(strategy), qty, reason });
            }
            old => old,
        };
        let client_id = self.state_mut(strategy).map_or(0, |state| state.orders.next_quote_id());
        let total = qty.saturating_add(old.map_or(0, |old| old.executed));
        let order =
            NewOrder { client_id, price, qty: total, ..resting_quote(strategy, instrument, side) };
        match (self.submit(&order, market, now, old), old) {
            (Ok(()), None) => Some(VenueCommand::Enter(order)),
            (Ok(()), Some(old)) => {
                let key = old.key(strategy);
                Some(VenueCommand::Replace { key, client_id, price, qty: total })
            }
            (Err(refusal), old) => {
                let key = key_of(strategy, instrument, client_id);
                emit_rejected(out, cause, key, SetQuote::KIND, refusal);
                old.map(|old| self.cancel_chain(strategy, &old, reason))
            }
        }
    }
}

/// Price that an order is checked at: its limit, or the trigger of a stop without one; `None` for one
/// that goes by the market.
const fn price_of(order: &NewOrder) -> Option<Ticks> {
    match order.order_type {
        OrderType::Limit | OrderType::StopLimit => Some(order.price),
        OrderType::Stop => Some(order.special.stop_price),
        _ => None,
    }
}

pub(super) const fn key_of(
    strategy: StrategyId,
    instrument: InstrumentId,
    client_id: u64,
) -> OrderKey {
    OrderKey { strategy, instrument, client_id, order_id: 0 }
}

pub(super) fn refuse(reason: RejectReason, value: u64, bound: u64) -> Refusal {
    let signed = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    Refusal { reason, value: signed(value), bound: signed(bound) }
}

pub(super) fn halted() -> Refusal {
    refuse(RejectReason::StrategyHalted, 0, 0)
}

const fn resting_limit(strategy: StrategyId, old: &OwnOrder) -> NewOrder {
    NewOrder {
        strategy,
        instrument: old.instrument,
        client_id: 0,
        side: old.side,
        order_type: OrderType::Limit,
        time_in_force: TimeInForce::Day,
        post_only: false,
        stp_mode: StpMode::Off,
        price: 0,
        qty: 0,
        special: SpecialTerms::NONE,
    }
}

pub(super) const fn resting_quote(
    strategy: StrategyId,
    instrument: InstrumentId,
    side: Side,
) -> NewOrder {
    NewOrder {
        strategy,
        instrument,
        client_id: 0,
        side,
        order_type: OrderType::Limit,
        time_in_force: TimeInForce::Day,
        post_only: true,
        stp_mode: StpMode::CancelNewest,
        price: 0,
        qty: 0,
        special: SpecialTerms::NONE,
    }
}
