// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a session says of its own.

use super::{ADMIN_BYTES, Effects, Gap, Header, Reject, Session};
use crate::types::TsNs;
use crate::wire::fix::{FIX50_SP2, Part, Version, tag};

impl Session {
    /// Sends a heartbeat, a test request, or gives the peer up.
    pub(super) fn keep_alive(&mut self, ts_ns: TsNs, out: &mut impl Effects) {
        let silent_since_ns = self.tested_ns.unwrap_or(self.received_ns);
        if ts_ns.saturating_sub(silent_since_ns) >= self.patience_ns() {
            if self.tested_ns.is_some() {
                return self.drop_link(out);
            }
            self.tested_ns = Some(ts_ns);
            let mut buffer = [0; ADMIN_BYTES];
            let mut writer = self.begin(ts_ns, b"1", &mut buffer);
            writer.parts(tag::TEST_REQ_ID, &[Part::Text(b"TEST"), Part::Number(self.next_out)]);
            self.commit(ts_ns, writer, out);
        }
        if ts_ns.saturating_sub(self.sent_ns) >= self.heartbeat_ns {
            self.send_heartbeat(ts_ns, None, out);
        }
    }

    /// Sends a heartbeat, with the id of the test request it answers.
    pub(super) fn send_heartbeat(
        &mut self,
        ts_ns: TsNs,
        test_id: Option<&[u8]>,
        out: &mut impl Effects,
    ) {
        let mut buffer = [0; ADMIN_BYTES];
        let mut writer = self.begin(ts_ns, b"0", &mut buffer);
        if let Some(test_id) = test_id {
            writer.text(tag::TEST_REQ_ID, test_id);
        }
        self.commit(ts_ns, writer, out);
    }

    /// Sends a logon.
    pub(super) fn send_logon(
        &mut self,
        ts_ns: TsNs,
        resets: bool,
        next_expected: Option<u64>,
        out: &mut impl Effects,
    ) {
        let mut buffer = [0; ADMIN_BYTES];
        let mut writer = self.begin(ts_ns, b"A", &mut buffer);
        writer.number(tag::ENCRYPT_METHOD, 0);
        let heartbeat_s = self.heartbeat_ns / crate::types::SECOND_NS;
        writer.number(tag::HEART_BT_INT, heartbeat_s.unsigned_abs());
        if resets {
            writer.flag(tag::RESET_SEQ_NUM_FLAG, true);
        }
        if let Some(next_expected) = next_expected {
            writer.number(tag::NEXT_EXPECTED_MSG_SEQ_NUM, next_expected);
        }
        if self.config.version == Version::Fix50Sp2 {
            writer.character(tag::DEFAULT_APPL_VER_ID, FIX50_SP2);
        }
        self.commit(ts_ns, writer, out);
    }

    /// Sends a logout; no text, no field.
    pub(super) fn send_logout(&mut self, ts_ns: TsNs, text: &[Part<'_>], out: &mut impl Effects) {
        let mut buffer = [0; ADMIN_BYTES];
        let mut writer = self.begin(ts_ns, b"5", &mut buffer);
        if text.iter().any(|part| !matches!(part, Part::Text(b""))) {
            writer.parts(tag::TEXT, text);
        }
        self.commit(ts_ns, writer, out);
    }

    /// Rejects a message that was taken: the session's way to say that it cannot be read.
    pub fn reject(&mut self, ts_ns: TsNs, reject: &Reject<'_>, out: &mut impl Effects) {
        let Reject { sequence, msg_type, fault, text } = *reject;
        let mut buffer = [0; ADMIN_BYTES];
        let mut writer = self.begin(ts_ns, b"3", &mut buffer);
        writer.number(tag::REF_SEQ_NUM, sequence);
        if fault.tag != 0 {
            writer.number(tag::REF_TAG_ID, u64::from(fault.tag));
        }
        if msg_type.len() <= 8 {
            writer.text(tag::REF_MSG_TYPE, msg_type);
        }
        writer.number(tag::SESSION_REJECT_REASON, fault.reason as u64);
        if !text.is_empty() {
            writer.text(tag::TEXT, &text[..text.len().min(200)]);
        }
        self.commit(ts_ns, writer, out);
    }

    /// Asks for everything from the next expected message on, unless that was just done in vain.
    pub(super) fn ask_again(&mut self, ts_ns: TsNs, out: &mut impl Effects) {
        let patience_ns = self.patience_ns().max(super::ANSWER_NS);
        let waits = self.gap.is_some_and(|gap| {
            gap.from == self.next_in && ts_ns.saturating_sub(gap.ts_ns) < patience_ns
        });
        if waits {
            return;
        }
        self.gap = Some(Gap { from: self.next_in, ts_ns });
        let mut buffer = [0; ADMIN_BYTES];
        let mut writer = self.begin(ts_ns, b"2", &mut buffer);
        writer.number(tag::BEGIN_SEQ_NO, self.next_in);
        writer.number(tag::END_SEQ_NO, 0);
        self.commit(ts_ns, writer, out);
    }

    /// Answers a resend request.
    pub(super) fn answer_resend(
        &mut self,
        ts_ns: TsNs,
        header: &Header<'_>,
        out: &mut impl Effects,
    ) {
        let last = self.next_out - 1;
        let (Some(begin), Some(end)) = (header.begin_seq, header.end_seq) else {
            let missing =
                if header.begin_seq.is_none() { tag::BEGIN_SEQ_NO } else { tag::END_SEQ_NO };
            return self.reject_missing(ts_ns, header, missing, out);
        };
        let end = if end == 0 { last } else { end.min(last) };
        if begin == 0 || begin > end {
            return self.reject_value(ts_ns, header, tag::BEGIN_SEQ_NO, out);
        }
        out.resend(self.place_of(begin), self.place_of(end));
    }
}
