# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What a compiled strategy looks at beside plain fields: levels, its orders, its places in queues.

What a strategy never looks at, the engine does not gather: compiling a call notes that it is made.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import RefType, iternext_impl, lower_constant
from numba.core.typing.templates import AbstractTemplate, builtin_registry, infer, signature
from numba.extending import (
    intrinsic,
    lower_builtin,
    models,
    overload,
    overload_attribute,
    overload_method,
    register_jitable,
    register_model,
)

from onetape.events import (
    LegChanged,
    OrderAccepted,
    OrderCanceled,
    OrderRejected,
    OrderReplaced,
    OrderStateChanged,
)
from onetape.trading.machine_code import layout
from onetape.trading.machine_code.asks import instrument_of, refuse, whole
from onetape.trading.machine_code.views import (
    ORDER,
    WORD,
    MarketType,
    OrderEventType,
    StrategyType,
    TradeType,
    address_of,
    load_b1,
    load_i8,
    load_u1,
    load_u4,
    number,
    order_at,
)

_CONTEXT_KIND = layout.offset(layout.CONTEXT, "event_kind")
_ORDERS = layout.offset(layout.CONTEXT, "orders")
_ORDERS_COUNT = layout.offset(layout.CONTEXT, "orders_count")
_MARKETS = layout.offset(layout.CONTEXT, "markets")
_MARKET_SIZE, _ORDER_SIZE = layout.MARKET.itemsize, layout.ORDER.itemsize
_LEVEL_SIZE = layout.LEVEL.itemsize
_LEVELS_MAX = layout.LEVELS_MAX
_IN_MARKET = {name: layout.offset(layout.MARKET, name) for name in layout.MARKET.names or ()}
_POSITION, _HAS_LAST = _IN_MARKET["position_lots"], _IN_MARKET["has_last_trade"]
_LAST, _CONTEXT = _IN_MARKET["last_trade_ticks"], _IN_MARKET["context"]
_IN_ORDER = {name: layout.offset(layout.ORDER, name) for name in layout.ORDER.names or ()}
_CLIENT, _INSTRUMENT = _IN_ORDER["client_id"], _IN_ORDER["instrument_id"]
_QUEUED, _ORDERS_AHEAD = _IN_ORDER["is_queued"], _IN_ORDER["orders_ahead"]
_LOTS_AHEAD = _IN_ORDER["lots_ahead"]
_PRICE, _QTY = layout.offset(layout.LEVEL, "price_ticks"), layout.offset(layout.LEVEL, "qty_lots")
_LEVEL_ORDERS = layout.offset(layout.LEVEL, "orders")
_AGGRESSOR = layout.offset(layout.TRADE, "aggressor")

#: What on_order is given, and the numbers of their kinds.
ORDER_EVENTS = (
    OrderAccepted,
    OrderRejected,
    OrderReplaced,
    OrderCanceled,
    OrderStateChanged,
    LegChanged,
)
ORDER_EVENT = OrderEventType({event.KIND: event.DTYPE for event in ORDER_EVENTS})


LEVEL = types.UniTuple(types.int64, 3)


class LevelsIterator(types.SimpleIteratorType):
    """Goes through levels."""


class OrdersIterator(types.SimpleIteratorType):
    """Goes through orders."""


LEVELS_ITERATOR = LevelsIterator("iterator of levels", LEVEL)
ORDERS_ITERATOR = OrdersIterator("iterator of orders", ORDER)


class LevelsType(types.IterableType):
    """The levels of one side, best first: an address and a number."""

    iterator_type = LEVELS_ITERATOR

    def __init__(self) -> None:
        super().__init__("levels")


class OrdersType(types.IterableType):
    """The strategy's live orders in one instrument, or in all (0)."""

    iterator_type = ORDERS_ITERATOR

    def __init__(self) -> None:
        super().__init__("orders")


LEVELS, ORDERS = LevelsType(), OrdersType()


class _Pair(models.StructModel):
    """Where the things stand, and how many or which of them."""

    def __init__(self, manager: Any, kind: types.Type) -> None:
        super().__init__(manager, kind, [("first", types.int64), ("second", types.int64)])


class _PairIterator(models.StructModel):
    """The same, with the place of the next."""

    def __init__(self, manager: Any, kind: types.Type) -> None:
        members = [("first", types.int64), ("second", types.int64)]
        super().__init__(manager, kind, [*members, ("next", types.EphemeralPointer(types.int64))])


for _kind in (LevelsType, OrdersType):
    register_model(_kind)(_Pair)
for _kind in (LevelsIterator, OrdersIterator):
    register_model(_kind)(_PairIterator)


def _pair_maker(kind: types.Type) -> Any:
    @intrinsic
    def make(typingctx: Any, first: types.Type, second: types.Type) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            pair = context.make_helper(builder, kind)
            pair.first, pair.second = args
            return pair._getvalue()

        return kind(types.int64, types.int64), emit

    return make


def _part_of(name: str) -> Any:
    @intrinsic
    def part(typingctx: Any, pair: types.Type) -> Any:
        def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return getattr(context.make_helper(builder, pair, value=args[0]), name)

        return types.int64(pair), emit

    return part


levels_at, orders_of = _pair_maker(LEVELS), _pair_maker(ORDERS)
first_of, second_of = _part_of("first"), _part_of("second")


def _depth(name: str, side: str) -> None:
    """Give markets `bids(n)` or `asks(n)`."""
    at, count_at = _IN_MARKET[side], _IN_MARKET[f"{side}_count"]

    @overload_method(MarketType, name, prefer_literal=True, strict=False)
    def depth(self: Any, n: Any) -> Any:
        whole("n", n)
        wanted = layout.LEVELS_MAX
        if isinstance(n, types.IntegerLiteral):
            wanted = min(wanted, max(0, n.literal_value))
        self.declared.levels = max(self.declared.levels, wanted)

        def look(self: Any, n: Any) -> Any:
            if n < 0 or n > _LEVELS_MAX:
                raise ValueError("a compiled strategy looks at 64 levels at most")
            return levels_at(load_i8(self, at), min(n, load_u4(self, count_at)))

        return look


_depth("bids", "bids")
_depth("asks", "asks")


@overload_attribute(MarketType, "last_trade_ticks", strict=False)
def _last_trade(market: Any) -> Any:
    def look(market: Any) -> Any:
        return None if load_u4(market, _HAS_LAST) == 0 else load_i8(market, _LAST)

    return look


@overload_attribute(TradeType, "aggressor", strict=False)
def _aggressor(trade: Any) -> Any:
    def look(trade: Any) -> Any:
        side = load_u1(trade, _AGGRESSOR)
        return None if side == 0 else side

    return look


@overload_method(MarketType, "queue_ahead", strict=False)
def _queue_ahead(self: Any, client_id: Any) -> Any:
    whole("client_id", client_id)
    self.declared.looks_at_orders = self.declared.looks_at_queues = True

    def look(self: Any, client_id: Any) -> Any:
        context = load_i8(self, _CONTEXT)
        at = load_i8(context, _ORDERS)
        for _ in range(load_u4(context, _ORDERS_COUNT)):
            if load_i8(at, _CLIENT) == client_id and load_u4(at, _INSTRUMENT) == self.instrument_id:
                if load_b1(at, _QUEUED):
                    return (load_u4(at, _ORDERS_AHEAD), load_i8(at, _LOTS_AHEAD))
                return None
            at += _ORDER_SIZE
        return None

    return look


@overload_method(StrategyType, "position", prefer_literal=True, strict=False)
def _position(self: Any, market: Any) -> Any:
    def look(self: Any, market: Any) -> int:
        first = load_i8(self, _MARKETS)
        identity = instrument_of(self, market)
        return load_i8(first, identity * _MARKET_SIZE + _POSITION)  # type: ignore[no-any-return] # numba has no types

    return look


@overload_method(StrategyType, "orders", prefer_literal=True, strict=False)
def _orders(self: Any, market: Any = None) -> Any:
    self.declared.looks_at_orders = True
    if market is None or isinstance(market, types.Omitted | types.NoneType):
        return lambda self, market=None: orders_of(address_of(self), 0)

    def look(self: Any, market: Any = None) -> Any:
        return orders_of(address_of(self), instrument_of(self, market))

    return look


@register_jitable
def next_order(context: int, wanted: int, place: int) -> int:
    """Return the place of the first order of an instrument from a place on; the count for none."""
    count: int = load_u4(context, _ORDERS_COUNT)
    first = load_i8(context, _ORDERS)
    while place < count:
        if wanted == 0 or load_u4(first, place * _ORDER_SIZE + _INSTRUMENT) == wanted:
            return place
        place += 1
    return count


def _levels_count(things: Any) -> Any:
    return second_of(things)


@overload(len, strict=False)
def _length(things: Any) -> Any:
    if isinstance(things, LevelsType):
        return _levels_count
    if isinstance(things, OrdersType):

        def count(things: Any) -> int:
            context, wanted = first_of(things), second_of(things)
            end = load_u4(context, _ORDERS_COUNT)
            found, place = 0, next_order(context, wanted, 0)
            while place < end:
                found, place = found + 1, next_order(context, wanted, place + 1)
            return found

        return count
    return None


@overload(bool, strict=False)
def _truth(things: Any) -> Any:
    if isinstance(things, LevelsType | OrdersType):
        return lambda things: len(things) != 0
    return None


@overload(operator.not_, strict=False)
def _not(things: Any) -> Any:
    if isinstance(things, LevelsType | OrdersType):
        return lambda things: len(things) == 0
    return None


@register_jitable
def level_at(at: int) -> tuple[int, int, int]:
    """Return one level: price, quantity, orders."""
    return (load_i8(at, _PRICE), load_i8(at, _QTY), load_u4(at, _LEVEL_ORDERS))


@overload(operator.getitem, strict=False)
def _item(things: Any, index: Any) -> Any:
    if isinstance(things, LevelsType) and isinstance(index, types.Integer):

        def level(things: Any, index: Any) -> Any:
            place = index + second_of(things) if index < 0 else index
            if place < 0 or place >= second_of(things):
                raise IndexError("list index out of range")
            return level_at(first_of(things) + place * _LEVEL_SIZE)

        return level
    if isinstance(things, OrdersType) and isinstance(index, types.Integer):

        def order(things: Any, index: Any) -> Any:
            context, wanted = first_of(things), second_of(things)
            left = index + len(things) if index < 0 else index
            end, place = load_u4(context, _ORDERS_COUNT), next_order(context, wanted, 0)
            while left > 0 and place < end:
                left, place = left - 1, next_order(context, wanted, place + 1)
            if left < 0 or place >= end:
                raise IndexError("list index out of range")
            return order_at(context, load_i8(context, _ORDERS) + place * _ORDER_SIZE)

        return order
    return None


def _start_of(kind: types.Type) -> Any:
    def start(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        pair = context.make_helper(builder, sig.args[0], value=args[0])
        iterator = context.make_helper(builder, kind)
        iterator.first, iterator.second = pair.first, pair.second
        iterator.next = cgutils.alloca_once_value(builder, ir.Constant(WORD, 0))
        return iterator._getvalue()

    return start


for _things, _iterator in ((LevelsType, LEVELS_ITERATOR), (OrdersType, ORDERS_ITERATOR)):
    lower_builtin("getiter", _things)(_start_of(_iterator))


@lower_builtin("iternext", LevelsIterator)
@iternext_impl(RefType.UNTRACKED)
def _next_level(context: Any, builder: Any, sig: Any, args: Any, result: Any) -> None:
    iterator = context.make_helper(builder, sig.args[0], value=args[0])
    place = builder.load(iterator.next)
    is_valid = builder.icmp_signed("<", place, iterator.second)
    result.set_valid(is_valid)
    with builder.if_then(is_valid):
        step = builder.mul(place, ir.Constant(WORD, _LEVEL_SIZE))
        at = builder.add(iterator.first, step)
        result.yield_(context.compile_internal(builder, level_at, LEVEL(types.int64), [at]))
        builder.store(builder.add(place, ir.Constant(WORD, 1)), iterator.next)


@lower_builtin("iternext", OrdersIterator)
@iternext_impl(RefType.UNTRACKED)
def _next_order(context: Any, builder: Any, sig: Any, args: Any, result: Any) -> None:
    iterator = context.make_helper(builder, sig.args[0], value=args[0])
    number = types.int64
    place = context.compile_internal(
        builder,
        next_order,
        number(number, number, number),
        [iterator.first, iterator.second, builder.load(iterator.next)],
    )
    read = context.compile_internal
    end = read(builder, _end, number(number), [iterator.first])
    is_valid = builder.icmp_signed("<", place, end)
    result.set_valid(is_valid)
    with builder.if_then(is_valid):
        first = read(builder, _start, number(number), [iterator.first])
        step = builder.mul(place, ir.Constant(WORD, _ORDER_SIZE))
        result.yield_(builder.add(first, step))
        builder.store(builder.add(place, ir.Constant(WORD, 1)), iterator.next)


def _end(context: int) -> int:
    return load_u4(context, _ORDERS_COUNT)  # type: ignore[no-any-return] # numba has no types


def _start(context: int) -> int:
    return load_i8(context, _ORDERS)  # type: ignore[no-any-return] # numba has no types


class EventClassType(types.Opaque):
    """The class of an order's event, as `isinstance` names it."""

    def __init__(self, kind: int) -> None:
        self.kind = kind
        super().__init__(f"class of event {kind}")


for _event in ORDER_EVENTS:
    builtin_registry.register_global(_event, EventClassType(_event.KIND))


@lower_constant(EventClassType)
def _event_class(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return context.get_dummy_value()


@register_model(EventClassType)
class _EventClassModel(models.OpaqueModel):
    """Nothing at run time."""


@overload(isinstance, strict=False)
def _is_instance(thing: Any, classes: Any) -> Any:
    if not isinstance(thing, OrderEventType):
        return None
    several = tuple(classes) if isinstance(classes, types.BaseTuple) else (classes,)
    if not all(isinstance(one, EventClassType) for one in several):
        raise refuse(
            "an event is compared with a class that it cannot have",
            "name one of the classes of onetape.trading.OrderEvent",
        )
    kinds = tuple(one.kind for one in several)

    def look(thing: Any, classes: Any) -> bool:
        return _kind_of(thing) in kinds

    return look


@register_jitable
def _kind_of(event: Any) -> int:
    return load_u4(event, _CONTEXT_KIND)  # type: ignore[no-any-return] # numba has no types


@infer
class _OptionalTupleItem(AbstractTemplate):
    """Types `place[0]` where `place` may be None, as `queue_ahead` gives it."""

    key = "static_getitem"

    def generic(self, args: Any, kws: Any) -> Any:
        things, index = args
        if isinstance(things, types.Optional) and isinstance(things.type, types.UniTuple):
            return signature(things.type.dtype, things, index)
        return None


@lower_builtin("static_getitem", types.Optional, types.Any)
def _optional_tuple_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    kind, index = sig.args[0], args[1]
    things = context.cast(builder, args[0], kind, kind.type)
    return builder.extract_value(things, range(kind.type.count)[index])


def _may_be_none(first: Any, second: Any) -> bool:
    """Say whether a number that may be None is compared with a number."""
    kinds = (first, second)
    whole_kinds = types.Integer | types.IntEnumMember
    optional = [isinstance(k, types.Optional) and isinstance(k.type, types.Integer) for k in kinds]
    return any(optional) and all(
        is_optional or isinstance(kind, whole_kinds)
        for kind, is_optional in zip(kinds, optional, strict=True)
    )


@register_jitable
def _same(first: Any, second: Any) -> Any:
    if first is None or second is None:
        return first is None and second is None
    return number(first) == number(second)


# The target is named so that these come before the compiler's own, which take None for an error.
@overload(operator.eq, strict=False, target="cpu")
def _equal(first: Any, second: Any) -> Any:
    if not _may_be_none(first, second):
        return None

    return _same


@overload(operator.ne, strict=False, target="cpu")
def _unequal(first: Any, second: Any) -> Any:
    if not _may_be_none(first, second):
        return None

    def compare(first: Any, second: Any) -> Any:
        return not _same(first, second)

    return compare
