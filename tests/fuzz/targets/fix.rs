// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any bytes as a stream of FIX: however split, the messages are the same; passwords go; both ends
//! of a session, and a market's gateway, take anything a peer may send.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onetape_core::component::Snapshot;
use onetape_core::events::StpMode;
use onetape_core::exchange::NoWires;
use onetape_core::exchange::gateway::fix::FixPort;
use onetape_core::exchange::gateway::{Setting, Symbols};
use onetape_core::exchange::market::{SelfTrade, StpScope};
use onetape_core::types::InstrumentId;
use onetape_core::wire::fix::{
    Arrival, BUFFER_BYTES, Decoder, Message, Resend, SENT_BYTES_MAX, Version, Writer,
    without_passwords,
};

struct Listed;

impl Symbols for Listed {
    fn find(&self, symbol: &[u8]) -> Option<InstrumentId> {
        (symbol == b"ONE").then_some(1)
    }

    fn symbol(&self, _: InstrumentId) -> &[u8] {
        b"ONE"
    }
}

/// The messages that chunks hold.
fn read(chunks: &[&[u8]]) -> Vec<Vec<u8>> {
    let mut decoder = Decoder::new();
    let mut seen = Vec::new();
    for mut chunk in chunks.iter().copied() {
        while let Some(arrival) = decoder.next(&mut chunk) {
            if let Arrival::Message(message) = arrival {
                seen.push(message.bytes().to_vec());
            }
        }
    }
    seen
}

/// A message of its own, written again field by field, is the same.
fn check_message(bytes: &[u8]) {
    let message = Message::parse(bytes).expect("the decoder took it");
    let mut buffer = [0; BUFFER_BYTES];
    let kept = without_passwords(message, &mut buffer);
    assert!(kept.find(554).is_none_or(|password| password == b"*" || kept == message));
    if bytes.len() <= SENT_BYTES_MAX {
        let mut resend = Resend::new(0);
        let mut again = |sent: &[u8]| assert!(Message::parse(sent).is_ok());
        let mut buffer = [0; BUFFER_BYTES];
        resend.message(bytes, &mut buffer, &mut again);
        resend.finish(&mut buffer, &mut again);
    }
}

/// What follows as one message of type `kind` in order: the header is put before it.
fn framed<'b>(
    version: Version,
    kind: u8,
    sequence: u64,
    rest: &[u8],
    buffer: &'b mut [u8],
) -> &'b [u8] {
    let mut writer = Writer::new(buffer, version);
    writer.text(35, &[kind]);
    writer.text(49, b"CLIENT");
    writer.text(56, b"ONETAPE");
    writer.number(34, sequence);
    writer.text(52, b"20260102-03:04:05");
    for field in rest.split(|&byte| byte == b'|').filter(|field| !field.is_empty()) {
        writer.text(58, field);
    }
    writer.finish()
}

fuzz_target!(|data: &[u8]| {
    let Some((&cut, data)) = data.split_first() else { return };
    let data = &data[..data.len().min(6_000)];
    let (first, second) = data.split_at(usize::from(cut).min(data.len()));
    let messages = read(&[data]);
    assert_eq!(messages, read(&[first, second]));
    messages.iter().for_each(|message| check_message(message));
    let stp = SelfTrade { mode: StpMode::Off, scope: StpScope::Firm };
    let setting = Setting { ts_ns: 1, midnight_ts_ns: 0, stp, symbols: &Listed };
    for version in [Version::Fix44, Version::Fix50Sp2] {
        let mut port = FixPort::new(version, b"CLIENT", false).expect("a name");
        let mut twin = port.clone();
        port.opened(1, 0, &mut NoWires);
        let mut buffer = [0; 512];
        let mut writer = Writer::new(&mut buffer, version);
        for (tag, value) in [(35, "A"), (49, "CLIENT"), (56, "ONETAPE"), (34, "1")] {
            writer.text(tag, value.as_bytes());
        }
        for (tag, value) in [(52, "20260102-03:04:05"), (98, "0"), (108, "9"), (1137, "9")] {
            writer.text(tag, value.as_bytes());
        }
        port.message(1, writer.finish(), &setting, &mut NoWires);
        for message in &messages {
            port.message(1, message, &setting, &mut NoWires);
        }
        let mut buffer = [0; BUFFER_BYTES];
        let next = port.session().next_in();
        let message = framed(version, b'D', next, first, &mut buffer);
        port.message(1, message, &setting, &mut NoWires);
        let mut saved = Vec::new();
        port.save(&mut saved);
        twin.restore(&mut &saved[..]).expect("it was saved just now");
        assert_eq!(twin.state_hash(), port.state_hash());
        port.tick(1, i64::MAX, &mut NoWires);
        let _ = twin.restore(&mut &data[..]);
        twin.tick(1, i64::MIN, &mut NoWires);
    }
});
