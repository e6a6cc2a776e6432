# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the accounts of the stand-in hold."""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_UP, Decimal
from typing import Any

from onetape.sim.binance._orders import ZERO, VenueOrder, text_of
from onetape.sim.binance._symbols import LOT, Symbol
from onetape.sim.binance._trouble import refused_order

_INSUFFICIENT = "Account has insufficient balance for requested action."


class Accounts:
    """Balances by account and asset: what is free, and what live orders hold.

    Args:
        fee: Part of what is received that is taken as a fee.
    """

    def __init__(self, fee: Decimal) -> None:
        self.fee = fee
        self._free: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        self._locked: dict[int, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))

    def deposit(self, owner: int, asset: str, amount: Decimal) -> None:
        """Give an account an amount of an asset."""
        self._free[owner][asset] += amount

    def lock(self, order: VenueOrder, symbol: Symbol) -> None:
        """Hold what an order may need.

        Raises:
            ApiError: If there is not as much.
        """
        asset, amount = self._held(order, symbol, order.qty)
        needed = amount or (LOT if order.side == "BUY" else order.qty)
        if self._free[order.owner][asset] < needed:
            raise refused_order(_INSUFFICIENT)
        self._move(order.owner, asset, amount)

    def unlock(self, order: VenueOrder, symbol: Symbol, qty: Decimal) -> None:
        """Give back what a part of an order held that will not trade."""
        asset, amount = self._held(order, symbol, qty)
        self._move(order.owner, asset, -amount)

    def settle(
        self, order: VenueOrder, symbol: Symbol, price: Decimal, qty: Decimal
    ) -> tuple[Decimal, str]:
        """Book a trade; return its fee and in what."""
        free = self._free[order.owner]
        self.unlock(order, symbol, qty)
        if order.side == "BUY":
            paid, got, amount = symbol.quote, symbol.base, qty
            free[paid] -= price * qty
        else:
            paid, got, amount = symbol.base, symbol.quote, price * qty
            free[paid] -= qty
        fee = (amount * self.fee).quantize(LOT, ROUND_UP)
        free[got] += amount - fee
        return fee, got

    def balance(self, owner: int, asset: str) -> tuple[Decimal, Decimal]:
        """Return what is free of an asset, and what is held."""
        return self._free[owner][asset], self._locked[owner][asset]

    def balances(self, owner: int) -> list[dict[str, str]]:
        """Return all that an account holds, as REST gives it."""
        assets = sorted(self._free[owner].keys() | self._locked[owner].keys())
        return [
            {"asset": asset, "free": text_of(free), "locked": text_of(locked)}
            for asset in assets
            for free, locked in [self.balance(owner, asset)]
        ]

    def event(self, owner: int, symbol: Symbol, now_ms: int) -> dict[str, Any]:
        """Return what the user stream says after a change."""
        rows = []
        for asset in (symbol.base, symbol.quote):
            free, locked = self.balance(owner, asset)
            rows.append({"a": asset, "f": text_of(free), "l": text_of(locked)})
        return {"e": "outboundAccountPosition", "E": now_ms, "u": now_ms, "B": rows}

    def _held(self, order: VenueOrder, symbol: Symbol, qty: Decimal) -> tuple[str, Decimal]:
        if order.side == "SELL":
            return symbol.base, qty
        # A market order pays as it trades: nobody knows what it will need.
        return symbol.quote, (order.price * qty if order.price else ZERO)

    def _move(self, owner: int, asset: str, amount: Decimal) -> None:
        self._free[owner][asset] -= amount
        self._locked[owner][asset] += amount
