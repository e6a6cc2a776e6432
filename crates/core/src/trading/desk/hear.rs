// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a word reaches an order, alive or dead, and what is put out when it should not have come.

use super::{Desk, OrderKey};
use crate::component::Outbox;
use crate::events::{OrderState, OrderStateChanged, OrderUnknown, ReportKind, StateReason};
use crate::trading::oms::OwnOrder;
use crate::trading::states::{Next, Word, next};
use crate::types::{InstrumentId, StrategyId};

/// Alarms that wait to be taken; more are dropped, since one is enough to halt.
pub(super) const ALARMS_MAX: usize = 64;

/// Something that must not happen: the account is to be halted until a person looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Whose; 0 if nobody's.
    pub strategy: StrategyId,
    /// Instrument.
    pub instrument: InstrumentId,
    /// The order; 0 if there is none.
    pub client_id: u64,
}

/// What a word did to an order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    pub(super) before: OwnOrder,
    pub(super) after: OwnOrder,
    pub(super) next: Next,
}

fn step(order: &mut OwnOrder, word: Word) -> Next {
    let next = next(order.state, word);
    order.state = match next {
        Next::Stay | Next::StayFlagged => order.state,
        Next::Live => order.live_state(),
        Next::To(state) | Next::ToFlagged(state) => state,
    };
    next
}

impl Desk {
    /// Says a word of an order, dead ones included; `prepare` brings in what comes with it. `None`
    /// when no such order is remembered.
    pub(super) fn hear(
        &mut self,
        key: OrderKey,
        word: Word,
        prepare: impl FnOnce(&mut OwnOrder),
    ) -> Option<Heard> {
        let state = self.state_mut(key.strategy)?;
        let is_live = state.orders.get(key.instrument, key.client_id).is_some();
        let mut next = Next::Stay;
        let heard = if is_live {
            let changed = state.orders.update(key.instrument, key.client_id, |order| {
                prepare(order);
                next = step(order, word);
            });
            let (before, after) = changed?;
            let is_dead = after.state.is_dead();
            if is_dead {
                state.dead.bury(&after);
            }
            if is_dead || after.leaves != before.leaves {
                let leaves = if is_dead { 0 } else { after.leaves };
                self.risk.on_canceled(key.strategy, key.client_id, leaves);
            }
            Heard { before, after, next }
        } else {
            let order = state.dead.get_mut(key.instrument, key.client_id)?;
            let before = *order;
            let mut after = before;
            prepare(&mut after);
            next = step(&mut after, word);
            if !after.state.is_dead() && state.orders.has_place(&after) {
                state.orders.insert(after);
                let OwnOrder { client_id, instrument, side, price, leaves, .. } = after;
                self.risk.adopt(key.strategy, instrument, client_id, side, price, leaves);
            } else {
                // What trades after death is kept with the dead, so that it is counted once.
                *order = OwnOrder { state: before.state, ..after };
            }
            Heard { before, after, next }
        };
        if heard.next.is_flagged() {
            self.alarm(key);
        }
        if heard.after.leg_id != 0 {
            self.leg_heard(key.strategy, &heard, word);
        }
        Some(heard)
    }

    /// An order of ours, alive or remembered.
    #[must_use]
    pub fn find(&self, key: OrderKey) -> Option<&OwnOrder> {
        let state = self.state(key.strategy)?;
        let live = state.orders.get(key.instrument, key.client_id);
        live.or_else(|| state.dead.get(key.instrument, key.client_id))
    }

    /// Where an order of ours stands; `None` when it never was or is no longer remembered.
    #[must_use]
    pub fn order_state(&self, key: OrderKey) -> Option<OrderState> {
        self.find(key).map(|order| order.state)
    }

    pub(super) fn alarm(&mut self, key: OrderKey) {
        let OrderKey { strategy, instrument, client_id, .. } = key;
        if self.alarms.len() < ALARMS_MAX {
            self.alarms.push_back(Alarm { strategy, instrument, client_id });
        }
    }

    /// Whether there is anything to take by [`Self::next_alarm`].
    #[inline]
    #[must_use]
    pub fn has_alarms(&self) -> bool {
        !self.alarms.is_empty()
    }

    /// The next thing that must not have happened. Whoever owns the desk halts what it concerns.
    pub fn next_alarm(&mut self) -> Option<Alarm> {
        self.alarms.pop_front()
    }

    /// Puts out that an order's state changed, when it did or when a person is to look.
    pub(super) fn tell_state(
        key: OrderKey,
        heard: &Heard,
        reason: StateReason,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let Heard { before, after, next } = heard;
        if before.state == after.state && !next.is_flagged() {
            return;
        }
        let reason = if next.is_flagged() { StateReason::Contradiction } else { reason };
        let event = OrderStateChanged {
            cause_seq: cause,
            order_id: after.order_id,
            client_id: key.client_id,
            leaves_lots: if after.state.is_dead() { 0 } else { after.leaves },
            executed_lots: after.executed,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            was: before.state.raw(),
            state: after.state.raw(),
            reason: reason.raw(),
            is_flagged: u8::from(next.is_flagged()),
            reserved: 0,
        };
        out.emit(OrderStateChanged::KIND, OrderStateChanged::VERSION, &event.encode());
    }

    /// The venue speaks of an order that is not ours, or no longer remembered.
    pub fn on_unknown_order(
        &mut self,
        key: OrderKey,
        report: ReportKind,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let event = OrderUnknown {
            cause_seq: cause,
            order_id: key.order_id,
            client_id: key.client_id,
            strategy_id: key.strategy,
            instrument_id: key.instrument,
            report: report.raw(),
            reserved1: 0,
            reserved2: 0,
            reserved3: 0,
        };
        out.emit(OrderUnknown::KIND, OrderUnknown::VERSION, &event.encode());
        self.alarm(key);
    }
}
