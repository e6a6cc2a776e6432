// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Snapshots of an exchange at work. The engine copies its state into memory; a thread of its own
//! syncs and digests the streams, and writes. Nobody waits for it but who asked for the snapshot.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use onetape_core::component::Snapshot as _;
use onetape_core::events::SCHEMA_VERSION;
use onetape_core::journal::snapshot::SnapshotHeader;
use serde_json::{Value, json};

use super::component::Core;
use super::engine::Engine;
use super::error::ServerError;
use super::recover::{component_version, write_marks};
use super::server::refusal;
use super::store::Stream;
use crate::journal_file::{sync_entries, write_snapshot};
use crate::replica::forget_old;

/// How many snapshots are kept, the newest.
pub(super) const KEPT: usize = 3;

/// A state, but for the marks of its streams.
pub(super) struct Copied {
    header: SnapshotHeader,
    ledger: Vec<u8>,
    /// Streams, and how many messages each had.
    streams: Vec<(u32, Arc<Stream>, u64)>,
    core: Vec<u8>,
    took: Duration,
}

impl<C: Core> Engine<C> {
    /// Copies the state into memory: all that a snapshot takes of the engine's time. `core` is where
    /// to, if there is memory from the last one.
    fn copy_state(&self, mut core: Vec<u8>) -> Copied {
        let (began, mut ledger) = (Instant::now(), Vec::new());
        core.clear();
        self.ledger.save(&mut ledger);
        let state_hash = self.core.save_hashed(&mut core);
        let header = SnapshotHeader {
            seq: self.journal.last_seq(),
            ts_ns: self.journal.last_ts_ns(),
            state_hash,
            schema_version: SCHEMA_VERSION,
            component_version: component_version::<C>(),
        };
        let streams = self.streams.counted();
        Copied { header, ledger, streams, core, took: began.elapsed() }
    }

    /// Writes the whole state down, and waits for it; says of which entry it is.
    ///
    /// # Errors
    /// [`ServerError`] when the disk refuses; then there is no such snapshot, and nothing else
    /// changes.
    pub fn write_snapshot(&self) -> Result<u64, ServerError> {
        let copied = self.copy_state(Vec::new());
        let seq = copied.header.seq;
        copied.write(self.journal.folder()).map(|()| seq)
    }
}

impl Copied {
    fn write(&self, folder: &Path) -> Result<(), ServerError> {
        let mut body = Vec::with_capacity(self.ledger.len() + self.core.len() + (1 << 12));
        body.extend_from_slice(&self.ledger);
        let mut marks = Vec::with_capacity(self.streams.len());
        for (number, stream, count) in &self.streams {
            stream.sync()?;
            marks.push((*number, stream.mark_at(*count)));
        }
        write_marks(&marks, &mut body);
        body.extend_from_slice(&self.core);
        // It must not outlive an entry that it contains.
        sync_entries(folder)?;
        write_snapshot(folder, &self.header, &body)?;
        Ok(())
    }
}

/// What is known of the snapshots since the start.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// Entry of the last one on disk; 0: none yet.
    seq: u64,
    /// How long the engine stopped for it, and how long writing it took.
    copied: Duration,
    written: Duration,
}

type Job = (Copied, Option<SyncSender<Value>>);

/// The thread that writes, one snapshot at a time.
#[derive(Debug)]
pub(super) struct Snapshots {
    jobs: Option<SyncSender<Job>>,
    /// Memory comes back to be used again.
    spare: Receiver<Vec<u8>>,
    thread: Option<JoinHandle<()>>,
    known: Arc<Mutex<Known>>,
    failed: Arc<AtomicU64>,
}

impl std::fmt::Debug for Copied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Copied").field("header", &self.header).finish_non_exhaustive()
    }
}

impl Snapshots {
    /// For the journal in `folder`.
    pub(super) fn start(folder: &Path) -> Result<Self, ServerError> {
        let (jobs, todo) = sync_channel::<Job>(1);
        let (back, spare) = sync_channel(1);
        let (known, failed) = (Arc::default(), Arc::default());
        let work = {
            let (folder, known, failed) =
                (folder.to_owned(), Arc::clone(&known), Arc::clone(&failed));
            move || write_all(&folder, (&todo, &back), &known, &failed)
        };
        let thread = thread::Builder::new().name("snapshots".to_owned()).spawn(work);
        let thread = thread.map_err(|err| ServerError::io(folder, "start a thread for", err))?;
        Ok(Self { jobs: Some(jobs), spare, thread: Some(thread), known, failed })
    }

    /// Takes one; `reply` is told when it is on disk. While others are being written there is none.
    pub(super) fn take<C: Core>(&self, engine: &Engine<C>, reply: Option<SyncSender<Value>>) {
        let Some(jobs) = &self.jobs else { return };
        if let Err(TrySendError::Full((_, reply)) | TrySendError::Disconnected((_, reply))) =
            jobs.try_send((engine.copy_state(self.spare.try_recv().unwrap_or_default()), reply))
        {
            self.failed.fetch_add(1, Ordering::Relaxed);
            if let Some(reply) = reply {
                let busy = "others are being written: ask again when they are done";
                let _nobody_waits_any_more = reply.send(refusal(busy));
            }
        }
    }

    /// How many could not be taken or written.
    pub(super) fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// For operators.
    pub(super) fn standing(&self) -> Value {
        let known = *self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let nanoseconds = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        json!({
            "seq": known.seq,
            "stopped_ns": nanoseconds(known.copied),
            "written_ns": nanoseconds(known.written),
        })
    }

    /// Waits until all are on disk.
    pub(super) fn finish(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _nothing_to_do_about_a_panic = thread.join();
        }
    }
}

impl Drop for Snapshots {
    fn drop(&mut self) {
        self.finish();
    }
}

fn write_all(
    folder: &Path,
    (todo, back): (&Receiver<Job>, &SyncSender<Vec<u8>>),
    known: &Mutex<Known>,
    failed: &AtomicU64,
) {
    for (copied, reply) in todo {
        let (seq, stopped, began) = (copied.header.seq, copied.took, Instant::now());
        let written = copied.write(folder).and_then(|()| Ok(forget_old(folder, KEPT)?));
        let answer = match &written {
            Ok(()) => json!({"ok": true, "seq": seq}),
            Err(error) => refusal(&error.to_string()),
        };
        if written.is_ok() {
            let now = Known { seq, copied: stopped, written: began.elapsed() };
            *known.lock().unwrap_or_else(PoisonError::into_inner) = now;
        } else {
            failed.fetch_add(1, Ordering::Relaxed);
        }
        let _one_is_enough = back.try_send(copied.core);
        if let Some(reply) = reply {
            let _nobody_waits_any_more = reply.send(answer);
        }
    }
}
