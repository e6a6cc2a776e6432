// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A new order: what it must satisfy, and where it goes.

use super::check::{Fault, check_until};
use super::special::{Place, Special};
use super::{
    Auction, Display, Life, Market, MarketReports, OrderRequest, PostOnly, Pricing, StpScope,
    reject,
};
use crate::events::{EnterOrder, Phase, RejectReason, StpMode};
use crate::exchange::{Accepted, Extras, NewOrder, PRICE_MAX};
use crate::types::{InstrumentId, Side, Ticks, TsNs};

impl OrderRequest {
    /// Whether it goes to the matcher as it is, in an instrument without rules of its own.
    #[inline]
    fn as_plain(&self) -> Option<NewOrder> {
        let is_known = self.is_plain()
            && self.owner != 0
            && (self.stp.scope == StpScope::Port || self.stp.mode == StpMode::Off)
            && match self.pricing {
                Pricing::Limit(_) => self.post_only == PostOnly::Off || self.life == Life::Day,
                Pricing::Market => self.life != Life::Fok && self.post_only == PostOnly::Off,
                Pricing::Peg { .. } => false,
            };
        is_known.then(|| self.as_new(self.limit_price().unwrap_or(0)))
    }

    /// The matcher's part of it, at a price (0: a market order).
    pub(super) fn as_new(&self, price: Ticks) -> NewOrder {
        NewOrder {
            client: self.client,
            price,
            qty: self.qty,
            min_qty: 0,
            owner: self.owner,
            instrument: self.instrument,
            side: self.side,
            order_type: self.order_type(),
            time_in_force: self.time_in_force(),
            post_only: self.post_only != PostOnly::Off,
            stp: self.stp.mode,
        }
    }

    /// The rest of it.
    pub(super) fn extras(&self, limit: Option<Ticks>) -> Extras {
        Extras {
            display: self.display,
            size: self.size,
            slide: self.post_only == PostOnly::Slide,
            stp_scope: self.stp.scope,
            limit,
            ..Extras::PLAIN
        }
    }

    /// What `accepted` says of it.
    fn accepted(&self, order_id: u64, price: Ticks) -> Accepted {
        Accepted {
            order_id,
            client: self.client,
            price,
            qty: self.qty,
            owner: self.owner,
            instrument: self.instrument,
            side: self.side,
            order_type: self.order_type(),
            time_in_force: self.time_in_force(),
            post_only: self.post_only != PostOnly::Off,
        }
    }
}

impl Market {
    /// Takes a new order; gives its id, unless it is refused. Time is that of the input, and never
    /// goes back.
    pub fn enter(
        &mut self,
        ts_ns: TsNs,
        request: &OrderRequest,
        out: &mut impl MarketReports,
    ) -> Option<u64> {
        self.expire(ts_ns, out);
        let instrument = request.instrument;
        let order_id = match (self.listing(instrument), request.as_plain()) {
            (Some(listing), Some(order)) if listing.is_plain() && !self.is_crowded() => {
                let (matcher, mut watch) = self.hear(ts_ns, instrument, out);
                matcher.enter(&order, &mut watch)
            }
            _ => self.enter_checked(ts_ns, request, out),
        };
        if order_id.is_some() {
            self.settle(ts_ns, instrument, out);
        }
        order_id
    }

    /// Whether there is no room for one more order that stays.
    #[inline]
    fn is_crowded(&self) -> bool {
        self.live_orders() >= self.config.matcher.books.orders_max
    }

    fn enter_checked(
        &mut self,
        ts_ns: TsNs,
        request: &OrderRequest,
        out: &mut impl MarketReports,
    ) -> Option<u64> {
        if let Err(fault) = self.check(ts_ns, request) {
            let OrderRequest { instrument, owner, client, .. } = *request;
            reject(fault, EnterOrder::KIND, instrument, owner, client, out);
            return None;
        }
        if request.auction != Auction::None {
            return Some(self.set_aside(request, Place::Aside, 0, out));
        }
        if request.stop.is_some() {
            return Some(self.enter_stop(request, out));
        }
        if request.is_peg() {
            return Some(self.enter_peg(ts_ns, request, out));
        }
        self.enter_book(ts_ns, request, out)
    }

    /// An order for the book.
    fn enter_book(
        &mut self,
        ts_ns: TsNs,
        request: &OrderRequest,
        out: &mut impl MarketReports,
    ) -> Option<u64> {
        let price = self.priced(request);
        let extras = request.extras(self.worst(request));
        let (matcher, mut watch) = self.hear(ts_ns, request.instrument, out);
        let order_id = matcher.enter_with(&request.as_new(price), &extras, &mut watch)?;
        if request.outlives_the_day() && self.matcher.standing(order_id).is_some() {
            let request = *request;
            self.specials.insert(Special { order_id, request, executed: 0, place: Place::Book });
        }
        Some(order_id)
    }

    /// Says that an order is taken that stands outside of the book, and keeps it there.
    pub(super) fn set_aside(
        &mut self,
        request: &OrderRequest,
        place: Place,
        price: Ticks,
        out: &mut impl MarketReports,
    ) -> u64 {
        let order_id = self.matcher.next_order_id();
        let price = if request.is_peg() { price } else { request.limit_price().unwrap_or(0) };
        out.accepted(&request.accepted(order_id, price));
        self.specials.insert(Special { order_id, request: *request, executed: 0, place });
        order_id
    }

    /// An order outside of the book goes to the book as an incoming one, under an id just given; gives
    /// whether it rests. What it says has been checked.
    pub(super) fn enter_known(
        &mut self,
        ts_ns: TsNs,
        special: &Special,
        price: Ticks,
        out: &mut impl MarketReports,
    ) -> bool {
        let Special { order_id, request, executed, .. } = *special;
        let limit = self.worst(&request);
        let extras = Extras { order_id, executed, ..request.extras(limit) };
        let (matcher, mut watch) = self.hear(ts_ns, request.instrument, out);
        matcher.enter_with(&request.as_new(price), &extras, &mut watch);
        self.matcher.standing(order_id).is_some()
    }

    /// The price an order is taken at: its limit, narrowed by the bands; 0 for a market order.
    pub(super) fn priced(&self, request: &OrderRequest) -> Ticks {
        let Some(price) = request.limit_price() else { return 0 };
        self.narrowed(request.instrument, request.side, price)
    }

    /// A price within the bands, where they hold.
    pub(super) fn narrowed(&self, instrument: InstrumentId, side: Side, price: Ticks) -> Ticks {
        let listing = &self.listings[instrument as usize];
        match listing.bands.worst(side) {
            Some(worst) if listing.phase == Phase::Continuous && side.betters(price, worst) => {
                worst
            }
            _ => price,
        }
    }

    /// How far a market order goes: the collar, and the bands.
    fn worst(&self, request: &OrderRequest) -> Option<Ticks> {
        let OrderRequest { instrument, side, pricing, .. } = *request;
        if pricing != Pricing::Market {
            return None;
        }
        let listing = &self.listings[instrument as usize];
        let collar = listing.rules.collar;
        let best = self.matcher.best_price(instrument, side.opposite()).filter(|_| collar > 0);
        let through = best.map(|best| match side {
            Side::Buy => best.saturating_add(collar),
            Side::Sell => best.saturating_sub(collar),
        });
        match (through, listing.bands.worst(side)) {
            (Some(price), Some(worst)) if side.betters(price, worst) => Some(worst),
            (None, worst) => worst,
            (price, _) => price,
        }
    }

    /// Says what is wrong with a new order, if anything is.
    fn check(&self, ts_ns: TsNs, request: &OrderRequest) -> Result<(), Fault> {
        let instrument = request.instrument;
        let unknown = || Fault::new(RejectReason::InstrumentUnknown, i64::from(instrument), 0);
        let listing = self.listing(instrument).ok_or_else(unknown)?;
        request.check_fields()?;
        request.check_qty()?;
        self.check_prices(request)?;
        request.check_phase(listing.phase)?;
        check_until(ts_ns, request.life)?;
        self.check_room(request)
    }

    pub(super) fn check_prices(&self, request: &OrderRequest) -> Result<(), Fault> {
        let invalid = |price| Err(Fault::new(RejectReason::PriceInvalid, price, 0));
        let listing = &self.listings[request.instrument as usize];
        for price in [request.limit_price(), request.stop].into_iter().flatten() {
            if !listing.allows(price) {
                return invalid(price);
            }
        }
        match request.pricing {
            Pricing::Peg { offset, .. } if !(-PRICE_MAX..=PRICE_MAX).contains(&offset) => {
                invalid(offset)
            }
            _ => Ok(()),
        }
    }

    /// Refuses an order that stays where there is no room for it, now or when its time comes.
    fn check_room(&self, request: &OrderRequest) -> Result<(), Fault> {
        let full = |limit: u32| {
            Err(Fault::new(RejectReason::Capacity, i64::from(limit), i64::from(limit)))
        };
        let orders_max = self.config.matcher.books.orders_max;
        let stays = request.rests() || request.stop.is_some() || request.auction != Auction::None;
        if stays && self.live_orders() >= orders_max {
            return full(orders_max);
        }
        let hidden_max = self.config.matcher.hidden_orders_max;
        let is_hidden = stays && request.display == Display::Hidden;
        let hidden = self.matcher.live_orders() - self.matcher.books().live_orders();
        if is_hidden && hidden + self.specials.parked() >= hidden_max {
            return full(hidden_max);
        }
        if request.is_special() && self.specials.is_full() {
            return full(self.specials.specials_max());
        }
        let conditioned_max = self.config.matcher.conditioned_max;
        if stays && request.has_size_condition() {
            let parked = self.specials.counts(request.instrument).conditioned;
            if self.matcher.conditioned(request.instrument) + parked >= conditioned_max {
                return full(conditioned_max);
            }
        }
        Ok(())
    }
}
