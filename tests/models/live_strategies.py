# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Two strategies that use every kind of order: one makes a market, one takes, rests and changes."""

from __future__ import annotations

from onetape import Market, Strategy
from onetape.events import Side, TimeInForce


class Maker(Strategy):
    """Quotes at the touch and leans against its position."""

    def on_book(self, market: Market) -> None:
        lean = market.increment_ticks * int(market.position_lots / 300)
        self.quote(market, bid=market.bid_ticks - lean, ask=market.ask_ticks - lean, qty=100)


class Taker(Strategy):
    """Every so many changes of the best prices it takes, rests, replaces or cancels."""

    def on_start(self) -> None:
        self.seen = 0
        self.resting: list[int] = []

    def on_book(self, market: Market) -> None:
        self.seen += 1
        turn = self.seen % 40
        step = market.increment_ticks
        if turn == 0:
            side = Side.BUY if market.position_lots <= 0 else Side.SELL
            price = market.ask_ticks if side is Side.BUY else market.bid_ticks
            self.send(market, side, 50, price, time_in_force=TimeInForce.IOC)
        elif turn == 10:
            self.resting.append(self.send(market, Side.BUY, 30, market.bid_ticks - 3 * step))
        elif turn == 20 and self.resting:
            last = self.resting.pop()
            self.resting.append(self.replace(last, market.bid_ticks - 2 * step, 40))
        elif turn == 30 and len(self.resting) > 3:
            self.cancel(self.resting.pop(0))


class Coiner(Strategy):
    """Takes and rests small orders, where a lot is very small."""

    qty_lots = 1_000

    def on_start(self) -> None:
        self.seen = 0

    def on_book(self, market: Market) -> None:
        self.seen += 1
        if self.seen % 20 == 0:
            side = Side.BUY if market.position_lots <= 0 else Side.SELL
            price = market.ask_ticks if side is Side.BUY else market.bid_ticks
            self.send(market, side, self.qty_lots, price, time_in_force=TimeInForce.IOC)
        elif self.seen % 50 == 10:
            self.cancel_all(market)
            self.send(market, Side.BUY, self.qty_lots, market.bid_ticks - 100)


class Rester(Strategy):
    """Rests a thousand orders behind the best bid, then one more at each change of it."""

    seen = 0

    def on_book(self, market: Market) -> None:
        self.seen += 1
        count = 1_000 if self.seen == 20 else 1 if self.seen > 20 else 0
        for at in range(count):
            self.send(
                market, Side.BUY, 1, market.bid_ticks - (10 + at % 100) * market.increment_ticks
            )


class CoinRester(Strategy):
    """Keeps orders resting far below the market: sixty at first, then one more now and then."""

    qty_lots = 1_000
    seen = 0

    def on_book(self, market: Market) -> None:
        self.seen += 1
        count = 60 if self.seen == 5 else int(self.seen > 5 and self.seen % 20 == 0)
        for at in range(count):
            price = market.bid_ticks - (1_000 + at) * market.increment_ticks
            self.send(market, Side.BUY, self.qty_lots, price)


class Stubborn(Strategy):
    """Asks for more than any limit allows, at each change of the best prices."""

    def on_book(self, market: Market) -> None:
        self.send(market, Side.BUY, 1_000_000, market.bid_ticks)
