// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Pegs: hidden orders whose price follows the displayed best prices. Without a price, and while
//! nothing is matched, they are parked outside of the book. Source: docs/internals/market.md, 8.

use super::listing::Listing;
use super::price::{at_or_above, at_or_below};
use super::special::{List, Place, Special};
use super::{Market, MarketReports, OrderRequest, PegTo, Pricing};
use crate::events::{Phase, RestateReason};
use crate::exchange::{PRICE_MAX, Restated};
use crate::types::{InstrumentId, Side, Ticks, TsNs};

impl Market {
    /// Takes a peg.
    pub(super) fn enter_peg(
        &mut self,
        ts_ns: TsNs,
        request: &OrderRequest,
        out: &mut impl MarketReports,
    ) -> u64 {
        let price = self.peg_price(request);
        // Nobody kept the best prices in mind while there was no peg.
        self.listings[request.instrument as usize].best_seen = Listing::UNSEEN;
        let order_id = self.set_aside(request, Place::Parked, price.unwrap_or(0), out);
        if let Some(price) = price {
            self.send_peg(ts_ns, order_id, price, out);
        }
        order_id
    }

    /// The price of a peg as things are; `None` where it has none.
    pub(super) fn peg_price(&self, request: &OrderRequest) -> Option<Ticks> {
        let OrderRequest { instrument, side, pricing, .. } = *request;
        let Pricing::Peg { to, offset, limit } = pricing else { return None };
        if self.listings[instrument as usize].phase != Phase::Continuous {
            return None;
        }
        let best = self.matcher.books().best_prices(instrument);
        let reference = match to {
            PegTo::Primary => best[side.index()]?,
            PegTo::Market => best[side.opposite().index()]?,
            PegTo::Midpoint => best[0]?.saturating_add(best[1]?).div_euclid(2),
        };
        let wanted = match side {
            Side::Buy => reference.saturating_add(offset),
            Side::Sell => reference.saturating_sub(offset),
        };
        let wanted = match to {
            PegTo::Midpoint => wanted,
            PegTo::Primary | PegTo::Market => self.rounded(instrument, side, wanted),
        };
        let capped = limit.filter(|&limit| side.betters(wanted, limit)).unwrap_or(wanted);
        let price = self.narrowed(instrument, side, capped);
        (price > 0 && price <= PRICE_MAX).then_some(price)
    }

    /// A parked peg goes to the book at its price, and rests there or is done.
    pub(super) fn send_peg(
        &mut self,
        ts_ns: TsNs,
        order_id: u64,
        price: Ticks,
        out: &mut impl MarketReports,
    ) {
        self.specials.change(order_id, |special| special.place = Place::Book);
        if let Some(&special) = self.specials.get(order_id)
            && !self.enter_known(ts_ns, &special, price, out)
        {
            self.specials.remove(order_id);
        }
    }

    /// Prices all pegs again after the displayed best prices changed; gives whether one moved.
    pub(super) fn reprice_pegs(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        out: &mut impl MarketReports,
    ) -> bool {
        if self.specials.counts(instrument).pegs == 0 {
            return false;
        }
        let best = self.matcher.books().best_prices(instrument);
        let listing = &mut self.listings[instrument as usize];
        if listing.best_seen == best {
            return false;
        }
        listing.best_seen = best;
        let last = self.matcher.order_id_last();
        let (mut from, mut has_moved) = (0, false);
        while let Some(order_id) = self.specials.next_in(List::Pegs(instrument), [0, from]) {
            if order_id > last {
                break;
            }
            from = order_id + 1;
            has_moved |= self.reprice_peg(ts_ns, order_id, out);
        }
        if self.matcher.books().best_prices(instrument) != best {
            // A peg that traded moved them under the others, which were priced by what stood then.
            self.listings[instrument as usize].best_seen = Listing::UNSEEN;
        }
        has_moved
    }

    fn reprice_peg(&mut self, ts_ns: TsNs, order_id: u64, out: &mut impl MarketReports) -> bool {
        let Some(&peg) = self.specials.get(order_id) else { return false };
        let price = self.peg_price(&peg.request);
        if self.matcher.standing(order_id).map(|order| order.price) == price {
            return false;
        }
        let order_id = self.restate_peg(&peg, price.unwrap_or(0), out);
        if let Some(price) = price {
            self.send_peg(ts_ns, order_id, price, out);
        }
        true
    }

    /// Parks a peg, wherever it is, under a new id; gives that.
    fn restate_peg(&mut self, peg: &Special, price: Ticks, out: &mut impl MarketReports) -> u64 {
        let old_order_id = peg.order_id;
        let standing = self.matcher.withdraw(old_order_id);
        let order_id = self.matcher.next_order_id();
        self.specials.change(old_order_id, |special| {
            special.order_id = order_id;
            special.place = Place::Parked;
            if let Some(order) = standing {
                special.request.qty = order.leaves;
                special.executed = order.executed;
            }
        });
        let OrderRequest { client, owner, instrument, side, qty, .. } = peg.request;
        out.restated(&Restated {
            old_order_id,
            order_id,
            client,
            price,
            leaves: standing.map_or(qty, |order| order.leaves),
            displayed: 0,
            owner,
            instrument,
            side,
            reason: RestateReason::Peg,
        });
        order_id
    }

    /// Parks all pegs of an instrument: nothing is matched any more.
    pub(super) fn park_pegs(&mut self, instrument: InstrumentId, out: &mut impl MarketReports) {
        self.listings[instrument as usize].best_seen = Listing::UNSEEN;
        let last = self.matcher.order_id_last();
        let mut from = 0;
        while let Some(order_id) = self.specials.next_in(List::Pegs(instrument), [0, from]) {
            if order_id > last {
                break;
            }
            from = order_id + 1;
            if let Some(&peg) = self.specials.get(order_id)
                && peg.place == Place::Book
            {
                self.restate_peg(&peg, 0, out);
            }
        }
    }

    /// A price on the tick table, no more aggressive than this one.
    fn rounded(&self, instrument: InstrumentId, side: Side, price: Ticks) -> Ticks {
        let table = &self.listings[instrument as usize].tick_table;
        match side {
            Side::Buy => at_or_below(table, price),
            Side::Sell => at_or_above(table, price),
        }
    }
}
