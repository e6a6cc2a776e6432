// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any bytes as a MoldUDP64 packet: what is read builds the same packet, and a tracker never
//! goes back.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onetape_core::wire::mold::{
    Arrival, Header, MoldError, Packet, PacketBuilder, PacketKind, SequenceTracker,
};

fuzz_target!(|data: &[u8]| {
    let _ = Header::decode_request(data);
    let Ok(packet) = Packet::decode(data) else { return };
    let header = packet.header;
    let mut builder = PacketBuilder::new(header.session, header.sequence, 65_507);
    let mut error = None;
    for item in packet.messages() {
        match item {
            Ok((sequence, message)) => {
                let place = u64::from(builder.messages_count());
                assert_eq!(sequence, header.sequence + place);
                if builder.push(message).is_err() {
                    return;
                }
            }
            Err(failed) => error = Some(failed),
        }
    }
    match error {
        Some(MoldError::Truncated { offset, expected, found }) => {
            assert!(offset + found == data.len() && expected > found);
        }
        Some(MoldError::Trailing { offset, found }) => assert_eq!(offset + found, data.len()),
        Some(_) => {}
        None if header.kind() == PacketKind::EndOfSession => {
            assert_eq!(builder.end_of_session(), data);
        }
        None => assert_eq!(builder.packet(), data),
    }
    let mut tracker = SequenceTracker::from_sequence(header.session, 7);
    for _ in 0..3 {
        let before = tracker.next();
        if let Arrival::Gap { from, missing } = tracker.observe(&header) {
            tracker.accept_gap(from + missing);
        }
        assert!(tracker.next() >= before);
    }
});
