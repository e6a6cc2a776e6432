// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The public market as a journal tells it: what was best, what traded, what was shown where an order
//! went. Execution quality is judged by it.
//!
//! It reads any journal of a run: market data goes through the feeds' decoders into books of its own,
//! one set a venue, because references of orders are a venue's own. Our orders are in these books
//! exactly where the venue shows them to everybody: never in a backtest, always where they are live.
//! Nothing is allocated per entry; a venue or a feed that is met for the first time takes its memory.

mod depth;
mod market;
mod packet;

#[cfg(test)]
mod tests;

pub use depth::Depth;

use crate::book::{Books, BooksConfig};
use crate::component::Entry;
use crate::events::{
    FeedStateChanged, InstrumentDefined, InstrumentListed, MarketUpdated, PacketReceived,
    TickRungDefined, VenueDefined,
};
use crate::types::{InstrumentId, Lots, Side, TickTable, Ticks, TsNs};
use packet::{Feed, OnlyFeed};

/// Most venues whose books are kept; instruments of those after have none.
pub const VENUES_MAX: usize = 32;
/// Most feeds that are decoded; packets of those after are counted and left.
pub const FEEDS_MAX: usize = 32;

/// The best prices of an instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Top {
    /// Best bid in ticks; 0 when nobody bids.
    pub bid: Ticks,
    /// Quantity there, in lots; 0 when nobody bids.
    pub bid_qty: Lots,
    /// Best ask in ticks; 0 when nobody offers.
    pub ask: Ticks,
    /// Quantity there, in lots; 0 when nobody offers.
    pub ask_qty: Lots,
}

/// A trade that the market printed, or the news that one is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    /// Price in ticks; 0 for a break.
    pub price: Ticks,
    /// Quantity in lots; 0 for a break.
    pub qty: Lots,
    /// The venue's match number; 0 where it gives none.
    pub match_id: u64,
    /// Who took; `None` where the venue does not say.
    pub aggressor: Option<Side>,
    /// Whether it counts as volume.
    pub is_volume: bool,
    /// Whether this says that the match is broken.
    pub is_break: bool,
}

/// When and where something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// The entry that said it.
    pub seq: u64,
    /// That entry's time.
    pub ts_ns: TsNs,
    /// Instrument.
    pub instrument: InstrumentId,
}

/// Where the tape puts what it sees, in the order of the journal.
pub trait TapeSink {
    /// The best prices, or the quantity there, are others than before.
    fn top(&mut self, at: At, top: &Top);

    /// Somebody traded, or a trade was broken.
    fn print(&mut self, at: At, print: &Print);

    /// What was shown where an order of ours is priced, before that entry had any effect.
    fn depth(&mut self, at: At, depth: &Depth);
}

/// What the tape could not use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TapeCounts {
    /// Messages of market data that were read.
    pub messages: u64,
    /// Messages that break their layout.
    pub malformed: u64,
    /// Updates that no book took: an instrument nobody defined, an order nobody added, no room.
    pub unplaced: u64,
    /// Messages that the numbers of packets show to be missing.
    pub missing: u64,
    /// Times that a book was crossed.
    pub crossed: u64,
}

/// What is kept of an instrument beside its book.
#[derive(Clone, Copy, Debug, Default)]
struct Listing {
    symbol: [u8; 16],
    ticks: TickTable,
    venue_id: u32,
    /// Place of its venue's books, once something was said of it.
    books: Option<u8>,
    is_defined: bool,
    is_crossed: bool,
    top: Top,
}

/// The books of one venue.
struct Venue {
    id: u32,
    feed: Option<u16>,
    books: Option<Books>,
}

/// Reads entries, and says what the market did.
pub struct MarketTape {
    feeds: Vec<Feed>,
    only: OnlyFeed,
    market: Market,
}

/// Everything behind the feeds.
struct Market {
    config: BooksConfig,
    listings: Vec<Listing>,
    venues: Vec<Venue>,
    counts: TapeCounts,
}

impl MarketTape {
    /// A tape of nothing yet.
    #[must_use]
    pub fn new(config: BooksConfig) -> Self {
        let listings = vec![Listing::default(); config.instruments_max as usize + 1];
        let (venues, counts) = (Vec::with_capacity(VENUES_MAX), TapeCounts::default());
        let market = Market { config, listings, venues, counts };
        Self { feeds: Vec::with_capacity(FEEDS_MAX), only: OnlyFeed::new(), market }
    }

    /// What could not be used.
    #[must_use]
    pub const fn counts(&self) -> TapeCounts {
        self.market.counts
    }

    /// The best prices of an instrument, as of the last entry.
    #[must_use]
    pub fn top(&self, instrument: InstrumentId) -> Top {
        self.market.listings.get(instrument as usize).map_or_else(Top::default, |it| it.top)
    }

    /// Takes one entry in.
    pub fn apply<S: TapeSink>(&mut self, entry: Entry<'_>, sink: &mut S) {
        match entry.kind {
            PacketReceived::KIND => self.packet(entry, sink),
            MarketUpdated::KIND => {
                self.market.counts.messages += 1;
                match MarketUpdated::decode(entry.body) {
                    Some(update) => self.market.update(&update, entry, sink),
                    None => self.market.counts.malformed += 1,
                }
            }
            InstrumentDefined::KIND => with(InstrumentDefined::decode(entry.body), |defined| {
                self.market.define(defined.instrument_id, defined.symbol, TickTable::flat(1));
            }),
            TickRungDefined::KIND => {
                with(TickRungDefined::decode(entry.body), |rung| self.market.rung(&rung));
            }
            InstrumentListed::KIND => {
                with(InstrumentListed::decode(entry.body), |listed| self.list(&listed));
            }
            VenueDefined::KIND => {
                with(VenueDefined::decode(entry.body), |venue| self.define_venue(venue));
            }
            FeedStateChanged::KIND => with(FeedStateChanged::decode(entry.body), |change| {
                self.feed_changed(&change, entry, sink);
            }),
            _ => self.market.asked(entry, sink),
        }
    }
}

/// Does something with an event whose bytes were whole; a journal checks them by its checksum.
fn with<T>(event: Option<T>, then: impl FnOnce(T)) {
    if let Some(event) = event {
        then(event);
    }
}
