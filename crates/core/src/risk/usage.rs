// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How much of each limit is used, for people: what an order would be added to. Not on an order's way.

use super::RiskGate;
use super::exposure::{currency, gross, net};
use super::flow::MS_NS;
use super::ledger::{Holding, Pair};
use super::terms::Scope;
use crate::events::{Limit, RiskScope};
use crate::types::{InstrumentId, SECOND_NS, Side};

/// A limit in force at a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitView {
    /// Whom it concerns.
    pub scope: Scope,
    /// Which.
    pub limit: Limit,
    /// Its value, in the unit of the limit.
    pub value: i64,
    /// It is the scope's own, not the default of its kind.
    pub is_own: bool,
    /// It holds for each strategy in the instrument by itself.
    pub is_each: bool,
    /// What is used of it now; `None` where each order is measured by itself.
    pub used: Option<i64>,
}

impl RiskGate {
    /// The limits in force at a scope, with what is used of them.
    pub fn limits_at(&self, scope: Scope) -> impl Iterator<Item = LimitView> + '_ {
        let row = self.limits.row(scope.kind, scope.id);
        let of_scope = (1..).map_while(Limit::from_raw).filter_map(move |limit| {
            let value = row.get(limit)?;
            let is_own = scope.kind == RiskScope::Firm || row.is_own(limit);
            let is_each = false;
            let used = self.used(limit, scope);
            Some(LimitView { scope, limit, value, is_own, is_each, used })
        });
        self.basic_at(scope).chain(of_scope)
    }

    /// The limits that every run has, where they stand.
    fn basic_at(&self, scope: Scope) -> impl Iterator<Item = LimitView> + '_ {
        let id = scope.id;
        let all = [
            Limit::OrderQtyMax,
            Limit::OrderNotionalMax,
            Limit::PositionMax,
            Limit::PriceCollarTicks,
            Limit::OrderRateMax,
        ];
        all.into_iter().filter_map(move |limit| {
            let is_rate = limit == Limit::OrderRateMax;
            let is_here = match scope.kind {
                RiskScope::Instrument => !is_rate,
                RiskScope::Firm => is_rate,
                _ => false,
            };
            let value = self.basic.limit(limit, id).ok().filter(|_| is_here)?;
            let used = match limit {
                Limit::PositionMax => {
                    Some(self.worst(|pair| self.is_in(pair, id), |pair| pair.holding))
                }
                Limit::OrderRateMax => Some(self.basic.rate_used(self.now)),
                _ => None,
            };
            let is_own = is_rate || self.basic.is_own(limit, id);
            Some(LimitView { scope, limit, value, is_own, is_each: !is_rate, used })
        })
    }

    fn is_in(&self, pair: &Pair, instrument: InstrumentId) -> bool {
        self.ledger.listings[pair.listing as usize].id == instrument
    }

    /// The largest position that open orders can lead to, over the rows of some pairs.
    fn worst(&self, wanted: impl Fn(&Pair) -> bool, holding: impl Fn(&Pair) -> Holding) -> i64 {
        let rows = self.ledger.pairs.iter().filter(|pair| wanted(pair));
        rows.map(|pair| holding(pair).worst_lots()).max().unwrap_or(0)
    }

    /// What is used of a limit at a scope.
    fn used(&self, limit: Limit, scope: Scope) -> Option<i64> {
        match limit {
            Limit::PositionMax => Some(self.position_used(scope)),
            Limit::WorkingOrdersMax
            | Limit::WorkingQtyMax
            | Limit::GrossExposureMax
            | Limit::NetExposureMax
            | Limit::DayValueMax
            | Limit::LossMax
            | Limit::DrawdownMax
            | Limit::Capital => self.money_used(limit, scope),
            _ => self.flow_used(limit, scope),
        }
    }

    fn position_used(&self, scope: Scope) -> i64 {
        let ledger = &self.ledger;
        let id = scope.id;
        let product = |pair: &Pair| ledger.products.rows[pair.product as usize];
        match scope.kind {
            RiskScope::Strategy => self.worst(
                |pair| pair.strategy == id,
                |pair| ledger.by_strategy.rows[pair.by_strategy as usize],
            ),
            RiskScope::Account => self.worst(
                |pair| pair.account == id,
                |pair| ledger.by_account.rows[pair.by_account as usize],
            ),
            RiskScope::Product => self
                .worst(|pair| ledger.listings[pair.listing as usize].rules.product == id, product),
            RiskScope::Instrument => self.worst(
                |pair| self.is_in(pair, id),
                |pair| ledger.listings[pair.listing as usize].holding,
            ),
            RiskScope::Firm | RiskScope::Venue => self.worst(|_| true, product),
        }
    }

    fn money_used(&self, limit: Limit, scope: Scope) -> Option<i64> {
        if scope.kind == RiskScope::Instrument {
            let row = self.ledger.known_listing(scope.id);
            let listing = row.map(|row| &self.ledger.listings[row as usize]);
            return match limit {
                Limit::WorkingOrdersMax => Some(listing.map_or(0, |listing| listing.orders)),
                Limit::WorkingQtyMax => Some(listing.map_or(0, |listing| {
                    listing.holding.open[0].saturating_add(listing.holding.open[1])
                })),
                _ => None,
            };
        }
        if !self.has_money(scope) {
            return None;
        }
        let money = self.money(scope);
        let day = |side: Side| money.day[side.index()] + money.open[side.index()];
        Some(match limit {
            Limit::WorkingOrdersMax => money.orders,
            Limit::WorkingQtyMax => money.lots,
            Limit::GrossExposureMax => currency(gross(money)),
            Limit::NetExposureMax => currency(net(money, Side::Buy).max(net(money, Side::Sell))),
            Limit::DayValueMax => currency(day(Side::Buy).max(day(Side::Sell))),
            Limit::LossMax => currency((-self.profit_e12(scope)).max(0)),
            Limit::DrawdownMax => currency(self.drawdown_e12(scope)),
            Limit::Capital => currency(money.margin),
            _ => return None,
        })
    }

    /// Whether there are sums of money of a scope.
    fn has_money(&self, scope: Scope) -> bool {
        match scope.kind {
            RiskScope::Strategy => (scope.id as usize) < self.ledger.strategies.len(),
            RiskScope::Account => (scope.id as usize) < self.ledger.accounts.len(),
            RiskScope::Firm => true,
            _ => false,
        }
    }

    /// Rates, counts and ratios. Windows are looked at in a copy: who looks changes nothing.
    fn flow_used(&self, limit: Limit, scope: Scope) -> Option<i64> {
        let (now, flows) = (self.now, &self.flows);
        let listing = || {
            let row = self.ledger.known_listing(scope.id)?;
            flows.listings.get(row as usize).copied()
        };
        let source = match scope.kind {
            RiskScope::Strategy => flows.strategies.get(scope.id as usize).copied(),
            RiskScope::Venue => flows.venues.get(scope.id as usize).copied(),
            _ => None,
        };
        let messages = || match scope.kind {
            RiskScope::Instrument => listing().map(|flow| (flow.messages, flow.cancels)),
            _ => source.map(|flow| (flow.messages, flow.cancels)),
        };
        Some(match limit {
            Limit::MessageRateMax => messages().unwrap_or_default().0.sum(now, SECOND_NS),
            Limit::CancelRateMax => messages().unwrap_or_default().1.sum(now, SECOND_NS),
            Limit::DayOrdersMax => source?.today,
            Limit::InstrumentsMax => source?.instruments,
            Limit::VenuesMax => i64::from(source?.venues.count_ones()),
            Limit::ExecutionsMax => {
                let row = self.limits.row(scope.kind, scope.id);
                let window_ns = row.or(Limit::ExecutionsMs, 60_000).saturating_mul(MS_NS);
                let pairs = self.ledger.pairs.iter().zip(&flows.pairs);
                let own = pairs.filter(|(pair, _)| pair.strategy == scope.id);
                let counts = own.flat_map(|(_, flow)| flow.executions);
                counts.map(|mut count| count.sum(now, window_ns)).max().unwrap_or(0)
            }
            Limit::DayQtyMax => {
                let row = self.ledger.known_listing(scope.id);
                row.map_or(0, |row| {
                    let listing = &self.ledger.listings[row as usize];
                    let of =
                        |at: usize| listing.day_lots[at].saturating_add(listing.holding.open[at]);
                    of(0).max(of(1))
                })
            }
            Limit::ParticipationBpsMax => {
                let row = self.limits.row(scope.kind, scope.id);
                let window_ns = row.or(Limit::ParticipationMs, 300_000).saturating_mul(MS_NS);
                let mut flow = listing().unwrap_or_default();
                let own = flow.own.sum(now, window_ns);
                let all = flow.market.sum(now, window_ns).max(own).max(1);
                own.saturating_mul(10_000) / all
            }
            Limit::OrderToTradeMax | Limit::OrderToTradeVolumeMax => {
                let at = usize::from(limit == Limit::OrderToTradeVolumeMax);
                let flow = listing().unwrap_or_default();
                flow.orders[at] / flow.trades[at].max(1)
            }
            _ => return None,
        })
    }
}
