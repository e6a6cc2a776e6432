// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The feed handler of trading over a wire, behind lines that lose, double and reorder packets: it
//! gives every message once and in order, and its book is the exchange's.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod folder;
mod lossy;
mod market;

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use folder::TestFolder;
use lossy::{Proxy, free};
use market::listening::{Book, keep_trading, own};
use market::{Operator, Running, anywhere, config, served};
use onetape_core::events::{OrderFormat, PacketReceived, PortKind, VenueMessageReceived};
use onetape_core::sim::source::MarketSource;
use onetape_core::wire::mold::Packet;
use onetape_io::exchange::{LineConfig, PUBLIC};
use onetape_io::wire_source::{WireConfig, WireSource};
use serde_json::json;

/// The port that the feed handler's orders come in by.
const TRADER: u32 = 4;

/// What a source gave.
#[derive(Default)]
struct Given {
    messages: Vec<Vec<u8>>,
    answers: String,
    packets: u64,
    last_ts_ns: i64,
}

impl Given {
    /// Takes all there is. Packets may overlap; a message that comes again is the same.
    fn take(&mut self, source: &mut WireSource) {
        while let Some(item) = source.next().unwrap() {
            assert!(item.ts_ns >= self.last_ts_ns, "time goes back");
            self.last_ts_ns = item.ts_ns;
            if item.kind == VenueMessageReceived::KIND {
                self.answers.push(char::from(item.tail[0]));
            } else if item.kind == PacketReceived::KIND {
                self.packets += 1;
                for message in Packet::decode(item.tail).unwrap().messages() {
                    let (number, message) = message.unwrap();
                    let at = number as usize - 1;
                    if at == self.messages.len() {
                        self.messages.push(message.to_vec());
                    }
                    assert_eq!(self.messages.get(at).map(Vec::as_slice), Some(message), "a hole");
                }
            }
        }
    }
}

#[test]
fn through_lines_that_lose_packets_comes_the_exchanges_book() {
    let folder = TestFolder::new("wire-source");
    let ours = [free(), free()];
    let proxies = [11, 12].map(|seed| Proxy::new(ours[seed as usize - 11].into(), seed));
    let mut config = config(folder.path());
    let port = market::port(TRADER, 1, PortKind::OrderEntry, OrderFormat::Ouch50);
    config.definitions.push(port);
    config.ports.push(served(TRADER, OrderFormat::Ouch50, anywhere()));
    config.rerequest = Some(anywhere());
    let interface = Ipv4Addr::LOCALHOST;
    let line = |to| LineConfig { to, interface, ttl: 0, loopback: true };
    config.lines = proxies.iter().map(|p| line(p.from.local_addr().unwrap())).collect();
    let midnight_ns = config.day.midnight_ts_ns;
    let running = Running::start(config);
    let mut operator = Operator::new(folder.path());
    operator.ask(&json!({"do": "phase", "phase": "continuous"}));

    let (quiet, over) = (AtomicBool::new(false), AtomicBool::new(false));
    let (given, counts) = std::thread::scope(|scope| {
        let lines = proxies.map(|proxy| scope.spawn(|| proxy.run(&over)));
        let wire = WireConfig {
            order_entry: running.address,
            username: format!("user{TRADER}"),
            password: "secret".to_owned(),
            lines: ours.to_vec(),
            interface,
            rerequest: running.rerequest.unwrap(),
            seconds: 6,
            midnight_ns,
        };
        let mut source = WireSource::connect(&wire).unwrap();
        let trading = keep_trading(scope, &running, &quiet, 4);
        scope.spawn(|| {
            std::thread::sleep(Duration::from_secs(2));
            quiet.store(true, Ordering::Release);
        });
        let mut given = Given::default();
        source.send(&market::enter(1, b'B', 7, market::SYMBOLS[0], 50_000));
        given.take(&mut source);
        over.store(true, Ordering::Release);
        assert!(trading.join().unwrap() > 50);
        for fate in lines.map(|line| line.join().unwrap()) {
            // How many packets there are is the machine's affair: a busy one puts more into each.
            assert!(fate.lost > 1 && fate.late > 4 && fate.doubled > 1, "{fate:?}");
            assert!(fate.passed > 40, "{fate:?}");
        }
        (given, source.counts())
    });
    let server = running.stop();
    let tape = server.engine().streams().stream(PUBLIC).unwrap();
    assert_eq!(given.messages.len() as u64, tape.released());
    let mut book = Book::new();
    for (number, message) in (1..).zip(&given.messages) {
        assert_eq!(message, tape.message(number).unwrap(), "{number}");
        book.hear(message);
    }
    let engine = own(server.engine().core());
    assert!(engine.len() > 50, "{}", engine.len());
    assert_eq!(book.queues(), engine);
    assert!(given.answers.contains('A'), "its own order was answered: {}", given.answers);
    let requests = counts.iter().find(|(name, _)| name.starts_with("requests")).unwrap().1;
    assert!(requests > 0, "nothing was lost on both lines: {counts:?}");
}
