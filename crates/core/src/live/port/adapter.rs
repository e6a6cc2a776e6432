// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A port whose venue an adapter speaks with: what it is to send are events of the journal, and what
//! it hands in says the same of every venue.

use super::{Port, Report, Sent};
use crate::component::Outbox;
use crate::events::{
    CancelReason, CancelSent, Liquidity, MassCancelSent, OrderSent, QuerySent, RejectReason,
    ReplaceSent, ReportKind, VenueReported,
};
use crate::trading::VenueFill;
use crate::types::{Lots, Side};

impl Port {
    pub(super) fn adapter_enter(&self, sent: &Sent, cause: u64, out: &mut dyn Outbox) {
        let order = sent.order;
        let event = OrderSent {
            cause_seq: cause,
            number: sent.number,
            price_ticks: order.price,
            qty_lots: order.qty,
            display_lots: order.special.display,
            min_qty_lots: order.special.min_qty,
            stop_price_ticks: order.special.stop_price,
            expire_ts_ns: order.special.expire_ts_ns,
            venue_id: self.venue,
            instrument_id: order.instrument,
            strategy_id: order.strategy,
            side: order.side.raw(),
            order_type: order.order_type.raw(),
            time_in_force: order.time_in_force.raw(),
            post_only: u8::from(order.post_only),
        };
        out.emit(OrderSent::KIND, OrderSent::VERSION, &event.encode());
    }

    pub(super) fn adapter_cancel(&self, sent: &Sent, qty: Lots, cause: u64, out: &mut dyn Outbox) {
        let event = CancelSent {
            cause_seq: cause,
            number: sent.number,
            order_id: sent.key.order_id,
            qty_lots: qty,
            venue_id: self.venue,
            instrument_id: sent.key.instrument,
        };
        out.emit(CancelSent::KIND, CancelSent::VERSION, &event.encode());
    }

    pub(super) fn adapter_replace(&self, old: &Sent, new: &Sent, cause: u64, out: &mut dyn Outbox) {
        let event = ReplaceSent {
            cause_seq: cause,
            number: old.number,
            new_number: new.number,
            order_id: old.key.order_id,
            price_ticks: new.order.price,
            qty_lots: new.order.qty,
            venue_id: self.venue,
            instrument_id: new.key.instrument,
        };
        out.emit(ReplaceSent::KIND, ReplaceSent::VERSION, &event.encode());
    }

    pub(super) fn adapter_mass_cancel(&self, cause: u64, out: &mut dyn Outbox) {
        let event = MassCancelSent { cause_seq: cause, venue_id: self.venue, instrument_id: 0 };
        out.emit(MassCancelSent::KIND, MassCancelSent::VERSION, &event.encode());
    }

    pub(super) fn adapter_ask(&self, cause: u64, out: &mut dyn Outbox) {
        self.adapter_query(0, 0, cause, out);
    }

    /// Has an adapter find out what became of an order.
    pub(super) fn adapter_ask_for(&self, sent: &Sent, cause: u64, out: &mut dyn Outbox) {
        self.adapter_query(sent.number, sent.key.instrument, cause, out);
    }

    fn adapter_query(&self, number: u64, instrument: u32, cause: u64, out: &mut dyn Outbox) {
        let (venue_id, instrument_id) = (self.venue, instrument);
        let event = QuerySent { cause_seq: cause, number, venue_id, instrument_id };
        out.emit(QuerySent::KIND, QuerySent::VERSION, &event.encode());
    }
}

/// What an adapter reports; `None` where a field holds what is not defined, and for a drop copy: that
/// is compared with what is known, and never applied.
pub(in crate::live) fn report_of(event: &VenueReported) -> Option<Report> {
    let VenueReported { number, order_id, leaves_lots: leaves, executed_lots: executed, .. } =
        *event;
    if event.is_drop_copy != 0 {
        return None;
    }
    Some(match ReportKind::from_raw(event.report)? {
        ReportKind::Accepted => Report::Accepted { number, order_id },
        ReportKind::Rejected | ReportKind::ReplaceRejected => {
            Report::Rejected { number, reason: RejectReason::VenueRefused }
        }
        ReportKind::Filled => {
            let fill = VenueFill {
                match_id: event.exec_id,
                price: event.price_ticks,
                qty: event.qty_lots,
                leaves,
                liquidity: Liquidity::from_raw(event.liquidity)?,
                // An adapter whose venue does not say writes 0.
                fee_e9: (event.fee_e9 != 0).then_some(event.fee_e9),
            };
            let place = Side::from_raw(event.side).map(|side| (event.instrument_id, side));
            Report::Filled { number, fill, place }
        }
        ReportKind::Canceled => {
            let reason = CancelReason::from_raw(event.cancel_reason)?;
            Report::Canceled { number, qty: event.qty_lots, leaves: Some(leaves), reason }
        }
        ReportKind::Replaced => Report::Replaced { number, order_id, leaves },
        ReportKind::CancelRejected => Report::CancelRejected { number },
        ReportKind::Open => Report::Open { number, order_id, leaves, executed },
        ReportKind::Gone => Report::Gone { number, executed },
        ReportKind::NotFound => Report::NotFound { number },
        ReportKind::AllTold => Report::Told,
    })
}
