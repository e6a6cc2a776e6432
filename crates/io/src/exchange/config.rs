// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What an exchange's shell is told: where it listens, whom it knows, how much it keeps.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use onetape_core::events::{OrderFormat, Phase};

use super::clock::WallClock;
use super::error::ServerError;
use crate::journal_file::{Durability, Options};
use crate::replica::{CommitMode, Gate};

/// Most ports: their ids are places in tables.
pub const PORT_ID_MAX: u32 = 65_535;

/// A word that is shown to nobody.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Keeps a word.
    #[must_use]
    pub fn new(word: impl Into<Vec<u8>>) -> Self {
        Self(word.into())
    }

    /// The word, to be sent to whoever asks for it.
    pub(crate) fn word(&self) -> &[u8] {
        &self.0
    }

    /// Whether `found` is the word, whatever the case of its letters and the padding behind it, in a
    /// time that does not depend on where they differ.
    #[must_use]
    pub fn is(&self, found: &[u8]) -> bool {
        let byte = |word: &[u8], at: usize| match word.get(at) {
            None | Some(0) => b' ',
            Some(byte) => byte.to_ascii_uppercase(),
        };
        let length = self.0.len().max(found.len());
        let differences =
            (0..length).fold(0, |sum, at| sum | (byte(&self.0, at) ^ byte(found, at)));
        std::hint::black_box(differences) == 0
    }
}

impl Secret {
    /// Whether `found` is the word, byte for byte, in a time that does not depend on where they
    /// differ.
    #[must_use]
    pub fn is_exactly(&self, found: &[u8]) -> bool {
        let pairs = self.0.iter().zip(found.iter().chain(std::iter::repeat(&0)));
        let differences = pairs.fold(0, |sum, (a, b)| sum | (a ^ b));
        std::hint::black_box(differences) == 0 && found.len() == self.0.len()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// A port: one client's session.
#[derive(Clone, Debug)]
pub struct PortConfig {
    /// Its id, from 1.
    pub id: u32,
    /// Who logs in: up to 6 characters, whatever the case. For FIX, the client's `SenderCompID`.
    pub username: String,
    /// With what.
    pub password: Secret,
    /// What it speaks.
    pub format: OrderFormat,
    /// Where it is served; ports that speak the same may share an address.
    pub address: SocketAddr,
}

/// One line of market data.
#[derive(Clone, Copy, Debug)]
pub struct LineConfig {
    /// Where packets go: a multicast group, or one listener.
    pub to: SocketAddr,
    /// The interface they leave by; `UNSPECIFIED` for the system's choice.
    pub interface: Ipv4Addr,
    /// How many networks they may cross.
    pub ttl: u32,
    /// Whether listeners on this machine get them, too.
    pub loopback: bool,
}

/// Who may take a snapshot of the books.
#[derive(Clone, Debug)]
pub struct GlimpseConfig {
    /// Where it is served.
    pub address: SocketAddr,
    /// Who logs in, and with what.
    pub users: Vec<(String, Secret)>,
    /// Most clients at one time.
    pub clients_max: usize,
    /// Most orders that rest at one time.
    pub orders_max: u32,
}

/// The operators' socket.
#[derive(Clone, Debug)]
pub struct ControlConfig {
    /// The socket's path.
    pub path: PathBuf,
    /// The file that holds the token; made, readable by the owner only, if it is not there.
    pub token_path: PathBuf,
    /// Most operators at one time.
    pub clients_max: usize,
}

/// A trading day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day, as yyyymmdd.
    pub date: u32,
    /// The exchange's midnight, in nanoseconds since the Unix epoch.
    pub midnight_ts_ns: i64,
    /// Name of its sessions, at most 10 characters, then zero bytes.
    pub session: [u8; 16],
}

/// An event that defines something: journaled at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// Its kind.
    pub kind: u16,
    /// Version of its layout.
    pub version: u8,
    /// Its fixed part and tail.
    pub body: Vec<u8>,
}

/// When what follows from an input may leave.
#[derive(Clone, Debug)]
pub enum Commit {
    /// At once.
    Async,
    /// When the journal says that the input is on disk.
    Fsync,
    /// When the standby says so: the number of the last entry that it holds.
    Standby(Arc<AtomicU64>),
    /// When the gate of a cluster says so: the lease is held, and in mode `standby` the standby has
    /// it.
    Replicated(Gate),
}

impl Commit {
    /// Its name, as latencies are quoted with.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Async => "async",
            Self::Fsync => "fsync",
            Self::Standby(_) => "standby",
            Self::Replicated(gate) => match gate.mode() {
                CommitMode::Async => "async",
                CommitMode::Fsync => "fsync",
                CommitMode::Standby => "standby",
            },
        }
    }
}

/// All that the shell is told.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// The journal's folder.
    pub journal: PathBuf,
    /// How it is written.
    pub options: Options,
    /// The folder of the streams of messages; a folder in it for each session.
    pub streams: PathBuf,
    /// Most bytes of a port's stream in a day.
    pub port_bytes_max: usize,
    /// Most bytes of the public stream in a day.
    pub itch_bytes_max: usize,
    /// Go on when a stream on disk differs from what the journal leads to: the journal's counts.
    pub rebuild: bool,
    /// When answers leave.
    pub commit: Commit,
    /// The day to begin with.
    pub day: Day,
    /// Firms, ports, instruments and their rules, in the order in which they are journaled.
    pub definitions: Vec<Definition>,
    /// Who may log in.
    pub ports: Vec<PortConfig>,
    /// Lines of market data: A, and B.
    pub lines: Vec<LineConfig>,
    /// Where lost packets are asked for.
    pub rerequest: Option<SocketAddr>,
    /// Where snapshots are had.
    pub glimpse: Option<GlimpseConfig>,
    /// Where operators come in.
    pub control: Option<ControlConfig>,
    /// The phase that all instruments begin a day in; none: they stay as the core leaves them.
    pub phase: Option<Phase>,
    /// Where the time comes from.
    pub wall: WallClock,
    /// Time between two ticks of the clock, in milliseconds.
    pub tick_ms: u32,
    /// Time between two snapshots; zero: none but on command and at the end.
    pub snapshot_every: Duration,
    /// Look at the sockets without ever sleeping: a core for itself.
    pub busy_poll: bool,
    /// Most connections at one time.
    pub connections_max: usize,
    /// Most bytes that wait for a client before it counts as slow.
    pub output_bytes_max: usize,
    /// Longest that a client may take nothing at all, in milliseconds.
    pub stalled_ms: u32,
    /// Bytes of the system's buffer for sending, each connection; 0 for the system's choice.
    pub send_buffer_bytes: usize,
    /// Most inputs that wait for their commit; no more is read until there is room.
    pub pending_max: usize,
}

impl ServerConfig {
    /// Sees that the values fit together.
    ///
    /// # Errors
    /// [`ServerError::Config`], with the value.
    pub fn check(&self) -> Result<(), ServerError> {
        let wrong = |what: String| Err(ServerError::Config { what });
        if self.tick_ms == 0 || self.pending_max == 0 || self.connections_max == 0 {
            return wrong(
                "tick_ms, pending_max and connections_max: expected 1 or more".to_owned(),
            );
        }
        if matches!(self.commit, Commit::Fsync) && self.options.durability != Durability::Fsync {
            return wrong("commit = fsync: expected a journal with durability fsync".to_owned());
        }
        for (at, port) in self.ports.iter().enumerate() {
            let PortConfig { id, username, address, .. } = port;
            if *id == 0 || *id > PORT_ID_MAX {
                return wrong(format!("port id: expected 1 to {PORT_ID_MAX}, found {id}"));
            }
            for other in &self.ports[..at] {
                if other.id == *id {
                    return wrong(format!("port {id} is there twice"));
                }
                let same_name = other.username.eq_ignore_ascii_case(username);
                // Port 0 is a port of its own for each protocol.
                let speak_the_same = other.format == port.format;
                let clashes = if speak_the_same { same_name } else { address.port() != 0 };
                if other.address == *address && clashes {
                    let (other, theirs) = (&other.username, other.format);
                    return wrong(format!(
                        "members.ports.{other} and members.ports.{username} share the address \
                         {address}: expected one protocol there and different user names, found \
                         {theirs:?} and {:?}",
                        port.format
                    ));
                }
            }
        }
        Ok(())
    }
}
