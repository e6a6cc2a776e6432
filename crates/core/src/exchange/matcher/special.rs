// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Orders of every kind on their way in: hidden, reserve, with a size condition, post-only that
//! slides, with any self-trade prevention; and in a market that shares by size or does not match.
//!
//! Plain orders in a plain market do not come here: see [`Matcher::enter`].

use super::entry::{Fault, check_qty, fault};
use super::lifecycle::reject;
use super::matching::{Incoming, drop_remainder};
use super::self_trade::flags_of;
use super::{
    Accepted, Extras, MARKET, Market, Matcher, NewOrder, PRICE_MAX, Policy, Record, Reports,
    Rested, Standing,
};
use crate::events::{CancelReason, EnterOrder, OrderType, RejectReason, Side, TimeInForce};
use crate::exchange::market::{Display, SizeCondition};
use crate::types::{InstrumentId, Lots, Ticks};

/// How an order rests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub(super) is_hidden: bool,
    /// Displayed size of a reserve order; 0 for any other.
    pub(super) slice: Lots,
    /// Least quantity that trades: 0 for none, [`Standing::ALL`] for all of it.
    pub(super) minimum: Lots,
}

impl Form {
    fn new(order: &NewOrder, extras: &Extras) -> Self {
        let minimum = match extras.size {
            SizeCondition::None => order.min_qty,
            SizeCondition::Minimum(qty) => qty,
            SizeCondition::All => Standing::ALL,
        };
        let slice = if let Display::Reserve { displayed } = extras.display { displayed } else { 0 };
        let is_hidden = minimum != 0 || is_peg(order) || extras.display == Display::Hidden;
        Self { is_hidden, slice, minimum }
    }

    /// How a resting order rests.
    pub(super) const fn of(order: &Standing, slice: Lots) -> Self {
        Self { is_hidden: order.displayed == 0, slice, minimum: order.minimum }
    }
}

const fn is_peg(order: &NewOrder) -> bool {
    use OrderType::{PegMarket, PegMidpoint, PegPrimary};
    matches!(order.order_type, PegPrimary | PegMarket | PegMidpoint)
}

const fn is_market(order: &NewOrder) -> bool {
    matches!(order.order_type, OrderType::Market | OrderType::Stop)
}

const fn rests(time_in_force: TimeInForce) -> bool {
    !matches!(time_in_force, TimeInForce::Ioc | TimeInForce::Fok)
}

impl<P: Policy> Matcher<P> {
    /// Takes the next order id, for an order that stands outside the book.
    pub const fn next_order_id(&mut self) -> u64 {
        self.order_id_last += 1;
        self.order_id_last
    }

    /// Whether orders of an instrument match; while they do not, they rest, and the book may cross.
    /// From the start they do. One that is not defined has no book.
    pub fn set_matching(&mut self, instrument: InstrumentId, is_matching: bool) {
        self.set_rule(instrument, Market::NO_MATCH, !is_matching);
    }

    /// Whether an instrument shares each price among its displayed orders by size.
    pub fn set_pro_rata(&mut self, instrument: InstrumentId, is_pro_rata: bool) {
        self.set_rule(instrument, Market::PRO_RATA, is_pro_rata);
    }

    fn set_rule(&mut self, instrument: InstrumentId, rule: u32, is_set: bool) {
        if let Some(market) = self.markets.get_mut(instrument as usize).filter(|_| !P::REPLAYED) {
            market.rules = market.rules & !rule | if is_set { rule } else { 0 };
        }
    }

    /// Takes a new order of any kind; gives its id, unless it is rejected. An order that is known
    /// already (`extras.order_id`) is not checked again. Not in a replayed market: refused there.
    pub fn enter_with(
        &mut self,
        order: &NewOrder,
        extras: &Extras,
        out: &mut impl Reports,
    ) -> Option<u64> {
        let mut order = *order;
        let form = Form::new(&order, extras);
        if extras.order_id == 0 {
            match self.check_special(&order, extras, &form) {
                Ok(price) => order.price = price,
                Err(fault) => {
                    let NewOrder { instrument, owner, client, .. } = order;
                    reject(fault, EnterOrder::KIND, instrument, owner, client, out);
                    return None;
                }
            }
        }
        let mut incoming = self.incoming_special(&order, extras, &form);
        if extras.order_id == 0 {
            out.accepted(&Accepted {
                order_id: incoming.order_id,
                client: order.client,
                price: order.price,
                qty: order.qty,
                owner: order.owner,
                instrument: order.instrument,
                side: order.side,
                order_type: order.order_type,
                time_in_force: order.time_in_force,
                post_only: order.post_only || extras.slide,
            });
        }
        let is_fok = order.time_in_force == TimeInForce::Fok;
        let needed = if is_fok { order.qty } else { form.minimum.min(order.qty) };
        let is_met = self.trade_special(&mut incoming, needed, out);
        if incoming.leaves == 0 {
            return Some(incoming.order_id);
        }
        if rests(order.time_in_force) && !is_market(&order) {
            self.rest_special(&mut incoming, form, out);
            return Some(incoming.order_id);
        }
        let is_stopped = is_met && is_market(&order) && extras.limit.is_some();
        let opposite = order.side.opposite();
        let reason = match self.best_price(order.instrument, opposite) {
            _ if is_fok => CancelReason::Fok,
            Some(_) if is_stopped => CancelReason::Collar,
            _ => CancelReason::Ioc,
        };
        drop_remainder(&mut incoming, reason, out);
        Some(incoming.order_id)
    }

    /// Matches an incoming order as far as it may; false where it may not, because the market does
    /// not match or less than `needed` would trade.
    pub(super) fn trade_special(
        &mut self,
        incoming: &mut Incoming,
        needed: Lots,
        out: &mut impl Reports,
    ) -> bool {
        let is_met = self.markets[incoming.instrument as usize].matches()
            && (needed == 0 || self.can_trade(incoming, needed));
        if is_met {
            self.take_special(incoming, out);
        }
        is_met
    }

    fn incoming_special(&mut self, order: &NewOrder, extras: &Extras, form: &Form) -> Incoming {
        let known = extras.order_id;
        let order_id = if known == 0 { self.next_order_id() } else { known };
        let flag = |is_set: bool, flag: u32| if is_set { flag } else { 0 };
        let furthest = if order.side == Side::Buy { Ticks::MAX } else { Ticks::MIN };
        Incoming {
            order_id,
            client: order.client,
            price: order.price,
            limit: if is_market(order) { extras.limit.unwrap_or(furthest) } else { order.price },
            leaves: order.qty,
            executed: extras.executed,
            arrival_mid2: self.best(order.instrument).mid2(),
            owner: order.owner,
            instrument: order.instrument,
            side: order.side,
            flags: flags_of(order.stp, extras.stp_scope)
                | flag(order.post_only || extras.slide, Record::POST_ONLY)
                | flag(extras.slide, Record::SLIDE)
                | flag(form.slice != 0, Record::RESERVE)
                | flag(is_peg(order), Record::PEG),
        }
    }

    /// Says what is wrong with an order, or at what price it stands.
    fn check_special(
        &self,
        order: &NewOrder,
        extras: &Extras,
        form: &Form,
    ) -> Result<Ticks, Fault> {
        let NewOrder { instrument, price, side, .. } = *order;
        let unknown = || fault(RejectReason::InstrumentUnknown, i64::from(instrument), 0);
        let market = self.market(instrument).ok_or_else(unknown)?;
        check_form::<P>(order, extras, form)?;
        check_qty(order.qty)?;
        let is_good = match order {
            order if is_market(order) => price == 0,
            order if is_peg(order) => price > 0 && price <= PRICE_MAX,
            _ => self.allows(instrument, price),
        };
        if !is_good {
            return Err(fault(RejectReason::PriceInvalid, price, 0));
        }
        market.check_status()?;
        let is_passive = order.post_only || extras.slide;
        let price = if is_passive {
            self.passive_price(instrument, side, price, order.qty, extras.slide)?
        } else {
            price
        };
        if rests(order.time_in_force) && !is_market(order) {
            self.check_room(instrument, form)?;
        }
        Ok(price)
    }

    /// Refuses an order that may rest where there is no room for it.
    fn check_room(&self, instrument: InstrumentId, form: &Form) -> Result<(), Fault> {
        let conditioned = self.markets[instrument as usize].conditioned;
        let (live, max) = match form {
            Form { minimum: 1.., .. } if conditioned >= self.config.conditioned_max => {
                (conditioned, self.config.conditioned_max)
            }
            Form { is_hidden: true, .. } => {
                (self.hidden.books.live_orders(), self.config.hidden_orders_max)
            }
            Form { is_hidden: false, .. } => {
                (self.books.live_orders(), self.config.books.orders_max)
            }
        };
        if live < max {
            return Ok(());
        }
        Err(fault(RejectReason::Capacity, i64::from(max), i64::from(max)))
    }

    /// Where a post-only order stands: refused where it would take, or moved behind that.
    pub(super) fn passive_price(
        &self,
        instrument: InstrumentId,
        side: Side,
        price: Ticks,
        qty: Lots,
        slides: bool,
    ) -> Result<Ticks, Fault> {
        if !self.markets[instrument as usize].matches() {
            return Ok(price);
        }
        match self.first_price(instrument, side, price, qty) {
            None => Ok(price),
            Some(best) if slides => self
                .price_behind(instrument, side, best)
                .ok_or_else(|| fault(RejectReason::PriceInvalid, price, best)),
            Some(best) => Err(fault(RejectReason::PostOnlyWouldTake, price, best)),
        }
    }

    /// The nearest price that is allowed and less aggressive than `best`.
    fn price_behind(&self, instrument: InstrumentId, side: Side, best: Ticks) -> Option<Ticks> {
        let table = &self.tick_tables[instrument as usize];
        let mut price = if side == Side::Buy { best - 1 } else { best + 1 };
        while price > 0 && price <= PRICE_MAX {
            let over = price % table.increment_at(price);
            if over == 0 {
                return Some(price);
            }
            price += if side == Side::Buy { -over } else { table.increment_at(price) - over };
        }
        None
    }

    /// What is left of an order joins the displayed book, whole or with a slice, or the hidden one.
    pub(super) fn rest_special(
        &mut self,
        incoming: &mut Incoming,
        form: Form,
        out: &mut impl Reports,
    ) {
        if form.is_hidden {
            self.rest_hidden(incoming, form.minimum, out);
        } else if form.slice != 0 {
            self.rest_reserve(incoming, form.slice, out);
        } else {
            self.rest(incoming, out);
        }
    }

    fn rest_reserve(&mut self, incoming: &mut Incoming, slice: Lots, out: &mut impl Reports) {
        let Incoming { order_id, instrument, side, price, leaves, owner, .. } = *incoming;
        let displayed = leaves.min(slice);
        let added = self.books.add(instrument, order_id, side, price, displayed, owner);
        let Ok(handle) = added else {
            drop_remainder(incoming, CancelReason::Ioc, out);
            return;
        };
        self.set_record(handle, incoming.record());
        let index = handle.index();
        (self.reserves.kept[index], self.reserves.slices[index]) = (leaves - displayed, slice);
        self.markets[instrument as usize].special_orders += 1;
        let client = incoming.client;
        out.rested(&Rested { order_id, client, price, leaves: displayed, instrument, side });
    }

    fn rest_hidden(&mut self, incoming: &mut Incoming, minimum: Lots, out: &mut impl Reports) {
        let Incoming { order_id, instrument, side, price, leaves, owner, .. } = *incoming;
        let added = self.hidden.books.add(instrument, order_id, side, price, leaves, owner);
        let Ok(handle) = added else {
            // No room for an order that was not checked, or a sum that does not fit in 64 bits.
            drop_remainder(incoming, CancelReason::Ioc, out);
            return;
        };
        self.hidden.set(handle, incoming.record(), minimum);
        let market = &mut self.markets[instrument as usize];
        market.special_orders += 1;
        market.conditioned += u32::from(minimum != 0);
        let client = incoming.client;
        out.rested(&Rested { order_id, client, price, leaves: 0, instrument, side });
    }
}

/// Whether what an order says goes together, as far as matching depends on it.
fn check_form<P: Policy>(order: &NewOrder, extras: &Extras, form: &Form) -> Result<(), Fault> {
    let NewOrder { time_in_force, order_type, min_qty, qty, .. } = *order;
    let invalid = |value: u64, bound: u64| {
        Err(fault(RejectReason::FieldInvalid, value.cast_signed(), bound.cast_signed()))
    };
    if order.owner == MARKET || P::REPLAYED {
        return invalid(u64::from(order.owner), 1);
    }
    if matches!(time_in_force, TimeInForce::Open | TimeInForce::Close) {
        return invalid(u64::from(time_in_force.raw()), 0);
    }
    let stays = rests(time_in_force) && !is_market(order);
    let is_plain_price = matches!(order_type, OrderType::Limit | OrderType::StopLimit);
    let is_passive = order.post_only || extras.slide;
    if is_passive && !(stays && is_plain_price && form.minimum == 0) {
        return invalid(u64::from(time_in_force.raw()), u64::from(TimeInForce::Day.raw()));
    }
    if form.minimum != Standing::ALL && form.minimum > qty
        || min_qty != 0 && (stays || extras.size != SizeCondition::None)
        || extras.size == SizeCondition::Minimum(0)
    {
        return invalid(form.minimum, qty);
    }
    let is_reserve = matches!(extras.display, Display::Reserve { .. });
    if is_reserve && (form.slice == 0 || form.slice > qty || stays && form.is_hidden) {
        return invalid(form.slice, qty);
    }
    Ok(())
}
