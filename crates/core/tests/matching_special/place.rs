// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A small market for tests of one rule each: instrument 1, steps of 10 from 1,000 up.

use onetape_core::book::BooksConfig;
use onetape_core::component::Snapshot;
use onetape_core::events::{Side, StpMode, TimeInForce};
use onetape_core::exchange::market::{Display, SizeCondition, StpScope};
use onetape_core::exchange::{Extras, Matcher, MatcherConfig, NewOrder, Report, Standing};
use onetape_core::types::{Rung, TickTable};

pub(crate) const HIDDEN: Extras = Extras { display: Display::Hidden, ..Extras::PLAIN };
pub(crate) const ALL: Extras = Extras { size: SizeCondition::All, ..Extras::PLAIN };

pub(crate) const fn reserve(displayed: u64) -> Extras {
    Extras { display: Display::Reserve { displayed }, ..Extras::PLAIN }
}

pub(crate) const fn minimum(qty: u64) -> Extras {
    Extras { size: SizeCondition::Minimum(qty), ..Extras::PLAIN }
}

pub(crate) fn immediate(mut order: NewOrder) -> NewOrder {
    order.time_in_force = TimeInForce::Ioc;
    order
}

pub(crate) fn stp(mut order: NewOrder, mode: StpMode) -> NewOrder {
    order.stp = mode;
    order
}

/// An order of owner 1 + its side; owners 1 and 2 are the buyer and the seller.
pub(crate) fn buy(price: i64, qty: u64) -> NewOrder {
    NewOrder::limit(1, 1, Side::Buy, price, qty)
}

pub(crate) fn sell(price: i64, qty: u64) -> NewOrder {
    NewOrder::limit(1, 2, Side::Sell, price, qty)
}

/// A matcher and what it said last.
pub(crate) struct Place {
    pub(crate) matcher: Matcher,
    pub(crate) said: Vec<Report>,
}

impl Place {
    pub(crate) fn new() -> Self {
        let books = BooksConfig { orders_max: 1_000, instruments_max: 2, ..BooksConfig::default() };
        let config = MatcherConfig {
            books,
            hidden_orders_max: 500,
            conditioned_max: 200,
            owners_max: 50,
            ..MatcherConfig::default()
        };
        let mut matcher = Matcher::new(config);
        let rungs = [Rung { from: 0, increment: 1 }, Rung { from: 1_000, increment: 10 }];
        for instrument in [1, 2] {
            let table = TickTable::from_rungs(&rungs).unwrap();
            matcher.define_instrument(instrument, table).unwrap();
        }
        Self { matcher, said: Vec::new() }
    }

    /// Enters an order; what it led to stands in `said`.
    pub(crate) fn enter(&mut self, order: NewOrder, extras: Extras) -> Option<u64> {
        self.said.clear();
        self.matcher.enter_with(&order, &extras, &mut self.said)
    }

    pub(crate) fn plain(&mut self, order: NewOrder) -> Option<u64> {
        self.said.clear();
        self.matcher.enter(&order, &mut self.said)
    }

    /// What was said, in one line: see [`line`].
    pub(crate) fn lines(&self) -> String {
        self.said.iter().map(line).collect::<Vec<_>>().join("; ")
    }

    /// One side, first to trade first: id, price, displayed / all of it.
    pub(crate) fn side(&self, side: Side) -> String {
        let orders = self.matcher.standings(1, side).map(|order| {
            let Standing { order_id, price, leaves, displayed, .. } = order;
            format!("{order_id}@{price} {displayed}/{leaves}")
        });
        orders.collect::<Vec<_>>().join(", ")
    }

    /// Saves, restores into another and compares.
    pub(crate) fn check_snapshot(&self) {
        let mut saved = Vec::new();
        self.matcher.save(&mut saved);
        let mut again: Matcher = Matcher::new(self.matcher.config());
        again.restore(&mut saved.as_slice()).unwrap();
        assert_eq!(again.state_hash(), self.matcher.state_hash());
        let mut saved_again = Vec::new();
        again.save(&mut saved_again);
        assert_eq!(saved, saved_again);
    }
}

/// A report in short words.
pub(crate) fn line(report: &Report) -> String {
    match report {
        Report::Accepted(said) => format!("accepted {} {}@{}", said.order_id, said.qty, said.price),
        Report::Rested(said) => format!("rested {} {}", said.order_id, said.leaves),
        Report::Filled(said) => {
            let hidden = if said.maker_hidden { " hidden" } else { "" };
            let (maker, taker) = (said.maker, said.taker);
            format!(
                "filled {}@{} {}({}) {}({}){hidden}",
                said.qty, said.price, maker.order_id, maker.leaves, taker.order_id, taker.leaves
            )
        }
        Report::Canceled(said) => format!(
            "canceled {} -{}({}) shown {} {:?}",
            said.order_id, said.qty, said.leaves, said.displayed, said.reason
        ),
        Report::Replaced(said) => {
            format!("replaced {} {} {}@{}", said.old_order_id, said.order_id, said.qty, said.price)
        }
        Report::Rejected(said) => format!("rejected {:?} {}", said.reason, said.value),
        Report::Restated(said) => format!(
            "restated {} {} {}@{} shown {} {:?}",
            said.old_order_id, said.order_id, said.leaves, said.price, said.displayed, said.reason
        ),
        Report::Prevented(said) => {
            format!(
                "prevented {} {}@{} by {}",
                said.order_id, said.qty, said.price, said.by_order_id
            )
        }
        Report::Crossed(said) => format!(
            "crossed {}@{} {}({}) {}({}) shown {} {}",
            said.qty,
            said.price,
            said.buy.order_id,
            said.buy.leaves,
            said.sell.order_id,
            said.sell.leaves,
            said.buy_displayed,
            said.sell_displayed
        ),
    }
}

/// Firms by owner, for self-trade prevention.
pub(crate) const FIRM: StpScope = StpScope::Firm;
