// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A journal of packets, snapshots and states gives every message once, and clears where it must.

use super::*;
use crate::events::InstrumentDefined;
use crate::wire::itch::AddOrder;
use crate::wire::mold::PacketBuilder;

const MONDAY: Session = *b"MONDAY    ";

/// Order references of what was added; 0 for a book that was cleared.
#[derive(Default)]
struct Heard(Vec<u64>);

impl MarketSink for Heard {
    fn define(&mut self, _definition: &InstrumentDefined) {}

    fn update(&mut self, update: &MarketUpdated) {
        assert_eq!(update.instrument_id, 41);
        self.0.push(update.order_ref);
    }
}

fn add(order_ref: u64) -> [u8; 36] {
    AddOrder {
        stock_locate: 1,
        tracking_number: 0,
        timestamp_ns: 5,
        order_ref,
        side: b'B',
        shares: 100,
        stock: *b"ONE     ",
        price_e4: 10_000,
    }
    .encode()
}

/// A packet of adds whose references are their numbers.
fn packet(session: Session, first: u64, end: u64) -> Vec<u8> {
    let mut builder = PacketBuilder::new(session, first, 1_472);
    for number in first..end {
        builder.push(&add(number)).unwrap();
    }
    builder.packet().to_vec()
}

fn part(messages: &[&[u8]]) -> Vec<u8> {
    let blocks = messages
        .iter()
        .map(|message| [&(message.len() as u16).to_be_bytes()[..], message].concat());
    blocks.collect::<Vec<_>>().concat()
}

fn change(state: FeedState, session: Session, next_number: u64) -> FeedStateChanged {
    FeedStateChanged {
        next_number,
        missing: 0,
        midnight_ts_ns: 1_000,
        session,
        feed_id: 0,
        state: state.raw(),
        reserved: [0; 3],
    }
}

struct Rig {
    reader: FeedReader,
    heard: Heard,
}

impl Rig {
    fn new() -> Self {
        let mut reader = FeedReader::new(0);
        reader.choose(*b"ONE     ", 41);
        Self { reader, heard: Heard::default() }
    }

    fn packet(&mut self, session: Session, first: u64, end: u64) -> Vec<u64> {
        let format = Some(PacketFormat::Moldudp64Itch50);
        self.reader.read(format, &packet(session, first, end), &mut self.heard);
        std::mem::take(&mut self.heard.0)
    }

    fn snapshot(&mut self, messages: &[&[u8]]) -> Vec<u64> {
        let format = Some(PacketFormat::Glimpse50Itch50);
        self.reader.read(format, &part(messages), &mut self.heard);
        std::mem::take(&mut self.heard.0)
    }

    fn change(&mut self, state: FeedState, session: Session, next: u64) -> Vec<u64> {
        self.reader.changed(&change(state, session, next), &mut self.heard);
        std::mem::take(&mut self.heard.0)
    }
}

#[test]
fn every_message_comes_once() {
    let mut rig = Rig::new();
    assert_eq!(rig.change(FeedState::Waiting, MONDAY, 1), [0]);
    assert_eq!(rig.packet(MONDAY, 1, 4), [1, 2, 3]);
    assert_eq!(rig.packet(MONDAY, 2, 6), [4, 5]);
    assert_eq!(rig.packet(MONDAY, 2, 6), []);
    assert_eq!(rig.packet(*b"TUESDAY   ", 6, 7), []);
    assert_eq!(rig.packet(MONDAY, 9, 10), [9]);
    let expected = ReaderCounts { messages: 6, duplicates: 3, missing: 3, ..Default::default() };
    assert_eq!(rig.reader.counts(), expected);
    assert_eq!(rig.reader.position(), Some((MONDAY, 10)));
}

#[test]
fn after_a_snapshot_the_stream_goes_on_at_its_number() {
    let mut rig = Rig::new();
    rig.change(FeedState::Waiting, MONDAY, 1);
    assert_eq!(rig.packet(MONDAY, 1, 3), [1, 2]);
    assert_eq!(rig.change(FeedState::Gap, MONDAY, 3), []);
    assert_eq!(rig.change(FeedState::Snapshot, MONDAY, 0), [0]);
    assert_eq!(rig.snapshot(&[&add(1), &add(7)]), [1, 7]);
    // One that broke off is begun again.
    assert_eq!(rig.change(FeedState::Snapshot, MONDAY, 0), [0]);
    assert_eq!(rig.snapshot(&[&add(7), &add(8)]), [7, 8]);
    assert_eq!(rig.snapshot(&[b"G                  20"]), []);
    assert_eq!(rig.change(FeedState::Gap, MONDAY, 20), []);
    assert_eq!(rig.packet(MONDAY, 18, 23), [20, 21, 22]);
    assert_eq!(rig.reader.counts().missing, 0);
    // A snapshot may be behind where the stream was.
    rig.change(FeedState::Snapshot, MONDAY, 0);
    rig.snapshot(&[b"G                  21"]);
    assert_eq!(rig.packet(MONDAY, 21, 22), [21]);
}

#[test]
fn a_restart_that_goes_on_where_we_are_leaves_the_books() {
    let mut rig = Rig::new();
    rig.change(FeedState::Waiting, MONDAY, 1);
    rig.packet(MONDAY, 1, 3);
    assert_eq!(rig.change(FeedState::Waiting, MONDAY, 3), []);
    assert_eq!(rig.packet(MONDAY, 3, 5), [3, 4]);
    // One that begins again, and another day, do not.
    assert_eq!(rig.change(FeedState::Waiting, MONDAY, 1), [0]);
    assert_eq!(rig.packet(MONDAY, 1, 3), [1, 2]);
    assert_eq!(rig.change(FeedState::Waiting, *b"TUESDAY   ", 1), [0]);
    assert_eq!(rig.packet(*b"TUESDAY   ", 1, 3), [1, 2]);
}

#[test]
fn broken_bytes_are_counted() {
    let mut rig = Rig::new();
    for (format, bytes) in [
        (Some(PacketFormat::Moldudp64Itch50), &b"short"[..]),
        (Some(PacketFormat::Itch50), b"A\0\x01short"),
        (Some(PacketFormat::Glimpse50Itch50), b"\0\x09short"),
        (None, b"anything"),
    ] {
        let before = rig.reader.counts().malformed;
        rig.reader.read(format, bytes, &mut rig.heard);
        assert_eq!(rig.reader.counts().malformed, before + 1, "{format:?}");
    }
    assert_eq!(rig.packet(MONDAY, 1, 2), [1]);
}

#[test]
fn it_is_taken_up_where_it_was() {
    let mut rig = Rig::new();
    rig.change(FeedState::Waiting, MONDAY, 1);
    rig.packet(MONDAY, 1, 5);
    let (mut bytes, mut again) = (Vec::new(), FeedReader::new(0));
    rig.reader.save(&mut bytes);
    again.restore(&mut &bytes[..]).unwrap();
    let hash = |reader: &FeedReader| {
        let mut hasher = StateHasher::new();
        reader.hash_into(&mut hasher);
        hasher.finish()
    };
    assert_eq!(hash(&again), hash(&rig.reader));
    assert_eq!((again.counts(), again.position()), (rig.reader.counts(), rig.reader.position()));
    rig.reader = again;
    assert_eq!(rig.packet(MONDAY, 3, 7), [5, 6]);
    assert!(FeedReader::new(0).restore(&mut &bytes[..bytes.len() - 3]).is_err());
}
