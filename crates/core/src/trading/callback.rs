// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a strategy is told. Derived from the journal, never part of the state.

use std::collections::VecDeque;

use crate::component::Outbox;
use crate::events::{
    LegChanged, OrderAccepted, OrderCanceled, OrderFilled, OrderRejected, OrderReplaced,
    OrderStateChanged, ParentChanged, StrategyParameterSet,
};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// A trade of anybody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketTrade {
    /// Instrument.
    pub instrument: InstrumentId,
    /// Trade price.
    pub price: Ticks,
    /// Traded quantity.
    pub qty: Lots,
    /// Side that took, where the venue says it.
    pub aggressor: Option<Side>,
}

/// One thing to tell a strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callback {
    /// An instrument was named for the first time.
    Defined(InstrumentId),
    /// The best bid or ask of others changed.
    Book(InstrumentId),
    /// Somebody traded.
    Trade(MarketTrade),
    /// Our order traded.
    Fill(OrderFilled),
    /// Our order was taken.
    Accepted(OrderAccepted),
    /// Our order, cancel or replace was refused.
    Rejected(OrderRejected),
    /// Our order, or part of it, was cancelled.
    Canceled(OrderCanceled),
    /// Our order was replaced.
    Replaced(OrderReplaced),
    /// Our order's state changed, and none of the others says it.
    StateChanged(OrderStateChanged),
    /// An order of a group changed.
    Leg(LegChanged),
    /// Our parent order was opened, traded, or ended.
    Parent(ParentChanged),
    /// A timer came due.
    Timer(u32),
    /// Our parameter has another value; what a change is made of is told one behind the other, and
    /// nothing in between.
    Parameter(StrategyParameterSet),
}

/// Passes output events on and queues what a strategy is to be told of them.
pub(crate) struct Telling<'a> {
    /// Where the events go.
    pub(crate) out: &'a mut dyn Outbox,
    /// Where the callbacks go.
    pub(crate) callbacks: &'a mut VecDeque<Callback>,
}

impl Outbox for Telling<'_> {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        self.out.emit(kind, version, body);
        let callback = match kind {
            OrderFilled::KIND => OrderFilled::decode(body).map(Callback::Fill),
            OrderAccepted::KIND => OrderAccepted::decode(body).map(Callback::Accepted),
            OrderRejected::KIND => OrderRejected::decode(body).map(Callback::Rejected),
            OrderCanceled::KIND => OrderCanceled::decode(body).map(Callback::Canceled),
            OrderReplaced::KIND => OrderReplaced::decode(body).map(Callback::Replaced),
            OrderStateChanged::KIND => OrderStateChanged::decode(body).map(Callback::StateChanged),
            LegChanged::KIND => LegChanged::decode(body).map(Callback::Leg),
            ParentChanged::KIND => ParentChanged::decode(body).map(Callback::Parent),
            _ => None,
        };
        self.callbacks.extend(callback);
    }
}
