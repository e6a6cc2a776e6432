// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Hidden and reserve orders, size conditions, post-only that slides, market orders with a limit:
//! one rule of docs/internals/market.md (2 to 6, 9, 13) each.

use crate::place::{ALL, HIDDEN, Place, buy, immediate, minimum, reserve, sell};
use onetape_core::events::{CancelReason, OrderType, Side, TimeInForce};
use onetape_core::exchange::market::Display;
use onetape_core::exchange::{Amendment, Extras, NewOrder};

const SLIDE: Extras = Extras { slide: true, ..Extras::PLAIN };

fn market(order: NewOrder) -> NewOrder {
    NewOrder { price: 0, order_type: OrderType::Market, ..immediate(order) }
}

#[test]
fn a_hidden_order_trades_after_displayed_ones_of_its_price_and_before_worse_ones() {
    let mut place = Place::new();
    place.enter(sell(1_010, 5), HIDDEN);
    assert_eq!(place.lines(), "accepted 1 5@1010; rested 1 0");
    place.plain(sell(1_010, 5));
    place.plain(sell(1_020, 5));
    assert_eq!(place.side(Side::Sell), "2@1010 5/5, 1@1010 0/5, 3@1020 5/5");
    assert_eq!(place.matcher.books().best_prices(1), [None, Some(1_010)]);
    place.check_snapshot();
    place.plain(buy(1_020, 12));
    let expected = "accepted 4 12@1020; filled 5@1010 2(0) 4(7); filled 5@1010 1(0) 4(2) hidden; \
                    filled 2@1020 3(3) 4(0)";
    assert_eq!(place.lines(), expected);
    assert_eq!(place.matcher.live_orders(), 1);
}

#[test]
fn a_better_hidden_price_comes_first_and_is_the_best_price() {
    let mut place = Place::new();
    place.plain(sell(1_020, 5));
    place.enter(sell(1_010, 5), HIDDEN);
    assert_eq!(place.matcher.best_price(1, Side::Sell), Some(1_010));
    assert_eq!(place.matcher.books().best_price(1, Side::Sell), Some(1_020));
    place.plain(immediate(buy(1_030, 6)));
    let expected = "accepted 3 6@1030; filled 5@1010 2(0) 3(1) hidden; filled 1@1020 1(4) 3(0)";
    assert_eq!(place.lines(), expected);
}

#[test]
fn hidden_orders_are_cancelled_reduced_and_replaced_like_others() {
    let mut place = Place::new();
    let id = place.enter(sell(1_010, 9), HIDDEN).unwrap();
    place.plain(buy(1_010, 2));
    place.said.clear();
    place.matcher.reduce(id, 5, &mut place.said);
    assert_eq!(place.lines(), "canceled 1 -4(3) shown 0 User");
    place.said.clear();
    assert_eq!(place.matcher.replace(id, 77, 1_020, 6, &mut place.said), Some(3));
    assert_eq!(place.lines(), "replaced 1 3 4@1020; rested 3 0");
    let order = place.matcher.standing(3).unwrap();
    assert_eq!((order.client, order.executed, order.leaves), (77, 2, 4));
    place.said.clear();
    assert!(place.matcher.cancel(3, CancelReason::MassCancel, &mut place.said));
    assert_eq!(place.lines(), "canceled 3 -4(0) shown 0 MassCancel");
    assert_eq!((place.matcher.live_orders(), place.matcher.standing(3)), (0, None));
}

#[test]
fn a_reserve_shows_its_next_slice_behind_the_displayed_and_before_the_hidden() {
    let mut place = Place::new();
    place.enter(sell(1_010, 25), reserve(10));
    assert_eq!(place.lines(), "accepted 1 25@1010; rested 1 10");
    place.enter(sell(1_010, 5), HIDDEN);
    place.plain(sell(1_010, 5));
    place.plain(immediate(buy(1_010, 12)));
    let expected = "accepted 4 12@1010; filled 10@1010 1(15) 4(2); \
                    restated 1 5 15@1010 shown 10 Refill; filled 2@1010 3(3) 4(0)";
    assert_eq!(place.lines(), expected);
    assert_eq!(place.side(Side::Sell), "3@1010 3/3, 5@1010 10/15, 2@1010 0/5");
    place.check_snapshot();
    place.plain(immediate(buy(1_010, 19)));
    let expected = "accepted 6 19@1010; filled 3@1010 3(0) 6(16); filled 10@1010 5(5) 6(6); \
                    restated 5 7 5@1010 shown 5 Refill; filled 5@1010 7(0) 6(1); \
                    filled 1@1010 2(4) 6(0) hidden";
    assert_eq!(place.lines(), expected);
    assert_eq!(place.side(Side::Sell), "2@1010 0/4");
}

#[test]
fn a_reserve_shrinks_what_it_keeps_back_first() {
    let mut place = Place::new();
    let id = place.enter(sell(1_010, 25), reserve(10)).unwrap();
    place.said.clear();
    place.matcher.reduce(id, 12, &mut place.said);
    assert_eq!(place.lines(), "canceled 1 -13(12) shown 0 User");
    place.said.clear();
    place.matcher.reduce(id, 7, &mut place.said);
    assert_eq!(place.lines(), "canceled 1 -5(7) shown 3 User");
    assert_eq!(place.side(Side::Sell), "1@1010 7/7");
    place.said.clear();
    place.matcher.replace(id, 0, 1_010, 20, &mut place.said);
    assert_eq!(place.lines(), "replaced 1 2 20@1010; rested 2 10");
    place.said.clear();
    place.matcher.cancel(2, CancelReason::User, &mut place.said);
    assert_eq!(place.lines(), "canceled 2 -20(0) shown 10 User");
    assert_eq!(place.matcher.live_orders(), 0);
}

#[test]
fn an_order_with_a_minimum_is_passed_over_by_smaller_ones() {
    let mut place = Place::new();
    place.enter(sell(1_010, 20), minimum(10));
    place.plain(sell(1_020, 5));
    assert_eq!(place.matcher.best_price(1, Side::Sell), Some(1_020));
    place.plain(immediate(buy(1_020, 9)));
    let expected = "accepted 3 9@1020; filled 5@1020 2(0) 3(4); canceled 3 -4(0) shown 0 Ioc";
    assert_eq!(place.lines(), expected);
    place.plain(immediate(buy(1_020, 12)));
    assert_eq!(place.lines(), "accepted 4 12@1020; filled 12@1010 1(8) 4(0) hidden");
    // What is left is less than the minimum: eight are enough now.
    place.plain(immediate(buy(1_020, 8)));
    assert_eq!(place.lines(), "accepted 5 8@1020; filled 8@1010 1(0) 5(0) hidden");
}

#[test]
fn all_or_none_trades_whole_or_rests() {
    let mut place = Place::new();
    place.plain(sell(1_010, 5));
    place.plain(sell(1_020, 5));
    place.enter(buy(1_020, 11), ALL);
    assert_eq!(place.lines(), "accepted 3 11@1020; rested 3 0");
    assert_eq!(place.matcher.conditioned(1), 1);
    place.plain(sell(1_020, 1));
    assert_eq!(place.lines(), "accepted 4 1@1020; rested 4 1");
    place.said.clear();
    place.check_snapshot();
    assert!(place.matcher.wake(1, &mut place.said));
    let expected = "filled 5@1010 1(0) 3(6); filled 5@1020 2(0) 3(1); filled 1@1020 4(0) 3(0)";
    assert_eq!(place.lines(), expected);
    assert_eq!((place.matcher.live_orders(), place.matcher.conditioned(1)), (0, 0));
    assert!(!place.matcher.wake(1, &mut place.said));
}

#[test]
fn waking_keeps_id_and_place_of_what_is_left() {
    let mut place = Place::new();
    place.enter(buy(1_010, 20), minimum(10));
    place.enter(buy(1_010, 3), HIDDEN);
    place.matcher.set_matching(1, false);
    place.plain(sell(1_010, 12));
    place.matcher.set_matching(1, true);
    place.said.clear();
    assert!(place.matcher.wake(1, &mut place.said));
    assert_eq!(place.lines(), "filled 12@1010 3(0) 1(8)");
    assert_eq!(place.side(Side::Buy), "1@1010 0/8, 2@1010 0/3");
    assert_eq!(place.matcher.standing(1).unwrap().executed, 12);
}

#[test]
fn a_minimum_on_entry_counts_over_several_orders() {
    let mut place = Place::new();
    place.plain(sell(1_010, 5));
    place.enter(sell(1_010, 5), HIDDEN);
    place.enter(immediate(buy(1_010, 20)), minimum(11));
    assert_eq!(place.lines(), "accepted 3 20@1010; canceled 3 -20(0) shown 0 Ioc");
    place.enter(buy(1_010, 20), minimum(10));
    let expected = "accepted 4 20@1010; filled 5@1010 1(0) 4(15); filled 5@1010 2(0) 4(10) hidden; \
                    rested 4 0";
    assert_eq!(place.lines(), expected);
}

#[test]
fn fill_or_kill_sees_what_is_kept_back() {
    let mut place = Place::new();
    place.enter(sell(1_010, 25), reserve(10));
    let fok = |qty| NewOrder { time_in_force: TimeInForce::Fok, ..buy(1_010, qty) };
    place.plain(fok(26));
    assert_eq!(place.lines(), "accepted 2 26@1010; canceled 2 -26(0) shown 0 Fok");
    place.plain(fok(25));
    assert_eq!(place.said.len(), 6, "{}", place.lines());
    assert_eq!(place.matcher.live_orders(), 0);
}

#[test]
fn post_only_counts_hidden_orders_and_slides_behind_them() {
    let mut place = Place::new();
    place.enter(sell(1_000, 5), HIDDEN);
    place.enter(sell(990, 50), minimum(20));
    place.enter(NewOrder { post_only: true, ..buy(1_000, 5) }, Extras::PLAIN);
    assert_eq!(place.lines(), "rejected PostOnlyWouldTake 1000");
    place.enter(buy(1_010, 5), SLIDE);
    assert_eq!(place.lines(), "accepted 3 5@999; rested 3 5");
    // Twenty would trade at 990: the order behind it does not count, that one does.
    place.enter(buy(1_010, 20), SLIDE);
    assert_eq!(place.lines(), "accepted 4 20@989; rested 4 20");
    place.enter(sell(980, 5), SLIDE);
    assert_eq!(place.lines(), "accepted 5 5@1000; rested 5 5");
}

#[test]
fn a_slide_without_a_price_is_refused() {
    let mut place = Place::new();
    place.plain(sell(1, 5));
    place.enter(buy(5, 5), SLIDE);
    assert_eq!(place.lines(), "rejected PriceInvalid 5");
    assert_eq!(place.matcher.order_id_last(), 1);
}

#[test]
fn a_market_order_stops_at_its_limit() {
    let mut place = Place::new();
    place.plain(sell(1_010, 5));
    place.plain(sell(1_050, 5));
    let collar = Extras { limit: Some(1_030), ..Extras::PLAIN };
    place.enter(market(buy(0, 8)), collar);
    let expected = "accepted 3 8@0; filled 5@1010 1(0) 3(3); canceled 3 -3(0) shown 0 Collar";
    assert_eq!(place.lines(), expected);
    place.enter(market(buy(0, 8)), Extras { limit: Some(1_030), ..minimum(8) });
    assert_eq!(place.lines(), "accepted 4 8@0; canceled 4 -8(0) shown 0 Ioc");
    place.enter(market(buy(0, 8)), Extras { limit: Some(1_050), ..Extras::PLAIN });
    let expected = "accepted 5 8@0; filled 5@1050 2(0) 5(3); canceled 5 -3(0) shown 0 Ioc";
    assert_eq!(place.lines(), expected);
}

#[test]
fn without_matching_orders_rest_and_the_book_crosses() {
    let mut place = Place::new();
    place.matcher.set_matching(1, false);
    place.plain(sell(1_010, 5));
    place.plain(buy(1_050, 5));
    place.enter(buy(1_060, 5), HIDDEN);
    assert_eq!(place.lines(), "accepted 3 5@1060; rested 3 0");
    assert!(place.matcher.books().bbo(1).is_crossed());
    assert_eq!(place.matcher.match_id_last(), 0);
    place.check_snapshot();
}

#[test]
fn a_peg_is_repriced_withdrawn_and_comes_in_again() {
    let mut place = Place::new();
    place.plain(sell(1_020, 5));
    let peg = NewOrder { order_type: OrderType::PegMidpoint, ..buy(1_005, 8) };
    let id = place.enter(peg, HIDDEN).unwrap();
    place.said.clear();
    assert_eq!(place.matcher.reprice(id, 1_020, &mut place.said), Some(3));
    let expected = "restated 2 3 8@1020 shown 0 Peg; filled 5@1020 1(0) 3(3); rested 3 0";
    assert_eq!(place.lines(), expected);
    let parked = place.matcher.withdraw(3).unwrap();
    assert_eq!((parked.leaves, parked.executed, place.matcher.live_orders()), (3, 5, 0));
    let order_id = place.matcher.next_order_id();
    let extras = Extras { order_id, executed: 5, ..HIDDEN };
    place.enter(NewOrder { qty: 3, ..peg }, extras);
    assert_eq!(place.lines(), "rested 4 0");
    assert_eq!(place.matcher.standing(4).unwrap().executed, 5);
    assert_eq!(place.matcher.reprice(99, 1_000, &mut place.said), None);
}

#[test]
fn a_replacement_may_be_immediate() {
    let mut place = Place::new();
    place.plain(sell(1_010, 5));
    let id = place.plain(buy(1_000, 9)).unwrap();
    place.said.clear();
    let at_once = Amendment { time_in_force: TimeInForce::Ioc, ..Amendment::PLAIN };
    place.matcher.replace_with(id, 0, 1_010, 9, at_once, &mut place.said);
    let expected = "replaced 2 3 9@1010; filled 5@1010 1(0) 3(4); canceled 3 -4(0) shown 0 Ioc";
    assert_eq!(place.lines(), expected);
}

#[test]
fn what_does_not_go_together_is_refused() {
    let mut place = Place::new();
    let refused = [
        (buy(1_000, 5), reserve(6)),
        (buy(1_000, 5), reserve(0)),
        (buy(1_000, 5), minimum(6)),
        (buy(1_000, 5), minimum(0)),
        (buy(1_000, 5), Extras { display: Display::Reserve { displayed: 2 }, ..ALL }),
        (buy(1_000, 5), Extras { slide: true, ..ALL }),
        (immediate(buy(1_000, 5)), SLIDE),
        (NewOrder { min_qty: 2, ..buy(1_000, 5) }, Extras::PLAIN),
        (NewOrder { time_in_force: TimeInForce::Open, ..buy(1_000, 5) }, Extras::PLAIN),
    ];
    for (order, extras) in refused {
        assert_eq!(place.enter(order, extras), None);
        assert!(place.lines().starts_with("rejected FieldInvalid"), "{order:?} {extras:?}");
    }
    assert_eq!(place.enter(buy(1_005, 5), HIDDEN), None);
    assert_eq!(place.lines(), "rejected PriceInvalid 1005");
    assert_eq!((place.matcher.order_id_last(), place.matcher.live_orders()), (0, 0));
}

#[test]
fn the_hidden_book_has_a_limit_of_its_own() {
    let mut place = Place::new();
    for _ in 0..500 {
        place.enter(buy(1_000, 1), HIDDEN).unwrap();
    }
    assert_eq!(place.enter(buy(1_000, 1), HIDDEN), None);
    assert_eq!(place.lines(), "rejected Capacity 500");
    assert!(place.plain(buy(1_000, 1)).is_some());
}

#[test]
fn an_instrument_has_a_limit_of_orders_with_a_size_condition() {
    let mut place = Place::new();
    for _ in 0..200 {
        place.enter(buy(1_000, 2), ALL).unwrap();
    }
    assert_eq!(place.enter(buy(1_000, 2), minimum(2)), None);
    assert_eq!(place.lines(), "rejected Capacity 200");
    // It need not rest; another instrument has room.
    assert!(place.enter(immediate(buy(1_000, 2)), minimum(2)).is_some());
    assert!(place.enter(NewOrder { instrument: 2, ..buy(1_000, 2) }, ALL).is_some());
    assert!(place.enter(buy(1_000, 2), HIDDEN).is_some());
    place.said.clear();
    assert!(place.matcher.cancel(7, CancelReason::User, &mut place.said));
    assert!(place.enter(buy(1_000, 2), ALL).is_some());
}

#[test]
fn a_mass_cancel_goes_by_priority_over_both_books() {
    let mut place = Place::new();
    place.enter(buy(1_010, 1), HIDDEN);
    place.plain(buy(1_000, 2));
    place.enter(buy(1_010, 30), reserve(3));
    place.plain(NewOrder { owner: 9, ..buy(1_010, 4) });
    place.plain(sell(1_100, 5));
    place.said.clear();
    assert_eq!(place.matcher.cancel_owner(1, 0, CancelReason::Killed, &mut place.said), 3);
    let expected = "canceled 3 -30(0) shown 3 Killed; canceled 1 -1(0) shown 0 Killed; \
                    canceled 2 -2(0) shown 2 Killed";
    assert_eq!(place.lines(), expected);
    place.said.clear();
    let side = Some(Side::Sell);
    let all = place.matcher.cancel_where(1, side, CancelReason::Halted, |_| true, &mut place.said);
    assert_eq!((all, place.lines().as_str()), (1, "canceled 5 -5(0) shown 5 Halted"));
    assert_eq!(place.matcher.live_orders(), 1);
}
