# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A plain exchange behind a port: price, then time; enough for a crowd, and nothing else.

Answers wait until `settle`, as on a wire. `said` is all that was asked, in order.
"""

from __future__ import annotations

from dataclasses import dataclass

from onetape.events import Side
from onetape.sim.crowd import (
    Accepted,
    Answer,
    Canceled,
    Desk,
    Entering,
    Filled,
    Rejected,
    Replaced,
)


@dataclass
class Resting:
    """An order in the book."""

    number: int
    desk: Desk
    order: Entering
    leaves: int
    filled: int = 0


class PlainPort:
    """One book an instrument, one port for all."""

    def __init__(self, *, refuse_post_only: bool = True) -> None:
        self.said: list[tuple[object, ...]] = []
        self.trades: list[tuple[str, int, int]] = []
        self.book: list[Resting] = []
        self._answers: list[tuple[Desk, Answer]] = []
        self._last = 0
        self._refuse = refuse_post_only

    def enter(self, desk: Desk, order: Entering) -> int:
        self._last += 1
        self.said.append(("enter", self._last, *vars_of(order)))
        self._enter(Resting(self._last, desk, order, order.qty_lots), None)
        return self._last

    def replace(self, desk: Desk, number: int, price_ticks: int, total_lots: int) -> int:
        self._last += 1
        self.said.append(("replace", number, self._last, price_ticks, total_lots))
        old = next((r for r in self.book if r.number == number), None)
        if old is None:
            self._answers.append((desk, Rejected(self._last, "dead")))
            return self._last
        self.book.remove(old)
        leaves = total_lots - old.filled
        if leaves <= 0:
            self._answers.append((desk, Canceled(number, old.leaves, "replace")))
            return self._last
        order = Entering(old.order.symbol, old.order.side, price_ticks, leaves)
        self._enter(Resting(self._last, desk, order, leaves, old.filled), number)
        return self._last

    def cancel(self, number: int) -> None:
        self.said.append(("cancel", number))
        for resting in [r for r in self.book if r.number == number]:
            self.book.remove(resting)
            self._answers.append((resting.desk, Canceled(number, resting.leaves, "user")))

    def settle(self) -> None:
        """Bring the answers."""
        answers, self._answers = self._answers, []
        for desk, answer in answers:
            desk.hear(answer)

    def touch(self, symbol: str) -> tuple[int | None, int | None]:
        bids, asks = ([r.order.price_ticks for r in self.queue(symbol, s)] for s in Side)
        return max(bids, default=None), min(asks, default=None)

    def queue(self, symbol: str, side: Side) -> list[Resting]:
        return [r for r in self.book if (r.order.symbol, r.order.side) == (symbol, side)]

    def _enter(self, mine: Resting, replaced: int | None) -> None:
        order = mine.order
        sign = 1 if order.side == Side.BUY else -1
        there = self.queue(order.symbol, Side(3 - order.side))
        reached = [r for r in there if sign * (order.price_ticks - r.order.price_ticks) >= 0]
        reached.sort(key=lambda r: (sign * r.order.price_ticks, r.number))
        if order.is_post_only and reached and self._refuse:
            self._answers.append((mine.desk, Rejected(mine.number, "post only")))
            return
        same = (mine.number, order.price_ticks, mine.leaves, True)
        stands = Accepted(*same) if replaced is None else Replaced(replaced, *same)
        self._answers.append((mine.desk, stands))
        for resting in reached:
            self._trade(mine, resting)
        if mine.leaves and order.is_ioc:
            self._answers.append((mine.desk, Canceled(mine.number, mine.leaves, "ioc")))
        elif mine.leaves:
            self.book.append(mine)

    def _trade(self, mine: Resting, resting: Resting) -> None:
        lots = min(mine.leaves, resting.leaves)
        if not lots:
            return
        price = resting.order.price_ticks
        self.trades.append((mine.order.symbol, price, lots))
        for party, is_maker in ((resting, True), (mine, False)):
            party.leaves -= lots
            party.filled += lots
            self._answers.append((party.desk, Filled(party.number, price, lots, is_maker)))
        if not resting.leaves:
            self.book.remove(resting)


def vars_of(order: Entering) -> tuple[object, ...]:
    return (order.symbol, order.side, order.price_ticks, order.qty_lots, order.is_ioc)
