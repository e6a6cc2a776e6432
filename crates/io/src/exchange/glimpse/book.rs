// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a snapshot of the public stream says: each symbol's state, and every displayed order.

use std::collections::{BTreeMap, HashMap};

use onetape_core::book::{Books, BooksConfig, OrderView};
use onetape_core::events::{InstrumentDefined, MarketUpdated};
use onetape_core::feed::{ItchFeed, MarketSink};
use onetape_core::types::{InstrumentId, Side};
use onetape_core::wire::itch::{AddOrder, AddOrderMpid, Message};

use super::snapshot::Snapshot;
use crate::exchange::store::Stream;

/// Messages of a symbol's state that a snapshot repeats, in its order.
const STATES: [u8; 5] = *b"RHYNh";

/// What the books do not keep of an order.
#[derive(Clone, Copy, Debug)]
struct Joined {
    timestamp_ns: u64,
    attribution: Option<[u8; 4]>,
}

/// The public stream's books, up to some message.
#[derive(Debug)]
pub(super) struct PublicBook {
    feed: ItchFeed,
    books: Books,
    joined: HashMap<u64, Joined>,
    /// Symbol and locate of each instrument, by id less one.
    symbols: Vec<([u8; 8], u16)>,
    /// What happened so far today.
    events: Vec<Vec<u8>>,
    /// The last message of each kind, symbol and, for operational halts, market.
    states: BTreeMap<(u8, u16, u8), Vec<u8>>,
    /// Number of the next message to apply.
    next: u64,
    /// Messages that did not apply.
    refused: u64,
}

/// Applies what a message means.
struct Applied<'a> {
    books: &'a mut Books,
    symbols: &'a mut Vec<([u8; 8], u16)>,
    refused: &'a mut u64,
}

impl MarketSink for Applied<'_> {
    fn define(&mut self, definition: &InstrumentDefined) {
        let mut symbol = [b' '; 8];
        for (to, from) in symbol.iter_mut().zip(definition.symbol).filter(|(_, byte)| *byte != 0) {
            *to = from;
        }
        self.symbols.push((symbol, definition.venue_code as u16));
        *self.refused += u64::from(self.books.define(definition.instrument_id, 1).is_err());
    }

    fn update(&mut self, update: &MarketUpdated) {
        *self.refused += u64::from(self.books.apply_market(update).is_err());
    }
}

impl PublicBook {
    /// Empty books.
    pub(super) fn new(orders_max: u32) -> Self {
        let books = BooksConfig { orders_max, ..BooksConfig::default() };
        Self {
            feed: ItchFeed::new(0),
            books: Books::new(books),
            // Never grown: that would stop whoever shares the core for milliseconds.
            joined: HashMap::with_capacity(orders_max as usize),
            symbols: Vec::new(),
            events: Vec::new(),
            states: BTreeMap::new(),
            next: 1,
            refused: 0,
        }
    }

    /// Applies what was released meanwhile, at most `count_max` messages; whether it is up to date.
    pub(super) fn follow(&mut self, stream: &Stream, count_max: usize) -> bool {
        for _ in 0..count_max {
            let Some(message) = stream.message(self.next) else { return true };
            self.apply(message);
            self.next += 1;
        }
        false
    }

    /// Released messages that it has not applied.
    pub(super) fn behind(&self, stream: &Stream) -> u64 {
        (stream.released() + 1).saturating_sub(self.next)
    }

    fn apply(&mut self, bytes: &[u8]) {
        let Self { feed, books, symbols, refused, .. } = self;
        let mut applied = Applied { books, symbols, refused };
        if feed.decode(bytes, &mut applied).is_err() {
            self.refused += 1;
            return;
        }
        let Ok(message) = Message::decode(bytes) else { return };
        match message {
            Message::AddOrder(view) => {
                let AddOrder { order_ref, timestamp_ns, .. } = view.read();
                self.joined.insert(order_ref, Joined { timestamp_ns, attribution: None });
            }
            Message::AddOrderMpid(view) => {
                let AddOrderMpid { order_ref, timestamp_ns, attribution, .. } = view.read();
                let joined = Joined { timestamp_ns, attribution: Some(attribution) };
                self.joined.insert(order_ref, joined);
            }
            Message::OrderReplace(view) => {
                let replaced = view.read();
                let attribution =
                    self.joined.remove(&replaced.order_ref).and_then(|old| old.attribution);
                let timestamp_ns = replaced.timestamp_ns;
                let joined = Joined { timestamp_ns, attribution };
                self.joined.insert(replaced.new_order_ref, joined);
            }
            Message::OrderDelete(view) => self.forget(view.read().order_ref),
            Message::OrderExecuted(view) => self.forget(view.read().order_ref),
            Message::OrderExecutedWithPrice(view) => self.forget(view.read().order_ref),
            Message::OrderCancel(view) => self.forget(view.read().order_ref),
            Message::SystemEvent(_) => self.events.push(bytes.to_vec()),
            _ => self.keep_state(bytes),
        }
    }

    /// Forgets an order that has left the book.
    fn forget(&mut self, order_ref: u64) {
        if self.books.order(order_ref).is_none() {
            self.joined.remove(&order_ref);
        }
    }

    /// Keeps the last message of a symbol's state.
    fn keep_state(&mut self, bytes: &[u8]) {
        let Some(place) = STATES.iter().position(|kind| *kind == bytes[0]) else { return };
        let locate = u16::from_be_bytes([bytes[1], bytes[2]]);
        let market = if bytes[0] == b'h' { bytes[19] } else { 0 };
        self.states.insert((place as u8, locate, market), bytes.to_vec());
    }

    /// Writes down everything as it stands between two messages.
    pub(super) fn cut(&self) -> Snapshot {
        let mut snapshot = Snapshot::default();
        self.events.iter().for_each(|event| snapshot.push(event));
        self.states.values().for_each(|state| snapshot.push(state));
        for (at, (symbol, locate)) in self.symbols.iter().enumerate() {
            let instrument = at as InstrumentId + 1;
            for side in [Side::Buy, Side::Sell] {
                for level in self.books.levels(instrument, side) {
                    for order in self.books.orders(instrument, side, level.price) {
                        self.push_order(&mut snapshot, &order, *symbol, *locate);
                    }
                }
            }
        }
        snapshot.end(self.next);
        snapshot
    }

    fn push_order(&self, out: &mut Snapshot, order: &OrderView, stock: [u8; 8], locate: u16) {
        let joined = self.joined.get(&order.order_ref).copied();
        let Joined { timestamp_ns, attribution } =
            joined.unwrap_or(Joined { timestamp_ns: 0, attribution: None });
        let add = AddOrder {
            stock_locate: locate,
            tracking_number: 0,
            timestamp_ns,
            order_ref: order.order_ref,
            side: if order.side == Side::Buy { b'B' } else { b'S' },
            shares: u32::try_from(order.qty).unwrap_or(u32::MAX),
            stock,
            price_e4: u32::try_from(order.price).unwrap_or(u32::MAX),
        };
        let Some(attribution) = attribution else { return out.push(&add.encode()) };
        let AddOrder { stock_locate, tracking_number, order_ref, side, shares, price_e4, .. } = add;
        let named = AddOrderMpid {
            stock_locate,
            tracking_number,
            timestamp_ns,
            order_ref,
            side,
            shares,
            stock,
            price_e4,
            attribution,
        };
        out.push(&named.encode());
    }

    /// Messages that did not apply.
    pub(super) const fn refused(&self) -> u64 {
        self.refused
    }
}
