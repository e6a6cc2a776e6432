// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a port does when its venue does not answer: it asks, and takes only the venue's word.
//!
//! A venue of OUCH has no question about one order. It is asked for what it answers in turn: when that
//! answer comes, everything that it had to say of earlier messages has been heard, and what it has not
//! spoken of never arrived. An adapter is asked for the order itself.

use super::{Answers, Port, Sent, Speech};
use crate::component::Outbox;
use crate::events::{OrderState, RejectReason};
use crate::trading::VenueStatus;
use crate::types::TsNs;

impl Port {
    /// Something leaves that the venue is to answer; gives the time from which it is counted, that of
    /// the last tick.
    pub(super) fn awaited(&mut self) -> TsNs {
        self.due_ns = self.due_ns.min(self.tick_ns.saturating_add(self.answer_ns));
        self.tick_ns
    }

    /// The connection came: the venue is asked for everything that it has to tell.
    pub(in crate::live) fn connected(&mut self, cause: u64, out: &mut dyn Outbox) {
        self.is_up = true;
        let now = self.awaited();
        self.slots.iter_mut().flatten().for_each(|sent| sent.asked_ns = now);
        self.ask(cause, out);
    }

    /// The connection went: nothing more leaves, and what is on its way is unknown until told.
    pub(in crate::live) fn disconnected(&mut self) {
        (self.is_up, self.is_ready) = (false, false);
        self.answered = self.question;
        self.due_ns = TsNs::MAX;
        self.outgoing.clear();
    }

    /// The clock ticks: what was not answered in time is unknown, and the venue is asked.
    pub(in crate::live) fn tick(&mut self, now: TsNs, answers: &mut Answers<'_>) {
        self.tick_ns = now;
        if now >= self.due_ns && self.is_up {
            self.look_for_late(answers);
        }
    }

    #[cold]
    fn look_for_late(&mut self, answers: &mut Answers<'_>) {
        self.due_ns = TsNs::MAX;
        let mut is_any_late = false;
        for slot in 0..self.slots.len() as u32 {
            let Some(sent) = self.slots[slot as usize] else { continue };
            let state = answers.desk.order_state(sent.key);
            if !sent.is_on_its_way() && state.is_none_or(OrderState::is_settled) {
                continue;
            }
            let due_ns = sent.asked_ns.saturating_add(self.answer_ns);
            if due_ns > self.tick_ns {
                self.due_ns = self.due_ns.min(due_ns);
                continue;
            }
            self.at_mut(slot).asked_ns = self.awaited();
            if answers.desk.on_timeout(sent.key, answers.cause, answers.out) {
                is_any_late = true;
                if self.speech == Speech::Adapter {
                    self.adapter_ask_for(&sent, answers.cause, answers.out);
                }
            }
        }
        // A question on this connection is not lost: a second one would be answered after it.
        let is_asking = self.answered != self.question;
        if is_any_late && self.speech == Speech::Ouch && !is_asking {
            self.ask(answers.cause, answers.out);
        }
    }

    /// The venue has told everything that it had to say before it was asked: what it has not spoken of
    /// never arrived; what was to be cancelled is asked for again.
    pub(super) fn told(&mut self, answers: &mut Answers<'_>) {
        self.answered = self.question;
        for slot in 0..self.slots.len() as u32 {
            let Some(sent) = self.slots[slot as usize] else { continue };
            if self.speech == Speech::Ouch && sent.number > self.question {
                continue; // It left after the question.
            }
            match self.speech {
                Speech::Adapter => self.ask_if_unknown(&sent, answers),
                Speech::Ouch if sent.key.order_id == 0 => {
                    self.rejected(slot, RejectReason::VenueNeverReceived, answers);
                    self.follow(slot, answers);
                }
                // All that was said of it has been heard: what is known is so.
                Speech::Ouch => self.confirm(slot, answers),
            }
            if let Some(Sent { canceling: Some(reason), .. }) = self.slots[slot as usize] {
                self.cancel(slot, reason, answers.cause, answers.out);
            }
        }
        self.bury_orphans(answers);
        self.is_ready = true;
    }

    /// An order is as it is known to be.
    fn confirm(&mut self, slot: u32, answers: &mut Answers<'_>) {
        let key = self.at(slot).key;
        let known = answers.desk.find(key);
        let known = known.map(|order| (order.leaves, order.executed));
        if let Some((leaves, executed)) = known {
            self.asked(slot, VenueStatus::Open { leaves, executed }, answers);
        }
    }

    /// An order that was not told of with the others: its own question.
    fn ask_if_unknown(&self, sent: &Sent, answers: &mut Answers<'_>) {
        let state = answers.desk.order_state(sent.key);
        if state == Some(OrderState::Unknown) {
            self.adapter_ask_for(sent, answers.cause, answers.out);
        }
    }

    /// The venue was asked for an order, and says how it is.
    pub(super) fn asked(&mut self, slot: u32, status: VenueStatus, answers: &mut Answers<'_>) {
        let (key, cause) = (self.at(slot).key, answers.cause);
        let command = answers.desk.on_status(key, status, cause, answers.out);
        self.cancel_once(command, answers);
    }
}
