# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Somebody to trade with: the stand-in's own account quotes a ladder and takes now and then."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING

from onetape.events import Side

if TYPE_CHECKING:
    from onetape.sim.binance._symbols import Symbol
    from onetape.sim.binance.config import StandInConfig
    from onetape.sim.binance.market import StandInMarket

_LEVELS = 20
_FORTUNE = Decimal(10) ** 12
_LIVE_MAX = 200


class House:
    """The stand-in's own account.

    Args:
        market: Where it trades.
        config: Which symbols it quotes, and from which price on.
    """

    def __init__(self, market: StandInMarket, config: StandInConfig) -> None:
        self._market = market
        self._owner = len(config.accounts) + 1
        self._rng = random.Random(config.seed)  # noqa: S311 - seeded, so that a run can be had again
        self._quoted = {
            market.symbols[symbol.name]: Decimal(symbol.house_price)
            for symbol in config.symbols
            if symbol.house_price
        }
        self._live: dict[str, list[str]] = {symbol.name: [] for symbol in self._quoted}
        self._next = 0
        for symbol in self._quoted:
            for asset in (symbol.base, symbol.quote):
                market.accounts.deposit(self._owner, asset, _FORTUNE)

    @property
    def is_open(self) -> bool:
        """Whether it quotes anything."""
        return bool(self._quoted)

    def open(self, now_ms: int) -> None:
        """Quote a ladder around each first price."""
        for symbol, price in self._quoted.items():
            for step in range(1, _LEVELS + 1):
                for side, sign in (("BUY", -1), ("SELL", 1)):
                    at = price + sign * step * symbol.tick
                    self.enter(symbol, side, at, self._size(symbol, at), now_ms)

    def close(self) -> None:
        """Trade no more; what rests goes on resting."""
        self._quoted = {}

    def trade(self, now_ms: int) -> None:
        """Quote near the touch, cancel something, or take a little.

        Raises:
            ApiError: If the market does not like it; nothing happened.
        """
        for symbol, first_price in self._quoted.items():
            side = self._rng.choice(("BUY", "SELL"))
            near = symbol.best_price(Side.SELL if side == "BUY" else Side.BUY) or first_price
            live = self._live[symbol.name]
            choice = self._rng.random()
            if (choice < 0.35 and live) or len(live) > _LIVE_MAX:  # noqa: PLR2004 - a third
                name = live.pop(self._rng.randrange(len(live)))
                said = {"symbol": symbol.name, "origClientOrderId": name}
                self._market.cancel(self._owner, said, now_ms)
            elif choice < 0.8:  # noqa: PLR2004 - most
                sign = -1 if side == "BUY" else 1
                price = near + sign * self._rng.randint(1, _LEVELS) * symbol.tick
                self.enter(symbol, side, price, self._size(symbol, price), now_ms)
            else:
                qty = self._size(symbol, near)
                self.enter(symbol, side, near, qty, now_ms, time_in_force="IOC")

    def enter(
        self,
        symbol: Symbol,
        side: str,
        price: Decimal,
        qty: Decimal,
        now_ms: int,
        *,
        time_in_force: str = "GTC",
    ) -> str:
        """Enter an order of the house; return its client id.

        Raises:
            ApiError: If it is refused.
        """
        self._next += 1
        name = f"house{self._next}"
        said = {
            "symbol": symbol.name,
            "side": side,
            "type": "LIMIT",
            "timeInForce": time_in_force,
            "price": f"{price:.8f}",
            "quantity": f"{qty:.8f}",
            "newClientOrderId": name,
            "selfTradePreventionMode": "NONE",
        }
        self._market.place(self._owner, said, now_ms)
        if time_in_force == "GTC":
            self._live[symbol.name].append(name)
        return name

    def _size(self, symbol: Symbol, price: Decimal) -> Decimal:
        least = (symbol.min_notional / price // symbol.step + 1) * symbol.step
        return least * self._rng.randint(1, 20)
