// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What each message becomes.

use super::*;
use crate::wire::itch::{AddOrderMpid, OrderCancel, OrderDelete, OrderExecuted, StockDirectory};

const MIDNIGHT_NS: i64 = 1_548_824_400_000_000_000;

/// Remembers what it was given.
#[derive(Default)]
struct Kept {
    definitions: Vec<InstrumentDefined>,
    updates: Vec<MarketUpdated>,
}

impl MarketSink for Kept {
    fn define(&mut self, definition: &InstrumentDefined) {
        self.definitions.push(*definition);
    }

    fn update(&mut self, update: &MarketUpdated) {
        self.updates.push(*update);
    }
}

fn add(locate: u16, stock: [u8; 8], order_ref: u64) -> AddOrder {
    AddOrder {
        stock_locate: locate,
        tracking_number: 0,
        timestamp_ns: 34_200_000_000_000,
        order_ref,
        side: b'S',
        shares: 300,
        stock,
        price_e4: 1_633_400,
    }
}

/// The one update that follows from a message, after an add at locate 7.
fn update_of(bytes: &[u8]) -> MarketUpdated {
    let (mut feed, mut kept) = (ItchFeed::new(MIDNIGHT_NS), Kept::default());
    feed.decode(&add(7, *b"AAPL    ", 1).encode(), &mut kept).unwrap();
    assert_eq!(feed.decode(bytes, &mut kept), Ok(Decoded::Update));
    assert_eq!(kept.updates.len(), 2);
    assert_eq!(kept.updates[1].venue_ts_ns, MIDNIGHT_NS + 5);
    assert_eq!(kept.updates[1].instrument_id, 1);
    kept.updates[1]
}

#[test]
fn instruments_are_numbered_as_they_are_first_named() {
    let (mut feed, mut kept) = (ItchFeed::new(MIDNIGHT_NS), Kept::default());
    for (locate, stock) in [(9, *b"MSFT    "), (2, *b"BRK.A   "), (9, *b"MSFT    ")] {
        feed.decode(&add(locate, stock, 1).encode(), &mut kept).unwrap();
    }
    let ids: Vec<_> = kept.updates.iter().map(|u| u.instrument_id).collect();
    assert_eq!((ids, feed.instruments_count()), (vec![1, 2, 1], 2));
    let second = kept.definitions[1];
    assert_eq!((second.instrument_id, second.venue_code), (2, 2));
    assert_eq!(&second.symbol, b"BRK.A\0\0\0\0\0\0\0\0\0\0\0");
}

#[test]
fn a_directory_message_moves_a_symbol_to_its_new_locate() {
    let (mut feed, mut kept) = (ItchFeed::new(MIDNIGHT_NS), Kept::default());
    let directory = |locate, stock| StockDirectory {
        stock_locate: locate,
        stock,
        ..StockDirectory::decode(&[b' '; StockDirectory::LENGTH])
    };
    for (locate, stock) in [(1, *b"A       "), (2, *b"B       "), (1, *b"B       ")] {
        let seen = feed.decode(&directory(locate, stock).encode(), &mut kept);
        assert_eq!(seen, Ok(Decoded::Nothing));
    }
    assert_eq!((kept.definitions.len(), feed.instrument_at(1), feed.instrument_at(2)), (2, 2, 2));
}

#[test]
fn adds_carry_the_order() {
    let (mut feed, mut kept) = (ItchFeed::new(MIDNIGHT_NS), Kept::default());
    let plain = add(7, *b"AAPL    ", 42);
    let attributed = AddOrderMpid {
        attribution: *b"VIRT",
        ..AddOrderMpid::decode(&{
            let mut bytes = [b' '; AddOrderMpid::LENGTH];
            bytes[..AddOrder::LENGTH].copy_from_slice(&plain.encode());
            bytes
        })
    };
    feed.decode(&plain.encode(), &mut kept).unwrap();
    feed.decode(&attributed.encode(), &mut kept).unwrap();
    let expected = MarketUpdated {
        venue_ts_ns: MIDNIGHT_NS + 34_200_000_000_000,
        order_ref: 42,
        other_ref: 0,
        price_ticks: 1_633_400,
        qty_lots: 300,
        instrument_id: 1,
        action: MarketAction::Add.raw(),
        side: Side::Sell.raw(),
        flags: 0,
    };
    assert_eq!(kept.updates, [expected, expected]);
}

/// Fields of an update besides time and instrument.
fn rest(update: MarketUpdated) -> (Option<MarketAction>, u64, u64, i64, u64, u8, u16) {
    let action = MarketAction::from_raw(update.action);
    let MarketUpdated { order_ref, other_ref, price_ticks, qty_lots, side, flags, .. } = update;
    (action, order_ref, other_ref, price_ticks, qty_lots, side, flags)
}

#[test]
fn executions_name_the_trade_and_its_price_only_when_it_differs() {
    let executed = OrderExecuted {
        stock_locate: 7,
        tracking_number: 0,
        timestamp_ns: 5,
        order_ref: 1,
        executed_shares: 100,
        match_number: 77,
    };
    let update = update_of(&executed.encode());
    assert_eq!(rest(update), (Some(MarketAction::Execute), 1, 77, 0, 100, 0, 0));
    for (printable, flags) in [(b'Y', 1), (b'N', 3)] {
        let priced = OrderExecutedWithPrice {
            stock_locate: 7,
            tracking_number: 0,
            timestamp_ns: 5,
            order_ref: 1,
            executed_shares: 100,
            match_number: 77,
            printable,
            execution_price_e4: 9_900,
        };
        let update = update_of(&priced.encode());
        assert_eq!(rest(update), (Some(MarketAction::Execute), 1, 77, 9_900, 100, 0, flags));
    }
}

#[test]
fn orders_shrink_leave_and_are_replaced() {
    let (stock_locate, tracking_number, timestamp_ns, order_ref) = (7, 0, 5, 1);
    let cancel =
        OrderCancel { stock_locate, tracking_number, timestamp_ns, order_ref, canceled_shares: 50 };
    let delete = OrderDelete { stock_locate, tracking_number, timestamp_ns, order_ref };
    let replace = OrderReplace {
        stock_locate,
        tracking_number,
        timestamp_ns,
        order_ref,
        new_order_ref: 2,
        shares: 10,
        price_e4: 500,
    };
    let rests = [&cancel.encode()[..], &delete.encode(), &replace.encode()]
        .map(|bytes| rest(update_of(bytes)));
    assert_eq!(rests[0], (Some(MarketAction::Reduce), 1, 0, 0, 50, 0, 0));
    assert_eq!(rests[1], (Some(MarketAction::Delete), 1, 0, 0, 0, 0, 0));
    assert_eq!(rests[2], (Some(MarketAction::Replace), 1, 2, 500, 10, 0, 0));
}

#[test]
fn trades_crosses_breaks_and_statuses_leave_the_book_alone() {
    let (stock_locate, tracking_number, timestamp_ns, stock) = (7, 0, 5, *b"AAPL    ");
    let trade = Trade {
        stock_locate,
        tracking_number,
        timestamp_ns,
        order_ref: 0,
        side: b'B',
        shares: 10,
        stock,
        price_e4: 500,
        match_number: 8,
    };
    assert_eq!(rest(update_of(&trade.encode())), (Some(MarketAction::Trade), 0, 8, 500, 10, 0, 0));
    let cross = CrossTrade {
        stock_locate,
        tracking_number,
        timestamp_ns,
        shares: 1 << 40,
        stock,
        cross_price_e4: 500,
        match_number: 8,
        cross_type: b'O',
    };
    let expected = (Some(MarketAction::Cross), 0, 8, 500, 1 << 40, 0, 0);
    assert_eq!(rest(update_of(&cross.encode())), expected);
    let broken = BrokenTrade { stock_locate, tracking_number, timestamp_ns, match_number: 8 };
    assert_eq!(rest(update_of(&broken.encode())), (Some(MarketAction::Break), 0, 8, 0, 0, 0, 0));
    for (trading_state, status) in [(b'T', 1), (b'H', 2), (b'P', 3), (b'Q', 4), (b'?', 0)] {
        let action = StockTradingAction {
            stock_locate,
            tracking_number,
            timestamp_ns,
            stock,
            trading_state,
            reserved: b' ',
            reason: *b"    ",
        };
        let expected = (Some(MarketAction::Status), 0, 0, 0, 0, 0, status);
        assert_eq!(rest(update_of(&action.encode())), expected);
    }
}

#[test]
fn bad_messages_change_nothing() {
    let (mut feed, mut kept) = (ItchFeed::new(MIDNIGHT_NS), Kept::default());
    let before = feed.state_hash();
    let mut bytes = add(7, *b"AAPL    ", 1).encode();
    bytes[SIDE_OFFSET] = b'x';
    let error = ItchError::Value { message_type: b'A', offset: SIDE_OFFSET, found: b'x' };
    assert_eq!(feed.decode(&bytes, &mut kept), Err(error));
    assert_eq!(feed.decode(b"", &mut kept), Err(ItchError::Empty));
    assert_eq!(feed.decode(b"~~~", &mut kept), Ok(Decoded::Unknown));
    assert_eq!((kept.updates.len(), kept.definitions.len()), (0, 0));
    assert_eq!(feed.state_hash(), before);
}

#[test]
fn a_snapshot_restores_the_numbering() {
    let (mut feed, mut kept) = (ItchFeed::new(MIDNIGHT_NS), Kept::default());
    for (locate, stock) in [(9, *b"MSFT    "), (65_535, *b"A       "), (0, *b"B       ")] {
        feed.decode(&add(locate, stock, 1).encode(), &mut kept).unwrap();
    }
    let mut saved = Vec::new();
    feed.save(&mut saved);
    let mut other = ItchFeed::new(0);
    let mut rest = &saved[..];
    other.restore(&mut rest).unwrap();
    assert_eq!((rest.len(), other.state_hash()), (0, feed.state_hash()));
    for cut in 0..saved.len() {
        assert!(matches!(
            ItchFeed::new(0).restore(&mut &saved[..cut]),
            Err(SnapshotError::Truncated { .. })
        ));
    }
    saved.splice(12 + 24 + 4 + 4.., 4_u32.to_le_bytes());
    let refused = ItchFeed::new(0).restore(&mut &saved[..]);
    assert_eq!(refused, Err(SnapshotError::Invalid { what: "the feed's table of locates" }));
}
