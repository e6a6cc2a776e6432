// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a venue says, taken to order management.

use super::{Answers, Port, Report, Sent, place};
use crate::events::{CancelReason, EnterOrder, RejectReason, ReplaceOrder};
use crate::risk::Refusal;
use crate::trading::{OrderKey, VenueFill};
use crate::types::Lots;

impl Port {
    /// Takes a report in; gives the order it was about.
    pub(in crate::live) fn report(
        &mut self,
        report: &Report,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        match *report {
            Report::Accepted { number, order_id } => self.accepted(number, order_id, answers),
            Report::Rejected { number, reason } => self.rejected(number, reason, answers),
            Report::Filled { number, fill } => self.filled(number, fill, answers),
            Report::Canceled { number, qty, reason } => self.canceled(number, qty, reason, answers),
            Report::Replaced { number, order_id, leaves } => {
                self.replaced(number, order_id, leaves, answers)
            }
            Report::Renamed { number, order_id } => self.renamed(number, order_id, answers),
            Report::CancelRejected { number } => {
                let slot = self.by_number(number)?;
                self.at_mut(slot).canceling = None;
                let key = self.at(slot).key;
                let refusal = Refusal { reason: RejectReason::VenueRefused, value: 0, bound: 0 };
                answers.desk.on_cancel_rejected(key, refusal, answers.cause, answers.out);
                Some(key)
            }
            Report::Told => {
                self.told(answers);
                None
            }
            Report::Next { number } => {
                // Asked before anything was sent, so there is nothing to judge by it; one that comes
                // after that is an answer to an earlier connection's question.
                if self.question == 0 {
                    self.number_last = self.number_last.max(number.saturating_sub(1));
                    self.told(answers);
                }
                None
            }
            Report::Answered { number } => {
                if number == self.question {
                    self.told(answers);
                }
                None
            }
            Report::Open { number, order_id, leaves } => {
                self.open(number, order_id, leaves, answers)
            }
            Report::Gone { number, was_there } => self.gone_there(number, was_there, answers),
        }
    }

    fn accepted(
        &mut self,
        number: u64,
        order_id: u64,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        let slot = self.by_number(number)?;
        let sent = self.at_mut(slot);
        if sent.key.order_id != 0 {
            return Some(sent.key);
        }
        sent.key.order_id = order_id;
        let Sent { key, order, .. } = *sent;
        self.shown.add(order_id, key.instrument, order.side, answers.books);
        answers.desk.on_accepted(key, &order, answers.cause, answers.out);
        Some(key)
    }

    fn replaced(
        &mut self,
        number: u64,
        order_id: u64,
        leaves: Lots,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        let slot = self.by_number(number)?;
        let old = self.by_number(self.at(slot).replaces).map(|old| self.remove(old));
        if let Some(old) = old {
            self.shown.gone(old.key.order_id, answers.books);
        }
        let sent = self.at_mut(slot);
        sent.key.order_id = order_id;
        sent.leaves = leaves;
        sent.executed = old.map_or(sent.executed, |old| old.executed);
        let was_heir = std::mem::take(&mut sent.replaces) != 0;
        let sent = *sent;
        self.heirs -= u32::from(was_heir);
        let (instrument, side) = place(&sent);
        self.shown.add(order_id, instrument, side, answers.books);
        let old_order_id = old.map_or(0, |old| old.key.order_id);
        let (cause, price) = (answers.cause, sent.order.price);
        answers.desk.on_replaced(old_order_id, sent.key, price, leaves, cause, answers.out);
        Some(sent.key)
    }

    fn renamed(
        &mut self,
        number: u64,
        order_id: u64,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        let slot = self.by_number(number)?;
        let old = std::mem::replace(&mut self.at_mut(slot).key.order_id, order_id);
        let (instrument, side) = place(self.at(slot));
        self.shown.gone(old, answers.books);
        self.shown.add(order_id, instrument, side, answers.books);
        Some(self.at(slot).key)
    }

    fn filled(
        &mut self,
        number: u64,
        fill: VenueFill,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        let slot = self.by_number(number)?;
        let sent = self.at_mut(slot);
        sent.executed += fill.qty;
        sent.leaves = sent.leaves.saturating_sub(fill.qty);
        let (key, leaves) = (sent.key, sent.leaves);
        let fill = VenueFill { leaves, ..fill };
        answers.desk.on_filled(key, &fill, answers.cause, answers.out);
        if leaves == 0 {
            self.gone(slot, answers);
        }
        Some(key)
    }

    fn canceled(
        &mut self,
        number: u64,
        qty: Lots,
        reason: CancelReason,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        let slot = self.by_number(number)?;
        let sent = self.at_mut(slot);
        sent.leaves = sent.leaves.saturating_sub(qty);
        let (key, leaves) = (sent.key, sent.leaves);
        let reason = match (reason, sent.canceling) {
            (CancelReason::User, Some(asked)) => asked,
            _ => reason,
        };
        let (cause, out) = (answers.cause, &mut *answers.out);
        answers.desk.on_canceled(key, qty, leaves, reason, cause, out);
        if leaves == 0 {
            self.gone(slot, answers);
        }
        Some(key)
    }

    fn gone(&mut self, slot: u32, answers: &mut Answers<'_>) {
        let sent = self.remove(slot);
        self.shown.gone(sent.key.order_id, answers.books);
        self.bury_orphans(answers);
    }

    /// What was to replace an order that is dead never will, nor what was to replace that; and no venue
    /// says so (OUCH 5.0: a replacement of a dead order is ignored).
    fn bury_orphans(&mut self, answers: &mut Answers<'_>) {
        while let Some(slot) = self.orphan() {
            let Sent { key, replaces, .. } = self.remove(slot);
            let value = i64::try_from(replaces).unwrap_or(i64::MAX);
            let refusal = Refusal { reason: RejectReason::OrderUnknown, value, bound: 0 };
            let (cause, out) = (answers.cause, &mut *answers.out);
            answers.desk.on_rejected(key, ReplaceOrder::KIND, refusal, cause, out);
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

    fn rejected(
        &mut self,
        number: u64,
        reason: RejectReason,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        if number == self.question {
            self.told(answers);
            return None;
        }
        let slot = self.by_number(number)?;
        let Sent { key, replaces, .. } = self.remove(slot);
        let command = if replaces == 0 { EnterOrder::KIND } else { ReplaceOrder::KIND };
        let refusal = Refusal { reason, value: 0, bound: 0 };
        answers.desk.on_rejected(key, command, refusal, answers.cause, answers.out);
        if let Some(old) = self.by_number(replaces).filter(|_| replaces != 0) {
            // The venue refused to move it: no order is better than a stale one.
            self.cancel(old, CancelReason::Quote, answers.cause, answers.out);
        }
        self.bury_orphans(answers);
        Some(key)
    }

    /// The venue has told everything that it had to say before it was asked: what it has not spoken of
    /// never arrived; what was to be cancelled is asked for again.
    fn told(&mut self, answers: &mut Answers<'_>) {
        for slot in 0..self.slots.len() as u32 {
            let Some(sent) = self.slots[slot as usize] else { continue };
            if sent.key.order_id == 0 && sent.number < self.question {
                self.rejected(sent.number, RejectReason::VenueNeverReceived, answers);
            } else if let Some(reason) = sent.canceling {
                self.cancel(slot, reason, answers.cause, answers.out);
            }
        }
        self.is_ready = true;
    }

    fn open(
        &mut self,
        number: u64,
        order_id: u64,
        leaves: Lots,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        let slot = self.by_number(number)?;
        if self.at(slot).key.order_id == 0 {
            if self.at(slot).replaces == 0 {
                self.accepted(number, order_id, answers);
            } else {
                self.replaced(number, order_id, leaves, answers);
            }
        }
        Some(self.at(slot).key)
    }

    fn gone_there(
        &mut self,
        number: u64,
        was_there: bool,
        answers: &mut Answers<'_>,
    ) -> Option<OrderKey> {
        let slot = self.by_number(number)?;
        if !was_there {
            return self.rejected(number, RejectReason::VenueNeverReceived, answers);
        }
        let left = self.at(slot).leaves;
        self.canceled(number, left, CancelReason::User, answers)
    }
}
