// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Other markets in: a venue's messages made into our events.
//!
//! A feed numbers the instruments it meets and turns each message into at most one
//! [`MarketUpdated`]. It keeps no book, and never drops what it cannot place: an update of an
//! instrument nobody named carries instrument 0.

mod arbiter;
mod health;
mod held;
mod itch;
mod reader;
mod selected;
mod window;

pub use arbiter::{Arbiter, Arrived, LineCounts};
pub use health::{FEEDS_MAX, Health, Rule, Rules, Verdict};
pub use held::{Held, HeldPackets, Holding};
pub use itch::{Decoded, ItchFeed};
pub use reader::{FeedReader, ReaderCounts};
pub use selected::SelectedFeed;
pub use window::{MADE_REF, Told, VisibleLevel, VisibleSide, WindowCounts, WindowedBook};

use crate::events::{InstrumentDefined, MarketUpdated};

/// Flag of a [`MarketUpdated`]: the price is the trade's and differs from the order's.
pub const FLAG_TRADE_PRICE: u16 = 1;
/// Flag of a [`MarketUpdated`]: the trade is not to be counted as volume.
pub const FLAG_NOT_PRINTABLE: u16 = 2;

/// Where a feed puts what it decodes. Calls come in the order of the venue's messages.
pub trait MarketSink {
    /// An instrument was met for the first time. Comes before any update of it.
    fn define(&mut self, definition: &InstrumentDefined);

    /// Something happened in an instrument.
    fn update(&mut self, update: &MarketUpdated);
}
