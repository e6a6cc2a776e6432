// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a new order or a replacement must satisfy before it is taken.

use super::{MARKET, Market, Matcher, NewOrder, PRICE_MAX, Policy, QTY_MAX};
use crate::events::{OrderType, RejectReason, StpMode, TimeInForce, TradingStatus};
use crate::types::{InstrumentId, Lots, Side, TickTable, Ticks};

/// Why a command is refused, what was found, and what was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) reason: RejectReason,
    pub(super) value: i64,
    pub(super) bound: i64,
}

#[cold]
pub(super) const fn fault(reason: RejectReason, value: i64, bound: i64) -> Fault {
    Fault { reason, value, bound }
}

/// The top rung of a tick table, checked without a division.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    from: Ticks,
    /// `2^63 / increment + 1`.
    reciprocal: u64,
    increment: u32,
}

impl Steps {
    pub(super) const UNDEFINED: Self = Self { from: Ticks::MAX, reciprocal: 0, increment: 1 };

    pub(super) fn new(table: &TickTable) -> Self {
        let Some(top) = table.rungs().last() else { return Self::UNDEFINED };
        match u32::try_from(top.increment) {
            Ok(increment) if increment < 1 << 31 => {
                let reciprocal = (1 << 63) / u64::from(increment) + 1;
                Self { from: top.from.max(1), reciprocal, increment }
            }
            _ => Self::UNDEFINED,
        }
    }

    /// Whether a price stands on the top rung; `None`: ask the table.
    ///
    /// `reciprocal * increment` exceeds 2^63 by at most `increment`, below 2^31, so for a price below
    /// 2^32 the quotient is exact.
    #[inline]
    fn allows(&self, price: Ticks) -> Option<bool> {
        let price = u32::try_from(price).ok().filter(|_| price >= self.from)?;
        let quotient = (u128::from(price) * u128::from(self.reciprocal)) >> 63;
        Some(quotient as u64 * u64::from(self.increment) == u64::from(price))
    }
}

impl Market {
    /// Refuses while the instrument does not trade.
    #[inline]
    pub(super) fn check_status(&self) -> Result<(), Fault> {
        if self.is_matching() {
            return Ok(());
        }
        let (found, wanted) = (self.status.raw(), TradingStatus::Trading.raw());
        Err(fault(RejectReason::NotTrading, i64::from(found), i64::from(wanted)))
    }
}

/// Whether the fields of an order go together.
#[inline]
pub(super) fn check_fields<P: Policy>(order: &NewOrder) -> Result<(), Fault> {
    let NewOrder { time_in_force, order_type, min_qty, .. } = *order;
    if order.owner == MARKET {
        return Err(fault(RejectReason::FieldInvalid, 0, 1));
    }
    if !matches!(order_type, OrderType::Limit | OrderType::Market) {
        return Err(fault(RejectReason::FieldInvalid, i64::from(order_type.raw()), 0));
    }
    if P::REPLAYED && order.stp.raw() > StpMode::CancelNewest.raw() {
        return Err(fault(RejectReason::FieldInvalid, i64::from(order.stp.raw()), 0));
    }
    if !matches!(time_in_force, TimeInForce::Day | TimeInForce::Ioc | TimeInForce::Fok) {
        return Err(fault(RejectReason::FieldInvalid, i64::from(time_in_force.raw()), 0));
    }
    let is_day_limit = order_type == OrderType::Limit && time_in_force == TimeInForce::Day;
    if order.post_only && !is_day_limit {
        let (found, wanted) = (time_in_force.raw(), TimeInForce::Day.raw());
        return Err(fault(RejectReason::FieldInvalid, i64::from(found), i64::from(wanted)));
    }
    if min_qty != 0 && (time_in_force != TimeInForce::Ioc || min_qty > order.qty) {
        return Err(fault(RejectReason::FieldInvalid, min_qty.cast_signed(), 0));
    }
    Ok(())
}

#[inline]
pub(super) fn check_qty(qty: Lots) -> Result<(), Fault> {
    if qty.wrapping_sub(1) < QTY_MAX {
        return Ok(());
    }
    let bound = if qty == 0 { 1 } else { QTY_MAX.cast_signed() };
    Err(fault(RejectReason::QtyInvalid, qty.cast_signed(), bound))
}

impl<P: Policy> Matcher<P> {
    /// Whether a limit price is one the instrument may have.
    #[inline]
    pub(super) fn allows(&self, instrument: InstrumentId, price: Ticks) -> bool {
        let index = instrument as usize;
        match self.markets[index].steps.allows(price) {
            Some(is_allowed) => is_allowed,
            None => price <= PRICE_MAX && self.tick_tables[index].allows(price),
        }
    }

    /// Says what is wrong with a new order, if anything is.
    #[inline]
    pub(super) fn check_entry(&self, order: &NewOrder, best: Best) -> Result<(), Fault> {
        let NewOrder { instrument, price, .. } = *order;
        let unknown = || fault(RejectReason::InstrumentUnknown, i64::from(instrument), 0);
        let market = self.market(instrument).ok_or_else(unknown)?;
        check_fields::<P>(order)?;
        check_qty(order.qty)?;
        let is_market = order.order_type == OrderType::Market;
        if if is_market { price != 0 } else { !self.allows(instrument, price) } {
            return Err(fault(RejectReason::PriceInvalid, price, 0));
        }
        market.check_status()?;
        if order.post_only {
            best.check_post_only(order.side, price)?;
        }
        let orders_max = self.config.books.orders_max;
        let is_full = self.books.live_orders() >= orders_max;
        if is_full && !is_market && order.time_in_force == TimeInForce::Day {
            let orders_max = i64::from(orders_max);
            return Err(fault(RejectReason::Capacity, orders_max, orders_max));
        }
        Ok(())
    }

    /// Best prices of an instrument.
    #[inline]
    pub(super) fn best(&self, instrument: InstrumentId) -> Best {
        Best { prices: self.books.best_prices(instrument) }
    }
}

/// Best bid and ask price at the moment when a command came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Best {
    prices: [Option<Ticks>; 2],
}

impl Best {
    /// Best bid plus best ask; 0 without two sides.
    #[inline]
    pub(super) fn mid2(&self) -> Ticks {
        if let [Some(bid), Some(ask)] = self.prices { bid + ask } else { 0 }
    }

    /// Whether a limit price would trade at once.
    #[inline]
    pub(super) fn is_reached(&self, side: Side, limit: Ticks) -> bool {
        self.prices[side.opposite().index()].is_some_and(|best| side.reaches(limit, best))
    }

    /// Refuses a price that would trade at once.
    #[inline]
    pub(super) fn check_post_only(&self, side: Side, price: Ticks) -> Result<(), Fault> {
        match self.prices[side.opposite().index()] {
            Some(best) if side.reaches(price, best) => {
                Err(fault(RejectReason::PostOnlyWouldTake, price, best))
            }
            _ => Ok(()),
        }
    }
}
