// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Snapshots of a node at work: an engine that starts again, or a strategy that comes late, reads the
//! journal from there.
//!
//! The engine copies its state into memory between two turns; a thread of its own writes it. A snapshot
//! that is broken, or of other limits, is passed over, and the one before it, or the whole journal,
//! is read instead.
//!
//! ```text
//! configuration u64 bytes, then its text; venues u64, then each: session 10 bytes, next message u64;
//! then the node
//! ```

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use onetape_core::component::{Component, Snapshot, SnapshotError};
use onetape_core::events::SCHEMA_VERSION;
use onetape_core::journal::Sink;
use onetape_core::journal::snapshot::SnapshotHeader;
use onetape_core::live::{NODE_SNAPSHOT_VERSION, Node, NodeConfig};
use onetape_core::snapshot::{read_array, read_u64, write_u64};

use super::engine::Engine;
use super::ouch_link::OuchLink;
use super::recover::{Heard, Told};
use crate::exchange::{Notices, ServerError};
use crate::journal_file::{
    JournalFileError, list_snapshots, read_snapshot, sync_entries, write_snapshot,
};
use crate::replica::forget_old;

/// How many snapshots are kept, the newest.
const KEPT: usize = 3;

impl Told {
    fn save(&self, out: &mut Vec<u8>) {
        write_u64(out, self.configuration.len() as u64);
        out.extend_from_slice(&self.configuration);
        write_u64(out, self.heard.len() as u64);
        for Heard { session, next_message } in &self.heard {
            out.extend_from_slice(session);
            write_u64(out, *next_message);
        }
    }

    fn restore(bytes: &mut &[u8]) -> Result<Self, SnapshotError> {
        let length = read_u64(bytes)? as usize;
        let Some((text, rest)) = bytes.split_at_checked(length) else {
            return Err(SnapshotError::Truncated { needed: length - bytes.len() });
        };
        let (configuration, mut heard) = (text.to_vec(), Vec::new());
        *bytes = rest;
        for _ in 0..read_u64(bytes)? {
            heard.push(Heard { session: read_array(bytes)?, next_message: read_u64(bytes)? });
        }
        Ok(Self { configuration, heard })
    }
}

/// A node as a snapshot has it.
fn restored(
    header: &SnapshotHeader,
    mut body: &[u8],
    config: NodeConfig,
) -> Result<(Node, Told), String> {
    if (header.component_version, header.schema_version) != (NODE_SNAPSHOT_VERSION, SCHEMA_VERSION)
    {
        return Err(format!("another version wrote it ({})", header.component_version));
    }
    let mut node = Node::new(config);
    let told = Told::restore(&mut body).map_err(|err| format!("{err:?}"))?;
    node.restore(&mut body).map_err(|err| format!("{err:?}"))?;
    if !body.is_empty() || node.state_hash() != header.state_hash {
        return Err("its state is not what it says".to_owned());
    }
    Ok((node, told))
}

/// The newest snapshot of entry `seq_max` or before that can be taken up, and its entry; what was wrong
/// with newer ones goes to `notices`.
pub(super) fn newest(
    journal: &Path,
    seq_max: u64,
    config: NodeConfig,
    notices: &mut Vec<String>,
) -> Option<(u64, Node, Told)> {
    let listed = match list_snapshots(journal) {
        Ok(listed) => listed,
        Err(error) => {
            notices.push(format!("{error}: the whole journal is read"));
            return None;
        }
    };
    for info in listed.iter().rev().filter(|info| info.seq <= seq_max) {
        let read = read_snapshot(&info.path).map_err(|err| err.to_string());
        let taken = read.and_then(|(header, body)| {
            if header.seq != info.seq {
                return Err(format!("it is of entry {}, its name says otherwise", header.seq));
            }
            restored(&header, &body, config)
        });
        match taken {
            Ok((node, told)) => return Some((info.seq, node, told)),
            Err(why) => notices.push(format!(
                "the snapshot {} is passed over, more of the journal is read instead: {why}",
                info.path.display()
            )),
        }
    }
    None
}

/// A state, on its way to the disk.
struct Copied {
    header: SnapshotHeader,
    body: Vec<u8>,
}

/// The thread that writes, one snapshot at a time.
#[derive(Debug)]
pub(super) struct Snapshots {
    jobs: Option<SyncSender<Copied>>,
    /// Memory comes back to be used again.
    spare: Receiver<Vec<u8>>,
    thread: Option<JoinHandle<()>>,
}

impl Snapshots {
    /// For the journal in `folder`.
    pub(super) fn start(folder: &Path, notices: Notices) -> Result<Self, ServerError> {
        let (jobs, todo) = sync_channel::<Copied>(1);
        let (back, spare) = sync_channel(1);
        let own = folder.to_owned();
        let work = move || write_all(&own, (&todo, &back), &notices);
        let thread = thread::Builder::new().name("snapshots".to_owned()).spawn(work);
        let thread = thread.map_err(|err| ServerError::io(folder, "start a thread for", err))?;
        Ok(Self { jobs: Some(jobs), spare, thread: Some(thread) })
    }

    /// Takes one, between two entries; none while another is being written.
    #[cold]
    pub(super) fn take(&self, node: &Node, told: &Told, at: (u64, i64)) {
        let Some(jobs) = &self.jobs else { return };
        let mut body = self.spare.try_recv().unwrap_or_default();
        body.clear();
        told.save(&mut body);
        node.save(&mut body);
        let header = SnapshotHeader {
            seq: at.0,
            ts_ns: at.1,
            state_hash: node.state_hash(),
            schema_version: SCHEMA_VERSION,
            component_version: NODE_SNAPSHOT_VERSION,
        };
        match jobs.try_send(Copied { header, body }) {
            Ok(()) | Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {}
        }
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

impl Engine {
    /// Has the state be written down, when there are enough new entries.
    pub(super) fn snapshot_if_due(&mut self) {
        if Sink::last_seq(&self.path.journal) >= self.next_snapshot_seq {
            self.take_snapshot();
        }
    }

    /// Has the state be written down; a start, or a strategy that comes late, begins there.
    #[cold]
    pub(super) fn take_snapshot(&mut self) {
        let Self { path, config, snapshots, .. } = self;
        let seq = Sink::last_seq(&path.journal);
        self.next_snapshot_seq = seq + config.snapshot_entries;
        let positions = path
            .links
            .iter()
            .map(|link| link.as_ref().map_or_else(Heard::fresh, OuchLink::position));
        let configuration = config.config_json.clone().into_bytes();
        let told = Told { configuration, heard: positions.collect() };
        snapshots.take(&path.node, &told, (seq, Sink::last_ts_ns(&path.journal)));
    }
}

fn write_all(
    folder: &Path,
    (todo, back): (&Receiver<Copied>, &SyncSender<Vec<u8>>),
    notices: &Notices,
) {
    for Copied { header, body } in todo {
        let write = || -> Result<PathBuf, JournalFileError> {
            // It must not outlive an entry that it contains.
            sync_entries(folder)?;
            let path = write_snapshot(folder, &header, &body)?;
            forget_old(folder, KEPT)?;
            Ok(path)
        };
        if let Err(error) = write() {
            notices.say(format!("no snapshot of entry {}: {error}", header.seq));
        }
        let _one_is_enough = back.try_send(body);
    }
}
