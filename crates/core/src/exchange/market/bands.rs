// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Price bands around a reference price, and the limit state. Source: docs/internals/market.md, 12.

use super::listing::{Bands, Listing};
use super::price::{at_or_above, at_or_below};
use super::{BandsReport, Market, MarketReports};
use crate::events::{CancelReason, Phase};
use crate::types::{InstrumentId, Side, TickTable, Ticks, TsNs};

const UPDATE_NS: TsNs = 30_000_000_000;
const LIMIT_NS: TsNs = 15_000_000_000;
const PART: i128 = 10_000;

/// The prices so many basis points below and above one: the lower rounded up to the tick table, the
/// upper down.
pub(super) fn width(table: &TickTable, price: Ticks, bps: u32) -> (Ticks, Ticks) {
    let (price, bps) = (i128::from(price), i128::from(bps));
    let lower = (price * (PART - bps)).max(PART);
    let lower = (lower + PART - 1).div_euclid(PART);
    let upper = (price * (PART + bps)).div_euclid(PART);
    let ticks = |price: i128| Ticks::try_from(price).unwrap_or(Ticks::MAX);
    (at_or_above(table, ticks(lower)), at_or_below(table, ticks(upper)))
}

impl Bands {
    pub(super) fn report(&self, instrument: InstrumentId) -> BandsReport {
        BandsReport {
            instrument,
            reference: self.reference,
            lower: self.lower,
            upper: self.upper,
            limit_side: self.limit.map(|(side, _)| side),
        }
    }
}

impl Market {
    /// Puts the bands around a reference price. What rests outside of them is cancelled.
    pub(super) fn set_bands(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        reference: Ticks,
        out: &mut impl MarketReports,
    ) {
        let listing = &mut self.listings[instrument as usize];
        let reference = at_or_below(&listing.tick_table, reference);
        if listing.rules.band_bps == 0 || reference <= 0 {
            return;
        }
        let (lower, upper) = width(&listing.tick_table, reference, listing.rules.band_bps);
        let limit = listing.bands.limit;
        listing.bands = Bands { reference, lower, upper, updated_ns: ts_ns, limit };
        out.bands(&listing.bands.report(instrument));
        self.enforce_bands(ts_ns, instrument, out);
    }

    /// In continuous trading nothing stands beyond the bands: pegs, which they cap, are priced again,
    /// all others are cancelled.
    pub(super) fn enforce_bands(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        out: &mut impl MarketReports,
    ) {
        let listing = &mut self.listings[instrument as usize];
        if listing.phase == Phase::Continuous && listing.bands.reference != 0 {
            listing.best_seen = Listing::UNSEEN;
            self.cancel_beyond(ts_ns, instrument, out);
        }
    }

    /// An instrument's reference price becomes this one, in ticks, until something trades; its bands are
    /// put around it.
    pub fn set_reference(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        price: Ticks,
        out: &mut impl MarketReports,
    ) {
        self.expire(ts_ns, out);
        if self.listing(instrument).is_some() && price > 0 {
            self.listings[instrument as usize].reference = price;
            self.set_bands(ts_ns, instrument, price, out);
            self.settle(ts_ns, instrument, out);
        }
    }

    /// Takes the bands away: the day is over.
    pub(super) fn clear_bands(&mut self, instrument: InstrumentId, out: &mut impl MarketReports) {
        let listing = &mut self.listings[instrument as usize];
        listing.first_price = 0;
        if let Some(recent) = &mut listing.recent {
            recent.clear();
        }
        if listing.bands.reference != 0 {
            listing.bands = Bands::default();
            out.bands(&listing.bands.report(instrument));
        }
    }

    /// Cancels what rests beyond the bands, bids before asks, first to trade first. Pegs follow them.
    fn cancel_beyond(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        out: &mut impl MarketReports,
    ) {
        self.ids.clear();
        for side in [Side::Buy, Side::Sell] {
            let Some(worst) = self.listings[instrument as usize].bands.worst(side) else {
                continue;
            };
            let all = self.matcher.standings(instrument, side);
            let beyond = all.take_while(|order| side.betters(order.price, worst));
            self.ids.extend(beyond.map(|order| order.order_id));
        }
        for index in 0..self.ids.len() {
            let order_id = self.ids[index];
            let is_peg = self.specials.get(order_id).is_some_and(|each| each.request.is_peg());
            if !is_peg {
                self.cancel_resting(ts_ns, order_id, instrument, CancelReason::Collar, out);
            }
        }
    }

    /// After a command: the first trade sets the bands; an order at a band begins the limit state, its
    /// end ends it.
    pub(super) fn watch_bands(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        out: &mut impl MarketReports,
    ) -> bool {
        let listing = &self.listings[instrument as usize];
        if listing.rules.band_bps == 0 {
            return false;
        }
        if listing.bands.reference == 0 && listing.first_price != 0 {
            let price = listing.first_price;
            self.set_bands(ts_ns, instrument, price, out);
            return true;
        }
        self.watch_limit(ts_ns, instrument, out);
        false
    }

    fn watch_limit(&mut self, ts_ns: TsNs, instrument: InstrumentId, out: &mut impl MarketReports) {
        let [bid, ask] = self.matcher.books().best_prices(instrument);
        let listing = &mut self.listings[instrument as usize];
        let bands = &mut listing.bands;
        let side = if listing.phase != Phase::Continuous || bands.reference == 0 {
            None
        } else if bid == Some(bands.upper) {
            Some(Side::Buy)
        } else if ask == Some(bands.lower) {
            Some(Side::Sell)
        } else {
            None
        };
        if side != bands.limit.map(|(side, _)| side) {
            bands.limit = side.map(|side| (side, ts_ns));
            out.bands(&bands.report(instrument));
        }
    }

    /// At a clock tick: moves the bands to the mean price of the last minutes, or ends a limit state
    /// that has lasted.
    pub(super) fn tick_bands(
        &mut self,
        ts_ns: TsNs,
        instrument: InstrumentId,
        out: &mut impl MarketReports,
    ) {
        let listing = &self.listings[instrument as usize];
        let bands = listing.bands;
        if bands.reference == 0 || listing.phase != Phase::Continuous {
            return;
        }
        if let Some((_, since_ns)) = bands.limit
            && ts_ns.saturating_sub(since_ns) >= LIMIT_NS
        {
            self.change_phase(ts_ns, instrument, Phase::VolatilityAuction, out);
            return;
        }
        if ts_ns.saturating_sub(bands.updated_ns) < UPDATE_NS {
            return;
        }
        let mean = listing.recent.as_ref().and_then(|recent| recent.mean(ts_ns));
        if let Some(mean) = mean
            && i128::from(mean.abs_diff(bands.reference)) * 100 >= i128::from(bands.reference)
        {
            self.set_bands(ts_ns, instrument, mean, out);
            self.settle(ts_ns, instrument, out);
        }
    }
}
