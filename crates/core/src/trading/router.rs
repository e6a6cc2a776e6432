// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Smart order routing: how an order for a product is split over the venues that list it.
//!
//! A pure function of what it is shown. What can be had at once is taken where a lot is cheapest,
//! fee and expected slip of a slow venue included; what is left rests where it earns the most and
//! trades soonest. Whoever calls it sends the slices, and calls again with what is still open when
//! one of them came back empty (post and reroute).

use crate::types::{InstrumentId, Lots, Side, Ticks};

/// Slices of one decision.
pub const SLICES_MAX: usize = 16;

/// One displayed level of the other side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RouteLevel {
    /// Price.
    pub price: Ticks,
    /// Displayed quantity.
    pub qty: Lots,
}

/// What is known of one venue when an order is routed.
#[derive(Clone, Copy, Debug)]
pub struct VenueQuote<'a> {
    /// The product's listing there.
    pub instrument: InstrumentId,
    /// The side that would be taken, best first.
    pub levels: &'a [RouteLevel],
    /// Hidden quantity expected at the best level, lots: what was found there lately, on average.
    pub hidden: Lots,
    /// Fee of a lot that takes, in 10^-9 ticks; negative for a rebate.
    pub take_fee_e9: i64,
    /// Fee of a lot that rests and trades, in 10^-9 ticks; negative for a rebate.
    pub make_fee_e9: i64,
    /// What a lot is expected to cost more by the time an order gets there, in 10^-9 ticks: latency
    /// times how fast the price runs.
    pub slip_e9: i64,
    /// Lately, how much of what was sent there to take was filled, in parts of a million.
    pub fill_ppm: u32,
    /// Displayed quantity ahead of an order that would rest now, lots.
    pub queue: Lots,
    /// Quantity that trades there in a second, lots.
    pub traded_per_s: Lots,
    /// Connected, reconciled, and with a book that can be traded on.
    pub is_usable: bool,
}

/// What is to be routed.
#[derive(Clone, Copy, Debug)]
pub struct RouteOrder {
    /// Side.
    pub side: Side,
    /// Quantity.
    pub qty: Lots,
    /// Worst price.
    pub limit: Ticks,
    /// What is not taken rests; else it is left over.
    pub rests: bool,
}

/// One order of a decision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// Where.
    pub instrument: InstrumentId,
    /// Limit price.
    pub price: Ticks,
    /// Quantity.
    pub qty: Lots,
    /// It takes what is there and is cancelled; else it rests.
    pub takes: bool,
}

/// The slices of one decision, and what none of them has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Route {
    slices: [Slice; SLICES_MAX],
    count: usize,
    /// Quantity that no slice has.
    pub left: Lots,
}

impl Route {
    /// The slices; at most one that takes for each venue, and at most one that rests.
    #[must_use]
    pub fn slices(&self) -> &[Slice] {
        &self.slices[..self.count]
    }

    /// Adds to the slice of a venue, or makes one; false when there are too many.
    fn add(&mut self, slice: Slice) -> bool {
        let mut own = self.slices[..self.count].iter_mut();
        let same = |s: &&mut Slice| s.instrument == slice.instrument && s.takes == slice.takes;
        if let Some(found) = own.find(same) {
            found.qty += slice.qty;
            found.price = slice.price;
            return true;
        }
        if self.count == SLICES_MAX {
            return false;
        }
        self.slices[self.count] = slice;
        self.count += 1;
        true
    }
}

/// What one lot costs at a level, all told, in 10^-9 ticks, signed so that less is better.
///
/// A venue that fills less than it shows costs the more: what it does not fill has to be bought
/// later, on average one `slip_e9` further off.
fn cost(side: Side, price: Ticks, venue: &VenueQuote<'_>) -> i128 {
    let signed = if side == Side::Buy { i128::from(price) } else { -i128::from(price) };
    let missed = i128::from(1_000_000_u32.saturating_sub(venue.fill_ppm));
    let slip = i128::from(venue.slip_e9) * (1_000_000 + missed) / 1_000_000;
    signed * 1_000_000_000 + i128::from(venue.take_fee_e9) + slip
}

/// Splits an order over venues. Levels are taken in order of what a lot costs there; of equals, the
/// venue that fills more, then the first.
#[must_use]
pub fn route(order: &RouteOrder, venues: &[VenueQuote<'_>]) -> Route {
    let mut route = Route { left: order.qty, ..Route::default() };
    let mut last: Option<(i128, u32, usize, usize)> = None;
    while route.left > 0 {
        // The cheapest level after the last one: no list of all levels is kept.
        let Some(next) = cheapest(order, venues, last) else { break };
        last = Some(next);
        let (_, _, at, level) = next;
        let venue = &venues[at];
        let shown = venue.levels[level];
        let hidden = if level == 0 { venue.hidden } else { 0 };
        let qty = shown.qty.saturating_add(hidden).min(route.left);
        let (instrument, price) = (venue.instrument, shown.price);
        if qty != 0 && route.add(Slice { instrument, price, qty, takes: true }) {
            route.left -= qty;
        }
    }
    if order.rests && route.left > 0 {
        rest(order, venues, &mut route);
    }
    route
}

/// The cheapest level that comes after `last` in the order of (cost, what is not filled, venue, level).
fn cheapest(
    order: &RouteOrder,
    venues: &[VenueQuote<'_>],
    last: Option<(i128, u32, usize, usize)>,
) -> Option<(i128, u32, usize, usize)> {
    let usable = venues.iter().enumerate().filter(|(_, venue)| venue.is_usable);
    let all = usable.flat_map(|(at, venue)| {
        let levels = venue.levels.iter().enumerate();
        let within = levels.filter(|(_, level)| !order.side.betters(level.price, order.limit));
        within.map(move |(level, shown)| {
            let missed = 1_000_000_u32.saturating_sub(venue.fill_ppm);
            (cost(order.side, shown.price, venue), missed, at, level)
        })
    });
    all.filter(|key| last.is_none_or(|last| *key > last)).min()
}

/// Rests what is left where a fill earns the most; of equals, where the queue is soonest done.
fn rest(order: &RouteOrder, venues: &[VenueQuote<'_>], route: &mut Route) {
    let usable = venues.iter().filter(|venue| venue.is_usable);
    // Seconds until the queue is done, in millionths; where nothing trades, never.
    let wait = |venue: &VenueQuote<'_>| {
        let ahead = u128::from(venue.queue) * 1_000_000;
        ahead.checked_div(u128::from(venue.traded_per_s)).unwrap_or(u128::MAX)
    };
    let Some(best) = usable.min_by_key(|venue| (venue.make_fee_e9, wait(venue))) else { return };
    let (instrument, price, qty) = (best.instrument, order.limit, route.left);
    if route.add(Slice { instrument, price, qty, takes: false }) {
        route.left = 0;
    }
}
