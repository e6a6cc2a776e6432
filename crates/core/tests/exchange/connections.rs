// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Whose orders go with a connection, whose stay, and for how long.

use onetape_core::component::{Component, Snapshot};
use onetape_core::events::{
    CancelReason, CloseReason, Operation, OrderCanceled, OrderFormat, Phase, PortDefined, PortKind,
    SessionClosed, SessionOpened,
};
use onetape_core::exchange::node::{Exchange, RECONNECT_GRACE_NS};

use super::exchange::fix_client::{Client, FIX_PORT, said};
use super::exchange::{Market, config, enter, port};

const DAY: [u8; 2] = *b"0Y";
/// A drop copy of the first firm's, in FIX.
const COPY: u32 = 5;

/// Port 1 is logged in with an order, and another firm has one, too.
fn with_an_order(cancel_on_disconnect: u8) -> Market {
    let mut market = Market::open();
    let (kind, format) = (PortKind::DropCopy.raw(), OrderFormat::Fix50sp2.raw());
    let copy = PortDefined { kind, format, ..port(COPY, 1) };
    market.input(PortDefined::KIND, &[&copy.encode()[..], b"COPY"].concat());
    let defined = PortDefined { cancel_on_disconnect, ..port(1, 1) };
    market.input(PortDefined::KIND, &defined.encode());
    log_in(&mut market, 1);
    market.send(1, &enter(1, b'B', 100, b"ONE", 100_000, DAY, &[]));
    market.send(3, &enter(1, b'B', 100, b"ONE", 99_000, DAY, &[]));
    market.letters(1);
    market.heard(COPY);
    market.shown();
    market
}

fn log_in(market: &mut Market, port_id: u32) {
    let opened = SessionOpened { port_id, heartbeat_ms: 0, next_sequence: 1 };
    market.input(SessionOpened::KIND, &opened.encode());
}

fn close(market: &mut Market, port_id: u32, reason: CloseReason) {
    let reason = u16::from(reason.raw());
    let closed = SessionClosed { port_id, reason, reserved: 0 };
    market.input(SessionClosed::KIND, &closed.encode());
}

/// Asserts that everybody was told that the order of port 1 went with its connection.
fn assert_gone(market: &mut Market) {
    let canceled = market.heard(1);
    assert_eq!(canceled.len(), 1);
    assert_eq!((canceled[0][0], canceled[0][17]), (b'C', b'S'), "canceled, as by the system");
    let copy = said(market, COPY).concat();
    assert!(copy.contains("|150=4|") && copy.contains("its port was disconnected"), "{copy}");
    assert_eq!(market.shown(), "D");
    let reasons = market.tape.events.iter().filter(|(kind, _)| *kind == OrderCanceled::KIND);
    let reasons: Vec<u16> =
        reasons.filter_map(|(_, body)| OrderCanceled::decode(body)).map(|e| e.reason).collect();
    assert_eq!(reasons, [u16::from(CancelReason::Disconnected.raw())]);
    assert_eq!(market.exchange.live_orders(), 1, "the other firm's");
}

/// Asserts that nobody was told anything.
fn assert_stands(market: &mut Market) {
    assert_eq!((market.letters(1).as_str(), market.heard(COPY).len()), ("", 0));
    assert_eq!((market.shown().as_str(), market.exchange.live_orders()), ("", 2));
}

const GOES: [CloseReason; 6] = [
    CloseReason::Logout,
    CloseReason::Disconnected,
    CloseReason::Silent,
    CloseReason::Protocol,
    CloseReason::Slow,
    CloseReason::Operator,
];

const EXCHANGE_GOES: [CloseReason; 2] = [CloseReason::Shutdown, CloseReason::Restarted];

#[test]
fn a_client_that_goes_or_is_sent_away_loses_its_orders_at_once() {
    for reason in GOES {
        let mut market = with_an_order(1);
        close(&mut market, 1, reason);
        assert_gone(&mut market);
    }
}

#[test]
fn orders_of_a_port_that_does_not_say_so_stay_whatever_ends_its_connection() {
    for reason in GOES.into_iter().chain(EXCHANGE_GOES) {
        let mut market = with_an_order(0);
        close(&mut market, 1, reason);
        market.tick(0);
        market.wait(RECONNECT_GRACE_NS);
        market.tick(0);
        assert_stands(&mut market);
    }
}

#[test]
fn a_client_that_the_exchange_left_keeps_its_orders_if_it_comes_back_in_time() {
    for reason in EXCHANGE_GOES {
        let mut market = with_an_order(1);
        close(&mut market, 1, reason);
        // However long the exchange was away: the time runs from its first tick.
        market.wait(3_600_000_000_000);
        market.tick(0);
        market.wait(RECONNECT_GRACE_NS - 10_000);
        market.tick(0);
        log_in(&mut market, 1);
        market.wait(RECONNECT_GRACE_NS);
        market.tick(0);
        assert_stands(&mut market);
        close(&mut market, 1, CloseReason::Disconnected);
        assert_gone(&mut market);
    }
}

#[test]
fn a_client_that_does_not_come_back_in_time_counts_as_gone() {
    for reason in EXCHANGE_GOES {
        let mut market = with_an_order(1);
        close(&mut market, 1, reason);
        market.tick(0);
        log_in(&mut market, 3);
        market.wait(RECONNECT_GRACE_NS - 10_000);
        market.tick(0);
        assert_stands(&mut market);
        market.wait(10_000);
        market.tick(0);
        assert_gone(&mut market);
    }
}

#[test]
fn whom_it_waits_for_is_part_of_the_state() {
    let mut market = with_an_order(1);
    close(&mut market, 1, CloseReason::Restarted);
    for step in 0..3 {
        let mut saved = Vec::new();
        market.exchange.save(&mut saved);
        let mut restored = Exchange::new(config());
        restored.restore(&mut saved.as_slice()).expect("a snapshot of this exchange");
        assert_eq!(restored.state_hash(), market.exchange.state_hash());
        market.exchange = restored;
        market.wait(if step == 1 { RECONNECT_GRACE_NS } else { 0 });
        market.tick(0);
        if step == 0 {
            assert_stands(&mut market);
        } else if step == 1 {
            assert_gone(&mut market);
        }
    }
}

#[test]
fn an_order_that_outlives_the_day_outlives_its_connection() {
    for reason in GOES.into_iter().chain(EXCHANGE_GOES) {
        let mut market = with_an_order(1);
        // OUCH has none that is good till cancelled: one until a later time stands for it.
        market.send(1, &enter(2, b'B', 100, b"ONE", 100_000, *b"6Y", &[(15, &[0, 0, 200, 0])]));
        market.operate(Operation::EndDay, 0, 0);
        assert_eq!(market.exchange.live_orders(), 1, "day orders go with the day");
        market.letters(1);
        close(&mut market, 1, reason);
        market.start_day(2);
        market.tick(0);
        market.wait(RECONNECT_GRACE_NS);
        market.tick(0);
        assert_eq!(market.letters(1), "S", "the day began, nothing was cancelled");
        assert_eq!(market.exchange.live_orders(), 1);
    }
}

#[test]
fn an_order_that_is_good_till_cancelled_is_there_when_its_client_logs_on_the_next_day() {
    let mut market = Market::open();
    let mut client = Client::log_on(&mut market);
    let terms = "55=ONE|54=1|38=100|40=2|44=10|60=19700101-00:00:00";
    client.ask(&mut market, "D", &format!("11=keep|{terms}|59=1"));
    client.ask(&mut market, "D", &format!("11=day|{terms}|59=0"));
    market.operate(Operation::EndDay, 0, 0);
    let farewell = said(&mut market, FIX_PORT);
    assert_eq!(farewell.len(), 2, "{farewell:?}");
    assert!(farewell[0].contains("|11=day|") && farewell[0].contains("|150=C|"), "{farewell:?}");
    assert!(farewell[1].contains("|35=5|") && farewell[1].contains("|58=end of day|"));
    close(&mut market, FIX_PORT, CloseReason::Operator);
    market.start_day(2);
    market.operate(Operation::SetPhase, 0, i64::from(Phase::Continuous.raw()));
    let mut client = Client::log_on_again(&mut market);
    let status = client.ask(&mut market, "H", "11=keep|55=ONE|54=1");
    assert!(status[0].contains("|39=0|") && status[0].contains("|151=100|"), "{status:?}");
    let canceled = client.ask(&mut market, "F", "41=keep|11=c|55=ONE|54=1|60=19700101-00:00:00");
    assert!(canceled[0].contains("|150=4|"), "{canceled:?}");
    client.ask(&mut market, "D", &format!("11=keep2|{terms}|59=1"));
    close(&mut market, FIX_PORT, CloseReason::Disconnected);
    assert_eq!(market.exchange.live_orders(), 0, "who goes within the day takes them all");
}
