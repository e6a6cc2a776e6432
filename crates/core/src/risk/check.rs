// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! One order through the gate: every control in turn, the reservation last.

use super::RiskGate;
use super::flow::{MS_NS, terms_of, trades_at_once};
use super::ledger::{LOTS_MAX, Measure, Reserved};
use super::terms::{Proposal, Reference, Refusal, Scope};
use crate::events::{Limit, LimitProfile, RejectReason, Restriction, RiskScope, TradingState};
use crate::types::{Side, Ticks, TsNs, notional};

/// Largest worth of one order that is counted, in 10^-12 account currency: sums of many stay far
/// inside 128 bits.
pub(super) const MONEY_MAX: i128 = 1_000_000_000_000_000_000_000_000_000_000;

/// An order with all that is looked up for it once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facts {
    pub(super) pair: u32,
    pub(super) listing: u32,
    pub(super) account: u32,
    pub(super) owner: u32,
    /// Slot of the order it takes the place of.
    pub(super) replaced: Option<u32>,
    /// What an override lets pass: a bit for each reason's code.
    pub(super) waived: u128,
    pub(super) qty: i64,
    /// Its price, or the reference's for a market order.
    pub(super) price: Ticks,
    /// The opposite best, else the last trade.
    pub(super) reference: Ticks,
    /// The worst price it can trade at, as far as can be known.
    pub(super) worst_price: Ticks,
    /// Its price times its quantity.
    pub(super) worth: i64,
    /// Digest of its terms; 0 of a replacement, which is nobody's duplicate.
    pub(super) terms: u64,
    /// What its chain reserves before and with it.
    pub(super) before: Measure,
    pub(super) after: Measure,
}

impl Facts {
    /// How many more lots would be reserved: none for a replacement that is no larger.
    #[inline]
    pub(super) const fn more_lots(&self) -> i64 {
        self.after.lots - self.before.lots
    }

    /// How many more orders would be live: a replacement is none.
    #[inline]
    pub(super) const fn more_orders(&self) -> i64 {
        1 - self.before.orders
    }

    /// How much more would be reserved, in tick-lots.
    #[inline]
    pub(super) const fn more_worth(&self) -> i128 {
        self.after.worth - self.before.worth
    }
}

impl Facts {
    /// Refuses, unless an override lets it pass.
    #[cold]
    pub(super) fn refuse(
        &self,
        reason: RejectReason,
        value: i64,
        bound: i64,
    ) -> Result<(), Refusal> {
        if self.waived >> reason.raw() & 1 == 1 {
            return Ok(());
        }
        Err(Refusal::new(reason, value, bound))
    }

    /// Refuses when a value is over its bound, unless an override lets it pass.
    #[inline]
    pub(super) fn within(
        &self,
        value: i64,
        bound: i64,
        reason: RejectReason,
    ) -> Result<(), Refusal> {
        if value > bound { self.refuse(reason, value, bound) } else { Ok(()) }
    }
}

/// Refuses when a value is over its bound.
#[inline]
pub(super) fn within(value: i64, bound: i64, reason: RejectReason) -> Result<(), Refusal> {
    if value > bound { Err(Refusal::new(reason, value, bound)) } else { Ok(()) }
}

impl RiskGate {
    /// Checks a new order, or a replacement, and reserves what it can lead to.
    ///
    /// On success the reservation stands until the venue has said by the `on_…` methods that it is
    /// not needed any more. On refusal nothing has changed but what the control counts.
    ///
    /// # Errors
    /// The first control that refuses, with its reason.
    pub fn check_and_reserve(
        &mut self,
        order: &Proposal,
        market: &Reference,
        now: TsNs,
    ) -> Result<(), Refusal> {
        self.now = now;
        let facts = self.gather(order, market, 0);
        if self.is_extended
            && let Ok(facts) = &facts
        {
            if !self.is_looked_up(facts.pair) {
                self.look_up(order, facts);
            }
            if let Some(plain) = self.plain(order, market, facts, now) {
                debug_assert_eq!(self.check_each(order, market, facts, now), Ok(()));
                self.reserve_plain(order, facts, &plain, now);
                return Ok(());
            }
        }
        self.check_long(order, market, facts, now)
    }

    /// The long way: what is near a bound, has nothing said of it, or is refused.
    #[inline(never)]
    pub(super) fn check_long(
        &mut self,
        order: &Proposal,
        market: &Reference,
        facts: Result<Facts, Refusal>,
        now: TsNs,
    ) -> Result<(), Refusal> {
        let checked = facts.and_then(|facts| {
            self.check_each(order, market, &facts, now)?;
            Ok(facts)
        });
        let facts = match checked {
            Ok(facts) => facts,
            Err(why) => self.check_manual(order, market, now, why)?,
        };
        self.basic.admit(now)?;
        self.reserve(order, &facts)?;
        if self.is_extended {
            self.count_order(order, &facts, now);
            self.count_price(order, &facts, now);
            self.warn_exposures(order.strategy, facts.account);
            self.warn_rates(order, facts.listing);
            self.warn_kept(now);
            self.measure_rooms(order, &facts);
        }
        Ok(())
    }

    /// Every control; what an override lets pass is `waived`, a bit for each reason's code.
    pub(super) fn check(
        &mut self,
        order: &Proposal,
        market: &Reference,
        now: TsNs,
        waived: u128,
    ) -> Result<Facts, Refusal> {
        let facts = self.gather(order, market, waived)?;
        self.check_each(order, market, &facts, now)?;
        Ok(facts)
    }

    /// The controls one by one, in the order in which they speak.
    fn check_each(
        &mut self,
        order: &Proposal,
        market: &Reference,
        facts: &Facts,
        now: TsNs,
    ) -> Result<(), Refusal> {
        if self.is_extended {
            self.check_standing(order, market, facts, now)?;
            self.check_permission(order, facts)?;
            self.check_validity(order, facts)?;
        }
        self.check_basic(order, facts)?;
        if self.is_extended {
            self.check_prices(order, market, facts, now)?;
            self.check_exposure(order, facts)?;
            self.check_flow(order, facts, now)?;
        }
        if !self.ledger.orders.has_room() {
            return Err(Refusal::new(RejectReason::Capacity, 0, 0));
        }
        Ok(())
    }

    /// Looks up everything that the controls need.
    #[inline]
    pub(super) fn gather(
        &mut self,
        order: &Proposal,
        market: &Reference,
        waived: u128,
    ) -> Result<Facts, Refusal> {
        let pair = match self.ledger.known_pair(order.strategy, order.instrument) {
            Some(pair) => pair,
            None => self.first_pair(order)?,
        };
        let overflow = Refusal::new(RejectReason::Overflow, i64::MAX, 0);
        let qty = i64::try_from(order.qty).map_err(|_| overflow)?;
        // The basic limit speaks first: its refusal names what was asked for.
        let qty_max = self.basic.limit(Limit::OrderQtyMax, order.instrument)?;
        let replaced = order.replaces.and_then(|id| self.ledger.orders.find(order.strategy, id));
        let before = replaced.map_or(Measure::default(), |slot| self.ledger.orders.measure(slot));
        if qty > before.lots && waived >> RejectReason::OrderQty.raw() & 1 == 0 {
            within(qty, qty_max, RejectReason::OrderQty)?;
        }
        if qty > LOTS_MAX {
            return Err(overflow);
        }
        let missing = Refusal::new(RejectReason::ReferencePriceMissing, 0, 0);
        let reference = market.opposite(order.side).ok_or(missing)?;
        let price = order.price.unwrap_or(reference);
        let beyond = Refusal::new(RejectReason::Overflow, price, qty);
        let worth = notional(price, order.qty).ok_or(beyond)?;
        let worst_price = match (order.side, order.price) {
            (Side::Buy, Some(price)) => price,
            (Side::Buy, None) => self.basic.collar(order.instrument, order.side, reference)?,
            (Side::Sell, _) => price.max(reference),
        };
        let pair_row = &self.ledger.pairs[pair as usize];
        let after = before.with(qty, worst_price);
        let weight = self.ledger.listings[pair_row.listing as usize].rules.ticklot_e12;
        // Most worths fit in 64 bits, where the product cannot overflow and is quickly made.
        let money = match i64::try_from(after.worth) {
            Ok(worth) => Some(i128::from(worth) * i128::from(weight)),
            Err(_) => after.worth.checked_mul(i128::from(weight)),
        };
        if money.is_none_or(|money| money > MONEY_MAX) {
            return Err(beyond);
        }
        Ok(Facts {
            pair,
            listing: pair_row.listing,
            account: pair_row.account,
            owner: self.ledger.bookings[order.strategy as usize].owner,
            replaced,
            waived,
            qty,
            price,
            reference,
            worst_price,
            worth,
            terms: if order.replaces.is_none() { terms_of(order, qty) } else { 0 },
            before,
            after,
        })
    }

    /// PT-28, PT-01, PT-30: whether orders may leave at all now.
    #[inline]
    fn check_standing(
        &self,
        order: &Proposal,
        market: &Reference,
        facts: &Facts,
        now: TsNs,
    ) -> Result<(), Refusal> {
        let in_force = &self.in_force;
        let version = i64::try_from(in_force.version).unwrap_or(i64::MAX);
        let kept_ms = self.limits.row(RiskScope::Firm, 0).or(Limit::LimitsKeptMs, 0);
        let until = in_force.valid_to_ns.saturating_add(kept_ms.saturating_mul(MS_NS));
        let ended = in_force.valid_to_ns != 0 && now >= until;
        if now < in_force.valid_from_ns || (ended && !self.reduces(RiskScope::Firm, order, facts)) {
            return Err(Refusal::new(RejectReason::LimitsNotInForce, version, 0));
        }
        if !self.states.is_open() {
            self.check_states(order, facts)?;
        }
        let firm = self.limits.row(RiskScope::Firm, 0);
        if let Some(bound_us) = firm.get(Limit::InputAgeUsMax) {
            let age_us = now.saturating_sub(market.input_ns) / 1_000;
            if age_us > bound_us && !self.reduces(RiskScope::Strategy, order, facts) {
                return Err(Refusal::new(RejectReason::InputAge, age_us, bound_us));
            }
        }
        Ok(())
    }

    /// The scopes that an order touches.
    pub(super) fn scopes_of(&self, order: &Proposal, facts: &Facts) -> [Scope; 6] {
        let rules = &self.ledger.listings[facts.listing as usize].rules;
        [
            Scope::FIRM,
            Scope::new(RiskScope::Account, facts.account),
            Scope::new(RiskScope::Venue, rules.venue),
            Scope::new(RiskScope::Product, rules.product),
            Scope::new(RiskScope::Instrument, order.instrument),
            Scope::new(RiskScope::Strategy, order.strategy),
        ]
    }

    #[cold]
    fn check_states(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        for scope in self.scopes_of(order, facts) {
            let found = self.states.get(scope);
            let passes = match found.state {
                TradingState::Active => true,
                TradingState::Reducing => self.reduces(scope.kind, order, facts),
                TradingState::Halted => false,
            };
            if !passes {
                let by_control = RejectReason::from_raw(found.reason).filter(|_| found.reason != 0);
                let reason = by_control.unwrap_or(RejectReason::TradingState);
                let (kind, state) = (scope.kind.raw(), found.state.raw());
                return Err(Refusal::new(reason, i64::from(kind), i64::from(state)));
            }
        }
        Ok(())
    }

    /// Whether an order makes the worst-case position of a kind of scope smaller.
    pub(super) fn reduces(&self, kind: RiskScope, order: &Proposal, facts: &Facts) -> bool {
        let pair = &self.ledger.pairs[facts.pair as usize];
        let holding = match kind {
            RiskScope::Strategy => &pair.holding,
            RiskScope::Instrument | RiskScope::Venue => {
                &self.ledger.listings[facts.listing as usize].holding
            }
            RiskScope::Account => &self.ledger.by_account.rows[pair.by_account as usize],
            RiskScope::Firm | RiskScope::Product => {
                &self.ledger.products.rows[pair.product as usize]
            }
        };
        facts.more_lots() == 0 || holding.reduces(order.side, facts.more_lots())
    }

    /// PT-02, PT-03, PT-22, PT-29: whether this strategy may send such an order.
    #[inline]
    fn check_permission(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        let pair = &self.ledger.pairs[facts.pair as usize];
        let sides = pair.sides;
        let side_bit = 1 << order.side.index();
        if sides & side_bit == 0 {
            return Err(Refusal::new(
                RejectReason::AccessDenied,
                i64::from(sides),
                side_bit.into(),
            ));
        }
        if pair.bars != 0 {
            self.check_bars(order, facts)?;
        }
        let firm = self.limits.row(RiskScope::Firm, 0);
        let wanted = firm.or(Limit::FlagsRequired, 0);
        if wanted != 0 {
            let missing = self.missing_flags(order);
            if missing != 0 {
                return Err(Refusal::new(RejectReason::FlagsMissing, missing, wanted));
            }
        }
        Ok(())
    }

    /// The flags that an order has to carry and does not, as bits.
    pub(super) fn missing_flags(&self, order: &Proposal) -> i64 {
        let wanted = self.limits.row(RiskScope::Firm, 0).or(Limit::FlagsRequired, 0);
        let booking = &self.ledger.bookings[order.strategy as usize];
        let carried = i64::from(booking.account != 0)
            | i64::from(booking.algo != 0) << 1
            | i64::from(booking.trader != 0) << 2
            | i64::from(booking.generation != 0) << 3
            | i64::from(order.client_id != 0) << 4;
        wanted & !carried
    }

    #[cold]
    fn check_bars(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        let pair = &self.ledger.pairs[facts.pair as usize];
        let barred = |bar: Restriction| pair.bars & u32::from(bar.raw()) != 0;
        let restricted = Refusal::new(RejectReason::Restricted, pair.bars.into(), 0);
        if barred(Restriction::NoTrade) {
            return Err(restricted);
        }
        if barred(Restriction::NoOpen) && !self.reduces(RiskScope::Account, order, facts) {
            return Err(restricted);
        }
        if order.side == Side::Sell && facts.more_lots() > 0 {
            let account = &self.ledger.by_account.rows[pair.by_account as usize];
            let short = account.worst(Side::Sell, facts.more_lots()).unwrap_or(i64::MAX);
            let located = if barred(Restriction::Locate) { pair.located } else { i64::MAX };
            let bound = if barred(Restriction::NoShort) { 0 } else { located };
            within(short, bound, RejectReason::ShortSale)?;
        }
        Ok(())
    }

    /// PT-04: whether the venue takes such an order; and whether the gate knows what it needs.
    #[inline]
    fn check_validity(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        let rules = &self.ledger.listings[facts.listing as usize].rules;
        if self.profile == LimitProfile::Full && !rules.is_admitted {
            return Err(Refusal::new(RejectReason::NotAdmitted, order.instrument.into(), 0));
        }
        let kind = (order.order_type.raw(), order.time_in_force.raw());
        if rules.order_types >> kind.0 & 1 == 0 || rules.times_in_force >> kind.1 & 1 == 0 {
            let value = i64::from(kind.0) * 256 + i64::from(kind.1);
            return Err(Refusal::new(RejectReason::OrderKindBarred, value, 0));
        }
        let off_lot = |bound| Err(Refusal::new(RejectReason::QtyOffLot, facts.qty, bound));
        match facts.qty {
            qty if qty < rules.qty_min => return off_lot(rules.qty_min),
            qty if qty > rules.qty_max => return off_lot(rules.qty_max),
            qty if rules.qty_step != 1 && qty % rules.qty_step != 0 => {
                return off_lot(rules.qty_step);
            }
            _ => {}
        }
        let Some(price) = order.price else { return Ok(()) };
        let off_tick = |bound| Err(Refusal::new(RejectReason::PriceOffTick, price, bound));
        match price {
            _ if price < rules.price_min => off_tick(rules.price_min),
            _ if price > rules.price_max => off_tick(rules.price_max),
            _ if !rules.tick_table.allows(price) => off_tick(rules.tick_table.increment_at(price)),
            _ => Ok(()),
        }
    }

    /// PT-05, PT-06, PT-07, PT-13 by the five limits that every run has.
    #[inline]
    fn check_basic(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        let Facts { qty, price, worth, .. } = *facts;
        let worth_max = self.basic.limit(Limit::OrderNotionalMax, order.instrument)?;
        if facts.more_worth() > 0 || facts.more_lots() > 0 {
            facts.within(worth, worth_max, RejectReason::OrderNotional)?;
        }
        let farthest = self.basic.collar(order.instrument, order.side, facts.reference)?;
        if order.side.betters(price, farthest) {
            facts.refuse(RejectReason::PriceCollar, price, farthest)?;
        }
        let position_max = self.basic.limit(Limit::PositionMax, order.instrument)?;
        let holding = &self.ledger.pairs[facts.pair as usize].holding;
        let overflow = Refusal::new(RejectReason::Overflow, holding.position, qty);
        let worst = holding.worst(order.side, facts.more_lots()).ok_or(overflow)?;
        if facts.more_lots() > 0 {
            within(worst, position_max, RejectReason::Position)?;
        }
        Ok(())
    }

    /// Worth of a tick-lot, for a limit in money; an instrument without one is refused.
    #[inline]
    pub(super) fn weight(&self, order: &Proposal, facts: &Facts) -> Result<i128, Refusal> {
        let weight = self.ledger.listings[facts.listing as usize].rules.ticklot_e12;
        if weight == 0 {
            return Err(Refusal::new(RejectReason::NotAdmitted, order.instrument.into(), 0));
        }
        Ok(i128::from(weight))
    }

    /// Reserves an order that passed every control.
    fn reserve(&mut self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        let reserved = reserved(order, facts);
        let id = i64::try_from(order.client_id).unwrap_or(i64::MAX);
        let used = Refusal::new(RejectReason::ClientIdUsed, id, 0);
        self.ledger.reserve(reserved, facts.replaced).map(|_| ()).ok_or(used)
    }
}

/// What is kept of an order that passed.
#[inline]
pub(super) fn reserved(order: &Proposal, facts: &Facts) -> Reserved {
    Reserved {
        client_id: order.client_id,
        strategy: order.strategy,
        pair: facts.pair,
        leaves: facts.qty,
        price: facts.price,
        worst_price: facts.worst_price,
        terms: facts.terms,
        is_immediate: trades_at_once(order),
        side: order.side,
        ..Reserved::NOBODY
    }
}
