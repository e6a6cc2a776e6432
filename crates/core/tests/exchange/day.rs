// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The market data of a whole day, letter by letter: two auctions, a pause, a halt.

use onetape_core::events::{InstrumentRuled, Operation, Phase};
use onetape_core::wire::itch::Message;
use onetape_core::wire::ouch50::MARKET_PRICE_E4;

use super::exchange::{Market, enter, ruled};

const DAY: [u8; 2] = *b"0Y";
const SECOND_NS: i64 = 1_000_000_000;

/// What the feed said since the last look, shortly.
fn said(market: &mut Market) -> Vec<String> {
    std::mem::take(&mut market.tape.itch).iter().map(|message| short(message)).collect()
}

fn short(message: &[u8]) -> String {
    let letter = |code: u8| char::from(code);
    match Message::decode(message).expect("a message of the feed") {
        Message::SystemEvent(view) => format!("S {}", letter(view.read().event_code)),
        Message::StockTradingAction(view) => {
            let action = view.read();
            let reason = String::from_utf8_lossy(&action.reason).trim_end().to_owned();
            format!("H {} {}{reason}", action.stock_locate, letter(action.trading_state))
        }
        Message::NetOrderImbalance(view) => {
            let noii = view.read();
            let [direction, cross, variation] =
                [noii.imbalance_direction, noii.cross_type, noii.price_variation].map(letter);
            let (paired, over) = (noii.paired_shares, noii.imbalance_shares);
            let [far, near, reference] =
                [noii.far_price_e4, noii.near_price_e4, noii.reference_price_e4];
            format!(
                "I {} {cross} {paired} paired, {over} {direction}, far {far} near {near} \
                 ref {reference} {variation}",
                noii.stock_locate
            )
        }
        Message::CrossTrade(view) => {
            let cross = view.read();
            let (at, kind) = (cross.stock_locate, letter(cross.cross_type));
            format!("Q {at} {kind} {}@{}", cross.shares, cross.cross_price_e4)
        }
        Message::OrderExecutedWithPrice(view) => {
            let executed = view.read();
            let printable = letter(executed.printable);
            let (shares, price) = (executed.executed_shares, executed.execution_price_e4);
            format!("C {} {shares}@{price} {printable}", executed.order_ref)
        }
        _ => letter(message[0]).to_string(),
    }
}

/// What was said of the first instrument, or of none.
fn of_one(market: &mut Market) -> Vec<String> {
    let about = |text: &String| !["2", "3"].contains(&text.split(' ').nth(1).unwrap_or_default());
    said(market).into_iter().filter(about).collect()
}

fn phase(market: &mut Market, instrument: u32, phase: Phase) {
    market.operate(Operation::SetPhase, instrument, i64::from(phase.raw()));
}

/// A market with a band of five percent in its first instrument; the day has begun.
fn begun() -> Market {
    let mut market = Market::closed();
    let rules = InstrumentRuled { band_bps: 500, ..ruled(1) };
    market.input(InstrumentRuled::KIND, &rules.encode());
    market.start_day(1);
    market
}

#[test]
fn a_day_begins_with_its_instruments_and_ends_with_its_last_message() {
    let mut market = begun();
    let listed = ["R", "R", "R", "Y", "Y", "Y", "H 1 H", "H 2 H", "H 3 H"];
    assert_eq!(said(&mut market), [&["S O"], &listed[..], &["S S"]].concat());
    phase(&mut market, 0, Phase::PreOpen);
    assert_eq!(said(&mut market), ["H 1 Q", "H 2 Q", "H 3 Q"]);
    phase(&mut market, 0, Phase::Continuous);
    assert_eq!(of_one(&mut market), ["H 1 T", "S Q"]);
    market.operate(Operation::EndDay, 0, 0);
    assert_eq!(of_one(&mut market), ["H 1 H", "S M", "S E", "S C"]);
}

#[test]
fn the_opening_auction_says_where_it_would_end_and_where_it_did() {
    let mut market = begun();
    phase(&mut market, 1, Phase::OpeningAuction);
    said(&mut market);
    market.tick(0);
    assert_eq!(
        said(&mut market),
        ["I 1 O 0 paired, 0 O, far 0 near 0 ref 100000  "],
        "nothing could trade"
    );
    market.send(3, &enter(1, b'S', 500, b"ONE", 98_000, DAY, &[]));
    let mut on_open = enter(1, b'B', 200, b"ONE", 104_000, DAY, &[]);
    on_open[30] = b'O';
    market.send(1, &on_open);
    assert_eq!(said(&mut market), ["A"], "what is for the auction alone is not shown");
    market.tick(0);
    assert_eq!(
        said(&mut market),
        ["I 1 O 200 paired, 300 S, far 0 near 98000 ref 100000 2"],
        "alone it would not trade"
    );
    let mut at_market = enter(2, b'S', 50, b"ONE", MARKET_PRICE_E4, DAY, &[]);
    at_market[30] = b'O';
    market.send(3, &at_market);
    market.tick(0);
    assert_eq!(
        said(&mut market),
        ["I 1 O 200 paired, 350 S, far 104000 near 98000 ref 100000 2"],
        "far: the orders for it alone; near: the book's, too"
    );
    phase(&mut market, 1, Phase::Continuous);
    let expected = ["C 1 150@98000 N", "Q 1 O 200@98000", "H 1 T", "S Q"];
    assert_eq!(said(&mut market), expected);
}

#[test]
fn a_limit_state_pauses_and_the_pause_ends_in_an_auction() {
    let mut market = begun();
    phase(&mut market, 1, Phase::Continuous);
    market.send(1, &enter(1, b'B', 1, b"ONE", 100_000, DAY, &[]));
    market.send(3, &enter(1, b'S', 1, b"ONE", 100_000, DAY, &[]));
    market.send(1, &enter(2, b'B', 100, b"ONE", 120_000, DAY, &[]));
    said(&mut market);
    market.tick(0);
    market.tick(16 * SECOND_NS);
    let paused = ["H 1 PLUDP", "I 1 H 0 paired, 0 O, far 0 near 0 ref 100000  "];
    assert_eq!(said(&mut market), paused);
    market.send(3, &enter(2, b'S', 40, b"ONE", 104_000, DAY, &[]));
    market.tick(SECOND_NS / 2);
    assert_eq!(said(&mut market), ["A", "I 1 H 40 paired, 60 B, far 0 near 105000 ref 100000 5"]);
    market.tick(SECOND_NS);
    let ended = ["C 3 40@105000 N", "C 4 40@105000 N", "Q 1 H 40@105000", "H 1 T"];
    assert_eq!(said(&mut market), ended);
}

#[test]
fn a_halt_is_said_and_the_close_has_its_own_auction() {
    let mut market = begun();
    phase(&mut market, 1, Phase::Continuous);
    said(&mut market);
    market.operate(Operation::SetPhase, 1, i64::from(Phase::Halted.raw()));
    assert_eq!(said(&mut market), ["H 1 HH10"]);
    phase(&mut market, 1, Phase::Continuous);
    market.send(3, &enter(1, b'S', 100, b"ONE", 101_000, DAY, &[]));
    let mut on_close = enter(1, b'B', 60, b"ONE", MARKET_PRICE_E4, DAY, &[]);
    on_close[30] = b'C';
    market.send(1, &on_close);
    said(&mut market);
    phase(&mut market, 1, Phase::ClosingAuction);
    market.tick(0);
    let gathering = ["H 1 Q", "S M", "I 1 C 60 paired, 40 S, far 0 near 101000 ref 100000 1"];
    assert_eq!(said(&mut market), gathering);
    phase(&mut market, 1, Phase::Closed);
    assert_eq!(said(&mut market), ["C 1 60@101000 N", "Q 1 C 60@101000", "H 1 H"]);
}
