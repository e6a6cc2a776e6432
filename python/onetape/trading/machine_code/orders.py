# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`self.send` and parent orders of a compiled strategy, as machine code."""

from __future__ import annotations

from typing import Any

from numba.extending import overload_method

from onetape.events import OrderType, StpMode, TimeInForce
from onetape.trading.machine_code import layout
from onetape.trading.machine_code.asks import instrument_of, next_client, next_intent, whole
from onetape.trading.machine_code.views import StrategyType, number, store_i8, store_u1, store_u4

_AT = {name: layout.offset(layout.INTENT, name) for name in layout.INTENT.names or ()}
_CLIENT_AT, _PRICE_AT, _QTY_AT = _AT["client_id"], _AT["price_ticks"], _AT["qty_lots"]
_SIDE_AT, _TYPE_AT, _FORCE_AT = _AT["side"], _AT["order_type"], _AT["time_in_force"]
_POST_AT, _STP_AT, _FLAGS_AT = _AT["post_only"], _AT["stp_mode"], _AT["flags"]
_DISPLAY_AT, _MIN_AT, _STOP_AT = _AT["display_lots"], _AT["min_qty_lots"], _AT["stop_price_ticks"]
_PEG_AT, _EXPIRE_AT = _AT["peg_offset_ticks"], _AT["expire_ts_ns"]
_PARENT_AT, _AFTER_AT, _GROUP_AT = _AT["parent_id"], _AT["after_id"], _AT["group_id"]
_CHILDREN_AT = _AT["children_max"]
_SEND, _SUBMIT = layout.SEND, layout.SUBMIT
_OPEN_PARENT, _CLOSE_PARENT = layout.OPEN_PARENT, layout.CLOSE_PARENT
_LIMIT, _MARKET = OrderType.LIMIT.value, OrderType.MARKET.value
_STOP, _STOP_LIMIT = OrderType.STOP.value, OrderType.STOP_LIMIT.value
_DAY, _UNTIL = TimeInForce.DAY.value, TimeInForce.UNTIL.value
_TYPE_LAST, _FORCE_LAST = max(OrderType).value, max(TimeInForce).value
_STP_LAST = max(StpMode).value
_CHILDREN_LAST = (1 << 32) - 1


@overload_method(StrategyType, "send", prefer_literal=True, strict=False)
def _send(
    self: Any,
    market: Any,
    side: Any,
    qty: Any,
    price: Any = None,
    order_type: Any = None,
    time_in_force: Any = None,
    post_only: Any = False,
    stp_mode: Any = 1,
    display: Any = 0,
    min_qty: Any = 0,
    stop: Any = None,
    peg_offset: Any = 0,
    expire_ns: Any = 0,
    hidden: Any = False,
    reduce_only: Any = False,
    held: Any = False,
    parent: Any = 0,
    after: Any = 0,
    group: Any = 0,
) -> Any:
    optional = {"price": price, "order_type": order_type, "stop": stop}
    for name, kind in (optional | {"time_in_force": time_in_force}).items():
        whole(name, kind, optional=True)
    given = {"side": side, "qty": qty, "stp_mode": stp_mode, "display": display}
    given |= {"min_qty": min_qty, "peg_offset": peg_offset, "expire_ns": expire_ns}
    for name, kind in (given | {"parent": parent, "after": after, "group": group}).items():
        whole(name, kind)
    return _ask_for_order


def _ask_for_order(
    self: Any,
    market: Any,
    side: Any,
    qty: Any,
    price: Any = None,
    order_type: Any = None,
    time_in_force: Any = None,
    post_only: Any = False,
    stp_mode: Any = 1,
    display: Any = 0,
    min_qty: Any = 0,
    stop: Any = None,
    peg_offset: Any = 0,
    expire_ns: Any = 0,
    hidden: Any = False,
    reduce_only: Any = False,
    held: Any = False,
    parent: Any = 0,
    after: Any = 0,
    group: Any = 0,
) -> Any:
    instrument = instrument_of(self, market)
    price_ticks, stop_ticks, chosen, force = 0, 0, _MARKET, _DAY
    if price is not None:
        price_ticks, chosen = number(price), _LIMIT
    if stop is not None:
        stop_ticks, chosen = number(stop), _STOP if price is None else _STOP_LIMIT
    if order_type is not None:
        chosen = number(order_type)
    if number(expire_ns) != 0:
        force = _UNTIL
    if time_in_force is not None:
        force = number(time_in_force)
    direction, prevention = number(side), number(stp_mode)
    known = 1 <= direction <= 2 and 1 <= chosen <= _TYPE_LAST and 1 <= force <= _FORCE_LAST  # noqa: PLR2004 - of Side
    if not (known and 0 <= prevention <= _STP_LAST):
        raise ValueError(
            "side, order_type, time_in_force and stp_mode take values of their enumerations"
        )
    if number(qty) < 0 or number(display) < 0 or number(min_qty) < 0:
        raise OverflowError("a quantity must be 0 or more")
    if number(parent) < 0 or number(after) < 0 or number(group) < 0:
        raise OverflowError("an id must be 0 or more")
    flags = (1 if post_only else 0) | (2 if hidden else 0)
    flags |= (4 if reduce_only else 0) | (8 if held else 0)
    terms = number(display) | number(min_qty) | number(peg_offset) | number(expire_ns)
    terms |= number(parent) | number(after) | number(group) | (flags & 14)
    simple = stop is None and terms == 0
    at = next_intent(self, _SEND if simple else _SUBMIT, instrument)
    client = next_client(self)
    store_i8(at, _CLIENT_AT, client)
    store_i8(at, _QTY_AT, number(qty))
    store_i8(at, _PRICE_AT, price_ticks)
    store_u1(at, _SIDE_AT, direction)
    store_u1(at, _TYPE_AT, chosen)
    store_u1(at, _FORCE_AT, force)
    store_u1(at, _POST_AT, flags & 1)
    store_u1(at, _STP_AT, prevention)
    if not simple:
        store_u1(at, _FLAGS_AT, flags)
        store_i8(at, _DISPLAY_AT, number(display))
        store_i8(at, _MIN_AT, number(min_qty))
        store_i8(at, _STOP_AT, stop_ticks)
        store_i8(at, _PEG_AT, number(peg_offset))
        store_i8(at, _EXPIRE_AT, number(expire_ns))
        store_i8(at, _PARENT_AT, number(parent))
        store_i8(at, _AFTER_AT, number(after))
        store_i8(at, _GROUP_AT, number(group))
    return client


@overload_method(StrategyType, "open_parent", prefer_literal=True, strict=False)
def _open_parent(self: Any, market: Any, side: Any, qty: Any, children_max: Any = 10_000) -> Any:
    for name, kind in (("side", side), ("qty", qty), ("children_max", children_max)):
        whole(name, kind)

    def ask_for(self: Any, market: Any, side: Any, qty: Any, children_max: Any = 10_000) -> Any:
        instrument = instrument_of(self, market)
        children = number(children_max)
        if number(qty) < 0 or children < 0 or children > _CHILDREN_LAST:
            raise OverflowError("qty and children_max must be 0 or more")
        at = next_intent(self, _OPEN_PARENT, instrument)
        client = next_client(self)
        store_i8(at, _CLIENT_AT, client)
        store_i8(at, _QTY_AT, number(qty))
        store_u1(at, _SIDE_AT, number(side))
        store_u4(at, _CHILDREN_AT, children)
        return client

    return ask_for


@overload_method(StrategyType, "close_parent", strict=False)
def _close_parent(self: Any, parent_id: Any) -> Any:
    whole("parent_id", parent_id)

    def ask_for(self: Any, parent_id: Any) -> None:
        at = next_intent(self, _CLOSE_PARENT, 0)
        store_i8(at, _CLIENT_AT, number(parent_id))

    return ask_for
