// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The market's rules, one by one. Numbers of sections are those of docs/internals/market.md.

mod auction_price;
mod auctions;
mod fields;
mod lives;
mod random;
mod reader;
mod smoke;
mod waiting;

use super::{InstrumentRules, Market, MarketConfig, MarketReport, OrderRequest, ReportList};
use crate::book::BooksConfig;
use crate::events::{Phase, Side};
use crate::exchange::{MatcherConfig, Report};
use crate::types::{TickTable, Ticks, TsNs};

/// A market with one instrument, its reports, and the time.
struct Stage {
    market: Market,
    out: ReportList,
    now_ns: TsNs,
}

impl Stage {
    fn closed(rules: InstrumentRules) -> Self {
        let books = BooksConfig { orders_max: 1_000, instruments_max: 2, window_levels: 256 };
        let matcher = MatcherConfig { books, hidden_orders_max: 100, ..MatcherConfig::default() };
        let mut market = Market::new(MarketConfig { matcher, specials_max: 100, owners_max: 9 });
        for instrument in [1, 2] {
            market.define_instrument(instrument, TickTable::flat(1), rules).unwrap();
        }
        Self { market, out: ReportList::default(), now_ns: 1 }
    }

    /// In continuous trading.
    fn open() -> Self {
        let mut stage = Self::closed(InstrumentRules::default());
        stage.phase(Phase::Continuous);
        stage.out.0.clear();
        stage
    }

    fn phase(&mut self, phase: Phase) {
        assert!(self.market.set_phase(self.now_ns, 0, phase, &mut self.out));
    }

    fn enter(&mut self, request: OrderRequest) -> Option<u64> {
        self.market.enter(self.now_ns, &request, &mut self.out)
    }

    fn taken(&mut self, request: OrderRequest) -> u64 {
        self.enter(request).unwrap()
    }

    /// What was said since the last look, in short words.
    fn said(&mut self) -> Vec<String> {
        self.out.0.drain(..).map(|report| short(&report)).collect()
    }
}

fn short(report: &MarketReport) -> String {
    match report {
        MarketReport::Order(report) => short_order(report),
        MarketReport::Phase(report) => format!("{:?} after {:?}", report.phase, report.was),
        MarketReport::Indicative(found) => {
            let (price, paired, imbalance) = (found.price, found.paired, found.imbalance);
            format!("indicative {paired}@{price} left {imbalance} {:?}", found.imbalance_side)
        }
        MarketReport::Bands(bands) => {
            let (lower, reference, upper) = (bands.lower, bands.reference, bands.upper);
            format!("bands {lower} {reference} {upper} {:?}", bands.limit_side)
        }
        MarketReport::Cross(cross) => format!("cross {}@{}", cross.qty, cross.price),
    }
}

fn short_order(report: &Report) -> String {
    match report {
        Report::Accepted(order) => {
            format!("accepted {} {}@{}", order.order_id, order.qty, order.price)
        }
        Report::Rested(order) => {
            format!("rested {} {}@{}", order.order_id, order.leaves, order.price)
        }
        Report::Filled(fill) => {
            let (maker, taker) = (fill.maker.order_id, fill.taker.order_id);
            format!("filled {maker} by {taker} {}@{}", fill.qty, fill.price)
        }
        Report::Canceled(order) => {
            format!("canceled {} {} {:?}", order.order_id, order.qty, order.reason)
        }
        Report::Replaced(order) => {
            let (old, new) = (order.old_order_id, order.order_id);
            format!("replaced {old} by {new} {}@{}", order.qty, order.price)
        }
        Report::Rejected(command) => format!("rejected {:?}", command.reason),
        Report::Restated(order) => {
            let (old, new) = (order.old_order_id, order.order_id);
            format!("restated {old} as {new} {}@{} {:?}", order.leaves, order.price, order.reason)
        }
        Report::Prevented(order) => format!("prevented {} {}", order.order_id, order.qty),
        Report::Crossed(pair) => {
            let (buy, sell) = (pair.buy.order_id, pair.sell.order_id);
            format!("crossed {buy} with {sell} {}@{}", pair.qty, pair.price)
        }
    }
}

fn buy(price: Ticks, qty: u64) -> OrderRequest {
    OrderRequest::limit(1, 1, Side::Buy, price, qty)
}

fn sell(price: Ticks, qty: u64) -> OrderRequest {
    OrderRequest::limit(1, 2, Side::Sell, price, qty)
}
