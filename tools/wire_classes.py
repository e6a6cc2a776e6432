# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Make the Python classes and the reference pages of ITCH and OUCH from the tables in Rust.

The tables are `crates/core/src/wire/itch/messages.rs`, `ouch42/` and `ouch50/`; the built extension
describes them. The page of
conformance cases is made from the cases themselves. `--check` writes nothing and fails when a made
file is out of date.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import wire_ouch  # noqa: E402
from onetape import _native  # noqa: E402

HEADER = "SPDX-License-Identifier: Apache-2.0\n{0}SPDX-FileCopyrightText: 2026 The onetape authors"
TABLE = "Made by tools/wire_classes.py from crates/core/src/wire/{0}. Do not edit."
MADE = TABLE.format("itch/messages.rs")

CLASSES_HEAD = f'''# {HEADER.format("# ")}
"""The messages of ITCH 5.0 as classes, fields in the order of the wire. {MADE}

Text is without its padding. Prices end in `_e4` (1/10,000 dollar) or `_e8` (1/100,000,000).
"""

# ruff: noqa: E501

from __future__ import annotations

from typing import ClassVar

import msgspec


class Message(msgspec.Struct, frozen=True):
    """What every message is."""

    TYPE: ClassVar[str] = ""


class Unknown(Message, frozen=True):
    """A message of a type this decoder does not know: all its bytes."""

    data: bytes
'''

PAGE_HEAD = """<!-- {made} -->
# ITCH 5.0

Nasdaq TotalView-ITCH 5.0, both directions: `onetape.wire.itch`, `crates/core/src/wire/itch/`.
Numbers are unsigned and big-endian; `text` is ASCII, padded on the right with spaces; `u48` has
6 bytes.
Fields that end in `_e4` are prices in 1/10,000 dollar, in `_e8` in 1/100,000,000.

Every message begins with its type (1 byte), `stock_locate` (u16), `tracking_number` (u16) and
`timestamp_ns` (u48). In a file, a 2-byte length stands before each; a length of zero alone ends a
session, and a length of zero before a known type is read by the type's length.

What the feed makes of each message, and what it leaves: see `crates/core/src/feed/itch.rs`.

| type | message | bytes | what it says |
| --- | --- | ---: | --- |
"""


def class_text(
    name: str,
    doc: str,
    constants: list[str],
    fields: list[tuple[str, int, int, str, str]],
    appended: tuple[str, str] | None = None,
) -> str:
    """A message's class; `appended` is the meaning and the declaration of a last attribute."""
    lines = [f"\n\nclass {name}(Message, frozen=True):", f'    """{doc}']
    meanings = [
        f"{field}: {meaning} ({f'{length} characters' if kind == 'text' else kind})"
        for field, _offset, length, kind, meaning in fields
    ] + ([appended[0]] if appended else [])
    if meanings:
        lines += ["", "    Attributes:"]
    for text in meanings:
        lines += textwrap.wrap(text, 92, initial_indent=" " * 8, subsequent_indent=" " * 12)
    lines[-1] += "" if meanings else '"""'
    lines += ['    """'] if meanings else []
    lines += ["", *constants, ""]
    for field, _offset, _length, kind, _meaning in fields:
        lines.append(f"    {field}: {'str' if kind in {'char', 'text'} else 'int'}")
    lines += [appended[1]] if appended else []
    return "\n".join(lines).rstrip() + "\n"


def classes() -> str:
    """The Python module of ITCH."""
    parts = [CLASSES_HEAD]
    for code, name, doc, _length, fields in _native.itch_layouts():
        parts.append(class_text(name, doc, [f'    TYPE: ClassVar[str] = "{code}"'], fields))
    names = ",\n    ".join(name for _code, name, *_ in _native.itch_layouts())
    parts.append(f"\n\nMESSAGES: tuple[type[Message], ...] = (\n    {names},\n)\n")
    return "".join(parts)


def page() -> str:
    """The reference page."""
    parts = [PAGE_HEAD.format(made=MADE)]
    layouts = _native.itch_layouts()
    parts += [f"| `{code}` | {name} | {n} | {doc} |\n" for code, name, doc, n, _ in layouts]
    for code, name, doc, length, fields in layouts:
        parts.append(f"\n## `{code}` {name}\n\n{doc} {length} bytes.\n\n")
        parts.append(
            "| offset | bytes | kind | field | meaning |\n| ---: | ---: | --- | --- | --- |\n"
        )
        for field, offset, size, kind, meaning in fields:
            parts.append(f"| {offset} | {size} | {kind} | `{field}` | {meaning} |\n")
    return "".join(parts)


def conformance() -> str:
    """The page of numbered cases; they need the classes, which must be made by now."""
    from tests.conformance import (  # noqa: PLC0415
        test_itch_cases,
        test_mold_cases,
        test_ouch_cases,
        test_soup_cases,
    )

    made = "Made by tools/wire_classes.py from tests/conformance/test_*_cases.py. Do not edit."
    cases = test_itch_cases.CASES | test_mold_cases.CASES | test_soup_cases.CASES
    cases |= test_ouch_cases.CASES
    parts = [
        f"<!-- {made} -->\n# Conformance of the wire protocols\n\n"
        "Each line is a test that `make test` runs; `pytest tests/conformance -k ITCH-04` runs\n"
        "one. What captures and other libraries say: `tests/conformance/test_wire_real.py`.\n\n"
        "| case | what holds |\n| --- | --- |\n"
    ]
    parts += [f"| {number} | {check.__doc__} |\n" for number, check in sorted(cases.items())]
    return "".join(parts)


def ouch() -> dict[Path, str]:
    """What is made of OUCH."""
    spdx = f"# {HEADER.format('# ')}\n"
    made_42, made_50 = TABLE.format("ouch42/"), TABLE.format("ouch50/")
    wire, pages = ROOT / "python/onetape/wire", ROOT / "docs/reference/wire"
    head_42 = spdx + wire_ouch.CLASSES_42.format(made=made_42)
    head_50 = spdx + wire_ouch.CLASSES_50.format(made=made_50)
    tags_50 = spdx + wire_ouch.TAGS_50.format(made=made_50)
    return {
        wire / "_ouch42_messages.py": wire_ouch.classes_42(head_42, class_text),
        wire / "_ouch50_messages.py": wire_ouch.classes_50(head_50, class_text),
        wire / "_ouch50_tags.py": wire_ouch.tags_50(tags_50),
        pages / "ouch42.md": wire_ouch.page_42(wire_ouch.PAGE_42.format(made=made_42)),
        pages / "ouch50.md": wire_ouch.page_50(wire_ouch.PAGE_50.format(made=made_50)),
    }


def settle(made: dict[Path, str]) -> bool:
    """Write what is out of date, or name it; whether something was named."""
    stale = [p for p, text in made.items() if not p.exists() or p.read_text("utf-8") != text]
    is_check = "--check" in sys.argv[1:]
    for path in stale:
        if is_check:
            print(f"{path.relative_to(ROOT)} is out of date: run `make gen`", file=sys.stderr)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text := made[path], "utf-8")
        print(f"wrote {path.relative_to(ROOT)} ({len(text.splitlines())} lines)")
    return is_check and bool(stale)


def main() -> int:
    """Write what is out of date, or name it: the classes first, then what needs them."""
    classes_and_pages = {
        ROOT / "python/onetape/wire/_itch_messages.py": classes(),
        ROOT / "docs/reference/wire/itch50.md": page(),
        **ouch(),
    }
    is_stale = settle(classes_and_pages)
    is_stale |= settle({ROOT / "docs/reference/wire/conformance.md": conformance()})
    return int(is_stale)


if __name__ == "__main__":
    sys.exit(main())
