// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The price of an auction, and prices on the tick table. Source: docs/internals/market.md, 11.

use crate::types::{Lots, Side, TickTable, Ticks};

/// A price somebody named, and how much is limited to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) price: Ticks,
    pub(super) buys: Lots,
    pub(super) sells: Lots,
}

/// Market orders of both sides: they trade at any price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AtAnyPrice {
    pub(super) buys: Lots,
    pub(super) sells: Lots,
}

/// What an auction would do at a price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) price: Ticks,
    pub(super) paired: Lots,
    pub(super) imbalance: Lots,
    pub(super) side: Option<Side>,
}

impl Match {
    fn new(price: Ticks, buys: Lots, sells: Lots) -> Self {
        let side = match buys.cmp(&sells) {
            std::cmp::Ordering::Greater => Some(Side::Buy),
            std::cmp::Ordering::Less => Some(Side::Sell),
            std::cmp::Ordering::Equal => None,
        };
        Self { price, paired: buys.min(sells), imbalance: buys.abs_diff(sells), side }
    }
}

/// Sorts the points by price, one a price.
pub(super) fn sort(points: &mut Vec<Point>) {
    points.sort_unstable_by_key(|point| point.price);
    points.dedup_by(|point, kept| {
        let is_same = point.price == kept.price;
        if is_same {
            kept.buys = kept.buys.saturating_add(point.buys);
            kept.sells = kept.sells.saturating_add(point.sells);
        }
        is_same
    });
}

/// What each price of sorted points would do, lowest first.
fn matches(points: &[Point], any: AtAnyPrice) -> impl Iterator<Item = Match> + '_ {
    let all_buys = points.iter().fold(any.buys, |sum, point| sum.saturating_add(point.buys));
    points.iter().scan((all_buys, any.sells), |(buys, sells), point| {
        *sells = sells.saturating_add(point.sells);
        let found = Match::new(point.price, *buys, *sells);
        *buys = buys.saturating_sub(point.buys);
        Some(found)
    })
}

/// What an auction would do at this price, which is one of the sorted points or not.
pub(super) fn at(points: &[Point], any: AtAnyPrice, price: Ticks) -> Match {
    let (mut buys, mut sells) = (any.buys, any.sells);
    for point in points {
        if point.price >= price {
            buys = buys.saturating_add(point.buys);
        }
        if point.price <= price {
            sells = sells.saturating_add(point.sells);
        }
    }
    Match::new(price, buys, sells)
}

/// The candidates that have not been ruled out.
struct Remaining {
    lowest: Match,
    highest: Match,
    nearest: Match,
    has_other_than_buy: bool,
    has_other_than_sell: bool,
}

impl Remaining {
    fn one(found: Match) -> Self {
        let (buy, sell) = (found.side == Some(Side::Buy), found.side == Some(Side::Sell));
        let (has_other_than_buy, has_other_than_sell) = (!buy, !sell);
        let (lowest, highest, nearest) = (found, found, found);
        Self { lowest, highest, nearest, has_other_than_buy, has_other_than_sell }
    }

    /// Takes in another one, of a higher price.
    fn add(&mut self, found: Match, reference: Option<Ticks>) {
        self.highest = found;
        self.has_other_than_buy |= found.side != Some(Side::Buy);
        self.has_other_than_sell |= found.side != Some(Side::Sell);
        if let Some(reference) = reference
            && found.price.abs_diff(reference) < self.nearest.price.abs_diff(reference)
        {
            self.nearest = found;
        }
    }

    fn choice(&self) -> Match {
        if !self.has_other_than_buy {
            self.highest
        } else if !self.has_other_than_sell {
            self.lowest
        } else {
            self.nearest
        }
    }
}

/// The auction's price: most volume, least imbalance, the side of the imbalance, nearest to the
/// reference, lower. `None` when no price trades anything.
pub(super) fn choose(points: &[Point], any: AtAnyPrice, reference: Option<Ticks>) -> Option<Match> {
    let mut remaining: Option<Remaining> = None;
    for found in matches(points, any).filter(|found| found.paired != 0) {
        let rank = |found: &Match| (found.paired, Lots::MAX - found.imbalance);
        match &mut remaining {
            Some(best) if rank(&found) < rank(&best.lowest) => {}
            Some(best) if rank(&found) == rank(&best.lowest) => best.add(found, reference),
            _ => remaining = Some(Remaining::one(found)),
        }
    }
    remaining.map(|remaining| remaining.choice())
}

/// The highest price on the table that is not above this one; 0 or below when there is none.
pub(super) fn at_or_below(table: &TickTable, mut price: Ticks) -> Ticks {
    for rung in table.rungs().iter().rev() {
        if price >= rung.from {
            let found = price - price.rem_euclid(rung.increment);
            if found >= rung.from {
                return found;
            }
            price = rung.from - 1;
        }
    }
    0
}

/// The lowest price on the table that is not below this one.
pub(super) fn at_or_above(table: &TickTable, price: Ticks) -> Ticks {
    let mut price = price.max(1);
    for (index, rung) in table.rungs().iter().enumerate() {
        let next = table.rungs().get(index + 1).map(|next| next.from);
        price = price.max(rung.from);
        if next.is_some_and(|next| price >= next) {
            continue;
        }
        let over = price.rem_euclid(rung.increment);
        let found = if over == 0 { price } else { price.saturating_add(rung.increment - over) };
        match next {
            Some(next) if found >= next => price = next,
            _ => return found,
        }
    }
    price
}
