// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Logins, replays, and how sessions end.

use std::time::{Duration, Instant};

use onetape_core::events::{CloseReason, SessionClosed, SessionOpened};
use onetape_core::wire::soup::Packet;

use super::rig::{PATIENCE, Peer, Rig, SESSION, config};
use crate::exchange::scratch::Scratch;
use crate::journal_file::JournalReader;

/// Messages that are said again.
const COUNT: u64 = 60;

/// Message `number` of the tests.
fn message(number: u64) -> Vec<u8> {
    format!("{:>width$}", number, width = 5 + number as usize % 40).into_bytes()
}

/// Ports and reasons of the sessions that the journal says have ended.
fn closed(folder: &Scratch) -> Vec<(u32, u16)> {
    let mut reader = JournalReader::open(folder.path().join("journal")).unwrap();
    let mut found = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        if entry.kind == SessionClosed::KIND {
            let event = SessionClosed::decode(entry.body).unwrap();
            found.push((event.port_id, event.reason));
        }
    }
    found
}

#[test]
fn only_who_is_known_comes_in() {
    let folder = Scratch::new("login");
    let rig = Rig::start(config(folder.path()));
    for (user, password, session, expected) in [
        ("user1", "wrong", b"".as_slice(), Err('A')),
        ("user1", "", b"", Err('A')),
        ("user1", "pass1x", b"", Err('A')),
        ("user1", "pass2", b"", Err('A')),
        ("nobody", "pass1", b"", Err('A')),
        ("", "", b"", Err('A')),
        ("user1", "pass1", b"DAY2", Err('S')),
        ("user1", "pass1", b"DAY1", Ok(1)),
        ("USER1", "PASS1", b"", Ok(1)),
    ] {
        let mut peer = rig.connect();
        peer.ask_in(user, password, session, 1);
        match expected {
            Ok(next) => {
                assert_eq!(peer.accepted(), next, "{user}");
                peer.send(Packet::LogoutRequest);
                assert_eq!(peer.next(), None);
            }
            Err(reason) => assert_eq!(peer.rejected(), reason, "{user} {password}"),
        }
    }
    let counts = rig.stop().counts();
    assert_eq!((counts.logins, counts.logins_rejected, counts.connections), (2, 7, 9));
    assert_eq!(closed(&folder), [(1, u16::from(CloseReason::Logout.raw())); 2]);
}

#[test]
fn passwords_reach_neither_journal_nor_streams() {
    let folder = Scratch::new("secret");
    let rig = Rig::start(config(folder.path()));
    let (mut peer, _) = rig.log_in(1, 1);
    peer.say(b"hello");
    assert_eq!(peer.message(), b"hello");
    assert_eq!(format!("{:?}", config(folder.path()).ports[0].password), "…");
    drop(rig.stop());
    let mut folders = vec![folder.path().to_owned()];
    let mut files = 0;
    while let Some(at) = folders.pop() {
        for file in std::fs::read_dir(at).unwrap() {
            let path = file.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            files += 1;
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(5).any(|word| word == b"pass1"), "{}", path.display());
        }
    }
    assert!(files > 5);
}

#[test]
fn a_port_has_one_session_at_a_time() {
    let folder = Scratch::new("in-use");
    let rig = Rig::start(config(folder.path()));
    let (mut first, _) = rig.log_in(1, 1);
    let mut second = rig.connect();
    second.ask_in("user1", "pass1", b"", 1);
    assert_eq!(second.rejected(), 'S');
    first.say(b"still here");
    assert_eq!(first.message(), b"still here");
    let (mut other, _) = rig.log_in(2, 1);
    other.say(b"another port");
    assert_eq!(other.message(), b"another port");
    drop(first);
    let until = Instant::now() + PATIENCE;
    loop {
        let mut again = rig.connect();
        again.ask_in("user1", "pass1", b"", 2);
        let (kind, _) = again.next().unwrap();
        if kind == b'A' {
            break;
        }
        assert!(Instant::now() < until, "the port is never free again");
    }
}

#[test]
fn a_client_comes_back_at_every_number() {
    let folder = Scratch::new("replay");
    let rig = Rig::start(config(folder.path()));
    let (mut peer, next) = rig.log_in(1, 1);
    assert_eq!(next, 1);
    for number in 1..=COUNT {
        peer.say(&message(number));
        assert_eq!(peer.message(), message(number));
    }
    peer.send(Packet::LogoutRequest);
    assert_eq!(peer.next(), None);
    for from in 0..=COUNT + 3 {
        let (mut peer, next) = rig.log_in(1, from);
        // 0 asks for the last message, and what is yet to come begins with what comes next.
        let expected = if from == 0 { COUNT } else { from.min(COUNT + 1) };
        assert_eq!(next, expected, "asked for {from}");
        for number in expected..=COUNT {
            assert_eq!(peer.message(), message(number), "asked for {from}");
        }
        peer.send(Packet::LogoutRequest);
        assert_eq!(peer.next(), None, "nothing more, asked for {from}");
    }
}

#[test]
fn a_long_replay_goes_on_while_others_trade() {
    let folder = Scratch::new("long-replay");
    let rig = Rig::start(config(folder.path()));
    let (mut peer, _) = rig.log_in(1, 1);
    for number in 1..=20_000_u64 {
        peer.say(&[&message(number)[..], &[b'.'; 200]].concat());
        if number % 100 == 0 {
            for _ in 0..100 {
                peer.message();
            }
        }
    }
    peer.send(Packet::LogoutRequest);
    assert_eq!(peer.next(), None);
    let (mut slow, _) = rig.log_in(1, 1);
    let (mut other, _) = rig.log_in(2, 1);
    for number in 1..=20_000_u64 {
        if number % 1_000 == 0 {
            other.say(b"meanwhile");
            assert_eq!(other.message(), b"meanwhile");
        }
        assert_eq!(slow.message(), [&message(number)[..], &[b'.'; 200]].concat());
    }
    assert_eq!(rig.stop().counts().slow, 0, "a replay longer than the limit is no fault");
}

#[test]
fn messages_that_come_with_the_login_are_taken() {
    let folder = Scratch::new("at-once");
    let rig = Rig::start(config(folder.path()));
    let mut peer = rig.connect();
    let mut bytes = Vec::new();
    peer.ask_in("user1", "pass1", SESSION, 1);
    for number in 1..=50 {
        Packet::Unsequenced(&message(number)).encode(&mut bytes);
    }
    std::io::Write::write_all(&mut peer.socket, &bytes).unwrap();
    assert_eq!(peer.accepted(), 1);
    for number in 1..=50 {
        assert_eq!(peer.message(), message(number));
    }
    assert_eq!(rig.stop().counts().messages, 50);
}

#[test]
fn who_does_not_read_is_sent_away_and_others_notice_nothing() {
    let folder = Scratch::new("slow");
    let mut config = config(folder.path());
    config.output_bytes_max = 64 << 10;
    config.send_buffer_bytes = 8 << 10;
    let rig = Rig::start(config);
    let mut slow = Peer::connect_with_room(rig.address, 4 << 10);
    slow.ask_in("user1", "pass1", b"", 1);
    assert_eq!(slow.accepted(), 1);
    let (mut other, _) = rig.log_in(2, 1);
    slow.say(b"first");
    assert_eq!(slow.message(), b"first");
    slow.socket.set_write_timeout(Some(Duration::from_millis(100))).unwrap();
    let mut long = Vec::new();
    Packet::Unsequenced(&[b'x'; 1_000]).encode(&mut long);
    for _ in 0..2_000 {
        if std::io::Write::write_all(&mut slow.socket, &long).is_err() {
            break;
        }
        other.say(b"fine");
        assert_eq!(other.message(), b"fine");
    }
    let until = Instant::now() + PATIENCE;
    let mut again = loop {
        let mut peer = rig.connect();
        peer.ask_in("user1", "pass1", b"", 1);
        let (kind, _) = peer.next().unwrap();
        if kind == b'A' {
            break peer;
        }
        assert!(Instant::now() < until, "it is never sent away");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(again.message(), b"first", "and it can come back for all of it");
    assert_eq!(again.message(), [b'x'; 1_000]);
    let server = rig.stop();
    assert_eq!(server.counts().slow, 1);
    assert_eq!(closed(&folder)[0], (1, u16::from(CloseReason::Slow.raw())));
}

#[test]
fn the_core_can_end_a_connection_after_its_last_word() {
    let folder = Scratch::new("disconnect");
    let rig = Rig::start(config(folder.path()));
    let (mut peer, _) = rig.log_in(1, 1);
    peer.say(b"one");
    peer.say(b"Goodbye");
    assert_eq!(peer.message(), b"one");
    assert_eq!(peer.message(), b"Goodbye");
    assert_eq!(peer.next(), None);
    drop(rig.stop());
    assert_eq!(closed(&folder), [(1, u16::from(CloseReason::Operator.raw()))]);
}

#[test]
fn a_stop_tells_everybody_and_the_session_goes_on_after_it() {
    let folder = Scratch::new("stop");
    let rig = Rig::start(config(folder.path()));
    let (mut peer, _) = rig.log_in(1, 1);
    for number in 1..=10 {
        peer.say(&message(number));
        assert_eq!(peer.message(), message(number));
    }
    let server = rig.stop();
    let (kind, text) = peer.next().unwrap();
    assert_eq!(char::from(kind), '+');
    assert!(String::from_utf8(text).unwrap().contains("session continues"));
    assert_eq!(peer.next(), None);
    drop(server);
    assert_eq!(closed(&folder), [(1, u16::from(CloseReason::Shutdown.raw()))]);

    let rig = Rig::start(config(folder.path()));
    let (mut peer, next) = rig.log_in(1, 4);
    assert_eq!(next, 4);
    for number in 4..=10 {
        assert_eq!(peer.message(), message(number));
    }
    peer.say(b"eleven");
    assert_eq!(peer.message(), b"eleven");
    let server = rig.stop();
    assert!(server.recovered().snapshot_seq > 0, "a stop writes a snapshot");
    assert_eq!(server.recovered().entries, 0);
}

#[test]
fn a_login_is_journaled_with_what_it_asked_for() {
    let folder = Scratch::new("journaled");
    let rig = Rig::start(config(folder.path()));
    let (peer, _) = rig.log_in(3, 7);
    drop(peer);
    drop(rig.stop());
    let mut reader = JournalReader::open(folder.path().join("journal")).unwrap();
    let mut opened = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        if entry.kind == SessionOpened::KIND {
            opened.push(SessionOpened::decode(entry.body).unwrap());
        }
    }
    assert_eq!(opened, [SessionOpened { port_id: 3, heartbeat_ms: 0, next_sequence: 7 }]);
}
