// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A market on the other end of a wire: its ITCH on any line of `MoldUDP64`, our orders by OUCH 5.0.
//!
//! Packets are handed on in order and without a hole: what is missing is asked for again, from the
//! first message of the day. Answers to orders come before market data.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpStream, UdpSocket};
use std::os::fd::AsRawFd;
use std::time::{Duration, Instant};

use onetape_core::events::{
    ClockTicked, OrderFormat, PacketFormat, PacketReceived, VenueMessageReceived,
};
use onetape_core::sim::source::{MarketSource, Progress, SourceError, SourceItem, packet_header};
use onetape_core::types::TsNs;
use onetape_core::wire::mold::{Arrival, Header, PacketKind, SequenceTracker};
use onetape_core::wire::soup::{
    Client, ClientConfig, ClientEvent, LoginRequest, Session, SessionError, State, Version,
};

use crate::exchange::{Clock, system_clock};

/// Longest time without an item: timers go by it.
const TICK_NS: i64 = 10_000_000;
/// How long a login may take.
const LOGIN_TIME: Duration = Duration::from_secs(5);
/// Time between two requests for the same messages.
const REQUEST_NS: i64 = 5_000_000;
/// How long the venue's last words are waited for.
const DRAIN_NS: i64 = 1_000_000_000;
/// Bytes asked of the system for each line's buffer.
const RECEIVE_BYTES: usize = 8 << 20;

/// Where the market is.
#[derive(Clone, Debug)]
pub struct WireConfig {
    /// Order entry, OUCH 5.0 over `SoupBinTCP`.
    pub order_entry: SocketAddr,
    /// Who logs in.
    pub username: String,
    /// With what.
    pub password: String,
    /// Lines of market data: multicast groups, or addresses of our own.
    pub lines: Vec<SocketAddrV4>,
    /// The interface that multicast comes in by.
    pub interface: Ipv4Addr,
    /// Where lost packets are asked for.
    pub rerequest: SocketAddr,
    /// How long to trade.
    pub seconds: u64,
    /// Midnight of the exchange's day, in nanoseconds since the Unix epoch.
    pub midnight_ns: TsNs,
}

/// The market as a source, with a way back.
pub struct WireSource {
    clock: Clock,
    client: Client,
    stream: TcpStream,
    out: Vec<u8>,
    answers: VecDeque<Vec<u8>>,
    answer: Vec<u8>,
    lines: Vec<UdpSocket>,
    rerequest: UdpSocket,
    tracker: SequenceTracker,
    /// The next message that anybody has spoken of.
    known_next: u64,
    requested_ns: i64,
    packet: Vec<u8>,
    packet_head: [u8; PacketReceived::SIZE],
    answer_head: [u8; VenueMessageReceived::SIZE],
    tick: [u8; ClockTicked::SIZE],
    ticks: u64,
    given_ns: i64,
    until_ns: i64,
    is_draining: bool,
    counts: Counts,
    midnight_ns: TsNs,
}

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    packets: u64,
    requests: u64,
    answers: u64,
    bytes: u64,
}

impl WireSource {
    /// Logs in and joins the lines.
    ///
    /// # Errors
    /// What the operating system says; or that the venue refused the login.
    pub fn connect(config: &WireConfig) -> io::Result<Self> {
        let clock = Clock::new(i64::MIN, system_clock);
        let stream = TcpStream::connect_timeout(&config.order_entry, LOGIN_TIME)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let lines = (config.lines.iter())
            .map(|line| join(*line, config.interface))
            .collect::<io::Result<Vec<_>>>()?;
        let rerequest = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        rerequest.connect(config.rerequest)?;
        rerequest.set_nonblocking(true)?;
        let login = login_of(config)?;
        let client =
            Client::new(ClientConfig { version: Version::V300, login }, clock.elapsed_ns());
        let ouch = u16::from(OrderFormat::Ouch50.raw());
        let answer_head = VenueMessageReceived { venue_id: 1, format: ouch, reserved: 0 }.encode();
        let mut source = Self {
            clock,
            client,
            stream,
            out: Vec::new(),
            answers: VecDeque::new(),
            answer: Vec::new(),
            lines,
            rerequest,
            tracker: SequenceTracker::joining(),
            known_next: 1,
            requested_ns: i64::MIN / 2,
            packet: vec![0; 1 << 16],
            packet_head: packet_header(0, PacketFormat::Moldudp64Itch50),
            answer_head,
            tick: [0; ClockTicked::SIZE],
            ticks: 0,
            given_ns: 0,
            until_ns: 0,
            is_draining: false,
            counts: Counts::default(),
            midnight_ns: config.midnight_ns,
        };
        source.log_in()?;
        let seconds = i64::try_from(config.seconds).unwrap_or(i64::MAX / 2_000_000_000);
        source.until_ns = source.clock.elapsed_ns() + seconds * 1_000_000_000;
        Ok(source)
    }

    fn log_in(&mut self) -> io::Result<()> {
        let now_ns = self.clock.elapsed_ns();
        self.client.login(now_ns, &mut self.out).map_err(session_error)?;
        let started = Instant::now();
        while self.client.state() != State::Active {
            self.exchange_bytes()?;
            if started.elapsed() > LOGIN_TIME {
                return Err(ErrorKind::TimedOut.into());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let session = self.client.session().map(|letter| if letter == 0 { b' ' } else { letter });
        self.tracker = SequenceTracker::from_sequence(session, 1);
        // The number of our first order follows from what the port has used today.
        self.send(b"Q");
        Ok(())
    }

    /// Writes what waits and takes in what came from order entry.
    fn exchange_bytes(&mut self) -> io::Result<()> {
        let now_ns = self.clock.elapsed_ns();
        self.client.poll(now_ns, &mut self.out).map_err(session_error)?;
        self.write()?;
        let mut buffer = [0; 4_096];
        loop {
            let length = match self.stream.read(&mut buffer) {
                Ok(0) => return Err(ErrorKind::ConnectionReset.into()),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            };
            self.counts.bytes += length as u64;
            let Self { client, answers, .. } = self;
            let mut refused = None;
            client
                .receive(now_ns, &buffer[..length], &mut |event| match event {
                    ClientEvent::Sequenced { message, .. } => answers.push_back(message.to_vec()),
                    ClientEvent::Rejected { reason } => refused = Some(reason),
                    _ => {}
                })
                .map_err(session_error)?;
            if let Some(reason) = refused {
                let text = format!("the login was refused ({})", char::from(reason));
                return Err(io::Error::new(ErrorKind::PermissionDenied, text));
            }
        }
    }

    fn write(&mut self) -> io::Result<()> {
        while !self.out.is_empty() {
            match self.stream.write(&self.out) {
                Ok(written) => {
                    self.out.drain(..written);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// The next packet that goes on where the last one ended, if one is there: its length.
    fn receive_packet(&mut self) -> io::Result<Option<usize>> {
        for line in 0..=self.lines.len() {
            let socket = self.lines.get(line).unwrap_or(&self.rerequest);
            let length = match socket.recv(&mut self.packet) {
                Ok(length) => length,
                Err(error) if is_quiet(&error) => continue,
                Err(error) => return Err(error),
            };
            let Ok(header) = Header::decode(&self.packet[..length]) else { continue };
            let next = header.sequence.saturating_add(u64::from(header.messages_count()));
            self.known_next = self.known_next.max(next);
            let arrival = self.tracker.observe(&header);
            let is_news = matches!(arrival, Arrival::Deliver { .. });
            if is_news && header.kind() == PacketKind::Messages {
                self.counts.packets += 1;
                self.counts.bytes += length as u64;
                self.requested_ns = i64::MIN / 2;
                return Ok(Some(length));
            }
        }
        self.ask_again()?;
        Ok(None)
    }

    /// Asks for what is missing, unless that was done just now.
    fn ask_again(&mut self) -> io::Result<()> {
        let next = self.tracker.next().unwrap_or(1);
        let now_ns = self.clock.elapsed_ns();
        if next >= self.known_next || now_ns - self.requested_ns < REQUEST_NS {
            return Ok(());
        }
        if let Some(request) = self.tracker.request(self.known_next - next, u16::MAX - 1) {
            self.requested_ns = now_ns;
            self.counts.requests += 1;
            match self.rerequest.send(&request.encode()) {
                Ok(_) => {}
                Err(error) if is_quiet(&error) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Sleeps until something comes, a millisecond at most.
    fn rest(&self) {
        let descriptor = |fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
        let mut all =
            vec![descriptor(self.stream.as_raw_fd()), descriptor(self.rerequest.as_raw_fd())];
        all.extend(self.lines.iter().map(|line| descriptor(line.as_raw_fd())));
        let count = all.len() as libc::nfds_t;
        // SAFETY: `all` holds `count` descriptors, open as long as `self`, for the whole call.
        let _found = unsafe { libc::poll(all.as_mut_ptr(), count, 1) };
    }

    /// What there is to give, and its time.
    fn look(&mut self) -> io::Result<Option<(i64, Found)>> {
        loop {
            let now_ns = self.clock.elapsed_ns();
            if self.answers.is_empty() {
                self.exchange_bytes()?;
            }
            let ts_ns = self.clock.at(now_ns);
            if let Some(answer) = self.answers.pop_front() {
                self.answer = answer;
                self.counts.answers += 1;
                return Ok(Some((ts_ns, Found::Answer)));
            }
            if now_ns >= self.until_ns {
                if !self.is_draining {
                    self.is_draining = true;
                    self.until_ns = now_ns + DRAIN_NS;
                }
                return Ok(None);
            }
            if let Some(length) = self.receive_packet()? {
                return Ok(Some((ts_ns, Found::Packet(length))));
            }
            if now_ns - self.given_ns >= TICK_NS {
                self.ticks += 1;
                self.tick = ClockTicked { tick: self.ticks }.encode();
                return Ok(Some((ts_ns, Found::Tick)));
            }
            self.rest();
        }
    }
}

/// What a look found.
enum Found {
    Answer,
    Packet(usize),
    Tick,
}

impl MarketSource for WireSource {
    fn next(&mut self) -> Result<Option<SourceItem<'_>>, SourceError> {
        let found = self.look().map_err(|error| SourceError::Io {
            at: self.counts.bytes,
            os_error: error.raw_os_error().unwrap_or(0),
        })?;
        let Some((ts_ns, found)) = found else { return Ok(None) };
        self.given_ns = self.clock.elapsed_ns();
        Ok(Some(match found {
            Found::Answer => SourceItem {
                ts_ns,
                kind: VenueMessageReceived::KIND,
                version: VenueMessageReceived::VERSION,
                fixed: &self.answer_head,
                tail: &self.answer,
            },
            Found::Packet(length) => SourceItem {
                ts_ns,
                kind: PacketReceived::KIND,
                version: PacketReceived::VERSION,
                fixed: &self.packet_head,
                tail: &self.packet[..length],
            },
            Found::Tick => SourceItem {
                ts_ns,
                kind: ClockTicked::KIND,
                version: ClockTicked::VERSION,
                fixed: &self.tick,
                tail: &[],
            },
        }))
    }

    fn send(&mut self, message: &[u8]) {
        let now_ns = self.clock.elapsed_ns();
        // A session that is over, or a connection that is gone, shows itself at the next look.
        let _said = self.client.send_unsequenced(now_ns, message, &mut self.out);
        let _written = self.write();
    }

    fn progress(&self) -> Progress {
        Progress { bytes_done: self.counts.bytes, bytes_total: None }
    }

    fn midnight_ns(&self) -> Option<TsNs> {
        Some(self.midnight_ns)
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        let Counts { packets, requests, answers, .. } = self.counts;
        vec![
            ("packets of market data", packets),
            ("requests for lost packets", requests),
            ("answers of the venue", answers),
        ]
    }
}

fn session_error(error: SessionError) -> io::Error {
    io::Error::other(format!("the session with the venue ended: {error:?}"))
}

/// The login: the present session, from its next message on.
fn login_of(config: &WireConfig) -> io::Result<LoginRequest> {
    let mut login = LoginRequest {
        username: [0; 6],
        password: [0; 10],
        session: Session::default(),
        sequence: u64::MAX,
        timeout_ms: None,
    };
    for (to, from, what) in [
        (&mut login.username[..], config.username.as_bytes(), "a username of at most 6"),
        (&mut login.password[..], config.password.as_bytes(), "a password of at most 10"),
    ] {
        let Some(place) = to.get_mut(..from.len()) else {
            let text = format!("expected {what} characters");
            return Err(io::Error::new(ErrorKind::InvalidInput, text));
        };
        place.copy_from_slice(from);
    }
    Ok(login)
}

/// Whether an error of a socket says only that nothing is there (yet).
fn is_quiet(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::ConnectionRefused)
}

/// Joins a line.
fn join(line: SocketAddrV4, interface: Ipv4Addr) -> io::Result<UdpSocket> {
    use socket2::{Domain, Protocol, Socket, Type};
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, Some(Protocol::UDP))?;
    socket.set_reuse_address(true)?;
    // The system gives less than this where its limit is lower; losses are asked for again.
    let _granted = socket.set_recv_buffer_size(RECEIVE_BYTES);
    socket.bind(&line.into())?;
    if line.ip().is_multicast() {
        socket.join_multicast_v4(line.ip(), &interface)?;
    }
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}
