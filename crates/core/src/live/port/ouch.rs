// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A port of OUCH 5.0: what the desk decided as bytes, and the venue's bytes as reports.

use super::{Port, Report, Sent};
use crate::component::Outbox;
use crate::events::{
    CancelReason, Liquidity, OrderFormat, OrderType, RejectReason, TimeInForce, VenueMessageSent,
};
use crate::trading::VenueFill;
use crate::types::{Lots, Side};
use crate::wire::ouch50::{
    AccountQueryRequest, Appended, CancelOrderRequest, DisableOrderEntryRequest,
    EnableOrderEntryRequest, EnterOrderRequest, MARKET_PRICE_E4, MassCancelRequest,
    ReplaceOrderRequest, Tag, Writer, outbound,
};

/// Bytes of the longest message to a venue.
const MESSAGE_BYTES_MAX: usize = 96;

/// A message on its way out.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing {
    bytes: [u8; MESSAGE_BYTES_MAX],
    length: usize,
}

impl Outgoing {
    /// Its bytes, without the session's framing.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Port {
    /// Journals a message, and puts it among those that leave.
    fn put<M: Appended>(
        &mut self,
        message: &M,
        tag: Option<Tag<'_>>,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let mut outgoing = Outgoing { bytes: [0; MESSAGE_BYTES_MAX], length: 0 };
        let mut writer = Writer::new(&mut outgoing.bytes, message);
        if let Some(tag) = tag {
            writer.tag(tag);
        }
        outgoing.length = writer.finish().expect("room for the longest message");
        let head = VenueMessageSent {
            cause_seq: cause,
            venue_id: self.venue,
            format: u16::from(OrderFormat::Ouch50.raw()),
            reserved: 0,
        };
        let mut body = [0; VenueMessageSent::SIZE + MESSAGE_BYTES_MAX];
        let length = VenueMessageSent::SIZE + outgoing.length;
        body[..VenueMessageSent::SIZE].copy_from_slice(&head.encode());
        body[VenueMessageSent::SIZE..length].copy_from_slice(outgoing.bytes());
        out.emit(VenueMessageSent::KIND, VenueMessageSent::VERSION, &body[..length]);
        self.outgoing.push(outgoing);
    }

    pub(super) fn ouch_enter(
        &mut self,
        sent: &Sent,
        symbol: &[u8],
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let order = sent.order;
        let message = EnterOrderRequest {
            user_ref_num: sent.number as u32,
            side: if order.side == Side::Buy { b'B' } else { b'S' },
            quantity: order.qty as u32,
            symbol: padded(symbol),
            price_e4: match order.order_type {
                OrderType::Market => MARKET_PRICE_E4,
                _ => order.price.unsigned_abs(),
            },
            time_in_force: if order.time_in_force == TimeInForce::Day { b'0' } else { b'3' },
            display: b'Y',
            capacity: b'P',
            sweep_eligibility: b'N',
            cross_type: b'N',
            cl_ord_id: [b' '; 14],
        };
        let tag = match (order.post_only, order.time_in_force) {
            (true, _) => Some(Tag::PostOnly(b'P')),
            (false, TimeInForce::Fok) => Some(Tag::MinimumQuantity(order.qty as u32)),
            _ => None,
        };
        self.put(&message, tag, cause, out);
    }

    pub(super) fn ouch_cancel(&mut self, sent: &Sent, qty: Lots, cause: u64, out: &mut dyn Outbox) {
        let (user_ref_num, quantity) = (sent.number as u32, qty as u32);
        self.put(&CancelOrderRequest { user_ref_num, quantity }, None, cause, out);
    }

    pub(super) fn ouch_replace(
        &mut self,
        old: &Sent,
        new: &Sent,
        cause: u64,
        out: &mut dyn Outbox,
    ) {
        let order = new.order;
        let message = ReplaceOrderRequest {
            original_user_ref_num: old.number as u32,
            user_ref_num: new.number as u32,
            quantity: order.qty as u32,
            price_e4: order.price.unsigned_abs(),
            time_in_force: if order.time_in_force == TimeInForce::Day { b'0' } else { b'3' },
            display: b'Y',
            sweep_eligibility: b'N',
            cl_ord_id: [b' '; 14],
        };
        let post_only = order.post_only.then_some(Tag::PostOnly(b'P'));
        self.put(&message, post_only, cause, out);
    }

    pub(super) fn ouch_mass_cancel(&mut self, cause: u64, out: &mut dyn Outbox) {
        self.number_last += 1;
        let (firm, symbol) = ([b' '; 4], [b' '; 8]);
        let message = MassCancelRequest { user_ref_num: self.number_last as u32, firm, symbol };
        self.put(&message, None, cause, out);
    }

    /// Has the venue take new orders of the firm, or none.
    pub(super) fn ouch_set_entry(&mut self, is_open: bool, cause: u64, out: &mut dyn Outbox) {
        self.number_last += 1;
        let (user_ref_num, firm) = (self.number_last as u32, [b' '; 4]);
        if is_open {
            self.put(&EnableOrderEntryRequest { user_ref_num, firm }, None, cause, out);
        } else {
            self.put(&DisableOrderEntryRequest { user_ref_num, firm }, None, cause, out);
        }
    }

    /// Asks for everything. A port that has sent nothing asks for the next number. Any other sends what
    /// changes nothing and is answered with its own number, so that no late answer to an earlier
    /// question can be taken for this one's: a mass cancel of a symbol that nobody lists.
    pub(super) fn ouch_ask(&mut self, cause: u64, out: &mut dyn Outbox) {
        if self.number_last == 0 {
            self.put(&AccountQueryRequest {}, None, cause, out);
            return;
        }
        self.number_last += 1;
        self.question = self.number_last;
        let (firm, symbol) = ([b' '; 4], NOBODY);
        let message = MassCancelRequest { user_ref_num: self.question as u32, firm, symbol };
        self.put(&message, None, cause, out);
    }
}

/// A symbol that nobody lists.
const NOBODY: [u8; 8] = *b"ZZZNOTZZ";

/// A symbol as the wire has it; longer ones were refused when they were listed.
fn padded(symbol: &[u8]) -> [u8; 8] {
    let mut out = [b' '; 8];
    for (to, from) in out.iter_mut().zip(symbol) {
        *to = *from;
    }
    out
}

/// What a message of the venue reports; `None` where it says nothing of an order.
pub(in crate::live) fn report_of(bytes: &[u8]) -> Option<Report> {
    use outbound::Message;
    Some(match Message::decode(bytes).ok()? {
        Message::OrderAccepted(view) => {
            let m = view.read();
            Report::Accepted { number: m.user_ref_num.into(), order_id: m.order_ref }
        }
        Message::OrderReplaced(view) => {
            let m = view.read();
            let leaves = Lots::from(m.quantity);
            Report::Replaced { number: m.user_ref_num.into(), order_id: m.order_ref, leaves }
        }
        Message::OrderExecuted(view) => {
            let m = view.read();
            let fill = VenueFill {
                match_id: m.match_number,
                price: m.price_e4.cast_signed(),
                qty: Lots::from(m.quantity),
                leaves: 0,
                liquidity: match m.liquidity_flag {
                    b'R' | b'm' => Liquidity::Removed,
                    b'O' | b'C' | b'H' => Liquidity::Auction,
                    _ => Liquidity::Added,
                },
                fee_e9: None,
            };
            Report::Filled { number: m.user_ref_num.into(), fill, place: None }
        }
        Message::OrderCanceled(view) => {
            let m = view.read();
            let (qty, reason) = (Lots::from(m.quantity), reason_of(m.reason));
            Report::Canceled { number: m.user_ref_num.into(), qty, leaves: None, reason }
        }
        Message::AiqCanceled(view) => {
            let m = view.read();
            let (qty, reason) = (Lots::from(m.decrement_shares), CancelReason::SelfTrade);
            Report::Canceled { number: m.user_ref_num.into(), qty, leaves: None, reason }
        }
        Message::OrderPriorityUpdate(view) => {
            let m = view.read();
            Report::Renamed { number: m.user_ref_num.into(), order_id: m.order_ref }
        }
        Message::AccountQueryResponse(view) => {
            Report::Next { number: view.read().next_user_ref_num.into() }
        }
        Message::Rejected(view) => {
            let (number, reason) = (view.read().user_ref_num.into(), RejectReason::VenueRefused);
            Report::Rejected { number, reason }
        }
        Message::MassCancelResponse(view) => {
            Report::Answered { number: view.read().user_ref_num.into() }
        }
        Message::CancelReject(view) => {
            Report::CancelRejected { number: view.read().user_ref_num.into() }
        }
        _ => return None,
    })
}

/// Why the venue cancelled. Source: OUCH 5.0, appendix B.
const fn reason_of(letter: u8) -> CancelReason {
    match letter {
        b'I' => CancelReason::Ioc,
        b'K' => CancelReason::Collar,
        b'T' => CancelReason::Expired,
        b'Q' => CancelReason::SelfTrade,
        b'S' => CancelReason::Operator,
        b'C' => CancelReason::Auction,
        b'E' => CancelReason::DayEnded,
        b'H' => CancelReason::Halted,
        b'Z' => CancelReason::Disconnected,
        _ => CancelReason::User,
    }
}
