// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Groups of orders that depend on each other: how they are taken, cancelled, moved and told.
//! `legs.rs` has what follows for the venue.

use super::asks::{halted, key_of, refuse};
use super::legs::live_of;
use super::submit::submit_flags;
use super::{Desk, OrderKey, StrategyState, emit_rejected};
use crate::component::Outbox;
use crate::events::{
    CancelOrder, GroupKind, LegChanged, LegState, OrderType, RejectReason, ReplaceOrder, StpMode,
    SubmitGroup, TimeInForce,
};
use crate::risk::{Refusal, RiskGate};
use crate::trading::groups::{Group, LEGS_MAX, Leg, LegTerms, Told};
use crate::trading::oms::OrderTable;
use crate::types::{InstrumentId, Side, StrategyId, Ticks};

/// Flags that an order of a group may have.
const FLAGS: u8 = submit_flags::POST_ONLY | submit_flags::HIDDEN | submit_flags::HELD;

impl Desk {
    /// The orders that a group is asked for with, checked: that they make one, not that they may leave.
    ///
    /// # Errors
    /// What does not fit; with it, the place of the order, from 1.
    pub fn legs_of(asked: &SubmitGroup) -> Result<[Option<LegTerms>; LEGS_MAX], Refusal> {
        let kind = GroupKind::from_raw(asked.kind);
        let count = match kind.ok_or(invalid(0))? {
            GroupKind::Alone => 1,
            GroupKind::OneCancelsOther | GroupKind::OneTriggersOther => 2,
            GroupKind::Bracket => 3,
        };
        let mut legs = [None; LEGS_MAX];
        for (at, leg) in legs.iter_mut().enumerate() {
            *leg = read_leg(asked, at)?;
            if leg.is_some() != (at < count) {
                return Err(invalid(at));
            }
        }
        let qty = |at: usize| legs[at].map_or(0, |leg: LegTerms| leg.qty);
        // An order at any price would trade at once: it excludes nothing.
        let is_market = |at: usize| legs[at].is_some_and(|leg| leg.order_type == OrderType::Market);
        let fits = match kind {
            Some(GroupKind::OneCancelsOther) if is_market(0) || is_market(1) => false,
            Some(GroupKind::Bracket) if is_market(1) || is_market(2) => false,
            Some(GroupKind::Alone) => legs[0].is_none_or(|leg| leg.is_held),
            Some(GroupKind::OneCancelsOther) => qty(0) == qty(1),
            Some(GroupKind::OneTriggersOther) => qty(1) <= qty(0),
            _ => qty(1) == qty(0) && qty(2) == qty(0),
        };
        if fits { Ok(legs) } else { Err(invalid(count - 1)) }
    }

    /// A strategy asks for a group: all its orders are taken, or none. `last` are the last trades of
    /// their instruments, 0 for none: what a trailing stop follows from the start.
    pub fn submit_group(
        &mut self,
        asked: &SubmitGroup,
        last: [Ticks; LEGS_MAX],
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        if let Err(refusal) = self.try_group(asked, last) {
            let key = key_of(asked.strategy_id, asked.leg1_instrument_id, asked.group_id);
            emit_rejected(out, cause, key, SubmitGroup::KIND, refusal);
        }
    }

    fn try_group(&mut self, asked: &SubmitGroup, last: [Ticks; LEGS_MAX]) -> Result<(), Refusal> {
        let (strategy, id) = (asked.strategy_id, asked.group_id);
        self.use_client_id(strategy, id)?;
        let terms = Self::legs_of(asked)?;
        let stp_mode = StpMode::from_raw(asked.stp_mode).ok_or(invalid(0))?;
        let kind = GroupKind::from_raw(asked.kind).ok_or(invalid(0))?;
        let mut legs = [None; LEGS_MAX];
        for (at, (leg, terms)) in legs.iter_mut().zip(terms).enumerate() {
            let Some(terms) = terms else { continue };
            if terms.instrument == 0 || terms.instrument > self.instruments_max {
                let instrument = u64::from(terms.instrument);
                return Err(refuse(RejectReason::InstrumentUnknown, instrument, 0));
            }
            self.use_client_id(strategy, id + at as u64 + 1)?;
            // What another one arms begins with the price that it trades at.
            let is_armed = matches!(kind, GroupKind::Alone | GroupKind::OneCancelsOther) || at == 0;
            let best = if is_armed && terms.trail != 0 { last[at] } else { 0 };
            *leg = Some(Leg::new(id + at as u64 + 1, terms, best));
        }
        let group = Group { id, kind, stp_mode, legs, is_due: true };
        let state = self.state_mut(strategy).ok_or(halted())?;
        if !state.running {
            return Err(halted());
        }
        if !state.groups.open(&group) {
            return Err(refuse(RejectReason::GroupFull, 0, 0));
        }
        self.has_due = true;
        Ok(())
    }

    /// Groups that a strategy has, or had lately, by id.
    pub fn groups(&self, strategy: StrategyId) -> impl Iterator<Item = &Group> {
        self.state(strategy).into_iter().flat_map(|state| state.groups.all())
    }

    /// Whether a cancel means a group or one of its orders. Then nothing more is to come of it: what
    /// is at the venue is cancelled, what is not is dropped.
    pub(super) fn cancels_leg(
        &mut self,
        cancel: &CancelOrder,
        cause: u64,
        out: &mut dyn Outbox,
    ) -> bool {
        let CancelOrder { strategy_id: strategy, client_id, .. } = *cancel;
        let Some((group, at)) = self.find_leg(strategy, cancel.instrument_id, client_id) else {
            return false;
        };
        let Some(group) = self.state_mut(strategy).and_then(|s| s.groups.get_mut(group)) else {
            return false;
        };
        if group.is_over() && at.is_none() {
            return false;
        }
        let id = group.id;
        let mut refused = None;
        for (place, leg) in group.legs.iter_mut().enumerate() {
            let Some(leg) = leg.as_mut().filter(|_| at.is_none_or(|at| at == place)) else {
                continue;
            };
            if cancel.qty_lots == 0 {
                (leg.is_unwanted, leg.is_stuck, leg.is_swapping) = (true, false, false);
            } else {
                refused = Some(refuse(RejectReason::GroupSized, leg.terms.qty, 0));
            }
        }
        if let Some(refusal) = refused {
            let key = key_of(strategy, cancel.instrument_id, client_id);
            emit_rejected(out, cause, key, CancelOrder::KIND, refusal);
        }
        self.set_due(strategy, id);
        true
    }

    /// Everything of some orders is cancelled by other hands: what is kept here for them is dropped.
    pub fn drop_legs(&mut self, is_wanted: impl Fn(&RiskGate, &OrderKey) -> bool) {
        let Self { strategies, risk, has_due, .. } = self;
        for (state, strategy) in strategies.iter_mut().zip(1..) {
            let StrategyState { orders, groups, .. } = state;
            for group in groups.all_mut().filter(|group| !group.is_over()) {
                for leg in group.legs.iter_mut().flatten() {
                    let key = key_of(strategy, leg.terms.instrument, leg.client_id);
                    if leg.end.is_some() || !is_wanted(risk, &key) {
                        continue;
                    }
                    (leg.is_unwanted, leg.is_swapping) = (true, false);
                    (group.is_due, *has_due) = (true, true);
                    // Its cancel leaves by those hands, and is not asked for twice.
                    if let Some(order) = live_of(leg, orders).copied() {
                        let id = order.client_id;
                        orders.update(order.instrument, id, |order| order.wants_cancel = true);
                    }
                }
            }
        }
    }

    /// A leg that a replacement means is moved: its limit, or the price of a stop that is kept by us.
    /// `None` when it means no leg.
    pub(super) fn moves_leg(&mut self, replace: &ReplaceOrder) -> Option<Result<(), Refusal>> {
        let ReplaceOrder { strategy_id: strategy, instrument_id, client_id, .. } = *replace;
        let (id, at) = self.find_leg(strategy, instrument_id, client_id)?;
        Some(self.move_leg(replace, id, at))
    }

    fn move_leg(
        &mut self,
        replace: &ReplaceOrder,
        id: u64,
        at: Option<usize>,
    ) -> Result<(), Refusal> {
        self.use_client_id(replace.strategy_id, replace.new_client_id)?;
        let state = self.state_mut(replace.strategy_id).ok_or(halted())?;
        if !state.running {
            return Err(halted());
        }
        let unknown = refuse(RejectReason::OrderUnknown, replace.client_id, 0);
        let group = state.groups.get_mut(id).ok_or(unknown)?;
        let leg = group.leg_mut(at.ok_or(unknown)?);
        if leg.end.is_some() || leg.is_unwanted {
            return Err(unknown);
        }
        let (price, terms) = (replace.price_ticks, &mut leg.terms);
        let fixed = refuse(RejectReason::GroupSized, terms.qty, 0);
        if price <= 0 || replace.qty_lots != terms.qty {
            return Err(fixed);
        }
        match terms.order_type {
            OrderType::Stop | OrderType::StopLimit if terms.is_held && !leg.is_triggered => {
                if terms.order_type == OrderType::StopLimit {
                    terms.price = terms.price.saturating_add(price - terms.stop_price).max(1);
                }
                terms.stop_price = price;
            }
            OrderType::Limit => terms.price = price,
            OrderType::StopLimit if terms.is_held => terms.price = price,
            _ => return Err(fixed),
        }
        leg.is_stuck = false;
        self.set_due(replace.strategy_id, id);
        Ok(())
    }

    /// The group of a number: a group's own, a leg's, or that of an order that stands for a leg.
    fn find_leg(
        &self,
        strategy: StrategyId,
        instrument: InstrumentId,
        client_id: u64,
    ) -> Option<(u64, Option<usize>)> {
        let state = self.state(strategy)?;
        if state.groups.is_empty() {
            return None;
        }
        if state.groups.get(client_id).is_some() {
            return Some((client_id, None));
        }
        let order = state.orders.get(instrument, client_id).filter(|order| order.leg_id != 0);
        let (id, at) = state.groups.find(order.map_or(client_id, |order| order.leg_id))?;
        let is_there = order.is_some() || state.groups.get(id)?.leg(at).end.is_none();
        is_there.then_some((id, Some(at)))
    }

    pub(super) fn set_due(&mut self, strategy: StrategyId, group: u64) {
        let state = self.state_mut(strategy);
        if let Some(group) = state.and_then(|state| state.groups.get_mut(group)) {
            group.is_due = true;
            self.has_due = true;
        }
    }

    /// Tells of every leg of a group that is not as it was told last.
    pub(super) fn tell_legs(
        &mut self,
        strategy: StrategyId,
        id: u64,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let Self { strategies, watched, .. } = self;
        let state = strategies.get_mut((strategy as usize).wrapping_sub(1));
        let Some(StrategyState { orders, groups, .. }) = state else { return };
        let Some(group) = groups.get_mut(id) else { return };
        for at in 0..group.count() {
            let told = told_of(group, at, orders);
            let leg = group.leg_mut(at);
            let was = leg.told.replace(told);
            if was == Some(told) {
                continue;
            }
            let is_watching = |told: Told| told.state == LegState::Watching;
            if let Some(count) = watched.get_mut(leg.terms.instrument as usize) {
                *count += u32::from(is_watching(told));
                *count -= u32::from(was.is_some_and(is_watching));
            }
            let event = event_of(group, at, strategy, told, cause);
            out.emit(LegChanged::KIND, LegChanged::VERSION, &event.encode());
        }
    }

    /// Counts stops that wait for a price anew.
    pub(super) fn find_watched(&mut self) {
        self.watched.fill(0);
        (self.has_due, self.has_stalled) = (false, false);
        for group in self.strategies.iter().flat_map(|state| state.groups.all()) {
            self.has_due |= group.is_due;
            for leg in group.legs() {
                self.has_stalled |= leg.is_stalled;
                let count = self.watched.get_mut(leg.terms.instrument as usize);
                if let Some(count) = count.filter(|_| leg.is_watching()) {
                    *count += 1;
                }
            }
        }
    }
}

fn event_of(group: &Group, at: usize, strategy: StrategyId, told: Told, cause: u64) -> LegChanged {
    let leg = group.leg(at);
    LegChanged {
        cause_seq: cause,
        group_id: group.id,
        client_id: leg.client_id,
        order_client_id: told.order_client_id,
        qty_lots: told.qty,
        executed_lots: told.executed,
        over_lots: told.over,
        // A trailing stop's moves are not told one by one; where it stands now, is.
        stop_price_ticks: if leg.end.is_none() { leg.trigger() } else { 0 },
        strategy_id: strategy,
        instrument_id: leg.terms.instrument,
        kind: group.kind.raw(),
        state: told.state.raw(),
        side: leg.terms.side.raw(),
        is_triggered: u8::from(told.is_triggered),
        reserved: 0,
    }
}

/// How a leg stands.
fn told_of(group: &Group, at: usize, orders: &OrderTable) -> Told {
    let leg = group.leg(at);
    let is_live = || orders.live().any(|order| order.leg_id == leg.client_id);
    let share = group.share(at);
    let state = match leg.end {
        Some(end) => end,
        None if is_live() => LegState::Working,
        None if leg.terms.is_held && !leg.is_triggered && share != 0 => LegState::Watching,
        None => LegState::Waiting,
    };
    Told {
        state,
        qty: leg.executed.saturating_add(share),
        executed: leg.executed,
        over: if group.is_opener(at) { 0 } else { group.over() },
        order_client_id: leg.order_client_id,
        stop_price: leg.terms.stop_price,
        is_triggered: leg.is_triggered,
    }
}

fn invalid(at: usize) -> Refusal {
    refuse(RejectReason::GroupInvalid, at as u64 + 1, 0)
}

/// One order of a group as it was asked for; `None` when all of it is 0.
fn read_leg(asked: &SubmitGroup, at: usize) -> Result<Option<LegTerms>, Refusal> {
    let a = asked;
    let (price, stop_price, trail, qty, instrument, raw) = match at {
        0 => (
            a.leg1_price_ticks,
            a.leg1_stop_price_ticks,
            a.leg1_trail_ticks,
            a.leg1_qty_lots,
            a.leg1_instrument_id,
            [a.leg1_side, a.leg1_order_type, a.leg1_time_in_force, a.leg1_flags],
        ),
        1 => (
            a.leg2_price_ticks,
            a.leg2_stop_price_ticks,
            a.leg2_trail_ticks,
            a.leg2_qty_lots,
            a.leg2_instrument_id,
            [a.leg2_side, a.leg2_order_type, a.leg2_time_in_force, a.leg2_flags],
        ),
        _ => (
            a.leg3_price_ticks,
            a.leg3_stop_price_ticks,
            a.leg3_trail_ticks,
            a.leg3_qty_lots,
            a.leg3_instrument_id,
            [a.leg3_side, a.leg3_order_type, a.leg3_time_in_force, a.leg3_flags],
        ),
    };
    if raw == [0; 4] && qty == 0 {
        return Ok(None);
    }
    let [side, order_type, time_in_force, flags] = raw;
    let terms = LegTerms {
        price,
        stop_price,
        trail,
        qty,
        instrument,
        side: Side::from_raw(side).ok_or(invalid(at))?,
        order_type: OrderType::from_raw(order_type).ok_or(invalid(at))?,
        time_in_force: TimeInForce::from_raw(time_in_force).ok_or(invalid(at))?,
        post_only: flags & submit_flags::POST_ONLY != 0,
        hidden: flags & submit_flags::HIDDEN != 0,
        is_held: flags & submit_flags::HELD != 0,
    };
    if is_sound(&terms, flags) { Ok(Some(terms)) } else { Err(invalid(at)) }
}

/// Whether the terms of one order go together.
const fn is_sound(terms: &LegTerms, flags: u8) -> bool {
    let LegTerms { price, stop_price, trail, qty, order_type, is_held, .. } = *terms;
    let is_stop = matches!(order_type, OrderType::Stop | OrderType::StopLimit);
    let has_price = matches!(order_type, OrderType::Limit | OrderType::StopLimit);
    let is_known = is_stop || matches!(order_type, OrderType::Limit | OrderType::Market);
    // Only a stop of our own can follow the market, and only one that follows may begin without a price.
    let trails = trail > 0 && is_held && matches!(order_type, OrderType::Stop);
    let is_stop_sound = !is_stop || stop_price > 0 || (trails && stop_price == 0);
    is_known
        && flags & !FLAGS == 0
        && qty != 0
        && has_price == (price > 0)
        && price >= 0
        && is_stop_sound
        && (is_stop || (stop_price == 0 && !is_held))
        && (trail == 0 || trails)
        && matches!(
            terms.time_in_force,
            TimeInForce::Day | TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok
        )
}
