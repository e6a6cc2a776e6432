// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a new order or a replacement must satisfy before it is taken.

use super::{MARKET, Market, Matcher, NewOrder, PRICE_MAX, Policy, QTY_MAX};
use crate::events::{OrderType, RejectReason, TimeInForce, TradingStatus};
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// Why a command is refused, what was found, and what was allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) reason: RejectReason,
    pub(super) value: i64,
    pub(super) bound: i64,
}

#[cold]
const fn fault(reason: RejectReason, value: i64, bound: i64) -> Fault {
    Fault { reason, value, bound }
}

impl Market {
    /// Whether a limit price is one the instrument may have.
    #[inline]
    pub(super) fn allows(&self, price: Ticks) -> bool {
        price <= PRICE_MAX && self.tick_table.allows(price)
    }

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
fn check_fields(order: &NewOrder) -> Result<(), Fault> {
    let NewOrder { time_in_force, order_type, min_qty, .. } = *order;
    if order.owner == MARKET {
        return Err(fault(RejectReason::FieldInvalid, 0, 1));
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
fn check_qty(qty: Lots) -> Result<(), Fault> {
    if qty.wrapping_sub(1) < QTY_MAX {
        return Ok(());
    }
    let bound = if qty == 0 { 1 } else { QTY_MAX.cast_signed() };
    Err(fault(RejectReason::QtyInvalid, qty.cast_signed(), bound))
}

impl<P: Policy> Matcher<P> {
    /// Says what is wrong with a new order, if anything is.
    #[inline]
    pub(super) fn check_entry(&self, order: &NewOrder) -> Result<(), Fault> {
        let NewOrder { instrument, price, .. } = *order;
        let unknown = || fault(RejectReason::InstrumentUnknown, i64::from(instrument), 0);
        let market = self.market(instrument).ok_or_else(unknown)?;
        check_fields(order)?;
        check_qty(order.qty)?;
        let is_market = order.order_type == OrderType::Market;
        if if is_market { price != 0 } else { !market.allows(price) } {
            return Err(fault(RejectReason::PriceInvalid, price, 0));
        }
        market.check_status()?;
        if order.post_only {
            self.check_post_only(instrument, order.side, price)?;
        }
        let orders_max = self.config.books.orders_max;
        let is_full = self.books.live_orders() >= orders_max;
        if is_full && !is_market && order.time_in_force == TimeInForce::Day {
            let orders_max = i64::from(orders_max);
            return Err(fault(RejectReason::Capacity, orders_max, orders_max));
        }
        Ok(())
    }

    /// Refuses a price that would trade at once.
    #[inline]
    pub(super) fn check_post_only(
        &self,
        instrument: InstrumentId,
        side: Side,
        price: Ticks,
    ) -> Result<(), Fault> {
        match self.books.best_price(instrument, side.opposite()) {
            Some(best) if side.reaches(price, best) => {
                Err(fault(RejectReason::PostOnlyWouldTake, price, best))
            }
            _ => Ok(()),
        }
    }
}
