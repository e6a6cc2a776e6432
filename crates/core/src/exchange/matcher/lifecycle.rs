// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a command does to an order: enter, cancel, reduce, replace, cancel all of an owner.

use super::entry::{Best, Fault, check_fields};
use super::matching::{Incoming, drop_remainder};
use super::{
    Accepted, Amendment, Canceled, Command, Extras, MARKET, Market, Matcher, NewOrder, Policy,
    QTY_MAX, Record, Rejected, Replaced, Reports,
};
use crate::book::Handle;
use crate::events::{
    CancelReason, EnterOrder, OrderType, RejectReason, ReplaceOrder, Side, StpMode, TimeInForce,
};
use crate::types::{InstrumentId, Lots, Ticks};

impl<P: Policy> Matcher<P> {
    /// Does what a command says.
    #[inline]
    pub fn apply(&mut self, command: &Command, out: &mut impl Reports) {
        match *command {
            Command::Enter(ref order) => {
                self.enter(order, out);
            }
            Command::Cancel { order_id, reason } => {
                self.cancel(order_id, reason, out);
            }
            Command::Reduce { order_id, qty } => self.reduce(order_id, qty, out),
            Command::Replace { order_id, client, price, qty } => {
                self.replace(order_id, client, price, qty, out);
            }
            Command::CancelOwner { owner, instrument, reason } => {
                self.cancel_owner(owner, instrument, reason, out);
            }
            Command::SetStatus { instrument, status } => self.set_status(instrument, status),
        }
    }

    /// Takes a new order; gives its id, unless it is rejected.
    #[inline]
    pub fn enter(&mut self, order: &NewOrder, out: &mut impl Reports) -> Option<u64> {
        if !P::REPLAYED && self.is_special_entry(order) {
            return self.enter_long(order, out);
        }
        let best = self.best(order.instrument);
        if let Err(fault) = self.check_entry(order, best) {
            let (owner, client) = (order.owner, order.client);
            reject(fault, EnterOrder::KIND, order.instrument, owner, client, out);
            return None;
        }
        let mut incoming = self.incoming(order, best);
        let order_id = incoming.order_id;
        out.accepted(&Accepted {
            order_id,
            client: order.client,
            price: order.price,
            qty: order.qty,
            owner: order.owner,
            instrument: order.instrument,
            side: order.side,
            order_type: order.order_type,
            time_in_force: order.time_in_force,
            post_only: order.post_only,
        });
        let is_met = order.time_in_force == TimeInForce::Day || self.is_met(order, &incoming);
        if is_met && best.is_reached(incoming.side, incoming.limit) {
            self.take(&mut incoming, out);
        }
        let rests = order.order_type == OrderType::Limit && order.time_in_force == TimeInForce::Day;
        if incoming.leaves != 0 && rests {
            self.rest(&mut incoming, out);
        } else if incoming.leaves != 0 {
            let is_fok = order.time_in_force == TimeInForce::Fok;
            let reason = if is_fok { CancelReason::Fok } else { CancelReason::Ioc };
            drop_remainder(&mut incoming, reason, out);
        }
        Some(order_id)
    }

    /// As [`Self::enter`], where plain matching is not enough; what it takes is the same.
    #[cold]
    #[inline(never)]
    fn enter_long(&mut self, order: &NewOrder, out: &mut impl Reports) -> Option<u64> {
        let NewOrder { instrument, owner, client, .. } = *order;
        if self.market(instrument).is_some()
            && let Err(fault) = check_fields::<P>(order)
        {
            reject(fault, EnterOrder::KIND, instrument, owner, client, out);
            return None;
        }
        self.enter_with(order, &Extras::PLAIN, out)
    }

    /// Whether plain matching is not enough for an order.
    #[inline]
    fn is_special_entry(&self, order: &NewOrder) -> bool {
        let market = self.markets.get(order.instrument as usize);
        market.is_some_and(Market::is_special) || order.stp.raw() > StpMode::CancelNewest.raw()
    }

    /// Whether as much would trade at once as the order wants at least.
    #[inline]
    fn is_met(&self, order: &NewOrder, incoming: &Incoming) -> bool {
        let is_fok = order.time_in_force == TimeInForce::Fok;
        let needed = if is_fok { order.qty } else { order.min_qty };
        needed == 0 || self.can_fill(incoming, needed)
    }

    #[inline]
    fn incoming(&mut self, order: &NewOrder, best: Best) -> Incoming {
        self.order_id_last += 1;
        let stp = if order.stp == StpMode::CancelNewest { Record::STP } else { 0 };
        let limit = match (order.order_type, order.side) {
            (OrderType::Market, Side::Buy) => Ticks::MAX,
            (OrderType::Market, Side::Sell) => Ticks::MIN,
            _ => order.price,
        };
        Incoming {
            order_id: self.order_id_last,
            client: order.client,
            price: order.price,
            limit,
            leaves: order.qty,
            executed: 0,
            arrival_mid2: best.mid2(),
            owner: order.owner,
            instrument: order.instrument,
            side: order.side,
            flags: stp | if order.post_only { Record::POST_ONLY } else { 0 },
        }
    }

    /// Cancels what is left of an order; false when no such order rests.
    #[inline]
    pub fn cancel(&mut self, order_id: u64, reason: CancelReason, out: &mut impl Reports) -> bool {
        match self.find(order_id) {
            Some(located) if !self.is_special_order(located.handle()) => {
                self.cancel_located(located, order_id, reason, out);
                true
            }
            _ => self.cancel_special(order_id, reason, out),
        }
    }

    /// Shrinks an order in place to `qty`, the new intended size, the executed part included; 0
    /// cancels all. Ignored where it would not shrink. Source: Nasdaq OUCH 5.0, Cancel Order.
    #[inline]
    pub fn reduce(&mut self, order_id: u64, qty: Lots, out: &mut impl Reports) {
        let Some(located) = self.find(order_id) else {
            self.reduce_special(order_id, qty, out);
            return;
        };
        let handle = located.handle();
        if self.is_special_order(handle) {
            self.reduce_special(order_id, qty, out);
            return;
        }
        let order = self.books.terms(handle);
        let record = self.records[handle.index()];
        let leaves = qty.saturating_sub(record.executed);
        if leaves == 0 {
            self.cancel_located(located, order_id, CancelReason::User, out);
        } else if leaves < order.qty {
            let taken_off = order.qty - leaves;
            out.canceled(&Canceled {
                order_id,
                client: record.client,
                qty: taken_off,
                leaves,
                displayed: taken_off,
                owner: record.owner,
                instrument: order.instrument,
                reason: CancelReason::User,
                rested: true,
            });
            self.books.fill(handle, taken_off);
        }
    }

    /// Replaces an order; gives the replacement's id if it was taken. `qty` is the new total over the
    /// chain, the executed part included. Priority is lost, whatever changed.
    ///
    /// Not above what has executed, or with a price or quantity that is not allowed, the original is
    /// cancelled; refused for a reason of the market (halted, post-only), it stays.
    /// Source: Nasdaq OUCH 5.0, Replace Order.
    #[inline]
    pub fn replace(
        &mut self,
        order_id: u64,
        client: u64,
        price: Ticks,
        qty: Lots,
        out: &mut impl Reports,
    ) -> Option<u64> {
        let Some(located) = self.find(order_id) else {
            return self.replace_with(order_id, client, price, qty, Amendment::PLAIN, out);
        };
        let old = self.books.terms(located.handle());
        let record = self.records[located.handle().index()];
        if !P::REPLAYED
            && (record.flags & Record::SPECIAL != 0
                || self.markets[old.instrument as usize].is_special())
        {
            return self.replace_with(order_id, client, price, qty, Amendment::PLAIN, out);
        }
        let best = self.best(old.instrument);
        if let Err(fault) = self.markets[old.instrument as usize].check_status() {
            reject(fault, ReplaceOrder::KIND, old.instrument, record.owner, client, out);
            return None;
        }
        let is_good = qty > record.executed && qty <= QTY_MAX;
        if !(is_good && self.allows(old.instrument, price)) {
            self.cancel_located(located, order_id, CancelReason::Replace, out);
            return None;
        }
        if record.flags & Record::POST_ONLY != 0
            && let Err(fault) = best.check_post_only(old.side, price)
        {
            reject(fault, ReplaceOrder::KIND, old.instrument, record.owner, client, out);
            return None;
        }
        self.order_id_last += 1;
        let mut incoming = Incoming {
            order_id: self.order_id_last,
            client,
            price,
            limit: price,
            leaves: qty - record.executed,
            executed: record.executed,
            arrival_mid2: best.mid2(),
            owner: record.owner,
            instrument: old.instrument,
            side: old.side,
            flags: record.flags,
        };
        out.replaced(&Replaced {
            old_order_id: order_id,
            order_id: incoming.order_id,
            client,
            price,
            qty: incoming.leaves,
            owner: record.owner,
            instrument: old.instrument,
            side: old.side,
        });
        if best.is_reached(old.side, price) {
            self.leave(located, &old);
            self.take(&mut incoming, out);
            if incoming.leaves != 0 {
                self.rest(&mut incoming, out);
            }
        } else {
            self.rest_instead(located, &old, &mut incoming, out);
        }
        Some(incoming.order_id)
    }

    /// Whether plain matching is not enough for a displayed order.
    #[inline]
    fn is_special_order(&self, handle: Handle) -> bool {
        !P::REPLAYED && self.records[handle.index()].flags & Record::RESERVE != 0
    }

    /// Cancels every order of an owner, in one instrument or (0) in all; gives how many. In the order
    /// of instruments, bids before asks, first to trade first.
    pub fn cancel_owner(
        &mut self,
        owner: u32,
        instrument: InstrumentId,
        reason: CancelReason,
        out: &mut impl Reports,
    ) -> u32 {
        if owner == MARKET || self.live_orders() == 0 {
            return 0;
        }
        if instrument != 0 {
            return self.cancel_owner_in(owner, instrument, reason, out);
        }
        let all = 1..=self.config.books.instruments_max;
        all.map(|each| self.cancel_owner_in(owner, each, reason, out)).sum()
    }

    fn cancel_owner_in(
        &mut self,
        owner: u32,
        instrument: InstrumentId,
        reason: CancelReason,
        out: &mut impl Reports,
    ) -> u32 {
        if self.market(instrument).is_some_and(Market::is_special) {
            return self.cancel_where(instrument, None, reason, |order| order.owner == owner, out);
        }
        let mut count = 0;
        for side in [Side::Buy, Side::Sell] {
            let mut next = self.own_front(instrument, side);
            while let Some(handle) = next {
                next = self.own_next(handle);
                if self.books.view(handle).owner == owner {
                    self.cancel_resting(handle, reason, out);
                    count += 1;
                }
            }
        }
        count
    }
}

#[cold]
pub(super) fn reject_unknown(order_id: u64, command: u16, client: u64, out: &mut impl Reports) {
    let value = order_id.cast_signed();
    let fault = Fault { reason: RejectReason::OrderUnknown, value, bound: 0 };
    reject(fault, command, 0, 0, client, out);
}

#[cold]
pub(super) fn reject(
    Fault { reason, value, bound }: Fault,
    command: u16,
    instrument: InstrumentId,
    owner: u32,
    client: u64,
    out: &mut impl Reports,
) {
    out.rejected(&Rejected { client, value, bound, owner, instrument, reason, command });
}
