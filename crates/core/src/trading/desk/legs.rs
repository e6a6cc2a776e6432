// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the orders of a group are to have at the venue, and the next thing that brings it about.
//!
//! Whoever owns the wire asks for it after every entry until nothing is due (`docs/adr/0088`). A leg has
//! one order at a time, or one and its replacement. What is triggered leaves only when nothing that it
//! excludes is at the venue any more: then both cannot trade.

use super::asks::key_of;
use super::hear::Heard;
use super::{Desk, NewOrder, Reference, SpecialTerms, StrategyState, VenueCommand, emit_rejected};
use crate::component::Outbox;
use crate::events::{CancelReason, LegState, RejectReason, SubmitGroup};
use crate::risk::Refusal;
use crate::trading::groups::{Group, Leg, LegTerms};
use crate::trading::oms::{OrderTable, OwnOrder};
use crate::trading::states::Word;
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks, TsNs};

/// Steps for groups after one entry; what is left is done after the next one.
pub const GROUP_STEPS_MAX: usize = 4_096;

/// The next thing to be done for a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Whose.
    pub strategy: StrategyId,
    group: u64,
    at: usize,
    /// Where.
    pub instrument: InstrumentId,
    /// Side of the order.
    pub side: Side,
    step: Step,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Enter(Lots),
    /// To a total over its chain.
    Replace(OwnOrder, Lots),
    /// To a total over its chain.
    Reduce(OwnOrder, Lots),
    Cancel(OwnOrder),
}

impl Desk {
    /// Whether [`Self::next_due`] is to be asked.
    #[inline]
    #[must_use]
    pub const fn has_due(&self) -> bool {
        self.has_due
    }

    /// A trade of anybody's: it may trigger stops that are kept here.
    #[inline]
    pub fn on_trade(&mut self, instrument: InstrumentId, price: Ticks) {
        if self.watched.get(instrument as usize).is_some_and(|&count| count != 0) {
            self.trigger(instrument, price);
        }
    }

    #[cold]
    fn trigger(&mut self, instrument: InstrumentId, price: Ticks) {
        for group in self.strategies.iter_mut().flat_map(|state| state.groups.all_mut()) {
            self.has_due |= group.on_trade(instrument, price);
        }
    }

    /// A venue spoke: what could not leave because one was not there is tried again.
    #[inline]
    pub fn try_stalled(&mut self) {
        if !std::mem::take(&mut self.has_stalled) {
            return;
        }
        for group in self.strategies.iter_mut().flat_map(|state| state.groups.all_mut()) {
            for leg in group.legs.iter_mut().flatten().filter(|leg| leg.is_stalled) {
                (leg.is_stalled, group.is_due, self.has_due) = (false, true, true);
            }
        }
    }

    /// The next thing to be done for any group; what changed of one with nothing left to do is told.
    pub fn next_due(&mut self, cause: u64, out: &mut dyn Outbox) -> Option<Due> {
        for strategy in 1..=self.strategies_max() {
            while let Some(id) = self.state(strategy).and_then(|state| state.groups.due()) {
                let due = self.due_of(strategy, id);
                if due.is_some() {
                    return due;
                }
                self.end_legs(strategy, id);
                self.tell_legs(strategy, id, cause, out);
                let state = self.state_mut(strategy);
                if let Some(group) = state.and_then(|state| state.groups.get_mut(id)) {
                    group.is_due = false;
                }
            }
        }
        self.has_due = false;
        None
    }

    fn due_of(&self, strategy: StrategyId, id: u64) -> Option<Due> {
        let StrategyState { orders, groups, .. } = self.state(strategy)?;
        let group = groups.get(id)?;
        (0..group.count()).find_map(|at| {
            let LegTerms { instrument, side, .. } = group.leg(at).terms;
            let step = step_of(group, at, orders)?;
            Some(Due { strategy, group: id, at, instrument, side, step })
        })
    }

    /// Does what is due. `refusal` says why nothing new may leave for its instrument now: it is
    /// tried again later. Gives the command for the venue.
    pub fn carry_out(
        &mut self,
        due: &Due,
        refusal: Option<Refusal>,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        let waits = match due.step {
            Step::Cancel(_) => false,
            // Nothing holds a reduction back but that nobody is there to hear it.
            Step::Reduce(..) => refusal.is_some_and(|why| why.reason == RejectReason::VenueDown),
            Step::Enter(_) | Step::Replace(..) => refusal.is_some(),
        };
        if waits {
            self.leg_mut(due)?.is_stalled = true;
            self.has_stalled = true;
            return None;
        }
        match due.step {
            Step::Cancel(order) => {
                let is_unwanted = self.leg_mut(due)?.is_unwanted;
                let reason = if is_unwanted { CancelReason::User } else { CancelReason::Group };
                self.leg_mut(due)?.is_swapping = !is_unwanted;
                Some(self.cancel_chain(due.strategy, &order, reason))
            }
            Step::Reduce(order, total) => {
                self.leg_mut(due)?.reduced = (order.client_id, total);
                let key = order.key(due.strategy);
                Some(VenueCommand::Reduce { key, qty: total, reason: CancelReason::Group })
            }
            Step::Enter(qty) => self.enter_leg(due, qty, market, now, cause, out),
            Step::Replace(old, total) => {
                self.replace_leg(due, &old, total, market, now, cause, out)
            }
        }
    }

    fn leg_mut(&mut self, due: &Due) -> Option<&mut Leg> {
        let state = self.state_mut(due.strategy)?;
        Some(state.groups.get_mut(due.group)?.leg_mut(due.at))
    }

    fn order_of(&self, due: &Due, client_id: u64, qty: Lots) -> Option<NewOrder> {
        let group = self.state(due.strategy)?.groups.get(due.group)?;
        let leg = group.leg(due.at);
        let terms = leg.terms;
        let stop_price = if terms.is_held { 0 } else { terms.stop_price };
        Some(NewOrder {
            strategy: due.strategy,
            instrument: terms.instrument,
            client_id,
            side: terms.side,
            order_type: terms.sent_type(),
            time_in_force: terms.time_in_force,
            post_only: terms.post_only,
            stp_mode: group.stp_mode,
            price: terms.price,
            qty,
            special: SpecialTerms {
                hidden: terms.hidden,
                stop_price,
                leg_id: leg.client_id,
                ..SpecialTerms::NONE
            },
        })
    }

    fn enter_leg(
        &mut self,
        due: &Due,
        qty: Lots,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        let leg = *self.leg_mut(due)?;
        let client_id = if leg.order_client_id == 0 {
            leg.client_id
        } else {
            self.state_mut(due.strategy)?.groups.next_order_id()
        };
        let order = self.order_of(due, client_id, qty)?;
        if let Err(refusal) = self.submit(&order, market, now, None) {
            self.leg_refused(due.strategy, due.group, due.at);
            let key = key_of(due.strategy, due.instrument, leg.client_id);
            emit_rejected(out, cause, key, SubmitGroup::KIND, refusal);
            return None;
        }
        let leg = self.leg_mut(due)?;
        (leg.order_client_id, leg.is_swapping, leg.is_stalled) = (client_id, false, false);
        Some(VenueCommand::Enter(order))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a decision is made from, as everywhere here"
    )]
    fn replace_leg(
        &mut self,
        due: &Due,
        old: &OwnOrder,
        total: Lots,
        market: &Reference,
        now: TsNs,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> Option<VenueCommand> {
        let client_id = self.state_mut(due.strategy)?.groups.next_order_id();
        let order = self.order_of(due, client_id, total)?;
        if let Err(refusal) = self.submit(&order, market, now, Some(*old)) {
            let leg = self.leg_mut(due)?;
            leg.is_stuck = true;
            let key = key_of(due.strategy, due.instrument, leg.client_id);
            emit_rejected(out, cause, key, SubmitGroup::KIND, refusal);
            return None;
        }
        self.leg_mut(due)?.order_client_id = client_id;
        let NewOrder { price, qty, .. } = order;
        Some(VenueCommand::Replace { key: old.key(due.strategy), client_id, price, qty })
    }

    /// A leg was refused. Where nothing of its group traded and no other one arms it, the whole group
    /// goes: half of it is not what was asked for.
    fn leg_refused(&mut self, strategy: StrategyId, id: u64, at: usize) {
        let state = self.state_mut(strategy);
        let Some(group) = state.and_then(|s| s.groups.get_mut(id)) else { return };
        group.leg_mut(at).end = Some(LegState::Rejected);
        let is_untouched = group.legs().all(|leg| leg.executed == 0);
        if is_untouched {
            group.legs_mut().for_each(|leg| leg.is_unwanted = true);
        }
        self.set_due(strategy, id);
    }

    /// A word was said of an order that stands for a leg.
    pub(super) fn leg_heard(&mut self, strategy: StrategyId, heard: &Heard, word: Word) {
        let Heard { before, after, .. } = heard;
        let state = self.state_mut(strategy);
        let Some(state) = state else { return };
        let Some((id, at)) = state.groups.find(after.leg_id) else { return };
        let Some(group) = state.groups.get_mut(id) else { return };
        let dies = after.state.is_dead() && !before.state.is_dead();
        let leg = group.leg_mut(at);
        if matches!(word, Word::LinkDown | Word::ToldOpen) {
            // A reduction that was on its way may never have arrived.
            leg.reduced = (0, 0);
        }
        match word {
            // Asked again at once, a venue that refuses would be asked for ever.
            Word::CancelRejected => return,
            Word::Rejected | Word::ToldNever | Word::Canceled | Word::ToldGone
                if dies && after.replaces != 0 =>
            {
                // The order that was to be replaced lives on, or is cancelled for it: then another one
                // takes its place.
                leg.is_swapping = true;
                leg.is_stuck = true;
            }
            Word::Rejected | Word::ToldNever if dies => {
                self.leg_refused(strategy, id, at);
                return;
            }
            Word::Canceled | Word::Expired | Word::ToldGone if dies => {
                let is_ours = std::mem::take(&mut leg.is_swapping);
                if !is_ours && !leg.is_unwanted && leg.executed < leg.terms.qty {
                    leg.is_unwanted = true;
                }
            }
            _ => {}
        }
        self.set_due(strategy, id);
    }

    /// Something of an order that stands for a leg traded.
    pub(super) fn leg_filled(&mut self, strategy: StrategyId, leg: u64, qty: Lots, price: Ticks) {
        let Some(state) = self.state_mut(strategy) else { return };
        let Some((id, at)) = state.groups.find(leg) else { return };
        if let Some(group) = state.groups.get_mut(id) {
            group.on_fill(at, qty, price);
            self.has_due = true;
        }
    }

    /// Legs that have nothing more to do end.
    fn end_legs(&mut self, strategy: StrategyId, id: u64) {
        let Some(state) = self.state_mut(strategy) else { return };
        let StrategyState { orders, groups, .. } = state;
        let Some(group) = groups.get_mut(id) else { return };
        for at in 0..group.count() {
            let leg = group.leg(at);
            if leg.end.is_some() || live_of(leg, orders).is_some() {
                continue;
            }
            let opener_is_over = group.is_opener(at) || !group.is_opener(0) || {
                let opener = group.leg(0);
                opener.end.is_some() && live_of(opener, orders).is_none()
            };
            let is_over = leg.is_unwanted || (opener_is_over && group.share(at) == 0);
            if is_over {
                let is_last = leg.is_triggered && group.left(at) == 0;
                let is_filled = leg.executed != 0 && (leg.executed >= group.most(at) || is_last);
                let end = if is_filled { LegState::Filled } else { LegState::Canceled };
                group.leg_mut(at).end = Some(end);
            }
        }
    }
}

/// The order that stands for a leg; of one and its replacement, the newer.
pub(super) fn live_of<'a>(leg: &Leg, orders: &'a OrderTable) -> Option<&'a OwnOrder> {
    let live = orders.live().filter(|order| order.leg_id == leg.client_id);
    live.max_by_key(|order| order.client_id)
}

/// The next thing to be done for a leg.
fn step_of(group: &Group, at: usize, orders: &OrderTable) -> Option<Step> {
    let leg = group.leg(at);
    let live = live_of(leg, orders);
    let is_kept = leg.terms.is_held && !leg.is_triggered;
    let wanted = if is_kept { 0 } else { group.share(at) };
    let Some(order) = live else {
        let is_excluded = || {
            let mut others = group.sharers().filter(|(other, _)| *other != at);
            leg.is_triggered && others.any(|(_, other)| live_of(other, orders).is_some())
        };
        let leaves = wanted != 0 && !leg.is_stalled && !is_excluded();
        return leaves.then_some(Step::Enter(wanted));
    };
    if wanted == 0 {
        return (!order.wants_cancel).then_some(Step::Cancel(*order));
    }
    if !order.state.is_settled() {
        return None;
    }
    let total = order.executed.saturating_add(wanted);
    if order.leaves > wanted {
        let is_asked = leg.reduced == (order.client_id, total);
        return (!is_asked && !leg.is_stalled).then_some(Step::Reduce(*order, total));
    }
    let is_moved = order.price != leg.terms.price && order.price != 0;
    let may = !leg.is_stuck && !leg.is_stalled;
    (may && (order.leaves < wanted || is_moved)).then_some(Step::Replace(*order, total))
}
