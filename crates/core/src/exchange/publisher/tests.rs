// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors

use super::*;
use crate::wire::itch::Message;

#[derive(Default)]
struct Tape(Vec<Vec<u8>>);

impl Wires for Tape {
    fn send(&mut self, _port: u32, _message: &[u8]) {}

    fn publish(&mut self, message: &[u8]) {
        self.0.push(message.to_vec());
    }
}

fn publisher() -> Publisher {
    let mut publisher = Publisher::new(4);
    publisher.set_midnight(1_000);
    publisher.set_now(1_500);
    publisher.name(2, b"ABC");
    publisher
}

#[test]
fn an_order_is_shown_as_it_stands() {
    let (publisher, mut tape) = (publisher(), Tape::default());
    let shown =
        Shown { order_id: 9, qty: 100, price: 12_300, instrument: 2, side: Side::Sell, mpid: None };
    publisher.add(&shown, &mut tape);
    publisher.add(&Shown { mpid: Some(*b"FIRM"), ..shown }, &mut tape);
    let Ok(Message::AddOrder(view)) = Message::decode(&tape.0[0]) else { panic!("an add") };
    let add = view.read();
    assert_eq!((add.stock_locate, add.timestamp_ns, add.order_ref), (2, 500, 9));
    assert_eq!((add.side, add.shares, add.price_e4, &add.stock), (b'S', 100, 12_300, b"ABC     "));
    let Ok(Message::AddOrderMpid(view)) = Message::decode(&tape.0[1]) else { panic!("an add") };
    assert_eq!(view.read().attribution, *b"FIRM");
}

#[test]
fn a_symbol_is_found_by_its_name_alone() {
    let publisher = publisher();
    assert_eq!(publisher.find(b"ABC     "), Some(2));
    assert_eq!(publisher.find(b"ABCD    "), None);
    assert_eq!(publisher.find(b"        "), None);
    assert_eq!(publisher.symbol(3), *b"        ");
}

#[test]
fn an_imbalance_says_how_far_it_is_from_the_reference() {
    for (near, letter) in [(0, b' '), (10_050, b'L'), (10_100, b'1'), (9_100, b'9'), (11_000, b'A')]
    {
        assert_eq!(price_variation(near, 10_000), letter, "{near}");
    }
    assert_eq!(price_variation(14_000, 10_000), b'C');
    assert_eq!(price_variation(14_000, 0), b' ');
}

#[test]
fn times_before_midnight_are_midnight() {
    assert_eq!(wire_time(5, 10), 0);
    assert_eq!(wire_time(i64::MAX, 0), (1 << 48) - 1);
}
