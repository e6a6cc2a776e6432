// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The words between the desk and a venue.

use crate::events::{CancelReason, Liquidity, OrderType, StpMode, TimeInForce};
use crate::types::{InstrumentId, Lots, Side, StrategyId, Ticks, TsNs};

/// What the venue is to do. Ids and quantities are valid; the venue checks the rest.
///
/// An order is named by its whole key: a venue on a wire may be asked to cancel before it has said
/// its own number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VenueCommand {
    /// A new order.
    Enter(NewOrder),
    /// Cancel the whole order.
    Cancel {
        /// The order.
        key: OrderKey,
        /// Why, for the event.
        reason: CancelReason,
    },
    /// Shrink to this size, executed part included, keeping priority.
    Reduce {
        /// The order.
        key: OrderKey,
        /// New intended size.
        qty: Lots,
        /// Why, for the event.
        reason: CancelReason,
    },
    /// Replace price and quantity.
    Replace {
        /// The order to replace.
        key: OrderKey,
        /// The replacement's client id.
        client_id: u64,
        /// New limit price.
        price: Ticks,
        /// New total over the chain, executed part included.
        qty: Lots,
    },
}

/// A new order for the venue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewOrder {
    /// Whose.
    pub strategy: StrategyId,
    /// Instrument.
    pub instrument: InstrumentId,
    /// The strategy's number for it.
    pub client_id: u64,
    /// Side.
    pub side: Side,
    /// Type.
    pub order_type: OrderType,
    /// Life.
    pub time_in_force: TimeInForce,
    /// Reject rather than take.
    pub post_only: bool,
    /// Self-trade prevention.
    pub stp_mode: StpMode,
    /// Limit price; 0 for a market order.
    pub price: Ticks,
    /// Quantity.
    pub qty: Lots,
    /// What few orders have.
    pub special: SpecialTerms,
}

/// Terms that few orders have; the default is a plain order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SpecialTerms {
    /// Quantity shown at a time (iceberg); 0 shows all.
    pub display: Lots,
    /// Least quantity of an execution; 0 for any.
    pub min_qty: Lots,
    /// Trigger of a stop; 0 for none.
    pub stop_price: Ticks,
    /// A peg's distance from its reference, away from the market.
    pub peg_offset: Ticks,
    /// End of an order of time in force UNTIL; 0 for none.
    pub expire_ts_ns: TsNs,
    /// Not displayed.
    pub hidden: bool,
    /// It may only make the position smaller; checked here, told to venues that check it, too.
    pub reduce_only: bool,
    /// The parent that it is a child of; 0 for none.
    pub parent_id: u64,
    /// The leg of a group that it stands for; 0 for none.
    pub leg_id: u64,
}

impl SpecialTerms {
    /// Those of a plain order.
    pub const NONE: Self = Self {
        display: 0,
        min_qty: 0,
        stop_price: 0,
        peg_offset: 0,
        expire_ts_ns: 0,
        hidden: false,
        reduce_only: false,
        parent_id: 0,
        leg_id: 0,
    };

    /// Whether a venue that knows only plain orders can do it: a minimum quantity is plain.
    #[must_use]
    pub const fn is_plain(&self) -> bool {
        self.display == 0
            && self.stop_price == 0
            && self.peg_offset == 0
            && self.expire_ts_ns == 0
            && !self.hidden
    }
}

/// Where an answer belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderKey {
    /// Whose.
    pub strategy: StrategyId,
    /// Instrument.
    pub instrument: InstrumentId,
    /// The strategy's number for it.
    pub client_id: u64,
    /// The venue's number for it.
    pub order_id: u64,
}

/// A cancel of ours, or of the venue's own accord, as the venue reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueCancel {
    /// Quantity that was taken off; 0 where the venue does not say.
    pub qty: Lots,
    /// What is left; 0: the order is dead.
    pub leaves: Lots,
    /// Why.
    pub reason: CancelReason,
    /// The venue says each thing once, in order, and nothing of it is lost: what it says counts even
    /// of an order that is unknown.
    pub is_once: bool,
}

/// A trade of ours as the venue reports it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VenueFill {
    /// Match number.
    pub match_id: u64,
    /// Trade price.
    pub price: Ticks,
    /// Traded quantity.
    pub qty: Lots,
    /// What is left.
    pub leaves: Lots,
    /// Maker or taker.
    pub liquidity: Liquidity,
    /// What the venue says that it costs, in 10^-9 currency; `None` where it does not say.
    pub fee_e9: Option<i64>,
}
