# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The types that compiled code sees: addresses of records, read field by field.

A strategy's `self`, a market, a fill are each one address. Reading an attribute loads from it. Each
integer is given as a signed one of 64 bits: the two kinds do not mix in machine arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    lower_setattr_generic,
    models,
    register_model,
)

from onetape.trading.machine_code import layout

if TYPE_CHECKING:
    from onetape.trading.machine_code.fields import Declared

WORD = ir.IntType(64)


class ViewType(types.Type):
    """The address of a record with fields."""

    def __init__(self, name: str, record: np.dtype[Any], hidden: tuple[str, ...] = ()) -> None:
        names = [n for n in record.names or () if not n.startswith("reserved")]
        self.fields = {
            n: (layout.offset(record, n), layout.code(record, n)) for n in names if n not in hidden
        }
        super().__init__(name)


class MarketType(ViewType):
    """A market, as one strategy sees it."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        hidden = ("has_last_trade", "last_trade_ticks", "bids", "asks", "context")
        super().__init__(f"Market of {declared.number}", layout.MARKET, hidden)


class TradeType(ViewType):
    """Somebody's trade."""


class OrderType(ViewType):
    """One of the strategy's live orders."""


class EventType(ViewType):
    """An event of one kind, as it stands in the journal."""


class OrderEventType(types.Type):
    """An event of one of several kinds: the context says which."""

    def __init__(self, kinds: Mapping[int, np.dtype[Any]]) -> None:
        self.kinds = {kind: EventType(f"event {kind}", rec).fields for kind, rec in kinds.items()}
        super().__init__("what on_order is given")


class StrategyType(types.Type):
    """A strategy's `self`: the address of the context of its callbacks."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared
        super().__init__(f"{declared.name}, number {declared.number}")


class SymbolType(types.Type):
    """A symbol that was known when the strategy was compiled: its place among the watched ones."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(f"symbol {place}")


TRADE = TradeType("Trade", layout.TRADE, ("aggressor",))
ORDER = OrderType("LiveOrder", layout.ORDER)


class _AddressModel(models.PrimitiveModel):
    """One machine word."""

    def __init__(self, manager: Any, kind: types.Type) -> None:
        super().__init__(manager, kind, WORD)


for _kind in (ViewType, MarketType, TradeType, OrderType, EventType, OrderEventType, StrategyType):
    register_model(_kind)(_AddressModel)


@register_model(SymbolType)
class _SymbolModel(models.OpaqueModel):
    """Nothing at run time."""


def _pointer(builder: Any, address: Any, offset: Any, bits: int) -> Any:
    if isinstance(offset, int):
        offset = ir.Constant(WORD, offset)
    place = builder.add(address, offset)
    return builder.inttoptr(place, ir.IntType(bits).as_pointer())


def load(builder: Any, address: Any, offset: Any, code: str) -> Any:
    """Emit the reading of a field; integers become 64 bits wide, flags one."""
    bits = int(code[1:]) * 8
    value = builder.load(_pointer(builder, address, offset, bits))
    if code[0] == "b":
        return builder.icmp_unsigned("!=", value, ir.Constant(value.type, 0))
    if bits == WORD.width:
        return value
    return builder.sext(value, WORD) if code[0] == "i" else builder.zext(value, WORD)


def store(builder: Any, address: Any, offset: Any, code: str, value: Any) -> None:
    """Emit the writing of a field of an integer's or a flag's value."""
    bits = int(code[1:]) * 8
    kind = ir.IntType(bits)
    if value.type.width > bits:
        value = builder.trunc(value, kind)
    elif value.type.width < bits:
        value = builder.zext(value, kind)
    builder.store(value, _pointer(builder, address, offset, bits))


def loader(code: str) -> Any:
    """Return a function of compiled code that reads a field: of a view, at an offset."""
    given = types.boolean if code[0] == "b" else types.int64

    @intrinsic
    def read(typingctx: Any, view: types.Type, offset: types.Type) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return load(builder, args[0], args[1], code)

        return given(view, types.int64), emit

    return read


def storer(code: str) -> Any:
    """Return a function of compiled code that writes a field: of a view, at an offset, a value."""

    @intrinsic
    def write(typingctx: Any, view: types.Type, offset: types.Type, value: types.Type) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            store(builder, args[0], args[1], code, args[2])
            return context.get_dummy_value()

        return types.none(view, types.int64, types.int64), emit

    return write


def caster(kind_of: Callable[[types.Type], types.Type]) -> Any:
    """Return a function of compiled code that takes an address for a view.

    Args:
        kind_of: Gives the view's type; it is given that of the strategy or market that looks.
    """

    @intrinsic
    def cast(typingctx: Any, looker: types.Type, address: types.Type) -> Any:
        kind = kind_of(looker)

        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return args[1]

        return kind(looker, types.int64), emit

    return cast


load_i8, load_u4, load_u1, load_b1 = loader("i8"), loader("u4"), loader("u1"), loader("b1")
store_i8, store_u4, store_u1 = storer("i8"), storer("u4"), storer("u1")


@intrinsic
def address_of(typingctx: Any, view: types.Type) -> Any:
    """Return a view's address."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return args[0]

    return types.int64(view), emit


@intrinsic
def number(typingctx: Any, value: types.Type) -> Any:
    """Return anything whole as an integer of 64 bits: a flag, a member of an enumeration."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return context.cast(builder, args[0], value, types.int64)

    return types.int64(value), emit


@intrinsic
def present(typingctx: Any, value: types.Type) -> Any:
    """Return what an optional value holds; it is not None: the caller looked."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return context.cast(builder, args[0], value, value.type)

    return value.type(value), emit


market_at = caster(lambda looker: looker.declared.market)
order_at = caster(lambda _looker: ORDER)


@infer_getattr
class _ViewAttributes(AttributeTemplate):
    key = ViewType

    def generic_resolve(self, view: ViewType, attr: str) -> types.Type | None:
        if attr not in view.fields:
            return None
        return types.boolean if view.fields[attr][1][0] == "b" else types.int64


@lower_getattr_generic(ViewType)
def _view_field(context: Any, builder: Any, view: ViewType, value: Any, attr: str) -> Any:
    return load(builder, value, *view.fields[attr])


@infer_getattr
class _StrategyAttributes(AttributeTemplate):
    key = StrategyType

    def generic_resolve(self, strategy: StrategyType, attr: str) -> types.Type | None:
        declared = strategy.declared
        if attr == "now_ns":
            return types.int64
        if attr in declared.fields:
            return declared.fields[attr].kind
        if attr in declared.symbols:
            return SymbolType(declared.watch(declared.symbols[attr]))
        if attr in declared.methods:
            return _bound_method(strategy, attr)
        return None


def _bound_method(strategy: StrategyType, attr: str) -> types.Type:
    """Return the type of `self.attr`, a method of the strategy's own."""
    function = types.Dispatcher(strategy.declared.methods[attr])

    class Method(AbstractTemplate):
        key = _method_key(strategy.declared, attr)

        def generic(self, args: Any, kws: Any) -> Any:
            return function.get_call_type(self.context, (strategy, *args), kws).as_method()

    return types.BoundFunction(Method, strategy)


def _method_key(declared: Declared, name: str) -> tuple[str, int, str]:
    return ("strategy's method", declared.number, name)


def add_method(declared: Declared, name: str, dispatcher: Any) -> None:
    """Let compiled code call `self.name(…)`."""
    declared.methods[name] = dispatcher

    @lower_builtin(_method_key(declared, name), StrategyType, types.VarArg(types.Any))
    def call(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        function = context.get_function(types.Dispatcher(dispatcher), sig)
        context.add_linking_libs(getattr(function, "libs", ()))
        return function(builder, args)


@lower_getattr_generic(StrategyType)
def _strategy_field(
    context: Any, builder: Any, strategy: StrategyType, value: Any, attr: str
) -> Any:
    declared = strategy.declared
    if attr == "now_ns":
        return load(builder, value, layout.offset(layout.CONTEXT, "now_ns"), "i8")
    if attr in declared.methods:
        return value
    if attr in declared.symbols:
        return context.get_dummy_value()
    state = load(builder, value, layout.offset(layout.CONTEXT, "state"), "i8")
    return declared.fields[attr].read(context, builder, state, value)


@lower_setattr_generic(StrategyType)
def _set_strategy_field(context: Any, builder: Any, sig: Any, args: Any, attr: str) -> None:
    declared = sig.args[0].declared
    state = load(builder, args[0], layout.offset(layout.CONTEXT, "state"), "i8")
    declared.fields[attr].write(context, builder, state, args[0], args[1])


@infer_getattr
class _OrderEventAttributes(AttributeTemplate):
    key = OrderEventType

    def generic_resolve(self, event: OrderEventType, attr: str) -> types.Type | None:
        found = any(attr in fields for fields in event.kinds.values())
        return types.int64 if found else None


@lower_getattr_generic(OrderEventType)
def _order_event_field(
    context: Any, builder: Any, event: OrderEventType, value: Any, attr: str
) -> Any:
    """Read a field where the event's kind has it; raise where it does not, as Python does."""
    kind = load(builder, value, layout.offset(layout.CONTEXT, "event_kind"), "u4")
    body = load(builder, value, layout.offset(layout.CONTEXT, "event"), "i8")
    result = cgutils.alloca_once(builder, WORD)
    found = cgutils.alloca_once_value(builder, ir.Constant(ir.IntType(1), 0))
    for number, fields in event.kinds.items():
        if attr not in fields:
            continue
        is_it = builder.icmp_unsigned("==", kind, ir.Constant(WORD, number))
        with builder.if_then(is_it):
            builder.store(load(builder, body, *fields[attr]), result)
            builder.store(ir.Constant(ir.IntType(1), 1), found)
    with builder.if_then(builder.not_(builder.load(found)), likely=False):
        text = f"an event of this kind has no attribute {attr}"
        context.call_conv.return_user_exc(builder, AttributeError, (text,))
    return builder.load(result)
