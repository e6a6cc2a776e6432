// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The way into a live engine, for an adapter's process.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use onetape_io::inlet::{InletWriter, Welcome};
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

/// A ring of shared memory that an engine takes entries from.
#[pyclass(frozen, name = "Inlet", module = "onetape._native")]
pub(crate) struct PyInlet(Mutex<InletWriter>);

#[pymethods]
impl PyInlet {
    /// Opens an inlet that an engine has made.
    #[new]
    #[expect(clippy::needless_pass_by_value, reason = "as it comes from Python")]
    fn new(path: PathBuf) -> PyResult<Self> {
        let writer = InletWriter::open(&path);
        writer
            .map(|writer| Self(Mutex::new(writer)))
            .map_err(|err| PyOSError::new_err(format!("{}: {err}", path.display())))
    }

    /// Hands an entry in; False where there is no room, and nothing was handed in.
    fn put(&self, kind: u16, version: u8, body: &[u8]) -> PyResult<bool> {
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match writer.put(kind, version, 0, body, &[]) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
            Err(error) => Err(PyOSError::new_err(error.to_string())),
        }
    }

    /// Says that the process lives, and how far it has followed the journal.
    fn live(&self, followed: u64) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).live(followed);
    }
}

/// Who may come to an inlet: "anybody", "nobody" but whom a person starts, or one "asked for".
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "as it comes from Python")]
fn inlet_welcome(path: PathBuf) -> PyResult<&'static str> {
    match onetape_io::inlet::welcome(&path) {
        Ok(Welcome::Anybody) => Ok("anybody"),
        Ok(Welcome::Nobody) => Ok("nobody"),
        Ok(Welcome::AskedFor) => Ok("asked for"),
        Err(err) => Err(PyOSError::new_err(format!("{}: {err}", path.display()))),
    }
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(inlet_welcome, module)?)?;
    module.add_class::<PyInlet>()
}
