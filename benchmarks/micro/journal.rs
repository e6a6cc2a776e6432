// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Measures the journal as its users run it: append, verified replay, how soon a reader in another
//! process sees an entry, group commit. Prints one JSON object. See `benchmarks/README.md` for how
//! to run it; its own options are `[--dir DIR]… [--entries N] [--runs N]`.
#![expect(clippy::print_stdout, reason = "its output is its purpose")]
#![expect(clippy::unwrap_used, reason = "a benchmark that fails should stop")]

use std::env;
use std::fmt::Write as _;
use std::hint::{black_box, spin_loop};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use onetape_io::journal_file::{Durability, JournalReader, JournalWriter, Options};

const BODY: [u8; 64] = [0x5a; 64];
const LATENCY_ENTRIES: u64 = 100_000;
const LATENCY_GAP_NS: u64 = 5_000;
/// Small segments where latency is measured, so that rolls are in it.
const LATENCY_SEGMENT_BYTES: usize = 8 << 20;
const FSYNC_SECONDS: f64 = 2.0;

struct Plan {
    folders: Vec<PathBuf>,
    entries: u64,
    runs: usize,
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|word| word != "--bench").collect();
    if let [word, folder] = arguments.as_slice()
        && word == "--read-latency"
    {
        return read_latency(Path::new(folder));
    }
    let plan = parse(&arguments);
    let places: Vec<String> = plan.folders.iter().map(|folder| measure(folder, &plan)).collect();
    println!(
        "{{\"benchmark\": \"journal\", \"body_bytes\": {}, \"entries\": {}, \"runs\": {}, \
         \"places\": [{}]}}",
        BODY.len(),
        plan.entries,
        plan.runs,
        places.join(", ")
    );
}

fn parse(arguments: &[String]) -> Plan {
    let mut plan = Plan { folders: Vec::new(), entries: 5_000_000, runs: 5 };
    for pair in arguments.chunks(2) {
        match pair {
            [name, value] if name == "--dir" => plan.folders.push(value.into()),
            [name, value] if name == "--entries" => plan.entries = value.parse().unwrap(),
            [name, value] if name == "--runs" => plan.runs = value.parse().unwrap(),
            _ => panic!("usage: journal [--dir DIR]… [--entries N] [--runs N]"),
        }
    }
    if plan.folders.is_empty() {
        plan.folders = vec![env::temp_dir(), "/dev/shm".into()];
    }
    plan
}

fn measure(place: &Path, plan: &Plan) -> String {
    let folder = place.join(format!("onetape-bench-{}", std::process::id()));
    let mut append = Vec::new();
    let mut replay = Vec::new();
    let mut stalls = 0;
    for _ in 0..plan.runs {
        remove(&folder);
        let (rate, waited) = append_rate(&folder, plan.entries);
        append.push(rate);
        stalls += waited;
        replay.push(replay_rate(&folder, plan.entries));
    }
    let latency = latency(&folder);
    let fsync = fsync_rates(&folder);
    remove(&folder);
    format!(
        "{{\"dir\": \"{}\", \"append_per_s\": {}, \"append_stalls\": {stalls}, \
         \"replay_per_s\": {}, {latency}, \"fsync\": {fsync}}}",
        place.display(),
        spread(&mut append),
        spread(&mut replay)
    )
}

fn remove(folder: &Path) {
    let _was_not_there = std::fs::remove_dir_all(folder);
}

/// Median, least and most of some rates.
fn spread(rates: &mut [f64]) -> String {
    rates.sort_by(f64::total_cmp);
    let (least, most) = (rates[0], rates[rates.len() - 1]);
    format!(
        "{{\"median\": {:.0}, \"min\": {least:.0}, \"max\": {most:.0}}}",
        rates[rates.len() / 2]
    )
}

#[expect(clippy::cast_precision_loss, reason = "a rate")]
fn per_second(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

fn append_rate(folder: &Path, entries: u64) -> (f64, u64) {
    let mut writer = JournalWriter::open(folder, &Options::default()).unwrap();
    let start = Instant::now();
    for n in 0..entries {
        writer.append(black_box(n.cast_signed()), 3, 1, 0, black_box(&BODY), &[]).unwrap();
    }
    let took = start.elapsed();
    let stalls = writer.stalls();
    writer.close().unwrap();
    (per_second(entries, took), stalls)
}

fn replay_rate(folder: &Path, entries: u64) -> f64 {
    let mut reader = JournalReader::open(folder).unwrap();
    let start = Instant::now();
    let mut count = 0;
    while let Some(entry) = reader.next_entry().unwrap() {
        count += 1;
        black_box(entry);
    }
    let took = start.elapsed();
    assert_eq!(count, entries);
    per_second(entries, took)
}

/// The same clock in every process.
fn clock_ns() -> u64 {
    let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `now` outlives the call.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut now) };
    now.tv_sec.cast_unsigned() * 1_000_000_000 + now.tv_nsec.cast_unsigned()
}

/// What an append takes, and how long from before it in this process until a reader in another has
/// checked the entry. One entry each 5 µs, on schedule whether or not the reader keeps up; two
/// looks at the clock are in every figure.
fn latency(folder: &Path) -> String {
    remove(folder);
    let options = Options { segment_bytes: LATENCY_SEGMENT_BYTES, ..Options::default() };
    let mut writer = JournalWriter::open(folder, &options).unwrap();
    let mut appends = Vec::with_capacity(LATENCY_ENTRIES as usize);
    let reader = Command::new(env::current_exe().unwrap())
        .arg("--read-latency")
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let start = clock_ns();
    for n in 0..LATENCY_ENTRIES {
        let due = start + n * LATENCY_GAP_NS;
        while clock_ns() < due {
            spin_loop();
        }
        let before = clock_ns();
        writer.append(before.cast_signed(), 3, 1, 0, &BODY, &[]).unwrap();
        appends.push(clock_ns() - before);
    }
    let output = reader.wait_with_output().unwrap();
    writer.close().unwrap();
    let visible = String::from_utf8(output.stdout).unwrap();
    format!("\"append_ns\": {}, \"visible_ns\": {visible}", percentiles(&mut appends))
}

fn percentiles(times: &mut [u64]) -> String {
    times.sort_unstable();
    let at = |per_mille: usize| times[(times.len() - 1) * per_mille / 1000];
    format!(
        "{{\"p50\": {}, \"p90\": {}, \"p99\": {}, \"p99.9\": {}, \"max\": {}}}",
        at(500),
        at(900),
        at(990),
        at(999),
        at(1000)
    )
}

fn read_latency(folder: &Path) {
    let mut reader = JournalReader::open(folder).unwrap();
    let mut waits = Vec::with_capacity(LATENCY_ENTRIES as usize);
    while waits.len() < LATENCY_ENTRIES as usize {
        if let Some(entry) = reader.next_entry().unwrap() {
            waits.push(clock_ns() - entry.ts_ns.cast_unsigned());
        }
    }
    print!("{}", percentiles(&mut waits));
}

/// How many entries a second are on disk, when each commit waits for 1, 16 or 256 of them, and when
/// nobody waits until the end.
fn fsync_rates(folder: &Path) -> String {
    let mut out = String::new();
    for batch in [1_u64, 16, 256, 4096] {
        remove(folder);
        let options = Options { durability: Durability::Fsync, ..Options::default() };
        let mut writer = JournalWriter::open(folder, &options).unwrap();
        let mut waits = Vec::new();
        let start = Instant::now();
        while start.elapsed().as_secs_f64() < FSYNC_SECONDS {
            for _ in 0..batch {
                writer.append(0, 3, 1, 0, &BODY, &[]).unwrap();
            }
            let from = clock_ns();
            writer.commit().unwrap();
            waits.push(clock_ns() - from);
        }
        let rate = per_second(writer.last_seq(), start.elapsed());
        waits.sort_unstable();
        let (p50, p99) = (waits[waits.len() / 2], waits[waits.len() * 99 / 100]);
        let comma = if out.is_empty() { "" } else { ", " };
        write!(
            out,
            "{comma}{{\"entries_per_commit\": {batch}, \"entries_per_s\": {rate:.0}, \
             \"commit_ns_p50\": {p50}, \"commit_ns_p99\": {p99}}}"
        )
        .unwrap();
    }
    format!("[{out}]")
}
