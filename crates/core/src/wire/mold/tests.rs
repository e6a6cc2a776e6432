// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Cases for packets, the builder and the tracker; Python has the numbered ones.

use super::*;

const SESSION: Session = *b"SESSION001";

fn header(sequence: u64, count: u16) -> Header {
    Header { session: SESSION, sequence, count }
}

#[test]
fn a_packet_reads_back_what_was_built() {
    let mut builder = PacketBuilder::new(SESSION, 5, PAYLOAD_BYTES_MAX);
    builder.push(b"abc").unwrap();
    builder.push(b"").unwrap();
    let bytes = builder.packet().to_vec();
    assert_eq!(bytes, b"SESSION001\0\0\0\0\0\0\0\x05\0\x02\0\x03abc\0\0");
    let packet = Packet::decode(&bytes).unwrap();
    let messages: Vec<_> = packet.messages().map(Result::unwrap).collect();
    assert_eq!(messages, [(5, &b"abc"[..]), (6, b"")]);
    builder.advance();
    assert_eq!(Header::decode(builder.packet()).unwrap(), header(7, 0));
    assert_eq!(Header::decode(&builder.end_of_session()).unwrap(), header(7, COUNT_END));
}

#[test]
fn a_builder_never_passes_its_limit() {
    let mut builder = PacketBuilder::new(SESSION, 1, 40);
    assert_eq!(builder.push(&[0; 19]), Err(PushError::Oversized { expected: 18, found: 19 }));
    assert_eq!(builder.push(&[0; 10]), Ok(()));
    assert_eq!(builder.push(&[0; 7]), Err(PushError::Full));
    assert_eq!(builder.push(&[0; 6]), Ok(()));
    assert_eq!((builder.packet().len(), builder.messages_count()), (40, 2));
}

#[test]
fn a_packet_cut_anywhere_says_where() {
    let mut builder = PacketBuilder::new(SESSION, 1, PAYLOAD_BYTES_MAX);
    builder.push(b"abc").unwrap();
    builder.push(b"defgh").unwrap();
    let bytes = builder.packet().to_vec();
    for cut in 0..bytes.len() {
        let error = match Packet::decode(&bytes[..cut]) {
            Ok(packet) => packet.messages().last().unwrap().unwrap_err(),
            Err(error) => error,
        };
        let MoldError::Truncated { offset, expected, found } = error else { panic!("{error:?}") };
        assert_eq!(offset + found, cut);
        assert!(expected > found && [0, 20, 25].contains(&offset));
    }
    let mut long = bytes;
    long.push(0);
    let last = Packet::decode(&long).unwrap().messages().last();
    assert_eq!(last, Some(Err(MoldError::Trailing { offset: 32, found: 1 })));
}

#[test]
fn numbers_that_run_over_are_refused() {
    let bytes = header(u64::MAX, 1).encode();
    let error = MoldError::SequenceRange { sequence: u64::MAX, count: 1 };
    assert_eq!(Header::decode(&bytes), Err(error));
    assert_eq!(Header::decode(&header(u64::MAX, 0).encode()), Ok(header(u64::MAX, 0)));
}

#[test]
fn a_tracker_delivers_each_number_once() {
    let mut tracker = SequenceTracker::from_sequence(SESSION, 1);
    let cases = [
        (header(1, 3), Arrival::Deliver { skip: 0, take: 3 }),
        (header(1, 3), Arrival::Nothing { duplicates: 3 }),
        (header(3, 4), Arrival::Deliver { skip: 1, take: 3 }),
        (header(7, 0), Arrival::Nothing { duplicates: 0 }),
        (header(9, 2), Arrival::Gap { from: 7, missing: 2 }),
        (header(9, 0), Arrival::Gap { from: 7, missing: 2 }),
        (header(9, COUNT_END), Arrival::Gap { from: 7, missing: 2 }),
        (Header { session: *b"OTHER     ", ..header(7, 1) }, Arrival::OtherSession),
    ];
    for (seen, expected) in cases {
        assert_eq!(tracker.observe(&seen), expected, "{seen:?}");
    }
    assert_eq!(tracker.request(2, 1), Some(header(7, 1)));
    tracker.accept_gap(9);
    tracker.accept_gap(2);
    assert_eq!(tracker.observe(&header(9, 2)), Arrival::Deliver { skip: 0, take: 2 });
    assert_eq!(tracker.observe(&header(11, COUNT_END)), Arrival::Ended);
    assert_eq!(tracker.next(), Some(11));
}

#[test]
fn a_late_listener_starts_where_the_stream_is() {
    let mut tracker = SequenceTracker::joining();
    assert_eq!(tracker.request(1, 1), None);
    assert_eq!(tracker.observe(&header(1_000, 2)), Arrival::Deliver { skip: 0, take: 2 });
    assert_eq!((tracker.next(), tracker.session()), (Some(1_002), Some(SESSION)));
}
