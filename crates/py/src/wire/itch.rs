// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! ITCH 5.0 for Python.

use super::fields::{LayoutTuple, bad_value, from_python, layout_tuple, to_python};
use super::{Fault, shown};
use crate::errors::raise;
use onetape_core::wire::itch::{
    FieldLayout, FileFrames, Frame, FrameError, ItchError, LAYOUTS, Message, encode_values,
};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

const HINT_CUT: &str = "the file or packet is cut short or damaged: get it again";
const HINT_TYPE: &str = "check that this is ITCH 5.0, and not another version or format";

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(itch_layouts, module)?)?;
    module.add_function(wrap_pyfunction!(itch_decode, module)?)?;
    module.add_function(wrap_pyfunction!(itch_encode, module)?)?;
    module.add_function(wrap_pyfunction!(itch_rows, module)?)?;
    module.add_class::<ItchFrames>()
}

/// Every message: type, name, meaning, length, and its fields after the type byte.
#[pyfunction]
fn itch_layouts() -> Vec<LayoutTuple> {
    LAYOUTS.iter().map(layout_tuple).collect()
}

/// One message's type and values; no values (`None`) when its type is not known.
#[pyfunction]
fn itch_decode<'py>(
    py: Python<'py>,
    data: &[u8],
    offset: u64,
) -> PyResult<(char, Option<Bound<'py, PyTuple>>)> {
    let message = Message::decode(data).map_err(|error| itch_error(py, error, offset))?;
    let code = char::from(data[0]);
    if let Message::Unknown(_) = message {
        return Ok((code, None));
    }
    let mut values = Vec::new();
    let mut failed = None;
    message.each_value(&mut |field, value| match to_python(py, field, value) {
        Ok(value) => values.push(value),
        Err(error) => failed = Some(error),
    });
    failed.map_or_else(|| Ok((code, Some(PyTuple::new(py, values)?))), Err)
}

/// A message of type `code` with these values, in the order of its layout.
#[pyfunction]
fn itch_encode<'py>(
    py: Python<'py>,
    code: char,
    values: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut out = Vec::new();
    let mut items = values.iter();
    let mut next = |field: &'static FieldLayout| {
        let item = items.next().ok_or_else(|| bad_value(py, code, field, "nothing"))?;
        from_python(&item, code, field)
    };
    let type_byte = u8::try_from(u32::from(code)).unwrap_or(0);
    if encode_values(type_byte, &mut next, &mut out)? {
        return Ok(PyBytes::new(py, &out));
    }
    let message = format!("ITCH 5.0 has no message of type {code:?}");
    Err(raise(py, "WireError", "WIR-005", &message, "see onetape.wire.itch.LAYOUTS for the types"))
}

/// A file's messages as rows by type, and the others as (index, offset, length) under `?`.
#[pyfunction]
fn itch_rows<'py>(py: Python<'py>, data: &[u8], strict: bool) -> PyResult<Bound<'py, PyDict>> {
    let mut rows: Vec<Vec<u8>> = vec![Vec::new(); LAYOUTS.len()];
    let mut others = Vec::new();
    let mut frames = FileFrames::last_block(data, 0);
    let mut index = 0_u64;
    while let Some(frame) = frames.next() {
        let message = match frame {
            Ok(Frame::Message(message)) => message,
            Ok(Frame::EndOfSession) => continue,
            Err(error) if strict => return Err(frame_error(py, error)),
            Err(_) => break,
        };
        let offset = frames.offset() - message.len() as u64;
        match Message::decode(message) {
            Ok(known) if !matches!(known, Message::Unknown(_)) => {
                let place = LAYOUTS.iter().position(|l| l.message_type == message[0]);
                let place = place.expect("a known type has a layout");
                LAYOUTS[place].append_row(index, message, &mut rows[place]);
            }
            Err(error) if strict => return Err(itch_error(py, error, offset)),
            _ => [index, offset, message.len() as u64]
                .iter()
                .for_each(|word| others.extend_from_slice(&word.to_le_bytes())),
        }
        index += 1;
    }
    let out = PyDict::new(py);
    for (layout, rows) in LAYOUTS.iter().zip(&rows) {
        out.set_item(char::from(layout.message_type), PyBytes::new(py, rows))?;
    }
    out.set_item('?', PyBytes::new(py, &others))?;
    Ok(out)
}

/// The records of a block of a file: (offset, message), the message `None` at a session's end.
#[pyclass(module = "onetape._native")]
struct ItchFrames {
    data: Py<PyBytes>,
    block_offset: u64,
    is_last: bool,
    consumed: usize,
}

#[pymethods]
impl ItchFrames {
    #[new]
    fn new(data: Py<PyBytes>, block_offset: u64, is_last: bool) -> Self {
        Self { data, block_offset, is_last, consumed: 0 }
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__<'py>(
        &mut self,
        py: Python<'py>,
    ) -> PyResult<Option<(u64, Option<Bound<'py, PyBytes>>)>> {
        let rest = &self.data.as_bytes(py)[self.consumed..];
        let offset = self.block_offset.saturating_add(self.consumed as u64);
        let mut frames = if self.is_last {
            FileFrames::last_block(rest, offset)
        } else {
            FileFrames::block(rest, offset)
        };
        let frame = frames.next();
        let consumed = frames.consumed();
        let out = match frame {
            None => None,
            Some(Ok(Frame::EndOfSession)) => Some((offset, None)),
            Some(Ok(Frame::Message(message))) => {
                let skipped = (consumed - message.len()) as u64;
                Some((offset.saturating_add(skipped), Some(PyBytes::new(py, message))))
            }
            Some(Err(error)) => return Err(frame_error(py, error)),
        };
        self.consumed += consumed;
        Ok(out)
    }

    /// Bytes of the block that were read: where the next block must start.
    #[getter]
    const fn consumed(&self) -> usize {
        self.consumed
    }
}

/// The exception for a message at `offset`.
fn itch_error(py: Python<'_>, error: ItchError, offset: u64) -> PyErr {
    match error {
        ItchError::Length { message_type, expected, found } => Fault {
            code: "WIR-001",
            what: format!("ITCH message {}", shown(message_type)),
            offset,
            expected: format!("{expected} bytes"),
            found: format!("{found}"),
            hint: HINT_TYPE,
        },
        ItchError::Value { message_type, offset: at, found } => Fault {
            code: "WIR-002",
            what: format!("ITCH message {}", shown(message_type)),
            offset: offset.saturating_add(at as u64),
            expected: "a value of its specification".to_owned(),
            found: shown(found),
            hint: HINT_TYPE,
        },
        ItchError::Empty | _ => Fault {
            code: "WIR-001",
            what: "ITCH message".to_owned(),
            offset,
            expected: "a type byte".to_owned(),
            found: "nothing".to_owned(),
            hint: HINT_CUT,
        },
    }
    .raise(py)
}

/// The exception for a file.
fn frame_error(py: Python<'_>, error: FrameError) -> PyErr {
    match error {
        FrameError::UnknownLength { offset, found } => Fault {
            code: "WIR-004",
            what: "record with a length of zero".to_owned(),
            offset,
            expected: "a message type or another length".to_owned(),
            found: shown(found),
            hint: HINT_TYPE,
        },
        FrameError::Truncated { offset, expected, found } => Fault {
            code: "WIR-003",
            what: "the file ends inside a record".to_owned(),
            offset,
            expected: format!("{expected} bytes"),
            found: format!("{found}"),
            hint: HINT_CUT,
        },
        _ => Fault {
            code: "WIR-003",
            what: "the file cannot be read".to_owned(),
            offset: 0,
            expected: "records".to_owned(),
            found: format!("{error:?}"),
            hint: HINT_CUT,
        },
    }
    .raise(py)
}
