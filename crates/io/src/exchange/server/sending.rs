// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What was released goes to whom it is for.

use onetape_core::events::CloseReason;

use super::Server;
use crate::exchange::component::Core;
use crate::exchange::connection::{Connection, Written};
use crate::exchange::error::ServerError;
use crate::exchange::session::Session;
use crate::exchange::streams::{Asked, PUBLIC, Waiting};

impl<C: Core> Server<C> {
    /// Releases what follows from committed inputs.
    pub(super) fn release(&mut self) -> Result<(), ServerError> {
        let committed_seq = self.engine.committed_seq();
        while let Some((received_ns, waiting)) = self.engine.release_next(committed_seq) {
            match waiting {
                Waiting::Messages { stream: PUBLIC, .. } => {
                    self.publishes_more = true;
                    self.published.released(received_ns);
                }
                Waiting::Messages { stream, .. } => {
                    self.latency.released(received_ns);
                    if let Some(place) = self.by_port.get(stream as usize).copied().flatten() {
                        self.mark_dirty(place);
                    }
                }
                Waiting::Asked(Asked::Disconnect { port }) => {
                    if let Some(place) = self.by_port.get(port as usize).copied().flatten() {
                        self.disconnect(place)?;
                    }
                }
                Waiting::Asked(Asked::Resend { port, from, to }) => {
                    self.say_again(port, (from, to), received_ns);
                }
            }
        }
        Ok(())
    }

    /// Ends a connection because the core wants it ended: of FIX, a logout is the core's to answer.
    fn disconnect(&mut self, place: usize) -> Result<(), ServerError> {
        let is_fix = |open: &Connection| matches!(open.session, Session::Fix(_));
        let reason = match &self.connections[place] {
            Some(connection) if is_fix(connection) => CloseReason::Logout,
            _ => CloseReason::Operator,
        };
        self.end(place, reason)
    }

    /// Has a FIX client told again what it asked for, after what was put before; a `SoupBinTCP`
    /// session does that by itself.
    fn say_again(&mut self, port: u32, range: (u64, u64), received_ns: i64) {
        let Some(place) = self.by_port.get(port as usize).copied().flatten() else { return };
        let Some(stream) = self.engine.streams.stream(port) else { return };
        let before = stream.released() + 1;
        let ts_ns = self.clock.at(received_ns);
        if let Some(Connection { session: Session::Fix(link), .. }) = &mut self.connections[place] {
            link.say_again(before, range, ts_ns);
        }
        self.mark_dirty(place);
    }

    /// Writes to every connection that has something to get.
    pub(super) fn send(&mut self) -> Result<(), ServerError> {
        if self.dirty.is_empty() && !self.latency.is_due() {
            return Ok(());
        }
        let now_ns = self.clock.elapsed_ns();
        let mut places = std::mem::take(&mut self.dirty);
        for &place in &places {
            self.send_to(place, now_ns)?;
        }
        places.clear();
        // Those with more to say than their turn allows were marked again meanwhile.
        places.append(&mut self.dirty);
        self.dirty = places;
        if self.latency.is_due() {
            self.latency.sent(self.clock.elapsed_ns());
        }
        Ok(())
    }

    fn send_to(&mut self, place: usize, now_ns: i64) -> Result<(), ServerError> {
        let Some(connection) = &mut self.connections[place] else { return Ok(()) };
        connection.is_dirty = false;
        let stream = connection.port.and_then(|port| self.engine.streams.stream(port));
        let written = connection.write(now_ns, stream.map(AsRef::as_ref));
        let is_done = match written {
            Written::Gone => {
                let reason = connection.closing.unwrap_or(CloseReason::Disconnected);
                return self.drop_connection(place, reason);
            }
            Written::All => true,
            Written::Some => false,
        };
        if is_done && let Some(reason) = connection.closing {
            return self.drop_connection(place, reason);
        }
        let is_blocked = !is_done && connection.has_output();
        if !is_done && !is_blocked {
            self.mark_dirty(place);
        } else if is_blocked != connection.waits_for_room {
            connection.waits_for_room = is_blocked;
            let _comes_again_with_the_next_message =
                self.poll.want_writes(&connection.socket, connection.token, is_blocked);
        }
        Ok(())
    }
}
