// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a message does to a session.

use super::{
    ECHO_BYTES_MAX, Effects, Header, Incoming, Reject, Role, SEQUENCE_MAX, Session, SessionState,
};
use crate::types::TsNs;
use crate::wire::fix::{FIX50_SP2, Fault, Message, Part, Reason, Version, tag};

/// Where a message stands in the peer's count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The one expected.
    Next,
    /// One too far: what lies between was asked for, it will come again.
    Ahead,
    /// One that was taken before.
    Repeated,
    /// One that ended the session.
    Broken,
}

impl Session {
    /// Takes a message of the peer. What is garbled changes nothing.
    pub fn receive<'a>(
        &mut self,
        ts_ns: TsNs,
        message: &'a [u8],
        out: &mut impl Effects,
    ) -> Incoming<'a> {
        let Ok(message) = Message::parse(message) else { return Incoming::Nothing };
        if self.state == SessionState::Closed {
            return Incoming::Nothing;
        }
        let header = Header::of(message);
        if !self.is_for_us(ts_ns, &header, out) {
            return Incoming::Nothing;
        }
        self.received_ns = ts_ns;
        self.tested_ns = None;
        match (self.state, message.msg_type()) {
            (_, b"A") if header.fault.is_none() => self.take_logon(ts_ns, &header, out),
            (SessionState::LogonSent, b"5") => {
                self.next_in += u64::from(header.sequence == self.next_in);
                self.drop_link(out);
                Incoming::LoggedOut
            }
            (SessionState::Opened | SessionState::LogonSent, b"A") => {
                self.leave(ts_ns, &[Part::Text(b"Logon cannot be read")], out);
                Incoming::Nothing
            }
            (SessionState::Opened | SessionState::LogonSent, _) => {
                self.drop_link(out);
                Incoming::Nothing
            }
            _ => self.take(ts_ns, &header, out),
        }
    }

    /// Whether a message belongs to this session; if not, the session ends as the protocol says.
    fn is_for_us(&mut self, ts_ns: TsNs, header: &Header<'_>, out: &mut impl Effects) -> bool {
        let is_active = !matches!(self.state, SessionState::Opened | SessionState::LogonSent);
        if header.message.begin_string() != self.config.version.begin_string() {
            self.leave(ts_ns, &[Part::Text(b"BeginString is another")], out);
            return false;
        }
        let is_right = header.sender == self.config.target.text()
            && header.target == self.config.sender.text();
        if !is_right {
            if is_active {
                self.reject_fault(ts_ns, header, 0, Reason::CompIdProblem, out);
                self.leave(ts_ns, &[Part::Text(b"SenderCompID or TargetCompID is another")], out);
            } else {
                self.drop_link(out);
            }
            return false;
        }
        if header.sequence == 0 || header.sequence > SEQUENCE_MAX {
            self.leave(ts_ns, &[Part::Text(b"MsgSeqNum is missing or out of range")], out);
            return false;
        }
        if !self.is_timely(ts_ns, header) {
            let (tag, reason) = match header.sending_time {
                None => (tag::SENDING_TIME, Reason::RequiredTagMissing),
                Some(_) => (tag::SENDING_TIME, Reason::SendingTimeProblem),
            };
            if is_active {
                self.reject_fault(ts_ns, header, tag, reason, out);
            }
            self.leave(ts_ns, &[Part::Text(b"SendingTime is missing or too far off")], out);
            return false;
        }
        true
    }

    /// Whether the sending time is there and near enough.
    const fn is_timely(&self, ts_ns: TsNs, header: &Header<'_>) -> bool {
        let most_ns = self.config.sending_time_ns_max;
        match header.sending_time {
            None => header.fault.is_some(),
            Some(_) if most_ns == 0 => true,
            Some(sent_ns) => ts_ns.saturating_sub(sent_ns).saturating_abs() <= most_ns,
        }
    }

    /// Takes a message of an open session.
    fn take<'a>(
        &mut self,
        ts_ns: TsNs,
        header: &Header<'a>,
        out: &mut impl Effects,
    ) -> Incoming<'a> {
        let msg_type = header.message.msg_type();
        match msg_type {
            b"4" if !header.fills_gap && header.fault.is_none() => {
                self.take_reset(ts_ns, header, out);
                return Incoming::Nothing;
            }
            // Answered even with a hole before it: two ends that wait for each other would wait for ever.
            b"2" if header.fault.is_none() && header.sequence > self.next_in => {
                self.answer_resend(ts_ns, header, out);
                self.ask_again(ts_ns, out);
                return Incoming::Nothing;
            }
            b"5" if header.fault.is_none() && header.sequence > self.next_in => {
                return self.take_logout(ts_ns, out);
            }
            _ => {}
        }
        if self.order(ts_ns, header, out) != Order::Next {
            return Incoming::Nothing;
        }
        self.next_in += 1;
        if self.gap.is_some_and(|gap| gap.from < self.next_in) && !header.is_possible_duplicate {
            self.gap = None;
        }
        if let Some(Fault { tag, reason }) = header.fault {
            self.reject_fault(ts_ns, header, tag, reason, out);
            return Incoming::Nothing;
        }
        match msg_type {
            b"0" => Incoming::Nothing,
            b"1" => {
                self.answer_test(ts_ns, header, out);
                Incoming::Nothing
            }
            b"2" => {
                self.answer_resend(ts_ns, header, out);
                Incoming::Nothing
            }
            b"3" => Incoming::Rejected { sequence: header.rejected_seq.unwrap_or(0) },
            b"4" => {
                self.take_gap_fill(ts_ns, header, out);
                Incoming::Nothing
            }
            b"5" => self.take_logout(ts_ns, out),
            _ => self.take_application(ts_ns, header, out),
        }
    }

    /// Where a message stands; does what follows when it is not the one expected.
    pub(super) fn order(
        &mut self,
        ts_ns: TsNs,
        header: &Header<'_>,
        out: &mut impl Effects,
    ) -> Order {
        if header.sequence == self.next_in {
            return Order::Next;
        }
        if header.sequence > self.next_in {
            self.ask_again(ts_ns, out);
            return Order::Ahead;
        }
        if !header.is_possible_duplicate {
            self.leave_too_low(ts_ns, header, out);
            return Order::Broken;
        }
        match (header.first_sending_time, header.sending_time) {
            (None, _) if header.message.msg_type() != b"4" => {
                self.reject_missing(ts_ns, header, tag::ORIG_SENDING_TIME, out);
            }
            (Some(first_ns), Some(sent_ns)) if first_ns > sent_ns => {
                let (tag, reason) = (tag::ORIG_SENDING_TIME, Reason::SendingTimeProblem);
                self.reject_fault(ts_ns, header, tag, reason, out);
            }
            _ => {}
        }
        Order::Repeated
    }

    /// Ends the session because the peer counts back.
    pub(super) fn leave_too_low(
        &mut self,
        ts_ns: TsNs,
        header: &Header<'_>,
        out: &mut impl Effects,
    ) {
        let why = [
            Part::Text(b"MsgSeqNum too low, expecting "),
            Part::Number(self.next_in),
            Part::Text(b" but received "),
            Part::Number(header.sequence),
        ];
        self.leave(ts_ns, &why, out);
    }

    /// Answers a test request.
    fn answer_test(&mut self, ts_ns: TsNs, header: &Header<'_>, out: &mut impl Effects) {
        match header.test_id {
            None => self.reject_missing(ts_ns, header, tag::TEST_REQ_ID, out),
            Some(test_id) if test_id.len() > ECHO_BYTES_MAX => {
                self.reject_value(ts_ns, header, tag::TEST_REQ_ID, out);
            }
            Some(test_id) => self.send_heartbeat(ts_ns, Some(test_id), out),
        }
    }

    /// Takes a sequence reset that fills a gap; it stood in order.
    fn take_gap_fill(&mut self, ts_ns: TsNs, header: &Header<'_>, out: &mut impl Effects) {
        match header.new_seq {
            None => self.reject_missing(ts_ns, header, tag::NEW_SEQ_NO, out),
            Some(new_seq) if !(header.sequence + 1..=SEQUENCE_MAX).contains(&new_seq) => {
                self.reject_value(ts_ns, header, tag::NEW_SEQ_NO, out);
            }
            Some(new_seq) => self.next_in = new_seq,
        }
    }

    /// Takes a sequence reset that leaves the count; its own number does not matter.
    fn take_reset(&mut self, ts_ns: TsNs, header: &Header<'_>, out: &mut impl Effects) {
        match header.new_seq {
            None => self.reject_missing(ts_ns, header, tag::NEW_SEQ_NO, out),
            Some(new_seq) if !(self.next_in..=SEQUENCE_MAX).contains(&new_seq) => {
                self.reject_value(ts_ns, header, tag::NEW_SEQ_NO, out);
            }
            Some(new_seq) => {
                self.next_in = new_seq;
                self.gap = None;
            }
        }
    }

    /// Takes a logout: answers it unless it is the answer, and closes the link.
    fn take_logout(&mut self, ts_ns: TsNs, out: &mut impl Effects) -> Incoming<'static> {
        if self.state == SessionState::Active {
            self.send_logout(ts_ns, &[], out);
        }
        self.drop_link(out);
        Incoming::LoggedOut
    }

    /// Takes a message of the application.
    fn take_application<'a>(
        &mut self,
        ts_ns: TsNs,
        header: &Header<'a>,
        out: &mut impl Effects,
    ) -> Incoming<'a> {
        let is_other = header.application.is_some_and(|version| version != [FIX50_SP2]);
        if self.config.version == Version::Fix50Sp2 && is_other {
            let reason = Reason::UnsupportedVersion;
            self.reject_fault(ts_ns, header, tag::APPL_VER_ID, reason, out);
            return Incoming::Nothing;
        }
        if header.is_possible_duplicate && header.first_sending_time.is_none() {
            self.reject_missing(ts_ns, header, tag::ORIG_SENDING_TIME, out);
            return Incoming::Nothing;
        }
        Incoming::Application(*header)
    }

    /// Rejects a message for a field that is missing.
    pub(super) fn reject_missing(
        &mut self,
        ts_ns: TsNs,
        header: &Header<'_>,
        tag: u32,
        out: &mut impl Effects,
    ) {
        self.reject_fault(ts_ns, header, tag, Reason::RequiredTagMissing, out);
    }

    /// Rejects a message for a field's value.
    pub(super) fn reject_value(
        &mut self,
        ts_ns: TsNs,
        header: &Header<'_>,
        tag: u32,
        out: &mut impl Effects,
    ) {
        self.reject_fault(ts_ns, header, tag, Reason::ValueIncorrect, out);
    }

    /// Rejects a message.
    fn reject_fault(
        &mut self,
        ts_ns: TsNs,
        header: &Header<'_>,
        tag: u32,
        reason: Reason,
        out: &mut impl Effects,
    ) {
        let (sequence, msg_type) = (header.sequence, header.message.msg_type());
        let fault = Fault { tag, reason };
        self.reject(ts_ns, &Reject { sequence, msg_type, fault, text: b"" }, out);
    }

    /// Whether this end waits to be logged on to.
    #[must_use]
    pub fn is_acceptor(&self) -> bool {
        self.config.role == Role::Acceptor
    }
}
