// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! What both versions of OUCH need for Python: values of fields, and the exceptions.

use super::fields::{bad_value, from_python, to_python};
use super::{Fault, shown};
use crate::errors::raise;
use onetape_core::wire::layout::{FieldLayout, Value};
use onetape_core::wire::ouch::OuchError;
use pyo3::prelude::*;
use pyo3::types::{PyTuple, PyTupleMethods};

const HINT_TYPE: &str = "check the version of OUCH, and who sent it: letters differ by direction";
const HINT_APPENDAGE: &str = "an element is its length (tag and value), its tag, its value";

/// Collects the values that a message shows.
#[derive(Default)]
pub(super) struct Values<'py> {
    values: Vec<Bound<'py, PyAny>>,
    failed: Option<PyErr>,
}

impl<'py> Values<'py> {
    /// Takes one.
    pub(super) fn take(&mut self, py: Python<'py>, field: &FieldLayout, value: Value) {
        match to_python(py, field, value) {
            Ok(value) => self.values.push(value),
            Err(error) => self.failed = Some(error),
        }
    }

    /// All of them.
    pub(super) fn tuple(self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.failed.map_or_else(|| PyTuple::new(py, self.values), Err)
    }
}

/// Gives a message its values one by one.
pub(super) fn giver<'a>(
    code: char,
    values: &'a Bound<'_, PyTuple>,
) -> impl FnMut(&'static FieldLayout) -> PyResult<Value> + 'a {
    let mut place = 0;
    move |field| {
        let item = values.get_item(place);
        place += 1;
        let item = item.map_err(|_| bad_value(values.py(), code, field, "nothing"))?;
        from_python(&item, code, field)
    }
}

/// The exception for a message that no version has.
pub(super) fn no_such(py: Python<'_>, version: &str, what: &str) -> PyErr {
    let message = format!("OUCH {version} has no {what} in this direction");
    raise(py, "WireError", "WIR-005", &message, "see the module's INBOUND and OUTBOUND")
}

/// The exception for bytes at `offset` that are no message.
pub(super) fn ouch_error(py: Python<'_>, error: OuchError, offset: u64) -> PyErr {
    let fault = |code, what, at: usize, expected, found: String, hint| {
        let offset = offset.saturating_add(at as u64);
        Fault { code, what, offset, expected, found, hint }.raise(py)
    };
    let message = |code| format!("OUCH message {}", shown(code));
    let bytes = |count: usize| format!("{count} bytes");
    match error {
        OuchError::Empty => {
            let what = "OUCH message".to_owned();
            fault("WIR-040", what, 0, "a type byte".to_owned(), "nothing".to_owned(), HINT_TYPE)
        }
        OuchError::Length { message_type, expected, found } => {
            let (what, found) = (message(message_type), found.to_string());
            fault("WIR-040", what, 0, bytes(expected), found, HINT_TYPE)
        }
        OuchError::AppendageLength { message_type, offset, expected, found } => {
            let what = format!("{}, appendage", message(message_type));
            fault("WIR-041", what, offset, bytes(expected), found.to_string(), HINT_APPENDAGE)
        }
        OuchError::Element { message_type, offset, expected, found } => {
            let what = format!("{}, element of length {expected}", message(message_type));
            let expected = bytes(expected.max(1));
            fault("WIR-042", what, offset, expected, found.to_string(), HINT_APPENDAGE)
        }
        OuchError::TagLength { message_type, offset, tag, expected, found } => {
            let what = format!("{}, value of tag {tag}", message(message_type));
            fault("WIR-043", what, offset, bytes(expected), found.to_string(), HINT_APPENDAGE)
        }
        OuchError::NoRoom { expected, found } => {
            let message = format!("an OUCH message of {expected} bytes: at most {found} fit");
            raise(py, "WireError", "WIR-044", &message, "append fewer tags")
        }
        _ => crate::errors::unmapped(py, &error),
    }
}
