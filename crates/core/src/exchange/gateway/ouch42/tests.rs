// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Field by field: what is asked, what is refused and how, and every answer.

use super::super::tests::{bytes_of, opened, rejected, setting};
use super::super::{
    Answer, Ask, BreakReason, Entering, Fault, Field, NameText, OpenOrder, OrderName, Refusal,
    Setting, TradeRole,
};
use super::{read, say};
use crate::events::{CancelReason, RejectReason, RestateReason, Side, StpMode};
use crate::exchange::market::{
    Auction, Display, Life, OrderRequest, PegTo, PostOnly, Pricing, SelfTrade, SizeCondition,
    StpScope,
};
use crate::wire::ouch42::inbound::{CancelOrder, EnterOrder, ModifyOrder, ReplaceOrder};
use crate::wire::ouch42::outbound::{
    Accepted, AiqCanceled, BrokenTrade, Canceled, Executed, OrderModified, OrderPriorityUpdate,
    Rejected, Replaced, SystemEvent,
};

const TOKEN: [u8; 14] = *b"TOK1          ";
const NAME: OrderName = OrderName::Text(*b"TOK1                ");
const BLANK: NameText = [b' '; 20];
const TIME: u64 = 1_000_000_000;
const ENTER: EnterOrder = EnterOrder {
    order_token: TOKEN,
    side: b'B',
    shares: 100,
    stock: *b"AAPL    ",
    price_e4: 1_000_000,
    time_in_force: 99_998,
    firm: *b"FIRM",
    display: b'Y',
    capacity: b'P',
    sweep_eligibility: b'N',
    minimum_quantity: 0,
    cross_type: b'N',
    customer_type: b' ',
};

fn entered(message: &EnterOrder) -> Entering {
    match read(&message.encode(), &setting()) {
        Ok(Ask::Enter(asked)) => asked,
        other => panic!("{other:?}"),
    }
}

/// The plain order of [`ENTER`].
fn plain() -> OrderRequest {
    let stp = SelfTrade { mode: StpMode::CancelNewest, scope: StpScope::Port };
    OrderRequest { stp, ..OrderRequest::limit(1, 0, Side::Buy, 1_000_000, 100) }
}

#[test]
fn an_order_is_what_its_letters_say() {
    let asked = entered(&ENTER);
    assert_eq!((asked.name, asked.request), (NAME, plain()));
    assert_eq!((&asked.firm, asked.is_attributed), (b"FIRM", false));
    let hidden = Display::Hidden;
    let midpoint = Pricing::Peg { to: PegTo::Midpoint, offset: 0, limit: Some(1_000_000) };
    for (display, expected) in [
        (b'A', plain()),
        (b'P', OrderRequest { post_only: PostOnly::Slide, ..plain() }),
        (b'L', OrderRequest { post_only: PostOnly::Slide, ..plain() }),
        (b'N', OrderRequest { display: hidden, ..plain() }),
        (b'n', OrderRequest { display: hidden, ..plain() }),
        (b'M', OrderRequest { display: hidden, pricing: midpoint, ..plain() }),
        (b'm', OrderRequest { display: hidden, pricing: midpoint, ..plain() }),
    ] {
        let asked = entered(&EnterOrder { display, ..ENTER });
        assert_eq!(asked.request, expected, "{}", char::from(display));
        assert_eq!(asked.is_attributed, matches!(display, b'A' | b'L'));
    }
    for (time_in_force, minimum_quantity, life, size) in [
        (0, 0, Life::Ioc, SizeCondition::None),
        (0, 40, Life::Ioc, SizeCondition::Minimum(40)),
        (0, 100, Life::Fok, SizeCondition::None),
        (60, 0, Life::Until(setting().ts_ns + 60_000_000_000), SizeCondition::None),
        (99_999, 0, Life::Day, SizeCondition::None),
    ] {
        let asked = entered(&EnterOrder { time_in_force, minimum_quantity, ..ENTER });
        assert_eq!(asked.request, OrderRequest { size, life, ..plain() });
    }
    let market = EnterOrder { price_e4: 0x7fff_ffff, time_in_force: 0, cross_type: b'O', ..ENTER };
    let (pricing, auction) = (Pricing::Market, Auction::Open);
    assert_eq!(entered(&market).request, OrderRequest { pricing, auction, ..plain() });
}

#[test]
fn what_our_market_does_not_have_is_refused_by_letter() {
    let with = |change: fn(&mut EnterOrder)| {
        let mut message = ENTER;
        change(&mut message);
        message
    };
    for (message, letter) in [
        (with(|m| m.side = b'X'), b'O'),
        (with(|m| m.shares = 0), b'Z'),
        (with(|m| m.shares = 1_000_000), b'Z'),
        (with(|m| m.stock = *b"NONE    "), b'S'),
        (with(|m| m.price_e4 = 0), b'X'),
        (with(|m| m.price_e4 = 0x7fff_ffff), b'X'),
        (with(|m| m.time_in_force = 99_996), b'O'),
        (with(|m| m.time_in_force = 86_400), b'O'),
        (with(|m| m.display = b'I'), b'D'),
        (with(|m| m.display = b'W'), b'D'),
        (with(|m| m.display = b'Q'), b'D'),
        (with(|m| m.capacity = b'X'), b'O'),
        (with(|m| m.sweep_eligibility = b'X'), b'd'),
        (with(|m| m.minimum_quantity = 101), b'N'),
        (with(|m| m.minimum_quantity = 50), b'N'),
        (with(|m| m.cross_type = b'H'), b'R'),
    ] {
        let Err(Refusal::Request { name, fault, .. }) = read(&message.encode(), &setting()) else {
            panic!("{message:?} is taken");
        };
        let expected = Rejected { timestamp_ns: TIME, order_token: TOKEN, reason: letter }.encode();
        assert_eq!(bytes_of(say, &rejected(name, fault)), expected, "{message:?}");
    }
}

#[test]
fn other_requests() {
    let read = |bytes: &[u8]| read(bytes, &setting());
    let message = ReplaceOrder {
        existing_order_token: TOKEN,
        replacement_order_token: *b"TOK2          ",
        shares: 200,
        price_e4: 999_900,
        time_in_force: 0,
        display: b'Y',
        sweep_eligibility: b'N',
        minimum_quantity: 0,
    };
    let Ok(Ask::Replace(asked)) = read(&message.encode()) else { panic!("no replacement") };
    assert_eq!((asked.original, asked.change.qty), (NAME, 200));
    assert_eq!(asked.name, OrderName::Text(*b"TOK2                "));
    assert_eq!((asked.change.price, asked.change.life), (Some(999_900), Some(Life::Ioc)));
    assert_eq!(asked.change.fits(&plain()), Ok(()));
    let sliding = OrderRequest { post_only: PostOnly::Slide, ..plain() };
    assert_eq!(asked.change.fits(&sliding).map_err(|fault| fault.field), Err(Field::PostOnly));
    let refusing = Setting { post_only: PostOnly::Reject, ..setting() };
    let passive = EnterOrder { display: b'P', ..ENTER };
    let asked = super::read(&passive.encode(), &refusing);
    let Ok(Ask::Enter(asked)) = asked else { panic!("no order") };
    assert_eq!(asked.request.post_only, PostOnly::Reject);
    let passive = ReplaceOrder { display: b'L', ..message };
    let replaced = super::read(&passive.encode(), &refusing);
    let Ok(Ask::Replace(replaced)) = replaced else { panic!("no replacement") };
    assert_eq!(replaced.change.fits(&asked.request), Ok(()));
    let wrong = ReplaceOrder { shares: 0, ..message };
    assert!(matches!(read(&wrong.encode()), Err(Refusal::Replace { original: NAME, .. })));
    let cancel = CancelOrder { order_token: TOKEN, shares: 30 };
    let Ok(Ask::Cancel(asked)) = read(&cancel.encode()) else { panic!("no cancel") };
    assert_eq!((asked.name, asked.qty), (NAME, 30));
    let modify = ModifyOrder { order_token: TOKEN, side: b'T', shares: 50 };
    let Ok(Ask::Modify(asked)) = read(&modify.encode()) else { panic!("no modify") };
    assert_eq!((asked.name, asked.side, asked.qty), (NAME, b'T', 50));
    assert_eq!(read(&ModifyOrder { side: b'?', ..modify }.encode()), Ok(Ask::Nothing));
    for bytes in [&b""[..], b"z", b"X"] {
        assert_eq!(read(bytes), Err(Refusal::Unreadable));
    }
}

fn order() -> OpenOrder {
    opened(&entered(&EnterOrder { time_in_force: 0, minimum_quantity: 100, ..ENTER }), 1_000_000)
}

#[test]
fn accepted_and_replaced_give_back_what_was_asked() {
    let order = order();
    let expected = Accepted {
        timestamp_ns: TIME,
        order_token: TOKEN,
        side: b'B',
        shares: 100,
        stock: *b"AAPL    ",
        price_e4: 1_000_000,
        time_in_force: 0,
        firm: *b"FIRM",
        display: b'Y',
        order_ref: 9,
        capacity: b'P',
        sweep_eligibility: b'N',
        minimum_quantity: 100,
        cross_type: b'N',
        order_state: b'L',
        bbo_weight: b' ',
    };
    let answer = Answer::Accepted { order: &order, is_dead: false };
    assert_eq!(bytes_of(say, &answer), expected.encode());
    let expected = Replaced {
        timestamp_ns: TIME,
        replacement_order_token: TOKEN,
        side: b'B',
        shares: 100,
        stock: *b"AAPL    ",
        price_e4: 1_000_000,
        time_in_force: 0,
        firm: *b"FIRM",
        display: b'Y',
        order_ref: 9,
        capacity: b'P',
        sweep_eligibility: b'N',
        minimum_quantity: 100,
        cross_type: b'N',
        order_state: b'D',
        previous_order_token: *b"TOK0          ",
        bbo_weight: b' ',
    };
    let original = OrderName::Text(*b"TOK0                ");
    let answer = Answer::Replaced { order: &order, original, is_dead: true };
    assert_eq!(bytes_of(say, &answer), expected.encode());
}

#[test]
fn trades_and_cancels() {
    let order = order();
    let (timestamp_ns, order_token) = (TIME, TOKEN);
    let (role, mode, price) = (TradeRole::AddedHidden, StpMode::Decrement, 999_900);
    let answer = Answer::Executed { order: &order, qty: 30, price, match_id: 5, role };
    let expected = Executed {
        timestamp_ns,
        order_token,
        executed_shares: 30,
        execution_price_e4: 999_900,
        liquidity_flag: b'J',
        match_number: 5,
    };
    assert_eq!(bytes_of(say, &answer), expected.encode());
    let answer = Answer::Prevented { order: &order, qty: 30, prevented_qty: 20, price, role, mode };
    let expected = AiqCanceled {
        timestamp_ns,
        order_token,
        decrement_shares: 30,
        reason: b'Q',
        prevented_quantity: 20,
        execution_price_e4: 999_900,
        liquidity_flag: b'J',
        aiq_strategy: b'D',
    };
    assert_eq!(bytes_of(say, &answer), expected.encode());
    for (why, reason) in [(CancelReason::Auction, b'C'), (CancelReason::User, b'U')] {
        let answer = Answer::Canceled { order: &order, qty: 60, reason: why, request: BLANK };
        let expected = Canceled { timestamp_ns, order_token, decrement_shares: 60, reason };
        assert_eq!(bytes_of(say, &answer), expected.encode());
    }
    let (name, cl_ord_id, match_id, qty) = (NAME, BLANK, 5, 1);
    let reason = BreakReason::Consent;
    let answer = Answer::Broken {
        name,
        cl_ord_id,
        order_id: 1,
        instrument: 1,
        side: Side::Buy,
        match_id,
        price,
        qty,
        reason,
    };
    let expected = BrokenTrade { timestamp_ns, order_token, match_number: 5, reason: b'C' };
    assert_eq!(bytes_of(say, &answer), expected.encode());
}

#[test]
fn the_other_answers() {
    let order = order();
    let (timestamp_ns, order_token) = (TIME, TOKEN);
    for (reason, letter) in [
        (RejectReason::InstrumentUnknown, b'S'),
        (RejectReason::NotTrading, b'H'),
        (RejectReason::NotEntitled, b'L'),
        (RejectReason::PortBlocked, b'a'),
        (RejectReason::PortOrderQty, b'm'),
        (RejectReason::PortOrderNotional, b'n'),
        (RejectReason::ReferenceCollar, b'X'),
        (RejectReason::PortThrottled, b'O'),
        (RejectReason::Capacity, b'O'),
    ] {
        let expected = Rejected { timestamp_ns, order_token, reason: letter }.encode();
        assert_eq!(bytes_of(say, &rejected(NAME, Fault::of(reason))), expected, "{reason:?}");
    }
    for reason in [RestateReason::Refill, RestateReason::Peg, RestateReason::Trigger] {
        let answer = Answer::Restated { order: &order, reason, displayed: 10 };
        let (price_e4, display, order_ref) = (1_000_000, b'Y', 9);
        let expected =
            OrderPriorityUpdate { timestamp_ns, order_token, price_e4, display, order_ref };
        assert_eq!(bytes_of(say, &answer), expected.encode());
    }
    let expected = OrderModified { timestamp_ns, order_token, side: b'B', shares: 100 };
    assert_eq!(bytes_of(say, &Answer::Modified { order: &order }), expected.encode());
    for (answer, event_code) in [(Answer::DayStarted, b'S'), (Answer::DayEnded, b'E')] {
        let expected = SystemEvent { timestamp_ns, event_code }.encode();
        assert_eq!(bytes_of(say, &answer), expected);
    }
    assert_eq!(bytes_of(say, &Answer::Queried { index: 0, next: 8 }), b"");
}
