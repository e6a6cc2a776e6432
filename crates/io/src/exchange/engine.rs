// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The way of every input: journal, core, streams. And what may leave: what is committed.

use std::sync::atomic::Ordering;

use onetape_core::component::{Entry, Outbox};
use onetape_core::events::{DayStarted, Operation, OperatorCommanded, Phase};
use onetape_core::journal::SinkError;

use super::component::Core;
use super::config::{Commit, Day, Definition};
use super::error::ServerError;
use super::ledger::Ledger;
use super::streams::{Streams, Waiting};
use crate::journal_file::{JournalFileError, JournalWriter};
use crate::replica::steady_ns;

/// Who puts the exchange's inputs into the journal.
pub const SOURCE: u32 = 1;
/// Who changes phases by the clock, to the journal.
const SCHEDULE: &str = "schedule";

/// Journal, core and streams, which only move together.
#[derive(Debug)]
pub struct Engine<C> {
    pub(crate) journal: JournalWriter,
    pub(crate) core: C,
    pub(crate) streams: Streams,
    pub(crate) ledger: Ledger,
    pub(crate) commit: Commit,
    pub(crate) body: Vec<u8>,
    /// Outputs of the present input, kept for an operator who wants to know what followed.
    pub(crate) followed: Option<Vec<(u16, Vec<u8>)>>,
}

/// Puts outputs into the journal.
struct Outputs<'a> {
    journal: &'a mut JournalWriter,
    ledger: &'a mut Ledger,
    followed: Option<&'a mut Vec<(u16, Vec<u8>)>>,
    ts_ns: i64,
    error: Option<SinkError>,
}

impl Outbox for Outputs<'_> {
    #[inline]
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        if let Err(error) = self.journal.append(self.ts_ns, kind, version, 0, body, &[]) {
            self.error.get_or_insert(error);
        }
        self.ledger.note_output(kind, body);
        if let Some(followed) = &mut self.followed {
            followed.push((kind, body.to_vec()));
        }
    }
}

/// What a failed append means, with the folder.
pub(crate) fn journal_error(journal: &JournalWriter, error: SinkError) -> ServerError {
    let path = journal.folder().to_owned();
    let os = std::io::Error::from_raw_os_error;
    ServerError::Journal(match error {
        SinkError::Full => JournalFileError::Full { path, source: os(libc::ENOSPC) },
        SinkError::TooLong { length, length_max } => {
            JournalFileError::TooLong { length, length_max }
        }
        SinkError::Io { errno } => {
            JournalFileError::Io { path, doing: "append to", source: os(errno) }
        }
        _ => JournalFileError::Io { path, doing: "append to", source: os(libc::EIO) },
    })
}

/// What the exchange itself does to all of the market.
fn over_all(operation: Operation, value: i64) -> OperatorCommanded {
    OperatorCommanded {
        value,
        operation: u16::from(operation.raw()),
        reserved1: 0,
        instrument_id: 0,
        firm_id: 0,
        port_id: 0,
    }
}

impl<C: Core> Engine<C> {
    /// Takes an input in: journals it, applies it, keeps what follows. `ts_ns` is its time,
    /// `received_ns` what the stopwatch showed when it came. Returns its number.
    ///
    /// # Errors
    /// [`ServerError`]; the exchange cannot go on then.
    #[inline]
    pub(crate) fn input(
        &mut self,
        (ts_ns, received_ns): (i64, i64),
        (kind, version): (u16, u8),
        fixed: &[u8],
        tail: &[u8],
    ) -> Result<u64, ServerError> {
        let appended = self.journal.append(ts_ns, kind, version, SOURCE, fixed, tail);
        let seq = appended.map_err(|error| journal_error(&self.journal, error))?;
        self.body.clear();
        self.body.extend_from_slice(fixed);
        self.body.extend_from_slice(tail);
        let ts_ns = self.journal.last_ts_ns();
        let entry = Entry { seq, ts_ns, kind, version, source: SOURCE, body: &self.body };
        if let Some(day) = self.ledger.note_input(&entry) {
            self.streams.begin(day)?;
            self.streams.settle();
        }
        let mut outputs = Outputs {
            journal: &mut self.journal,
            ledger: &mut self.ledger,
            followed: self.followed.as_mut(),
            ts_ns,
            error: None,
        };
        self.core.apply(entry, &mut outputs, &mut self.streams);
        if let Some(error) = outputs.error {
            return Err(journal_error(&self.journal, error));
        }
        self.streams.end_input(seq, received_ns)?;
        Ok(seq)
    }

    /// The core.
    #[must_use]
    pub const fn core(&self) -> &C {
        &self.core
    }

    /// The streams.
    #[must_use]
    pub const fn streams(&self) -> &Streams {
        &self.streams
    }

    /// What the shell itself keeps.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Number of the last entry whose consequences may leave.
    #[inline]
    pub(crate) fn committed_seq(&self) -> u64 {
        match &self.commit {
            Commit::Async => self.journal.last_seq(),
            Commit::Fsync => self.journal.committed_seq(),
            Commit::Standby(held) => held.load(Ordering::Acquire),
            Commit::Replicated(gate) => gate.limit(steady_ns(), self.journal.committed_seq()),
        }
    }

    /// Releases the next thing whose input is committed. See [`Streams::release_next`].
    #[inline]
    pub(crate) fn release_next(&mut self, committed_seq: u64) -> Option<(i64, Waiting)> {
        self.streams.release_next(committed_seq)
    }

    /// Begins a day.
    pub(crate) fn start_day(&mut self, at: (i64, i64), day: Day) -> Result<u64, ServerError> {
        let Day { date, midnight_ts_ns, session } = day;
        let event = DayStarted { midnight_ts_ns, date, reserved: 0, session };
        self.input(at, (DayStarted::KIND, DayStarted::VERSION), &event.encode(), &[])
    }

    /// Ends the day for `who`.
    pub(crate) fn end_day(&mut self, at: (i64, i64), who: &str) -> Result<u64, ServerError> {
        self.command(at, &over_all(Operation::EndDay, 0), who)
    }

    /// Puts all instruments into the phase that a day begins in.
    pub(crate) fn open_market(
        &mut self,
        at: (i64, i64),
        phase: Option<Phase>,
    ) -> Result<(), ServerError> {
        let Some(phase) = phase else { return Ok(()) };
        let command = over_all(Operation::SetPhase, i64::from(phase.raw()));
        self.command(at, &command, SCHEDULE).map(|_| ())
    }

    /// Acts on the market for `who`.
    pub(crate) fn command(
        &mut self,
        at: (i64, i64),
        command: &OperatorCommanded,
        who: &str,
    ) -> Result<u64, ServerError> {
        let kind = (OperatorCommanded::KIND, OperatorCommanded::VERSION);
        let seq = self.input(at, kind, &command.encode(), who.as_bytes())?;
        if command.operation == u16::from(Operation::EndDay.raw()) {
            self.streams.end_day();
        }
        Ok(seq)
    }

    /// Journals what is defined, if it is not what is in force.
    pub(crate) fn define(
        &mut self,
        at: (i64, i64),
        definitions: &[Definition],
    ) -> Result<bool, ServerError> {
        if self.ledger.has_defined(definitions) {
            return Ok(false);
        }
        for Definition { kind, version, body } in definitions {
            self.input(at, (*kind, *version), body, &[])?;
        }
        Ok(true)
    }
}
