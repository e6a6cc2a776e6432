// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The events that speak to the gate: limits, permissions, instruments, states, days.

use super::basic::Basic;
use super::limits::MISSING;
use super::terms::Scope;
use super::{LimitSetInForce, RiskGate};
use crate::component::Outbox;
use crate::events::{
    AccessSet, InstrumentAdmitted, Limit, LimitChanged, LimitProfile, LimitSet, LimitsLoaded,
    OverrideGranted, RejectReason, RestrictionSet, RiskDayStarted, RiskScope, ScopeLimitSet,
    StrategyBooked, TradingState, TradingStateChanged, TradingStateSet,
};
use crate::types::{InstrumentId, TickTable, TsNs};

/// The controls whose states end with the day.
const ACCUMULATED: [u16; 2] = [RejectReason::DayValue.raw(), RejectReason::DayQty.raw()];
/// Largest worth of a tick-lot that is counted, in 10^-12 account currency.
const TICKLOT_E12_MAX: i64 = 10_000_000_000_000_000;

impl RiskGate {
    /// Takes in an entry of one of the kinds that speak to the gate; false for any other kind.
    ///
    /// What follows, but for [`super::Alert`]s, goes to `out`. On a `TradingStateSet` that cancels,
    /// the cancelling is the caller's.
    pub fn apply(
        &mut self,
        kind: u16,
        body: &[u8],
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> bool {
        self.now = now;
        let said = match kind {
            LimitSet::KIND => LimitSet::decode(body).map(|e| {
                if let Some(limit) = Limit::from_raw(e.limit as u8) {
                    self.set(limit, e.instrument_id, e.value);
                }
            }),
            ScopeLimitSet::KIND => ScopeLimitSet::decode(body).map(|e| {
                let known = Limit::from_raw(e.limit as u8).zip(RiskScope::from_raw(e.scope));
                if let Some((limit, kind)) = known {
                    self.change_limit(limit, Scope::new(kind, e.id), e.value, cause, out);
                }
            }),
            StrategyBooked::KIND => StrategyBooked::decode(body).map(|e| self.book(&e)),
            InstrumentAdmitted::KIND => InstrumentAdmitted::decode(body).map(|e| self.admit(&e)),
            AccessSet::KIND => AccessSet::decode(body).map(|e| {
                self.limits_refused += u64::from(!self.access.grant(&e));
                self.extend();
                self.refresh_access();
            }),
            RestrictionSet::KIND => RestrictionSet::decode(body).map(|e| {
                self.limits_refused += u64::from(!self.access.restrict(&e));
                self.extend();
                self.refresh_access();
            }),
            LimitsLoaded::KIND => LimitsLoaded::decode(body).map(|e| self.load(&e)),
            TradingStateSet::KIND => {
                TradingStateSet::decode(body).map(|e| self.change_state(e, cause, out))
            }
            RiskDayStarted::KIND => RiskDayStarted::decode(body).map(|_| {
                self.extend();
                self.start_day();
                self.lift_accumulated(cause, out);
            }),
            OverrideGranted::KIND => {
                OverrideGranted::decode(body).map(|e| self.grant_override(&e, now))
            }
            _ => None,
        };
        said.is_some()
    }

    pub(super) fn extend(&mut self) {
        self.is_extended = true;
        self.bounds.expire();
        self.flows.cover(self.ledger.pairs.len(), self.ledger.listings.len());
    }

    /// Sets a limit for each strategy in an instrument, as `LimitSet` does; a negative value
    /// withdraws it. `instrument` 0 is the default of all.
    ///
    /// Returns false, and changes nothing, when the instrument is unknown or the limit is not one
    /// of instruments.
    pub fn set(&mut self, limit: Limit, instrument: InstrumentId, value: i64) -> bool {
        if Basic::has(limit) {
            self.bounds.expire();
            return self.basic.set(limit, instrument, value);
        }
        self.set_limit(limit, Scope::new(RiskScope::Instrument, instrument), value)
    }

    /// Sets a limit of a scope; a negative value withdraws it. Id 0 is the default of all of a kind.
    ///
    /// Returns false, and changes nothing, when it may not stand there or there is no such id.
    pub fn set_limit(&mut self, limit: Limit, scope: Scope, value: i64) -> bool {
        self.extend();
        // These two say the same of an instrument as `LimitSet`.
        let is_basic = matches!(
            limit,
            Limit::OrderNotionalMax | Limit::PriceCollarTicks | Limit::OrderRateMax
        );
        let is_there = match scope.kind {
            RiskScope::Instrument => is_basic && limit != Limit::OrderRateMax,
            RiskScope::Firm => limit == Limit::OrderRateMax,
            _ => false,
        };
        let is_set = if is_there {
            self.basic.set(limit, scope.id, value)
        } else {
            self.limits.set(limit, scope, value).is_some()
        };
        if !is_set {
            self.limits_refused += 1;
            return false;
        }
        self.study(limit);
        match limit {
            Limit::SelfTradeBarred => self.ledger.keep_books(value > 0),
            Limit::MarginPerLotE6 => self.refresh_margins(),
            _ => {}
        }
        true
    }

    /// A limit of a scope that is in force; the default of its kind where it has none of its own.
    #[must_use]
    pub fn limit(&self, limit: Limit, scope: Scope) -> Option<i64> {
        self.limits.row(scope.kind, scope.id).get(limit)
    }

    fn change_limit(
        &mut self,
        limit: Limit,
        scope: Scope,
        value: i64,
        cause_seq: u64,
        out: &mut dyn Outbox,
    ) {
        let before = self.limit(limit, scope).unwrap_or(MISSING);
        if !self.set_limit(limit, scope, value) {
            return;
        }
        let event = LimitChanged {
            cause_seq,
            value: value.max(MISSING),
            before,
            version: self.in_force.version,
            hash: self.in_force.hash,
            id: scope.id,
            limit: u16::from(limit.raw()),
            scope: scope.kind.raw(),
            reserved: 0,
        };
        out.emit(LimitChanged::KIND, LimitChanged::VERSION, &event.encode());
    }

    fn refresh_margins(&mut self) {
        let products = (0..self.ledger.listings.len())
            .map(|row| self.ledger.listings[row].rules.product)
            .collect::<Vec<_>>();
        for product in products {
            let per_lot = self.limits.row(RiskScope::Product, product);
            let margin = per_lot.or(Limit::MarginPerLotE6, 0).saturating_mul(1_000_000);
            self.ledger.set_margin(product, margin);
        }
    }

    /// Books a strategy to an account; refused, and counted, once it has traded for another.
    fn book(&mut self, event: &StrategyBooked) {
        self.extend();
        let is_one = (1..self.ledger.accounts.len()).contains(&(event.account_id as usize));
        let has_pairs = self.ledger.pairs.iter().any(|pair| pair.strategy == event.strategy_id);
        let booking = self.ledger.bookings.get_mut(event.strategy_id as usize);
        let Some(booking) =
            booking.filter(|b| is_one && (!has_pairs || b.account == event.account_id))
        else {
            self.limits_refused += 1;
            return;
        };
        booking.account = event.account_id;
        booking.owner = event.owner_id;
        booking.algo = event.algo_id;
        booking.trader = event.trader_id;
        booking.generation = event.generation;
        self.refresh_access();
    }

    /// Takes in what an instrument is; its product and venue stay once it was traded.
    fn admit(&mut self, event: &InstrumentAdmitted) {
        self.extend();
        let Some(row) = self.ledger.listing(event.instrument_id) else {
            self.limits_refused += 1;
            return;
        };
        let listing = &mut self.ledger.listings[row as usize];
        let (before, is_traded) = (listing.rules, listing.pairs != super::ledger::NONE);
        listing.rules.admit(event);
        if is_traded
            && (before.product, before.venue) != (listing.rules.product, listing.rules.venue)
        {
            listing.rules = before;
            self.limits_refused += 1;
            return;
        }
        let worth = Some(listing.rules.ticklot_e12).filter(|&worth| worth <= TICKLOT_E12_MAX);
        listing.rules.ticklot_e12 = before.ticklot_e12;
        self.ledger.weigh(row, worth.unwrap_or(0));
        self.refresh_margins();
        self.refresh_access();
    }

    /// An instrument was named: the worth of its tick-lots, see [`super::ticklot_e12`], and the
    /// prices it may have. An `InstrumentAdmitted` says the worth in account currency instead.
    pub fn define(&mut self, instrument: InstrumentId, ticklot_e12: i64, tick_table: TickTable) {
        let Some(row) = self.ledger.listing(instrument) else { return };
        self.bounds.expire();
        let rules = &mut self.ledger.listings[row as usize].rules;
        rules.tick_table = tick_table;
        if !rules.is_admitted && (0..=TICKLOT_E12_MAX).contains(&ticklot_e12) {
            self.ledger.weigh(row, ticklot_e12);
        }
    }

    /// Where an instrument trades, and of which product it is a listing. An `InstrumentAdmitted` says
    /// it, too, and stands; once the instrument was traded, nothing changes it.
    pub fn list(&mut self, instrument: InstrumentId, venue: u32, product: InstrumentId) {
        let Some(row) = self.ledger.listing(instrument) else { return };
        self.bounds.expire();
        let listing = &mut self.ledger.listings[row as usize];
        if !listing.rules.is_admitted && listing.pairs == super::ledger::NONE {
            listing.rules.venue = venue;
            listing.rules.product = if product == 0 { instrument } else { product };
        }
    }

    fn load(&mut self, event: &LimitsLoaded) {
        let profile = LimitProfile::from_raw(event.profile);
        let is_older = event.version < self.in_force.version;
        let Some(profile) = profile.filter(|_| !is_older) else {
            self.limits_refused += 1;
            return;
        };
        let was_basic = self.profile == LimitProfile::Basic;
        if was_basic && profile == LimitProfile::Full && self.in_force.version == 0 {
            self.states.set(Scope::FIRM, TradingState::Halted, 0);
        }
        self.extend();
        self.profile = profile;
        self.studies.is_kept_warned = false;
        self.in_force = LimitSetInForce {
            version: event.version,
            hash: event.hash,
            valid_from_ns: event.valid_from_ns,
            valid_to_ns: event.valid_to_ns,
        };
        self.refresh_access();
    }

    /// A person, a breaker or the node sets a state. Only a person loosens one.
    fn change_state(&mut self, event: TradingStateSet, cause_seq: u64, out: &mut dyn Outbox) {
        let known = RiskScope::from_raw(event.scope).zip(TradingState::from_raw(event.state));
        let Some((kind, state)) = known else { return };
        let scope = Scope::new(kind, event.id);
        let loosens = state.raw() > self.state(scope).raw();
        if (loosens && event.is_manual == 0) || !self.set_state(scope, state, 0) {
            self.limits_refused += 1;
            return;
        }
        emit_state(Scope { kind, id: event.id }, state, cause_seq, out);
    }

    /// PT-16: a day has begun, and who only reduced for what the last one had accumulated goes on.
    fn lift_accumulated(&mut self, cause_seq: u64, out: &mut dyn Outbox) {
        while let Some(scope) = self.states.first_by(ACCUMULATED) {
            self.states.set(scope, TradingState::Active, 0);
            emit_state(scope, TradingState::Active, cause_seq, out);
        }
    }
}

fn emit_state(scope: Scope, state: TradingState, cause_seq: u64, out: &mut dyn Outbox) {
    let (id, scope, state) = (scope.id, scope.kind.raw(), state.raw());
    let changed = TradingStateChanged { cause_seq, id, scope, state, reason: 0 };
    out.emit(TradingStateChanged::KIND, TradingStateChanged::VERSION, &changed.encode());
}
