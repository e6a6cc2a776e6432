// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The witness for Python: `onetape witness` starts one and waits.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use onetape_core::continuity::{LeaseTimes, NodeName};
use onetape_io::replica::{ReplicaError, Secret, WitnessOptions, WitnessServer};
use pyo3::prelude::*;

use crate::errors::replica_error;

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
