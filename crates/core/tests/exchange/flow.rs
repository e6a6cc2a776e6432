// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Seeded clients that send every kind of order that our market knows, and count what was taken.

use std::collections::BTreeMap;

use onetape_core::hash::mix;
use onetape_core::wire::ouch50::MARKET_PRICE_E4;

use super::exchange::fix_client::Client;
use super::exchange::{Market, SYMBOLS, cancel, enter, replace};

/// Every kind of order, as OUCH 5.0 and FIX say them.
pub(crate) const KINDS: [&str; 26] = [
    "all-or-none",
    "attributed",
    "cancel both",
    "fill-or-kill",
    "good till cancelled",
    "hidden",
    "immediate",
    "limit",
    "market",
    "market peg",
    "midpoint peg",
    "minimum",
    "minimum, immediate",
    "on-close",
    "on-close market",
    "on-open",
    "on-open market",
    "peg with a limit",
    "peg with an offset",
    "post-only",
    "primary peg",
    "reserve",
    "self-trade",
    "stop",
    "stop limit",
    "until",
];

/// Clients of ports 1 to 3 (OUCH 5.0), and one of port 4 (FIX 4.4).
pub(crate) struct Flow {
    random: u64,
    next: [u32; 4],
    fix: Option<Client>,
    texts: u32,
    /// How many orders of each kind were accepted.
    pub(crate) accepted: BTreeMap<&'static str, u32>,
}

/// An order to be entered by OUCH.
struct Order {
    kind: &'static str,
    price: u64,
    terms: [u8; 2],
    cross: u8,
    tags: Vec<(u8, Vec<u8>)>,
}

impl Flow {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: seed, next: [1; 4], fix: None, texts: 0, accepted: BTreeMap::new() }
    }

    /// A day begins: numbers begin anew, and the FIX client logs on.
    pub(crate) fn start_day(&mut self, market: &mut Market) {
        self.next = [1; 4];
        self.fix = Some(match self.fix {
            None => Client::log_on(market),
            Some(_) => Client::log_on_again(market),
        });
    }

    /// A number below `sides`.
    fn roll(&mut self, sides: u64) -> u64 {
        self.random = mix(self.random + 1);
        self.random % sides
    }

    fn price(&mut self) -> u64 {
        99_400 + self.roll(13) * 100
    }

    /// Somebody sends something.
    pub(crate) fn send(&mut self, market: &mut Market) {
        match self.roll(50) {
            0..=27 => self.enter(market),
            28..=34 => self.enter_by_fix(market),
            35..=38 => {
                let (port, old) = self.known();
                let number = self.number(port);
                let (qty, price) = (1 + self.roll(500) as u32, self.price());
                market.send(port, &replace(old, number, qty, price, b'Y'));
            }
            39..=42 => {
                let (port, old) = self.known();
                let qty = self.roll(300) as u32;
                market.send(port, &cancel(old, qty));
            }
            43..=45 => {
                let (port, old) = self.known();
                market.send(port, &cancel(old, 0));
            }
            46 => {
                let (port, old) = self.known();
                let qty = self.roll(400) as u32;
                let modify = [&b"M"[..], &old.to_be_bytes(), b"T", &qty.to_be_bytes()].concat();
                market.send(port, &modify);
            }
            47 => {
                let port = 1 + self.roll(3) as u32;
                let number = self.number(port);
                let symbol = SYMBOLS[self.roll(3) as usize];
                let mut mass = [&b"C"[..], &number.to_be_bytes(), b"    ", symbol].concat();
                mass.resize(17, b' ');
                mass.extend_from_slice(&[0, 0]);
                if self.roll(8) == 0 {
                    market.send(port, &mass);
                }
            }
            _ => market.tick(self.roll(400_000_000).cast_signed()),
        }
    }

    /// The next number of a port.
    fn number(&mut self, port: u32) -> u32 {
        let next = &mut self.next[port as usize];
        *next += 1;
        *next - 1
    }

    /// A port, and a number that it may have used.
    fn known(&mut self) -> (u32, u32) {
        let port = 1 + self.roll(3) as u32;
        let last = u64::from(self.next[port as usize]);
        (port, (last - self.roll(last.min(60))) as u32)
    }

    fn enter(&mut self, market: &mut Market) {
        let (port, symbol) = (1 + self.roll(3) as u32, SYMBOLS[self.roll(3) as usize]);
        let side = if self.roll(2) == 0 { b'B' } else { b'S' };
        let qty = 1 + self.roll(500) as u32;
        let order = self.order(qty);
        let number = self.number(port);
        let tags: Vec<(u8, &[u8])> = order.tags.iter().map(|(tag, v)| (*tag, &v[..])).collect();
        let mut message = enter(number, side, qty, symbol, order.price, order.terms, &tags);
        message[30] = order.cross;
        market.heard(port);
        market.send(port, &message);
        let is_taken = |said: &Vec<u8>| said[0] == b'A' && said[9..13] == number.to_be_bytes();
        if market.heard(port).iter().any(is_taken) {
            *self.accepted.entry(order.kind).or_default() += 1;
        }
    }

    fn order(&mut self, qty: u32) -> Order {
        let price = self.price();
        let plain = Order { kind: "limit", price, terms: *b"0Y", cross: b'N', tags: Vec::new() };
        let least = (1 + qty / 4).to_be_bytes().to_vec();
        match self.roll(22) {
            0 => Order { kind: "attributed", terms: *b"0A", ..plain },
            1 => Order { kind: "hidden", terms: *b"0N", ..plain },
            2 => Order { kind: "immediate", terms: *b"3Y", ..plain },
            3 => Order { kind: "reserve", tags: vec![(5, least)], ..plain },
            4..=6 => self.peg(price),
            7..=8 => Order { kind: "post-only", tags: vec![(12, b"P".to_vec())], ..plain },
            9 => Order { kind: "minimum", terms: *b"0N", tags: vec![(3, least)], ..plain },
            10 => {
                let tags = vec![(3, least)];
                Order { kind: "minimum, immediate", terms: *b"3Y", tags, ..plain }
            }
            11 => Order { kind: "market", price: MARKET_PRICE_E4, terms: *b"3Y", ..plain },
            12 => Order { kind: "on-open", cross: b'O', ..plain },
            13 => Order { kind: "on-close", cross: b'C', ..plain },
            14 if self.roll(2) == 0 => {
                Order { kind: "on-open market", price: MARKET_PRICE_E4, cross: b'O', ..plain }
            }
            14 => Order { kind: "on-close market", price: MARKET_PRICE_E4, cross: b'C', ..plain },
            15 => {
                let seconds = (1 + self.roll(30) as u32).to_be_bytes().to_vec();
                Order { kind: "until", terms: *b"6Y", tags: vec![(15, seconds)], ..plain }
            }
            16 => {
                let rule = b"YOW024"[self.roll(6) as usize];
                Order { kind: "self-trade", tags: vec![(29, vec![rule])], ..plain }
            }
            _ => plain,
        }
    }

    fn peg(&mut self, limit: u64) -> Order {
        let (kind, letter) = [("primary peg", b'R'), ("market peg", b'P'), ("midpoint peg", b'M')]
            [self.roll(3) as usize];
        let tags = vec![(6, vec![letter])];
        let peg = Order { kind, price: 0, terms: *b"0N", cross: b'N', tags };
        match self.roll(4) {
            0 => Order { kind: "peg with a limit", price: limit, ..peg },
            1 => {
                let offset = (self.roll(5) as i32 - 3) * 100 - 100;
                let tags = vec![(6, vec![letter]), (7, offset.to_be_bytes().to_vec())];
                Order { kind: "peg with an offset", tags, ..peg }
            }
            _ => peg,
        }
    }

    fn enter_by_fix(&mut self, market: &mut Market) {
        let money = |ticks: u64| format!("{}.{:04}", ticks / 10_000, ticks % 10_000);
        let (price, stop) = (money(self.price()), money(self.price()));
        self.texts += 1;
        let (name, qty) = (self.texts, 1 + self.roll(500));
        let symbol = String::from_utf8_lossy(SYMBOLS[self.roll(3) as usize]).into_owned();
        let (kind, terms) = match self.roll(8) {
            0..=1 => ("good till cancelled", format!("40=2|44={price}|59=1")),
            2 => ("stop", format!("40=3|99={stop}|59=0")),
            3 => ("stop limit", format!("40=4|44={price}|99={stop}|59=1")),
            4 => ("fill-or-kill", format!("40=2|44={price}|59=4")),
            5 => ("all-or-none", format!("40=2|44={price}|18=G|59=0")),
            6 => ("cancel both", format!("40=2|44={price}|59=0|2964=3")),
            _ => ("", String::new()),
        };
        let side = 1 + self.roll(2);
        let about = format!("55={symbol}|54={side}|60=19700101-00:00:00");
        let old = 1 + self.roll(u64::from(name));
        let Some(fix) = &mut self.fix else { return };
        if kind.is_empty() {
            fix.ask(market, "F", &format!("11=c{name}|41=o{old}|{about}"));
            return;
        }
        let said = fix.ask(market, "D", &format!("11=o{name}|{about}|38={qty}|{terms}"));
        let (named, taken) = (format!("|11=o{name}|"), "|150=0|");
        if said.iter().any(|text| text.contains(&named) && text.contains(taken)) {
            *self.accepted.entry(kind).or_default() += 1;
        }
    }
}
