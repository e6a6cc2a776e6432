// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Fields of a message and their values, for Python and from it, whatever the protocol.

use super::{from_latin1, latin1};
use crate::errors::raise;
use onetape_core::wire::layout::{FieldKind, FieldLayout, MessageLayout, TEXT_BYTES_MAX, Value};
use pyo3::prelude::*;

/// Name, offset, length, kind, meaning.
pub(super) type FieldTuple = (&'static str, usize, usize, &'static str, &'static str);
/// Type, name, meaning, length, fields after the type byte.
pub(super) type LayoutTuple = (char, &'static str, &'static str, usize, Vec<FieldTuple>);

/// What Python calls a kind.
pub(super) const fn kind_name(kind: FieldKind) -> &'static str {
    match kind {
        FieldKind::Char => "char",
        FieldKind::Text => "text",
        FieldKind::U8 => "u8",
        FieldKind::U16 => "u16",
        FieldKind::U32 => "u32",
        FieldKind::U48 => "u48",
        FieldKind::U64 => "u64",
        FieldKind::I32 => "i32",
    }
}

/// A message's description for Python.
pub(super) fn layout_tuple(layout: &MessageLayout) -> LayoutTuple {
    let field = |f: &FieldLayout| (f.name, f.offset, f.length, kind_name(f.kind), f.doc);
    let fields = layout.fields.iter().map(field).collect();
    (char::from(layout.message_type), layout.name, layout.doc, layout.length, fields)
}

/// A field's value for Python: text without its padding, characters as they are.
pub(super) fn to_python<'py>(
    py: Python<'py>,
    field: &FieldLayout,
    value: Value,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::Number(number) => number.into_pyobject(py)?.into_any(),
        Value::Signed(number) => number.into_pyobject(py)?.into_any(),
        Value::Text(text, length) => {
            let text = &text[..length];
            let is_text = field.kind == FieldKind::Text;
            let end = text.iter().rposition(|&b| b != b' ').map_or(0, |last| last + 1);
            let shown = if is_text { &text[..end] } else { text };
            latin1(shown).into_pyobject(py)?.into_any()
        }
    })
}

/// A field's value from Python, refused when it does not fit.
pub(super) fn from_python(
    item: &Bound<'_, PyAny>,
    code: char,
    field: &FieldLayout,
) -> PyResult<Value> {
    let refused = || bad_value(item.py(), code, field, &item.to_string());
    let most = match field.kind {
        FieldKind::Char | FieldKind::Text => {
            let text: String = item.extract().map_err(|_| refused())?;
            let bytes: [u8; TEXT_BYTES_MAX] = from_latin1(&text, b' ').ok_or_else(refused)?;
            let fits = text.chars().count() <= field.length;
            return if fits { Ok(Value::Text(bytes, field.length)) } else { Err(refused()) };
        }
        FieldKind::I32 => {
            let number: i32 = item.extract().map_err(|_| refused())?;
            return Ok(Value::Signed(i64::from(number)));
        }
        FieldKind::U8 => u64::from(u8::MAX),
        FieldKind::U16 => u64::from(u16::MAX),
        FieldKind::U32 => u64::from(u32::MAX),
        FieldKind::U48 => (1 << 48) - 1,
        FieldKind::U64 => u64::MAX,
    };
    let number: u64 = item.extract().map_err(|_| refused())?;
    if number <= most { Ok(Value::Number(number)) } else { Err(refused()) }
}

/// The error for a value that a field cannot hold.
pub(super) fn bad_value(py: Python<'_>, code: char, field: &FieldLayout, found: &str) -> PyErr {
    let expected = match field.kind {
        FieldKind::Char => "one character of Latin-1".to_owned(),
        FieldKind::Text => format!("at most {} characters of Latin-1", field.length),
        _ => format!("a whole number of {} bits", 8 * field.length),
    };
    let message = format!("message {code:?}, {}: expected {expected}, found {found}", field.name);
    raise(py, "WireError", "WIR-005", &message, "give a value that the field can hold")
}
