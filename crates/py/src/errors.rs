// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! The one place where a Rust error becomes a Python exception of `onetape.errors`.

use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyType};

/// An exception of the class `class` in `onetape.errors`.
pub(crate) fn raise(py: Python<'_>, class: &str, code: &str, message: &str, hint: &str) -> PyErr {
    let build = || -> PyResult<PyErr> {
        let class = py.import("onetape.errors")?.getattr(class)?.cast_into::<PyType>()?;
        let keywords = [("code", code), ("hint", hint)].into_py_dict(py)?;
        let value = class.call((message,), Some(&keywords))?;
        Ok(PyErr::from_value(value))
    };
    build().unwrap_or_else(|err| err)
}
