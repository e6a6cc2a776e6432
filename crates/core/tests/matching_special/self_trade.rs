// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Self-trade prevention in all its modes, by port and by firm, with every kind of resting order; and
//! a market that shares each price by size. Source: docs/internals/market.md, 10 and 15.

use crate::place::{ALL, FIRM, HIDDEN, Place, buy, immediate, minimum, reserve, sell, stp};
use onetape_core::events::{Side, StpMode, TimeInForce};
use onetape_core::exchange::{Extras, NewOrder};

const BY_FIRM: Extras = Extras { stp_scope: FIRM, ..Extras::PLAIN };

fn own(order: NewOrder) -> NewOrder {
    NewOrder { owner: 7, ..order }
}

#[test]
fn newest_ends_the_incoming_order() {
    let mut place = Place::new();
    place.plain(sell(1_010, 5));
    place.plain(own(sell(1_010, 6)));
    place.plain(stp(own(buy(1_010, 8)), StpMode::CancelNewest));
    let expected = "accepted 3 8@1010; filled 5@1010 1(0) 3(3); prevented 3 3@1010 by 2; \
                    canceled 3 -3(0) shown 0 SelfTrade";
    assert_eq!(place.lines(), expected);
    assert_eq!(place.side(Side::Sell), "2@1010 6/6");
}

#[test]
fn oldest_cancels_what_rests_and_goes_on() {
    let mut place = Place::new();
    place.enter(own(sell(1_010, 60)), reserve(6));
    place.plain(sell(1_010, 5));
    place.enter(own(sell(1_010, 4)), HIDDEN);
    place.plain(stp(own(buy(1_010, 8)), StpMode::CancelOldest));
    let expected = "accepted 4 8@1010; prevented 1 8@1010 by 4; canceled 1 -60(0) shown 6 SelfTrade; \
                    filled 5@1010 2(0) 4(3); prevented 3 3@1010 by 4; \
                    canceled 3 -4(0) shown 0 SelfTrade; rested 4 3";
    assert_eq!(place.lines(), expected);
}

#[test]
fn both_are_cancelled() {
    let mut place = Place::new();
    place.plain(own(sell(1_010, 6)));
    place.plain(stp(own(buy(1_010, 8)), StpMode::CancelBoth));
    let expected = "accepted 2 8@1010; prevented 1 6@1010 by 2; canceled 1 -6(0) shown 6 SelfTrade; \
                    prevented 2 6@1010 by 1; canceled 2 -8(0) shown 0 SelfTrade";
    assert_eq!(place.lines(), expected);
    assert_eq!(place.matcher.live_orders(), 0);
}

#[test]
fn decrement_shrinks_both_by_the_smaller() {
    let mut place = Place::new();
    place.enter(own(sell(1_010, 20)), reserve(6));
    place.plain(stp(own(buy(1_010, 17)), StpMode::Decrement));
    let expected = "accepted 2 17@1010; prevented 1 17@1010 by 2; \
                    canceled 1 -17(3) shown 3 SelfTrade; prevented 2 17@1010 by 1; \
                    canceled 2 -17(0) shown 0 SelfTrade";
    assert_eq!(place.lines(), expected);
    assert_eq!(place.side(Side::Sell), "1@1010 3/3");
    place.plain(sell(1_010, 1));
    place.plain(stp(own(buy(1_010, 9)), StpMode::Decrement));
    let expected = "accepted 4 9@1010; prevented 1 3@1010 by 4; canceled 1 -3(0) shown 3 SelfTrade; \
                    prevented 4 3@1010 by 1; canceled 4 -3(6) shown 0 SelfTrade; \
                    filled 1@1010 3(0) 4(5); rested 4 5";
    assert_eq!(place.lines(), expected);
}

#[test]
fn by_firm_it_keeps_ports_apart_and_by_port_it_does_not() {
    let mut place = Place::new();
    assert!(place.matcher.set_firm(1, 40) && place.matcher.set_firm(2, 40));
    assert!(!place.matcher.set_firm(51, 40));
    place.plain(sell(1_010, 5));
    place.enter(stp(immediate(buy(1_010, 2)), StpMode::CancelNewest), Extras::PLAIN);
    assert_eq!(place.lines(), "accepted 2 2@1010; filled 2@1010 1(3) 2(0)");
    place.enter(stp(immediate(buy(1_010, 2)), StpMode::CancelNewest), BY_FIRM);
    let expected = "accepted 3 2@1010; prevented 3 2@1010 by 1; canceled 3 -2(0) shown 0 SelfTrade";
    assert_eq!(place.lines(), expected);
    place.check_snapshot();
    // Owners without a firm are not of one firm, but each is its own.
    place.matcher.set_firm(1, 0);
    place.matcher.set_firm(2, 0);
    place.enter(stp(immediate(buy(1_010, 2)), StpMode::CancelOldest), BY_FIRM);
    assert_eq!(place.lines(), "accepted 4 2@1010; filled 2@1010 1(1) 4(0)");
    place.enter(
        stp(immediate(NewOrder { owner: 2, ..buy(1_010, 2) }), StpMode::CancelOldest),
        BY_FIRM,
    );
    let expected = "accepted 5 2@1010; prevented 1 1@1010 by 5; canceled 1 -1(0) shown 1 SelfTrade; \
                    canceled 5 -2(0) shown 0 Ioc";
    assert_eq!(place.lines(), expected);
}

#[test]
fn an_order_that_is_passed_over_is_not_met() {
    let mut place = Place::new();
    place.enter(own(sell(1_010, 6)), ALL);
    place.plain(sell(1_010, 3));
    place.plain(stp(immediate(own(buy(1_010, 5))), StpMode::CancelBoth));
    let expected = "accepted 3 5@1010; filled 3@1010 2(0) 3(2); canceled 3 -2(0) shown 0 Ioc";
    assert_eq!(place.lines(), expected);
    assert_eq!(place.side(Side::Sell), "1@1010 0/6");
}

/// What a fill-or-kill for `qty` with this mode says after `accepted`.
fn kill(mode: StpMode, qty: u64) -> String {
    let mut place = Place::new();
    place.enter(sell(1_010, 10), reserve(5));
    place.plain(own(sell(1_010, 5)));
    place.plain(sell(1_010, 5));
    let order = NewOrder { time_in_force: TimeInForce::Fok, ..own(buy(1_010, qty)) };
    place.plain(stp(order, mode));
    place.lines().split("; ").nth(1).unwrap_or_default().to_owned()
}

#[test]
fn fill_or_kill_counts_as_prevention_would_let_it() {
    for mode in [StpMode::CancelNewest, StpMode::CancelBoth, StpMode::Decrement] {
        assert_eq!(kill(mode, 5), "filled 5@1010 1(5) 4(0)", "{mode:?}");
        assert_eq!(kill(mode, 6), "canceled 4 -6(0) shown 0 Fok", "{mode:?}");
    }
    assert_eq!(kill(StpMode::CancelOldest, 15), "filled 5@1010 1(5) 4(10)");
    assert_eq!(kill(StpMode::CancelOldest, 16), "canceled 4 -16(0) shown 0 Fok");
    assert_eq!(kill(StpMode::Off, 20), "filled 5@1010 1(5) 4(15)");
    assert_eq!(kill(StpMode::Off, 21), "canceled 4 -21(0) shown 0 Fok");
}

fn shared() -> Place {
    let mut place = Place::new();
    place.matcher.set_pro_rata(1, true);
    place
}

#[test]
fn a_price_is_shared_by_size_and_the_oldest_gets_the_rest() {
    let mut place = shared();
    for qty in [10, 20, 31] {
        place.plain(sell(1_010, qty));
    }
    place.enter(sell(1_010, 100), HIDDEN);
    place.plain(immediate(buy(1_010, 10)));
    // Ten of 61: 1, 3 and 5 rounded down, and one left over.
    let expected = "accepted 5 10@1010; filled 2@1010 1(8) 5(8); filled 3@1010 2(17) 5(5); \
                    filled 5@1010 3(26) 5(0)";
    assert_eq!(place.lines(), expected);
    place.check_snapshot();
    place.plain(immediate(buy(1_010, 61)));
    let expected = "accepted 6 61@1010; filled 8@1010 1(0) 6(53); filled 17@1010 2(0) 6(36); \
                    filled 26@1010 3(0) 6(10); filled 10@1010 4(90) 6(0) hidden";
    assert_eq!(place.lines(), expected);
}

#[test]
fn what_is_left_over_never_exceeds_a_size_and_nobody_gets_nothing_twice() {
    let mut place = shared();
    for qty in [1, 1, 1, 50] {
        place.plain(sell(1_010, qty));
    }
    place.plain(immediate(buy(1_010, 3)));
    // Three of 53: 0, 0, 0 and 2; the one left over goes to the oldest.
    assert_eq!(
        place.lines(),
        "accepted 5 3@1010; filled 1@1010 1(0) 5(2); filled 2@1010 4(48) 5(0)"
    );
}

#[test]
fn a_slice_that_joins_is_shared_next_and_before_hidden_orders() {
    let mut place = shared();
    place.enter(sell(1_010, 30), reserve(10));
    place.plain(sell(1_010, 10));
    place.enter(sell(1_010, 10), HIDDEN);
    place.plain(immediate(buy(1_010, 36)));
    let expected = "accepted 4 36@1010; filled 10@1010 1(20) 4(26); \
                    restated 1 5 20@1010 shown 10 Refill; filled 10@1010 2(0) 4(16); \
                    filled 10@1010 5(10) 4(6); restated 5 6 10@1010 shown 10 Refill; \
                    filled 6@1010 6(4) 4(0)";
    assert_eq!(place.lines(), expected);
}

#[test]
fn prevention_comes_before_sharing() {
    let level = |mode| {
        let mut place = shared();
        place.plain(sell(1_010, 10));
        place.plain(own(sell(1_010, 10)));
        place.plain(sell(1_010, 10));
        place.plain(stp(immediate(own(buy(1_010, 12))), mode));
        place.lines()
    };
    let newest =
        "accepted 4 12@1010; prevented 4 10@1010 by 2; canceled 4 -12(0) shown 0 SelfTrade";
    assert_eq!(level(StpMode::CancelNewest), newest);
    let oldest = "accepted 4 12@1010; prevented 2 10@1010 by 4; canceled 2 -10(0) shown 10 SelfTrade; \
                  filled 6@1010 1(4) 4(6); filled 6@1010 3(4) 4(0)";
    assert_eq!(level(StpMode::CancelOldest), oldest);
    let decrement = "accepted 4 12@1010; prevented 2 10@1010 by 4; \
                     canceled 2 -10(0) shown 10 SelfTrade; prevented 4 10@1010 by 2; \
                     canceled 4 -10(2) shown 0 SelfTrade; filled 1@1010 1(9) 4(1); \
                     filled 1@1010 3(9) 4(0)";
    assert_eq!(level(StpMode::Decrement), decrement);
}

#[test]
fn a_minimum_in_a_shared_market_counts_whole_levels() {
    let mut place = shared();
    place.plain(sell(1_010, 5));
    place.plain(own(sell(1_020, 5)));
    place.plain(sell(1_020, 5));
    let order = stp(immediate(own(buy(1_020, 15))), StpMode::CancelNewest);
    place.enter(order, minimum(6));
    assert_eq!(place.lines(), "accepted 4 15@1020; canceled 4 -15(0) shown 0 Ioc");
    place.enter(order, minimum(5));
    let expected = "accepted 5 15@1020; filled 5@1010 1(0) 5(10); prevented 5 5@1020 by 2; \
                    canceled 5 -10(0) shown 0 SelfTrade";
    assert_eq!(place.lines(), expected);
}

#[test]
fn an_own_order_ends_the_count_of_a_shared_price_whole() {
    let mut place = shared();
    place.plain(sell(1_010, 5));
    place.plain(own(sell(1_010, 5)));
    place.enter(stp(immediate(own(buy(1_010, 10))), StpMode::CancelNewest), minimum(5));
    assert_eq!(place.lines(), "accepted 3 10@1010; canceled 3 -10(0) shown 0 Ioc");
    place.matcher.set_pro_rata(1, false);
    place.enter(stp(immediate(own(buy(1_010, 10))), StpMode::CancelNewest), minimum(5));
    assert!(place.lines().starts_with("accepted 4 10@1010; filled 5@1010 1(0)"));
}
