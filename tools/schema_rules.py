# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Read `schema/`, lay its events out, and refuse what its rules forbid.

The rules: an id is used once; every field stands on its own alignment and has a doc; a number has a
unit (ids excepted); a size is a multiple of 8; a published event never changes.
"""

from __future__ import annotations

import re
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
        """Bytes it takes."""
        return int(self.type[5:]) if self.is_ascii else SCALARS[self.type][0]

    @property
    def is_ascii(self) -> bool:
        """Whether it is text of a fixed width."""
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
        if kind not in SCALARS and not re.fullmatch(r"ascii[1-9]\d*", kind):
            raise SchemaError(
                f"{where}: there is no type {kind}; there are {', '.join(SCALARS)}, asciiN"
            )
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
    target.parent.mkdir(exist_ok=True)
    target.write_text("\n".join(lines).rstrip() + "\n", "utf-8")
