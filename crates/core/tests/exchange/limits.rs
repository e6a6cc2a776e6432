// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a port may ask for: of whom, how much, how far from the market, and how often.

use onetape_core::events::{
    CancelOrder, InstrumentDefined, InstrumentRuled, Operation, OrderFormat, OrderMessageReceived,
    OrderRejected, Phase, PortDefined, PortKind, RejectReason, ReplaceOrder, Side, TickRungDefined,
};
use onetape_core::wire::ouch50::MARKET_PRICE_E4;

use super::exchange::fix_client::{Client, FIX_PORT};
use super::exchange::{Market, cancel, enter, port, replace, ruled};

const DAY: [u8; 2] = *b"0Y";
const IOC: [u8; 2] = *b"3Y";

/// The refusals so far, with what was found.
fn refused(market: &Market) -> Vec<(RejectReason, i64)> {
    let events = market.tape.events.iter().filter(|(kind, _)| *kind == OrderRejected::KIND);
    let events = events.filter_map(|(_, body)| OrderRejected::decode(body));
    events.map(|e| (RejectReason::from_raw(e.reason).expect("a reason"), e.value)).collect()
}

/// Port 1 has these limits; port 3 offers 500 at a price.
fn limited(limits: PortDefined, offer: u64) -> Market {
    let mut market = Market::open();
    market.input(PortDefined::KIND, &limits.encode());
    market.send(3, &enter(1, b'S', 500, b"ONE", offer, DAY, &[]));
    market.letters(1);
    market
}

/// A fourth instrument, `BARE`, without a reference price; in continuous trading.
fn list_without_reference(market: &mut Market) {
    let instrument_id = 4;
    let event = InstrumentDefined {
        symbol: *b"BARE\0\0\0\0\0\0\0\0\0\0\0\0",
        currency: *b"USD\0\0\0\0\0",
        tick_e9: 100_000,
        lot_e9: 1_000_000_000,
        multiplier_e9: 1_000_000_000,
        instrument_id,
        venue_code: instrument_id,
    };
    market.input(InstrumentDefined::KIND, &event.encode());
    let (rung, from_price_ticks, increment_ticks) = (0, 100, 100);
    let event = TickRungDefined { instrument_id, rung, from_price_ticks, increment_ticks };
    market.input(TickRungDefined::KIND, &event.encode());
    let event = InstrumentRuled { reference_ticks: 0, ..ruled(instrument_id) };
    market.input(InstrumentRuled::KIND, &event.encode());
    market.operate(Operation::SetPhase, instrument_id, i64::from(Phase::Continuous.raw()));
}

#[test]
fn an_order_is_worth_its_limit_or_what_it_would_have_to_pay() {
    let limits = PortDefined { order_notional_max: 10_000_000, ..port(1, 1) };
    let mut market = limited(limits, 120_000);
    market.send(1, &enter(1, b'B', 101, b"ONE", 100_000, DAY, &[]));
    market.send(1, &enter(2, b'B', 84, b"ONE", MARKET_PRICE_E4, IOC, &[]));
    let peg: &[(u8, &[u8])] = &[(6, b"M")];
    market.send(1, &enter(3, b'B', 84, b"ONE", 0, *b"0N", peg));
    assert_eq!(market.letters(1), "JJJ", "a limit, a market order, a peg without a limit");
    market.send(1, &enter(4, b'B', 83, b"ONE", MARKET_PRICE_E4, IOC, &[]));
    assert_eq!(market.letters(1), "AE", "what it may, it does");
    // A trade at 12.00 is the reference from here on; nobody bids.
    market.send(1, &enter(5, b'S', 84, b"ONE", MARKET_PRICE_E4, IOC, &[]));
    assert_eq!(market.letters(1), "J");
    let reason = RejectReason::PortOrderNotional;
    let expected =
        [(reason, 10_100_000), (reason, 10_080_000), (reason, 10_080_000), (reason, 10_080_000)];
    assert_eq!(refused(&market), expected);
}

#[test]
fn a_stop_order_is_worth_its_stop_price_where_that_is_more() {
    let mut market = Market::open();
    let format = OrderFormat::Fix44.raw();
    let limits = PortDefined { order_notional_max: 10_000_000, format, ..port(FIX_PORT, 2) };
    let mut client = Client::log_on_as(&mut market, &limits);
    let terms = "55=ONE|54=1|40=3|60=19700101-00:00:00";
    for (name, terms, letter) in [
        ("a", format!("{terms}|38=101|99=9"), "8"),
        ("b", format!("{terms}|38=100|99=11"), "8"),
        ("c", format!("{terms}|38=90|99=11"), "0"),
    ] {
        let said = client.ask(&mut market, "D", &format!("11={name}|{terms}"));
        assert!(said[0].contains(&format!("|150={letter}|")), "{name}: {said:?}");
    }
    let reason = RejectReason::PortOrderNotional;
    assert_eq!(refused(&market), [(reason, 10_100_000), (reason, 11_000_000)]);
}

#[test]
fn without_a_price_to_measure_by_an_order_is_refused() {
    let missing = (RejectReason::ReferencePriceMissing, 0);
    let mut market = Market::open();
    list_without_reference(&mut market);
    market.letters(1);
    market.send(1, &enter(1, b'B', 1, b"BARE", MARKET_PRICE_E4, IOC, &[]));
    assert_eq!((market.letters(1).as_str(), refused(&market)), ("J", vec![missing]));
    let collared = PortDefined { collar_bps: 100, ..port(1, 1) };
    market.input(PortDefined::KIND, &collared.encode());
    market.send(1, &enter(2, b'B', 1, b"BARE", 100_000, DAY, &[]));
    assert_eq!((market.letters(1).as_str(), refused(&market)), ("J", vec![missing; 2]));
    let unlimited = PortDefined { order_notional_max: u64::MAX, ..port(1, 1) };
    market.input(PortDefined::KIND, &unlimited.encode());
    market.send(1, &enter(3, b'B', 1, b"BARE", MARKET_PRICE_E4, IOC, &[]));
    assert_eq!(market.letters(1), "AC", "without a limit there is nothing to measure");
    market.input(PortDefined::KIND, &port(1, 1).encode());
    market.send(3, &enter(1, b'S', 1, b"BARE", 100_000, DAY, &[]));
    market.send(1, &enter(4, b'B', 1, b"BARE", MARKET_PRICE_E4, IOC, &[]));
    assert_eq!(market.letters(1), "AE", "the best offer says what it would pay");
}

#[test]
fn a_market_order_that_would_begin_to_trade_beyond_the_collar_is_refused() {
    let limits = PortDefined { collar_bps: 500, ..port(1, 1) };
    for (offer, letters) in [(105_000, "AE"), (105_100, "J")] {
        let mut market = limited(limits, offer);
        market.send(1, &enter(1, b'B', 100, b"ONE", MARKET_PRICE_E4, IOC, &[]));
        assert_eq!(market.letters(1), letters);
        if letters == "J" {
            assert_eq!(refused(&market), [(RejectReason::ReferenceCollar, 5_100)]);
        }
    }
}

#[test]
fn a_port_enters_orders_of_its_own_firm_and_a_drop_copy_none() {
    let mut market = Market::open();
    let copy = PortDefined { kind: PortKind::DropCopy.raw(), ..port(2, 1) };
    market.input(PortDefined::KIND, &copy.encode());
    market.letters(1);
    market.letters(2);
    market.send(2, &enter(1, b'B', 100, b"ONE", 100_000, DAY, &[]));
    assert_eq!(market.letters(2), "J");
    market.send(1, &enter(1, b'B', 100, b"ONE", 100_000, DAY, &[(2, b"BETA")]));
    assert_eq!(market.letters(1), "J");
    assert_eq!(refused(&market), [(RejectReason::NotEntitled, 0); 2]);
    market.send(1, &enter(2, b'B', 100, b"ONE", 100_000, DAY, &[(2, b"ALFA")]));
    assert_eq!((market.letters(1).as_str(), market.letters(2).as_str()), ("A", "A"));
}

/// A Modify Order Request.
fn modify(number: u32, side: u8, qty: u32) -> Vec<u8> {
    [&b"M"[..], &number.to_be_bytes(), &[side], &qty.to_be_bytes()].concat()
}

#[test]
fn what_is_beyond_the_allowance_for_cancels_is_refused_and_never_a_whole_cancel() {
    let limits = PortDefined { cancels_per_second_max: 1, ..port(1, 1) };
    let mut market = limited(limits, 200_000);
    for number in 1..=3 {
        market.send(1, &enter(number, b'S', 100, b"ONE", 100_000, DAY, &[]));
    }
    market.letters(1);
    market.send(1, &cancel(1, 80));
    assert_eq!(market.letters(1), "C");
    market.send(1, &cancel(1, 60));
    market.send(1, &modify(2, b'T', 60));
    market.send(1, &cancel(9, 0));
    market.send(1, &modify(9, b'T', 60));
    assert_eq!(market.letters(1), "IIII");
    market.send(1, &replace(9, 10, 100, 100_000, b'Y'));
    assert_eq!(market.letters(1), "J");
    let standing: Vec<_> = market.exchange.market().matcher().orders(1, Side::Sell).collect();
    assert_eq!(standing[..3].iter().map(|o| o.qty).collect::<Vec<_>>(), [80, 100, 100]);
    let commands = market.tape.events.iter().filter(|(kind, _)| *kind == OrderRejected::KIND);
    let commands: Vec<u16> =
        commands.filter_map(|(_, body)| OrderRejected::decode(body)).map(|e| e.command).collect();
    let less = CancelOrder::KIND;
    assert_eq!(commands, [less, less, less, less, ReplaceOrder::KIND]);
    assert_eq!(refused(&market), [(RejectReason::PortThrottled, 2); 5]);
    market.send(1, &cancel(1, 0));
    market.send(1, &modify(2, b'S', 0));
    market.send(1, &cancel(3, 0));
    assert_eq!(market.letters(1), "CCC", "whole cancels always pass");
    assert_eq!(market.exchange.live_orders(), 1);
    market.wait(1_000_000_000);
    market.send(1, &cancel(3, 0));
    assert_eq!(market.letters(1), "", "within it, what names nothing is ignored, as OUCH says");
}

#[test]
fn a_modification_within_the_allowance_is_done_and_counts() {
    let limits = PortDefined { cancels_per_second_max: 1, ..port(1, 1) };
    let mut market = limited(limits, 200_000);
    market.send(1, &enter(1, b'S', 100, b"ONE", 100_000, DAY, &[]));
    market.send(1, &modify(1, b'T', 60));
    market.send(1, &modify(1, b'E', 50));
    assert_eq!(market.letters(1), "AMI");
}

#[test]
fn fix_and_ouch_42_say_in_their_words_that_it_was_too_often() {
    let mut market = Market::open();
    let format = OrderFormat::Fix44.raw();
    let limits = PortDefined { cancels_per_second_max: 1, format, ..port(FIX_PORT, 2) };
    let mut client = Client::log_on_as(&mut market, &limits);
    let about = "55=ONE|54=1|60=19700101-00:00:00";
    let unknown = client.ask(&mut market, "F", &format!("41=z|11=a|{about}"));
    assert!(unknown[0].contains("|35=9|") && unknown[0].contains("|102=1|"), "{unknown:?}");
    let often = client.ask(&mut market, "F", &format!("41=z|11=b|{about}"));
    assert!(often[0].contains("|35=9|") && often[0].contains("|434=1|102=2|"), "{often:?}");
    assert!(often[0].contains("within one second than it may"), "{often:?}");
    let terms = format!("41=z|11=c|{about}|38=100|40=2|44=10");
    let often = client.ask(&mut market, "G", &terms);
    assert!(often[0].contains("|35=9|") && often[0].contains("|434=2|102=2|"), "{often:?}");

    let format = OrderFormat::Ouch42.raw();
    let limits = PortDefined { cancels_per_second_max: 0, format, ..port(5, 2) };
    market.input(PortDefined::KIND, &limits.encode());
    let head = OrderMessageReceived { port_id: 5, format: u16::from(format), reserved: 0 };
    let body = [&head.encode()[..], b"XUNKNOWN       \0\0\0\0"].concat();
    market.input(OrderMessageReceived::KIND, &body);
    let said = market.heard(5);
    assert_eq!((said.len(), said[0][0], &said[0][9..16]), (1, b'I', &b"UNKNOWN"[..]));
}

#[test]
fn a_fix_client_reads_which_field_is_wrong() {
    let mut market = Market::open();
    let mut client = Client::log_on(&mut market);
    let terms = "55=ONE|54=1|38=100|60=19700101-00:00:00";
    for (name, wrong, text) in [
        ("a", "40=3|99=11|59=1", "TimeInForce (59)"),
        ("b", "40=2|44=10|18=6|59=3", "post-only"),
        ("c", "40=1|110=101|59=3", "MinQty (110)"),
        ("d", "40=2|44=10|59=2", "takes no such order in its phase"),
    ] {
        let said = client.ask(&mut market, "D", &format!("11={name}|{terms}|{wrong}"));
        assert!(said[0].contains("|150=8|") && said[0].contains(text), "{name}: {said:?}");
    }
    client.ask(&mut market, "D", &format!("11=e|{terms}|40=2|44=10"));
    let again = client.ask(&mut market, "D", &format!("11=e|{terms}|40=2|44=10"));
    assert!(again[0].contains("was used before"), "{again:?}");
}
