// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! A live node's engine: what Python configures, Rust runs, on a thread that never enters Python.

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use onetape_core::book::BooksConfig;
use onetape_core::events::{FeedRule, RuleAction};
use onetape_core::feed::Rules;
use onetape_core::live::NodeConfig;
use onetape_io::exchange::{ControlConfig, Definition, Notices, Secret, ServerError};
use onetape_io::feed_lines::{FeedConfig, SnapshotConfig};
use onetape_io::journal_file::{Durability, Options};
use onetape_io::live::{
    Engine, Errand, Errands, Faults, LiveConfig, OuchConfig, PulseReader, Stop, StrategyConfig,
    TriggerConfig, VenueWire,
};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::compiled::{Limits as CallLimits, raised, strategy_of};
use crate::errors::server_error;
use crate::exchange_server::{address, address_if, wrong};

/// Levels that a book keeps at hand.
const WINDOW_LEVELS: u32 = 1_024;

/// The node's limits, by key.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Limits {
    orders_max: u32,
    instruments_max: u32,
    venues_max: u32,
    strategies_max: u32,
    own_orders_max: u32,
    midnight_ns: i64,
    /// Rules of market data: number, limit, number of the action.
    rules: Vec<(u8, i64, u8)>,
}

impl Limits {
    pub(crate) fn node(&self) -> Result<NodeConfig, ServerError> {
        let books = BooksConfig {
            orders_max: self.orders_max,
            instruments_max: self.instruments_max,
            window_levels: WINDOW_LEVELS,
        };
        Ok(NodeConfig {
            books,
            venues_max: self.venues_max,
            strategies_max: self.strategies_max,
            own_orders_max: self.own_orders_max,
            midnight_ns: self.midnight_ns,
            rules: self.rules()?,
        })
    }

    fn rules(&self) -> Result<Rules, ServerError> {
        let mut rules = Rules::none();
        for &(rule, limit, action) in &self.rules {
            let known = FeedRule::from_raw(rule).zip(RuleAction::from_raw(action));
            let (rule, action) = known.ok_or_else(|| {
                wrong(format!("live.market_data: expected a rule, found {rule} with {action}"))
            })?;
            rules = rules.with(rule, limit, action);
        }
        match rules.unsound() {
            None => Ok(rules),
            Some(rule) => Err(wrong(format!(
                "live.market_data: nobody knows what would be right where the rule {rule:?} is \
                 broken, so it cannot be corrected: quarantined, halted or off"
            ))),
        }
    }
}

/// How a venue's lines are listened to, by key.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct FeedLimits {
    receive_bytes: usize,
    busy_poll_us: u32,
    batch_packets: usize,
    packet_bytes_max: usize,
    held_packets_max: u32,
    gap_messages_max: u64,
    leap_messages_max: u64,
    skew_us: i64,
    request_messages_max: u16,
    request_gap_us: i64,
    retry_ms: i64,
    retry_ms_max: i64,
    requests_max: u32,
    silence_ms: i64,
    session_silence_ms: i64,
    snapshot_silence_ms: i64,
    snapshot_retry_ms: i64,
    report_ms: i64,
}

/// One venue, by key. Empty texts are not there.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Venue {
    id: u32,
    name: String,
    order_entry: String,
    username: String,
    password: String,
    lines: Vec<String>,
    interface: String,
    rerequest: String,
    glimpse: String,
    glimpse_username: String,
    glimpse_password: String,
    feed: FeedLimits,
    has_drop_copy: bool,
}

/// One strategy, by key.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Strategy {
    id: u32,
    name: String,
    code_hash: u64,
    silence_ms_max: i64,
    symbols: Vec<String>,
    is_inline: bool,
}

/// All that Python gives, by key.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct Plain {
    journal: PathBuf,
    fsync: bool,
    segment_bytes: usize,
    shared: PathBuf,
    inlet_bytes: usize,
    config_json: String,
    limits: Limits,
    midnights_ns: Vec<i64>,
    snapshot_entries: u64,
    venues: Vec<Venue>,
    strategies: Vec<Strategy>,
    control: PathBuf,
    token: PathBuf,
    kill_file: Option<PathBuf>,
    guardian_file: Option<PathBuf>,
    operator_silence_ms_max: i64,
    busy_poll: bool,
}

impl Venue {
    fn key(&self, key: &str) -> String {
        format!("live.venues.{}.{key}", self.name)
    }

    fn wire(&self, midnights_ns: &[i64]) -> Result<VenueWire, ServerError> {
        let orders = address_if(&self.key("order_entry"), &self.order_entry)?;
        let orders = orders.map(|address| OuchConfig {
            address,
            username: self.username.clone(),
            password: Secret::new(self.password.clone()),
        });
        let feed = if self.lines.is_empty() { None } else { Some(self.feed(midnights_ns)?) };
        let (id, name, has_drop_copy) = (self.id, self.name.clone(), self.has_drop_copy);
        Ok(VenueWire { id, name, orders, feed, has_drop_copy })
    }

    fn feed(&self, midnights_ns: &[i64]) -> Result<FeedConfig, ServerError> {
        let key = self.key("interface");
        let interface: Ipv4Addr = (self.interface.parse()).map_err(|_| {
            wrong(format!("{key}: expected an IPv4 address, found {:?}", self.interface))
        })?;
        let key = self.key("lines");
        let line = |text: &String| -> Result<SocketAddrV4, ServerError> {
            match address(&key, text)? {
                SocketAddr::V4(line) => Ok(line),
                SocketAddr::V6(_) => Err(wrong(format!("{key}: expected IPv4, found {text:?}"))),
            }
        };
        let snapshot = address_if(&self.key("glimpse"), &self.glimpse)?;
        let limits = &self.feed;
        let ms = |count: i64| count.saturating_mul(1_000_000);
        Ok(FeedConfig {
            feed_id: self.id as u16 - 1,
            lines: self.lines.iter().map(line).collect::<Result<_, _>>()?,
            interface,
            rerequest: address_if(&self.key("rerequest"), &self.rerequest)?.into_iter().collect(),
            snapshot: snapshot.map(|address| SnapshotConfig {
                address,
                username: self.glimpse_username.clone(),
                password: Secret::new(self.glimpse_password.clone()),
            }),
            midnights_ns: midnights_ns.to_vec(),
            receive_bytes: limits.receive_bytes,
            busy_poll_us: limits.busy_poll_us,
            batch_packets: limits.batch_packets,
            packet_bytes_max: limits.packet_bytes_max,
            held_packets_max: limits.held_packets_max,
            gap_messages_max: limits.gap_messages_max,
            leap_messages_max: limits.leap_messages_max,
            skew_ns: limits.skew_us.saturating_mul(1_000),
            request_messages_max: limits.request_messages_max,
            request_gap_ns: limits.request_gap_us.saturating_mul(1_000),
            retry_ns: ms(limits.retry_ms),
            retry_ns_max: ms(limits.retry_ms_max),
            requests_max: limits.requests_max,
            silence_ns: ms(limits.silence_ms),
            session_silence_ns: ms(limits.session_silence_ms),
            snapshot_silence_ns: ms(limits.snapshot_silence_ms),
            snapshot_retry_ns: ms(limits.snapshot_retry_ms),
            report_ns: ms(limits.report_ms),
            resume: None,
        })
    }
}

impl Plain {
    fn config(self, definitions: Vec<(u16, u8, Vec<u8>)>) -> Result<LiveConfig, ServerError> {
        let midnights_ns = self.midnights_ns;
        let durability = if self.fsync { Durability::Fsync } else { Durability::Async };
        let strategy = |strategy: Strategy| StrategyConfig {
            id: strategy.id,
            name: strategy.name,
            code_hash: strategy.code_hash,
            symbols: strategy.symbols,
            is_inline: strategy.is_inline,
            silence_ns_max: strategy.silence_ms_max.saturating_mul(1_000_000),
        };
        Ok(LiveConfig {
            journal: self.journal,
            journal_options: Options {
                segment_bytes: self.segment_bytes,
                durability,
                ..Options::default()
            },
            shared: self.shared,
            inlet_bytes: self.inlet_bytes,
            config_json: self.config_json,
            definitions: defined(definitions),
            node: self.limits.node()?,
            venues: (self.venues.iter())
                .map(|venue| venue.wire(&midnights_ns))
                .collect::<Result<_, _>>()?,
            midnights_ns,
            snapshot_entries: self.snapshot_entries,
            strategies: self.strategies.into_iter().map(strategy).collect(),
            control: ControlConfig { path: self.control, token_path: self.token, clients_max: 16 },
            triggers: TriggerConfig {
                kill_file: self.kill_file,
                guardian_file: self.guardian_file,
                operator_silence_ns_max: self.operator_silence_ms_max.saturating_mul(1_000_000),
            },
            busy_poll: self.busy_poll,
        })
    }
}

/// Asks Python what is to be defined where a journal goes on with another configuration; what it
/// raises goes to `refused`.
fn judged<'a>(
    judge: &'a Py<PyAny>,
    refused: &'a mut Option<PyErr>,
) -> impl FnMut(&[u8]) -> Result<Vec<Definition>, ServerError> + 'a {
    move |before| {
        let asked = Python::attach(|py| {
            let found = judge.call1(py, (PyBytes::new(py, before),))?;
            found.extract::<Vec<(u16, u8, Vec<u8>)>>(py)
        });
        match asked {
            Ok(found) => Ok(defined(found)),
            Err(error) => {
                *refused = Some(error);
                Err(wrong("the configuration was refused".to_owned()))
            }
        }
    }
}

/// Definitions as Python gives them.
fn defined(given: Vec<(u16, u8, Vec<u8>)>) -> Vec<Definition> {
    let all = given.into_iter();
    all.map(|(kind, version, body)| Definition { kind, version, body }).collect()
}

/// A live node's engine. `run` turns until `stop`, or a signal.
#[pyclass(frozen, module = "onetape._native")]
pub(crate) struct LiveEngine {
    engine: Mutex<Option<Engine>>,
    stop: Stop,
    notices: Notices,
    faults: Faults,
    recovered: u64,
    errands: Errands,
    limits: (u32, u32),
    /// Compiled code of strategies on the engine's thread: it stays as long as the engine.
    codes: Mutex<Vec<Py<PyAny>>>,
}

#[pymethods]
impl LiveEngine {
    /// Brings a node to life; raises with what stands in the way.
    #[new]
    fn new(
        py: Python<'_>,
        config: &Bound<'_, PyAny>,
        definitions: Vec<(u16, u8, Vec<u8>)>,
        judge: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let plain: Plain = config.extract()?;
        let raise = |err: ServerError| server_error(py, &err);
        let limits = (plain.limits.instruments_max, plain.limits.own_orders_max);
        let config = plain.config(definitions).map_err(raise)?;
        let (judge, mut refused) = (judge.clone().unbind(), None);
        let engine = py.detach(|| Engine::start(config, &mut judged(&judge, &mut refused)));
        if let Some(refused) = refused {
            return Err(refused);
        }
        let engine = engine.map_err(raise)?;
        let (stop, notices, faults) = (engine.stop_handle(), engine.notices(), engine.faults());
        let (recovered, errands) = (engine.recovered(), engine.errands());
        let (engine, codes) = (Mutex::new(Some(engine)), Mutex::new(Vec::new()));
        Ok(Self { engine, stop, notices, faults, recovered, errands, limits, codes })
    }

    /// Entries that its journal held already.
    #[getter]
    fn recovered(&self) -> u64 {
        self.recovered
    }

    /// What there is to warn of, since the last call.
    fn notices(&self) -> Vec<String> {
        self.notices.take()
    }

    /// What failed in strategies on the engine's thread since the last call: the strategy's id, and
    /// the exception.
    fn faults(&self, py: Python<'_>) -> Vec<(u32, PyErr)> {
        self.faults.take().into_iter().map(|(id, fault)| (id, raised(py, fault))).collect()
    }

    /// Has a compiled strategy be called on the engine's thread; before `run`.
    fn place_inline(&self, id: u32, code: &Bound<'_, PyAny>) -> PyResult<()> {
        let (instruments_max, orders_max) = self.limits;
        let strategy = strategy_of(code, id, CallLimits { instruments_max, orders_max })?;
        let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = engine.as_mut() {
            engine.place_inline(id, Box::new(strategy));
        }
        self.codes.lock().unwrap_or_else(PoisonError::into_inner).push(code.clone().unbind());
        Ok(())
    }

    /// The next limit file that is to be verified, if somebody wants one in force.
    fn errand(&self) -> Option<LiveErrand> {
        let errand = self.errands.take()?;
        let (user, path, in_force) = (errand.user.clone(), errand.path.clone(), errand.in_force);
        let (errands, errand) = (self.errands.clone(), Mutex::new(Some(errand)));
        Some(LiveErrand { errands, errand, user, path, in_force })
    }

    /// Turns until it is stopped; the interpreter runs meanwhile.
    fn run(&self, py: Python<'_>) -> PyResult<()> {
        let ran = py.detach(|| {
            let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
            engine.as_mut().map_or(Ok(()), Engine::run)
        });
        ran.map_err(|err| server_error(py, &err))
    }

    /// Has `run` return: strategies stop, their orders are cancelled, sessions end.
    fn stop(&self) {
        self.stop.stop();
    }

    /// Gives back sockets and files.
    fn close(&self, py: Python<'_>) {
        self.stop.stop();
        py.detach(|| {
            let mut engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
            drop(engine.take());
        });
    }
}

/// A limit file that an operator wants in force: to be verified, and then taken or refused.
#[pyclass(frozen, module = "onetape._native")]
pub(crate) struct LiveErrand {
    errands: Errands,
    errand: Mutex<Option<Errand>>,
    user: String,
    path: String,
    in_force: (u64, u64),
}

#[pymethods]
impl LiveErrand {
    /// Who asks.
    #[getter]
    fn user(&self) -> &str {
        &self.user
    }

    /// The file.
    #[getter]
    fn path(&self) -> &str {
        &self.path
    }

    /// Version and hash of the set in force.
    #[getter]
    fn in_force(&self) -> (u64, u64) {
        self.in_force
    }

    /// It was verified: the body of its `LimitsTaken`.
    fn take(&self, body: Vec<u8>) {
        if let Some(errand) = self.once() {
            self.errands.verified(errand, body);
        }
    }

    /// It is not to come into force, and why.
    fn refuse(&self, why: &str) {
        if let Some(errand) = self.once() {
            self.errands.refuse(&errand, why);
        }
    }
}

impl LiveErrand {
    fn once(&self) -> Option<Errand> {
        self.errand.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Watches that an engine turns.
#[pyclass(frozen, module = "onetape._native")]
pub(crate) struct EnginePulse(PulseReader);

#[pymethods]
impl EnginePulse {
    /// Opens the pulse that an engine has made.
    #[new]
    #[expect(clippy::needless_pass_by_value, reason = "as it comes from Python")]
    fn new(path: PathBuf) -> PyResult<Self> {
        let reader = PulseReader::open(&path);
        reader.map(Self).map_err(|err| PyOSError::new_err(format!("{}: {err}", path.display())))
    }

    /// Turns so far.
    #[getter]
    fn turns(&self) -> u64 {
        self.0.turns()
    }

    /// Sequence number of the journal's last entry.
    #[getter]
    fn last_seq(&self) -> u64 {
        self.0.last_seq()
    }

    /// The engine's process.
    #[getter]
    fn process(&self) -> u32 {
        self.0.process()
    }

    /// Whether it ended in an orderly way.
    #[getter]
    fn has_ended(&self) -> bool {
        self.0.has_ended()
    }
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<LiveEngine>()?;
    module.add_class::<LiveErrand>()?;
    module.add_class::<EnginePulse>()
}
