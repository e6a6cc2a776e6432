// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Where a run's market data comes from: the border between files and the engine.
//!
//! A source is pulled, one journal entry at a time. It reads no clock: the time is the data's, and
//! never runs backwards. Files live in `onetape-io`; what needs no file lives here.

use crate::events::{InstrumentDefined, MarketUpdated, PacketFormat, PacketReceived};
use crate::types::TsNs;

/// One entry to journal: its time, its kind, and its body in two parts so that nothing is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceItem<'a> {
    /// Receive time; at least that of the item before.
    pub ts_ns: TsNs,
    /// What it is: `PacketReceived`, `MarketUpdated`, `InstrumentDefined` or `TickRungDefined`.
    pub kind: u16,
    /// Version of that kind's layout.
    pub version: u8,
    /// Fixed part of the body.
    pub fixed: &'a [u8],
    /// Tail of the body; empty where the kind has none.
    pub tail: &'a [u8],
}

/// How far a source has come, in bytes of what is read (compressed bytes for a compressed file).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes done.
    pub bytes_done: u64,
    /// Bytes in all, where it is known.
    pub bytes_total: Option<u64>,
}

/// Why a source could not go on. `at` is the byte of the (uncompressed) data where it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceError {
    /// The data ends within a record; every record before `at` was given.
    Truncated {
        /// First byte of the record that is not whole.
        at: u64,
        /// Bytes the record needs.
        needed: u64,
        /// Bytes there are.
        found: u64,
    },
    /// The data breaks its format; every record before `at` was given.
    Corrupt {
        /// First byte of the record that is wrong.
        at: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// The operating system could not read on.
    Io {
        /// Bytes read before it failed.
        at: u64,
        /// Its error number, 0 if it gave none.
        os_error: i32,
    },
    /// What supplies the records failed; it knows more than this says.
    Supplier {
        /// Records given before it failed.
        records: u64,
    },
}

/// A pull source of market data.
pub trait MarketSource {
    /// The next item, or `None` at the end.
    ///
    /// # Errors
    /// [`SourceError`] once, where the data cannot be read further: what came before it is good,
    /// and from then on the source is at its end.
    fn next(&mut self) -> Result<Option<SourceItem<'_>>, SourceError>;

    /// How far it has come.
    fn progress(&self) -> Progress;

    /// The bytes of the length-prefixed ITCH messages that come next, as far as they are at hand;
    /// empty for other sources. Only to read ahead with: the messages still come by [`Self::next`].
    fn upcoming(&self) -> &[u8] {
        &[]
    }

    /// Midnight that the data's own times count from, for sources of ITCH; else `None`.
    fn midnight_ns(&self) -> Option<TsNs> {
        None
    }

    /// What it skipped or mended so far, for the summary: name and how often.
    fn counts(&self) -> Vec<(&'static str, u64)> {
        Vec::new()
    }
}

/// The fixed part of a [`PacketReceived`] in `format` on feed `feed_id`.
#[must_use]
pub fn packet_header(feed_id: u16, format: PacketFormat) -> [u8; PacketReceived::SIZE] {
    PacketReceived { feed_id, format: u16::from(format.raw()), reserved: 0 }.encode()
}

/// A definition given ahead of the records: its kind and its encoded body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// `InstrumentDefined` or `TickRungDefined`.
    pub kind: u16,
    /// Version of that kind's layout.
    pub version: u8,
    /// Its body.
    pub body: Vec<u8>,
}

impl Definition {
    /// The definition of an instrument.
    #[must_use]
    pub fn instrument(definition: &InstrumentDefined) -> Self {
        let (kind, version) = (InstrumentDefined::KIND, InstrumentDefined::VERSION);
        Self { kind, version, body: definition.encode().to_vec() }
    }
}

/// Records of one kind that lie in memory: receive times, and `MarketUpdated` bodies back to back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordChunk {
    /// Receive time of each record.
    pub ts_ns: Vec<TsNs>,
    /// Bodies, [`MarketUpdated::SIZE`] bytes each.
    pub bodies: Vec<u8>,
    /// Bytes of the source's data done when this chunk is.
    pub bytes_done: u64,
}

/// Gives a [`RecordsSource`] its records, a chunk at a time.
pub trait ChunkSupplier {
    /// Replaces `chunk` by the next one; `false` at the end.
    ///
    /// # Errors
    /// `Err(())` when it cannot; it keeps the reason for whoever asks it.
    #[expect(clippy::result_unit_err, reason = "the supplier keeps its own kind of reason")]
    fn supply(&mut self, chunk: &mut RecordChunk) -> Result<bool, ()>;
}

/// A source of `MarketUpdated` records made elsewhere (LOBSTER, CSV, DBN), after their definitions.
#[derive(Debug)]
pub struct RecordsSource<S> {
    supplier: S,
    definitions: Vec<Definition>,
    definitions_given: usize,
    chunk: RecordChunk,
    index: usize,
    given: u64,
    ts_ns: TsNs,
    backwards: u64,
    ended: bool,
    bytes_done: u64,
    bytes_total: Option<u64>,
}

impl<S: ChunkSupplier> RecordsSource<S> {
    /// A source that gives `definitions`, at the time of the first record, and then the records.
    #[must_use]
    pub fn new(definitions: Vec<Definition>, supplier: S, bytes_total: Option<u64>) -> Self {
        Self {
            supplier,
            definitions,
            definitions_given: 0,
            chunk: RecordChunk::default(),
            index: 0,
            given: 0,
            ts_ns: TsNs::MIN,
            backwards: 0,
            ended: false,
            bytes_done: 0,
            bytes_total,
        }
    }

    /// Whether a record is at hand, after asking for more if none is.
    fn fill(&mut self) -> Result<bool, SourceError> {
        let failed = SourceError::Supplier { records: self.given };
        while !self.ended && self.index >= self.chunk.ts_ns.len() {
            self.bytes_done = self.chunk.bytes_done;
            self.index = 0;
            match self.supplier.supply(&mut self.chunk) {
                Ok(true)
                    if self.chunk.bodies.len() / MarketUpdated::SIZE == self.chunk.ts_ns.len() => {}
                Ok(false) => self.ended = true,
                Ok(true) | Err(()) => {
                    self.ended = true;
                    return Err(failed);
                }
            }
        }
        Ok(!self.ended)
    }
}

impl<S: ChunkSupplier> MarketSource for RecordsSource<S> {
    fn next(&mut self) -> Result<Option<SourceItem<'_>>, SourceError> {
        let has_record = self.fill()?;
        if has_record {
            let ts_ns = self.chunk.ts_ns[self.index];
            if ts_ns >= self.ts_ns {
                self.ts_ns = ts_ns;
            } else if self.definitions_given == self.definitions.len() {
                self.backwards += 1;
            }
        }
        if let Some(definition) = self.definitions.get(self.definitions_given) {
            self.definitions_given += 1;
            return Ok(Some(SourceItem {
                ts_ns: if has_record { self.ts_ns } else { 0 },
                kind: definition.kind,
                version: definition.version,
                fixed: &definition.body,
                tail: &[],
            }));
        }
        if !has_record {
            return Ok(None);
        }
        let start = self.index * MarketUpdated::SIZE;
        self.index += 1;
        self.given += 1;
        Ok(Some(SourceItem {
            ts_ns: self.ts_ns,
            kind: MarketUpdated::KIND,
            version: MarketUpdated::VERSION,
            fixed: &self.chunk.bodies[start..start + MarketUpdated::SIZE],
            tail: &[],
        }))
    }

    fn progress(&self) -> Progress {
        // Within a chunk, as far as its records are given.
        let span = self.chunk.bytes_done.saturating_sub(self.bytes_done);
        let (index, records) = (self.index as u64, self.chunk.ts_ns.len().max(1) as u64);
        let within = (u128::from(span) * u128::from(index) / u128::from(records)) as u64;
        Progress { bytes_done: self.bytes_done + within, bytes_total: self.bytes_total }
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        vec![("time_backwards", self.backwards)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Chunks(Vec<RecordChunk>);

    impl ChunkSupplier for Chunks {
        fn supply(&mut self, chunk: &mut RecordChunk) -> Result<bool, ()> {
            if self.0.is_empty() {
                return Ok(false);
            }
            *chunk = self.0.remove(0);
            Ok(true)
        }
    }

    fn chunk(times: &[TsNs], bytes_done: u64) -> RecordChunk {
        let bodies = vec![7; times.len() * MarketUpdated::SIZE];
        RecordChunk { ts_ns: times.to_vec(), bodies, bytes_done }
    }

    fn times(source: &mut RecordsSource<Chunks>) -> Vec<(u16, TsNs)> {
        let mut seen = Vec::new();
        while let Some(item) = source.next().unwrap() {
            seen.push((item.kind, item.ts_ns));
        }
        seen
    }

    #[test]
    fn definitions_come_first_and_time_never_runs_backwards() {
        let definition = Definition { kind: 4, version: 1, body: vec![0; 8] };
        let chunks = vec![chunk(&[5, 9], 100), chunk(&[], 150), chunk(&[8, 10], 200)];
        let mut source = RecordsSource::new(vec![definition; 2], Chunks(chunks), Some(200));
        assert_eq!(times(&mut source), [(4, 5), (4, 5), (3, 5), (3, 9), (3, 9), (3, 10)]);
        assert_eq!(source.counts(), [("time_backwards", 1)]);
        assert_eq!(source.progress(), Progress { bytes_done: 200, bytes_total: Some(200) });
    }

    #[test]
    fn definitions_alone_are_given_too() {
        let definition = Definition { kind: 4, version: 1, body: vec![0; 8] };
        let mut source = RecordsSource::new(vec![definition], Chunks(vec![]), None);
        assert_eq!(times(&mut source), [(4, 0)]);
    }

    #[test]
    fn a_chunk_whose_parts_disagree_is_an_error_and_then_the_end() {
        let bad = RecordChunk { ts_ns: vec![1, 2], bodies: vec![0; 48], bytes_done: 0 };
        let mut source = RecordsSource::new(vec![], Chunks(vec![chunk(&[1], 0), bad]), None);
        assert!(source.next().unwrap().is_some());
        assert_eq!(source.next(), Err(SourceError::Supplier { records: 1 }));
        assert_eq!(source.next(), Ok(None));
    }
}
