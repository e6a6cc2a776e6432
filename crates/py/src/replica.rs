// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Witness and standby for Python: they run on threads of their own, and Python waits.

use std::net::ToSocketAddrs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use onetape_core::continuity::{LeaseTimes, NodeName};
use onetape_core::exchange::node::Exchange;
use onetape_io::exchange::{ContinuityConfig, Server, ServerError};
use onetape_io::replica::{
    CommitMode, Company, Control, ReplicaError, Secret, WitnessOptions, WitnessServer, steady_ns,
};
use pyo3::prelude::*;

use crate::errors::{replica_error, server_error};
use crate::exchange_server::{Plain, PyExchangeServer};

/// A witness at work, until it is closed.
#[pyclass(name = "Witness", module = "onetape._native", frozen)]
pub(crate) struct PyWitness {
    server: Mutex<Option<WitnessServer>>,
    address: String,
}

fn named(text: &str) -> Result<NodeName, ReplicaError> {
    NodeName::new(text).ok_or_else(|| ReplicaError::Option {
        what: format!("a name: expected 1 to 16 visible ASCII characters, found {text:?}"),
    })
}

#[pymethods]
impl PyWitness {
    #[new]
    #[pyo3(signature = (folder, listen, cluster, nodes, secret, lease_ms, last_term))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    #[expect(clippy::needless_pass_by_value, reason = "PyO3 hands over what it made")]
    fn new(
        py: Python<'_>,
        folder: PathBuf,
        listen: &str,
        cluster: &str,
        nodes: (String, String),
        secret: PathBuf,
        lease_ms: u32,
        last_term: u64,
    ) -> PyResult<Self> {
        let start = || {
            let wrong = |_| ReplicaError::Option {
                what: format!("listen: expected an address like 127.0.0.1:7400, found {listen:?}"),
            };
            WitnessServer::start(WitnessOptions {
                listen: listen.parse().map_err(wrong)?,
                folder,
                node: named("witness")?,
                cluster: named(cluster)?,
                nodes: [named(&nodes.0)?, named(&nodes.1)?],
                secret: Secret::from_file(&secret)?,
                times: LeaseTimes::of(i64::from(lease_ms) * 1_000_000),
                last_term,
            })
        };
        let server = start().map_err(|err| replica_error(py, &err))?;
        let address = server.address().to_string();
        Ok(Self { server: Mutex::new(Some(server)), address })
    }

    /// Where it listens.
    #[getter]
    fn address(&self) -> &str {
        &self.address
    }

    /// The last term it gave out, to whom, and whether that one releases without its standby.
    fn ballot(&self) -> (u64, String, bool) {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        let ballot = server.as_ref().map(WitnessServer::ballot).unwrap_or_default();
        (ballot.term, ballot.holder.to_string(), ballot.alone)
    }

    /// Whether its disk failed: it answers nobody any more.
    fn is_broken(&self) -> bool {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner);
        server.as_ref().is_some_and(WitnessServer::is_broken)
    }

    /// Ends it.
    fn close(&self, py: Python<'_>) {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(server) = server {
            py.detach(|| server.stop());
        }
    }
}

/// A node's place in a cluster, as Python gives it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct PlainCluster {
    node: String,
    cluster: String,
    secret: PathBuf,
    listen: String,
    peer: String,
    witness: String,
    lease_ms: u32,
    alone_after_ms: i64,
    automatic: bool,
    silence_ms: u64,
    snapshot_entries: u64,
    snapshot_seconds: u64,
    force: bool,
}

impl PlainCluster {
    fn continuity(&self, commit: &str) -> Result<ContinuityConfig, ReplicaError> {
        let listen = self.listen.to_socket_addrs().ok().and_then(|mut all| all.next());
        let wrong = || ReplicaError::Option {
            what: format!("continuity.listen: expected host:port, found {:?}", self.listen),
        };
        let company = u64::try_from(self.alone_after_ms)
            .map_or(Company::Required, |ms| Company::Optional(Duration::from_millis(ms)));
        Ok(ContinuityConfig {
            node: named(&self.node)?,
            cluster: named(&self.cluster)?,
            secret: Secret::from_file(&self.secret)?,
            listen: listen.ok_or_else(wrong)?,
            peer: self.peer.clone(),
            witness: (!self.witness.is_empty()).then(|| self.witness.clone()),
            times: LeaseTimes::of(i64::from(self.lease_ms) * 1_000_000),
            mode: match commit {
                "standby" => CommitMode::Standby,
                "fsync" => CommitMode::Fsync,
                _ => CommitMode::Async,
            },
            company,
            automatic: self.automatic,
            silence: Duration::from_millis(self.silence_ms),
            snapshot_entries: self.snapshot_entries,
            snapshot_pause: Duration::from_secs(self.snapshot_seconds),
            force: self.force,
        })
    }
}

/// A node's place in a cluster; raises with what is wrong with it.
pub(crate) fn cluster_of(
    py: Python<'_>,
    cluster: &Bound<'_, PyAny>,
    commit: &str,
) -> PyResult<ContinuityConfig> {
    let plain: PlainCluster = cluster.extract()?;
    plain.continuity(commit).map_err(|err| replica_error(py, &err))
}

type Followed = Result<Option<Server<Exchange>>, ServerError>;

/// An exchange that follows another, until it is the primary or told to stop.
#[pyclass(frozen, name = "ExchangeStandby", module = "onetape._native")]
pub(crate) struct PyExchangeStandby {
    control: Arc<Control>,
    thread: Mutex<Option<JoinHandle<Followed>>>,
    plain: Plain,
}

#[pymethods]
impl PyExchangeStandby {
    /// Begins to follow.
    #[new]
    fn new(
        py: Python<'_>,
        config: &Bound<'_, PyAny>,
        definitions: Vec<(u16, u8, Vec<u8>)>,
        cluster: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let plain: Plain = config.extract()?;
        let config = plain.server(definitions).map_err(|err| server_error(py, &err))?;
        let cluster = cluster_of(py, cluster, plain.commit())?;
        let (make, control) = (plain.maker(), Arc::new(Control::default()));
        let theirs = Arc::clone(&control);
        let work = move || Server::start_standby(config, &cluster, &theirs, make);
        let thread = std::thread::Builder::new().name("standby".to_owned()).spawn(work)?;
        Ok(Self { control, thread: Mutex::new(Some(thread)), plain })
    }

    /// Waits up to so many seconds for the end of following; whether it has come.
    fn wait(&self, py: Python<'_>, seconds: f64) -> bool {
        py.detach(|| {
            let until = Instant::now() + Duration::from_secs_f64(seconds.clamp(0.0, 3600.0));
            loop {
                let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
                if thread.as_ref().is_none_or(JoinHandle::is_finished) {
                    return true;
                }
                drop(thread);
                if Instant::now() >= until {
                    return false;
                }
                std::thread::sleep(Duration::from_micros(200));
            }
        })
    }

    /// The exchange that it has become, doors open; `None` when it was told to stop. Waits for it.
    fn server(&self, py: Python<'_>) -> PyResult<Option<PyExchangeServer>> {
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return Ok(None) };
        let followed = py.detach(|| thread.join());
        let followed = followed.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let raise = |err: ServerError| server_error(py, &err);
        let Some(server) = followed.map_err(raise)? else { return Ok(None) };
        PyExchangeServer::around(&self.plain, server).map(Some).map_err(raise)
    }

    /// Connected, term, in step, entries received, entries agreed with, the primary's last entry,
    /// and how many nanoseconds ago it was heard, if ever.
    fn status(&self) -> (bool, u64, bool, u64, u64, u64, Option<i64>) {
        let now = self.control.status();
        let heard = (now.heard_ns != 0).then(|| (steady_ns() - now.heard_ns).max(0));
        (now.connected, now.term, now.in_step, now.received, now.applied, now.primary_seq, heard)
    }

    /// What happened since the last call, for people.
    fn notices(&self) -> Vec<String> {
        self.control.notices()
    }

    /// Takes over: a primary that lives is asked to hand over.
    fn take_over(&self) {
        self.control.take_over();
    }

    /// Takes over even if entries may be lost, once nobody holds the lease.
    fn force(&self) {
        self.control.force();
    }

    /// Ends following.
    fn stop(&self) {
        self.control.stop();
    }
}

/// Registers the classes.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyWitness>()?;
    module.add_class::<PyExchangeStandby>()
}
