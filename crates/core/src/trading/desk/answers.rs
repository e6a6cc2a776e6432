// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the venue answers: order states and the events that say so. `fills.rs` has what trades,
//! `doubts.rs` what happens when it does not answer.

use super::{Desk, NewOrder, OrderKey, VenueCancel, emit_rejected};
use crate::component::Outbox;
use crate::events::{
    CancelOrder, CancelReason, OrderAccepted, OrderCanceled, OrderReplaced, OrderState, ReportKind,
    StateReason,
};
use crate::risk::Refusal;
use crate::trading::QUOTE_ID_FIRST;
use crate::trading::desk::VenueCommand;
use crate::trading::oms::OwnOrder;
use crate::trading::states::Word;
use crate::types::{InstrumentId, Lots, StrategyId, Ticks};

impl Desk {
    /// The venue took an order. Gives what is to be done about it: the cancel that it refused while
    /// the order was on its way.
    pub fn on_accepted(
        &mut self,
        key: OrderKey,
        order: &NewOrder,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        if self.find(key).is_some_and(|order| order.is_accepted) {
            return None;
        }
        let heard = self.hear(key, Word::Accepted, |order| {
            order.order_id = key.order_id;
            order.is_accepted = true;
        });
        let Some(heard) = heard else {
            self.on_unknown_order(key, ReportKind::Accepted, cause, out);
            return None;
        };
        if heard.next.is_flagged() {
            Self::tell_state(key, &heard, StateReason::Contradiction, cause, out);
        }
        if heard.before.state.is_dead() {
            return None;
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
        self.cancel_if_wanted(key)
    }

    /// The venue refused a new order, or a replacement: its exposure is released. The order that was
    /// to be replaced lives on; gives its cancel where it was to go with the chain, or is a quote's:
    /// no quote is better than a stale one.
    pub fn on_rejected(
        &mut self,
        key: OrderKey,
        command: u16,
        refusal: Refusal,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        let is_late = self.find(key).is_some_and(|order| order.is_accepted);
        let word = if is_late { Word::RejectedLate } else { Word::Rejected };
        let heard = self.hear(key, word, |_| {});
        if heard.is_none_or(|heard| !heard.before.state.is_dead()) {
            emit_rejected(out, cause, key, command, refusal);
        }
        let heard = heard?;
        if heard.next.is_flagged() {
            Self::tell_state(key, &heard, StateReason::Contradiction, cause, out);
            return None;
        }
        let was_alive = !heard.before.state.is_dead();
        (was_alive && heard.before.replaces != 0)
            .then(|| self.replacement_refused(key, heard.before.replaces))
            .flatten()
    }

    /// The order that was not replaced lives on, unless it is no longer wanted.
    fn replacement_refused(&mut self, key: OrderKey, old: u64) -> Option<VenueCommand> {
        let old = OrderKey { client_id: old, order_id: 0, ..key };
        self.hear(old, Word::ReplaceRejected, |order| {
            order.is_replacing = false;
            order.wants_cancel |= order.client_id >= QUOTE_ID_FIRST;
        })?;
        self.cancel_if_wanted(old)
    }

    /// The cancel of an order that is to go, lives at the venue, and has none on its way.
    pub(super) fn cancel_if_wanted(&mut self, key: OrderKey) -> Option<VenueCommand> {
        let order = *self.state(key.strategy)?.orders.get(key.instrument, key.client_id)?;
        if !order.wants_cancel || order.cancel_sent || !order.is_accepted {
            return None;
        }
        self.on_cancel_sent(key);
        let is_quote = order.client_id >= QUOTE_ID_FIRST;
        let reason = if is_quote { CancelReason::Quote } else { CancelReason::User };
        Some(VenueCommand::Cancel { key: order.key(key.strategy), reason })
    }

    /// A cancel of all of an order leaves.
    pub fn on_cancel_sent(&mut self, key: OrderKey) {
        self.hear(key, Word::CancelSent, |order| {
            order.wants_cancel = true;
            order.cancel_sent = true;
        });
    }

    /// The venue refused to cancel: the order lives on, or the report of its end is on its way.
    /// Gives whether the venue is to be asked which.
    pub fn on_cancel_rejected(
        &mut self,
        key: OrderKey,
        refusal: Refusal,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> bool {
        emit_rejected(out, cause, key, CancelOrder::KIND, refusal);
        let heard = self.hear(key, Word::CancelRejected, |order| {
            order.cancel_sent = false;
            // Refused because the venue did not have it yet: it goes again when it has.
            order.wants_cancel &= !order.is_accepted;
        });
        heard.is_some_and(|heard| !heard.after.state.is_dead())
    }

    /// An order, or part of it, was cancelled.
    pub fn on_canceled(
        &mut self,
        key: OrderKey,
        cancel: VenueCancel,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let VenueCancel { qty, leaves, reason, is_once } = cancel;
        let word = match reason {
            _ if leaves != 0 => Word::Reduced,
            CancelReason::Expired | CancelReason::DayEnded => Word::Expired,
            _ => Word::Canceled,
        };
        if self.find(key).is_some_and(|order| order.is_gone) {
            return;
        }
        let missing = self.missing(key, qty, leaves);
        let word = if missing == 0 { word } else { Word::ToldOwing };
        let heard = self.hear(key, word, |order| {
            // A part of no size took nothing off. Of an unknown order the part may be said twice.
            let is_known = is_once || order.state != OrderState::Unknown;
            let is_sure = leaves == 0 || (is_known && qty != 0);
            if leaves + missing != 0 && is_sure {
                order.leaves = leaves + missing;
            }
            order.is_gone = leaves == 0;
        });
        let Some(heard) = heard else {
            self.on_unknown_order(key, ReportKind::Canceled, cause, out);
            return;
        };
        if heard.next.is_flagged() {
            Self::tell_state(key, &heard, StateReason::Contradiction, cause, out);
        }
        if missing != 0 {
            Self::tell_state(key, &heard, StateReason::FillsMissing, cause, out);
        }
        if heard.before.state.is_dead() {
            return;
        }
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
        let key = OrderKey { strategy, instrument, client_id, order_id: 0 };
        let is_pending = |order: &&OwnOrder| !order.is_accepted && !order.state.is_dead();
        let Some(order) = self.find(key).filter(is_pending).copied() else { return };
        self.hear(key, Word::Canceled, |_| {});
        let old = OrderKey { client_id: order.replaces, ..key };
        self.hear(old, Word::ReplaceRejected, |old| old.is_replacing = false);
    }

    /// A replacement took an order's place: the old one's exposure is released.
    ///
    /// The venue's word counts for what is left. Where it executed more of the old order than was
    /// told, the old order is unknown until those fills came, under its name.
    pub fn on_replaced(
        &mut self,
        old_order_id: u64,
        key: OrderKey,
        price: Ticks,
        leaves: Lots,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let Some(new) = self.find(key).copied() else {
            self.on_unknown_order(key, ReportKind::Replaced, cause, out);
            return;
        };
        if new.is_accepted {
            return;
        }
        let executed = (new.leaves + new.executed).saturating_sub(leaves);
        let old = match new.replaces {
            0 => self.state(key.strategy).and_then(|state| {
                state
                    .orders
                    .client_id_of(key.instrument, old_order_id)
                    .filter(|_| old_order_id != 0)
            }),
            old => Some(old),
        };
        if let Some(client_id) = old {
            let old = OrderKey { client_id, order_id: 0, ..key };
            self.replaced_away(old, executed, cause, out);
        }
        let heard = self.hear(key, Word::Accepted, |order| {
            order.order_id = key.order_id;
            order.is_accepted = true;
            order.replaces = 0;
            order.leaves = leaves;
            order.executed = executed;
        });
        if let Some(heard) = heard.filter(|heard| heard.next.is_flagged()) {
            Self::tell_state(key, &heard, StateReason::Contradiction, cause, out);
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

    /// What a cancelled order must have traded without a word, given how much the cancel took off.
    fn missing(&self, key: OrderKey, qty: Lots, leaves: Lots) -> Lots {
        let state = self.state(key.strategy);
        let open = state.and_then(|state| state.orders.get(key.instrument, key.client_id));
        let open = open.filter(|_| qty != 0).map_or(0, |order| order.leaves);
        open.saturating_sub(qty).saturating_sub(leaves)
    }

    /// An order that was replaced when `executed` of its chain had traded, as the venue counts.
    fn replaced_away(&mut self, key: OrderKey, executed: Lots, cause: u64, out: &mut dyn Outbox) {
        let known = self.find(key).map_or(executed, |order| order.executed);
        let missing = executed.saturating_sub(known);
        if missing == 0 {
            self.hear(key, Word::Replaced, |_| {});
        } else {
            self.await_fills(key, missing, cause, out);
        }
    }

    /// An order is dead at the venue, and `missing` lots of it traded that were not told.
    fn await_fills(&mut self, key: OrderKey, missing: Lots, cause: u64, out: &mut dyn Outbox) {
        let heard = self.hear(key, Word::ToldOwing, |order| {
            order.leaves = missing;
            order.is_gone = true;
        });
        let Some(heard) = heard else { return };
        Self::tell_state(key, &heard, StateReason::FillsMissing, cause, out);
        let OrderKey { strategy, instrument, client_id, .. } = key;
        if self.orders(strategy).is_some_and(|table| table.get(instrument, client_id).is_some()) {
            // These fills come beside those of the replacement: they share no reservation any more.
            let OwnOrder { side, price, leaves, .. } = heard.after;
            self.risk.on_canceled(strategy, client_id, 0);
            self.risk.adopt(strategy, instrument, client_id, side, price, leaves);
        }
    }

    /// Whether an order waits for an answer, or is unknown: it cannot be replaced.
    pub(super) const fn is_busy(state: OrderState) -> bool {
        !state.is_settled()
    }
}
