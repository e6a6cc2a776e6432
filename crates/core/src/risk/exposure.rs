// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What an order adds to positions, open orders and money, against the limits of every scope.

use super::check::{Facts, within};
use super::ledger::Money;
use super::limits::{Row, mask, required};
use super::loss::Measure;
use super::terms::{Alert, Proposal, Refusal, Scope};
use super::{CURRENCY_E12, RiskGate};
use crate::events::{Limit, LimitProfile, RejectReason, RiskScope, TradingState};
use crate::types::Side;

/// The limits that are in money.
const IN_MONEY: u64 = mask(&[
    Limit::OrderValueMax,
    Limit::GrossExposureMax,
    Limit::NetExposureMax,
    Limit::DayValueMax,
]);
/// Steps of the warnings before an exposure limit, in percent.
const EXPOSURE_STEPS: [u8; 3] = [70, 85, 95];

/// Whole account currency, rounded up.
#[inline]
pub(super) fn currency(money_e12: i128) -> i64 {
    let whole = money_e12.div_euclid(CURRENCY_E12) + i128::from(money_e12 % CURRENCY_E12 != 0);
    i64::try_from(whole).unwrap_or(i64::MAX)
}

/// Refuses when money is over a bound in whole account currency.
#[inline]
fn affordable(
    facts: &Facts,
    money_e12: i128,
    bound: i64,
    reason: RejectReason,
) -> Result<(), Refusal> {
    if money_e12 > i128::from(bound) * CURRENCY_E12 {
        return facts.refuse(reason, currency(money_e12), bound);
    }
    Ok(())
}

impl RiskGate {
    /// PT-05, PT-06, PT-13 to PT-17 over all scopes.
    #[inline]
    pub(super) fn check_exposure(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        self.check_required(order, facts)?;
        self.check_lots(order, facts)?;
        self.check_money(order, facts)?;
        self.check_margin(order, facts)
    }

    /// Under [`LimitProfile::Full`]: every limit that has to be there is there.
    #[inline]
    fn check_required(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        if self.profile == LimitProfile::Basic {
            return Ok(());
        }
        for scope in self.scopes_of(order, facts) {
            let row = self.limits.row(scope.kind, scope.id);
            if let Some(missing) = row.first_missing(required(scope.kind)) {
                return Err(Refusal::new(RejectReason::LimitMissing, missing.into(), 0));
            }
        }
        Ok(())
    }

    /// PT-05, PT-13, PT-14, PT-16 in lots. What does not grow is not refused, PT-24.
    #[inline]
    fn check_lots(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        let more = facts.more_lots();
        if more <= 0 {
            return Ok(());
        }
        let ledger = &self.ledger;
        let pair = &ledger.pairs[facts.pair as usize];
        let listing = &ledger.listings[facts.listing as usize];
        let holdings = [
            (
                RiskScope::Strategy,
                order.strategy,
                &ledger.by_strategy.rows[pair.by_strategy as usize],
            ),
            (RiskScope::Instrument, order.instrument, &listing.holding),
            (
                RiskScope::Product,
                listing.rules.product,
                &ledger.products.rows[pair.product as usize],
            ),
            (RiskScope::Account, facts.account, &ledger.by_account.rows[pair.by_account as usize]),
            (RiskScope::Firm, 0, &ledger.products.rows[pair.product as usize]),
        ];
        for (kind, id, holding) in holdings {
            let row = self.limits.row(kind, id);
            if let Some(bound) = row.get(Limit::OrderQtyMax) {
                facts.within(facts.qty, bound, RejectReason::OrderQty)?;
            }
            if let Some(bound) = row.get(Limit::PositionMax) {
                let worst = holding.worst(order.side, more).unwrap_or(i64::MAX);
                within(worst, bound, RejectReason::PositionTotal)?;
            }
        }
        let row = self.limits.row(RiskScope::Instrument, order.instrument);
        let open = listing.holding.open[0].saturating_add(listing.holding.open[1]);
        check_working(row, listing.orders, open, facts)?;
        if let Some(bound) = row.get(Limit::DayQtyMax) {
            let at = order.side.index();
            let today = listing.day_lots[at].saturating_add(listing.holding.open[at]);
            if !self.reduces(RiskScope::Instrument, order, facts) {
                facts.within(today.saturating_add(more), bound, RejectReason::DayQty)?;
            }
        }
        let money = [
            (RiskScope::Strategy, order.strategy, &ledger.strategies[order.strategy as usize]),
            (RiskScope::Account, facts.account, &ledger.accounts[facts.account as usize]),
            (RiskScope::Firm, 0, &ledger.firm),
        ];
        for (kind, id, money) in money {
            check_working(self.limits.row(kind, id), money.orders, money.lots, facts)?;
        }
        Ok(())
    }

    /// PT-06, PT-15, PT-16 in money.
    #[inline]
    fn check_money(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        if facts.more_worth() <= 0 {
            return Ok(());
        }
        let own = self.limits.row(RiskScope::Instrument, order.instrument);
        if let Some(bound) = own.get(Limit::OrderValueMax) {
            let worth = self.weight(order, facts)? * value_of(facts);
            affordable(facts, worth, bound, RejectReason::OrderValue)?;
        }
        let scopes = [
            Scope::new(RiskScope::Strategy, order.strategy),
            Scope::new(RiskScope::Account, facts.account),
            Scope::FIRM,
        ];
        for scope in scopes {
            let row = self.limits.row(scope.kind, scope.id);
            if row.any(IN_MONEY) {
                self.check_scope_money(order, facts, row, scope)?;
            }
        }
        Ok(())
    }

    fn check_scope_money(
        &self,
        order: &Proposal,
        facts: &Facts,
        row: &Row,
        scope: Scope,
    ) -> Result<(), Refusal> {
        let weight = self.weight(order, facts)?;
        let money = self.money(scope);
        let (at, more) = (order.side.index(), facts.more_worth() * weight);
        if let Some(bound) = row.get(Limit::OrderValueMax) {
            affordable(facts, value_of(facts) * weight, bound, RejectReason::OrderValue)?;
        }
        // What closes a position is counted as open, and can only make the real exposure smaller: over
        // the limit, by prices or a stray fill, it has to be the way back.
        if let Some(bound) = row.get(Limit::GrossExposureMax)
            && !self.reduces(scope.kind, order, facts)
        {
            affordable(facts, gross(money) + more, bound, RejectReason::GrossExposure)?;
        }
        if let Some(bound) = row.get(Limit::NetExposureMax) {
            affordable(facts, net(money, order.side) + more, bound, RejectReason::NetExposure)?;
        }
        if let Some(bound) = row.get(Limit::DayValueMax)
            && !self.reduces(scope.kind, order, facts)
        {
            let today = money.day[at] + money.open[at] + more;
            affordable(facts, today, bound, RejectReason::DayValue)?;
        }
        Ok(())
    }

    /// PT-16: what was executed today has reached what may be: the scope only reduces from now on.
    pub(super) fn reduce_accumulated(&mut self, pair: u32, side: Side) {
        let row = &self.ledger.pairs[pair as usize];
        let listing = &self.ledger.listings[row.listing as usize];
        let (at, lots, id) = (side.index(), listing.day_lots[side.index()], listing.id);
        let scopes = [
            Scope::new(RiskScope::Strategy, row.strategy),
            Scope::new(RiskScope::Account, row.account),
            Scope::FIRM,
        ];
        for scope in scopes {
            let limits = self.limits.row(scope.kind, scope.id);
            let Some(bound) = limits.get(Limit::DayValueMax) else { continue };
            let value = self.money(scope).day[at];
            if value >= i128::from(bound) * CURRENCY_E12 {
                let (reason, state) = (RejectReason::DayValue, TradingState::Reducing);
                self.breach(scope, reason, currency(value), bound, state);
            }
        }
        let limits = self.limits.row(RiskScope::Instrument, id);
        if let Some(bound) = limits.get(Limit::DayQtyMax)
            && lots >= bound
        {
            let (scope, reason) = (Scope::new(RiskScope::Instrument, id), RejectReason::DayQty);
            self.breach(scope, reason, lots, bound, TradingState::Reducing);
        }
    }

    /// PT-15: warns where exposure comes to a step of its ladder; once a day for each step.
    pub(super) fn warn_exposure(&mut self, scope: Scope) {
        let row = self.limits.row(scope.kind, scope.id);
        let (gross_max, net_max) =
            (row.get(Limit::GrossExposureMax), row.get(Limit::NetExposureMax));
        let money = self.money(scope);
        let (gross, net) = (gross(money), net(money, Side::Buy).max(net(money, Side::Sell)));
        let found = [
            (Measure::Gross, RejectReason::GrossExposure, gross, gross_max),
            (Measure::Net, RejectReason::NetExposure, net, net_max),
        ];
        for (measure, reason, found, bound) in found {
            let Some(bound) = bound else { continue };
            let level = level_of(found, bound, &EXPOSURE_STEPS);
            if self.watch(scope).rises(measure, level) {
                self.bounds.expire();
                let percent = EXPOSURE_STEPS[usize::from(level) - 1];
                let value = currency(found);
                self.alert(Alert::Warned { scope, reason, value, bound, percent });
            }
        }
    }

    /// PT-17: the margin of the worst case within what the account has free.
    #[inline]
    fn check_margin(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        let row = self.limits.row(RiskScope::Account, facts.account);
        let Some(capital) = row.get(Limit::Capital) else { return Ok(()) };
        if facts.more_lots() <= 0 {
            return Ok(());
        }
        let pair = &self.ledger.pairs[facts.pair as usize];
        let product = self.ledger.listings[facts.listing as usize].rules.product;
        let products = self.limits.row(RiskScope::Product, product);
        if products.get(Limit::MarginPerLotE6).is_none() {
            let missing = i64::from(Limit::MarginPerLotE6.raw());
            return Err(Refusal::new(RejectReason::LimitMissing, missing, 0));
        }
        let holding = &self.ledger.by_account.rows[pair.by_account as usize];
        let lots = holding.more_worst(order.side, facts.more_lots());
        let account = &self.ledger.accounts[facts.account as usize];
        let margin = account.margin + i128::from(lots) * i128::from(self.ledger.margin(product));
        let kept = row.or(Limit::CapitalBufferBps, 2_000).clamp(0, 10_000);
        let lost = account.equity.min(0);
        let free = i128::from(capital) * CURRENCY_E12 + lost;
        let free = free.saturating_mul(i128::from(10_000 - kept));
        // Multiplied, not divided: this is on every order's way.
        if lots > 0 && margin.saturating_mul(10_000) > free {
            let free = free / 10_000;
            return Err(Refusal::new(RejectReason::BuyingPower, currency(margin), currency(free)));
        }
        Ok(())
    }

    /// The sums of money of a strategy, an account, or the firm.
    pub(super) fn money(&self, scope: Scope) -> &Money {
        match scope.kind {
            RiskScope::Strategy => &self.ledger.strategies[scope.id as usize],
            RiskScope::Account => &self.ledger.accounts[scope.id as usize],
            _ => &self.ledger.firm,
        }
    }
}

/// Worth of all positions and open orders.
pub(super) fn gross(money: &Money) -> i128 {
    money.gross + money.open[0] + money.open[1]
}

/// Worth of positions and open orders towards a side.
pub(super) fn net(money: &Money, side: Side) -> i128 {
    let held = if side == Side::Buy { money.net } else { -money.net };
    held + money.open[side.index()]
}

/// From where on an exposure reaches a further step of its ladder than `level`.
pub(super) fn alarm_e12(bound: i64, level: u8) -> i128 {
    let step = EXPOSURE_STEPS.get(usize::from(level));
    let of_bound = |&step| i128::from(bound) * (CURRENCY_E12 / 100) * i128::from(step);
    step.map_or(i128::MAX, |step: &u8| of_bound(step).max(1))
}

/// How many steps of a ladder a measure has reached.
pub(super) fn level_of(found_e12: i128, bound: i64, steps: &[u8]) -> u8 {
    let limit = i128::from(bound) * CURRENCY_E12;
    steps
        .iter()
        .take_while(|&&step| {
            found_e12 > 0 && found_e12.saturating_mul(100) >= limit * i128::from(step)
        })
        .count() as u8
}

/// Worth of the order alone, in tick-lots, at the worst price.
fn value_of(facts: &Facts) -> i128 {
    i128::from(facts.worst_price) * i128::from(facts.qty)
}

/// PT-14: live orders and the lots in them.
#[inline]
fn check_working(row: &Row, orders: i64, lots: i64, facts: &Facts) -> Result<(), Refusal> {
    if let Some(bound) = row.get(Limit::WorkingOrdersMax)
        && facts.before.orders == 0
    {
        facts.within(orders + 1, bound, RejectReason::WorkingOrders)?;
    }
    if let Some(bound) = row.get(Limit::WorkingQtyMax) {
        let lots = lots.saturating_add(facts.more_lots());
        facts.within(lots, bound, RejectReason::WorkingQty)?;
    }
    Ok(())
}
