// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the venue answers: order states, positions and the events that say so.

use super::{Desk, NewOrder, OrderKey, VenueFill, emit_rejected};
use crate::component::Outbox;
use crate::events::{
    CancelReason, Liquidity, OrderAccepted, OrderCanceled, OrderFilled, OrderReplaced,
    PositionChanged,
};
use crate::risk::{Fill, Refusal};
use crate::trading::portfolio::FillFacts;
use crate::types::{InstrumentId, Lots, StrategyId, Ticks};

impl Desk {
    /// The venue took an order.
    pub fn on_accepted(
        &mut self,
        key: OrderKey,
        order: &NewOrder,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let Some(state) = self.state_mut(key.strategy) {
            state.orders.set_order_id(key.instrument, key.client_id, key.order_id);
        }
        let event = OrderAccepted {
            cause_seq: cause,
            order_id: key.order_id,
            client_id: key.client_id,
            price_ticks: order.price,
            qty_lots: order.qty,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            side: order.side.raw(),
            order_type: order.order_type.raw(),
            time_in_force: order.time_in_force.raw(),
            post_only: u8::from(order.post_only),
            reserved: 0,
        };
        out.emit(OrderAccepted::KIND, OrderAccepted::VERSION, &event.encode());
    }

    /// The venue refused a new order: its exposure is released.
    pub fn on_rejected(
        &mut self,
        key: OrderKey,
        command: u16,
        refusal: Refusal,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let Some(state) = self.state_mut(key.strategy) {
            state.orders.change(key.instrument, key.client_id, 0, 0);
        }
        self.risk.on_rejected(key.strategy, key.client_id);
        emit_rejected(out, cause, key, command, refusal);
    }

    /// One of our orders traded.
    pub fn on_filled(&mut self, key: OrderKey, fill: &VenueFill, cause: u64, out: &mut dyn Outbox) {
        let Some(state) = self.state_mut(key.strategy) else { return };
        let before = state.orders.change(key.instrument, key.client_id, fill.leaves, fill.qty);
        let Some(order) = before else { return };
        let facts = FillFacts {
            side: order.side,
            price: fill.price,
            qty: fill.qty,
            maker: fill.liquidity == Liquidity::Added,
            arrival_mid2: order.arrival_mid2,
        };
        let reserved = Fill {
            strategy: key.strategy,
            instrument: key.instrument,
            client_id: key.client_id,
            side: order.side,
            price: fill.price,
            qty: fill.qty,
            leaves: fill.leaves,
            fee_e9: 0,
            is_manual: false,
        };
        self.risk.on_fill(&reserved);
        let event = OrderFilled {
            cause_seq: cause,
            order_id: key.order_id,
            client_id: key.client_id,
            match_id: fill.match_id,
            price_ticks: fill.price,
            qty_lots: fill.qty,
            leaves_lots: fill.leaves,
            arrival_mid2_ticks: order.arrival_mid2,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            side: order.side.raw(),
            liquidity: fill.liquidity.raw(),
            reserved1: 0,
            reserved2: 0,
        };
        out.emit(OrderFilled::KIND, OrderFilled::VERSION, &event.encode());
        if let Some(position) = self.portfolio.fill(key.strategy, key.instrument, &facts) {
            let changed = PositionChanged {
                cause_seq: cause,
                position_lots: position.lots,
                cash_ticklots: position.cash.clamp(i64::MIN.into(), i64::MAX.into()) as i64,
                strategy_id: key.strategy,
                instrument_id: key.instrument,
            };
            out.emit(PositionChanged::KIND, PositionChanged::VERSION, &changed.encode());
        }
    }

    /// An order, or part of it, was cancelled.
    pub fn on_canceled(
        &mut self,
        key: OrderKey,
        qty: Lots,
        leaves: Lots,
        reason: CancelReason,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let Some(state) = self.state_mut(key.strategy) {
            state.orders.change(key.instrument, key.client_id, leaves, 0);
        }
        self.risk.on_canceled(key.strategy, key.client_id, leaves);
        let event = OrderCanceled {
            cause_seq: cause,
            order_id: key.order_id,
            client_id: key.client_id,
            qty_lots: qty,
            leaves_lots: leaves,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            reason: u16::from(reason.raw()),
            reserved1: 0,
            reserved2: 0,
        };
        out.emit(OrderCanceled::KIND, OrderCanceled::VERSION, &event.encode());
    }

    /// The venue will say no more of an order that it never took: its exposure is released.
    pub fn release(&mut self, strategy: StrategyId, instrument: InstrumentId, client_id: u64) {
        if let Some(state) = self.state_mut(strategy) {
            let pending = state.orders.get(instrument, client_id).is_some_and(|o| o.order_id == 0);
            if pending {
                state.orders.change(instrument, client_id, 0, 0);
                self.risk.on_canceled(strategy, client_id, 0);
            }
        }
    }

    /// A replacement took an order's place: the old one's exposure is released.
    pub fn on_replaced(
        &mut self,
        old_order_id: u64,
        key: OrderKey,
        price: Ticks,
        leaves: Lots,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let orders = self.orders(key.strategy);
        if let Some(old) = orders.and_then(|all| all.client_id_of(key.instrument, old_order_id)) {
            self.risk.on_replaced(key.strategy, old, key.client_id, leaves);
        }
        if let Some(state) = self.state_mut(key.strategy) {
            let old = state.orders.client_id_of(key.instrument, old_order_id);
            if let Some(old) = old.and_then(|old| state.orders.change(key.instrument, old, 0, 0)) {
                // The old order may have traded while its replacement was on its way.
                let new = state.orders.get(key.instrument, key.client_id).copied();
                let known = new.map_or(old.executed, |new| new.executed);
                let traded = old.executed.saturating_sub(known);
                state.orders.change(key.instrument, key.client_id, leaves, traded);
            }
            state.orders.set_order_id(key.instrument, key.client_id, key.order_id);
        }
        let event = OrderReplaced {
            cause_seq: cause,
            old_order_id,
            order_id: key.order_id,
            client_id: key.client_id,
            price_ticks: price,
            qty_lots: leaves,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
        };
        out.emit(OrderReplaced::KIND, OrderReplaced::VERSION, &event.encode());
    }
}
