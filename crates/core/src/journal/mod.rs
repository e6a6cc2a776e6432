// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The total order: who is next, how an entry, a segment, an index and a snapshot look as bytes.
//!
//! No file is touched here (`crates/io` does that). What the engine needs of a journal is two
//! traits: [`Sink`] to append, [`Source`] to read again.

pub mod crc32c;
pub mod frame;
pub mod index;
pub mod memory;
pub mod segment;
pub mod sequencer;
pub mod snapshot;

pub use memory::{MemoryJournal, MemoryReader};
pub use sequencer::Sequencer;

use crate::component::Entry;

/// Where the engine appends: a file, memory, or later a replicated group.
pub trait Sink {
    /// Appends one entry whose body is `fixed` followed by `tail`; returns its sequence number.
    ///
    /// A time before the last entry's is raised to it; [`Self::last_ts_ns`] is the time that stands
    /// in the journal. Neither allocates nor calls the operating system on the ordinary path.
    ///
    /// # Errors
    /// [`SinkError`]; then nothing was appended, and what was appended before is safe.
    fn append(
        &mut self,
        ts_ns: i64,
        kind: u16,
        version: u8,
        source: u32,
        fixed: &[u8],
        tail: &[u8],
    ) -> Result<u64, SinkError>;

    /// Sequence number of the last entry; 0 before the first.
    fn last_seq(&self) -> u64;

    /// Time of the last entry, in nanoseconds since the Unix epoch; `i64::MIN` before the first.
    fn last_ts_ns(&self) -> i64;
}

/// Why an entry was not appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SinkError {
    /// The disk, or a limit, is full. The same call may succeed once there is room.
    Full,
    /// The entry does not fit in a segment.
    TooLong {
        /// Bytes of the entry, header included.
        length: usize,
        /// The most that fit.
        length_max: usize,
    },
    /// The operating system refused.
    Io {
        /// Its error number.
        errno: i32,
    },
    /// A resumed run appended something else than the journal holds.
    Differs {
        /// Sequence number of the entry that differs.
        seq: u64,
    },
}

/// Entries in order, for replay. Like an iterator, but an entry lives only until the next call.
pub trait Source {
    /// What can go wrong.
    type Error;

    /// The next entry, or `None` when there is none (yet).
    ///
    /// # Errors
    /// When the bytes are not a journal's.
    fn next_entry(&mut self) -> Result<Option<Entry<'_>>, Self::Error>;
}
