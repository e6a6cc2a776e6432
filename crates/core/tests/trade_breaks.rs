// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Breaking a trade: who hears of it, what stays as it was, and what cannot be broken.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod exchange;

use exchange::{Listener, Market, config, enter};
use onetape_core::component::{Component, Snapshot};
use onetape_core::events::{Operation, Phase, TradeBroken};
use onetape_core::exchange::node::Exchange;

const DAY: [u8; 2] = *b"0Y";

/// The breaks that were journaled.
fn broken(market: &Market) -> Vec<TradeBroken> {
    let events = market.tape.events.iter().filter(|(kind, _)| *kind == TradeBroken::KIND);
    events.filter_map(|(_, body)| TradeBroken::decode(body)).collect()
}

/// Ports 1 and 3 trade 60 of 100, then 30 more: matches 1 and 2, and 10 left to buy.
fn traded() -> Market {
    let mut market = Market::open();
    market.send(1, &enter(1, b'B', 100, b"ONE", 100_000, DAY, &[]));
    market.send(3, &enter(1, b'S', 60, b"ONE", 100_000, DAY, &[]));
    market.send(3, &enter(2, b'S', 30, b"ONE", 99_900, DAY, &[]));
    for port in 1..=3 {
        market.letters(port);
    }
    market
}

/// The match that OUCH's Broken Trade names.
fn match_of(message: &[u8]) -> u64 {
    message[13..21].try_into().map(u64::from_be_bytes).expect("a whole message")
}

#[test]
fn both_sides_and_the_public_are_told_which_match_it_was() {
    let mut market = traded();
    market.shown();
    market.operate(Operation::BreakTrade, 0, 2);
    for port in [1, 3] {
        let heard = market.heard(port);
        assert_eq!(heard.len(), 1, "port {port}");
        assert_eq!((heard[0][0], match_of(&heard[0])), (b'B', 2), "port {port}");
    }
    assert!(market.heard(2).is_empty(), "another port of the firm has no part in it");
    assert_eq!(market.shown(), "B");
    let [event] = broken(&market)[..] else { panic!("one break") };
    assert_eq!((event.match_id, event.qty_lots, event.price_ticks), (2, 30, 100_000));
    assert_eq!((event.buy_port_id, event.sell_port_id, event.instrument_id), (1, 3, 1));
}

#[test]
fn the_book_stays_as_it_was_and_trading_goes_on() {
    let (mut market, mut listener) = (traded(), Listener::new());
    listener.listen(&market.tape.itch);
    let own = |market: &Market| {
        let orders = market.exchange.market().matcher().orders(1, onetape_core::types::Side::Buy);
        orders.map(|order| (order.order_ref, order.price, order.qty)).collect::<Vec<_>>()
    };
    let before = own(&market);
    assert_eq!(before.iter().map(|order| order.2).sum::<u64>(), 10);
    market.operate(Operation::BreakTrade, 0, 1);
    assert_eq!(own(&market), before, "what was broken does not come back");
    listener.listen(&market.tape.itch);
    listener.assert_equals(&market.exchange);
    market.letters(1);
    market.letters(3);
    market.send(3, &enter(3, b'S', 10, b"ONE", 100_000, DAY, &[]));
    assert_eq!((market.letters(1).as_str(), market.letters(3).as_str()), ("E", "AE"));
    assert_eq!(market.exchange.live_orders(), 0);
    market.operate(Operation::BreakTrade, 0, 3);
    assert_eq!(broken(&market).iter().map(|event| event.match_id).collect::<Vec<_>>(), [1, 3]);
}

#[test]
fn what_never_was_or_is_broken_already_is_not_broken() {
    let mut market = traded();
    market.operate(Operation::BreakTrade, 0, 1);
    let said = (market.tape.ports.clone(), market.tape.itch.len());
    let unknown = market.exchange.counters().inputs_unknown;
    for nothing in [0, -1, 1, 3, i64::MAX, i64::MIN] {
        market.operate(Operation::BreakTrade, 0, nothing);
    }
    assert_eq!((market.tape.ports.clone(), market.tape.itch.len()), said);
    assert_eq!(broken(&market).len(), 1);
    assert_eq!(market.exchange.counters().inputs_unknown, unknown + 6);
}

#[test]
fn a_match_of_an_auction_can_be_broken() {
    let mut market = Market::open();
    market.operate(Operation::SetPhase, 0, i64::from(Phase::VolatilityAuction.raw()));
    market.send(1, &enter(1, b'B', 50, b"ONE", 100_000, DAY, &[]));
    market.send(3, &enter(1, b'S', 50, b"ONE", 100_000, DAY, &[]));
    market.operate(Operation::SetPhase, 0, i64::from(Phase::Continuous.raw()));
    assert_eq!((market.letters(1), market.letters(3)), ("SAE".to_owned(), "SAE".to_owned()));
    market.shown();
    market.operate(Operation::BreakTrade, 0, 1);
    assert_eq!((market.letters(1), market.letters(3)), ("B".to_owned(), "B".to_owned()));
    assert_eq!(market.shown(), "B");
}

#[test]
fn after_a_snapshot_the_same_can_be_broken_and_the_same_cannot() {
    let mut market = traded();
    market.operate(Operation::BreakTrade, 0, 1);
    let mut saved = Vec::new();
    market.exchange.save(&mut saved);
    let mut again = Exchange::new(config());
    again.restore(&mut saved.as_slice()).expect("a snapshot of this exchange");
    let before = again.state_hash();
    market.exchange = again;
    market.operate(Operation::BreakTrade, 0, 1);
    assert_eq!(broken(&market).len(), 1, "broken once");
    market.operate(Operation::BreakTrade, 0, 2);
    assert_eq!(broken(&market).len(), 2);
    assert_ne!(market.exchange.state_hash(), before);
}
