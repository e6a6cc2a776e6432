// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How often and how much: rates, repetitions, participation, order-to-trade ratio, envelope
//! (PT-10, PT-11, PT-12, PT-21, PT-23, PT-26).

use super::RiskGate;
use super::check::{Facts, within};
use super::limits::Row;
use super::study::Drift;
use super::terms::{Alert, Proposal, Refusal, Scope};
use super::window::{Extremes, Rolling};
use crate::events::{Limit, RejectReason, RiskScope, TimeInForce, TradingState};
use crate::hash::mix;
use crate::types::{InstrumentId, Lots, SECOND_NS, Side, StrategyId, TsNs};

pub(super) const MS_NS: i64 = 1_000_000;
/// Orders that are looked back at for duplicates, of one strategy in one instrument.
const RECENT_MAX: usize = 16;
/// Lengths of windows unless set.
pub(super) const EXECUTIONS_MS: i64 = 60_000;
pub(super) const DUPLICATES_MS: i64 = 50;
pub(super) const PARTICIPATION_MS: i64 = 300_000;
/// Share of an order-to-trade ratio at which it is warned, in percent.
const RATIO_WARNED: i64 = 70;

/// What flows from one strategy into one instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PairFlow {
    /// Automated executions by side; one on the other side empties it.
    pub(super) executions: [Rolling; 2],
    pub(super) prices: Extremes,
    /// Own fills against where the market was.
    pub(super) drift: Drift,
    /// Terms and times of the last orders; terms 0 where there is none.
    pub(super) recent: [(u64, TsNs); RECENT_MAX],
    pub(super) newest: u8,
    /// Of each of those terms the lower half, by which most are told apart at once.
    pub(super) marks: [u32; RECENT_MAX],
    /// It has sent an order.
    pub(super) is_used: bool,
}

impl PairFlow {
    /// Orders of the same terms since a time, none of them done.
    #[inline]
    pub(super) fn same(&self, terms: u64, since: TsNs) -> i64 {
        if !self.marks.contains(&(terms as u32)) {
            return 0;
        }
        let is_it = |&&(other, at): &&(u64, TsNs)| other == terms && at > since;
        let count = self.recent.iter().filter(is_it).count() as u32;
        i64::from(count)
    }

    #[inline]
    pub(super) fn remember(&mut self, terms: u64, now: TsNs) {
        self.newest = (self.newest + 1) % RECENT_MAX as u8;
        let at = usize::from(self.newest);
        (self.recent[at], self.marks[at]) = ((terms, now), terms as u32);
    }

    /// Makes the marks anew, of what was read back.
    pub(super) fn mark(&mut self) {
        self.marks = self.recent.map(|(terms, _)| terms as u32);
    }
}

/// What flows into one instrument from all strategies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ListingFlow {
    pub(super) messages: Rolling,
    pub(super) cancels: Rolling,
    /// Lots that we traded, and that all traded.
    pub(super) own: Rolling,
    pub(super) market: Rolling,
    /// RTS 9 since the day's start: orders as weighed and their lots, trades and their lots.
    pub(super) orders: [i64; 2],
    pub(super) trades: [i64; 2],
    pub(super) is_warned: bool,
}

/// What flows from one strategy, or over one venue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SourceFlow {
    pub(super) messages: Rolling,
    pub(super) cancels: Rolling,
    /// New and replaced orders since the day's start.
    pub(super) today: i64,
    pub(super) instruments: i64,
    /// Bit n: it has traded on venue n.
    pub(super) venues: u64,
}

/// All flows.
#[derive(Clone, Debug)]
pub(super) struct Flows {
    pub(super) pairs: Vec<PairFlow>,
    pub(super) listings: Vec<ListingFlow>,
    pub(super) strategies: Vec<SourceFlow>,
    pub(super) venues: Vec<SourceFlow>,
}

impl Flows {
    pub(super) fn new(config: &super::RiskConfig) -> Self {
        let sources = |ids_max: u32| vec![SourceFlow::default(); ids_max as usize + 1];
        Self {
            pairs: Vec::with_capacity(config.pairs_max as usize),
            listings: Vec::with_capacity(config.instruments_max as usize),
            strategies: sources(config.strategies_max),
            venues: sources(config.venues_max),
        }
    }

    /// Makes the rows that the ledger has.
    pub(super) fn cover(&mut self, pairs: usize, listings: usize) {
        self.pairs.resize(pairs.max(self.pairs.len()), PairFlow::default());
        self.listings.resize(listings.max(self.listings.len()), ListingFlow::default());
    }

    /// A trading day begins.
    pub(super) fn start_day(&mut self) {
        for listing in &mut self.listings {
            (listing.orders, listing.trades, listing.is_warned) = ([0; 2], [0; 2], false);
        }
        self.strategies.iter_mut().for_each(|strategy| strategy.today = 0);
    }
}

/// Digest of an order's terms, never 0.
pub(super) fn terms_of(order: &Proposal, qty: i64) -> u64 {
    let kinds = u64::from(order.side.raw()) << 16
        | u64::from(order.order_type.raw()) << 8
        | u64::from(order.time_in_force.raw());
    let price = order.price.unwrap_or(i64::MIN).cast_unsigned();
    mix(mix(kinds ^ mix(price)) ^ qty.cast_unsigned()) | 1
}

/// How many messages of a second are 70 % of their limit, rounded up.
pub(super) const fn rate_warned(bound: i64) -> i64 {
    // In this order nothing overflows.
    let (tenths, rest) = (bound / 10, bound % 10);
    tenths * (RATIO_WARNED / 10) + (rest * RATIO_WARNED + 99) / 100
}

fn window_ns(row: &Row, limit: Limit, default_ms: i64) -> i64 {
    row.or(limit, default_ms).saturating_mul(MS_NS)
}

const fn is_immediate(order: &Proposal) -> bool {
    matches!(order.time_in_force, TimeInForce::Ioc | TimeInForce::Fok)
}

impl RiskGate {
    /// All controls of this file; changes nothing but windows' ages.
    #[inline]
    pub(super) fn check_flow(
        &mut self,
        order: &Proposal,
        facts: &Facts,
        now: TsNs,
    ) -> Result<(), Refusal> {
        self.check_repeats(order, facts, now)?;
        self.check_instrument_flow(order, facts, now)?;
        self.check_envelope(order, facts)?;
        self.check_rates(order, facts, now)
    }

    /// PT-11, PT-12.
    #[inline]
    fn check_repeats(&mut self, order: &Proposal, facts: &Facts, now: TsNs) -> Result<(), Refusal> {
        let row = self.limits.row(RiskScope::Strategy, order.strategy);
        let flow = &mut self.flows.pairs[facts.pair as usize];
        if let Some(bound) = row.get(Limit::ExecutionsMax) {
            let window_ns = window_ns(row, Limit::ExecutionsMs, EXECUTIONS_MS);
            let count = flow.executions[order.side.index()].sum(now, window_ns);
            within(count, bound, RejectReason::RepeatedExecutions)?;
        }
        if let Some(bound) = row.get(Limit::DuplicatesMax)
            && order.replaces.is_none()
        {
            let since = now.saturating_sub(window_ns(row, Limit::DuplicatesMs, DUPLICATES_MS));
            let count = flow.same(facts.terms, since);
            facts.within(count + 1, bound, RejectReason::DuplicateOrder)?;
        }
        Ok(())
    }

    /// PT-21, PT-23.
    #[inline]
    fn check_instrument_flow(
        &mut self,
        order: &Proposal,
        facts: &Facts,
        now: TsNs,
    ) -> Result<(), Refusal> {
        let row = self.limits.row(RiskScope::Instrument, order.instrument);
        let flow = &mut self.flows.listings[facts.listing as usize];
        let mut found = Ok(());
        if let Some(bound) = row.get(Limit::ParticipationBpsMax) {
            let window_ns = window_ns(row, Limit::ParticipationMs, PARTICIPATION_MS);
            let (own, all) = (flow.own.sum(now, window_ns), flow.market.sum(now, window_ns));
            let (own, all) = (i128::from(own), i128::from(all.max(own).max(1)));
            if own * 10_000 >= (i128::from(bound) + 1) * all {
                let share = i64::try_from(own * 10_000 / all).unwrap_or(i64::MAX);
                found = facts.refuse(RejectReason::Participation, share, bound);
            }
        }
        let weight = if order.replaces.is_some() { 2 } else { 1 };
        let more = [weight, facts.qty];
        for (at, limit) in
            [Limit::OrderToTradeMax, Limit::OrderToTradeVolumeMax].into_iter().enumerate()
        {
            let Some(bound) = row.get(limit) else { continue };
            let orders = i128::from(flow.orders[at]) + i128::from(more[at]);
            // The ratio is orders through trades, less one; with no trade yet, as with the first.
            let trades = i128::from(flow.trades[at].max(1));
            let most = (i128::from(bound) + 1) * trades;
            if orders > most {
                let ratio = i64::try_from(orders / trades).unwrap_or(i64::MAX);
                found = found.and(Err(Refusal::new(RejectReason::OrderToTrade, ratio, bound)));
            }
        }
        if found.is_err() && self.reduces(RiskScope::Instrument, order, facts) {
            return Ok(());
        }
        found
    }

    /// PT-26: what the strategy was deployed for.
    #[inline]
    fn check_envelope(&self, order: &Proposal, facts: &Facts) -> Result<(), Refusal> {
        let row = self.limits.row(RiskScope::Strategy, order.strategy);
        let flow = &self.flows.strategies[order.strategy as usize];
        if let Some(bound) = row.get(Limit::DayOrdersMax) {
            within(flow.today + 1, bound, RejectReason::Envelope)?;
        }
        if self.flows.pairs[facts.pair as usize].is_used {
            return Ok(());
        }
        if let Some(bound) = row.get(Limit::InstrumentsMax) {
            within(flow.instruments + 1, bound, RejectReason::Envelope)?;
        }
        if let Some(bound) = row.get(Limit::VenuesMax) {
            let venue = self.ledger.listings[facts.listing as usize].rules.venue;
            let venues = flow.venues | 1 << (venue & 63);
            within(i64::from(venues.count_ones()), bound, RejectReason::Envelope)?;
        }
        Ok(())
    }

    /// PT-10 for new and replaced orders.
    #[inline]
    fn check_rates(&mut self, order: &Proposal, facts: &Facts, now: TsNs) -> Result<(), Refusal> {
        let venue = self.ledger.listings[facts.listing as usize].rules.venue;
        let Self { flows, limits, .. } = self;
        let rates = [
            (
                RiskScope::Strategy,
                order.strategy,
                Some(&mut flows.strategies[order.strategy as usize].messages),
            ),
            (
                RiskScope::Instrument,
                order.instrument,
                Some(&mut flows.listings[facts.listing as usize].messages),
            ),
            (
                RiskScope::Venue,
                venue,
                flows.venues.get_mut(venue as usize).map(|v| &mut v.messages),
            ),
        ];
        for (kind, id, rate) in rates {
            if let Some(bound) = limits.row(kind, id).get(Limit::MessageRateMax) {
                let count = rate.map_or(i64::MAX, |rate| rate.sum(now, SECOND_NS));
                within(count.saturating_add(1), bound, RejectReason::MessageRate)?;
            }
        }
        Ok(())
    }

    /// Counts an order that passed.
    #[inline]
    pub(super) fn count_order(&mut self, order: &Proposal, facts: &Facts, now: TsNs) {
        let (id, venue) = {
            let listing = &self.ledger.listings[facts.listing as usize];
            (facts.listing as usize, listing.rules.venue)
        };
        let strategy = &mut self.flows.strategies[order.strategy as usize];
        strategy.messages.add(now, SECOND_NS, 1);
        strategy.today += 1;
        let pair = &mut self.flows.pairs[facts.pair as usize];
        if !pair.is_used {
            pair.is_used = true;
            strategy.instruments += 1;
            strategy.venues |= 1 << (venue & 63);
        }
        if order.replaces.is_none() {
            pair.remember(facts.terms, now);
        }
        if let Some(venue) = self.flows.venues.get_mut(venue as usize) {
            venue.messages.add(now, SECOND_NS, 1);
        }
        self.flows.listings[id].messages.add(now, SECOND_NS, 1);
        let weight = if order.replaces.is_some() { 2 } else { 1 };
        self.weigh_order(facts.listing, weight, facts.qty);
    }

    /// PT-10: warns of the scopes whose orders of a second have just come to 70 % of their limit.
    #[cold]
    pub(super) fn warn_rates(&mut self, order: &Proposal, listing: u32) {
        let venue = self.ledger.listings[listing as usize].rules.venue;
        let flows = &self.flows;
        let counts = [
            (RiskScope::Strategy, order.strategy, flows.strategies.get(order.strategy as usize)),
            (RiskScope::Venue, venue, flows.venues.get(venue as usize)),
        ];
        let counts = counts.map(|(kind, id, of)| (kind, id, of.map_or(0, |of| of.messages.held())));
        let listing = flows.listings[listing as usize].messages.held();
        for (kind, id, count) in
            counts.into_iter().chain([(RiskScope::Instrument, order.instrument, listing)])
        {
            let Some(bound) = self.limits.row(kind, id).get(Limit::MessageRateMax) else {
                continue;
            };
            if count == rate_warned(bound) {
                let (scope, reason) = (Scope::new(kind, id), RejectReason::MessageRate);
                let percent = RATIO_WARNED as u8;
                self.alert(Alert::Warned { scope, reason, value: count, bound, percent });
            }
        }
    }

    /// PT-23: adds to an instrument's orders, and warns when the ratio comes near its limit.
    #[inline]
    pub(super) fn weigh_order(&mut self, listing: u32, weight: i64, lots: i64) {
        let id = self.ledger.listings[listing as usize].id;
        let row = self.limits.row(RiskScope::Instrument, id);
        let flow = &mut self.flows.listings[listing as usize];
        flow.orders[0] = flow.orders[0].saturating_add(weight);
        flow.orders[1] = flow.orders[1].saturating_add(lots);
        let Some(bound) = row.get(Limit::OrderToTradeMax) else { return };
        let (orders, trades) = (flow.orders[0], flow.trades[0].max(1));
        let far = bound.saturating_add(1).saturating_mul(trades) / 2;
        if flow.is_warned || orders <= far {
            return;
        }
        let most = i128::from(bound.saturating_add(1)) * i128::from(trades);
        if i128::from(orders) * 100 > most * i128::from(RATIO_WARNED) {
            flow.is_warned = true;
            let value = orders / trades;
            let (scope, reason) =
                (Scope::new(RiskScope::Instrument, id), RejectReason::OrderToTrade);
            let percent = RATIO_WARNED as u8;
            self.alert(Alert::Warned { scope, reason, value, bound, percent });
        }
    }

    /// A cancel leaves: it is counted, and never refused. Those of a kill are not told here.
    pub fn on_cancel(&mut self, strategy: StrategyId, instrument: InstrumentId) {
        if !self.is_extended {
            return;
        }
        let Some(pair) = self.ledger.known_pair(strategy, instrument) else { return };
        let listing = self.ledger.pairs[pair as usize].listing;
        let now = self.now;
        let venue = self.ledger.listings[listing as usize].rules.venue;
        self.weigh_order(listing, 1, 0);
        let Self { flows, limits, .. } = self;
        let rates = [
            (
                RiskScope::Strategy,
                strategy,
                flows.strategies.get_mut(strategy as usize).map(|s| &mut s.cancels),
            ),
            (
                RiskScope::Instrument,
                instrument,
                Some(&mut flows.listings[listing as usize].cancels),
            ),
            (RiskScope::Venue, venue, flows.venues.get_mut(venue as usize).map(|v| &mut v.cancels)),
        ];
        let mut reached = [None; 3];
        for (slot, (kind, id, rate)) in reached.iter_mut().zip(rates) {
            let Some(rate) = rate else { continue };
            rate.add(now, SECOND_NS, 1);
            let (count, bound) =
                (rate.sum(now, SECOND_NS), limits.row(kind, id).get(Limit::CancelRateMax));
            *slot =
                bound.filter(|&bound| count == bound).map(|bound| (Scope::new(kind, id), bound));
        }
        for (scope, bound) in reached.into_iter().flatten() {
            let reason = RejectReason::CancelRate;
            self.alert(Alert::Warned { scope, reason, value: bound, bound, percent: 100 });
        }
    }

    /// Somebody traded in the market, we among them.
    pub fn on_market_trade(&mut self, instrument: InstrumentId, qty: Lots) {
        let Some(listing) = self.ledger.known_listing(instrument) else { return };
        let row = self.limits.row(RiskScope::Instrument, instrument);
        if row.get(Limit::ParticipationBpsMax).is_some() {
            let window_ns = window_ns(row, Limit::ParticipationMs, PARTICIPATION_MS);
            self.flows.cover(self.ledger.pairs.len(), self.ledger.listings.len());
            let qty = i64::try_from(qty).unwrap_or(i64::MAX);
            self.flows.listings[listing as usize].market.add(self.now, window_ns, qty);
        }
    }

    /// Counts an execution of ours; too many in a row halt the strategy, PT-11.
    pub(super) fn count_fill(&mut self, pair: u32, side: Side, qty: i64, is_manual: bool) {
        let (now, row) = (self.now, &self.ledger.pairs[pair as usize]);
        let (strategy, listing) = (row.strategy, row.listing as usize);
        let instrument = self.ledger.listings[listing].id;
        let limits = self.limits.row(RiskScope::Instrument, instrument);
        let participation_ns = window_ns(limits, Limit::ParticipationMs, PARTICIPATION_MS);
        let flow = &mut self.flows.listings[listing];
        flow.own.add(now, participation_ns, qty);
        flow.trades[0] = flow.trades[0].saturating_add(1);
        flow.trades[1] = flow.trades[1].saturating_add(qty);
        let flow = &mut self.flows.pairs[pair as usize];
        flow.executions[side.opposite().index()] = Rolling::default();
        if is_manual {
            return;
        }
        let limits = self.limits.row(RiskScope::Strategy, strategy);
        let executions_ns = window_ns(limits, Limit::ExecutionsMs, EXECUTIONS_MS);
        flow.executions[side.index()].add(now, executions_ns, 1);
        let count = flow.executions[side.index()].sum(now, executions_ns);
        if let Some(bound) = limits.get(Limit::ExecutionsMax)
            && count > bound
        {
            let scope = Scope::new(RiskScope::Strategy, strategy);
            self.breach(
                scope,
                RejectReason::RepeatedExecutions,
                count,
                bound,
                TradingState::Halted,
            );
        }
    }

    /// A person allowed a strategy again: what it did in a row is forgotten.
    pub(super) fn forget_executions(&mut self, strategy: StrategyId) {
        for (pair, flow) in self.ledger.pairs.iter().zip(&mut self.flows.pairs) {
            if pair.strategy == strategy {
                flow.executions = [Rolling::default(); 2];
            }
        }
    }

    /// An order is done: one with the same terms is no duplicate of it any more.
    pub(super) fn forget_terms(&mut self, pair: u32, terms: u64) {
        if let Some(flow) = self.flows.pairs.get_mut(pair as usize)
            && let Some(at) = flow.recent.iter().position(|&(other, _)| other == terms)
        {
            (flow.recent[at], flow.marks[at]) = ((0, 0), 0);
        }
    }

    /// PT-23: an order that was to trade at once and was cancelled weighs one more.
    pub(super) fn weigh_unfilled(&mut self, pair: u32) {
        let listing = self.ledger.pairs[pair as usize].listing;
        self.weigh_order(listing, 1, 0);
    }
}

/// Whether an order is done at once, filled or cancelled.
pub(super) const fn trades_at_once(order: &Proposal) -> bool {
    is_immediate(order) || order.price.is_none()
}
