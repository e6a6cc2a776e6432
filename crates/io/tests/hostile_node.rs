// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Clients who are let in and then send orders that were bent: in every protocol, over sockets, into
//! the real exchange. It stays up, serves the others, and lives the same again from its journal.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod folder;
mod market;

use std::io::{ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use folder::TestFolder;
use market::listening::any_message;
use market::{Operator, Running, SYMBOLS, anywhere, cancel, config, enter, make, served};
use onetape_core::component::Component;
use onetape_core::events::{OrderAccepted, OrderFormat, OrderRejected, PortKind};
use onetape_core::hash::mix;
use onetape_core::wire::fix::{BUFFER_BYTES, Precision, Version, Writer};
use onetape_core::wire::soup::{LoginRequest, Packet, name_of};
use onetape_io::exchange::{Engine, ServerConfig};
use onetape_io::journal_file::JournalReader;
use serde_json::json;

/// How many hostile connections there are.
const ATTACKS: u32 = 240;
/// How many messages each sends.
const MESSAGES: u32 = 20;

/// Who attacks: a port, how it speaks, and whether it may send orders at all.
const ATTACKERS: [(u32, PortKind, OrderFormat); 6] = [
    (3, PortKind::OrderEntry, OrderFormat::Ouch50),
    (4, PortKind::OrderEntry, OrderFormat::Ouch42),
    (5, PortKind::OrderEntry, OrderFormat::Fix44),
    (6, PortKind::OrderEntry, OrderFormat::Fix50sp2),
    (7, PortKind::DropCopy, OrderFormat::Fix44),
    (8, PortKind::DropCopy, OrderFormat::Fix50sp2),
];

/// The address of this machine that ports of a format come in by.
fn door(format: OrderFormat) -> SocketAddr {
    let mut address = anywhere();
    address.set_ip(IpAddr::V4(Ipv4Addr::new(127, 0, 0, format.raw())));
    address
}

fn with_everybody(folder: &Path) -> ServerConfig {
    let mut config = config(folder);
    config.connections_max = 64;
    for (id, kind, format) in &ATTACKERS[1..] {
        config.definitions.push(market::port(*id, 2, *kind, *format));
        config.ports.push(served(*id, *format, door(*format)));
    }
    config
}

/// Numbers that look like chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = mix(self.0 + 1);
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    /// Bends a message: bits, runs of bytes at their ends, its length. Some stay as they are.
    fn bend(&mut self, bytes: &mut Vec<u8>) {
        match self.below(8) {
            0..=2 => {}
            3 => {
                let at = self.below(bytes.len());
                bytes[at] ^= 1 << self.below(8);
            }
            4 => {
                let at = self.below(bytes.len());
                let end = bytes.len().min(at + 1 + self.below(8));
                bytes[at..end].fill([0, 0xff, 0x7f, 0x80, b' ', b'9'][self.below(6)]);
            }
            5 => bytes.truncate(self.below(bytes.len())),
            6 => bytes.extend((0..self.below(40)).map(|at| mix(self.0 + at as u64) as u8)),
            _ => {
                let at = self.below(bytes.len());
                bytes[at] = self.next() as u8;
            }
        }
    }
}

/// OUCH 4.2: a new order, another in its place, less of it, another mark.
fn ouch42(chance: &mut Chance, number: u32) -> Vec<u8> {
    let token = |number: u32| format!("{number:<14}").into_bytes();
    let old = token(1 + chance.next() as u32 % number);
    let qty = (1 + chance.next() as u32 % 500).to_be_bytes();
    let price = (100_000 + chance.next() as u32 % 12 * 100).to_be_bytes();
    let day = 99_999_u32.to_be_bytes();
    let none = [0; 4];
    match chance.below(8) {
        0 => [b"X", &old[..], &none].concat(),
        1 => [b"U", &old[..], &token(number), &qty, &price, &day, b"YN", &none].concat(),
        2 => [b"M", &old[..], b"S", &qty].concat(),
        _ => {
            let side: &[u8] = [b"B", b"S"][chance.below(2)];
            let display: &[u8] = [b"Y", b"N", b"P", b"M"][chance.below(4)];
            let head = [b"O", &token(number)[..], side, &qty, &SYMBOLS[0], &price, &day];
            [&head.concat()[..], b"    ", display, b"PN", &none, b"NN"].concat()
        }
    }
}

/// FIX: an order, its replacement, its end, or a message of the session; each value may be bent, and
/// the frame around it is whole, so that it is read.
fn fix(chance: &mut Chance, id: u32, version: Version, first: u32, sequence: u64) -> Vec<u8> {
    let number = u64::from(first) + sequence;
    let (name, old) = (format!("{number}"), format!("{}", number - chance.next() % sequence));
    let qty = format!("{}", 1 + chance.below(500));
    let price = format!("10.{:02}", chance.below(12));
    let order = [(11, name.as_str()), (55, "ONE"), (54, "1"), (38, &qty), (40, "2"), (44, &price)];
    let (kind, fields): (&str, Vec<(u32, &str)>) = match chance.below(10) {
        0 => ("F", [&[(41, old.as_str())], &order[..3]].concat()),
        1 => ("G", [&[(41, old.as_str())], &order[..]].concat()),
        2 => ("q", vec![(11, &name), (530, "1"), (55, "ONE")]),
        3 => ("H", vec![(11, &old), (790, "s"), (54, "1")]),
        4 => ("2", vec![(7, "1"), (16, "0")]),
        5 => ("D", [&order[..], &[(59, "6"), (126, "20991231-00:00:00")]].concat()),
        6 => ("D", [&order[..3], &[(38, "9"), (40, "P"), (18, "R"), (211, "-0.05")]].concat()),
        _ => ("D", order.to_vec()),
    };
    let mut buffer = [0; BUFFER_BYTES];
    let mut writer = Writer::new(&mut buffer, version);
    writer.text(35, kind.as_bytes());
    writer.text(49, format!("user{id}").as_bytes());
    writer.text(56, b"ONETAPE");
    writer.number(34, sequence);
    writer.time(52, now_ns(), Precision::Milliseconds);
    for (tag, value) in fields.iter().chain(&[(60, "20261121-00:00:00")]) {
        let mut value = value.as_bytes().to_vec();
        if chance.below(12) == 0 {
            chance.bend(&mut value);
            value.retain(|&byte| byte != 1);
        }
        let is_other = chance.below(60) == 0;
        let tag = if is_other { 1 + chance.below(1_200) as u32 } else { *tag };
        writer.text(tag, &value);
    }
    writer.finish().to_vec()
}

fn now_ns() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    since.as_nanos() as i64
}

/// A login that is taken, then messages that are bent.
fn attack(chance: &mut Chance, id: u32, format: OrderFormat, first: u32) -> Vec<u8> {
    let mut out = Vec::new();
    let version = match format {
        OrderFormat::Fix44 => Version::Fix44,
        OrderFormat::Fix50sp2 => Version::Fix50Sp2,
        _ => {
            let user = format!("user{id}");
            let (username, password) = (name_of(user.as_bytes()), name_of(b"secret"));
            let (session, sequence, timeout_ms) = ([0; 10], 1, None);
            let login = LoginRequest { username, password, session, sequence, timeout_ms };
            Packet::LoginRequest(login).encode(&mut out);
            for number in first..first + MESSAGES {
                let mut message = match format {
                    OrderFormat::Ouch42 => ouch42(chance, number),
                    _ => any_message(chance.next(), number),
                };
                // A number that is far ahead would end the channel: seldom, and then its letter too.
                let kept = if chance.below(60) == 0 { 0 } else { 5 };
                let mut rest = message.split_off(kept);
                chance.bend(&mut rest);
                message.append(&mut rest);
                Packet::Unsequenced(&message).encode(&mut out);
            }
            return out;
        }
    };
    let mut buffer = [0; BUFFER_BYTES];
    let mut writer = Writer::new(&mut buffer, version);
    let user = format!("user{id}");
    for (tag, value) in [(35, "A"), (49, &user), (56, "ONETAPE"), (34, "1")] {
        writer.text(tag, value.as_bytes());
    }
    writer.time(52, now_ns(), Precision::Milliseconds);
    let login = [(98, "0"), (108, "9"), (141, "Y"), (553, &user), (554, "secret"), (1137, "9")];
    for (tag, value) in &login[..if version == Version::Fix44 { 5 } else { 6 }] {
        writer.text(*tag, value.as_bytes());
    }
    out.extend_from_slice(writer.finish());
    for sequence in 2..2 + u64::from(MESSAGES) {
        let mut message = fix(chance, id, version, first, sequence);
        // What is garbled is skipped, and all that comes after it is asked for again: late.
        if sequence > 12 && chance.below(4) == 0 {
            chance.bend(&mut message);
        }
        out.extend_from_slice(&message);
    }
    out
}

/// Sends it all, reads what comes until nothing more does; the bytes that came.
fn throw(address: SocketAddr, bytes: &[u8]) -> usize {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(30))).unwrap();
    let _it_may_be_closed_already = socket.write_all(bytes);
    let (mut came, mut chunk) = (0, [0; 16 << 10]);
    loop {
        match socket.read(&mut chunk) {
            Ok(0) => return came,
            Ok(length) => came += length,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return came,
        }
    }
}

/// Accepted and rejected orders of each port, as the journal has them.
fn answered(journal: &Path) -> [[u32; 2]; 9] {
    let mut counts = [[0; 2]; 9];
    let mut reader = JournalReader::open(journal).unwrap();
    while let Some(entry) = reader.next_entry().unwrap() {
        match entry.kind {
            OrderAccepted::KIND => {
                let event = OrderAccepted::decode(entry.body).unwrap();
                counts[event.strategy_id as usize][0] += 1;
            }
            OrderRejected::KIND => {
                let event = OrderRejected::decode(entry.body).unwrap();
                counts[event.strategy_id as usize][1] += 1;
            }
            _ => {}
        }
    }
    counts
}

#[test]
fn bent_orders_in_every_protocol_harm_nobody_and_are_lived_the_same_again() {
    let folder = TestFolder::new("hostile-node");
    let running = Running::start(with_everybody(folder.path()));
    let mut operator = Operator::new(folder.path());
    operator.ask(&json!({"do": "phase", "phase": "continuous"}));
    let mut good = running.client(1, 1);
    assert_eq!(good.letters(1), "S");
    let (mut chance, mut came) = (Chance(2_026), [0; 9]);
    for at in 0..ATTACKS {
        let (id, _, format) = ATTACKERS[at as usize % ATTACKERS.len()];
        let bytes = attack(&mut chance, id, format, 1 + at / 6 * MESSAGES);
        let address = running.addresses[format.raw() as usize - 1];
        came[id as usize] += throw(address, &bytes);
        // Far from the others' prices: accepted and cancelled, whatever else happens.
        good.say(&enter(at + 1, b'B', 10, SYMBOLS[1], 50_000));
        good.say(&cancel(at + 1));
        assert_eq!(good.letters(2), "AC", "after attack {at}");
    }
    let server = running.stop();
    let counters = server.engine().core().counters();
    assert!(counters.messages_malformed > 50, "{counters:?}");
    let answered = answered(&folder.path().join("journal"));
    for (id, kind, _) in ATTACKERS {
        let [accepted, rejected] = answered[id as usize];
        let may_order = kind == PortKind::OrderEntry;
        assert!(rejected > 20 && (accepted > 60) == may_order, "{id}: {answered:?}");
        assert!(may_order || accepted == 0, "{id}: {answered:?}");
        assert!(came[id as usize] > 1_000, "{id}: {came:?}");
    }
    assert_eq!(answered[1], [ATTACKS, 0]);

    // All of it again, from the journal alone: each output and each byte of each stream is compared.
    let hash = server.engine().core().state_hash();
    drop(server);
    let _none_may_have_been_taken =
        std::fs::remove_dir_all(folder.path().join("journal").join("snapshots"));
    let (engine, recovered) = Engine::open(&with_everybody(folder.path()), &make).unwrap();
    assert_eq!((recovered.snapshot_seq, engine.core().state_hash()), (0, hash));
    assert!(recovered.streams.iter().all(|(_, found)| found.differs_at == 0 && found.rebuilt == 0));
    assert_eq!(recovered.streams.len(), 9, "the public's and eight ports'");
}
