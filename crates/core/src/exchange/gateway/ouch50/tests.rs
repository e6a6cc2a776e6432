// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Field by field: what is asked, what is refused and how.

use super::super::tests::{opened, rejected, setting};
use super::super::{Ask, Entering, Fault, Field, OrderName, Refusal, Setting};
use super::{read, say};
use crate::events::{RejectReason, Side, StpMode};
use crate::exchange::gateway::Replacing;
use crate::exchange::market::{
    Auction, Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SelfTrade, SizeCondition,
    StpScope,
};
use crate::wire::ouch50::{
    Appended, CancelOrderRequest, EnterOrderRequest, MassCancelRequest, ModifyOrderRequest,
    ReplaceOrderRequest, Tag, Writer, outbound,
};

pub(super) const ENTER: EnterOrderRequest = EnterOrderRequest {
    user_ref_num: 7,
    side: b'B',
    quantity: 100,
    symbol: *b"AAPL    ",
    price_e4: 1_000_000,
    time_in_force: b'0',
    display: b'Y',
    capacity: b'P',
    sweep_eligibility: b'N',
    cross_type: b'N',
    cl_ord_id: *b"C1            ",
};
const REPLACE: ReplaceOrderRequest = ReplaceOrderRequest {
    original_user_ref_num: 7,
    user_ref_num: 8,
    quantity: 200,
    price_e4: 1_000_100,
    time_in_force: b'0',
    display: b'Y',
    sweep_eligibility: b'N',
    cl_ord_id: *b"C2            ",
};
const DEFAULT_STP: SelfTrade = SelfTrade { mode: StpMode::CancelNewest, scope: StpScope::Port };

/// A message's bytes.
pub(super) fn encoded<M: Appended>(message: &M, tags: &[Tag<'_>]) -> Vec<u8> {
    let mut out = [0; 200];
    let mut writer = Writer::new(&mut out, message);
    for tag in tags {
        writer.tag(*tag);
    }
    let length = writer.finish().unwrap();
    out[..length].to_vec()
}

/// What a new order asks.
pub(super) fn entered(message: &EnterOrderRequest, tags: &[Tag<'_>]) -> Entering {
    match read(&encoded(message, tags), &setting()) {
        Ok(Ask::Enter(asked)) => asked,
        other => panic!("{other:?}"),
    }
}

/// The order that a new order asks for.
fn order(message: &EnterOrderRequest, tags: &[Tag<'_>]) -> OrderRequest {
    entered(message, tags).request
}

/// The plain order of [`ENTER`].
fn plain() -> OrderRequest {
    let order = OrderRequest::limit(1, 0, Side::Buy, 1_000_000, 100);
    OrderRequest { stp: DEFAULT_STP, ..order }
}

#[test]
fn a_plain_order_is_a_plain_order() {
    let asked = entered(&ENTER, &[]);
    assert_eq!(asked.request, plain());
    assert_eq!(asked.name, OrderName::UserRef { index: 0, number: 7 });
    assert_eq!((&asked.cl_ord_id, &asked.firm), (b"C1                  ", b"    "));
    assert_eq!((asked.side, asked.group, asked.is_attributed), (b'B', 0, false));
    let tags = [Tag::Firm(*b"FIRM"), Tag::GroupId(5), Tag::UserRefIndex(3)];
    let asked = entered(&EnterOrderRequest { display: b'A', ..ENTER }, &tags);
    assert_eq!(asked.name, OrderName::UserRef { index: 3, number: 7 });
    assert_eq!((&asked.firm, asked.group, asked.is_attributed), (b"FIRM", 5, true));
    assert_eq!(asked.request, plain());
}

#[test]
fn sides_keep_their_letters() {
    for (letter, side) in
        [(b'B', Side::Buy), (b'S', Side::Sell), (b'T', Side::Sell), (b'E', Side::Sell)]
    {
        let asked = entered(&EnterOrderRequest { side: letter, ..ENTER }, &[]);
        assert_eq!((asked.side, asked.request.side), (letter, side));
    }
}

#[test]
fn time_in_force_is_life() {
    for (time_in_force, tags, life) in [
        (b'0', &[][..], Life::Day),
        (b'5', &[], Life::Day),
        (b'3', &[], Life::Ioc),
        (b'6', &[Tag::ExpireTime(60)], Life::Until(setting().ts_ns + 60_000_000_000)),
        (b'6', &[Tag::ExpireTime(86_399)], Life::Until(setting().ts_ns + 86_399_000_000_000)),
        (b'3', &[Tag::MinimumQuantity(100)], Life::Fok),
    ] {
        let asked = order(&EnterOrderRequest { time_in_force, ..ENTER }, tags);
        assert_eq!(asked, OrderRequest { life, ..plain() });
    }
}

#[test]
fn prices_are_limits_markets_and_pegs() {
    let hidden = EnterOrderRequest { display: b'N', ..ENTER };
    for price_e4 in [0x7fff_ffff, 2_000_000_000] {
        let message = EnterOrderRequest { price_e4, time_in_force: b'3', ..ENTER };
        assert_eq!(order(&message, &[]).pricing, Pricing::Market);
        let message = EnterOrderRequest { price_e4, ..hidden };
        let expected = Pricing::Peg { to: PegTo::Midpoint, offset: 0, limit: None };
        assert_eq!(order(&message, &[Tag::PriceType(b'M')]).pricing, expected);
    }
    for (kind, to) in [
        (b'P', PegTo::Market),
        (b'R', PegTo::Primary),
        (b'M', PegTo::Midpoint),
        (b'm', PegTo::Midpoint),
    ] {
        let tags = [Tag::PriceType(kind), Tag::PegOffset(-300)];
        let expected = Pricing::Peg { to, offset: -300, limit: Some(1_000_000) };
        assert_eq!(order(&hidden, &tags).pricing, expected);
    }
    assert_eq!(order(&ENTER, &[Tag::PriceType(b'L')]), plain());
}

#[test]
fn display_reserve_minimum_and_post_only() {
    let hidden = EnterOrderRequest { display: b'N', ..ENTER };
    assert_eq!(order(&hidden, &[]).display, Display::Hidden);
    let reserve = Display::Reserve { displayed: 40 };
    assert_eq!(order(&ENTER, &[Tag::MaxFloor(40)]).display, reserve);
    assert_eq!(order(&ENTER, &[Tag::MaxFloor(0)]).display, Display::Displayed);
    let minimum = [Tag::MinimumQuantity(60)];
    assert_eq!(order(&hidden, &minimum).size, SizeCondition::Minimum(60));
    let immediate = order(&EnterOrderRequest { time_in_force: b'3', ..ENTER }, &minimum);
    assert_eq!((immediate.life, immediate.size), (Life::Ioc, SizeCondition::Minimum(60)));
    assert_eq!(order(&ENTER, &[Tag::PostOnly(b'P')]).post_only, PostOnly::Slide);
    assert_eq!(order(&ENTER, &[Tag::PostOnly(b'N')]).post_only, PostOnly::Off);
    let refusing = Setting { post_only: PostOnly::Reject, ..setting() };
    for (letter, expected) in [(b'P', PostOnly::Reject), (b'N', PostOnly::Off)] {
        let tags = [Tag::PostOnly(letter)];
        let Ok(Ask::Enter(asked)) = read(&encoded(&ENTER, &tags), &refusing) else { panic!() };
        assert_eq!(asked.request.post_only, expected);
        let Ok(Ask::Replace(asked)) = read(&encoded(&REPLACE, &tags), &refusing) else { panic!() };
        assert_eq!(asked.change.post_only, Some(expected));
    }
}

#[test]
fn auctions_and_self_trade_prevention() {
    for (cross_type, auction) in [(b'O', Auction::Open), (b'C', Auction::Close)] {
        for time_in_force in [b'0', b'3'] {
            let message = EnterOrderRequest { time_in_force, cross_type, ..ENTER };
            assert_eq!(order(&message, &[]), OrderRequest { auction, ..plain() });
        }
    }
    let stp = |letter| order(&ENTER, &[Tag::AiqStrategy(letter)]).stp;
    let firm = |mode| SelfTrade { mode, scope: StpScope::Firm };
    let port = |mode| SelfTrade { mode, scope: StpScope::Port };
    for (letter, expected) in [
        (b'*', DEFAULT_STP),
        (b'N', port(StpMode::Off)),
        (b'Y', firm(StpMode::Decrement)),
        (b'D', firm(StpMode::Decrement)),
        (b'O', firm(StpMode::CancelOldest)),
        (b'W', firm(StpMode::CancelNewest)),
        (b'1', port(StpMode::Decrement)),
        (b'2', port(StpMode::CancelOldest)),
        (b'4', port(StpMode::CancelNewest)),
    ] {
        assert_eq!(stp(letter), expected, "{}", char::from(letter));
    }
}

/// Number of the reject that a new order gets.
fn reject_number(message: &EnterOrderRequest, tags: &[Tag<'_>]) -> u16 {
    let Err(Refusal::Request { name, fault, .. }) = read(&encoded(message, tags), &setting())
    else {
        panic!("{message:?} {tags:?} is taken");
    };
    let bytes = super::super::tests::bytes_of(say, &rejected(name, fault));
    match outbound::Message::decode(&bytes) {
        Ok(outbound::Message::Rejected(view)) => {
            let rejected = view.read();
            assert_eq!((rejected.user_ref_num, &rejected.cl_ord_id), (7, b"C1            "));
            rejected.reason
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_our_market_does_not_have_is_refused_by_number() {
    let with = |change: fn(&mut EnterOrderRequest)| {
        let mut message = ENTER;
        change(&mut message);
        message
    };
    for (message, number) in [
        (with(|m| m.side = b'X'), 0x09),
        (with(|m| m.quantity = 0), 0x13),
        (with(|m| m.quantity = 1_000_000), 0x13),
        (with(|m| m.symbol = *b"NONE    "), 0x17),
        (with(|m| m.price_e4 = 0), 0x1d),
        (with(|m| m.price_e4 = 1_999_999_901), 0x1d),
        (with(|m| m.time_in_force = b'E'), 0x0f),
        (with(|m| m.time_in_force = b'6'), 0x0f),
        (with(|m| m.display = b'Z'), 0x03),
        (with(|m| m.capacity = b'X'), 0x0f),
        (with(|m| m.sweep_eligibility = b'X'), 0x08),
        (with(|m| m.cross_type = b'H'), 0x14),
        (with(|m| m.cross_type = b'S'), 0x14),
    ] {
        assert_eq!(reject_number(&message, &[]), number, "{message:?}");
    }
    let hidden = with(|m| m.display = b'N');
    for (message, tag, number) in [
        (ENTER, Tag::MinimumQuantity(101), 0x0d),
        (ENTER, Tag::MinimumQuantity(50), 0x0d),
        (hidden, Tag::MaxFloor(50), 0x04),
        (ENTER, Tag::MaxFloor(101), 0x04),
        (ENTER, Tag::PriceType(b'M'), 0x03),
        (hidden, Tag::PriceType(b'Q'), 0x05),
        (hidden, Tag::PegOffset(1), 0x05),
        (ENTER, Tag::PostOnly(b'X'), 0x0f),
        (ENTER, Tag::ExpireTime(10), 0x0f),
        (ENTER, Tag::DiscretionPrice(1), 0x0f),
        (ENTER, Tag::DiscretionPegOffset(-1), 0x0f),
        (ENTER, Tag::RandomReserves(1), 0x0f),
        (ENTER, Tag::HandlingInstruction(b'I'), 0x0f),
        (ENTER, Tag::AiqStrategy(b'y'), 0x40),
        (ENTER, Tag::AiqGroupId(*b"G1"), 0x40),
        (ENTER, Tag::Route(*b"ARCA"), 0x0f),
        (ENTER, Tag::Unknown { number: 200, value: b"" }, 0x0f),
    ] {
        assert_eq!(reject_number(&message, &[tag]), number, "{tag:?}");
    }
    assert_eq!(reject_number(&ENTER, &[Tag::MaxFloor(10), Tag::MaxFloor(10)]), 0x0f);
    let expired = EnterOrderRequest { time_in_force: b'6', ..ENTER };
    assert_eq!(reject_number(&expired, &[Tag::ExpireTime(86_400)]), 0x0f);
}

/// What a replacement asks.
fn replacing(message: &ReplaceOrderRequest, tags: &[Tag<'_>]) -> Result<Replacing, Refusal> {
    read(&encoded(message, tags), &setting()).map(|ask| match ask {
        Ask::Replace(asked) => asked,
        other => panic!("{other:?}"),
    })
}

#[test]
fn a_replacement_leaves_what_it_does_not_say() {
    let asked = replacing(&REPLACE, &[Tag::UserRefIndex(2)]).unwrap();
    assert_eq!(asked.original, OrderName::UserRef { index: 2, number: 7 });
    assert_eq!(asked.name, OrderName::UserRef { index: 2, number: 8 });
    assert_eq!((asked.change.qty, asked.change.price), (200, Some(1_000_100)));
    assert_eq!(asked.change.life, Some(Life::Day));
    let reserve = OrderRequest { display: Display::Reserve { displayed: 10 }, ..plain() };
    for original in [plain(), reserve, OrderRequest { post_only: PostOnly::Slide, ..plain() }] {
        assert_eq!(asked.change.fits(&original), Ok(()));
    }
    let hidden = OrderRequest { display: Display::Hidden, ..plain() };
    let field = |message, tags: &[_], original: &OrderRequest| {
        replacing(message, tags).unwrap().change.fits(original).unwrap_err().field
    };
    assert_eq!(field(&REPLACE, &[], &hidden), Field::Display);
    assert_eq!(field(&REPLACE, &[Tag::MaxFloor(5)], &plain()), Field::Display);
    assert_eq!(field(&REPLACE, &[Tag::MinimumQuantity(5)], &plain()), Field::MinimumQuantity);
    assert_eq!(field(&REPLACE, &[Tag::PostOnly(b'P')], &plain()), Field::PostOnly);
    assert_eq!(field(&REPLACE, &[Tag::PriceType(b'M')], &plain()), Field::Peg);
    let market = ReplaceOrderRequest { price_e4: 0x7fff_ffff, ..REPLACE };
    assert_eq!(field(&market, &[], &plain()), Field::Price);
    let original = OrderRequest { pricing: Pricing::Market, ..plain() };
    assert_eq!(replacing(&market, &[]).unwrap().change.fits(&original), Ok(()));
    assert_eq!(field(&REPLACE, &[], &original), Field::Price);
}

#[test]
fn a_replacement_with_invalid_details_names_its_original() {
    for message in [
        ReplaceOrderRequest { quantity: 0, ..REPLACE },
        ReplaceOrderRequest { price_e4: 0, ..REPLACE },
        ReplaceOrderRequest { display: b'?', ..REPLACE },
        ReplaceOrderRequest { time_in_force: b'E', ..REPLACE },
    ] {
        let Err(Refusal::Replace { original, name, .. }) = replacing(&message, &[]) else {
            panic!("{message:?} is taken");
        };
        assert_eq!(original, OrderName::UserRef { index: 0, number: 7 });
        assert_eq!(name, OrderName::UserRef { index: 0, number: 8 });
    }
}

#[test]
fn other_requests() {
    let read = |bytes: &[u8]| read(bytes, &setting());
    let cancel = encoded(&CancelOrderRequest { user_ref_num: 7, quantity: 30 }, &[]);
    let Ok(Ask::Cancel(asked)) = read(&cancel) else { panic!("no cancel") };
    assert_eq!((asked.name, asked.qty), (OrderName::UserRef { index: 0, number: 7 }, 30));
    let modify = ModifyOrderRequest { user_ref_num: 7, side: b'T', quantity: 50 };
    let Ok(Ask::Modify(asked)) = read(&encoded(&modify, &[Tag::UserRefIndex(1)])) else {
        panic!("no modify")
    };
    assert_eq!((asked.name, asked.side), (OrderName::UserRef { index: 1, number: 7 }, b'T'));
    let modify = ModifyOrderRequest { side: b'?', ..modify };
    assert_eq!(read(&encoded(&modify, &[])), Ok(Ask::Nothing));
    let all = MassCancelRequest { user_ref_num: 9, firm: *b"FIRM", symbol: *b"        " };
    let tags = [Tag::Side(b'S'), Tag::GroupId(3), Tag::UserRefIndex(1)];
    let Ok(Ask::MassCancel(asked)) = read(&encoded(&all, &tags)) else { panic!("no mass cancel") };
    assert_eq!((asked.instrument, asked.side, asked.group), (None, Some(b'S'), Some(3)));
    assert_eq!((asked.channel, &asked.firm), (Some(1), b"FIRM"));
    let one = MassCancelRequest { symbol: *b"MSFT    ", ..all };
    let Ok(Ask::MassCancel(asked)) = read(&encoded(&one, &[])) else { panic!("no mass cancel") };
    assert_eq!((asked.instrument, asked.side, asked.channel), (Some(2), None, None));
    let none = MassCancelRequest { symbol: *b"NONE    ", ..all };
    let fault = Fault { reason: RejectReason::InstrumentUnknown, field: Field::Symbol };
    let Err(Refusal::Request { fault: found, .. }) = read(&encoded(&none, &[])) else {
        panic!("taken")
    };
    assert_eq!(found, fault);
    for (bytes, enabled) in [(b"D\0\0\0\x09FIRM\0\0", false), (b"E\0\0\0\x09FIRM\0\0", true)] {
        let Ok(Ask::SetEntry(asked)) = read(bytes) else { panic!("no setting") };
        assert_eq!((&asked.firm, asked.enabled), (b"FIRM", enabled));
    }
    assert_eq!(read(b"Q\0\x03\x02\x1c\x05"), Ok(Ask::Query { index: 5 }));
    assert_eq!(read(b"Q"), Ok(Ask::Query { index: 0 }));
    for bytes in [&b""[..], b"z", b"O", b"X\0"] {
        assert_eq!(read(bytes), Err(Refusal::Unreadable));
    }
}

#[test]
fn an_order_that_was_accepted_says_its_terms() {
    let tags = [
        Tag::Firm(*b"FIRM"),
        Tag::CustomerType(b'N'),
        Tag::MaxFloor(40),
        Tag::TradeNow(b'Y'),
        Tag::GroupId(5),
        Tag::SharesLocated(b'Y'),
        Tag::UserRefIndex(3),
        Tag::AiqStrategy(b'O'),
        Tag::AiqGroupId(*b"**"),
        Tag::ExpireTime(60),
    ];
    let message = EnterOrderRequest { time_in_force: b'6', ..ENTER };
    let order = opened(&entered(&message, &tags), 1_000_000);
    let answer = super::super::Answer::Accepted { order: &order, is_dead: false };
    let bytes = super::super::tests::bytes_of(say, &answer);
    let Ok(outbound::Message::OrderAccepted(view)) = outbound::Message::decode(&bytes) else {
        panic!("not accepted")
    };
    let mut said: Vec<_> = view.appendage().tags().collect();
    let mut expected = tags.to_vec();
    said.sort_by_key(Tag::number);
    expected.sort_by_key(Tag::number);
    assert_eq!(said, expected);
}
