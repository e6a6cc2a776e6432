# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The Python that `gen.py` makes: enumerations, frozen event classes with their NumPy dtypes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from schema_rules import MADE, SCALARS, SPDX, Event, Schema


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
    """Return an event: frozen class, struct, dtype, pack, unpack."""
    codes = "".join(f"{f.size}s" if f.is_ascii else SCALARS[f.type][2] for f in e.fields)
    out = [f"class {e.name}(msgspec.Struct, frozen=True, kw_only=True):"]
    out += [*wrap(f'"""{e.doc}', "    "), "", "    Attributes:"]
    for f in e.fields:
        out += wrap(f"{f.name}: {f.doc} ({f.unit})", "        ")
    if e.tail:
        out += wrap(f"tail: {e.tail}", "        ")
    out += [
        '    """',
        "",
        f"    KIND: ClassVar[int] = {e.id}",
        f"    VERSION: ClassVar[int] = {e.version}",
    ]
    out += [
        f"    SIZE: ClassVar[int] = {e.size}",
        f'    STRUCT: ClassVar[Struct] = Struct("<{codes}")',
    ]
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
    out += [
        "",
        "    def pack(self) -> bytes:",
        '        """Return the body as it stands in the journal."""',
    ]
    tail = " + self.tail" if e.tail else ""
    out += ["        return (", "            self.STRUCT.pack("]
    out += [f"                {n}," for n in names]
    out += ["            )", f"           {tail}", "        )", ""]
    out += ["    @classmethod", f"    def unpack(cls, body: bytes | memoryview) -> {e.name}:"]
    out += [
        '        """Read a body.',
        "",
        "        Raises:",
        "            struct.error: If it is too short.",
    ]
    out += ['        """', "        values = cls.STRUCT.unpack_from(body)", "        return cls("]
    for i, f in enumerate(e.fields):
        strip = '.rstrip(b"\\0")' if f.is_ascii else ""
        out += [f"            {f.name}=values[{i}]{strip},"]
    if e.tail:
        out += ["            tail=bytes(body[cls.SIZE :]),"]
    out += ["        )", "", ""]
    return out


def python(schema: Schema) -> str:
    """Return events.py."""
    out = [f"# {line}" for line in SPDX] + [
        '"""What can stand in the journal.',
        "",
        *wrap(MADE, ""),
        '"""',
        "",
    ]
    out += [
        "from __future__ import annotations",
        "",
        "from enum import IntEnum",
        "from struct import Struct",
    ]
    out += ["from typing import ClassVar", "", "import msgspec", "import numpy as np", ""]
    out += [f"SCHEMA_VERSION = {schema.version}", "", ""]
    for enum in schema.enums:
        out += [f"class {enum['name']}(IntEnum):", f'    """{enum["doc"]}"""', ""]
        for v in enum["values"]:
            out += (
                wrap(v["doc"], "    #: ")
                if len(v["doc"]) < 90
                else [f"    #: {line.strip()}" for line in wrap(v["doc"], "     ")]
            )
            out += [f"    {v['name']} = {v['value']}"]
        out += ["", ""]
    out += ["REASON_TEXT: dict[RejectReason, str] = {"]
    out += [f'    RejectReason.{r["name"]}: "{r["text"]}",' for r in schema.reasons]
    out += ["}", "", ""]
    for e in schema.events:
        out += python_event(e)
    out += [
        "Event = (",
        *[f"    {'| ' if i else ''}{e.name}" for i, e in enumerate(schema.events)],
        ")",
        "",
    ]
    out += [
        "EVENTS: dict[int, type[Event]] = {",
        *[f"    {e.id}: {e.name}," for e in schema.events],
        "}",
        "",
    ]
    out += ["COUNTERS: dict[str, str] = {"]
    out += [f'    "{c["name"]}": "{c["doc"]}",' for c in schema.counters]
    out += ["}", ""]
    return ruff_format("\n".join(out))


def ruff_format(text: str) -> str:
    """Format Python as `make fix` would."""
    local = Path(sys.executable).with_name("ruff")
    tool = str(local) if local.exists() else shutil.which("ruff")
    if tool is None:
        raise SystemExit("gen.py: ruff is missing; run `make setup` and use its Python")
    command = [tool, "format", "--line-length", "100", "--stdin-filename", "events.py", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"gen.py: ruff refused the made code: {done.stderr}")
    return done.stdout
