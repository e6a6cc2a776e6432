# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our commands as Binance's requests: one name and one set of parameters for both of its APIs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from onetape.errors import ConfigError
from onetape.events import OrderSent, OrderType, Side, TimeInForce

if TYPE_CHECKING:
    from onetape.live.adapters._our_order import OurOrder
    from onetape.types import Instrument

_PREFIX = re.compile(r"[A-Za-z0-9_]{1,16}")
_TIMES = {
    TimeInForce.DAY: "GTC",
    TimeInForce.GTC: "GTC",
    TimeInForce.IOC: "IOC",
    TimeInForce.FOK: "FOK",
}


class Method(NamedTuple):
    """One of the venue's requests.

    Attributes:
        verb: Of REST.
        path: Of REST; empty: the WebSocket API alone has it.
        weight: What it costs.
        orders: New orders in it.
        security: Whether it is signed, carries the key, or neither.
    """

    verb: str
    path: str
    weight: int
    orders: int = 0
    security: Literal["signed", "key", "none"] = "signed"


METHODS = {
    "order.place": Method("POST", "/api/v3/order", 1, 1),
    "order.cancel": Method("DELETE", "/api/v3/order", 1),
    "order.cancelReplace": Method("POST", "/api/v3/order/cancelReplace", 1, 1),
    "order.amend.keepPriority": Method("PUT", "/api/v3/order/amend/keepPriority", 4),
    "openOrders.cancelAll": Method("DELETE", "/api/v3/openOrders", 1),
    "order.status": Method("GET", "/api/v3/order", 4),
    "openOrders.status": Method("GET", "/api/v3/openOrders", 6),
    "myTrades": Method("GET", "/api/v3/myTrades", 20),
    "account.status": Method("GET", "/api/v3/account", 20),
    "time": Method("GET", "/api/v3/time", 1, security="none"),
    "exchangeInfo": Method("GET", "/api/v3/exchangeInfo", 20, security="none"),
    "depth": Method("GET", "/api/v3/depth", 250, security="none"),
    "userDataStream.start": Method("POST", "/api/v3/userDataStream", 2, security="key"),
    "userDataStream.ping": Method("PUT", "/api/v3/userDataStream", 2, security="key"),
    "userDataStream.subscribe.signature": Method("", "", 2),
}
"""By name of the WebSocket API; those that REST alone has are named in its manner."""

_DEPTH_WEIGHTS = ((100, 5), (500, 25), (1_000, 50), (5_000, 250))
_TRADES_OF_AN_ORDER_WEIGHT = 5
_PRIVILEGED = {
    "order.cancel",
    "openOrders.cancelAll",
    "order.status",
    "openOrders.status",
    "myTrades",
    "account.status",
    "time",
}


class Request(NamedTuple):
    """A request before it is signed.

    Attributes:
        name: One of `METHODS`.
        parameters: What it says.
    """

    name: str
    parameters: dict[str, str | int]

    @property
    def method(self) -> Method:
        """How it is sent."""
        return METHODS[self.name]

    @property
    def weight(self) -> int:
        """What it costs, by what it asks for."""
        if self.name == "depth":
            limit = int(self.parameters.get("limit", 100))
            return next(cost for most, cost in _DEPTH_WEIGHTS if limit <= most)
        if self.name == "myTrades" and "orderId" in self.parameters:
            return _TRADES_OF_AN_ORDER_WEIGHT
        return self.method.weight

    @property
    def is_privileged(self) -> bool:
        """Whether it may use the weight that is kept for cancels and questions."""
        return self.name in _PRIVILEGED


class ClientIds:
    """Client order ids: `PREFIX-number`, the same for ever, so that each can be asked about.

    Args:
        prefix: What they begin with.

    Raises:
        ConfigError: ADP-003, the prefix cannot begin one.

    Examples:
        >>> ids = ClientIds("desk1")
        >>> ids.text(42), ids.number("desk1-42"), ids.number("web_8cd1")
        ('desk1-42', 42, 0)
    """

    def __init__(self, prefix: str) -> None:
        if not _PREFIX.fullmatch(prefix):
            raise ConfigError(
                f"prefix {prefix!r}: expected 1 to 16 letters, digits or _",
                code="ADP-003",
                hint="give each node that trades on the account a prefix of its own",
            )
        self._start = f"{prefix}-"

    def text(self, number: int) -> str:
        """Return the client order id of a number."""
        return f"{self._start}{number}"

    def number(self, text: str) -> int:
        """Return the number of a client order id; 0 where it is not ours."""
        digits = text.removeprefix(self._start)
        is_ours = digits != text and digits.isascii() and digits.isdecimal()
        return int(digits) if is_ours and len(digits) <= 19 else 0  # noqa: PLR2004 - u64


def unsupported(order: OrderSent) -> str:
    """Return what of an order the venue cannot do; empty when it can do all."""
    if order.order_type not in _TYPES:
        return f"order type {order.order_type}: Binance spot has none such"
    if order.time_in_force not in _TIMES:
        return f"time in force {order.time_in_force}: Binance spot has none such"
    if order.min_qty_lots:
        return "a minimum quantity: Binance spot has none"
    if order.post_only and order.order_type != OrderType.LIMIT:
        return "post-only: of limit orders alone"
    if order.display_lots and (
        order.order_type != OrderType.LIMIT or order.time_in_force not in _RESTING
    ):
        return "a displayed quantity: of resting limit orders alone"
    return ""


_RESTING = {TimeInForce.DAY, TimeInForce.GTC}
_TYPES = {
    OrderType.LIMIT: "LIMIT",
    OrderType.MARKET: "MARKET",
    OrderType.STOP: "STOP_LOSS",
    OrderType.STOP_LIMIT: "STOP_LOSS_LIMIT",
}


def place(instrument: Instrument, order: OrderSent, client_id: str) -> Request:
    """Return the request for a new order that `unsupported` has nothing against."""
    parameters: dict[str, str | int] = {
        "symbol": instrument.symbol,
        "side": Side(order.side).name,
        "type": "LIMIT_MAKER" if order.post_only else _TYPES[OrderType(order.order_type)],
        "quantity": instrument.qty_text(order.qty_lots),
        "newClientOrderId": client_id,
        "newOrderRespType": "FULL",
    }
    if order.order_type in {OrderType.LIMIT, OrderType.STOP_LIMIT}:
        parameters["price"] = instrument.price_text(order.price_ticks)
        if not order.post_only:
            parameters["timeInForce"] = _TIMES[TimeInForce(order.time_in_force)]
    if order.order_type in {OrderType.STOP, OrderType.STOP_LIMIT}:
        parameters["stopPrice"] = instrument.price_text(order.stop_price_ticks)
    if 0 < order.display_lots < order.qty_lots:
        parameters["icebergQty"] = instrument.qty_text(order.display_lots)
    return Request("order.place", parameters)


def cancel(instrument: Instrument, client_id: str) -> Request:
    """Return the request to cancel what is left of an order."""
    return Request("order.cancel", {"symbol": instrument.symbol, "origClientOrderId": client_id})


def shrink(instrument: Instrument, client_id: str, qty_lots: int) -> Request:
    """Return the request to reduce an order in place; it keeps its name and its priority."""
    return Request(
        "order.amend.keepPriority",
        {
            "symbol": instrument.symbol,
            "origClientOrderId": client_id,
            "newClientOrderId": client_id,
            "newQty": instrument.qty_text(qty_lots),
        },
    )


def replace(instrument: Instrument, old: OurOrder, new: OurOrder, ids: ClientIds) -> Request:
    """Return the request to put a new order in the place of one that has not traded.

    A trade in between would make the two together too large: then nothing is done.
    """
    parameters = place(instrument, new.entry(0), ids.text(new.number)).parameters
    return Request(
        "order.cancelReplace",
        {
            **parameters,
            "cancelReplaceMode": "STOP_ON_FAILURE",
            "cancelOrigClientOrderId": ids.text(old.number),
            "cancelRestrictions": "ONLY_NEW",
        },
    )


def cancel_all(instrument: Instrument) -> Request:
    """Return the request to cancel all of a symbol."""
    return Request("openOrders.cancelAll", {"symbol": instrument.symbol})


def status(instrument: Instrument, client_id: str) -> Request:
    """Return the question for an order."""
    return Request("order.status", {"symbol": instrument.symbol, "origClientOrderId": client_id})


def open_orders(instrument: Instrument) -> Request:
    """Return the question for the open orders of a symbol."""
    return Request("openOrders.status", {"symbol": instrument.symbol})


def trades(instrument: Instrument, **which: int) -> Request:
    """Return the question for our trades: `orderId`, `fromId` or `startTime` say which."""
    return Request("myTrades", {"symbol": instrument.symbol, "limit": 1000, **which})
