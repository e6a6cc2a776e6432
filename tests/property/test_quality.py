# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Execution quality against its plain twin: any story of a market and of orders, every figure."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models.plain_quality import PlainOrder, PlainParent, PlainQuality
from tests.models.quality_story import QUOTE_ID, Story

from onetape.events import (
    CancelReason,
    EnterOrder,
    Liquidity,
    MarketAction,
    ReplaceOrder,
    ReportKind,
    Side,
    SubmitOrder,
    TimeInForce,
)
from onetape.pipeline.tca import ExecutionQuality, Group

#: Orders, fills and parents more often than the rest.
WHATS = [0, 1, 2, 3, 4, 5, 5, 5, 5, 6, 7, 8, 8, 8, 9, 9, 10, 10, 11, 12, 12, 13]
#: A step: what, and numbers that it uses as it likes.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(WHATS), st.integers(0, 7), st.integers(0, 9), st.integers(0, 30),
        st.sampled_from([0, 0, 0.3, 2, 40, 900, 20_000]),
    ),
    min_size=25,
    max_size=50,
)  # fmt: skip
REASONS = [CancelReason.USER, CancelReason.KILLED, CancelReason.IOC, CancelReason.DISCONNECTED]
REJECTS = [2, 5, 21, 23, 41, 65]


class Live:
    """An order that lives in the story."""

    def __init__(self, order_id: int, client: int, terms: tuple[Side, int, int, int, int]) -> None:
        self.order_id, self.client = order_id, client
        self.side, self.price, self.leaves, self.instrument, self.strategy = terms


class Teller:
    """Makes a story of steps: whatever these say, it stays one that a journal could hold."""

    def __init__(self, path: Path, *, wire: bool, stocked: bool = True) -> None:
        self.story = Story(path)
        for number, tick_e9, lot_e9 in ((1, 10_000_000, 10**9), (2, 10_000_000, 10**9),
                                        (3, 1_000, 10_000)):  # fmt: skip
            self.story.instrument(number, tick_e9=tick_e9, lot_e9=lot_e9,
                                  currency=b"USD" if number < 3 else b"EUR",
                                  venue=1 if wire else 0)  # fmt: skip
        self.wire, self.live, self.number = wire, [], 0
        self.clients = {1: 0, 2: 0}
        self.quotes = QUOTE_ID
        #: Open parents: number, strategy, instrument, side.
        self.parents: list[tuple[int, int, int, Side]] = []
        self.resting: list[tuple[int, int]] = []
        for instrument in (1, 2, 3) if stocked else ():
            for side, price in ((Side.BUY, 97), (Side.SELL, 101), (Side.BUY, 96), (Side.SELL, 103)):
                ref = self.story.add(side, price, 3, instrument=instrument)
                self.resting.append((ref, instrument))

    def tell(self, step: tuple[int, int, int, int, float]) -> None:
        what, who, n, size, wait = step
        self.story.wait(wait)
        instrument, strategy = 1 + who % 3, 1 + who // 4
        side = Side.BUY if n % 2 else Side.SELL
        if what <= 2:
            price = 100 + (n // 2 - 4 if side is Side.BUY else n // 2 - 1)
            ref = self.story.add(side, price, 1 + size, instrument=instrument)
            self.resting.append((ref, instrument))
        elif what == 3 and self.resting:
            self._market(n, size)
        elif what == 4:
            self.story.trade(98 + n, size, instrument=instrument, flags=2 * (who == 7))
        elif what in {5, 6}:
            self._order(side, 95 + n if what == 5 else 0, 1 + size, (instrument, strategy), n)
        elif what >= 12:
            self._parent(what, side, 1 + size, (instrument, strategy), n)
        elif what == 7:
            self._quote(95 + n, 1 + size, instrument, strategy)
        elif self.live:
            self._change(what, self.live[-1 - n % min(len(self.live), 3)], size, n)

    def _market(self, n: int, size: int) -> None:
        ref, instrument = self.resting[size % len(self.resting)]
        if n < 5:
            self.story.market(MarketAction.EXECUTE, ref=ref, other=50 + n, qty=1 + size,
                              instrument=instrument)  # fmt: skip
        elif n < 8:
            self.story.delete(ref, instrument=instrument)
        elif n == 8:
            self.story.market(MarketAction.BREAK, other=50 + size % 5, instrument=instrument)
        else:
            self.story.market(MarketAction.CLEAR, instrument=instrument)

    def _parent(self, what: int, side: Side, qty: int, where: tuple[int, int], n: int) -> None:
        if what == 12:
            instrument, strategy = where
            self.clients[strategy] += 1
            self.parents.append((self.clients[strategy], strategy, instrument, side))
            self.story.open_parent(self.clients[strategy], side, qty, strategy=strategy,
                                   instrument=instrument)  # fmt: skip
        elif self.parents:
            number, strategy, _, _ = self.parents.pop(n % len(self.parents))
            self.story.close_parent(number, strategy=strategy)

    def _answer(self, report: ReportKind, *, instrument: int, fee: int = 0) -> None:
        """Over a wire the venue's word comes first, and later."""
        if self.wire:
            self.story.wait(0.7).reported(report, self.number, instrument=instrument, fee_e9=fee)

    def _order(self, side: Side, price: int, qty: int, where: tuple[int, int], n: int) -> None:
        instrument, strategy = where
        self.clients[strategy] += 1
        client, names = self.clients[strategy], {"strategy": strategy, "instrument": instrument}
        tif = [TimeInForce.DAY, TimeInForce.IOC][n % 4 == 3]
        # A child may be at another place than its parent names, but for another currency.
        mine = [
            p for p in self.parents if (p[1], p[3], p[2] == 3) == (strategy, side, instrument == 3)
        ]
        parent = mine[-1][0] if mine else 0
        if parent and price:
            tif = TimeInForce.DAY
            self.story.submit(client, side, price, qty, parent=parent, **names)
        else:
            self.story.enter(client, side, price, qty, tif=tif, **names)
        if n == 4:
            self.story.rejected(client, REJECTS[qty % len(REJECTS)], **names)
            return
        if self.wire:
            self.number += 1
            if qty % 3 == 0:  # The market moves while the order is on its way out.
                asked = self.story.cause
                self.story.add(side, 98 + n % 4, instrument=instrument)
                self.story.cause = asked
            self.story.wait(0.2).sent(self.number, side, price, qty, **names)
        if n == 9:
            self._answer(ReportKind.REJECTED, instrument=instrument)
            self.story.rejected(client, REJECTS[qty % len(REJECTS)], **names)
            return
        self._answer(ReportKind.ACCEPTED, instrument=instrument)
        self.number += not self.wire
        self.story.accepted(self.number, client, side, price, qty, tif=tif, **names)
        self.live.append(Live(self.number, client, (side, price, qty, instrument, strategy)))

    def _quote(self, price: int, qty: int, instrument: int, strategy: int) -> None:
        names = {"strategy": strategy, "instrument": instrument}
        self.story.quote(price, price + 3, qty, **names)
        for side, at in ((Side.BUY, price), (Side.SELL, price + 3)):
            mine = (instrument, strategy, side)
            old = next((o for o in self.live if o.client >= QUOTE_ID
                        and (o.instrument, o.strategy, o.side) == mine), None)  # fmt: skip
            self.quotes += 1
            self.number += 1
            if old is None:
                self.story.accepted(self.number, self.quotes, side, at, qty, **names)
            else:
                self.live.remove(old)
                self.story.replaced(old.order_id, self.number, self.quotes, at, qty, **names)
            terms = (side, at, qty, instrument, strategy)
            self.live.append(Live(self.number, self.quotes, terms))

    def _change(self, what: int, order: Live, size: int, n: int) -> None:
        names = {"strategy": order.strategy, "instrument": order.instrument}
        if what <= 9:
            self._fill(order, 1 + size % order.leaves, n)
        elif what == 10 and order.client < QUOTE_ID:
            self._replace(order, 1 + size, n)
        elif n == 3 and order.leaves > 1:
            self.story.canceled(order.order_id, order.client, 1, leaves=order.leaves - 1, **names)
            order.leaves -= 1
        else:
            self.live.remove(order)
            self._answer(ReportKind.CANCELED, instrument=order.instrument)
            self.story.canceled(order.order_id, order.client, order.leaves,
                                reason=REASONS[size % len(REASONS)], **names)  # fmt: skip

    def _fill(self, order: Live, qty: int, n: int) -> None:
        names = {"strategy": order.strategy, "instrument": order.instrument}
        if self.wire:
            self.story.reported(ReportKind.FILLED, 0, fee_e9=n - 3, instrument=order.instrument)
        elif n % 2:
            self.story.add(Side.BUY, 90, instrument=order.instrument)
        order.leaves -= qty
        self.story.filled(
            order.order_id, order.client, order.side, (order.price or 100) + n % 3, qty,
            order.leaves, liquidity=[Liquidity.ADDED, Liquidity.REMOVED][n % 3 == 1], **names,
        )  # fmt: skip
        if order.leaves == 0:
            self.live.remove(order)

    def _replace(self, order: Live, qty: int, n: int) -> None:
        names = {"strategy": order.strategy, "instrument": order.instrument}
        self.clients[order.strategy] += 1
        new, old = self.clients[order.strategy], order.client
        self.story.ask_replace(old, new, 95 + n, qty, **names)
        if n == 4:
            self.story.rejected(new, 5, command=ReplaceOrder.KIND, **names)
            return
        self.number += 1
        self.story.replaced(order.order_id, self.number, new, 95 + n, qty, **names)
        order.order_id, order.client = self.number, new
        order.price, order.leaves = 95 + n, qty


def same(found: float | None, expected: Fraction | int | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return found == pytest.approx(float(expected), rel=1e-9, abs=1e-6)


def compare(
    group: Group,
    plain: PlainQuality,
    orders: list[PlainOrder],
    refused: list,
    parents: list[PlainParent],
) -> None:
    expected = plain.figures(orders, refused, parents)
    for name, value in expected.items():
        assert same(group.figures[name], value), (group.labels, name, group.figures[name], value)
    others = {n for n in group.figures if not n.endswith(("_low_bp", "_high_bp"))} - set(expected)
    assert others == set(), "the twin works out every figure but the intervals"


@pytest.mark.timeout(300)  # the twin is slow, and machines are busy
@settings(max_examples=25)
@given(STEPS, st.booleans(), st.booleans())
def test_every_figure_is_that_of_the_plain_twin(steps, wire, stocked):
    with TemporaryDirectory() as folder:
        teller = Teller(Path(folder) / "journal", wire=wire, stocked=stocked)
        for step in steps:
            teller.tell(step)
        plain = PlainQuality(teller.story.told)
        quality = ExecutionQuality(teller.story.close())
        quality.update()
        orders, refused = plain.lives.orders, plain.lives.refused
        for group in quality.measure(["strategy", "instrument", "side"]):
            mine = [o for o in orders if _labels(o) == group.labels]
            told = [(e, v) for e, v in refused if _refused_labels(plain, e) == group.labels]
            parents = [p for p in plain.lives.parents.values() if _labels(p) == group.labels]
            compare(group, plain, mine, told, parents)
        for group in quality.measure():
            of = {"USD": {1, 2}, "EUR": {3}}[group.currency]
            compare(group, plain, [o for o in orders if o.instrument in of],
                    [(e, v) for e, v in refused if e.instrument_id in of],
                    [p for p in plain.lives.parents.values() if p.told.instrument_id in of],
            )  # fmt: skip


def _labels(order: PlainOrder | PlainParent) -> dict[str, str]:
    terms = (order.strategy, order.instrument, order.side) if isinstance(order, PlainOrder) else (
        order.told.strategy_id, order.told.instrument_id, order.told.side
    )  # fmt: skip
    return {
        "strategy": f"strategy {terms[0]}",
        "instrument": f"I{terms[1]}",
        "side": Side(terms[2]).name.lower(),
    }


def _refused_labels(plain: PlainQuality, event) -> dict[str, str]:
    """The side of what was refused: of the order entered, or of the one that was to be replaced."""
    side = "not known"
    for _, _, asked in plain.told:
        if isinstance(asked, EnterOrder | SubmitOrder) and asked.strategy_id == event.strategy_id:
            if asked.client_id == event.client_id:
                side = Side(asked.side).name.lower()
        elif isinstance(asked, ReplaceOrder) and asked.new_client_id == event.client_id:
            old = plain.lives.by_client.get((asked.strategy_id, asked.client_id))
            if asked.strategy_id == event.strategy_id and old:
                side = Side(old.side).name.lower()
    return {
        "strategy": f"strategy {event.strategy_id}",
        "instrument": f"I{event.instrument_id}",
        "side": side,
    }


@pytest.mark.timeout(300)
@settings(max_examples=10)
@given(STEPS)
def test_read_in_parts_it_says_the_same_as_read_whole(steps):
    with TemporaryDirectory() as folder:
        teller = Teller(Path(folder) / "journal", wire=True)
        quality = ExecutionQuality(teller.story.path)
        for number, step in enumerate(steps):
            teller.tell(step)
            if number % 7 == 0:
                quality.update()
                quality.measure(["venue"])
        quality.update()
        whole = ExecutionQuality(teller.story.close())
        whole.update()
        assert quality.measure(["tif", "hour"]) == whole.measure(["tif", "hour"])
        assert quality.update() == 0
