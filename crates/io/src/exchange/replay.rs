// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An exchange's journal run again from its first entry, beside everything that came of it: outputs,
//! state hashes of the snapshots, and the bytes of every stream on disk. It only reads, so the
//! exchange may run meanwhile; then the comparing ends where its journal ends now.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use onetape_core::component::{Component, Entry, Outbox};
use onetape_core::continuity::{Comparison, Mismatch};
use onetape_core::events::{ConfigLoaded, PortDefined};
use onetape_core::exchange::Wires;

use super::component::Core;
use super::config::Day;
use super::error::ServerError;
use super::ledger::Ledger;
use super::stored::{Found, Stored};
use super::streams::{PUBLIC, session_name};
use crate::journal_file::{JournalReader, list_snapshots, read_snapshot, writer_of};

/// One stream of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReplayedStream {
    /// Messages that the journal leads to.
    pub made: u64,
    /// Messages that lie on disk, and were compared.
    pub equal: u64,
    /// Whether there is anything on disk.
    pub is_stored: bool,
    /// Messages on disk, at the end.
    pub stored: u64,
}

/// A day and its streams, by port; the public one is [`PUBLIC`].
#[derive(Clone, Debug)]
pub struct ReplayedDay {
    /// The day.
    pub day: Day,
    /// Its streams.
    pub streams: BTreeMap<u32, ReplayedStream>,
}

/// A message that is not what the journal leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differs {
    /// The day, as yyyymmdd.
    pub date: u32,
    /// Which stream's.
    pub stream: u32,
    /// Its number.
    pub number: u64,
    /// The input that it follows from; 0: no input, it is one too many.
    pub seq: u64,
    /// What the journal leads to.
    pub made: Vec<u8>,
    /// What is there.
    pub stored: Vec<u8>,
}

/// The first thing that is not what the journal leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// An output, or a state hash in the journal.
    Entry(Mismatch),
    /// A message.
    Message(Differs),
    /// The state at a snapshot: entry, hash that was made, hash that stands there.
    Hash(u64, u64, u64),
}

/// What was compared.
#[derive(Clone, Debug, Default)]
pub struct Replayed {
    /// Entries, inputs and outputs of the journal.
    pub entries: u64,
    /// Inputs among them.
    pub inputs: u64,
    /// Outputs among them: all were compared.
    pub outputs: u64,
    /// Outputs of the last input that the journal does not hold (yet).
    pub outputs_missing: u64,
    /// Digest of the final state.
    pub state_hash: u64,
    /// Entries of the snapshots whose hash was compared.
    pub hashes: Vec<u64>,
    /// Days and streams.
    pub days: Vec<ReplayedDay>,
    /// Ports as they were last defined, with their user names.
    pub ports: BTreeMap<u32, (PortDefined, Vec<u8>)>,
    /// Where it ended, if not at the journal's end.
    pub difference: Option<Difference>,
}

/// Streams of the present day, compared as they are made.
#[derive(Debug)]
struct Beside {
    folder: PathBuf,
    seq: u64,
    day: Option<Day>,
    stores: BTreeMap<u32, Option<Stored>>,
    made: BTreeMap<u32, u64>,
    differs: Option<Differs>,
    error: Option<ServerError>,
}

impl Beside {
    fn folder_of(&self, day: &Day) -> PathBuf {
        self.folder.join(format!("{:08}-{}", day.date, session_name(&day.session)))
    }

    fn begin(&mut self, day: Day) -> Option<ReplayedDay> {
        let past = self.end(true);
        self.day = Some(day);
        past
    }

    /// What there is to say of the day. If nobody writes its streams any more, they hold no more
    /// than the journal leads to.
    fn end(&mut self, is_final: bool) -> Option<ReplayedDay> {
        let day = self.day.take()?;
        let counts = std::mem::take(&mut self.made);
        let mut stores = std::mem::take(&mut self.stores);
        let folder = self.folder_of(&day);
        for stream in streams_in(&folder) {
            stores.entry(stream).or_insert_with(|| self.open(&folder, stream));
        }
        let mut streams = BTreeMap::new();
        for (stream, store) in stores {
            let made = counts.get(&stream).copied().unwrap_or(0);
            let mut known = ReplayedStream { made, ..ReplayedStream::default() };
            if let Some(mut store) = store {
                if let Err(error) = store.look() {
                    self.error.get_or_insert(error);
                }
                known = ReplayedStream {
                    made,
                    equal: store.equal(),
                    is_stored: true,
                    stored: store.released(),
                };
                if is_final && known.stored > made && self.differs.is_none() {
                    self.differs = Some(Differs {
                        date: day.date,
                        stream,
                        number: made + 1,
                        seq: 0,
                        made: Vec::new(),
                        stored: Vec::new(),
                    });
                }
            }
            streams.insert(stream, known);
        }
        Some(ReplayedDay { day, streams })
    }

    fn open(&mut self, folder: &Path, stream: u32) -> Option<Stored> {
        let name = if stream == PUBLIC { "itch".to_owned() } else { format!("port-{stream:05}") };
        Stored::open(folder, &name).unwrap_or_else(|error| {
            self.error.get_or_insert(error);
            None
        })
    }

    fn put(&mut self, stream: u32, message: &[u8]) {
        let (Some(day), None, None) = (self.day, &self.differs, &self.error) else { return };
        if !self.stores.contains_key(&stream) {
            let store = self.open(&self.folder_of(&day), stream);
            self.stores.insert(stream, store);
        }
        let number = self.made.entry(stream).or_default();
        *number += 1;
        let store = self.stores.get_mut(&stream).and_then(Option::as_mut);
        match store.map_or(Ok(Found::Equal), |store| store.compare(message)) {
            Ok(Found::Equal | Found::NotYet) => {}
            Ok(Found::Differs(stored)) => {
                let (date, number, seq) = (day.date, *number, self.seq);
                let made = message.to_vec();
                self.differs = Some(Differs { date, stream, number, seq, made, stored });
            }
            Err(error) => self.error = Some(error),
        }
    }
}

/// The streams that lie in a folder.
fn streams_in(folder: &Path) -> Vec<u32> {
    let name = |entry: std::fs::DirEntry| entry.file_name().into_string().ok();
    let number = |name: String| match name.strip_suffix(".idx")? {
        "itch" => Some(PUBLIC),
        name => name.strip_prefix("port-")?.parse().ok(),
    };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(name).filter_map(number).collect()
}

impl Wires for Beside {
    fn send(&mut self, port: u32, message: &[u8]) {
        self.put(port, message);
    }

    fn publish(&mut self, message: &[u8]) {
        self.put(PUBLIC, message);
    }
}

/// The exchange that is run again.
struct Again<C> {
    core: C,
    ledger: Ledger,
    beside: Beside,
    days: Vec<ReplayedDay>,
    ports: BTreeMap<u32, (PortDefined, Vec<u8>)>,
}

impl<C: Core> Component for Again<C> {
    fn apply(&mut self, entry: Entry<'_>, out: &mut dyn Outbox) {
        if entry.kind == PortDefined::KIND
            && let Some(port) = PortDefined::decode(entry.body)
        {
            let name = entry.body.get(PortDefined::SIZE..).unwrap_or_default();
            self.ports.insert(port.port_id, (port, name.to_vec()));
        }
        if let Some(day) = self.ledger.note_input(&entry) {
            self.days.extend(self.beside.begin(day));
        }
        self.beside.seq = entry.seq;
        self.core.apply(entry, out, &mut self.beside);
    }

    fn state_hash(&self) -> u64 {
        self.core.state_hash()
    }
}

/// The hashes of the snapshots that lie beside a journal, by entry.
fn hashes_in(journal: &Path) -> Result<BTreeMap<u64, u64>, ServerError> {
    let mut hashes = BTreeMap::new();
    for info in list_snapshots(journal)? {
        // One that is broken, or was just forgotten, is nobody's word.
        if let Ok((header, _)) = read_snapshot(&info.path) {
            hashes.insert(header.seq, header.state_hash);
        }
    }
    Ok(hashes)
}

/// The texts of a journal's configurations: there is one more whenever it changed.
fn configurations(journal: &Path) -> Result<Vec<Vec<u8>>, ServerError> {
    let mut reader = JournalReader::open(journal)?;
    let mut texts = Vec::new();
    while let Some(entry) = reader.next_entry()? {
        if entry.kind == ConfigLoaded::KIND {
            texts.push(entry.body.get(ConfigLoaded::SIZE..).unwrap_or_default().to_vec());
        }
    }
    Ok(texts)
}

/// Runs the journal in a folder again; `streams` is where the streams lie. `make` makes a core that
/// is large enough for each of the journal's configurations, given their texts; `progress` is told
/// the entries now and then, and says whether to go on.
///
/// # Errors
/// [`ServerError`] when the journal or a stream cannot be read. What differs is no error.
pub fn replay<C: Core, E: From<ServerError>>(
    journal: &Path,
    streams: &Path,
    make: impl FnOnce(&[Vec<u8>]) -> Result<C, E>,
    mut progress: impl FnMut(u64) -> Result<(), E>,
) -> Result<Replayed, E> {
    let server = |error| E::from(ServerError::from(error));
    let hashes = hashes_in(journal)?;
    let again = Again {
        core: make(&configurations(journal)?)?,
        ledger: Ledger::default(),
        beside: Beside {
            folder: streams.to_owned(),
            seq: 0,
            day: None,
            stores: BTreeMap::new(),
            made: BTreeMap::new(),
            differs: None,
            error: None,
        },
        days: Vec::new(),
        ports: BTreeMap::new(),
    };
    let mut reader = JournalReader::open(journal).map_err(server)?;
    let mut comparison = Comparison::new(again, 0);
    let mut done = Replayed::default();
    while let Some(entry) = reader.next_entry().map_err(server)? {
        let seq = entry.seq;
        if let Err(mismatch) = comparison.apply(entry) {
            done.difference = Some(Difference::Entry(mismatch));
            break;
        }
        if let Some(difference) = look(&comparison, &hashes, seq, &mut done.hashes) {
            done.difference = Some(difference);
            break;
        }
        if seq.is_multiple_of(1 << 14) {
            progress(seq)?;
        }
    }
    let is_final = writer_of(journal).is_none();
    finish(comparison, done, is_final).map_err(E::from)
}

/// What differs after an entry, beside outputs.
fn look<C: Core>(
    comparison: &Comparison<Again<C>>,
    hashes: &BTreeMap<u64, u64>,
    seq: u64,
    compared: &mut Vec<u64>,
) -> Option<Difference> {
    let again = comparison.component();
    if let Some(differs) = &again.beside.differs {
        return Some(Difference::Message(differs.clone()));
    }
    let &stands = hashes.get(&seq)?;
    let made = again.state_hash();
    compared.push(seq);
    (made != stands).then_some(Difference::Hash(seq, made, stands))
}

fn finish<C: Core>(
    comparison: Comparison<Again<C>>,
    mut done: Replayed,
    is_final: bool,
) -> Result<Replayed, ServerError> {
    (done.inputs, done.outputs, _) = comparison.counts();
    done.entries = comparison.last_seq();
    done.outputs_missing = comparison.outstanding() as u64;
    let mut again = comparison.into_component();
    let is_whole = done.difference.is_none();
    done.days = std::mem::take(&mut again.days);
    done.days.extend(again.beside.end(is_final && is_whole));
    if let (true, Some(differs)) = (is_whole, again.beside.differs.take()) {
        done.difference = Some(Difference::Message(differs));
    }
    if let Some(error) = again.beside.error.take() {
        return Err(error);
    }
    done.state_hash = again.state_hash();
    done.ports = again.ports;
    Ok(done)
}
