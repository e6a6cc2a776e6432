// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Orders that depend on each other, as strategies of both tiers ask for them.

use super::desk::submit_flags;
use super::groups::LEGS_MAX;
use super::host::StrategyHost;
use crate::events::{GroupKind, OrderType, SubmitGroup, TimeInForce};
use crate::types::{InstrumentId, Lots, Ticks};

/// One order of a group, not checked yet; the default is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LegAsked {
    /// Limit price; 0 for none.
    pub price: Ticks,
    /// Trigger of a stop; 0 for none.
    pub stop_price: Ticks,
    /// How far the trigger follows the best trade; 0: it stays.
    pub trail: Ticks,
    /// Quantity.
    pub qty: Lots,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side, as its enumeration numbers it.
    pub side: u8,
    /// Type, likewise.
    pub order_type: u8,
    /// Life, likewise.
    pub time_in_force: u8,
    /// As in `SubmitOrder`.
    pub flags: u8,
}

impl LegAsked {
    /// An order for the day, of the type that its prices say: limit, trigger of a stop that is kept by
    /// us, and how far that trails; 0 for those it does not have.
    #[must_use]
    pub const fn kept(
        instrument: InstrumentId,
        side: u8,
        qty: Lots,
        (price, stop_price, trail): (Ticks, Ticks, Ticks),
        post_only: bool,
    ) -> Self {
        let is_stop = stop_price != 0 || trail != 0;
        let order_type = match (is_stop, price != 0) {
            (true, true) => OrderType::StopLimit,
            (true, false) => OrderType::Stop,
            (false, true) => OrderType::Limit,
            (false, false) => OrderType::Market,
        };
        let held = if is_stop { submit_flags::HELD } else { 0 };
        let flags = held | if post_only { submit_flags::POST_ONLY } else { 0 };
        let (order_type, time_in_force) = (order_type.raw(), TimeInForce::Day.raw());
        Self { price, stop_price, trail, qty, instrument, side, order_type, time_in_force, flags }
    }
}

impl StrategyHost {
    /// Asks for orders that depend on each other, at most [`LEGS_MAX`]; gives the group's id.
    pub fn ask_group(&mut self, kind: GroupKind, stp_mode: u8, legs: &[LegAsked]) -> u64 {
        let mut all = [LegAsked::default(); LEGS_MAX];
        for (to, leg) in all.iter_mut().zip(legs) {
            *to = *leg;
        }
        let [first, second, third] = all;
        self.submit_group(SubmitGroup {
            group_id: 0,
            leg1_price_ticks: first.price,
            leg1_stop_price_ticks: first.stop_price,
            leg1_trail_ticks: first.trail,
            leg1_qty_lots: first.qty,
            leg1_instrument_id: first.instrument,
            leg1_side: first.side,
            leg1_order_type: first.order_type,
            leg1_time_in_force: first.time_in_force,
            leg1_flags: first.flags,
            leg2_price_ticks: second.price,
            leg2_stop_price_ticks: second.stop_price,
            leg2_trail_ticks: second.trail,
            leg2_qty_lots: second.qty,
            leg2_instrument_id: second.instrument,
            leg2_side: second.side,
            leg2_order_type: second.order_type,
            leg2_time_in_force: second.time_in_force,
            leg2_flags: second.flags,
            leg3_price_ticks: third.price,
            leg3_stop_price_ticks: third.stop_price,
            leg3_trail_ticks: third.trail,
            leg3_qty_lots: third.qty,
            leg3_instrument_id: third.instrument,
            leg3_side: third.side,
            leg3_order_type: third.order_type,
            leg3_time_in_force: third.time_in_force,
            leg3_flags: third.flags,
            strategy_id: 0,
            kind: kind.raw(),
            stp_mode,
            reserved: 0,
        })
    }
}
