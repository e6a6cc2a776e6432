// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A logon at either end: who may, from which number on, and what is sent again.

use super::receive::Order;
use super::{Effects, Header, Incoming, Role, Session, SessionState};
use crate::types::{SECOND_NS, TsNs};
use crate::wire::fix::{FIX50_SP2, Part, Version, tag};

/// Most seconds between heartbeats that any acceptor grants.
const HEARTBEAT_S_MAX: u64 = 3_600;

impl Session {
    /// Takes a logon.
    pub(super) fn take_logon<'a>(
        &mut self,
        ts_ns: TsNs,
        header: &Header<'a>,
        out: &mut impl Effects,
    ) -> Incoming<'a> {
        let is_first = matches!(self.state, SessionState::Opened | SessionState::LogonSent);
        if !(is_first || header.resets && self.state == SessionState::Active) {
            if self.order(ts_ns, header, out) == Order::Next {
                self.next_in += 1;
                self.reject_value(ts_ns, header, tag::RESET_SEQ_NUM_FLAG, out);
            }
            return Incoming::Nothing;
        }
        if let Some(why) = self.objection(header) {
            self.leave(ts_ns, &[Part::Text(why)], out);
            return Incoming::Nothing;
        }
        let is_answer =
            self.config.role == Role::Initiator && self.state == SessionState::LogonSent;
        if header.resets {
            if header.sequence != 1 {
                self.leave(ts_ns, &[Part::Text(b"ResetSeqNumFlag needs MsgSeqNum 1")], out);
                return Incoming::Nothing;
            }
            self.next_in = 1;
            self.gap = None;
            if !is_answer {
                self.next_out = 1;
            }
        }
        if header.sequence < self.next_in {
            self.leave_too_low(ts_ns, header, out);
            return Incoming::Nothing;
        }
        let next_out = self.next_out;
        if let Some(expected) = header.next_expected.filter(|&expected| expected > next_out) {
            let why = [
                Part::Text(b"NextExpectedMsgSeqNum too high, expecting at most "),
                Part::Number(next_out),
                Part::Text(b" but received "),
                Part::Number(expected),
            ];
            self.leave(ts_ns, &why, out);
            return Incoming::Nothing;
        }
        self.enter(ts_ns, header, is_answer, out);
        Incoming::LoggedOn
    }

    /// Opens the session: answers, and catches up what either end has missed.
    fn enter(&mut self, ts_ns: TsNs, header: &Header<'_>, is_answer: bool, out: &mut impl Effects) {
        let is_next = header.sequence == self.next_in;
        self.next_in += u64::from(is_next);
        self.state = SessionState::Active;
        self.received_ns = ts_ns;
        self.tested_ns = None;
        let last = self.next_out - 1;
        if !is_answer {
            let heartbeat_s = header.heartbeat_s.unwrap_or(0).min(HEARTBEAT_S_MAX);
            self.heartbeat_ns = heartbeat_s.cast_signed() * SECOND_NS;
            let expected = header.next_expected.map(|_| self.next_in);
            self.send_logon(ts_ns, header.resets, expected, out);
        }
        if let Some(expected) = header.next_expected
            && (1..=last).contains(&expected)
        {
            out.resend(self.place_of(expected), self.place_of(last));
        }
        // With NextExpectedMsgSeqNum the peer sends what we miss without being asked.
        let tells = header.next_expected.is_some() && (!is_answer || self.config.next_expected);
        if !is_next && !tells {
            self.ask_again(ts_ns, out);
        }
    }

    /// What stands against a logon, whatever its number.
    fn objection(&self, header: &Header<'_>) -> Option<&'static [u8]> {
        let granted_s = match (self.config.role, self.config.heartbeat_s) {
            (Role::Acceptor, most) if most > 0 => u64::from(most).min(HEARTBEAT_S_MAX),
            _ => HEARTBEAT_S_MAX,
        };
        match header.heartbeat_s {
            _ if header.is_encrypted => Some(b"EncryptMethod must be 0"),
            None => Some(b"HeartBtInt is missing"),
            Some(asked_s) if asked_s > granted_s => Some(b"HeartBtInt is above the limit"),
            _ if self.config.version == Version::Fix50Sp2
                && header.application != Some(&[FIX50_SP2]) =>
            {
                Some(b"DefaultApplVerID must be 9 (FIX 5.0 SP2)")
            }
            _ => None,
        }
    }
}
