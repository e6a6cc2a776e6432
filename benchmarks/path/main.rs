// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A venue that measures who trades on it: it sends ITCH packets on a schedule and takes the time
//! until the order that each of them led to has come back by TCP. `benchmarks/live.py` runs it
//! against `onetape live`; with `bare` it is the program that the figures stand beside: it receives
//! the packet and sends a prepared message. Prints one JSON object.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails should stop")]
#![expect(clippy::cast_precision_loss, reason = "microseconds for people")]

mod venue;

use std::collections::BTreeMap;
use std::env;
use std::io::Write;
use std::net::{TcpStream, UdpSocket};

/// What is asked on the command line, as `name=value`.
pub(crate) struct Plan(BTreeMap<String, String>);

impl Plan {
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(crate) fn number(&self, name: &str, otherwise: u64) -> u64 {
        self.0.get(name).map_or(otherwise, |text| text.parse().expect("a number"))
    }
}

fn main() {
    let words = env::args().skip(1).filter(|word| word != "--bench");
    let pairs = words.map(|word| {
        let (name, value) = word.split_once('=').expect("name=value");
        (name.to_owned(), value.to_owned())
    });
    let plan = Plan(pairs.collect());
    if let Some(core) = plan.0.get("core") {
        pin(core.parse().expect("a core"));
    }
    match plan.text("mode") {
        "venue" => venue::run(&plan),
        "bare" => bare(&plan),
        other => panic!("mode: expected venue or bare, found {other:?}"),
    }
}

/// Binds this thread to a core.
fn pin(core: usize) {
    // SAFETY: the set is a plain value, and lives for the call.
    let done = unsafe {
        let mut set = std::mem::zeroed::<libc::cpu_set_t>();
        libc::CPU_SET(core, &mut set);
        libc::sched_setaffinity(0, size_of::<libc::cpu_set_t>(), &raw const set)
    };
    assert_eq!(done, 0, "core {core} is not to be had");
}

/// Receives each packet and sends a prepared order with the packet's price.
fn bare(plan: &Plan) {
    let line = UdpSocket::bind(plan.text("udp")).unwrap();
    line.set_nonblocking(true).unwrap();
    let mut venue = TcpStream::connect(plan.text("tcp")).unwrap();
    venue.set_nodelay(true).unwrap();
    let mut packet = [0; 2_048];
    let mut order = [0; 2 + venue::ORDER_BYTES];
    order[..3].copy_from_slice(&[0, venue::ORDER_BYTES as u8, b'U']);
    order[3] = b'O';
    loop {
        let Ok(length) = line.recv(&mut packet) else { continue };
        if length < venue::PRICE_BYTES {
            continue;
        }
        let price = &packet[length - venue::PRICE_BYTES..length];
        order[venue::PRICE_AT + 4..venue::PRICE_AT + 8].copy_from_slice(price);
        if venue.write_all(&order).is_err() {
            return;
        }
    }
}
