// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The fields of an execution report about an order.

use super::super::{NAME_BYTES, NameText, OpenOrder, OrderName, Setting, Symbols};
use super::say::Speaker;
use super::terms::{ACCOUNT_BYTES, CAPACITY};
use crate::exchange::market::{Auction, Display, Life, PegTo, PostOnly, Pricing, SizeCondition};
use crate::types::{Lots, TsNs};
use crate::wire::fix::{Part, Precision, Session, Writer, tag};

/// Places behind the point of an average price.
const AVERAGE_PLACES: u32 = 8;

/// One execution report's changing part.
pub(super) struct Report {
    pub(super) exec_type: u8,
    pub(super) status: u8,
    /// Name of the request, and of the order before it.
    pub(super) names: Option<(NameText, NameText)>,
    pub(super) trade: Option<Trade>,
    pub(super) restatement: Option<u64>,
    pub(super) text: &'static [u8],
    pub(super) status_request: NameText,
}

/// What traded.
#[derive(Clone, Copy)]
pub(super) struct Trade {
    pub(super) qty: Lots,
    pub(super) price: i64,
    pub(super) match_id: u64,
    pub(super) liquidity: Option<u64>,
}

impl Report {
    /// A report of this type about an order that stands so.
    pub(super) const fn new(exec_type: u8, status: u8) -> Self {
        Self {
            exec_type,
            status,
            names: None,
            trade: None,
            restatement: None,
            text: b"",
            status_request: [b' '; NAME_BYTES],
        }
    }
}

/// Writes an execution report about an order.
pub(super) fn report_of<S: Symbols>(
    writer: &mut Writer<'_>,
    speaker: &Speaker<'_>,
    setting: &Setting<'_, S>,
    order: &OpenOrder,
    report: &Report,
) {
    writer.number(tag::ORDER_ID, order.order_id);
    let (name, original) = report.names.unwrap_or((text_of(order.name), [b' '; NAME_BYTES]));
    writer.padded(tag::CL_ORD_ID, &name);
    writer.padded(tag::ORIG_CL_ORD_ID, &original);
    writer.padded(tag::ORD_STATUS_REQ_ID, &report.status_request);
    match report.trade {
        Some(trade) => {
            writer.parts(tag::EXEC_ID, &execution(trade.match_id, order.side));
            writer.number(tag::SECONDARY_EXEC_ID, trade.match_id);
        }
        None => running_id(writer, speaker.session),
    }
    writer.character(tag::EXEC_TYPE, report.exec_type);
    writer.character(tag::ORD_STATUS, report.status);
    if let Some(why) = report.restatement {
        writer.number(tag::EXEC_RESTATEMENT_REASON, why);
    }
    let symbol = setting.symbols.symbol(order.request.instrument);
    terms(writer, symbol, speaker.session.config().version.precision(), order);
    if let Some(Trade { qty, price, liquidity, .. }) = report.trade {
        writer.number(tag::LAST_QTY, qty);
        writer.price(tag::LAST_PX, price);
        if let Some(liquidity) = liquidity {
            writer.number(tag::LAST_LIQUIDITY_IND, liquidity);
        }
    }
    let is_over = matches!(report.status, b'4' | b'C');
    writer.number(tag::LEAVES_QTY, if is_over { 0 } else { order.leaves });
    writer.number(tag::CUM_QTY, order.executed);
    writer.decimal(tag::AVG_PX, average_of(order), AVERAGE_PLACES as usize);
    close(writer, speaker, setting.ts_ns, report.text);
    if speaker.is_copy {
        parties(writer, order);
    }
}

/// Writes what an order is.
fn terms(writer: &mut Writer<'_>, symbol: &[u8], precision: Precision, order: &OpenOrder) {
    let request = &order.request;
    writer.padded(tag::ACCOUNT, &order.echo.letters[..ACCOUNT_BYTES]);
    writer.padded(tag::SYMBOL, symbol);
    writer.character(tag::SIDE, side_letter(order.side));
    writer.number(tag::ORDER_QTY, request.qty);
    let kind = match (request.pricing, request.stop) {
        (Pricing::Market, None) => b'1',
        (Pricing::Limit(_), None) => b'2',
        (Pricing::Market, Some(_)) => b'3',
        (Pricing::Limit(_), Some(_)) => b'4',
        (Pricing::Peg { .. }, _) => b'P',
    };
    writer.character(tag::ORD_TYPE, kind);
    match request.pricing {
        Pricing::Limit(asked) => {
            writer.price(tag::PRICE, if order.price > 0 { order.price } else { asked });
        }
        Pricing::Peg { offset, .. } if offset != 0 => {
            let added = if order.side == b'B' { offset } else { -offset };
            writer.price(tag::PEG_OFFSET_VALUE, added);
        }
        _ => {}
    }
    if let Pricing::Peg { limit: Some(limit), .. } = request.pricing {
        writer.price(tag::PRICE, limit);
    }
    if let Some(stop) = request.stop {
        writer.price(tag::STOP_PX, stop);
    }
    life(writer, precision, order);
    instructions(writer, order);
    match request.size {
        SizeCondition::Minimum(minimum) => writer.number(tag::MIN_QTY, minimum),
        SizeCondition::None | SizeCondition::All => {}
    }
    match request.display {
        Display::Displayed => {}
        Display::Hidden => writer.number(tag::MAX_FLOOR, 0),
        Display::Reserve { displayed } => writer.number(tag::MAX_FLOOR, displayed),
    }
    match order.echo.letters[CAPACITY] {
        0 => {}
        capacity => writer.character(tag::ORDER_CAPACITY, capacity),
    }
}

/// Writes how long an order lives.
fn life(writer: &mut Writer<'_>, precision: Precision, order: &OpenOrder) {
    let request = &order.request;
    let code = match (request.auction, request.life) {
        (Auction::Open, _) => b'2',
        (Auction::Close, _) => b'7',
        (Auction::None, Life::Day) => b'0',
        (Auction::None, Life::Gtc) => b'1',
        (Auction::None, Life::Ioc) => b'3',
        (Auction::None, Life::Fok) => b'4',
        (Auction::None, Life::Until(_)) => b'6',
    };
    writer.character(tag::TIME_IN_FORCE, code);
    if let Life::Until(ends) = request.life {
        writer.time(tag::EXPIRE_TIME, ends, precision);
    }
}

/// Writes how an order is to be executed.
fn instructions(writer: &mut Writer<'_>, order: &OpenOrder) {
    let request = &order.request;
    let post_only = (request.post_only != PostOnly::Off).then_some(b'6');
    let all = (request.size == SizeCondition::All).then_some(b'G');
    let peg = match request.pricing {
        Pricing::Peg { to, .. } => Some(match to {
            PegTo::Primary => b'R',
            PegTo::Market => b'P',
            PegTo::Midpoint => b'M',
        }),
        Pricing::Limit(_) | Pricing::Market => None,
    };
    let (mut text, mut length) = ([b' '; 6], 0);
    for letter in [post_only, all, peg].into_iter().flatten() {
        text[length] = letter;
        length += 2;
    }
    if length > 0 {
        writer.text(tag::EXEC_INST, &text[..length - 1]);
    }
}

/// Writes time, text and what marks a copy: the end of every report.
pub(super) fn close(writer: &mut Writer<'_>, speaker: &Speaker<'_>, ts_ns: TsNs, text: &[u8]) {
    writer.time(tag::TRANSACT_TIME, ts_ns, speaker.session.config().version.precision());
    if !text.is_empty() {
        writer.text(tag::TEXT, text);
    }
    if speaker.is_copy {
        writer.flag(tag::COPY_MSG_INDICATOR, true);
    }
}

/// Writes whose order it is.
fn parties(writer: &mut Writer<'_>, order: &OpenOrder) {
    if order.firm[0] == b' ' {
        return;
    }
    writer.number(tag::NO_PARTY_IDS, 1);
    writer.padded(tag::PARTY_ID, &order.firm);
    writer.character(tag::PARTY_ID_SOURCE, b'C');
    writer.number(tag::PARTY_ROLE, 1);
}

/// The id of one side's execution: the same for the client and for the copies.
pub(super) fn execution(match_id: u64, side: u8) -> [Part<'static>; 3] {
    let side: &[u8] = if side == b'B' { b"B" } else { b"S" };
    [Part::Text(b"T"), Part::Number(match_id), Part::Text(side)]
}

/// An id for a report that is no execution: the place that it takes in the store.
pub(super) fn running_id(writer: &mut Writer<'_>, session: &Session) {
    writer.parts(tag::EXEC_ID, &[Part::Text(b"R"), Part::Number(session.stored_count() + 1)]);
}

/// Side as FIX says it.
const fn side_letter(side: u8) -> u8 {
    match side {
        b'B' => b'1',
        b'T' => b'5',
        b'E' => b'6',
        _ => b'2',
    }
}

/// The mean price of what was executed, in 10^-8, rounded down; 0 before anything was.
fn average_of(order: &OpenOrder) -> i64 {
    if order.executed == 0 {
        return 0;
    }
    let unit = 10_u128.pow(AVERAGE_PLACES - 4);
    let average = u128::from(order.executed_notional) * unit / u128::from(order.executed);
    i64::try_from(average).unwrap_or(i64::MAX)
}

/// Text by which a client knows an order; channel and number where it came by OUCH 5.0.
pub(super) fn text_of(name: OrderName) -> NameText {
    match name {
        OrderName::Text(text) => text,
        OrderName::UserRef { index, number } => {
            let mut text = [b' '; NAME_BYTES];
            digits(&mut text[..3], u32::from(index));
            text[3] = b'-';
            digits(&mut text[4..14], number);
            text
        }
    }
}

/// Writes a number with zeros before it.
fn digits(places: &mut [u8], mut number: u32) {
    for place in places.iter_mut().rev() {
        *place = b'0' + (number % 10) as u8;
        number /= 10;
    }
}
