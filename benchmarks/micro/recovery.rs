// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Measures how soon an exchange is up again: a journal of a trading session of two ports, replayed
//! with every output compared, and taken up from a snapshot with the rest replayed. Prints one JSON
//! object. Its options are `[--dir DIR] [--entries N] [--tail N] [--runs N]`.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

#[path = "../../crates/io/tests/market/mod.rs"]
mod market;

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use market::{SYMBOLS, cancel, definitions_for, enter, make};
use onetape_core::component::{Component, Entry, Outbox};
use onetape_core::events::{
    DayStarted, Operation, OperatorCommanded, OrderFormat, OrderMessageReceived, Phase,
    SessionOpened,
};
use onetape_core::exchange::node::Exchange;
use onetape_io::journal_file::{JournalWriter, Options};
use onetape_io::replica::{SnapshotPolicy, SnapshotTaker, recover};

/// Time between two inputs, in nanoseconds.
const STEP_NS: i64 = 10_000;
/// Orders of a port that rest before the oldest is cancelled.
const RESTING: u32 = 1_000;

/// Writes a journal as an exchange does.
struct Writing {
    journal: JournalWriter,
    exchange: Exchange,
    ts_ns: i64,
}

struct Outputs<'a>(&'a mut JournalWriter, i64);

impl Outbox for Outputs<'_> {
    fn emit(&mut self, kind: u16, version: u8, body: &[u8]) {
        self.0.append(self.1, kind, version, 0, body, &[]).expect("room on the disk");
    }
}

impl Writing {
    fn input(&mut self, kind: u16, body: &[u8]) {
        self.ts_ns += STEP_NS;
        let seq = self.journal.append(self.ts_ns, kind, 1, 1, body, &[]).expect("room");
        let entry = Entry { seq, ts_ns: self.ts_ns, kind, version: 1, source: 1, body };
        self.exchange.apply(entry, &mut Outputs(&mut self.journal, self.ts_ns));
    }

    fn begin(&mut self) {
        for definition in definitions_for(1 << 20) {
            self.input(definition.kind, &definition.body);
        }
        let mut session = [0; 16];
        session[..4].copy_from_slice(b"DAY1");
        let day = DayStarted { midnight_ts_ns: self.ts_ns, date: 20_261_120, reserved: 0, session };
        self.input(DayStarted::KIND, &day.encode());
        for port_id in 1..=2 {
            let opened = SessionOpened { port_id, heartbeat_ms: 0, next_sequence: 1 };
            self.input(SessionOpened::KIND, &opened.encode());
        }
        let continuous = OperatorCommanded {
            value: i64::from(Phase::Continuous.raw()),
            firm_id: 0,
            port_id: 0,
            instrument_id: 0,
            operation: u16::from(Operation::SetPhase.raw()),
            reserved1: 0,
        };
        self.input(OperatorCommanded::KIND, &continuous.encode());
    }

    fn say(&mut self, port_id: u32, message: &[u8]) {
        let format = u16::from(OrderFormat::Ouch50.raw());
        let head = OrderMessageReceived { port_id, format, reserved: 0 };
        let body = [&head.encode()[..], message].concat();
        self.input(OrderMessageReceived::KIND, &body);
    }

    /// Both ports quote around a price that wanders; one in a few orders trades.
    fn turn(&mut self, number: u32) {
        let symbol = SYMBOLS[number as usize % 2];
        let mid = 1_000_000 + u64::from((number / 64) % 512) * 100;
        let away = u64::from(number) * 7919 % 29 * 100;
        self.say(1, &enter(number, b'B', 100, symbol, mid - away));
        self.say(2, &enter(number, b'S', 100, symbol, mid + away));
        if number > RESTING {
            self.say(1, &cancel(number - RESTING));
            self.say(2, &cancel(number - RESTING));
        }
    }
}

struct Plan {
    folder: PathBuf,
    entries: u64,
    tail: u64,
    runs: usize,
}

fn parse(words: impl Iterator<Item = String>) -> Plan {
    let mut plan = Plan { folder: env::temp_dir(), entries: 10_000_000, tail: 100_000, runs: 3 };
    let words: Vec<String> = words.filter(|word| word != "--bench").collect();
    for pair in words.chunks(2) {
        match pair {
            [name, value] if name == "--dir" => plan.folder = value.into(),
            [name, value] if name == "--entries" => plan.entries = value.parse().expect("N"),
            [name, value] if name == "--tail" => plan.tail = value.parse().expect("N"),
            [name, value] if name == "--runs" => plan.runs = value.parse().expect("N"),
            _ => panic!("usage: recovery [--dir DIR] [--entries N] [--tail N] [--runs N]"),
        }
    }
    plan
}

/// Makes the journal, with a snapshot `tail` entries before its end. Returns the state's hash.
fn write(folder: &Path, plan: &Plan, policy: SnapshotPolicy) -> u64 {
    let journal = JournalWriter::open(folder, &Options::default()).expect("a journal");
    let mut writing = Writing { journal, exchange: make(), ts_ns: 1_763_600_000_000_000_000 };
    let mut taker = SnapshotTaker::start(folder.to_owned(), policy, 0).expect("a thread");
    writing.begin();
    let mut is_saved = false;
    for number in 1.. {
        let seq = writing.journal.last_seq();
        if seq >= plan.entries {
            break;
        }
        if !is_saved && seq + plan.tail >= plan.entries {
            is_saved = taker.take(&writing.exchange, seq, writing.ts_ns);
        }
        writing.turn(number);
    }
    taker.finish().expect("a snapshot");
    let hash = writing.exchange.state_hash();
    // As after a kill: the last segment is not sealed by its writer, but nothing is torn.
    writing.journal.close().expect("a journal on disk");
    hash
}

fn up(folder: &Path, policy: SnapshotPolicy, hash: u64) -> (Duration, u64) {
    let up = recover(folder, &Options::default(), &policy, make).expect("it comes up");
    assert_eq!(up.component.state_hash(), hash);
    let (took, entries) = (up.replayed.took, up.replayed.entries);
    up.journal.close().expect("closed");
    (took, entries)
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

fn main() {
    let plan = parse(env::args().skip(1));
    let folder = plan.folder.join(format!("onetape-recovery-{}", std::process::id()));
    let policy = SnapshotPolicy { entries: 1, pause: Duration::ZERO, ..SnapshotPolicy::default() };
    let hash = write(&folder, &plan, policy);
    let mut replays = Vec::new();
    let mut snapshots = Vec::new();
    let other = SnapshotPolicy { component_version: u32::MAX, ..policy };
    let (mut entries, mut tail) = (0, 0);
    for _ in 0..plan.runs {
        let (took, count) = up(&folder, other, hash);
        replays.push(took);
        entries = count;
        let (took, count) = up(&folder, policy, hash);
        snapshots.push(took);
        tail = count;
    }
    let files = std::fs::read_dir(folder.join("snapshots")).expect("snapshots");
    let bytes: u64 = files.flatten().map(|file| file.metadata().map_or(0, |data| data.len())).sum();
    println!(
        "{{\"benchmark\": \"recovery\", \"entries\": {entries}, \"runs\": {}, \"replay_s\": {:.3}, \
         \"replay_entries_per_s\": {:.0}, \"snapshot_bytes\": {bytes}, \"tail_entries\": {tail}, \
         \"snapshot_s\": {:.3}}}",
        plan.runs,
        median(replays.clone()),
        f64::from(u32::try_from(entries).unwrap_or(u32::MAX)) / median(replays),
        median(snapshots),
    );
    let _best_effort = std::fs::remove_dir_all(&folder);
}
