// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What a run has of the world: its journal on disk, new or continued, and a stopwatch.

use std::path::Path;
use std::time::Instant;

use hdrhistogram::Histogram;
use onetape_core::sim::{Expected, Probe, ResumeSink, Stage};

use crate::journal_file::{JournalFileError, JournalReader, JournalWriter, Options};

/// The journal of a run: appended to, or first compared and then appended to.
pub type RunSink = ResumeSink<Recorded, JournalWriter>;

/// Opens a run's journal in a new folder, or one without a journal in it.
///
/// # Errors
/// [`JournalFileError`] as [`JournalWriter::open`].
pub fn new_journal(folder: &Path, options: &Options) -> Result<RunSink, JournalFileError> {
    Ok(ResumeSink::new(None, JournalWriter::open(folder, options)?))
}

/// Opens the journal of a run that was cut off: what it holds is expected again.
///
/// # Errors
/// [`JournalFileError`] as [`JournalWriter::open`] and [`JournalReader::open`].
pub fn resumed_journal(folder: &Path, options: &Options) -> Result<RunSink, JournalFileError> {
    let writer = JournalWriter::open(folder, options)?;
    let reader = JournalReader::open(folder)?;
    let recorded = Recorded { reader, last_seq: writer.last_seq(), seq: 0, error: None };
    Ok(ResumeSink::new(Some(recorded), writer))
}

/// What a journal holds, to compare a resumed run with.
#[derive(Debug)]
pub struct Recorded {
    reader: JournalReader,
    last_seq: u64,
    seq: u64,
    error: Option<JournalFileError>,
}

impl Recorded {
    /// Why the journal could not be read on, if that is why an entry differs.
    #[must_use]
    pub const fn error(&self) -> Option<&JournalFileError> {
        self.error.as_ref()
    }
}

impl Expected for Recorded {
    fn matches_next(
        &mut self,
        ts_ns: i64,
        kind: u16,
        source: u32,
        fixed: &[u8],
        tail: &[u8],
    ) -> Option<bool> {
        if self.seq == self.last_seq {
            return None;
        }
        self.seq += 1;
        let entry = match self.reader.next_entry() {
            Ok(Some(entry)) => entry,
            Ok(None) => return Some(false),
            Err(err) => {
                self.error = Some(err);
                return Some(false);
            }
        };
        let same_head = (entry.ts_ns, entry.kind, entry.source) == (ts_ns, kind, source);
        let same_size = entry.body.len() == fixed.len() + tail.len();
        Some(same_head && same_size && entry.body.starts_with(fixed) && entry.body.ends_with(tail))
    }
}

/// Times one event in `every`, and keeps the distribution of each stage.
#[derive(Debug)]
pub struct StageTimes {
    histograms: [Histogram<u64>; Stage::ALL.len()],
    every: u32,
    left: u32,
    since: Option<Instant>,
}

/// Longest time that is told apart from longer ones.
const LATENCY_NS_MAX: u64 = 60_000_000_000;

impl StageTimes {
    /// Looks at one event in `every`, at least 1.
    ///
    /// # Panics
    /// Never: the histogram's bounds are valid.
    #[must_use]
    pub fn new(every: u32) -> Self {
        let histogram = Histogram::new_with_bounds(1, LATENCY_NS_MAX, 3)
            .expect("1 ns to 60 s with 3 digits is a valid range");
        let histograms = std::array::from_fn(|_| histogram.clone());
        Self { histograms, every: every.max(1), left: 1, since: None }
    }

    /// What was measured of a stage, in nanoseconds.
    #[must_use]
    pub fn histogram(&self, stage: Stage) -> &Histogram<u64> {
        &self.histograms[stage as usize]
    }
}

impl Probe for StageTimes {
    #[inline]
    fn start(&mut self) {
        self.left -= 1;
        if self.left == 0 {
            self.left = self.every;
            self.since = Some(Instant::now());
        } else {
            self.since = None;
        }
    }

    #[inline]
    fn stop(&mut self, stage: Stage) {
        if let Some(since) = self.since {
            let now = Instant::now();
            let nanos = now.duration_since(since).as_nanos().min(u128::from(LATENCY_NS_MAX));
            self.histograms[stage as usize].saturating_record(nanos as u64);
            self.since = Some(now);
        }
    }
}
