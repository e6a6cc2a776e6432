// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Strangers at the sockets of a cluster: noise, half of a greeting, lengths without end, a proof
//! without the secret, commands without a proof. The cluster goes on as if they were not there. And
//! connections that end anywhere: the standby has the same journal in the end.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod cluster;
mod folder;

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cluster::{Cluster, entries, node_name};
use onetape_core::continuity::message::{LENGTH_BYTES, Message, Role, TailMark, VERSION};
use onetape_core::continuity::{Ask, AskKind, NodeName};
use onetape_core::hash::mix;
use onetape_io::replica::{CommitMode, Company, Outcome};

/// Numbers that look like chance, the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = mix(self.0 + 1);
        (self.0 % bound as u64) as usize
    }

    fn bytes<const LENGTH: usize>(&mut self) -> [u8; LENGTH] {
        std::array::from_fn(|_| self.below(256) as u8)
    }
}

fn bytes_of(message: &Message<'_>) -> Vec<u8> {
    let mut bytes = Vec::new();
    message.encode(&mut bytes);
    bytes
}

fn hello(chance: &mut Chance, cluster: &str) -> Vec<u8> {
    let role = [Role::Standby, Role::Copy, Role::Voter][chance.below(3)];
    let (node, nonce) = (node_name(chance.below(2)), chance.bytes());
    let cluster = NodeName::new(cluster).unwrap();
    bytes_of(&Message::Hello { version: VERSION, role, node, cluster, nonce })
}

/// What only a peer that proved itself may say.
fn command(chance: &mut Chance) -> Vec<u8> {
    let ask = Ask {
        kind: [AskKind::Acquire, AskKind::Release][chance.below(2)],
        force: true,
        alone: false,
        node: node_name(chance.below(2)),
        nonce: 7,
        term: 1,
        change: 0,
        asked_ns: 0,
    };
    bytes_of(&match chance.below(6) {
        0 => Message::AskHandOver,
        1 => Message::Ask(ask),
        2 => Message::HandOver { term: 1, last_seq: u64::MAX },
        3 => Message::Ack { received: u64::MAX, durable: u64::MAX, applied: u64::MAX },
        4 => Message::Entries(&[0xee; 64]),
        _ => Message::Vouch { term: 1, asked_ns: i64::MAX },
    })
}

/// One stranger: what it sends at once, and what it sends after an answer.
fn stranger(chance: &mut Chance, number: usize) -> (Vec<u8>, Vec<u8>) {
    let mut greeting = hello(chance, "market");
    let tail = TailMark { last_seq: u64::MAX, entries: u64::MAX, hash: chance.bytes() };
    let proof = bytes_of(&Message::Proof { proof: chance.bytes(), term: u64::MAX, tail });
    match number % 8 {
        0 => (chance.bytes::<1_500>()[..=chance.below(1_499)].to_vec(), Vec::new()),
        1 => {
            let length = [u32::MAX, 1 << 31, 513, 0][chance.below(4)];
            ([&length.to_le_bytes()[..], &[1; 300]].concat(), Vec::new())
        }
        2 => {
            greeting.truncate(chance.below(greeting.len()));
            (greeting, Vec::new())
        }
        3 => {
            let at = LENGTH_BYTES + chance.below(greeting.len() - LENGTH_BYTES);
            greeting[at] ^= 1 << chance.below(8);
            (greeting, proof)
        }
        4 => (hello(chance, "elsewhere"), proof),
        5 => (greeting, [proof, command(chance)].concat()),
        6 => (greeting, command(chance)),
        _ => (command(chance), command(chance)),
    }
}

/// Sends, reads an answer, sends again. `false` when it was let in.
fn is_sent_away(address: SocketAddr, (first, second): (Vec<u8>, Vec<u8>)) -> bool {
    let mut socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
    let _it_may_be_closed_already = socket.write_all(&first);
    let (mut heard, mut chunk) = (Vec::new(), [0; 1_000]);
    for more in [&second[..], &[], &[]] {
        while let Ok(length @ 1..) = socket.read(&mut chunk) {
            heard.extend_from_slice(&chunk[..length]);
            if length < chunk.len() {
                break;
            }
        }
        let _it_may_be_closed_already = socket.write_all(more);
    }
    let mut rest = &heard[..];
    while let Some((length, after)) = rest.split_first_chunk::<LENGTH_BYTES>() {
        let (message, after) = after.split_at(u32::from_le_bytes(*length) as usize);
        match Message::decode(message).unwrap() {
            Message::Challenge { .. } | Message::Refused { .. } => {}
            _ => return false,
        }
        rest = after;
    }
    true
}

#[test]
fn strangers_change_nothing() {
    let mut cluster = Cluster::new("strangers");
    let mut primary = cluster.primary(CommitMode::Standby, Company::Required);
    let standby = cluster.follow();
    primary.inputs(100);
    primary.wait_covered();
    let term = primary.term();
    let mut chance = Chance(99);
    for number in 0..160 {
        for address in [cluster.primary_at.unwrap(), cluster.witness_at] {
            let said = stranger(&mut chance, number);
            assert!(is_sent_away(address, said), "stranger {number} was let in");
        }
        if number % 20 == 0 {
            primary.inputs(50);
            primary.wait_released();
        }
    }
    // Some say nothing at all, and stay.
    let silent: Vec<_> = (0..12).map(|_| TcpStream::connect(cluster.witness_at).unwrap()).collect();
    primary.inputs(50);
    primary.wait_released();
    primary.wait_covered();
    assert!(primary.is_held() && !primary.was_asked_to_hand_over());
    assert_eq!((primary.term(), cluster.ballot_term()), (term, term));
    standby.wait_for(primary.last_seq());
    let status = standby.control.status();
    assert!(status.connected && status.in_step, "{status:?}");
    drop(silent);
    assert!(matches!(standby.stop().unwrap(), Outcome::Stopped));
    primary.stop();
    assert_eq!(entries(&cluster.folder(0)), entries(&cluster.folder(1)));
}

/// Carries bytes one way in small pieces, until both ways together have had enough.
fn carry(mut from: TcpStream, mut to: TcpStream, left: &AtomicU64, piece: usize) {
    let mut bytes = vec![0; piece];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        let less = |left: u64| Some(left.saturating_sub(length as u64));
        let before = left.fetch_update(Ordering::AcqRel, Ordering::Acquire, less).unwrap();
        let may_pass = (length as u64).min(before) as usize;
        if to.write_all(&bytes[..may_pass]).is_err() || may_pass < length {
            break;
        }
    }
    let _one_of_them_may_be_gone = from.shutdown(Shutdown::Both);
    let _one_of_them_may_be_gone = to.shutdown(Shutdown::Both);
}

/// A way to `to` on which every connection but the last ends somewhere; how many did.
fn brittle(to: SocketAddr, is_whole: Arc<AtomicBool>) -> (SocketAddr, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicU64::new(0));
    let broken = Arc::clone(&count);
    std::thread::spawn(move || {
        let mut chance = Chance(31);
        for caller in listener.incoming() {
            let (Ok(inner), Ok(outer)) = (caller, TcpStream::connect(to)) else { return };
            let most = [40, 200, 400, 4_000, 40_000][chance.below(5)];
            let is_whole = is_whole.load(Ordering::Acquire);
            let bytes = if is_whole { 1 << 40 } else { 1 + chance.below(most) };
            let (left, piece) = (Arc::new(AtomicU64::new(bytes as u64)), 1 + chance.below(300));
            let (back, from) = (inner.try_clone().unwrap(), outer.try_clone().unwrap());
            let shared = Arc::clone(&left);
            std::thread::spawn(move || carry(from, back, &shared, piece));
            broken.fetch_add(1, Ordering::AcqRel);
            std::thread::spawn(move || carry(inner, outer, &left, piece));
        }
    });
    (address, count)
}

#[test]
fn connections_that_end_anywhere_leave_no_mark() {
    let mut cluster = Cluster::new("brittle");
    let mut primary = cluster.primary(CommitMode::Async, Company::Optional(Duration::ZERO));
    primary.inputs(2_000);
    let is_whole = Arc::new(AtomicBool::new(false));
    let (address, connections) = brittle(cluster.primary_at.unwrap(), Arc::clone(&is_whole));
    cluster.primary_at = Some(address);
    let standby = cluster.follow();
    let until = Instant::now() + Duration::from_secs(30);
    while connections.load(Ordering::Acquire) < 25 {
        assert!(Instant::now() < until, "{:?}", standby.control.status());
        primary.inputs(10);
        std::thread::sleep(Duration::from_millis(5));
    }
    is_whole.store(true, Ordering::Release);
    standby.wait_for(primary.last_seq());
    assert!(matches!(standby.stop().unwrap(), Outcome::Stopped));
    primary.stop();
    assert_eq!(entries(&cluster.folder(0)), entries(&cluster.folder(1)));
}
