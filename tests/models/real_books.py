# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Real order flow with the book after every message, and a book that starts in the middle of a day.

The loaders read two published forms into plain rows. `SeededBook` keeps the real book beside the
recording: what stood before the recording, or came in where the recording could not see it, is
taken from the recording as one made order a level. All that follows must then agree.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from onetape.book import Books
from onetape.events import Side

Level = tuple[int, int]


@dataclass(frozen=True)
class Event:
    """One message: `kind` is A, X, D, E or U; `old_*` say the order that a U replaced."""

    kind: str
    order_ref: int
    side: Side
    price: int
    qty: int
    old_ref: int = 0
    old_price: int = 0
    old_qty: int = 0


@dataclass(frozen=True)
class Row:
    """A message and the best levels after it, best first. `event` None: the book is unconcerned."""

    event: Event | None
    bids: list[Level]
    asks: list[Level]


def lobster(path: Path) -> Iterator[Row]:
    """Yield the rows of a LOBSTER archive; prices in 1/10,000 dollar."""
    with zipfile.ZipFile(path) as archive:
        names = {("message" in name): name for name in archive.namelist() if "csv" in name}
        messages = np.loadtxt(
            io.BytesIO(archive.read(names[True])),
            delimiter=",",
            usecols=range(1, 6),
            dtype=np.int64,
        )
        books = np.loadtxt(io.BytesIO(archive.read(names[False])), delimiter=",", dtype=np.int64)
    kinds = {1: "A", 2: "X", 3: "D", 4: "E"}
    for (kind, ref, qty, price, direction), book in zip(
        messages.tolist(), books.tolist(), strict=True
    ):
        event = None
        if kind in kinds:
            side = Side.BUY if direction == 1 else Side.SELL
            event = Event(kinds[kind], ref, side, price, qty)
        yield Row(event, levels_of(book[2::4], book[3::4]), levels_of(book[0::4], book[1::4]))


def levels_of(prices: list[int], qtys: list[int]) -> list[Level]:
    """Return the levels that are there: LOBSTER fills up with dummies of quantity 0."""
    return [level for level in zip(prices, qtys, strict=True) if level[1] != 0]


def ticks(text: str) -> int:
    """Return dollars in 1/10,000, exactly."""
    whole, _, places = text.partition(".")
    return int(whole) * 10_000 + int(places.ljust(4, "0"))


def whole(text: str) -> int:
    """Return a whole number that may be written with a point and zeros."""
    number, _, places = text.partition(".")
    assert not places.strip("0"), text
    return int(number)


def itch_csv(path: Path) -> Iterator[Row]:
    """Yield the rows of decoded ITCH events with ten levels after each."""
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            kind = {"F": "A", "C": "E"}.get(row["message_type"], row["message_type"])
            side = Side.BUY if row["direction"] == "1" else Side.SELL
            ref, qty, price = int(row["order_id"]), whole(row["size"]), ticks(row["price"])
            old = (0, 0, 0)
            if kind == "U":
                old = (
                    whole(row["old_order_id"]),
                    ticks(row["old_price"]),
                    whole(row["old_size"]),
                )
            sides = [
                [
                    (ticks(row[f"{side}_price_{rank}"]), whole(row[f"{side}_size_{rank}"]))
                    for rank in range(1, 11)
                    if row[f"{side}_price_{rank}"]
                ]
                for side in ("bid", "ask")
            ]
            yield Row(Event(kind, ref, side, price, qty, *old), *sides)


class SeededBook:
    """A real book of one instrument, kept beside a recording that began before we looked."""

    def __init__(self, window_levels: int = 1024) -> None:
        self.books = Books(orders_max=1 << 16, instruments_max=1, window_levels=window_levels)
        self.books.define(1, step_ticks=100)
        self.book = self.books[1]
        self.made: dict[tuple[Side, int], int] = {}
        self.made_next = 1 << 63
        self.fills = 0
        self.passed = 0

    def make(self, side: Side, price: int, qty: int) -> None:
        """Stand in for what the recording shows and no message told."""
        self.made[side, price] = self.made_next
        self.books.add(1, self.made_next, side, price, qty)
        self.made_next += 1

    def apply(self, event: Event) -> None:
        if event.kind == "A":
            self.books.add(1, event.order_ref, event.side, event.price, event.qty)
        elif event.kind == "U":
            if self.book.order(event.old_ref):
                self.books.replace(event.old_ref, event.order_ref, event.price, event.qty)
            else:
                self.take_made(event.side, event.old_price, event.old_qty)
                self.books.add(1, event.order_ref, event.side, event.price, event.qty)
        elif order := self.book.order(event.order_ref):
            self.take_known(event, order.qty_lots)
        else:
            self.take_made(event.side, event.price, event.qty)

    def take_known(self, event: Event, had: int) -> None:
        """A message about an order that we saw come."""
        if event.kind == "E":
            self.fills += 1
            queue = self.book.queue(event.side, event.price)["order_ref"].tolist()
            ahead = queue[: queue.index(event.order_ref)]
            assert len(ahead) == self.book.position(event.order_ref).orders_ahead
            # References rise, but orders of the opening auction join late with early ones: before
            # those who joined before them.
            self.passed += any(ref < event.order_ref for ref in ahead)
            change = self.books.execute(event.order_ref, event.qty)
        elif event.kind == "X":
            change = self.books.reduce(event.order_ref, event.qty)
        else:
            assert event.qty == had, "a delete says what was left"
            change = self.books.delete(event.order_ref)
        assert not change.overfilled
        assert (change.side, change.price_ticks) == (event.side, event.price)

    def take_made(self, side: Side, price: int, qty: int) -> None:
        """A message about an order that stood before we looked."""
        made = self.made.get((side, price))
        if made is not None:
            assert not self.books.reduce(made, qty).overfilled, "more than stood there"
            if self.book.order(made) is None:
                del self.made[side, price]

    def levels(self, side: Side, count: int) -> list[Level]:
        levels = self.book.bids(count) if side is Side.BUY else self.book.asks(count)
        return list(zip(levels["price_ticks"].tolist(), levels["qty_lots"].tolist(), strict=True))

    def forget(self, side: Side, price: int) -> None:
        """Drop a level that the recording can no longer see."""
        for order in self.book.queue(side, price)["order_ref"].tolist():
            self.books.delete(order)
        self.made.pop((side, price), None)
