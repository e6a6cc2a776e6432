// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the book shows, and why it refuses: values, copied out, that hold no reference into it.

use crate::types::{InstrumentId, Lots, Side, Ticks};

/// A price level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LevelView {
    /// Its price.
    pub price: Ticks,
    /// Sum of its orders, at least 1.
    pub qty: Lots,
    /// How many orders, at least 1.
    pub orders: u32,
}

/// A resting order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderView {
    /// The venue's reference.
    pub order_ref: u64,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Its price.
    pub price: Ticks,
    /// What is left of it, at least 1.
    pub qty: Lots,
    /// Whose it is; 0 where nobody says.
    pub owner: u32,
}

/// What a resting order offers, without who and which it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Its price.
    pub price: Ticks,
    /// What is left of it, at least 1.
    pub qty: Lots,
}

/// Where an order stands in the queue of its price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuePosition {
    /// Orders ahead of it.
    pub orders_ahead: u32,
    /// Their quantity.
    pub qty_ahead: Lots,
}

/// Best bid and offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Bbo {
    /// Best bid; `None` when nobody bids.
    pub bid: Option<LevelView>,
    /// Best ask; `None` when nobody offers.
    pub ask: Option<LevelView>,
}

impl Bbo {
    /// Whether the best bid stands at (locked) or above (crossed) the best ask.
    #[must_use]
    pub fn is_crossed(&self) -> bool {
        matches!((self.bid, self.ask), (Some(bid), Some(ask)) if bid.price >= ask.price)
    }
}

/// What a call did to one resting order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side of the order.
    pub side: Side,
    /// The order's price before the call.
    pub price: Ticks,
    /// Quantity that left the book at that price.
    pub qty_taken: Lots,
    /// What is left of the order; of its successor, for `replace` and `set`.
    pub leaves: Lots,
    /// More was asked for than the order had; it was cut to that.
    pub overfilled: bool,
    /// Price or quantity of the side's best level changed.
    pub bbo_changed: bool,
}

/// What one market-data message did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// An order joined the book.
    Added {
        /// Price or quantity of the side's best level changed.
        bbo_changed: bool,
    },
    /// A resting order changed, was replaced or died.
    Changed(Change),
    /// The instrument's book was emptied.
    Cleared {
        /// There was something in it.
        bbo_changed: bool,
    },
    /// The book is not concerned: a trade of hidden interest, a status.
    Unconcerned,
}

impl Outcome {
    /// Whether price or quantity of the instrument's best bid or ask changed.
    #[inline]
    #[must_use]
    pub const fn bbo_changed(&self) -> bool {
        match self {
            Self::Added { bbo_changed } | Self::Cleared { bbo_changed } => *bbo_changed,
            Self::Changed(change) => change.bbo_changed,
            Self::Unconcerned => false,
        }
    }
}

/// Why a call was refused. The book is as it was before the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BookError {
    /// The book holds `orders_max` orders.
    Full {
        /// The limit.
        orders_max: u32,
    },
    /// An order with this reference is in the book already.
    Duplicate {
        /// The reference.
        order_ref: u64,
    },
    /// No order with this reference is in the book.
    Unknown {
        /// The reference.
        order_ref: u64,
    },
    /// No instrument with this id is defined, or it is above `instruments_max`.
    Instrument {
        /// The id.
        instrument: InstrumentId,
    },
    /// The step is not from 1 to 2^31 - 1, or the instrument is defined with another one.
    Step {
        /// The step.
        step: Ticks,
    },
    /// The price is beyond plus or minus 2^61.
    Price {
        /// The price.
        price: Ticks,
    },
    /// The quantity is zero, or the level's sum would not fit in 64 bits.
    Qty {
        /// The quantity.
        qty: Lots,
    },
    /// A field holds a number that the schema does not define.
    Field {
        /// The field.
        field: &'static str,
        /// What it holds.
        value: u8,
    },
}
