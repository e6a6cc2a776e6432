// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Prices against the market: collars, their reference, what an order would meet (PT-07, PT-08,
//! PT-09, PT-19, PT-20).

use super::RiskGate;
use super::check::Facts;
use super::flow::MS_NS;
use super::limits::Row;
use super::terms::{Proposal, Reference, Refusal};
use crate::events::{Limit, RejectReason, RiskScope};
use crate::types::{InstrumentId, Side, TsNs};

/// What the collar by volatility allows at least, unless set.
pub(super) const VOLATILITY_FLOOR: i64 = 10;
/// Length of the period of `PERIOD_COLLAR_TICKS` unless set.
pub(super) const PERIOD_MS: i64 = 60_000;

impl RiskGate {
    /// Whether [`Reference::depth`] is needed for orders in an instrument.
    #[must_use]
    pub fn wants_depth(&self, instrument: InstrumentId) -> bool {
        let row = self.limits.row(RiskScope::Instrument, instrument);
        row.get(Limit::SlippageBpsMax).is_some()
    }

    /// All controls of this file.
    #[inline]
    pub(super) fn check_prices(
        &mut self,
        order: &Proposal,
        market: &Reference,
        facts: &Facts,
        now: TsNs,
    ) -> Result<(), Refusal> {
        let row = self.limits.row(RiskScope::Instrument, order.instrument);
        self.check_reference(order, market, facts, row, now)?;
        if order.price.is_some() {
            check_collars(order, market, facts, row)?;
            self.check_volatility(order, market, facts, row)?;
        }
        check_sweep(order, market, facts, row)?;
        self.check_period(order, facts, now)?;
        if self.ledger.has_books {
            let met = self.ledger.meets(facts.listing, facts.owner, order.side, facts.price);
            if let Some(other) = met {
                return Err(Refusal::new(RejectReason::SelfTrade, facts.price, other.price));
            }
        }
        Ok(())
    }

    /// PT-09: whether the reference is fresh, whole and not crossed. What reduces passes.
    #[inline]
    fn check_reference(
        &self,
        order: &Proposal,
        market: &Reference,
        facts: &Facts,
        row: &Row,
        now: TsNs,
    ) -> Result<(), Refusal> {
        let Some(bound_ms) = row.get(Limit::ReferenceAgeMsMax) else { return Ok(()) };
        let age_ns = now.saturating_sub(market.heard_ns);
        let is_crossed = market.bid.zip(market.ask).is_some_and(|(bid, ask)| bid > ask);
        let is_stale = age_ns > bound_ms.saturating_mul(MS_NS) || !market.is_whole || is_crossed;
        if is_stale && !self.reduces(RiskScope::Strategy, order, facts) {
            return Err(Refusal::new(RejectReason::ReferenceStale, age_ns / MS_NS, bound_ms));
        }
        Ok(())
    }

    /// PT-07 by the market's own movement: through its middle by so many standard deviations at most.
    #[inline]
    fn check_volatility(
        &self,
        order: &Proposal,
        market: &Reference,
        facts: &Facts,
        row: &Row,
    ) -> Result<(), Refusal> {
        let Some(hundredths) = row.get(Limit::VolatilityCollarE2) else { return Ok(()) };
        let missing = Refusal::new(RejectReason::ReferencePriceMissing, 0, 0);
        let centre2 = market.centre2().ok_or(missing)?;
        let price2 = facts.price.saturating_mul(2);
        let through = match order.side {
            Side::Buy => price2.saturating_sub(centre2),
            Side::Sell => centre2.saturating_sub(price2),
        };
        let floor2 = row.or(Limit::VolatilityFloorTicks, VOLATILITY_FLOOR).saturating_mul(2);
        let volatility = &self.ledger.listings[facts.listing as usize].volatility;
        if through <= floor2 || !volatility.is_beyond(through, hundredths) {
            return Ok(());
        }
        let most = volatility.distance(hundredths).max(floor2);
        let farthest2 = match order.side {
            Side::Buy => centre2.saturating_add(most),
            Side::Sell => centre2.saturating_sub(most),
        };
        facts.refuse(RejectReason::PriceCollar, facts.price, farthest2 / 2)
    }

    /// PT-08: how far a strategy's prices of a short time lie apart, and its fills from the market.
    #[inline]
    fn check_period(&mut self, order: &Proposal, facts: &Facts, now: TsNs) -> Result<(), Refusal> {
        let row = self.limits.row(RiskScope::Instrument, order.instrument);
        if let Some(bound) = row.get(Limit::FillDriftTicks) {
            let period_ns = row.or(Limit::PeriodCollarMs, PERIOD_MS).saturating_mul(MS_NS);
            let ticks = self.flows.pairs[facts.pair as usize].drift.ticks(now, period_ns);
            if ticks > bound && !self.reduces(RiskScope::Strategy, order, facts) {
                return Err(Refusal::new(RejectReason::FillDrift, ticks, bound));
            }
        }
        let Some(bound) = row.get(Limit::PeriodCollarTicks) else { return Ok(()) };
        let window_ns = row.or(Limit::PeriodCollarMs, PERIOD_MS).saturating_mul(MS_NS);
        let flow = &mut self.flows.pairs[facts.pair as usize];
        let (lowest, highest) = flow.prices.range(now, window_ns);
        let range = highest.max(facts.price).saturating_sub(lowest.min(facts.price));
        facts.within(range, bound, RejectReason::PeriodCollar)
    }

    /// Remembers the price of an order that passed.
    #[inline]
    pub(super) fn count_price(&mut self, order: &Proposal, facts: &Facts, now: TsNs) {
        let row = self.limits.row(RiskScope::Instrument, order.instrument);
        if row.get(Limit::PeriodCollarTicks).is_some() {
            let window_ns = row.or(Limit::PeriodCollarMs, PERIOD_MS).saturating_mul(MS_NS);
            let flow = &mut self.flows.pairs[facts.pair as usize];
            flow.prices.add(now, window_ns, facts.price);
        }
    }
}

/// PT-07 beside the basic collar: from the middle of the market, through it and behind it.
#[inline]
fn check_collars(
    order: &Proposal,
    market: &Reference,
    facts: &Facts,
    row: &Row,
) -> Result<(), Refusal> {
    let [through_bps, behind_ticks, behind_bps] =
        [Limit::PriceCollarBps, Limit::PassiveCollarTicks, Limit::PassiveCollarBps]
            .map(|limit| row.get(limit));
    if through_bps.is_none() && behind_ticks.is_none() && behind_bps.is_none() {
        return Ok(());
    }
    let missing = Refusal::new(RejectReason::ReferencePriceMissing, 0, 0);
    let centre2 = i128::from(market.centre2().ok_or(missing)?);
    let price2 = i128::from(facts.price) * 2;
    let through = if order.side == Side::Buy { price2 - centre2 } else { centre2 - price2 };
    let refuse = |reason, most: i128| {
        let farthest2 = if order.side == Side::Buy { centre2 + most } else { centre2 - most };
        let bound = farthest2 / 2;
        facts.refuse(reason, facts.price, i64::try_from(bound).unwrap_or(i64::MAX))
    };
    // Compared by multiplying; the division is for the refusal alone.
    let is_beyond = |distance: i128, bps: i64| distance * 10_000 > centre2.abs() * i128::from(bps);
    let of_centre = |bps: i64| centre2.abs() * i128::from(bps) / 10_000;
    if let Some(bps) = through_bps
        && is_beyond(through, bps)
    {
        refuse(RejectReason::PriceCollar, of_centre(bps))?;
    }
    if let Some(ticks) = behind_ticks
        && -through > i128::from(ticks) * 2
    {
        refuse(RejectReason::PassiveCollar, -i128::from(ticks) * 2)?;
    }
    if let Some(bps) = behind_bps
        && is_beyond(-through, bps)
    {
        refuse(RejectReason::PassiveCollar, -of_centre(bps))?;
    }
    Ok(())
}

/// Whether an order trades at once with what is shown.
#[inline]
pub(super) fn takes(order: &Proposal, market: &Reference) -> bool {
    let meets = order.price.is_none_or(|price| {
        let best = if order.side == Side::Buy { market.ask } else { market.bid };
        best.is_some_and(|best| order.side.reaches(price, best))
    });
    meets && !order.post_only
}

/// PT-20: what an order that takes would trade at, by the levels shown. A market order has to be
/// covered by them whole.
#[inline]
fn check_sweep(
    order: &Proposal,
    market: &Reference,
    facts: &Facts,
    row: &Row,
) -> Result<(), Refusal> {
    let Some(bound_bps) = row.get(Limit::SlippageBpsMax) else { return Ok(()) };
    if !takes(order, market) {
        return Ok(());
    }
    let (mut left, mut worth) = (facts.qty, 0_i128);
    for level in market.depth.iter().flatten() {
        if order.price.is_none_or(|price| order.side.reaches(price, level.price)) {
            let qty = left.min(i64::try_from(level.qty).unwrap_or(i64::MAX));
            worth += i128::from(level.price) * i128::from(qty);
            left -= qty;
        }
    }
    let filled = facts.qty - left;
    if filled == 0 || (order.price.is_none() && left > 0) {
        return facts.refuse(RejectReason::Slippage, left, 0);
    }
    let missing = Refusal::new(RejectReason::ReferencePriceMissing, 0, 0);
    let fair2 = i128::from(market.centre2().ok_or(missing)?) * i128::from(filled);
    let cost2 = if order.side == Side::Buy { 2 * worth - fair2 } else { fair2 - 2 * worth };
    if cost2 * 10_000 > i128::from(bound_bps) * fair2.abs() {
        let bps = cost2 * 10_000 / fair2.abs().max(1);
        let bps = i64::try_from(bps).unwrap_or(i64::MAX);
        return facts.refuse(RejectReason::Slippage, bps, bound_bps);
    }
    Ok(())
}
