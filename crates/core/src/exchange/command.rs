// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the matcher can be asked. Orders are named by the id the matcher gave them.

use crate::events::{CancelReason, OrderType, Side, StpMode, TimeInForce, TradingStatus};
use crate::types::{InstrumentId, Lots, Ticks};

/// A new order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// The client's own number for it, echoed in every report.
    pub client: u64,
    /// Limit price; 0 for a market order.
    pub price: Ticks,
    /// Quantity, at least 1.
    pub qty: Lots,
    /// Immediate-or-cancel only: less than this at once, and nothing trades; 0 for none.
    pub min_qty: Lots,
    /// Whose, from 1.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Type.
    pub order_type: OrderType,
    /// Life.
    pub time_in_force: TimeInForce,
    /// Refuse rather than take.
    pub post_only: bool,
    /// Self-trade prevention, while this order is the taker.
    pub stp: StpMode,
}

impl NewOrder {
    /// A plain limit order for the day.
    #[must_use]
    pub const fn limit(
        instrument: InstrumentId,
        owner: u32,
        side: Side,
        price: Ticks,
        qty: Lots,
    ) -> Self {
        Self {
            client: 0,
            price,
            qty,
            min_qty: 0,
            owner,
            instrument,
            side,
            order_type: OrderType::Limit,
            time_in_force: TimeInForce::Day,
            post_only: false,
            stp: StpMode::Off,
        }
    }
}

/// One command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A new order.
    Enter(NewOrder),
    /// Cancel what is left of an order.
    Cancel {
        /// The order.
        order_id: u64,
        /// What the report will say.
        reason: CancelReason,
    },
    /// Shrink an order in place (OUCH 5.0, Cancel Order); ignored where it would not shrink.
    Reduce {
        /// The order.
        order_id: u64,
        /// New intended size, the executed part included; 0 cancels all.
        qty: Lots,
    },
    /// Replace an order (OUCH 5.0, Replace Order); priority is always lost.
    Replace {
        /// The order to replace.
        order_id: u64,
        /// The replacement's own client number.
        client: u64,
        /// New limit price.
        price: Ticks,
        /// New total over the chain, the executed part included.
        qty: Lots,
    },
    /// Cancel all orders of an owner.
    CancelOwner {
        /// Whose.
        owner: u32,
        /// In which instrument; 0 for all.
        instrument: InstrumentId,
        /// What the reports will say.
        reason: CancelReason,
    },
    /// The trading status of an instrument changed.
    SetStatus {
        /// Instrument.
        instrument: InstrumentId,
        /// Its status.
        status: TradingStatus,
    },
}
