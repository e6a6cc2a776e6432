// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Rules in which protocols differ, and what a port's definition decides, from raw messages in to raw
//! messages out.

#[expect(dead_code, reason = "this test does not need all of it")]
mod exchange;

use exchange::fix_client::Client;
use exchange::{Market, cancel, enter, port, replace};
use onetape_core::component::{Component, Snapshot};
use onetape_core::events::{Operation, OrderRejected, Phase, PortDefined, RejectReason};
use onetape_core::exchange::node::Exchange;

const DAY: [u8; 2] = *b"0Y";

fn reasons(market: &Market) -> Vec<RejectReason> {
    let events = market.tape.events.iter().filter(|(kind, _)| *kind == OrderRejected::KIND);
    let rejected = events.filter_map(|(_, body)| OrderRejected::decode(body));
    rejected.filter_map(|event| RejectReason::from_raw(event.reason)).collect()
}

/// A snapshot of it is all of it.
fn assert_restores(market: &Market) {
    let mut snapshot = Vec::new();
    market.exchange.save(&mut snapshot);
    let mut again = Exchange::new(exchange::config());
    again.restore(&mut &snapshot[..]).expect("a snapshot");
    assert_eq!(again.state_hash(), market.exchange.state_hash());
}

#[test]
fn a_bad_replacement_leaves_its_order_alive_in_fix() {
    let mut market = Market::open();
    let mut client = Client::log_on(&mut market);
    let good = "55=ONE|54=1|38=100|40=2|44=10|60=19700101-00:00:00";
    assert!(client.ask(&mut market, "D", &format!("11=a|{good}"))[0].contains("|150=0|"));
    market.send(1, &enter(1, b'S', 40, b"ONE", 100_000, *b"3Y", &[]));
    assert!(String::from_utf8_lossy(&market.heard(4)[0]).contains("\u{1}150=F\u{1}"));
    let wrong = [
        ("44=10", "44=10.0001", "99"),
        ("44=10", "44=0", "99"),
        ("44=10", "44=200000.01", "99"),
        ("38=100", "38=0", "99"),
        ("38=100", "38=40", "99"),
        ("38=100", "38=0.5", "99"),
        ("38=100", "38=2000000000", "2"),
        ("38=100", "59=9|38=100", "99"),
        ("54=1", "54=2", "99"),
        ("55=ONE", "55=TAPE", "99"),
        ("38=100", "18=6|38=100", "99"),
        ("38=100", "110=10|38=100", "99"),
        ("38=100", "111=10|38=100", "99"),
    ];
    for (at, (said, instead, reason)) in wrong.iter().enumerate() {
        let terms = good.replace(said, instead);
        let answers = client.ask(&mut market, "G", &format!("41=a|11=r{at}|{terms}"));
        let [answer] = &answers[..] else { panic!("{instead}: {answers:?}") };
        let expected = format!("|11=r{at}|41=a|39=1|434=2|102={reason}|");
        assert!(answer.contains("|35=9|") && answer.contains(&expected), "{instead}: {answer}");
        assert!(answer.contains("|58="), "{answer}");
    }
    assert_eq!(reasons(&market).len(), wrong.len(), "each is journaled");
    assert_eq!(market.exchange.live_orders(), 1);
    let status = client.ask(&mut market, "H", "11=a|54=1|55=ONE");
    assert!(status[0].contains("|39=1|") && status[0].contains("|151=60|"), "{status:?}");
    let used = client.ask(&mut market, "G", &format!("41=a|11=r0|{good}"));
    assert!(used[0].contains("|35=9|") && used[0].contains("|102=6|"), "{used:?}");
    let unknown = client.ask(&mut market, "G", &format!("41=z|11=y|{good}|59=9"));
    assert!(unknown[0].contains("|37=NONE|11=y|41=z|39=8|434=2|102=1|"), "{unknown:?}");
    let replaced = client.ask(&mut market, "G", &format!("41=a|11=b|{good}"));
    assert!(replaced[0].contains("|150=5|"), "{replaced:?}");
    assert_restores(&market);
}

#[test]
fn a_replacement_that_the_phase_refuses_leaves_its_order_alive_in_every_protocol() {
    let mut market = Market::open();
    let mut client = Client::log_on(&mut market);
    let good = "55=ONE|54=1|38=100|40=2|44=10|60=19700101-00:00:00";
    client.ask(&mut market, "D", &format!("11=a|{good}"));
    market.send(1, &enter(1, b'B', 40, b"ONE", 100_000, DAY, &[]));
    market.operate(Operation::SetPhase, 0, i64::from(Phase::Halted.raw()));
    market.letters(1);
    let refused = client.ask(&mut market, "G", &format!("41=a|11=b|{good}"));
    assert!(refused.last().unwrap().contains("|35=9|"), "{refused:?}");
    market.send(1, &replace(1, 2, 40, 100_050, b'Y'));
    assert_eq!(market.letters(1), "J");
    assert_eq!(reasons(&market), [RejectReason::NotTrading; 2]);
    assert_eq!(market.exchange.live_orders(), 2);
}

#[test]
fn a_bad_replacement_cancels_its_order_in_ouch() {
    for (qty, price) in [(40, 100_050), (0, 100_000), (1_000_000, 100_000), (40, 0)] {
        let mut market = Market::open();
        market.send(1, &enter(1, b'B', 40, b"ONE", 100_000, DAY, &[]));
        market.letters(1);
        market.send(1, &replace(1, 2, qty, price, b'Y'));
        assert_eq!(market.letters(1), "C", "{qty} at {price}");
        assert_eq!(market.exchange.live_orders(), 0);
    }
}

#[test]
fn a_peg_may_not_go_further_than_a_price_on_the_wire() {
    let mut market = Market::open();
    let mut client = Client::log_on(&mut market);
    let peg = "55=ONE|54=1|38=100|40=P|18=R|60=19700101-00:00:00";
    let refused = client.ask(&mut market, "D", &format!("11=a|{peg}|211=200000.0001"));
    assert!(refused[0].contains("|150=8|") && refused[0].contains("|103=99|"), "{refused:?}");
    let refused = client.ask(&mut market, "D", &format!("11=b|{peg}|211=-900000000000000"));
    assert!(refused[0].contains("|150=8|") && refused[0].contains("|103=99|"), "{refused:?}");
    let taken = client.ask(&mut market, "D", &format!("11=c|{peg}|211=-0.01"));
    assert!(taken[0].contains("|150=0|"), "{taken:?}");
    assert_eq!(reasons(&market), [RejectReason::PriceInvalid; 2]);
}

/// Offers 60, then 100, to a bid of 100; says whether each of them traded.
fn trades_with_60_and_100(market: &mut Market) -> [bool; 2] {
    [(1, 60), (2, 100)].map(|(number, qty)| {
        market.letters(1);
        market.send(1, &enter(number, b'S', qty, b"ONE", 100_000, *b"3N", &[]));
        market.letters(1).contains('E')
    })
}

#[test]
fn all_or_none_is_a_minimum_of_the_whole_in_ouch_and_adds_to_a_minimum_in_fix() {
    let mut market = Market::open();
    let whole: &[(u8, &[u8])] = &[(3, &[0, 0, 0, 100])];
    market.send(3, &enter(1, b'B', 100, b"ONE", 100_000, *b"0N", whole));
    assert_eq!(market.letters(3), "SA");
    assert_eq!(trades_with_60_and_100(&mut market), [false, true]);
    let terms = "55=ONE|54=1|38=100|40=2|44=10|60=19700101-00:00:00";
    for (fields, expected) in [
        ("18=G", [false, true]),
        ("18=G|110=50", [false, true]),
        ("18=G|110=100", [false, true]),
        ("110=50", [true, true]),
    ] {
        let mut market = Market::open();
        let mut client = Client::log_on(&mut market);
        let taken = client.ask(&mut market, "D", &format!("11=a|{terms}|{fields}"));
        assert!(taken[0].contains("|150=0|"), "{taken:?}");
        assert_eq!(taken[0].contains("|18=G|"), fields.contains("18=G"), "{taken:?}");
        assert_eq!(trades_with_60_and_100(&mut market), expected, "{fields}");
    }
    let mut market = Market::open();
    let mut client = Client::log_on(&mut market);
    let refused = client.ask(&mut market, "D", &format!("11=a|{terms}|18=G|110=101"));
    assert!(refused[0].contains("|103=11|") && refused[0].contains("MinQty (110)"), "{refused:?}");
}

#[test]
fn a_port_says_whether_post_only_slides_or_is_refused() {
    let post_only: &[(u8, &[u8])] = &[(12, b"P")];
    for (post_only_rejects, letters) in [(0, "A"), (1, "J")] {
        let mut market = Market::open();
        let definition = PortDefined { post_only_rejects, ..port(1, 1) };
        market.input(PortDefined::KIND, &definition.encode());
        market.send(3, &enter(1, b'S', 40, b"ONE", 100_000, DAY, &[]));
        market.letters(1);
        market.send(1, &enter(1, b'B', 40, b"ONE", 100_000, DAY, post_only));
        assert_eq!(market.letters(1), letters);
        let bid = market.exchange.market().matcher().books().best_prices(1)[0];
        assert_eq!(bid, (post_only_rejects == 0).then_some(99_900));
        market.send(1, &enter(2, b'B', 40, b"ONE", 99_800, DAY, post_only));
        assert_eq!(market.letters(1), "A", "one that takes nothing is taken as it is");
        market.send(1, &replace(2, 3, 40, 100_000, b'Y'));
        assert_eq!(market.letters(1), if letters == "A" { "U" } else { "J" });
        let refused = [RejectReason::PostOnlyWouldTake; 2];
        assert_eq!(reasons(&market), if letters == "A" { &[] } else { &refused[..] });
        assert_restores(&market);
    }
}

#[test]
fn a_cancel_is_done_at_once_in_every_phase() {
    for phase in (0..=6).filter_map(Phase::from_raw) {
        let mut market = Market::open();
        market.send(1, &enter(1, b'B', 40, b"ONE", 100_000, DAY, &[]));
        let mut on_close = enter(2, b'B', 40, b"ONE", 100_000, DAY, &[]);
        on_close[30] = b'C';
        market.send(1, &on_close);
        assert_eq!(market.letters(1), "SAA");
        market.operate(Operation::SetPhase, 0, i64::from(phase.raw()));
        let closed = market.exchange.live_orders() < 2;
        assert_eq!(closed, phase == Phase::Closed, "closing cancels an on-close order");
        market.letters(1);
        market.send(1, &cancel(1, 0));
        market.send(1, &cancel(2, 0));
        assert_eq!(market.letters(1), if closed { "C" } else { "CC" }, "{phase:?}");
        assert_eq!(market.exchange.live_orders(), 0);
    }
}
