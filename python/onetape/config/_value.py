# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Values: read from text as their type wants it, and checked against it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin

import msgspec

from onetape.config._secret import Secret
from onetape.config._shape import (
    child,
    fields,
    is_struct,
    known_below,
    plain_type,
    type_text,
    unknown_error,
)
from onetape.errors import ConfigError

DEFAULT = "default"


@dataclass(frozen=True)
class Setting:
    """One value given from outside the file: the words of its key, its text, and who gave it."""

    words: Sequence[str]
    text: str
    source: str


def override_one(
    tree: dict[str, Any],
    sources: dict[str, str],
    sections: Mapping[str, Any],
    setting: Setting,
) -> None:
    """Put one value from the environment or the command line into the tree."""
    path, kind = _resolve(setting, sections)
    key = ".".join(path)
    if len(path) == 1 or is_struct(kind):
        raise ConfigError(
            f"{setting.source}: {key} is a table, not a value",
            code="CFG-003",
            hint=f"name a key in it: {', '.join(known_below(sections, key))}",
        )
    node = tree
    for name in path[:-1]:
        node = node.setdefault(name, {})
    node[path[-1]] = _typed(setting.text, kind)
    for below in [k for k in sources if k.startswith(f"{key}.")]:
        del sources[below]
    sources[key] = setting.source


def _resolve(setting: Setting, sections: Mapping[str, Any]) -> tuple[list[str], Any]:
    """Return the key as its types spell it (the environment shouts) and the type of its value."""
    path: list[str] = []
    kind: Any = None
    for word in setting.words:
        known = fields(kind) if is_struct(kind) else {} if path else sections
        name = word.lower() if word not in known and word.lower() in known else word
        below = known.get(name) if known else child(kind, name)
        path.append(name)
        if below is None:
            raise unknown_error(".".join(path), sections, setting.source)
        kind = plain_type(below)
    return path, kind


def _typed(text: str, kind: Any) -> Any:
    """Read text as a value of the type that is wanted; what does not fit is left for the check."""
    if kind in (str, Secret):
        return text
    if get_origin(kind) is list and not text.lstrip().startswith("["):
        of = plain_type(get_args(kind)[0])
        return [_typed(part.strip(), of) for part in text.split(",") if part.strip()]
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _decode(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise TypeError(f"expected {kind.__name__}")


def encode_plain(value: Any) -> Any:
    """Make a secret plain for JSON: masked, unless it is empty. An `enc_hook` of msgspec."""
    if isinstance(value, Secret):
        return str(value) if value.reveal() else ""
    raise NotImplementedError


def convert(
    name: str, tree: Any, kind: type[msgspec.Struct], sources: Mapping[str, str]
) -> msgspec.Struct:
    """Make a section from its part of the tree.

    Raises:
        ConfigError: If a value is missing, of the wrong type, or out of its range.
    """
    try:
        return msgspec.convert(tree, kind, dec_hook=_decode)
    except msgspec.ValidationError as err:
        for key, value, annotation in _wrong(tree, kind, name):
            expected = type_text(annotation).removesuffix(", optional")
            found = "****" if plain_type(annotation) is Secret else repr(value)
            raise ConfigError(
                f"{_where(key, sources)}: {key}: expected {expected}, found {found}",
                code="CFG-005",
                hint="`onetape config explain` lists every key with its meaning",
            ) from err
        what = str(err).translate({ord("`"): None}).replace(" - at $", f" in {name}")
        raise ConfigError(
            f"{_where(name, sources)}: {name}: {what}",
            code="CFG-006",
            hint="`onetape config explain` lists every key with its meaning",
        ) from err


def _wrong(tree: Any, kind: Any, prefix: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield the keys whose values do not fit, each with its value and its type."""
    for name, value in tree.items():
        annotation = child(kind, name)
        if isinstance(value, Mapping):
            yield from _wrong(value, annotation, f"{prefix}.{name}")
            continue
        try:
            msgspec.convert(value, annotation, dec_hook=_decode)
        except msgspec.ValidationError:
            yield f"{prefix}.{name}", value, annotation


def _where(key: str, sources: Mapping[str, str]) -> str:
    """Return where a key was set, or something in it."""
    below = (v for k, v in sources.items() if k == key or k.startswith(f"{key}."))
    return next(below, DEFAULT)
