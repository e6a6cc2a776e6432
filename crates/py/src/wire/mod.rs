// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The onetape authors
//! Bindings of `onetape.wire`: bytes in, tuples out, and back. The classes are in Python.

mod fields;
mod fix;
mod itch;
mod mold;
mod ouch;
mod ouch42;
mod ouch50;
mod soup;
mod soup_fields;

use crate::errors::raise;
use pyo3::prelude::*;

/// Adds what `onetape.wire` uses to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    fix::register(module)?;
    itch::register(module)?;
    mold::register(module)?;
    ouch42::register(module)?;
    ouch50::register(module)?;
    soup::register(module)
}

/// What is wrong with bytes, for a `DecodeError`.
struct Fault {
    code: &'static str,
    what: String,
    offset: u64,
    expected: String,
    found: String,
    hint: &'static str,
}

impl Fault {
    /// The exception: its message says what, where, what was expected and what was found.
    fn raise(&self, py: Python<'_>) -> PyErr {
        let Self { code, what, offset, expected, found, hint } = self;
        let message = format!("byte {offset}: {what}: expected {expected}, found {found}");
        let error = raise(py, "DecodeError", code, &message, hint);
        let value = error.value(py);
        let kept = value
            .setattr("offset", *offset)
            .and_then(|()| value.setattr("expected", expected))
            .and_then(|()| value.setattr("found", found));
        kept.map_or_else(|failed| failed, |()| error)
    }
}

/// Text as bytes say it: each byte a character, so that nothing is lost.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Bytes of at most `LEN` characters, padded with `padding`; `None` when they do not fit.
fn from_latin1<const LEN: usize>(text: &str, padding: u8) -> Option<[u8; LEN]> {
    let mut out = [padding; LEN];
    for (index, character) in text.chars().enumerate() {
        *out.get_mut(index)? = u8::try_from(u32::from(character)).ok()?;
    }
    Some(out)
}

/// A type byte for a message: the character, or its number when it is not printable.
fn shown(code: u8) -> String {
    if code.is_ascii_graphic() {
        format!("'{}'", char::from(code))
    } else {
        format!("0x{code:02x}")
    }
}
