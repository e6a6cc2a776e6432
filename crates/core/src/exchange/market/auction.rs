// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Auctions: what they would come to, and their uncross. Source: docs/internals/market.md, 11.

use super::bands::width;
use super::price::{self, AtAnyPrice, Match, Point, at_or_below};
use super::special::{List, Special};
use super::{Auction, Cross, Indicative, Market, MarketReports};
use crate::events::{CancelReason, Phase};
use crate::exchange::{Aside, Canceled, PRICE_MAX};
use crate::types::{InstrumentId, Side, Ticks, TsNs};

/// Whose orders take part in an auction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// Everybody's.
    All,
    /// Only orders that are for this auction alone.
    ForItAlone,
}

impl Market {
    /// What an auction would come to if it ended now. In a phase without one nothing is paired.
    #[must_use]
    pub fn indicative(&mut self, instrument: InstrumentId) -> Indicative {
        let (phase, reference) = self
            .listing(instrument)
            .map_or((Phase::Closed, 0), |listing| (listing.phase, listing.reference));
        let auction = match phase {
            Phase::PreOpen | Phase::OpeningAuction | Phase::VolatilityAuction => {
                Some(Auction::Open)
            }
            Phase::ClosingAuction => Some(Auction::Close),
            Phase::Closed | Phase::Continuous | Phase::Halted => None,
        };
        let mut find = |who| auction.map(|auction| self.find_match(instrument, auction, who));
        let far = find(Who::ForItAlone).unwrap_or_default().price;
        let found = find(Who::All).unwrap_or_default();
        let Match { price, paired, imbalance, side: imbalance_side } = found;
        Indicative { instrument, phase, price, far, paired, imbalance, imbalance_side, reference }
    }

    /// The match of an auction; without a price the imbalance of the market orders.
    fn find_match(&mut self, instrument: InstrumentId, auction: Auction, who: Who) -> Match {
        let any = self.gather(instrument, auction, who);
        let listing = &self.listings[instrument as usize];
        let reference = Some(listing.reference).filter(|&price| price > 0);
        let Some(found) = price::choose(&self.points, any, reference) else {
            let none = price::at(&[], any, 0);
            return Match { paired: 0, ..none };
        };
        let kept = self.within_collar(instrument, found.price);
        let found = price::at(&self.points, any, kept);
        if found.paired == 0 { Match { price: 0, ..found } } else { found }
    }

    /// A price of a volatility auction, kept within its collar.
    fn within_collar(&self, instrument: InstrumentId, price: Ticks) -> Ticks {
        let listing = &self.listings[instrument as usize];
        // On the tick table, so that rounding inwards leaves a price between.
        let reference = at_or_below(&listing.tick_table, listing.reference);
        let bps = listing.rules.auction_collar_bps;
        if listing.phase != Phase::VolatilityAuction || bps == 0 || reference <= 0 {
            return price;
        }
        let (lower, upper) = width(&listing.tick_table, reference, bps);
        price.clamp(lower, upper)
    }

    /// Collects the prices of all that takes part in an auction, and gives what has none.
    fn gather(&mut self, instrument: InstrumentId, auction: Auction, who: Who) -> AtAnyPrice {
        let mut any = AtAnyPrice::default();
        self.points.clear();
        let in_the_book: &[Side] = match who {
            Who::All => &[Side::Buy, Side::Sell],
            Who::ForItAlone => &[],
        };
        for &side in in_the_book {
            for (price, qty) in self.matcher.auction_levels(instrument, side) {
                add(&mut self.points, price, side, qty);
            }
        }
        let mut from = 0;
        while let Some(order_id) = self.specials.next_in(List::Aside(instrument), [0, from]) {
            from = order_id + 1;
            let Some(Special { request, .. }) = self.specials.get(order_id) else { continue };
            match (request.limit_price(), request.side) {
                _ if request.auction != auction => {}
                (Some(limit), side) => add(&mut self.points, limit, side, request.qty),
                (None, Side::Buy) => any.buys = any.buys.saturating_add(request.qty),
                (None, Side::Sell) => any.sells = any.sells.saturating_add(request.qty),
            }
        }
        let reference = self.listings[instrument as usize].reference;
        if reference > 0 {
            self.points.push(Point { price: reference, buys: 0, sells: 0 });
        }
        price::sort(&mut self.points);
        any
    }

    /// Ends an auction: matches at its price, and cancels what is left of the orders for it alone.
    /// Gives the price; 0 when nothing traded.
    pub(super) fn uncross(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        auction: Auction,
        out: &mut impl MarketReports,
    ) -> Ticks {
        let phase = self.listings[instrument as usize].phase;
        let any = self.gather(instrument, auction, Who::All);
        let reference = self.listings[instrument as usize].reference;
        let chosen = price::choose(&self.points, any, Some(reference).filter(|&price| price > 0));
        let found = chosen
            .map(|found| price::at(&self.points, any, self.within_collar(instrument, found.price)));
        let found = found.unwrap_or_default();
        let mut cross = Cross { instrument, phase, price: 0, qty: 0, match_id: 0 };
        if found.paired != 0 {
            cross.price = found.price;
            cross.qty = found.paired;
            cross.match_id = self.matcher.match_id_last() + 1;
            self.pair_off(ts_ns, instrument, auction, found.price, out);
        }
        if found.paired != 0 || self.listings[instrument as usize].is_auction() {
            out.cross(&cross);
        }
        self.cancel_asides(instrument, auction, out);
        if let Some(chosen) = chosen
            && chosen.price != found.price
        {
            self.cancel_crossed(ts_ns, instrument, chosen.price > found.price, out);
        }
        cross.price
    }

    /// Matches everything that takes part at one price.
    fn pair_off(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        auction: Auction,
        price: Ticks,
        out: &mut impl MarketReports,
    ) {
        let mut asides = std::mem::take(&mut self.asides);
        self.collect_asides(instrument, auction, &mut asides);
        let [buys, sells] = &mut asides;
        let (matcher, mut watch) = self.hear(ts_ns, instrument, out);
        matcher.uncross(instrument, price, buys, sells, &mut watch);
        for aside in asides.iter().flatten().filter(|aside| aside.leaves != 0) {
            self.specials.change(aside.order_id, |special| {
                special.executed += special.request.qty - aside.leaves;
                special.request.qty = aside.leaves;
            });
        }
        self.asides = asides;
    }

    /// The orders for this auction alone, market orders first, then by price and id.
    fn collect_asides(
        &self,
        instrument: InstrumentId,
        auction: Auction,
        asides: &mut [Vec<Aside>; 2],
    ) {
        asides.iter_mut().for_each(Vec::clear);
        let mut from = 0;
        while let Some(order_id) = self.specials.next_in(List::Aside(instrument), [0, from]) {
            from = order_id + 1;
            let Some(Special { request, .. }) = self.specials.get(order_id) else { continue };
            if request.auction == auction {
                asides[request.side.index()].push(Aside {
                    order_id,
                    client: request.client,
                    limit: request.limit_price(),
                    leaves: request.qty,
                    arrival_mid2: 0,
                    owner: request.owner,
                });
            }
        }
        let [buys, sells] = asides;
        buys.sort_unstable_by_key(|each| (-each.limit.unwrap_or(PRICE_MAX + 1), each.order_id));
        sells.sort_unstable_by_key(|each| (each.limit.unwrap_or(0), each.order_id));
    }

    /// Cancels what is left of the orders for an auction, lowest id first.
    pub(super) fn cancel_asides(
        &mut self,
        instrument: InstrumentId,
        auction: Auction,
        out: &mut impl MarketReports,
    ) {
        let mut from = 0;
        while let Some(order_id) = self.specials.next_in(List::Aside(instrument), [0, from]) {
            from = order_id + 1;
            let is_for_it = |special: &Special| special.request.auction == auction;
            if self.specials.get(order_id).is_some_and(is_for_it) {
                self.cancel_outside(order_id, CancelReason::Auction, out);
            }
        }
    }

    /// Cancels what a collar kept from trading and would now cross the book: buys where the price was
    /// lowered, else sells, first to trade first.
    fn cancel_crossed(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        is_lowered: bool,
        out: &mut impl MarketReports,
    ) {
        let side = if is_lowered { Side::Buy } else { Side::Sell };
        loop {
            let first = |side: Side| {
                self.matcher.standings(instrument, side).find(|order| order.minimum == 0)
            };
            match (first(side), first(side.opposite())) {
                (Some(order), Some(other)) if side.reaches(order.price, other.price) => {
                    let order_id = order.order_id;
                    self.cancel_resting(ts_ns, order_id, instrument, CancelReason::Collar, out);
                }
                _ => return,
            }
        }
    }

    /// Cancels an order outside of the book.
    pub(super) fn cancel_outside(
        &mut self,
        order_id: u64,
        reason: CancelReason,
        out: &mut impl MarketReports,
    ) {
        let Some(special) = self.specials.remove(order_id) else { return };
        let request = special.request;
        out.canceled(&Canceled {
            order_id,
            client: request.client,
            qty: request.qty,
            leaves: 0,
            displayed: 0,
            owner: request.owner,
            instrument: request.instrument,
            reason,
            rested: false,
        });
    }
}

fn add(points: &mut Vec<Point>, price: Ticks, side: Side, qty: u64) {
    let (buys, sells) = match side {
        Side::Buy => (qty, 0),
        Side::Sell => (0, qty),
    };
    match points.last_mut() {
        Some(last) if last.price == price => {
            last.buys = last.buys.saturating_add(buys);
            last.sells = last.sells.saturating_add(sells);
        }
        _ => points.push(Point { price, buys, sells }),
    }
}
