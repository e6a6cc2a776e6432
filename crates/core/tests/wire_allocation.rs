// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nothing is allocated once a decoder stands: framing, messages, the feed, packets, streams.

use onetape_core::events::{InstrumentDefined, MarketUpdated};
use onetape_core::feed::{ItchFeed, MarketSink};
use onetape_core::wire::itch::{FileFrames, Frame, LAYOUTS, Message};
use onetape_core::wire::mold::{Arrival, Packet, PacketBuilder, PushError, SequenceTracker};
use onetape_core::wire::soup::{
    Client, ClientConfig, Decoder, LoginRequest, Packet as SoupPacket, Version, name_of,
};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Counts what this thread takes.
struct Counting;

thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = TAKEN.try_with(|taken| taken.set(taken.get() + 1));
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// How often `work` allocated.
fn allocations(work: impl FnOnce()) -> u64 {
    let before = TAKEN.get();
    work();
    TAKEN.get() - before
}

/// A file with every message, each of 50 stocks.
fn file() -> Vec<u8> {
    let mut file = Vec::new();
    for stock in 0..50_u8 {
        for layout in LAYOUTS {
            let start = file.len();
            file.extend_from_slice(&(layout.length as u16).to_be_bytes());
            file.resize(start + 2 + layout.length, stock);
            file[start + 2] = layout.message_type;
            for field in layout.fields.iter().filter(|field| field.name == "side") {
                file[start + 2 + field.offset] = b'S';
            }
        }
        file.extend_from_slice(&[0, 1, b'~']);
    }
    file
}

struct Count {
    definitions: u32,
    updates: u32,
}

impl MarketSink for Count {
    fn define(&mut self, _: &InstrumentDefined) {
        self.definitions += 1;
    }

    fn update(&mut self, _: &MarketUpdated) {
        self.updates += 1;
    }
}

#[test]
fn the_count_counts() {
    assert_eq!(allocations(|| drop(std::hint::black_box(Box::new(1)))), 1);
}

#[test]
fn a_file_is_decoded_and_fed_without_allocation() {
    let file = file();
    let mut feed = ItchFeed::new(0);
    let mut count = Count { definitions: 0, updates: 0 };
    let mut unknown = 0;
    let taken = allocations(|| {
        for frame in FileFrames::last_block(&file, 0) {
            let Ok(Frame::Message(bytes)) = frame else { panic!("a whole file") };
            let message = Message::decode(bytes).unwrap();
            unknown += u32::from(matches!(message, Message::Unknown(_)));
            feed.decode(bytes, &mut count).unwrap();
        }
    });
    assert_eq!((taken, unknown, count.definitions), (0, 50, 50));
    assert_eq!(count.updates, 50 * 11);
}

#[test]
fn packets_are_built_read_and_tracked_without_allocation() {
    let file = file();
    let mut builder = PacketBuilder::new(*b"SESSION001", 1, 1_472);
    let mut tracker = SequenceTracker::joining();
    let mut messages = 0;
    let taken = allocations(|| {
        for frame in FileFrames::last_block(&file, 0) {
            let Ok(Frame::Message(bytes)) = frame else { panic!("a whole file") };
            if builder.push(bytes) == Err(PushError::Full) {
                let packet = Packet::decode(builder.packet()).unwrap();
                assert!(matches!(tracker.observe(&packet.header), Arrival::Deliver { .. }));
                messages += packet.messages().flatten().count();
                builder.advance();
                builder.push(bytes).unwrap();
            }
        }
    });
    assert_eq!(taken, 0);
    assert!(messages > 1_000);
}

#[test]
fn a_stream_is_read_without_allocation_however_it_is_split() {
    let login = LoginRequest {
        username: name_of(b"user"),
        password: name_of(b"secret"),
        session: name_of(b""),
        sequence: 1,
        timeout_ms: None,
    };
    let mut stream = Vec::new();
    SoupPacket::LoginAccepted { session: name_of(b"S"), sequence: 1 }.encode(&mut stream);
    for _ in 0..500 {
        SoupPacket::Sequenced(&[7; 40]).encode(&mut stream);
    }
    for size in [1, 7, 1_000] {
        let mut decoder = Decoder::new();
        let config = ClientConfig { version: Version::V300, login };
        let mut client = Client::new(config, 0);
        client.login(0, &mut Vec::new()).unwrap();
        let taken = allocations(|| {
            for mut chunk in stream.chunks(size) {
                client.receive(1, chunk, &mut |_| ()).unwrap();
                while decoder.next(&mut chunk).unwrap().is_some() {}
            }
        });
        assert_eq!((taken, client.next_sequence()), (0, 501), "chunks of {size}");
    }
}
