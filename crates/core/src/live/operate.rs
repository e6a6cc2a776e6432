// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Every other input: definitions, links, trading states, strategies that come and go, timers.

use super::Node;
use crate::component::{Entry, Outbox};
use crate::events::{
    CancelAll, CancelOrder, CancelReason, ClockTicked, CloseParent, EnterOrder, FeeTakenInKind,
    FeedDelayed, FeedState, FeedStateChanged, FeesSet, FlattenRequested, InstrumentDefined,
    InstrumentListed, LimitsTaken, NodeConfigured, OpenParent, ReconciliationSet, ReplaceOrder,
    SetQuote, StopReason, StrategyParameterDeclared, StrategyParameterSet, StrategyStarted,
    StrategyStopped, SubmitGroup, SubmitOrder, TickRungDefined, TimerFired, TradingStateSet,
    VenueDefined, VenueLink, VenueLinkChanged, VenueReported,
};
use crate::trading::{Callback, OrderKey};
use crate::types::StrategyId;

impl Node {
    /// Any entry but market data and the messages of venues.
    pub(super) fn apply_other(&mut self, entry: Entry<'_>, tail: &[u8], out: &mut dyn Outbox) {
        let body = entry.body;
        match entry.kind {
            SetQuote::KIND => with(SetQuote::decode(body), |e| self.quote(&e, entry, out)),
            EnterOrder::KIND => with(EnterOrder::decode(body), |e| self.enter(&e, entry, out)),
            SubmitOrder::KIND => {
                with(SubmitOrder::decode(body), |e| self.submit_order(&e, entry, out));
            }
            SubmitGroup::KIND => {
                with(SubmitGroup::decode(body), |e| self.submit_group(&e, entry, out));
            }
            OpenParent::KIND => with(OpenParent::decode(body), |e| {
                let (desk, mut telling) = self.core.telling(out);
                desk.open_parent(&e, entry.seq, &mut telling);
            }),
            CloseParent::KIND => with(CloseParent::decode(body), |e| {
                let (desk, mut telling) = self.core.telling(out);
                desk.close_parent(&e, entry.seq, &mut telling);
            }),
            CancelOrder::KIND => with(CancelOrder::decode(body), |e| self.cancel(&e, entry, out)),
            ReplaceOrder::KIND => {
                with(ReplaceOrder::decode(body), |e| self.replace(&e, entry, out));
            }
            CancelAll::KIND => with(CancelAll::decode(body), |e| self.cancel_all(e, entry, out)),
            VenueReported::KIND => {
                self.core.input_ns = entry.ts_ns;
                with(VenueReported::decode(body), |e| self.venue_reported(&e, entry, out));
            }
            FeeTakenInKind::KIND => {
                with(FeeTakenInKind::decode(body), |e| self.fee_taken(&e, entry, out));
            }
            TimerFired::KIND => with(TimerFired::decode(body), |e| {
                self.core.input_ns = entry.ts_ns;
                self.core.callbacks.push_back(Callback::Timer(e.timer_id));
            }),
            LimitsTaken::KIND => self.take_limits(entry, tail, out),
            NodeConfigured::KIND => {
                with(NodeConfigured::decode(body), |e| self.configured(e, tail));
            }
            _ => self.apply_rare(entry, out),
        }
    }

    #[cold]
    fn apply_rare(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let body = entry.body;
        match entry.kind {
            VenueDefined::KIND => with(VenueDefined::decode(body), |e| self.define_venue(e)),
            InstrumentDefined::KIND => with(InstrumentDefined::decode(body), |e| self.define(&e)),
            TickRungDefined::KIND => with(TickRungDefined::decode(body), |e| self.define_rung(&e)),
            InstrumentListed::KIND => {
                with(InstrumentListed::decode(body), |e| self.list(&e));
            }
            ReconciliationSet::KIND => with(ReconciliationSet::decode(body), |e| {
                self.set_reconciliation(&e, entry);
            }),
            FeesSet::KIND => with(FeesSet::decode(body), |e| self.core.desk.fees_mut().set(&e)),
            FeedStateChanged::KIND => {
                with(FeedStateChanged::decode(body), |e| self.feed_changed(&e, entry, out));
            }
            FeedDelayed::KIND => with(FeedDelayed::decode(body), |e| self.feed_delayed(&e)),
            VenueLinkChanged::KIND => {
                with(VenueLinkChanged::decode(body), |e| self.link(&e, entry, out));
            }
            TradingStateSet::KIND => {
                with(TradingStateSet::decode(body), |e| self.set_state(e, entry, out));
            }
            FlattenRequested::KIND => {
                with(FlattenRequested::decode(body), |e| self.flatten(e, entry, out));
            }
            StrategyParameterDeclared::KIND => {
                with(StrategyParameterDeclared::decode(body), |e| self.declare_parameter(&e));
            }
            StrategyParameterSet::KIND => {
                with(StrategyParameterSet::decode(body), |e| self.set_parameter(&e));
            }
            StrategyStarted::KIND => with(StrategyStarted::decode(body), |e| {
                self.core.input_ns = entry.ts_ns;
                self.core.desk.set_running(e.strategy_id, true);
                self.hold(e.strategy_id, false);
                self.parameters.began(e.strategy_id);
            }),
            StrategyStopped::KIND => with(StrategyStopped::decode(body), |e| {
                self.core.desk.set_running(e.strategy_id, false);
                match StopReason::from_raw(e.reason as u8) {
                    // What ended with its process or its node begins again with it.
                    Some(StopReason::Crashed) => {}
                    Some(StopReason::NodeStopped) => self.hold(e.strategy_id, false),
                    _ => self.hold(e.strategy_id, true),
                }
                let wanted = |key: &OrderKey| key.strategy == e.strategy_id;
                self.cancel_where(wanted, CancelReason::StrategyStopped, entry.seq, out);
            }),
            ClockTicked::KIND => {
                self.core.desk.risk_mut().apply(entry.kind, body, entry.ts_ns, entry.seq, out);
                self.look_for_late(entry, out);
            }
            // Limits and what else speaks to the gate. The configuration is for readers; other kinds
            // are of a later version: kept, skipped.
            _ => {
                let risk = self.core.desk.risk_mut();
                risk.apply(entry.kind, body, entry.ts_ns, entry.seq, out);
            }
        }
    }

    fn hold(&mut self, strategy: StrategyId, is_held: bool) {
        if let Some(held) = self.core.held.get_mut(strategy as usize) {
            *held = is_held;
        }
    }

    /// A connection to a venue came or went.
    fn link(&mut self, change: &VenueLinkChanged, entry: Entry<'_>, out: &mut dyn Outbox) {
        let Some(venue) = self.venues.get_mut((change.venue_id as usize).wrapping_sub(1)) else {
            return;
        };
        match (VenueLink::from_raw(change.link), change.is_up != 0) {
            (Some(VenueLink::Orders), is_up) => {
                // One that comes without having gone went when nobody was there to say so.
                if venue.port.is_up() {
                    self.orders_lost(change.venue_id, entry, out);
                }
                if is_up {
                    self.orders_found(change.venue_id, entry, out);
                }
            }
            (Some(VenueLink::Data), is_up) => {
                let state = if is_up { FeedState::Live } else { FeedState::Lost };
                self.core.health.on_feed(venue.feed_id, state, &entry, out);
            }
            (Some(VenueLink::DropCopy), is_up) => self.copy_link(change.venue_id, is_up, entry),
            _ => {}
        }
    }
}

/// Does something with an event whose bytes were whole; a journal checks them by its checksum.
fn with<T>(event: Option<T>, then: impl FnOnce(T)) {
    if let Some(event) = event {
        then(event);
    }
}
