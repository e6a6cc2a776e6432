// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What an order can say, whatever protocol it came by. Source: docs/internals/market.md, 1.

use crate::events::StpMode;
use crate::types::{InstrumentId, Lots, Side, Ticks, TsNs};

/// What a peg follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PegTo {
    /// The best displayed price of its own side.
    Primary,
    /// The best displayed price of the opposite side.
    Market,
    /// The middle of the best displayed prices, rounded down.
    Midpoint,
}

/// How an order is priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pricing {
    /// At this price or better.
    Limit(Ticks),
    /// At any price within the collar.
    Market,
    /// At a price that follows the market.
    Peg {
        /// What it follows.
        to: PegTo,
        /// Ticks more aggressive than that; negative is more passive.
        offset: Ticks,
        /// Never beyond this price.
        limit: Option<Ticks>,
    },
}

/// What others see of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// All of it.
    Displayed,
    /// Nothing.
    Hidden,
    /// A slice at a time (iceberg).
    Reserve {
        /// Quantity of a slice.
        displayed: Lots,
    },
}

/// How much must trade for anything to trade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeCondition {
    /// Any quantity.
    None,
    /// At least this; the remainder, when less is left.
    Minimum(Lots),
    /// All of it.
    All,
}

impl SizeCondition {
    /// The condition of an order of `qty` that may say a minimum (0 for none), all-or-none, or both: a
    /// minimum within the quantity is met wherever all of it is.
    #[must_use]
    pub const fn of(qty: Lots, minimum: Lots, is_all: bool) -> Self {
        match minimum {
            _ if is_all && minimum <= qty => Self::All,
            0 => Self::None,
            _ => Self::Minimum(minimum),
        }
    }
}

/// What becomes of an order that would take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostOnly {
    /// It takes.
    Off,
    /// It is refused.
    Reject,
    /// It is priced one increment behind what it would have taken.
    Slide,
}

/// How long an order lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// To the end of the day.
    Day,
    /// What does not trade at once is cancelled.
    Ioc,
    /// It trades in whole at once or not at all.
    Fok,
    /// Until it is cancelled, over days.
    Gtc,
    /// To this time, in nanoseconds since the Unix epoch.
    Until(TsNs),
}

/// Which auction an order is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auction {
    /// None: the book, and any auction that the book takes part in.
    None,
    /// The opening auction alone.
    Open,
    /// The closing auction alone.
    Close,
}

/// Whose orders self-trade prevention keeps apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StpScope {
    /// Those of one port.
    Port,
    /// Those of one firm.
    Firm,
}

/// Self-trade prevention, while this order is the taker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SelfTrade {
    /// What happens.
    pub mode: StpMode,
    /// Between whom.
    pub scope: StpScope,
}

/// A new order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderRequest {
    /// The caller's own handle, echoed in every report.
    pub client: u64,
    /// Whose: a port, from 1.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    /// Quantity.
    pub qty: Lots,
    /// Price.
    pub pricing: Pricing,
    /// Nothing happens until a trade reaches this price.
    pub stop: Option<Ticks>,
    /// What others see of it.
    pub display: Display,
    /// How much must trade for anything to trade.
    pub size: SizeCondition,
    /// What becomes of it when it would take.
    pub post_only: PostOnly,
    /// Life.
    pub life: Life,
    /// Which auction it is for.
    pub auction: Auction,
    /// Self-trade prevention.
    pub stp: SelfTrade,
}

impl OrderRequest {
    /// A plain displayed limit order for the day.
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
            owner,
            instrument,
            side,
            qty,
            pricing: Pricing::Limit(price),
            stop: None,
            display: Display::Displayed,
            size: SizeCondition::None,
            post_only: PostOnly::Off,
            life: Life::Day,
            auction: Auction::None,
            stp: SelfTrade { mode: StpMode::Off, scope: StpScope::Firm },
        }
    }
}
