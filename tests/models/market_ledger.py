# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What must hold after every command, worked out from a market's reports alone.

It knows no rule of matching: it adds and subtracts. What it says is live and displayed must be what
stands in the books, so nothing is lost, doubled or left unsaid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from tests.models.market_orders import BUY, CONTINUOUS, SELL, Report
from tests.models.market_script import INSTRUMENTS

from onetape._native import MarketEngine

#: A side of a book: id, price, displayed, remainder of each order, first to trade first.
Queue: TypeAlias = list[tuple[int, int, int, int]]


@dataclass
class Ledger:
    """Live orders by id: what is left, and what of it is displayed."""

    leaves: dict[int, int] = field(default_factory=dict)
    displayed: dict[int, int] = field(default_factory=dict)
    matches: int = 0

    def hear(self, report: Report) -> None:
        """Take a report into account."""
        if step := getattr(self, report["report"], None):
            step(report)

    def accepted(self, r: Report) -> None:
        assert r["order_id"] > max(self.leaves, default=0)
        self.leaves[r["order_id"]] = r["qty"]

    def rested(self, r: Report) -> None:
        if r["leaves"]:
            before = self.displayed.setdefault(r["order_id"], r["leaves"])
            assert before == r["leaves"]

    def filled(self, r: Report) -> None:
        self.matched(r)
        for role in ("maker", "taker"):
            self.shrink(r[f"{role}_id"], r["qty"], r[f"{role}_leaves"])
        if not r["maker_hidden"]:
            self.conceal(r["maker_id"], r["qty"])

    def crossed(self, r: Report) -> None:
        self.matched(r)
        for role in ("buy", "sell"):
            self.shrink(r[f"{role}_id"], r["qty"], r[f"{role}_leaves"])
            self.conceal(r[f"{role}_id"], r[f"{role}_displayed"])

    def canceled(self, r: Report) -> None:
        self.shrink(r["order_id"], r["qty"], r["leaves"])
        self.conceal(r["order_id"], r["displayed"])

    def replaced(self, r: Report) -> None:
        del self.leaves[r["old_order_id"]]
        self.displayed.pop(r["old_order_id"], None)
        self.leaves[r["order_id"]] = r["qty"]

    def restated(self, r: Report) -> None:
        assert self.leaves.pop(r["old_order_id"]) == r["leaves"]
        assert r["old_order_id"] not in self.displayed
        self.leaves[r["order_id"]] = r["leaves"]
        if r["displayed"]:
            self.displayed[r["order_id"]] = r["displayed"]

    def matched(self, r: Report) -> None:
        self.matches += 1
        assert r["match_id"] == self.matches
        assert r["qty"] > 0

    def shrink(self, order_id: int, qty: int, leaves: int) -> None:
        assert self.leaves[order_id] - qty == leaves >= 0
        self.leaves[order_id] = leaves
        if not leaves:
            del self.leaves[order_id]

    def conceal(self, order_id: int, qty: int) -> None:
        if qty:
            self.displayed[order_id] -= qty
            assert self.displayed[order_id] >= 0
            if not self.displayed[order_id]:
                del self.displayed[order_id]

    def check(self, market: MarketEngine) -> dict[tuple[int, int], Queue]:
        """Compare with what stands in the books of a market; return its queues."""
        standing, shown, queues = {}, {}, {}
        for instrument in INSTRUMENTS:
            best = {}
            for side in (BUY, SELL):
                queue = queues[instrument, side] = market.book(instrument, side)
                sign = -1 if side == BUY else 1
                rank = [(sign * price, not part, number) for number, price, part, _ in queue]
                assert rank == sorted(rank), "priority: price, displayed, time"
                standing.update({number: leaves for number, _, _, leaves in queue})
                shown.update({number: part for number, _, part, _ in queue if part})
                levels = market.levels(instrument, side)
                assert levels == sums(queue), "a level is the sum of its displayed orders"
                best[side] = levels[0][0] if levels else None
            if market.phase(instrument) == CONTINUOUS and None not in best.values():
                assert best[BUY] < best[SELL], "the displayed book is crossed"
        assert shown == self.displayed
        assert standing.items() <= self.leaves.items()
        assert market.live_orders() == len(self.leaves)
        return queues


def sums(queue: Queue) -> list[tuple[int, int, int]]:
    found: dict[int, tuple[int, int]] = {}
    for _, price, part, _ in queue:
        if part:
            qty, count = found.get(price, (0, 0))
            found[price] = (qty + part, count + 1)
    return [(price, *level) for price, level in found.items()]
