// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! An exchange on a thread of its own, and clients that speak to it.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use onetape_core::events::{ConfigLoaded, OrderFormat};
use onetape_core::wire::soup::{Decoder, LoginRequest, Packet, name_of};

use super::echo::Echo;
use crate::exchange::ServerError;
use crate::exchange::{
    Commit, Day, Definition, PortConfig, Secret, Server, ServerConfig, Stop, system_clock,
};
use crate::journal_file::Options;

/// Longest that anything is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// The first day's session.
pub(super) const SESSION: &[u8] = b"DAY1";

/// An address of this machine that the system chooses.
pub(super) fn anywhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// A configuration with three ports on one address, in a folder of its own.
pub(super) fn config(folder: &Path) -> ServerConfig {
    let port = |id: u32| PortConfig {
        id,
        username: format!("user{id}"),
        password: Secret::new(format!("pass{id}")),
        format: OrderFormat::Ouch50,
        address: anywhere(),
    };
    let mut session = [0; 16];
    session[..SESSION.len()].copy_from_slice(SESSION);
    ServerConfig {
        journal: folder.join("journal"),
        options: Options { segment_bytes: 4 << 20, ..Options::default() },
        streams: folder.join("streams"),
        port_bytes_max: 64 << 20,
        itch_bytes_max: 256 << 20,
        rebuild: false,
        commit: Commit::Async,
        day: Day { date: 20_261_120, midnight_ts_ns: 1_795_132_800_000_000_000, session },
        definitions: vec![Definition { kind: ConfigLoaded::KIND, version: 1, body: vec![1; 8] }],
        ports: (1..=3).map(port).collect(),
        lines: Vec::new(),
        rerequest: None,
        glimpse: None,
        control: None,
        phase: None,
        wall: system_clock,
        tick_ms: 5,
        snapshot_every: Duration::ZERO,
        busy_poll: false,
        connections_max: 16,
        output_bytes_max: 256 << 10,
        stalled_ms: 10_000,
        send_buffer_bytes: 0,
        pending_max: 100_000,
    }
}

/// What is left of an exchange, and how it ended.
type Ended = (Server<Echo>, Result<(), ServerError>);

/// A running exchange.
pub(super) struct Rig {
    pub(super) address: SocketAddr,
    pub(super) rerequest: Option<SocketAddr>,
    pub(super) glimpse: Option<SocketAddr>,
    stop: Stop,
    thread: Option<JoinHandle<Ended>>,
}

impl Rig {
    /// Starts an exchange.
    pub(super) fn start(config: ServerConfig) -> Self {
        Self::run(Server::start(config, Echo::default).unwrap())
    }

    /// Runs an exchange that was started.
    pub(super) fn run(mut server: Server<Echo>) -> Self {
        let address = server.addresses().unwrap()[0];
        let (rerequest, glimpse) = (server.rerequest_address(), server.glimpse_address());
        let stop = server.stop();
        let thread = std::thread::spawn(move || {
            let ran = server.run();
            (server, ran)
        });
        Self { address, rerequest, glimpse, stop, thread: Some(thread) }
    }

    /// Stops it in good order, and gives what is left of it.
    pub(super) fn stop(mut self) -> Server<Echo> {
        self.stop.stop();
        let (server, ran) = self.thread.take().unwrap().join().unwrap();
        ran.unwrap();
        server
    }

    /// Somebody who has connected.
    pub(super) fn connect(&self) -> Peer {
        Peer::connect(self.address)
    }

    /// Somebody who has logged in as port `id`, from message `sequence` on; and the number of the
    /// next message.
    pub(super) fn log_in(&self, id: u32, sequence: u64) -> (Peer, u64) {
        let mut peer = self.connect();
        let (user, password) = (format!("user{id}"), format!("pass{id}"));
        peer.ask_in(&user, &password, b"", sequence);
        let next = peer.accepted();
        (peer, next)
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let _the_test_has_failed_already = thread.join();
        }
    }
}

/// A client, byte by byte.
pub(super) struct Peer {
    pub(super) socket: TcpStream,
    decoder: Decoder,
    chunk: Vec<u8>,
    at: usize,
}

impl Peer {
    pub(super) fn connect(address: SocketAddr) -> Self {
        Self::new(TcpStream::connect(address).unwrap())
    }

    /// A client whose system keeps no more than so much for it to read.
    pub(super) fn connect_with_room(address: SocketAddr, bytes: usize) -> Self {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None);
        let socket = socket.unwrap();
        socket.set_recv_buffer_size(bytes).unwrap();
        socket.connect(&address.into()).unwrap();
        Self::new(socket.into())
    }

    fn new(socket: TcpStream) -> Self {
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.set_nodelay(true).unwrap();
        Self { socket, decoder: Decoder::new(), chunk: Vec::new(), at: 0 }
    }

    /// Sends a packet.
    pub(super) fn send(&mut self, packet: Packet<'_>) {
        let mut bytes = Vec::new();
        packet.encode(&mut bytes);
        self.socket.write_all(&bytes).unwrap();
    }

    /// Sends a message.
    pub(super) fn say(&mut self, message: &[u8]) {
        self.send(Packet::Unsequenced(message));
    }

    pub(super) fn ask_in(&mut self, user: &str, password: &str, session: &[u8], sequence: u64) {
        self.send(Packet::LoginRequest(LoginRequest {
            username: name_of(user.as_bytes()),
            password: name_of(password.as_bytes()),
            session: name_of(session),
            sequence,
            timeout_ms: None,
        }));
    }

    /// The next packet that is no heartbeat: its type and payload; `None` at the end.
    pub(super) fn next(&mut self) -> Option<(u8, Vec<u8>)> {
        let until = Instant::now() + PATIENCE;
        loop {
            let mut rest = &self.chunk[self.at..];
            let before = rest.len();
            let found = self.decoder.next(&mut rest).unwrap().map(|(_, packet)| {
                let mut bytes = Vec::new();
                packet.encode(&mut bytes);
                (bytes[2], bytes[3..].to_vec())
            });
            self.at += before - rest.len();
            match found {
                Some((b'H', _)) => continue,
                Some(found) => return Some(found),
                None => {}
            }
            assert!(Instant::now() < until, "nothing came");
            self.chunk.resize(64 << 10, 0);
            self.at = 0;
            match self.socket.read(&mut self.chunk) {
                Ok(0) => return None,
                Ok(count) => self.chunk.truncate(count),
                Err(err) if err.kind() == std::io::ErrorKind::ConnectionReset => return None,
                Err(err) => panic!("{err}"),
            }
        }
    }

    /// The next message.
    pub(super) fn message(&mut self) -> Vec<u8> {
        let (kind, payload) = self.next().expect("a message");
        assert_eq!(char::from(kind), 'S', "{payload:?}");
        payload
    }

    /// The number of the next message, from the login's acceptance.
    pub(super) fn accepted(&mut self) -> u64 {
        let (kind, payload) = self.next().expect("an answer");
        assert_eq!(char::from(kind), 'A', "{payload:?}");
        let session = String::from_utf8(payload[..10].to_vec()).unwrap();
        assert_eq!(session.trim().as_bytes(), SESSION);
        String::from_utf8(payload[10..].to_vec()).unwrap().trim().parse().unwrap()
    }

    /// The reason of the login's rejection; then the connection ends.
    pub(super) fn rejected(&mut self) -> char {
        let (kind, payload) = self.next().expect("an answer");
        assert_eq!(char::from(kind), 'J');
        assert_eq!(self.next(), None);
        char::from(payload[0])
    }
}
