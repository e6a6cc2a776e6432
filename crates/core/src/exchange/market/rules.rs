// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a market is set up with, and what a replacement can say.

use super::request::Life;
use crate::events::InstrumentRuled;
use crate::exchange::MatcherConfig;
use crate::types::{InstrumentId, Lots, Side, Ticks};

/// The limits of a [`super::Market`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarketConfig {
    /// Those of its matcher and books.
    pub matcher: MatcherConfig,
    /// Most orders at one time that are more than a day order in the book: stops, pegs, on-open,
    /// on-close, good-till-cancelled and until a time.
    pub specials_max: u32,
    /// Highest owner (port) that a firm may be named for.
    pub owners_max: u32,
}

impl Default for MarketConfig {
    fn default() -> Self {
        Self { matcher: MatcherConfig::default(), specials_max: 1 << 17, owners_max: 4_096 }
    }
}

/// The rules of one instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct InstrumentRules {
    /// Reference price until something trades, in ticks; 0 for none.
    pub reference: Ticks,
    /// How far a market order may trade through the best price, in ticks; 0 for no collar.
    pub collar: Ticks,
    /// Width of the price bands to either side, in basis points; 0 for none.
    pub band_bps: u32,
    /// Length of a volatility auction, in milliseconds; 0: it lasts until it is ended.
    pub pause_ms: u32,
    /// How far from the reference a volatility auction may end, in basis points; 0 for no limit.
    pub auction_collar_bps: u32,
    /// Whether each price is shared by size, and not by time.
    pub pro_rata: bool,
}

impl From<&InstrumentRuled> for InstrumentRules {
    fn from(event: &InstrumentRuled) -> Self {
        Self {
            reference: event.reference_ticks,
            collar: event.collar_ticks,
            band_bps: event.band_bps,
            pause_ms: event.pause_ms,
            auction_collar_bps: event.auction_collar_bps,
            pro_rata: event.pro_rata != 0,
        }
    }
}

/// What a replacement changes. Side and instrument stay, and what is not named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The replacement's own handle, echoed from now on.
    pub client: u64,
    /// New total over the chain, the executed part included, in lots.
    pub qty: Lots,
    /// New limit price, in ticks. 0: none, where the order can do without one (market, peg).
    pub price: Ticks,
    /// New life; `None`: it stays.
    pub life: Option<Life>,
    /// New stop price of a stop that waits; `None`: it stays.
    pub stop: Option<Ticks>,
    /// Whether one with invalid details is refused and the original stays (FIX), or the original is
    /// cancelled (OUCH).
    pub keeps_original: bool,
}

/// Which orders a mass cancel is for: those that satisfy each part that is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Which {
    /// Of this owner (port).
    pub owner: Option<u32>,
    /// Of owners of this firm.
    pub firm: Option<u32>,
    /// In this instrument.
    pub instrument: Option<InstrumentId>,
    /// On this side.
    pub side: Option<Side>,
}
