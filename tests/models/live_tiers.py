# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Strategies of both tiers for tests of a live node, and some that go wrong."""

from __future__ import annotations

import time
from typing import Annotated

from onetape import Between, Market, Side, Strategy, compiled


class Plain(Strategy):
    """Quotes at the touch and leans against its position."""

    qty: Annotated[int, Between(1, 1_000)] = 100
    lots_per_step: int = 300
    wide: bool = False
    told = 0

    def on_book(self, market: Market) -> None:
        lean = market.increment_ticks * int(market.position_lots / self.lots_per_step)
        step = market.increment_ticks if self.wide else 0
        bid, ask = market.bid_ticks - lean - step, market.ask_ticks - lean + step
        self.quote(market, bid=bid, ask=ask, qty=self.qty)

    def on_parameter(self) -> None:
        self.told += 1


@compiled
class Compiled(Strategy):
    """The same, compiled."""

    qty: Annotated[int, Between(1, 1_000)] = 100
    lots_per_step: int = 300
    wide: bool = False
    told = 0

    def on_book(self, market: Market) -> None:
        lean = market.increment_ticks * int(market.position_lots / self.lots_per_step)
        step = market.increment_ticks if self.wide else 0
        bid, ask = market.bid_ticks - lean - step, market.ask_ticks - lean + step
        self.quote(market, bid=bid, ask=ask, qty=self.qty)

    def on_parameter(self) -> None:
        self.told += 1


class Raises(Strategy):
    """Quotes, and raises at a change of the best prices."""

    seen = 0

    def on_book(self, market: Market) -> None:
        self.seen += 1
        self.quote(market, bid=market.bid_ticks, ask=market.ask_ticks, qty=10)
        if self.seen == 60:
            raise ValueError("enough is enough")


@compiled
class RaisesCompiled(Strategy):
    """The same, compiled."""

    seen = 0

    def on_book(self, market: Market) -> None:
        self.seen += 1
        self.quote(market, bid=market.bid_ticks, ask=market.ask_ticks, qty=10)
        if self.seen == 60:
            raise ValueError("enough is enough")


class Hangs(Strategy):
    """Quotes, and does not come back from a change of the best prices."""

    seen = 0

    def on_book(self, market: Market) -> None:
        self.seen += 1
        self.quote(market, bid=market.bid_ticks, ask=market.ask_ticks, qty=10)
        if self.seen == 60:
            time.sleep(3_600)


class Rests(Strategy):
    """Rests one order far from the best bid of each market, and keeps it."""

    def on_book(self, market: Market) -> None:
        if not self.orders(market):
            self.send(market, Side.BUY, 5, market.bid_ticks - 50 * market.increment_ticks)
