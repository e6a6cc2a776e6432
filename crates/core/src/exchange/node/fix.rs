// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! FIX ports: each has a session, whose every numbered message follows from the journal's inputs.

use super::desk::Desk;
use super::ports::Port;
use crate::events::{OrderFormat, PortDefined, PortKind};
use crate::exchange::gateway::fix::FixPort;
use crate::exchange::wires::Wires;
use crate::types::TsNs;
use crate::wire::fix::Version;

/// How far a client's clock may be from ours, in seconds. Source: FIX Session Layer, `SendingTime`.
const SENDING_TIME_S_MAX: u32 = 120;

/// The session of a port that speaks FIX; `None` for another, or a name that FIX cannot say.
pub(super) fn session(definition: &PortDefined, username: &[u8]) -> Option<FixPort> {
    let version = match OrderFormat::from_raw(definition.format)? {
        OrderFormat::Fix44 => Version::Fix44,
        OrderFormat::Fix50sp2 => Version::Fix50Sp2,
        OrderFormat::Ouch50 | OrderFormat::Ouch42 => return None,
    };
    let is_copy = definition.kind == PortKind::DropCopy.raw();
    FixPort::new(version, username, is_copy)
        .map(|port| port.with_sending_time_s_max(SENDING_TIME_S_MAX))
}

impl Desk {
    /// Time has come this far: heartbeats, and silent clients given up.
    pub(super) fn tick_sessions(&mut self, ts_ns: TsNs, wires: &mut impl Wires) {
        for port in self.ports.iter_mut().flatten() {
            let Port { fix, definition, .. } = port;
            if let Some(fix) = fix
                && fix.session().deadline_ns() <= ts_ns
            {
                fix.tick(definition.port_id, ts_ns, wires);
            }
        }
    }
}
