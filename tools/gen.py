# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Make code and the reference page from `schema/`.

    python tools/gen.py            write what is out of date
    python tools/gen.py --check    write nothing; exit 1 when a made file differs
    python tools/gen.py --publish  freeze the present events into schema/published/

One definition, four readers: `crates/core/src/events.rs`, `python/onetape/events.py`,
`docs/reference/events.md` and the check against what was published before.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "schema"
SPDX = ["SPDX-License-Identifier: Apache-2.0", "SPDX-FileCopyrightText: 2026 The onetape authors"]
MADE = "Made by tools/gen.py from schema/. Do not edit: change the schema and run `make gen`."

# type -> (bytes, alignment, Rust, struct code, NumPy)
SCALARS: dict[str, tuple[int, str, str, str]] = {
    "u8": (1, "u8", "B", "u1"),
    "u16": (2, "u16", "H", "<u2"),
    "u32": (4, "u32", "I", "<u4"),
    "u64": (8, "u64", "Q", "<u8"),
    "i64": (8, "i64", "q", "<i8"),
}


class SchemaError(Exception):
    """The schema breaks one of its own rules."""


@dataclass(frozen=True)
class Field:
    """One field of an event, with its place in the record."""

    name: str
    type: str
    offset: int
    doc: str
    unit: str
    enum: str | None

    @property
    def size(self) -> int:
        return int(self.type[5:]) if self.is_ascii else SCALARS[self.type][0]

    @property
    def is_ascii(self) -> bool:
        return self.type.startswith("ascii")


@dataclass(frozen=True)
class Event:
    """One event: a fixed part and, for some, a tail of bytes."""

    name: str
    id: int
    version: int
    doc: str
    tail: str | None
    fields: list[Field]
    size: int


@dataclass(frozen=True)
class Schema:
    """Everything read from the schema folder."""

    version: int
    enums: list[dict[str, Any]]
    events: list[Event]
    reasons: list[dict[str, Any]]
    counters: list[dict[str, Any]] = field(default_factory=list)


def load_event(raw: dict[str, Any], enums: set[str]) -> Event:
    """Lay out one event and refuse what the rules forbid."""
    offset, fields = 0, []
    for item in raw["fields"]:
        where = f"event {raw['name']}, field {item.get('name', '?')}"
        kind = item["type"]
        size = int(kind[5:]) if kind.startswith("ascii") else SCALARS[kind][0]
        align = 1 if kind.startswith("ascii") else size
        if offset % align:
            raise SchemaError(f"{where}: at byte {offset}, not on its alignment of {align}")
        if not item.get("doc"):
            raise SchemaError(f"{where}: has no doc")
        is_id = item["name"].endswith(("_id", "_ref", "_seq", "_code"))
        if not (item.get("unit") or item.get("enum") or is_id or kind.startswith("ascii")):
            raise SchemaError(f"{where}: a number needs a unit")
        if item.get("enum") and item["enum"] not in enums:
            raise SchemaError(f"{where}: there is no enum {item['enum']}")
        unit = item.get("unit") or item.get("enum") or ("text" if kind[0] == "a" else "id")
        fields.append(Field(item["name"], kind, offset, item["doc"], unit, item.get("enum")))
        offset += size
    if offset % 8:
        raise SchemaError(f"event {raw['name']}: {offset} bytes, not a multiple of 8")
    return Event(
        raw["name"], raw["id"], raw.get("version", 1), raw["doc"], raw.get("tail"), fields, offset
    )


def unique(what: str, values: list[Any]) -> None:
    """Refuse a value that stands twice."""
    for value in values:
        if values.count(value) > 1:
            raise SchemaError(f"{what} {value} is used twice")


def load(folder: Path = SCHEMA) -> Schema:
    """Read the schema folder and check its rules."""
    raw = tomllib.loads((folder / "events.toml").read_text("utf-8"))
    reasons = tomllib.loads((folder / "reasons.toml").read_text("utf-8"))["reason"]
    counters = tomllib.loads((folder / "counters.toml").read_text("utf-8"))["counter"]
    enums = [*raw["enum"]]
    enums.append(
        {
            "name": "RejectReason",
            "doc": "Why an order was refused.",
            "values": [
                {"name": r["name"], "value": r["code"], "doc": f"{r['text'].capitalize()}."}
                for r in reasons
            ],
        }
    )
    events = [load_event(item, {e["name"] for e in enums}) for item in raw["event"]]
    unique("event id", [(e.id, e.version) for e in events])
    unique("event name", [e.name for e in events])
    unique("reason code", [r["code"] for r in reasons])
    unique("counter id", [c["id"] for c in counters])
    for enum in enums:
        unique(f"value of {enum['name']}", [v["value"] for v in enum["values"]])
    schema = Schema(raw["schema_version"], enums, events, reasons, counters)
    check_published(schema, folder / "published")
    return schema


def layout(event: Event) -> list[list[Any]]:
    """What of an event must never change."""
    return [[f.name, f.type, f.offset] for f in event.fields]


def check_published(schema: Schema, folder: Path) -> None:
    """Refuse a change to a published event, or its disappearance."""
    present = {(e.id, e.version): e for e in schema.events}
    for path in sorted(folder.glob("*.toml")):
        for old in tomllib.loads(path.read_text("utf-8"))["event"]:
            event = present.get((old["id"], old["version"]))
            where = f"event {old['name']} (id {old['id']}, version {old['version']}) of {path.name}"
            if event is None:
                raise SchemaError(f"{where} is gone; published events stay")
            if layout(event) != old["layout"] or event.name != old["name"]:
                raise SchemaError(f"{where} has changed; give the change a new id or version")


def publish(schema: Schema) -> None:
    """Freeze the layouts of all events under the present schema version."""
    lines = [f"# {MADE}", ""]
    for event in schema.events:
        rows = ", ".join(f'["{n}", "{t}", {o}]' for n, t, o in layout(event))
        lines += [
            "[[event]]",
            f'name = "{event.name}"',
            f"id = {event.id}",
            f"version = {event.version}",
            f"layout = [{rows}]",
            "",
        ]
    target = SCHEMA / "published" / f"events-{schema.version}.toml"
    target.write_text("\n".join(lines).rstrip() + "\n", "utf-8")


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


# ------------------------------------------------------------------ Rust


def rust_doc(text: str) -> str:
    """Put code words in backticks, as rustdoc wants them."""
    return re.sub(r"(?<!`)\b([A-Z][a-z]+[A-Z]\w*|[A-Z]{2,}_[A-Z_]+|\w+_\w+\.toml)\b(?!`)", r"`\1`", text)


def rust_enum(enum: dict[str, Any]) -> list[str]:
    width = "u16" if max(v["value"] for v in enum["values"]) > 255 else "u8"
    width = "u16" if enum["name"] == "RejectReason" else width
    out = [f"/// {rust_doc(enum['doc'])}", "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]"]
    out += [f"#[repr({width})]", f"pub enum {enum['name']} {{"]
    for v in enum["values"]:
        out += [f"    /// {rust_doc(v['doc'])}", f"    {camel(v['name'])} = {v['value']},"]
    out += ["}", "", f"impl {enum['name']} {{"]
    out += ["    /// The value with this number, if the schema defines one."]
    out += ["    #[must_use]", f"    pub const fn from_raw(raw: {width}) -> Option<Self> {{"]
    out += ["        match raw {"]
    out += [f"            {v['value']} => Some(Self::{camel(v['name'])})," for v in enum["values"]]
    out += ["            _ => None,", "        }", "    }", ""]
    out += ["    /// Its number in the journal.", "    #[must_use]"]
    out += [f"    pub const fn raw(self) -> {width} {{", f"        self as {width}", "    }", "}", ""]
    return out


def rust_type(f: Field) -> str:
    return f"[u8; {f.size}]" if f.is_ascii else SCALARS[f.type][1]


def rust_event(e: Event) -> list[str]:
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
    out += ["    /// Its fixed part as it stands in the journal.", "    #[inline]", "    #[must_use]"]
    out += ["    pub fn encode(&self) -> [u8; Self::SIZE] {", "        let mut out = [0; Self::SIZE];"]
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
    out = [f"// {line}" for line in SPDX] + [f"//! What can stand in the journal. {MADE}", ""]
    out += ["/// Version of the schema.", f"pub const SCHEMA_VERSION: u32 = {schema.version};", ""]
    for enum in schema.enums:
        out += rust_enum(enum)
    out += ["impl RejectReason {", "    /// What a person reads.", "    #[must_use]"]
    out += ["    pub const fn text(self) -> &'static str {", "        match self {"]
    out += [f'            Self::{camel(r["name"])} => "{r["text"]}",' for r in schema.reasons]
    out += ["        }", "    }", "}", ""]
    for e in schema.events:
        out += rust_event(e)
    out += ["/// Name of an event by its kind, for people.", "#[must_use]"]
    out += ["pub const fn kind_name(kind: u16) -> Option<&'static str> {", "    match kind {"]
    out += [f'        {e.id} => Some("{e.name}"),' for e in schema.events]
    out += ["        _ => None,", "    }", "}", ""]
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
    out += [f"        [{values}]", "    }", "}"]
    return rustfmt("\n".join(out) + "\n")


def rustfmt(text: str) -> str:
    tool = shutil.which("rustfmt")
    if tool is None:
        raise SystemExit("gen.py: rustfmt is missing; install it with: rustup component add rustfmt")
    config = ["--edition", "2024", "--config-path", str(ROOT / "rustfmt.toml")]
    done = subprocess.run([tool, *config], input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"gen.py: rustfmt refused the made code: {done.stderr}")
    return done.stdout


# ------------------------------------------------------------------ Python


def wrap(text: str, indent: str) -> list[str]:
    """Break text at 100 columns."""
    lines, line = [], indent
    for word in text.split():
        if len(line) + len(word) + 1 > 98 and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += word + " "
    return [*lines, line.rstrip()]


def python_event(e: Event) -> list[str]:
    codes = "".join(f"{f.size}s" if f.is_ascii else SCALARS[f.type][2] for f in e.fields)
    out = [f"class {e.name}(msgspec.Struct, frozen=True, kw_only=True):"]
    out += wrap(f'"""{e.doc}', "    ") + ["", "    Attributes:"]
    for f in e.fields:
        out += wrap(f"{f.name}: {f.doc} ({f.unit})", "        ")
    if e.tail:
        out += wrap(f"tail: {e.tail}", "        ")
    out += ['    """', "", f"    KIND: ClassVar[int] = {e.id}", f"    VERSION: ClassVar[int] = {e.version}"]
    out += [f"    SIZE: ClassVar[int] = {e.size}", f'    STRUCT: ClassVar[Struct] = Struct("<{codes}")']
    out += ["    DTYPE: ClassVar[np.dtype[np.void]] = np.dtype(", "        ["]
    for f in e.fields:
        code = f"S{f.size}" if f.is_ascii else SCALARS[f.type][3]
        out += [f'            ("{f.name}", "{code}"),']
    out += ["        ]", "    )", ""]
    for f in e.fields:
        reserved = f.name.startswith("reserved")
        kind = "bytes" if f.is_ascii else "int"
        default = (' = b""' if f.is_ascii else " = 0") if reserved else ""
        out += [f"    {f.name}: {kind}{default}"]
    if e.tail:
        out += ['    tail: bytes = b""']
    names = [f"self.{f.name}" for f in e.fields]
    out += ["", "    def pack(self) -> bytes:", '        """Return the body as it stands in the journal."""']
    tail = " + self.tail" if e.tail else ""
    out += ["        return (", "            self.STRUCT.pack("]
    out += [f"                {n}," for n in names]
    out += ["            )", f"           {tail}", "        )", ""]
    out += ["    @classmethod", f"    def unpack(cls, body: bytes | memoryview) -> {e.name}:"]
    out += ['        """Read a body.', "", "        Raises:", "            struct.error: If it is too short."]
    out += ['        """', "        values = cls.STRUCT.unpack_from(body)", "        return cls("]
    for i, f in enumerate(e.fields):
        strip = '.rstrip(b"\\0")' if f.is_ascii else ""
        out += [f"            {f.name}=values[{i}]{strip},"]
    if e.tail:
        out += ["            tail=bytes(body[cls.SIZE :]),"]
    out += ["        )", "", ""]
    return out


def python(schema: Schema) -> str:
    out = [f"# {line}" for line in SPDX] + ['"""What can stand in the journal.', "", *wrap(MADE, ""), '"""', ""]
    out += ["from __future__ import annotations", "", "from enum import IntEnum", "from struct import Struct"]
    out += ["from typing import ClassVar", "", "import msgspec", "import numpy as np", ""]
    out += [f"SCHEMA_VERSION = {schema.version}", "", ""]
    for enum in schema.enums:
        out += [f"class {enum['name']}(IntEnum):", f'    """{enum["doc"]}"""', ""]
        for v in enum["values"]:
            out += wrap(v["doc"], "    #: ") if len(v["doc"]) < 90 else [
                f"    #: {line.strip()}" for line in wrap(v["doc"], "     ")
            ]
            out += [f"    {v['name']} = {v['value']}"]
        out += ["", ""]
    out += ["REASON_TEXT: dict[RejectReason, str] = {"]
    out += [f"    RejectReason.{r['name']}: \"{r['text']}\"," for r in schema.reasons]
    out += ["}", "", ""]
    for e in schema.events:
        out += python_event(e)
    out += ["Event = (", *[f"    {'| ' if i else ''}{e.name}" for i, e in enumerate(schema.events)], ")", ""]
    out += ["EVENTS: dict[int, type[Event]] = {", *[f"    {e.id}: {e.name}," for e in schema.events], "}", ""]
    out += ["COUNTERS: dict[str, str] = {"]
    out += [f"    \"{c['name']}\": \"{c['doc']}\"," for c in schema.counters]
    out += ["}", ""]
    return ruff_format("\n".join(out))


def ruff_format(text: str) -> str:
    local = Path(sys.executable).with_name("ruff")
    tool = str(local) if local.exists() else shutil.which("ruff")
    if tool is None:
        raise SystemExit("gen.py: ruff is missing; run `make setup` and use its Python")
    command = [tool, "format", "--line-length", "100", "--stdin-filename", "events.py", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"gen.py: ruff refused the made code: {done.stderr}")
    return done.stdout


# ------------------------------------------------------------------ the reference page


def markdown(schema: Schema) -> str:
    out = [f"<!-- {MADE} -->", "# Events", ""]
    out += [
        f"Schema version {schema.version}. Every entry of the journal has one of these as its body: "
        "fixed-size, little-endian, 8-byte aligned; a tail, where there is one, follows the fixed part.",
        "",
        "| kind | event | bytes | meaning |",
        "| --- | --- | --- | --- |",
    ]
    for e in schema.events:
        plus = " + tail" if e.tail else ""
        out += [f"| {e.id} | [{e.name}](#{e.name.lower()}) | {e.size}{plus} | {e.doc} |"]
    for e in schema.events:
        out += ["", f"## {e.name}", "", f"Kind {e.id}, version {e.version}. {e.doc}", ""]
        out += ["| byte | field | type | unit | meaning |", "| --- | --- | --- | --- | --- |"]
        out += [f"| {f.offset} | `{f.name}` | {f.type} | {f.unit} | {f.doc} |" for f in e.fields]
        if e.tail:
            out += [f"| {e.size} | tail | bytes | – | {e.tail} |"]
    out += ["", "# Enumerations"]
    for enum in schema.enums:
        out += ["", f"## {enum['name']}", "", enum["doc"], "", "| value | name | meaning |", "| --- | --- | --- |"]
        out += [f"| {v['value']} | `{v['name']}` | {v['doc']} |" for v in enum["values"]]
    out += ["", "# Counters", "", "| counter | unit | meaning | alert |", "| --- | --- | --- | --- |"]
    out += [f"| `{c['name']}` | {c['unit']} | {c['doc']} | {c.get('alert', '–')} |" for c in schema.counters]
    return "\n".join(out) + "\n"


def main() -> int:
    """Run the generator."""
    parser = argparse.ArgumentParser(description="Make code and the reference page from schema/.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a difference")
    parser.add_argument("--publish", action="store_true", help="freeze the present layouts")
    options = parser.parse_args()
    try:
        schema = load()
    except SchemaError as err:
        print(f"gen.py: {err}", file=sys.stderr)
        return 1
    if options.publish:
        publish(schema)
    made = {
        ROOT / "crates/core/src/events.rs": rust(schema),
        ROOT / "python/onetape/events.py": python(schema),
        ROOT / "docs/reference/events.md": markdown(schema),
    }
    stale = [p for p, text in made.items() if not p.exists() or p.read_text("utf-8") != text]
    for path in stale:
        name = path.relative_to(ROOT)
        if options.check:
            print(f"gen.py: {name} differs from the schema; run `make gen`", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(made[path], "utf-8")
            print(f"wrote {name}")
    return 1 if options.check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
