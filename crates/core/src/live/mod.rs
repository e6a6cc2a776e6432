// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A live node: feeds in, orders out, as one deterministic function of the journal.
//!
//! It keeps a book for every venue's feed, order management over all of them, and one port a venue.
//! What it wants sent is an output first. It knows no socket, no clock and no process: those are the
//! shell's (`crates/io/src/live`). A strategy's process applies the same inputs to a node of its own,
//! and so knows what this one knows.

mod breakers;
mod configured;
mod doubts;
mod flatten;
mod groups;
mod intents;
mod kept;
mod kill;
mod limits;
mod market;
mod operate;
mod owner;
mod packet;
mod parameters;
mod port;
mod reconcile;
mod shown;
mod snapshot;
mod venue;
mod view;

use std::collections::VecDeque;

use crate::book::{Books, BooksConfig};
use crate::component::{Component, Entry, Outbox, sources};
use crate::events::{
    BreakerSet, Counters, MarketUpdated, PacketReceived, SetQuote, VenueMessageReceived,
};
use crate::feed::{FEEDS_MAX, Health, Rules};
use crate::hash::StateHasher;
use crate::queue::take_first;
use crate::trading::{Callback, Desk, DeskConfig, Telling, Touch};
use crate::types::{Instrument, InstrumentId, StrategyId, Ticks, TsNs};
use crate::wire::mold::Session;
use breakers::{Breakers, Throttle, Watch};
use flatten::Flatten;
use kill::Kills;
use parameters::Parameters;
use reconcile::Reconcile;
use venue::Venue;

pub use breakers::BreakerView;
pub use owner::owner;
pub use parameters::{CHANGES_MAX, PARAMETERS_MAX, Parameter};
pub use port::Outgoing;
pub use reconcile::ReconciliationView;
pub use snapshot::NODE_SNAPSHOT_VERSION;

/// Commands of one entry that breakers are told of; more count as this many.
const SENT_MAX: usize = 1_024;

/// Limits of a node, taken at start.
#[derive(Clone, Copy, Debug)]
pub struct NodeConfig {
    /// Limits of each venue's books; `instruments_max` counts for the node as a whole.
    pub books: BooksConfig,
    /// Venues, numbered from 1.
    pub venues_max: u32,
    /// Strategies, numbered from 1.
    pub strategies_max: u32,
    /// Live orders of one strategy, and of all strategies at one venue.
    pub own_orders_max: u32,
    /// Midnight that ITCH timestamps count from.
    pub midnight_ns: TsNs,
    /// What market data must keep to before it touches a book.
    pub rules: Rules,
}

/// What the node keeps of an instrument beside its book.
#[derive(Clone, Copy, Debug, Default)]
struct Market {
    instrument: Option<Instrument>,
    venue: u32,
    product: InstrumentId,
    in_book: bool,
    last_trade: Option<Ticks>,
    /// When its feed last said something of it that was applied: when that was received.
    heard_ns: TsNs,
    touch: Touch,
    /// The best prices of all when `touch` was found; while they stand, so does `touch`.
    best: Touch,
    /// Our own orders are among the best: then any change may be theirs.
    is_covered: bool,
}

/// A live node.
pub struct Node {
    config: NodeConfig,
    venues: Vec<Venue>,
    core: Core,
    kills: Kills,
    flatten: Flatten,
    parameters: Parameters,
    /// The circuit breakers, once one was set.
    breakers: Option<Box<Breakers>>,
    reconcile: Reconcile,
}

/// Everything that is not one venue's.
struct Core {
    desk: Desk,
    markets: Vec<Market>,
    /// The last quote that waits for an answer of the venue, by strategy and instrument.
    waiting: Vec<Option<SetQuote>>,
    health: Health,
    /// By strategy: stopped for a reason that only a person takes back.
    held: Vec<bool>,
    counters: Counters,
    callbacks: VecDeque<Callback>,
    /// Whether anybody hears callbacks.
    has_listener: bool,
    /// Strategies of commands that left in this entry, for the breakers.
    sent: Vec<StrategyId>,
    has_breakers: bool,
    throttle: Throttle,
    /// By feed: how long its messages wait in this machine before they are taken in.
    delays_ns: Vec<i64>,
    /// When the newest input was received that a strategy may act on.
    input_ns: TsNs,
    now: TsNs,
}

impl Node {
    /// A node with nothing in it; it takes all its memory now, but for its venues' when they are
    /// defined.
    #[must_use]
    pub fn new(config: NodeConfig) -> Self {
        let instruments_max = config.books.instruments_max;
        let desk = DeskConfig {
            strategies_max: config.strategies_max,
            instruments_max,
            orders_max: config.own_orders_max,
        };
        let pairs = config.strategies_max as usize * (instruments_max as usize + 1);
        let core = Core {
            desk: Desk::new(desk),
            markets: vec![Market::default(); instruments_max as usize + 1],
            waiting: vec![None; pairs],
            health: Health::new(instruments_max, config.rules),
            held: vec![false; config.strategies_max as usize + 1],
            counters: Counters::default(),
            callbacks: VecDeque::with_capacity(1_024),
            has_listener: false,
            sent: Vec::with_capacity(SENT_MAX),
            has_breakers: false,
            throttle: Throttle::new(config.strategies_max),
            delays_ns: vec![0; FEEDS_MAX],
            input_ns: 0,
            now: 0,
        };
        Self {
            config,
            venues: Vec::with_capacity(config.venues_max as usize),
            core,
            kills: Kills::new(),
            flatten: Flatten::new(),
            parameters: Parameters::new(config.strategies_max),
            breakers: None,
            reconcile: Reconcile::new(config.own_orders_max),
        }
    }

    /// The limits it was made with.
    #[must_use]
    pub const fn config(&self) -> NodeConfig {
        self.config
    }

    /// From here on callbacks are kept for somebody who takes them.
    pub const fn listen(&mut self) {
        self.core.has_listener = true;
    }

    /// What was counted.
    #[must_use]
    pub fn counters(&self) -> Counters {
        let mut counters = self.core.counters;
        for read in self.venues.iter().map(|venue| venue.reader.counts()) {
            counters.messages += read.messages;
            counters.messages_unknown += read.unknown;
            counters.messages_malformed += read.malformed;
            counters.packets_duplicate += read.duplicates;
            counters.gaps += read.missing;
        }
        counters
    }

    /// Order management and positions.
    #[must_use]
    pub const fn desk(&self) -> &Desk {
        &self.core.desk
    }

    /// A venue's books.
    #[must_use]
    pub fn books(&self, venue: u32) -> Option<&Books> {
        self.venues.get((venue as usize).checked_sub(1)?).map(|venue| &venue.books)
    }

    /// The venue where an instrument trades; 0 when it is not listed.
    #[must_use]
    pub fn venue_of(&self, id: InstrumentId) -> u32 {
        self.core.markets.get(id as usize).map_or(0, |market| market.venue)
    }

    /// The product that an instrument is a listing of; 0 when it is not listed.
    #[must_use]
    pub fn product_of(&self, id: InstrumentId) -> InstrumentId {
        self.core.markets.get(id as usize).map_or(0, |market| market.product)
    }

    /// All instruments, by id.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.core.markets.iter().filter_map(|market| market.instrument.as_ref())
    }

    /// Whether a strategy was stopped for a reason that only a person takes back: it does not start
    /// again by itself, not even when the node does.
    #[must_use]
    pub fn is_held(&self, strategy: StrategyId) -> bool {
        self.core.held.get(strategy as usize).is_some_and(|&held| held)
    }

    /// Whether a venue takes orders: connected, and everything told.
    #[must_use]
    pub fn is_ready(&self, venue: u32) -> bool {
        self.venues.get((venue as usize).wrapping_sub(1)).is_some_and(|v| v.port.is_ready())
    }

    /// The session and the next message of a venue's feed, once known: what its lines go on from.
    #[must_use]
    pub fn feed_position(&self, venue: u32) -> Option<(Session, u64)> {
        self.venues.get((venue as usize).wrapping_sub(1))?.reader.position()
    }

    /// Orders that live or are on their way at a venue.
    #[must_use]
    pub fn live_orders(&self, venue: u32) -> usize {
        self.venues.get((venue as usize).wrapping_sub(1)).map_or(0, |venue| venue.port.live())
    }

    /// The next thing to tell strategies.
    #[inline]
    pub fn next_callback(&mut self) -> Option<Callback> {
        take_first(&mut self.core.callbacks)
    }

    /// Drops what strategies are to be told.
    pub fn forget_callbacks(&mut self) {
        self.core.callbacks.clear();
    }

    /// Gives every message that is to leave, with its venue, in order; they are journaled.
    #[inline]
    pub fn take_outgoing(&mut self, mut send: impl FnMut(u32, &[u8])) {
        for venue in &mut self.venues {
            for message in &venue.port.outgoing {
                send(venue.port.venue, message.bytes());
            }
            venue.port.outgoing.clear();
        }
    }

    /// Bytes of the fixed part of an entry of this kind, for [`Self::apply_parts`]; more than any has
    /// for the kinds without a tail.
    #[must_use]
    pub const fn fixed_bytes(kind: u16) -> usize {
        use crate::events::{
            ConfigLoaded, FeedStateChanged, FlattenRequested, LimitsTaken, NodeConfigured,
            StrategyLoaded, StrategyParameterSet, StrategyStarted, StrategyStopped,
            TradingStateSet, VenueDefined, VenueLinkChanged, VenueReported,
        };
        match kind {
            PacketReceived::KIND => PacketReceived::SIZE,
            VenueMessageReceived::KIND => VenueMessageReceived::SIZE,
            VenueDefined::KIND => VenueDefined::SIZE,
            VenueLinkChanged::KIND => VenueLinkChanged::SIZE,
            FeedStateChanged::KIND => FeedStateChanged::SIZE,
            VenueReported::KIND => VenueReported::SIZE,
            TradingStateSet::KIND => TradingStateSet::SIZE,
            FlattenRequested::KIND => FlattenRequested::SIZE,
            StrategyStarted::KIND => StrategyStarted::SIZE,
            StrategyStopped::KIND => StrategyStopped::SIZE,
            StrategyParameterSet::KIND => StrategyParameterSet::SIZE,
            NodeConfigured::KIND => NodeConfigured::SIZE,
            StrategyLoaded::KIND => StrategyLoaded::SIZE,
            ConfigLoaded::KIND => ConfigLoaded::SIZE,
            LimitsTaken::KIND => LimitsTaken::SIZE,
            _ => usize::MAX,
        }
    }

    /// Does what an entry asks for.
    #[inline]
    fn act(&mut self, entry: Entry<'_>, tail: &[u8], out: &mut dyn Outbox) {
        self.core.health.on_time(&entry, out);
        match entry.kind {
            PacketReceived::KIND => self.packet(entry, tail, out),
            MarketUpdated::KIND => {
                if let Some(update) = MarketUpdated::decode(entry.body) {
                    self.market_updated(&update, entry, out);
                }
            }
            VenueMessageReceived::KIND => {
                self.core.input_ns = entry.ts_ns;
                self.venue_message(entry, tail, out);
            }
            _ => self.apply_other(entry, tail, out),
        }
    }

    /// As [`Component::apply`], with the body in two parts.
    #[inline]
    pub fn apply_parts(&mut self, entry: Entry<'_>, tail: &[u8], out: &mut dyn Outbox) {
        self.core.now = entry.ts_ns;
        self.core.desk.risk_mut().advance(entry.ts_ns);
        if let Some(mut breakers) = self.breakers.take() {
            let now = entry.ts_ns;
            let mut watch = Watch { breakers: &mut breakers, out: &mut *out, now };
            self.act(entry, tail, &mut watch);
            self.breakers = Some(breakers);
            self.judge_breakers(entry, out);
        } else {
            self.act(entry, tail, out);
            if entry.kind == BreakerSet::KIND {
                self.make_breakers();
                self.judge_breakers(entry, out);
            }
        }
        if self.core.desk.has_alarms() {
            self.answer_alarms(entry, out);
        }
        if self.core.desk.has_due() {
            self.look_after_groups(entry, out);
        }
        if self.core.desk.risk().has_alerts() {
            self.answer_alerts(entry, out);
        }
        if !self.kills.is_quiet() {
            self.look_after_kills(entry, out);
        }
        if !self.flatten.is_quiet() {
            self.look_after_flatten(entry, out);
        }
        if self.reconcile.is_due(entry.ts_ns) {
            self.look_at_differences(entry, out);
        }
        if !self.core.has_listener {
            self.core.callbacks.clear();
        }
    }
}

impl Core {
    /// Passes outputs on, and callbacks to the queue.
    fn telling<'a>(&'a mut self, out: &'a mut dyn Outbox) -> (&'a mut Desk, Telling<'a>) {
        (&mut self.desk, Telling { out, callbacks: &mut self.callbacks })
    }

    fn waiting_index(&self, strategy: StrategyId, instrument: InstrumentId) -> Option<usize> {
        let width = self.markets.len();
        let row = (strategy as usize).checked_sub(1)?;
        let known = (instrument as usize) < width;
        known.then_some(row * width + instrument as usize).filter(|&at| at < self.waiting.len())
    }
}

impl Component for Node {
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        match entry.body.split_at_checked(Self::fixed_bytes(entry.kind)) {
            Some((fixed, tail)) => self.apply_parts(Entry { body: fixed, ..entry }, tail, out),
            None => self.apply_parts(entry, &[], out),
        }
    }

    fn state_hash(&self) -> u64 {
        let mut hasher = StateHasher::new();
        for venue in &self.venues {
            venue.hash_into(&mut hasher);
        }
        self.core.desk.hash_into(&mut hasher);
        self.core.health.hash_into(&mut hasher);
        self.kills.hash_into(&mut hasher);
        self.flatten.hash_into(&mut hasher);
        self.reconcile.hash_into(&mut hasher);
        self.core.held.iter().for_each(|&held| hasher.word(u64::from(held)));
        self.parameters.hash_into(&mut hasher);
        if let Some(breakers) = &self.breakers {
            breakers.hash_into(&mut hasher);
            self.core.throttle.hash_into(&mut hasher);
        }
        self.hash_configured(&mut hasher);
        for market in &self.core.markets {
            if let Some(instrument) = market.instrument {
                hasher.word(u64::from(instrument.id()));
                hasher.signed(market.last_trade.unwrap_or(-1));
                hasher.signed(market.heard_ns);
            }
        }
        hasher.signed(self.core.input_ns);
        for &delay_ns in self.core.delays_ns.iter().filter(|&&delay_ns| delay_ns != 0) {
            hasher.signed(delay_ns);
        }
        for quote in self.core.waiting.iter().flatten() {
            hasher.bytes(&quote.encode());
        }
        hasher.finish()
    }
}

/// Whether an entry is an input: a node's outputs are not applied again.
#[must_use]
pub const fn is_input(source: u32) -> bool {
    source != sources::ENGINE
}
