// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors

use super::{At, Depth, MarketTape, Print, TapeSink, Top};
use crate::book::BooksConfig;
use crate::component::Entry;
use crate::events::{
    EnterOrder, FeedState, FeedStateChanged, InstrumentDefined, InstrumentListed, MarketAction,
    MarketUpdated, OrderType, PacketFormat, PacketReceived, SetQuote, Side, VenueDefined,
};
use crate::wire::mold::PacketBuilder;

#[derive(Debug, Default)]
struct Seen {
    tops: Vec<(u64, u32, [i64; 4])>,
    prints: Vec<(u64, Print)>,
    depths: Vec<(u64, Depth)>,
}

impl TapeSink for Seen {
    fn top(&mut self, at: At, top: &Top) {
        let Top { bid, bid_qty, ask, ask_qty } = *top;
        let row = [bid, bid_qty.cast_signed(), ask, ask_qty.cast_signed()];
        self.tops.push((at.seq, at.instrument, row));
    }

    fn print(&mut self, at: At, print: &Print) {
        self.prints.push((at.seq, *print));
    }

    fn depth(&mut self, at: At, depth: &Depth) {
        self.depths.push((at.seq, *depth));
    }
}

struct Rig {
    tape: MarketTape,
    seen: Seen,
    seq: u64,
}

impl Rig {
    fn new() -> Self {
        let config = BooksConfig { orders_max: 64, instruments_max: 8, window_levels: 256 };
        Self { tape: MarketTape::new(config), seen: Seen::default(), seq: 0 }
    }

    fn take(&mut self, kind: u16, body: &[u8]) {
        self.seq += 1;
        let entry = Entry {
            seq: self.seq,
            ts_ns: self.seq.cast_signed(),
            kind,
            version: 1,
            source: 1,
            body,
        };
        self.tape.apply(entry, &mut self.seen);
    }

    fn define(&mut self, id: u32, symbol: &[u8]) {
        let mut name = [0; 16];
        name[..symbol.len()].copy_from_slice(symbol);
        let defined = InstrumentDefined {
            symbol: name,
            currency: *b"USD\0\0\0\0\0",
            tick_e9: 1,
            lot_e9: 1,
            multiplier_e9: 1,
            instrument_id: id,
            venue_code: 0,
        };
        self.take(InstrumentDefined::KIND, &defined.encode());
    }

    fn update(&mut self, action: MarketAction, side: u8, order_ref: u64, price: i64, qty: u64) {
        self.update_of(1, action, side, (order_ref, 0), price, qty);
    }

    fn update_of(
        &mut self,
        id: u32,
        action: MarketAction,
        side: u8,
        (order_ref, other_ref): (u64, u64),
        price_ticks: i64,
        qty_lots: u64,
    ) {
        let update = MarketUpdated {
            venue_ts_ns: 0,
            order_ref,
            other_ref,
            price_ticks,
            qty_lots,
            instrument_id: id,
            action: action.raw(),
            side,
            flags: 0,
        };
        self.take(MarketUpdated::KIND, &update.encode());
    }

    fn packet(&mut self, feed_id: u16, format: PacketFormat, bytes: &[u8]) {
        let header = PacketReceived { feed_id, format: u16::from(format.raw()), reserved: 0 };
        let body = [&header.encode()[..], bytes].concat();
        self.take(PacketReceived::KIND, &body);
    }
}

const BUY: u8 = Side::Buy.raw();
const SELL: u8 = Side::Sell.raw();

/// An ITCH add of 100 shares at 10 dollars and so many cents.
fn itch_add(locate: u16, order_ref: u64, side: u8, cents: u32, stock: [u8; 8]) -> Vec<u8> {
    let mut bytes = vec![b'A'];
    bytes.extend_from_slice(&locate.to_be_bytes());
    bytes.extend_from_slice(&[0; 8]);
    bytes.extend_from_slice(&order_ref.to_be_bytes());
    bytes.push(side);
    bytes.extend_from_slice(&100_u32.to_be_bytes());
    bytes.extend_from_slice(&stock);
    bytes.extend_from_slice(&(100_000 + cents * 100).to_be_bytes());
    bytes
}

#[test]
fn best_prices_and_trades_are_told_once_and_in_order() {
    let mut rig = Rig::new();
    rig.define(1, b"A");
    rig.update(MarketAction::Add, BUY, 1, 100, 5);
    rig.update(MarketAction::Add, SELL, 2, 102, 7);
    rig.update(MarketAction::Add, BUY, 3, 99, 5); // Not the best: nothing to tell.
    rig.update(MarketAction::Execute, 0, 2, 0, 3);
    rig.update(MarketAction::Delete, 0, 1, 0, 0);
    let expected = [
        (2, 1, [100, 5, 0, 0]),
        (3, 1, [100, 5, 102, 7]),
        (5, 1, [100, 5, 102, 4]),
        (6, 1, [99, 5, 102, 4]),
    ];
    assert_eq!(rig.seen.tops, expected);
    let [(seq, print)] = rig.seen.prints[..] else { panic!("{:?}", rig.seen.prints) };
    assert_eq!((seq, print.price, print.qty, print.aggressor), (5, 102, 3, Some(Side::Buy)));
    assert_eq!(rig.tape.counts().unplaced, 0);
}

#[test]
fn an_execution_of_more_than_is_there_prints_what_was_there() {
    let mut rig = Rig::new();
    rig.define(1, b"A");
    rig.update(MarketAction::Add, BUY, 1, 100, 5);
    rig.update(MarketAction::Execute, 0, 1, 0, 9);
    rig.update(MarketAction::Execute, 0, 1, 0, 1);
    assert_eq!(rig.seen.prints.len(), 1);
    assert_eq!(rig.seen.prints[0].1.qty, 5);
    assert_eq!(rig.seen.tops.last(), Some(&(3, 1, [0, 0, 0, 0])));
    assert_eq!(rig.tape.counts().unplaced, 1);
}

#[test]
fn a_break_names_its_match() {
    let mut rig = Rig::new();
    rig.define(1, b"A");
    rig.update_of(1, MarketAction::Trade, 0, (0, 77), 101, 4);
    rig.update_of(1, MarketAction::Break, 0, (0, 77), 0, 0);
    let told: Vec<_> = rig.seen.prints.iter().map(|(_, p)| (p.match_id, p.is_break)).collect();
    assert_eq!(told, [(77, false), (77, true)]);
}

#[test]
fn references_of_two_venues_do_not_meet() {
    let mut rig = Rig::new();
    for id in [1, 2] {
        rig.define(id, b"A");
        let listed =
            InstrumentListed { instrument_id: id, venue_id: id, product_id: 1, reserved: 0 };
        rig.take(InstrumentListed::KIND, &listed.encode());
    }
    rig.update_of(1, MarketAction::Add, BUY, (9, 0), 100, 5);
    rig.update_of(2, MarketAction::Add, BUY, (9, 0), 200, 6);
    rig.update_of(1, MarketAction::Delete, 0, (9, 0), 0, 0);
    assert_eq!(rig.tape.counts().unplaced, 0);
    assert_eq!(rig.tape.top(1).bid_qty, 0);
    assert_eq!((rig.tape.top(2).bid, rig.tape.top(2).bid_qty), (200, 6));
}

#[test]
fn a_journal_without_venues_numbers_instruments_as_its_feed_does() {
    let mut rig = Rig::new();
    rig.packet(0, PacketFormat::Itch50, &itch_add(7, 1, b'B', 5, *b"AAA     "));
    rig.define(1, b"AAA"); // The engine's own, after the packet.
    rig.packet(0, PacketFormat::Itch50, &itch_add(9, 2, b'B', 6, *b"BBB     "));
    assert_eq!((rig.tape.top(1).bid, rig.tape.top(2).bid), (100_500, 100_600));
}

#[test]
fn feeds_find_their_instruments_by_venue_and_symbol() {
    let mut rig = Rig::new();
    for (venue, feed) in [(1, 4), (2, 5)] {
        let venue = VenueDefined { venue_id: venue, is_adapter: 0, feed_id: feed, reserved: 0 };
        rig.take(VenueDefined::KIND, &venue.encode());
    }
    let mut builder = PacketBuilder::new(*b"S000000001", 1, 1_400);
    builder.push(&itch_add(7, 1, b'B', 5, *b"AAA     ")).unwrap();
    let early = builder.packet().to_vec();
    rig.packet(5, PacketFormat::Moldudp64Itch50, &early); // Nobody has listed it yet.
    for (id, venue) in [(3, 1), (4, 2)] {
        rig.define(id, b"AAA");
        let listed =
            InstrumentListed { instrument_id: id, venue_id: venue, product_id: 3, reserved: 0 };
        rig.take(InstrumentListed::KIND, &listed.encode());
    }
    builder.advance();
    builder.push(&itch_add(7, 2, b'B', 9, *b"AAA     ")).unwrap();
    let later = builder.packet().to_vec();
    rig.packet(5, PacketFormat::Moldudp64Itch50, &later);
    rig.packet(5, PacketFormat::Moldudp64Itch50, &later); // Seen before.
    rig.packet(4, PacketFormat::Itch50, &itch_add(7, 1, b'B', 1, *b"AAA     "));
    assert_eq!((rig.tape.top(3).bid, rig.tape.top(4).bid), (100_100, 100_900));
    assert_eq!(rig.tape.top(4).bid_qty, 100);
    rig.packet(9, PacketFormat::Itch50, &itch_add(7, 1, b'B', 1, *b"AAA     ")); // No such feed.
    assert_eq!(rig.tape.counts().unplaced, 1);
    let change = FeedStateChanged {
        next_number: 3,
        missing: 0,
        midnight_ts_ns: 0,
        session: *b"S000000001",
        feed_id: 5,
        state: FeedState::Snapshot.raw(),
        reserved: [0; 3],
    };
    rig.take(FeedStateChanged::KIND, &change.encode());
    let bids = (rig.tape.top(3).bid_qty, rig.tape.top(4).bid_qty);
    assert_eq!(bids, (100, 0), "before a snapshot the books of its feed are empty");
}

#[test]
fn what_is_missing_malformed_or_of_nobody_is_counted() {
    let mut rig = Rig::new();
    let mut builder = PacketBuilder::new(*b"S000000001", 1, 1_400);
    for number in 1..=3 {
        builder.push(&itch_add(7, number, b'B', 5, *b"AAA     ")).unwrap();
        let packet = builder.packet().to_vec();
        if number != 2 {
            rig.packet(0, PacketFormat::Moldudp64Itch50, &packet);
        }
        builder.advance();
    }
    rig.packet(0, PacketFormat::Itch50, b"A");
    rig.packet(0, PacketFormat::Moldudp64Itch50, b"short");
    rig.take(PacketReceived::KIND, &[0, 0, 9, 0, 0, 0, 0, 0]); // No such format.
    rig.packet(3, PacketFormat::Itch50, &itch_add(7, 1, b'B', 5, *b"AAA     "));
    rig.update_of(0, MarketAction::Add, BUY, (1, 0), 1, 1);
    rig.update_of(999, MarketAction::Add, BUY, (1, 0), 1, 1);
    let counts = rig.tape.counts();
    assert_eq!((counts.missing, counts.malformed, counts.unplaced), (1, 3, 3));
    assert_eq!(rig.tape.top(1).bid_qty, 200);
}

#[test]
fn a_crossed_book_is_counted_once() {
    let mut rig = Rig::new();
    rig.define(1, b"A");
    rig.update(MarketAction::Add, BUY, 1, 100, 5);
    rig.update(MarketAction::Add, SELL, 2, 100, 5); // Locked, not crossed.
    assert_eq!(rig.tape.counts().crossed, 0);
    rig.update(MarketAction::Add, SELL, 3, 99, 5);
    rig.update(MarketAction::Add, SELL, 4, 98, 5);
    assert_eq!(rig.tape.counts().crossed, 1);
}

#[test]
fn an_order_is_told_what_was_shown_where_it_goes() {
    let mut rig = Rig::new();
    rig.define(1, b"A");
    for (order_ref, side, price, qty) in
        [(1, BUY, 100, 5), (2, BUY, 99, 6), (3, SELL, 102, 7), (4, SELL, 104, 8)]
    {
        rig.update(MarketAction::Add, side, order_ref, price, qty);
    }
    let mut order = EnterOrder {
        client_id: 1,
        price_ticks: 103,
        qty_lots: 1,
        strategy_id: 1,
        instrument_id: 1,
        side: BUY,
        order_type: OrderType::Limit.raw(),
        time_in_force: 2,
        post_only: 0,
        stp_mode: 0,
        reserved: [0; 3],
    };
    rig.take(EnterOrder::KIND, &order.encode());
    order.order_type = OrderType::Market.raw();
    rig.take(EnterOrder::KIND, &order.encode());
    let quote = SetQuote {
        bid_price_ticks: 99,
        ask_price_ticks: 104,
        bid_qty_lots: 1,
        ask_qty_lots: 0,
        strategy_id: 1,
        instrument_id: 1,
    };
    rig.take(SetQuote::KIND, &quote.encode());
    order.instrument_id = 5; // Nothing was said of it.
    rig.take(EnterOrder::KIND, &order.encode());
    let lots: Vec<_> = rig.seen.depths.iter().map(|(seq, d)| (*seq, d.price, lots_of(d))).collect();
    let expected = [(6, 103, [0, 0, 7, 0]), (7, i64::MAX, [0, 0, 15, 11]), (8, 99, [6, 0, 0, 11])];
    assert_eq!(lots, expected);
}

const fn lots_of(depth: &Depth) -> [u64; 4] {
    let Depth { bid_lots, ask_lots, takeable_buy_lots, takeable_sell_lots, .. } = *depth;
    [bid_lots, ask_lots, takeable_buy_lots, takeable_sell_lots]
}
