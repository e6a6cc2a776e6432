// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The journal on disk: a folder of segment files, one writer, any number of readers anywhere.
//!
//! ```text
//! folder/00000001.seg  00000001.idx  00000002.seg …   snapshots/…   writer.lock
//!
//!  append ──► mapped segment ◄── readers in any process (acquire; no lock)
//!    │ once per window          keeper thread: prepares the next file, touches pages ahead,
//!    └─────────────────────►    hashes what is finished, seals
//!                               flusher thread (mode fsync): fdatasync, then committed_seq
//! ```
//!
//! Invariants: a visible entry is whole and never changes; sequence numbers have no gap; segment
//! N+1 begins before the marker of segment N is visible; seals are made in order.

mod checksum;
mod error;
mod flusher;
mod folder;
mod keeper;
mod mapping;
mod prepare;
mod reader;
mod recover;
mod scan;
mod snapshots;
mod verify;
mod writer;

pub use checksum::crc32c;
pub use error::JournalFileError;
pub(crate) use folder::{FolderLock, sync_entries, sync_folder};
pub use folder::{SegmentInfo, SegmentState, info, writer_of};
pub use reader::{Framed, JournalReader};
pub use recover::Recovery;
pub use snapshots::{
    SnapshotInfo, Taken, list_snapshots, newest_snapshot, read_snapshot, write_snapshot,
};
pub use verify::{Finding, Report, TailState, verify};
pub use writer::{Durability, JournalWriter, Options};
