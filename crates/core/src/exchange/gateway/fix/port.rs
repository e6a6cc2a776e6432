// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A port that speaks FIX: its session, what it asks, how it is answered.

use super::super::{Answer, Ask, Refusal, Setting, Symbols};
use super::read::{Problem, read};
use super::say::{Asked, Speaker, refuse_type, say};
use crate::component::{Snapshot, SnapshotError};
use crate::exchange::wires::Wires;
use crate::types::{SECOND_NS, TsNs};
use crate::wire::fix::{
    BUFFER_BYTES, CompId, Effects, Header, Incoming, Reject, Role, Session, SessionConfig, Version,
};

/// The exchange's own name in FIX headers.
pub const COMP_ID: &[u8] = b"ONETAPE";
/// Most seconds between heartbeats that are granted.
const HEARTBEAT_S_MAX: u32 = 60;

/// A port that speaks FIX.
#[derive(Clone, Debug)]
pub struct FixPort {
    session: Session,
    is_copy: bool,
    asked: Asked,
}

/// What a session wants done, put on a port's wire.
struct Wired<'a, W> {
    port: u32,
    wires: &'a mut W,
}

impl<W: Wires> Effects for Wired<'_, W> {
    fn send(&mut self, message: &[u8]) {
        self.wires.send(self.port, message);
    }

    fn resend(&mut self, from: u64, to: u64) {
        self.wires.resend(self.port, from, to);
    }

    fn disconnect(&mut self) {
        self.wires.disconnect(self.port);
    }
}

impl FixPort {
    /// A port whose client is called `client` in headers; `is_copy`: a drop copy. `None` when the
    /// name is empty, longer than 32 bytes, or holds what no field may.
    #[must_use]
    pub fn new(version: Version, client: &[u8], is_copy: bool) -> Option<Self> {
        let session = Session::new(SessionConfig {
            version,
            role: Role::Acceptor,
            sender: CompId::new(COMP_ID)?,
            target: CompId::new(client)?,
            heartbeat_s: HEARTBEAT_S_MAX,
            resets: false,
            next_expected: false,
            sending_time_ns_max: 0,
        });
        Some(Self { session, is_copy, asked: Asked::default() })
    }

    /// Refuses messages whose sending time is further off than this; 0 takes any.
    #[must_use]
    pub fn with_sending_time_s_max(mut self, seconds: u32) -> Self {
        let config = *self.session.config();
        let sending_time_ns_max = i64::from(seconds) * SECOND_NS;
        self.session = Session::new(SessionConfig { sending_time_ns_max, ..config });
        self
    }

    /// Its session.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// A connection of the client's is open; its logon follows.
    pub fn opened(&mut self, port: u32, ts_ns: TsNs, wires: &mut impl Wires) {
        self.session.opened(ts_ns, &mut Wired { port, wires });
    }

    /// The connection is gone.
    pub const fn closed(&mut self) {
        self.session.closed();
    }

    /// Time passes.
    pub fn tick(&mut self, port: u32, ts_ns: TsNs, wires: &mut impl Wires) {
        self.session.tick(ts_ns, &mut Wired { port, wires });
    }

    /// A day begins: counts and store begin anew.
    pub fn day_started(&mut self, port: u32, wires: &mut impl Wires) {
        self.session.day_started(&mut Wired { port, wires });
        self.asked = Asked::default();
    }

    /// Takes one message of the client's. What the session does by itself is done; what remains is
    /// asked of the market, or refused.
    pub fn message<S: Symbols>(
        &mut self,
        port: u32,
        bytes: &[u8],
        setting: &Setting<'_, S>,
        wires: &mut impl Wires,
    ) -> Option<Result<Ask, Refusal>> {
        let mut out = Wired { port, wires };
        let ts_ns = setting.ts_ns;
        let Incoming::Application(header) = self.session.receive(ts_ns, bytes, &mut out) else {
            return None;
        };
        self.asked = Asked::of(&header);
        match read(&header.message, setting) {
            Ok(ask) => Some(Ok(ask)),
            Err(Problem::Refused(refusal)) => Some(Err(refusal)),
            Err(Problem::Session(fault)) => {
                let (sequence, msg_type) = (header.sequence, header.message.msg_type());
                let reject = Reject { sequence, msg_type, fault, text: b"" };
                self.session.reject(ts_ns, &reject, &mut out);
                None
            }
            Err(Problem::Type) => {
                self.refuse_type(ts_ns, &header, &mut out);
                None
            }
        }
    }

    /// Refuses a message of a type that our market does not take.
    fn refuse_type(&mut self, ts_ns: TsNs, header: &Header<'_>, out: &mut impl Effects) {
        let mut buffer = [0; BUFFER_BYTES];
        let writer = refuse_type(&self.session, ts_ns, header, &mut buffer);
        self.session.commit(ts_ns, writer, out);
    }

    /// Tells the client, whether or not it is there: it may ask for it again.
    pub fn say<S: Symbols>(
        &mut self,
        port: u32,
        setting: &Setting<'_, S>,
        answer: &Answer<'_>,
        wires: &mut impl Wires,
    ) {
        let mut out = Wired { port, wires };
        if matches!(answer, Answer::DayEnded) {
            return self.session.logout(setting.ts_ns, b"end of day", &mut out);
        }
        let mut buffer = [0; SAID_BYTES_MAX];
        let Self { session, is_copy, asked } = self;
        let speaker = Speaker { session, is_copy: *is_copy, asked };
        if let Some(writer) = say(&speaker, setting, answer, &mut buffer) {
            session.commit(setting.ts_ns, writer, &mut out);
        }
    }

    /// Digest of its state.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        self.session.state_hash()
    }
}

/// Bytes in which any answer fits.
const SAID_BYTES_MAX: usize = 1_024;

impl Snapshot for FixPort {
    fn save(&self, out: &mut Vec<u8>) {
        self.session.save(out);
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        self.asked = Asked::default();
        self.session.restore(bytes)
    }
}
