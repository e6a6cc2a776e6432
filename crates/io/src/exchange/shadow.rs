// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The exchange of a standby: core, ledger and streams that follow a journal another writes. Nothing
//! leaves; the streams lie ready for the moment when it is the primary.

use std::collections::VecDeque;

use onetape_core::component::{Component, Entry, Outbox, Snapshot, SnapshotError};

use super::component::Core;
use super::config::{Commit, ServerConfig};
use super::engine::Engine;
use super::error::ServerError;
use super::ledger::Ledger;
use super::recover::{Recovered, restore_state, save_state};
use super::streams::{PUBLIC, Streams, StreamsConfig};
use crate::journal_file::JournalWriter;
use crate::replica::{ReplicaError, steady_ns};

/// Public messages of the last moments before a take-over are said again, under their numbers: the
/// dead primary may not have sent them. So much counts as a moment.
const MOMENT_NS: i64 = 300_000_000;
/// How often the number of public messages is noted.
const NOTE_NS: i64 = 50_000_000;
const NOTES_MAX: usize = (MOMENT_NS / NOTE_NS) as usize + 2;

/// An exchange that follows.
#[derive(Debug)]
pub struct Shadow<C> {
    core: C,
    streams: Streams,
    ledger: Ledger,
    error: Option<ServerError>,
    /// When there were how many public messages.
    published: VecDeque<(i64, u64)>,
}

/// Passes outputs on, and has the ledger note them.
struct Noting<'a> {
    out: &'a mut dyn Outbox,
    ledger: &'a mut Ledger,
}

impl Outbox for Noting<'_> {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        self.ledger.note_output(kind, body);
        self.out.emit(kind, version, body);
    }
}

impl<C: Core> Shadow<C> {
    /// An exchange without a past.
    pub(super) fn make(config: &ServerConfig, make: &impl Fn() -> C) -> Result<Self, ReplicaError> {
        let streams = Streams::new(StreamsConfig {
            folder: config.streams.clone(),
            port_bytes_max: config.port_bytes_max,
            itch_bytes_max: config.itch_bytes_max,
            ports: config.ports.iter().map(|port| port.id).collect(),
        });
        let streams = streams.map_err(|err| ReplicaError::Option { what: err.to_string() })?;
        let (ledger, published) = (Ledger::default(), VecDeque::new());
        Ok(Self { core: make(), streams, ledger, error: None, published })
    }

    /// Becomes the exchange that writes the journal.
    pub(super) fn into_engine(
        self,
        journal: JournalWriter,
        commit: Commit,
    ) -> Result<(Engine<C>, Recovered), ServerError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let long_ago_ns = steady_ns() - MOMENT_NS;
        let sent = self.published.iter().rev().find(|(at_ns, _)| *at_ns <= long_ago_ns);
        let mut recovered = Recovered {
            entries: journal.last_seq(),
            published: sent.map_or(0, |&(_, count)| count),
            ..Recovered::default()
        };
        let Self { core, mut streams, ledger, .. } = self;
        recovered.streams = streams.settle();
        if ledger.ended {
            streams.end_day();
        }
        let body = Vec::with_capacity(1 << 16);
        Ok((Engine { journal, core, streams, ledger, commit, body, followed: None }, recovered))
    }

    /// Keeps what went wrong with the streams until somebody wants them. The core goes on: what it
    /// makes is compared.
    fn keep(&mut self, done: Result<(), ServerError>) {
        if let Err(error) = done {
            self.error.get_or_insert(error);
        }
    }

    /// Remembers how many public messages there are now.
    fn note_published(&mut self) {
        let now_ns = steady_ns();
        if self.published.back().is_some_and(|(at_ns, _)| now_ns - at_ns < NOTE_NS) {
            return;
        }
        if self.published.len() > NOTES_MAX {
            self.published.pop_front();
        }
        self.published.push_back((now_ns, self.streams.count(PUBLIC)));
    }
}

impl<C: Core> Component for Shadow<C> {
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        if let Some(day) = self.ledger.note_input(&entry) {
            let begun = self.streams.begin(day);
            self.keep(begun);
            self.published.clear();
        }
        let mut noting = Noting { out, ledger: &mut self.ledger };
        self.core.apply(entry, &mut noting, &mut self.streams);
        let ended = self.streams.end_input(entry.seq, 0);
        self.keep(ended);
        self.streams.forget_waiting();
        if entry.seq.is_multiple_of(64) {
            self.note_published();
        }
    }

    fn state_hash(&self) -> u64 {
        self.core.state_hash()
    }
}

impl<C: Core> Snapshot for Shadow<C> {
    fn save(&self, out: &mut Vec<u8>) {
        if save_state(&self.core, &self.streams, &self.ledger, out).is_err() {
            out.clear(); // Nobody can take it up; the one before is taken.
        }
    }

    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError> {
        let Self { core, streams, ledger, .. } = self;
        match restore_state(core, streams, ledger, bytes) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(what)) => Err(SnapshotError::Invalid { what }),
            Err(_) => Err(SnapshotError::Invalid { what: "the streams cannot be had" }),
        }
    }
}
