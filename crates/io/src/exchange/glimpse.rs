// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! GLIMPSE 5.0: a snapshot of the displayed books for who joins late, over `SoupBinTCP`.
//!
//! A thread of its own keeps books from the public stream, as any listener would, and cuts a
//! snapshot between two messages of it. The engine knows nothing of it.

mod book;
mod snapshot;

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use onetape_core::wire::soup::{
    LoginRequest, REJECT_NO_SESSION, REJECT_NOT_AUTHORISED, Server, ServerEvent, State, Version,
    name_of,
};

use super::config::{GlimpseConfig, Secret};
use super::error::ServerError;
use super::poll::Poll;
use super::server::listening;
use super::streams::{Board, Today};
use book::PublicBook;
use snapshot::Snapshot;

/// Longest wait between two looks at the stream and the clients.
const LOOK: Duration = Duration::from_millis(5);
/// Messages applied in one go: some 100 µs, so that whoever shares the core never waits long.
const FOLLOW_MAX: usize = 256;
/// Pause between two goes, unless it is far behind.
const PAUSE: Duration = Duration::from_micros(200);
/// More messages than this are far behind.
const BEHIND_MAX: u64 = 50_000;
/// Bytes of messages that are made ready at once for a client.
const FILL_BYTES: usize = 256 << 10;

/// The server of snapshots.
#[derive(Debug)]
pub struct Glimpse {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Glimpse {
    /// Serves the day that `board` shows.
    ///
    /// # Errors
    /// [`ServerError::Socket`] when the address cannot be had.
    pub fn start(config: GlimpseConfig, board: Board) -> Result<Self, ServerError> {
        let address = config.address;
        let failed = |source| ServerError::Socket { doing: "serve snapshots on", address, source };
        let listener = listening(address).map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        let poll = Poll::new().map_err(failed)?;
        poll.add(&listener, 0).map_err(failed)?;
        let stop = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&stop);
        let serve = move || {
            let clients = Vec::with_capacity(config.clients_max);
            let book = PublicBook::new(config.orders_max);
            let started = Instant::now();
            let mut desk = Desk { config, board, listener, clients, book, today: None, started };
            desk.run(poll, &theirs);
        };
        let thread =
            thread::Builder::new().name("glimpse".to_owned()).spawn(serve).map_err(failed)?;
        Ok(Self { address: bound, stop, thread: Some(thread) })
    }

    /// Where it serves.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Glimpse {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _nothing_to_do_about_a_panic = thread.join();
        }
    }
}

/// A client that takes a snapshot.
struct Client {
    socket: TcpStream,
    server: Server,
    snapshot: Option<Snapshot>,
    out: Vec<u8>,
    written: usize,
}

/// The thread's state.
struct Desk {
    config: GlimpseConfig,
    board: Board,
    listener: TcpListener,
    clients: Vec<Client>,
    book: PublicBook,
    today: Option<Today>,
    started: Instant,
}

impl Desk {
    fn run(&mut self, mut poll: Poll, stop: &AtomicBool) {
        let mut input = vec![0; 4_096];
        while !stop.load(Ordering::Relaxed) {
            let is_current = self.follow();
            let is_idle = is_current && self.clients.iter().all(|client| client.out.is_empty());
            if poll.wait(if is_idle { LOOK } else { Duration::ZERO }).is_err() {
                return;
            }
            self.serve_all(&mut input);
            self.accept(&mut input);
            if !is_idle && !self.is_far_behind() {
                thread::sleep(PAUSE);
            }
        }
    }

    /// Time since the start, in nanoseconds.
    fn now_ns(&self) -> i64 {
        i64::try_from(self.started.elapsed().as_nanos()).unwrap_or(i64::MAX)
    }

    /// Applies what was released; whether all of it is applied. A new day begins with empty books.
    fn follow(&mut self) -> bool {
        let Some(today) = self.board.today() else { return true };
        if self.today.as_ref().is_none_or(|known| known.day != today.day) {
            self.book = PublicBook::new(self.config.orders_max);
            self.clients.clear();
            self.today = Some(today);
        }
        let Some(today) = &self.today else { return true };
        self.book.follow(&today.itch, FOLLOW_MAX)
    }

    fn is_far_behind(&self) -> bool {
        self.today.as_ref().is_some_and(|today| self.book.behind(&today.itch) > BEHIND_MAX)
    }

    /// Serves every client; those who leave make room.
    fn serve_all(&mut self, input: &mut [u8]) {
        let mut clients = std::mem::take(&mut self.clients);
        clients.retain_mut(|client| self.serve(client, input));
        self.clients = clients;
    }

    fn accept(&mut self, input: &mut [u8]) {
        while let Ok((socket, _)) = self.listener.accept() {
            if self.clients.len() >= self.config.clients_max {
                self.serve_all(input);
            }
            if self.clients.len() >= self.config.clients_max
                && let Some(stranger) = self.clients.iter().position(|c| c.snapshot.is_none())
            {
                // Whoever has been there longest without a login makes room.
                self.clients.remove(stranger);
            }
            if self.clients.len() >= self.config.clients_max
                || socket.set_nonblocking(true).is_err()
            {
                continue;
            }
            let server = Server::new(Version::V410, self.now_ns());
            let out = Vec::with_capacity(FILL_BYTES);
            self.clients.push(Client { socket, server, snapshot: None, out, written: 0 });
        }
    }

    /// Serves a client; whether it stays.
    fn serve(&mut self, client: &mut Client, input: &mut [u8]) -> bool {
        let now_ns = self.now_ns();
        match client.socket.read(input) {
            Ok(0) => return false,
            Ok(count) => {
                let mut login = None;
                let mut bytes = &input[..count];
                let heard = client.server.receive(now_ns, &mut bytes, &mut |event| {
                    if let ServerEvent::Login(request) = event {
                        login = Some(request);
                    }
                });
                if heard.is_err() {
                    return false;
                }
                if let Some(login) = login {
                    self.log_in(client, &login);
                }
            }
            Err(err) if err.kind() == ErrorKind::WouldBlock => {}
            Err(err) if err.kind() == ErrorKind::Interrupted => {}
            Err(_) => return false,
        }
        if client.server.poll(now_ns, &mut client.out).is_err() {
            return false;
        }
        client.write(now_ns)
    }

    fn log_in(&mut self, client: &mut Client, login: &LoginRequest) {
        let now_ns = self.now_ns();
        let wanted = name_of::<6>(&login.username);
        let found = self
            .config
            .users
            .iter()
            .find(|(user, _)| name_of::<6>(user.as_bytes()).eq_ignore_ascii_case(&wanted));
        let nobody = Secret::new([0xff; 10]);
        let is_right = found.map_or(&nobody, |(_, password)| password).is(&login.password);
        let session = self.today.as_ref().map(|today| name_of::<10>(&today.session));
        let refused = match session {
            _ if found.is_none() || !is_right => Some(REJECT_NOT_AUTHORISED),
            Some(session) if login.session == [0; 10] || login.session == session => None,
            _ => Some(REJECT_NO_SESSION),
        };
        if let Some(reason) = refused {
            let _a_login_waits = client.server.reject(now_ns, reason, &mut client.out);
            return;
        }
        if let Some(today) = &self.today {
            while !self.book.follow(&today.itch, FOLLOW_MAX) {}
        }
        debug_assert_eq!(self.book.refused(), 0, "our own stream applies");
        let session = session.unwrap_or_default();
        let _a_login_waits = client.server.accept(now_ns, session, 1, &mut client.out);
        client.snapshot = Some(self.book.cut());
    }
}

impl Client {
    /// Writes what the socket takes; whether the client stays.
    fn write(&mut self, now_ns: i64) -> bool {
        loop {
            self.fill(now_ns);
            if self.written == self.out.len() {
                self.out.clear();
                self.written = 0;
                return self.server.state() != State::Closed;
            }
            match self.socket.write(&self.out[self.written..]) {
                Ok(0) => return false,
                Ok(count) => self.written += count,
                Err(err) if err.kind() == ErrorKind::WouldBlock => return true,
                Err(err) if err.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
            if self.written == self.out.len() {
                self.out.clear();
                self.written = 0;
            }
        }
    }

    fn fill(&mut self, now_ns: i64) {
        let Some(snapshot) = &self.snapshot else { return };
        while self.server.state() == State::Active && self.out.len() < FILL_BYTES {
            let Some(message) = snapshot.message(self.server.position()) else { return };
            if self.server.send_sequenced(now_ns, message, &mut self.out).is_err() {
                return;
            }
        }
    }
}
