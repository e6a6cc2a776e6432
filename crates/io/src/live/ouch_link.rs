// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Order entry of one venue: OUCH over `SoupBinTCP`, connected again whenever it goes.
//!
//! Each login asks for the messages that were not heard yet, so that nothing the venue said is lost.
//! Nothing here waits: connecting, too, is done in turns.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::{AsRawFd, RawFd};

use onetape_core::types::{MILLISECOND_NS, SECOND_NS};
use onetape_core::wire::soup::{
    Client, ClientConfig, ClientEvent, LoginRequest, REJECT_NO_SESSION, Session, State, Version,
};
use socket2::{Domain, Protocol, Socket, Type};

use super::recover::Heard;
use crate::exchange::Secret;

/// How long a connection and a login may take.
const LOGIN_NS: i64 = 5 * SECOND_NS;
/// Time before the first attempt to connect again; doubled at each, to the longest.
const RETRY_NS: i64 = 20 * MILLISECOND_NS;
const RETRY_NS_MAX: i64 = 2 * SECOND_NS;
/// Bytes read at once.
const READ_BYTES: usize = 1 << 16;
/// Bytes that wait to be written before the venue is given up as one that does not read.
const UNWRITTEN_BYTES_MAX: usize = 4 << 20;

/// Where orders are entered, and as whom.
#[derive(Clone, Debug)]
pub struct OuchConfig {
    /// The port's address.
    pub address: SocketAddr,
    /// Who logs in: at most 6 characters.
    pub username: String,
    /// With what: at most 10 characters.
    pub password: Secret,
}

/// What happened on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkEvent<'a> {
    /// Logged in; the session goes on with this message.
    Up { session: Session, next_message: u64 },
    /// Not connected any more.
    Down { why: &'a str },
    /// A message of the venue.
    Message(&'a [u8]),
}

/// How far a connection has come.
#[derive(Debug)]
enum Connection {
    /// None; the next attempt is due then.
    None { retry_ns: i64 },
    /// Being made, since then.
    Making { socket: TcpStream, since_ns: i64 },
    /// Made: the session on it.
    Made { socket: TcpStream, client: Box<Client>, since_ns: i64, is_up: bool },
}

/// Order entry of one venue.
#[derive(Debug)]
pub(super) struct OuchLink {
    config: OuchConfig,
    connection: Connection,
    /// Time before the next attempt.
    pause_ns: i64,
    /// The session that messages were heard of, and the next of them.
    session: Session,
    next_message: u64,
    /// Bytes that are to be written.
    out: Vec<u8>,
    /// What happened: each behind its length in 4 bytes and a letter, M for a message, U and D for a
    /// connection that came and went.
    heard: Vec<u8>,
    heard_at: usize,
    buffer: Box<[u8]>,
    has_left: bool,
}

impl OuchLink {
    /// A link that connects at its first turn, and hears the session from `next_message` on.
    pub(super) fn new(config: OuchConfig, session: Session, next_message: u64) -> Self {
        Self {
            config,
            connection: Connection::None { retry_ns: i64::MIN },
            pause_ns: RETRY_NS,
            session,
            next_message,
            out: Vec::with_capacity(1 << 16),
            heard: Vec::with_capacity(1 << 18),
            heard_at: 0,
            buffer: vec![0; READ_BYTES].into_boxed_slice(),
            has_left: false,
        }
    }

    /// Does what can be done now; then [`Self::next`] says what happened.
    pub(super) fn work(&mut self, now_ns: i64) {
        if self.heard_at < self.heard.len() {
            return;
        }
        self.heard.clear();
        self.heard_at = 0;
        match self.connection {
            Connection::Made { .. } => self.talk(now_ns),
            Connection::None { retry_ns } if retry_ns <= now_ns && !self.has_left => {
                self.connect(now_ns);
            }
            Connection::None { .. } => {}
            Connection::Making { .. } => self.look_after(now_ns),
        }
    }

    /// What happened since the last turn, in order.
    #[inline]
    pub(super) fn next(&mut self) -> Option<LinkEvent<'_>> {
        let rest = &self.heard[self.heard_at..];
        let (length, rest) = rest.split_first_chunk::<4>()?;
        let length = u32::from_le_bytes(*length) as usize;
        self.heard_at += 4 + length;
        let (kind, body) = rest[..length].split_first()?;
        Some(match kind {
            b'M' => LinkEvent::Message(body),
            b'U' => {
                let (session, next) = body.split_first_chunk()?;
                let next_message = u64::from_le_bytes(*next.first_chunk()?);
                LinkEvent::Up { session: *session, next_message }
            }
            _ => LinkEvent::Down { why: std::str::from_utf8(body).unwrap_or("") },
        })
    }

    /// Has a message leave.
    #[inline]
    pub(super) fn send(&mut self, now_ns: i64, message: &[u8]) {
        let Connection::Made { client, .. } = &mut self.connection else { return };
        // A session that is over shows itself at the next turn.
        let _said = client.send_unsequenced(now_ns, message, &mut self.out);
        self.write(now_ns);
    }

    /// How far the session was heard, everything that came having been taken.
    pub(super) const fn position(&self) -> Heard {
        Heard { session: self.session, next_message: self.next_message }
    }

    /// Ends the session in an orderly way, and connects no more.
    pub(super) fn leave(&mut self, now_ns: i64) {
        self.has_left = true;
        if let Connection::Made { client, .. } = &mut self.connection {
            let _said = client.logout(now_ns, &mut self.out);
            self.write(now_ns);
        }
        self.drop_connection(now_ns, "we left");
    }

    /// Drops the connection without a word: the venue cancels what it is to cancel then.
    pub(super) fn give_up(&mut self, now_ns: i64, why: &str) {
        self.drop_connection(now_ns, why);
    }

    fn connect(&mut self, now_ns: i64) {
        match start(self.config.address) {
            Ok(socket) => self.connection = Connection::Making { socket, since_ns: now_ns },
            Err(error) => self.drop_connection(now_ns, &error.to_string()),
        }
    }

    /// Whether the connection that is being made is there.
    fn look_after(&mut self, now_ns: i64) {
        let Connection::Making { socket, since_ns } = &self.connection else { return };
        let since_ns = *since_ns;
        match is_connected(socket) {
            Ok(false) if now_ns - since_ns < LOGIN_NS => {}
            Ok(false) => self.drop_connection(now_ns, "the connection was not made in 5 s"),
            Err(error) => self.drop_connection(now_ns, &error.to_string()),
            Ok(true) => self.log_in(now_ns),
        }
    }

    fn log_in(&mut self, now_ns: i64) {
        let none = Connection::None { retry_ns: 0 };
        let Connection::Making { socket, .. } = std::mem::replace(&mut self.connection, none)
        else {
            return;
        };
        let login = login_of(&self.config, self.session, self.next_message);
        let mut client =
            Box::new(Client::new(ClientConfig { version: Version::V300, login }, now_ns));
        self.out.clear();
        let said = client.login(now_ns, &mut self.out);
        self.connection = Connection::Made { socket, client, since_ns: now_ns, is_up: false };
        match said {
            Ok(()) => self.write(now_ns),
            Err(error) => self.drop_connection(now_ns, &format!("{error:?}")),
        }
    }

    /// Reads, and keeps the session alive.
    fn talk(&mut self, now_ns: i64) {
        let Connection::Made { socket, client, since_ns, is_up } = &mut self.connection else {
            return;
        };
        if !*is_up && now_ns - *since_ns > LOGIN_NS {
            self.drop_connection(now_ns, "the login was not answered in 5 s");
            return;
        }
        let length = match socket.read(&mut self.buffer[..]) {
            Ok(0) => {
                self.drop_connection(now_ns, "the venue closed the connection");
                return;
            }
            Ok(length) => length,
            Err(error) if is_quiet(&error) => 0,
            Err(error) => {
                self.drop_connection(now_ns, &error.to_string());
                return;
            }
        };
        let Self { buffer, heard, session, next_message, out, .. } = self;
        let mut refused = None;
        let received = client.receive(now_ns, &buffer[..length], &mut |event| match event {
            ClientEvent::Sequenced { message, sequence } => {
                *next_message = sequence + 1;
                put(heard, b'M', &[message]);
            }
            ClientEvent::Accepted { session: accepted, sequence } => {
                (*session, *next_message, *is_up) = (accepted, sequence, true);
                put(heard, b'U', &[&accepted, &sequence.to_le_bytes()]);
            }
            ClientEvent::Rejected { reason } => refused = Some(reason),
            _ => {}
        });
        let polled = received.and_then(|()| client.poll(now_ns, out));
        if client.state() == State::Active {
            self.pause_ns = RETRY_NS;
        }
        match (refused, polled) {
            (Some(reason), _) => self.refused(now_ns, reason),
            (None, Err(error)) => {
                self.drop_connection(now_ns, &format!("the session ended: {error:?}"));
            }
            (None, Ok(())) => self.write(now_ns),
        }
    }

    /// A login was refused: the session may be over, and another one have begun.
    fn refused(&mut self, now_ns: i64, reason: u8) {
        if reason == REJECT_NO_SESSION {
            (self.session, self.next_message) = (Session::default(), 1);
        }
        let why = format!("the login was refused ({})", char::from(reason));
        self.drop_connection(now_ns, &why);
    }

    fn write(&mut self, now_ns: i64) {
        let Connection::Made { socket, .. } = &mut self.connection else { return };
        let mut written = 0;
        let mut failed = None;
        while written < self.out.len() {
            match socket.write(&self.out[written..]) {
                Ok(bytes) => written += bytes,
                Err(error) if is_quiet(&error) => break,
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        if written == self.out.len() {
            self.out.clear();
        } else {
            self.out.drain(..written);
        }
        if let Some(error) = failed {
            self.drop_connection(now_ns, &error.to_string());
        } else if self.out.len() > UNWRITTEN_BYTES_MAX {
            self.drop_connection(now_ns, "the venue does not read what it is sent");
        }
    }

    /// Gives the connection up; the next attempt comes after a pause that grows.
    fn drop_connection(&mut self, now_ns: i64, why: &str) {
        let was_up = matches!(self.connection, Connection::Made { is_up: true, .. });
        self.connection = Connection::None { retry_ns: now_ns + self.pause_ns };
        self.pause_ns = (self.pause_ns * 2).min(RETRY_NS_MAX);
        self.out.clear();
        if was_up {
            put(&mut self.heard, b'D', &[why.as_bytes()]);
        }
    }

    /// The socket, where there is one: to wait for.
    pub(super) fn descriptor(&self) -> Option<RawFd> {
        match &self.connection {
            Connection::None { .. } => None,
            Connection::Making { socket, .. } | Connection::Made { socket, .. } => {
                Some(socket.as_raw_fd())
            }
        }
    }
}

/// Puts an event behind the others.
fn put(heard: &mut Vec<u8>, kind: u8, parts: &[&[u8]]) {
    let length = 1 + parts.iter().map(|part| part.len()).sum::<usize>();
    heard.extend_from_slice(&(length as u32).to_le_bytes());
    heard.push(kind);
    for part in parts {
        heard.extend_from_slice(part);
    }
}

/// Begins to connect.
fn start(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    socket.set_tcp_nodelay(true)?;
    match socket.connect(&address.into()) {
        Ok(()) => {}
        Err(error) if error.raw_os_error() == Some(libc::EINPROGRESS) => {}
        Err(error) => return Err(error),
    }
    Ok(socket.into())
}

/// Whether a connection that was begun is there.
fn is_connected(socket: &TcpStream) -> io::Result<bool> {
    if let Some(error) = socket.take_error()? {
        return Err(error);
    }
    match socket.peer_addr() {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotConnected => Ok(false),
        Err(error) => Err(error),
    }
}

/// The login: the session that was heard last, from the message that comes next.
fn login_of(config: &OuchConfig, session: Session, next_message: u64) -> LoginRequest {
    let mut login = LoginRequest {
        username: [0; 6],
        password: [0; 10],
        session,
        sequence: next_message,
        timeout_ms: None,
    };
    let words = [
        (&mut login.username[..], config.username.as_bytes()),
        (&mut login.password[..], config.password.word()),
    ];
    for (place, word) in words {
        place.iter_mut().zip(word).for_each(|(to, from)| *to = *from);
    }
    login
}

/// Whether an error of a socket says only that nothing is there (yet).
fn is_quiet(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}
