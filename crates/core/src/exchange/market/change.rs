// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Replacing an order: priority is always lost. Source: docs/internals/market.md, 13.

use super::check::{Fault, check_until};
use super::special::{Place, Special};
use super::{
    Life, Market, MarketReports, OrderRequest, PostOnly, Pricing, Replacement, reject,
    reject_unknown,
};
use crate::events::{CancelReason, Phase, RejectReason, ReplaceOrder, TimeInForce};
use crate::exchange::{Amendment, QTY_MAX, Replaced, Standing};
use crate::types::{InstrumentId, Lots, TsNs};

impl Market {
    /// Replaces an order; gives the replacement's id if it was taken.
    ///
    /// Not above what has executed, or with a price, quantity or life that it cannot have, the original
    /// is cancelled, or stays where the replacement says so; refused by a rule of the market (halted,
    /// no room, post-only), it stays in any case.
    pub fn replace(
        &mut self,
        ts_ns: TsNs,
        order_id: u64,
        change: &Replacement,
        out: &mut impl MarketReports,
    ) -> Option<u64> {
        self.expire(ts_ns, out);
        if let Some(instrument) = self.plain_change(order_id, change) {
            let (matcher, mut watch) = self.hear(ts_ns, instrument, out);
            let (client, price, qty) = (change.client, change.price, change.qty);
            let new_order_id = matcher.replace(order_id, client, price, qty, &mut watch);
            self.settle(ts_ns, instrument, out);
            return new_order_id;
        }
        let standing = self.matcher.standing(order_id);
        let special = self.specials.get(order_id).copied();
        let (instrument, new_order_id) = match (standing, special) {
            (None, None) => {
                reject_unknown(order_id, ReplaceOrder::KIND, change.client, out);
                return None;
            }
            (Some(order), Some(mut peg)) if peg.request.is_peg() => {
                peg.request.qty = order.leaves;
                peg.executed = order.executed;
                (order.instrument, self.replace_special(ts_ns, &peg, change, out))
            }
            (None, Some(special)) => {
                let instrument = special.request.instrument;
                (instrument, self.replace_special(ts_ns, &special, change, out))
            }
            (Some(order), kept) => {
                (order.instrument, self.replace_resting(ts_ns, &order, kept.as_ref(), change, out))
            }
        };
        self.settle(ts_ns, instrument, out);
        new_order_id
    }

    /// The instrument of a displayed order whose replacement the matcher can do as it is.
    #[inline]
    fn plain_change(&self, order_id: u64, change: &Replacement) -> Option<InstrumentId> {
        let books = self.matcher.books();
        let instrument = books.terms(books.handle(order_id)?).instrument;
        let is_plain = change.life.is_none()
            && self.listings[instrument as usize].is_plain()
            && self.specials.counts(instrument).all == 0
            && (!change.keeps_original
                || self.matcher.is_sound(order_id, change.price, change.qty));
        is_plain.then_some(instrument)
    }

    /// Refuses a replacement that the phase does not take.
    fn check_replace(
        &self,
        instrument: InstrumentId,
        life: Life,
        is_post_only: bool,
    ) -> Result<(), Fault> {
        let phase = self.listings[instrument as usize].phase;
        let is_taken = match phase {
            Phase::Closed | Phase::Halted => false,
            Phase::Continuous => true,
            Phase::PreOpen
            | Phase::OpeningAuction
            | Phase::VolatilityAuction
            | Phase::ClosingAuction => !matches!(life, Life::Ioc | Life::Fok) && !is_post_only,
        };
        if is_taken {
            return Ok(());
        }
        let (found, wanted) = (i64::from(phase.raw()), i64::from(Phase::Continuous.raw()));
        Err(Fault::new(RejectReason::NotTrading, found, wanted))
    }

    /// An order in the book that is not a peg.
    fn replace_resting(
        &mut self,
        ts_ns: TsNs,
        order: &Standing,
        kept: Option<&Special>,
        change: &Replacement,
        out: &mut impl MarketReports,
    ) -> Option<u64> {
        let Standing { instrument, side, owner, order_id, .. } = *order;
        let old_life = kept.map_or(Life::Day, |special| special.request.life);
        let life = change.life.unwrap_or(old_life);
        let is_kept = matches!(life, Life::Gtc | Life::Until(_));
        let checked = self.check_replace(instrument, life, order.is_post_only()).and_then(|()| {
            let is_full = is_kept && kept.is_none() && self.specials.is_full();
            let limit = i64::from(self.specials.specials_max());
            if is_full { Err(Fault::new(RejectReason::Capacity, limit, limit)) } else { Ok(()) }
        });
        if let Err(fault) = checked {
            reject(fault, ReplaceOrder::KIND, instrument, owner, change.client, out);
            return None;
        }
        if let Err(fault) = self.check_details(ts_ns, order, life, change) {
            if change.keeps_original {
                reject(fault, ReplaceOrder::KIND, instrument, owner, change.client, out);
            } else {
                self.cancel_resting(ts_ns, order_id, instrument, CancelReason::Replace, out);
            }
            return None;
        }
        let price = self.narrowed(instrument, side, change.price);
        let amendment = Amendment {
            time_in_force: match life {
                Life::Ioc => TimeInForce::Ioc,
                Life::Fok => TimeInForce::Fok,
                Life::Day | Life::Gtc | Life::Until(_) => TimeInForce::Day,
            },
            keeps_original: change.keeps_original,
        };
        let (matcher, mut watch) = self.hear(ts_ns, instrument, out);
        let Replacement { client, qty, .. } = *change;
        let new_order_id =
            matcher.replace_with(order_id, client, price, qty, amendment, &mut watch)?;
        self.keep_life(new_order_id, kept, life);
        Some(new_order_id)
    }

    /// Says what is wrong with what a replacement makes of an order in the book, if anything is.
    fn check_details(
        &self,
        ts_ns: TsNs,
        order: &Standing,
        life: Life,
        change: &Replacement,
    ) -> Result<(), Fault> {
        check_total(change.qty, order.executed)?;
        if order.is_post_only() && matches!(life, Life::Ioc | Life::Fok) {
            return Err(Fault::new(RejectReason::FieldInvalid, 0, 0));
        }
        if !self.listings[order.instrument as usize].allows(change.price) {
            return Err(Fault::new(RejectReason::PriceInvalid, change.price, 0));
        }
        check_until(ts_ns, life)
    }

    /// Keeps in mind how long a replaced order lives, where that is longer than the day.
    fn keep_life(&mut self, order_id: u64, kept: Option<&Special>, life: Life) {
        let Some(order) = self.matcher.standing(order_id) else { return };
        if !matches!(life, Life::Gtc | Life::Until(_)) {
            self.specials.remove(order_id);
        } else if kept.is_some() {
            self.specials.change(order_id, |special| special.request.life = life);
        } else {
            let Standing { instrument, owner, side, price, leaves, client, .. } = order;
            let plain = OrderRequest::limit(instrument, owner, side, price, leaves);
            let request = OrderRequest { client, life, ..plain };
            self.specials.insert(Special { order_id, request, executed: 0, place: Place::Book });
        }
    }

    /// A peg, or an order outside of the book; `qty` and `executed` of `old` are as they stand.
    fn replace_special(
        &mut self,
        ts_ns: TsNs,
        old: &Special,
        change: &Replacement,
        out: &mut impl MarketReports,
    ) -> Option<u64> {
        let OrderRequest { instrument, owner, .. } = old.request;
        let life = change.life.unwrap_or(old.request.life);
        let is_waiting = !old.request.is_peg();
        let checked_life = if is_waiting { Life::Day } else { life };
        if let Err(fault) = self.check_replace(instrument, checked_life, false) {
            reject(fault, ReplaceOrder::KIND, instrument, owner, change.client, out);
            return None;
        }
        let request = match self.replaced_request(ts_ns, old, change) {
            Ok(request) => request,
            Err(fault) if change.keeps_original => {
                reject(fault, ReplaceOrder::KIND, instrument, owner, change.client, out);
                return None;
            }
            Err(_) => {
                self.cancel_live(ts_ns, old.order_id, CancelReason::Replace, out);
                return None;
            }
        };
        self.matcher.withdraw(old.order_id);
        self.specials.remove(old.order_id);
        let order_id = self.matcher.next_order_id();
        let place = match old.place {
            Place::Aside => Place::Aside,
            Place::Waiting | Place::Reached => self.stop_place(&request),
            Place::Book | Place::Parked => Place::Parked,
        };
        let peg_price = self.peg_price(&request);
        let price = if request.is_peg() { peg_price } else { request.limit_price() };
        out.replaced(&Replaced {
            old_order_id: old.order_id,
            order_id,
            client: change.client,
            price: price.unwrap_or(0),
            qty: request.qty,
            owner,
            instrument,
            side: request.side,
        });
        self.specials.insert(Special { order_id, request, executed: old.executed, place });
        if let Some(price) = peg_price {
            self.send_peg(ts_ns, order_id, price, out);
        }
        Some(order_id)
    }

    /// What an order outside of the book, or a peg, asks for after a change, if it can.
    fn replaced_request(
        &self,
        ts_ns: TsNs,
        old: &Special,
        change: &Replacement,
    ) -> Result<OrderRequest, Fault> {
        check_total(change.qty, old.executed)?;
        let qty = change.qty - old.executed;
        let limit = Some(change.price).filter(|&price| price != 0);
        let pricing = match (old.request.pricing, limit) {
            (Pricing::Peg { to, offset, .. }, limit) => Pricing::Peg { to, offset, limit },
            (Pricing::Limit(_) | Pricing::Market, Some(price)) => Pricing::Limit(price),
            (Pricing::Limit(_) | Pricing::Market, None) => Pricing::Market,
        };
        let request = OrderRequest {
            client: change.client,
            qty,
            pricing,
            stop: old.request.stop.map(|stop| change.stop.unwrap_or(stop)),
            size: old.request.size.capped(qty),
            life: change.life.unwrap_or(old.request.life),
            ..old.request
        };
        debug_assert_eq!(request.post_only, PostOnly::Off, "none of these may be post-only");
        request.check_fields()?;
        self.check_prices(&request)?;
        check_until(ts_ns, request.life)?;
        Ok(request)
    }
}

/// Refuses a new total that leaves nothing to do, or that no order has.
fn check_total(qty: Lots, executed: Lots) -> Result<(), Fault> {
    let bound = match qty {
        ..=QTY_MAX if qty > executed => return Ok(()),
        ..=QTY_MAX => executed + 1,
        _ => QTY_MAX,
    };
    Err(Fault::new(RejectReason::QtyInvalid, qty.cast_signed(), bound.cast_signed()))
}
