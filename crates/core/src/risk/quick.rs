// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Most orders pass, far from every bound: they do by comparisons with what was looked up before
//! (`bounds.rs`), and what the comparisons found out is what is then reserved.
//!
//! This never refuses and never lets pass what a control would refuse: whatever is near a bound, or
//! is not of the plain kind, goes through the controls one by one (`check.rs`), which say what is
//! wrong with it. Debug builds send every order through both and compare.

use super::RiskGate;
use super::bounds::{FREE, ListingBounds, ScopeBounds};
use super::check::{Facts, reserved};
use super::flow::{ListingFlow, PairFlow};
use super::ledger::{Change, Holding, Listing, Money, Pair, Worth, units};
use super::prices;
use super::terms::{Proposal, Reference};
use crate::types::{SECOND_NS, Side, TsNs};

/// What was found out of an order while it was compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plain {
    /// Its place among the orders.
    entry: usize,
    /// It reaches what is known of the best of our own orders on the other side: find that anew.
    is_near: bool,
    change: Change,
    worth: Worth,
}

/// What an order is compared with.
struct View<'a> {
    order: &'a Proposal,
    market: &'a Reference,
    facts: &'a Facts,
    of: &'a ListingBounds,
    own: &'a ScopeBounds,
    pair: &'a Pair,
    listing: &'a Listing,
    now: TsNs,
}

impl RiskGate {
    /// What has to be reserved of an order that is far from every bound; `None` of any other.
    #[inline]
    pub(super) fn plain(
        &self,
        order: &Proposal,
        market: &Reference,
        facts: &Facts,
        now: TsNs,
    ) -> Option<Plain> {
        let (bounds, ledger) = (&self.bounds, &self.ledger);
        if bounds.pairs.get(facts.pair as usize) != Some(&(bounds.version << 1 | 1)) {
            return None;
        }
        let view = View {
            order,
            market,
            facts,
            of: bounds.listings.get(facts.listing as usize)?,
            own: bounds.strategies.get(order.strategy as usize)?,
            pair: ledger.pairs.get(facts.pair as usize)?,
            listing: ledger.listings.get(facts.listing as usize)?,
            now,
        };
        if !(self.is_open(&view) && view.is_order() && view.is_price() && self.is_flow(&view)) {
            return None;
        }
        let margin = self.margin(&view)?;
        let (money, units) = self.money_of(&view)?;
        let is_near = ledger.has_books && ledger.may_meet(facts.listing, order.side, facts.price);
        let meets =
            is_near && ledger.meets(facts.listing, facts.owner, order.side, facts.price).is_some();
        let entry = ledger.orders.free_entry(order.strategy, order.client_id)?;
        let change = Change::between(order.side, facts.before, facts.after);
        (!meets).then_some(Plain { entry, is_near, change, worth: Worth { money, units, margin } })
    }

    /// PT-01, PT-02, PT-03, PT-28, PT-29, PT-30.
    #[inline]
    fn is_open(&self, view: &View<'_>) -> bool {
        let (bounds, pair, now) = (&self.bounds, view.pair, view.now);
        self.states.is_open()
            && now >= bounds.valid[0]
            && now < bounds.valid[1]
            && now.saturating_sub(view.market.input_ns) <= bounds.input_age_ns
            && pair.sides >> view.order.side.index() & 1 == 1
            && pair.bars == 0
            && view.order.client_id != 0
            && self.basic.has_room(now)
            && self.ledger.orders.has_room()
    }

    /// PT-10, PT-11, PT-12, PT-21, PT-23, PT-26. What a window holds is never less than what is left
    /// of it now.
    #[inline]
    fn is_flow(&self, view: &View<'_>) -> bool {
        let View { order, facts, of, own, now, .. } = *view;
        let flows = &self.flows;
        let (Some(strategy), Some(venue)) =
            (flows.strategies.get(order.strategy as usize), flows.venues.get(of.venue))
        else {
            return false;
        };
        let (Some(pair), Some(listing)) =
            (flows.pairs.get(facts.pair as usize), flows.listings.get(facts.listing as usize))
        else {
            return false;
        };
        pair.is_used
            && strategy.today < own.day_orders
            && strategy.messages.held() < own.rate
            && listing.messages.held() < of.rate
            && venue.messages.held() < of.venue_rate
            && view.is_pair_flow(pair)
            && view.is_ratio(listing, 0, weight(order))
            && view.is_ratio(listing, 1, facts.qty)
            && (of.share_bps == FREE || is_share(listing, of, now))
    }

    /// PT-05, PT-13, PT-14, PT-16 in lots, PT-17: how much more margin is bound.
    #[inline]
    fn margin(&self, view: &View<'_>) -> Option<i128> {
        let View { order, facts, of, own, pair, listing, .. } = *view;
        let (side, more, ledger) = (order.side, facts.more_lots(), &self.ledger);
        let at = side.index();
        let account = ledger.by_account.rows.get(pair.by_account as usize)?;
        let bounds = self.bounds.accounts.get(facts.account as usize)?;
        let product = ledger.products.rows.get(pair.product as usize)?;
        let of_strategy = ledger.by_strategy.rows.get(pair.by_strategy as usize)?;
        let is_within = |holding: &Holding, bound: i64| {
            holding.worst(side, more).is_some_and(|worst| worst <= bound)
        };
        let today = listing.day_lots[at].saturating_add(listing.holding.open[at]);
        let open = listing.holding.open[0].saturating_add(listing.holding.open[1]);
        let is_free = is_within(&pair.holding, of.positions[0])
            && is_within(&listing.holding, of.positions[1])
            && is_within(product, of.positions[2])
            && is_within(account, bounds.position)
            && is_within(of_strategy, own.position)
            && listing.orders + facts.more_orders() <= of.orders
            && open.saturating_add(more) <= of.lots
            && today.saturating_add(more) <= of.day_lots;
        let per_lot = ledger.margin(listing.rules.product);
        let margin = match per_lot {
            0 => 0,
            _ => i128::from(account.more_worst(side, more)) * i128::from(per_lot),
        };
        let money = ledger.accounts.get(facts.account as usize)?;
        let bound = bounds.margin_e12;
        let is_bound = bound != i128::MAX
            && money.margin.wrapping_add(margin) > bound.wrapping_add(money.equity.min(0));
        (is_free && !is_bound).then_some(margin)
    }

    /// PT-05, PT-06, PT-14, PT-15, PT-16 in money over strategy, account and firm: how much more
    /// is open.
    #[inline]
    fn money_of(&self, view: &View<'_>) -> Option<(i128, i64)> {
        let View { order, facts, of, own, listing, .. } = *view;
        let weight = i128::from(listing.rules.ticklot_e12);
        let more = i128::from(i64::try_from(facts.more_worth()).ok()?) * weight;
        let value = i128::from(facts.worst_price.checked_mul(facts.qty)?) * weight;
        let (more_units, value) = (units(more), units(value));
        let (ledger, bounds) = (&self.ledger, &self.bounds);
        let strategy = ledger.strategies.get(order.strategy as usize)?;
        let account = ledger.accounts.get(facts.account as usize)?;
        let of_account = bounds.accounts.get(facts.account as usize)?;
        let is_free = value <= of.value
            && is_scope(view, strategy, own, more_units, value)
            && is_scope(view, account, of_account, more_units, value)
            && is_scope(view, &ledger.firm, &bounds.firm, more_units, value);
        is_free.then_some((more, more_units))
    }

    /// Reserves a plain order, and counts it.
    #[inline]
    pub(super) fn reserve_plain(
        &mut self,
        order: &Proposal,
        facts: &Facts,
        plain: &Plain,
        now: TsNs,
    ) {
        self.basic.count(now);
        let Plain { entry, is_near, change, worth } = *plain;
        if is_near {
            self.ledger.find_best(facts.listing, order.side.opposite());
        }
        self.ledger.reserve_at(entry, reserved(order, facts), facts.replaced, change, worth);
        let of = &self.bounds.listings[facts.listing as usize];
        let own = &self.bounds.strategies[order.strategy as usize];
        let listing = &mut self.flows.listings[facts.listing as usize];
        let pair = &mut self.flows.pairs[facts.pair as usize];
        let strategy = &mut self.flows.strategies[order.strategy as usize];
        if own.executions != FREE {
            pair.executions[order.side.index()].sum(now, own.executions_ns);
        }
        if of.share_bps != FREE {
            listing.own.sum(now, of.share_ns);
            listing.market.sum(now, of.share_ns);
        }
        if of.period != FREE {
            pair.prices.add(now, of.period_ns, facts.price);
        }
        if order.replaces.is_none() {
            pair.remember(facts.terms, now);
        }
        strategy.today += 1;
        strategy.messages.add(now, SECOND_NS, 1);
        listing.messages.add(now, SECOND_NS, 1);
        let venue = &mut self.flows.venues[of.venue];
        venue.messages.add(now, SECOND_NS, 1);
        let is_warned = strategy.messages.held() == own.rate_warned
            || listing.messages.held() == of.rate_warned
            || venue.messages.held() == of.venue_rate_warned;
        self.weigh_order(facts.listing, weight(order), facts.qty);
        if is_warned {
            self.warn_rates(order, facts.listing);
        }
    }
}

/// How an order counts in an order-to-trade ratio.
#[inline]
const fn weight(order: &Proposal) -> i64 {
    if order.replaces.is_some() { 2 } else { 1 }
}

impl View<'_> {
    /// PT-04, PT-05, PT-06.
    #[inline]
    fn is_order(&self) -> bool {
        let Self { order, facts, of, .. } = *self;
        let rules = &self.listing.rules;
        let is_kind = rules.order_types >> order.order_type.raw()
            & rules.times_in_force >> order.time_in_force.raw()
            & 1;
        is_kind == 1
            && facts.qty >= rules.qty_min
            && facts.qty <= of.qty
            && (of.qty_step == 1 || facts.qty % of.qty_step == 0)
            && facts.worth <= of.notional
            && order.price.is_none_or(|price| {
                price >= rules.price_min
                    && price <= rules.price_max
                    && price > 0
                    && (of.is_tick_one || rules.tick_table.allows(price))
            })
    }

    /// PT-07, PT-09, PT-20.
    #[inline]
    fn is_price(&self) -> bool {
        let Self { order, market, facts, of, now, .. } = *self;
        let is_old = now.saturating_sub(market.heard_ns) > of.age_ns || !market.is_whole;
        let is_crossed = market.bid.zip(market.ask).is_some_and(|(bid, ask)| bid > ask);
        if of.has_age && (is_old || is_crossed) {
            return false;
        }
        let farthest = match order.side {
            Side::Buy => facts.reference.saturating_add(of.collar),
            Side::Sell => facts.reference.saturating_sub(of.collar),
        };
        if order.side.betters(facts.price, farthest) {
            return false;
        }
        let is_limit = order.price.is_some();
        let has_collars =
            is_limit && (of.through_bps & of.behind_ticks & of.behind_bps & of.floor_ticks) != FREE;
        let is_guarded = of.slippage_bps != FREE && prices::takes(order, market);
        if !has_collars && !is_guarded {
            return true;
        }
        let best = market.depth.map(|[best, ..]| best);
        let Some((through, centre2)) = self.through() else { return false };
        let share = i128::from(centre2.saturating_abs());
        let is_within = |distance: i64, bps: i64| {
            bps == FREE || i128::from(distance) * 10_000 <= share * i128::from(bps)
        };
        let behind = through.saturating_neg();
        (!has_collars
            || (is_within(through, of.through_bps)
                && through <= of.floor_ticks.saturating_mul(2)
                && behind <= of.behind_ticks.saturating_mul(2)
                && is_within(behind, of.behind_bps)))
            // Even its own price is not too far from the middle, and there is something to take.
            && (!is_guarded
                || (is_limit
                    && is_within(through, of.slippage_bps)
                    && best.is_some_and(|best| {
                        best.qty > 0 && order.side.reaches(facts.price, best.price)
                    })))
    }

    /// How far an order's price is through the middle of the market, doubled, and the middle, doubled.
    #[inline]
    fn through(&self) -> Option<(i64, i64)> {
        let centre2 = self.market.centre2()?;
        let above = self.facts.price.checked_mul(2)?.checked_sub(centre2)?;
        let through = if self.order.side == Side::Buy { above } else { above.checked_neg()? };
        Some((through, centre2))
    }

    /// PT-08, PT-11, PT-12.
    #[inline]
    fn is_pair_flow(&self, flow: &PairFlow) -> bool {
        let Self { order, facts, of, own, now, .. } = *self;
        let (lowest, highest) = flow.prices.held();
        let range = highest.max(facts.price).saturating_sub(lowest.min(facts.price));
        flow.executions[order.side.index()].held() <= own.executions
            && range <= of.period
            && !(of.has_drift && flow.drift.is_over)
            && (order.replaces.is_some()
                || own.duplicates == FREE
                || flow.same(facts.terms, now.saturating_sub(own.duplicates_ns)) < own.duplicates)
    }

    /// PT-23.
    #[inline]
    fn is_ratio(&self, flow: &ListingFlow, at: usize, more: i64) -> bool {
        let most = self.of.ratios[at].saturating_mul(flow.trades[at].max(1));
        flow.orders[at].saturating_add(more) <= most
    }
}

/// One scope's share of [`RiskGate::money_of`], in the units of its room.
#[inline]
fn is_scope(view: &View<'_>, money: &Money, bounds: &ScopeBounds, more: i64, value: i64) -> bool {
    let (facts, room, side) = (view.facts, &money.room, view.order.side);
    facts.qty <= bounds.qty
        && value <= bounds.value
        && more <= room.gross
        && more <= room.net[side.index()]
        && room.net[side.opposite().index()] >= 0
        && more <= room.day[side.index()]
        && money.orders + facts.more_orders() <= bounds.orders
        && money.lots.saturating_add(facts.more_lots()) <= bounds.lots
}

/// PT-21: own executions are a small enough share of the market's, in windows that need no turning.
#[inline]
fn is_share(flow: &ListingFlow, of: &ListingBounds, now: TsNs) -> bool {
    let (own, all) = (flow.own.held(), flow.market.held());
    let (own, all) = (i128::from(own), i128::from(all.max(own).max(1)));
    flow.own.is_current(now, of.share_ns)
        && flow.market.is_current(now, of.share_ns)
        && own * 10_000 < i128::from(of.share_bps.saturating_add(1)) * all
}
