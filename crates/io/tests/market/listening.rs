// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a listener makes of market data, what the engine's own books are, and clients who keep them
//! moving.

use std::io::Read;
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{JoinHandle, Scope, ScopedJoinHandle};
use std::time::Duration;

use onetape_core::book::{Books, BooksConfig};
use onetape_core::component::Outbox;
use onetape_core::events::{InstrumentDefined, MarketUpdated, Side};
use onetape_core::exchange::Wires;
use onetape_core::exchange::node::Exchange;
use onetape_core::feed::{ItchFeed, MarketSink};
use onetape_core::hash::mix;
use onetape_io::journal_file::JournalReader;

use super::{Client, Running, SYMBOLS, cancel, make};

/// Every order that is seen: instrument, side, reference, price, quantity; in priority.
pub(crate) type Queues = Vec<(u32, Side, u64, i64, u64)>;

/// The sides of every instrument.
fn sides() -> impl Iterator<Item = (u32, Side)> {
    (1..=SYMBOLS.len() as u32).flat_map(|id| [(id, Side::Buy), (id, Side::Sell)])
}

/// The engine's own.
pub(crate) fn own(exchange: &Exchange) -> Queues {
    let matcher = exchange.market().matcher();
    sides()
        .flat_map(|(id, side)| matcher.orders(id, side).map(move |order| (id, side, order)))
        .map(|(id, side, order)| (id, side, order.order_ref, order.price, order.qty))
        .collect()
}

/// The books as the feed's own decoder and book make them.
pub(crate) struct Book {
    feed: ItchFeed,
    books: Books,
}

struct Into<'a>(&'a mut Books);

impl MarketSink for Into<'_> {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.0.define(definition.instrument_id, 100).unwrap();
    }

    fn update(&mut self, update: &MarketUpdated) {
        self.0.apply_market(update).expect("the exchange's own data fits the book");
    }
}

impl Book {
    pub(crate) fn new() -> Self {
        let config = BooksConfig { orders_max: 1 << 14, instruments_max: 4, window_levels: 256 };
        Self { feed: ItchFeed::new(0), books: Books::new(config) }
    }

    pub(crate) fn hear(&mut self, message: &[u8]) {
        self.feed.decode(message, &mut Into(&mut self.books)).expect("an ITCH message");
    }

    pub(crate) fn queues(&self) -> Queues {
        let mut all = Vec::new();
        for (id, side) in sides() {
            for level in self.books.levels(id, side) {
                let orders = self.books.orders(id, side, level.price);
                all.extend(orders.map(|order| (id, side, order.order_ref, order.price, order.qty)));
            }
        }
        all
    }
}

struct Nothing;

impl Outbox for Nothing {
    fn emit(&mut self, _kind: u16, _version: u8, _body: &[u8]) {}
}

/// How much was published.
struct Published(u64);

impl Wires for Published {
    fn send(&mut self, _port: u32, _message: &[u8]) {}

    fn publish(&mut self, _message: &[u8]) {
        self.0 += 1;
    }
}

/// Has an exchange live a journal's inputs again; `look` sees it after each, with the number of
/// public messages so far.
pub(crate) fn relive(journal: &Path, mut look: impl FnMut(&Exchange, u64)) {
    let (mut exchange, mut published) = (make(), Published(0));
    let mut reader = JournalReader::open(journal).unwrap();
    while let Some(entry) = reader.next_entry().unwrap() {
        let is_input = entry.source != 0;
        if is_input {
            exchange.apply_to(entry, &mut Nothing, &mut published);
            look(&exchange, published.0);
        }
    }
}

/// Enter Order with a life, a display and tags.
pub(crate) fn order(
    number: u32,
    (side, qty, price): (u8, u32, u64),
    symbol: [u8; 8],
    letters: [u8; 2],
    tags: &[(u8, &[u8])],
) -> Vec<u8> {
    let mut out = super::enter(number, side, qty, symbol, price);
    out[26..28].copy_from_slice(&letters);
    out.truncate(out.len() - 2);
    let mut appendage = Vec::new();
    for (tag, value) in tags {
        appendage.extend_from_slice(&[value.len() as u8 + 1, *tag]);
        appendage.extend_from_slice(value);
    }
    out.extend_from_slice(&(appendage.len() as u16).to_be_bytes());
    out.extend_from_slice(&appendage);
    out
}

/// Replace Order: displayed, good for the day.
fn replace(original: u32, number: u32, qty: u32, price: u64) -> Vec<u8> {
    let mut out = vec![b'U'];
    for word in [original, number, qty] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    out.extend_from_slice(&price.to_be_bytes());
    out.extend_from_slice(b"0YN              ");
    out.extend_from_slice(&[0, 0]);
    out
}

/// A client's next message: of every kind that moves a book.
pub(crate) fn any_message(random: u64, number: u32) -> Vec<u8> {
    let old = 1 + (random >> 20) as u32 % number;
    let qty = 1 + (random >> 8) as u32 % 500;
    let price = 100_000 + (random >> 32) % 12 * 100;
    let symbol = SYMBOLS[(random >> 2 & 1) as usize];
    let side = if random >> 4 & 1 == 0 { b'B' } else { b'S' };
    let terms = (side, qty, price);
    let slice = (1 + qty / 4).to_be_bytes();
    match (random >> 44) % 16 {
        0..=5 => order(number, terms, symbol, *b"0Y", &[]),
        6 => order(number, terms, symbol, *b"0N", &[]),
        7 => order(number, terms, symbol, *b"3Y", &[]),
        8 => order(number, terms, symbol, *b"0Y", &[(5, &slice)]),
        9 => order(number, terms, symbol, *b"0N", &[(6, b"R")]),
        10 => order(number, terms, symbol, *b"0Y", &[(12, b"P")]),
        11..=12 => replace(old, number, qty + 50, price),
        _ => cancel(old),
    }
}

/// Reads away what a client is told, until the connection ends.
pub(crate) fn drain(mut socket: TcpStream) -> JoinHandle<u64> {
    std::thread::spawn(move || {
        let (mut bytes, mut count) = (vec![0; 64 << 10], 0);
        while let Ok(length @ 1..) = socket.read(&mut bytes) {
            count += length as u64;
        }
        count
    })
}

/// Has ports 1 to 3 trade without a pause until told to end.
pub(crate) fn keep_trading<'s, 'e: 's>(
    scope: &'s Scope<'s, 'e>,
    running: &Running,
    done: &'e AtomicBool,
    seed: u64,
) -> ScopedJoinHandle<'s, u32> {
    let mut clients: Vec<Client> = (1..=3).map(|id| running.client(id, 1)).collect();
    scope.spawn(move || {
        let drains: Vec<_> =
            clients.iter().map(|client| drain(client.socket.try_clone().unwrap())).collect();
        let (mut random, mut number) = (seed, 0);
        while !done.load(Ordering::Acquire) {
            number += 1;
            for client in &mut clients {
                random = mix(random + 1);
                client.say(&any_message(random, number));
            }
            if number % 8 == 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
        for client in &clients {
            client.socket.shutdown(Shutdown::Both).unwrap();
        }
        assert!(drains.into_iter().all(|drain| drain.join().unwrap() > 1_000));
        number
    })
}
