// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Losses against their limits, as they happen: PT-18, PO-02, PO-07.
//!
//! Profit is what was realised, less fees, with every open position closed at once: a long one at the
//! bid, a short one at the ask. It moves with every fill and every change of those prices; nothing
//! is polled.

use super::exposure::{currency, level_of};
use super::ledger::NONE;
use super::limits::mask;
use super::terms::{Alert, Scope};
use super::window::Extremes;
use super::{LimitSetInForce, RiskConfig, RiskGate};
use crate::component::SnapshotError;
use crate::events::{Limit, RejectReason, RiskScope, TradingState};
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_u8, write_u8};
use crate::types::{StrategyId, TsNs};

/// The limits that this is about.
const ON_LOSS: u64 = mask(&[Limit::LossMax, Limit::DrawdownMax, Limit::LossVelocityMax]);
/// Those that prices move without an order.
const ON_CREDIT: u64 = mask(&[Limit::GrossExposureMax, Limit::NetExposureMax, Limit::Capital]);
/// Steps of the loss ladder, in percent: warn, only reduce, halt.
const LOSS_STEPS: [u8; 3] = [50, 80, 100];
/// Length of the window of `LOSS_VELOCITY_MS` unless set.
const VELOCITY_MS: i64 = 300_000;
const MS_NS: i64 = 1_000_000;

/// What is watched of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Gross,
    Net,
    Loss,
    Drawdown,
    Velocity,
}

const MEASURES: usize = 5;

/// What is remembered of a strategy, an account, or the firm.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Watch {
    /// Profit at the day's start, in 10^-12 account currency.
    base: i128,
    /// Highest profit of the day, from its start.
    peak: i128,
    /// Highest step of each ladder that was reached today.
    levels: [u8; MEASURES],
    recent: Extremes,
}

impl Watch {
    /// Takes in the step that a measure is at; whether it is higher than any before.
    pub(super) fn rises(&mut self, measure: Measure, level: u8) -> bool {
        let before = &mut self.levels[measure as usize];
        let is_higher = level > *before;
        *before = level.max(*before);
        is_higher
    }
}

/// The watches of all scopes that have money.
#[derive(Clone, Debug)]
pub(super) struct Watches {
    strategies: Vec<Watch>,
    accounts: Vec<Watch>,
    firm: Watch,
}

impl Watches {
    pub(super) fn new(config: &RiskConfig) -> Self {
        let many = |ids_max: u32| vec![Watch::default(); ids_max as usize + 1];
        Self {
            strategies: many(config.strategies_max),
            accounts: many(config.accounts_max),
            firm: Watch::default(),
        }
    }

    fn get_mut(&mut self, scope: Scope) -> &mut Watch {
        match scope.kind {
            RiskScope::Strategy => &mut self.strategies[scope.id as usize],
            RiskScope::Account => &mut self.accounts[scope.id as usize],
            _ => &mut self.firm,
        }
    }

    /// The step of a ladder that a scope has reached today.
    pub(super) fn level(&self, scope: Scope, measure: Measure) -> u8 {
        let watch = match scope.kind {
            RiskScope::Strategy => self.strategies.get(scope.id as usize),
            RiskScope::Account => self.accounts.get(scope.id as usize),
            _ => Some(&self.firm),
        };
        watch.map_or(0, |watch| watch.levels[measure as usize])
    }

    /// The day's highest profit of a scope.
    pub(super) fn peak(&self, scope: Scope) -> i128 {
        let watch = match scope.kind {
            RiskScope::Strategy => self.strategies.get(scope.id as usize),
            RiskScope::Account => self.accounts.get(scope.id as usize),
            _ => Some(&self.firm),
        };
        watch.map_or(0, |watch| watch.peak)
    }

    /// Forgets the steps that a scope has reached.
    pub(super) fn forget_levels(&mut self, scope: Scope) {
        let is_one =
            matches!(scope.kind, RiskScope::Strategy | RiskScope::Account | RiskScope::Firm);
        if is_one {
            self.get_mut(scope).levels = [0; MEASURES];
        }
    }

    fn all(&self) -> impl Iterator<Item = &Watch> {
        self.strategies.iter().chain(&self.accounts).chain([&self.firm])
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for watch in self.all() {
            hasher.bytes(&watch.base.to_le_bytes());
            hasher.bytes(&watch.peak.to_le_bytes());
            hasher.bytes(&watch.levels);
            watch.recent.hash_into(hasher);
        }
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        for watch in self.all() {
            out.extend_from_slice(&watch.base.to_le_bytes());
            out.extend_from_slice(&watch.peak.to_le_bytes());
            watch.levels.iter().for_each(|&level| write_u8(out, level));
            watch.recent.save(out);
        }
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let all = self.strategies.iter_mut().chain(&mut self.accounts).chain([&mut self.firm]);
        for watch in all {
            watch.base = i128::from_le_bytes(read_array(bytes)?);
            watch.peak = i128::from_le_bytes(read_array(bytes)?);
            for level in &mut watch.levels {
                *level = read_u8(bytes)?;
            }
            watch.recent = Extremes::restore(bytes)?;
        }
        Ok(())
    }
}

impl RiskGate {
    pub(super) fn watch(&mut self, scope: Scope) -> &mut Watch {
        self.watches.get_mut(scope)
    }

    /// Profit of a strategy, an account or the firm since the day's start, realised and unrealised,
    /// less fees, in 10^-12 account currency. Positions whose worth is unknown count as nothing.
    #[must_use]
    pub fn profit_e12(&self, scope: Scope) -> i128 {
        let watch = match scope.kind {
            RiskScope::Strategy => self.watches.strategies.get(scope.id as usize),
            RiskScope::Account => self.watches.accounts.get(scope.id as usize),
            RiskScope::Firm => Some(&self.watches.firm),
            _ => None,
        };
        watch.map_or(0, |watch| self.money(scope).equity - watch.base)
    }

    /// The fall from the day's highest profit, in 10^-12 account currency.
    pub(super) fn drawdown_e12(&self, scope: Scope) -> i128 {
        let watch = match scope.kind {
            RiskScope::Strategy => self.watches.strategies.get(scope.id as usize),
            RiskScope::Account => self.watches.accounts.get(scope.id as usize),
            _ => Some(&self.watches.firm),
        };
        watch.map_or(0, |watch| (watch.peak - self.profit_e12(scope)).max(0))
    }

    /// A strategy's scopes but the firm, against their limits on losses.
    pub(super) fn judge_pair(&mut self, row: u32, now: TsNs) {
        let pair = &self.ledger.pairs[row as usize];
        let (strategy, account) = (pair.strategy, pair.account);
        self.judge(Scope::new(RiskScope::Strategy, strategy), now);
        self.judge(Scope::new(RiskScope::Account, account), now);
    }

    /// Everybody who holds an instrument, against their limits on losses.
    pub(super) fn judge_listing(&mut self, listing: u32, now: TsNs) {
        let mut next = self.ledger.listings[listing as usize].pairs;
        while next != NONE {
            if self.ledger.pairs[next as usize].holding.position != 0 {
                self.judge_pair(next, now);
            }
            next = self.ledger.pairs[next as usize].next;
        }
        self.judge(Scope::FIRM, now);
    }

    /// A scope against its limits on losses.
    #[inline]
    pub(super) fn judge(&mut self, scope: Scope, now: TsNs) {
        let row = self.limits.row(scope.kind, scope.id);
        if row.any(ON_LOSS | ON_CREDIT) {
            let is_on_credit = row.any(ON_CREDIT);
            if row.any(ON_LOSS) {
                self.judge_loss(scope, now);
            }
            if is_on_credit {
                self.judge_credit(scope);
            }
        }
    }

    fn judge_loss(&mut self, scope: Scope, now: TsNs) {
        let row = self.limits.row(scope.kind, scope.id);
        let [loss_max, drawdown_max, velocity_max] =
            [Limit::LossMax, Limit::DrawdownMax, Limit::LossVelocityMax].map(|of| row.get(of));
        let window_ns = row.or(Limit::LossVelocityMs, VELOCITY_MS).saturating_mul(MS_NS);
        let profit = self.profit_e12(scope);
        let watch = self.watches.get_mut(scope);
        watch.peak = watch.peak.max(profit);
        let drawdown = watch.peak - profit;
        if let Some(bound) = loss_max {
            self.climb(scope, (Measure::Loss, RejectReason::Loss), -profit, bound);
        }
        if let Some(bound) = drawdown_max {
            self.climb(scope, (Measure::Drawdown, RejectReason::Drawdown), drawdown, bound);
        }
        if let Some(bound) = velocity_max {
            let watch = self.watches.get_mut(scope);
            // Rounded so that the fall is never smaller than it is.
            let low = -currency(-profit);
            watch.recent.add(now, window_ns, currency(profit));
            let fall = watch.recent.range(now, window_ns).1.saturating_sub(low);
            if fall >= bound && watch.rises(Measure::Velocity, 1) {
                let state = TradingState::Halted;
                self.breach(scope, RejectReason::LossVelocity, fall, bound, state);
            }
        }
    }

    /// A measure on its ladder: warn, only reduce, halt.
    fn climb(&mut self, scope: Scope, of: (Measure, RejectReason), found: i128, bound: i64) {
        let level = level_of(found, bound, &LOSS_STEPS);
        if !self.watches.get_mut(scope).rises(of.0, level) {
            return;
        }
        let (reason, value) = (of.1, currency(found));
        match level {
            1 => self.alert(Alert::Warned { scope, reason, value, bound, percent: 50 }),
            2 => self.breach(scope, reason, value, bound, TradingState::Reducing),
            _ => self.breach(scope, reason, value, bound, TradingState::Halted),
        }
    }

    /// A limit was reached at which a scope may do less. Never loosens a state.
    pub(super) fn breach(
        &mut self,
        scope: Scope,
        reason: RejectReason,
        value: i64,
        bound: i64,
        state: TradingState,
    ) {
        let before = self.states.get(scope).state;
        if state.raw() < before.raw() {
            self.states.set(scope, state, reason.raw());
            self.alert(Alert::Breached { scope, reason, value, bound, state });
        }
    }

    /// PT-28: says once that the limits in force are past their end, and kept for a time.
    pub(super) fn warn_kept(&mut self, now: TsNs) {
        let LimitSetInForce { version, valid_to_ns, .. } = self.in_force;
        if valid_to_ns != 0 && now >= valid_to_ns && !self.studies.is_kept_warned {
            let Some(bound) = self.limits.row(RiskScope::Firm, 0).get(Limit::LimitsKeptMs) else {
                return;
            };
            self.studies.is_kept_warned = true;
            let value = i64::try_from(version).unwrap_or(i64::MAX);
            let (scope, reason) = (Scope::FIRM, RejectReason::LimitsNotInForce);
            self.alert(Alert::Warned { scope, reason, value, bound, percent: 100 });
        }
    }

    /// PT-15: the warnings of all scopes that an order or a fill touches.
    #[inline]
    pub(super) fn warn_exposures(&mut self, strategy: StrategyId, account: u32) {
        const WARNED: u64 = mask(&[Limit::GrossExposureMax, Limit::NetExposureMax]);
        let of_strategy = Scope::new(RiskScope::Strategy, strategy);
        for scope in [of_strategy, Scope::new(RiskScope::Account, account), Scope::FIRM] {
            if self.limits.row(scope.kind, scope.id).any(WARNED) {
                self.warn_exposure(scope);
            }
        }
    }

    /// A trading day begins: losses, accumulated values and counts start from nothing.
    pub(super) fn start_day(&mut self) {
        self.bounds.expire();
        self.flows.start_day();
        let Self { ledger, watches, .. } = self;
        let scopes = [
            (&mut watches.strategies, &mut ledger.strategies),
            (&mut watches.accounts, &mut ledger.accounts),
        ];
        for (watches, moneys) in scopes {
            for (watch, money) in watches.iter_mut().zip(moneys) {
                *watch = Watch { base: money.equity, ..Watch::default() };
                money.day = [0; 2];
            }
        }
        watches.firm = Watch { base: ledger.firm.equity, ..Watch::default() };
        ledger.firm.day = [0; 2];
        ledger.listings.iter_mut().for_each(|listing| listing.day_lots = [0; 2]);
    }
}
