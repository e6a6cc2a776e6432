// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any bytes as OUCH of either version and direction: what is read encodes to the same bytes. And
//! what they ask of the exchange: an order that is taken can be said again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onetape_core::events::StpMode;
use onetape_core::exchange::gateway::{
    Answer, Ask, Buffer, OpenOrder, Refusal, Setting, Symbols, ouch42 as gateway42,
    ouch50 as gateway50,
};
use onetape_core::exchange::market::{SelfTrade, StpScope};
use onetape_core::types::InstrumentId;
use onetape_core::wire::{ouch42, ouch50};

struct OneSymbol;

impl Symbols for OneSymbol {
    fn find(&self, symbol: &[u8]) -> Option<InstrumentId> {
        (symbol == b"AAPL").then_some(1)
    }

    fn symbol(&self, _instrument: InstrumentId) -> &[u8] {
        b"AAPL"
    }
}

macro_rules! again_50 {
    ($direction:ident, $bytes:expr) => {
        if let Ok(message) = ouch50::$direction::Message::decode($bytes) {
            let mut values = Vec::new();
            message.each_value(&mut |_, value| values.push(value));
            let mut values = values.into_iter();
            let mut out = [0; 5_000];
            let mut next = |_: &'static _| values.next().ok_or(());
            let begun = ouch50::$direction::begin_values($bytes[0], &mut next, &mut out).unwrap();
            if let Some(mut writer) = begun {
                writer.has_length(!message.appendage().is_omitted());
                for tag in message.appendage().tags() {
                    writer.tag(tag);
                }
                let length = writer.finish().unwrap();
                assert_eq!(&out[..length], $bytes);
            }
        }
    };
}

macro_rules! again_42 {
    ($direction:ident, $bytes:expr) => {
        if let Ok(message) = ouch42::$direction::Message::decode($bytes) {
            let mut values = Vec::new();
            message.each_value(&mut |_, value| values.push(value));
            let mut values = values.into_iter();
            let mut next = |_: &'static _| values.next().ok_or(());
            let mut out = [0; ouch42::MESSAGE_BYTES_MAX];
            let name = message.name();
            if let Some(length) =
                ouch42::$direction::encode_values(name, &mut next, &mut out).unwrap()
            {
                assert_eq!(&out[..length], $bytes);
            }
        }
    };
}

/// An order that was taken must be possible to speak of.
fn say(
    asked: Result<Ask, Refusal>,
    setting: &Setting<'_, OneSymbol>,
    say: impl Fn(&mut Buffer, &Setting<'_, OneSymbol>, &Answer<'_>) -> bool,
) {
    let mut out = Buffer::default();
    match asked {
        Ok(Ask::Enter(asked)) => {
            assert!(asked.request.qty > 0);
            let order = OpenOrder {
                order_id: 1,
                name: asked.name,
                cl_ord_id: asked.cl_ord_id,
                firm: asked.firm,
                side: asked.side,
                is_attributed: asked.is_attributed,
                group: asked.group,
                echo: asked.echo,
                request: asked.request,
                price: 1,
                leaves: asked.request.qty,
                executed: 0,
                executed_notional: 0,
            };
            assert!(say(&mut out, setting, &Answer::Accepted { order: &order, is_dead: false }));
        }
        Err(Refusal::Request { name, cl_ord_id, fault }) => {
            assert!(say(&mut out, setting, &Answer::Rejected { name, cl_ord_id, fault }));
        }
        _ => {}
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let stp = SelfTrade { mode: StpMode::Off, scope: StpScope::Firm };
    let setting = Setting { ts_ns: 1, midnight_ts_ns: 0, stp, symbols: &OneSymbol };
    match choice % 4 {
        0 => {
            again_50!(inbound, bytes);
            say(gateway50::read(bytes, &setting), &setting, gateway50::say);
        }
        1 => again_50!(outbound, bytes),
        2 => {
            again_42!(inbound, bytes);
            say(gateway42::read(bytes, &setting), &setting, gateway42::say);
        }
        _ => again_42!(outbound, bytes),
    }
});
