// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Any bytes as a stream of SoupBinTCP: however split, the packets are the same, and both ends of
//! a session take anything a peer may send.
#![no_main]

use libfuzzer_sys::fuzz_target;
use onetape_core::wire::soup::{
    Client, ClientConfig, Decoder, LoginRequest, Packet, Server, State, Version, name_of,
};

fn login() -> LoginRequest {
    LoginRequest {
        username: name_of(b"user"),
        password: name_of(b"secret"),
        session: name_of(b""),
        sequence: 1,
        timeout_ms: None,
    }
}

/// What the chunks say, as one line each.
fn read(chunks: &[&[u8]]) -> Vec<String> {
    let mut decoder = Decoder::new();
    let mut seen = Vec::new();
    for mut chunk in chunks.iter().copied() {
        loop {
            match decoder.next(&mut chunk) {
                Ok(None) => break,
                Ok(Some((offset, packet))) => {
                    seen.push(format!("{offset} {packet:?}"));
                    if !matches!(packet, Packet::LoginAccepted { .. } | Packet::LoginRequest(_)) {
                        let mut out = Vec::new();
                        packet.encode(&mut out);
                        assert!(out.len() >= 3);
                    }
                }
                Err(error) => {
                    seen.push(format!("{error:?}"));
                    return seen;
                }
            }
        }
    }
    seen
}

fuzz_target!(|data: &[u8]| {
    let Some((&cut, data)) = data.split_first() else { return };
    let (first, second) = data.split_at(usize::from(cut).min(data.len()));
    assert_eq!(read(&[data]), read(&[first, second]));
    for version in [Version::V300, Version::V410] {
        let mut out = Vec::new();
        let mut client = Client::new(ClientConfig { version, login: login() }, 0);
        client.login(0, &mut out).expect("it is the first");
        let failed = client.receive(1, data, &mut |_| ()).is_err();
        assert!(!failed || client.state() == State::Closed);
        let _ = client.poll(i64::MAX, &mut out);
        let mut server = Server::new(version, 0);
        let mut rest = data;
        let failed = server.receive(1, &mut rest, &mut |_| ()).is_err();
        assert!(!failed || server.state() == State::Closed);
        if server.accept(2, name_of(b"S"), u64::MAX, &mut out).is_ok() {
            let _ = server.receive(3, &mut rest, &mut |_| ());
            let _ = server.send_sequenced(4, b"x", &mut out);
        }
        let _ = server.poll(i64::MIN, &mut out);
    }
});
