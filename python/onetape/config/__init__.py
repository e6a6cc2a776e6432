# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Reads TOML into typed, frozen values, and remembers where each came from.

A section is a `msgspec.Struct(frozen=True, kw_only=True, forbid_unknown_fields=True)` beside its
owner; a field is `Annotated[int, meta("What it is.", unit="lots", ge=1)]`. Order of strength:
file, environment (`ONETAPE__SECTION__KEY=…`), command line (`--set section.key=value`). There is
no global: load once, pass on. The configuration in force is the first entry of a run's journal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from onetape.config._explain import Key, explain_keys
from onetape.config._file import leaves, parse, place, read
from onetape.config._secret import Secret
from onetape.config._shape import unknown, unknown_error
from onetape.config._value import Setting, convert, encode_plain, override_one
from onetape.errors import ConfigError

__all__ = ["Key", "Loaded", "Secret", "encode_plain", "from_json", "load", "meta"]

ENVIRONMENT_PREFIX = "ONETAPE__"

SectionT = TypeVar("SectionT", bound=msgspec.Struct)


def meta(
    description: str, *, unit: str = "", ge: float | None = None, le: float | None = None
) -> msgspec.Meta:
    """Say what a field means.

    Args:
        description: One sentence or two.
        unit: Its unit, where it has one: "lots", "bytes".
        ge: Lowest value allowed.
        le: Highest value allowed.
    """
    return msgspec.Meta(description=description, ge=ge, le=le, extra={"unit": unit})


@dataclass(frozen=True)
class Loaded:
    """The configuration in force, and where each value came from."""

    sections: Mapping[str, msgspec.Struct]
    sources: Mapping[str, str]

    def section(self, kind: type[SectionT]) -> SectionT:
        """Return the section of this type.

        Raises:
            KeyError: If no section has it.
        """
        for section in self.sections.values():
            if isinstance(section, kind):
                return section
        raise KeyError(kind.__name__)

    def canonical_json(self) -> bytes:
        """Return the whole configuration as JSON: keys sorted, no spaces, secrets masked."""
        return msgspec.json.encode(dict(self.sections), order="sorted", enc_hook=encode_plain)

    def keys(self) -> Iterator[Key]:
        """Yield every key with its value, source, default and meaning."""
        for name, section in self.sections.items():
            yield from explain_keys(name, type(section), section, self.sources)


def load(
    path: Path | None,
    sections: Mapping[str, type[msgspec.Struct]],
    *,
    overrides: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Loaded:
    """Read a configuration.

    Args:
        path: TOML file; None for defaults, environment and command line only.
        sections: Type of each section, by its name in the file.
        overrides: `section.key=value`, strongest, the last one wins.
        environment: Usually `os.environ`; only `ONETAPE__…` is looked at.

    Raises:
        ConfigError: If the file cannot be read, a key is unknown or a value is wrong; it says what
            was expected, what was found, where, and the nearest known key.
    """
    tree: dict[str, Any] = {}
    sources: dict[str, str] = {}
    if path is not None:
        text = read(path)
        tree = parse(text, path)
        for key in leaves(tree):
            sources[key] = place(text, path, key)
        for problem in unknown(tree, sections):
            raise unknown_error(problem, sections, place(text, path, problem))
        _require_tables(tree, sources)
    for setting in [*_from_environment(environment or {}), *map(_from_option, overrides)]:
        override_one(tree, sources, sections, setting)
    return Loaded(
        {n: convert(n, tree.get(n, {}), t, sources) for n, t in sections.items()}, sources
    )


def from_json(text: bytes, sections: Mapping[str, type[msgspec.Struct]], source: str) -> Loaded:
    """Read a configuration back from its canonical JSON, as a replay does.

    Raises:
        ConfigError: If it does not fit the sections of this version.
    """
    tree = msgspec.json.decode(text)
    for problem in unknown(tree, sections):
        raise unknown_error(problem, sections, source)
    sources = dict.fromkeys(leaves(tree), source)
    return Loaded(
        {n: convert(n, tree.get(n, {}), t, sources) for n, t in sections.items()}, sources
    )


def _require_tables(tree: Mapping[str, Any], sources: Mapping[str, str]) -> None:
    for name, value in tree.items():
        if not isinstance(value, dict):
            raise ConfigError(
                f"{sources[name]}: {name} is a section, found {value!r}",
                code="CFG-005",
                hint=f"write [{name}] on a line of its own and its keys below it",
            )


def _from_environment(environment: Mapping[str, str]) -> Iterator[Setting]:
    for name, text in sorted(environment.items()):
        if name.startswith(ENVIRONMENT_PREFIX):
            yield Setting(name.removeprefix(ENVIRONMENT_PREFIX).split("__"), text, name)


def _from_option(option: str) -> Setting:
    name, equals, text = option.partition("=")
    if not equals:
        raise ConfigError(
            f"--set {option}: expected section.key=value",
            code="CFG-003",
            hint="write for instance --set risk.order_qty_max=500",
        )
    # A word in quotes may hold points: risk.instruments."BRK.A".position_max
    words = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|([^."]+)', name.strip())]
    return Setting(words or [""], text, "command line")
