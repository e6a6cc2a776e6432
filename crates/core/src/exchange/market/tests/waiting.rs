// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! 6 to 9: collars, stops, pegs, and the order in which consequences come.

use super::*;
use crate::events::CancelReason;
use crate::exchange::market::{Display, Life, PegTo, Pricing, Replacement, SizeCondition};

const AT_MARKET: Pricing = Pricing::Market;

fn peg(request: OrderRequest, to: PegTo, offset: Ticks) -> OrderRequest {
    let pricing = Pricing::Peg { to, offset, limit: None };
    OrderRequest { pricing, display: Display::Hidden, ..request }
}

impl Stage {
    fn trade(&mut self, price: Ticks) {
        self.taken(sell(price, 1));
        self.taken(buy(price, 1));
        self.out.0.clear();
    }
}

#[test]
fn a_market_order_goes_as_far_as_the_collar() {
    let mut stage = Stage::closed(InstrumentRules { collar: 2, ..InstrumentRules::default() });
    stage.phase(Phase::Continuous);
    for price in [101, 103, 104] {
        stage.taken(sell(price, 1));
    }
    stage.out.0.clear();
    let order = OrderRequest { pricing: AT_MARKET, ..buy(0, 5) };
    stage.taken(order);
    assert_eq!(
        stage.said(),
        ["accepted 4 5@0", "filled 1 by 4 1@101", "filled 2 by 4 1@103", "canceled 4 3 Collar"]
    );
    stage.market.cancel(1, 3, CancelReason::User, &mut stage.out);
    stage.out.0.clear();
    stage.taken(order);
    assert_eq!(stage.said(), ["accepted 5 5@0", "canceled 5 5 Ioc"]);
}

#[test]
fn reached_stops_trigger_one_at_a_time_lowest_id_first() {
    let mut stage = Stage::open();
    let stop = |price| OrderRequest { stop: Some(price), pricing: AT_MARKET, ..buy(0, 1) };
    stage.taken(stop(102));
    stage.taken(stop(101));
    stage.taken(stop(103));
    for price in [101, 102, 103] {
        stage.taken(sell(price, 1));
    }
    stage.out.0.clear();
    stage.taken(buy(101, 1));
    assert_eq!(
        stage.said(),
        [
            "accepted 7 1@101",
            "filled 4 by 7 1@101",
            "restated 2 as 8 1@0 Trigger",
            "filled 5 by 8 1@102",
            "restated 1 as 9 1@0 Trigger",
            "filled 6 by 9 1@103",
            "restated 3 as 10 1@0 Trigger",
            "canceled 10 1 Ioc",
        ]
    );
}

#[test]
fn a_stop_that_the_last_trade_reaches_triggers_on_entry() {
    let mut stage = Stage::open();
    stage.trade(100);
    let stop = OrderRequest { stop: Some(100), ..sell(99, 2) };
    stage.taken(stop);
    assert_eq!(stage.said(), ["accepted 3 2@99", "restated 3 as 4 2@99 Trigger", "rested 4 2@99"]);
    stage.taken(OrderRequest { stop: Some(99), ..sell(98, 2) });
    assert_eq!(stage.said(), ["accepted 5 2@98"]);
}

#[test]
fn a_waiting_stop_can_be_reduced_replaced_and_canceled() {
    let mut stage = Stage::open();
    stage.trade(100);
    stage.taken(OrderRequest { stop: Some(105), ..buy(106, 10) });
    stage.market.reduce(1, 3, 12, &mut stage.out);
    stage.market.reduce(1, 3, 6, &mut stage.out);
    let change = Replacement {
        client: 7,
        qty: 8,
        price: 107,
        life: None,
        stop: Some(104),
        keeps_original: false,
    };
    assert_eq!(stage.market.replace(1, 3, &change, &mut stage.out), Some(4));
    let order = stage.market.order(4).unwrap();
    assert_eq!((order.client, order.leaves, order.price, order.is_in_book), (7, 8, 107, false));
    assert!(stage.market.cancel(1, 4, CancelReason::User, &mut stage.out));
    assert!(!stage.market.cancel(1, 4, CancelReason::User, &mut stage.out));
    assert_eq!(
        stage.said(),
        [
            "accepted 3 10@106",
            "canceled 3 4 User",
            "replaced 3 by 4 8@107",
            "canceled 4 8 User",
            "rejected OrderUnknown",
        ]
    );
}

#[test]
fn a_replaced_stop_that_is_reached_triggers() {
    let mut stage = Stage::open();
    stage.trade(100);
    stage.taken(OrderRequest { stop: Some(105), ..buy(99, 1) });
    let change = Replacement {
        client: 0,
        qty: 1,
        price: 99,
        life: None,
        stop: Some(100),
        keeps_original: false,
    };
    stage.market.replace(1, 3, &change, &mut stage.out);
    assert_eq!(
        stage.said(),
        [
            "accepted 3 1@99",
            "replaced 3 by 4 1@99",
            "restated 4 as 5 1@99 Trigger",
            "rested 5 1@99"
        ]
    );
}

#[test]
fn pegs_follow_the_displayed_best_prices() {
    let mut stage = Stage::open();
    stage.taken(peg(buy(0, 5), PegTo::Midpoint, 0));
    stage.taken(peg(buy(0, 5), PegTo::Primary, -1));
    stage.taken(peg(sell(0, 5), PegTo::Market, -4));
    assert_eq!(stage.said(), ["accepted 1 5@0", "accepted 2 5@0", "accepted 3 5@0"]);
    stage.taken(buy(100, 1));
    assert_eq!(
        stage.said(),
        [
            "accepted 4 1@100",
            "rested 4 1@100",
            "restated 2 as 5 5@99 Peg",
            "rested 5 0@99",
            "restated 3 as 6 5@104 Peg",
            "rested 6 0@104",
        ]
    );
    stage.taken(sell(105, 1));
    assert_eq!(
        stage.said(),
        ["accepted 7 1@105", "rested 7 1@105", "restated 1 as 8 5@102 Peg", "rested 8 0@102"]
    );
    stage.market.cancel(1, 7, CancelReason::User, &mut stage.out);
    assert_eq!(stage.said(), ["canceled 7 1 User", "restated 8 as 9 5@0 Peg"]);
}

#[test]
fn pegs_are_parked_outside_of_continuous_trading() {
    let mut stage = Stage::open();
    stage.taken(buy(100, 1));
    stage.taken(peg(buy(0, 5), PegTo::Primary, 0));
    stage.out.0.clear();
    stage.market.set_phase(1, 1, Phase::Halted, &mut stage.out);
    assert!(!stage.market.order(3).unwrap().is_in_book);
    stage.market.set_phase(1, 1, Phase::Continuous, &mut stage.out);
    assert_eq!(
        stage.said(),
        [
            "restated 2 as 3 5@0 Peg",
            "Halted after Continuous",
            "Continuous after Halted",
            "restated 3 as 4 5@100 Peg",
            "rested 4 0@100",
        ]
    );
}

#[test]
fn pegs_come_before_conditions_and_both_before_stops() {
    let mut stage = Stage::open();
    stage.trade(100);
    stage.taken(OrderRequest { stop: Some(101), ..buy(90, 1) });
    let hidden = OrderRequest { display: Display::Hidden, ..sell(101, 4) };
    stage.taken(OrderRequest { size: SizeCondition::All, ..hidden });
    stage.taken(peg(buy(0, 2), PegTo::Primary, 0));
    stage.taken(sell(101, 1));
    stage.out.0.clear();
    stage.taken(buy(101, 3));
    assert_eq!(
        stage.said(),
        [
            "accepted 7 3@101",
            "filled 6 by 7 1@101",
            "rested 7 2@101",
            "restated 5 as 8 2@101 Peg",
            "rested 8 0@101",
            "filled 7 by 4 2@101",
            "filled 8 by 4 2@101",
            "restated 3 as 9 1@90 Trigger",
            "rested 9 1@90",
        ]
    );
}

#[test]
fn a_good_till_cancelled_stop_stays_one_when_it_rests() {
    let mut stage = Stage::open();
    stage.trade(100);
    stage.taken(OrderRequest { stop: Some(100), life: Life::Gtc, ..buy(99, 1) });
    stage.taken(OrderRequest { stop: Some(100), ..buy(99, 1) });
    stage.out.0.clear();
    stage.market.day_ended(2, &mut stage.out);
    assert_eq!(
        stage.said(),
        ["Closed after Continuous", "Closed after Continuous", "canceled 6 1 DayEnded"]
    );
    assert_eq!(stage.market.live_orders(), 1);
}
