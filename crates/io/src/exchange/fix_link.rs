// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A FIX connection: its framing, and where it stands in its port's stream.
//!
//! The session itself is the core's: each message a client sends is an input, each message it gets
//! lies in the stream, whole and numbered. What is here is when which of them goes out: from the
//! answer to the logon on, and again when the session wants it.

use std::collections::VecDeque;

use onetape_core::types::{SECOND_NS, TsNs};
use onetape_core::wire::fix::{BUFFER_BYTES, Decoder, Message, Resend, starts_link};

use super::store::Stream;

/// Time a client has to log on.
const LOGON_NS: i64 = 10 * SECOND_NS;
/// Requests to say things again that may wait; a client that asks faster gets the later ones.
const AGAIN_MAX: usize = 16;

/// Messages to be said again.
#[derive(Clone, Debug)]
struct Again {
    /// They come before the message with this number.
    before: u64,
    next: u64,
    last: u64,
    resend: Resend,
}

/// A FIX connection.
#[derive(Debug)]
pub(crate) struct FixLink {
    pub(crate) decoder: Decoder,
    opened_ns: TsNs,
    /// Number of the next message to send; 0 until somebody has logged on.
    position: u64,
    /// Something was sent that a link may begin with.
    has_begun: bool,
    again: VecDeque<Again>,
    buffer: Vec<u8>,
}

impl FixLink {
    /// A link made just now.
    pub(crate) fn new(now_ns: TsNs) -> Self {
        Self {
            decoder: Decoder::new(),
            opened_ns: now_ns,
            position: 0,
            has_begun: false,
            again: VecDeque::with_capacity(AGAIN_MAX),
            buffer: vec![0; BUFFER_BYTES],
        }
    }

    /// Somebody has logged on; what is put into the stream from message `position` on is for them.
    pub(crate) const fn log_on(&mut self, position: u64) {
        self.position = position;
    }

    /// Whether somebody has logged on.
    pub(crate) const fn is_active(&self) -> bool {
        self.position > 0
    }

    /// Number of the next message to send.
    pub(crate) const fn position(&self) -> u64 {
        self.position
    }

    /// Whether the time to log on is over.
    pub(crate) const fn is_late(&self, now_ns: TsNs) -> bool {
        self.position == 0 && now_ns.saturating_sub(self.opened_ns) >= LOGON_NS
    }

    /// Has messages `from` to `to` said again, before the message with number `before`.
    pub(crate) fn say_again(&mut self, before: u64, (from, to): (u64, u64), ts_ns: TsNs) {
        if self.again.len() == AGAIN_MAX {
            self.again.pop_front();
        }
        self.again.push_back(Again { before, next: from, last: to, resend: Resend::new(ts_ns) });
    }

    /// Appends what is due, until `out` has `bytes_max` bytes; whether there is more.
    pub(crate) fn fill(&mut self, stream: &Stream, out: &mut Vec<u8>, bytes_max: usize) -> bool {
        if !self.is_active() {
            return false;
        }
        while out.len() < bytes_max {
            if let Some(again) = self.again.front_mut()
                && again.before <= self.position
            {
                let mut send = |message: &[u8]| out.extend_from_slice(message);
                let stored = stream.message(again.next).filter(|_| again.next <= again.last);
                if let Some(stored) = stored {
                    again.resend.message(stored, &mut self.buffer, &mut send);
                    again.next += 1;
                } else {
                    again.resend.finish(&mut self.buffer, &mut send);
                    self.again.pop_front();
                }
                continue;
            }
            let Some(message) = stream.message(self.position) else { return false };
            self.position += 1;
            self.has_begun |= Message::parse(message).is_ok_and(|message| starts_link(&message));
            if self.has_begun {
                out.extend_from_slice(message);
            }
        }
        true
    }
}
