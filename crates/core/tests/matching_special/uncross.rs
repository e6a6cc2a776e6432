// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Who trades in an auction. Source: docs/internals/market.md, 11.

use crate::place::{ALL, HIDDEN, Place, buy, reserve, sell};
use onetape_core::events::{OrderType, Side};
use onetape_core::exchange::{Aside, NewOrder};

fn aside(order_id: u64, limit: Option<i64>, leaves: u64) -> Aside {
    Aside { order_id, client: order_id * 10, limit, leaves, arrival_mid2: 0, owner: 3 }
}

/// A place that collects orders without matching them.
fn collecting() -> Place {
    let mut place = Place::new();
    place.matcher.set_matching(1, false);
    place
}

impl Place {
    fn uncross(&mut self, price: i64, buys: &mut [Aside], sells: &mut [Aside]) -> u64 {
        self.said.clear();
        self.matcher.uncross(1, price, buys, sells, &mut self.said)
    }
}

#[test]
fn better_prices_first_then_displayed_then_time() {
    let mut place = collecting();
    place.enter(buy(1_020, 5), HIDDEN);
    place.plain(buy(1_020, 5));
    place.plain(buy(1_030, 5));
    place.plain(buy(1_000, 5));
    place.plain(sell(1_010, 12));
    assert_eq!(place.uncross(1_010, &mut [], &mut []), 12);
    let expected = "crossed 5@1010 3(0) 5(7) shown 5 5; crossed 5@1010 2(0) 5(2) shown 5 5; \
                    crossed 2@1010 1(3) 5(0) shown 0 2";
    assert_eq!(place.lines(), expected);
    assert_eq!(place.side(Side::Buy), "1@1020 0/3, 4@1000 5/5");
    assert_eq!(place.matcher.match_id_last(), 3);
    place.check_snapshot();
}

#[test]
fn orders_aside_come_first_at_market_and_as_hidden_at_a_limit() {
    let mut place = collecting();
    place.enter(buy(1_020, 5), HIDDEN);
    place.plain(buy(1_020, 5));
    let (market, better, equal) =
        (aside(3, None, 4), aside(4, Some(1_030), 4), aside(5, Some(1_020), 4));
    place.matcher.next_order_id();
    place.matcher.next_order_id();
    place.matcher.next_order_id();
    place.enter(buy(1_020, 5), HIDDEN);
    let mut buys = [market, better, equal];
    let mut sells = [aside(9, Some(1_020), 25), aside(10, Some(1_030), 9)];
    assert_eq!(place.uncross(1_020, &mut buys, &mut sells), 25);
    let lines = place.lines();
    let buyers: Vec<&str> = lines.split("; ").filter_map(|line| line.split(' ').nth(2)).collect();
    assert_eq!(buyers, ["3(0)", "4(0)", "2(0)", "1(0)", "5(0)", "6(2)"]);
    assert_eq!(buys.map(|order| order.leaves), [0, 0, 0]);
    assert_eq!(sells.map(|order| order.leaves), [0, 9]);
}

#[test]
fn a_reserve_takes_part_with_all_it_has_and_shows_a_slice_afterwards() {
    let mut place = collecting();
    place.enter(buy(1_020, 50), reserve(10));
    place.plain(buy(1_020, 5));
    for qty in [4, 16, 3] {
        place.plain(sell(1_000, qty));
    }
    assert_eq!(place.uncross(1_010, &mut [], &mut []), 23);
    let expected = "crossed 4@1010 1(46) 3(0) shown 4 4; crossed 16@1010 1(30) 4(0) shown 6 16; \
                    crossed 3@1010 1(27) 5(0) shown 0 3; restated 1 6 27@1020 shown 10 Refill";
    assert_eq!(place.lines(), expected);
    assert_eq!(place.side(Side::Buy), "2@1020 5/5, 6@1020 10/27");
    assert_eq!(place.matcher.standing(6).map(|order| order.executed), Some(23));
    place.check_snapshot();
}

#[test]
fn a_slice_that_is_not_used_up_keeps_its_place() {
    let mut place = collecting();
    place.enter(buy(1_020, 50), reserve(10));
    place.plain(buy(1_020, 5));
    place.plain(sell(1_000, 4));
    place.uncross(1_010, &mut [], &mut []);
    assert_eq!(place.lines(), "crossed 4@1010 1(46) 3(0) shown 4 4");
    assert_eq!(place.side(Side::Buy), "1@1020 6/46, 2@1020 5/5");
}

#[test]
fn conditions_and_pegs_stand_by() {
    let mut place = collecting();
    place.enter(buy(1_030, 5), ALL);
    place.enter(NewOrder { order_type: OrderType::PegMarket, ..buy(1_025, 5) }, HIDDEN);
    place.plain(buy(1_020, 5));
    place.plain(sell(1_010, 15));
    let levels: Vec<_> = place.matcher.auction_levels(1, Side::Buy).collect();
    assert_eq!(levels, [(1_020, 5)]);
    assert_eq!(place.uncross(1_010, &mut [], &mut []), 5);
    assert_eq!(place.lines(), "crossed 5@1010 3(0) 4(10) shown 5 5");
    assert_eq!(place.matcher.live_orders(), 3);
}

#[test]
fn levels_of_an_auction_add_up_both_books() {
    let mut place = collecting();
    place.enter(sell(1_010, 30), reserve(5));
    place.plain(sell(1_010, 2));
    place.enter(sell(1_010, 7), HIDDEN);
    place.enter(sell(1_000, 1), HIDDEN);
    place.plain(sell(1_020, 4));
    let levels: Vec<_> = place.matcher.auction_levels(1, Side::Sell).collect();
    assert_eq!(levels, [(1_000, 1), (1_010, 39), (1_020, 4)]);
    assert_eq!(place.matcher.auction_levels(1, Side::Buy).next(), None);
    assert_eq!(place.uncross(1_010, &mut [], &mut []), 0);
    assert_eq!(place.lines(), "");
}
