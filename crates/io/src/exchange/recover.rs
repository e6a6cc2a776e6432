// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! How an exchange comes to life: the newest snapshot, then the journal's tail, each output compared
//! with the one that stands there, each stream with the bytes on disk.

use onetape_core::component::{Entry, Outbox, Snapshot};
use onetape_core::events::{SCHEMA_VERSION, SnapshotTaken, StateHashed};
use onetape_core::snapshot::{read_array, read_u32, read_u64, write_u32, write_u64};

use super::component::Core;
use super::config::ServerConfig;
use super::engine::Engine;
use super::error::ServerError;
use super::ledger::Ledger;
use super::store::{Mark, Verified};
use super::streams::{PUBLIC, Streams, StreamsConfig};
use crate::journal_file::{JournalReader, JournalWriter, Taken, newest_snapshot};

/// Version of what the shell adds to a snapshot of the core.
const SHELL_VERSION: u32 = 1;

/// Version of a whole snapshot: the shell's part and the core's.
pub(super) const fn component_version<C: Core>() -> u32 {
    SHELL_VERSION << 16 | C::SNAPSHOT_VERSION
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

/// Outputs that a replay led to, to be found in the journal.
#[derive(Debug, Default)]
struct Expected {
    events: Vec<(u16, u8, usize)>,
    bytes: Vec<u8>,
    next: usize,
    start: usize,
}

impl Outbox for Expected {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        self.bytes.extend_from_slice(body);
        self.events.push((kind, version, self.bytes.len()));
    }
}

impl Expected {
    fn clear(&mut self) {
        self.events.clear();
        self.bytes.clear();
        (self.next, self.start) = (0, 0);
    }

    /// The next one, which is then behind.
    fn take(&mut self) -> Option<(u16, u8, &[u8])> {
        let &(kind, version, end) = self.events.get(self.next)?;
        let body = &self.bytes[self.start..end];
        self.next += 1;
        self.start = end;
        Some((kind, version, body))
    }
}

/// Follows a journal that exists.
#[derive(Debug)]
struct Replay<'e, C> {
    engine: &'e mut Engine<C>,
    expected: Expected,
}

impl<C: Core> Replay<'_, C> {
    fn take(&mut self, entry: Entry<'_>) -> Result<(), ServerError> {
        let differs = ServerError::ReplayDiffers { seq: entry.seq };
        if entry.source != 0 {
            if self.expected.take().is_some() {
                return Err(differs);
            }
            self.expected.clear();
            let Engine { core, streams, ledger, .. } = &mut *self.engine;
            if let Some(day) = ledger.note_input(&entry) {
                streams.begin(day)?;
            }
            core.apply(entry, &mut self.expected, streams);
            streams.end_input(entry.seq, 0)?;
            streams.forget_waiting();
            return Ok(());
        }
        if matches!(entry.kind, StateHashed::KIND | SnapshotTaken::KIND) {
            return Ok(());
        }
        match self.expected.take() {
            Some(expected) if expected == (entry.kind, entry.version, entry.body) => {
                self.engine.ledger.note_output(entry.kind, entry.body);
                Ok(())
            }
            _ => Err(differs),
        }
    }

    /// Appends what a crash cut off; says how much that was.
    fn complete(mut self) -> Result<u64, ServerError> {
        let mut completed = 0;
        let Engine { journal, ledger, .. } = self.engine;
        while let Some((kind, version, body)) = self.expected.take() {
            let ts_ns = journal.last_ts_ns();
            ledger.note_output(kind, body);
            if journal.append(ts_ns, kind, version, 0, body, &[]).is_err() {
                let full = std::io::Error::from_raw_os_error(libc::ENOSPC);
                return Err(ServerError::io(journal.folder(), "append to", full));
            }
            completed += 1;
        }
        Ok(completed)
    }
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
        let journal = JournalWriter::open(&config.journal, &config.options)?;
        let ports = config.ports.iter().map(|port| port.id).collect();
        let streams = Streams::new(StreamsConfig {
            folder: config.streams.clone(),
            port_bytes_max: config.port_bytes_max,
            itch_bytes_max: config.itch_bytes_max,
            ports,
        })?;
        let mut engine = Self {
            journal,
            core: make(),
            streams,
            ledger: Ledger::default(),
            commit: config.commit.clone(),
            body: Vec::with_capacity(1 << 16),
            followed: None,
        };
        let recovered = engine.recover(make)?;
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

    fn recover(&mut self, make: &impl Fn() -> C) -> Result<Recovered, ServerError> {
        let mut recovered = Recovered::default();
        let last_seq = self.journal.last_seq();
        if last_seq == 0 {
            return Ok(recovered);
        }
        let folder = self.journal.folder().to_owned();
        let (newest, passed_over) = newest_snapshot(&folder, last_seq)?;
        recovered.passed_over = passed_over.iter().map(ToString::to_string).collect();
        if let Some((header, body)) = newest {
            match self.take_up(&(header, body)) {
                Ok(()) => recovered.snapshot_seq = header.seq,
                Err(error) => {
                    recovered.passed_over.push(error.to_string());
                    self.core = make();
                    self.ledger = Ledger::default();
                    self.streams.forget_day();
                }
            }
        }
        let mut reader = JournalReader::open(&folder)?;
        reader.seek_seq(recovered.snapshot_seq + 1)?;
        let mut replay = Replay { engine: self, expected: Expected::default() };
        while let Some(entry) = reader.next_entry()? {
            replay.take(entry)?;
            recovered.entries += 1;
        }
        recovered.completed = replay.complete()?;
        recovered.streams = self.streams.settle();
        let public = recovered.streams.iter().find(|(stream, _)| *stream == PUBLIC);
        recovered.published = public.map_or(0, |(_, verified)| verified.equal);
        if self.ledger.ended {
            self.streams.end_day();
        }
        Ok(recovered)
    }

    /// Takes a snapshot up; an error says why it does not serve.
    fn take_up(&mut self, (header, body): &Taken) -> Result<(), ServerError> {
        let wrong = |what: &str| ServerError::Snapshot { seq: header.seq, what: what.to_owned() };
        if header.schema_version != SCHEMA_VERSION
            || header.component_version != component_version::<C>()
        {
            return Err(wrong("it was written by another version"));
        }
        let mut bytes = body.as_slice();
        let Self { core, streams, ledger, .. } = self;
        restore_state(core, streams, ledger, &mut bytes)?.map_err(wrong)?;
        if !bytes.is_empty() || self.core.state_hash() != header.state_hash {
            return Err(wrong("the state it leads to has another hash"));
        }
        Ok(())
    }
}
