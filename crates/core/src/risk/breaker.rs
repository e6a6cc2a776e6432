// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What circuit breakers outside the gate do to its trading states. They tighten, and take back what
//! they did themselves; nothing else.

use super::RiskGate;
use super::terms::Scope;
use crate::component::Outbox;
use crate::events::{Limit, RejectReason, RiskScope, TradingState, TradingStateChanged};
use crate::types::{InstrumentId, StrategyId};

impl RiskGate {
    /// The largest position that each strategy may have in an instrument, in lots; `None` where none
    /// is set, and no order passes.
    #[must_use]
    pub fn position_limit(&self, instrument: InstrumentId) -> Option<i64> {
        self.basic.limit(Limit::PositionMax, instrument).ok()
    }

    /// Whether a scope that an order of a strategy in an instrument touches may do less than everything.
    #[must_use]
    pub fn restricts(&self, strategy: StrategyId, instrument: InstrumentId) -> bool {
        if self.states.is_open() {
            return false;
        }
        let listing = self.ledger.known_listing(instrument);
        let rules = listing.map(|row| &self.ledger.listings[row as usize].rules);
        let scopes = [
            Scope::FIRM,
            Scope::new(RiskScope::Account, self.account_of(strategy)),
            Scope::new(RiskScope::Venue, rules.map_or(0, |rules| rules.venue)),
            Scope::new(RiskScope::Product, rules.map_or(0, |rules| rules.product)),
            Scope::new(RiskScope::Instrument, instrument),
            Scope::new(RiskScope::Strategy, strategy),
        ];
        scopes.into_iter().any(|scope| self.states.get(scope).state != TradingState::Active)
    }

    /// A breaker has a scope do less from now on, unless it does no more already. What follows is told
    /// by [`Self::next_alert`].
    pub fn trip(&mut self, scope: Scope, value: i64, bound: i64, state: TradingState) {
        self.extend();
        self.breach(scope, RejectReason::Breaker, value, bound, state);
    }

    /// Breakers take back that a scope only reduces, if it was they that said so last, and nobody since.
    /// What is halted stays: that is a person's to resume. Whether anything changed.
    pub fn release(&mut self, scope: Scope, cause_seq: u64, out: &mut dyn Outbox) -> bool {
        let held = self.states.get(scope);
        let is_ours =
            held.reason == RejectReason::Breaker.raw() && held.state == TradingState::Reducing;
        if !is_ours {
            return false;
        }
        let state = TradingState::Active;
        self.states.set(scope, state, 0);
        let event = TradingStateChanged {
            cause_seq,
            id: scope.id,
            scope: scope.kind.raw(),
            state: state.raw(),
            reason: RejectReason::Breaker.raw(),
        };
        out.emit(TradingStateChanged::KIND, TradingStateChanged::VERSION, &event.encode());
        true
    }
}
