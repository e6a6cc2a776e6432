// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Measures how soon an exchange is up again, as its start does it: a journal of a trading session of
//! two ports, replayed with every output and every message of its streams compared, and taken up from
//! a snapshot with the rest replayed. Prints one JSON object. Its options are
//! `[--dir DIR] [--entries N] [--tail N] [--runs N]`.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]

#[path = "../../crates/io/tests/market/mod.rs"]
mod market;

use std::env;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use market::{SYMBOLS, cancel, config, definitions_for, enter, make};
use onetape_core::component::{Component, Entry, Outbox};
use onetape_core::events::{
    DayStarted, Operation, OperatorCommanded, OrderFormat, OrderMessageReceived, Phase,
    SessionOpened,
};
use onetape_core::exchange::node::Exchange;
use onetape_io::exchange::{Engine, Server, ServerConfig};
use onetape_io::journal_file::{JournalWriter, Options};
use onetape_io::replica::{SnapshotPolicy, recover};

/// Time between two inputs, in nanoseconds.
const STEP_NS: i64 = 10_000;
/// Orders of a port that rest before the oldest is cancelled.
const RESTING: u32 = 1_000;
/// When the session begins, and what the wall clock shows after it.
const BEGAN_TS_NS: i64 = 1_763_600_000_000_000_000;
const WALL_TS_NS: i64 = 1_763_610_000_000_000_000;

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

    fn begin(&mut self, config: &ServerConfig) {
        for definition in &config.definitions {
            self.input(definition.kind, &definition.body);
        }
        let mut session = [0; 16];
        session[..4].copy_from_slice(b"DAY1");
        let day = DayStarted { midnight_ts_ns: self.ts_ns, date: 20_261_120, reserved: 0, session };
        self.input(DayStarted::KIND, &day.encode());
        self.log_in();
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

    fn log_in(&mut self) {
        for port_id in 1..=2 {
            let opened = SessionOpened { port_id, heartbeat_ms: 0, next_sequence: 1 };
            self.input(SessionOpened::KIND, &opened.encode());
        }
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

fn settings(folder: &Path) -> ServerConfig {
    ServerConfig {
        options: Options::default(),
        port_bytes_max: 4 << 30,
        itch_bytes_max: 4 << 30,
        definitions: definitions_for(1 << 20),
        glimpse: None,
        control: None,
        wall: || WALL_TS_NS,
        ..config(folder)
    }
}

/// Makes the journal and all that follows from it, with a snapshot `tail` entries before its end.
fn write(config: &ServerConfig, plan: &Plan) {
    let options = &config.options;
    let journal = JournalWriter::open(&config.journal, options).expect("a journal");
    let mut writing = Writing { journal, exchange: make(), ts_ns: BEGAN_TS_NS };
    writing.begin(config);
    let mut number = 1;
    while writing.journal.last_seq() + plan.tail < plan.entries {
        writing.turn(number);
        number += 1;
    }
    writing.journal.close().expect("a journal on disk");
    // An exchange that comes up and stops leaves a snapshot, and its streams.
    let mut server = Server::start(config.clone(), make).expect("an exchange");
    server.stop().stop();
    server.run().expect("a stop");
    drop(server);
    let policy = SnapshotPolicy::default();
    let up = recover(&config.journal, options, &policy, make).expect("the journal");
    let ts_ns = up.journal.last_ts_ns();
    let mut writing = Writing { journal: up.journal, exchange: up.component, ts_ns };
    writing.log_in();
    while writing.journal.last_seq() < plan.entries {
        writing.turn(number);
        number += 1;
    }
    // As after a kill: the last segment is not sealed by its writer, but nothing is torn.
    writing.journal.close().expect("a journal on disk");
}

/// Comes up; how long that takes, entries replayed, and the state's hash.
fn up(config: &ServerConfig) -> (Duration, u64, u64) {
    let began = Instant::now();
    let (engine, found) = Engine::open(config, &make).expect("it comes up");
    let took = began.elapsed();
    assert!(found.streams.iter().all(|(_, stream)| stream.differs_at == 0));
    (took, found.entries, engine.core().state_hash())
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64()
}

fn main() {
    let plan = parse(env::args().skip(1));
    let folder = plan.folder.join(format!("onetape-recovery-{}", std::process::id()));
    let config = settings(&folder);
    write(&config, &plan);
    let (snapshots, aside) = (config.journal.join("snapshots"), folder.join("aside"));
    let files = std::fs::read_dir(&snapshots).expect("snapshots");
    let bytes: u64 = files.flatten().map(|file| file.metadata().map_or(0, |data| data.len())).sum();
    // The first time the streams are completed; from then on they are compared.
    let (_, _, hash) = up(&config);
    let (mut from_start, mut from_snapshot, mut entries, mut tail) = (Vec::new(), Vec::new(), 0, 0);
    for _ in 0..plan.runs {
        let (took, count, found) = up(&config);
        assert_eq!(found, hash);
        from_snapshot.push(took);
        tail = count;
        std::fs::rename(&snapshots, &aside).expect("moved");
        let (took, count, found) = up(&config);
        assert_eq!(found, hash);
        from_start.push(took);
        entries = count;
        let _there_may_be_a_new_one = std::fs::remove_dir_all(&snapshots);
        std::fs::rename(&aside, &snapshots).expect("moved back");
    }
    println!(
        "{{\"benchmark\": \"recovery\", \"entries\": {entries}, \"runs\": {}, \"replay_s\": {:.3}, \
         \"replay_entries_per_s\": {:.0}, \"snapshot_bytes\": {bytes}, \"tail_entries\": {tail}, \
         \"snapshot_s\": {:.3}}}",
        plan.runs,
        median(from_start.clone()),
        f64::from(u32::try_from(entries).unwrap_or(u32::MAX)) / median(from_start),
        median(from_snapshot),
    );
    let _best_effort = std::fs::remove_dir_all(&folder);
}
