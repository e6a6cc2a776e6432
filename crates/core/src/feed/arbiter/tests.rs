// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Arbitration against a plain model: a set of the messages that came.

use std::collections::BTreeSet;

use super::*;
use crate::feed::{HeldPackets, Holding};
use crate::hash::mix;
use crate::wire::mold::{Packet, PacketBuilder};

const SESSION: Session = *b"SESSION001";

/// A packet with the messages from `first` to before `end`; each message says its number.
fn packet(first: u64, end: u64) -> Vec<u8> {
    let mut builder = PacketBuilder::new(SESSION, first, 1_472);
    for number in first..end {
        builder.push(&number.to_be_bytes()).unwrap();
    }
    builder.packet().to_vec()
}

fn header(sequence: u64, count: u16) -> Vec<u8> {
    Header { session: SESSION, sequence, count }.encode().to_vec()
}

/// The numbers of a packet's messages, each of which says its own.
fn numbers(bytes: &[u8]) -> Vec<u64> {
    let packet = Packet::decode(bytes).unwrap();
    let read = |message: Result<(u64, &[u8]), _>| {
        let (number, text) = message.unwrap();
        assert_eq!(text, number.to_be_bytes());
        number
    };
    packet.messages().map(read).collect()
}

/// A listener as the shell makes one.
struct Listener {
    arbiter: Arbiter,
    held: HeldPackets,
    heard: Vec<u64>,
}

impl Listener {
    fn new() -> Self {
        let (arbiter, held) = (Arbiter::new(3, 1_000_000), HeldPackets::new(64, 1_472));
        Self { arbiter, held, heard: Vec::new() }
    }

    fn hand_on(&mut self, bytes: &[u8]) {
        let next = self.heard.last().map_or(1, |last| last + 1);
        let all = numbers(bytes);
        assert!(all[0] <= next, "a hole");
        self.heard.extend(all.into_iter().filter(|&number| number >= next));
    }

    fn hear(&mut self, line: usize, bytes: &[u8]) -> Arrived {
        let arrived = self.arbiter.observe(line, 1, bytes);
        match arrived {
            Arrived::Next => self.hand_on(bytes),
            Arrived::Ahead { sequence, end } => {
                assert_ne!(self.held.hold(sequence, end, 1, bytes), Holding::Full);
            }
            _ => {}
        }
        while let Some(held) = self.held.take(self.arbiter.next()) {
            self.arbiter.pass(held.end);
            let bytes = self.held.bytes(&held).to_vec();
            self.hand_on(&bytes);
        }
        arrived
    }
}

#[test]
fn every_message_comes_once_and_in_order_whatever_two_lines_do() {
    for seed in 0..200_u64 {
        let mut random = seed << 32;
        let mut draw = |below: u64| {
            random += 1;
            mix(random) % below
        };
        let (mut listener, mut came) = (Listener::new(), BTreeSet::new());
        let (mut first, mut late) = (1, Vec::new());
        for _ in 0..60 {
            let end = first + 1 + draw(20);
            for line in 0..2 {
                match draw(10) {
                    0..3 => {}
                    3..5 => late.push((line, first, end)),
                    _ => {
                        came.extend(first..end);
                        listener.hear(line, &packet(first, end));
                    }
                }
            }
            if draw(3) == 0 && !late.is_empty() {
                let (line, from, to) = late.swap_remove(draw(late.len() as u64) as usize);
                // Packed otherwise, as the answer to a request is.
                let to = if draw(2) == 0 { to } else { from + (to - from).div_ceil(2) };
                came.extend(from..to);
                listener.hear(line + draw(2) as usize, &packet(from, to));
            }
            let whole = (1..=end).take_while(|number| came.contains(number)).count() as u64;
            assert_eq!(listener.heard.len() as u64, whole, "seed {seed}");
            assert_eq!(listener.arbiter.next(), whole + 1);
            let last = came.last().copied().unwrap_or(0);
            assert_eq!(listener.arbiter.missing() > 0, last > whole, "seed {seed}");
            first = end;
        }
        // What is missing is asked for until all is there.
        listener.hear(0, &header(first, 0));
        while let Some(request) = listener.arbiter.request(first, 7) {
            let from = request.sequence;
            listener.hear(2, &packet(from, from + u64::from(request.count)));
        }
        assert_eq!(listener.heard, (1..first).collect::<Vec<_>>());
        let counts: Vec<_> = (0..3).map(|line| listener.arbiter.counts(line)).collect();
        assert!(counts.iter().all(|one| one.refused == 0));
    }
}

#[test]
fn what_is_no_packet_takes_no_place() {
    let mut listener = Listener::new();
    listener.hear(0, &packet(1, 5));
    let good = packet(5, 9);
    let mut more = good.clone();
    more.push(0);
    let mut counted = good.clone();
    counted[18..20].copy_from_slice(&60_000_u16.to_be_bytes());
    let mut long = good.clone();
    long[20..22].copy_from_slice(&9_u16.to_be_bytes());
    let far = packet(5_000_000, 5_000_001);
    let over = [&SESSION[..], &u64::MAX.to_be_bytes(), &[0, 9]].concat();
    let zero = [&SESSION[..], &0_u64.to_be_bytes(), &[0, 1], &[0, 0]].concat();
    let bad = [&[][..], &good[..19], &good[..30], &more, &counted, &long, &far, &over, &zero];
    for bytes in bad {
        assert_eq!(listener.hear(0, bytes), Arrived::Refused, "{bytes:?}");
    }
    assert_eq!(listener.arbiter.counts(0).refused, bad.len() as u64);
    let mut other = good.clone();
    other[0] = b'X';
    assert_eq!(listener.hear(0, &other), Arrived::OtherSession(*b"XESSION001"));
    assert_eq!((listener.arbiter.next(), listener.arbiter.missing()), (5, 0));
    assert_eq!(listener.hear(1, &good), Arrived::Next);
}

#[test]
fn a_leap_is_believed_when_nothing_else_comes() {
    let mut listener = Listener::new();
    listener.hear(0, &packet(1, 5));
    for at in 0..7 {
        let far = 9_000_000 + at;
        assert_eq!(listener.hear(0, &packet(far, far + 1)), Arrived::Refused);
    }
    let far = packet(9_000_007, 9_000_008);
    assert!(matches!(listener.hear(0, &far), Arrived::Ahead { .. }));
    assert_eq!(listener.arbiter.missing(), 9_000_008 - 5);
    // A snapshot puts it right.
    listener.arbiter.begin(SESSION, 9_000_007);
    assert_eq!(listener.arbiter.missing(), 0);
    assert_eq!(listener.held.take(9_000_007).map(|held| held.end), Some(9_000_008));
}

#[test]
fn the_end_counts_once_everything_came() {
    let mut listener = Listener::new();
    listener.hear(0, &packet(1, 5));
    assert_eq!(listener.hear(1, &header(9, crate::wire::mold::COUNT_END)), Arrived::Known);
    assert_eq!((listener.arbiter.missing(), listener.arbiter.has_ended()), (4, true));
    listener.hear(2, &packet(5, 9));
    assert_eq!(listener.hear(1, &header(9, crate::wire::mold::COUNT_END)), Arrived::Ended);
    listener.hear(0, &packet(9, 10));
    assert!(!listener.arbiter.has_ended(), "messages came after all");
}

#[test]
fn wins_and_lags_are_counted_by_line() {
    let mut arbiter = Arbiter::new(2, 1_000);
    for n in 0..10_u32 {
        let (first, bytes) =
            (i64::from(n) * 1_000, packet(1 + u64::from(n) * 3, 4 + u64::from(n) * 3));
        assert_eq!(arbiter.observe(0, first + 1, &bytes), Arrived::Next);
        assert_eq!(arbiter.observe(1, first + 101 + i64::from(n), &bytes), Arrived::Known);
    }
    let (first, second) = (arbiter.counts(0), arbiter.counts(1));
    assert_eq!((first.firsts, first.duplicates, first.lag_count), (10, 0, 0));
    assert_eq!((second.firsts, second.duplicates, second.lag_count), (0, 10, 10));
    assert_eq!((second.lag_ns_sum, second.lag_ns_max), (1_045, 109));
    assert!(arbiter.have_all_passed(2, 30));
    assert!(!arbiter.have_all_passed(2, 31));
}
