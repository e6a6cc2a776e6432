# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the types of the sections say: which keys there are, and which is nearest to a wrong one."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import msgspec

from onetape.config._secret import Secret
from onetape.errors import ConfigError


def plain_type(annotation: Any) -> Any:
    """Strip `Annotated` and `| None`."""
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if get_origin(annotation) in (types.UnionType, typing.Union):
        others = [a for a in get_args(annotation) if a is not type(None)]
        if len(others) == 1:
            return plain_type(others[0])
    return annotation


def fields(kind: Any) -> dict[str, Any]:
    """Return the annotations of a struct by field name."""
    hints = typing.get_type_hints(kind, include_extras=True)
    return {f.encode_name: hints[f.name] for f in msgspec.structs.fields(kind)}


def is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def child(kind: Any, word: str) -> Any:
    """Return the type under a key: `None` when there is no such key, `Any` when all are allowed."""
    kind = plain_type(kind)
    if is_struct(kind):
        return fields(kind).get(word)
    if get_origin(kind) is dict:
        return get_args(kind)[1]
    return Any if kind in (Any, dict) else None


#: Sections that there were, and what does their work now.
MOVED = {"venue": "a live node trades on a market over the wire: onetape live examples/live.toml"}


def unknown(tree: Mapping[str, Any], sections: Mapping[str, Any]) -> Iterator[str]:
    """Yield the dotted keys that no type knows."""
    for name, value in tree.items():
        if name not in sections:
            yield name
        elif isinstance(value, Mapping):
            yield from _unknown_below(value, sections[name], f"{name}.")


def _unknown_below(tree: Mapping[str, Any], kind: Any, prefix: str) -> Iterator[str]:
    for name, value in tree.items():
        below = child(kind, name)
        if below is None:
            yield f"{prefix}{name}"
        elif isinstance(value, Mapping):
            yield from _unknown_below(value, below, f"{prefix}{name}.")


def unknown_error(key: str, sections: Mapping[str, Any], where: str) -> ConfigError:
    parent, _, last = key.rpartition(".")
    if parent:
        known: list[str] = list(known_below(sections, parent))
    else:
        known = list(sections)
    near = difflib.get_close_matches(last, known, n=1, cutoff=0.5)
    dotted = f"{parent}." if parent else ""
    elsewhere = [f"{n}.{last}" for n, t in sections.items() if last in fields(t)]
    guess = f"{dotted}{near[0]}" if near else next(iter(elsewhere), "")
    hint = f"did you mean {guess}?" if guess else f"known here: {', '.join(known) or 'nothing'}"
    hint = MOVED.get(key.partition(".")[0], hint)
    return ConfigError(f"{where}: there is no key {key}", code="CFG-004", hint=hint)


def known_below(sections: Mapping[str, Any], parent: str) -> Iterator[str]:
    first, *words = parent.split(".")
    kind: Any = sections.get(first)
    for word in words:
        kind = child(kind, word) if kind is not None else None
    kind = plain_type(kind)
    if is_struct(kind):
        yield from fields(kind)


def metas(annotation: Any) -> Iterator[msgspec.Meta]:
    """Yield what is said of a type and of the types in it."""
    for arg in get_args(annotation):
        yield from metas(arg)
    for item in getattr(annotation, "__metadata__", ()):
        if isinstance(item, msgspec.Meta):
            yield item


def type_text(annotation: Any) -> str:
    """Return a type for people: `integer ≥ 1, optional`.

    Examples:
        >>> from typing import Annotated
        >>> type_text(Annotated[int, msgspec.Meta(ge=1)] | None)
        'integer ≥ 1, optional'
    """
    plain = plain_type(annotation)
    names = {int: "integer", str: "text", bool: "true or false", float: "number", Secret: "secret"}
    if get_origin(plain) is typing.Literal:
        text = " or ".join(f'"{a}"' for a in get_args(plain))
    elif get_origin(plain) is list:
        text = f"list of {type_text(get_args(plain)[0])}"
    elif get_origin(plain) is dict or plain is dict:
        text = "table"
    else:
        text = names.get(plain, getattr(plain, "__name__", str(plain)))
    for item in metas(annotation):
        text += f" ≥ {item.ge}" if item.ge is not None else ""
        text += f", ≤ {item.le}" if item.le is not None else ""
    return f"{text}, optional" if _is_optional(annotation) else text


def _is_optional(annotation: Any) -> bool:
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    return type(None) in get_args(annotation)
