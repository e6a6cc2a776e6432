// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! News of an instrument as a whole, and the finer points of answering about one order.

use super::hearing::{Asking, BLANK, Hearing, emit};
use super::orders::Slot;
use crate::events::{
    BandsChanged, CancelReason, IndicativeChanged, OrderType, PhaseChanged, TimeInForce,
};
use crate::exchange::Canceled;
use crate::exchange::gateway::{Answer, Fault, NameText, OrderName, TradeRole};
use crate::exchange::market::{
    Auction, BandsReport, Cross, Indicative, Life, MarketReports, OrderRequest, PegTo, PhaseReport,
    Pricing,
};
use crate::exchange::publisher::Imbalance;
use crate::exchange::wires::Wires;

impl<W: Wires> MarketReports for Hearing<'_, W> {
    fn phase_changed(&mut self, report: &PhaseReport) {
        let PhaseReport { instrument, phase, was } = *report;
        self.desk.set_phase(instrument, phase);
        let event = PhaseChanged {
            cause_seq: self.cause_seq,
            instrument_id: instrument,
            phase: phase.raw(),
            was: was.raw(),
            reserved: 0,
        };
        emit!(self, event, PhaseChanged);
        self.desk.publisher.phase(instrument, phase, self.wires);
    }

    fn indicative(&mut self, report: &Indicative) {
        let Indicative { instrument, phase, price, far, paired, imbalance, reference, .. } =
            *report;
        let side = report.imbalance_side;
        let event = IndicativeChanged {
            cause_seq: self.cause_seq,
            price_ticks: price,
            paired_lots: paired,
            imbalance_lots: imbalance,
            instrument_id: instrument,
            imbalance_side: side.map_or(0, crate::events::Side::raw),
            phase: phase.raw(),
            reserved: 0,
        };
        emit!(self, event, IndicativeChanged);
        let news = Imbalance { paired, imbalance, side, price, far, reference, phase };
        self.desk.publisher.imbalance(instrument, &news, self.wires);
    }

    fn bands(&mut self, report: &BandsReport) {
        let BandsReport { instrument, reference, lower, upper, limit_side } = *report;
        let event = BandsChanged {
            cause_seq: self.cause_seq,
            reference_ticks: reference,
            lower_ticks: lower,
            upper_ticks: upper,
            instrument_id: instrument,
            limit_side: limit_side.map_or(0, crate::events::Side::raw),
            reserved1: 0,
            reserved2: 0,
        };
        emit!(self, event, BandsChanged);
    }

    fn cross(&mut self, report: &Cross) {
        let Cross { instrument, phase, price, qty, match_id } = *report;
        self.desk.publisher.cross(instrument, qty, price, match_id, phase, self.wires);
    }
}

impl<W: Wires> Hearing<'_, W> {
    /// Tells a client that (part of) its order was cancelled: by whom, and in which words.
    pub(super) fn say_canceled(&mut self, slot: &Slot, report: &Canceled) {
        let (order, qty) = (&slot.open, report.qty);
        if let Some(kept) = self.take_prevented(report.order_id)
            && report.reason == CancelReason::SelfTrade
        {
            let role = if report.rested { TradeRole::Added } else { TradeRole::Removed };
            let (prevented_qty, price) = (kept.qty, kept.price);
            let mode = order.request.stp.mode;
            let answer = Answer::Prevented { order, qty, prevented_qty, price, role, mode };
            self.say_of(slot, &answer);
            return;
        }
        let request = match self.asking {
            Asking::Modify => return self.copy_of(slot, report),
            Asking::Cancel { request } if report.reason == CancelReason::User => request,
            _ => BLANK,
        };
        let reason = report.reason;
        self.say_of(slot, &Answer::Canceled { order, qty, reason, request });
    }

    /// A modification is answered once, by itself; drop copies hear of the cancel.
    fn copy_of(&mut self, slot: &Slot, report: &Canceled) {
        let (order, qty, reason) = (&slot.open, report.qty, report.reason);
        let answer = Answer::Canceled { order, qty, reason, request: BLANK };
        self.desk.copy(slot.port, self.ts_ns, &answer, self.wires);
    }

    /// A replacement was refused, and its original stays.
    pub(super) fn refuse_replacement(
        &mut self,
        slot: &Slot,
        request: OrderName,
        cl_ord_id: NameText,
        fault: Fault,
    ) {
        let request_text = match request {
            OrderName::Text(text) => text,
            OrderName::UserRef { .. } => BLANK,
        };
        let is_fix = self.desk.speaks_fix(slot.port);
        let (name, order) = (slot.open.name, Some(&slot.open));
        let answer = if is_fix {
            let request = request_text;
            Answer::CancelRejected { name, request, is_replace: true, order, fault }
        } else {
            Answer::Rejected { name: request, cl_ord_id, fault }
        };
        self.say(slot.port, &answer);
    }
}

/// The kind of an order, as the journal's events have it.
pub(super) const fn order_type(request: &OrderRequest) -> OrderType {
    match (request.pricing, request.stop) {
        (Pricing::Limit(_), None) => OrderType::Limit,
        (Pricing::Market, None) => OrderType::Market,
        (Pricing::Limit(_), Some(_)) => OrderType::StopLimit,
        (Pricing::Market, Some(_)) => OrderType::Stop,
        (Pricing::Peg { to: PegTo::Primary, .. }, _) => OrderType::PegPrimary,
        (Pricing::Peg { to: PegTo::Market, .. }, _) => OrderType::PegMarket,
        (Pricing::Peg { to: PegTo::Midpoint, .. }, _) => OrderType::PegMidpoint,
    }
}

/// The life of an order, as the journal's events have it.
pub(super) const fn time_in_force(request: &OrderRequest) -> TimeInForce {
    match (request.auction, request.life) {
        (Auction::Open, _) => TimeInForce::Open,
        (Auction::Close, _) => TimeInForce::Close,
        (Auction::None, Life::Day) => TimeInForce::Day,
        (Auction::None, Life::Ioc) => TimeInForce::Ioc,
        (Auction::None, Life::Fok) => TimeInForce::Fok,
        (Auction::None, Life::Gtc) => TimeInForce::Gtc,
        (Auction::None, Life::Until(_)) => TimeInForce::Until,
    }
}
