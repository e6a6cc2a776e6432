// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Operators: who may come in, what they can do, what they are told; the day's end and beginning.

use std::io::{Read, Write};
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;

use onetape_core::events::OperatorCommanded;
use onetape_core::wire::mold::{Header, PacketKind};
use serde_json::{Value, json};

use super::echo::Echo;
use super::rig::{PATIENCE, Rig, anywhere, config};
use crate::exchange::scratch::Scratch;
use crate::exchange::{ControlConfig, LineConfig, Server, ServerConfig, ServerError};
use crate::journal_file::JournalReader;

fn with_operators(folder: &Path) -> ServerConfig {
    ServerConfig { control: Some(desk(folder)), ..config(folder) }
}

/// Where operators are served.
pub(super) fn desk(folder: &Path) -> ControlConfig {
    ControlConfig { path: folder.join("control"), token_path: folder.join("token"), clients_max: 2 }
}

/// An operator.
pub(super) struct Operator(UnixStream);

impl Operator {
    /// Somebody who knows the token.
    pub(super) fn new(folder: &Path) -> Self {
        let token = std::fs::read_to_string(folder.join("token")).unwrap();
        let mut operator = Self::stranger(folder);
        let answer = operator.ask(&json!({"token": token.trim(), "user": "alice"}));
        assert_eq!(answer, Some(json!({"ok": true})));
        operator
    }

    fn stranger(folder: &Path) -> Self {
        let socket = UnixStream::connect(folder.join("control")).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(socket)
    }

    fn send(&mut self, bytes: &[u8]) {
        let _whether_it_is_taken = self.0.write_all(&(bytes.len() as u32).to_be_bytes());
        let _whether_it_is_taken = self.0.write_all(bytes);
    }

    fn answer(&mut self) -> Option<Value> {
        let mut length = [0; 4];
        self.0.read_exact(&mut length).ok()?;
        let mut text = vec![0; u32::from_be_bytes(length) as usize];
        self.0.read_exact(&mut text).ok()?;
        Some(serde_json::from_slice(&text).unwrap())
    }

    fn ask(&mut self, request: &Value) -> Option<Value> {
        self.send(request.to_string().as_bytes());
        self.answer()
    }

    /// Asks for something that must succeed.
    pub(super) fn must(&mut self, request: &Value) -> Value {
        let answer = self.ask(request).unwrap();
        assert_eq!(answer["ok"], true, "{request}: {answer}");
        answer
    }
}

#[test]
fn only_who_knows_the_token_comes_in() {
    let folder = Scratch::new("token");
    let rig = Rig::start(with_operators(folder.path()));
    for path in ["token", "control"] {
        let mode = std::fs::metadata(folder.path().join(path)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
    let token = std::fs::read_to_string(folder.path().join("token")).unwrap();
    let token = token.trim();
    assert_eq!(token.len(), 64);
    for hello in [
        json!({"token": "0".repeat(64), "user": "mallory"}),
        json!({"token": "", "user": "mallory"}),
        json!({"token": &token[..63], "user": "mallory"}),
        json!({"token": format!("{token}0"), "user": "mallory"}),
        json!({"user": "mallory"}),
        json!({"token": token}),
        json!({"token": token, "user": ""}),
        json!({"token": token, "user": "x".repeat(65)}),
        json!([token]),
        json!({"do": "stop"}),
    ] {
        let mut stranger = Operator::stranger(folder.path());
        let answer = stranger.ask(&hello).unwrap();
        assert_eq!(answer["ok"], false, "{hello}");
        assert!(!answer.to_string().contains(token), "the token is told to nobody");
        assert_eq!(stranger.ask(&json!({"do": "stop"})), None, "and it ends");
    }
    Operator::new(folder.path()).must(&json!({"do": "status"}));
    drop(rig.stop());
    assert!(!folder.path().join("control").exists());
}

#[test]
fn a_token_that_others_can_read_is_not_used() {
    let folder = Scratch::new("open-token");
    let path = folder.path().join("token");
    std::fs::write(&path, "a token that is long enough").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let error = Server::start(with_operators(folder.path()), Echo::default).unwrap_err();
    assert!(matches!(&error, ServerError::Config { what } if what.contains("644")), "{error}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    std::fs::write(&path, "short").unwrap();
    let error = Server::start(with_operators(folder.path()), Echo::default).unwrap_err();
    assert!(error.to_string().contains("16 bytes"), "{error}");
}

#[test]
fn a_command_is_an_input_with_a_name_and_its_answer_says_what_followed() {
    let folder = Scratch::new("command");
    let rig = Rig::start(with_operators(folder.path()));
    let mut operator = Operator::new(folder.path());
    let answer = operator.must(&json!({"do": "halt", "instrument": 7}));
    assert_eq!(answer["followed"], json!({"PhaseChanged": 1}));
    assert_eq!(answer["committed"], true);
    let status = operator.must(&json!({"do": "status"}));
    assert_eq!(status["phases"], json!([{"instrument": 7, "phase": "halted"}]));
    let refused = operator.ask(&json!({"do": "halt", "instrument": "seven"})).unwrap();
    assert_eq!(refused["ok"], false);
    let answered = operator.must(&json!({"do": "kill", "firm": 4}));
    assert!(answered["seq"].as_u64() > answer["seq"].as_u64());
    drop(rig.stop());
    let mut reader = JournalReader::open(folder.path().join("journal")).unwrap();
    let mut found = Vec::new();
    while let Some(entry) = reader.next_entry().unwrap() {
        if entry.kind == OperatorCommanded::KIND {
            let command = OperatorCommanded::decode(entry.body).unwrap();
            let who = entry.body[OperatorCommanded::SIZE..].to_vec();
            found.push((entry.seq, command.operation, command.instrument_id, command.firm_id, who));
        }
    }
    let alice = b"alice".to_vec();
    let seq = |answer: &Value| answer["seq"].as_u64().unwrap();
    assert_eq!(found, [(seq(&answer), 1, 7, 0, alice.clone()), (seq(&answered), 5, 0, 4, alice)]);
}

#[test]
fn the_status_says_how_it_stands() {
    let folder = Scratch::new("status");
    let rig = Rig::start(with_operators(folder.path()));
    let (mut peer, _) = rig.log_in(2, 1);
    for _ in 0..20 {
        peer.say(b"Add");
        assert_eq!(peer.message(), b"Add");
    }
    let status = Operator::new(folder.path()).must(&json!({"do": "status"}));
    assert_eq!(status["day"], json!({"date": 20_261_120, "session": "DAY1", "ended": false}));
    assert_eq!(status["commit"], "async");
    assert_eq!(status["ports"][1]["connected"], true);
    assert_eq!(status["ports"][1]["messages"], 20);
    assert_eq!(status["ports"][0]["connected"], false);
    assert_eq!(status["counts"]["messages"], 20);
    assert_eq!(status["counts"]["logins"], 1);
    assert_eq!(status["counts"]["orders_accepted"], 20);
    assert_eq!(status["market_data"]["messages"], 22);
    let behind = &status["market_data"]["behind"];
    assert!(behind["count"].as_u64() >= Some(20), "{status}");
    assert!(behind["p50_ns"].as_u64() <= behind["max_ns"].as_u64(), "{status}");
    assert_eq!(status["continuity"], json!({"role": "alone"}));
    assert_eq!(status["state_hash"], Value::Null, "nobody asked for it");
    assert_eq!(status["latency"]["count"], 20);
    let (p50, max) = (&status["latency"]["p50_ns"], &status["latency"]["max_ns"]);
    assert!(p50.as_u64() > Some(0) && p50.as_u64() <= max.as_u64(), "{status}");
    assert!(!status.to_string().contains("pass"), "no password in it");
    let hashed = Operator::new(folder.path()).must(&json!({"do": "status", "hash": true}));
    let hash = hashed["state_hash"].as_str().map(|text| u64::from_str_radix(text, 16).is_ok());
    assert_eq!(hash, Some(true), "{hashed}");
}

#[test]
fn broken_frames_end_one_operator_and_nobody_else() {
    let folder = Scratch::new("frames");
    let rig = Rig::start(with_operators(folder.path()));
    let mut operator = Operator::new(folder.path());
    let mut other = Operator::new(folder.path());
    for bytes in [b"".as_slice(), b"not json", b"{\"do\":", &[0xff; 100], b"null", b"[]"] {
        operator.send(bytes);
        assert_eq!(operator.answer().unwrap()["ok"], false);
    }
    operator.0.write_all(&u32::MAX.to_be_bytes()).unwrap();
    assert_eq!(operator.answer().unwrap()["ok"], false);
    assert_eq!(operator.answer(), None, "its framing is lost");
    other.must(&json!({"do": "status"}));
    let third = Operator::new(folder.path());
    let mut fourth = Operator::stranger(folder.path());
    assert_eq!(fourth.ask(&json!({"do": "status"})), None, "two operators at a time");
    drop(third);
    drop(rig.stop());
}

#[test]
fn a_day_ends_for_everybody_and_the_next_one_begins_at_one() {
    let folder = Scratch::new("days");
    let line = UdpSocket::bind(anywhere()).unwrap();
    line.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut config = with_operators(folder.path());
    let to = line.local_addr().unwrap();
    let interface = std::net::Ipv4Addr::LOCALHOST;
    config.lines = vec![LineConfig { to, interface, ttl: 0, loopback: true }];
    let rig = Rig::start(config);
    let mut operator = Operator::new(folder.path());
    let (mut peer, _) = rig.log_in(1, 1);
    peer.say(b"last");
    let early = operator.ask(&json!({"do": "start-day", "date": 20_261_123, "session": "DAY2"}));
    assert!(early.unwrap()["error"].as_str().unwrap().contains("end-of-day first"));
    operator.must(&json!({"do": "end-of-day"}));
    assert_eq!(peer.message(), b"last");
    assert_eq!(peer.next(), Some((b'Z', Vec::new())));
    assert_eq!(peer.next(), None);
    let mut late = rig.connect();
    late.ask_in("user1", "pass1", b"", 1);
    assert_eq!(late.rejected(), 'S');
    let mut bytes = [0; 2_000];
    loop {
        let length = line.recv(&mut bytes).unwrap();
        let header = Header::decode(&bytes[..length]).unwrap();
        if header.kind() == PacketKind::EndOfSession {
            assert_eq!(header.sequence, 3);
            break;
        }
    }
    for wrong in [
        json!({"do": "start-day", "date": 20_261_119, "session": "DAY2"}),
        json!({"do": "start-day", "date": 20_261_123, "session": "DAY1"}),
        json!({"do": "start-day", "date": 20_261_199, "session": "DAY2"}),
    ] {
        assert_eq!(operator.ask(&wrong).unwrap()["ok"], false, "{wrong}");
    }
    operator.must(&json!({"do": "start-day", "date": 20_261_123, "session": "DAY2"}));
    let mut peer = rig.connect();
    peer.ask_in("user1", "pass1", b"DAY2", 1);
    let (kind, payload) = peer.next().unwrap();
    assert_eq!((kind, payload[..10].trim_ascii()), (b'A', b"DAY2".as_slice()));
    assert!(payload.ends_with(b" 1"));
    peer.say(b"first");
    assert_eq!(peer.message(), b"first");
    loop {
        let length = line.recv(&mut bytes).unwrap();
        let header = Header::decode(&bytes[..length]).unwrap();
        if header.session == *b"DAY2      " && header.count > 0 {
            assert_eq!(header.sequence, 1);
            break;
        }
    }
}

#[test]
fn an_operator_can_stop_the_exchange() {
    let folder = Scratch::new("stopped");
    let rig = Rig::start(with_operators(folder.path()));
    let mut operator = Operator::new(folder.path());
    operator.must(&json!({"do": "snapshot"}));
    operator.must(&json!({"do": "stop"}));
    let server = rig.stop();
    assert_eq!(server.counts().slow, 0);
    let error = Server::start(with_operators(folder.path()), Echo::default).map(drop);
    assert!(error.is_err(), "the one that has stopped still holds the journal's folder");
    drop(server);
    let again = Server::start(with_operators(folder.path()), Echo::default).unwrap();
    assert!(again.recovered().snapshot_seq > 0);
}
