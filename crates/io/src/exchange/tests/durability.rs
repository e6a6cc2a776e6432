// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Nothing leaves before it is committed; and what left is there again after a crash.

use std::net::UdpSocket;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use onetape_core::events::{CloseReason, OrderMessageReceived, SessionClosed, TradeExecuted};

use super::echo::Echo;
use super::rig::{PATIENCE, Peer, Rig, anywhere, config};
use crate::exchange::scratch::Scratch;
use crate::exchange::{Commit, LineConfig, Server, ServerConfig, ServerError};
use crate::journal_file::{Durability, JournalReader, JournalWriter};

/// Whether a client gets nothing for a while.
fn hears_nothing(peer: &mut Peer) -> bool {
    peer.socket.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let peeked = peer.socket.peek(&mut [0; 1]);
    peer.socket.set_read_timeout(Some(PATIENCE)).unwrap();
    peeked.is_err()
}

/// As before, with a line of market data, whose listener is given.
fn with_line(mut config: ServerConfig) -> (ServerConfig, UdpSocket) {
    let line = UdpSocket::bind(anywhere()).unwrap();
    line.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let to = line.local_addr().unwrap();
    let interface = std::net::Ipv4Addr::LOCALHOST;
    config.lines = vec![LineConfig { to, interface, ttl: 0, loopback: true }];
    (config, line)
}

/// Numbers of the messages that a line has brought so far.
fn published(line: &UdpSocket) -> u64 {
    let mut bytes = [0; 2_000];
    let mut count = 0;
    while let Ok(length) = line.recv(&mut bytes) {
        let packet = onetape_core::wire::mold::Packet::decode(&bytes[..length]).unwrap();
        count += packet.messages().count() as u64;
    }
    count
}

#[test]
fn nothing_leaves_before_it_is_on_disk() {
    let folder = Scratch::new("fsync");
    let (mut config, line) = with_line(config(folder.path()));
    config.commit = Commit::Fsync;
    config.options.durability = Durability::Fsync;
    let server = Server::start(config, Echo::default).unwrap();
    let hold = server.engine().journal.hold_flusher().unwrap();
    let rig = Rig::run(server);
    let (mut peer, _) = rig.log_in(1, 1);
    peer.say(b"Add");
    assert_eq!(peer.message(), b"Add");
    assert_eq!(published(&line), 3);
    hold.store(true, Ordering::SeqCst);
    // The sync that runs may take one more.
    std::thread::sleep(Duration::from_millis(50));
    peer.say(b"Another");
    assert!(hears_nothing(&mut peer));
    assert_eq!(published(&line), 0);
    hold.store(false, Ordering::SeqCst);
    assert_eq!(peer.message(), b"Another");
    assert_eq!(published(&line), 1);
    drop(rig.stop());
}

#[test]
fn nothing_leaves_before_the_standby_has_it() {
    let folder = Scratch::new("standby");
    let (mut config, line) = with_line(config(folder.path()));
    let held = Arc::new(AtomicU64::new(u64::MAX));
    config.commit = Commit::Standby(Arc::clone(&held));
    let rig = Rig::start(config);
    let (mut peer, _) = rig.log_in(1, 1);
    peer.say(b"one");
    assert_eq!(peer.message(), b"one");
    held.store(0, Ordering::SeqCst);
    peer.say(b"Add");
    peer.say(b"three");
    assert!(hears_nothing(&mut peer));
    assert_eq!(published(&line), 2, "those of the start");
    let mut reader = JournalReader::open(folder.path().join("journal")).unwrap();
    let mut seq = 0;
    while let Some(entry) = reader.next_entry().unwrap() {
        if entry.body.ends_with(b"Add") {
            seq = entry.seq;
        }
    }
    assert!(seq > 0, "it is journaled");
    held.store(seq - 1, Ordering::SeqCst);
    assert!(hears_nothing(&mut peer), "the one before it is not enough");
    held.store(seq, Ordering::SeqCst);
    assert_eq!(peer.message(), b"Add");
    assert!(hears_nothing(&mut peer), "the next one waits for its own");
    held.store(u64::MAX, Ordering::SeqCst);
    assert_eq!(peer.message(), b"three");
    assert_eq!(published(&line), 1);
}

#[test]
fn a_full_queue_of_commits_holds_clients_back_and_loses_nothing() {
    let folder = Scratch::new("queue");
    let mut config = config(folder.path());
    let held = Arc::new(AtomicU64::new(0));
    config.commit = Commit::Standby(Arc::clone(&held));
    config.pending_max = 10;
    let rig = Rig::start(config);
    let (mut peer, _) = rig.log_in(1, 1);
    for number in 0..2_000 {
        peer.say(format!("{number}").as_bytes());
    }
    assert!(hears_nothing(&mut peer));
    held.store(u64::MAX, Ordering::SeqCst);
    for number in 0..2_000 {
        assert_eq!(peer.message(), format!("{number}").as_bytes());
    }
}

/// Copies a folder as a crash would leave it: in the middle of everything.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let path = file.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// A folder in which an exchange died while a client was logged in, after `count` messages.
fn crashed(name: &str, count: u64) -> Scratch {
    let (folder, left) = (Scratch::new(name), Scratch::new(&format!("{name}-left")));
    let rig = Rig::start(config(folder.path()));
    let (mut peer, _) = rig.log_in(1, 1);
    for number in 1..=count {
        let message = format!("A{number}");
        peer.say(message.as_bytes());
        assert_eq!(peer.message(), message.as_bytes());
    }
    copy(folder.path(), left.path());
    left
}

#[test]
fn after_a_crash_every_message_is_there_again_under_its_number() {
    let folder = crashed("crash", 200);
    let server = Server::start(config(folder.path()), Echo::default).unwrap();
    let recovered = server.recovered().clone();
    assert_eq!(recovered.snapshot_seq, 0);
    assert!(recovered.entries > 400);
    let found: Vec<_> = recovered.streams.iter().map(|(_, found)| *found).collect();
    assert!(found.iter().all(|found| found.differs_at == 0 && found.rebuilt == 0), "{found:?}");
    assert_eq!((found[0].equal, found[1].equal), (202, 200));
    let rig = Rig::run(server);
    let (mut peer, next) = rig.log_in(1, 1);
    assert_eq!(next, 1);
    for number in 1..=200 {
        assert_eq!(peer.message(), format!("A{number}").as_bytes());
    }
    peer.say(b"A201");
    assert_eq!(peer.message(), b"A201");
    drop(rig.stop());
    let mut reader = JournalReader::open(folder.path().join("journal")).unwrap();
    let mut closed = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        if entry.kind == SessionClosed::KIND {
            closed.push(SessionClosed::decode(entry.body).unwrap().reason);
        }
    }
    let expected = [CloseReason::Restarted, CloseReason::Shutdown];
    assert_eq!(closed, expected.map(|reason| u16::from(reason.raw())));
}

#[test]
fn streams_that_were_lost_are_built_again_from_the_journal() {
    let folder = crashed("rebuild", 100);
    std::fs::remove_dir_all(folder.path().join("streams")).unwrap();
    let rig = Rig::start(config(folder.path()));
    let (mut peer, _) = rig.log_in(1, 1);
    for number in 1..=100 {
        assert_eq!(peer.message(), format!("A{number}").as_bytes());
    }
}

#[test]
fn a_stream_that_says_something_else_stops_the_start_unless_it_is_allowed() {
    let folder = crashed("differs", 100);
    let streams = folder.path().join("streams");
    let day = std::fs::read_dir(&streams).unwrap().next().unwrap().unwrap().path();
    let path = day.join("port-00001.msg");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[..2].copy_from_slice(b"ZZ");
    std::fs::write(&path, &bytes).unwrap();
    let error = Server::start(config(folder.path()), Echo::default).unwrap_err();
    let ServerError::StreamDiffers { number: 1, path: told } = &error else { panic!("{error}") };
    assert_eq!(*told, path);
    let mut allowed = config(folder.path());
    allowed.rebuild = true;
    let rig = Rig::start(allowed);
    let (mut peer, _) = rig.log_in(1, 1);
    assert_eq!(peer.message(), b"A1");
}

#[test]
fn outputs_that_a_crash_cut_off_are_made_again() {
    let folder = crashed("outputs", 20);
    let journal = folder.path().join("journal");
    let before = {
        // A writer that dies between an input and its outputs leaves the input as the last entry.
        let mut writer = JournalWriter::open(&journal, &config(folder.path()).options).unwrap();
        let event = OrderMessageReceived { port_id: 1, format: 1, reserved: 0 };
        let ts_ns = writer.last_ts_ns();
        writer.append(ts_ns, 15, 1, crate::exchange::SOURCE, &event.encode(), b"Alone").unwrap()
    };
    let server = Server::start(config(folder.path()), Echo::default).unwrap();
    assert_eq!(server.recovered().completed, 1);
    let rig = Rig::run(server);
    let (mut peer, _) = rig.log_in(1, 21);
    assert_eq!(peer.message(), b"Alone");
    drop(rig.stop());
    let mut reader = JournalReader::open(&journal).unwrap();
    reader.seek_seq(before + 1).unwrap();
    let entry = reader.next_entry().unwrap().unwrap();
    assert_eq!((entry.kind, entry.source), (40, 0));
    assert_eq!(entry.body, before.to_le_bytes());
}

#[test]
fn a_journal_with_other_outputs_is_not_followed() {
    let folder = crashed("other", 5);
    let journal = folder.path().join("journal");
    let seq = {
        let mut writer = JournalWriter::open(&journal, &config(folder.path()).options).unwrap();
        let ts_ns = writer.last_ts_ns();
        writer.append(ts_ns, TradeExecuted::KIND, 1, 0, &[0; 64], &[]).unwrap()
    };
    let error = Server::start(config(folder.path()), Echo::default).unwrap_err();
    assert!(matches!(error, ServerError::ReplayDiffers { seq: at } if at == seq), "{error}");
}

#[test]
fn a_broken_snapshot_costs_time_and_nothing_else() {
    let folder = Scratch::new("snapshot");
    let rig = Rig::start(config(folder.path()));
    let (mut peer, _) = rig.log_in(1, 1);
    peer.say(b"A1");
    assert_eq!(peer.message(), b"A1");
    drop(rig.stop());
    let snapshots = folder.path().join("journal").join("snapshots");
    let path = std::fs::read_dir(&snapshots).unwrap().next().unwrap().unwrap().path();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[100] ^= 1;
    std::fs::write(&path, &bytes).unwrap();
    let server = Server::start(config(folder.path()), Echo::default).unwrap();
    assert_eq!(server.recovered().snapshot_seq, 0);
    assert_eq!(server.recovered().passed_over.len(), 1);
    assert!(server.recovered().entries > 0);
    let rig = Rig::run(server);
    let (mut peer, _) = rig.log_in(1, 1);
    assert_eq!(peer.message(), b"A1");
}

#[test]
fn a_start_on_another_day_begins_a_session_at_one_on_every_wire() {
    let folder = Scratch::new("next-day");
    let rig = Rig::start(config(folder.path()));
    let (mut peer, _) = rig.log_in(1, 1);
    for _ in 0..20 {
        peer.say(b"Add");
        assert_eq!(peer.message(), b"Add");
    }
    drop(rig.stop());
    let (mut next, line) = with_line(config(folder.path()));
    next.day.date += 1;
    next.day.session[..4].copy_from_slice(b"DAY2");
    let rig = Rig::start(next);
    assert_eq!(published(&line), 2);
    let mut peer = rig.connect();
    peer.ask_in("user1", "pass1", b"DAY2", 7);
    let (kind, payload) = peer.next().unwrap();
    assert_eq!((kind, payload.ends_with(b" 1")), (b'A', true));
    peer.say(b"Add");
    assert_eq!(peer.message(), b"Add");
    assert_eq!(published(&line), 1);
    drop(rig.stop());

    // The day goes on: what had left is not sent again.
    let (mut again, line) = with_line(config(folder.path()));
    again.day.date += 1;
    let rig = Rig::start(again);
    let mut peer = rig.connect();
    peer.ask_in("user1", "pass1", b"DAY2", 2);
    assert_eq!(peer.next().unwrap().0, b'A');
    peer.say(b"Add");
    assert_eq!(peer.message(), b"Add");
    assert_eq!(published(&line), 1);
}
