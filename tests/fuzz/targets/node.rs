// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any bytes as the inputs of an exchange: messages on ports of every protocol, sessions that come
//! and go, operators, ticks, days. It takes them all; its market data makes its own
//! book; a snapshot of it goes on the same way.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onetape_core::book::{Books, BooksConfig};
use onetape_core::component::{Component, Entry, Outbox, Snapshot};
use onetape_core::events::{
    ClockTicked, DayStarted, FirmDefined, InstrumentDefined, InstrumentRuled, MarketUpdated,
    Operation, OperatorCommanded, OrderFormat, OrderMessageReceived, Phase, PortDefined, PortKind,
    SessionClosed, SessionOpened, Side, StpMode,
};
use onetape_core::exchange::market::MarketConfig;
use onetape_core::exchange::node::{Exchange, ExchangeConfig};
use onetape_core::exchange::{MatcherConfig, Wires};
use onetape_core::feed::{ItchFeed, MarketSink};

const INSTRUMENTS: u32 = 2;
const FORMATS: [OrderFormat; 4] =
    [OrderFormat::Ouch50, OrderFormat::Ouch42, OrderFormat::Fix44, OrderFormat::Fix50sp2];
/// Inputs of whole records, by the byte that chooses; any bytes fill them.
const KINDS: [u16; 5] = [
    SessionOpened::KIND,
    SessionClosed::KIND,
    OperatorCommanded::KIND,
    ClockTicked::KIND,
    DayStarted::KIND,
];

/// What leaves, as one number, and the public's messages.
#[derive(Default)]
struct Out {
    sum: u64,
    itch: Vec<Vec<u8>>,
}

impl Out {
    fn add(&mut self, from: u64, bytes: &[u8]) {
        for &byte in bytes {
            self.sum = (self.sum ^ from ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

struct Events<'a>(&'a mut Out);

impl Outbox for Events<'_> {
    fn emit(&mut self, kind: u16, _version: u8, body: &[u8]) {
        self.0.add(u64::from(kind), body);
    }
}

#[derive(Default)]
struct Lines(Out);

impl Wires for Lines {
    fn send(&mut self, port: u32, message: &[u8]) {
        self.0.add(u64::from(port), message);
    }

    fn publish(&mut self, message: &[u8]) {
        self.0.add(0, message);
        self.0.itch.push(message.to_vec());
    }
}

struct Node {
    exchange: Exchange,
    events: Out,
    lines: Lines,
    seq: u64,
}

impl Node {
    fn new() -> Self {
        let books = BooksConfig { orders_max: 64, instruments_max: 4, window_levels: 64 };
        let matcher = MatcherConfig {
            books,
            hidden_orders_max: 32,
            owners_max: 8,
            ..MatcherConfig::default()
        };
        let market = MarketConfig { matcher, specials_max: 32, owners_max: 8 };
        let (ports_max, firms_max, names_max, trades_max) = (6, 3, 64, 32);
        let config = ExchangeConfig { market, ports_max, firms_max, names_max, trades_max };
        let (events, lines) = (Out::default(), Lines::default());
        Self { exchange: Exchange::new(config), events, lines, seq: 0 }
    }

    fn input(&mut self, ts_ns: i64, kind: u16, body: &[u8]) {
        self.seq += 1;
        let entry = Entry { seq: self.seq, ts_ns, kind, version: 1, source: 1, body };
        self.exchange.apply_to(entry, &mut Events(&mut self.events), &mut self.lines);
    }

    /// Two instruments, two firms, a port of each protocol and a drop copy; continuous trading.
    fn open(&mut self) {
        for id in 1..=INSTRUMENTS {
            let mut symbol = [0; 16];
            symbol[..3].copy_from_slice([b"ONE", b"TWO"][id as usize - 1]);
            let (currency, tick_e9, lot_e9) = (*b"USD\0\0\0\0\0", 100_000, 1_000_000_000);
            let instrument = InstrumentDefined {
                symbol,
                currency,
                tick_e9,
                lot_e9,
                multiplier_e9: lot_e9,
                instrument_id: id,
                venue_code: id,
            };
            self.input(1, InstrumentDefined::KIND, &instrument.encode());
            let mut rules = [0; InstrumentRuled::SIZE];
            rules[..8].copy_from_slice(&100_000_i64.to_le_bytes());
            let rules = InstrumentRuled {
                instrument_id: id,
                band_bps: if id == 2 { 500 } else { 0 },
                pro_rata: u8::from(id == 2),
                ..InstrumentRuled::decode(&rules).expect("its size")
            };
            self.input(1, InstrumentRuled::KIND, &rules.encode());
        }
        for firm_id in 1..=2 {
            let firm = FirmDefined { mpid: *b"FIRM\0\0\0\0", firm_id, reserved: 0 };
            self.input(1, FirmDefined::KIND, &firm.encode());
        }
        for port_id in 1..=5_u32 {
            let is_copy = port_id == 5;
            let port = PortDefined {
                order_qty_max: 1 << 30,
                order_notional_max: 1 << 60,
                open_orders_max: 40,
                orders_per_second_max: 1_000,
                cancels_per_second_max: 10,
                port_id,
                firm_id: 1 + port_id % 2,
                collar_bps: 0,
                kind: if is_copy { PortKind::DropCopy } else { PortKind::OrderEntry }.raw(),
                format: if is_copy { OrderFormat::Fix44 } else { FORMATS[port_id as usize - 1] }
                    .raw(),
                cancel_on_disconnect: (port_id % 2) as u8,
                stp_mode: StpMode::CancelNewest.raw(),
                stp_by_port: 0,
                duplicates_max: 0,
                post_only_rejects: 0,
                reserved1: 0,
            };
            let name = format!("user{port_id}");
            self.input(1, PortDefined::KIND, &[&port.encode()[..], name.as_bytes()].concat());
        }
        let mut session = [0; 16];
        session[..3].copy_from_slice(b"DAY");
        let day = DayStarted { midnight_ts_ns: 0, date: 20_261_121, reserved: 0, session };
        self.input(1, DayStarted::KIND, &day.encode());
        let operation = u16::from(Operation::SetPhase.raw());
        let value = i64::from(Phase::Continuous.raw());
        let (reserved1, instrument_id, firm_id, port_id) = (0, 0, 0, 0);
        let command =
            OperatorCommanded { value, operation, reserved1, instrument_id, firm_id, port_id };
        self.input(1, OperatorCommanded::KIND, &command.encode());
        for port_id in 1..=5 {
            let opened = SessionOpened { port_id, heartbeat_ms: 0, next_sequence: 1 };
            self.input(1, SessionOpened::KIND, &opened.encode());
        }
    }
}

/// The book as a listener makes it.
struct Heard(Books);

impl MarketSink for Heard {
    fn define(&mut self, definition: &InstrumentDefined) {
        let _known_already = self.0.define(definition.instrument_id, 1);
    }

    fn update(&mut self, update: &MarketUpdated) {
        self.0.apply_market(update).expect("the exchange's own data fits the book");
    }
}

/// What one input is made of: a byte that chooses, a byte of how much time has passed, a length.
fn inputs(data: &[u8]) -> Vec<(i64, u16, Vec<u8>)> {
    let (mut rest, mut ts_ns, mut all) = (data, 2, Vec::new());
    while let [choice, time, length, after @ ..] = rest {
        let (body, after) = after.split_at(usize::from(*length).min(after.len()));
        rest = after;
        ts_ns += i64::from(*time) * 10_000_000;
        let place = usize::from(choice / 16);
        all.push(match KINDS.get(place.wrapping_sub(16 - KINDS.len())) {
            Some(kind) => (ts_ns, *kind, body.to_vec()),
            None => {
                let port_id = 1 + u32::from(choice % 5);
                let format = FORMATS.get(port_id as usize - 1).unwrap_or(&OrderFormat::Fix44);
                let format = u16::from(format.raw());
                let head = OrderMessageReceived { port_id, format, reserved: 0 };
                (ts_ns, OrderMessageReceived::KIND, [&head.encode()[..], body].concat())
            }
        });
    }
    all
}

fuzz_target!(|data: &[u8]| {
    let inputs = inputs(data);
    let mut node = Node::new();
    node.open();
    // A snapshot takes long to make: in one input of four, for speed.
    let has_twin = data.last().is_some_and(|last| last % 4 == 0);
    let mut twin: Option<Node> = None;
    for (at, (ts_ns, kind, body)) in inputs.iter().enumerate() {
        if has_twin && at == inputs.len() / 2 {
            let mut saved = Vec::new();
            node.exchange.save(&mut saved);
            let mut other = Node::new();
            other.exchange.restore(&mut &saved[..]).expect("it was saved just now");
            assert_eq!(other.exchange.state_hash(), node.exchange.state_hash());
            (other.seq, other.events.sum, other.lines.0.sum) =
                (node.seq, node.events.sum, node.lines.0.sum);
            twin = Some(other);
        }
        node.input(*ts_ns, *kind, body);
        if let Some(twin) = &mut twin {
            twin.input(*ts_ns, *kind, body);
        }
    }
    if let Some(twin) = twin {
        assert_eq!(twin.exchange.state_hash(), node.exchange.state_hash());
        assert_eq!((twin.events.sum, twin.lines.0.sum), (node.events.sum, node.lines.0.sum));
    }
    // A day that starts anew numbers its market data anew: only days whole are followed.
    if inputs.iter().any(|(_, kind, _)| *kind == DayStarted::KIND) {
        return;
    }
    let config = BooksConfig { orders_max: 64, instruments_max: 4, window_levels: 64 };
    let (mut feed, mut heard) = (ItchFeed::new(0), Heard(Books::new(config)));
    for message in &node.lines.0.itch {
        feed.decode(message, &mut heard).expect("an ITCH message");
    }
    for (instrument, side) in [(1, Side::Buy), (1, Side::Sell), (2, Side::Buy), (2, Side::Sell)] {
        let matcher = node.exchange.market().matcher();
        let own: Vec<_> = (matcher.orders(instrument, side))
            .map(|order| (order.order_ref, order.price, order.qty))
            .collect();
        let levels = heard.0.levels(instrument, side);
        let told: Vec<_> = levels
            .flat_map(|level| heard.0.orders(instrument, side, level.price))
            .map(|order| (order.order_ref, order.price, order.qty))
            .collect();
        assert_eq!(told, own, "instrument {instrument}, {side:?}");
    }
});
