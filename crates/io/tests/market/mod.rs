// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A whole exchange behind real sockets, its clients, and its operator.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses a part of it; a test may panic"
)]

pub(crate) mod listening;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use onetape_core::book::BooksConfig;
use onetape_core::events::{
    ConfigLoaded, FirmDefined, InstrumentDefined, InstrumentRuled, OrderFormat, PortDefined,
    PortKind, StpMode, TickRungDefined,
};
use onetape_core::exchange::MatcherConfig;
use onetape_core::exchange::market::MarketConfig;
use onetape_core::exchange::node::{Exchange, ExchangeConfig};
use onetape_core::wire::soup::{Decoder, LoginRequest, Packet, name_of};
use onetape_io::exchange::{
    Commit, ControlConfig, Day, Definition, GlimpseConfig, PortConfig, Secret, Server,
    ServerConfig, ServerError, Stop,
};
use onetape_io::journal_file::Options;

/// Longest that anything is waited for.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);
/// More than a test sends. A port's state, and every snapshot of it, has room for each of them.
const ORDERS_PER_SECOND_MAX: u32 = 1 << 13;
/// What the instruments are called.
pub(crate) const SYMBOLS: [[u8; 8]; 2] = [*b"ONE     ", *b"TAPE    "];

/// An address of this machine that the system chooses.
pub(crate) fn anywhere() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

/// An exchange without a past.
pub(crate) fn make() -> Exchange {
    let books = BooksConfig { orders_max: 1 << 16, instruments_max: 4, window_levels: 256 };
    let matcher = MatcherConfig {
        books,
        hidden_orders_max: 1 << 12,
        owners_max: 8,
        ..MatcherConfig::default()
    };
    let market = MarketConfig { matcher, specials_max: 1 << 10, owners_max: 8 };
    Exchange::new(ExchangeConfig {
        market,
        ports_max: 8,
        firms_max: 4,
        names_max: 1 << 16,
        trades_max: 1 << 16,
    })
}

fn define(kind: u16, fixed: &[u8], tail: &[u8]) -> Definition {
    Definition { kind, version: 1, body: [fixed, tail].concat() }
}

/// A port with wide limits, of the user of its number.
pub(crate) fn port(port_id: u32, firm_id: u32, kind: PortKind, format: OrderFormat) -> Definition {
    let port = PortDefined {
        order_qty_max: 1 << 30,
        order_notional_max: 1 << 60,
        open_orders_max: 1 << 20,
        orders_per_second_max: ORDERS_PER_SECOND_MAX,
        cancels_per_second_max: ORDERS_PER_SECOND_MAX,
        port_id,
        firm_id,
        collar_bps: 0,
        kind: kind.raw(),
        format: format.raw(),
        cancel_on_disconnect: 0,
        stp_mode: StpMode::Off.raw(),
        stp_by_port: 0,
        duplicates_max: 0,
        post_only_rejects: 0,
        reserved1: 0,
    };
    define(PortDefined::KIND, &port.encode(), format!("user{port_id}").as_bytes())
}

/// Where a port's client comes in.
pub(crate) fn served(id: u32, format: OrderFormat, address: SocketAddr) -> PortConfig {
    let (username, password) = (format!("user{id}"), Secret::new("secret"));
    PortConfig { id, username, password, format, address }
}

/// Two instruments, two firms, three OUCH ports.
pub(crate) fn definitions() -> Vec<Definition> {
    let loaded = ConfigLoaded { schema_version: 1, reserved: 0 };
    let mut all = vec![define(ConfigLoaded::KIND, &loaded.encode(), b"{}")];
    for (at, name) in [b"ALFA", b"BETA"].iter().enumerate() {
        let mut mpid = [0; 8];
        mpid[..4].copy_from_slice(*name);
        let firm = FirmDefined { mpid, firm_id: at as u32 + 1, reserved: 0 };
        all.push(define(FirmDefined::KIND, &firm.encode(), *name));
    }
    for (port_id, firm_id) in [(1, 1), (2, 2), (3, 2)] {
        all.push(port(port_id, firm_id, PortKind::OrderEntry, OrderFormat::Ouch50));
    }
    for (at, symbol) in SYMBOLS.iter().enumerate() {
        let instrument_id = at as u32 + 1;
        let mut padded = [0; 16];
        let name = symbol.trim_ascii_end();
        padded[..name.len()].copy_from_slice(name);
        let instrument = InstrumentDefined {
            symbol: padded,
            currency: *b"USD\0\0\0\0\0",
            tick_e9: 100_000,
            lot_e9: 1_000_000_000,
            multiplier_e9: 1_000_000_000,
            instrument_id,
            venue_code: instrument_id,
        };
        all.push(define(InstrumentDefined::KIND, &instrument.encode(), &[]));
        let (rung, from_price_ticks, increment_ticks) = (0, 100, 100);
        let rung = TickRungDefined { instrument_id, rung, from_price_ticks, increment_ticks };
        all.push(define(TickRungDefined::KIND, &rung.encode(), &[]));
        let rules = InstrumentRuled {
            reference_ticks: 100_000,
            collar_ticks: 0,
            instrument_id,
            band_bps: 0,
            pause_ms: 1_000,
            auction_collar_bps: 0,
            pro_rata: 0,
            reserved1: 0,
            reserved2: 0,
            reserved3: 0,
        };
        all.push(define(InstrumentRuled::KIND, &rules.encode(), &[]));
    }
    all
}

/// The same, with so many orders and cancels a second and port.
pub(crate) fn definitions_for(orders_per_second_max: u32) -> Vec<Definition> {
    let mut all = definitions();
    for port in all.iter_mut().filter(|definition| definition.kind == PortDefined::KIND) {
        let (fixed, name) = port.body.split_at(PortDefined::SIZE);
        let was = PortDefined::decode(fixed).unwrap();
        let cancels_per_second_max = orders_per_second_max;
        let wider = PortDefined { orders_per_second_max, cancels_per_second_max, ..was };
        port.body = [&wider.encode()[..], name].concat();
    }
    all
}

/// How an exchange in `folder` is set up.
pub(crate) fn config(folder: &Path) -> ServerConfig {
    std::fs::create_dir_all(folder).unwrap();
    let mut session = [0; 16];
    session[..4].copy_from_slice(b"DAY1");
    ServerConfig {
        journal: folder.join("journal"),
        options: Options { segment_bytes: 8 << 20, ..Options::default() },
        streams: folder.join("streams"),
        port_bytes_max: 64 << 20,
        itch_bytes_max: 256 << 20,
        rebuild: false,
        commit: Commit::Async,
        day: Day { date: 20_261_120, midnight_ts_ns: 1_763_596_800_000_000_000, session },
        definitions: definitions(),
        ports: (1..=3).map(|id| served(id, OrderFormat::Ouch50, anywhere())).collect(),
        lines: Vec::new(),
        rerequest: None,
        glimpse: Some(GlimpseConfig {
            address: anywhere(),
            users: vec![("viewer".to_owned(), Secret::new("secret"))],
            clients_max: 4,
            orders_max: 1 << 16,
        }),
        control: Some(ControlConfig {
            path: folder.join("control"),
            token_path: folder.join("token"),
            clients_max: 4,
        }),
        tick_ms: 10,
        snapshot_every: Duration::ZERO,
        busy_poll: false,
        connections_max: 16,
        output_bytes_max: 4 << 20,
        stalled_ms: 10_000,
        send_buffer_bytes: 0,
        pending_max: 100_000,
        phase: None,
        wall: onetape_io::exchange::system_clock,
    }
}

/// What is left of an exchange, and how it ended.
type Ended = (Server<Exchange>, Result<(), ServerError>);

/// A running exchange.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    /// Where FIX is spoken, if it is.
    pub(crate) fix: Option<SocketAddr>,
    /// Where each kind of port comes in, that of OUCH 5.0 first.
    pub(crate) addresses: Vec<SocketAddr>,
    pub(crate) rerequest: Option<SocketAddr>,
    pub(crate) glimpse: Option<SocketAddr>,
    stop: Stop,
    thread: Option<JoinHandle<Ended>>,
}

impl Running {
    pub(crate) fn start(config: ServerConfig) -> Self {
        Self::start_with(config, make)
    }

    /// With a core made otherwise.
    pub(crate) fn start_with(config: ServerConfig, make: fn() -> Exchange) -> Self {
        let mut server = Server::start(config, make).unwrap();
        let addresses = server.addresses().unwrap();
        let (address, fix) = (addresses[0], addresses.get(1).copied());
        let (stop, glimpse) = (server.stop(), server.glimpse_address());
        let rerequest = server.rerequest_address();
        let thread = std::thread::spawn(move || {
            let ran = server.run();
            (server, ran)
        });
        Self { address, fix, addresses, rerequest, glimpse, stop, thread: Some(thread) }
    }

    /// Stops it in good order.
    pub(crate) fn stop(mut self) -> Server<Exchange> {
        self.stop.stop();
        let (server, ran) = self.thread.take().unwrap().join().unwrap();
        ran.unwrap();
        server
    }

    /// A client of port `id`, from message `sequence` on.
    pub(crate) fn client(&self, id: u32, sequence: u64) -> Client {
        Client::log_in(self.address, &format!("user{id}"), sequence)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let _the_test_has_failed_already = thread.join();
        }
    }
}

/// A client, message by message.
pub(crate) struct Client {
    pub(crate) socket: TcpStream,
    decoder: Decoder,
    chunk: Vec<u8>,
    at: usize,
}

impl Client {
    pub(crate) fn log_in(address: SocketAddr, user: &str, sequence: u64) -> Self {
        let mut socket = TcpStream::connect(address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.set_nodelay(true).unwrap();
        let mut bytes = Vec::new();
        Packet::LoginRequest(LoginRequest {
            username: name_of(user.as_bytes()),
            password: name_of(b"secret"),
            session: [0; 10],
            sequence,
            timeout_ms: None,
        })
        .encode(&mut bytes);
        socket.write_all(&bytes).unwrap();
        let (decoder, chunk) = (Decoder::new(), Vec::new());
        let mut client = Self { socket, decoder, chunk, at: 0 };
        assert_eq!(client.packet().0, b'A');
        client
    }

    /// Logs out, and waits until the server has noticed.
    pub(crate) fn leave(&mut self) {
        let mut bytes = Vec::new();
        Packet::LogoutRequest.encode(&mut bytes);
        self.socket.write_all(&bytes).unwrap();
        while self.socket.read(&mut [0; 1024]).unwrap() > 0 {}
    }

    pub(crate) fn say(&mut self, message: &[u8]) {
        let mut bytes = Vec::new();
        Packet::Unsequenced(message).encode(&mut bytes);
        self.socket.write_all(&bytes).unwrap();
    }

    /// The next packet that is no heartbeat.
    pub(crate) fn packet(&mut self) -> (u8, Vec<u8>) {
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
                Some(found) => return found,
                None => {}
            }
            self.chunk.resize(64 << 10, 0);
            self.at = 0;
            let count = self.socket.read(&mut self.chunk).unwrap();
            assert!(count > 0, "the connection ended");
            self.chunk.truncate(count);
        }
    }

    /// The next message.
    pub(crate) fn hear(&mut self) -> Vec<u8> {
        let (kind, payload) = self.packet();
        assert_eq!(char::from(kind), 'S');
        payload
    }

    /// Letters of the next messages.
    pub(crate) fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(self.hear()[0])).collect()
    }
}

/// An OUCH 5.0 Enter Order: displayed, good for the day.
pub(crate) fn enter(number: u32, side: u8, qty: u32, symbol: [u8; 8], price: u64) -> Vec<u8> {
    let mut out = vec![b'O'];
    out.extend_from_slice(&number.to_be_bytes());
    out.push(side);
    out.extend_from_slice(&qty.to_be_bytes());
    out.extend_from_slice(&symbol);
    out.extend_from_slice(&price.to_be_bytes());
    out.extend_from_slice(b"0YPNN");
    out.extend_from_slice(b"              ");
    out.extend_from_slice(&[0, 0]);
    out
}

/// An OUCH 5.0 Cancel Order Request of the whole.
pub(crate) fn cancel(number: u32) -> Vec<u8> {
    let mut out = vec![b'X'];
    out.extend_from_slice(&number.to_be_bytes());
    out.extend_from_slice(&0_u32.to_be_bytes());
    out
}

/// An operator, who asks in JSON and is answered in JSON.
pub(crate) struct Operator(UnixStream);

impl Operator {
    pub(crate) fn new(folder: &Path) -> Self {
        let token = std::fs::read_to_string(folder.join("token")).unwrap();
        let socket = UnixStream::connect(folder.join("control")).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut operator = Self(socket);
        let token = token.trim();
        operator.ask(&serde_json::json!({"token": token, "user": "tester"}));
        operator
    }

    /// Asks for something that must succeed.
    pub(crate) fn ask(&mut self, request: &serde_json::Value) -> serde_json::Value {
        let text = request.to_string();
        self.0.write_all(&(text.len() as u32).to_be_bytes()).unwrap();
        self.0.write_all(text.as_bytes()).unwrap();
        let mut length = [0; 4];
        self.0.read_exact(&mut length).unwrap();
        let mut answer = vec![0; u32::from_be_bytes(length) as usize];
        self.0.read_exact(&mut answer).unwrap();
        let answer: serde_json::Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["ok"], true, "{request}: {answer}");
        answer
    }
}
