# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The configuration for people: each key with its value, source, default, range and meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args, get_origin

import msgspec

from onetape.config._shape import fields, is_struct, metas, plain_type, type_text
from onetape.config._value import DEFAULT


@dataclass(frozen=True)
class Key:
    """One key of the configuration, for people."""

    name: str
    value: object
    source: str
    default: object
    type: str
    unit: str
    description: str


def explain_keys(
    prefix: str, kind: type[msgspec.Struct], section: Any, sources: Mapping[str, str]
) -> Iterator[Key]:
    hints = fields(kind)
    for field in msgspec.structs.fields(kind):
        name = f"{prefix}.{field.encode_name}"
        value = getattr(section, field.name) if section is not None else None
        plain = plain_type(hints[field.encode_name])
        described = _describe(hints[field.encode_name])
        default = field.default
        if default is msgspec.NODEFAULT:
            factory = field.default_factory
            default = "required" if factory is msgspec.NODEFAULT else factory()
        if is_struct(plain):
            yield from explain_keys(name, plain, value, sources)
            continue
        per_name = get_origin(plain) is dict and is_struct(plain_type(get_args(plain)[1]))
        below = value if per_name and value else {}
        shown = sorted(below) if per_name else value
        kind_text = type_text(hints[field.encode_name])
        yield Key(name, shown, _source_of(name, sources), default, kind_text, *described)
        for word, item in below.items():
            yield from explain_keys(f"{name}.{word}", type(item), item, sources)


def _source_of(name: str, sources: Mapping[str, str]) -> str:
    if name in sources:
        return sources[name]
    below = {v for k, v in sources.items() if k.startswith(f"{name}.")}
    return ", ".join(sorted(below)) or DEFAULT


def _describe(annotation: Any) -> tuple[str, str]:
    """Return unit and description."""
    for item in metas(annotation):
        if item.description:
            return str((item.extra or {}).get("unit", "")), item.description
    return "", ""
