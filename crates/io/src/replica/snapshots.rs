// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! When a snapshot is due, and a thread that writes it: whoever has the component only copies it
//! into memory. A standby takes them, so that the primary need not.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use onetape_core::component::{Component, Snapshot};
use onetape_core::journal::snapshot::SnapshotHeader;

use super::error::ReplicaError;
use crate::journal_file::{JournalFileError, list_snapshots, write_snapshot};

/// When a snapshot is due: after so many entries, but no sooner than so much time after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotPolicy {
    /// Entries since the last one; 0: none is ever due. A restart replays about so many at most.
    pub entries: u64,
    /// Time since the last one.
    pub pause: Duration,
    /// How many are kept, the newest; at least 1.
    pub kept: usize,
    /// Version of the layout of the component's state.
    pub component_version: u32,
    /// Version of the schema.
    pub schema_version: u32,
}

impl Default for SnapshotPolicy {
    fn default() -> Self {
        Self {
            entries: 2_000_000,
            pause: Duration::from_secs(30),
            kept: 3,
            component_version: 1,
            schema_version: onetape_core::events::SCHEMA_VERSION,
        }
    }
}

/// A state to be written.
type Job = (SnapshotHeader, Vec<u8>);

/// Takes snapshots as the policy says, one at a time.
#[derive(Debug)]
pub struct SnapshotTaker {
    policy: SnapshotPolicy,
    last_seq: u64,
    last_time: Instant,
    jobs: Option<SyncSender<Job>>,
    /// Buffers come back to be used again.
    spare: Receiver<Vec<u8>>,
    thread: Option<JoinHandle<Result<(), JournalFileError>>>,
    refused: u64,
}

impl SnapshotTaker {
    /// A taker for the journal in `folder`, whose newest snapshot is of `last_seq`.
    ///
    /// # Errors
    /// [`ReplicaError::Io`] when there is no thread to be had.
    pub fn start(
        folder: PathBuf,
        policy: SnapshotPolicy,
        last_seq: u64,
    ) -> Result<Self, ReplicaError> {
        let (jobs, todo) = sync_channel::<Job>(1);
        let (back, spare) = sync_channel(2);
        let work = move || {
            for (header, bytes) in todo {
                write_snapshot(&folder, &header, &bytes)?;
                forget_old(&folder, policy.kept)?;
                let _nobody_needs_it = back.try_send(bytes);
            }
            Ok(())
        };
        let thread = thread::Builder::new()
            .name("snapshots".to_owned())
            .spawn(work)
            .map_err(|err| ReplicaError::io("start the thread of snapshots", err))?;
        let (jobs, thread) = (Some(jobs), Some(thread));
        let last_time = Instant::now();
        Ok(Self { policy, last_seq, last_time, jobs, spare, thread, refused: 0 })
    }

    /// Whether one is due after entry `seq`. The clock is read only when the entries are enough.
    #[inline]
    #[must_use]
    pub fn is_due(&self, seq: u64) -> bool {
        self.policy.entries != 0
            && seq.saturating_sub(self.last_seq) >= self.policy.entries
            && self.last_time.elapsed() >= self.policy.pause
    }

    /// Takes one: the state after entry `seq` of time `ts_ns`, none of whose outputs is outstanding.
    /// Says whether it was taken; it is not while the one before is still being written.
    pub fn take(&mut self, component: &(impl Component + Snapshot), seq: u64, ts_ns: i64) -> bool {
        self.last_time = Instant::now();
        let Some(jobs) = &self.jobs else { return false };
        let mut bytes = self.spare.try_recv().unwrap_or_default();
        bytes.clear();
        component.save(&mut bytes);
        let header = SnapshotHeader {
            seq,
            ts_ns,
            state_hash: component.state_hash(),
            schema_version: self.policy.schema_version,
            component_version: self.policy.component_version,
        };
        match jobs.try_send((header, bytes)) {
            Ok(()) => {
                self.last_seq = seq;
                true
            }
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                self.refused += 1;
                false
            }
        }
    }

    /// How many were due and could not be taken.
    #[must_use]
    pub const fn refused(&self) -> u64 {
        self.refused
    }

    /// Waits until the last one is on disk.
    ///
    /// # Errors
    /// What kept one from being written. Nothing is lost by it but time at the next start.
    pub fn finish(mut self) -> Result<(), ReplicaError> {
        self.jobs = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(Err(err))) => Err(err.into()),
            _ => Ok(()),
        }
    }
}

/// Removes all but the newest `kept`.
pub(crate) fn forget_old(folder: &std::path::Path, kept: usize) -> Result<(), JournalFileError> {
    let all = list_snapshots(folder)?;
    let old = all.len().saturating_sub(kept.max(1));
    for info in &all[..old] {
        let _no_harm_if_it_stays = std::fs::remove_file(&info.path);
    }
    Ok(())
}
