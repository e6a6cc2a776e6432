// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What is done by the clock: ticks, heartbeats, slow and silent clients, room on the disk, the end.

use std::time::{Duration, Instant};

use onetape_core::events::{ClockTicked, CloseReason, Operation, OperatorCommanded};

use super::Server;
use crate::exchange::component::Core;
use crate::exchange::config::ServerConfig;
use crate::exchange::error::ServerError;
use crate::exchange::streams::Room;

/// Time between two looks at the sessions and lines.
const LOOK_NS: i64 = 20_000_000;
/// Time between two attempts to get more room for the journal.
const RETRY_NS: i64 = 1_000_000_000;
/// Who the shell is to the journal.
pub(super) const SHELL: &str = "exchange";
/// Longest that a stop waits for commits and for clients to take what is theirs.
const FAREWELL_TIME: Duration = Duration::from_millis(500);

/// When the next snapshot is due; never, if none are wanted.
pub(super) fn snapshot_after(config: &ServerConfig, now_ns: i64) -> i64 {
    let every_ns = i64::try_from(config.snapshot_every.as_nanos()).unwrap_or(i64::MAX);
    if every_ns == 0 { i64::MAX } else { now_ns.saturating_add(every_ns) }
}

impl<C: Core> Server<C> {
    /// Lets time pass for the core.
    pub(super) fn tick(&mut self, now_ns: i64) -> Result<(), ServerError> {
        let every_ns = i64::from(self.config.tick_ms) * 1_000_000;
        self.next_tick_ns = (self.next_tick_ns + every_ns).max(now_ns);
        self.clock.correct();
        self.mind_the_disk(now_ns)?;
        if self.is_paused {
            return Ok(());
        }
        let tick = self.engine.ledger.ticks + 1;
        let kind = (ClockTicked::KIND, ClockTicked::VERSION);
        let at = self.now();
        self.engine.input(at, kind, &ClockTicked { tick }.encode(), &[]).map(|_| ())
    }

    /// Makes the market cancel-only while the journal or a stream may soon be full, and stops
    /// listening while it is. A sync that failed ends the exchange: nothing would ever leave again.
    fn mind_the_disk(&mut self, now_ns: i64) -> Result<(), ServerError> {
        if let Some(errno) = self.engine.journal.sync_error() {
            let source = std::io::Error::from_raw_os_error(errno);
            return Err(ServerError::io(self.engine.journal.folder(), "sync", source));
        }
        let room = self.engine.streams.room();
        let is_journal_short = self.engine.journal.is_nearly_full();
        let is_nearly_full = is_journal_short || room != Room::Enough;
        if is_journal_short && now_ns >= self.next_retry_ns {
            self.next_retry_ns = now_ns + RETRY_NS;
            self.engine.journal.retry_next();
        }
        let reserve = (self.config.options.segment_bytes / 8).max(1 << 14);
        self.is_paused =
            room == Room::None || is_journal_short && self.engine.journal.bytes_left() < reserve;
        if is_nearly_full != self.is_nearly_full && !self.is_paused {
            self.is_nearly_full = is_nearly_full;
            self.counts.nearly_full += u64::from(is_nearly_full);
            let command = OperatorCommanded {
                value: i64::from(is_nearly_full),
                operation: u16::from(Operation::CancelOnly.raw()),
                reserved1: 0,
                instrument_id: 0,
                firm_id: 0,
                port_id: 0,
            };
            let at = self.now();
            self.engine.command(at, &command, SHELL)?;
        }
        Ok(())
    }

    /// Looks after sessions and lines.
    pub(super) fn look(&mut self, now_ns: i64) -> Result<(), ServerError> {
        self.next_look_ns = now_ns + LOOK_NS;
        for place in 0..self.connections.len() {
            self.look_at(place, now_ns)?;
        }
        let ended = self.engine.ledger.ended && self.engine.streams.waiting() == 0;
        if ended {
            self.end_sessions(now_ns);
        }
        if now_ns >= self.next_snapshot_ns {
            self.next_snapshot_ns = snapshot_after(&self.config, now_ns);
            // A standby takes its own, and stops nobody for it.
            let has_standby = self.continuity.as_ref().is_some_and(|own| own.standby().connected);
            if !has_standby && !self.is_nearly_full {
                self.snapshots.take(&self.engine, None);
            }
        }
        let all_sent = !self.publishes_more;
        self.lines.keep_alive(now_ns, ended && all_sent);
        Ok(())
    }

    fn look_at(&mut self, place: usize, now_ns: i64) -> Result<(), ServerError> {
        let Some(connection) = &mut self.connections[place] else { return Ok(()) };
        let (session, out) = connection.session_and_out();
        let was_silent = session.is_silent(now_ns, out);
        let wrote = !out.is_empty();
        let stream = connection.port.and_then(|port| self.engine.streams.stream(port));
        let stalled_ns = i64::from(self.config.stalled_ms) * 1_000_000;
        let is_slow = connection.is_slow(
            now_ns,
            stream.map(AsRef::as_ref),
            self.config.output_bytes_max,
            stalled_ns,
        );
        if is_slow {
            self.counts.slow += 1;
            return self.drop_connection(place, CloseReason::Slow);
        }
        if was_silent {
            self.counts.silent += 1;
            return self.drop_connection(place, CloseReason::Silent);
        }
        if wrote {
            self.mark_dirty(place);
        }
        Ok(())
    }

    /// Tells everybody who has had all of it that the day's session is over.
    fn end_sessions(&mut self, now_ns: i64) {
        for place in 0..self.connections.len() {
            let Some(connection) = &mut self.connections[place] else { continue };
            let Some(port) = connection.port else { continue };
            let Some(stream) = self.engine.streams.stream(port) else { continue };
            let (session, out) = connection.session_and_out();
            if !session.is_active() || session.position() <= stream.released() {
                continue;
            }
            session.end(now_ns, out);
            connection.closing.get_or_insert(CloseReason::Operator);
            self.mark_dirty(place);
        }
    }

    /// Closes everything: sessions with notice, then the journal.
    pub(super) fn close(&mut self) -> Result<(), ServerError> {
        let until = Instant::now() + FAREWELL_TIME;
        let closed = self.say_farewell(until);
        // A snapshot only makes the next start short: a disk without room for it is no failure.
        if closed.is_ok() {
            self.snapshots.take(&self.engine, None);
        }
        self.snapshots.finish();
        let finished = self.engine.journal.finish().map_err(ServerError::from);
        closed.and(finished)
    }

    fn say_farewell(&mut self, until: Instant) -> Result<(), ServerError> {
        for place in 0..self.connections.len() {
            self.end(place, CloseReason::Shutdown)?;
            let Some(connection) = &mut self.connections[place] else { continue };
            let (session, out) = connection.session_and_out();
            session.say_farewell(out);
        }
        self.engine.journal.commit()?;
        self.deliver(until, |server| server.connections.iter().all(Option::is_none)).map(|_| ())
    }

    /// Ends the sessions of a day that has ended, once everything that followed from it has left;
    /// false when that is not to be had soon.
    pub(super) fn finish_day(&mut self) -> Result<bool, ServerError> {
        self.engine.journal.commit()?;
        if !self.deliver(Instant::now() + FAREWELL_TIME, |_| true)? {
            return Ok(false);
        }
        self.end_sessions(self.clock.elapsed_ns());
        self.dirty_all();
        self.send()?;
        Ok(true)
    }

    /// Sends until nothing waits for a commit or for its line, and `is_done`; whether that came.
    fn deliver(
        &mut self,
        until: Instant,
        is_done: impl Fn(&Self) -> bool,
    ) -> Result<bool, ServerError> {
        loop {
            self.release()?;
            self.send()?;
            self.publish();
            if self.engine.streams.waiting() == 0 && !self.publishes_more && is_done(self) {
                return Ok(true);
            }
            if Instant::now() >= until {
                return Ok(false);
            }
            self.dirty_all();
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Offers every socket what waits for it.
    fn dirty_all(&mut self) {
        for place in 0..self.connections.len() {
            self.mark_dirty(place);
        }
    }
}
