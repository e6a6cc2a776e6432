# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the stand-in can be asked: one table for REST and for the WebSocket API."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from onetape.sim.binance._trouble import ApiError, bad_symbol

if TYPE_CHECKING:
    from onetape.sim.binance.server import StandIn


class Asked(NamedTuple):
    """A request that may be acted on.

    Attributes:
        stand_in: Whom it is for.
        owner: Whose it is; 0 for nobody's.
        parameters: What it says.
        now_ms: When it came.
    """

    stand_in: StandIn
    owner: int
    parameters: dict[str, str]
    now_ms: int


class Handler(NamedTuple):
    """How one request is answered.

    Attributes:
        verb: Of REST; empty: not there.
        path: Of REST.
        weight: What it costs.
        security: `signed`, `key` or `none`.
        act: What it does.
        orders: New orders in it.
    """

    verb: str
    path: str
    weight: int
    security: Literal["signed", "key", "none"]
    act: Callable[[Asked], object]
    orders: int = 0


def _symbols(asked: Asked) -> dict[str, Any]:
    stand_in, said = asked.stand_in, asked.parameters
    names = [said["symbol"]] if said.get("symbol") else []
    names += said.get("symbols", "").strip("[]").replace('"', "").replace(" ", "").split(",")
    names = [name for name in names if name]
    known = stand_in.market.symbols
    if any(name not in known for name in names):
        raise bad_symbol()
    return {
        "timezone": "UTC",
        "serverTime": asked.now_ms,
        "rateLimits": stand_in.access.limits(),
        "exchangeFilters": [],
        "symbols": [known[name].info() for name in names or known],
    }


def _depth(asked: Asked) -> dict[str, Any]:
    symbol = asked.stand_in.market.symbol(asked.parameters)
    return symbol.snapshot(int(asked.parameters.get("limit") or 100))


def _ticker(asked: Asked) -> object:
    if asked.parameters.get("symbol"):
        return asked.stand_in.market.symbol(asked.parameters).ticker()
    return [symbol.ticker() for symbol in asked.stand_in.market.symbols.values()]


def _start_stream(asked: Asked) -> dict[str, str]:
    return {"listenKey": asked.stand_in.keys.start(asked.owner, asked.now_ms)}


def _keep_stream(asked: Asked) -> dict[str, str]:
    asked.stand_in.keys.renew(asked.parameters.get("listenKey", ""), asked.now_ms)
    return {}


def _stop_stream(asked: Asked) -> dict[str, str]:
    asked.stand_in.keys.stop(asked.parameters.get("listenKey", ""))
    return {}


def _amend(asked: Asked) -> object:
    return asked.stand_in.market.amend(asked.owner, asked.parameters, asked.now_ms)


HANDLERS = {
    "ping": Handler("GET", "/api/v3/ping", 1, "none", lambda asked: {}),
    "time": Handler("GET", "/api/v3/time", 1, "none", lambda asked: {"serverTime": asked.now_ms}),
    "exchangeInfo": Handler("GET", "/api/v3/exchangeInfo", 20, "none", _symbols),
    "depth": Handler("GET", "/api/v3/depth", 50, "none", _depth),
    "ticker.book": Handler("GET", "/api/v3/ticker/bookTicker", 2, "none", _ticker),
    "order.place": Handler(
        "POST",
        "/api/v3/order",
        1,
        "signed",
        lambda asked: asked.stand_in.market.place(asked.owner, asked.parameters, asked.now_ms),
        orders=1,
    ),
    "order.cancel": Handler(
        "DELETE",
        "/api/v3/order",
        1,
        "signed",
        lambda asked: asked.stand_in.market.cancel(asked.owner, asked.parameters, asked.now_ms),
    ),
    "order.cancelReplace": Handler(
        "POST",
        "/api/v3/order/cancelReplace",
        1,
        "signed",
        lambda asked: asked.stand_in.market.cancel_replace(
            asked.owner, asked.parameters, asked.now_ms
        ),
        orders=1,
    ),
    "order.amend.keepPriority": Handler(
        "PUT", "/api/v3/order/amend/keepPriority", 4, "signed", _amend
    ),
    "order.status": Handler(
        "GET",
        "/api/v3/order",
        4,
        "signed",
        lambda asked: asked.stand_in.market.status(asked.owner, asked.parameters),
    ),
    "openOrders.status": Handler(
        "GET",
        "/api/v3/openOrders",
        6,
        "signed",
        lambda asked: asked.stand_in.market.open_orders(asked.owner, asked.parameters),
    ),
    "openOrders.cancelAll": Handler(
        "DELETE",
        "/api/v3/openOrders",
        1,
        "signed",
        lambda asked: asked.stand_in.market.cancel_all(asked.owner, asked.parameters, asked.now_ms),
    ),
    "allOrders": Handler(
        "GET",
        "/api/v3/allOrders",
        20,
        "signed",
        lambda asked: asked.stand_in.market.all_orders(asked.owner, asked.parameters),
    ),
    "myTrades": Handler(
        "GET",
        "/api/v3/myTrades",
        20,
        "signed",
        lambda asked: asked.stand_in.market.trades(asked.owner, asked.parameters),
    ),
    "account.status": Handler(
        "GET",
        "/api/v3/account",
        20,
        "signed",
        lambda asked: asked.stand_in.market.account(asked.owner),
    ),
    "userDataStream.start": Handler("POST", "/api/v3/userDataStream", 2, "key", _start_stream),
    "userDataStream.ping": Handler("PUT", "/api/v3/userDataStream", 2, "key", _keep_stream),
    "userDataStream.stop": Handler("DELETE", "/api/v3/userDataStream", 2, "key", _stop_stream),
}
"""By name of the WebSocket API."""


class ListenKeys:
    """Names of user streams: whose each is, and until when.

    Args:
        age_s: How long one lives that is not renewed, in seconds.
    """

    def __init__(self, age_s: float) -> None:
        self._age_ms = int(age_s * 1_000)
        self._keys: dict[str, tuple[int, int]] = {}
        self._next = 0

    def start(self, owner: int, now_ms: int) -> str:
        """Return the key of an account, a new one if it has none, and renew it."""
        for key, (whose, _) in self._keys.items():
            if whose == owner:
                self._keys[key] = (owner, now_ms + self._age_ms)
                return key
        self._next += 1
        key = f"listenkey{self._next:055d}"
        self._keys[key] = (owner, now_ms + self._age_ms)
        return key

    def renew(self, key: str, now_ms: int) -> None:
        """Let a key live on.

        Raises:
            ApiError: If there is no such key.
        """
        owner = self.owner(key)
        self._keys[key] = (owner, now_ms + self._age_ms)

    def stop(self, key: str) -> None:
        """End a key.

        Raises:
            ApiError: If there is no such key.
        """
        self.owner(key)
        del self._keys[key]

    def owner(self, key: str) -> int:
        """Return whose a key is.

        Raises:
            ApiError: If there is no such key.
        """
        if key not in self._keys:
            raise ApiError(-1125, "This listenKey does not exist.")
        return self._keys[key][0]

    def expired(self, now_ms: int) -> list[str]:
        """Return the keys whose time is over, and forget them."""
        gone = [key for key, (_, until_ms) in self._keys.items() if until_ms <= now_ms]
        for key in gone:
            del self._keys[key]
        return gone
