// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A session of the whole exchange, recorded once, that can be cut at any of its entries as a crash
//! cuts it: segments that were never sealed, an entry of which a part is there, streams of messages
//! that are behind or ahead of the journal.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of it; a test may panic"
)]

mod live;

use std::path::Path;

use onetape_core::component::{Entry, Outbox};
use onetape_core::events::{OrderMessageReceived, SnapshotTaken, StateHashed};
use onetape_core::exchange::Wires;
use onetape_core::journal::segment::{
    DATA_START, SEAL_BYTES, SEAL_START, SegmentHeader, file_name,
};
use onetape_io::exchange::{Core, Engine};
use onetape_io::journal_file::{JournalReader, list_snapshots};

pub(crate) use live::{config, make};

/// The public stream and four ports'.
pub(crate) const STREAMS: usize = 5;
/// The port that speaks FIX.
pub(crate) const FIX_PORT: u32 = 4;
/// Bytes of a segment: a session has several.
const SEGMENT_BYTES: usize = 64 << 10;
/// A snapshot is there of about every so many entries.
const SNAPSHOT_ENTRIES: u64 = 400;

/// How far one cut is from the next: `usual`, or 1 when every entry is wanted.
pub(crate) fn step(usual: usize) -> usize {
    if std::env::var_os("ONETAPE_EVERY_ENTRY").is_some() { 1 } else { usual }
}

/// A segment file of the whole session.
struct Segment {
    bytes: Vec<u8>,
    index: Vec<u8>,
    /// Where each of its entries ends.
    ends: Vec<usize>,
    first_seq: u64,
}

/// What a client asked for.
pub(crate) struct Asked {
    pub(crate) seq: u64,
    pub(crate) port: u32,
    pub(crate) message: Vec<u8>,
}

/// How things stand when the journal ends with some entry.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moment {
    /// Messages of each stream that follow from all inputs: the most that anybody can have heard.
    pub(crate) told: [u64; STREAMS],
    /// Messages that follow from the inputs before the last: the least that was acknowledged.
    pub(crate) before: [u64; STREAMS],
    /// Outputs of the last input that are not in the journal.
    pub(crate) missing: u64,
}

/// The session.
pub(crate) struct Recorded {
    segments: Vec<Segment>,
    /// By the number of the last entry; 0 for none.
    moments: Vec<Moment>,
    pub(crate) messages: [Vec<Vec<u8>>; STREAMS],
    pub(crate) asked: Vec<Asked>,
    snapshots: Vec<Snapshot>,
}

/// A snapshot, as it lies on disk.
struct Snapshot {
    seq: u64,
    name: String,
    bytes: Vec<u8>,
}

/// What lies on disk of the streams of messages after a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Left {
    /// All that was put there; what the last input led to had not been released.
    Unreleased,
    /// All that was put there, and released.
    Released,
    /// Nothing.
    Nothing,
    /// More than the journal leads to: it was the journal's pages that were lost.
    More,
    /// As released, but pages in the middle are zeros.
    Holes,
}

/// What a crash leaves behind the last whole entry of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Torn {
    /// Nothing.
    Clean,
    /// The next entry but for its first word, which is stored last.
    WithoutWord,
    /// So many bytes in a thousand of the next entry.
    Part(usize),
}

/// How a session is cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    pub(crate) left: Left,
    pub(crate) torn: Torn,
    /// The segments before the last one had not been sealed yet.
    pub(crate) is_unsealed: bool,
    /// There are snapshots.
    pub(crate) has_snapshots: bool,
}

impl Cut {
    /// One of the ways, by turns.
    pub(crate) fn of(seq: u64) -> Self {
        let lefts = [Left::Unreleased, Left::Released, Left::Nothing, Left::More, Left::Holes];
        let torns = [Torn::Clean, Torn::WithoutWord, Torn::Part((seq * 7919 % 999 + 1) as usize)];
        Self {
            left: lefts[seq as usize % lefts.len()],
            torn: torns[seq as usize % torns.len()],
            is_unsealed: seq.is_multiple_of(2),
            has_snapshots: seq.is_multiple_of(7),
        }
    }

    /// A journal alone, to be followed.
    pub(crate) const fn journal() -> Self {
        let (left, torn) = (Left::Nothing, Torn::Clean);
        Self { left, torn, is_unsealed: true, has_snapshots: false }
    }
}

/// Counts what a core puts where.
#[derive(Default)]
struct Counting {
    put: [u64; STREAMS],
    outputs: u64,
}

impl Wires for Counting {
    fn send(&mut self, port: u32, _message: &[u8]) {
        self.put[port as usize] += 1;
    }

    fn publish(&mut self, _message: &[u8]) {
        self.put[0] += 1;
    }
}

#[derive(Default)]
struct Outputs(u64);

impl Outbox for Outputs {
    fn emit(&mut self, _kind: u16, _version: u8, _body: &[u8]) {
        self.0 += 1;
    }
}

impl Recorded {
    /// Has clients and an operator work on an exchange in `folder`, over sockets.
    pub(crate) fn new(folder: &Path) -> Self {
        let (folder, heard) = live::record(folder);
        let mut recorded = Self {
            segments: segments(&folder.join("journal")),
            moments: vec![Moment::default()],
            messages: heard,
            asked: Vec::new(),
            snapshots: Vec::new(),
        };
        recorded.follow(&folder.join("journal"));
        recorded.snapshots = recorded.take_snapshots(&folder.join("snapshots"));
        recorded
    }

    /// Takes a snapshot now and then.
    fn take_snapshots(&self, folder: &Path) -> Vec<Snapshot> {
        let mut due = SNAPSHOT_ENTRIES;
        let mut snapshots = Vec::new();
        for seq in 1..=self.last_seq() {
            if seq < due || self.at(seq).missing > 0 {
                continue;
            }
            due = seq + SNAPSHOT_ENTRIES;
            let left = Left::Released;
            self.cut(folder, seq, Cut { left, ..Cut::journal() });
            let (engine, recovered) = Engine::open(&config(folder, None), &make).unwrap();
            assert_eq!((recovered.entries, recovered.completed), (seq, 0));
            engine.write_snapshot().unwrap();
            let path = list_snapshots(&folder.join("journal")).unwrap().remove(0).path;
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            snapshots.push(Snapshot { seq, name, bytes: std::fs::read(path).unwrap() });
        }
        assert!(snapshots.len() > 2);
        snapshots
    }

    /// The newest snapshot that a restart takes up, 0 for none; `None` when that depends on which
    /// page the crash lost.
    pub(crate) fn newest_snapshot(&self, seq: u64, cut: Cut) -> Option<u64> {
        match cut.left {
            _ if !cut.has_snapshots => Some(0),
            Left::Nothing => Some(0),
            Left::Released | Left::More => {
                let newest = self.snapshots.iter().rfind(|snapshot| snapshot.seq <= seq);
                Some(newest.map_or(0, |snapshot| snapshot.seq))
            }
            Left::Unreleased | Left::Holes => None,
        }
    }

    /// Entry `seq`, all of it.
    pub(crate) fn frame(&self, seq: u64) -> &[u8] {
        let segment = self.segments.iter().rfind(|segment| segment.first_seq <= seq).unwrap();
        let at = (seq - segment.first_seq) as usize;
        let start = at.checked_sub(1).map_or(DATA_START, |before| segment.ends[before]);
        &segment.bytes[start..segment.ends[at]]
    }

    /// Number of the last entry.
    pub(crate) const fn last_seq(&self) -> u64 {
        self.moments.len() as u64 - 1
    }

    /// How things stand when the journal ends with entry `seq`.
    pub(crate) fn at(&self, seq: u64) -> &Moment {
        &self.moments[seq as usize]
    }

    /// Learns from a core what follows from which entry.
    fn follow(&mut self, journal: &Path) {
        let mut reader = JournalReader::open(journal).unwrap();
        let (mut core, mut wires, mut outputs) = (make(), Counting::default(), Outputs::default());
        let mut now = Moment::default();
        while let Some(entry) = reader.next_entry().unwrap() {
            if entry.source != 0 {
                assert_eq!(now.missing, 0, "entry {}", entry.seq);
                now.before = now.told;
                outputs.0 = 0;
                core.apply(entry, &mut outputs, &mut wires);
                (now.told, now.missing) = (wires.put, outputs.0);
                self.note_asked(&entry);
            } else if !matches!(entry.kind, StateHashed::KIND | SnapshotTaken::KIND) {
                now.missing -= 1;
            }
            self.moments.push(now);
        }
        for (told, messages) in now.told.iter().zip(&self.messages) {
            assert_eq!(*told, messages.len() as u64);
        }
    }

    fn note_asked(&mut self, entry: &Entry<'_>) {
        if entry.kind == OrderMessageReceived::KIND {
            let port = OrderMessageReceived::decode(entry.body).unwrap().port_id;
            let message = entry.body[OrderMessageReceived::SIZE..].to_vec();
            self.asked.push(Asked { seq: entry.seq, port, message });
        }
    }

    /// Makes a folder in which an exchange died when its journal ended with entry `seq`.
    pub(crate) fn cut(&self, folder: &Path, seq: u64, cut: Cut) {
        let _was_not_there = std::fs::remove_dir_all(folder);
        self.cut_journal(&folder.join("journal"), seq, cut);
        self.cut_streams(&folder.join("streams"), seq, cut.left);
        let snapshots = folder.join("journal").join("snapshots");
        let taken = self.snapshots.iter().filter(|snapshot| snapshot.seq <= seq);
        for Snapshot { name, bytes, .. } in taken.filter(|_| cut.has_snapshots) {
            std::fs::create_dir_all(&snapshots).unwrap();
            std::fs::write(snapshots.join(name), bytes).unwrap();
        }
    }

    /// Writes the segments as the writer leaves them when it dies.
    fn cut_journal(&self, folder: &Path, seq: u64, cut: Cut) {
        std::fs::create_dir_all(folder).unwrap();
        let last = self.segments.iter().rposition(|segment| segment.first_seq <= seq).unwrap_or(0);
        let write = |number: usize, ending: &str, bytes: &[u8]| {
            let path = folder.join(file_name(number as u64)).with_extension(ending);
            std::fs::write(path, bytes).unwrap();
        };
        for (number, segment) in (1..).zip(&self.segments[..last]) {
            if cut.is_unsealed {
                write(number, "seg", &unsealed(&segment.bytes));
            } else {
                write(number, "seg", &segment.bytes);
                write(number, "idx", &segment.index);
            }
        }
        let segment = &self.segments[last];
        let end = match seq.checked_sub(segment.first_seq) {
            Some(at) => segment.ends[at as usize],
            None => DATA_START,
        };
        let mut bytes = unsealed(&segment.bytes);
        let next = segment.ends.iter().find(|next| **next > end).map(|next| end..*next);
        bytes[end..].fill(0);
        if let Some(next) = next {
            let from = next.start;
            match cut.torn {
                Torn::Clean => {}
                Torn::WithoutWord => {
                    bytes[from + 8..next.end].copy_from_slice(&segment.bytes[from + 8..next.end]);
                }
                Torn::Part(thousandths) => {
                    // Zeros are there already: an entry without its last ones would be whole.
                    let whole = &segment.bytes[next.clone()];
                    let last = whole.iter().rposition(|byte| *byte != 0).unwrap();
                    let part = from..from + (whole.len() * thousandths / 1_000).min(last);
                    bytes[part.clone()].copy_from_slice(&segment.bytes[part]);
                }
            }
        }
        write(last + 1, "seg", &bytes);
        // The next one lies ready.
        write(last + 2, "seg", &vec![0; SEGMENT_BYTES]);
    }

    /// Writes the streams as they may lie there then.
    fn cut_streams(&self, folder: &Path, seq: u64, left: Left) {
        let folder = folder.join("20261120-DAY1");
        let now = self.at(seq);
        if left == Left::Nothing || now.told == [0; STREAMS] {
            return;
        }
        std::fs::create_dir_all(&folder).unwrap();
        for stream in 0..STREAMS {
            let all = &self.messages[stream];
            let (put, released) = match left {
                Left::Unreleased => (now.told[stream], now.before[stream]),
                Left::More => (all.len() as u64, all.len() as u64),
                _ => (now.told[stream], now.told[stream]),
            };
            let (mut ends, mut bytes) = (b"ONETAPEM".to_vec(), Vec::new());
            ends.extend_from_slice(&released.to_le_bytes());
            for message in &all[..put as usize] {
                bytes.extend_from_slice(message);
                ends.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            }
            if left == Left::Holes {
                let middle = bytes.len() / 2;
                bytes[middle..].iter_mut().take(4096).for_each(|byte| *byte = 0);
            }
            let name = if stream == 0 { "itch".to_owned() } else { format!("port-{stream:05}") };
            std::fs::write(folder.join(format!("{name}.msg")), &bytes).unwrap();
            std::fs::write(folder.join(format!("{name}.idx")), &ends).unwrap();
        }
    }
}

/// A segment as it was before it was sealed: of its full size, without the seal.
fn unsealed(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes.resize(SEGMENT_BYTES, 0);
    bytes[SEAL_START..SEAL_START + SEAL_BYTES].fill(0);
    bytes
}

/// The segments of a journal that was closed.
fn segments(folder: &Path) -> Vec<Segment> {
    let mut segments: Vec<Segment> = (1..)
        .map_while(|number| {
            let path = folder.join(file_name(number));
            let bytes = std::fs::read(&path).ok()?;
            let index = std::fs::read(path.with_extension("idx")).unwrap();
            let header = SegmentHeader::decode(&bytes).unwrap().unwrap();
            Some(Segment { bytes, index, ends: Vec::new(), first_seq: header.first_seq })
        })
        .collect();
    let mut reader = JournalReader::open(folder).unwrap();
    while let Some(framed) = reader.next_frame().unwrap() {
        let (seq, length) = (framed.entry.seq, framed.bytes.len());
        let segment = segments.iter_mut().rfind(|segment| segment.first_seq <= seq).unwrap();
        let start = segment.ends.last().copied().unwrap_or(DATA_START);
        assert_eq!(segment.bytes[start..start + length], *framed.bytes);
        segment.ends.push(start + length);
    }
    segments
}
