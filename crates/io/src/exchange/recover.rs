// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How an exchange comes to life: the newest snapshot, then the journal's tail, each output compared
//! with the one that stands there, each stream with the bytes on disk.

use onetape_core::component::Snapshot;
use onetape_core::snapshot::{read_array, read_u32, read_u64, write_u32, write_u64};

use super::component::Core;
use super::config::ServerConfig;
use super::engine::Engine;
use super::error::ServerError;
use super::ledger::Ledger;
use super::shadow::Shadow;
use super::store::{Mark, Verified};
use super::streams::{PUBLIC, Streams};
use crate::replica::{self, Replayed, ReplicaError, SnapshotPolicy, recover_with};

/// Version of what the shell adds to a snapshot of the core.
const SHELL_VERSION: u32 = 1;

/// Version of a whole snapshot: the shell's part and the core's.
pub(super) const fn component_version<C: Core>() -> u32 {
    SHELL_VERSION << 16 | C::SNAPSHOT_VERSION
}

/// Why an exchange does not come up.
fn replay_error(error: ReplicaError) -> ServerError {
    match error {
        ReplicaError::Differs { mismatch } => ServerError::ReplayDiffers { seq: mismatch.seq },
        other => ServerError::from(other),
    }
}

/// Appends the whole state: ledger, marks of the streams, core. The streams are on disk then.
pub(super) fn save_state<C: Core>(
    core: &C,
    streams: &Streams,
    ledger: &Ledger,
    body: &mut Vec<u8>,
) -> Result<(), ServerError> {
    ledger.save(body);
    write_marks(&streams.marks()?, body);
    core.save(body);
    Ok(())
}

/// Appends what each stream holds.
pub(super) fn write_marks(marks: &[(u32, Mark)], body: &mut Vec<u8>) {
    write_u32(body, marks.len() as u32);
    for (stream, mark) in marks {
        write_u32(body, *stream);
        write_u64(body, mark.count);
        body.extend_from_slice(&mark.hash);
    }
}

/// Takes up what [`save_state`] wrote; the inner error says why it does not serve.
pub(super) fn restore_state<C: Core>(
    core: &mut C,
    streams: &mut Streams,
    ledger: &mut Ledger,
    bytes: &mut &[u8],
) -> Result<Result<(), &'static str>, ServerError> {
    const BROKEN: &str = "its content does not make sense";
    if ledger.restore(bytes).is_err() {
        return Ok(Err(BROKEN));
    }
    if let Some(day) = ledger.day {
        streams.begin(day)?;
    }
    let Ok(count) = read_u32(bytes) else { return Ok(Err(BROKEN)) };
    for _ in 0..count {
        let (Ok(stream), Ok(count), Ok(hash)) =
            (read_u32(bytes), read_u64(bytes), read_array(bytes))
        else {
            return Ok(Err(BROKEN));
        };
        if !streams.resume(stream, &Mark { count, hash })? {
            return Ok(Err("the streams on disk are not what they were when it was taken"));
        }
    }
    Ok(core.restore(bytes).map_err(|_| BROKEN))
}

/// What coming to life brought to light.
#[derive(Clone, Debug, Default)]
pub struct Recovered {
    /// Entry of the snapshot that was taken up; 0 if it began at the journal's start.
    pub snapshot_seq: u64,
    /// Why newer snapshots were not.
    pub passed_over: Vec<String>,
    /// Entries that were replayed.
    pub entries: u64,
    /// Outputs that a crash had cut off, and that were appended.
    pub completed: u64,
    /// Number of the last public message that had left before.
    pub published: u64,
    /// The day began with this start: instruments are in the phases that they were left in.
    pub has_begun_day: bool,
    /// What was found in each stream.
    pub streams: Vec<(u32, Verified)>,
}

impl<C: Core> Engine<C> {
    /// Opens the journal and everything that follows from it; `make` makes a core without a past.
    ///
    /// # Errors
    /// [`ServerError`] when the journal cannot be had, or what lies on disk is not what it leads to.
    pub fn open(
        config: &ServerConfig,
        make: &impl Fn() -> C,
    ) -> Result<(Self, Recovered), ServerError> {
        let component_version = component_version::<C>();
        let policy = SnapshotPolicy { component_version, ..SnapshotPolicy::default() };
        let shadow = || Shadow::make(config, make);
        let up = recover_with(&config.journal, &config.options, &policy, shadow);
        let replica::Recovered { journal, component, replayed } = up.map_err(replay_error)?;
        let (engine, recovered) = component.into_engine(journal, config.commit.clone())?;
        let public = recovered.streams.iter().find(|(stream, _)| *stream == PUBLIC);
        let published = public.map_or(0, |(_, verified)| verified.equal);
        let Replayed { snapshot_seq, passed_over, entries, completed, .. } = replayed;
        let recovered =
            Recovered { snapshot_seq, passed_over, entries, completed, published, ..recovered };
        let differs = recovered.streams.iter().find(|(_, verified)| verified.differs_at != 0);
        if let Some((stream, Verified { differs_at, .. })) = differs
            && !config.rebuild
        {
            let path = engine.streams.stream(*stream).map(|stream| stream.path().to_owned());
            let path = path.unwrap_or_else(|| config.streams.clone());
            return Err(ServerError::StreamDiffers { path, number: *differs_at });
        }
        Ok((engine, recovered))
    }
}
