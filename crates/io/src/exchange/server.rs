// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The engine's thread: takes all that is there, applies it one by one, then sends, once for each
//! connection; answers leave before market data.
//!
//! ```text
//! wait ─► read ─► journal, core, streams ─► released? ─► sessions ─► lines ─► now and then: clock
//! ```

mod fix_sessions;
mod hot;
mod maintenance;
mod operating;
mod sending;
mod sessions;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use onetape_core::events::{CloseReason, OrderFormat, SessionClosed};
use socket2::{Domain, Socket, Type};

use super::clock::{Clock, Notices};
use super::component::Core;
use super::config::ServerConfig;
use super::connection::Connection;
use super::continuity::Continuity;
use super::control::{Command, Control, Request};
use super::engine::Engine;
use super::error::ServerError;
use super::glimpse::Glimpse;
use super::latency::Latency;
use super::lines::Lines;
use super::poll::{Poll, Waker};
use super::recover::Recovered;
use super::rerequest::Rerequest;
use super::snapshots::Snapshots;
use super::streams::PUBLIC;
use hot::Hot;
use maintenance::snapshot_after;
pub(crate) use operating::refusal;

/// Token of the waker.
const WAKER: u64 = u64::MAX;
/// Set in the token of a listener.
const LISTENER: u64 = 1 << 63;
/// Bytes read from one connection before the next one's turn, and before anything leaves: some 350
/// orders, half a millisecond.
const INPUT_BYTES: usize = 16 << 10;
/// Pause while all that is left to do is to wait for a commit.
const COMMIT_NAP: Duration = Duration::from_micros(20);
/// Market data leaves at most so often: under load a packet says more, and orders wait less for it.
const PUBLISH_EVERY_NS: i64 = 30_000;

/// What happened at the borders, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Connections that were accepted.
    pub connections: u64,
    /// Connections refused because there were too many.
    pub refused: u64,
    /// Connections without a login that had to make room for others.
    pub displaced: u64,
    /// Logins that were accepted.
    pub logins: u64,
    /// Logins that were rejected.
    pub logins_rejected: u64,
    /// Messages that came from clients.
    pub messages: u64,
    /// Garbled messages of FIX clients, which were skipped.
    pub garbled: u64,
    /// Connections that ended because the client broke the protocol.
    pub protocol: u64,
    /// Connections that ended because the client did not read.
    pub slow: u64,
    /// Connections that ended because the client was silent.
    pub silent: u64,
    /// Times that the disk was found nearly full.
    pub nearly_full: u64,
    /// Snapshots that could not be written.
    pub snapshots_failed: u64,
}

/// Where something listens.
#[derive(Debug)]
struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    format: OrderFormat,
}

impl Listener {
    /// Which ports come in by it.
    const fn door(&self) -> (SocketAddr, OrderFormat) {
        (self.address, self.format)
    }
}

/// Ends a server from another thread, or from a signal.
#[derive(Clone, Debug)]
pub struct Stop {
    asked: Arc<AtomicBool>,
    waker: Arc<Waker>,
}

impl Stop {
    /// Asks the server to end. Safe in a signal handler.
    pub fn stop(&self) {
        self.asked.store(true, Ordering::SeqCst);
        self.waker.wake();
    }
}

/// A running exchange.
pub struct Server<C> {
    config: ServerConfig,
    pub(super) engine: Engine<C>,
    clock: Clock,
    poll: Poll,
    stop: Stop,
    listeners: Vec<Listener>,
    connections: Vec<Option<Connection>>,
    /// How many connections there have been in each place.
    generations: Vec<u32>,
    /// Place of each port's connection.
    by_port: Vec<Option<usize>>,
    /// Places of connections with something to send.
    dirty: Vec<usize>,
    input: Vec<u8>,
    lines: Lines,
    latency: Latency,
    /// From the receipt of an input to the sending of its market data.
    published: Latency,
    counts: Counts,
    requests: Receiver<Request>,
    /// The side threads, which end with the server.
    rerequest: Option<Rerequest>,
    glimpse: Option<Glimpse>,
    _control: Option<Control>,
    next_tick_ns: i64,
    next_look_ns: i64,
    next_retry_ns: i64,
    next_snapshot_ns: i64,
    snapshots: Snapshots,
    /// There is too little room in the journal to take anything in.
    is_paused: bool,
    /// The market was made cancel-only because the disk is nearly full.
    is_nearly_full: bool,
    /// Public messages are left to be sent.
    publishes_more: bool,
    /// When some were last sent.
    published_ns: i64,
    hot: Hot,
    recovered: Recovered,
    /// The cluster that the exchange is primary of, if any.
    pub(super) continuity: Option<Continuity>,
}

impl<C: Core> Server<C> {
    /// Brings an exchange to life and opens its doors; `make` makes a core without a past.
    ///
    /// # Errors
    /// [`ServerError`], with what stands in the way; nothing is listening then.
    pub fn start(config: ServerConfig, make: impl Fn() -> C) -> Result<Self, ServerError> {
        config.check()?;
        let (engine, recovered) = Engine::open(&config, &make)?;
        Self::open_doors(config, engine, recovered, None)
    }

    /// Opens the doors of an exchange that has come to life.
    pub(super) fn open_doors(
        config: ServerConfig,
        mut engine: Engine<C>,
        mut recovered: Recovered,
        continuity: Option<Continuity>,
    ) -> Result<Self, ServerError> {
        let no_descriptor = |err| ServerError::io(&config.journal, "wait for sockets of", err);
        let clock = Clock::new(engine.journal.last_ts_ns(), config.wall);
        recovered.has_begun_day = begin(&mut engine, &config, &clock)?;
        let poll = Poll::new().map_err(no_descriptor)?;
        let waker = Arc::new(Waker::new().map_err(no_descriptor)?);
        poll.add(&*waker, WAKER).map_err(no_descriptor)?;
        let listeners = listen(&config, &poll)?;
        let mut lines = Lines::open(&config.lines)?;
        let board = engine.streams.board().clone();
        if let Some(today) = board.today() {
            // Nothing of a day that has just begun is released yet.
            let published = recovered.published.min(today.itch.released());
            lines.begin(&today, published + 1);
        }
        let (requests_in, requests) = std::sync::mpsc::sync_channel(64);
        let rerequest =
            config.rerequest.map(|address| Rerequest::start(address, board.clone())).transpose()?;
        let glimpse = config
            .glimpse
            .as_ref()
            .map(|glimpse| Glimpse::start(glimpse.clone(), board))
            .transpose()?;
        let control = config
            .control
            .as_ref()
            .map(|control| Control::start(control, requests_in, Arc::clone(&waker), Command::read))
            .transpose()?;
        let last_port = config.ports.iter().map(|port| port.id).max().unwrap_or(0);
        let places = config.connections_max;
        let now_ns = clock.elapsed_ns();
        Ok(Self {
            stop: Stop { asked: Arc::new(AtomicBool::new(false)), waker },
            connections: (0..places).map(|_| None).collect(),
            generations: vec![0; places],
            by_port: vec![None; last_port as usize + 1],
            dirty: Vec::with_capacity(places),
            input: vec![0; INPUT_BYTES],
            latency: Latency::since(now_ns),
            published: Latency::since(now_ns),
            counts: Counts::default(),
            next_tick_ns: now_ns,
            next_look_ns: now_ns,
            next_retry_ns: now_ns,
            next_snapshot_ns: snapshot_after(&config, now_ns),
            snapshots: Snapshots::start(&config.journal)?,
            is_paused: false,
            is_nearly_full: false,
            publishes_more: true,
            published_ns: now_ns,
            hot: Hot::default(),
            rerequest,
            glimpse,
            _control: control,
            config,
            engine,
            clock,
            poll,
            listeners,
            lines,
            requests,
            recovered,
            continuity,
        })
    }

    /// Serves until it is asked to stop, then closes everything in good order.
    ///
    /// # Errors
    /// [`ServerError`] when it cannot go on: the journal or the streams failed. What was
    /// acknowledged before is in the journal.
    pub fn run(&mut self) -> Result<(), ServerError> {
        let served = loop {
            if self.stop.asked.load(Ordering::SeqCst) {
                break Ok(());
            }
            if let Err(error) = self.turn() {
                break Err(error);
            }
        };
        if self.continuity.as_ref().is_some_and(Continuity::is_over) {
            // Another goes on with this journal: not one entry more may come into it.
            return served.and(self.engine.journal.finish().map_err(ServerError::from));
        }
        let closed = self.close();
        served.and(closed)
    }

    /// One turn of the loop.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn turn(&mut self) -> Result<(), ServerError> {
        let found = if self.config.busy_poll && self.hot.is_enough() {
            self.read_hot()?;
            0
        } else {
            self.wait()?
        };
        for at in 0..found {
            let ready = self.poll.ready(at);
            if ready.token == WAKER {
                self.stop.waker.clear();
                self.operate()?;
            } else if ready.token & LISTENER != 0 {
                self.accept((ready.token & !LISTENER) as usize);
            } else {
                self.serve(ready)?;
            }
        }
        let now_ns = self.clock.elapsed_ns();
        if now_ns >= self.next_tick_ns {
            self.tick(now_ns)?;
        }
        if let Some(continuity) = &self.continuity {
            continuity.notify();
        }
        self.release()?;
        self.send()?;
        if self.publishes_more && self.clock.elapsed_ns() - self.published_ns >= PUBLISH_EVERY_NS {
            self.publish();
        }
        if now_ns >= self.next_look_ns {
            self.look(now_ns)?;
            self.keep_lease()?;
        }
        Ok(())
    }

    /// Waits for something to do; how many sockets are ready.
    fn wait(&mut self) -> Result<usize, ServerError> {
        let waits_for_commit = self.engine.streams.waiting() > 0;
        let is_busy = self.config.busy_poll || waits_for_commit || self.publishes_more;
        let timeout = if is_busy || !self.dirty.is_empty() {
            Duration::ZERO
        } else {
            let next_ns = self.next_tick_ns.min(self.next_look_ns);
            let left_ns = next_ns.saturating_sub(self.clock.elapsed_ns()).max(0);
            Duration::from_nanos(left_ns.unsigned_abs())
        };
        let found = self.poll.wait(timeout);
        let found = found.map_err(|err| ServerError::io(&self.config.journal, "wait for", err))?;
        if found == 0 && waits_for_commit && !self.config.busy_poll {
            std::thread::sleep(COMMIT_NAP);
        }
        Ok(found)
    }

    /// Ends it from another thread.
    #[must_use]
    pub fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// What coming to life brought to light.
    #[must_use]
    pub const fn recovered(&self) -> &Recovered {
        &self.recovered
    }

    /// What happened at the borders.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    /// Where order entry listens: ports of a configuration that left the choice to the system.
    ///
    /// # Errors
    /// [`ServerError::Socket`] when the system does not say.
    pub fn addresses(&self) -> Result<Vec<SocketAddr>, ServerError> {
        let address = |listener: &Listener| {
            listener.socket.local_addr().map_err(|source| ServerError::Socket {
                doing: "ask for",
                address: listener.address,
                source,
            })
        };
        self.listeners.iter().map(address).collect()
    }

    /// Where order entry listens, and what is spoken there.
    ///
    /// # Errors
    /// As [`Self::addresses`].
    pub fn listening(&self) -> Result<Vec<(SocketAddr, OrderFormat)>, ServerError> {
        let formats = self.listeners.iter().map(|listener| listener.format);
        Ok(self.addresses()?.into_iter().zip(formats).collect())
    }

    /// Where lost packets are asked for, if anywhere.
    #[must_use]
    pub fn rerequest_address(&self) -> Option<SocketAddr> {
        self.rerequest.as_ref().map(Rerequest::address)
    }

    /// Where snapshots are had, if anywhere.
    #[must_use]
    pub fn glimpse_address(&self) -> Option<SocketAddr> {
        self.glimpse.as_ref().map(Glimpse::address)
    }

    /// Distribution of the times from receipt to sending.
    #[must_use]
    pub const fn latency(&self) -> &Latency {
        &self.latency
    }

    /// Distribution of the times from receipt to market data sent: how far the publisher is behind.
    #[must_use]
    pub const fn published(&self) -> &Latency {
        &self.published
    }

    /// What there is to warn of, for any thread.
    #[must_use]
    pub fn notices(&self) -> Notices {
        self.clock.notices().clone()
    }

    /// The lines of market data.
    #[must_use]
    pub const fn lines(&self) -> &Lines {
        &self.lines
    }

    /// Journal, core and streams.
    #[must_use]
    pub const fn engine(&self) -> &Engine<C> {
        &self.engine
    }

    /// Time of an input that comes now, and what the stopwatch shows.
    #[inline]
    fn now(&self) -> (i64, i64) {
        let elapsed_ns = self.clock.elapsed_ns();
        (self.clock.at(elapsed_ns), elapsed_ns)
    }
}

impl<C> std::fmt::Debug for Server<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("counts", &self.counts).finish_non_exhaustive()
    }
}

/// Journals what a start means: sessions that a crash cut off, definitions that changed, the day.
fn begin<C: Core>(
    engine: &mut Engine<C>,
    config: &ServerConfig,
    clock: &Clock,
) -> Result<bool, ServerError> {
    let at = || (clock.at(clock.elapsed_ns()), clock.elapsed_ns());
    for port_id in engine.ledger.open.clone() {
        let reason = u16::from(CloseReason::Restarted.raw());
        let closed = SessionClosed { port_id, reason, reserved: 0 };
        let kind = (SessionClosed::KIND, SessionClosed::VERSION);
        engine.input(at(), kind, &closed.encode(), &[])?;
    }
    engine.define(at(), &config.definitions)?;
    let is_new = engine.ledger.day.is_none_or(|day| day.date < config.day.date);
    if is_new {
        if engine.ledger.day.is_some() && !engine.ledger.ended {
            engine.end_day(at(), maintenance::SHELL)?;
            engine.journal.commit()?;
            let committed_seq = engine.committed_seq();
            while engine.release_next(committed_seq).is_some() {}
        }
        engine.start_day(at(), config.day)?;
        engine.open_market(at(), config.phase)?;
    }
    Ok(is_new)
}

/// Opens the doors of order entry.
fn listen(config: &ServerConfig, poll: &Poll) -> Result<Vec<Listener>, ServerError> {
    let mut listeners: Vec<Listener> = Vec::new();
    for port in &config.ports {
        if listeners.iter().any(|known| known.door() == (port.address, port.format)) {
            continue;
        }
        let address = port.address;
        let failed = |source| ServerError::Socket { doing: "listen on", address, source };
        let socket = listening(address).map_err(failed)?;
        poll.add(&socket, LISTENER | listeners.len() as u64).map_err(failed)?;
        listeners.push(Listener { socket, address, format: port.format });
    }
    Ok(listeners)
}

/// A socket that listens and does not block.
pub(crate) fn listening(address: SocketAddr) -> std::io::Result<TcpListener> {
    let domain = if address.is_ipv4() { Domain::IPV4 } else { Domain::IPV6 };
    let socket = Socket::new(domain, Type::STREAM, None)?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(128)?;
    Ok(socket.into())
}

/// The public stream's messages are the last to leave.
impl<C: Core> Server<C> {
    fn publish(&mut self) {
        if self.publishes_more
            && let Some(stream) = self.engine.streams.stream(PUBLIC)
        {
            self.published_ns = self.clock.elapsed_ns();
            self.publishes_more = self.lines.publish(self.published_ns, stream);
            if !self.publishes_more && self.published.is_due() {
                self.published.sent(self.clock.elapsed_ns());
            }
        }
    }
}
