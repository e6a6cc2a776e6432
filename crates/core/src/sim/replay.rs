// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Runs a journal again: its inputs are applied, and what follows must be its outputs.
//!
//! [`Replay`] needs the journal alone. [`ResumeSink`] is for a run that was cut off: the run starts
//! again from its source, everything it appends must equal what the journal holds already, and
//! where the journal ends it goes on writing.

use std::collections::VecDeque;

use super::engine::{Engine, EngineConfig, sources};
use crate::component::{Component, Entry, Outbox, Snapshot, SnapshotError};
use crate::events::{SnapshotTaken, StateHashed};
use crate::journal::{Sink, SinkError};

/// The first entry where a replay and its journal differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Sequence number of the journal's entry.
    pub seq: u64,
    /// Kind and body that the replay made; `None` when it made nothing here.
    pub made: Option<(u16, Vec<u8>)>,
    /// Kind and body that the journal has; `None` when it has an input or nothing here.
    pub found: Option<(u16, Vec<u8>)>,
}

/// Outputs of one input, kept until the journal's are seen.
#[derive(Default)]
struct Made {
    outputs: VecDeque<(u16, Vec<u8>)>,
}

impl Outbox for Made {
    fn emit(&mut self, kind: u16, _version: u8, body: &[u8]) {
        self.outputs.push_back((kind, body.to_vec()));
    }
}

/// A journal being run again.
pub struct Replay {
    engine: Engine,
    made: Made,
    entries: u64,
    hashes: u64,
}

impl Replay {
    /// Version of the layout of an engine's snapshot.
    pub const SNAPSHOT_VERSION: u32 = 1;

    /// A replay from the first entry.
    #[must_use]
    pub fn new(config: EngineConfig) -> Self {
        Self { engine: Engine::new(config), made: Made::default(), entries: 0, hashes: 0 }
    }

    /// Takes up a snapshot's state: entries after its sequence number come next.
    ///
    /// # Errors
    /// When the bytes are not such a state, or it was made with other limits.
    pub fn restore(&mut self, mut bytes: &[u8]) -> Result<(), SnapshotError> {
        self.engine.restore(&mut bytes)?;
        if bytes.is_empty() {
            Ok(())
        } else {
            Err(SnapshotError::Invalid { what: "bytes left over" })
        }
    }

    /// Takes in the next entry of the journal.
    ///
    /// # Errors
    /// [`Mismatch`] when it is not what the replay made.
    pub fn apply(&mut self, entry: Entry<'_>) -> Result<(), Mismatch> {
        self.entries += 1;
        let found = || Some((entry.kind, entry.body.to_vec()));
        if entry.source != sources::ENGINE {
            if let Some(made) = self.made.outputs.pop_front() {
                return Err(Mismatch { seq: entry.seq, made: Some(made), found: None });
            }
            self.engine.apply(entry, &mut self.made);
            self.engine.forget_callbacks();
            return Ok(());
        }
        let made = match entry.kind {
            StateHashed::KIND | SnapshotTaken::KIND => {
                self.hashes += 1;
                Some((entry.kind, StateHashed { state_hash: self.state_hash() }.encode().to_vec()))
            }
            _ => self.made.outputs.pop_front(),
        };
        if made.as_ref().is_some_and(|(kind, body)| *kind == entry.kind && body == entry.body) {
            return Ok(());
        }
        Err(Mismatch { seq: entry.seq, made, found: found() })
    }

    /// Outputs made that the journal did not hold: it was cut off there.
    #[must_use]
    pub fn outputs_missing(&self) -> usize {
        self.made.outputs.len()
    }

    /// Entries taken in.
    #[must_use]
    pub const fn entries(&self) -> u64 {
        self.entries
    }

    /// State hashes compared.
    #[must_use]
    pub const fn hashes(&self) -> u64 {
        self.hashes
    }

    /// Digest of the state.
    #[must_use]
    pub fn state_hash(&self) -> u64 {
        self.engine.state_hash()
    }

    /// The engine, to look at.
    #[must_use]
    pub const fn engine(&self) -> &Engine {
        &self.engine
    }
}

/// What a cut-off journal holds, one entry at a time, to compare with.
pub trait Expected {
    /// Whether the next entry has these contents; `None` when there are no more entries.
    fn matches_next(
        &mut self,
        ts_ns: i64,
        kind: u16,
        source: u32,
        fixed: &[u8],
        tail: &[u8],
    ) -> Option<bool>;
}

/// Appends to a journal that holds a run's beginning already.
pub struct ResumeSink<E, S> {
    expected: Option<E>,
    inner: S,
    seq: u64,
    ts_ns: i64,
    entries_matched: u64,
    counts: [u64; KINDS],
}

/// Kinds that are counted; those of the schema are below this.
const KINDS: usize = 128;

impl<E: Expected, S: Sink> ResumeSink<E, S> {
    /// `inner` continues after the last entry that `expected` gives.
    #[must_use]
    pub const fn new(expected: Option<E>, inner: S) -> Self {
        let counts = [0; KINDS];
        Self { expected, inner, seq: 0, ts_ns: i64::MIN, entries_matched: 0, counts }
    }

    /// Entries by kind, of this run: kind and count, without those that never came.
    pub fn counts(&self) -> impl Iterator<Item = (u16, u64)> {
        let all = self.counts.iter().enumerate().map(|(kind, &count)| (kind as u16, count));
        all.filter(|&(_, count)| count != 0)
    }

    /// The journal behind it.
    pub const fn inner_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The journal behind it.
    #[must_use]
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    /// What is still expected; `None` once the run has passed the end of what was there.
    #[must_use]
    pub const fn expected(&self) -> Option<&E> {
        self.expected.as_ref()
    }

    /// Entries that were there already and came out equal.
    #[must_use]
    pub const fn entries_matched(&self) -> u64 {
        self.entries_matched
    }
}

impl<E: Expected, S: Sink> Sink for ResumeSink<E, S> {
    #[inline]
    fn append(
        &mut self,
        ts_ns: i64,
        kind: u16,
        version: u8,
        source: u32,
        fixed: &[u8],
        tail: &[u8],
    ) -> Result<u64, SinkError> {
        self.counts[usize::from(kind) % KINDS] += 1;
        if let Some(expected) = &mut self.expected {
            let ts_ns = ts_ns.max(self.ts_ns);
            match expected.matches_next(ts_ns, kind, source, fixed, tail) {
                Some(true) => {
                    self.seq += 1;
                    self.ts_ns = ts_ns;
                    self.entries_matched = self.seq;
                    return Ok(self.seq);
                }
                Some(false) => return Err(SinkError::Differs { seq: self.seq + 1 }),
                None => self.expected = None,
            }
        }
        self.inner.append(ts_ns, kind, version, source, fixed, tail)
    }

    fn last_seq(&self) -> u64 {
        if self.expected.is_some() { self.seq } else { self.inner.last_seq() }
    }

    #[inline]
    fn last_ts_ns(&self) -> i64 {
        if self.expected.is_some() { self.ts_ns } else { self.inner.last_ts_ns() }
    }
}
