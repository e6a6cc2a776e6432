// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Snapshots of an exchange at work: taken by the clock and on command, and used by the next start.

use std::time::{Duration, Instant};

use serde_json::json;

use super::echo::Echo;
use super::operators::{Operator, desk};
use super::rig::{PATIENCE, Rig, config};
use crate::exchange::Server;
use crate::exchange::scratch::Scratch;
use crate::exchange::snapshots::KEPT;
use crate::journal_file::{list_snapshots, read_snapshot};

#[test]
fn snapshots_are_taken_by_the_clock_and_the_newest_are_kept() {
    let folder = Scratch::new("snapshots");
    let mut config = config(folder.path());
    let journal = config.journal.clone();
    config.snapshot_every = Duration::from_millis(60);
    let rig = Rig::start(config);
    let (mut peer, _) = rig.log_in(1, 1);
    let until = Instant::now() + PATIENCE;
    let mut first = Vec::new();
    loop {
        peer.say(b"Add");
        assert_eq!(peer.message(), b"Add");
        let found = list_snapshots(&journal).unwrap();
        assert!(found.len() <= KEPT + 1, "one more while it is being written");
        if first.is_empty() {
            first = found;
        } else if found.len() >= KEPT && found.iter().all(|info| info.seq != first[0].seq) {
            break;
        }
        assert!(Instant::now() < until, "no snapshot, or none is forgotten");
    }
    drop(rig.stop());
}

#[test]
fn a_start_goes_on_from_what_an_exchange_at_work_wrote() {
    let folder = Scratch::new("snapshot-start");
    let mut config = config(folder.path());
    config.control = Some(desk(folder.path()));
    let journal = config.journal.clone();
    let rig = Rig::start(config.clone());
    let (mut peer, _) = rig.log_in(1, 1);
    for _ in 0..100 {
        peer.say(b"Add");
    }
    for _ in 0..100 {
        assert_eq!(peer.message(), b"Add");
    }
    let answer = Operator::new(folder.path()).must(&json!({"do": "snapshot"}));
    let seq = answer["seq"].as_u64().unwrap();
    let status = Operator::new(folder.path()).must(&json!({"do": "status"}));
    assert_eq!(status["snapshot"]["seq"], seq);
    let path = list_snapshots(&journal).unwrap().remove(0).path;
    peer.say(b"Add");
    assert_eq!(peer.message(), b"Add");
    drop(rig.stop());
    // The one that the stop took would be newer.
    for info in list_snapshots(&journal).unwrap() {
        if info.path != path {
            std::fs::remove_file(info.path).unwrap();
        }
    }
    assert_eq!(read_snapshot(&path).unwrap().0.seq, seq);
    config.control = None;
    let server = Server::start(config, Echo::default).unwrap();
    let recovered = server.recovered();
    assert_eq!(recovered.snapshot_seq, seq, "{:?}", recovered.passed_over);
    assert!(recovered.streams.iter().all(|(_, found)| found.rebuilt == 0 && found.differs_at == 0));
}
