# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What a compiled strategy's class declares: its parameters, its state, its methods.

Every attribute has a type that is known before the start, and stands at a fixed place of one record
that the engine owns. Nothing of it is a Python object.
"""

from __future__ import annotations

import inspect
import itertools
import typing
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.np.arrayobj import populate_array

from onetape import _native
from onetape.trading.machine_code import layout
from onetape.trading.machine_code.refusals import Refusal
from onetape.trading.machine_code.views import WORD, MarketType, load, store
from onetape.trading.strategy import Strategy

#: Types of array elements that machine arithmetic treats as Python does.
ELEMENTS = ("int64", "int32", "int16", "int8", "uint32", "uint16", "uint8", "float64", "bool")
#: Classes so far: two of one name are two types.
_numbers = itertools.count(1)


@dataclass
class Field:
    """One attribute: where it stands, and as what compiled code sees it."""

    name: str
    kind: types.Type
    dtype: np.dtype[Any]
    shape: tuple[int, ...] = ()
    offset: int = 0

    def read(self, context: Any, builder: Any, state: Any, self_address: Any) -> Any:
        """Emit the reading of the attribute."""
        if self.shape:
            return self._array(context, builder, state)
        if isinstance(self.kind, types.Optional):
            return self._market(context, builder, state, self_address)
        if self.kind is types.float64:
            return builder.load(self._place(builder, state, ir.DoubleType()))
        return load(builder, state, self.offset, "b1" if self.kind is types.boolean else "i8")

    def write(self, context: Any, builder: Any, state: Any, _self_address: Any, value: Any) -> None:
        """Emit the writing of the attribute."""
        if isinstance(self.kind, types.Optional):
            optional = context.make_helper(builder, self.kind, value=value)
            identity = load(
                builder, optional.data, layout.offset(layout.MARKET, "instrument_id"), "u4"
            )
            value = builder.select(optional.valid, identity, ir.Constant(WORD, 0))
            store(builder, state, self.offset, "u4", value)
        elif self.kind is types.float64:
            builder.store(value, self._place(builder, state, ir.DoubleType()))
        else:
            code = "b1" if self.kind is types.boolean else "i8"
            store(builder, state, self.offset, code, value)

    def _place(self, builder: Any, state: Any, kind: Any) -> Any:
        address = builder.add(state, ir.Constant(WORD, self.offset))
        return builder.inttoptr(address, kind.as_pointer())

    def _array(self, context: Any, builder: Any, state: Any) -> Any:
        data_kind = context.get_data_type(self.kind.dtype)
        array = context.make_array(self.kind)(context, builder)
        strides = np.empty(self.shape, self.dtype).strides
        populate_array(
            array,
            data=self._place(builder, state, data_kind),
            shape=[context.get_constant(types.intp, n) for n in self.shape],
            strides=[context.get_constant(types.intp, n) for n in strides],
            itemsize=context.get_constant(types.intp, self.dtype.itemsize),
            meminfo=None,
        )
        return array._getvalue()

    def _market(self, context: Any, builder: Any, state: Any, self_address: Any) -> Any:
        identity = load(builder, state, self.offset, "u4")
        first = load(builder, self_address, layout.offset(layout.CONTEXT, "markets"), "i8")
        size = ir.Constant(WORD, layout.MARKET.itemsize)
        optional = context.make_helper(builder, self.kind)
        optional.data = builder.add(first, builder.mul(identity, size))
        optional.valid = builder.icmp_unsigned("!=", identity, ir.Constant(WORD, 0))
        return optional._getvalue()


@dataclass
class Declared:
    """A strategy's class, as compiled code sees it."""

    name: str
    kind: type[Strategy]
    fields: dict[str, Field] = field(default_factory=dict)
    symbols: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    methods: dict[str, Any] = field(default_factory=dict)
    watched: list[str] = field(default_factory=list)
    number: int = field(default_factory=lambda: next(_numbers))
    #: What callbacks look at beside best prices: filled in while they are compiled.
    levels: int = 0
    looks_at_orders: bool = False
    looks_at_queues: bool = False

    def __post_init__(self) -> None:
        #: A market, as this strategy sees it.
        self.market = MarketType(self)

    def watch(self, symbol: str) -> int:
        """Return the place of a symbol among those that the strategy names."""
        if symbol not in self.watched:
            if len(self.watched) == layout.WATCHED_MAX:
                raise Refusal(
                    f"more than {layout.WATCHED_MAX} symbols are named",
                    "split the strategy, or take the market that a callback is given",
                )
            self.watched.append(symbol)
        return self.watched.index(symbol)

    def dtype(self) -> np.dtype[Any]:
        """Return the record of all fields."""
        return np.dtype(
            {
                "names": list(self.fields),
                "formats": [
                    (f.dtype, f.shape) if f.shape else f.dtype for f in self.fields.values()
                ],
                "offsets": [f.offset for f in self.fields.values()],
                "itemsize": self.size,
            }
        )

    @property
    def size(self) -> int:
        """Size of the state, bytes: a multiple of 8, at least 8."""
        ends = (f.offset + f.dtype.itemsize * int(np.prod(f.shape)) for f in self.fields.values())
        return -(-max(ends, default=8) // 8) * 8

    def market_offsets(self) -> list[int]:
        """Return where the state holds instruments whose markets must be up to date."""
        return [f.offset for f in self.fields.values() if isinstance(f.kind, types.Optional)]


def declared_by(strategy: Strategy) -> Declared:
    """Return what a strategy's class declares, with this instance's symbols and array sizes."""
    kind = type(strategy)
    hints = _hints(kind)
    declared = Declared(kind.__name__, kind)
    offset = 0
    for name in _attributes(kind):
        value = getattr(kind, name)
        own = getattr(strategy, name)
        if isinstance(own, np.ndarray) and isinstance(value, np.ndarray):
            # A parameter may size an array.
            value = value if own.dtype != value.dtype else own
        elif isinstance(own, str) and isinstance(value, str):
            value = own
        made = _field(declared, name, value, hints.get(name))
        if isinstance(made, Field):
            made.offset = offset
            size = made.dtype.itemsize * int(np.prod(made.shape))
            offset += -(-size // 8) * 8
            declared.fields[name] = made
        elif isinstance(value, str):
            declared.symbols[name] = value
        else:
            declared.refused[name] = made
    return declared


def functions_of(kind: type[Strategy]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the methods that a strategy's class, or one it derives from, defines itself."""
    for name in dir(kind):
        value = inspect.getattr_static(kind, name)
        own = not hasattr(Strategy, name) or value is not inspect.getattr_static(Strategy, name)
        if inspect.isfunction(value) and own and not name.startswith("__"):
            yield name, value


def _attributes(kind: type[Strategy]) -> list[str]:
    """Return the names of data attributes, those of the most basic class first."""
    names: dict[str, None] = {}
    for owner in reversed(kind.__mro__):
        if not issubclass(owner, Strategy) or owner is Strategy:
            continue
        for name, value in vars(owner).items():
            is_data = not callable(value) and not isinstance(value, classmethod | staticmethod)
            if is_data and not isinstance(value, property) and not name.startswith("__"):
                names[name] = None
    names.pop("any_book", None)
    return list(names)


def _hints(kind: type[Strategy]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(kind)
    except (NameError, TypeError, AttributeError):
        # A hint that cannot be evaluated says nothing more than the value does.
        return {}


def _field(declared: Declared, name: str, value: object, hint: object) -> Field | str:
    """Return the field of an attribute, or why it cannot be one."""
    if isinstance(value, np.ndarray):
        return _array(name, value)
    if value is None and _native.Market in typing.get_args(hint):
        return Field(name, types.Optional(declared.market), np.dtype(np.uint64))
    return _number(name, value, hint)


def _number(name: str, value: object, hint: object) -> Field | str:
    if value is None:
        return "starts as None: give it a number, or annotate it as `Market | None`"
    if isinstance(value, bool | np.bool_):
        return Field(name, types.boolean, np.dtype(np.bool_))
    is_whole = isinstance(value, int | np.integer)
    if isinstance(value, float | np.floating) or (hint is float and is_whole):
        return Field(name, types.float64, np.dtype(np.float64))
    if is_whole:
        return Field(name, types.int64, np.dtype(np.int64))
    return f"is a {type(value).__name__}: use int, float, bool or a NumPy array"


def _array(name: str, value: np.ndarray[Any, Any]) -> Field | str:
    if value.dtype.name not in ELEMENTS:
        return f"is an array of {value.dtype}: use one of {', '.join(ELEMENTS)}"
    if not value.size:
        return "is an empty array: give it the size that it will need"
    kind = types.Array(np_kind(value.dtype), value.ndim, "C")
    return Field(name, kind, value.dtype, value.shape)


def np_kind(dtype: np.dtype[Any]) -> types.Type:
    """Return the machine type of an array's elements."""
    return types.boolean if dtype.kind == "b" else getattr(types, dtype.name)
