# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The Rust that `gen.py` makes: enumerations, events with their codecs, counters."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import Any

from schema_rules import MADE, ROOT, SCALARS, SPDX, Event, Field, Schema


def camel(name: str) -> str:
    """Return `ORDER_QTY` as `OrderQty`."""
    return "".join(part.capitalize() for part in name.split("_"))


def rust_doc(text: str) -> str:
    """Put code words in backticks, as rustdoc wants them."""
    return re.sub(
        r"(?<!`)\b([A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}_[A-Z_]+|[A-Z]{2,}\d[a-z]+|\w+_\w+\.toml)\b(?!`)",
        r"`\1`",
        text,
    )


#: From so many values on an enumeration is searched: a `match` would be too long a function.
LONG = 50
SEARCH = [
    "        let mut at = 0;",
    "        while at < Self::ALL.len() {",
    "            if Self::ALL[at].raw() == raw {",
    "                return Some(Self::ALL[at]);",
    "            }",
    "            at += 1;",
    "        }",
    "        None",
]


def rust_enum(enum: dict[str, Any]) -> list[str]:
    """Return an enumeration with its conversions from and to numbers."""
    width = "u16" if max(v["value"] for v in enum["values"]) > 255 else "u8"
    width = "u16" if enum["name"] == "RejectReason" else width
    out = [f"/// {rust_doc(enum['doc'])}", "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]"]
    out += [f"#[repr({width})]", f"pub enum {enum['name']} {{"]
    for v in enum["values"]:
        out += [f"    /// {rust_doc(v['doc'])}", f"    {camel(v['name'])} = {v['value']},"]
    out += ["}", "", f"impl {enum['name']} {{"]
    out += ["    /// The value with this number, if the schema defines one."]
    out += ["    #[must_use]", f"    pub const fn from_raw(raw: {width}) -> Option<Self> {{"]
    if len(enum["values"]) > LONG:
        out += [*SEARCH, "    }", ""]
        names = ", ".join(f"Self::{camel(v['name'])}" for v in enum["values"])
        out += [
            "    /// All values.",
            f"    pub const ALL: [Self; {len(enum['values'])}] = [{names}];",
        ]
        out += [""]
    else:
        pairs = [(v["value"], camel(v["name"])) for v in enum["values"]]
        out += ["        match raw {"]
        out += [f"            {value} => Some(Self::{name})," for value, name in pairs]
        out += ["            _ => None,", "        }", "    }", ""]
    out += ["    /// Its number in the journal.", "    #[must_use]"]
    out += [
        f"    pub const fn raw(self) -> {width} {{",
        f"        self as {width}",
        "    }",
        "}",
        "",
    ]
    return out


def rust_type(f: Field) -> str:
    """Return the Rust type of a field."""
    return f"[u8; {f.size}]" if f.is_ascii else SCALARS[f.type][1]


def rust_event(e: Event) -> list[str]:
    """Return an event: struct, encode, decode."""
    out = [f"/// {rust_doc(e.doc)}"]
    if e.tail:
        out += ["///", f"/// Tail: {rust_doc(e.tail)}"]
    out += ["#[derive(Clone, Copy, Debug, PartialEq, Eq)]", f"pub struct {e.name} {{"]
    for f in e.fields:
        unit = f" Unit: `{f.unit}`." if f.unit not in ("id", "none", "text") else ""
        out += [f"    /// {rust_doc(f.doc)}{unit}", f"    pub {f.name}: {rust_type(f)},"]
    out += ["}", "", f"impl {e.name} {{"]
    out += ["    /// Its number in the journal.", f"    pub const KIND: u16 = {e.id};"]
    out += ["    /// Version of its layout.", f"    pub const VERSION: u8 = {e.version};"]
    out += ["    /// Bytes of its fixed part.", f"    pub const SIZE: usize = {e.size};", ""]
    out += [
        "    /// Its fixed part as it stands in the journal.",
        "    #[inline]",
        "    #[must_use]",
    ]
    out += [
        "    pub fn encode(&self) -> [u8; Self::SIZE] {",
        "        let mut out = [0; Self::SIZE];",
    ]
    for f in e.fields:
        value = f"&self.{f.name}" if f.is_ascii else f"&self.{f.name}.to_le_bytes()"
        if f.type == "u8":
            out += [f"        out[{f.offset}] = self.{f.name};"]
        else:
            out += [f"        out[{f.offset}..{f.offset + f.size}].copy_from_slice({value});"]
    out += ["        out", "    }", ""]
    out += ["    /// Reads the fixed part from the front of `body`; `None` when it is too short."]
    out += ["    #[inline]", "    #[must_use]", "    pub fn decode(body: &[u8]) -> Option<Self> {"]
    out += ["        let b: &[u8; Self::SIZE] = body.first_chunk()?;", "        Some(Self {"]
    for f in e.fields:
        index = ", ".join(f"b[{f.offset + i}]" for i in range(f.size))
        if f.type == "u8":
            out += [f"            {f.name}: b[{f.offset}],"]
        elif f.is_ascii:
            out += [f"            {f.name}: [{index}],"]
        else:
            out += [f"            {f.name}: {f.type}::from_le_bytes([{index}]),"]
    out += ["        })", "    }", "}", ""]
    return out


def rust(schema: Schema) -> str:
    """Return events.rs."""
    out = [f"// {line}" for line in SPDX] + [f"//! What can stand in the journal. {MADE}", ""]
    out += ["/// Version of the schema.", f"pub const SCHEMA_VERSION: u32 = {schema.version};", ""]
    for enum in schema.enums:
        out += rust_enum(enum)
    out += ["impl RejectReason {", "    /// What a person reads.", "    #[must_use]"]
    out += ["    pub const fn text(self) -> &'static str {", "        let mut at = 0;"]
    out += [
        "        while Self::ALL[at].raw() != self.raw() {",
        "            at += 1;",
        "        }",
    ]
    out += ["        Self::TEXTS[at]", "    }", ""]
    texts = ", ".join(f'"{r["text"]}"' for r in schema.reasons)
    out += ["    /// In the order of [`Self::ALL`]."]
    out += [f"    const TEXTS: [&'static str; {len(schema.reasons)}] = [{texts}];", "}", ""]
    for e in schema.events:
        out += rust_event(e)
    out += ["/// Name of an event by its kind, for people.", "#[must_use]"]
    out += ["pub const fn kind_name(kind: u16) -> Option<&'static str> {", "    let mut at = 0;"]
    out += ["    while at < KINDS.len() {", "        if KINDS[at].0 == kind {"]
    out += ["            return Some(KINDS[at].1);", "        }", "        at += 1;", "    }"]
    out += ["    None", "}", ""]
    kinds = ", ".join(f'({e.id}, "{e.name}")' for e in schema.events)
    out += [f"const KINDS: [(u16, &str); {len(schema.events)}] = [{kinds}];", ""]
    out += ["/// What a run counts.", "#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]"]
    out += ["pub struct Counters {"]
    for c in schema.counters:
        out += [f"    /// {rust_doc(c['doc'])}", f"    pub {c['name']}: u64,"]
    out += ["}", "", "impl Counters {", "    /// Names, in the order of [`Self::values`]."]
    names = ", ".join(f'"{c["name"]}"' for c in schema.counters)
    out += [f"    pub const NAMES: [&'static str; {len(schema.counters)}] = [{names}];", ""]
    values = ", ".join(f"self.{c['name']}" for c in schema.counters)
    out += ["    /// Values, in the order of [`Self::NAMES`].", "    #[must_use]"]
    out += [f"    pub const fn values(&self) -> [u64; {len(schema.counters)}] {{"]
    out += [f"        [{values}]", "    }", ""]
    out += ["    /// The counters whose [`Self::values`] these are.", "    #[must_use]"]
    out += [f"    pub const fn from_values(values: [u64; {len(schema.counters)}]) -> Self {{"]
    fields = ", ".join(f"{c['name']}: values[{i}]" for i, c in enumerate(schema.counters))
    out += [f"        Self {{ {fields} }}", "    }", "}"]
    return rustfmt("\n".join(out) + "\n")


def rustfmt(text: str) -> str:
    """Format Rust as `cargo fmt` would."""
    tool = shutil.which("rustfmt")
    if tool is None:
        raise SystemExit(
            "gen.py: rustfmt is missing; install it with: rustup component add rustfmt"
        )
    config = ["--edition", "2024", "--config-path", str(ROOT / "rustfmt.toml")]
    done = subprocess.run([tool, *config], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"gen.py: rustfmt refused the made code: {done.stderr}")
    return done.stdout
