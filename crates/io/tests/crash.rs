// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A session of the whole exchange, cut at its entries as a crash cuts it: what comes up completes
//! the last input, and every client, whatever it had heard, sees every message exactly once.
//!
//! At every so many entries; with `ONETAPE_EVERY_ENTRY` set (`make test-slow`) at each of them.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod fixer;
mod folder;
mod market;
mod recorded;
mod visitors;

use std::path::Path;
use std::time::Instant;

use folder::TestFolder;
use onetape_core::exchange::node::Exchange;
use onetape_io::exchange::Server;
use recorded::{Cut, Recorded, config, make, step};
use visitors::{Listener, check_journal, visit};

/// Comes up after a crash.
fn come_up(place: &Path, recorded: &Recorded, seq: u64, listener: &Listener) -> Server<Exchange> {
    let cut = Cut::of(seq);
    recorded.cut(place, seq, cut);
    let server = Server::start(config(place, Some(listener.line())), make).unwrap();
    let found = server.recovered();
    if let Some(snapshot_seq) = recorded.newest_snapshot(seq, cut) {
        assert_eq!(found.snapshot_seq, snapshot_seq, "{seq}: {:?}", found.passed_over);
    }
    assert_eq!(found.entries, seq - found.snapshot_seq);
    assert_eq!(found.completed, recorded.at(seq).missing);
    check_journal(&place.join("journal"), recorded, seq);
    server
}

#[test]
fn cut_at_any_entry_every_client_sees_everything_once() {
    let folder = TestFolder::in_memory("crash");
    let recorded = Recorded::new(&folder.path().join("whole"));
    let listener = Listener::new();
    let (mut cuts, mut within, began) = (0, 0, Instant::now());
    for seq in (0..=recorded.last_seq()).step_by(step(31)) {
        let mut server = come_up(&folder.path().join("cut"), &recorded, seq, &listener);
        visit(&mut server, &recorded, seq, &listener);
        within += u32::from(recorded.at(seq).missing > 0);
        cuts += 1;
    }
    let entries = recorded.last_seq();
    assert!(entries >= 2_000 && within > cuts / 4, "{within} of {cuts} within an input's outputs");
    eprintln!(
        "{cuts} crashes in {entries} entries, {within} within outputs: {:?}",
        began.elapsed()
    );
}
