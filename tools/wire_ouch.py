# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What tools/wire_classes.py makes of both versions of OUCH: their classes and their pages."""

from __future__ import annotations

from collections.abc import Callable

from onetape import _native

Field = tuple[str, int, int, str, str]
Layout = tuple[str, str, str, int, list[Field]]
ClassText = Callable[..., str]

CLASSES_42 = '''"""The messages of OUCH 4.2 as classes, fields in the order of the wire. {made}

Text is without its padding. Prices end in `_e4` (1/10,000 dollar).
"""

# ruff: noqa: E501

from __future__ import annotations

from typing import ClassVar

import msgspec


class Message(msgspec.Struct, frozen=True):
    """What every message is."""

    TYPE: ClassVar[str] = ""
    IS_INBOUND: ClassVar[bool] = False


class Unknown(Message, frozen=True):
    """A message of a type this decoder does not know: all its bytes."""

    data: bytes
'''

CLASSES_50 = '''"""The messages of OUCH 5.0 as classes, fields in the order of the wire. {made}

Text is without its padding. Prices end in `_e4` (1/10,000 dollar).
"""

# ruff: noqa: E501

from __future__ import annotations

from typing import ClassVar

import msgspec

from onetape.wire._ouch50_tags import Tag


class Message(msgspec.Struct, frozen=True):
    """What every message is."""

    TYPE: ClassVar[str] = ""
    IS_INBOUND: ClassVar[bool] = False


class Unknown(Message, frozen=True):
    """A message of a type this decoder does not know: all its bytes."""

    data: bytes
'''

TAGS_50 = '''"""What may be appended to messages of OUCH 5.0, as classes. {made}"""

# ruff: noqa: E501

from __future__ import annotations

from typing import ClassVar

import msgspec


class Tag(msgspec.Struct, frozen=True):
    """What every tag is."""

    NUMBER: ClassVar[int] = 0


class UnknownTag(Tag, frozen=True):
    """A tag that this version does not know: its number and the bytes of its value."""

    number: int
    value: bytes
'''

PAGE_42 = """<!-- {made} -->
# OUCH 4.2

Nasdaq OUCH 4.2, both directions: `onetape.wire.ouch42`, `crates/core/src/wire/ouch42/`.
Numbers are unsigned and big-endian; `text` is ASCII, padded on the right with spaces. Fields that
end in `_e4` are prices in 1/10,000 dollar; a market order in an auction has 2,147,483,647.
Letters overlap: who sent a message must be known. Messages from the client travel as unsequenced
SoupBinTCP packets, those to it as sequenced ones. What our exchange makes of each:
`docs/internals/ouch.md`.
"""

PAGE_50 = """<!-- {made} -->
# OUCH 5.0

Nasdaq OUCH 5.0, both directions: `onetape.wire.ouch50`, `crates/core/src/wire/ouch50/`.
Numbers are big-endian; `text` is ASCII, padded on the right with spaces. Fields that end in `_e4`
are prices in 1/10,000 dollar; a market order has 2,147,483,647 or 2,000,000,000.
Letters overlap: who sent a message must be known. Messages from the client travel as unsequenced
SoupBinTCP packets, those to it as sequenced ones. What our exchange makes of each:
`docs/internals/ouch.md`.

After the fixed part a length in two bytes may follow, and then elements: a length in one byte (of
tag and value), a tag in one, a value. Where an appendage is *required* the length stands there even
when it is zero; where it is *optional* it may be left out. Messages to the client are read in
either form. Unknown tags are kept; a known one of a wrong length is refused.
"""

MESSAGES_HEAD = """
## {title}

| type | message | bytes | appendage | what it says |
| --- | --- | ---: | --- | --- |
"""


def titled(is_inbound: bool) -> str:
    """What a direction is called."""
    return "From the client" if is_inbound else "To the client"


def names_tuple(name: str, kind: str, names: list[str]) -> str:
    """A tuple of classes."""
    lines = "".join(f"    {each},\n" for each in names)
    return f"\n\n{name}: tuple[type[{kind}], ...] = (\n{lines})\n"


def classes_42(head: str, class_text: ClassText) -> str:
    """The Python module of 4.2."""
    parts = [head]
    for is_inbound in (True, False):
        for code, name, doc, _length, fields in _native.ouch42_layouts(is_inbound):
            extra = ["    IS_INBOUND: ClassVar[bool] = True"] if is_inbound else []
            parts.append(
                class_text(name, doc, [f'    TYPE: ClassVar[str] = "{code}"', *extra], fields)
            )
    for is_inbound in (True, False):
        names = [name for _, name, *_ in _native.ouch42_layouts(is_inbound)]
        parts.append(names_tuple("INBOUND" if is_inbound else "OUTBOUND", "Message", names))
    return "".join(parts)


def classes_50(head: str, class_text: ClassText) -> str:
    """The Python module of 5.0."""
    parts = [head]
    for is_inbound in (True, False):
        for (code, name, doc, _, fields), rule, tags in _native.ouch50_layouts(is_inbound):
            constants = [f'    TYPE: ClassVar[str] = "{code}"']
            constants += ["    IS_INBOUND: ClassVar[bool] = True"] if is_inbound else []
            text = class_text(name, doc, constants, fields, appended(rule, tags))
            parts.append(text)
    for is_inbound in (True, False):
        names = [name for (_, name, *_), _, _ in _native.ouch50_layouts(is_inbound)]
        parts.append(names_tuple("INBOUND" if is_inbound else "OUTBOUND", "Message", names))
    return "".join(parts)


def appended(rule: str, tags: list[int]) -> tuple[str, str] | None:
    """Meaning and declaration of the attribute that holds a message's tags."""
    if rule == "none":
        return None
    known = {number: name for number, (name, *_) in _native.ouch50_tags()}
    may = ", ".join(known[tag] for tag in tags)
    unless = (
        "None leaves even their length out" if rule == "optional" else "never None from a client"
    )
    default = "None" if rule == "optional" else "()"
    return f"tags: {may}; {unless}.", f"    tags: tuple[Tag, ...] | None = {default}"


def tags_50(head: str) -> str:
    """The Python module of the tags."""
    parts = [head]
    for number, (name, _, length, kind, doc) in _native.ouch50_tags():
        shape = f"{length} characters" if kind == "text" else kind
        plain = "str" if kind in {"char", "text"} else "int"
        parts.append(
            f'\n\nclass {name}(Tag, frozen=True):\n    """{doc.removesuffix(".")} ({shape})."""\n\n'
            f"    NUMBER: ClassVar[int] = {number}\n\n    value: {plain}\n"
        )
    names = [name for _, (name, *_) in _native.ouch50_tags()]
    return "".join([*parts, names_tuple("TAGS", "Tag", names)])


def fields_text(head: str, fields: list[Field]) -> str:
    """A message's section of a page."""
    text = f"\n### {head}\n\n"
    if not fields:
        return text + "It has no fields.\n"
    text += "| offset | bytes | kind | field | meaning |\n| ---: | ---: | --- | --- | --- |\n"
    return text + "".join(
        f"| {offset} | {size} | {kind} | `{field}` | {meaning} |\n"
        for field, offset, size, kind, meaning in fields
    )


def page_42(head: str) -> str:
    """The reference page of 4.2."""
    parts = [head]
    for is_inbound in (True, False):
        layouts = _native.ouch42_layouts(is_inbound)
        parts.append(MESSAGES_HEAD.format(title=titled(is_inbound)))
        parts += [f"| `{code}` | {name} | {n} | – | {doc} |\n" for code, name, doc, n, _ in layouts]
        parts += [
            fields_text(f"`{code}` {name}: {n} bytes", fields)
            for code, name, _, n, fields in layouts
        ]
    return "".join(parts)


def page_50(head: str) -> str:
    """The reference page of 5.0."""
    parts = [head]
    for is_inbound in (True, False):
        layouts = _native.ouch50_layouts(is_inbound)
        parts.append(MESSAGES_HEAD.format(title=titled(is_inbound)))
        parts += [
            f"| `{c}` | {name} | {n} | {rule} | {doc} |\n"
            for (c, name, doc, n, _), rule, _ in layouts
        ]
        for (code, name, _, n, fields), _, tags in layouts:
            parts.append(fields_text(f"`{code}` {name}: {n} bytes", fields))
            parts.append(f"\nTags: {' '.join(map(str, tags))}.\n" if tags else "")
    parts.append(
        "\n## Tags\n\n| tag | name | bytes | kind | meaning |\n| ---: | --- | ---: | --- | --- |\n"
    )
    parts += [
        f"| {number} | {name} | {n} | {kind} | {doc} |\n"
        for number, (name, _, n, kind, doc) in _native.ouch50_tags()
    ]
    return "".join(parts)
