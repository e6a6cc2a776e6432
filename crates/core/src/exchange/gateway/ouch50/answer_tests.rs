// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Every answer, read again by the codec.

use super::super::tests::{bytes_of, opened, rejected, setting};
use super::super::{
    Answer, BreakReason, EntrySetting, Fault, MassCancelling, OpenOrder, OrderName, TradeRole,
};
use super::say;
use super::tests::{ENTER, encoded, entered};
use crate::events::{CancelReason, RejectReason, RestateReason, Side, StpMode};
use crate::exchange::market::{PegTo, Pricing};
use crate::wire::ouch50::{
    AccountQueryResponse, AiqCanceled, BrokenTrade, DisableOrderEntryResponse,
    EnableOrderEntryResponse, EnterOrderRequest, MassCancelResponse, OrderAccepted, OrderCanceled,
    OrderExecuted, OrderModified, OrderPriorityUpdate, OrderReplaced, OrderRestated, Rejected,
    SystemEvent, Tag,
};

const TIME: u64 = 1_000_000_000;
const NAME: OrderName = OrderName::UserRef { index: 0, number: 7 };
const ON_CHANNEL: OrderName = OrderName::UserRef { index: 3, number: 7 };
const CL_ORD_ID: [u8; 20] = *b"C1                  ";
const BLANK: [u8; 20] = [b' '; 20];

/// An order at 100, id 9, 100 to do.
fn order() -> OpenOrder {
    opened(&entered(&ENTER, &[]), 1_000_000)
}

/// An answer's bytes.
fn said(answer: &Answer<'_>) -> Vec<u8> {
    bytes_of(say, answer)
}

/// The bytes of an optional appendage that was left out.
fn bare<M: crate::wire::ouch50::Appended>(message: &M) -> Vec<u8> {
    message.to_bytes().as_ref().to_vec()
}

#[test]
fn accepted_and_replaced_give_back_what_was_asked() {
    let order = order();
    let accepted = OrderAccepted {
        timestamp_ns: TIME,
        user_ref_num: 7,
        side: b'B',
        quantity: 100,
        symbol: *b"AAPL    ",
        price_e4: 1_000_000,
        time_in_force: b'0',
        display: b'Y',
        order_ref: 9,
        capacity: b'P',
        sweep_eligibility: b'N',
        cross_type: b'N',
        order_state: b'L',
        cl_ord_id: *b"C1            ",
    };
    let answer = Answer::Accepted { order: &order, is_dead: false };
    assert_eq!(said(&answer), encoded(&accepted, &[]));
    let answer = Answer::Accepted { order: &order, is_dead: true };
    assert_eq!(said(&answer), encoded(&OrderAccepted { order_state: b'D', ..accepted }, &[]));
    let (original, is_dead) = (OrderName::UserRef { index: 0, number: 6 }, false);
    let order = OpenOrder { leaves: 40, executed: 60, ..order };
    let replaced = OrderReplaced {
        timestamp_ns: TIME,
        original_user_ref_num: 6,
        user_ref_num: 7,
        side: b'B',
        quantity: 40,
        symbol: *b"AAPL    ",
        price_e4: 1_000_000,
        time_in_force: b'0',
        display: b'Y',
        order_ref: 9,
        capacity: b'P',
        sweep_eligibility: b'N',
        cross_type: b'N',
        order_state: b'L',
        cl_ord_id: *b"C1            ",
    };
    let answer = Answer::Replaced { order: &order, original, is_dead };
    assert_eq!(said(&answer), encoded(&replaced, &[]));
}

#[test]
fn an_order_without_a_limit_says_so() {
    let message = EnterOrderRequest { price_e4: 2_000_000_000, time_in_force: b'3', ..ENTER };
    let order = opened(&entered(&message, &[Tag::MinimumQuantity(100)]), 0);
    let bytes = said(&Answer::Accepted { order: &order, is_dead: false });
    assert_eq!(bytes[26..34], 0x7fff_ffff_u64.to_be_bytes());
    assert_eq!(bytes[62..], *b"\0\x06\x05\x03\0\0\0\x64");
}

#[test]
fn every_reason_of_a_cancel_has_its_letter() {
    let order = order();
    for (reason, letter) in [
        (CancelReason::User, b'U'),
        (CancelReason::Replace, b'U'),
        (CancelReason::MassCancel, b'U'),
        (CancelReason::Ioc, b'I'),
        (CancelReason::Fok, b'I'),
        (CancelReason::Auction, b'I'),
        (CancelReason::SelfTrade, b'Q'),
        (CancelReason::Collar, b'K'),
        (CancelReason::Expired, b'T'),
        (CancelReason::DayEnded, b'T'),
        (CancelReason::Halted, b'H'),
        (CancelReason::Disconnected, b'S'),
        (CancelReason::Killed, b'S'),
        (CancelReason::Operator, b'S'),
        (CancelReason::BookCleared, b'Z'),
    ] {
        let answer = Answer::Canceled { order: &order, qty: 60, reason, request: BLANK };
        let canceled =
            OrderCanceled { timestamp_ns: TIME, user_ref_num: 7, quantity: 60, reason: letter };
        assert_eq!(said(&answer), bare(&canceled), "{reason:?}");
    }
}

#[test]
fn every_role_of_a_trade_has_its_letter() {
    let order = OpenOrder { name: ON_CHANNEL, ..order() };
    for (role, liquidity_flag) in [
        (TradeRole::Added, b'A'),
        (TradeRole::AddedHidden, b'J'),
        (TradeRole::AddedMidpoint, b'k'),
        (TradeRole::Removed, b'R'),
        (TradeRole::RemovedMidpoint, b'm'),
        (TradeRole::Opening, b'O'),
        (TradeRole::Closing, b'C'),
        (TradeRole::Reopening, b'H'),
    ] {
        let answer = Answer::Executed { order: &order, qty: 30, price: 999_900, match_id: 5, role };
        let executed = OrderExecuted {
            timestamp_ns: TIME,
            user_ref_num: 7,
            quantity: 30,
            price_e4: 999_900,
            liquidity_flag,
            match_number: 5,
        };
        assert_eq!(said(&answer), encoded(&executed, &[Tag::UserRefIndex(3)]), "{role:?}");
    }
}

#[test]
fn a_trade_that_was_prevented_names_the_rule() {
    let prevented = |order: &OpenOrder, mode| {
        let (role, price) = (TradeRole::Removed, 999_900);
        said(&Answer::Prevented { order, qty: 30, prevented_qty: 20, price, role, mode })
    };
    let message = AiqCanceled {
        timestamp_ns: TIME,
        user_ref_num: 7,
        decrement_shares: 30,
        reason: b'Q',
        prevented_quantity: 20,
        execution_price_e4: 999_900,
        liquidity_flag: b'R',
        aiq_strategy: b'W',
    };
    assert_eq!(prevented(&order(), StpMode::CancelNewest), bare(&message));
    for (mode, aiq_strategy) in
        [(StpMode::CancelOldest, b'O'), (StpMode::Decrement, b'D'), (StpMode::CancelBoth, b'*')]
    {
        let message = AiqCanceled { aiq_strategy, ..message };
        assert_eq!(prevented(&order(), mode), bare(&message));
    }
    let asked = opened(&entered(&ENTER, &[Tag::AiqStrategy(b'Y')]), 1_000_000);
    let canceled =
        OrderCanceled { timestamp_ns: TIME, user_ref_num: 7, quantity: 30, reason: b'Q' };
    assert_eq!(prevented(&asked, StpMode::Decrement), bare(&canceled));
}

#[test]
fn every_reason_of_a_refusal_has_its_number() {
    for (reason, number) in [
        (RejectReason::InstrumentUnknown, 0x17),
        (RejectReason::QtyInvalid, 0x13),
        (RejectReason::PriceInvalid, 0x1d),
        (RejectReason::PostOnlyWouldTake, 0x0f),
        (RejectReason::Capacity, 0x0a),
        (RejectReason::FieldInvalid, 0x0f),
        (RejectReason::NotTrading, 0x07),
        (RejectReason::PortBlocked, 0x0c),
        (RejectReason::NotEntitled, 0x0c),
        (RejectReason::PortOrderQty, 0x31),
        (RejectReason::PortOrderNotional, 0x30),
        (RejectReason::PortOpenOrders, 0x20),
        (RejectReason::PortThrottled, 0x29),
        (RejectReason::Duplicate, 0x2a),
        (RejectReason::ReferenceCollar, 0x26),
    ] {
        let message = Rejected {
            timestamp_ns: TIME,
            user_ref_num: 7,
            reason: number,
            cl_ord_id: *b"C1            ",
        };
        assert_eq!(said(&rejected(NAME, Fault::of(reason))), bare(&message), "{reason:?}");
    }
}

#[test]
fn restated_orders_have_a_new_reference() {
    let restated =
        |order: &OpenOrder, reason, displayed| said(&Answer::Restated { order, reason, displayed });
    let message = OrderRestated { timestamp_ns: TIME, user_ref_num: 7, reason: b'R' };
    let tags =
        [Tag::SecondaryOrderReference(9), Tag::DisplayQuantity(40), Tag::DisplayPrice(1_000_000)];
    assert_eq!(restated(&order(), RestateReason::Refill, 40), encoded(&message, &tags));
    let mut peg = order();
    peg.price = 999_900;
    peg.request.pricing = Pricing::Peg { to: PegTo::Primary, offset: 0, limit: None };
    for reason in [RestateReason::Peg, RestateReason::Trigger] {
        let message = OrderPriorityUpdate {
            timestamp_ns: TIME,
            user_ref_num: 7,
            price_e4: 999_900,
            display: b'Y',
            order_ref: 9,
        };
        assert_eq!(restated(&peg, reason, 0), bare(&message));
    }
}

#[test]
fn a_broken_trade_a_cancel_that_waits_or_fails_and_a_changed_mark() {
    for (reason, letter) in [
        (BreakReason::Erroneous, b'E'),
        (BreakReason::Consent, b'C'),
        (BreakReason::Supervisory, b'S'),
        (BreakReason::External, b'X'),
    ] {
        let (name, cl_ord_id, match_id, price, qty) = (NAME, CL_ORD_ID, 5, 1, 1);
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
        let cl_ord_id = *b"C1            ";
        let (timestamp_ns, user_ref_num, match_number) = (TIME, 7, 5);
        let reason = letter;
        let message = BrokenTrade { timestamp_ns, user_ref_num, match_number, reason, cl_ord_id };
        assert_eq!(said(&answer), bare(&message));
    }
    let (timestamp_ns, user_ref_num) = (TIME, 7);
    let order = OpenOrder { side: b'T', leaves: 30, ..order() };
    let message = OrderModified { timestamp_ns, user_ref_num, side: b'T', quantity: 30 };
    assert_eq!(said(&Answer::Modified { order: &order }), bare(&message));
}

#[test]
fn answers_about_no_order() {
    let asked = MassCancelling {
        name: ON_CHANNEL,
        firm: *b"FIRM",
        instrument: Some(2),
        side: Some(b'S'),
        group: Some(5),
        channel: Some(3),
    };
    let message = MassCancelResponse {
        timestamp_ns: TIME,
        user_ref_num: 7,
        firm: *b"FIRM",
        symbol: *b"MSFT    ",
    };
    let tags = [Tag::GroupId(5), Tag::Side(b'S'), Tag::UserRefIndex(3)];
    let answer = Answer::MassCanceled { asked: &asked, orders: 4 };
    assert_eq!(said(&answer), encoded(&message, &tags));
    let (instrument, side, group, channel) = (None, None, None, None);
    let asked = MassCancelling { name: NAME, instrument, side, group, channel, ..asked };
    let message = MassCancelResponse { symbol: [b' '; 8], ..message };
    let answer = Answer::MassCanceled { asked: &asked, orders: 0 };
    assert_eq!(said(&answer), encoded(&message, &[]));
    let (timestamp_ns, user_ref_num, firm) = (TIME, 7, *b"FIRM");
    let off = EntrySetting { name: NAME, firm, enabled: false };
    let message = DisableOrderEntryResponse { timestamp_ns, user_ref_num, firm };
    assert_eq!(said(&Answer::EntrySet { asked: &off }), encoded(&message, &[]));
    let on = EntrySetting { enabled: true, ..off };
    let message = EnableOrderEntryResponse { timestamp_ns, user_ref_num, firm };
    assert_eq!(said(&Answer::EntrySet { asked: &on }), encoded(&message, &[]));
    let message = AccountQueryResponse { timestamp_ns, next_user_ref_num: 8 };
    assert_eq!(said(&Answer::Queried { index: 0, next: 8 }), bare(&message));
    let tags = [Tag::UserRefIndex(3)];
    assert_eq!(said(&Answer::Queried { index: 3, next: 8 }), encoded(&message, &tags));
    for (answer, event_code) in [(Answer::DayStarted, b'S'), (Answer::DayEnded, b'E')] {
        assert_eq!(said(&answer), bare(&SystemEvent { timestamp_ns, event_code }));
    }
    let answer = Answer::Status { name: NAME, request: BLANK, order: None };
    assert_eq!(said(&answer), b"");
    assert_eq!(setting().since_midnight_ns(), TIME);
}
