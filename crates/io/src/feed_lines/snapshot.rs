// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A client of GLIMPSE 5.0 that never waits: it connects, logs in, and gives the snapshot's messages
//! in parts as they come, each message behind its length.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::{AsRawFd, RawFd};

use onetape_core::wire::glimpse::{END_TYPE, end_of_snapshot};
use onetape_core::wire::mold::Session;
use onetape_core::wire::soup::{
    Client, ClientConfig, ClientEvent, LoginRequest, State, Version, name_of,
};
use socket2::{Domain, Protocol, Socket, Type};

use super::SnapshotConfig;

/// Bytes read in one go: a part of the snapshot is about as long.
const READ_BYTES: usize = 16 << 10;

/// What a look at the client found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Nothing new.
    Nothing,
    /// The server let us in, to a snapshot of this session.
    Begun(Session),
    /// There is a part to lend.
    Part,
    /// The snapshot is whole; go on with this number, once the last part was lent.
    Whole(u64),
    /// It came to nothing, and why.
    Failed(&'static str),
}

/// The client.
#[derive(Debug)]
pub(super) struct SnapshotClient {
    config: SnapshotConfig,
    silence_ns: i64,
    link: Option<(TcpStream, Client)>,
    is_begun: bool,
    out: Vec<u8>,
    input: Box<[u8]>,
    part: Vec<u8>,
    is_lent: bool,
    next: Option<u64>,
    heard_ns: i64,
}

impl SnapshotClient {
    pub(super) fn new(config: SnapshotConfig, silence_ns: i64) -> Self {
        Self {
            config,
            silence_ns,
            link: None,
            is_begun: false,
            out: Vec::with_capacity(256),
            input: vec![0; READ_BYTES].into_boxed_slice(),
            part: Vec::with_capacity(2 * READ_BYTES),
            is_lent: false,
            next: None,
            heard_ns: 0,
        }
    }

    /// Whether a server has let us in, to the snapshot that is on its way.
    pub(super) const fn is_begun(&self) -> bool {
        self.is_begun
    }

    /// The socket to wait for, while a snapshot is on its way.
    pub(super) fn descriptor(&self) -> Option<RawFd> {
        self.link.as_ref().map(|(stream, _)| stream.as_raw_fd())
    }

    /// Begins to connect; whether the system takes that on.
    pub(super) fn start(&mut self, now_ns: i64) -> bool {
        self.stop();
        self.heard_ns = now_ns;
        let Ok(stream) = connecting(&self.config) else { return false };
        let login = LoginRequest {
            username: name_of(self.config.username.as_bytes()),
            password: name_of(self.config.password.word()),
            session: Session::default(),
            sequence: 1,
            timeout_ms: None,
        };
        let mut client = Client::new(ClientConfig { version: Version::V410, login }, now_ns);
        // A client that has said nothing may log in.
        let _first_word = client.login(now_ns, &mut self.out);
        self.link = Some((stream, client));
        true
    }

    /// Ends what is on its way, and forgets it.
    pub(super) fn stop(&mut self) {
        self.link = None;
        self.is_begun = false;
        self.out.clear();
        self.part.clear();
        self.is_lent = false;
        self.next = None;
    }

    /// The part that is lent.
    pub(super) fn part(&self) -> &[u8] {
        &self.part
    }

    /// Lends the next part: whether there is one. The part that was lent before goes.
    pub(super) fn lend(&mut self) -> bool {
        if std::mem::take(&mut self.is_lent) {
            self.part.clear();
        }
        self.is_lent = !self.part.is_empty();
        self.is_lent
    }

    /// Does what can be done without waiting, once every part was lent.
    pub(super) fn look(&mut self, now_ns: i64) -> Look {
        if let Some(next) = self.next {
            return Look::Whole(next);
        }
        match self.step(now_ns) {
            Ok(look) => look,
            Err(error) if is_pending(&error) => {
                if now_ns - self.heard_ns > self.silence_ns {
                    return Look::Failed("its server is silent");
                }
                Look::Nothing
            }
            Err(error) => Look::Failed(match error.kind() {
                ErrorKind::ConnectionRefused => "its server takes no connection",
                ErrorKind::PermissionDenied => "its server refused the login",
                ErrorKind::InvalidData => "its server broke the protocol",
                _ => "the connection to its server broke",
            }),
        }
    }

    fn step(&mut self, now_ns: i64) -> io::Result<Look> {
        let Self { link, out, input, part, next, is_begun, heard_ns, .. } = self;
        let Some((stream, client)) = link else { return Ok(Look::Nothing) };
        client.poll(now_ns, out).map_err(|_| ErrorKind::TimedOut)?;
        while !out.is_empty() {
            let written = stream.write(out)?;
            out.drain(..written);
        }
        let length = stream.read(input)?;
        if length == 0 {
            return Err(ErrorKind::ConnectionReset.into());
        }
        *heard_ns = now_ns;
        let mut refused = false;
        let mut broken = false;
        let heard = client.receive(now_ns, &input[..length], &mut |event| match event {
            ClientEvent::Sequenced { message, .. } if next.is_none() => {
                part.extend_from_slice(&(message.len() as u16).to_be_bytes());
                part.extend_from_slice(message);
                *next = end_of_snapshot(message);
                broken |= next.is_none() && message.first() == Some(&END_TYPE);
            }
            ClientEvent::Rejected { .. } => refused = true,
            _ => {}
        });
        if refused {
            return Err(ErrorKind::PermissionDenied.into());
        }
        if heard.is_err() || broken {
            return Err(ErrorKind::InvalidData.into());
        }
        if !*is_begun && client.state() == State::Active {
            *is_begun = true;
            return Ok(Look::Begun(client.session()));
        }
        match (self.part.is_empty(), self.next) {
            (_, Some(next)) => Ok(Look::Whole(next)),
            (false, None) => Ok(Look::Part),
            (true, None) if client.state() == State::Closed => {
                Err(ErrorKind::ConnectionReset.into())
            }
            (true, None) => Ok(Look::Nothing),
        }
    }
}

/// A connection that is being made.
fn connecting(config: &SnapshotConfig) -> io::Result<TcpStream> {
    let domain = if config.address.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
    let socket = Socket::new(domain, Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    match socket.connect(&config.address.into()) {
        Ok(()) => {}
        Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => {}
        Err(error) => return Err(error),
    }
    Ok(socket.into())
}

/// Whether an error says only that it is too early.
fn is_pending(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::NotConnected | ErrorKind::Interrupted)
}
