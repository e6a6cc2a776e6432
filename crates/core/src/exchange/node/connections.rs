// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Clients come and go: whose going takes its orders along, and who is waited for.
//!
//! A client that goes, or is sent away, loses its orders at once where its port says so. When the
//! exchange itself went away, its clients did nothing: their orders stay, and they have a grace time
//! to come back. What outlived the day is nobody's connection's.

use super::hearing::Hearing;
use crate::component::SnapshotError;
use crate::events::{CancelReason, CloseReason, SessionClosed, SessionOpened};
use crate::exchange::market::Market;
use crate::exchange::wires::Wires;
use crate::snapshot::{read_i64, read_u8, write_i64, write_u8};
use crate::types::{SECOND_NS, TsNs};

/// How long the orders of clients stay that a stop or a take-over of the exchange cut off, in
/// nanoseconds from the first tick of the clock after it.
pub const RECONNECT_GRACE_NS: TsNs = 10 * SECOND_NS;

/// Whether a port's client is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Awaited {
    /// No: it is here, or went by itself.
    No,
    /// The exchange went away under it, and its clock has not ticked since.
    Yes,
    /// Until this time.
    Until(TsNs),
}

impl Awaited {
    pub(super) fn save(self, out: &mut Vec<u8>) {
        let (choice, until_ns) = match self {
            Self::No => (0, 0),
            Self::Yes => (1, 0),
            Self::Until(ts_ns) => (2, ts_ns),
        };
        write_u8(out, choice);
        write_i64(out, until_ns);
    }

    pub(super) fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        match (read_u8(bytes)?, read_i64(bytes)?) {
            (0, _) => Ok(Self::No),
            (1, _) => Ok(Self::Yes),
            (2, ts_ns) => Ok(Self::Until(ts_ns)),
            _ => Err(SnapshotError::Invalid { what: "port" }),
        }
    }
}

impl<W: Wires> Hearing<'_, W> {
    /// A client logged in.
    pub(super) fn session_opened(&mut self, event: &SessionOpened) {
        let (ts_ns, port_id) = (self.ts_ns, event.port_id);
        let Some(port) = self.desk.port_mut(port_id) else {
            self.desk.counters.inputs_unknown += 1;
            return;
        };
        port.connected = true;
        port.awaited = Awaited::No;
        if let Some(fix) = &mut port.fix {
            fix.opened(port_id, ts_ns, self.wires);
        }
    }

    /// A client's connection ended.
    pub(super) fn session_closed(&mut self, market: &mut Market, event: SessionClosed) {
        let has_day_ended = self.desk.has_day_ended;
        let Some(port) = self.desk.port_mut(event.port_id) else {
            self.desk.counters.inputs_unknown += 1;
            return;
        };
        port.connected = false;
        if let Some(fix) = &mut port.fix {
            fix.closed();
        }
        let reason = u8::try_from(event.reason).ok().and_then(CloseReason::from_raw);
        match reason {
            // What lives now outlived the day, and its client was sent away with everybody.
            _ if has_day_ended => {}
            Some(CloseReason::Shutdown | CloseReason::Restarted) => port.awaited = Awaited::Yes,
            _ if port.definition.cancel_on_disconnect != 0 => {
                self.cancel_port(market, event.port_id, CancelReason::Disconnected);
            }
            _ => {}
        }
    }

    /// The clock ticked: whoever has not come back in time counts as gone.
    pub(super) fn give_up_waiting(&mut self, market: &mut Market) {
        for port_id in 0..self.desk.ports.len() as u32 {
            let now = self.ts_ns;
            let Some(port) = self.desk.port_mut(port_id) else { continue };
            match port.awaited {
                Awaited::Yes => {
                    port.awaited = Awaited::Until(now.saturating_add(RECONNECT_GRACE_NS));
                }
                Awaited::Until(end) if now >= end => {
                    port.awaited = Awaited::No;
                    if port.definition.cancel_on_disconnect != 0 {
                        self.cancel_port(market, port_id, CancelReason::Disconnected);
                    }
                }
                Awaited::No | Awaited::Until(_) => {}
            }
        }
    }

    /// A day ended or began: nobody is waited for over night.
    pub(super) fn forget_awaited(&mut self, has_day_ended: bool) {
        self.desk.has_day_ended = has_day_ended;
        for port in self.desk.ports.iter_mut().flatten() {
            port.awaited = Awaited::No;
        }
    }
}
