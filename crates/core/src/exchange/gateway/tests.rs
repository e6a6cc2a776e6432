// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What the tests of the gateways share: a small market, and an order of it.

use super::{Answer, Buffer, Echo, Entering, Fault, OpenOrder, OrderName, Setting, Symbols};
use crate::events::StpMode;
use crate::exchange::market::{PostOnly, SelfTrade, StpScope};
use crate::types::InstrumentId;

/// Two instruments.
pub(super) struct TwoSymbols;

impl Symbols for TwoSymbols {
    fn find(&self, symbol: &[u8]) -> Option<InstrumentId> {
        [&b"AAPL"[..], b"MSFT"].iter().position(|known| *known == symbol).map(|at| at as u32 + 1)
    }

    fn symbol(&self, instrument: InstrumentId) -> &[u8] {
        match instrument {
            1 => b"AAPL",
            2 => b"MSFT",
            _ => b"",
        }
    }
}

/// One second past a midnight; ports prevent self-trades by port, cancelling the newest.
pub(super) const fn setting() -> Setting<'static, TwoSymbols> {
    Setting {
        ts_ns: 86_401_000_000_000,
        midnight_ts_ns: 86_400_000_000_000,
        stp: SelfTrade { mode: StpMode::CancelNewest, scope: StpScope::Port },
        post_only: PostOnly::Slide,
        symbols: &TwoSymbols,
    }
}

/// The order that an entering makes, with id 9 and all of it to do.
pub(super) fn opened(asked: &Entering, price: i64) -> OpenOrder {
    OpenOrder {
        order_id: 9,
        name: asked.name,
        cl_ord_id: asked.cl_ord_id,
        firm: asked.firm,
        side: asked.side,
        is_attributed: asked.is_attributed,
        group: asked.group,
        echo: asked.echo,
        request: asked.request,
        price,
        leaves: asked.request.qty,
        executed: 0,
        executed_notional: 0,
    }
}

/// The bytes of an answer.
pub(super) fn bytes_of(
    say: impl FnOnce(&mut Buffer, &Setting<'_, TwoSymbols>, &Answer<'_>) -> bool,
    answer: &Answer<'_>,
) -> Vec<u8> {
    let mut out = Buffer::default();
    assert_eq!(say(&mut out, &setting(), answer), !out.bytes().is_empty(), "{answer:?}");
    out.bytes().to_vec()
}

/// A reject of `name` for `fault`.
pub(super) const fn rejected(name: OrderName, fault: Fault) -> Answer<'static> {
    Answer::Rejected { name, cl_ord_id: *b"C1                  ", fault }
}

#[test]
fn an_echo_keeps_what_a_replacement_does_not_say() {
    let mut original = Echo::default();
    original.letters[..3].copy_from_slice(b"0YP");
    original.numbers = [300, 65_536];
    let mut replacement = Echo::default();
    replacement.letters[0] = b'3';
    replacement.numbers[1] = 1;
    let mut expected = original;
    expected.letters[0] = b'3';
    expected.numbers[1] = 1;
    assert_eq!(replacement.or(&original), expected);
}

#[test]
fn wire_times_count_from_midnight_and_never_below_it() {
    assert_eq!(setting().since_midnight_ns(), 1_000_000_000);
    assert_eq!(Setting { ts_ns: 0, ..setting() }.since_midnight_ns(), 0);
}
