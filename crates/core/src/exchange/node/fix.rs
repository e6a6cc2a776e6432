// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! FIX ports: each has a session, whose every numbered message follows from the journal's inputs.

use super::desk::Desk;
use super::ports::Port;
use crate::events::OrderFormat;
use crate::exchange::wires::Wires;
use crate::types::TsNs;
use crate::wire::fix::{CompId, Effects, Role, Session, SessionConfig, Version};

/// Our name in FIX (`TargetCompID` of a client's messages).
pub const COMP_ID: &[u8] = b"ONETAPE";
/// Longest heartbeat interval that is granted, in seconds.
const HEARTBEAT_S_MAX: u32 = 60;
/// How far a client's clock may be from ours, in nanoseconds.
const SENDING_TIME_NS_MAX: i64 = 120_000_000_000;

/// What a session wants done, for one port.
pub(super) struct Out<'a, W> {
    pub(super) wires: &'a mut W,
    pub(super) port: u32,
}

impl<W: Wires> Effects for Out<'_, W> {
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

/// The session of a port that speaks FIX; `None` for another, or a name that FIX cannot say.
pub(super) fn session(format: u8, username: &[u8]) -> Option<Session> {
    let version = match OrderFormat::from_raw(format)? {
        OrderFormat::Fix44 => Version::Fix44,
        OrderFormat::Fix50sp2 => Version::Fix50Sp2,
        OrderFormat::Ouch50 | OrderFormat::Ouch42 => return None,
    };
    Some(Session::new(SessionConfig {
        version,
        role: Role::Acceptor,
        sender: CompId::new(COMP_ID)?,
        target: CompId::new(username)?,
        heartbeat_s: HEARTBEAT_S_MAX,
        resets: false,
        next_expected: false,
        sending_time_ns_max: SENDING_TIME_NS_MAX,
    }))
}

impl Desk {
    /// Has the session of a port, if it has one, do something.
    pub(super) fn with_session<W: Wires>(
        &mut self,
        port: u32,
        wires: &mut W,
        act: impl FnOnce(&mut Session, &mut Out<'_, W>),
    ) {
        if let Some(session) = self.port_mut(port).and_then(|port| port.fix.as_mut()) {
            act(session, &mut Out { wires, port });
        }
    }

    /// Time has come this far: heartbeats, and silent clients given up.
    pub(super) fn tick_sessions(&mut self, ts_ns: TsNs, wires: &mut impl Wires) {
        for port in self.ports.iter_mut().flatten() {
            let Port { fix, definition, .. } = port;
            if let Some(session) = fix
                && session.deadline_ns() <= ts_ns
            {
                session.tick(ts_ns, &mut Out { wires, port: definition.port_id });
            }
        }
    }
}

impl<W: Wires> super::hearing::Hearing<'_, W> {
    /// A message from a client that speaks FIX: the session's first, then what it asks for.
    pub(super) fn fix_message(
        &mut self,
        _market: &mut crate::exchange::market::Market,
        port: u32,
        bytes: &[u8],
    ) {
        let ts_ns = self.ts_ns;
        self.desk.with_session(port, self.wires, |session, out| {
            session.receive(ts_ns, bytes, out);
        });
    }
}
