// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A session's rules, sans I/O: who counts what, who is alive, what is asked for again.
//!
//! A [`Session`] is a function of what it is given: messages, ticks, links that open and close, each
//! with its time. All that it sends is numbered without a hole over its whole life, so a store of
//! sent messages is a list; [`Effects::resend`] names places of that list.

mod admin;
mod header;
mod logon;
mod receive;
mod snapshot;

#[cfg(test)]
mod tests;

pub use header::Header;

use super::{Part, SENT_BYTES_MAX, Version, Writer, tag};
use crate::types::{SECOND_NS, TsNs};

/// Time for a logon, or for the answer to one or to a logout.
const ANSWER_NS: i64 = 10 * SECOND_NS;
/// Bytes of a buffer for what a session says of its own.
const ADMIN_BYTES: usize = 1_024;
/// Highest number a message may have: it leaves room to count on.
const SEQUENCE_MAX: u64 = 1 << 62;
/// Longest test request's id that is echoed.
const ECHO_BYTES_MAX: usize = 64;

/// Which end of the link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Waits for a logon.
    Acceptor,
    /// Logs on.
    Initiator,
}

/// A name of an end: 1 to 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompId {
    bytes: [u8; 32],
    length: u8,
}

impl CompId {
    /// A name; `None` when it is empty, too long, or holds what no field may.
    #[must_use]
    pub fn new(name: &[u8]) -> Option<Self> {
        if name.is_empty() || name.len() > 32 || name.contains(&super::SOH) {
            return None;
        }
        let mut bytes = [0; 32];
        bytes[..name.len()].copy_from_slice(name);
        Some(Self { bytes, length: name.len() as u8 })
    }

    /// The name.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }
}

/// How a session is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionConfig {
    /// Protocol.
    pub version: Version,
    /// Which end this is.
    pub role: Role,
    /// Our name.
    pub sender: CompId,
    /// The peer's name.
    pub target: CompId,
    /// Initiator: seconds between heartbeats that are asked for; acceptor: most that are granted. 0 is none.
    pub heartbeat_s: u32,
    /// Initiator: both ends count from 1 again at each logon.
    pub resets: bool,
    /// Initiator: ask by `NextExpectedMsgSeqNum` at the logon. An acceptor answers as it is asked.
    pub next_expected: bool,
    /// How far a message's sending time may be from the entry's, in nanoseconds; 0 is any.
    pub sending_time_ns_max: i64,
}

/// What a session wants done.
pub trait Effects {
    /// Store this as the next message, and send it if a link is open (see [`starts_link`]).
    fn send(&mut self, message: &[u8]);
    /// Send stored messages again by [`super::Resend`]: places in the store, from 1, both included.
    fn resend(&mut self, from: u64, to: u64);
    /// Close the link once what was sent has left.
    fn disconnect(&mut self);
}

/// What a received message is to those above the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, where it is used")]
pub enum Incoming<'a> {
    /// Nothing: the session's own business, or a message that is not to be acted on.
    Nothing,
    /// The peer is logged on.
    LoggedOn,
    /// The peer's logout was answered, or answers ours.
    LoggedOut,
    /// A message of the application, in order.
    Application(Header<'a>),
    /// The peer rejects a message of ours.
    Rejected {
        /// Number of that message.
        sequence: u64,
    },
}

/// A session reject: which message, which field, why.
#[derive(Clone, Copy, Debug)]
pub struct Reject<'a> {
    /// Number of the message.
    pub sequence: u64,
    /// Its type.
    pub msg_type: &'a [u8],
    /// Field and reason.
    pub fault: super::Fault,
    /// Text for people; may be empty.
    pub text: &'a [u8],
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum SessionState {
    /// No link.
    Closed = 0,
    /// A link, and nobody has logged on.
    Opened = 1,
    /// We have logged on and wait for the answer.
    LogonSent = 2,
    /// Messages flow.
    Active = 3,
    /// We have logged out and wait for the answer.
    LogoutSent = 4,
}

/// Messages missing: asked for from a number on, at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Gap {
    from: u64,
    ts_ns: TsNs,
}

/// One end of a session.
#[derive(Clone, Debug)]
pub struct Session {
    config: SessionConfig,
    state: SessionState,
    next_in: u64,
    next_out: u64,
    stored_count: u64,
    heartbeat_ns: i64,
    since_ns: TsNs,
    sent_ns: TsNs,
    received_ns: TsNs,
    tested_ns: Option<TsNs>,
    gap: Option<Gap>,
}

impl Session {
    /// A session whose ends have said nothing yet.
    #[must_use]
    pub const fn new(config: SessionConfig) -> Self {
        Self {
            config,
            state: SessionState::Closed,
            next_in: 1,
            next_out: 1,
            stored_count: 0,
            heartbeat_ns: config.heartbeat_s as i64 * SECOND_NS,
            since_ns: 0,
            sent_ns: 0,
            received_ns: 0,
            tested_ns: None,
            gap: None,
        }
    }

    /// How it was set up.
    #[must_use]
    pub const fn config(&self) -> &SessionConfig {
        &self.config
    }

    /// Where it stands.
    #[must_use]
    pub const fn state(&self) -> SessionState {
        self.state
    }

    /// Number of the next message from the peer.
    #[must_use]
    pub const fn next_in(&self) -> u64 {
        self.next_in
    }

    /// Number of the next message to the peer.
    #[must_use]
    pub const fn next_out(&self) -> u64 {
        self.next_out
    }

    /// How many messages were ever sent: the last place in the store.
    #[must_use]
    pub const fn stored_count(&self) -> u64 {
        self.stored_count
    }

    /// A new day: the link is closed, both ends count from 1 again, and the store begins anew.
    pub fn day_started(&mut self, out: &mut impl Effects) {
        if self.state != SessionState::Closed {
            self.drop_link(out);
        }
        self.reset();
        self.stored_count = 0;
    }

    /// Both ends count from 1 again. The store goes on.
    const fn reset(&mut self) {
        self.next_in = 1;
        self.next_out = 1;
        self.gap = None;
    }

    /// A link is open; an initiator logs on.
    pub fn opened(&mut self, ts_ns: TsNs, out: &mut impl Effects) {
        self.state = SessionState::Opened;
        self.since_ns = ts_ns;
        self.received_ns = ts_ns;
        self.sent_ns = ts_ns;
        self.tested_ns = None;
        self.gap = None;
        if self.config.role == Role::Initiator {
            if self.config.resets {
                self.reset();
            }
            self.heartbeat_ns = i64::from(self.config.heartbeat_s) * SECOND_NS;
            self.state = SessionState::LogonSent;
            let expected = self.config.next_expected.then_some(self.next_in);
            self.send_logon(ts_ns, self.config.resets, expected, out);
        }
    }

    /// The link is gone.
    pub const fn closed(&mut self) {
        self.state = SessionState::Closed;
        self.tested_ns = None;
        self.gap = None;
    }

    /// Leaves: logs out and waits for the answer.
    pub fn logout(&mut self, ts_ns: TsNs, text: &[u8], out: &mut impl Effects) {
        match self.state {
            SessionState::Active => {
                self.send_logout(ts_ns, &[Part::Text(text)], out);
                self.state = SessionState::LogoutSent;
                self.since_ns = ts_ns;
            }
            SessionState::Opened | SessionState::LogonSent => self.drop_link(out),
            SessionState::Closed | SessionState::LogoutSent => {}
        }
    }

    /// Does what is due by `ts_ns`: heartbeats, test requests, giving a silent peer up.
    pub fn tick(&mut self, ts_ns: TsNs, out: &mut impl Effects) {
        match self.state {
            SessionState::Closed => {}
            SessionState::Opened | SessionState::LogonSent | SessionState::LogoutSent => {
                if ts_ns.saturating_sub(self.since_ns) >= ANSWER_NS {
                    self.drop_link(out);
                }
            }
            SessionState::Active if self.heartbeat_ns == 0 => {}
            SessionState::Active => self.keep_alive(ts_ns, out),
        }
    }

    /// When [`Self::tick`] has something to do next.
    #[must_use]
    pub fn deadline_ns(&self) -> TsNs {
        match self.state {
            SessionState::Closed => TsNs::MAX,
            SessionState::Opened | SessionState::LogonSent | SessionState::LogoutSent => {
                self.since_ns.saturating_add(ANSWER_NS)
            }
            SessionState::Active if self.heartbeat_ns == 0 => TsNs::MAX,
            SessionState::Active => {
                let heartbeat_ns = self.sent_ns.saturating_add(self.heartbeat_ns);
                let silent_ns = self.tested_ns.unwrap_or(self.received_ns);
                heartbeat_ns.min(silent_ns.saturating_add(self.patience_ns()))
            }
        }
    }

    /// Silence that is too much: a heartbeat's interval and a fifth for the way.
    const fn patience_ns(&self) -> i64 {
        self.heartbeat_ns + self.heartbeat_ns / 5
    }

    /// Begins a message to the peer: its type, the names, number and time stand in it.
    #[must_use]
    pub fn begin<'a>(&self, ts_ns: TsNs, msg_type: &[u8], buffer: &'a mut [u8]) -> Writer<'a> {
        let version = self.config.version;
        let mut writer = Writer::new(buffer, version);
        writer.text(35, msg_type);
        writer.text(tag::SENDER_COMP_ID, self.config.sender.text());
        writer.text(tag::TARGET_COMP_ID, self.config.target.text());
        writer.number(tag::MSG_SEQ_NUM, self.next_out);
        writer.time(tag::SENDING_TIME, ts_ns, version.precision());
        writer
    }

    /// Sends what [`Self::begin`] began, whether or not the peer is there: it may ask for it again.
    ///
    /// # Panics
    /// If the message is longer than [`SENT_BYTES_MAX`].
    pub fn commit(&mut self, ts_ns: TsNs, message: Writer<'_>, out: &mut impl Effects) {
        let message = message.finish();
        assert!(message.len() <= SENT_BYTES_MAX, "a message that can be sent again");
        self.next_out += 1;
        self.stored_count += 1;
        self.sent_ns = ts_ns;
        out.send(message);
    }

    /// The place in the store of the message with this number, counted since the last reset.
    const fn place_of(&self, sequence: u64) -> u64 {
        self.stored_count + sequence + 1 - self.next_out
    }

    /// Closes the link, without a word.
    fn drop_link(&mut self, out: &mut impl Effects) {
        self.closed();
        out.disconnect();
    }

    /// Logs out with a reason, and closes the link at once.
    fn leave(&mut self, ts_ns: TsNs, why: &[Part<'_>], out: &mut impl Effects) {
        self.send_logout(ts_ns, why, out);
        self.drop_link(out);
    }
}

/// Whether a message is one that a fresh link may begin with: logon, logout, reject. What is sent
/// before it is stored alone; the peer asks for it once it is logged on.
#[must_use]
pub fn starts_link(message: &super::Message<'_>) -> bool {
    matches!(message.msg_type(), b"A" | b"5" | b"3")
}
