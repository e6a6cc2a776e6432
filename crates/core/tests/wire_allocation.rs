// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nothing is allocated once a decoder stands: framing, messages, the feed, packets, streams.

mod counting;

use counting::allocations;
use onetape_core::events::{InstrumentDefined, MarketUpdated, StpMode};
use onetape_core::exchange::gateway::{
    Answer, Ask, Buffer, OpenOrder, Setting, Symbols, TradeRole, ouch42 as gateway42,
    ouch50 as gateway50,
};
use onetape_core::exchange::market::{PostOnly, SelfTrade, StpScope};
use onetape_core::feed::{ItchFeed, MarketSink};
use onetape_core::types::InstrumentId;
use onetape_core::wire::itch::{FileFrames, Frame, LAYOUTS, Message};
use onetape_core::wire::mold::{Arrival, Packet, PacketBuilder, PushError, SequenceTracker};
use onetape_core::wire::ouch42::inbound::EnterOrder;
use onetape_core::wire::ouch50::{EnterOrderRequest, Tag, Writer, outbound};
use onetape_core::wire::soup::{
    Client, ClientConfig, Decoder, LoginRequest, Packet as SoupPacket, Version, name_of,
};

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

/// One instrument.
struct OneSymbol;

impl Symbols for OneSymbol {
    fn find(&self, symbol: &[u8]) -> Option<InstrumentId> {
        (symbol == b"AAPL").then_some(1)
    }

    fn symbol(&self, _instrument: InstrumentId) -> &[u8] {
        b"AAPL"
    }
}

/// The order that a message asks for.
fn opened(asked: Ask) -> OpenOrder {
    let Ask::Enter(asked) = asked else { panic!("{asked:?}") };
    OpenOrder {
        order_id: 1,
        name: asked.name,
        cl_ord_id: asked.cl_ord_id,
        firm: asked.firm,
        side: asked.side,
        is_attributed: asked.is_attributed,
        group: asked.group,
        echo: asked.echo,
        request: asked.request,
        price: 1_000_000,
        leaves: asked.request.qty,
        executed: 0,
        executed_notional: 0,
    }
}

/// An order of 5.0 with tags, and one of 4.2.
fn orders() -> ([u8; 80], usize, [u8; EnterOrder::LENGTH]) {
    let order = EnterOrderRequest {
        user_ref_num: 1,
        side: b'B',
        quantity: 100,
        symbol: *b"AAPL    ",
        price_e4: 1_000_000,
        time_in_force: b'0',
        display: b'Y',
        capacity: b'P',
        sweep_eligibility: b'N',
        cross_type: b'N',
        cl_ord_id: [b' '; 14],
    };
    let mut bytes = [0; 80];
    let mut writer = Writer::new(&mut bytes, &order);
    writer.tag(Tag::MaxFloor(10)).tag(Tag::UserRefIndex(3));
    let length = writer.finish().expect("room for an order");
    let token = EnterOrder {
        order_token: *b"TOKEN         ",
        side: b'B',
        shares: 100,
        stock: *b"AAPL    ",
        price_e4: 1_000_000,
        time_in_force: 99_998,
        firm: *b"    ",
        display: b'Y',
        capacity: b'P',
        sweep_eligibility: b'N',
        minimum_quantity: 0,
        cross_type: b'N',
        customer_type: b' ',
    };
    (bytes, length, token.encode())
}

#[test]
fn orders_are_read_and_answered_without_allocation() {
    let (numbered, length, tokened) = orders();
    let stp = SelfTrade { mode: StpMode::Off, scope: StpScope::Firm };
    let setting = Setting {
        ts_ns: 1,
        midnight_ts_ns: 0,
        stp,
        post_only: PostOnly::Slide,
        symbols: &OneSymbol,
    };
    let mut out = Buffer::default();
    let mut said = 0;
    let taken = allocations(|| {
        for _ in 0..100 {
            let first = opened(gateway50::read(&numbered[..length], &setting).unwrap());
            let second = opened(gateway42::read(&tokened, &setting).unwrap());
            for (order, is_numbered) in [(&first, true), (&second, false)] {
                let (qty, price, match_id, role) = (10, 1_000_000, 7, TradeRole::Added);
                for answer in [
                    Answer::Accepted { order, is_dead: false },
                    Answer::Executed { order, qty, price, match_id, role },
                ] {
                    out.clear();
                    let is_said = if is_numbered {
                        gateway50::say(&mut out, &setting, &answer)
                            && outbound::Message::decode(out.bytes()).is_ok()
                    } else {
                        gateway42::say(&mut out, &setting, &answer)
                    };
                    said += u32::from(is_said);
                }
            }
        }
    });
    assert_eq!((taken, said), (0, 400));
}
