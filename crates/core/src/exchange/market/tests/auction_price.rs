// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! 11: the price of an auction, one tie-breaker after the other; and prices on the tick table.

use super::super::price::{AtAnyPrice, Match, Point, at_or_above, at_or_below, choose, sort};
use crate::events::Side;
use crate::hash::mix;
use crate::types::{Rung, TickTable, Ticks};

/// Points of (price, bought, sold).
fn points(orders: &[(Ticks, u64, u64)]) -> Vec<Point> {
    let mut points: Vec<Point> =
        orders.iter().map(|&(price, buys, sells)| Point { price, buys, sells }).collect();
    sort(&mut points);
    points
}

fn chosen(orders: &[(Ticks, u64, u64)], reference: Option<Ticks>) -> Option<Match> {
    let mut orders = orders.to_vec();
    orders.extend(reference.map(|price| (price, 0, 0)));
    choose(&points(&orders), AtAnyPrice::default(), reference)
}

#[test]
fn first_comes_the_volume() {
    // 103 trades 5, 102 trades 9, 101 trades 6, 100 trades 4.
    let found = chosen(&[(103, 5, 0), (102, 4, 6), (101, 0, 2), (100, 0, 4)], Some(100)).unwrap();
    assert_eq!((found.price, found.paired), (102, 9));
}

#[test]
fn then_the_least_imbalance() {
    // Both prices trade 5; at 101 seven are bought, at 102 five.
    let orders = [(102, 5, 0), (101, 2, 5)];
    let found = chosen(&orders, None).unwrap();
    assert_eq!((found.price, found.paired, found.imbalance), (102, 5, 0));
    let found = chosen(&[(102, 0, 2), (101, 5, 5)], None).unwrap();
    assert_eq!((found.price, found.imbalance, found.side), (101, 0, None));
}

#[test]
fn then_the_highest_where_all_have_more_bought() {
    let found = chosen(&[(110, 10, 0), (100, 0, 4)], Some(100)).unwrap();
    assert_eq!((found.price, found.imbalance, found.side), (110, 6, Some(Side::Buy)));
}

#[test]
fn then_the_lowest_where_all_have_more_sold() {
    let found = chosen(&[(110, 4, 0), (100, 0, 10)], Some(110)).unwrap();
    assert_eq!((found.price, found.imbalance, found.side), (100, 6, Some(Side::Sell)));
}

#[test]
fn then_the_nearest_to_the_reference() {
    let orders = [(110, 4, 0), (100, 0, 4)];
    assert_eq!(chosen(&orders, Some(109)).unwrap().price, 109);
    assert_eq!(chosen(&orders, Some(120)).unwrap().price, 110);
    assert_eq!(chosen(&orders, Some(90)).unwrap().price, 100);
}

#[test]
fn an_imbalance_on_either_side_asks_for_the_reference_too() {
    // At 100 three more are bought, at 110 three more are sold: neither side leads.
    let orders = [(110, 4, 3), (100, 3, 4)];
    let found = chosen(&orders, Some(115)).unwrap();
    assert_eq!((found.price, found.imbalance, found.side), (110, 3, Some(Side::Sell)));
    let found = chosen(&orders, Some(95)).unwrap();
    assert_eq!((found.price, found.imbalance, found.side), (100, 3, Some(Side::Buy)));
    assert_eq!(chosen(&orders, Some(103)).unwrap().imbalance, 0, "a candidate of its own");
}

#[test]
fn last_the_lower() {
    let orders = [(110, 4, 0), (100, 0, 4)];
    assert_eq!(chosen(&orders, None).unwrap().price, 100);
    let orders = [(104, 4, 0), (100, 0, 4)];
    let found = choose(&points(&orders), AtAnyPrice::default(), Some(102)).unwrap();
    assert_eq!(found.price, 100, "as near as 104, and lower");
}

#[test]
fn without_volume_or_a_price_there_is_no_cross() {
    assert_eq!(chosen(&[(99, 5, 0), (100, 0, 5)], Some(100)), None);
    let both = AtAnyPrice { buys: 5, sells: 3 };
    assert_eq!(choose(&[], both, None), None);
    let found = choose(&points(&[(100, 0, 0)]), both, Some(100)).unwrap();
    assert_eq!((found.price, found.paired, found.side), (100, 3, Some(Side::Buy)));
}

/// As the rules say it, one rule after the other.
fn plain(orders: &[(Ticks, u64, u64)], any: AtAnyPrice, reference: Option<Ticks>) -> Option<Match> {
    let mut prices: Vec<Ticks> = orders.iter().map(|order| order.0).chain(reference).collect();
    prices.sort_unstable();
    prices.dedup();
    let at = |price: Ticks| {
        let reached = orders.iter().filter(|order| order.0 >= price);
        let buys = any.buys + reached.map(|order| order.1).sum::<u64>();
        let reached = orders.iter().filter(|order| order.0 <= price);
        let sells = any.sells + reached.map(|order| order.2).sum::<u64>();
        let side = match buys.cmp(&sells) {
            std::cmp::Ordering::Less => Some(Side::Sell),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Side::Buy),
        };
        Match { price, paired: buys.min(sells), imbalance: buys.abs_diff(sells), side }
    };
    let mut left: Vec<Match> = prices.into_iter().map(at).filter(|each| each.paired > 0).collect();
    let most = left.iter().map(|each| each.paired).max()?;
    left.retain(|each| each.paired == most);
    let least = left.iter().map(|each| each.imbalance).min()?;
    left.retain(|each| each.imbalance == least);
    if left.iter().all(|each| each.side == Some(Side::Buy)) {
        return left.last().copied();
    }
    if left.iter().all(|each| each.side == Some(Side::Sell)) {
        return left.first().copied();
    }
    left.into_iter().min_by_key(|each| {
        (reference.map_or(0, |reference| each.price.abs_diff(reference)), each.price)
    })
}

#[test]
fn at_random_it_is_what_the_rules_say() {
    for seed in 0..20_000_u64 {
        let draw = |salt: u64, bound: u64| mix(seed * 64 + salt) % bound;
        let orders: Vec<(Ticks, u64, u64)> = (0..draw(0, 7))
            .map(|each| {
                let price = 100 + draw(10 + each, 6).cast_signed();
                (price, draw(20 + each, 4), draw(30 + each, 4))
            })
            .collect();
        let reference = (draw(1, 3) > 0).then(|| 98 + draw(2, 10).cast_signed());
        let any = AtAnyPrice { buys: draw(3, 6) / 3, sells: draw(4, 6) / 3 };
        let mut ours = orders.clone();
        ours.extend(reference.map(|price| (price, 0, 0)));
        let found = choose(&points(&ours), any, reference);
        assert_eq!(found, plain(&orders, any, reference), "{orders:?} {any:?} {reference:?}");
    }
}

#[test]
fn prices_are_rounded_to_the_table_over_its_rungs() {
    let rung = |from, increment| Rung { from, increment };
    let table = TickTable::from_rungs(&[rung(0, 2), rung(15, 5), rung(101, 10)]).unwrap();
    for price in 1..200 {
        let below = (1..=price).rev().find(|&each| table.allows(each)).unwrap_or(0);
        let above = (price..300).find(|&each| table.allows(each)).unwrap();
        assert_eq!(at_or_below(&table, price), below, "at or below {price}");
        assert_eq!(at_or_above(&table, price), above, "at or above {price}");
    }
    assert!(at_or_below(&table, -7) <= 0);
    assert_eq!(at_or_above(&table, -7), 2);
}
