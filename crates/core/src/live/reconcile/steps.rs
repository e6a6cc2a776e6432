// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What is done about differences: told when they are old enough to be none of the wire's, and then
//! restricted whom they concern.

use super::LOOK_NS;
use crate::component::{Entry, Outbox};
use crate::events::{
    Difference, DifferenceChanged, DifferenceStep, ReconciliationSet, RejectReason, RiskScope,
    TradingState,
};
use crate::live::{Core, Node};
use crate::risk::Scope;
use crate::types::{InstrumentId, StrategyId, TsNs};

/// A difference, and what it is about.
#[derive(Clone, Copy)]
struct Found {
    venue: u32,
    what: Difference,
    order_id: u64,
    exec_id: u64,
    instrument: InstrumentId,
    strategy: StrategyId,
    ours: i64,
    theirs: i64,
    age_ns: i64,
}

impl Node {
    /// Works out when to look next.
    pub(super) fn plan(&mut self) {
        let accounts = self.reconcile.accounts.iter().flatten();
        self.reconcile.due_ns = accounts.map(|account| account.due_ns()).min().unwrap_or(TsNs::MAX);
    }

    /// Looks at what has differed for a while, and compares orders and totals now and then.
    #[cold]
    pub(in crate::live) fn look_at_differences(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        for venue in 1..=self.reconcile.accounts.len() as u32 {
            let Some(account) = self.reconcile.account(venue) else { continue };
            let now = entry.ts_ns;
            let is_due = [account.due_ns, account.look_ns, account.sweep_ns].map(|at| now >= at);
            if is_due[0] {
                self.look_at_executions(venue, entry, out);
            }
            if is_due[1] {
                self.look_at_orders(venue, entry, out);
            }
            if is_due[2] {
                self.sweep_totals(venue, entry, out);
            }
        }
        self.plan();
    }

    fn look_at_executions(&mut self, venue: u32, entry: Entry<'_>, out: &mut dyn Outbox) {
        let is_told = self.is_ready(venue);
        let Some(account) = self.reconcile.account_mut(venue) else { return };
        account.due_ns = TsNs::MAX;
        let mut at = 0;
        while let Some(account) = self.reconcile.account_mut(venue)
            && let Some(&place) = account.executions.open().get(at)
        {
            at += 1;
            let execution = account.executions.at(place);
            let Some((what, ..)) = execution.difference() else { continue };
            let age_ns = entry.ts_ns.saturating_sub(execution.since_ns);
            let (before, since_ns) = (execution.step, execution.since_ns);
            let due = account.step(what, age_ns, is_told);
            let ReconciliationSet { warn_ns, reduce_ns, .. } = account.rules;
            if age_ns < reduce_ns {
                let wait_ns = if age_ns < warn_ns { warn_ns } else { reduce_ns };
                account.due_ns = account.due_ns.min(since_ns.saturating_add(wait_ns));
            }
            if let Some(step) = due.filter(|step| before.is_none_or(|b| b.raw() < step.raw())) {
                self.take_step(venue, place, step, entry, out);
            }
        }
    }

    /// Compares what is left of every order.
    fn look_at_orders(&mut self, venue: u32, entry: Entry<'_>, out: &mut dyn Outbox) {
        let now = entry.ts_ns;
        let Self { venues, core: Core { desk, .. }, reconcile, .. } = self;
        let Some(account) = reconcile.account_mut(venue) else { return };
        let Some(known) = venues.get((venue as usize).wrapping_sub(1)) else { return };
        account.look_ns = now.saturating_add(LOOK_NS);
        account.standings.begin();
        for sent in known.port.sent().filter(|sent| sent.key.order_id != 0) {
            let key = sent.key;
            let order =
                desk.orders(key.strategy).and_then(|t| t.get(key.instrument, key.client_id));
            let left = order.map_or(0, |order| order.leaves);
            account.standings.ours(key.order_id, (key.strategy, key.instrument), left, now);
        }
        account.standings.end(now);
        let mut at = 0;
        while let Some(account) = self.reconcile.account_mut(venue)
            && let Some(&standing) = account.standings.at(at)
        {
            let age_ns = now.saturating_sub(standing.since_ns);
            let due = match (standing.differs(), standing.step) {
                (false, Some(_)) => Some(DifferenceStep::Resolved),
                (false, None) => None,
                (true, before) => account
                    .step(Difference::State, age_ns, false)
                    .filter(|step| before.is_none_or(|b| b.raw() < step.raw())),
            };
            if let Some(place) = account.standings.at_mut(at) {
                let is_over = due == Some(DifferenceStep::Resolved);
                place.step = if is_over { None } else { due.or(place.step) };
            }
            if standing.ours == 0 && standing.theirs == 0 {
                account.standings.remove(at);
            } else {
                at += 1;
            }
            if let Some(step) = due {
                let lots = |qty| i64::try_from(qty).unwrap_or(i64::MAX);
                let found = Found {
                    venue,
                    what: Difference::State,
                    order_id: standing.order_id,
                    exec_id: 0,
                    instrument: standing.instrument,
                    strategy: standing.strategy,
                    ours: lots(standing.ours),
                    theirs: lots(standing.theirs),
                    age_ns,
                };
                self.answer_difference(&found, step, entry, out);
            }
        }
    }

    /// Compares the totals.
    fn sweep_totals(&mut self, venue: u32, entry: Entry<'_>, out: &mut dyn Outbox) {
        let Some(account) = self.reconcile.account_mut(venue) else { return };
        account.sweep_ns = entry.ts_ns.saturating_add(account.rules.sweep_ns);
        let agree = account.executions.totals_agree()
            && account.executions.forgotten == 0
            && account.standings.forgotten == 0;
        let was_differing = std::mem::replace(&mut account.totals_differ, !agree);
        let step = match (agree, was_differing) {
            (true, _) => DifferenceStep::Compared,
            (false, false) => DifferenceStep::Reduced,
            (false, true) => DifferenceStep::Warned,
        };
        let [here, there] = account.executions.totals();
        let lots = |lots: u128| i64::try_from(lots).unwrap_or(i64::MAX);
        let found = Found {
            venue,
            what: Difference::Totals,
            order_id: 0,
            exec_id: 0,
            instrument: 0,
            strategy: 0,
            ours: lots(here.lots),
            theirs: lots(there.lots),
            age_ns: 0,
        };
        self.answer_difference(&found, step, entry, out);
    }

    /// Takes a step because of an execution.
    pub(super) fn take_step(
        &mut self,
        venue: u32,
        place: u32,
        step: DifferenceStep,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let Some(account) = self.reconcile.account_mut(venue) else { return };
        let execution = account.executions.at_mut(place);
        let lots = execution.told.lots;
        let agreed = (Difference::Qty, lots, lots);
        let (what, ours, theirs) = execution.difference().unwrap_or(agreed);
        execution.step = Some(step);
        let found = Found {
            venue,
            what,
            order_id: execution.told.order_id,
            exec_id: execution.told.exec_id,
            instrument: execution.told.instrument,
            strategy: execution.told.strategy,
            ours,
            theirs,
            age_ns: entry.ts_ns.saturating_sub(execution.since_ns),
        };
        self.answer_difference(&found, step, entry, out);
    }

    /// Says what is done about a difference, and does it: to the account of whom it concerns; where it
    /// concerns nobody that is known, to the venue, or to everything.
    fn answer_difference(
        &mut self,
        found: &Found,
        step: DifferenceStep,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let totals = self.reconcile.account(found.venue).map(|a| a.executions.totals());
        let counts = totals.filter(|_| found.what == Difference::Totals);
        let [here, there] = counts.map_or([0; 2], |of| of.map(|total| total.count));
        let event = DifferenceChanged {
            cause_seq: entry.seq,
            order_id: found.order_id,
            exec_id: found.exec_id,
            ours: found.ours,
            theirs: found.theirs,
            age_ns: found.age_ns,
            count_here: here,
            count_there: there,
            venue_id: found.venue,
            instrument_id: found.instrument,
            strategy_id: found.strategy,
            what: found.what.raw(),
            step: step.raw(),
            reserved: 0,
        };
        out.emit(DifferenceChanged::KIND, DifferenceChanged::VERSION, &event.encode());
        let (state, unknown) = match step {
            DifferenceStep::Reduced => {
                (TradingState::Reducing, Scope::new(RiskScope::Venue, found.venue))
            }
            DifferenceStep::Halted => (TradingState::Halted, Scope::FIRM),
            _ => return,
        };
        let account = self.core.desk.risk().account_of(found.strategy);
        let is_known = found.strategy != 0;
        let scope = if is_known { Scope::new(RiskScope::Account, account) } else { unknown };
        self.restrict(scope, state, entry, out);
    }

    /// A difference has a scope do less, unless it does no more already.
    fn restrict(
        &mut self,
        scope: Scope,
        state: TradingState,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        if state.raw() >= self.core.desk.risk().state(scope).raw() {
            return;
        }
        self.set_scope_for(RejectReason::Difference.raw(), scope, state, entry, out);
        if state == TradingState::Halted {
            self.kill(scope, entry, out);
        }
    }
}
