# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Orders of the stand-in, and how the venue writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

ZERO = Decimal(0)
LIVE = {"NEW", "PARTIALLY_FILLED"}


def text_of(value: Decimal) -> str:
    """Return an amount as the venue writes it."""
    return f"{value:.8f}"


@dataclass(slots=True)
class Fill:
    """One trade of an order."""

    trade_id: int
    price: Decimal
    qty: Decimal
    fee: Decimal
    fee_asset: str
    is_maker: bool
    time_ms: int


@dataclass(slots=True)
class VenueOrder:
    """One order: as the client entered it, and what became of it."""

    order_id: int
    owner: int
    symbol: str
    client_id: str
    side: str
    order_type: str
    time_in_force: str
    price: Decimal
    qty: Decimal
    stop_price: Decimal
    iceberg: Decimal
    prevention: str
    time_ms: int
    market_id: int = 0
    executed: Decimal = ZERO
    paid: Decimal = ZERO
    status: str = "NEW"
    update_ms: int = 0
    fills: list[Fill] = field(default_factory=list)

    @property
    def is_live(self) -> bool:
        """Whether it may still trade."""
        return self.status in LIVE

    @property
    def left(self) -> Decimal:
        """What may still trade."""
        return self.qty - self.executed

    def state(self) -> dict[str, Any]:
        """Return it as the answer to a question."""
        return {
            **self._core(),
            "stopPrice": text_of(self.stop_price),
            "icebergQty": text_of(self.iceberg),
            "time": self.time_ms,
            "updateTime": self.update_ms,
            "isWorking": True,
            "workingTime": self.time_ms,
            "origQuoteOrderQty": text_of(ZERO),
            "selfTradePreventionMode": self.prevention,
        }

    def taken(self) -> dict[str, Any]:
        """Return it as the answer to a new order."""
        return {
            **self._core(),
            "transactTime": self.update_ms,
            "workingTime": self.time_ms,
            "origQuoteOrderQty": text_of(ZERO),
            "selfTradePreventionMode": self.prevention,
            "fills": [
                {
                    "price": text_of(fill.price),
                    "qty": text_of(fill.qty),
                    "commission": text_of(fill.fee),
                    "commissionAsset": fill.fee_asset,
                    "tradeId": fill.trade_id,
                }
                for fill in self.fills
            ],
        }

    def canceled(self, request_id: str) -> dict[str, Any]:
        """Return it as the answer to a cancel."""
        return {
            **self._core(),
            "origClientOrderId": self.client_id,
            "clientOrderId": request_id,
            "transactTime": self.update_ms,
            "selfTradePreventionMode": self.prevention,
        }

    def trades(self) -> list[dict[str, Any]]:
        """Return its trades as the answer to a question for them."""
        return [
            {
                "symbol": self.symbol,
                "id": fill.trade_id,
                "orderId": self.order_id,
                "orderListId": -1,
                "price": text_of(fill.price),
                "qty": text_of(fill.qty),
                "quoteQty": text_of(fill.price * fill.qty),
                "commission": text_of(fill.fee),
                "commissionAsset": fill.fee_asset,
                "time": fill.time_ms,
                "isBuyer": self.side == "BUY",
                "isMaker": fill.is_maker,
                "isBestMatch": True,
            }
            for fill in self.fills
        ]

    def report(
        self,
        execution: str,
        now_ms: int,
        *,
        execution_id: int,
        request_id: str = "",
        fill: Fill | None = None,
        reason: str = "NONE",
    ) -> dict[str, Any]:
        """Return what the user stream says of it.

        Args:
            execution: What happened: NEW, TRADE, CANCELED, REPLACED, EXPIRED, TRADE_PREVENTION.
            now_ms: Time.
            execution_id: Number of this report.
            request_id: Client id of the cancel; then the order's own stands in `C`.
            fill: The trade.
            reason: Why it was refused.
        """
        return {
            "e": "executionReport",
            "E": now_ms,
            "s": self.symbol,
            "c": request_id or self.client_id,
            "S": self.side,
            "o": self.order_type,
            "f": self.time_in_force,
            "q": text_of(self.qty),
            "p": text_of(self.price),
            "P": text_of(self.stop_price),
            "F": text_of(self.iceberg),
            "g": -1,
            "C": self.client_id if request_id else "",
            "x": execution,
            "X": self.status,
            "r": reason,
            "i": self.order_id,
            "l": text_of(fill.qty if fill else ZERO),
            "z": text_of(self.executed),
            "L": text_of(fill.price if fill else ZERO),
            "n": text_of(fill.fee) if fill else "0",
            "N": fill.fee_asset if fill else None,
            "T": now_ms,
            "t": fill.trade_id if fill else -1,
            "I": execution_id,
            "w": self.is_live,
            "m": bool(fill and fill.is_maker),
            "M": False,
            "O": self.time_ms,
            "Z": text_of(self.paid),
            "Y": text_of(fill.price * fill.qty if fill else ZERO),
            "Q": text_of(ZERO),
            "W": self.time_ms,
            "V": self.prevention,
        }

    def _core(self) -> dict[str, Any]:
        return {
            "symbol": self.symbol,
            "orderId": self.order_id,
            "orderListId": -1,
            "clientOrderId": self.client_id,
            "price": text_of(self.price),
            "origQty": text_of(self.qty),
            "executedQty": text_of(self.executed),
            "cummulativeQuoteQty": text_of(self.paid),
            "status": self.status,
            "timeInForce": self.time_in_force,
            "type": self.order_type,
            "side": self.side,
        }
