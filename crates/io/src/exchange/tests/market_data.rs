// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Market data: lines, what was lost on them, and snapshots for who joins late.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use onetape_core::wire::itch::Message;
use onetape_core::wire::mold::{Header, Packet, PacketKind};

use super::rig::{PATIENCE, Peer, Rig, SESSION, anywhere, config};
use crate::exchange::scratch::Scratch;
use crate::exchange::{GlimpseConfig, LineConfig, Secret};

/// A listener on a line.
fn listener() -> UdpSocket {
    let socket = UdpSocket::bind(anywhere()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket2::SockRef::from(&socket).set_recv_buffer_size(8 << 20).unwrap();
    socket
}

fn line_to(to: SocketAddr) -> LineConfig {
    LineConfig { to, interface: Ipv4Addr::LOCALHOST, ttl: 0, loopback: true }
}

fn session() -> [u8; 10] {
    let mut session = [b' '; 10];
    session[..SESSION.len()].copy_from_slice(SESSION);
    session
}

/// Packets of a line until it has had message `last`, and their messages by number.
fn listen(socket: &UdpSocket, last: u64) -> (Vec<Vec<u8>>, BTreeMap<u64, Vec<u8>>) {
    let (mut packets, mut messages) = (Vec::new(), BTreeMap::new());
    let mut bytes = [0; 2_000];
    while messages.last_key_value().is_none_or(|(number, _)| *number < last) {
        let length = socket.recv(&mut bytes).unwrap();
        assert!(length <= 1_472, "{length}");
        let packet = Packet::decode(&bytes[..length]).unwrap();
        assert_eq!(packet.header.session, session());
        for message in packet.messages() {
            let (number, message) = message.unwrap();
            assert!(messages.insert(number, message.to_vec()).is_none(), "{number} came twice");
        }
        if packet.header.kind() == PacketKind::Messages {
            packets.push(bytes[..length].to_vec());
        }
    }
    (packets, messages)
}

/// Has a client add `adds` orders and delete `deletes`.
fn trade(peer: &mut Peer, adds: usize, deletes: usize) {
    for (word, times) in [(b"A", adds), (b"D", deletes)] {
        for at in 0..times {
            peer.say(word);
            if at % 50 == 49 {
                (0..50).for_each(|_| assert_eq!(peer.message(), word));
            }
        }
        (0..times % 50).for_each(|_| assert_eq!(peer.message(), word));
    }
}

#[test]
fn both_lines_carry_the_same_packets_without_a_gap() {
    let folder = Scratch::new("lines");
    let (a, b) = (listener(), listener());
    let mut config = config(folder.path());
    config.lines = [&a, &b].map(|line| line_to(line.local_addr().unwrap())).to_vec();
    let rig = Rig::start(config);
    let (mut peer, _) = rig.log_in(1, 1);
    trade(&mut peer, 1_000, 400);
    let (packets_a, messages) = listen(&a, 1_402);
    let (packets_b, _) = listen(&b, 1_402);
    assert_eq!(packets_a, packets_b);
    assert_eq!(messages.keys().copied().collect::<Vec<_>>(), (1..=1_402).collect::<Vec<_>>());
    assert!(messages.values().all(|message| Message::decode(message).is_ok()));
    let server = rig.stop();
    assert_eq!(server.lines().failed(), 0);
    assert!(server.lines().packets_sent() as usize >= packets_a.len() * 2);
}

#[test]
fn lines_can_be_multicast() {
    let group = Ipv4Addr::new(239, 77, 3, 1);
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    socket.join_multicast_v4(&group, &Ipv4Addr::LOCALHOST).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let to = SocketAddr::from((group, socket.local_addr().unwrap().port()));
    let folder = Scratch::new("multicast");
    let mut config = config(folder.path());
    config.lines = vec![line_to(to)];
    let rig = Rig::start(config);
    let (_, messages) = listen(&socket, 2);
    assert_eq!(messages[&1][0], b'S');
    assert_eq!(messages[&2][0], b'R');
    drop(rig.stop());
}

#[test]
fn a_quiet_line_says_that_it_is_alive_and_what_comes_next() {
    let folder = Scratch::new("heartbeat");
    let line = listener();
    let mut config = config(folder.path());
    config.lines = vec![line_to(line.local_addr().unwrap())];
    let _rig = Rig::start(config);
    listen(&line, 2);
    let since = Instant::now();
    let mut bytes = [0; 2_000];
    for _ in 0..2 {
        let length = line.recv(&mut bytes).unwrap();
        let header = Header::decode(&bytes[..length]).unwrap();
        assert_eq!((header.kind(), header.sequence), (PacketKind::Heartbeat, 3));
    }
    let passed = since.elapsed();
    assert!(passed > Duration::from_secs(1) && passed < Duration::from_secs(6), "{passed:?}");
}

#[test]
fn what_was_lost_can_be_asked_for() {
    let folder = Scratch::new("rerequest");
    let line = listener();
    let mut config = config(folder.path());
    config.lines = vec![line_to(line.local_addr().unwrap())];
    config.rerequest = Some(anywhere());
    let rig = Rig::start(config);
    let (mut peer, _) = rig.log_in(1, 1);
    trade(&mut peer, 500, 0);
    let (_, messages) = listen(&line, 502);
    let socket = UdpSocket::bind(anywhere()).unwrap();
    socket.connect(rig.rerequest.unwrap()).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut bytes = [0; 2_000];
    for (sequence, count) in [(1, 1), (7, 10), (500, 3), (502, 100), (1, 0xffff)] {
        let request = Header { session: session(), sequence, count };
        socket.send(&request.encode()).unwrap();
        let length = socket.recv(&mut bytes).unwrap();
        let packet = Packet::decode(&bytes[..length]).unwrap();
        assert_eq!(packet.header.sequence, sequence);
        let found: Vec<_> = packet.messages().map(Result::unwrap).collect();
        let expected = u64::from(count).min(503 - sequence).min(38);
        assert!(found.len() as u64 >= expected, "{} of {expected}", found.len());
        assert!(found.len() <= usize::from(count));
        for (number, message) in found {
            assert_eq!(message, messages[&number]);
        }
    }
    socket.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let wrong = *b"OTHERDAY  ";
    for request in [
        Header { session: session(), sequence: 503, count: 1 }.encode().to_vec(),
        Header { session: session(), sequence: 0, count: 1 }.encode().to_vec(),
        Header { session: session(), sequence: 1, count: 0 }.encode().to_vec(),
        Header { session: session(), sequence: u64::MAX, count: 1 }.encode().to_vec(),
        Header { session: wrong, sequence: 1, count: 1 }.encode().to_vec(),
        Header { session: session(), sequence: 1, count: 1 }.encode()[..19].to_vec(),
        vec![0xff; 1_400],
        Vec::new(),
    ] {
        socket.send(&request).unwrap();
    }
    assert!(socket.recv(&mut bytes).is_err(), "no answer to any of them");
}

/// A plain book: what each order has left and where it stands, in the order in which they joined.
#[derive(Debug, Default, PartialEq, Eq)]
struct Plain(BTreeMap<u64, (u8, u32, u32)>);

impl Plain {
    fn apply(&mut self, message: &[u8]) {
        match Message::decode(message).unwrap() {
            Message::AddOrder(view) => {
                let add = view.read();
                let known = self.0.insert(add.order_ref, (add.side, add.shares, add.price_e4));
                assert!(known.is_none(), "off by one");
            }
            Message::OrderDelete(view) => {
                assert!(self.0.remove(&view.read().order_ref).is_some(), "off by one");
            }
            _ => {}
        }
    }
}

/// Logs in for a snapshot; its messages and the number to go on with.
fn snapshot(address: SocketAddr) -> (Vec<Vec<u8>>, u64) {
    let mut peer = Peer::connect(address);
    peer.ask_in("viewer", "secret", b"", 1);
    assert_eq!(peer.accepted(), 1);
    let mut messages = Vec::new();
    loop {
        let message = peer.message();
        if message[0] == b'G' {
            let next = String::from_utf8(message[1..].to_vec()).unwrap();
            return (messages, next.trim().parse().unwrap());
        }
        messages.push(message);
    }
}

#[test]
fn who_joins_by_a_snapshot_has_the_book_of_who_was_there_from_the_start() {
    let folder = Scratch::new("glimpse");
    let line = Arc::new(listener());
    let mut config = config(folder.path());
    config.lines = vec![line_to(line.local_addr().unwrap())];
    config.glimpse = Some(GlimpseConfig {
        address: anywhere(),
        users: vec![("viewer".to_owned(), Secret::new("secret"))],
        clients_max: 4,
        orders_max: 1 << 16,
    });
    let rig = Rig::start(config);
    let glimpse = rig.glimpse.unwrap();
    let theirs = Arc::clone(&line);
    let hearing = std::thread::spawn(move || listen(&theirs, 2 + 3 * 1_400).1);
    let joining = std::thread::spawn(move || {
        let mut snapshots = Vec::new();
        while snapshots.last().is_none_or(|(_, next)| *next < 2 + 3 * 1_400) {
            snapshots.push(snapshot(glimpse));
        }
        snapshots
    });
    let (mut peer, _) = rig.log_in(1, 1);
    for _ in 0..3 {
        trade(&mut peer, 1_000, 400);
    }
    let messages = hearing.join().unwrap();
    let snapshots = joining.join().unwrap();
    let mut whole = Plain::default();
    for message in messages.values() {
        whole.apply(message);
    }
    assert_eq!(whole.0.len(), 1_800);
    for (taken, next) in &snapshots {
        let mut joined = Plain::default();
        for message in taken.iter().chain(messages.range(next..).map(|(_, message)| message)) {
            joined.apply(message);
        }
        assert_eq!(joined, whole, "joined at {next}");
        check_order(taken, *next > 2);
    }
    let mut places: Vec<u64> = snapshots.iter().map(|(_, next)| *next).collect();
    places.dedup();
    assert!(places.len() > 1, "snapshots of a moving book: {places:?}");
}

/// First what happened and the symbols, then orders, bids before asks, best first, oldest first.
fn check_order(messages: &[Vec<u8>], has_begun: bool) {
    let kinds: Vec<u8> = messages.iter().map(|message| message[0]).collect();
    if has_begun {
        assert_eq!(kinds[..2], *b"SR");
    }
    let orders = messages.iter().filter_map(|message| match Message::decode(message).unwrap() {
        Message::AddOrder(view) => {
            let add = view.read();
            let price = i64::from(add.price_e4);
            let by_price = if add.side == b'B' { -price } else { price };
            Some((add.side, by_price, add.order_ref))
        }
        _ => None,
    });
    let orders: Vec<_> = orders.collect();
    assert!(orders.is_sorted());
    assert!(kinds.iter().skip(2).all(|kind| *kind == b'A'));
}

#[test]
fn snapshots_are_for_those_who_are_known() {
    let folder = Scratch::new("glimpse-login");
    let mut config = config(folder.path());
    config.glimpse = Some(GlimpseConfig {
        address: anywhere(),
        users: vec![("viewer".to_owned(), Secret::new("secret"))],
        clients_max: 2,
        orders_max: 1_000,
    });
    let rig = Rig::start(config);
    let address = rig.glimpse.unwrap();
    for (user, password, session, reason) in [
        ("viewer", "wrong", b"".as_slice(), 'A'),
        ("user1", "pass1", b"", 'A'),
        ("viewer", "secret", b"OTHER", 'S'),
    ] {
        let mut peer = Peer::connect(address);
        peer.ask_in(user, password, session, 1);
        assert_eq!(peer.rejected(), reason);
    }
    let until = Instant::now() + PATIENCE;
    while snapshot(address).1 < 3 {
        assert!(Instant::now() < until);
    }
    let mut idle = [Peer::connect(address), Peer::connect(address)];
    std::thread::sleep(Duration::from_millis(100));
    assert!(snapshot(address).1 >= 3, "who says nothing makes room");
    assert_eq!(idle[0].next(), None, "the oldest went first");
}
