// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The answer to a resend request, made from what was sent: applications' messages go out again as
//! possible duplicates, what the session itself said is replaced by sequence resets that fill the gap.

use super::message::number;
use super::session::CompId;
use super::{Message, Writer, tag};
use crate::types::TsNs;

/// Makes stored messages into what is sent again. Give it each in order, then [`Resend::finish`].
#[derive(Clone, Debug)]
pub struct Resend {
    ts_ns: TsNs,
    gap: Option<Gap>,
}

/// Session messages passed over, from a number on.
#[derive(Clone, Copy, Debug)]
struct Gap {
    from: u64,
    to: u64,
    version: super::Version,
    sender: CompId,
    target: CompId,
}

/// Whether messages of a type are the session's own, which are never sent again. A reject is.
fn is_passed_over(msg_type: &[u8]) -> bool {
    matches!(msg_type, b"0" | b"1" | b"2" | b"4" | b"5" | b"A")
}

impl Resend {
    /// An answer sent at `ts_ns`: the time of the journal's entry that asks for it.
    #[must_use]
    pub const fn new(ts_ns: TsNs) -> Self {
        Self { ts_ns, gap: None }
    }

    /// Takes the next stored message; gives what is to be sent to `send`, each time a whole message.
    /// Both buffers are of [`super::BUFFER_BYTES`] bytes.
    pub fn message(&mut self, stored: &[u8], buffer: &mut [u8], send: &mut impl FnMut(&[u8])) {
        let Ok(message) = Message::parse(stored) else { return };
        let Some(sequence) = message.find(tag::MSG_SEQ_NUM).and_then(number) else { return };
        if is_passed_over(message.msg_type()) {
            match &mut self.gap {
                Some(gap) => gap.to = sequence,
                None => self.gap = Gap::of(&message, sequence),
            }
            return;
        }
        self.finish(buffer, send);
        send(possible_duplicate(&message, self.ts_ns, buffer));
    }

    /// Ends the answer: fills the gap that is still open.
    pub fn finish(&mut self, buffer: &mut [u8], send: &mut impl FnMut(&[u8])) {
        let Some(gap) = self.gap.take() else { return };
        let mut writer = Writer::new(buffer, gap.version);
        let precision = gap.version.precision();
        writer.text(35, b"4");
        writer.text(tag::SENDER_COMP_ID, gap.sender.text());
        writer.text(tag::TARGET_COMP_ID, gap.target.text());
        writer.number(tag::MSG_SEQ_NUM, gap.from);
        writer.flag(tag::POSS_DUP_FLAG, true);
        writer.time(tag::SENDING_TIME, self.ts_ns, precision);
        writer.time(tag::ORIG_SENDING_TIME, self.ts_ns, precision);
        writer.flag(tag::GAP_FILL_FLAG, true);
        writer.number(tag::NEW_SEQ_NO, gap.to + 1);
        send(writer.finish());
    }
}

impl Gap {
    /// A gap that begins with a stored message.
    fn of(message: &Message<'_>, sequence: u64) -> Option<Self> {
        Some(Self {
            from: sequence,
            to: sequence,
            version: super::Version::of(message.begin_string())?,
            sender: CompId::new(message.find(tag::SENDER_COMP_ID)?)?,
            target: CompId::new(message.find(tag::TARGET_COMP_ID)?)?,
        })
    }
}

/// A stored message as it is sent again: the same number, the time of now, the first time beside it.
fn possible_duplicate<'a>(message: &Message<'_>, ts_ns: TsNs, buffer: &'a mut [u8]) -> &'a [u8] {
    let mut writer = Writer::with_begin(buffer, message.begin_string());
    let precision = super::Version::of(message.begin_string())
        .map_or(super::Precision::Milliseconds, super::Version::precision);
    writer.text(35, message.msg_type());
    for field in message.fields().map_while(Result::ok) {
        if field.tag == tag::SENDING_TIME {
            writer.flag(tag::POSS_DUP_FLAG, true);
            writer.time(tag::SENDING_TIME, ts_ns, precision);
            writer.text(tag::ORIG_SENDING_TIME, field.value);
        } else {
            writer.text(field.tag, field.value);
        }
    }
    writer.finish()
}
