// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a venue says, taken to order management. Whether an order is dead is for order management to
//! say: a port keeps what is not, and what is unknown.

use super::{Answers, Port, Report, Sent, Speech, place};
use crate::events::{CancelReason, EnterOrder, OrderState, RejectReason, ReplaceOrder, ReportKind};
use crate::risk::Refusal;
use crate::trading::{OrderKey, VenueCancel, VenueCommand, VenueStatus};
use crate::types::{InstrumentId, Lots, StrategyId};

impl Port {
    /// Takes a report in; gives the order it was about.
    pub(in crate::live) fn report(
        &mut self,
        report: &Report,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        let number = match *report {
            Report::Told => {
                self.told(answers);
                return None;
            }
            Report::Next { number } => {
                // Asked before anything was sent, so there is nothing to judge by it; one that comes
                // after that is an answer to an earlier connection's question.
                if self.question == 0 {
                    self.number_last = self.number_last.max(number.saturating_sub(1));
                    self.told(answers);
                }
                return None;
            }
            Report::Answered { number } | Report::Rejected { number, .. }
                if number == self.question && number != 0 =>
            {
                self.told(answers);
                return None;
            }
            Report::Answered { .. } => return None,
            Report::Accepted { number, .. }
            | Report::Rejected { number, .. }
            | Report::Filled { number, .. }
            | Report::Canceled { number, .. }
            | Report::Replaced { number, .. }
            | Report::Renamed { number, .. }
            | Report::CancelRejected { number }
            | Report::Open { number, .. }
            | Report::Gone { number, .. }
            | Report::NotFound { number } => number,
        };
        let Some(slot) = self.slot_of(number) else {
            Self::stranger(report, answers);
            return None;
        };
        self.report_of_order(slot, report, answers);
        let key = self.at(slot).key;
        self.follow(slot, answers);
        self.bury_orphans(answers);
        Some(key)
    }

    fn report_of_order(&mut self, slot: u32, report: &Report, answers: &mut Answers<'_>) {
        match *report {
            Report::Accepted { order_id, .. } => self.accepted(slot, order_id, answers),
            Report::Rejected { reason, .. } => self.rejected(slot, reason, answers),
            Report::Filled { fill, .. } => {
                let (key, cause) = (self.at(slot).key, answers.cause);
                answers.desk.on_filled(key, &fill, cause, answers.out);
            }
            Report::Canceled { qty, leaves, reason, .. } => {
                self.canceled(slot, qty, leaves, reason, answers);
            }
            Report::Replaced { order_id, leaves, .. } => {
                self.replaced(slot, order_id, leaves, answers);
            }
            Report::Renamed { order_id, .. } => self.renamed(slot, order_id, answers),
            Report::CancelRejected { .. } => self.cancel_rejected(slot, answers),
            Report::Open { order_id, leaves, executed, .. } => {
                self.open(slot, order_id, (leaves, executed), answers);
            }
            Report::Gone { executed, .. } => self.told_gone(slot, executed, answers),
            Report::NotFound { .. } => self.told_never(slot, answers),
            Report::Told | Report::Next { .. } | Report::Answered { .. } => {}
        }
    }

    /// The slot of an order; one that is dead is taken up again for as long as this report.
    fn slot_of(&mut self, number: u64) -> Option<u32> {
        let known = self.by_number(number);
        if known.is_some() || !self.has_room() {
            return known;
        }
        let sent = self.past.take(number)?;
        self.insert(sent);
        self.by_number(number)
    }

    /// The venue speaks of an order that is not ours, or no longer remembered.
    #[cold]
    fn stranger(report: &Report, answers: &mut Answers<'_>) {
        let nobodys = |order_id: u64, instrument: InstrumentId| {
            let (strategy, client_id): (StrategyId, u64) = (0, 0);
            OrderKey { strategy, instrument, client_id, order_id }
        };
        let (cause, out) = (answers.cause, &mut *answers.out);
        let mut unknown = |order_id, kind| {
            answers.desk.on_unknown_order(nobodys(order_id, 0), kind, cause, out);
        };
        match *report {
            Report::Accepted { order_id, .. } => unknown(order_id, ReportKind::Accepted),
            Report::Replaced { order_id, .. } => unknown(order_id, ReportKind::Replaced),
            Report::Open { order_id, .. } => unknown(order_id, ReportKind::Open),
            Report::Filled { fill, place: Some((instrument, side)), .. } => {
                answers.desk.on_stray_fill(nobodys(0, instrument), side, &fill, cause, out);
            }
            Report::Filled { fill, place: None, .. } => {
                answers.desk.on_filled(nobodys(0, 0), &fill, cause, out);
            }
            // That something which is not ours is gone, or never was, changes nothing here.
            _ => {}
        }
    }

    /// Buries an order that is dead by now.
    pub(super) fn follow(&mut self, slot: u32, answers: &Answers<'_>) {
        let Some(sent) = self.slots[slot as usize] else { return };
        if answers.desk.order_state(sent.key).is_none_or(OrderState::is_dead) {
            self.remove(slot);
            self.shown.gone(sent.key.order_id, answers.books);
            self.past.bury(sent);
        }
    }

    /// Sends a cancel that order management wants, unless one has left.
    pub(super) fn cancel_once(&mut self, command: Option<VenueCommand>, answers: &mut Answers<'_>) {
        if let Some(VenueCommand::Cancel { key, reason }) = command
            && let Some(slot) = self.by_client(key.strategy, key.client_id)
            && self.at(slot).canceling.is_none()
        {
            self.cancel(slot, reason, answers.cause, answers.out);
        }
    }

    fn accepted(&mut self, slot: u32, order_id: u64, answers: &mut Answers<'_>) {
        let sent = self.at_mut(slot);
        if sent.key.order_id != 0 {
            return;
        }
        sent.key.order_id = order_id;
        let Sent { key, order, .. } = *sent;
        self.shown.add(order_id, key.instrument, order.side, answers.books);
        let command = answers.desk.on_accepted(key, &order, answers.cause, answers.out);
        self.cancel_once(command, answers);
    }

    fn replaced(&mut self, slot: u32, order_id: u64, leaves: Lots, answers: &mut Answers<'_>) {
        let sent = self.at_mut(slot);
        if sent.key.order_id != 0 {
            return;
        }
        sent.key.order_id = order_id;
        let replaces = std::mem::take(&mut sent.replaces);
        let sent = *sent;
        self.heirs -= u32::from(replaces != 0);
        let old = self.by_number(replaces).filter(|_| replaces != 0);
        let old_order_id = old.map_or(0, |old| self.at(old).key.order_id);
        let (cause, price) = (answers.cause, sent.order.price);
        answers.desk.on_replaced(old_order_id, sent.key, price, leaves, cause, answers.out);
        if let Some(old) = old {
            self.follow(old, answers);
        }
        let (instrument, side) = place(&sent);
        self.shown.add(order_id, instrument, side, answers.books);
    }

    fn renamed(&mut self, slot: u32, order_id: u64, answers: &Answers<'_>) {
        let old = std::mem::replace(&mut self.at_mut(slot).key.order_id, order_id);
        let (instrument, side) = place(self.at(slot));
        self.shown.gone(old, answers.books);
        self.shown.add(order_id, instrument, side, answers.books);
    }

    fn canceled(
        &mut self,
        slot: u32,
        qty: Lots,
        leaves: Option<Lots>,
        reason: CancelReason,
        answers: &mut Answers<'_>,
    ) {
        let Sent { key, canceling, .. } = *self.at(slot);
        let reason = match (reason, canceling) {
            (CancelReason::User, Some(asked)) => asked,
            _ => reason,
        };
        let left = || answers.desk.find(key).map_or(0, |order| order.leaves.saturating_sub(qty));
        let leaves = leaves.unwrap_or_else(left);
        let is_once = self.speech == Speech::Ouch;
        let cancel = VenueCancel { qty, leaves, reason, is_once };
        answers.desk.on_canceled(key, cancel, answers.cause, answers.out);
    }

    fn cancel_rejected(&mut self, slot: u32, answers: &mut Answers<'_>) {
        self.at_mut(slot).canceling = None;
        let sent = *self.at(slot);
        let refusal = Refusal { reason: RejectReason::VenueRefused, value: 0, bound: 0 };
        let (cause, out) = (answers.cause, &mut *answers.out);
        let is_open = answers.desk.on_cancel_rejected(sent.key, refusal, cause, out);
        if is_open && self.speech == Speech::Adapter {
            self.adapter_ask_for(&sent, answers.cause, answers.out);
        }
    }

    /// What was to replace an order that is dead never will, nor what was to replace that; and no venue
    /// says so (OUCH 5.0: a replacement of a dead order is ignored). What an adapter says of the two may
    /// come in any order, and an order may be gone because it was replaced: there, the venue is asked.
    pub(super) fn bury_orphans(&mut self, answers: &mut Answers<'_>) {
        if self.speech == Speech::Adapter {
            return;
        }
        while let Some(slot) = self.orphan() {
            let Sent { replaces, .. } = *self.at(slot);
            let value = i64::try_from(replaces).unwrap_or(i64::MAX);
            let refusal = Refusal { reason: RejectReason::OrderUnknown, value, bound: 0 };
            self.refused(slot, ReplaceOrder::KIND, refusal, answers);
            self.follow(slot, answers);
        }
    }

    /// A replacement whose original is gone. A rare question: few are on their way.
    fn orphan(&self) -> Option<u32> {
        if self.heirs == 0 {
            return None;
        }
        let is_orphan = |sent: &Option<Sent>| {
            sent.is_some_and(|s| s.replaces != 0 && self.by_number(s.replaces).is_none())
        };
        self.slots.iter().position(is_orphan).map(|slot| slot as u32)
    }

    pub(super) fn rejected(&mut self, slot: u32, reason: RejectReason, answers: &mut Answers<'_>) {
        let is_heir = self.at(slot).replaces != 0;
        let command = if is_heir { ReplaceOrder::KIND } else { EnterOrder::KIND };
        self.refused(slot, command, Refusal { reason, value: 0, bound: 0 }, answers);
    }

    /// The venue will not have it. What it was to replace lives on, where order management wants it.
    fn refused(&mut self, slot: u32, command: u16, refusal: Refusal, answers: &mut Answers<'_>) {
        let sent = self.at_mut(slot);
        let was_heir = std::mem::take(&mut sent.replaces) != 0;
        let key = sent.key;
        self.heirs -= u32::from(was_heir);
        let (cause, out) = (answers.cause, &mut *answers.out);
        let next = answers.desk.on_rejected(key, command, refusal, cause, out);
        self.cancel_once(next, answers);
    }

    fn open(
        &mut self,
        slot: u32,
        order_id: u64,
        (leaves, executed): (Lots, Lots),
        answers: &mut Answers<'_>,
    ) {
        match *self.at(slot) {
            Sent { key, replaces: 0, .. } if key.order_id == 0 => {
                self.accepted(slot, order_id, answers);
            }
            Sent { key, .. } if key.order_id == 0 => {
                // What was left when it took its place: parts of it may be cancelled since.
                let whole = answers.desk.find(key).map_or(0, |order| order.leaves + order.executed);
                self.replaced(slot, order_id, whole.saturating_sub(executed), answers);
            }
            _ => {}
        }
        self.asked(slot, VenueStatus::Open { leaves, executed }, answers);
    }

    /// The venue says, when asked, that an order is dead.
    fn told_gone(&mut self, slot: u32, executed: Lots, answers: &mut Answers<'_>) {
        let key = self.at(slot).key;
        let known = answers.desk.find(key).filter(|order| !order.is_gone).copied();
        match known {
            // It traded what we know: what was left of it was cancelled.
            Some(order) if order.executed == executed && order.leaves != 0 => {
                self.canceled(slot, order.leaves, Some(0), CancelReason::User, answers);
            }
            _ => self.asked(slot, VenueStatus::Gone { executed }, answers),
        }
    }

    /// The venue says, when asked, that it never had an order.
    fn told_never(&mut self, slot: u32, answers: &mut Answers<'_>) {
        if self.at(slot).key.order_id == 0 {
            self.rejected(slot, RejectReason::VenueNeverReceived, answers);
        } else {
            self.asked(slot, VenueStatus::NotFound, answers);
        }
    }
}
