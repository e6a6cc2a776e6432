# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What of a strategy may be set while it runs: its attributes that are numbers or truth values.

A class declares one by giving it a value, and its range by a hint:
`qty: Annotated[int, Between(1, 1_000)] = 100`.
"""

from __future__ import annotations

import math
import struct
import typing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from onetape.errors import ConfigError
from onetape.events import ParameterKind

if TYPE_CHECKING:
    from onetape.trading.strategy import Strategy

#: Most parameters of a strategy that may be set while it runs; the rest is configured alone.
PARAMETERS_MAX = 128
#: Longest name of one, in bytes of UTF-8; one with a longer name is configured alone.
NAME_BYTES_MAX = 32
_INTEGERS = (-(1 << 63), (1 << 63) - 1)


@dataclass(frozen=True)
class Between:
    """The range of a parameter, in a hint: `Annotated[int, Between(1, 1_000)]`.

    Attributes:
        low: Least value that it may have.
        high: Greatest.
    """

    low: float
    high: float


@dataclass(frozen=True)
class Parameter:
    """One that may be set while the strategy runs.

    Attributes:
        name: Of the attribute.
        kind: How its values are read.
        initial: What it begins with.
        low: Least value that it may have.
        high: Greatest.
    """

    name: str
    kind: ParameterKind
    initial: float
    low: float
    high: float

    @property
    def declared(self) -> tuple[str, int, int, int, int]:
        """As the engine is told: the values as their eight bytes."""
        bits = (_bits(self.kind, value) for value in (self.initial, self.low, self.high))
        initial, low, high = bits
        return self.name, int(self.kind), initial, low, high


def parameters_of(strategy: Strategy) -> list[Parameter]:
    """Return what of a strategy may be set while it runs, in the order of its class.

    Raises:
        ConfigError: If a value is out of the range that the class declares.
    """
    kind = type(strategy)
    hints = _hints(kind)
    found: list[Parameter] = []
    for name, default in _attributes(kind).items():
        made = _parameter(kind.__name__, name, (default, getattr(strategy, name)), hints.get(name))
        if made is not None and len(found) < PARAMETERS_MAX:
            found.append(made)
    return found


def set_parameter(strategy: Strategy, name: str, kind: int, bits: int) -> None:
    """Give a strategy's attribute the value of eight bytes."""
    setattr(strategy, name, value_of(ParameterKind(kind), bits))


def value_of(kind: ParameterKind, bits: int) -> float:
    """Return the value of eight bytes, as its kind reads them."""
    raw = struct.pack("<Q", bits)
    if kind is ParameterKind.FLOAT:
        return float(struct.unpack("<d", raw)[0])
    if kind is ParameterKind.BOOLEAN:
        return bits != 0
    return int(struct.unpack("<q", raw)[0])


def _bits(kind: ParameterKind, value: float) -> int:
    raw = struct.pack("<d", value) if kind is ParameterKind.FLOAT else struct.pack("<q", int(value))
    return int(struct.unpack("<Q", raw)[0])


def _attributes(kind: type[Strategy]) -> dict[str, Any]:
    """Return the data attributes of a class and those it derives from, with their defaults."""
    base = next(owner for owner in kind.__mro__ if owner.__module__ == "onetape.trading.strategy")
    found: dict[str, Any] = {}
    for owner in reversed(kind.__mro__):
        if issubclass(owner, base) and owner is not base:
            # Methods and properties are descriptors: they are no data.
            data = {n: v for n, v in vars(owner).items() if not hasattr(type(v), "__get__")}
            found |= {n: v for n, v in data.items() if not n.startswith("_")}
    found.pop("any_book", None)
    return found


def _hints(kind: type[Strategy]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(kind, include_extras=True)
    except (NameError, TypeError, AttributeError):
        # A hint that cannot be evaluated says nothing more than the value does.
        return {}


def _parameter(owner: str, name: str, values: tuple[Any, Any], hint: object) -> Parameter | None:
    """Return an attribute as a parameter; None where it cannot be one."""
    default, value = values
    plain = next(iter(typing.get_args(hint)), None) if _is_annotated(hint) else hint
    if len(name.encode()) > NAME_BYTES_MAX or not isinstance(value, bool | int | float):
        return None
    if isinstance(default, bool) or isinstance(value, bool):
        return Parameter(name, ParameterKind.BOOLEAN, bool(value), 0, 1)
    is_float = plain is float or isinstance(default, float) or isinstance(value, float)
    kind = ParameterKind.FLOAT if is_float else ParameterKind.INTEGER
    low, high = (-math.inf, math.inf) if is_float else _INTEGERS
    given = [it for it in getattr(hint, "__metadata__", ()) if isinstance(it, Between)]
    for between in given:
        low, high = max(low, between.low), min(high, between.high)
    if given and not is_float:
        low, high = math.ceil(low), math.floor(high)
    if not low <= value <= high:
        if not given:
            return None  # A whole number of more than 64 bits.
        raise ConfigError(
            f"{owner}.{name}: expected {low} to {high}, found {value}",
            code="RUN-025",
            hint="the class declares this range; give the parameter a value in it",
        )
    return Parameter(name, kind, value, low, high)


def _is_annotated(hint: object) -> bool:
    return typing.get_origin(hint) is typing.Annotated
