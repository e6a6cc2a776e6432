// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Measures a feed's lines: what each stage costs a message from memory, and two lines over loopback
//! at a steady rate, journaled and booked. Prints JSON. See benchmarks/README.md.
//!
//! `feed [--seconds N] [--rate MESSAGES_PER_SECOND]`
#![expect(clippy::print_stdout, reason = "its result is what it prints")]
#![expect(clippy::unwrap_used, reason = "a benchmark may panic")]

use onetape_io::huge_pages::HugePages;

mod flow;
mod stages;
mod wire;

use wire::Run;

#[global_allocator]
static MEMORY: HugePages = HugePages;

fn argument(name: &str, default: u64) -> u64 {
    let words: Vec<String> = std::env::args().collect();
    let at = words.iter().position(|word| word == name);
    at.and_then(|at| words.get(at + 1)?.parse().ok()).unwrap_or(default)
}

fn main() {
    let (seconds, rate) = (argument("--seconds", 10), argument("--rate", 2_000_000));
    let stages = stages::stages();
    let run = Run { messages_per_second: rate, seconds, batch: 32, chosen: 500, cores: (0, 1) };
    let runs = [
        ("two_lines", run),
        ("two_lines_10_of_500", Run { chosen: 10, ..run }),
        ("two_lines_one_packet_a_call", Run { batch: 1, ..run }),
    ];
    let runs = runs.map(|(name, run)| format!("  \"{name}\": {}", wire::run(run)));
    println!("{{\n  {stages},\n{}\n}}", runs.join(",\n"));
}
