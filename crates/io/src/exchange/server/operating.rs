// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Operators' requests, one after the other, on the engine's thread: each becomes an input.

use std::collections::BTreeMap;

use onetape_core::events::{
    ClockTicked, OrderAccepted, OrderCanceled, OrderRejected, TradeExecuted,
};
use onetape_core::events::{CloseReason, Phase, kind_name};
use serde_json::{Value, json};

use super::Server;
use crate::exchange::component::Core;
use crate::exchange::config::Day;
use crate::exchange::control::{Command, Request, phase_name};
use crate::exchange::error::ServerError;
use crate::exchange::latency::Latency;
use crate::exchange::standing::alone;
use crate::exchange::streams::{PUBLIC, session_name};

/// Instruments in one status answer; the rest is counted.
const PHASES_MAX: usize = 1_000;

impl<C: Core> Server<C> {
    /// Answers all requests that wait.
    pub(super) fn operate(&mut self) -> Result<(), ServerError> {
        while let Ok(Request { user, command, reply }) = self.requests.try_recv() {
            if command == Command::Snapshot {
                self.snapshots.take(&self.engine, Some(reply));
                continue;
            }
            let answer = self.obey(&user, command)?;
            let _nobody_waits_any_more = reply.send(answer);
        }
        Ok(())
    }

    fn obey(&mut self, user: &str, command: Command) -> Result<Value, ServerError> {
        let at = self.now();
        match command {
            Command::Status { hash } => Ok(self.status(hash)),
            Command::Continuity => Ok(json!({
                "ok": true,
                "commit": self.engine.commit.name(),
                "seq": self.engine.journal.last_seq(),
                "continuity": self.standing(),
            })),
            Command::Operate(command) => {
                self.engine.followed = Some(Vec::new());
                let done = self.engine.command(at, &command, user);
                let followed = self.engine.followed.take().unwrap_or_default();
                Ok(self.answer(done?, &followed))
            }
            Command::StartDay { date, session } => self.start_day(date, session),
            Command::Snapshot => Ok(refusal("a snapshot answers when it is on disk")),
            Command::Stop => {
                self.stop.stop();
                Ok(json!({"ok": true, "seq": self.engine.journal.last_seq()}))
            }
        }
    }

    /// Begins the next day: sessions of the last one end.
    fn start_day(&mut self, date: u32, session: [u8; 16]) -> Result<Value, ServerError> {
        let ledger = &self.engine.ledger;
        if ledger.day.is_some() && !ledger.ended {
            return Ok(refusal("the day has not ended: send end-of-day first"));
        }
        if ledger.day.is_some_and(|day| day.date >= date || day.session == session) {
            return Ok(refusal("expected a later date and another session name"));
        }
        let Some(midnight_ts_ns) = midnight_after(ledger.day, date, &self.config.day) else {
            return Ok(refusal("expected a date as yyyymmdd, a day of the calendar"));
        };
        if !self.finish_day()? {
            return Ok(refusal("what followed from the day's end is not committed yet: try again"));
        }
        for place in 0..self.connections.len() {
            if self.connections[place].as_ref().is_some_and(|open| open.port.is_some()) {
                self.drop_connection(place, CloseReason::Operator)?;
            }
        }
        self.engine.journal.commit()?;
        self.release()?;
        let at = self.now();
        self.engine.followed = Some(Vec::new());
        let begun = self.engine.start_day(at, Day { date, midnight_ts_ns, session });
        let opened = self.engine.open_market(self.now(), self.config.phase);
        let followed = self.engine.followed.take().unwrap_or_default();
        let seq = begun.and_then(|seq| opened.map(|()| seq))?;
        if let Some(today) = self.engine.streams.board().today() {
            self.lines.begin(&today, 1);
        }
        Ok(self.answer(seq, &followed))
    }

    /// The number of an operator's input, and what followed from it.
    fn answer(&self, seq: u64, followed: &[(u16, Vec<u8>)]) -> Value {
        let mut counts = BTreeMap::<&str, u64>::new();
        for (kind, _) in followed {
            *counts.entry(kind_name(*kind).unwrap_or("unknown")).or_default() += 1;
        }
        let committed = self.engine.committed_seq() >= seq;
        json!({"ok": true, "seq": seq, "committed": committed, "followed": counts})
    }

    /// How the cluster stands, if there is one.
    fn standing(&self) -> Value {
        let last_seq = self.engine.journal.last_seq();
        self.continuity.as_ref().map_or_else(alone, |continuity| continuity.standing(last_seq))
    }

    fn status(&self, hash: bool) -> Value {
        let engine = &self.engine;
        let ledger = &engine.ledger;
        let day = ledger.day.map(|day| {
            json!({"date": day.date, "session": session_name(&day.session), "ended": ledger.ended})
        });
        let phases: Vec<Value> = ledger
            .phases
            .iter()
            .take(PHASES_MAX)
            .map(|(instrument, phase)| {
                let phase = Phase::from_raw(*phase).map_or("unknown", phase_name);
                json!({"instrument": instrument, "phase": phase})
            })
            .collect();
        let blocked: Vec<Value> = ledger
            .blocked
            .iter()
            .map(|(scope, id)| json!({"scope": scope_name(*scope), "id": id}))
            .collect();
        json!({
            "ok": true,
            "day": day,
            "cancel_only": ledger.cancel_only,
            "paused": self.is_paused,
            "commit": engine.commit.name(),
            "journal": {
                "seq": engine.journal.last_seq(),
                "committed_seq": engine.committed_seq(),
                "waiting": engine.streams.waiting(),
                "bytes_left": engine.journal.bytes_left(),
                "nearly_full": self.is_nearly_full,
                "stalls": engine.journal.stalls(),
                "times_raised": engine.journal.times_raised(),
            },
            "state_hash": hash.then(|| format!("{:016x}", engine.core.state_hash())),
            "continuity": self.standing(),
            "clock": {
                "ticks": ledger.ticks,
                "steps_forward": self.clock.steps_forward(),
                "steps_back": self.clock.steps_back(),
                "ahead_ns": self.clock.ahead_ns(),
            },
            "snapshot": self.snapshots.standing(),
            "ports": self.ports(),
            "phases": phases,
            "instruments": ledger.phases.len(),
            "blocked": blocked,
            "counts": self.counted(),
            "market_data": {
                "messages": engine.streams.stream(PUBLIC).map_or(0, |stream| stream.released()),
                "unsent": self.unsent(),
                "packets": self.lines.packets_sent(),
                "packets_failed": self.lines.failed(),
                "behind": percentiles(&self.published),
            },
            "latency": self.latencies(),
        })
    }

    /// Public messages that may leave and have not.
    fn unsent(&self) -> u64 {
        let released = self.engine.streams.stream(PUBLIC).map_or(0, |stream| stream.released());
        if self.config.lines.is_empty() { 0 } else { released.saturating_sub(self.lines.sent()) }
    }

    fn ports(&self) -> Vec<Value> {
        let port = |port: &crate::exchange::config::PortConfig| {
            let stream = self.engine.streams.stream(port.id);
            json!({
                "port": port.id,
                "username": port.username,
                "format": format!("{:?}", port.format),
                "connected": self.by_port[port.id as usize].is_some(),
                "messages": stream.map_or(0, |stream| stream.released()),
            })
        };
        self.config.ports.iter().map(port).collect()
    }

    fn counted(&self) -> Value {
        let ledger = &self.engine.ledger;
        let counts = self.counts;
        json!({
            "connections": counts.connections,
            "connections_refused": counts.refused,
            "connections_displaced": counts.displaced,
            "logins": counts.logins,
            "logins_rejected": counts.logins_rejected,
            "messages": counts.messages,
            "messages_garbled": counts.garbled,
            "closed_protocol": counts.protocol,
            "closed_slow": counts.slow,
            "closed_silent": counts.silent,
            "nearly_full": counts.nearly_full,
            "snapshots_failed": counts.snapshots_failed + self.snapshots.failed(),
            "streams_dropped": self.engine.streams.dropped(),
            "orders_accepted": ledger.count(OrderAccepted::KIND),
            "orders_rejected": ledger.count(OrderRejected::KIND),
            "orders_canceled": ledger.count(OrderCanceled::KIND),
            "trades": ledger.count(TradeExecuted::KIND),
            "ticks": ledger.count(ClockTicked::KIND),
        })
    }

    /// Times from receipt to sending, in nanoseconds.
    fn latencies(&self) -> Value {
        let mut latencies = percentiles(&self.latency);
        latencies["commit"] = self.engine.commit.name().into();
        latencies
    }
}

/// A distribution, in nanoseconds.
fn percentiles(latency: &Latency) -> Value {
    let histogram = latency.histogram();
    json!({
        "count": histogram.len(),
        "p50_ns": histogram.value_at_quantile(0.5),
        "p90_ns": histogram.value_at_quantile(0.9),
        "p99_ns": histogram.value_at_quantile(0.99),
        "p999_ns": histogram.value_at_quantile(0.999),
        "max_ns": histogram.max(),
    })
}

/// What an operator is told when nothing was done.
pub(crate) fn refusal(why: &str) -> Value {
    json!({"ok": false, "error": why})
}

const fn scope_name(scope: u8) -> &'static str {
    match scope {
        1 => "port",
        2 => "firm",
        3 => "market",
        _ => "unknown",
    }
}

/// Days since the Unix epoch of a date as yyyymmdd; `None` when the calendar has no such day.
fn days_of(date: u32) -> Option<i64> {
    let (year, month, day) = (date / 10_000, date / 100 % 100, date % 100);
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, 28 + u32::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let before = lengths.get(..month.checked_sub(1)? as usize)?;
    let length = lengths.get(before.len())?;
    if day == 0 || day > *length || !(1970..=2200).contains(&year) {
        return None;
    }
    let years = year - 1;
    let days = years * 365 + years / 4 - years / 100 + years / 400;
    let of_year = before.iter().sum::<u32>() + day - 1;
    // 1970-01-01 is day 719,162 of this count.
    Some(i64::from(days + of_year) - 719_162)
}

/// Midnight of a date, so many days after that of a day that is known.
fn midnight_after(known: Option<Day>, date: u32, configured: &Day) -> Option<i64> {
    let known = known.unwrap_or(*configured);
    let days = days_of(date)? - days_of(known.date)?;
    known.midnight_ts_ns.checked_add(days.checked_mul(86_400_000_000_000)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (date, expected) in [
            (19_700_101, Some(0)),
            (19_701_231, Some(364)),
            (20_000_301, Some(11_017)),
            (20_240_229, Some(19_782)),
            (20_261_121, Some(20_778)),
            (20_230_229, None),
            (20_231_301, None),
            (20_230_001, None),
            (20_230_100, None),
        ] {
            assert_eq!(days_of(date), expected, "{date}");
        }
    }

    #[test]
    fn the_next_midnight_is_so_many_days_after_the_last() {
        let day = Day { date: 20_240_228, midnight_ts_ns: 5, session: [0; 16] };
        let next = midnight_after(Some(day), 20_240_301, &day);
        assert_eq!(next, Some(5 + 2 * 86_400_000_000_000));
    }
}
