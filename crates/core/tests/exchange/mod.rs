// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A small exchange, its clients' messages in raw OUCH, and everything that it puts out.

pub(crate) mod fix_client;

use std::collections::BTreeMap;

use onetape_core::book::{Books, BooksConfig};
use onetape_core::component::{Entry, Outbox};
use onetape_core::events::{
    ClockTicked, DayStarted, FirmDefined, InstrumentDefined, InstrumentRuled, MarketUpdated,
    Operation, OperatorCommanded, OrderFormat, OrderMessageReceived, Phase, PortDefined, PortKind,
    Side, StpMode, TickRungDefined,
};
use onetape_core::exchange::market::MarketConfig;
use onetape_core::exchange::node::{Exchange, ExchangeConfig};
use onetape_core::exchange::{MatcherConfig, Wires};
use onetape_core::feed::{ItchFeed, MarketSink};

pub(crate) const SYMBOLS: [&[u8]; 3] = [b"ONE", b"TAPE", b"REEL"];

/// All that leaves an exchange.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tape {
    pub(crate) events: Vec<(u16, Vec<u8>)>,
    pub(crate) ports: BTreeMap<u32, Vec<Vec<u8>>>,
    pub(crate) itch: Vec<Vec<u8>>,
}

struct Events<'a>(&'a mut Vec<(u16, Vec<u8>)>);

impl Outbox for Events<'_> {
    fn emit(&mut self, kind: u16, _version: u8, body: &[u8]) {
        self.0.push((kind, body.to_vec()));
    }
}

struct Streams<'a>(&'a mut BTreeMap<u32, Vec<Vec<u8>>>, &'a mut Vec<Vec<u8>>);

impl Wires for Streams<'_> {
    fn send(&mut self, port: u32, message: &[u8]) {
        self.0.entry(port).or_default().push(message.to_vec());
    }

    fn publish(&mut self, message: &[u8]) {
        self.1.push(message.to_vec());
    }
}

/// An exchange and what it was given, so that it can be given again.
pub(crate) struct Market {
    pub(crate) exchange: Exchange,
    pub(crate) tape: Tape,
    pub(crate) inputs: Vec<(i64, u16, Vec<u8>)>,
    ts_ns: i64,
}

pub(crate) fn config() -> ExchangeConfig {
    let books = BooksConfig { orders_max: 1 << 12, instruments_max: 4, window_levels: 256 };
    let matcher = MatcherConfig {
        books,
        hidden_orders_max: 1 << 12,
        owners_max: 8,
        ..MatcherConfig::default()
    };
    let market = MarketConfig { matcher, specials_max: 1 << 10, owners_max: 8 };
    ExchangeConfig { market, ports_max: 5, firms_max: 4, names_max: 1 << 12, trades_max: 1 << 14 }
}

impl Market {
    /// Three instruments, two firms, three OUCH 5.0 ports; continuous trading.
    pub(crate) fn open() -> Self {
        let mut market = Self::closed();
        market.start_day(1);
        market.operate(Operation::SetPhase, 0, i64::from(Phase::Continuous.raw()));
        market
    }

    /// As before, but no day has begun.
    pub(crate) fn closed() -> Self {
        let exchange = Exchange::new(config());
        let (tape, inputs) = (Tape::default(), Vec::new());
        let mut market = Self { exchange, tape, inputs, ts_ns: 1_000_000 };
        market.define();
        market
    }

    /// Begins the day with this number.
    pub(crate) fn start_day(&mut self, number: u8) {
        let mut session = [0; 16];
        session[..6].copy_from_slice(&[b'D', b'A', b'Y', b'0', b'0', b'0' + number]);
        let date = 20_261_120 + u32::from(number);
        let day = DayStarted { midnight_ts_ns: 0, date, reserved: 0, session };
        self.input(DayStarted::KIND, &day.encode());
    }

    /// Lets the clock tick, so much later.
    pub(crate) fn tick(&mut self, ns: i64) {
        self.ts_ns += ns;
        self.input(ClockTicked::KIND, &ClockTicked { tick: 1 }.encode());
    }

    /// The time of the last input.
    pub(crate) const fn now(&self) -> i64 {
        self.ts_ns
    }

    fn define(&mut self) {
        for (at, symbol) in SYMBOLS.iter().enumerate() {
            let instrument_id = at as u32 + 1;
            let mut padded = [0; 16];
            padded[..symbol.len()].copy_from_slice(symbol);
            let event = InstrumentDefined {
                symbol: padded,
                currency: *b"USD\0\0\0\0\0",
                tick_e9: 100_000,
                lot_e9: 1_000_000_000,
                multiplier_e9: 1_000_000_000,
                instrument_id,
                venue_code: instrument_id,
            };
            self.input(InstrumentDefined::KIND, &event.encode());
            let (rung, from_price_ticks, increment_ticks) = (0, 100, 100);
            let event = TickRungDefined { instrument_id, rung, from_price_ticks, increment_ticks };
            self.input(TickRungDefined::KIND, &event.encode());
            let event = InstrumentRuled { pro_rata: u8::from(at == 2), ..ruled(instrument_id) };
            self.input(InstrumentRuled::KIND, &event.encode());
        }
        for (at, name) in [b"ALFA", b"BETA"].iter().enumerate() {
            let mut mpid = [0; 8];
            mpid[..4].copy_from_slice(*name);
            let event = FirmDefined { mpid, firm_id: at as u32 + 1, reserved: 0 };
            self.input(FirmDefined::KIND, &event.encode());
        }
        for (port_id, firm_id) in [(1, 1), (2, 1), (3, 2)] {
            let body = port(port_id, firm_id).encode();
            self.input(PortDefined::KIND, &body);
        }
    }

    pub(crate) fn input(&mut self, kind: u16, body: &[u8]) {
        self.ts_ns += 1_000;
        self.inputs.push((self.ts_ns, kind, body.to_vec()));
        let seq = self.inputs.len() as u64;
        let entry = Entry { seq, ts_ns: self.ts_ns, kind, version: 1, source: 1, body };
        let Tape { events, ports, itch } = &mut self.tape;
        self.exchange.apply_to(entry, &mut Events(events), &mut Streams(ports, itch));
    }

    /// Lets time pass.
    pub(crate) const fn wait(&mut self, ns: i64) {
        self.ts_ns += ns;
    }

    pub(crate) fn operate(&mut self, operation: Operation, instrument_id: u32, value: i64) {
        self.command(OperatorCommanded {
            value,
            operation: u16::from(operation.raw()),
            reserved1: 0,
            instrument_id,
            firm_id: 0,
            port_id: 0,
        });
    }

    pub(crate) fn command(&mut self, command: OperatorCommanded) {
        self.input(OperatorCommanded::KIND, &command.encode());
    }

    /// A raw message of a port.
    pub(crate) fn send(&mut self, port_id: u32, message: &[u8]) {
        let format = u16::from(OrderFormat::Ouch50.raw());
        let head = OrderMessageReceived { port_id, format, reserved: 0 };
        let body = [&head.encode()[..], message].concat();
        self.input(OrderMessageReceived::KIND, &body);
    }

    /// What a port was sent since it was last asked.
    pub(crate) fn heard(&mut self, port: u32) -> Vec<Vec<u8>> {
        std::mem::take(self.tape.ports.entry(port).or_default())
    }

    /// The type letters of what a port was sent since it was last asked.
    pub(crate) fn letters(&mut self, port: u32) -> String {
        self.heard(port).iter().map(|message| char::from(message[0])).collect()
    }

    /// The type letters of the market data since it was last asked.
    pub(crate) fn shown(&mut self) -> String {
        std::mem::take(&mut self.tape.itch).iter().map(|m| char::from(m[0])).collect()
    }
}

/// Rules of an instrument that has none of its own.
pub(crate) fn ruled(instrument_id: u32) -> InstrumentRuled {
    InstrumentRuled {
        reference_ticks: 100_000,
        collar_ticks: 0,
        instrument_id,
        band_bps: 0,
        pause_ms: 1_000,
        auction_collar_bps: 0,
        pro_rata: 0,
        reserved1: 0,
        reserved2: 0,
        reserved3: 0,
    }
}

/// A port with wide limits.
pub(crate) fn port(port_id: u32, firm_id: u32) -> PortDefined {
    PortDefined {
        order_qty_max: 1 << 30,
        order_notional_max: 1 << 60,
        open_orders_max: 1 << 20,
        orders_per_second_max: 1 << 13,
        cancels_per_second_max: 1 << 13,
        port_id,
        firm_id,
        collar_bps: 0,
        kind: PortKind::OrderEntry.raw(),
        format: OrderFormat::Ouch50.raw(),
        cancel_on_disconnect: 1,
        stp_mode: StpMode::Off.raw(),
        stp_by_port: 0,
        duplicates_max: 0,
        post_only_rejects: 0,
        reserved1: 0,
    }
}

/// An Enter Order with the tags given, each a tag byte and its value.
pub(crate) fn enter(
    number: u32,
    side: u8,
    qty: u32,
    symbol: &[u8],
    price: u64,
    [tif, display]: [u8; 2],
    tags: &[(u8, &[u8])],
) -> Vec<u8> {
    let mut out = vec![b'O'];
    out.extend_from_slice(&number.to_be_bytes());
    out.push(side);
    out.extend_from_slice(&qty.to_be_bytes());
    out.extend_from_slice(symbol);
    out.resize(18, b' ');
    out.extend_from_slice(&price.to_be_bytes());
    out.extend_from_slice(&[tif, display, b'P', b'N', b'N']);
    out.extend_from_slice(b"              ");
    append(out, tags)
}

/// A Replace Order Request.
pub(crate) fn replace(original: u32, number: u32, qty: u32, price: u64, display: u8) -> Vec<u8> {
    let mut out = vec![b'U'];
    for word in [original, number, qty] {
        out.extend_from_slice(&word.to_be_bytes());
    }
    out.extend_from_slice(&price.to_be_bytes());
    out.extend_from_slice(&[b'0', display, b'N']);
    out.extend_from_slice(b"              ");
    append(out, &[])
}

/// A Cancel Order Request.
pub(crate) fn cancel(number: u32, qty: u32) -> Vec<u8> {
    let mut out = vec![b'X'];
    out.extend_from_slice(&number.to_be_bytes());
    out.extend_from_slice(&qty.to_be_bytes());
    out
}

fn append(mut out: Vec<u8>, tags: &[(u8, &[u8])]) -> Vec<u8> {
    let mut appendage = Vec::new();
    for (tag, value) in tags {
        appendage.extend_from_slice(&[value.len() as u8 + 1, *tag]);
        appendage.extend_from_slice(value);
    }
    out.extend_from_slice(&(appendage.len() as u16).to_be_bytes());
    out.extend_from_slice(&appendage);
    out
}

/// The book as the feed's own decoder and book make it of the market data.
pub(crate) struct Listener {
    feed: ItchFeed,
    pub(crate) books: Books,
    heard: usize,
}

struct Into<'a>(&'a mut Books);

impl MarketSink for Into<'_> {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.0.define(definition.instrument_id, 100).expect("an instrument of this test");
    }

    fn update(&mut self, update: &MarketUpdated) {
        self.0.apply_market(update).expect("the exchange's own data fits the book");
    }
}

impl Listener {
    pub(crate) fn new() -> Self {
        let config = BooksConfig { orders_max: 1 << 12, instruments_max: 4, window_levels: 256 };
        Self { feed: ItchFeed::new(0), books: Books::new(config), heard: 0 }
    }

    /// Somebody who hears a tape from here on: of a new day.
    pub(crate) fn from(itch: &[Vec<u8>]) -> Self {
        Self { heard: itch.len(), ..Self::new() }
    }

    /// Takes in what is new on the tape.
    pub(crate) fn listen(&mut self, itch: &[Vec<u8>]) {
        for message in &itch[self.heard..] {
            self.feed.decode(message, &mut Into(&mut self.books)).expect("an ITCH message");
        }
        self.heard = itch.len();
    }

    /// Whether every queue is the engine's.
    pub(crate) fn assert_equals(&self, exchange: &Exchange) {
        for instrument in 1..=SYMBOLS.len() as u32 {
            for side in [Side::Buy, Side::Sell] {
                let ours = exchange.market().matcher().orders(instrument, side);
                let engine: Vec<_> = ours.map(|o| (o.order_ref, o.price, o.qty)).collect();
                let levels = self.books.levels(instrument, side);
                let queues = levels.flat_map(|l| self.books.orders(instrument, side, l.price));
                let heard: Vec<_> = queues.map(|o| (o.order_ref, o.price, o.qty)).collect();
                assert_eq!(heard, engine, "instrument {instrument}, {side:?}");
            }
        }
    }
}
