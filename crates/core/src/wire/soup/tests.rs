// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Cases for framing and sessions; Python has the numbered ones.

use super::*;

const LOGIN: LoginRequest = LoginRequest {
    username: *b"FMUSER",
    password: *b"secret\0\0\0\0",
    session: [0; 10],
    sequence: 1,
    timeout_ms: None,
};

fn encoded(packet: Packet<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    packet.encode(&mut out);
    out
}

fn all() -> Vec<Packet<'static>> {
    vec![
        Packet::Debug(b"hello"),
        Packet::LoginAccepted { session: *b"S1\0\0\0\0\0\0\0\0", sequence: u64::MAX },
        Packet::LoginRejected { reason: b'A' },
        Packet::Sequenced(b"one"),
        Packet::Sequenced(b""),
        Packet::ServerHeartbeat,
        Packet::EndOfSession,
        Packet::LoginRequest(LOGIN),
        Packet::LoginRequest(LoginRequest { timeout_ms: Some(2_500), ..LOGIN }),
        Packet::Unsequenced(b"two"),
        Packet::ClientHeartbeat,
        Packet::LogoutRequest,
        Packet::Unknown { packet_type: b'?', payload: b"x" },
    ]
}

#[test]
fn every_packet_reads_back_in_chunks_of_any_size() {
    let packets = all();
    let stream: Vec<u8> = packets.iter().flat_map(|&packet| encoded(packet)).collect();
    for size in 1..=stream.len() {
        let mut decoder = Decoder::new();
        let mut index = 0;
        for mut chunk in stream.chunks(size) {
            while let Some((_, packet)) = decoder.next(&mut chunk).unwrap() {
                assert_eq!(packet, packets[index], "chunks of {size}");
                index += 1;
            }
        }
        assert_eq!((index, decoder.offset()), (packets.len(), stream.len() as u64));
    }
}

#[test]
fn the_vectors_of_the_specification() {
    assert_eq!(encoded(Packet::ServerHeartbeat), [0, 1, b'H']);
    assert_eq!(encoded(Packet::LoginRejected { reason: b'A' }), [0, 2, b'J', b'A']);
    let login = encoded(Packet::LoginRequest(LOGIN));
    let expected = format!("FMUSERsecret    {:10}{:>20}", "", 1);
    assert_eq!(login, [&[0, 47, b'L'], expected.as_bytes()].concat());
    let accepted = Packet::LoginAccepted { session: *b"S1\0\0\0\0\0\0\0\0", sequence: 7 };
    let left = format!("A{:10}{:<20}", "S1", 7);
    let right = format!("A{:>10}{:>20}", "S1", 7);
    assert_eq!(Packet::decode(left.as_bytes()), Ok(accepted));
    assert_eq!(Packet::decode(right.as_bytes()), Ok(accepted));
    assert_eq!(encoded(accepted), [&[0, 31], right.as_bytes()].concat());
}

#[test]
fn bad_packets_are_refused() {
    let length =
        |packet_type, expected, found| Err(SoupError::Length { packet_type, expected, found });
    assert_eq!(Packet::decode(b""), Err(SoupError::Empty));
    assert_eq!(Packet::decode(b"H1"), length(b'H', 0, 1));
    assert_eq!(Packet::decode(b"A"), length(b'A', 30, 0));
    assert_eq!(Packet::decode(&[b'L'; 50]), length(b'L', 51, 49));
    assert_eq!(Packet::decode(b"L"), length(b'L', 46, 0));
    let text = format!("A{:10}{:>20}", "S1", "7x");
    let error = SoupError::Number { packet_type: b'A', offset: 13 };
    assert_eq!(Packet::decode(text.as_bytes()), Err(error));
    let text = format!("A{:10}{}", "S1", "9".repeat(20));
    assert_eq!(Packet::decode(text.as_bytes()), Err(error));
}

/// Both ends, logged in at time 0 with messages from 5.
fn session(version: Version) -> (Client, Server) {
    let mut client = Client::new(ClientConfig { version, login: LOGIN }, 0);
    let mut server = Server::new(version, 0);
    let (mut up, mut down) = (Vec::new(), Vec::new());
    client.login(0, &mut up).unwrap();
    let mut seen = None;
    server
        .receive(0, &mut &up[..], &mut |event| seen = Some(event == ServerEvent::Login(LOGIN)))
        .unwrap();
    assert_eq!((seen, server.state()), (Some(version != Version::V410), State::LoginSent));
    server.accept(0, *b"S1\0\0\0\0\0\0\0\0", 5, &mut down).unwrap();
    client.receive(0, &down, &mut |_| ()).unwrap();
    assert_eq!((client.state(), server.state()), (State::Active, State::Active));
    (client, server)
}

#[test]
fn both_ends_count_sequenced_messages() {
    let (mut client, mut server) = session(Version::V400);
    let mut down = Vec::new();
    for message in [&b"a"[..], b"bb"] {
        server.send_sequenced(1, message, &mut down).unwrap();
    }
    server.send_unsequenced(1, b"u", &mut down).unwrap();
    let mut seen = Vec::new();
    client
        .receive(1, &down, &mut |event| {
            seen.push(match event {
                ClientEvent::Sequenced { sequence, message } => (sequence, message.len()),
                _ => (0, 0),
            });
        })
        .unwrap();
    assert_eq!(seen, [(5, 1), (6, 2), (0, 0)]);
    assert_eq!((client.next_sequence(), server.position()), (7, 7));
}

#[test]
fn silence_brings_heartbeats_and_then_the_end() {
    let (mut client, mut server) = session(Version::V300);
    let (mut up, mut down) = (Vec::new(), Vec::new());
    client.poll(HEARTBEAT_NS - 1, &mut up).unwrap();
    server.poll(HEARTBEAT_NS - 1, &mut down).unwrap();
    assert_eq!((up.len(), down.len(), client.deadline_ns()), (0, 0, HEARTBEAT_NS));
    client.poll(HEARTBEAT_NS, &mut up).unwrap();
    server.poll(HEARTBEAT_NS, &mut down).unwrap();
    assert_eq!((&up[..], &down[..]), (&[0, 1, b'R'][..], &[0, 1, b'H'][..]));
    server.receive(HEARTBEAT_NS, &mut &up[..], &mut |_| ()).unwrap();
    let silent = |silent_ns| Err(SessionError::PeerSilent { silent_ns, allowed_ns: TIMEOUT_NS });
    assert_eq!(client.poll(TIMEOUT_NS, &mut up), silent(TIMEOUT_NS));
    assert_eq!(server.poll(TIMEOUT_NS, &mut down), Ok(()));
    assert_eq!(server.poll(HEARTBEAT_NS + TIMEOUT_NS, &mut down), silent(TIMEOUT_NS));
    assert_eq!((client.state(), server.state()), (State::Closed, State::Closed));
}

#[test]
fn what_the_state_does_not_allow_closes_the_session() {
    let mut client = Client::new(ClientConfig { version: Version::V300, login: LOGIN }, 0);
    let heartbeat = encoded(Packet::ServerHeartbeat);
    let error = SessionError::Unexpected { packet_type: b'H', state: State::Connected };
    assert_eq!(client.receive(0, &heartbeat, &mut |_| ()), Err(error));
    let (mut client, mut server) = session(Version::V300);
    let error = SessionError::Unexpected { packet_type: b'U', state: State::Active };
    let up = encoded(Packet::Unsequenced(b"x"));
    assert_eq!(client.receive(0, &up, &mut |_| ()), Err(error));
    assert_eq!(server.receive(0, &mut &up[..], &mut |_| ()), Ok(()));
    let error = SessionError::State { state: State::Active };
    assert_eq!(server.send_unsequenced(0, b"x", &mut Vec::new()), Err(error));
    assert_eq!(server.receive(0, &mut &b"\0\0"[..], &mut |_| ()), Err(SoupError::Empty.into()));
    let error = SessionError::State { state: State::Closed };
    assert_eq!(client.send_unsequenced(0, b"x", &mut Vec::new()), Err(error));
    assert_eq!(server.send_sequenced(0, b"x", &mut Vec::new()), Err(error));
}

#[test]
fn a_replay_starts_where_the_login_asks() {
    let session = *b"S1\0\0\0\0\0\0\0\0";
    let start = |session_asked: &[u8], sequence| {
        let login = LoginRequest { session: name_of(session_asked), sequence, ..LOGIN };
        start_of_replay(&login, &session, 10)
    };
    assert_eq!(
        [start(b"", 1), start(b"S1", 9), start(b"", 0), start(b"", 99)],
        [Ok(1), Ok(9), Ok(9), Ok(10)]
    );
    assert_eq!(start(b"S2", 1), Err(REJECT_NO_SESSION));
    assert!(LOGIN.is_from(b"fmuser", b"SECRET  ") && !LOGIN.is_from(b"fmuser", b"secrets"));
}
