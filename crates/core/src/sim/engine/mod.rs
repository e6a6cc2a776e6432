// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Feed, venue, risk and order management as one deterministic function of the journal.
//!
//! The venue is the exchange's own matcher with the market's history in its book: what history did,
//! it does, and our orders trade where history would have reached them first. Knows no file, no
//! clock and no strategy: those are the driver's (`backtest.rs`).

mod intents;
mod market;
mod packet;
mod snapshot;
mod view;
mod warm;

use std::collections::VecDeque;

use crate::book::{Books, BooksConfig};
use crate::component::{Component, Entry, Outbox};
use crate::events::{Counters, MarketUpdated, PacketFormat, PacketReceived};
use crate::exchange::{Matcher, MatcherConfig, Replayed};
use crate::feed::ItchFeed;
use crate::hash::StateHasher;
use crate::queue::take_first;
use crate::trading::{Callback, Desk, DeskConfig, Touch};
use crate::types::{Instrument, Ticks, TsNs};
use crate::wire::mold::SequenceTracker;
use packet::{Sink, decode, mold_packet};

pub use crate::component::sources;

/// Limits of an engine, taken at start.
#[derive(Clone, Copy, Debug)]
pub struct EngineConfig {
    /// The book's limits.
    pub books: BooksConfig,
    /// Order management's limits; its `instruments_max` is the book's.
    pub strategies_max: u32,
    /// Live orders of one strategy.
    pub own_orders_max: u32,
    /// Midnight that ITCH timestamps count from.
    pub midnight_ns: TsNs,
}

/// What the engine keeps of an instrument beside its book.
#[derive(Clone, Copy, Debug, Default)]
struct Market {
    instrument: Option<Instrument>,
    in_book: bool,
    crossed: bool,
    last_trade: Option<Ticks>,
    touch: Touch,
    /// The best prices of all when `touch` was found; while they stand, so does `touch`.
    best: Touch,
    /// Unless our own orders stand alone in front of the others: then any change may be theirs.
    is_covered: bool,
}

/// The engine of a run.
pub struct Engine {
    feed: ItchFeed,
    streams: Vec<SequenceTracker>,
    /// Time of the last entry; not part of the state.
    now: TsNs,
    core: Core,
}

/// Most `MoldUDP64` sessions that a run tells apart.
const STREAMS_MAX: usize = 16;

/// Everything behind the feed.
struct Core {
    venue: Matcher<Replayed>,
    desk: Desk,
    markets: Vec<Market>,
    counters: Counters,
    callbacks: VecDeque<Callback>,
}

impl Engine {
    /// An engine with nothing in it; it takes all its memory now.
    #[must_use]
    pub fn new(config: EngineConfig) -> Self {
        let instruments_max = config.books.instruments_max;
        let desk = DeskConfig {
            strategies_max: config.strategies_max,
            instruments_max,
            orders_max: config.own_orders_max,
        };
        let core = Core {
            venue: Matcher::new(MatcherConfig { books: config.books, ..MatcherConfig::default() }),
            desk: Desk::new(desk),
            markets: vec![Market::default(); instruments_max as usize + 1],
            counters: Counters::default(),
            callbacks: VecDeque::with_capacity(1_024),
        };
        Self {
            feed: ItchFeed::new(config.midnight_ns),
            streams: Vec::with_capacity(STREAMS_MAX),
            now: 0,
            core,
        }
    }

    /// What was counted.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let market = self.core.venue.market_counters();
        let own = &self.core.counters;
        Counters {
            orders_unknown: own.orders_unknown + market.missing,
            orders_overfilled: own.orders_overfilled + market.capped,
            orders_displaced: own.orders_displaced + market.displaced,
            messages_malformed: own.messages_malformed + (market.refused - market.full),
            capacity_rejects: own.capacity_rejects + market.full,
            ..*own
        }
    }

    /// The venue's books: the market, and our orders among it.
    #[must_use]
    pub const fn books(&self) -> &Books {
        self.core.venue.books()
    }

    /// Order management and positions.
    #[must_use]
    pub const fn desk(&self) -> &Desk {
        &self.core.desk
    }

    /// All instruments that were named, by id.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.core.markets.iter().filter_map(|market| market.instrument.as_ref())
    }

    /// What strategies are to be told and have not been.
    #[must_use]
    pub const fn callbacks(&self) -> &VecDeque<Callback> {
        &self.core.callbacks
    }

    /// The next thing to tell.
    #[inline]
    pub fn next_callback(&mut self) -> Option<Callback> {
        take_first(&mut self.core.callbacks)
    }

    /// Drops what strategies are to be told: nobody listens.
    pub fn forget_callbacks(&mut self) {
        self.core.callbacks.clear();
    }

    /// Counts an entry whose time was before the one before it.
    pub const fn count_time(&mut self, reversed: bool) {
        self.core.counters.times_reversed += reversed as u64;
    }

    /// As [`Component::apply`], with the body in two parts.
    pub fn apply_parts(&mut self, entry: Entry<'_>, tail: &[u8], out: &mut dyn Outbox) {
        self.now = entry.ts_ns;
        self.core.desk.risk_mut().advance(entry.ts_ns);
        match entry.kind {
            PacketReceived::KIND => self.packet(entry, tail, out),
            MarketUpdated::KIND => {
                self.core.counters.packets += 1;
                self.core.counters.messages += 1;
                if let Some(update) = MarketUpdated::decode(entry.body) {
                    self.core.update(&update, entry.seq, out);
                }
            }
            _ => self.core.apply(entry, out),
        }
        if self.core.desk.has_due() {
            self.core.look_after_groups(entry, out);
        }
        if self.core.desk.risk().has_alerts() {
            self.core.answer_alerts(entry, out);
        }
    }

    /// Market data as it came off the wire.
    fn packet(&mut self, entry: Entry<'_>, tail: &[u8], out: &mut dyn Outbox) {
        let Self { feed, streams, core, .. } = self;
        core.counters.packets += 1;
        let header = PacketReceived::decode(entry.body);
        let format = header.and_then(|header| PacketFormat::from_raw(header.format as u8));
        if header.is_some_and(|header| header.feed_id != 0) {
            // Another session's locates and order references would be taken for the first one's.
            core.counters.packets_other_feed += 1;
            return;
        }
        let mut sink = Sink { core, out, cause: entry.seq };
        match format {
            Some(PacketFormat::Itch50) => decode(feed, tail, &mut sink),
            Some(PacketFormat::Moldudp64Itch50) => mold_packet(feed, streams, tail, &mut sink),
            // The sources of a run give no snapshots: those are a live node's.
            Some(PacketFormat::Glimpse50Itch50) | None => {
                sink.core.counters.messages_malformed += 1;
            }
        }
    }
}

impl Component for Engine {
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let size = match entry.kind {
            PacketReceived::KIND => PacketReceived::SIZE,
            _ => usize::MAX,
        };
        if let Some((fixed, tail)) = entry.body.split_at_checked(size) {
            self.apply_parts(Entry { body: fixed, ..entry }, tail, out);
        } else {
            self.apply_parts(entry, &[], out);
        }
    }

    fn state_hash(&self) -> u64 {
        let mut hasher = StateHasher::new();
        hasher.word(self.feed.state_hash());
        for stream in &self.streams {
            hasher.bytes(&stream.session().unwrap_or_default());
            hasher.word(stream.next().unwrap_or(0));
        }
        hasher.word(self.core.venue.state_hash());
        self.core.desk.hash_into(&mut hasher);
        for market in &self.core.markets {
            if let Some(instrument) = market.instrument {
                hasher.word(u64::from(instrument.id()));
                hasher.signed(market.last_trade.unwrap_or(-1));
            }
        }
        hasher.finish()
    }
}
