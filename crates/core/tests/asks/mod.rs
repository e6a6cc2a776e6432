// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Groups of orders, as strategies ask for them.

use onetape_core::events::{GroupKind, OrderType, Side, StpMode, SubmitGroup, TimeInForce};
use onetape_core::trading::submit_flags;

/// An order as a group is asked for with it.
#[derive(Clone, Copy)]
pub(crate) struct Asks {
    pub(crate) side: Side,
    pub(crate) qty: u64,
    pub(crate) price: i64,
    pub(crate) stop: i64,
    pub(crate) trail: i64,
}

pub(crate) const fn limit(side: Side, qty: u64, price: i64) -> Asks {
    Asks { side, qty, price, stop: 0, trail: 0 }
}

pub(crate) const fn stop(side: Side, qty: u64, stop: i64) -> Asks {
    Asks { side, qty, price: 0, stop, trail: 0 }
}

impl Asks {
    const fn is_stop(self) -> bool {
        self.stop != 0 || self.trail != 0
    }

    const fn order_type(self) -> OrderType {
        match (self.is_stop(), self.price != 0) {
            (false, true) => OrderType::Limit,
            (false, false) => OrderType::Market,
            (true, true) => OrderType::StopLimit,
            (true, false) => OrderType::Stop,
        }
    }

    const fn flags(self) -> u8 {
        if self.is_stop() { submit_flags::HELD } else { 0 }
    }
}

/// A group as a strategy asks for it, all of it in one instrument.
pub(crate) fn group_of(
    (strategy_id, instrument): (u32, u32),
    id: u64,
    kind: GroupKind,
    legs: &[Asks],
) -> SubmitGroup {
    let leg = |at: usize| legs.get(at).copied();
    let instrument = |at| leg(at).map_or(0, |_| instrument);
    let life = |at| leg(at).map_or(0, |_| TimeInForce::Day.raw());
    SubmitGroup {
        group_id: id,
        leg1_price_ticks: leg(0).map_or(0, |l| l.price),
        leg1_stop_price_ticks: leg(0).map_or(0, |l| l.stop),
        leg1_trail_ticks: leg(0).map_or(0, |l| l.trail),
        leg1_qty_lots: leg(0).map_or(0, |l| l.qty),
        leg1_instrument_id: instrument(0),
        leg1_side: leg(0).map_or(0, |l| l.side.raw()),
        leg1_order_type: leg(0).map_or(0, |l| l.order_type().raw()),
        leg1_time_in_force: life(0),
        leg1_flags: leg(0).map_or(0, Asks::flags),
        leg2_price_ticks: leg(1).map_or(0, |l| l.price),
        leg2_stop_price_ticks: leg(1).map_or(0, |l| l.stop),
        leg2_trail_ticks: leg(1).map_or(0, |l| l.trail),
        leg2_qty_lots: leg(1).map_or(0, |l| l.qty),
        leg2_instrument_id: instrument(1),
        leg2_side: leg(1).map_or(0, |l| l.side.raw()),
        leg2_order_type: leg(1).map_or(0, |l| l.order_type().raw()),
        leg2_time_in_force: life(1),
        leg2_flags: leg(1).map_or(0, Asks::flags),
        leg3_price_ticks: leg(2).map_or(0, |l| l.price),
        leg3_stop_price_ticks: leg(2).map_or(0, |l| l.stop),
        leg3_trail_ticks: leg(2).map_or(0, |l| l.trail),
        leg3_qty_lots: leg(2).map_or(0, |l| l.qty),
        leg3_instrument_id: instrument(2),
        leg3_side: leg(2).map_or(0, |l| l.side.raw()),
        leg3_order_type: leg(2).map_or(0, |l| l.order_type().raw()),
        leg3_time_in_force: life(2),
        leg3_flags: leg(2).map_or(0, Asks::flags),
        strategy_id,
        kind: kind.raw(),
        stp_mode: StpMode::Off.raw(),
        reserved: 0,
    }
}
