// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Bytes that no client should send: whatever comes, the exchange goes on.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use onetape_core::events::OrderFormat;
use onetape_core::wire::soup::{LoginRequest, Packet, name_of};

use super::rig::{Rig, anywhere, config};
use crate::exchange::scratch::Scratch;
use crate::exchange::session::Session;
use crate::exchange::{GlimpseConfig, Secret};

/// Numbers that look like chance, the same in every run.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    pub(super) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| self.next() as u8).collect()
    }
}

/// What a client in good order would send: a login and a few messages.
fn decent(number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    Packet::LoginRequest(LoginRequest {
        username: name_of(b"user1"),
        password: name_of(b"pass1"),
        session: [0; 10],
        sequence: number as u64,
        timeout_ms: number.is_multiple_of(2).then_some(1_000),
    })
    .encode(&mut bytes);
    for at in 0..4_u8 {
        Packet::Unsequenced(&[at; 40]).encode(&mut bytes);
        Packet::ClientHeartbeat.encode(&mut bytes);
    }
    bytes
}

/// Throws something at an address, and sees that the connection ends or hangs on without harm.
pub(super) fn throw(address: SocketAddr, bytes: &[u8]) {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(5))).unwrap();
    let _whether_it_is_taken = socket.write_all(bytes);
    let _whatever_comes_back = socket.read(&mut [0; 4_096]);
}

/// Broken bytes of all kinds.
fn broken(chance: &mut Chance, number: usize) -> Vec<u8> {
    let mut bytes = decent(number);
    match number % 5 {
        0 => {
            let length = 1 + chance.below(300);
            chance.bytes(length)
        }
        1 => {
            bytes.truncate(chance.below(bytes.len()));
            bytes
        }
        2 => {
            for _ in 0..=chance.below(8) {
                let at = chance.below(bytes.len());
                bytes[at] ^= 1 << chance.below(8);
            }
            bytes
        }
        3 => {
            let at = chance.below(bytes.len());
            let noise = chance.bytes(30);
            bytes.splice(at..at, noise);
            bytes
        }
        _ => {
            // A length of nothing, or of far more than comes.
            let at = chance.below(bytes.len() - 1);
            let length = [0, u16::MAX, 1][chance.below(3)];
            bytes[at..at + 2].copy_from_slice(&length.to_be_bytes());
            bytes
        }
    }
}

#[test]
fn no_bytes_bring_the_exchange_down() {
    let folder = Scratch::new("hostile");
    let mut config = config(folder.path());
    config.rerequest = Some(anywhere());
    config.glimpse = Some(GlimpseConfig {
        address: anywhere(),
        users: vec![("user1".to_owned(), Secret::new("pass1"))],
        clients_max: 64,
        orders_max: 1_000,
    });
    config.connections_max = 64;
    let rig = Rig::start(config);
    let (mut decent_peer, _) = rig.log_in(2, 1);
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let udp = std::net::UdpSocket::bind(anywhere()).unwrap();
    for number in 0..300 {
        let bytes = broken(&mut chance, number);
        throw(rig.address, &bytes);
        if number % 3 == 0 {
            throw(rig.glimpse.unwrap(), &bytes);
        }
        let _datagrams_may_be_refused =
            udp.send_to(&bytes[..bytes.len().min(1_400)], rig.rerequest.unwrap());
        if number % 25 == 0 {
            decent_peer.say(b"in good order");
            assert_eq!(decent_peer.message(), b"in good order", "after {number}");
        }
    }
    let server = rig.stop();
    let counts = server.counts();
    assert!(counts.protocol > 20 && counts.logins > 50, "{counts:?}");
}

#[test]
fn connections_that_say_nothing_keep_nobody_out() {
    let folder = Scratch::new("crowd");
    let mut config = config(folder.path());
    config.connections_max = 4;
    let rig = Rig::start(config);
    let (mut peer, _) = rig.log_in(1, 1);
    let mut crowd: Vec<_> = (0..20).map(|_| rig.connect()).collect();
    let (mut late, _) = rig.log_in(2, 1);
    for (peer, word) in [(&mut peer, b"still served"), (&mut late, b"so is a late")] {
        peer.say(word);
        assert_eq!(peer.message(), word);
    }
    assert_eq!(crowd[0].next(), None, "the oldest went first");
    // Those with a login are not sent away for anybody.
    let (mut third, _) = rig.log_in(3, 1);
    crowd.extend((0..20).map(|_| rig.connect()));
    third.say(b"here");
    assert_eq!(third.message(), b"here");
    peer.say(b"and here");
    assert_eq!(peer.message(), b"and here");
    let counts = rig.stop().counts();
    assert!(counts.displaced >= 25 && counts.refused == 0 && counts.silent == 0, "{counts:?}");
}

#[test]
fn with_all_places_taken_by_members_one_more_is_refused() {
    let folder = Scratch::new("full");
    let mut config = config(folder.path());
    config.connections_max = 2;
    let rig = Rig::start(config);
    let (mut one, _) = rig.log_in(1, 1);
    let (_two, _) = rig.log_in(2, 1);
    assert_eq!(rig.connect().next(), None);
    one.say(b"still served");
    assert_eq!(one.message(), b"still served");
    assert_eq!(rig.stop().counts().refused, 1);
}

#[test]
fn silence_before_the_login_ends() {
    const SECOND_NS: i64 = 1_000_000_000;
    for (format, seconds) in [(OrderFormat::Ouch50, 30), (OrderFormat::Fix44, 10)] {
        let (mut session, mut out) = (Session::new(format, 0), Vec::new());
        assert!(!session.is_silent(seconds * SECOND_NS - 1, &mut out), "{format:?}");
        assert!(session.is_silent(seconds * SECOND_NS, &mut out), "{format:?}");
    }
}

#[test]
fn silence_after_the_login_ends() {
    let folder = Scratch::new("silence");
    let rig = Rig::start(config(folder.path()));
    let mut peer = rig.connect();
    peer.send(Packet::LoginRequest(LoginRequest {
        username: name_of(b"user1"),
        password: name_of(b"pass1"),
        session: [0; 10],
        sequence: 1,
        timeout_ms: Some(300),
    }));
    assert_eq!(peer.accepted(), 1);
    assert_eq!(peer.next(), None, "300 ms were asked for");
    assert_eq!(rig.stop().counts().silent, 1);
}
