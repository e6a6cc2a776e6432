# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Orders that depend on each other, asked for by a compiled strategy, as machine code.

Each order is a record of its own; the group's follows them and makes one intent of all.
"""

from __future__ import annotations

from typing import Any

from numba.extending import overload_method, register_jitable

from onetape.events import GroupKind, OrderType, StpMode, TimeInForce
from onetape.trading.machine_code import layout
from onetape.trading.machine_code.asks import instrument_of, next_client, next_intent, whole
from onetape.trading.machine_code.views import StrategyType, number, store_i8, store_u1

_AT = {name: layout.offset(layout.INTENT, name) for name in layout.INTENT.names or ()}
_CLIENT_AT, _PRICE_AT, _QTY_AT = _AT["client_id"], _AT["price_ticks"], _AT["qty_lots"]
_STOP_AT, _TRAIL_AT = _AT["stop_price_ticks"], _AT["peg_offset_ticks"]
_SIDE_AT, _TYPE_AT, _FORCE_AT = _AT["side"], _AT["order_type"], _AT["time_in_force"]
_FLAGS_AT, _STP_AT = _AT["flags"], _AT["stp_mode"]
_LEG, _GROUP = layout.LEG, layout.GROUP
_LIMIT, _MARKET = OrderType.LIMIT.value, OrderType.MARKET.value
_STOP, _STOP_LIMIT = OrderType.STOP.value, OrderType.STOP_LIMIT.value
_DAY, _STP_LAST = TimeInForce.DAY.value, max(StpMode).value
_ALONE, _OCO = GroupKind.ALONE.value, GroupKind.ONE_CANCELS_OTHER.value
_OTO, _BRACKET = GroupKind.ONE_TRIGGERS_OTHER.value, GroupKind.BRACKET.value


@register_jitable
def _known(side: int, then: int, prevention: int) -> None:
    if not (1 <= side <= 2 and 1 <= then <= 2 and 0 <= prevention <= _STP_LAST):  # noqa: PLR2004 - of Side
        raise ValueError("a side takes values of onetape.Side, stp_mode of onetape.StpMode")


@register_jitable
def _leg(
    strategy: Any,
    instrument: int,
    side: int,
    qty: int,
    price: int,
    stop: int,
    trail: int,
    post_only: int,
) -> None:
    """Ask for one order of a group; a stop, or one that trails, is kept by us."""
    if qty < 0:
        raise OverflowError("a quantity must be 0 or more")
    is_stop = stop != 0 or trail != 0
    chosen = _STOP_LIMIT if price != 0 else _STOP
    if not is_stop:
        chosen = _LIMIT if price != 0 else _MARKET
    at = next_intent(strategy, _LEG, instrument)
    store_i8(at, _PRICE_AT, price)
    store_i8(at, _STOP_AT, stop)
    store_i8(at, _TRAIL_AT, trail)
    store_i8(at, _QTY_AT, qty)
    store_u1(at, _SIDE_AT, side)
    store_u1(at, _TYPE_AT, chosen)
    store_u1(at, _FORCE_AT, _DAY)
    store_u1(at, _FLAGS_AT, post_only | (8 if is_stop else 0))


@register_jitable
def _group(strategy: Any, kind: int, legs: int, stp_mode: int) -> int:
    """Make one intent of the orders before it; return the group's id."""
    at = next_intent(strategy, _GROUP, 0)
    group: int = next_client(strategy)
    for _ in range(legs):
        next_client(strategy)
    store_i8(at, _CLIENT_AT, group)
    store_u1(at, _FLAGS_AT, kind)
    store_u1(at, _STP_AT, stp_mode)
    return group


def _check(needed: dict[str, Any], optional: dict[str, Any]) -> None:
    for name, kind in needed.items():
        whole(name, kind)
    for name, kind in optional.items():
        whole(name, kind, optional=True)


@register_jitable
def _or_zero(value: Any) -> int:
    return 0 if value is None else number(value)


@overload_method(StrategyType, "stop_order", prefer_literal=True, strict=False)
def _stop_order(
    self: Any,
    market: Any,
    side: Any,
    qty: Any,
    stop: Any = None,
    limit: Any = None,
    trail: Any = 0,
    stp_mode: Any = 1,
) -> Any:
    needed = {"side": side, "qty": qty, "trail": trail, "stp_mode": stp_mode}
    _check(needed, {"stop": stop, "limit": limit})

    def ask_for(
        self: Any,
        market: Any,
        side: Any,
        qty: Any,
        stop: Any = None,
        limit: Any = None,
        trail: Any = 0,
        stp_mode: Any = 1,
    ) -> Any:
        instrument = instrument_of(self, market)
        direction = number(side)
        _known(direction, direction, number(stp_mode))
        stop_price, price = _or_zero(stop), _or_zero(limit)
        _leg(self, instrument, direction, number(qty), price, stop_price, number(trail), 0)
        return _group(self, _ALONE, 1, number(stp_mode))

    return ask_for


@overload_method(StrategyType, "oco", prefer_literal=True, strict=False)
def _oco(
    self: Any,
    market: Any,
    side: Any,
    qty: Any,
    price: Any,
    stop: Any = None,
    stop_side: Any = None,
    stop_limit: Any = None,
    trail: Any = 0,
    post_only: Any = False,
    stp_mode: Any = 1,
) -> Any:
    needed = {"side": side, "qty": qty, "price": price, "trail": trail, "stp_mode": stp_mode}
    _check(needed, {"stop": stop, "stop_side": stop_side, "stop_limit": stop_limit})

    def ask_for(
        self: Any,
        market: Any,
        side: Any,
        qty: Any,
        price: Any,
        stop: Any = None,
        stop_side: Any = None,
        stop_limit: Any = None,
        trail: Any = 0,
        post_only: Any = False,
        stp_mode: Any = 1,
    ) -> Any:
        instrument = instrument_of(self, market)
        direction = number(side)
        other = direction if stop_side is None else _or_zero(stop_side)
        _known(direction, other, number(stp_mode))
        lots, is_post_only = number(qty), 1 if post_only else 0
        stop_price, limit = _or_zero(stop), _or_zero(stop_limit)
        _leg(self, instrument, direction, lots, number(price), 0, 0, is_post_only)
        _leg(self, instrument, other, lots, limit, stop_price, number(trail), 0)
        return _group(self, _OCO, 2, number(stp_mode))

    return ask_for


@overload_method(StrategyType, "oto", prefer_literal=True, strict=False)
def _oto(
    self: Any,
    market: Any,
    side: Any,
    qty: Any,
    price: Any = None,
    then_price: Any = None,
    then_stop: Any = None,
    then_side: Any = None,
    then_qty: Any = None,
    trail: Any = 0,
    post_only: Any = False,
    stp_mode: Any = 1,
) -> Any:
    needed = {"side": side, "qty": qty, "trail": trail, "stp_mode": stp_mode}
    optional = {"price": price, "then_price": then_price, "then_stop": then_stop}
    _check(needed, optional | {"then_side": then_side, "then_qty": then_qty})

    def ask_for(
        self: Any,
        market: Any,
        side: Any,
        qty: Any,
        price: Any = None,
        then_price: Any = None,
        then_stop: Any = None,
        then_side: Any = None,
        then_qty: Any = None,
        trail: Any = 0,
        post_only: Any = False,
        stp_mode: Any = 1,
    ) -> Any:
        instrument = instrument_of(self, market)
        direction = number(side)
        other = 3 - direction if then_side is None else _or_zero(then_side)
        _known(direction, other, number(stp_mode))
        lots = number(qty) if then_qty is None else _or_zero(then_qty)
        is_post_only = 1 if post_only else 0
        then_limit, stop_price = _or_zero(then_price), _or_zero(then_stop)
        _leg(self, instrument, direction, number(qty), _or_zero(price), 0, 0, is_post_only)
        _leg(self, instrument, other, lots, then_limit, stop_price, number(trail), 0)
        return _group(self, _OTO, 2, number(stp_mode))

    return ask_for


@overload_method(StrategyType, "bracket", prefer_literal=True, strict=False)
def _bracket(
    self: Any,
    market: Any,
    side: Any,
    qty: Any,
    price: Any = None,
    profit: Any = 0,
    loss: Any = None,
    loss_limit: Any = None,
    trail: Any = 0,
    post_only: Any = False,
    stp_mode: Any = 1,
) -> Any:
    needed = {"side": side, "qty": qty, "profit": profit, "trail": trail, "stp_mode": stp_mode}
    _check(needed, {"price": price, "loss": loss, "loss_limit": loss_limit})

    def ask_for(
        self: Any,
        market: Any,
        side: Any,
        qty: Any,
        price: Any = None,
        profit: Any = 0,
        loss: Any = None,
        loss_limit: Any = None,
        trail: Any = 0,
        post_only: Any = False,
        stp_mode: Any = 1,
    ) -> Any:
        instrument = instrument_of(self, market)
        direction, lots = number(side), number(qty)
        _known(direction, direction, number(stp_mode))
        is_post_only = 1 if post_only else 0
        limit, stop_price = _or_zero(loss_limit), _or_zero(loss)
        _leg(self, instrument, direction, lots, _or_zero(price), 0, 0, is_post_only)
        _leg(self, instrument, 3 - direction, lots, number(profit), 0, 0, 0)
        _leg(self, instrument, 3 - direction, lots, limit, stop_price, number(trail), 0)
        return _group(self, _BRACKET, 3, number(stp_mode))

    return ask_for
