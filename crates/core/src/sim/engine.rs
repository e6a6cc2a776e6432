// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Feed, venue, risk and order management as one deterministic function of the journal.
//!
//! The venue is the exchange's own matcher with the market's history in its book: what history did,
//! it does, and our orders trade where history would have reached them first. Knows no file, no
//! clock and no strategy: those are the driver's (`backtest.rs`).

use std::collections::VecDeque;

use super::callback::{Callback, MarketTrade, Telling};
use super::venue::{Answers, execute};
use crate::book::{Bbo, Books, BooksConfig, LevelView, QueuePosition};
use crate::component::{Component, Entry, Outbox, Snapshot, SnapshotError};
use crate::events::{
    CancelAll, CancelOrder, CancelReason, Counters, EnterOrder, InstrumentDefined, Limit, LimitSet,
    MarketAction, MarketUpdated, PacketFormat, PacketReceived, ReplaceOrder, SetQuote,
    StrategyStarted, StrategyStopped, TickRungDefined, TimerFired,
};
use crate::exchange::{Matcher, MatcherConfig, Replayed};
use crate::feed::{Decoded, ItchFeed, MarketSink};
use crate::hash::StateHasher;
use crate::snapshot::{read_array, read_i64, read_u32, read_u64, write_i64, write_u32, write_u64};
use crate::trading::{Desk, DeskConfig, Reference, VenueCommand};
use crate::types::{
    Instrument, InstrumentId, Lots, Rung, Side, StrategyId, TickTable, Ticks, TsNs,
};
use crate::wire::mold::{self, Arrival, SequenceTracker};

/// Who put an entry into the journal of a run.
pub mod sources {
    /// The engine: an output.
    pub const ENGINE: u32 = 0;
    /// The market-data source.
    pub const FEED: u32 = 1;
    /// The configuration, and the run itself.
    pub const CONFIG: u32 = 2;
    /// A strategy: this plus its id.
    pub const STRATEGY: u32 = 0x100;
}

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

/// The best prices of others in an instrument; our own orders are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Touch {
    /// Best bid price in ticks; 0 when there is none.
    pub bid: Ticks,
    /// Quantity there, in lots.
    pub bid_qty: Lots,
    /// Best ask price in ticks; 0 when there is none.
    pub ask: Ticks,
    /// Quantity there, in lots.
    pub ask_qty: Lots,
}

impl Touch {
    /// Whether both sides have a price.
    #[must_use]
    pub const fn is_two_sided(&self) -> bool {
        self.bid_qty != 0 && self.ask_qty != 0
    }
}

/// What the engine keeps of an instrument beside its book.
#[derive(Clone, Copy, Debug, Default)]
struct Market {
    instrument: Option<Instrument>,
    in_book: bool,
    crossed: bool,
    last_trade: Option<Ticks>,
    touch: Touch,
}

/// The engine of a run.
pub struct Engine {
    feed: ItchFeed,
    streams: Vec<SequenceTracker>,
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
            messages_malformed: own.messages_malformed + market.refused,
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

    /// An instrument, once it was named.
    #[must_use]
    pub fn instrument(&self, id: InstrumentId) -> Option<&Instrument> {
        self.core.markets.get(id as usize)?.instrument.as_ref()
    }

    /// All instruments that were named, by id.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.core.markets.iter().filter_map(|market| market.instrument.as_ref())
    }

    /// The best prices of others, as of the last entry.
    #[must_use]
    pub fn touch(&self, id: InstrumentId) -> Touch {
        self.core.markets.get(id as usize).map_or_else(Touch::default, |market| market.touch)
    }

    /// Price of the last trade.
    #[must_use]
    pub fn last_trade(&self, id: InstrumentId) -> Option<Ticks> {
        self.core.markets.get(id as usize)?.last_trade
    }

    /// Levels of one side without our own orders, best first.
    pub fn others(&self, id: InstrumentId, side: Side) -> impl Iterator<Item = LevelView> {
        self.core.others(id, side)
    }

    /// Where a live order of ours stands in its queue; `None` when it does not rest.
    #[must_use]
    pub fn queue_position(
        &self,
        strategy: StrategyId,
        id: InstrumentId,
        client_id: u64,
    ) -> Option<QueuePosition> {
        let order = self.core.desk.orders(strategy)?.get(id, client_id)?;
        self.books().queue_position(order.order_id | Matcher::<Replayed>::OWN_BIT)
    }

    /// What strategies are to be told and have not been.
    #[must_use]
    pub const fn callbacks(&self) -> &VecDeque<Callback> {
        &self.core.callbacks
    }

    /// The next thing to tell.
    #[inline]
    pub fn next_callback(&mut self) -> Option<Callback> {
        self.core.callbacks.pop_front()
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
    }

    /// Market data as it came off the wire.
    fn packet(&mut self, entry: Entry<'_>, tail: &[u8], out: &mut dyn Outbox) {
        let Self { feed, streams, core } = self;
        core.counters.packets += 1;
        let header = PacketReceived::decode(entry.body);
        let format = header.and_then(|header| PacketFormat::from_raw(header.format as u8));
        let mut sink = Sink { core, out, cause: entry.seq };
        match format {
            Some(PacketFormat::Itch50) => decode(feed, tail, &mut sink),
            Some(PacketFormat::Moldudp64Itch50) => mold_packet(feed, streams, tail, &mut sink),
            None => sink.core.counters.messages_malformed += 1,
        }
    }
}

/// One ITCH message: counted, decoded, applied.
#[inline]
fn decode(feed: &mut ItchFeed, message: &[u8], sink: &mut Sink<'_>) {
    sink.core.counters.messages += 1;
    match feed.decode(message, sink) {
        Ok(Decoded::Update | Decoded::Nothing) => {}
        Ok(Decoded::Unknown) => sink.core.counters.messages_unknown += 1,
        Err(_) => sink.core.counters.messages_malformed += 1,
    }
}

/// One `MoldUDP64` packet: those of its messages that are new.
fn mold_packet(
    feed: &mut ItchFeed,
    streams: &mut Vec<SequenceTracker>,
    bytes: &[u8],
    sink: &mut Sink<'_>,
) {
    let Ok(packet) = mold::Packet::decode(bytes) else {
        sink.core.counters.messages_malformed += 1;
        return;
    };
    let skip = match stream_of(streams, &packet.header) {
        Some(stream) => sink.core.arrival(stream, &packet.header),
        None => Some(0),
    };
    let Some(skip) = skip else { return };
    for message in packet.messages().skip(usize::from(skip)) {
        match message {
            Ok((_, message)) => decode(feed, message, sink),
            Err(_) => sink.core.counters.messages_malformed += 1,
        }
    }
}

/// The tracker of a packet's session; `None` when there are too many sessions to keep.
fn stream_of<'a>(
    streams: &'a mut Vec<SequenceTracker>,
    header: &mold::Header,
) -> Option<&'a mut SequenceTracker> {
    let at = streams.iter().position(|stream| stream.session() == Some(header.session));
    let at = at.unwrap_or(streams.len());
    if at == STREAMS_MAX {
        return None;
    }
    if at == streams.len() {
        streams.push(SequenceTracker::joining());
    }
    Some(&mut streams[at])
}

/// Where the feed puts what it decodes.
struct Sink<'a> {
    core: &'a mut Core,
    out: &'a mut dyn Outbox,
    cause: u64,
}

impl MarketSink for Sink<'_> {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.core.define(definition, TickTable::us_equity_price4());
        self.out.emit(InstrumentDefined::KIND, InstrumentDefined::VERSION, &definition.encode());
    }

    #[inline]
    fn update(&mut self, update: &MarketUpdated) {
        self.core.update(update, self.cause, self.out);
    }
}

impl Core {
    fn define(&mut self, definition: &InstrumentDefined, tick_table: TickTable) {
        let id = definition.instrument_id;
        let Some(market) = self.markets.get_mut(id as usize) else {
            self.counters.capacity_rejects += 1;
            return;
        };
        market.instrument = Some(Instrument { definition: *definition, tick_table });
        self.callbacks.push_back(Callback::Defined(id));
    }

    /// One rung of a tick table; a rung that does not fit the table is counted as malformed.
    fn define_rung(&mut self, rung: &TickRungDefined) {
        let market = self.markets.get_mut(rung.instrument_id as usize);
        let Some(instrument) = market.and_then(|market| market.instrument.as_mut()) else {
            self.counters.messages_malformed += 1;
            return;
        };
        let mut rungs = instrument.tick_table.rungs().to_vec();
        rungs.truncate(rung.rung as usize);
        rungs.push(Rung { from: rung.from_price_ticks, increment: rung.increment_ticks });
        match TickTable::from_rungs(&rungs) {
            Ok(table) => instrument.tick_table = table,
            Err(_) => self.counters.messages_malformed += 1,
        }
    }

    /// The venue takes up an instrument at its first order: its tick table is whole by then.
    #[cold]
    fn open_market(&mut self, id: InstrumentId) -> bool {
        let Some(market) = self.markets.get_mut(id as usize) else { return false };
        let Some(instrument) = market.instrument else { return false };
        market.in_book = self.venue.define_instrument(id, instrument.tick_table).is_ok();
        market.in_book
    }

    /// One thing that happened in the market.
    #[inline]
    fn update(&mut self, update: &MarketUpdated, cause: u64, out: &mut dyn Outbox) {
        let id = update.instrument_id;
        let in_book = self.markets.get(id as usize).is_some_and(|market| market.in_book);
        if !in_book && !self.open_market(id) {
            self.counters.orders_unknown += 1;
            return;
        }
        let trade = self.trade_of(update);
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let mut answers = Answers { desk: &mut self.desk, out: &mut telling, cause };
        self.venue.market_update(update, &mut answers);
        if let Some(trade) = trade {
            self.markets[id as usize].last_trade = Some(trade.price);
            self.callbacks.push_back(Callback::Trade(trade));
        }
        self.look(id);
    }

    /// The trade that a message speaks of, before it is applied.
    #[inline]
    fn trade_of(&self, update: &MarketUpdated) -> Option<MarketTrade> {
        let instrument = update.instrument_id;
        match MarketAction::from_raw(update.action)? {
            MarketAction::Execute => {
                let order = self.venue.books().order(update.order_ref)?;
                Some(MarketTrade {
                    instrument,
                    price: if update.price_ticks == 0 { order.price } else { update.price_ticks },
                    qty: update.qty_lots.min(order.qty),
                    aggressor: Some(order.side.opposite()),
                })
            }
            MarketAction::Trade | MarketAction::Cross if update.qty_lots > 0 => {
                let aggressor = Side::from_raw(update.side).map(Side::opposite);
                let (price, qty) = (update.price_ticks, update.qty_lots);
                Some(MarketTrade { instrument, price, qty, aggressor })
            }
            _ => None,
        }
    }

    /// What a packet's number says: how many of its messages came before, or `None` for all.
    fn arrival(&mut self, stream: &mut SequenceTracker, header: &mold::Header) -> Option<u16> {
        let mut arrival = stream.observe(header);
        if let Arrival::Gap { missing, .. } = arrival {
            // A capture cannot ask again: the loss is counted and the stream goes on.
            self.counters.gaps += missing;
            stream.accept_gap(header.sequence);
            arrival = stream.observe(header);
        }
        match arrival {
            Arrival::Deliver { skip, .. } => {
                self.counters.packets_duplicate += u64::from(skip);
                Some(skip)
            }
            Arrival::Nothing { duplicates } => {
                self.counters.packets_duplicate += u64::from(duplicates);
                None
            }
            Arrival::Gap { .. } | Arrival::OtherSession | Arrival::Ended => None,
        }
    }

    /// Tells of the best prices of others if they changed.
    fn look(&mut self, id: InstrumentId) {
        let touch = self.touch_now(id);
        let market = &mut self.markets[id as usize];
        let crossed = touch.is_two_sided() && touch.bid >= touch.ask;
        self.counters.books_crossed += u64::from(crossed && !market.crossed);
        market.crossed = crossed;
        if market.touch != touch {
            market.touch = touch;
            self.counters.bbo_changes += 1;
            self.callbacks.push_back(Callback::Book(id));
        }
    }

    /// The best prices of others, from the book.
    #[inline]
    fn touch_now(&self, id: InstrumentId) -> Touch {
        let Bbo { mut bid, mut ask } = self.venue.books().bbo(id);
        if self.desk.has_open(id) {
            bid = self.others(id, Side::Buy).next();
            ask = self.others(id, Side::Sell).next();
        }
        let (bid_price, bid_qty) = bid.map_or((0, 0), |level| (level.price, level.qty));
        let (ask_price, ask_qty) = ask.map_or((0, 0), |level| (level.price, level.qty));
        Touch { bid: bid_price, bid_qty, ask: ask_price, ask_qty }
    }

    /// Levels of one side without our own orders, best first.
    fn others(&self, id: InstrumentId, side: Side) -> impl Iterator<Item = LevelView> {
        self.venue.books().levels(id, side).filter_map(move |level| {
            let (own, orders) = self.desk.at(id, side, level.price);
            let qty = level.qty.saturating_sub(own);
            (qty != 0).then_some(LevelView { qty, orders: level.orders - orders, ..level })
        })
    }

    /// What the desk is told of a market when it decides.
    fn reference(&self, id: InstrumentId) -> Reference {
        let Bbo { bid, ask } = self.venue.books().bbo(id);
        let last = self.markets.get(id as usize).and_then(|market| market.last_trade);
        Reference { bid: bid.map(|l| l.price), ask: ask.map(|l| l.price), last }
    }

    /// Has the venue do what the desk decided, and looks at the market afterwards.
    fn send(&mut self, id: InstrumentId, command: VenueCommand, cause: u64, out: &mut dyn Outbox) {
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let mut answers = Answers { desk: &mut self.desk, out: &mut telling, cause };
        execute(&mut self.venue, &command, &mut answers);
        if id != 0 && (id as usize) < self.markets.len() {
            self.look(id);
        }
    }

    /// Any entry but market data.
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        let body = entry.body;
        match entry.kind {
            EnterOrder::KIND => with(EnterOrder::decode(body), |e| self.enter(&e, entry, out)),
            CancelOrder::KIND => with(CancelOrder::decode(body), |e| self.cancel(&e, entry, out)),
            ReplaceOrder::KIND => {
                with(ReplaceOrder::decode(body), |e| self.replace(&e, entry, out));
            }
            SetQuote::KIND => with(SetQuote::decode(body), |e| self.quote(&e, entry, out)),
            CancelAll::KIND => with(CancelAll::decode(body), |e| {
                self.cancel_all(e.strategy_id, e.instrument_id, CancelReason::User, entry, out);
            }),
            LimitSet::KIND => with(LimitSet::decode(body), |e| {
                if let Some(limit) = Limit::from_raw(e.limit as u8) {
                    self.desk.risk_mut().set(limit, e.instrument_id, e.value);
                }
            }),
            InstrumentDefined::KIND => with(InstrumentDefined::decode(body), |e| {
                self.define(&e, TickTable::flat(1));
            }),
            TickRungDefined::KIND => {
                with(TickRungDefined::decode(body), |e| self.define_rung(&e));
            }
            TimerFired::KIND => with(TimerFired::decode(body), |e| {
                self.callbacks.push_back(Callback::Timer(e.timer_id));
            }),
            StrategyStarted::KIND => with(StrategyStarted::decode(body), |e| {
                self.desk.set_running(e.strategy_id, true);
            }),
            StrategyStopped::KIND => with(StrategyStopped::decode(body), |e| {
                self.desk.set_running(e.strategy_id, false);
                let reason = CancelReason::StrategyStopped;
                self.cancel_all(e.strategy_id, 0, reason, entry, out);
            }),
            // The configuration is for readers; other kinds are of a later version: kept, skipped.
            _ => {}
        }
    }

    fn enter(&mut self, order: &EnterOrder, entry: Entry<'_>, out: &mut dyn Outbox) {
        let market = self.reference(order.instrument_id);
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let command = self.desk.enter(order, &market, entry.ts_ns, entry.seq, &mut telling);
        if let Some(command) = command {
            self.send(order.instrument_id, command, entry.seq, out);
        }
    }

    fn cancel(&mut self, cancel: &CancelOrder, entry: Entry<'_>, out: &mut dyn Outbox) {
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        if let Some(command) = self.desk.cancel(cancel, entry.seq, &mut telling) {
            self.send(cancel.instrument_id, command, entry.seq, out);
        }
    }

    fn replace(&mut self, replace: &ReplaceOrder, entry: Entry<'_>, out: &mut dyn Outbox) {
        let market = self.reference(replace.instrument_id);
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let command = self.desk.replace(replace, &market, entry.ts_ns, entry.seq, &mut telling);
        if let Some(command) = command {
            self.send(replace.instrument_id, command, entry.seq, out);
        }
    }

    fn quote(&mut self, quote: &SetQuote, entry: Entry<'_>, out: &mut dyn Outbox) {
        for side in self.desk.quote_order(quote) {
            let market = self.reference(quote.instrument_id);
            let mut telling = Telling { out, callbacks: &mut self.callbacks };
            let (now, cause) = (entry.ts_ns, entry.seq);
            let command = self.desk.quote_side(quote, side, &market, now, cause, &mut telling);
            let Some(command) = command else { continue };
            self.send(quote.instrument_id, command, cause, out);
            if let VenueCommand::Replace { order_id, .. } = command
                && self.venue.order(order_id).is_some()
            {
                // The venue refused to move it: no quote is better than a stale one.
                let cancel = VenueCommand::Cancel { order_id, reason: CancelReason::Quote };
                self.send(quote.instrument_id, cancel, cause, out);
            }
        }
    }

    fn cancel_all(
        &mut self,
        strategy: StrategyId,
        instrument: InstrumentId,
        reason: CancelReason,
        entry: Entry<'_>,
        out: &mut dyn Outbox,
    ) {
        let mut telling = Telling { out, callbacks: &mut self.callbacks };
        let mut answers = Answers { desk: &mut self.desk, out: &mut telling, cause: entry.seq };
        self.venue.cancel_owner(strategy, instrument, reason, &mut answers);
    }
}

/// Does something with an event whose bytes were whole; a journal checks them by its checksum.
fn with<T>(event: Option<T>, then: impl FnOnce(T)) {
    if let Some(event) = event {
        then(event);
    }
}

impl Component for Engine {
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        if entry.kind == PacketReceived::KIND && entry.body.len() >= PacketReceived::SIZE {
            let (fixed, tail) = entry.body.split_at(PacketReceived::SIZE);
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

impl Snapshot for Engine {
    fn save(&self, out: &mut Vec<u8>) {
        self.feed.save(out);
        write_u32(out, self.streams.len() as u32);
        for stream in &self.streams {
            out.extend_from_slice(&stream.session().unwrap_or_default());
            write_u64(out, stream.next().unwrap_or(0));
        }
        self.core.venue.save(out);
        self.core.desk.save(out);
        for value in self.core.counters.values() {
            write_u64(out, value);
        }
        write_u32(out, self.instruments().count() as u32);
        for market in self.core.markets.iter().filter(|market| market.instrument.is_some()) {
            market.save(out);
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.feed.restore(bytes)?;
        self.streams.clear();
        for _ in 0..read_u32(bytes)?.min(STREAMS_MAX as u32) {
            let (session, next) = (read_array(bytes)?, read_u64(bytes)?);
            self.streams.push(SequenceTracker::from_sequence(session, next));
        }
        self.core.venue.restore(bytes)?;
        self.core.desk.restore(bytes)?;
        let mut values = [0; Counters::NAMES.len()];
        for value in &mut values {
            *value = read_u64(bytes)?;
        }
        self.core.counters = Counters::from_values(values);
        self.core.callbacks.clear();
        self.core.markets.fill(Market::default());
        for _ in 0..read_u32(bytes)? {
            let market = Market::restore(bytes)?;
            let id = market.instrument.map_or(0, |instrument| instrument.id());
            let slot = self.core.markets.get_mut(id as usize);
            *slot.ok_or(SnapshotError::Invalid { what: "engine: instruments_max is lower" })? =
                market;
        }
        Ok(())
    }
}

impl Market {
    fn save(&self, out: &mut Vec<u8>) {
        let Some(instrument) = self.instrument else { return };
        out.extend_from_slice(&instrument.definition.encode());
        let rungs = instrument.tick_table.rungs();
        write_u32(out, rungs.len() as u32);
        for rung in rungs {
            write_i64(out, rung.from);
            write_i64(out, rung.increment);
        }
        write_u32(out, u32::from(self.in_book) | u32::from(self.crossed) << 1);
        write_i64(out, self.last_trade.unwrap_or(-1));
        let Touch { bid, bid_qty, ask, ask_qty } = self.touch;
        write_i64(out, bid);
        write_u64(out, bid_qty);
        write_i64(out, ask);
        write_u64(out, ask_qty);
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let body: [u8; InstrumentDefined::SIZE] = read_array(bytes)?;
        let invalid = SnapshotError::Invalid { what: "engine: an instrument" };
        let definition = InstrumentDefined::decode(&body).ok_or(invalid)?;
        let mut rungs = [Rung::default(); TickTable::RUNGS_MAX];
        let rungs_count = read_u32(bytes)? as usize;
        for rung in rungs.get_mut(..rungs_count).ok_or(invalid)? {
            *rung = Rung { from: read_i64(bytes)?, increment: read_i64(bytes)? };
        }
        let tick_table = TickTable::from_rungs(&rungs[..rungs_count]).map_err(|_| invalid)?;
        let bits = read_u32(bytes)?;
        let last_trade = read_i64(bytes)?;
        Ok(Self {
            instrument: Some(Instrument { definition, tick_table }),
            in_book: bits & 1 != 0,
            crossed: bits & 2 != 0,
            last_trade: (last_trade >= 0).then_some(last_trade),
            touch: Touch {
                bid: read_i64(bytes)?,
                bid_qty: read_u64(bytes)?,
                ask: read_i64(bytes)?,
                ask_qty: read_u64(bytes)?,
            },
        })
    }
}
