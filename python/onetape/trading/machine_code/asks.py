# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What a compiled strategy asks for: `self.quote`, `self.send` and the others, as machine code.

Each appends one record to the context; the engine reads them when the callback has returned. The
signatures are those of `onetape.Strategy`.
"""

from __future__ import annotations

from typing import Any

from numba import types
from numba.core.errors import TypingError
from numba.extending import overload, overload_method, register_jitable

from onetape.trading.machine_code import layout
from onetape.trading.machine_code.views import (
    MarketType,
    StrategyType,
    SymbolType,
    load_i8,
    load_u4,
    market_at,
    number,
    present,
    store_i8,
    store_u4,
)

_COUNT = layout.offset(layout.CONTEXT, "intents_count")
_MAX = layout.offset(layout.CONTEXT, "intents_max")
_INTENTS = layout.offset(layout.CONTEXT, "intents")
_WATCHED = layout.offset(layout.CONTEXT, "watched")
_MARKETS = layout.offset(layout.CONTEXT, "markets")
_LAST_ID = layout.offset(layout.CONTEXT, "last_client_id")
_INTENT_SIZE, _MARKET_SIZE = layout.INTENT.itemsize, layout.MARKET.itemsize
_INSTRUMENT = layout.offset(layout.MARKET, "instrument_id")
_AT = {name: layout.offset(layout.INTENT, name) for name in layout.INTENT.names or ()}
_KIND_AT, _INSTRUMENT_AT = _AT["kind"], _AT["instrument_id"]
_CLIENT_AT, _NEW_CLIENT_AT = _AT["client_id"], _AT["new_client_id"]
_PRICE_AT, _QTY_AT = _AT["price_ticks"], _AT["qty_lots"]
_OTHER_PRICE_AT, _OTHER_QTY_AT = _AT["other_price_ticks"], _AT["other_qty_lots"]
_TIME_AT, _TIMER_AT = _AT["time_ns"], _AT["timer_id"]
_QUOTE, _CANCEL = layout.QUOTE, layout.CANCEL
_REPLACE, _CANCEL_ALL, _SET_TIMER = layout.REPLACE, layout.CANCEL_ALL, layout.SET_TIMER
_TIMER_LAST = (1 << 32) - 1


def refuse(what: str, mend: str) -> TypingError:
    """Return an error that becomes a refusal with the line where it came up."""
    return TypingError(f"REFUSED[{what}|{mend}]")


def whole(name: str, kind: Any, *, optional: bool = False) -> None:
    """Refuse an argument that is no whole number."""
    if not isinstance(kind, types.Type) or isinstance(kind, types.Omitted):
        return
    if isinstance(kind, types.Optional) and optional:
        kind = kind.type
    is_whole = isinstance(kind, types.Integer | types.Boolean | types.IntEnumMember)
    if not (is_whole or (optional and isinstance(kind, types.NoneType))):
        raise refuse(
            f"{name} is given a {kind}",
            "prices, quantities, times and ids are whole numbers: use int(…)",
        )


@register_jitable
def next_intent(strategy: Any, kind: int, instrument: int) -> int:
    """Return the address of the next free record, its kind and instrument filled in."""
    count = load_u4(strategy, _COUNT)
    if count >= load_u4(strategy, _MAX):
        raise RuntimeError("it asks for more things in one callback than there is room for")
    store_u4(strategy, _COUNT, count + 1)
    at: int = load_i8(strategy, _INTENTS) + count * _INTENT_SIZE
    store_u4(at, _KIND_AT, kind)
    store_u4(at, _INSTRUMENT_AT, instrument)
    return at


@register_jitable
def next_client(strategy: Any) -> int:
    """Return the number of the next order or parent order."""
    client: int = load_i8(strategy, _LAST_ID) + 1
    store_i8(strategy, _LAST_ID, client)
    return client


def instrument_of(strategy: Any, market: Any) -> int:
    """Return the id of a market or of a symbol that is written out."""
    raise NotImplementedError("compiled code alone calls it")


@overload(instrument_of, prefer_literal=True, strict=False)
def _instrument_of(strategy: Any, market: Any) -> Any:
    if isinstance(market, MarketType):
        return lambda strategy, market: load_u4(market, _INSTRUMENT)
    if isinstance(market, types.Optional) and isinstance(market.type, MarketType):
        return _optional_instrument
    if isinstance(market, types.StringLiteral):
        return _watched(strategy.declared.watch(market.literal_value))
    if isinstance(market, SymbolType):
        return _watched(market.place)
    raise refuse(
        f"a market is wanted, and a {market} given",
        "give the market, its symbol written out, or a `str` attribute of the class",
    )


def _optional_instrument(strategy: Any, market: Any) -> int:
    if market is None:
        raise ValueError("a market is wanted, and None given")
    return load_u4(present(market), _INSTRUMENT)  # type: ignore[no-any-return] # numba has no types


def _watched(place: int) -> Any:
    place_at = 4 * place

    def found(strategy: Any, market: Any) -> int:
        identity: int = load_u4(load_i8(strategy, _WATCHED), place_at)
        if identity == 0:
            raise KeyError("no such symbol yet")
        return identity

    return found


@overload_method(StrategyType, "quote", prefer_literal=True, strict=False)
def _quote(
    self: Any,
    market: Any,
    bid: Any = None,
    ask: Any = None,
    qty: Any = 1,
    bid_qty: Any = None,
    ask_qty: Any = None,
) -> Any:
    for name, kind in (("bid", bid), ("ask", ask), ("bid_qty", bid_qty), ("ask_qty", ask_qty)):
        whole(name, kind, optional=True)
    whole("qty", qty)

    def ask_for(
        self: Any,
        market: Any,
        bid: Any = None,
        ask: Any = None,
        qty: Any = 1,
        bid_qty: Any = None,
        ask_qty: Any = None,
    ) -> None:
        bid_price, bid_lots, ask_price, ask_lots = 0, 0, 0, 0
        if bid is not None:
            bid_price = number(bid)
            bid_lots = number(qty) if bid_qty is None else number(bid_qty)
        if ask is not None:
            ask_price = number(ask)
            ask_lots = number(qty) if ask_qty is None else number(ask_qty)
        if bid_lots < 0 or ask_lots < 0:
            raise OverflowError("a quantity must be 0 or more")
        if bid_lots != 0 and ask_lots != 0 and bid_price >= ask_price:
            raise ValueError("a quote's bid must be below its ask")
        at = next_intent(self, _QUOTE, instrument_of(self, market))
        store_i8(at, _PRICE_AT, bid_price)
        store_i8(at, _QTY_AT, bid_lots)
        store_i8(at, _OTHER_PRICE_AT, ask_price)
        store_i8(at, _OTHER_QTY_AT, ask_lots)

    return ask_for


@overload_method(StrategyType, "cancel", strict=False)
def _cancel(self: Any, client_id: Any, qty: Any = 0) -> Any:
    whole("client_id", client_id)
    whole("qty", qty)

    def ask_for(self: Any, client_id: Any, qty: Any = 0) -> None:
        at = next_intent(self, _CANCEL, 0)
        store_i8(at, _CLIENT_AT, number(client_id))
        store_i8(at, _QTY_AT, number(qty))

    return ask_for


@overload_method(StrategyType, "replace", strict=False)
def _replace(self: Any, client_id: Any, price: Any, qty: Any) -> Any:
    for name, kind in (("client_id", client_id), ("price", price), ("qty", qty)):
        whole(name, kind)

    def ask_for(self: Any, client_id: Any, price: Any, qty: Any) -> Any:
        at = next_intent(self, _REPLACE, 0)
        client = next_client(self)
        store_i8(at, _CLIENT_AT, number(client_id))
        store_i8(at, _NEW_CLIENT_AT, client)
        store_i8(at, _PRICE_AT, number(price))
        store_i8(at, _QTY_AT, number(qty))
        return client

    return ask_for


@overload_method(StrategyType, "cancel_all", prefer_literal=True, strict=False)
def _cancel_all(self: Any, market: Any = None) -> Any:
    if market is None or isinstance(market, types.Omitted | types.NoneType):

        def ask_for_all(self: Any, market: Any = None) -> None:
            next_intent(self, _CANCEL_ALL, 0)

        return ask_for_all

    def ask_for(self: Any, market: Any = None) -> None:
        next_intent(self, _CANCEL_ALL, instrument_of(self, market))

    return ask_for


@overload_method(StrategyType, "set_timer", strict=False)
def _set_timer(self: Any, after_ns: Any, timer_id: Any = 0) -> Any:
    whole("after_ns", after_ns)
    whole("timer_id", timer_id)

    def ask_for(self: Any, after_ns: Any, timer_id: Any = 0) -> None:
        if number(after_ns) < 0:
            raise ValueError("after_ns must be 0 or more")
        if number(timer_id) < 0 or number(timer_id) > _TIMER_LAST:
            raise OverflowError("timer_id must be from 0 to 2^32 - 1")
        at = next_intent(self, _SET_TIMER, 0)
        store_i8(at, _TIME_AT, number(after_ns))
        store_u4(at, _TIMER_AT, number(timer_id))

    return ask_for


@overload_method(StrategyType, "market", prefer_literal=True, strict=False)
def _market(self: Any, symbol: Any) -> Any:
    def look(self: Any, symbol: Any) -> Any:
        identity = instrument_of(self, symbol)
        return market_at(self, load_i8(self, _MARKETS) + identity * _MARKET_SIZE)

    return look


@overload(int, strict=False)
def _int(value: Any) -> Any:
    if isinstance(value, types.IntEnumMember):
        return _number_of
    return None


def _number_of(value: Any) -> Any:
    return number(value)
