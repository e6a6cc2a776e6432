// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! FIX clients: who may log on, what they get, and what they get again.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use onetape_core::events::{OrderFormat, OrderMessageReceived};
use onetape_core::wire::fix::{
    Arrival, BUFFER_BYTES, Decoder, Message, Precision, Version, Writer, tag,
};
use serde_json::json;

use super::echo::{Echo, FIX_PORT};
use super::hostile::{Chance, throw};
use super::operators::{Operator, desk};
use super::rig::{PATIENCE, Rig, anywhere, config};
use crate::exchange::scratch::Scratch;
use crate::exchange::{PortConfig, Secret, Server, ServerConfig};
use crate::journal_file::JournalReader;

fn with_fix(folder: &Path) -> ServerConfig {
    let mut config = config(folder);
    let mut address = anywhere();
    address.set_ip(std::net::Ipv4Addr::new(127, 0, 0, 2).into());
    config.ports.push(PortConfig {
        id: FIX_PORT,
        username: "CLIENT".to_owned(),
        password: Secret::new("open sesame"),
        format: OrderFormat::Fix44,
        address,
    });
    config
}

fn start(folder: &Path) -> (Rig, SocketAddr) {
    let server = Server::start(with_fix(folder), Echo::default).unwrap();
    let address = server.addresses().unwrap()[1];
    (Rig::run(server), address)
}

/// A client, message by message.
struct Client {
    socket: TcpStream,
    decoder: Decoder,
    next: u64,
}

/// What a client cares about in a message: its type, number, order, and whether it comes again.
#[derive(Debug, PartialEq, Eq)]
struct Heard {
    msg_type: u8,
    number: u64,
    order: String,
    again: bool,
}

fn number(message: &Message<'_>, field: u32) -> u64 {
    String::from_utf8(message.find(field).unwrap().to_vec()).unwrap().parse().unwrap()
}

/// A message of the client's.
fn written(number: u64, msg_type: &[u8], fields: &[(u32, &[u8])]) -> Vec<u8> {
    let mut buffer = [0; BUFFER_BYTES];
    let mut writer = Writer::new(&mut buffer, Version::Fix44);
    writer.text(35, msg_type);
    writer.text(tag::SENDER_COMP_ID, b"CLIENT");
    writer.text(tag::TARGET_COMP_ID, b"ONETAPE");
    writer.number(tag::MSG_SEQ_NUM, number);
    writer.time(tag::SENDING_TIME, 1_795_132_800_000_000_000, Precision::Milliseconds);
    for (field, value) in fields {
        writer.text(*field, value);
    }
    writer.finish().to_vec()
}

impl Client {
    fn connect(address: SocketAddr, next: u64) -> Self {
        let socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { socket, decoder: Decoder::new(), next }
    }

    fn say(&mut self, msg_type: &[u8], fields: &[(u32, &[u8])]) {
        let message = written(self.next, msg_type, fields);
        self.next += 1;
        self.socket.write_all(&message).unwrap();
    }

    fn log_on(&mut self, password: &[u8]) {
        self.say(b"A", &[(98, b"0"), (108, b"30"), (553, b"CLIENT"), (554, password)]);
    }

    fn hear(&mut self) -> Option<Heard> {
        loop {
            let mut bytes = [0; 1];
            let mut chunk: &[u8] = &[];
            let found = self.decoder.next(&mut chunk).is_some();
            assert!(!found, "a message is taken as soon as it is whole");
            if self.socket.read(&mut bytes).unwrap() == 0 {
                return None;
            }
            let mut chunk = bytes.as_slice();
            if let Some(Arrival::Message(message)) = self.decoder.next(&mut chunk) {
                let order = message.find(11).unwrap_or_default().to_vec();
                return Some(Heard {
                    msg_type: message.msg_type()[0],
                    number: number(&message, tag::MSG_SEQ_NUM),
                    order: String::from_utf8(order).unwrap(),
                    again: message.find(43).is_some(),
                });
            }
        }
    }

    fn order(&mut self, name: &str) {
        self.say(b"D", &[(11, name.as_bytes())]);
    }
}

fn heard(msg_type: u8, number: u64, order: &str, again: bool) -> Heard {
    Heard { msg_type, number, order: order.to_owned(), again }
}

#[test]
fn a_stranger_is_not_answered() {
    let folder = Scratch::new("fix-stranger");
    let (rig, address) = start(folder.path());
    for password in [b"wrong".as_slice(), b"OPEN SESAME", b"open sesame ", b"open sesam"] {
        let mut client = Client::connect(address, 1);
        client.log_on(password);
        assert_eq!(client.hear(), None);
    }
    let mut hasty = Client::connect(address, 1);
    hasty.order("one");
    assert_eq!(hasty.hear(), None, "nothing but a logon comes first");
    let mut garbled = Client::connect(address, 1);
    garbled.socket.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    assert_eq!(garbled.hear(), None);
    let server = rig.stop();
    assert_eq!((server.counts().logins, server.counts().logins_rejected), (0, 4));
}

#[test]
fn who_logs_on_after_the_days_end_is_told_so() {
    let folder = Scratch::new("fix-ended");
    let config = ServerConfig { control: Some(desk(folder.path())), ..with_fix(folder.path()) };
    let server = Server::start(config, Echo::default).unwrap();
    let address = server.addresses().unwrap()[1];
    let rig = Rig::run(server);
    Operator::new(folder.path()).must(&json!({"do": "end-of-day"}));
    let mut client = Client::connect(address, 1);
    client.log_on(b"open sesame");
    let mut said = Vec::new();
    client.socket.read_to_end(&mut said).unwrap();
    let text = String::from_utf8(said).unwrap().replace('\u{1}', "|");
    assert!(text.contains("|35=5|") && text.contains("|49=ONETAPE|56=CLIENT|"), "{text}");
    assert!(text.contains("|58=the day has ended|"), "{text}");
    assert_eq!(text.matches("8=FIX").count(), 1);
    let mut stranger = Client::connect(address, 1);
    stranger.log_on(b"wrong");
    assert_eq!(stranger.hear(), None, "a stranger is told nothing");
    drop(rig.stop());
}

#[test]
fn orders_are_answered_and_a_second_link_is_refused() {
    let folder = Scratch::new("fix-orders");
    let (rig, address) = start(folder.path());
    let mut client = Client::connect(address, 1);
    client.log_on(b"open sesame");
    assert_eq!(client.hear(), Some(heard(b'A', 1, "", false)));
    let mut second = Client::connect(address, 1);
    second.log_on(b"open sesame");
    assert_eq!(second.hear(), None);
    for number in 1..=50 {
        client.order(&format!("order-{number}"));
    }
    for number in 1..=50 {
        assert_eq!(client.hear(), Some(heard(b'8', number + 1, &format!("order-{number}"), false)));
    }
    client.socket.write_all(b"8=FIX.4.4\x019=5\x0135=0\x0110=000\x01").unwrap();
    client.order("after what was garbled");
    assert_eq!(client.hear(), Some(heard(b'8', 52, "after what was garbled", false)));
    client.say(b"5", &[]);
    assert_eq!(client.hear(), Some(heard(b'5', 53, "", false)));
    assert_eq!(client.hear(), None);
    assert!(rig.stop().counts().garbled > 0);
}

#[test]
fn what_was_missed_is_said_again_on_request() {
    let folder = Scratch::new("fix-resend");
    let (rig, address) = start(folder.path());
    let mut client = Client::connect(address, 1);
    client.log_on(b"open sesame");
    assert_eq!(client.hear(), Some(heard(b'A', 1, "", false)));
    for number in 1..=3 {
        client.order(&format!("{number}"));
        assert_eq!(client.hear(), Some(heard(b'8', number + 1, &format!("{number}"), false)));
    }
    client.say(b"2", &[(7, b"1"), (16, b"0")]);
    client.order("4");
    assert_eq!(client.hear(), Some(heard(b'4', 1, "", true)), "the logon is not said again");
    for number in 1..=3 {
        assert_eq!(client.hear(), Some(heard(b'8', number + 1, &format!("{number}"), true)));
    }
    assert_eq!(client.hear(), Some(heard(b'8', 5, "4", false)));
    drop(client);
    drop(rig.stop());

    let (_rig, address) = start(folder.path());
    let mut client = Client::connect(address, 7);
    client.log_on(b"open sesame");
    assert_eq!(client.hear(), Some(heard(b'A', 6, "", false)), "numbers go on after a restart");
    client.say(b"2", &[(7, b"3"), (16, b"4")]);
    for number in 2..=3 {
        assert_eq!(client.hear(), Some(heard(b'8', number + 1, &format!("{number}"), true)));
    }
}

#[test]
fn a_fix_password_is_not_journaled() {
    let folder = Scratch::new("fix-secret");
    let (rig, address) = start(folder.path());
    let mut client = Client::connect(address, 1);
    client.log_on(b"open sesame");
    assert_eq!(client.hear(), Some(heard(b'A', 1, "", false)));
    std::thread::sleep(Duration::from_millis(10));
    drop(rig.stop());
    let mut reader = JournalReader::open(folder.path().join("journal")).unwrap();
    let mut logons = 0;
    while let Some(entry) = reader.next_entry().unwrap() {
        assert!(!entry.body.windows(6).any(|word| word == b"sesame"));
        logons += u32::from(entry.kind == OrderMessageReceived::KIND);
    }
    assert_eq!(logons, 1);
}

#[test]
fn no_bytes_on_a_fix_port_bring_the_exchange_down() {
    let folder = Scratch::new("fix-hostile");
    let (rig, address) = start(folder.path());
    let (mut other, _) = rig.log_in(1, 1);
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let login: [(u32, &[u8]); 3] = [(98, b"0"), (108, b"30"), (554, b"open sesame")];
    for number in 0..200 {
        let mut bytes = written(1, b"A", &login);
        for order in 2..5 {
            bytes.extend_from_slice(&written(order, b"D", &[(11, b"name")]));
        }
        bytes.extend_from_slice(&written(5, b"2", &[(7, b"1"), (16, b"99999999")]));
        match number % 4 {
            0 => bytes = chance.bytes(1 + number),
            1 => bytes.truncate(chance.below(bytes.len())),
            2 => {
                let at = chance.below(bytes.len());
                bytes[at] ^= 1 << chance.below(8);
            }
            _ => {
                let at = chance.below(bytes.len());
                let noise = chance.bytes(20);
                bytes.splice(at..at, noise);
            }
        }
        throw(address, &bytes);
        if number % 20 == 0 {
            other.say(b"in good order");
            assert_eq!(other.message(), b"in good order", "after {number}");
        }
    }
    let counts = rig.stop().counts();
    assert!(counts.logins > 20 && counts.garbled > 10 && counts.protocol > 20, "{counts:?}");
}
