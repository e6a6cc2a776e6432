// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The limits in force as what orders are compared with: looked up once for each strategy in each
//! instrument, and again when a limit changes.

use super::check::Facts;
use super::exposure::alarm_e12;
use super::flow::{DUPLICATES_MS, EXECUTIONS_MS, MS_NS, PARTICIPATION_MS, rate_warned};
use super::ledger::{LOTS_MAX, Room, left};
use super::limits::{LIMITS, Row, required};
use super::loss::Measure;
use super::prices::{PERIOD_MS, VOLATILITY_FLOOR};
use super::terms::{Proposal, Scope};
use super::{CURRENCY_E12, RiskConfig, RiskGate};
use crate::events::{Limit, LimitProfile, RiskScope};
use crate::types::TsNs;

/// Stands for a bound that nothing is over.
pub(super) const FREE: i64 = i64::MAX;
/// How many kinds of limit this file knows; where others are set, no order is of the plain kind.
const KNOWN: u64 = (1 << LIMITS) - 1;

/// Bounds over a strategy, an account or the firm.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ScopeBounds {
    pub(super) qty: i64,
    pub(super) position: i64,
    pub(super) orders: i64,
    pub(super) lots: i64,
    /// Worth of one order, in the units of a [`Room`].
    pub(super) value: i64,
    /// From here on there is something to refuse, or to warn of.
    pub(super) gross_e12: i128,
    pub(super) net_e12: i128,
    pub(super) day_e12: i128,
    /// What an account may bind as margin; of no account without a limit on it.
    pub(super) margin_e12: i128,
    pub(super) rate: i64,
    pub(super) rate_warned: i64,
    pub(super) day_orders: i64,
    pub(super) executions: i64,
    pub(super) executions_ns: i64,
    pub(super) duplicates: i64,
    pub(super) duplicates_ns: i64,
}

/// Bounds over an instrument, those of its venue and product among them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct ListingBounds {
    pub(super) notional: i64,
    pub(super) collar: i64,
    /// Each strategy's position, the instrument's, the product's.
    pub(super) positions: [i64; 3],
    pub(super) qty: i64,
    pub(super) qty_step: i64,
    pub(super) orders: i64,
    pub(super) lots: i64,
    pub(super) day_lots: i64,
    pub(super) value: i64,
    pub(super) through_bps: i64,
    pub(super) behind_ticks: i64,
    pub(super) behind_bps: i64,
    /// By volatility, at least.
    pub(super) floor_ticks: i64,
    pub(super) has_drift: bool,
    pub(super) rate_warned: i64,
    pub(super) venue_rate_warned: i64,
    pub(super) has_age: bool,
    pub(super) age_ns: i64,
    pub(super) period: i64,
    pub(super) period_ns: i64,
    pub(super) share_bps: i64,
    pub(super) share_ns: i64,
    pub(super) ratios: [i64; 2],
    pub(super) rate: i64,
    pub(super) venue_rate: i64,
    pub(super) venue: usize,
    /// [`FREE`] where the sweep is not guarded.
    pub(super) slippage_bps: i64,
    /// A price may have any whole number of ticks.
    pub(super) is_tick_one: bool,
}

/// All bounds, as they were when a pair was last looked up.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// Rises with every change of what bounds are made of.
    pub(super) version: u64,
    pub(super) strategies: Vec<ScopeBounds>,
    pub(super) accounts: Vec<ScopeBounds>,
    pub(super) firm: ScopeBounds,
    pub(super) listings: Vec<ListingBounds>,
    /// By pair: the version it was looked up at, doubled, and whether its orders may be plain.
    pub(super) pairs: Vec<u64>,
    pub(super) input_age_ns: i64,
    /// The limits are in force from, and until before.
    pub(super) valid: [TsNs; 2],
}

impl Bounds {
    pub(super) fn new(config: &RiskConfig) -> Self {
        let many = |ids_max: u32| vec![ScopeBounds::default(); ids_max as usize + 1];
        Self {
            version: 1,
            strategies: many(config.strategies_max),
            accounts: many(config.accounts_max),
            firm: ScopeBounds::default(),
            listings: Vec::with_capacity(config.instruments_max as usize),
            pairs: Vec::with_capacity(config.pairs_max as usize),
            input_age_ns: 0,
            valid: [0; 2],
        }
    }

    /// Something changed that bounds are made of.
    pub(super) const fn expire(&mut self) {
        self.version += 1;
    }
}

/// An age in whole units that is not above its bound, as nanoseconds.
const fn age_ns(bound: i64, unit_ns: i64) -> i64 {
    bound.saturating_add(1).saturating_mul(unit_ns).saturating_sub(1)
}

fn money_e12(bound: Option<i64>) -> i128 {
    bound.map_or(i128::MAX, |bound| i128::from(bound) * CURRENCY_E12)
}

fn window_ns(row: &Row, limit: Limit, default_ms: i64) -> i64 {
    row.or(limit, default_ms).saturating_mul(MS_NS)
}

impl RiskGate {
    /// Whether a pair's bounds have to be looked up anew.
    #[inline]
    pub(super) fn is_looked_up(&self, pair: u32) -> bool {
        self.bounds.pairs.get(pair as usize).is_some_and(|at| at >> 1 == self.bounds.version)
    }

    /// Looks up the bounds of a pair, and of all scopes that its orders touch.
    #[cold]
    pub(super) fn look_up(&mut self, order: &Proposal, facts: &Facts) {
        let (strategy, account) = (order.strategy as usize, facts.account as usize);
        let of_strategy = self.scope_bounds(Scope::new(RiskScope::Strategy, order.strategy));
        let of_account = self.scope_bounds(Scope::new(RiskScope::Account, facts.account));
        self.bounds.strategies[strategy] = of_strategy;
        self.bounds.accounts[account] = of_account;
        self.bounds.firm = self.scope_bounds(Scope::FIRM);
        self.measure_rooms(order, facts);
        let listings = self.ledger.listings.len().max(self.bounds.listings.len());
        self.bounds.listings.resize(listings, ListingBounds::default());
        let of_listing = self.listing_bounds(order, facts);
        self.bounds.listings[facts.listing as usize] = of_listing.unwrap_or_default();
        let in_force = &self.in_force;
        let valid_to = if in_force.valid_to_ns == 0 { TsNs::MAX } else { in_force.valid_to_ns };
        self.bounds.valid = [in_force.valid_from_ns, valid_to];
        let firm = self.limits.row(RiskScope::Firm, 0);
        self.bounds.input_age_ns =
            firm.get(Limit::InputAgeUsMax).map_or(FREE, |bound| age_ns(bound, 1_000));
        let is_plain = of_listing.is_some() && self.may_be_plain(order, facts);
        let pairs = self.ledger.pairs.len().max(self.bounds.pairs.len());
        self.bounds.pairs.resize(pairs, 0);
        self.bounds.pairs[facts.pair as usize] = self.bounds.version << 1 | u64::from(is_plain);
    }

    /// Measures what is left over the strategy, the account and the firm of an order.
    pub(super) fn measure_rooms(&mut self, order: &Proposal, facts: &Facts) {
        let (strategy, account) = (order.strategy as usize, facts.account as usize);
        let (bounds, ledger) = (&self.bounds, &mut self.ledger);
        for (money, bounds) in [
            (&mut ledger.strategies[strategy], &bounds.strategies[strategy]),
            (&mut ledger.accounts[account], &bounds.accounts[account]),
            (&mut ledger.firm, &bounds.firm),
        ] {
            let short_of = |bound: i128, sum: i128| left(bound.saturating_sub(sum));
            let [buys, sells] = money.open;
            money.room = Room {
                gross: short_of(bounds.gross_e12 - 1, money.gross + buys + sells),
                net: [
                    short_of(bounds.net_e12 - 1, money.net + buys),
                    short_of(bounds.net_e12 - 1, sells - money.net),
                ],
                day: [0, 1].map(|at| short_of(bounds.day_e12, money.day[at] + money.open[at])),
            };
        }
    }

    /// Whether everything is there that a pair's orders need: limits, rules, flags.
    fn may_be_plain(&self, order: &Proposal, facts: &Facts) -> bool {
        let rules = &self.ledger.listings[facts.listing as usize].rules;
        let is_full = self.profile == LimitProfile::Full;
        let scopes = self.scopes_of(order, facts);
        let are_there = scopes.iter().all(|scope| {
            let row = self.limits.row(scope.kind, scope.id);
            (!is_full || row.first_missing(required(scope.kind)).is_none())
                && !row.any(!KNOWN)
                && !row.has(FREE)
        });
        let account = self.limits.row(RiskScope::Account, facts.account);
        let product = self.limits.row(RiskScope::Product, rules.product);
        let has_margin =
            account.get(Limit::Capital).is_none() || product.get(Limit::MarginPerLotE6).is_some();
        let named = Proposal { client_id: 1, ..*order };
        are_there
            && has_margin
            && rules.ticklot_e12 > 0
            && (rules.is_admitted || !is_full)
            && (rules.venue as usize) < self.flows.venues.len()
            && self.missing_flags(&named) == 0
    }

    fn scope_bounds(&self, scope: Scope) -> ScopeBounds {
        let row = self.limits.row(scope.kind, scope.id);
        let bound = |limit| row.or(limit, FREE);
        let of_money = |limit, measure| {
            let alarm =
                row.get(limit).map_or(i128::MAX, |bound| self.warned_at(scope, measure, bound));
            alarm.min(money_e12(row.get(limit)).saturating_add(1))
        };
        let kept = row.or(Limit::CapitalBufferBps, 2_000).clamp(0, 10_000);
        let free = row.get(Limit::Capital).map(|capital| {
            (i128::from(capital) * CURRENCY_E12).saturating_mul(i128::from(10_000 - kept)) / 10_000
        });
        ScopeBounds {
            qty: bound(Limit::OrderQtyMax),
            position: bound(Limit::PositionMax),
            orders: bound(Limit::WorkingOrdersMax),
            lots: bound(Limit::WorkingQtyMax),
            value: left(money_e12(row.get(Limit::OrderValueMax))),
            gross_e12: of_money(Limit::GrossExposureMax, Measure::Gross),
            net_e12: of_money(Limit::NetExposureMax, Measure::Net),
            day_e12: money_e12(row.get(Limit::DayValueMax)),
            margin_e12: free.unwrap_or(i128::MAX),
            rate: bound(Limit::MessageRateMax),
            rate_warned: row.get(Limit::MessageRateMax).map_or(0, rate_warned),
            day_orders: bound(Limit::DayOrdersMax),
            executions: bound(Limit::ExecutionsMax),
            executions_ns: window_ns(row, Limit::ExecutionsMs, EXECUTIONS_MS),
            duplicates: bound(Limit::DuplicatesMax),
            duplicates_ns: window_ns(row, Limit::DuplicatesMs, DUPLICATES_MS),
        }
    }

    /// From where on there is something to warn of, by the steps that a scope has not reached today.
    fn warned_at(&self, scope: Scope, measure: Measure, bound: i64) -> i128 {
        alarm_e12(bound, self.watches.level(scope, measure))
    }

    /// `None` when one of the five limits is missing that every instrument has to have.
    fn listing_bounds(&self, order: &Proposal, facts: &Facts) -> Option<ListingBounds> {
        let rules = &self.ledger.listings[facts.listing as usize].rules;
        let basic = |limit| self.basic.limit(limit, order.instrument).ok();
        let row = self.limits.row(RiskScope::Instrument, order.instrument);
        let bound = |limit| row.or(limit, FREE);
        let of = |kind, id, limit| self.limits.row(kind, id).or(limit, FREE);
        let product = of(RiskScope::Product, rules.product, Limit::PositionMax);
        let firm = of(RiskScope::Firm, 0, Limit::PositionMax);
        let venue = self.limits.row(RiskScope::Venue, rules.venue);
        let qty = basic(Limit::OrderQtyMax)?.min(bound(Limit::OrderQtyMax));
        basic(Limit::OrderRateMax)?;
        Some(ListingBounds {
            notional: basic(Limit::OrderNotionalMax)?,
            collar: basic(Limit::PriceCollarTicks)?,
            positions: [basic(Limit::PositionMax)?, bound(Limit::PositionMax), product.min(firm)],
            qty: qty.min(rules.qty_max).min(LOTS_MAX),
            qty_step: rules.qty_step,
            orders: bound(Limit::WorkingOrdersMax),
            lots: bound(Limit::WorkingQtyMax),
            day_lots: bound(Limit::DayQtyMax),
            value: left(money_e12(row.get(Limit::OrderValueMax))),
            through_bps: bound(Limit::PriceCollarBps),
            behind_ticks: bound(Limit::PassiveCollarTicks),
            behind_bps: bound(Limit::PassiveCollarBps),
            has_age: row.get(Limit::ReferenceAgeMsMax).is_some(),
            age_ns: bound(Limit::ReferenceAgeMsMax).saturating_mul(MS_NS),
            period: bound(Limit::PeriodCollarTicks),
            period_ns: window_ns(row, Limit::PeriodCollarMs, PERIOD_MS),
            share_bps: bound(Limit::ParticipationBpsMax),
            share_ns: window_ns(row, Limit::ParticipationMs, PARTICIPATION_MS),
            ratios: [Limit::OrderToTradeMax, Limit::OrderToTradeVolumeMax]
                .map(|limit| bound(limit).saturating_add(1)),
            rate: bound(Limit::MessageRateMax),
            venue_rate: of(RiskScope::Venue, rules.venue, Limit::MessageRateMax),
            rate_warned: row.get(Limit::MessageRateMax).map_or(0, rate_warned),
            venue_rate_warned: venue.get(Limit::MessageRateMax).map_or(0, rate_warned),
            floor_ticks: match row.get(Limit::VolatilityCollarE2) {
                Some(_) => row.or(Limit::VolatilityFloorTicks, VOLATILITY_FLOOR),
                None => FREE,
            },
            has_drift: row.get(Limit::FillDriftTicks).is_some(),
            venue: rules.venue as usize,
            slippage_bps: bound(Limit::SlippageBpsMax),
            is_tick_one: rules.tick_table.rungs().len() == 1
                && rules.tick_table.usual_increment() == 1,
        })
    }
}
