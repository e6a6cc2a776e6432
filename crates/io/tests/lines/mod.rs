// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A venue's lines made by hand: packets on two lines, a server of re-requests, one of snapshots, and
//! a clock that goes as the test says.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of it; a test may panic"
)]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

use onetape_core::events::FeedState;
use onetape_core::wire::mold::{Header, Packet, PacketBuilder};
use onetape_core::wire::soup;
use onetape_io::exchange::Secret;
use onetape_io::feed_lines::{FeedConfig, FeedLines, Item, SnapshotConfig};

pub(crate) const MILLISECOND: i64 = 1_000_000;
pub(crate) const SESSION: [u8; 10] = *b"MONDAY    ";

/// A port of this machine that the system chooses.
pub(crate) fn here() -> SocketAddrV4 {
    SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0)
}

/// A packet with the messages from `first` to before `end`; each message says its number.
pub(crate) fn packet(session: [u8; 10], first: u64, end: u64) -> Vec<u8> {
    let mut builder = PacketBuilder::new(session, first, 1_472);
    for number in first..end {
        builder.push(&number.to_be_bytes()).unwrap();
    }
    builder.packet().to_vec()
}

/// A header alone.
pub(crate) fn header(session: [u8; 10], sequence: u64, count: u16) -> Vec<u8> {
    Header { session, sequence, count }.encode().to_vec()
}

/// What lines gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// A packet with the messages from the first to before the second number.
    Packet(u64, u64),
    /// Parts of a snapshot, together, as so many bytes.
    Snapshot(usize),
    /// Came to a state, where so many messages are missing.
    State(FeedState, u64),
}

/// The lines, and all that they talk with.
pub(crate) struct Rig {
    pub(crate) lines: FeedLines,
    pub(crate) now_ns: i64,
    to: Vec<UdpSocket>,
    pub(crate) servers: Vec<UdpSocket>,
    snapshots: Option<TcpListener>,
    client: Option<TcpStream>,
    /// Reports that came: line, and packets on it.
    pub(crate) reports: Vec<(u16, u64)>,
    /// Why the feed came to its last state.
    pub(crate) why: &'static str,
}

impl Rig {
    /// Two lines, so many servers of re-requests, and one of snapshots or none.
    pub(crate) fn new(servers: usize, has_snapshots: bool, config: FeedConfig) -> Self {
        let servers: Vec<_> = (0..servers).map(|_| UdpSocket::bind(here()).unwrap()).collect();
        for server in &servers {
            server.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        }
        let snapshots = has_snapshots.then(|| TcpListener::bind(here()).unwrap());
        let snapshot = snapshots.as_ref().map(|listener| SnapshotConfig {
            address: listener.local_addr().unwrap(),
            username: "viewer".to_owned(),
            password: Secret::new("secret"),
        });
        let config = FeedConfig {
            lines: vec![here(); 2],
            rerequest: servers.iter().map(|server| server.local_addr().unwrap()).collect(),
            snapshot,
            report_ns: i64::MAX / 4,
            ..config
        };
        let lines = FeedLines::open(config, 0).unwrap();
        let to = lines.addresses().unwrap().into_iter().map(|address| {
            let socket = UdpSocket::bind(here()).unwrap();
            socket.connect(address).unwrap();
            socket
        });
        let (to, client, reports) = (to.collect(), None, Vec::new());
        let mut rig = Self { lines, now_ns: 0, to, servers, snapshots, client, reports, why: "" };
        assert_eq!(rig.told(), [Told::State(FeedState::Waiting, 0)], "said at once");
        rig
    }

    /// Sends bytes on a line.
    pub(crate) fn send(&self, line: usize, bytes: &[u8]) {
        self.to[line].send(bytes).unwrap();
    }

    /// Sends a packet of the session on a line, and says what came of it.
    pub(crate) fn hear(&mut self, line: usize, first: u64, end: u64) -> Vec<Told> {
        self.send(line, &packet(SESSION, first, end));
        self.told()
    }

    /// Lets time pass, and says what came of it.
    pub(crate) fn after(&mut self, time_ns: i64) -> Vec<Told> {
        self.now_ns += time_ns;
        self.told()
    }

    /// Everything that the lines give now.
    pub(crate) fn told(&mut self) -> Vec<Told> {
        let mut all = Vec::new();
        while let Some(item) = self.lines.next(self.now_ns) {
            match item {
                Item::Packet { ts_ns, bytes } => {
                    assert!(ts_ns > 1_700_000_000_000_000_000, "the kernel's stamp: {ts_ns}");
                    let first = Packet::decode(bytes).unwrap().header.sequence;
                    let mut end = first;
                    for message in Packet::decode(bytes).unwrap().messages() {
                        let (number, message) = message.unwrap();
                        assert_eq!(message, number.to_be_bytes());
                        end = number + 1;
                    }
                    all.push(Told::Packet(first, end));
                }
                Item::Snapshot { bytes, .. } => {
                    if let Some(Told::Snapshot(sum)) = all.last_mut() {
                        *sum += bytes.len();
                    } else {
                        all.push(Told::Snapshot(bytes.len()));
                    }
                }
                Item::State { change, why, .. } => {
                    let state = FeedState::from_raw(change.state).unwrap();
                    all.push(Told::State(state, change.missing));
                    self.why = why;
                }
                Item::Report { report, .. } => self.reports.push((report.line, report.packets)),
            }
        }
        all
    }

    /// The next request that a server got: its first number and how many; and who asked.
    pub(crate) fn asked(&self, server: usize) -> (u64, u16, SocketAddr) {
        let mut bytes = [0; 64];
        let (length, from) = self.servers[server].recv_from(&mut bytes).unwrap();
        let request = Header::decode_request(&bytes[..length]).unwrap();
        assert_eq!(request.session, SESSION);
        (request.sequence, request.count, from)
    }

    /// Whether a server was asked nothing.
    pub(crate) fn is_unasked(&self, server: usize) -> bool {
        let server = &self.servers[server];
        server.set_nonblocking(true).unwrap();
        let found = server.recv(&mut [0; 64]).is_err();
        server.set_nonblocking(false).unwrap();
        found
    }

    /// Answers the requests that a server has got, each with at most so many messages.
    pub(crate) fn answer_pending(&self, server: usize, most: u64) {
        let mut byte = [0];
        self.servers[server].set_nonblocking(true).unwrap();
        while self.servers[server].peek(&mut byte).is_ok() {
            self.answer(server, most);
        }
        self.servers[server].set_nonblocking(false).unwrap();
    }

    /// Answers the next request of a server with at most so many messages.
    pub(crate) fn answer(&self, server: usize, most: u64) -> (u64, u16) {
        let (first, count, from) = self.asked(server);
        let end = first + u64::from(count).min(most);
        self.servers[server].send_to(&packet(SESSION, first, end), from).unwrap();
        (first, count)
    }

    /// Lets the client of snapshots in, to one of `session`.
    pub(crate) fn admit(&mut self, session: [u8; 10]) {
        let (mut stream, _) = self.snapshots.as_ref().unwrap().accept().unwrap();
        let _logs_in = self.told();
        let mut login = [0; 128];
        let length = stream.read(&mut login).unwrap();
        assert!(login[..length].windows(6).any(|word| word == b"viewer"));
        assert!(login[..length].windows(6).any(|word| word == b"secret"));
        let mut bytes = Vec::new();
        soup::Packet::LoginAccepted { session, sequence: 1 }.encode(&mut bytes);
        stream.write_all(&bytes).unwrap();
        self.client = Some(stream);
    }

    /// Sends messages of a snapshot.
    pub(crate) fn snap(&mut self, messages: &[&[u8]]) {
        let mut bytes = Vec::new();
        for message in messages {
            soup::Packet::Sequenced(message).encode(&mut bytes);
        }
        self.client.as_mut().unwrap().write_all(&bytes).unwrap();
    }

    /// Ends the connection of snapshots.
    pub(crate) fn hang_up(&mut self) {
        self.client = None;
    }

    /// The end of a snapshot, after which `next` is the next message.
    pub(crate) fn end(next: u64) -> Vec<u8> {
        format!("G{next:>20}").into_bytes()
    }
}
