// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! OUCH 4.2 for Python. A message is known by its name: a type may have two lengths.

use super::fields::{LayoutTuple, layout_tuple};
use super::ouch::{Values, giver, no_such, ouch_error};
use onetape_core::wire::ouch42::{MESSAGE_BYTES_MAX, inbound, outbound};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyTuple};

pub(super) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(ouch42_layouts, module)?)?;
    module.add_function(wrap_pyfunction!(ouch42_decode, module)?)?;
    module.add_function(wrap_pyfunction!(ouch42_encode, module)?)
}

/// Every message from the client or to it: type, name, meaning, length, and its fields.
#[pyfunction]
fn ouch42_layouts(is_inbound: bool) -> Vec<LayoutTuple> {
    let layouts = if is_inbound { inbound::LAYOUTS } else { outbound::LAYOUTS };
    layouts.iter().map(layout_tuple).collect()
}

type Decoded<'py> = (&'static str, Bound<'py, PyTuple>);

/// One message's name and values; no name when its type is not known.
#[pyfunction]
fn ouch42_decode<'py>(
    py: Python<'py>,
    data: &[u8],
    is_inbound: bool,
    offset: u64,
) -> PyResult<Decoded<'py>> {
    let refused = |error| ouch_error(py, error, offset);
    let mut values = Values::default();
    let mut take = |field: &'static _, value| values.take(py, field, value);
    let name = if is_inbound {
        let message = inbound::Message::decode(data).map_err(refused)?;
        message.each_value(&mut take);
        message.name()
    } else {
        let message = outbound::Message::decode(data).map_err(refused)?;
        message.each_value(&mut take);
        message.name()
    };
    Ok((name, values.tuple(py)?))
}

/// The message called `name`, of type `code`, with these values in the order of its layout.
#[pyfunction]
fn ouch42_encode<'py>(
    py: Python<'py>,
    name: &str,
    code: char,
    is_inbound: bool,
    values: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut out = [0; MESSAGE_BYTES_MAX];
    let mut next = giver(code, values);
    let length = if is_inbound {
        inbound::encode_values(name, &mut next, &mut out)?
    } else {
        outbound::encode_values(name, &mut next, &mut out)?
    };
    let length = length.ok_or_else(|| no_such(py, "4.2", name))?;
    Ok(PyBytes::new(py, &out[..length]))
}
