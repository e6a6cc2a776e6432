// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How an answer is said: execution reports, cancel rejects, mass cancel reports.

use super::super::{Answer, Fault, NAME_BYTES, NameText, OpenOrder, Setting, Symbols, TradeRole};
use super::fields::name_text;
use super::reasons::{
    break_text, cancel_reason, cancel_text, cancel_type, fault_texts, mass_cancel_reason,
    mode_text, order_reason, restatement, trigger_type,
};
use super::report::{Report, Trade, close, execution, report_of, running_id, text_of};
use super::terms::side_of;
use crate::events::{CancelReason, RestateReason, Side};
use crate::types::{Lots, TsNs};
use crate::wire::fix::{Header, Part, Precision, Session, Version, Writer, tag};

/// What a client asked just now, for answers that name no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    msg_type: u8,
    cl_ord_id: NameText,
    original: NameText,
    symbol: NameText,
    side: u8,
    qty: Lots,
    mass_cancel_type: u8,
}

impl Default for Asked {
    fn default() -> Self {
        let blank = [b' '; NAME_BYTES];
        Self {
            msg_type: 0,
            cl_ord_id: blank,
            original: blank,
            symbol: blank,
            side: b'1',
            qty: 0,
            mass_cancel_type: b'7',
        }
    }
}

impl Asked {
    /// What a message asked, as far as it can be read.
    #[must_use]
    pub fn of(header: &Header<'_>) -> Self {
        let mut asked = Self::default();
        if let [msg_type] = header.message.msg_type() {
            asked.msg_type = *msg_type;
        }
        for field in header.message.fields().map_while(Result::ok) {
            match (field.tag, field.value) {
                (tag::CL_ORD_ID, text) => {
                    asked.cl_ord_id = name_text(text).unwrap_or(asked.cl_ord_id);
                }
                (tag::ORIG_CL_ORD_ID, text) => {
                    asked.original = name_text(text).unwrap_or(asked.original);
                }
                (tag::SYMBOL, text) => asked.symbol = name_text(text).unwrap_or(asked.symbol),
                (tag::SIDE, side) if side_of(side).is_some() => asked.side = side[0],
                (tag::MASS_CANCEL_REQUEST_TYPE, [kind @ b'1'..=b'9']) => {
                    asked.mass_cancel_type = *kind;
                }
                (tag::ORDER_QTY, text) => {
                    let qty = core::str::from_utf8(text).ok().and_then(|text| text.parse().ok());
                    asked.qty = qty.unwrap_or(0);
                }
                _ => {}
            }
        }
        asked
    }
}

/// Who speaks: the session, and whether it gets copies of others' reports.
#[derive(Clone, Copy, Debug)]
pub struct Speaker<'a> {
    /// The session.
    pub session: &'a Session,
    /// Whether it is a drop copy.
    pub is_copy: bool,
    /// What the client asked just now.
    pub asked: &'a Asked,
}

/// Says an answer: the message, begun and not finished; nothing where FIX has no message for it.
pub fn say<'b, S: Symbols>(
    speaker: &Speaker<'_>,
    setting: &Setting<'_, S>,
    answer: &Answer<'_>,
    buffer: &'b mut [u8],
) -> Option<Writer<'b>> {
    let Speaker { session, asked, .. } = *speaker;
    let now = (setting.ts_ns, session.config().version.precision());
    let begin = |msg_type: &[u8], buffer| session.begin(setting.ts_ns, msg_type, buffer);
    Some(match *answer {
        Answer::Rejected { fault, .. } if asked.msg_type == b'q' => {
            let mut writer = begin(b"r", buffer);
            mass_canceled(&mut writer, speaker, setting.ts_ns, Err(fault));
            writer
        }
        Answer::Rejected { cl_ord_id, fault, .. } if asked.msg_type == b'G' => {
            let mut writer = begin(b"9", buffer);
            let names = (cl_ord_id, asked.original);
            cancel_rejected(&mut writer, now, names, None, true, fault);
            writer
        }
        Answer::Rejected { cl_ord_id, fault, .. } => {
            let mut writer = begin(b"8", buffer);
            rejected(&mut writer, speaker, setting.ts_ns, cl_ord_id, fault);
            writer
        }
        Answer::CancelRejected { name, request, is_replace, order, fault } => {
            let mut writer = begin(b"9", buffer);
            let names = (request, text_of(name));
            cancel_rejected(&mut writer, now, names, order, is_replace, fault);
            writer
        }
        Answer::MassCanceled { orders, .. } => {
            let mut writer = begin(b"r", buffer);
            mass_canceled(&mut writer, speaker, setting.ts_ns, Ok(orders));
            writer
        }
        Answer::Status { name, request, order: None } => {
            let mut writer = begin(b"8", buffer);
            unknown(&mut writer, speaker, setting.ts_ns, text_of(name), request);
            writer
        }
        Answer::Broken { instrument, .. } => {
            let mut writer = begin(b"8", buffer);
            let symbol = setting.symbols.symbol(instrument);
            broken(&mut writer, speaker, (setting.ts_ns, symbol), answer);
            writer
        }
        _ => {
            let (order, report) = reported(session.config().version, answer)?;
            let mut writer = begin(b"8", buffer);
            report_of(&mut writer, speaker, setting, order, &report);
            writer
        }
    })
}

/// Refuses a message of a type that our market does not take.
pub fn refuse_type<'b>(
    session: &Session,
    ts_ns: TsNs,
    header: &Header<'_>,
    buffer: &'b mut [u8],
) -> Writer<'b> {
    let mut writer = session.begin(ts_ns, b"j", buffer);
    writer.number(tag::REF_SEQ_NUM, header.sequence);
    let msg_type = header.message.msg_type();
    writer.text(tag::REF_MSG_TYPE, &msg_type[..msg_type.len().min(8)]);
    writer.number(tag::BUSINESS_REJECT_REASON, 3);
    writer.text(tag::TEXT, b"this market takes D, F, G, H and q");
    writer
}

/// How an order that lives or died stands.
const fn status_of(order: &OpenOrder) -> u8 {
    match (order.leaves, order.executed) {
        (0, executed) if executed >= order.request.qty => b'2',
        (0, _) => b'4',
        (_, 0) => b'0',
        _ => b'1',
    }
}

/// What an answer about an order is in a report; nothing where it is none.
fn reported<'a>(version: Version, answer: &Answer<'a>) -> Option<(&'a OpenOrder, Report)> {
    Some(match *answer {
        Answer::Accepted { order, is_dead } => {
            let status = if is_dead { b'4' } else { b'0' };
            (order, Report::new(status, status))
        }
        Answer::Replaced { order, original, .. } => {
            let names = Some((text_of(order.name), text_of(original)));
            (order, Report { names, ..Report::new(b'5', status_of(order)) })
        }
        Answer::Canceled { order, reason, request, .. } => {
            (order, canceled(order, reason, request))
        }
        Answer::Prevented { order, mode, .. } => {
            let (exec_type, restatement) = if order.leaves == 0 { (b'4', 8) } else { (b'D', 5) };
            let status = if order.leaves == 0 { b'4' } else { status_of(order) };
            let text = mode_text(mode);
            (
                order,
                Report { restatement: Some(restatement), text, ..Report::new(exec_type, status) },
            )
        }
        Answer::Executed { order, qty, price, match_id, role } => {
            let status = if order.leaves == 0 { b'2' } else { b'1' };
            let liquidity = liquidity_of(version, role);
            let trade = Some(Trade { qty, price, match_id, liquidity });
            (order, Report { trade, ..Report::new(b'F', status) })
        }
        Answer::Restated { order, reason, .. } => {
            let (exec_type, why, text): (u8, u64, &'static [u8]) = match reason {
                RestateReason::Refill => (b'D', 99, b"the next slice is displayed"),
                RestateReason::Peg => (b'D', 3, b"the peg followed its reference"),
                RestateReason::Trigger => (trigger_type(version), 99, b"the stop was triggered"),
            };
            let restatement = (exec_type == b'D').then_some(why);
            (order, Report { restatement, text, ..Report::new(exec_type, status_of(order)) })
        }
        Answer::Modified { order } => {
            (order, Report { restatement: Some(99), ..Report::new(b'D', status_of(order)) })
        }
        Answer::Status { request, order: Some(order), .. } => {
            (order, Report { status_request: request, ..Report::new(b'I', status_of(order)) })
        }
        _ => return None,
    })
}

/// A cancel, asked for or not.
fn canceled(order: &OpenOrder, reason: CancelReason, request: NameText) -> Report {
    let names = (request[0] != b' ').then(|| (request, text_of(order.name)));
    let exec_type = cancel_type(reason);
    if order.leaves > 0 {
        let restatement = Some(5);
        return Report { names, restatement, ..Report::new(b'D', status_of(order)) };
    }
    let restatement = restatement(reason);
    let text = cancel_text(reason);
    Report { names, restatement, text, ..Report::new(exec_type, exec_type) }
}

/// Whether liquidity was added or removed. Source: FIX field 851.
const fn liquidity_of(version: Version, role: TradeRole) -> Option<u64> {
    match role {
        TradeRole::Added | TradeRole::AddedHidden | TradeRole::AddedMidpoint => Some(1),
        TradeRole::Removed | TradeRole::RemovedMidpoint => Some(2),
        TradeRole::Opening | TradeRole::Closing | TradeRole::Reopening => match version {
            Version::Fix44 => None,
            Version::Fix50Sp2 => Some(4),
        },
    }
}

/// Writes a fault for people.
fn fault_text(writer: &mut Writer<'_>, fault: Fault) {
    let (reason, field) = fault_texts(fault);
    writer.parts(tag::TEXT, &[Part::Text(reason), Part::Text(field)]);
}

/// Writes the report about a new order that was refused.
fn rejected(
    writer: &mut Writer<'_>,
    speaker: &Speaker<'_>,
    ts_ns: TsNs,
    cl_ord_id: NameText,
    fault: Fault,
) {
    let asked = speaker.asked;
    writer.text(tag::ORDER_ID, b"NONE");
    writer.padded(tag::CL_ORD_ID, &cl_ord_id);
    running_id(writer, speaker.session);
    writer.character(tag::EXEC_TYPE, b'8');
    writer.character(tag::ORD_STATUS, b'8');
    writer.number(tag::ORD_REJ_REASON, order_reason(fault.reason));
    writer.padded(tag::SYMBOL, &asked.symbol);
    writer.character(tag::SIDE, asked.side);
    writer.number(tag::ORDER_QTY, asked.qty);
    nothing_left(writer);
    close(writer, speaker, ts_ns, b"");
    fault_text(writer, fault);
}

/// Writes the quantities of an order that there is not.
fn nothing_left(writer: &mut Writer<'_>) {
    writer.number(tag::LEAVES_QTY, 0);
    writer.number(tag::CUM_QTY, 0);
    writer.number(tag::AVG_PX, 0);
}

/// Writes the answer to a status request for an order that does not live.
fn unknown(
    writer: &mut Writer<'_>,
    speaker: &Speaker<'_>,
    ts_ns: TsNs,
    name: NameText,
    request: NameText,
) {
    let asked = speaker.asked;
    writer.text(tag::ORDER_ID, b"NONE");
    writer.padded(tag::CL_ORD_ID, &name);
    writer.padded(tag::ORD_STATUS_REQ_ID, &request);
    running_id(writer, speaker.session);
    writer.character(tag::EXEC_TYPE, b'I');
    writer.character(tag::ORD_STATUS, b'8');
    writer.number(tag::ORD_REJ_REASON, 5);
    writer.padded(tag::SYMBOL, &asked.symbol);
    writer.character(tag::SIDE, asked.side);
    nothing_left(writer);
    close(writer, speaker, ts_ns, b"no live order has this ClOrdID");
}

/// Writes why a cancel or a replacement could not be done.
fn cancel_rejected(
    writer: &mut Writer<'_>,
    (ts_ns, precision): (TsNs, Precision),
    (request, name): (NameText, NameText),
    order: Option<&OpenOrder>,
    is_replace: bool,
    fault: Fault,
) {
    match order {
        Some(order) => writer.number(tag::ORDER_ID, order.order_id),
        None => writer.text(tag::ORDER_ID, b"NONE"),
    }
    writer.padded(tag::CL_ORD_ID, &request);
    writer.padded(tag::ORIG_CL_ORD_ID, &name);
    writer.character(tag::ORD_STATUS, order.map_or(b'8', status_of));
    writer.number(tag::CXL_REJ_RESPONSE_TO, if is_replace { 2 } else { 1 });
    writer.number(tag::CXL_REJ_REASON, cancel_reason(fault.reason));
    writer.time(tag::TRANSACT_TIME, ts_ns, precision);
    fault_text(writer, fault);
}

/// Writes what became of a mass cancel.
fn mass_canceled(
    writer: &mut Writer<'_>,
    speaker: &Speaker<'_>,
    ts_ns: TsNs,
    done: Result<u32, Fault>,
) {
    let (asked, version) = (speaker.asked, speaker.session.config().version);
    let place = speaker.session.stored_count() + 1;
    writer.padded(tag::CL_ORD_ID, &asked.cl_ord_id);
    writer.parts(tag::ORDER_ID, &[Part::Text(b"M"), Part::Number(place)]);
    if version == Version::Fix50Sp2 {
        writer.parts(tag::MASS_ACTION_REPORT_ID, &[Part::Text(b"M"), Part::Number(place)]);
    }
    writer.character(tag::MASS_CANCEL_REQUEST_TYPE, asked.mass_cancel_type);
    let response = if done.is_ok() { asked.mass_cancel_type } else { b'0' };
    writer.character(tag::MASS_CANCEL_RESPONSE, response);
    match done {
        Ok(orders) => writer.number(tag::TOTAL_AFFECTED_ORDERS, u64::from(orders)),
        Err(fault) => {
            let reason = mass_cancel_reason(fault.reason);
            writer.number(tag::MASS_CANCEL_REJECT_REASON, reason);
        }
    }
    writer.padded(tag::SYMBOL, &asked.symbol);
    writer.time(tag::TRANSACT_TIME, ts_ns, version.precision());
    if let Err(fault) = done {
        fault_text(writer, fault);
    }
}

/// Writes that a trade was broken: the execution it takes back. The quantities of the order are
/// not said: it may be gone.
fn broken(
    writer: &mut Writer<'_>,
    speaker: &Speaker<'_>,
    (ts_ns, symbol): (TsNs, &[u8]),
    answer: &Answer<'_>,
) {
    let Answer::Broken { name, order_id, side, match_id, price, qty, reason, .. } = *answer else {
        return;
    };
    let (side, letter) = match side {
        Side::Buy => (b'1', b'B'),
        Side::Sell => (b'2', b'S'),
    };
    writer.number(tag::ORDER_ID, order_id);
    writer.padded(tag::CL_ORD_ID, &text_of(name));
    running_id(writer, speaker.session);
    writer.parts(tag::EXEC_REF_ID, &execution(match_id, letter));
    writer.number(tag::SECONDARY_EXEC_ID, match_id);
    writer.character(tag::EXEC_TYPE, b'H');
    writer.character(tag::ORD_STATUS, b'4');
    writer.padded(tag::SYMBOL, symbol);
    writer.character(tag::SIDE, side);
    writer.number(tag::LAST_QTY, qty);
    writer.price(tag::LAST_PX, price);
    nothing_left(writer);
    close(writer, speaker, ts_ns, break_text(reason));
}
