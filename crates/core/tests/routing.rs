// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Smart order routing: hand-made books, and every split of small ones tried by brute force.

use onetape_core::events::Side;
use onetape_core::hash::mix;
use onetape_core::trading::{RouteLevel, RouteOrder, VenueQuote, route};

fn level(price: i64, qty: u64) -> RouteLevel {
    RouteLevel { price, qty }
}

fn venue(instrument: u32, levels: &[RouteLevel]) -> VenueQuote<'_> {
    VenueQuote {
        instrument,
        levels,
        hidden: 0,
        take_fee_e9: 0,
        make_fee_e9: 0,
        slip_e9: 0,
        fill_ppm: 1_000_000,
        queue: 0,
        traded_per_s: 1,
        is_usable: true,
    }
}

fn buy(qty: u64, limit: i64) -> RouteOrder {
    RouteOrder { side: Side::Buy, qty, limit, rests: false }
}

/// (instrument, price, quantity, takes) of each slice.
fn split(order: &RouteOrder, venues: &[VenueQuote<'_>]) -> Vec<(u32, i64, u64, bool)> {
    let found = route(order, venues);
    let slices = found.slices().iter();
    slices.map(|slice| (slice.instrument, slice.price, slice.qty, slice.takes)).collect()
}

#[test]
fn it_sweeps_by_price_over_venues() {
    let (a, b) = ([level(100, 5), level(102, 9)], [level(101, 4), level(103, 9)]);
    let venues = [venue(1, &a), venue(2, &b)];
    assert_eq!(split(&buy(12, 110), &venues), [(1, 102, 8, true), (2, 101, 4, true)]);
    assert_eq!(route(&buy(12, 101), &venues).left, 3, "what is beyond the limit is left");
}

#[test]
fn fees_decide_between_equal_prices_and_may_outweigh_a_tick() {
    let (a, b) = ([level(100, 5)], [level(100, 5)]);
    let dear = VenueQuote { take_fee_e9: 300_000_000, ..venue(1, &a) };
    assert_eq!(split(&buy(5, 110), &[dear, venue(2, &b)]), [(2, 100, 5, true)]);
    let b = [level(101, 5)];
    let very = VenueQuote { take_fee_e9: 1_300_000_000, ..venue(1, &a) };
    assert_eq!(split(&buy(5, 110), &[very, venue(2, &b)]), [(2, 101, 5, true)]);
}

#[test]
fn hidden_quantity_slow_venues_and_fill_rates_count() {
    let (a, b) = ([level(100, 5)], [level(100, 5)]);
    let iceberg = VenueQuote { hidden: 4, ..venue(1, &a) };
    assert_eq!(split(&buy(9, 110), &[iceberg, venue(2, &b)]), [(1, 100, 9, true)]);
    let slow = VenueQuote { slip_e9: 1, ..venue(1, &a) };
    assert_eq!(split(&buy(5, 110), &[slow, venue(2, &b)]), [(2, 100, 5, true)]);
    let fickle = VenueQuote { fill_ppm: 500_000, ..venue(1, &a) };
    assert_eq!(split(&buy(5, 110), &[fickle, venue(2, &b)]), [(2, 100, 5, true)]);
    let down = VenueQuote { is_usable: false, ..venue(1, &a) };
    assert_eq!(split(&buy(9, 110), &[down, venue(2, &b)]), [(2, 100, 5, true)]);
}

#[test]
fn what_is_left_rests_where_it_earns_most_and_trades_soonest() {
    let order = RouteOrder { rests: true, ..buy(9, 100) };
    let a = [level(100, 5)];
    let rebate = VenueQuote { make_fee_e9: -2, queue: 50, ..venue(2, &[]) };
    let sooner = VenueQuote { make_fee_e9: -2, queue: 50, traded_per_s: 9, ..venue(3, &[]) };
    let found = split(&order, &[venue(1, &a), rebate, sooner]);
    assert_eq!(found, [(1, 100, 5, true), (3, 100, 4, false)]);
}

/// The cheapest way to have as much as can be had, by trying every quantity at every level.
fn brute(order: &RouteOrder, venues: &[VenueQuote<'_>]) -> (u64, i128) {
    let mut best = vec![None; order.qty as usize + 1];
    best[0] = Some(0_i128);
    for venue in venues {
        for shown in venue.levels.iter().filter(|l| !order.side.betters(l.price, order.limit)) {
            let sign = if order.side == Side::Buy { 1 } else { -1 };
            let worth = i128::from(sign * shown.price) * 1_000_000_000;
            let each = worth + i128::from(venue.take_fee_e9);
            let before = best.clone();
            for (had, cost) in before.iter().enumerate() {
                let Some(cost) = cost else { continue };
                for qty in 1..=shown.qty as usize {
                    let Some(place) = best.get_mut(had + qty) else { break };
                    let total = cost + each * qty as i128;
                    if place.is_none_or(|known| total < known) {
                        *place = Some(total);
                    }
                }
            }
        }
    }
    let most = best.iter().rposition(Option::is_some).unwrap_or(0);
    (most as u64, best[most].unwrap_or(0))
}

#[test]
fn it_is_as_cheap_as_any_split() {
    let mut seed = 0;
    let mut draw = |bound: u64| {
        seed += 1;
        mix(seed) % bound
    };
    for _ in 0..500 {
        let side = if draw(2) == 0 { Side::Buy } else { Side::Sell };
        let away = if side == Side::Buy { 1 } else { -1 };
        let books: Vec<Vec<RouteLevel>> = (0..3)
            .map(|_| {
                let best = draw(4).cast_signed();
                let mut at = |i: i64| level(100 + away * (best + 2 * i), 1 + draw(4));
                (0..2).map(&mut at).collect()
            })
            .collect();
        let fees: Vec<i64> = (0..3).map(|_| draw(3_000_000_000).cast_signed()).collect();
        let quote = |(at, levels): (usize, &'_ Vec<RouteLevel>)| (at, levels.clone());
        let owned: Vec<_> = books.iter().enumerate().map(quote).collect();
        let venues: Vec<_> = owned
            .iter()
            .map(|(at, levels)| VenueQuote {
                take_fee_e9: fees[*at],
                ..venue(*at as u32 + 1, levels)
            })
            .collect();
        let limit = 100 + away * draw(6).cast_signed();
        let order = RouteOrder { side, qty: 1 + draw(12), limit, rests: false };
        let found = route(&order, &venues);
        let (most, cheapest) = brute(&order, &venues);
        assert_eq!(order.qty - found.left, most);
        assert_eq!(priced(&order, &venues, &found), cheapest);
        let sum: u64 = found.slices().iter().map(|slice| slice.qty).sum();
        assert_eq!(sum + found.left, order.qty);
    }
}

/// What a route costs when each slice takes its venue's levels from the best.
fn priced(
    order: &RouteOrder,
    venues: &[VenueQuote<'_>],
    found: &onetape_core::trading::Route,
) -> i128 {
    let mut total = 0;
    for slice in found.slices() {
        let Some(venue) = venues.iter().find(|v| v.instrument == slice.instrument) else {
            continue;
        };
        let mut left = slice.qty;
        for shown in venue.levels {
            let qty = left.min(shown.qty);
            left -= qty;
            let signed = if order.side == Side::Buy { shown.price } else { -shown.price };
            let each = i128::from(signed) * 1_000_000_000 + i128::from(venue.take_fee_e9);
            total += each * i128::from(qty);
        }
        assert_eq!(left, 0, "no slice is larger than what its venue shows");
    }
    total
}
