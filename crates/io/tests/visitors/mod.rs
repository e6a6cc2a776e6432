// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Clients of a server that is in the test's own hands: one thread, real sockets, nobody waits.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of it; a test may panic"
)]

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream, UdpSocket};
use std::path::Path;
use std::time::Instant;

use onetape_core::exchange::node::Exchange;
use onetape_core::wire::fix::Message;
use onetape_core::wire::mold;
use onetape_core::wire::soup::{self, ClientConfig, ClientEvent, LoginRequest, Version, name_of};
use onetape_io::exchange::{LineConfig, PUBLIC, Server};
use onetape_io::journal_file::JournalReader;

use super::fixer::{self, Fixer, fields};
use super::market::{PATIENCE, anywhere};
use super::recorded::{FIX_PORT, Recorded};

/// A client with `SoupBinTCP`'s own idea of the numbers.
struct Visitor {
    socket: TcpStream,
    client: soup::Client,
    heard: Vec<(u64, Vec<u8>)>,
}

impl Visitor {
    /// Logs in as a port, from message `sequence` on, which must be the next that it gets.
    fn arrive(server: &mut Server<Exchange>, port: u32, sequence: u64) -> Self {
        let login = LoginRequest {
            username: name_of(format!("user{port}").as_bytes()),
            password: name_of(b"secret"),
            session: name_of(b"DAY1"),
            sequence,
            timeout_ms: None,
        };
        let config = ClientConfig { version: Version::V410, login };
        let socket = TcpStream::connect(server.addresses().unwrap()[0]).unwrap();
        socket.set_nonblocking(true).unwrap();
        socket.set_nodelay(true).unwrap();
        let client = soup::Client::new(config, 0);
        let mut visitor = Self { socket, client, heard: Vec::new() };
        let mut bytes = Vec::new();
        visitor.client.login(0, &mut bytes).unwrap();
        visitor.socket.write_all(&bytes).unwrap();
        visitor.wait(server, |visitor| visitor.client.state() == soup::State::Active);
        let next = visitor.client.next_sequence() - visitor.heard.len() as u64;
        assert_eq!(next, sequence, "port {port}");
        visitor
    }

    /// Hears what is there.
    fn listen(&mut self) {
        let mut chunk = [0; 16 << 10];
        loop {
            let count = match self.socket.read(&mut chunk) {
                Ok(count) if count > 0 => count,
                Err(err) if err.kind() == ErrorKind::WouldBlock => return,
                other => panic!("the connection ended: {other:?}; heard {:?}", self.heard),
            };
            let heard = &mut self.heard;
            let mut on_event = |event: ClientEvent<'_>| match event {
                ClientEvent::Sequenced { sequence, message } => {
                    heard.push((sequence, message.to_vec()));
                }
                ClientEvent::Rejected { reason } => panic!("rejected: {}", char::from(reason)),
                _ => {}
            };
            self.client.receive(0, &chunk[..count], &mut on_event).unwrap();
        }
    }

    /// Has the server work until something was heard.
    fn wait(&mut self, server: &mut Server<Exchange>, until: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            server.turn().unwrap();
            self.listen();
            if until(self) {
                return;
            }
            assert!(Instant::now() < deadline, "heard {:?}", self.heard);
        }
    }

    fn say(&mut self, message: &[u8]) {
        let mut bytes = Vec::new();
        self.client.send_unsequenced(0, message, &mut bytes).unwrap();
        self.socket.write_all(&bytes).unwrap();
    }
}

/// Somebody who listens to market data.
pub(crate) struct Listener(UdpSocket);

impl Listener {
    pub(crate) fn new() -> Self {
        let socket = UdpSocket::bind(anywhere()).unwrap();
        socket.set_nonblocking(true).unwrap();
        Self(socket)
    }

    /// The line to it.
    pub(crate) fn line(&self) -> LineConfig {
        let to = self.0.local_addr().unwrap();
        LineConfig { to, interface: Ipv4Addr::LOCALHOST, ttl: 0, loopback: true }
    }

    /// Whatever it had heard when message `told` was the last, what comes goes on from there or
    /// before, in the same session, and says of each number what the stream does. Packets of another
    /// session are another exchange's, who speaks to the port that we happen to have.
    fn check(&self, server: &mut Server<Exchange>, told: u64) {
        let (mut bytes, mut next) = ([0; 2_000], None);
        let deadline = Instant::now() + PATIENCE;
        let released =
            |server: &Server<_>| server.engine().streams().stream(PUBLIC).unwrap().released();
        while next != Some(released(server) + 1) {
            assert!(Instant::now() < deadline, "it heard up to {next:?}");
            let Ok(length) = self.0.recv(&mut bytes) else {
                server.turn().unwrap();
                continue;
            };
            let packet = mold::Packet::decode(&bytes[..length]).unwrap();
            if packet.header.session != *b"DAY1      " {
                continue;
            }
            let first = packet.header.sequence;
            assert!(first <= next.unwrap_or(told + 1), "nobody was told of {next:?} to {first}");
            let stream = server.engine().streams().stream(PUBLIC).unwrap();
            for (number, message) in packet.messages().map(Result::unwrap) {
                assert_eq!(stream.message(number), Some(message), "{number}");
            }
            next = Some(first + u64::from(packet.header.messages_count()));
        }
    }
}

/// Has a server go on with a session whose journal ended with entry `seq`: whatever each client had
/// heard by then, it sees every message once, under its number, and the numbers go on.
pub(crate) fn visit(
    server: &mut Server<Exchange>,
    recorded: &Recorded,
    seq: u64,
    listener: &Listener,
) {
    let now = recorded.at(seq);
    for port in 1..=3 {
        let place = port as usize;
        let (told, before) = (now.told[place], now.before[place]);
        let mut froms = vec![1, before + 1];
        froms.dedup();
        for from in froms {
            let mut visitor = Visitor::arrive(server, port, from);
            visitor.wait(server, |visitor| visitor.client.next_sequence() > told);
            for (number, message) in visitor.heard.iter().take_while(|heard| heard.0 <= told) {
                let was = &recorded.messages[place][*number as usize - 1];
                assert_eq!(message, was, "{seq}: port {port}, {number}");
            }
        }
        // It goes; the port is free when the server has seen that.
        server.turn().unwrap();
    }
    let mut visitors: Vec<Visitor> =
        (1..=3).map(|port| Visitor::arrive(server, port, now.told[port as usize] + 1)).collect();
    for (port, visitor) in (1..).zip(&mut visitors) {
        go_on(server, recorded, seq, (port, visitor));
    }
    visit_by_fix(server, recorded, seq);
    for port in 1..=4 {
        check_stream(server, recorded, seq, port);
    }
    check_stream(server, recorded, seq, PUBLIC);
    listener.check(server, now.told[PUBLIC as usize]);
}

/// What was completed of the last input is what the journal of the whole session has there.
pub(crate) fn check_journal(journal: &Path, recorded: &Recorded, seq: u64) {
    let mut reader = JournalReader::open(journal).unwrap();
    let first = seq.saturating_sub(3).max(1);
    reader.seek_seq(first).unwrap();
    for number in first..=seq + recorded.at(seq).missing {
        let framed = reader.next_frame().unwrap().unwrap();
        assert_eq!(framed.bytes, recorded.frame(number), "{seq}: entry {number}");
    }
}

/// What a client does that does not know which of its last orders arrived: says them again, and goes
/// on. Those that did are not answered twice; the others are, under the next numbers.
fn go_on(
    server: &mut Server<Exchange>,
    recorded: &Recorded,
    seq: u64,
    (port, visitor): (u32, &mut Visitor),
) {
    let orders: Vec<_> = recorded
        .asked
        .iter()
        .filter(|asked| asked.port == port && asked.message[0] == b'O')
        .collect();
    let arrived = orders.iter().take_while(|asked| asked.seq <= seq).count();
    let again = &orders[arrived.saturating_sub(3)..(arrived + 2).min(orders.len())];
    for asked in again {
        visitor.say(&asked.message);
    }
    let mut last = orders.last().unwrap().message.clone();
    last[1..5].copy_from_slice(&1_000_000_u32.to_be_bytes());
    visitor.say(&last);
    visitor.wait(server, |visitor| {
        visitor.heard.iter().any(|(_, message)| answers(message) == Some(1_000_000))
    });
    let answered: Vec<u32> =
        visitor.heard.iter().filter_map(|(_, message)| answers(message)).collect();
    let number = |message: &[u8]| u32::from_be_bytes(*message[1..].first_chunk().unwrap());
    let new = orders[arrived..].iter().take(2).map(|asked| number(&asked.message));
    let expected: Vec<u32> = new.chain([1_000_000]).collect();
    assert_eq!(answered, expected, "{seq}: port {port}");
    for (number, message) in &visitor.heard {
        let stream = server.engine().streams().stream(port).unwrap();
        assert_eq!(stream.message(*number), Some(&message[..]), "{seq}: port {port}, {number}");
    }
}

/// The FIX client had heard no more than was acknowledged: it asks for the rest. Then it had heard
/// everything, and the last two of its orders never arrived: it is asked for them.
fn visit_by_fix(server: &mut Server<Exchange>, recorded: &Recorded, seq: u64) {
    let (now, place) = (recorded.at(seq), FIX_PORT as usize);
    let (told, before) = (now.told[place], now.before[place]);
    let asked = recorded.asked.iter().take_while(|asked| asked.seq <= seq);
    let arrived = asked.filter(|asked| asked.port == FIX_PORT).count() as u64;
    let address = server.addresses().unwrap()[1];
    let mut fixer = Fixer::arrive(address, arrived + 1, &mut || server.turn().unwrap());
    let logged_on = fixer.logged_on.unwrap();
    assert!(logged_on > told, "{seq}: number {logged_on}");
    let mut next_out = arrived + 2;
    if before + 1 < logged_on {
        fixer.ask_again(before + 1, logged_on - 1);
        next_out += 1;
        let missed = before + 1..logged_on;
        fixer.wait(&mut || server.turn().unwrap(), |fixer| {
            missed.clone().all(|number| fixer.heard.contains_key(&number))
        });
    }
    for (number, heard) in fixer.heard.range(..=told) {
        let was = &recorded.messages[place][*number as usize - 1];
        let is_own = matches!(Message::parse(was).unwrap().msg_type(), b"0" | b"2" | b"4" | b"A");
        let expected = (!is_own).then(|| fields(was));
        assert_eq!(*heard, expected, "{seq}: {number}");
    }
    drop(fixer);
    server.turn().unwrap();
    let mut fixer = Fixer::arrive(address, next_out + 2, &mut || server.turn().unwrap());
    fixer.wait(&mut || server.turn().unwrap(), |fixer| fixer.is_wanted(next_out));
    fixer.say_again(&["L1", "L2"]);
    fixer.order("N1", true, "9.80");
    fixer.wait(&mut || server.turn().unwrap(), |fixer| fixer.answered.contains("N1"));
    assert!(fixer.answered.contains("L1") && fixer.answered.contains("L2"), "{seq}");
}

/// The order that a message accepts or rejects.
fn answers(message: &[u8]) -> Option<u32> {
    let number = || Some(u32::from_be_bytes(*message.get(9..)?.first_chunk()?));
    matches!(message[0], b'A' | b'J').then(number).flatten()
}

/// A stream begins with what was said before, and answers no order twice.
fn check_stream(server: &Server<Exchange>, recorded: &Recorded, seq: u64, id: u32) {
    let stream = server.engine().streams().stream(id).unwrap();
    let told = recorded.at(seq).told[id as usize];
    assert!(stream.released() >= told);
    for (number, was) in (1..=told).zip(&recorded.messages[id as usize]) {
        assert_eq!(stream.message(number), Some(&was[..]), "{seq}: stream {id}, {number}");
    }
    let mut seen = BTreeSet::new();
    for message in (1..).map_while(|number| stream.message(number)).filter(|_| id != PUBLIC) {
        let order = match id {
            FIX_PORT => fixer::answers(&Message::parse(message).unwrap()),
            _ => answers(message).map(|number| number.to_string()),
        };
        let is_new = order.is_none_or(|order| seen.insert(order));
        assert!(is_new, "{seq}: port {id} was answered twice: {message:?}");
    }
}
