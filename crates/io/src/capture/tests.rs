// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Captures made here, in every container and link layer, whole and broken.

use std::io::Cursor;

use onetape_core::wire::itch::{OrderDelete, SystemEvent};
use onetape_core::wire::mold::PacketBuilder;

use super::*;
use crate::stream::Codec;

const TIME_NS: u64 = 34_200_000_000_123;
/// 2019-01-30 05:00 UTC, midnight in New York.
const MIDNIGHT_NS: i64 = 1_548_824_400_000_000_000;
const CAPTURED_NS: i64 = MIDNIGHT_NS + TIME_NS.cast_signed() + 250_000;

fn mold(session: Session, sequence: u64) -> Vec<u8> {
    let mut builder = PacketBuilder::new(session, sequence, 1_400);
    let (stock_locate, tracking_number, timestamp_ns) = (1, 0, TIME_NS);
    let event = SystemEvent { stock_locate: 0, tracking_number, timestamp_ns, event_code: b'Q' };
    builder.push(&event.encode()).unwrap();
    let delete = OrderDelete { stock_locate, tracking_number, timestamp_ns, order_ref: 7 };
    builder.push(&delete.encode()).unwrap();
    builder.packet().to_vec()
}

fn heartbeat(session: Session, sequence: u64) -> Vec<u8> {
    Header { session, sequence, count: 0 }.encode().to_vec()
}

fn udp(payload: &[u8]) -> Vec<u8> {
    let builder = etherparse::PacketBuilder::ipv4([10, 0, 0, 1], [233, 54, 12, 111], 20);
    let mut out = Vec::new();
    builder.udp(1000, 26_477).write(&mut out, payload).unwrap();
    out
}

fn ethernet(ether_type: [u8; 2], payload: &[u8]) -> Vec<u8> {
    [&[0; 12][..], &ether_type, payload].concat()
}

/// A frame of each link type that holds the same UDP packet.
fn frames_of_every_link(payload: &[u8]) -> Vec<(u16, Vec<u8>)> {
    let ip = udp(payload);
    let vlan = [&[0, 141, 8, 0][..], &ip].concat();
    let mut ip6 = Vec::new();
    let to = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
    let builder = etherparse::PacketBuilder::ethernet2([0; 6], [0; 6]).ipv6([0; 16], to, 20);
    builder.udp(1, 2).write(&mut ip6, payload).unwrap();
    vec![
        (1, ethernet([8, 0], &ip)),
        (1, ethernet([0x81, 0], &vlan)),
        (1, ethernet([0x88, 0xa8], &[&[0, 1, 0x81, 0][..], &vlan].concat())),
        (1, ip6),
        (101, ip.clone()),
        (228, ip.clone()),
        (0, [&[2, 0, 0, 0][..], &ip].concat()),
        (113, [&[0; 14][..], &[8, 0], &ip].concat()),
        (276, [&[8, 0][..], &[0; 18], &ip].concat()),
    ]
}

fn pcap(magic: u32, big: bool, link: u16, frames: &[(i64, Vec<u8>)]) -> Vec<u8> {
    let word = |value: u32| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut out = word(magic).to_vec();
    out.extend(word(if big { 0x0002_0004 } else { 0x0004_0002 }));
    for value in [0, 0, 65_536, u32::from(link)] {
        out.extend(word(value));
    }
    let unit_ns = if magic == 0xa1b2_3c4d { 1 } else { 1_000 };
    for (ts_ns, frame) in frames {
        let ts_ns = ts_ns.cast_unsigned();
        let fraction = ts_ns % 1_000_000_000 / unit_ns;
        let length = frame.len() as u32;
        for value in [(ts_ns / 1_000_000_000) as u32, fraction as u32, length, length] {
            out.extend(word(value));
        }
        out.extend(frame);
    }
    out
}

fn block(big: bool, kind: u32, body: &[u8]) -> Vec<u8> {
    let word = |value: u32| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let padded = body.len().next_multiple_of(4);
    let length = word(padded as u32 + 12);
    let padding = &[0; 4][..padded - body.len()];
    [&word(kind), &length, body, padding, &length].concat()
}

/// A section whose interface counts nanoseconds.
fn pcapng(big: bool, link: u16, frames: &[(i64, Vec<u8>)]) -> Vec<u8> {
    let word = |value: u32| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let half = |value: u16| if big { value.to_be_bytes() } else { value.to_le_bytes() };
    let section = [&word(0x1a2b_3c4d)[..], &half(1), &half(0), &[0xff; 8]].concat();
    let mut out = block(big, 0x0a0d_0d0a, &section);
    let nanoseconds = [&half(9)[..], &half(1), &[9, 0, 0, 0], &[0; 4]].concat();
    out.extend(block(big, 1, &[&half(link)[..], &[0; 6], &nanoseconds].concat()));
    out.extend(block(big, 5, &[0; 12]));
    for (ts_ns, frame) in frames {
        let stamp = ts_ns.cast_unsigned();
        let length = word(frame.len() as u32);
        let stamps = [word((stamp >> 32) as u32), word(stamp as u32)].concat();
        out.extend(block(big, 6, &[&word(0)[..], &stamps, &length, &length, frame].concat()));
    }
    out
}

fn open(bytes: &[u8]) -> Result<CaptureSource, CaptureError> {
    let stream = || {
        let total = bytes.len() as u64;
        Ok(ByteStream::new(Cursor::new(bytes.to_vec()), total, Codec::Plain))
    };
    CaptureSource::open(stream, None)
}

/// Time, feed and packet.
type Given = (TsNs, u16, Vec<u8>);

/// Times, feeds and packets of a source, and the error it ends with.
fn read(source: &mut CaptureSource) -> (Vec<Given>, Option<SourceError>) {
    let mut out = Vec::new();
    loop {
        match source.next() {
            Ok(Some(item)) => {
                let header = PacketReceived::decode(item.fixed).unwrap();
                out.push((item.ts_ns, header.feed_id, item.tail.to_vec()));
            }
            Ok(None) => return (out, None),
            Err(error) => {
                assert_eq!(source.next(), Ok(None), "an error is the end");
                return (out, Some(error));
            }
        }
    }
}

#[test]
fn every_container_and_link_layer_gives_the_packet_and_its_time() {
    let payload = mold(*b"000010059B", 5);
    for (link, frame) in frames_of_every_link(&payload) {
        let frames = [(CAPTURED_NS, frame)];
        for (name, ts_ns, bytes) in [
            ("us", CAPTURED_NS / 1000 * 1000, pcap(0xa1b2_c3d4, false, link, &frames)),
            ("us big", CAPTURED_NS / 1000 * 1000, pcap(0xa1b2_c3d4, true, link, &frames)),
            ("ns", CAPTURED_NS, pcap(0xa1b2_3c4d, false, link, &frames)),
            ("ns big", CAPTURED_NS, pcap(0xa1b2_3c4d, true, link, &frames)),
            ("ng", CAPTURED_NS, pcapng(false, link, &frames)),
            ("ng big", CAPTURED_NS, pcapng(true, link, &frames)),
            (
                "ng twice",
                CAPTURED_NS,
                [pcapng(true, 1, &[]), pcapng(false, link, &frames)].concat(),
            ),
        ] {
            let mut source = open(&bytes).unwrap_or_else(|err| panic!("{name} {link}: {err:?}"));
            assert_eq!(source.midnight_ns(), Some(MIDNIGHT_NS), "{name} {link}");
            assert_eq!(
                read(&mut source),
                (vec![(ts_ns, 0, payload.clone())], None),
                "{name} {link}"
            );
        }
    }
}

#[test]
fn heartbeats_sessions_and_foreign_packets_are_told_apart() {
    let (first, second) = (*b"SESSION001", *b"SESSION002");
    let frame = |payload: &[u8]| (CAPTURED_NS, udp(payload));
    let mut fragment = udp(&mold(first, 9));
    fragment[6] |= 0x20; // more fragments
    let mut elsewhere = udp(b"not mold at all, but twenty bytes and more of it");
    elsewhere[22..24].copy_from_slice(&[0, 53]);
    let mut tcp = Vec::new();
    let builder = etherparse::PacketBuilder::ipv4([1; 4], [2; 4], 20).tcp(1, 2, 3, 4);
    builder.write(&mut tcp, b"x").unwrap();
    let frames = [
        frame(&heartbeat(first, 5)),
        frame(&mold(first, 5)),
        (CAPTURED_NS, elsewhere),
        (CAPTURED_NS, fragment),
        (CAPTURED_NS, tcp),
        (CAPTURED_NS - 1_000_000, udp(&mold(second, 1))),
        frame(b"short"),
        frame(&mold(first, 7)),
    ];
    let mut source = open(&pcap(0xa1b2_c3d4, false, 101, &frames)).unwrap();
    let (packets, error) = read(&mut source);
    let feeds: Vec<_> = packets.iter().map(|packet| (packet.1, packet.2.len())).collect();
    let length = mold(first, 5).len();
    assert_eq!(feeds, [(0, 20), (0, length), (1, length), (0, length)]);
    assert_eq!(error, None);
    let found =
        CaptureCounts { frames: 8, packets: 4, foreign: 2, not_udp: 1, fragments: 1, backwards: 1 };
    assert_eq!(source.counts, found);
}

#[test]
fn a_capture_without_itch_says_so() {
    let frames = [(CAPTURED_NS, udp(b"hello")), (CAPTURED_NS, udp(&heartbeat(*b"SESSION001", 1)))];
    let error = open(&pcap(0xa1b2_c3d4, false, 101, &frames)).err();
    assert!(matches!(error, Some(CaptureError::NoItch(counts)) if counts.foreign == 2));
    assert!(matches!(
        open(b"").err(),
        Some(CaptureError::Read(SourceError::Corrupt { at: 0, .. }))
    ));
    assert!(matches!(open(b"GET / HTTP/1.1").err(), Some(CaptureError::Read(_))));
}

#[test]
fn what_was_whole_before_a_torn_end_is_given() {
    let payload = mold(*b"000010059B", 5);
    let frames = [(CAPTURED_NS, udp(&payload)), (CAPTURED_NS, udp(&payload))];
    for bytes in [pcap(0xa1b2_3c4d, false, 101, &frames), pcapng(false, 101, &frames)] {
        for cut in 1..30 {
            let mut source = open(&bytes[..bytes.len() - cut]).unwrap();
            let (packets, error) = read(&mut source);
            assert_eq!(packets.len(), 1);
            assert!(matches!(error, Some(SourceError::Truncated { .. })), "{cut}: {error:?}");
        }
    }
}

#[test]
fn no_byte_can_make_it_panic() {
    let payload = mold(*b"000010059B", 5);
    let frames = vec![(CAPTURED_NS, ethernet([8, 0], &udp(&payload))); 2];
    for bytes in [pcap(0xa1b2_3c4d, false, 1, &frames), pcapng(true, 1, &frames)] {
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut bytes = bytes.clone();
                bytes[at] = value;
                if let Ok(mut source) = open(&bytes) {
                    read(&mut source);
                }
            }
        }
    }
}
