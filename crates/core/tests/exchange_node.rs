// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange from raw messages in to raw messages out; the same again from its inputs; and the
//! book that its market data makes is its own book.

mod exchange;

#[path = "exchange/books.rs"]
mod books;
#[path = "exchange/connections.rs"]
mod connections;
#[path = "exchange/day.rs"]
mod day;
#[path = "exchange/flow.rs"]
mod flow;
#[path = "exchange/limits.rs"]
mod limits;

use exchange::{Listener, Market, Tape, cancel, config, enter, port, replace};
use flow::Flow;
use onetape_core::component::{Component, Entry, Outbox, Snapshot};
use onetape_core::events::{
    Operation, OperatorCommanded, OrderFilled, OrderRejected, PortDefined, RejectReason,
    SessionClosed, SessionOpened, TradeExecuted,
};
use onetape_core::exchange::node::{Exchange, ExchangeConfig};
use onetape_core::hash::mix;
use onetape_core::wire::mold::{Arrival, Header, Packet, SequenceTracker};

const DAY: [u8; 2] = *b"0Y";

fn rejects(tape: &Tape) -> Vec<u16> {
    let rejected = tape.events.iter().filter(|(kind, _)| *kind == OrderRejected::KIND);
    rejected.filter_map(|(_, body)| OrderRejected::decode(body)).map(|e| e.reason).collect()
}

#[test]
fn two_orders_trade_and_everybody_hears_of_it() {
    let mut market = Market::open();
    market.letters(1);
    market.letters(3);
    market.shown();
    market.send(1, &enter(1, b'B', 100, b"ONE", 100_000, DAY, &[]));
    assert_eq!((market.letters(1).as_str(), market.shown().as_str()), ("A", "A"));
    market.send(3, &enter(1, b'S', 60, b"ONE", 100_000, DAY, &[]));
    assert_eq!(market.letters(1), "E");
    assert_eq!(market.letters(3), "AE");
    assert_eq!(market.shown(), "E");
    let fills = market.tape.events.iter().filter(|(kind, _)| *kind == OrderFilled::KIND).count();
    let trades = market.tape.events.iter().filter(|e| e.0 == TradeExecuted::KIND).count();
    assert_eq!((fills, trades), (2, 1));
    market.send(1, &replace(1, 2, 100, 100_100, b'Y'));
    assert_eq!((market.letters(1).as_str(), market.shown().as_str()), ("U", "U"));
    market.send(1, &cancel(2, 0));
    assert_eq!((market.letters(1).as_str(), market.shown().as_str()), ("C", "D"));
    assert_eq!(market.exchange.live_orders(), 0);
}

#[test]
fn a_number_that_came_before_is_a_message_sent_again() {
    let mut market = Market::open();
    market.letters(1);
    let order = enter(5, b'B', 100, b"ONE", 100_000, DAY, &[]);
    market.send(1, &order);
    market.send(1, &order);
    market.send(1, &enter(4, b'B', 100, b"ONE", 100_000, DAY, &[]));
    assert_eq!(market.letters(1), "A");
    assert_eq!(market.exchange.counters().messages_ignored, 2);
    market.send(1, b"nonsense");
    assert_eq!(market.exchange.counters().messages_malformed, 1);
}

#[test]
fn limits_of_a_port_are_kept_and_cancels_pass_them() {
    let mut market = Market::open();
    let narrow = PortDefined {
        order_qty_max: 500,
        open_orders_max: 2,
        orders_per_second_max: 5,
        cancels_per_second_max: 0,
        collar_bps: 1_000,
        duplicates_max: 1,
        ..port(1, 1)
    };
    market.input(PortDefined::KIND, &narrow.encode());
    market.send(1, &enter(1, b'B', 501, b"ONE", 100_000, DAY, &[]));
    market.send(1, &enter(2, b'B', 100, b"ONE", 110_100, DAY, &[]));
    market.send(1, &enter(3, b'B', 100, b"ONE", 90_000, DAY, &[]));
    market.send(1, &enter(4, b'B', 100, b"ONE", 90_000, DAY, &[]));
    market.send(1, &enter(5, b'B', 200, b"ONE", 90_000, DAY, &[]));
    market.send(1, &enter(6, b'B', 300, b"ONE", 90_000, DAY, &[]));
    let reasons = [
        RejectReason::PortOrderQty,
        RejectReason::ReferenceCollar,
        RejectReason::Duplicate,
        RejectReason::PortOpenOrders,
    ];
    assert_eq!(rejects(&market.tape), reasons.map(RejectReason::raw));
    market.send(1, &cancel(3, 0));
    market.send(1, &cancel(5, 0));
    assert_eq!(market.exchange.live_orders(), 0, "a whole cancel is never refused");
    market.send(1, &enter(7, b'B', 101, b"TAPE", 90_000, DAY, &[]));
    market.send(1, &enter(8, b'B', 102, b"TAPE", 90_000, DAY, &[]));
    market.send(1, &cancel(8, 0));
    market.send(1, &enter(9, b'B', 103, b"TAPE", 90_000, DAY, &[]));
    market.send(1, &cancel(9, 0));
    market.send(1, &enter(10, b'B', 104, b"TAPE", 90_000, DAY, &[]));
    assert_eq!(rejects(&market.tape)[4..], [RejectReason::PortThrottled.raw()]);
    market.wait(1_000_000_000);
    market.send(1, &enter(11, b'B', 105, b"TAPE", 90_000, DAY, &[]));
    assert_eq!(rejects(&market.tape).len(), 5);
}

#[test]
fn a_firm_that_is_killed_enters_nothing_until_it_is_allowed() {
    let mut market = Market::open();
    market.send(1, &enter(1, b'B', 100, b"ONE", 100_000, DAY, &[]));
    market.send(2, &enter(1, b'B', 100, b"ONE", 99_000, DAY, &[]));
    market.send(3, &enter(1, b'B', 100, b"ONE", 98_000, DAY, &[]));
    let kill = OperatorCommanded {
        value: 0,
        operation: u16::from(Operation::KillFirm.raw()),
        reserved1: 0,
        instrument_id: 0,
        firm_id: 1,
        port_id: 0,
    };
    market.command(kill);
    assert_eq!(market.exchange.live_orders(), 1, "the other firm's order stays");
    market.send(2, &enter(2, b'B', 100, b"ONE", 99_000, DAY, &[]));
    assert_eq!(rejects(&market.tape), [RejectReason::PortBlocked.raw()]);
    let operation = u16::from(Operation::AllowFirm.raw());
    market.command(OperatorCommanded { operation, ..kill });
    market.send(2, &enter(3, b'B', 100, b"ONE", 99_000, DAY, &[]));
    assert_eq!(market.exchange.live_orders(), 2);
}

#[test]
fn a_connection_that_ends_takes_its_orders_with_it() {
    let mut market = Market::open();
    let opened = SessionOpened { port_id: 1, heartbeat_ms: 0, next_sequence: 1 };
    market.input(SessionOpened::KIND, &opened.encode());
    market.send(1, &enter(1, b'B', 100, b"ONE", 100_000, DAY, &[]));
    market.send(3, &enter(1, b'B', 100, b"ONE", 99_000, DAY, &[]));
    market.letters(1);
    let closed = SessionClosed { port_id: 1, reason: 2, reserved: 0 };
    market.input(SessionClosed::KIND, &closed.encode());
    assert_eq!(market.letters(1), "C");
    assert_eq!(market.exchange.live_orders(), 1);
}

#[test]
fn a_trade_is_broken_once_and_both_sides_hear() {
    let mut market = Market::open();
    market.send(1, &enter(1, b'B', 100, b"ONE", 100_000, DAY, &[]));
    market.send(3, &enter(1, b'S', 100, b"ONE", 100_000, DAY, &[]));
    market.letters(1);
    market.letters(3);
    market.shown();
    market.operate(Operation::BreakTrade, 0, 1);
    assert_eq!((market.letters(1), market.letters(3)), ("B".to_owned(), "B".to_owned()));
    assert_eq!(market.shown(), "B");
    market.operate(Operation::BreakTrade, 0, 1);
    assert_eq!(market.letters(1), "");
}

struct Nothing;

impl Outbox for Nothing {
    fn emit(&mut self, _kind: u16, _version: u8, _body: &[u8]) {}
}

/// The inputs again, whole and from a snapshot in their middle, lead to the same state.
fn replay(market: &Market) {
    let mut whole = Exchange::new(config());
    let mut resumed = Exchange::new(config());
    let middle = market.inputs.len() / 2;
    for (at, (ts_ns, kind, body)) in market.inputs.iter().enumerate() {
        let seq = at as u64 + 1;
        let entry = Entry { seq, ts_ns: *ts_ns, kind: *kind, version: 1, source: 1, body };
        if at == middle {
            let mut saved = Vec::new();
            whole.save(&mut saved);
            let mut hashed = vec![7];
            assert_eq!(whole.save_hashed(&mut hashed), whole.state_hash());
            assert!(hashed[1..] == saved);
            resumed.restore(&mut saved.as_slice()).expect("a snapshot of this exchange");
            assert_eq!(resumed.state_hash(), whole.state_hash());
            let firms_max = config().firms_max + 1;
            let mut larger = Exchange::new(ExchangeConfig { firms_max, ..config() });
            larger.restore(&mut saved.as_slice()).expect("there is room for one firm more");
            assert_eq!(larger.state_hash(), whole.state_hash());
        }
        whole.apply(entry, &mut Nothing);
        if at >= middle {
            resumed.apply(entry, &mut Nothing);
        }
    }
    assert_eq!(whole.state_hash(), market.exchange.state_hash());
    assert_eq!(resumed.state_hash(), market.exchange.state_hash());
}

/// A line pair of `MoldUDP64` that loses packets, and a listener that asks for what is missing.
struct Lossy {
    tracker: SequenceTracker,
    random: u64,
    requests: u32,
}

const SESSION: [u8; 10] = *b"DAY001    ";

/// One packet with these messages, the first of which has this number.
fn packet(first: u64, messages: &[Vec<u8>]) -> Vec<u8> {
    let count = messages.len() as u16;
    let mut bytes = Header { session: SESSION, sequence: first, count }.encode().to_vec();
    for message in messages {
        bytes.extend_from_slice(&(message.len() as u16).to_be_bytes());
        bytes.extend_from_slice(message);
    }
    bytes
}

impl Lossy {
    /// Whether a packet arrives: nineteen of twenty do.
    fn arrives(&mut self) -> bool {
        self.random = mix(self.random + 1);
        !self.random.is_multiple_of(20)
    }

    /// Takes a packet; gives the messages that go on where the last one ended.
    fn take(&mut self, bytes: &[u8], tape: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let read = Packet::decode(bytes).expect("a packet of ours");
        match self.tracker.observe(&read.header) {
            Arrival::Deliver { skip, .. } => read
                .messages()
                .skip(usize::from(skip))
                .map(|message| message.expect("whole").1.to_vec())
                .collect(),
            Arrival::Gap { missing, .. } => {
                self.requests += 1;
                let asked = self.tracker.request(missing, 7).expect("a session");
                let from = asked.sequence as usize - 1;
                let reply = packet(asked.sequence, &tape[from..from + usize::from(asked.count)]);
                let mut found = self.take(&reply, tape);
                found.extend(self.take(bytes, tape));
                found
            }
            _ => Vec::new(),
        }
    }
}

#[test]
fn the_book_of_a_feed_that_loses_packets_on_both_lines_is_the_engines() {
    let (mut market, mut listener) = (Market::open(), Listener::new());
    let tracker = SequenceTracker::from_sequence(SESSION, 1);
    let mut lines = Lossy { tracker, random: 5, requests: 0 };
    let mut flow = Flow::new(77);
    flow.start_day(&mut market);
    let mut sent = 0;
    let mut heard: Vec<Vec<u8>> = Vec::new();
    let (mut behind, mut equal) = (0, 0);
    for _ in 0..6_000 {
        flow.send(&mut market);
        let tape = &market.tape.itch;
        let news = packet(sent as u64 + 1, &tape[sent..]);
        sent = tape.len();
        for _line in 0..2 {
            if lines.arrives() {
                heard.extend(lines.take(&news, tape));
            }
        }
        listener.listen(&heard);
        if heard.len() == sent {
            listener.assert_equals(&market.exchange);
            equal += 1;
        } else {
            behind += 1;
        }
    }
    assert!(lines.requests > 5 && behind > 5, "packets were lost on both lines");
    assert!(equal > 5_000, "a listener that is behind catches up with the next packet");
}
