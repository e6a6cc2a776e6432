# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What Binance says of orders, accounts and symbols, typed; what is not used is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from onetape.errors import DecodeError

T = TypeVar("T")


class ExecutionReport(msgspec.Struct, frozen=True):
    """Something happened to an order of the account."""

    symbol: str = msgspec.field(name="s")
    client_id: str = msgspec.field(name="c")
    side: str = msgspec.field(name="S")
    order_type: str = msgspec.field(name="o")
    time_in_force: str = msgspec.field(name="f")
    qty: str = msgspec.field(name="q")
    price: str = msgspec.field(name="p")
    execution: str = msgspec.field(name="x")
    status: str = msgspec.field(name="X")
    reason: str = msgspec.field(name="r")
    order_id: int = msgspec.field(name="i")
    last_qty: str = msgspec.field(name="l")
    executed: str = msgspec.field(name="z")
    last_price: str = msgspec.field(name="L")
    time_ms: int = msgspec.field(name="T")
    original_client_id: str = msgspec.field(name="C", default="")
    fee: str = msgspec.field(name="n", default="0")
    fee_asset: str | None = msgspec.field(name="N", default=None)
    trade_id: int = msgspec.field(name="t", default=-1)
    is_maker: bool = msgspec.field(name="m", default=False)
    prevented: str = msgspec.field(name="A", default="0")

    @property
    def name(self) -> str:
        """Client order id that the order was entered with."""
        return self.original_client_id or self.client_id


class BalanceUpdate(msgspec.Struct, frozen=True):
    """A deposit, a withdrawal or a transfer changed a balance."""

    asset: str = msgspec.field(name="a")
    change: str = msgspec.field(name="d")


class Execution(msgspec.Struct, frozen=True):
    """A trade of ours: in the answer to an order, or of `myTrades`."""

    price: str
    qty: str
    fee: str = msgspec.field(name="commission")
    fee_asset: str = msgspec.field(name="commissionAsset")
    id: int = -1
    order_id: int = msgspec.field(name="orderId", default=0)
    time_ms: int = msgspec.field(name="time", default=0)
    is_maker: bool = msgspec.field(name="isMaker", default=False)
    trade_id: int = msgspec.field(name="tradeId", default=-1)

    @property
    def number(self) -> int:
        """The symbol's number of the trade."""
        return self.id if self.id >= 0 else self.trade_id


class OrderState(msgspec.Struct, frozen=True):
    """An order as an answer gives it: to an order, a cancel or a question."""

    symbol: str
    order_id: int = msgspec.field(name="orderId")
    client_id: str = msgspec.field(name="clientOrderId")
    price: str
    qty: str = msgspec.field(name="origQty")
    executed: str = msgspec.field(name="executedQty")
    status: str
    time_in_force: str = msgspec.field(name="timeInForce")
    order_type: str = msgspec.field(name="type")
    side: str
    original_client_id: str = msgspec.field(name="origClientOrderId", default="")
    transact_ms: int = msgspec.field(name="transactTime", default=0)
    update_ms: int = msgspec.field(name="updateTime", default=0)
    fills: Sequence[Execution] = ()
    prevented: str = msgspec.field(name="preventedQuantity", default="0")

    @property
    def name(self) -> str:
        """Client order id that the order was entered with."""
        return self.original_client_id or self.client_id

    @property
    def time_ms(self) -> int:
        """When, in ms since the Unix epoch; 0 where it is not said."""
        return self.transact_ms or self.update_ms


class Trouble(msgspec.Struct, frozen=True):
    """An error as the venue says it."""

    code: int = 0
    msg: str = ""
    data: msgspec.Raw = msgspec.Raw(b"null")


class ReplaceParts(msgspec.Struct, frozen=True):
    """What became of both halves of a cancel-and-replace."""

    cancel_result: str = msgspec.field(name="cancelResult")
    order_result: str = msgspec.field(name="newOrderResult")
    cancel: msgspec.Raw = msgspec.field(name="cancelResponse")
    order: msgspec.Raw = msgspec.field(name="newOrderResponse")


class AmendedOrder(msgspec.Struct, frozen=True):
    """An order after its quantity was reduced in place."""

    qty: str
    executed: str = msgspec.field(name="executedQty")


class Amendment(msgspec.Struct, frozen=True):
    """The answer to a reduction in place."""

    order: AmendedOrder = msgspec.field(name="amendedOrder")
    time_ms: int = msgspec.field(name="transactTime", default=0)


class Balance(msgspec.Struct, frozen=True):
    """What the account holds of an asset."""

    asset: str
    free: str
    locked: str


class Account(msgspec.Struct, frozen=True):
    """The account."""

    balances: Sequence[Balance]


class Filter(msgspec.Struct, frozen=True, rename="camel"):
    """A rule of a symbol; which fields it has depends on its type."""

    filter_type: str
    min_price: str = "0"
    max_price: str = "0"
    tick_size: str = "0"
    min_qty: str = "0"
    max_qty: str = "0"
    step_size: str = "0"
    min_notional: str = "0"
    max_notional: str = "0"
    apply_min_to_market: bool = True
    apply_to_market: bool = True


class SymbolInfo(msgspec.Struct, frozen=True, rename="camel"):
    """A symbol."""

    symbol: str
    status: str
    base_asset: str
    quote_asset: str
    base_asset_precision: int
    filters: Sequence[Filter]
    amend_allowed: bool = False


class RateLimitInfo(msgspec.Struct, frozen=True, rename="camel"):
    """A limit, and how much of it is used where that is said."""

    rate_limit_type: str
    interval: str
    interval_num: int
    limit: int
    count: int | None = None


class ExchangeInfo(msgspec.Struct, frozen=True, rename="camel"):
    """What the venue says of itself."""

    symbols: Sequence[SymbolInfo]
    rate_limits: Sequence[RateLimitInfo] = ()


class ServerTime(msgspec.Struct, frozen=True):
    """The venue's clock."""

    time_ms: int = msgspec.field(name="serverTime")


class ListenKey(msgspec.Struct, frozen=True):
    """Name of a user stream."""

    key: str = msgspec.field(name="listenKey")


def read(kind: type[T], raw: bytes | msgspec.Raw) -> T:
    """Read a value.

    Raises:
        DecodeError: ADP-010, it is not what was expected.
    """
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.DecodeError as err:
        raise DecodeError(
            f"Binance: expected {kind}: {err}",
            code="ADP-010",
            hint="the venue changed its API: look for a newer onetape",
        ) from err
