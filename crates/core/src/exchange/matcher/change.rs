// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What happens to resting orders of every kind: cancel, reduce, replace, another price, out of the
//! book without a word.

use super::entry::{Fault, fault};
use super::lifecycle::{reject, reject_unknown};
use super::matching::{Incoming, drop_remainder};
use super::seat::Seat;
use super::special::Form;
use super::{
    Amendment, Matcher, PRICE_MAX, Policy, QTY_MAX, Record, Replaced, Reports, Restated, Standing,
};
use crate::events::{
    CancelOrder, CancelReason, RejectReason, ReplaceOrder, RestateReason, Side, TimeInForce,
};
use crate::types::{InstrumentId, Lots, Ticks};

impl<P: Policy> Matcher<P> {
    #[cold]
    pub(super) fn cancel_special(
        &mut self,
        order_id: u64,
        reason: CancelReason,
        out: &mut impl Reports,
    ) -> bool {
        let Some(seat) = self.seat(order_id) else {
            reject_unknown(order_id, CancelOrder::KIND, 0, out);
            return false;
        };
        let leaves = self.standing_at(seat).leaves;
        self.cut(seat, leaves, reason, out);
        true
    }

    #[cold]
    pub(super) fn reduce_special(&mut self, order_id: u64, qty: Lots, out: &mut impl Reports) {
        let Some(seat) = self.seat(order_id) else {
            reject_unknown(order_id, CancelOrder::KIND, 0, out);
            return;
        };
        let order = self.standing_at(seat);
        let leaves = qty.saturating_sub(order.executed);
        if leaves < order.leaves {
            self.cut(seat, order.leaves - leaves, CancelReason::User, out);
        }
    }

    /// As [`Self::replace`], for every kind of order. It keeps what it shows, its size condition and
    /// its self-trade prevention; a displayed size or a minimum above the new remainder becomes that.
    /// With details that it cannot have, the original is cancelled or stays, as the amendment says.
    pub fn replace_with(
        &mut self,
        order_id: u64,
        client: u64,
        price: Ticks,
        qty: Lots,
        amendment: Amendment,
        out: &mut impl Reports,
    ) -> Option<u64> {
        let Some(seat) = self.seat(order_id) else {
            reject_unknown(order_id, ReplaceOrder::KIND, client, out);
            return None;
        };
        let old = self.standing_at(seat);
        if let Err(fault) = self.markets[old.instrument as usize].check_status() {
            reject(fault, ReplaceOrder::KIND, old.instrument, old.owner, client, out);
            return None;
        }
        let is_price = if old.flags & Record::PEG != 0 {
            price > 0 && price <= PRICE_MAX
        } else {
            self.allows(old.instrument, price)
        };
        if qty <= old.executed || qty > QTY_MAX {
            let bound = if qty > QTY_MAX { QTY_MAX } else { old.executed + 1 };
            let (value, bound) = (qty.cast_signed(), bound.cast_signed());
            let fault = fault(RejectReason::QtyInvalid, value, bound);
            return self.refuse(seat, client, fault, amendment, out);
        }
        if !is_price {
            let fault = fault(RejectReason::PriceInvalid, price, 0);
            return self.refuse(seat, client, fault, amendment, out);
        }
        let (leaves, slides) = (qty - old.executed, old.flags & Record::SLIDE != 0);
        let price = if old.flags & Record::POST_ONLY == 0 {
            price
        } else {
            match self.passive_price(old.instrument, old.side, price, leaves, slides) {
                Ok(price) => price,
                Err(fault) if slides => return self.refuse(seat, client, fault, amendment, out),
                Err(fault) => {
                    reject(fault, ReplaceOrder::KIND, old.instrument, old.owner, client, out);
                    return None;
                }
            }
        };
        Some(self.replace_checked(seat, &Standing { client, price, leaves, ..old }, amendment, out))
    }

    /// A replacement with details that the order at `seat` cannot have.
    fn refuse(
        &mut self,
        seat: Seat,
        client: u64,
        fault: Fault,
        amendment: Amendment,
        out: &mut impl Reports,
    ) -> Option<u64> {
        let Standing { instrument, owner, leaves, .. } = self.standing_at(seat);
        if amendment.keeps_original {
            reject(fault, ReplaceOrder::KIND, instrument, owner, client, out);
        } else {
            self.cut(seat, leaves, CancelReason::Replace, out);
        }
        None
    }

    /// Whether a replacement of a displayed order has a price and a quantity that it can have as they
    /// stand: it may then be refused for taking, and for nothing else of its details.
    #[must_use]
    pub fn is_sound(&self, order_id: u64, price: Ticks, qty: Lots) -> bool {
        self.find(order_id).is_some_and(|located| {
            let handle = located.handle();
            let Record { executed, flags, .. } = self.records[handle.index()];
            let instrument = self.books.terms(handle).instrument;
            flags & Record::SLIDE == 0
                && qty > executed
                && qty <= QTY_MAX
                && self.allows(instrument, price)
        })
    }

    /// Puts `new` in the place of the order at `seat`; its id is still the old one.
    fn replace_checked(
        &mut self,
        seat: Seat,
        new: &Standing,
        amendment: Amendment,
        out: &mut impl Reports,
    ) -> u64 {
        let mut form = self.form_of(seat, new);
        form.slice = form.slice.min(new.leaves);
        if form.minimum != Standing::ALL {
            form.minimum = form.minimum.min(new.leaves);
        }
        let arrival_mid2 = self.best(new.instrument).mid2();
        self.vacate(seat);
        let order_id = self.next_order_id();
        let mut incoming = Incoming::again(&Standing { order_id, arrival_mid2, ..*new });
        out.replaced(&Replaced {
            old_order_id: new.order_id,
            order_id,
            client: new.client,
            price: new.price,
            qty: new.leaves,
            owner: new.owner,
            instrument: new.instrument,
            side: new.side,
        });
        let is_fok = amendment.time_in_force == TimeInForce::Fok;
        let needed = if is_fok { new.leaves } else { form.minimum.min(new.leaves) };
        self.trade_special(&mut incoming, needed, out);
        match amendment.time_in_force {
            _ if incoming.leaves == 0 => {}
            TimeInForce::Fok => drop_remainder(&mut incoming, CancelReason::Fok, out),
            TimeInForce::Ioc => drop_remainder(&mut incoming, CancelReason::Ioc, out),
            _ => self.rest_special(&mut incoming, form, out),
        }
        order_id
    }

    fn form_of(&self, seat: Seat, order: &Standing) -> Form {
        let slice = match seat {
            Seat::Displayed(handle) if order.is_reserve() => self.reserves.slices[handle.index()],
            _ => 0,
        };
        Form::of(order, slice)
    }

    /// A hidden order gets another price, a new id and so a new place (report `restated`, peg), comes
    /// in at that price and rests hidden. Gives the new id; `None` when no such hidden order rests.
    ///
    /// # Panics
    /// When the price is not above 0 and at most [`PRICE_MAX`].
    pub fn reprice(&mut self, order_id: u64, price: Ticks, out: &mut impl Reports) -> Option<u64> {
        assert!(price > 0 && price <= PRICE_MAX, "the caller parks an order without a price");
        let seat = self.seat(order_id).filter(|seat| matches!(seat, Seat::Hidden(_)))?;
        let old = self.standing_at(seat);
        let form = self.form_of(seat, &old);
        self.vacate(seat);
        let order_id = self.next_order_id();
        let new = Standing { order_id, price, ..old };
        out.restated(&Restated {
            old_order_id: old.order_id,
            order_id,
            client: new.client,
            price,
            leaves: new.leaves,
            displayed: 0,
            owner: new.owner,
            instrument: new.instrument,
            side: new.side,
            reason: RestateReason::Peg,
        });
        let mut incoming = Incoming::again(&new);
        self.trade_special(&mut incoming, form.minimum.min(new.leaves), out);
        if incoming.leaves != 0 {
            self.rest_special(&mut incoming, form, out);
        }
        Some(order_id)
    }

    /// Takes a hidden order out of the book without a report, for a caller that keeps it elsewhere.
    pub fn withdraw(&mut self, order_id: u64) -> Option<Standing> {
        let seat = self.seat(order_id).filter(|seat| matches!(seat, Seat::Hidden(_)))?;
        let order = self.standing_at(seat);
        self.vacate(seat);
        Some(order)
    }

    /// Cancels all orders of an instrument, or of one side, that `is_hit` says; gives how many. Bids
    /// before asks, first to trade first.
    pub fn cancel_where(
        &mut self,
        instrument: InstrumentId,
        side: Option<Side>,
        reason: CancelReason,
        mut is_hit: impl FnMut(&Standing) -> bool,
        out: &mut impl Reports,
    ) -> u32 {
        let mut count = 0;
        for each in [Side::Buy, Side::Sell] {
            if side.is_some_and(|side| side != each) {
                continue;
            }
            let mut cursor = self.cursor(instrument, each);
            while let Some(seat) = self.advance(&mut cursor) {
                let order = self.standing_at(seat);
                if is_hit(&order) {
                    self.cut(seat, order.leaves, reason, out);
                    count += 1;
                }
            }
        }
        count
    }
}
