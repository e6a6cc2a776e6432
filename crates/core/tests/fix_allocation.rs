// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nothing is allocated once a FIX port stands: framing, session, orders, reports, what is sent again.

mod counting;

use counting::allocations;
use onetape_core::events::StpMode;
use onetape_core::exchange::Wires;
use onetape_core::exchange::gateway::fix::FixPort;
use onetape_core::exchange::gateway::{Answer, Ask, OpenOrder, Setting, Symbols};
use onetape_core::exchange::market::{PostOnly, SelfTrade, StpScope};
use onetape_core::types::{InstrumentId, TsNs};
use onetape_core::wire::fix::{Arrival, BUFFER_BYTES, Decoder, Resend, Version, Writer};

const NOW: TsNs = 1_767_323_045_000_000_000;

struct Listed;

impl Symbols for Listed {
    fn find(&self, symbol: &[u8]) -> Option<InstrumentId> {
        (symbol == b"ONE").then_some(1)
    }

    fn symbol(&self, _: InstrumentId) -> &[u8] {
        b"ONE"
    }
}

/// Sends again whatever is sent.
struct Echoing {
    buffer: [u8; BUFFER_BYTES],
    sent: u32,
    again: u32,
}

impl Wires for Echoing {
    fn send(&mut self, _: u32, message: &[u8]) {
        self.sent += 1;
        let mut resend = Resend::new(NOW);
        let again = &mut self.again;
        let mut send = |_: &[u8]| *again += 1;
        resend.message(message, &mut self.buffer, &mut send);
        resend.finish(&mut self.buffer, &mut send);
    }

    fn publish(&mut self, _: &[u8]) {}
}

/// A client's stream: a logon, then orders, each followed by a test request.
fn stream(orders: u64) -> Vec<u8> {
    let (mut stream, mut buffer) = (Vec::new(), [0; 1_024]);
    let mut say = |msg_type: &[u8], sequence: u64, fields: &[(u32, &str)]| {
        let mut writer = Writer::new(&mut buffer, Version::Fix44);
        writer.text(35, msg_type);
        writer.text(49, b"CLIENT");
        writer.text(56, b"ONETAPE");
        writer.number(34, sequence);
        writer.time(52, NOW, Version::Fix44.precision());
        for (tag, value) in fields {
            writer.text(*tag, value.as_bytes());
        }
        stream.extend_from_slice(writer.finish());
    };
    say(b"A", 1, &[(98, "0"), (108, "30")]);
    for order in 0..orders {
        let name = format!("order{order}");
        let terms = [(55, "ONE"), (54, "1"), (38, "100"), (40, "2"), (44, "9.5"), (111, "10")];
        let time = [(60, "20260102-03:04:05"), (1, "ACCOUNT"), (11, &*name)];
        say(b"D", 2 + order * 2, &[&terms[..], &time[..]].concat());
        say(b"1", 3 + order * 2, &[(112, "ping")]);
    }
    stream
}

#[test]
fn orders_come_in_and_reports_go_out_without_allocation() {
    let stream = stream(200);
    let stp = SelfTrade { mode: StpMode::Off, scope: StpScope::Firm };
    let setting = Setting {
        ts_ns: NOW,
        midnight_ts_ns: 0,
        stp,
        post_only: PostOnly::Slide,
        symbols: &Listed,
    };
    let mut wires = Echoing { buffer: [0; BUFFER_BYTES], sent: 0, again: 0 };
    let mut port = FixPort::new(Version::Fix44, b"CLIENT", false).expect("a name");
    let mut decoder = Decoder::new();
    port.opened(1, NOW, &mut wires);
    let found = allocations(|| {
        for mut chunk in stream.chunks(1_000) {
            while let Some(arrival) = decoder.next(&mut chunk) {
                let Arrival::Message(message) = arrival else { panic!("whole messages") };
                let asked = port.message(1, message.bytes(), &setting, &mut wires);
                let Some(Ok(Ask::Enter(asked))) = asked else { continue };
                let order = OpenOrder {
                    order_id: 1,
                    name: asked.name,
                    cl_ord_id: asked.cl_ord_id,
                    firm: *b"FIRM",
                    side: asked.side,
                    is_attributed: false,
                    group: 0,
                    echo: asked.echo,
                    request: asked.request,
                    price: 95_000,
                    leaves: 100,
                    executed: 0,
                    executed_notional: 0,
                };
                port.say(
                    1,
                    &setting,
                    &Answer::Accepted { order: &order, is_dead: false },
                    &mut wires,
                );
            }
        }
    });
    assert_eq!(found, 0);
    assert_eq!((wires.sent, wires.again), (401, 401));
}
