// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Closing the positions of a scope: when its orders are confirmed dead, one order after the other at the
//! opposite best price, each gone at once where it does not trade, until nothing is held, the gate
//! refuses, or time is up. Fills are booked to the strategy that holds the position.
//!
//! The scope only reduces meanwhile, and is halted at the end.

use super::Node;
use super::kept::{Kept, keep_all, kept, take_all};
use super::kill::Ground;
use crate::component::{Entry, Outbox, SnapshotError};
use crate::events::{
    FlattenDone, FlattenProgressed, FlattenRequested, FlattenStep, RiskScope, TradingState,
    TradingStateChanged,
};
use crate::hash::StateHasher;
use crate::risk::Scope;
use crate::trading::OrderKey;
use crate::types::{InstrumentId, MILLISECOND_NS, SECOND_NS, StrategyId, TsNs};

/// Positions that are closed at the same time; the others follow when these are.
const POSITIONS_MAX: usize = 1_024;
/// Time between two orders for the same position.
const AGAIN_NS: i64 = 10 * MILLISECOND_NS;
/// Time after which what is left stays.
const PATIENCE_NS: i64 = 30 * SECOND_NS;

/// A position that is being closed.
#[derive(Clone, Copy, Debug)]
struct Closing {
    strategy: StrategyId,
    instrument: InstrumentId,
    again_ns: TsNs,
    is_refused: bool,
}

/// What a person wants flat.
#[derive(Clone, Copy, Debug)]
struct Asked {
    seq: u64,
    scope: Scope,
    started_ns: TsNs,
}

kept!(Closing { strategy, instrument, again_ns, is_refused });
kept!(Asked { seq, scope, started_ns });

/// The scope that is being closed, one at a time.
#[derive(Debug)]
pub(super) struct Flatten {
    asked: Option<Asked>,
    positions: Vec<Closing>,
}

impl Flatten {
    pub(super) fn new() -> Self {
        Self { asked: None, positions: Vec::with_capacity(POSITIONS_MAX) }
    }

    #[inline]
    pub(super) const fn is_quiet(&self) -> bool {
        self.asked.is_none()
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        let Self { asked, positions } = self;
        asked.keep(out);
        keep_all(positions, out);
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self { asked, positions } = self;
        *asked = Kept::take(bytes)?;
        take_all(positions, POSITIONS_MAX, bytes)
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        let Some(asked) = self.asked else { return };
        hasher.word(asked.seq);
        for closing in &self.positions {
            hasher.word(u64::from(closing.strategy) << 32 | u64::from(closing.instrument));
            hasher.signed(closing.again_ns);
            hasher.word(u64::from(closing.is_refused));
        }
    }
}

impl Node {
    /// Whether positions are being closed.
    #[must_use]
    pub const fn is_flattening(&self) -> bool {
        !self.flatten.is_quiet()
    }

    /// A person wants a scope flat. Another wish of the kind takes its place.
    pub(super) fn flatten(
        &mut self,
        wanted: FlattenRequested,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let Some(kind) = RiskScope::from_raw(wanted.scope) else { return };
        let scope = Scope::new(kind, wanted.id);
        self.set_scope(scope, TradingState::Reducing, entry, out);
        self.kill(scope, entry, out);
        self.open_entries(scope);
        self.flatten.asked = Some(Asked { seq: entry.seq, scope, started_ns: entry.ts_ns });
        self.flatten.positions.clear();
        for (strategy, instrument, position) in self.core.desk.portfolio().traded() {
            let key = OrderKey { strategy, instrument, client_id: 0, order_id: 0 };
            let ground = Ground { markets: &self.core.markets, risk: self.core.desk.risk() };
            let is_meant = position.lots != 0 && ground.covers(scope, &key);
            if is_meant && self.flatten.positions.len() < POSITIONS_MAX {
                let closing =
                    Closing { strategy, instrument, again_ns: entry.ts_ns, is_refused: false };
                self.flatten.positions.push(closing);
            }
        }
    }

    /// Goes on closing.
    #[cold]
    pub(super) fn look_after_flatten(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let Some(asked) = self.flatten.asked else { return };
        if self.is_killing(asked.scope) {
            return;
        }
        let is_over = entry.ts_ns - asked.started_ns >= PATIENCE_NS;
        let mut at = 0;
        while let Some(&closing) = self.flatten.positions.get(at) {
            let Closing { strategy, instrument, .. } = closing;
            let held = self.core.desk.portfolio().position(strategy, instrument).lots;
            let is_its = |key: &OrderKey| key.strategy == strategy && key.instrument == instrument;
            if self.venues.iter().any(|venue| venue.port.holds(is_its)) {
                at += 1;
            } else if held == 0 {
                self.flatten.positions.remove(at);
                self.say_flatten(
                    closing,
                    FlattenStep::Closed,
                    FlattenProgressed::none(),
                    entry,
                    out,
                );
            } else if is_over && !closing.is_refused {
                self.flatten.positions[at].is_refused = true;
                self.say_flatten(closing, FlattenStep::Left, FlattenProgressed::none(), entry, out);
            } else {
                if !closing.is_refused && entry.ts_ns >= closing.again_ns {
                    self.close(at, entry, out);
                }
                at += 1;
            }
        }
        let all = &self.flatten.positions;
        if all.iter().all(|closing| closing.is_refused) {
            self.end_flatten(asked, entry, out);
        }
    }

    /// One order for one position.
    fn close(&mut self, at: usize, entry: Entry<'_>, out: &mut dyn Outbox) {
        let closing = self.flatten.positions[at];
        let Closing { strategy, instrument, .. } = closing;
        if self.refusal(instrument).is_some() {
            return; // Not connected: later.
        }
        let market = self.reference(instrument);
        let desk = &mut self.core.desk;
        let said = match desk.close(strategy, instrument, &market, entry.ts_ns) {
            Ok(None) => return, // Nothing to trade with at the moment.
            Ok(Some(order)) => {
                self.flatten.positions[at].again_ns = entry.ts_ns.saturating_add(AGAIN_NS);
                self.send(instrument, &order.into(), entry.seq, out);
                let (client_id, price_ticks) = (order.client_id, order.price);
                let said =
                    FlattenProgressed { client_id, price_ticks, ..FlattenProgressed::none() };
                (FlattenStep::Sent, FlattenProgressed { qty_lots: order.qty, ..said })
            }
            Err(refusal) => {
                self.flatten.positions[at].is_refused = true;
                let reason = refusal.reason.raw();
                (FlattenStep::Refused, FlattenProgressed { reason, ..FlattenProgressed::none() })
            }
        };
        self.say_flatten(closing, said.0, said.1, entry, out);
    }

    /// Nothing more is done: the scope is halted.
    fn end_flatten(&mut self, asked: Asked, entry: Entry<'_>, out: &mut dyn Outbox) {
        self.flatten.asked = None;
        let event = FlattenDone {
            cause_seq: entry.seq,
            flatten_seq: asked.seq,
            elapsed_ns: entry.ts_ns.saturating_sub(asked.started_ns),
            positions_left: self.flatten.positions.len() as u32,
            id: asked.scope.id,
            scope: asked.scope.kind.raw(),
            reserved: [0; 7],
        };
        out.emit(FlattenDone::KIND, FlattenDone::VERSION, &event.encode());
        self.set_scope(asked.scope, TradingState::Halted, entry, out);
        self.kill(asked.scope, entry, out);
    }

    fn set_scope(
        &mut self,
        scope: Scope,
        state: TradingState,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        self.set_scope_for(0, scope, state, entry, out);
    }

    /// A control sets the state of a scope; `reason` is its code, 0 for a person.
    pub(super) fn set_scope_for(
        &mut self,
        reason: u16,
        scope: Scope,
        state: TradingState,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        if !self.core.desk.risk_mut().set_state(scope, state, reason) {
            return;
        }
        let event = TradingStateChanged {
            cause_seq: entry.seq,
            id: scope.id,
            scope: scope.kind.raw(),
            state: state.raw(),
            reason,
        };
        out.emit(TradingStateChanged::KIND, TradingStateChanged::VERSION, &event.encode());
    }

    fn say_flatten(
        &self,
        closing: Closing,
        step: FlattenStep,
        said: FlattenProgressed,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let Closing { strategy, instrument, .. } = closing;
        let event = FlattenProgressed {
            cause_seq: entry.seq,
            position_lots: self.core.desk.portfolio().position(strategy, instrument).lots,
            strategy_id: strategy,
            instrument_id: instrument,
            step: step.raw(),
            ..said
        };
        out.emit(FlattenProgressed::KIND, FlattenProgressed::VERSION, &event.encode());
    }
}

impl FlattenProgressed {
    /// One that says nothing yet.
    const fn none() -> Self {
        Self {
            cause_seq: 0,
            client_id: 0,
            position_lots: 0,
            price_ticks: 0,
            qty_lots: 0,
            strategy_id: 0,
            instrument_id: 0,
            reason: 0,
            step: 0,
            reserved: [0; 5],
        }
    }
}
