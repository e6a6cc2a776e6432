// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A listening exchange: what Python configures, Rust runs, on a thread that never enters Python.

use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::Duration;

use onetape_core::book::BooksConfig;
use onetape_core::events::{OrderFormat, Phase};
use onetape_core::exchange::MatcherConfig;
use onetape_core::exchange::market::MarketConfig;
use onetape_core::exchange::node::{Exchange, ExchangeConfig};
use onetape_io::exchange::{
    Board, Commit, ControlConfig, Day, Definition, GlimpseConfig, LineConfig, Notices, PortConfig,
    Secret, Server, ServerConfig, ServerError, Stop, phase_named, system_clock,
};
use onetape_io::huge_pages::touch_at_once;
use onetape_io::journal_file::{Durability, Options};
use pyo3::prelude::*;

use crate::errors::server_error;
use crate::replica::cluster_of;

/// Levels that a book keeps at hand.
const WINDOW_LEVELS: u32 = 1_024;
/// Most bytes of a port's stream in a day, in address space.
const PORT_BYTES_MAX: usize = 8 << 30;
/// Most bytes of the public stream in a day, in address space.
const ITCH_BYTES_MAX: usize = 64 << 30;

/// One port as Python gives it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Port {
    id: u32,
    username: String,
    password: String,
    protocol: String,
    address: String,
}

/// All that Python gives, by key.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Plain {
    folder: PathBuf,
    control: PathBuf,
    token: PathBuf,
    commit: String,
    segment_bytes: usize,
    tick_ms: u32,
    snapshot_minutes: u64,
    busy_poll: bool,
    touch_memory: bool,
    date: u32,
    midnight_ts_ns: i64,
    session: String,
    phase: String,
    ports: Vec<Port>,
    connections_max: usize,
    output_bytes_max: usize,
    stalled_ms: u32,
    lines: Vec<String>,
    interface: String,
    ttl: u32,
    rerequest: String,
    glimpse: String,
    glimpse_users: Vec<(String, String)>,
    limits: Limits,
}

/// How much a market holds, by key.
#[derive(FromPyObject)]
#[expect(clippy::struct_field_names, reason = "as the keys are called")]
#[pyo3(from_item_all)]
pub(crate) struct Limits {
    orders_max: u32,
    hidden_orders_max: u32,
    specials_max: u32,
    names_max: u32,
    trades_max: u32,
    instruments_max: u32,
    ports_max: u32,
    firms_max: u32,
}

pub(crate) fn wrong(what: String) -> ServerError {
    ServerError::Config { what }
}

pub(crate) fn address(key: &str, text: &str) -> Result<SocketAddr, ServerError> {
    let host = text.rsplit_once(':').map_or(text, |(host, _)| host);
    let is_number = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if is_number && host.parse::<Ipv4Addr>().is_err() {
        // The system would make an address of it, but hardly the one that was meant.
        return Err(wrong(format!("{key}: expected an address of four numbers, found {host:?}")));
    }
    let found = text.to_socket_addrs().ok().and_then(|mut all| all.next());
    found.ok_or_else(|| wrong(format!("{key}: expected host:port, found {text:?}")))
}

pub(crate) fn address_if(key: &str, text: &str) -> Result<Option<SocketAddr>, ServerError> {
    if text.is_empty() { Ok(None) } else { address(key, text).map(Some) }
}

fn format(name: &str) -> Result<OrderFormat, ServerError> {
    Ok(match name {
        "ouch50" => OrderFormat::Ouch50,
        "ouch42" => OrderFormat::Ouch42,
        "fix44" => OrderFormat::Fix44,
        "fix50sp2" => OrderFormat::Fix50sp2,
        _ => return Err(wrong(format!("there is no protocol {name:?}"))),
    })
}

fn phase(name: &str) -> Result<Phase, ServerError> {
    phase_named(name).ok_or_else(|| wrong(format!("exchange.phase: there is no phase {name:?}")))
}

impl Plain {
    pub(crate) fn commit(&self) -> &str {
        &self.commit
    }

    /// Makes the core, without a past.
    pub(crate) fn maker(&self) -> impl Fn() -> Exchange + Copy + use<> {
        let (limits, touches) = (self.limits.exchange(), self.touch_memory);
        move || {
            // From here on, for the books of snapshots as well.
            touch_at_once(touches);
            Exchange::new(limits)
        }
    }
}

impl Limits {
    /// A market of this size.
    pub(crate) fn exchange(&self) -> ExchangeConfig {
        let books = BooksConfig {
            orders_max: self.orders_max,
            instruments_max: self.instruments_max,
            window_levels: WINDOW_LEVELS,
        };
        let matcher = MatcherConfig {
            books,
            hidden_orders_max: self.hidden_orders_max,
            owners_max: self.ports_max,
            ..MatcherConfig::default()
        };
        ExchangeConfig {
            market: MarketConfig {
                matcher,
                specials_max: self.specials_max,
                owners_max: self.ports_max,
            },
            ports_max: self.ports_max,
            firms_max: self.firms_max,
            names_max: self.names_max,
            trades_max: self.trades_max,
        }
    }
}

impl Plain {
    fn ports(&self) -> Result<Vec<PortConfig>, ServerError> {
        let port = |port: &Port| {
            Ok(PortConfig {
                id: port.id,
                username: port.username.clone(),
                password: Secret::new(port.password.clone()),
                format: format(&port.protocol)?,
                address: address(&format!("gateway.{}", port.protocol), &port.address)?,
            })
        };
        self.ports.iter().map(port).collect()
    }

    fn lines(&self) -> Result<Vec<LineConfig>, ServerError> {
        let interface: Ipv4Addr = self.interface.parse().map_err(|_| {
            wrong(format!("feed.interface: expected an IPv4 address, found {:?}", self.interface))
        })?;
        let line = |text: &String| {
            let to = address("feed.lines", text)?;
            Ok(LineConfig { to, interface, ttl: self.ttl, loopback: true })
        };
        self.lines.iter().map(line).collect()
    }

    pub(crate) fn server(
        &self,
        definitions: Vec<(u16, u8, Vec<u8>)>,
    ) -> Result<ServerConfig, ServerError> {
        let durability = if self.commit == "fsync" { Durability::Fsync } else { Durability::Async };
        let mut session = [0; 16];
        let length = self.session.len().min(10);
        session[..length].copy_from_slice(&self.session.as_bytes()[..length]);
        let glimpse = address_if("feed.glimpse", &self.glimpse)?.map(|address| GlimpseConfig {
            address,
            users: (self.glimpse_users.iter())
                .map(|(user, word)| (user.clone(), Secret::new(word.clone())))
                .collect(),
            clients_max: 16,
            orders_max: self.limits.orders_max,
        });
        Ok(ServerConfig {
            journal: self.folder.join("journal"),
            options: Options {
                segment_bytes: self.segment_bytes,
                durability,
                ..Options::default()
            },
            streams: self.folder.join("streams"),
            port_bytes_max: PORT_BYTES_MAX,
            itch_bytes_max: ITCH_BYTES_MAX,
            rebuild: false,
            commit: if self.commit == "fsync" { Commit::Fsync } else { Commit::Async },
            day: Day { date: self.date, midnight_ts_ns: self.midnight_ts_ns, session },
            definitions: (definitions.into_iter())
                .map(|(kind, version, body)| Definition { kind, version, body })
                .collect(),
            ports: self.ports()?,
            lines: self.lines()?,
            rerequest: address_if("feed.rerequest", &self.rerequest)?,
            glimpse,
            control: Some(ControlConfig {
                path: self.control.clone(),
                token_path: self.token.clone(),
                clients_max: 16,
            }),
            phase: Some(phase(&self.phase)?),
            wall: system_clock,
            tick_ms: self.tick_ms,
            snapshot_every: Duration::from_secs(60 * self.snapshot_minutes),
            busy_poll: self.busy_poll,
            connections_max: self.connections_max,
            output_bytes_max: self.output_bytes_max,
            stalled_ms: self.stalled_ms,
            send_buffer_bytes: 0,
            pending_max: 1 << 16,
        })
    }
}

impl PyExchangeServer {
    /// Holds an exchange that has come to life.
    pub(crate) fn around(plain: &Plain, server: Server<Exchange>) -> Result<Self, ServerError> {
        let addresses = addresses(plain, &server)?;
        let found = server.recovered();
        let recovered = (found.snapshot_seq, found.entries);
        let stop = server.stop();
        let (board, notices) = (server.engine().streams().board().clone(), server.notices());
        let server = Mutex::new(Some(server));
        Ok(Self { server, stop, addresses, board, notices, recovered })
    }
}

/// An exchange that listens. `run` serves until `stop`, or a signal.
#[pyclass(frozen, name = "ExchangeServer", module = "onetape._native")]
pub(crate) struct PyExchangeServer {
    server: Mutex<Option<Server<Exchange>>>,
    stop: Stop,
    addresses: Vec<(String, String)>,
    board: Board,
    notices: Notices,
    recovered: (u64, u64),
}

#[pymethods]
impl PyExchangeServer {
    /// Brings an exchange to life; raises with what stands in the way.
    #[new]
    #[pyo3(signature = (config, definitions, cluster=None))]
    fn new(
        py: Python<'_>,
        config: &Bound<'_, PyAny>,
        definitions: Vec<(u16, u8, Vec<u8>)>,
        cluster: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let plain: Plain = config.extract()?;
        let raise = |err: ServerError| server_error(py, &err);
        let config = plain.server(definitions).map_err(raise)?;
        let make = plain.maker();
        let cluster = cluster.map(|cluster| cluster_of(py, cluster, plain.commit())).transpose()?;
        let server = py.detach(|| match &cluster {
            Some(cluster) => Server::start_primary(config, cluster, make),
            None => Server::start(config, make),
        });
        Self::around(&plain, server.map_err(raise)?).map_err(raise)
    }
    /// What listens, and where.
    fn addresses(&self) -> Vec<(String, String)> {
        self.addresses.clone()
    }

    /// The day that is on, as yyyymmdd, and whether it has ended.
    fn day(&self) -> Option<(u32, bool)> {
        let today = self.board.today()?;
        Some((today.day.date, today.ended.load(Ordering::Acquire)))
    }

    /// What there is to warn of, since the last call.
    fn notices(&self) -> Vec<String> {
        self.notices.take()
    }

    /// Entry of the snapshot that was taken up (0: none), and entries replayed after it.
    fn recovered(&self) -> (u64, u64) {
        self.recovered
    }

    /// Serves until it is stopped; the interpreter runs meanwhile.
    fn run(&self, py: Python<'_>) -> PyResult<()> {
        let served = py.detach(|| {
            let mut server = self.server.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            server.as_mut().map_or(Ok(()), Server::run)
        });
        served.map_err(|err| server_error(py, &err))
    }

    /// Has `run` return.
    fn stop(&self) {
        self.stop.stop();
    }

    /// Gives back sockets and files.
    fn close(&self, py: Python<'_>) {
        self.stop.stop();
        py.detach(|| {
            let mut server = self.server.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            drop(server.take());
        });
    }
}

fn addresses(
    plain: &Plain,
    server: &Server<Exchange>,
) -> Result<Vec<(String, String)>, ServerError> {
    let mut out: Vec<(String, String)> = Vec::new();
    for (address, format) in server.listening()? {
        out.push((format!("{format:?}").to_lowercase(), address.to_string()));
    }
    for (name, line) in ["A", "B", "C", "D"].iter().zip(&plain.lines) {
        out.push((format!("market data, line {name}"), line.clone()));
    }
    if let Some(address) = server.rerequest_address() {
        out.push(("re-request".to_owned(), address.to_string()));
    }
    if let Some(address) = server.glimpse_address() {
        out.push(("glimpse".to_owned(), address.to_string()));
    }
    out.push(("control".to_owned(), plain.control.display().to_string()));
    Ok(out)
}

/// Registers the class.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyExchangeServer>()
}
