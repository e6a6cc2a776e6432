// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The kill sequence: block, the venues' own mass cancel, a cancel for each order, and then every order
//! is waited for until its venue has said that it is dead.
//!
//! The block is the scope's trading state, set before anything here is asked. What is not confirmed in
//! time is asked for again; where the scope is a venue or the firm, the session is dropped as well, so
//! that the venue cancels by itself. All of it is a function of the journal: a node that starts again in
//! the middle of a kill goes on with it.

use super::kept::{Kept, keep_all, kept, take_all};
use super::port::Port;
use super::{Core, Market, Node};
use crate::component::{Entry, Outbox, SnapshotError};
use crate::events::{
    CancelReason, KillDone, KillProgressed, KillStarted, KillStep, RiskScope, TradingState,
    TradingStateSet,
};
use crate::hash::StateHasher;
use crate::risk::{RiskGate, Scope};
use crate::trading::OrderKey;
use crate::types::{MILLISECOND_NS, SECOND_NS, TsNs};

/// Kills that are watched at the same time; further ones cancel as well, and are not watched.
const KILLS_MAX: usize = 64;
/// Time after which a kill that is not confirmed is escalated, and again.
const ESCALATE_NS: i64 = 2 * SECOND_NS;
/// Time between two looks for orders that nobody asked to cancel yet.
const LOOK_NS: i64 = 10 * MILLISECOND_NS;

/// What tells which scope an order is of.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub(super) markets: &'a [Market],
    pub(super) risk: &'a RiskGate,
}

impl Ground<'_> {
    /// Whether an order is of a scope.
    pub(super) fn covers(self, scope: Scope, key: &OrderKey) -> bool {
        let market = self.markets.get(key.instrument as usize);
        match scope.kind {
            RiskScope::Strategy => key.strategy == scope.id,
            RiskScope::Instrument => key.instrument == scope.id,
            RiskScope::Venue => market.is_some_and(|market| market.venue == scope.id),
            RiskScope::Product => market.is_some_and(|market| market.product == scope.id),
            RiskScope::Account => self.risk.account_of(key.strategy) == scope.id,
            RiskScope::Firm => true,
        }
    }
}

impl Core {
    const fn ground(&self) -> Ground<'_> {
        Ground { markets: self.markets.as_slice(), risk: self.desk.risk() }
    }
}

/// Whether everything at a venue is of a scope: then its own mass cancel may be used.
fn takes_all_of(scope: Scope, venue: u32) -> bool {
    scope.kind == RiskScope::Firm || scope == Scope::new(RiskScope::Venue, venue)
}

/// A kill that is not confirmed.
#[derive(Clone, Copy, Debug)]
struct Kill {
    /// The input that began it.
    seq: u64,
    scope: Scope,
    started_ns: TsNs,
    /// Live orders at its start.
    orders: u32,
    look_ns: TsNs,
    escalate_ns: TsNs,
    escalations: u16,
}

kept!(Scope { kind, id });
kept!(Kill { seq, scope, started_ns, orders, look_ns, escalate_ns, escalations });

/// The kills of a node.
#[derive(Debug)]
pub(super) struct Kills {
    running: Vec<Kill>,
    /// Some venue is to hear whether it takes new orders.
    has_entry_due: bool,
}

impl Kills {
    pub(super) fn new() -> Self {
        Self { running: Vec::with_capacity(KILLS_MAX), has_entry_due: false }
    }

    /// Whether there is nothing to look after.
    #[inline]
    pub(super) const fn is_quiet(&self) -> bool {
        self.running.is_empty() && !self.has_entry_due
    }

    pub(super) fn save(&self, out: &mut Vec<u8>) {
        let Self { running, has_entry_due } = self;
        keep_all(running, out);
        has_entry_due.keep(out);
    }

    pub(super) fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self { running, has_entry_due } = self;
        take_all(running, KILLS_MAX, bytes)?;
        *has_entry_due = Kept::take(bytes)?;
        Ok(())
    }

    pub(super) fn hash_into(&self, hasher: &mut StateHasher) {
        for kill in &self.running {
            hasher.word(kill.seq);
            hasher.word(u64::from(kill.scope.id) << 8 | u64::from(kill.scope.kind.raw()));
            hasher.signed(kill.look_ns);
            hasher.signed(kill.escalate_ns);
            hasher.word(u64::from(kill.orders) << 16 | u64::from(kill.escalations));
        }
    }
}

impl Node {
    /// Kills that are not confirmed yet.
    #[must_use]
    pub fn kills_running(&self) -> usize {
        self.kills.running.len()
    }

    /// Whether a scope's kill is not confirmed yet.
    pub(super) fn is_killing(&self, scope: Scope) -> bool {
        self.kills.running.iter().any(|kill| kill.scope == scope)
    }

    /// Orders of kills that their venues have not confirmed dead.
    #[must_use]
    pub fn orders_killing(&self) -> u32 {
        let Self { venues, core, kills, .. } = self;
        let is_wanted =
            |key: &OrderKey| kills.running.iter().any(|kill| core.ground().covers(kill.scope, key));
        venues.iter().map(|venue| venue.port.count(is_wanted)).sum()
    }

    /// Gives every venue whose session is to be dropped.
    #[inline]
    pub fn take_drops(&mut self, mut drop: impl FnMut(u32)) {
        for venue in &mut self.venues {
            if std::mem::take(&mut venue.port.wants_drop) {
                drop(venue.port.venue);
            }
        }
    }

    /// A scope's trading state is set. Its orders are cancelled where that is asked for.
    pub(super) fn set_state(
        &mut self,
        set: TradingStateSet,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let risk = self.core.desk.risk_mut();
        risk.apply(TradingStateSet::KIND, &set.encode(), entry.ts_ns, entry.seq, out);
        let scope = RiskScope::from_raw(set.scope).map(|kind| Scope::new(kind, set.id));
        let scope = scope.unwrap_or(Scope::FIRM);
        if set.cancels != 0 {
            self.kill(scope, entry, out);
        } else if self.core.desk.risk().state(scope) != TradingState::Halted {
            self.let_go(scope, entry, out);
        }
    }

    /// What the gate wants known is put out; a scope that it halts has its orders cancelled.
    #[cold]
    pub(super) fn answer_alerts(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        while let Some(alert) = self.core.desk.risk_mut().next_alert() {
            alert.emit(entry.seq, out);
            if let Some(scope) = alert.halts() {
                self.kill(scope, entry, out);
            }
        }
    }

    /// Cancels everything of a scope, and watches until the venues have confirmed it.
    pub(super) fn kill(&mut self, scope: Scope, entry: Entry<'_>, out: &mut dyn Outbox) {
        let Self { venues, core, .. } = self;
        let is_wanted = |key: &OrderKey| core.ground().covers(scope, key);
        let orders = venues.iter().map(|venue| venue.port.count(is_wanted)).sum();
        let is_whole = |port: &Port| takes_all_of(scope, port.venue) && port.is_up();
        let is_known = self.kills.running.iter().any(|kill| kill.scope == scope);
        if !is_known {
            let mass_cancels = venues.iter().filter(|venue| is_whole(&venue.port)).count() as u16;
            let event = KillStarted {
                cause_seq: entry.seq,
                orders,
                id: scope.id,
                mass_cancels,
                scope: scope.kind.raw(),
                reserved: 0,
                reserved2: 0,
            };
            out.emit(KillStarted::KIND, KillStarted::VERSION, &event.encode());
        }
        for venue in venues.iter_mut().filter(|venue| is_whole(&venue.port)) {
            venue.port.mass_cancel(entry.seq, out);
        }
        self.sweep(scope, entry.seq, out);
        if !is_known && self.kills.running.len() < KILLS_MAX {
            self.kills.running.push(Kill {
                seq: entry.seq,
                scope,
                started_ns: entry.ts_ns,
                orders,
                look_ns: entry.ts_ns.saturating_add(LOOK_NS),
                escalate_ns: entry.ts_ns.saturating_add(ESCALATE_NS),
                escalations: 0,
            });
        }
    }

    /// A cancel for every order of a scope, those on their way too. What waits is forgotten.
    fn sweep(&mut self, scope: Scope, cause: u64, out: &mut dyn Outbox) {
        let Self { venues, core, .. } = self;
        let Core { waiting, markets, desk, .. } = core;
        desk.drop_legs(|risk, key| Ground { markets, risk }.covers(scope, key));
        let ground = Ground { markets, risk: desk.risk() };
        for place in waiting.iter_mut() {
            let key = |quote: &crate::events::SetQuote| OrderKey {
                strategy: quote.strategy_id,
                instrument: quote.instrument_id,
                client_id: 0,
                order_id: 0,
            };
            if place.as_ref().is_some_and(|quote| ground.covers(scope, &key(quote))) {
                *place = None;
            }
        }
        let is_wanted = |key: &OrderKey| ground.covers(scope, key);
        for venue in venues {
            venue.port.cancel_all(is_wanted, CancelReason::Killed, cause, out);
        }
        self.tell_canceled();
    }

    /// Looks whether kills are confirmed, and what they need.
    #[cold]
    pub(super) fn look_after_kills(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let mut at = 0;
        while let Some(&kill) = self.kills.running.get(at) {
            let Self { venues, core, .. } = self;
            let is_wanted = |key: &OrderKey| core.ground().covers(kill.scope, key);
            if !venues.iter().any(|venue| venue.port.holds(is_wanted)) {
                self.kills.running.remove(at);
                self.done(&kill, entry, out);
                continue;
            }
            if entry.ts_ns >= kill.escalate_ns {
                self.escalate(at, entry, out);
            } else if entry.ts_ns >= kill.look_ns {
                for venue in venues.iter_mut() {
                    venue.port.cancel_rest(is_wanted, CancelReason::Killed, entry.seq, out);
                }
                self.tell_canceled();
                self.kills.running[at].look_ns = entry.ts_ns.saturating_add(LOOK_NS);
            }
            at += 1;
        }
        if self.kills.has_entry_due {
            self.settle_entries(entry, out);
        }
    }

    /// Every order is dead. Where everything of a venue was meant, it is to take no new one either.
    fn done(&mut self, kill: &Kill, entry: Entry<'_>, out: &mut dyn Outbox) {
        let event = KillDone {
            cause_seq: entry.seq,
            kill_seq: kill.seq,
            elapsed_ns: entry.ts_ns.saturating_sub(kill.started_ns),
            orders: kill.orders,
            id: kill.scope.id,
            escalations: kill.escalations,
            scope: kill.scope.kind.raw(),
            reserved: 0,
            reserved2: 0,
        };
        out.emit(KillDone::KIND, KillDone::VERSION, &event.encode());
        self.close_entries(kill.scope);
    }

    /// It took too long: all is asked for again, and sessions that are wholly meant are dropped once.
    fn escalate(&mut self, at: usize, entry: Entry<'_>, out: &mut dyn Outbox) {
        let kill = &mut self.kills.running[at];
        kill.escalations = kill.escalations.saturating_add(1);
        kill.escalate_ns = entry.ts_ns.saturating_add(ESCALATE_NS);
        let kill = *kill;
        self.sweep(kill.scope, entry.seq, out);
        let Self { venues, core, .. } = self;
        let is_wanted = |key: &OrderKey| core.ground().covers(kill.scope, key);
        let mut left = 0;
        for venue in venues {
            let here = venue.port.count(is_wanted);
            let is_whole = takes_all_of(kill.scope, venue.port.venue);
            if here != 0 && is_whole && kill.escalations == 1 && venue.port.is_up() {
                venue.port.wants_drop = true;
            }
            left += here;
        }
        progressed(&kill, KillStep::Escalated, (0, left), entry, out);
        self.close_entries(kill.scope);
    }

    /// A person lets a scope trade again: what is not confirmed of its kill is given up, and venues
    /// take new orders of ours, whoever closed them.
    fn let_go(&mut self, scope: Scope, entry: Entry<'_>, out: &mut dyn Outbox) {
        if let Some(at) = self.kills.running.iter().position(|kill| kill.scope == scope) {
            let kill = self.kills.running.remove(at);
            let Self { venues, core, .. } = self;
            let is_wanted = |key: &OrderKey| core.ground().covers(scope, key);
            let left = venues.iter().map(|venue| venue.port.count(is_wanted)).sum();
            progressed(&kill, KillStep::Abandoned, (0, left), entry, out);
        }
        self.open_entries(scope);
    }

    /// Venues that are wholly of a scope take new orders of ours, whoever closed them.
    pub(super) fn open_entries(&mut self, scope: Scope) {
        for venue in &mut self.venues {
            if takes_all_of(scope, venue.port.venue) {
                venue.port.want_entry(true);
                self.kills.has_entry_due = true;
            }
        }
    }

    /// The same venues take none any more, where the scope is halted.
    fn close_entries(&mut self, scope: Scope) {
        if self.core.desk.risk().state(scope) != TradingState::Halted {
            return;
        }
        for venue in &mut self.venues {
            if takes_all_of(scope, venue.port.venue) {
                venue.port.want_entry(false);
                self.kills.has_entry_due = true;
            }
        }
    }

    /// Tells venues that can hear it whether they are to take new orders of ours.
    fn settle_entries(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let mut has_due = false;
        for venue in &mut self.venues {
            if let Some(is_open) = venue.port.settle_entry(entry.seq, out) {
                let step = if is_open { KillStep::EntryEnabled } else { KillStep::EntryDisabled };
                let (scope, id) = (RiskScope::Venue, venue.port.venue);
                let event = KillProgressed {
                    cause_seq: entry.seq,
                    kill_seq: 0,
                    elapsed_ns: 0,
                    orders_left: venue.port.live() as u32,
                    id,
                    venue_id: id,
                    escalations: 0,
                    scope: scope.raw(),
                    step: step.raw(),
                };
                out.emit(KillProgressed::KIND, KillProgressed::VERSION, &event.encode());
            }
            has_due |= venue.port.has_entry_due();
        }
        self.kills.has_entry_due = has_due;
    }
}

/// Says what happened in the course of a kill: at a venue (0: at none), with so many orders left.
fn progressed(
    kill: &Kill,
    step: KillStep,
    (venue_id, orders_left): (u32, u32),
    entry: Entry<'_>,
    out: &mut dyn Outbox,
) {
    let event = KillProgressed {
        cause_seq: entry.seq,
        kill_seq: kill.seq,
        elapsed_ns: entry.ts_ns.saturating_sub(kill.started_ns),
        orders_left,
        id: kill.scope.id,
        venue_id,
        escalations: kill.escalations,
        scope: kill.scope.kind.raw(),
        step: step.raw(),
    };
    out.emit(KillProgressed::KIND, KillProgressed::VERSION, &event.encode());
}
