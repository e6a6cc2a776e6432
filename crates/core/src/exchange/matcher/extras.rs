// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What an order may say beyond a plain one, and what is known of an order that rests.

use super::Record;
use crate::events::{Side, TimeInForce};
use crate::exchange::market::{Display, SizeCondition, StpScope};
use crate::types::{InstrumentId, Lots, Ticks};

/// What an order says beyond [`super::NewOrder`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extras {
    /// What others see of it when it rests.
    pub display: Display,
    /// How much must trade for anything to trade; one that rests is hidden.
    pub size: SizeCondition,
    /// Post-only: priced one increment behind what it would take, instead of refused.
    pub slide: bool,
    /// Between whom self-trade prevention acts.
    pub stp_scope: StpScope,
    /// A market order goes no further than this (collar, bands); a remainder that this stopped is
    /// cancelled with reason COLLAR.
    pub limit: Option<Ticks>,
    /// Its id, the last that [`super::Matcher::next_order_id`] gave, for an order that is known
    /// already: it is not checked again and no `accepted` is said. 0: a new order.
    pub order_id: u64,
    /// What it has executed already, in an order that is known already.
    pub executed: Lots,
}

impl Extras {
    /// A plain order's.
    pub const PLAIN: Self = Self {
        display: Display::Displayed,
        size: SizeCondition::None,
        slide: false,
        stp_scope: StpScope::Port,
        limit: None,
        order_id: 0,
        executed: 0,
    };
}

impl Default for Extras {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// What a replacement changes beyond price and quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Its life: immediate-or-cancel and fill-or-kill do not rest, all others do.
    pub time_in_force: TimeInForce,
    /// Whether a replacement with invalid details is refused and its original stays (as in FIX), or
    /// its original is cancelled (as in OUCH).
    pub keeps_original: bool,
}

impl Amendment {
    /// Nothing: it rests, and the original of an invalid one is cancelled.
    pub const PLAIN: Self = Self { time_in_force: TimeInForce::Day, keeps_original: false };
}

impl Default for Amendment {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// A resting order, displayed or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its id.
    pub order_id: u64,
    /// The client's own number for it.
    pub client: u64,
    /// Its price.
    pub price: Ticks,
    /// What is left of it, a reserve's undisplayed part included; at least 1.
    pub leaves: Lots,
    /// How much of that is displayed.
    pub displayed: Lots,
    /// Executed over the chain of replacements.
    pub executed: Lots,
    /// Best bid plus best ask when it arrived; 0 if the book had no two sides.
    pub arrival_mid2: Ticks,
    /// Least quantity that it trades, as it was asked for: 0 for none, [`Self::ALL`] for all of it.
    pub minimum: Lots,
    /// Whose.
    pub owner: u32,
    /// Instrument.
    pub instrument: InstrumentId,
    /// Side.
    pub side: Side,
    pub(super) flags: u32,
}

impl Standing {
    /// The minimum of an all-or-none order.
    pub const ALL: Lots = Lots::MAX;

    /// Whether it may only add.
    #[must_use]
    pub const fn is_post_only(&self) -> bool {
        self.flags & Record::POST_ONLY != 0
    }

    /// Whether it is a peg.
    #[must_use]
    pub const fn is_peg(&self) -> bool {
        self.flags & Record::PEG != 0
    }

    /// Whether an incoming order that has `leaves` may trade with it.
    #[must_use]
    pub fn is_willing(&self, leaves: Lots) -> bool {
        leaves >= self.minimum.min(self.leaves)
    }
}

/// An order that stands outside the book and takes part in one auction: on-open, on-close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Its id.
    pub order_id: u64,
    /// The client's own number for it.
    pub client: u64,
    /// Its limit; `None` for a market order.
    pub limit: Option<Ticks>,
    /// What is left of it; the auction takes off what trades.
    pub leaves: Lots,
    /// Best bid plus best ask when it arrived; 0 if the book had no two sides.
    pub arrival_mid2: Ticks,
    /// Whose.
    pub owner: u32,
}
