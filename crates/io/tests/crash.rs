// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A session of the whole exchange, cut after each of its entries as a crash would cut it: what
//! comes up agrees with every output, completes the last input, and says to every client the same
//! messages under the same numbers.
//!
//! Every so many entries; `ONETAPE_CRASH_STEP=1` cuts after each of them, which takes minutes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod folder;
mod market;

use std::path::Path;

use folder::TestFolder;
use market::{Running, SYMBOLS, cancel, config, enter, make};
use onetape_io::exchange::Server;
use onetape_io::journal_file::{JournalReader, JournalWriter};
use onetape_io::replica::{SnapshotPolicy, recover};

/// Messages of each of the two clients.
const ORDERS: u32 = 250;

/// A journaled session: its entries, and what each port was told.
struct Session {
    entries: Vec<Entry>,
    told: [Vec<Vec<u8>>; 2],
}

struct Entry {
    ts_ns: i64,
    kind: u16,
    version: u8,
    source: u32,
    body: Vec<u8>,
}

fn entries(journal: &Path) -> Vec<Entry> {
    let mut reader = JournalReader::open(journal).unwrap();
    let mut all = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        let onetape_core::component::Entry { ts_ns, kind, version, source, body, .. } = entry;
        all.push(Entry { ts_ns, kind, version, source, body: body.to_vec() });
    }
    all
}

/// Two clients who trade with one another.
fn session(folder: &Path) -> Session {
    let running = Running::start(config(folder));
    let mut operator = market::Operator::new(folder);
    operator.ask(&serde_json::json!({"do": "phase", "phase": "continuous"}));
    let mut clients = [running.client(1, 1), running.client(2, 1)];
    for number in 1..=ORDERS {
        let symbol = SYMBOLS[number as usize % 2];
        let price = 100_000 + u64::from(number * 7919 % 11) * 100;
        clients[0].say(&enter(number, b'B', 100 + number % 50, symbol, price));
        clients[1].say(&enter(number, b'S', 90 + number % 70, symbol, price + 300));
        if number % 5 == 0 {
            clients[number as usize % 2].say(&cancel(number - 3));
        }
    }
    for client in &mut clients {
        client.say(&enter(ORDERS + 1, b'B', 1, SYMBOLS[0], 100));
    }
    let told = clients.map(|mut client| {
        let mut heard = Vec::new();
        loop {
            let message = client.hear();
            let is_last = message[0] == b'A' && message[9..13] == (ORDERS + 1).to_be_bytes();
            heard.push(message);
            if is_last {
                return heard;
            }
        }
    });
    drop(running.stop());
    let entries = entries(&folder.join("journal"));
    Session { entries, told }
}

/// Writes the first `count` entries to a journal of its own.
fn cut(folder: &Path, session: &Session, count: usize) {
    let options = config(folder).options;
    let mut journal = JournalWriter::open(folder.join("journal"), &options).unwrap();
    for entry in &session.entries[..count] {
        let Entry { ts_ns, kind, version, source, body } = entry;
        journal.append(*ts_ns, *kind, *version, *source, body, &[]).unwrap();
    }
    journal.close().unwrap();
}

/// How far one cut is from the next.
fn step(usual: usize) -> usize {
    std::env::var("ONETAPE_CRASH_STEP").map_or(usual, |text| text.parse().unwrap())
}

#[test]
fn cut_after_any_entry_a_session_comes_up_as_it_was() {
    let folder = TestFolder::new("crash");
    let session = session(&folder.path().join("whole"));
    let all = session.entries.len();
    assert!(all > 1_500, "{all} entries");
    let (options, policy) = (config(folder.path()).options, SnapshotPolicy::default());
    let mut completed = 0;
    for count in (1..=all).step_by(step(31)) {
        let place = folder.path().join("cut");
        cut(&place, &session, count);
        let up = recover(&place.join("journal"), &options, &policy, make).unwrap();
        assert_eq!(up.replayed.entries, count as u64);
        completed += u64::from(up.replayed.completed > 0);
        drop(up);
        // What was appended is what the journal of the whole session has there.
        for (at, entry) in entries(&place.join("journal")).iter().enumerate() {
            let was = &session.entries[at];
            assert_eq!((entry.kind, &entry.body), (was.kind, &was.body), "{count}: {at}");
        }
        std::fs::remove_dir_all(&place).unwrap();
    }
    assert!(completed > 10, "only {completed} cuts were within an input's outputs");
}

#[test]
fn clients_are_told_the_same_under_the_same_numbers_wherever_it_was_cut() {
    let folder = TestFolder::new("crash-told");
    let session = session(&folder.path().join("whole"));
    let first = session.entries.iter().position(|entry| entry.source != 0).unwrap() + 20;
    for count in (first..=session.entries.len()).step_by(step(97)) {
        let place = folder.path().join("cut");
        cut(&place, &session, count);
        let server = Server::start(config(&place), make).unwrap();
        let told: Vec<u64> = (1..=2)
            .map(|port| {
                server.engine().streams().stream(port).map_or(0, |stream| stream.released())
            })
            .collect();
        drop(server);
        let running = Running::start(config(&place));
        for (port, heard) in (1..).zip(&session.told) {
            let mut client = running.client(port, 1);
            for number in 0..told[port as usize - 1].min(heard.len() as u64) {
                assert_eq!(client.hear(), heard[number as usize], "{count}: port {port}, {number}");
            }
        }
        drop(running.stop());
        std::fs::remove_dir_all(&place).unwrap();
    }
}
