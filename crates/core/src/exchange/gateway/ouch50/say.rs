// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How it is answered.

use super::super::ouch::{
    LIFE, Prevented, aiq_letter, break_letter, cancel_letter, echoed, letter, liquidity_letter,
    minimum_of, padded, price_e4, shares, state_letter,
};
use super::super::{Answer, Buffer, NameText, OpenOrder, OrderName, Setting, Symbols};
use super::reasons::number_of;
use crate::events::{CancelReason, RestateReason};
use crate::exchange::market::{Display, PegTo, PostOnly, Pricing};
use crate::types::Lots;
use crate::wire::ouch50::{
    AccountQueryResponse, AiqCanceled, Appended, BrokenTrade, CancelReject,
    DisableOrderEntryResponse, EnableOrderEntryResponse, MARKET_PRICE_E4, MassCancelResponse,
    OrderAccepted, OrderCanceled, OrderExecuted, OrderModified, OrderPriorityUpdate, OrderReplaced,
    OrderRestated, Rejected, SystemEvent, Tag, Writer,
};

/// Says `answer` in `out`, behind what is there; false when OUCH 5.0 has no word for it.
pub fn say<S: Symbols>(out: &mut Buffer, setting: &Setting<'_, S>, answer: &Answer<'_>) -> bool {
    let timestamp_ns = setting.since_midnight_ns();
    match *answer {
        Answer::Accepted { order, is_dead } => accepted(out, setting, order, is_dead),
        Answer::Replaced { order, original, is_dead } => {
            replaced(out, setting, order, original, is_dead);
        }
        Answer::Canceled { order, qty, reason, .. } => {
            canceled(out, timestamp_ns, order, qty, reason);
        }
        Answer::Prevented { order, qty, prevented_qty: untraded_qty, price, role, mode } => {
            let trade = Prevented { qty, untraded_qty, price, role, mode };
            prevented(out, timestamp_ns, order, &trade);
        }
        Answer::Executed { order, qty, price, match_id, role } => {
            let (channel, user_ref_num) = numbered(order.name);
            let message = OrderExecuted {
                timestamp_ns,
                user_ref_num,
                quantity: shares(qty),
                price_e4: price_e4(price),
                liquidity_flag: liquidity_letter(role),
                match_number: match_id,
            };
            put(out, &message, channel);
        }
        Answer::Broken { name, cl_ord_id, match_id, reason, .. } => {
            let (channel, user_ref_num) = numbered(name);
            let message = BrokenTrade {
                timestamp_ns,
                user_ref_num,
                match_number: match_id,
                reason: break_letter(reason),
                cl_ord_id: text14(&cl_ord_id),
            };
            put(out, &message, channel);
        }
        Answer::Rejected { name, cl_ord_id, fault } => {
            let (channel, user_ref_num) = numbered(name);
            let (reason, cl_ord_id) = (number_of(fault), text14(&cl_ord_id));
            put(out, &Rejected { timestamp_ns, user_ref_num, reason, cl_ord_id }, channel);
        }
        Answer::Restated { order, reason, displayed } => {
            restated(out, timestamp_ns, order, reason, displayed);
        }
        Answer::Modified { order } => {
            let (channel, user_ref_num) = numbered(order.name);
            let (side, quantity) = (order.side, shares(order.leaves));
            put(out, &OrderModified { timestamp_ns, user_ref_num, side, quantity }, channel);
        }
        Answer::MassCanceled { .. } | Answer::EntrySet { .. } | Answer::Queried { .. } => {
            administrative(out, setting, answer);
        }
        Answer::DayStarted => put(out, &SystemEvent { timestamp_ns, event_code: b'S' }, 0),
        Answer::DayEnded => put(out, &SystemEvent { timestamp_ns, event_code: b'E' }, 0),
        Answer::CancelRejected { name, .. } => {
            let (channel, user_ref_num) = numbered(name);
            put(out, &CancelReject { timestamp_ns, user_ref_num }, channel);
        }
        Answer::Status { .. } => return false,
    }
    true
}

/// The channel and number of a name; names in text are of other protocols.
const fn numbered(name: OrderName) -> (u8, u32) {
    match name {
        OrderName::UserRef { index, number } => (index, number),
        OrderName::Text(_) => (0, 0),
    }
}

fn text14(text: &NameText) -> [u8; 14] {
    padded(text)
}

/// A message that has no tag but the channel.
fn put<M: Appended>(out: &mut Buffer, message: &M, channel: u8) {
    put_with(out, message, channel, |_| {});
}

/// A message with tags.
fn put_with<M: Appended>(
    out: &mut Buffer,
    message: &M,
    channel: u8,
    append: impl FnOnce(&mut Writer<'_>),
) {
    let mut writer = Writer::new(out.room(), message);
    append(&mut writer);
    writer.tag_if(channel != 0, Tag::UserRefIndex(channel));
    let length = writer.finish().expect("a buffer holds any answer");
    out.advance(length);
}

/// The price of an order as it stands.
fn stated_price_e4(order: &OpenOrder) -> u64 {
    match order.request.pricing {
        Pricing::Market => MARKET_PRICE_E4,
        Pricing::Limit(_) | Pricing::Peg { .. } => price_e4(order.price),
    }
}

fn accepted<S: Symbols>(
    out: &mut Buffer,
    setting: &Setting<'_, S>,
    order: &OpenOrder,
    is_dead: bool,
) {
    let (channel, user_ref_num) = numbered(order.name);
    let message = OrderAccepted {
        timestamp_ns: setting.since_midnight_ns(),
        user_ref_num,
        side: order.side,
        quantity: shares(order.leaves),
        symbol: padded(setting.symbols.symbol(order.request.instrument)),
        price_e4: stated_price_e4(order),
        time_in_force: echoed(&order.echo, letter::TIME_IN_FORCE, b'0'),
        display: echoed(&order.echo, letter::DISPLAY, b'Y'),
        order_ref: order.order_id,
        capacity: echoed(&order.echo, letter::CAPACITY, b'O'),
        sweep_eligibility: echoed(&order.echo, letter::SWEEP, b'N'),
        cross_type: echoed(&order.echo, letter::CROSS, b'N'),
        order_state: state_letter(is_dead),
        cl_ord_id: text14(&order.cl_ord_id),
    };
    put_with(out, &message, channel, |writer| {
        terms(writer, order, OrderAccepted::TAGS);
    });
}

fn replaced<S: Symbols>(
    out: &mut Buffer,
    setting: &Setting<'_, S>,
    order: &OpenOrder,
    original: OrderName,
    is_dead: bool,
) {
    let (channel, user_ref_num) = numbered(order.name);
    let message = OrderReplaced {
        timestamp_ns: setting.since_midnight_ns(),
        original_user_ref_num: numbered(original).1,
        user_ref_num,
        side: order.side,
        quantity: shares(order.leaves),
        symbol: padded(setting.symbols.symbol(order.request.instrument)),
        price_e4: stated_price_e4(order),
        time_in_force: echoed(&order.echo, letter::TIME_IN_FORCE, b'0'),
        display: echoed(&order.echo, letter::DISPLAY, b'Y'),
        order_ref: order.order_id,
        capacity: echoed(&order.echo, letter::CAPACITY, b'O'),
        sweep_eligibility: echoed(&order.echo, letter::SWEEP, b'N'),
        cross_type: echoed(&order.echo, letter::CROSS, b'N'),
        order_state: state_letter(is_dead),
        cl_ord_id: text14(&order.cl_ord_id),
    };
    put_with(out, &message, channel, |writer| {
        terms(writer, order, OrderReplaced::TAGS);
    });
}

/// The terms of an order, as tags: those it has and the message may have.
fn terms(writer: &mut Writer<'_>, order: &OpenOrder, allowed: &[u8]) {
    let request = &order.request;
    let mut tag = |is_given: bool, tag: Tag<'_>| {
        writer.tag_if(is_given && allowed.contains(&tag.number()), tag);
    };
    tag(order.firm != *b"    ", Tag::Firm(order.firm));
    let minimum = minimum_of(order);
    tag(minimum != 0, Tag::MinimumQuantity(minimum));
    let letter_of = |place| echoed(&order.echo, place, 0);
    tag(letter_of(letter::CUSTOMER) != 0, Tag::CustomerType(letter_of(letter::CUSTOMER)));
    if let Display::Reserve { displayed } = request.display {
        tag(true, Tag::MaxFloor(shares(displayed)));
    }
    if let Pricing::Peg { to, offset, .. } = request.pricing {
        let kind = match to {
            PegTo::Primary => b'R',
            PegTo::Market => b'P',
            PegTo::Midpoint => b'M',
        };
        tag(true, Tag::PriceType(kind));
        tag(offset != 0, Tag::PegOffset(i32::try_from(offset).unwrap_or(i32::MAX)));
    }
    tag(request.post_only != PostOnly::Off, Tag::PostOnly(b'P'));
    let seconds = order.echo.numbers[LIFE];
    let expires = letter_of(letter::TIME_IN_FORCE) == b'6';
    tag(expires && seconds != 0, Tag::ExpireTime(seconds));
    tag(letter_of(letter::TRADE_NOW) != 0, Tag::TradeNow(letter_of(letter::TRADE_NOW)));
    tag(letter_of(letter::HANDLING) != 0, Tag::HandlingInstruction(letter_of(letter::HANDLING)));
    tag(order.group != 0, Tag::GroupId(order.group));
    tag(letter_of(letter::LOCATED) != 0, Tag::SharesLocated(letter_of(letter::LOCATED)));
    tag(letter_of(letter::AIQ) != 0, Tag::AiqStrategy(letter_of(letter::AIQ)));
    let group = [letter_of(letter::AIQ_GROUP), letter_of(letter::AIQ_GROUP + 1)];
    tag(group[0] != 0, Tag::AiqGroupId(group));
}

fn canceled(
    out: &mut Buffer,
    timestamp_ns: u64,
    order: &OpenOrder,
    qty: Lots,
    reason: CancelReason,
) {
    let (channel, user_ref_num) = numbered(order.name);
    let reason = cancel_letter(reason, b'I');
    put(out, &OrderCanceled { timestamp_ns, user_ref_num, quantity: shares(qty), reason }, channel);
}

/// A trade that self-trade prevention kept from happening; `Y` asks for no details of it.
fn prevented(out: &mut Buffer, timestamp_ns: u64, order: &OpenOrder, prevented: &Prevented) {
    let (channel, user_ref_num) = numbered(order.name);
    let asked = echoed(&order.echo, letter::AIQ, 0);
    if asked == b'Y' {
        return canceled(out, timestamp_ns, order, prevented.qty, CancelReason::SelfTrade);
    }
    let message = AiqCanceled {
        timestamp_ns,
        user_ref_num,
        decrement_shares: shares(prevented.qty),
        reason: b'Q',
        prevented_quantity: shares(prevented.untraded_qty),
        execution_price_e4: price_e4(prevented.price),
        liquidity_flag: liquidity_letter(prevented.role),
        aiq_strategy: if asked == 0 { aiq_letter(prevented.mode) } else { asked },
    };
    put(out, &message, channel);
}

/// A slice of a reserve order is *restated*; a new price of a peg or a stop is a new *priority*.
fn restated(
    out: &mut Buffer,
    timestamp_ns: u64,
    order: &OpenOrder,
    reason: RestateReason,
    displayed: Lots,
) {
    let (channel, user_ref_num) = numbered(order.name);
    match reason {
        RestateReason::Refill => {
            let message = OrderRestated { timestamp_ns, user_ref_num, reason: b'R' };
            put_with(out, &message, channel, |writer| {
                writer.tag(Tag::SecondaryOrderReference(order.order_id));
                writer.tag(Tag::DisplayQuantity(shares(displayed)));
                writer.tag(Tag::DisplayPrice(price_e4(order.price)));
            });
        }
        RestateReason::Peg | RestateReason::Trigger => {
            let message = OrderPriorityUpdate {
                timestamp_ns,
                user_ref_num,
                price_e4: stated_price_e4(order),
                display: echoed(&order.echo, letter::DISPLAY, b'Y'),
                order_ref: order.order_id,
            };
            put(out, &message, channel);
        }
    }
}

/// Answers to requests that are about no order in particular.
fn administrative<S: Symbols>(out: &mut Buffer, setting: &Setting<'_, S>, answer: &Answer<'_>) {
    let timestamp_ns = setting.since_midnight_ns();
    match *answer {
        Answer::MassCanceled { asked, .. } => {
            let user_ref_num = numbered(asked.name).1;
            let symbol = asked.instrument.map_or(&b""[..], |id| setting.symbols.symbol(id));
            let (firm, symbol) = (asked.firm, padded(symbol));
            let message = MassCancelResponse { timestamp_ns, user_ref_num, firm, symbol };
            put_with(out, &message, asked.channel.unwrap_or(0), |writer| {
                let group = asked.group.unwrap_or(0);
                writer.tag_if(group != 0, Tag::GroupId(group));
                writer.tag_if(asked.side.is_some(), Tag::Side(asked.side.unwrap_or(b' ')));
            });
        }
        Answer::EntrySet { asked } => {
            let (channel, user_ref_num) = numbered(asked.name);
            let firm = asked.firm;
            if asked.enabled {
                put(out, &EnableOrderEntryResponse { timestamp_ns, user_ref_num, firm }, channel);
            } else {
                put(out, &DisableOrderEntryResponse { timestamp_ns, user_ref_num, firm }, channel);
            }
        }
        Answer::Queried { index, next } => {
            put(out, &AccountQueryResponse { timestamp_ns, next_user_ref_num: next }, index);
        }
        _ => unreachable!("the caller passes only these"),
    }
}
