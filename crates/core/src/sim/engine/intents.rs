// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Every entry that is not market data: what strategies ask for, limits, definitions, timers.

use super::Core;
use crate::book::Bbo;
use crate::component::{Entry, Outbox};
use crate::events::{
    CancelAll, CancelOrder, CancelReason, CloseParent, EnterOrder, FeesSet, InstrumentDefined,
    OpenParent, ReplaceOrder, SetQuote, StrategyStarted, StrategyStopped, SubmitGroup, SubmitOrder,
    TickRungDefined, TimerFired,
};
use crate::sim::venue::{Answers, execute};
use crate::trading::{
    Callback, GROUP_STEPS_MAX, LEGS_MAX, OrderKey, Reference, Telling, VenueCommand,
};
use crate::types::{InstrumentId, Side, StrategyId, TickTable};

impl Core {
    /// What the desk is told of a market when it decides.
    pub(super) fn reference(&self, id: InstrumentId) -> Reference {
        let Bbo { bid, ask } = self.venue.books().bbo(id);
        let last = self.markets.get(id as usize).and_then(|market| market.last_trade);
        Reference {
            bid: bid.map(|l| l.price),
            ask: ask.map(|l| l.price),
            last,
            // A source has no gaps that are not its own, and is as fresh as its entries.
            heard_ns: self.desk.risk().now(),
            is_whole: true,
            input_ns: self.desk.risk().now(),
            depth: None,
        }
    }

    /// Has the venue do what the desk decided, and looks at the market afterwards.
    pub(super) fn send(
        &mut self,
        id: InstrumentId,
        command: VenueCommand,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let VenueCommand::Cancel { key, .. } | VenueCommand::Reduce { key, .. } = &command {
            self.desk.risk_mut().on_cancel(key.strategy, key.instrument);
        }
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let mut answers = Answers { desk: &mut self.desk, out: &mut telling, cause };
        execute(&mut self.venue, &command, &mut answers);
        if id != 0 && (id as usize) < self.markets.len() {
            self.look(id);
        }
    }

    /// Any entry but market data.
    pub(super) fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let body = entry.body;
        match entry.kind {
            EnterOrder::KIND => with(EnterOrder::decode(body), |e| self.enter(&e, entry, out)),
            SubmitOrder::KIND => {
                with(SubmitOrder::decode(body), |e| self.submit_order(&e, entry, out));
            }
            SubmitGroup::KIND => {
                with(SubmitGroup::decode(body), |e| self.submit_group(&e, entry, out));
            }
            OpenParent::KIND => with(OpenParent::decode(body), |e| {
                let mut telling = Telling { out, callbacks: &mut self.callbacks };
                self.desk.open_parent(&e, entry.seq, &mut telling);
            }),
            CloseParent::KIND => with(CloseParent::decode(body), |e| {
                let mut telling = Telling { out, callbacks: &mut self.callbacks };
                self.desk.close_parent(&e, entry.seq, &mut telling);
            }),
            CancelOrder::KIND => with(CancelOrder::decode(body), |e| self.cancel(&e, entry, out)),
            ReplaceOrder::KIND => {
                with(ReplaceOrder::decode(body), |e| self.replace(&e, entry, out));
            }
            SetQuote::KIND => with(SetQuote::decode(body), |e| self.quote(&e, entry, out)),
            CancelAll::KIND => with(CancelAll::decode(body), |e| {
                self.cancel_all(e.strategy_id, e.instrument_id, CancelReason::User, entry, out);
            }),
            InstrumentDefined::KIND => with(InstrumentDefined::decode(body), |e| {
                self.define(&e, TickTable::flat(1));
            }),
            TickRungDefined::KIND => {
                with(TickRungDefined::decode(body), |e| self.define_rung(&e));
            }
            FeesSet::KIND => with(FeesSet::decode(body), |e| self.desk.fees_mut().set(&e)),
            TimerFired::KIND => with(TimerFired::decode(body), |e| {
                self.callbacks.push_back(Callback::Timer(e.timer_id));
            }),
            StrategyStarted::KIND => with(StrategyStarted::decode(body), |e| {
                self.desk.set_running(e.strategy_id, true);
            }),
            StrategyStopped::KIND => with(StrategyStopped::decode(body), |e| {
                self.desk.set_running(e.strategy_id, false);
                let reason = CancelReason::StrategyStopped;
                self.cancel_all(e.strategy_id, 0, reason, entry, out);
            }),
            // Limits and what else speaks to the gate. The configuration is for readers; other kinds
            // are of a later version: kept, skipped.
            _ => {
                self.desk.risk_mut().apply(entry.kind, body, entry.ts_ns, entry.seq, out);
            }
        }
    }

    pub(super) fn enter(&mut self, order: &EnterOrder, entry: Entry<'_>, out: &mut dyn Outbox) {
        let market = self.reference_for(order.instrument_id, order.side);
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let command = self.desk.enter(order, &market, entry.ts_ns, entry.seq, &mut telling);
        if let Some(command) = command {
            self.send(order.instrument_id, command, entry.seq, out);
        }
    }

    /// What the gate is told of a market, for an order of this side.
    fn reference_for(&self, id: InstrumentId, side: u8) -> Reference {
        let mut market = self.reference(id);
        if let Some(side) = Side::from_raw(side)
            && self.desk.risk().wants_depth(id)
        {
            let levels = self.others(id, side.opposite());
            market.set_depth(levels.map(|level| (level.price, level.qty)));
        }
        market
    }

    fn submit_order(&mut self, order: &SubmitOrder, entry: Entry<'_>, out: &mut dyn Outbox) {
        let market = self.reference_for(order.instrument_id, order.side);
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let (now, cause) = (entry.ts_ns, entry.seq);
        let command = self.desk.submit_order(order, &market, now, cause, &mut telling);
        if let Some(command) = command {
            self.send(order.instrument_id, command, cause, out);
        }
    }

    fn submit_group(&mut self, group: &SubmitGroup, entry: Entry<'_>, out: &mut dyn Outbox) {
        let ids = [group.leg1_instrument_id, group.leg2_instrument_id, group.leg3_instrument_id];
        let last: [_; LEGS_MAX] = ids.map(|id| self.reference(id).last.unwrap_or(0));
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        self.desk.submit_group(group, last, entry.seq, &mut telling);
    }

    /// What groups of orders need now: sent, resized, cancelled, told.
    #[cold]
    pub(super) fn look_after_groups(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let (now, cause) = (entry.ts_ns, entry.seq);
        for _ in 0..GROUP_STEPS_MAX {
            let mut telling = Telling { out: &mut *out, callbacks: &mut self.callbacks };
            let Some(due) = self.desk.next_due(cause, &mut telling) else { return };
            let market = self.reference_for(due.instrument, due.side.raw());
            let mut telling = Telling { out: &mut *out, callbacks: &mut self.callbacks };
            let command = self.desk.carry_out(&due, None, &market, now, cause, &mut telling);
            if let Some(command) = command {
                self.send(due.instrument, command, cause, out);
            }
        }
    }

    pub(super) fn cancel(&mut self, cancel: &CancelOrder, entry: Entry<'_>, out: &mut dyn Outbox) {
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        if let Some(command) = self.desk.cancel(cancel, entry.seq, &mut telling) {
            self.send(cancel.instrument_id, command, entry.seq, out);
        }
    }

    pub(super) fn replace(
        &mut self,
        replace: &ReplaceOrder,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let market = self.reference(replace.instrument_id);
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let command = self.desk.replace(replace, &market, entry.ts_ns, entry.seq, &mut telling);
        if let Some(command) = command {
            self.send(replace.instrument_id, command, entry.seq, out);
        }
    }

    pub(super) fn quote(&mut self, quote: &SetQuote, entry: Entry<'_>, out: &mut dyn Outbox) {
        for side in self.desk.quote_order(quote) {
            let market = self.reference(quote.instrument_id);
            let mut telling = Telling { out, callbacks: &mut self.callbacks };
            let (now, cause) = (entry.ts_ns, entry.seq);
            let command = self.desk.quote_side(quote, side, &market, now, cause, &mut telling);
            let Some(command) = command else { continue };
            self.send(quote.instrument_id, command, cause, out);
            if let VenueCommand::Replace { key, .. } = command
                && self.venue.order(key.order_id).is_some()
            {
                // The venue refused to move it: no quote is better than a stale one.
                let cancel = VenueCommand::Cancel { key, reason: CancelReason::Quote };
                self.send(quote.instrument_id, cancel, cause, out);
            }
        }
    }

    /// What the gate wants known is put out; of a scope that it halts, every strategy's orders in
    /// each of its instruments are cancelled.
    #[cold]
    pub(super) fn answer_alerts(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        while let Some(alert) = self.desk.risk_mut().next_alert() {
            alert.emit(entry.seq, out);
            let Some(scope) = alert.halts() else { continue };
            for strategy in 1..=self.desk.strategies_max() {
                for id in 1..self.markets.len() as u32 {
                    if self.desk.risk().takes_in(scope, strategy, id) && self.desk.has_open(id) {
                        self.cancel_all(strategy, id, CancelReason::Killed, entry, out);
                    }
                }
            }
        }
    }

    pub(super) fn cancel_all(
        &mut self,
        strategy: StrategyId,
        instrument: InstrumentId,
        reason: CancelReason,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let wanted = |key: &OrderKey| {
            key.strategy == strategy && (instrument == 0 || key.instrument == instrument)
        };
        self.desk.drop_legs(|_, key| wanted(key));
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let mut answers = Answers { desk: &mut self.desk, out: &mut telling, cause: entry.seq };
        self.venue.cancel_owner(strategy, instrument, reason, &mut answers);
    }
}

/// Does something with an event whose bytes were whole; a journal checks them by its checksum.
fn with<T>(event: Option<T>, then: impl FnOnce(T)) {
    if let Some(event) = event {
        then(event);
    }
}
