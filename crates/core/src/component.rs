// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a component is: a deterministic function of the journal.

/// One event as it stands in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Place in the total order; rises by one.
    pub seq: u64,
    /// When the sequencer took it, in nanoseconds since the Unix epoch. The only clock there is.
    pub ts_ns: i64,
    /// What happened, see `schema/events.toml`.
    pub kind: u16,
    /// Version of the layout of its body.
    pub version: u8,
    /// Who put it in: 0 the engine itself, else a feed or a strategy.
    pub source: u32,
    /// Its bytes.
    pub body: &'a [u8],
}

/// Who put an entry into the journal of a run or of a live node.
pub mod sources {
    /// The engine: an output.
    pub const ENGINE: u32 = 0;
    /// The market-data source.
    pub const FEED: u32 = 1;
    /// The configuration, and the run itself.
    pub const CONFIG: u32 = 2;
    /// A person, or a breaker, that sets what may be done.
    pub const OPERATOR: u32 = 3;
    /// A strategy: this plus its id.
    pub const STRATEGY: u32 = 0x100;
    /// A venue: this plus its id.
    pub const VENUE: u32 = 0x1_0000;
    /// What hears a venue's drop copy: this plus the venue's id.
    pub const DROP_COPY: u32 = 0x2_0000;
}

/// Where a component puts what follows from an entry.
///
/// Implementations append to the journal, to a buffer, or compare with a journal that exists.
pub trait Outbox {
    /// Takes the body of one output event. `body` is the event's fixed part and tail.
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]);
}

/// A deterministic function of the journal.
pub trait Component {
    /// Takes one event in and says what follows from it. Never fails, blocks or allocates.
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox);

    /// Digest of the whole state: equal on every replica and in every replay.
    fn state_hash(&self) -> u64;
}

/// A component whose state can be written down and taken up again.
pub trait Snapshot {
    /// Appends the whole state to `out`, in a form that [`Self::restore`] reads.
    fn save(&self, out: &mut Vec<u8>);

    /// Takes up a state that [`Self::save`] wrote, from the front of `bytes`, which it advances.
    ///
    /// # Errors
    /// [`SnapshotError`] when the bytes are not such a state; `self` is then unspecified.
    fn restore(&mut self, bytes: &mut &[u8]) -> Result<(), SnapshotError>;
}

/// The bytes are not a snapshot of this component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SnapshotError {
    /// The bytes end before the state does.
    Truncated {
        /// Bytes that were still needed.
        needed: usize,
    },
    /// A value is out of its range, or a limit is lower than it was when the snapshot was taken.
    Invalid {
        /// What was being read.
        what: &'static str,
    },
}
