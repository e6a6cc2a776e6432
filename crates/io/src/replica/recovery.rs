// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How a node comes up: the newest snapshot that is whole, then the rest of the journal, comparing.

use std::path::Path;
use std::time::{Duration, Instant};

use onetape_core::component::{Component, Snapshot};
use onetape_core::continuity::Comparison;

use super::error::ReplicaError;
use super::snapshots::SnapshotPolicy;
use crate::journal_file::{JournalReader, JournalWriter, Options, newest_snapshot};

/// What was done to come up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// The entry of the snapshot that was taken up; 0: none.
    pub snapshot_seq: u64,
    /// Entries read after it.
    pub entries: u64,
    /// State hashes among them, all equal.
    pub hashes: u64,
    /// Outputs of the last input that its writer did not come to append, and were appended now.
    pub completed: u64,
    /// Snapshots that could not be taken up, and why.
    pub passed_over: Vec<String>,
    /// How long it took.
    pub took: Duration,
}

/// A node that has come up.
#[derive(Debug)]
pub struct Recovered<C> {
    /// Its journal, to go on with.
    pub journal: JournalWriter,
    /// Its component, with all that the journal says.
    pub component: C,
    /// What was done.
    pub replayed: Replayed,
}

/// Opens a journal, brings a component to its end, and appends what the last writer left out: the
/// rest of the outputs of its last input. `make` makes a component with nothing in it.
///
/// # Errors
/// [`ReplicaError::Journal`] when the journal is damaged, [`ReplicaError::Differs`] when it holds
/// other outputs than the component makes.
pub fn recover<C: Component + Snapshot>(
    folder: &Path,
    options: &Options,
    policy: &SnapshotPolicy,
    mut make: impl FnMut() -> C,
) -> Result<Recovered<C>, ReplicaError> {
    recover_with(folder, options, policy, || Ok(make()))
}

/// As [`recover`], where a component is not always to be had.
pub(crate) fn recover_with<C: Component + Snapshot>(
    folder: &Path,
    options: &Options,
    policy: &SnapshotPolicy,
    make: impl FnMut() -> Result<C, ReplicaError>,
) -> Result<Recovered<C>, ReplicaError> {
    let started = Instant::now();
    let mut journal = JournalWriter::open(folder, options)?;
    let (mut comparison, mut replayed) = begin(folder, journal.last_seq(), policy, make)?;
    let mut reader = JournalReader::open(folder)?;
    if comparison.last_seq() > 0 {
        reader.seek_seq(comparison.last_seq() + 1)?;
    }
    while let Some(entry) = reader.next_entry()? {
        let applied = comparison.apply(entry);
        applied.map_err(|mismatch| ReplicaError::Differs { mismatch: Box::new(mismatch) })?;
    }
    replayed.entries = comparison.last_seq() - replayed.snapshot_seq;
    replayed.hashes = comparison.counts().2;
    replayed.completed = complete(&mut comparison, &mut journal)?;
    replayed.took = started.elapsed();
    Ok(Recovered { journal, component: comparison.into_component(), replayed })
}

/// Appends the outputs that are outstanding.
pub(crate) fn complete<C: Component>(
    comparison: &mut Comparison<C>,
    journal: &mut JournalWriter,
) -> Result<u64, ReplicaError> {
    comparison.complete(journal).map_err(|err| ReplicaError::Io {
        doing: format!("append the rest of the last outputs: {err:?}"),
        source: std::io::Error::from_raw_os_error(libc::EIO),
    })
}

/// A component in the state of the newest snapshot up to `last_seq` that can be taken up, or with
/// nothing in it.
pub(crate) fn begin<C: Component + Snapshot>(
    folder: &Path,
    last_seq: u64,
    policy: &SnapshotPolicy,
    mut make: impl FnMut() -> Result<C, ReplicaError>,
) -> Result<(Comparison<C>, Replayed), ReplicaError> {
    let mut replayed = Replayed::default();
    let mut seq_max = last_seq;
    loop {
        let (taken, passed_over) = newest_snapshot(folder, seq_max)?;
        replayed.passed_over.extend(passed_over.iter().map(ToString::to_string));
        let Some((header, bytes)) = taken else {
            return Ok((Comparison::new(make()?, 0), replayed));
        };
        let wrong = if header.component_version != policy.component_version
            || header.schema_version != policy.schema_version
        {
            "another version wrote it".to_owned()
        } else {
            let mut component = make()?;
            let mut rest = &bytes[..];
            match component.restore(&mut rest) {
                Ok(()) if !rest.is_empty() => "bytes are left over".to_owned(),
                Ok(()) if component.state_hash() == header.state_hash => {
                    replayed.snapshot_seq = header.seq;
                    return Ok((Comparison::new(component, header.seq), replayed));
                }
                Ok(()) => "the state restored from it has another hash".to_owned(),
                Err(err) => format!("{err:?}"),
            }
        };
        replayed.passed_over.push(format!("the snapshot of entry {}: {wrong}", header.seq));
        seq_max = header.seq - 1;
    }
}
