// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The risk gate: the last thing before the venue, on every new and replaced order.
//!
//! It fails closed. A missing limit, a missing reference price, an unknown instrument and an
//! arithmetic overflow all refuse. Cancels never come here: they are told to it, and counted. There
//! is no way around it.
//!
//! One gate serves backtest, paper and live alike. Until an event beyond `LimitSet` speaks to it, it
//! knows five limits (`basic.rs`); the other controls of `schema/risk.toml` act where their limits
//! are set, and [`LimitProfile::Full`] says which limits have to be. Whoever owns it calls
//! [`RiskGate::check_and_reserve`] before a command leaves, tells it by the `on_…` methods what the
//! venue says, and takes [`Alert`]s from it after every entry.

mod access;
mod basic;
mod bounds;
mod breaker;
mod check;
mod exposure;
mod flow;
mod flow_save;
mod inputs;
mod ledger;
mod limits;
mod loss;
mod overrides;
mod parents;
mod prices;
mod quick;
mod rate;
mod rules;
mod standing;
mod states;
mod study;
mod table;
mod terms;
mod usage;
mod venue;
mod window;

use crate::component::SnapshotError;
use crate::events::{LimitProfile, RiskScope, TradingState};
use crate::hash::StateHasher;
use crate::snapshot::{read_i64, read_u8, read_u64, write_i64, write_u8, write_u64};
use crate::types::TsNs;

use access::Access;
use basic::Basic;
use bounds::Bounds;
use flow::Flows;
use ledger::Ledger;
use limits::Limits;
use loss::Watches;
use overrides::Overrides;
use states::States;
use study::Studies;

pub use limits::{is_required, may_stand};
pub use overrides::soft_limit;
pub use parents::{CHILDREN_MAX, Parent, ParentLedger};
pub use rate::RateWindow;
pub use rules::ticklot_e12;
pub use standing::Standing;
pub use terms::{Alert, DEPTH_LEVELS, DepthLevel, Proposal, Reference, Refusal, Scope};
pub use usage::LimitView;
pub use venue::Fill;
pub(crate) use window::{Extremes, Rolling};

/// 10^-12 account currency in one of it.
const CURRENCY_E12: i128 = 1_000_000_000_000;
/// Alerts that wait to be taken; when it is full, the states are set all the same.
const ALERTS_MAX: usize = 256;

/// How much memory the gate takes, at start.
#[derive(Clone, Copy, Debug)]
pub struct RiskConfig {
    /// Strategies, numbered from 1.
    pub strategies_max: u32,
    /// Instruments, and products, numbered from 1.
    pub instruments_max: u32,
    /// Accounts, numbered from 1.
    pub accounts_max: u32,
    /// Venues, numbered from 1.
    pub venues_max: u32,
    /// Live orders over all strategies, replacements on their way among them.
    pub orders_max: u32,
    /// Instruments traded, added up over the strategies.
    pub pairs_max: u32,
}

impl RiskConfig {
    /// Sizes for strategies that each have `orders_max` live orders beside their quotes.
    #[must_use]
    pub fn new(strategies_max: u32, instruments_max: u32, orders_max: u32) -> Self {
        let quotes = instruments_max.saturating_mul(4);
        let orders = orders_max.saturating_add(quotes).saturating_mul(strategies_max);
        Self {
            strategies_max,
            instruments_max,
            accounts_max: 16,
            venues_max: 63,
            orders_max: orders.min(1 << 20),
            pairs_max: strategies_max.saturating_mul(instruments_max).min(1 << 16),
        }
    }
}

/// The set of limits in force, PT-28.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LimitSetInForce {
    /// Its version; 0 until one was loaded.
    pub version: u64,
    /// First 8 bytes of the SHA-256 of its signed text.
    pub hash: u64,
    /// Not before.
    pub valid_from_ns: TsNs,
    /// From then on only reducing orders pass; 0 for no end.
    pub valid_to_ns: TsNs,
}

/// The gate.
#[derive(Clone, Debug)]
pub struct RiskGate {
    basic: Basic,
    /// More than `LimitSet` has spoken to it. Until then its digest is that of its first form.
    is_extended: bool,
    /// What limits of later kinds go by: it is in the state once one of them was set.
    studies: Studies,
    profile: LimitProfile,
    in_force: LimitSetInForce,
    limits: Limits,
    states: States,
    access: Access,
    ledger: Ledger,
    flows: Flows,
    watches: Watches,
    overrides: Overrides,
    bounds: Bounds,
    /// Limits that could not be set: they may not stand at that scope, or it is unknown.
    limits_refused: u64,
    alerts: std::collections::VecDeque<Alert>,
    alerts_lost: u64,
    /// Time of the entry that is being applied.
    now: TsNs,
}

impl RiskGate {
    /// A gate without a single limit: it refuses everything. It takes all its memory now.
    #[must_use]
    pub fn new(config: RiskConfig) -> Self {
        Self {
            basic: Basic::new(config.instruments_max),
            is_extended: false,
            studies: Studies::default(),
            profile: LimitProfile::Basic,
            in_force: LimitSetInForce::default(),
            limits: Limits::new(&config),
            states: States::new(&config),
            access: Access::default(),
            ledger: Ledger::new(&config),
            flows: Flows::new(&config),
            watches: Watches::new(&config),
            overrides: Overrides::new(),
            bounds: Bounds::new(&config),
            limits_refused: 0,
            alerts: std::collections::VecDeque::with_capacity(ALERTS_MAX),
            alerts_lost: 0,
            now: 0,
        }
    }

    /// Tells it the time of the entry that is applied next: what the venue says is taken at it.
    #[inline]
    pub const fn advance(&mut self, now: TsNs) {
        self.now = now;
    }

    /// Time of the entry that is being applied.
    #[must_use]
    pub const fn now(&self) -> TsNs {
        self.now
    }

    /// The next thing that the gate wants known or done. The caller puts it out
    /// ([`Alert::emit`]) and, where it halts a scope, cancels the scope's orders.
    pub fn next_alert(&mut self) -> Option<Alert> {
        self.alerts.pop_front()
    }

    /// Whether there is anything to take by [`Self::next_alert`].
    #[inline]
    #[must_use]
    pub fn has_alerts(&self) -> bool {
        !self.alerts.is_empty()
    }

    fn alert(&mut self, alert: Alert) {
        if self.alerts.len() == ALERTS_MAX {
            self.alerts_lost += 1;
        } else {
            self.alerts.push_back(alert);
        }
    }

    /// Alerts that found no room, since the start.
    #[must_use]
    pub const fn alerts_lost(&self) -> u64 {
        self.alerts_lost
    }

    /// Limits that could not be set, since the start.
    #[must_use]
    pub const fn limits_refused(&self) -> u64 {
        self.limits_refused
    }

    /// The set of limits in force.
    #[must_use]
    pub const fn in_force(&self) -> LimitSetInForce {
        self.in_force
    }

    /// Which limits have to be there.
    #[must_use]
    pub const fn profile(&self) -> LimitProfile {
        self.profile
    }

    /// What a scope may do, by itself: the wider scopes have states of their own.
    #[must_use]
    pub fn state(&self, scope: Scope) -> TradingState {
        self.states.get(scope).state
    }

    /// Sets what a scope may do. `reason` is the code of the control that does it, 0 for a person.
    ///
    /// Returns false when there is no such scope.
    pub fn set_state(&mut self, scope: Scope, state: TradingState, reason: u16) -> bool {
        self.extend();
        let before = self.states.get(scope).state;
        let is_known = self.states.set(scope, state, reason);
        if is_known && state.raw() > before.raw() {
            // What is still over its limit halts again at the next event.
            self.watches.forget_levels(scope);
            self.bounds.expire();
            if scope.kind == RiskScope::Strategy {
                self.forget_executions(scope.id);
            }
        }
        is_known
    }

    /// Mixes the whole state into a digest.
    pub fn hash_into(&self, hasher: &mut StateHasher) {
        self.basic.hash_into(hasher);
        if !self.is_extended {
            // What is reserved follows from orders and positions, which are in the desk's digest.
            return;
        }
        hasher.word(u64::from(self.profile.raw()));
        hasher.word(self.in_force.version);
        hasher.word(self.in_force.hash);
        hasher.signed(self.in_force.valid_from_ns);
        hasher.signed(self.in_force.valid_to_ns);
        self.limits.hash_into(hasher);
        self.states.hash_into(hasher);
        self.access.hash_into(hasher);
        self.ledger.hash_into(hasher);
        self.flows.hash_into(hasher);
        self.watches.hash_into(hasher);
        self.overrides.hash_into(hasher);
        if self.studies.is_used {
            let mut bytes = Vec::new();
            self.save_studies(&mut bytes);
            hasher.bytes(&bytes);
        }
    }

    /// Whether anything is counted by days.
    #[must_use]
    pub const fn counts_days(&self) -> bool {
        self.is_extended
    }

    /// Appends the whole state.
    pub fn save(&self, out: &mut Vec<u8>) {
        self.basic.save(out);
        write_u8(out, u8::from(self.is_extended) | u8::from(self.studies.is_used) << 1);
        write_u8(out, self.profile.raw());
        write_u64(out, self.in_force.version);
        write_u64(out, self.in_force.hash);
        write_i64(out, self.in_force.valid_from_ns);
        write_i64(out, self.in_force.valid_to_ns);
        self.limits.save(out);
        self.states.save(out);
        self.access.save(out);
        self.ledger.save(out);
        self.flows.save(out);
        self.watches.save(out);
        self.overrides.save(out);
        if self.studies.is_used {
            self.save_studies(out);
        }
    }

    /// Takes up what [`Self::save`] wrote.
    ///
    /// # Errors
    /// When the bytes are not such a state, or it does not fit this gate's limits.
    pub fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.basic.restore(bytes)?;
        let parts = read_u8(bytes)?;
        self.is_extended = parts & 1 != 0;
        self.studies = Studies { is_used: parts & 2 != 0, ..Studies::default() };
        self.profile = LimitProfile::from_raw(read_u8(bytes)?)
            .ok_or(SnapshotError::Invalid { what: "risk: profile" })?;
        self.in_force = LimitSetInForce {
            version: read_u64(bytes)?,
            hash: read_u64(bytes)?,
            valid_from_ns: read_i64(bytes)?,
            valid_to_ns: read_i64(bytes)?,
        };
        self.limits.restore(bytes)?;
        self.states.restore(bytes)?;
        self.access.restore(bytes)?;
        self.ledger.restore(bytes)?;
        self.flows.restore(bytes)?;
        self.watches.restore(bytes)?;
        self.overrides.restore(bytes)?;
        if self.studies.is_used {
            self.restore_studies(bytes)?;
        }
        self.bounds.expire();
        self.alerts.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests;
