# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Order books by order, with every queue: the same books as the engine's, to read or to keep.

`Books` holds the books of many instruments and takes market data in, one call or many events at a
time. `Book` is the view of one instrument. Nothing here matches orders, and a crossed book is shown
as it is.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from onetape import _native
from onetape.events import MarketUpdated, Side

__all__ = [
    "LEVEL_DTYPE",
    "POSITION_DTYPE",
    "QUEUE_DTYPE",
    "Applied",
    "Book",
    "Books",
    "Change",
    "Level",
    "Order",
    "Position",
]

LEVEL_DTYPE = np.dtype([("price_ticks", "<i8"), ("qty_lots", "<u8"), ("orders", "<u8")])
"""A price level: price, sum of its orders, how many."""

QUEUE_DTYPE = np.dtype([("order_ref", "<u8"), ("qty_lots", "<u8"), ("owner", "<u8")])
"""An order in the queue of a price."""

POSITION_DTYPE = np.dtype([("orders_ahead", "<i8"), ("qty_ahead_lots", "<u8")])
"""Where an order stands; `orders_ahead` is -1 where no such order rests."""


class Level(NamedTuple):
    """A price level.

    Attributes:
        price_ticks: Its price.
        qty_lots: Sum of its orders, at least 1.
        orders: How many, at least 1.
    """

    price_ticks: int
    qty_lots: int
    orders: int


class Order(NamedTuple):
    """A resting order.

    Attributes:
        order_ref: The venue's reference.
        instrument_id: Instrument.
        side: Side.
        price_ticks: Its price.
        qty_lots: What is left of it, at least 1.
        owner: Whose it is; 0 where nobody says.
    """

    order_ref: int
    instrument_id: int
    side: Side
    price_ticks: int
    qty_lots: int
    owner: int


class Position(NamedTuple):
    """Where an order stands in the queue of its price.

    Attributes:
        orders_ahead: Orders that trade before it at this price.
        qty_ahead_lots: Their quantity.
    """

    orders_ahead: int
    qty_ahead_lots: int


class Change(NamedTuple):
    """What a call did to a resting order.

    Attributes:
        instrument_id: Instrument.
        side: Side of the order.
        price_ticks: Its price before the call.
        qty_taken_lots: Quantity that left the book at that price.
        leaves_lots: What is left of the order, or of its successor.
        overfilled: More was asked for than it had; it was cut to that.
        bbo_changed: Price or quantity of the side's best level changed.
    """

    instrument_id: int
    side: Side
    price_ticks: int
    qty_taken_lots: int
    leaves_lots: int
    overfilled: bool
    bbo_changed: bool


class Applied(NamedTuple):
    """What became of many updates. What was refused changed nothing.

    Attributes:
        applied: Changed a book.
        unconcerned: Trades of hidden interest, statuses: no book is concerned.
        orders_unknown: Named an order that is not in the book.
        orders_duplicate: Added an order that is in the book already.
        orders_overfilled: Took more than the order had; cut to that (these count as applied).
        capacity_rejects: Did not fit: raise `orders_max`.
        refused: An instrument, price, quantity or number that cannot be.
        bbo_changes: Times that a best price or its quantity changed.
    """

    applied: int
    unconcerned: int
    orders_unknown: int
    orders_duplicate: int
    orders_overfilled: int
    capacity_rejects: int
    refused: int
    bbo_changes: int


class ReadableBooks(Protocol):
    """What a `Book` reads from: native books, the engine's or our own."""

    def levels(self, instrument_id: int, side: int, count: int) -> NDArray[np.uint64]:
        """Return up to `count` levels, best first, shape (n, 3)."""

    def queue(self, instrument_id: int, side: int, price_ticks: int) -> NDArray[np.uint64]:
        """Return the orders at a price by priority, shape (n, 3)."""

    def positions(self, order_refs: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Return where orders stand, shape (n, 2)."""

    def order(self, order_ref: int) -> tuple[int, int, int, int, int, int] | None:
        """Return the fields of an order."""

    def best(self, instrument_id: int, side: int) -> tuple[int, int, int] | None:
        """Return the fields of a side's best level."""


class Book:
    """One instrument's book: reads, never changes. Always shows the present state.

    Args:
        books: The native books that it reads from.
        instrument_id: Instrument.
    """

    __slots__ = ("_books", "instrument_id")

    def __init__(self, books: ReadableBooks, instrument_id: int) -> None:
        self._books = books
        self.instrument_id = instrument_id

    def bids(self, n: int = 10) -> NDArray[np.void]:
        """Return the best bids, highest price first.

        Args:
            n: How many levels at most; not negative.

        Returns:
            Levels, `LEVEL_DTYPE`, shape (at most n,).
        """
        return self._levels(1, n)

    def asks(self, n: int = 10) -> NDArray[np.void]:
        """Return the best asks, lowest price first.

        Args:
            n: How many levels at most; not negative.

        Returns:
            Levels, `LEVEL_DTYPE`, shape (at most n,).
        """
        return self._levels(2, n)

    def _levels(self, side: int, n: int) -> NDArray[np.void]:
        rows = self._books.levels(self.instrument_id, side, n)
        return rows.view(LEVEL_DTYPE)[:, 0]

    @property
    def best_bid(self) -> Level | None:
        """The best bid; None when nobody bids."""
        level = self._books.best(self.instrument_id, 1)
        return None if level is None else Level._make(level)

    @property
    def best_ask(self) -> Level | None:
        """The best ask; None when nobody offers."""
        level = self._books.best(self.instrument_id, 2)
        return None if level is None else Level._make(level)

    def order(self, order_ref: int) -> Order | None:
        """Return an order of this instrument; None when no such order rests.

        Args:
            order_ref: The venue's reference.
        """
        found = self._books.order(order_ref)
        if found is None or found[1] != self.instrument_id:
            return None
        ref, instrument_id, side, *rest = found
        return Order(ref, instrument_id, Side(side), *rest)

    def queue(self, side: Side, price_ticks: int) -> NDArray[np.void]:
        """Return the orders at a price, the first to trade first.

        Args:
            side: Side.
            price_ticks: Price.

        Returns:
            Orders, `QUEUE_DTYPE`; empty when there are none.
        """
        rows = self._books.queue(self.instrument_id, int(side), price_ticks)
        return rows.view(QUEUE_DTYPE)[:, 0]

    @overload
    def position(self, order_ref: int) -> Position | None: ...
    @overload
    def position(self, order_ref: NDArray[np.integer] | list[int]) -> NDArray[np.void]: ...
    def position(self, order_ref: ArrayLike) -> Position | NDArray[np.void] | None:
        """Return where orders stand in the queues of their prices.

        Takes time in proportion to the orders ahead.

        Args:
            order_ref: One reference, or an array of them.

        Returns:
            For one: its position, None when no such order rests. For an array: `POSITION_DTYPE`
            of the same length, `orders_ahead` -1 where no such order rests.
        """
        if isinstance(order_ref, int):
            ahead, qty = self._books.positions(np.array([order_ref], np.uint64))[0].tolist()
            return None if ahead == (1 << 64) - 1 else Position(ahead, qty)
        refs = np.ascontiguousarray(order_ref, np.uint64).reshape(-1)
        return self._books.positions(refs).view(POSITION_DTYPE)[:, 0]


class Books:
    """The books of many instruments, from memory taken at start.

    Args:
        orders_max: Most orders that rest at one time, 1 to 2^28 - 1.
        instruments_max: Highest instrument id, below 2^20.
        window_levels: Levels that have a direct place, per side, 256 to 4,096.

    Raises:
        BookError: If a limit is out of range.

    Examples:
        >>> books = Books()
        >>> books.define(1, step_ticks=100)
        >>> books.add(1, order_ref=7, side=Side.BUY, price_ticks=1_633_400, qty_lots=200)
        >>> books.add(1, order_ref=8, side=Side.BUY, price_ticks=1_633_400, qty_lots=50)
        >>> books[1].best_bid
        Level(price_ticks=1633400, qty_lots=250, orders=2)
        >>> books[1].position(8)
        Position(orders_ahead=1, qty_ahead_lots=200)
        >>> books.execute(7, 150).leaves_lots
        50
    """

    __slots__ = ("_native",)

    def __init__(
        self,
        *,
        orders_max: int = 1 << 20,
        instruments_max: int = 1 << 14,
        window_levels: int = 1024,
    ) -> None:
        self._native = _native.Books(orders_max, instruments_max, window_levels)

    def __getitem__(self, instrument_id: int) -> Book:
        return Book(self._native, instrument_id)

    def __len__(self) -> int:
        """How many orders rest."""
        return self._native.live_orders()

    @property
    def instruments(self) -> list[int]:
        """Ids of the instruments that are defined, rising."""
        return self._native.instruments()

    def define(self, instrument_id: int, step_ticks: int = 1) -> None:
        """Define an instrument, or say again what it is.

        Args:
            instrument_id: From 1 to `instruments_max`.
            step_ticks: Step that most of its prices keep to, 1 to 2^31 - 1 (US stocks above a
                dollar: 100); other prices work too, more slowly.

        Raises:
            BookError: If the id or step is out of range, or the step differs from before.
        """
        self._native.define(instrument_id, step_ticks)

    def add(
        self,
        instrument_id: int,
        order_ref: int,
        side: Side,
        price_ticks: int,
        qty_lots: int,
        *,
        owner: int = 0,
    ) -> None:
        """Let an order join the back of its price level.

        Args:
            instrument_id: Instrument, defined.
            order_ref: A reference that no resting order has, below 2^64.
            side: Side.
            price_ticks: Price, between plus and minus 2^61.
            qty_lots: Quantity, at least 1.
            owner: Whose it is; 0 where nobody says.

        Raises:
            BookError: If a value is out of range, the reference is in use, or the books are full.
        """
        self._native.add(instrument_id, order_ref, int(side), price_ticks, qty_lots, owner)

    def execute(self, order_ref: int, qty_lots: int) -> Change:
        """Let a resting order trade: it shrinks in place, and dies at zero.

        Args:
            order_ref: The order.
            qty_lots: What it traded; more than it has is cut to that.

        Raises:
            BookError: If no such order rests.
        """
        return _change(self._native.execute(order_ref, qty_lots))

    def reduce(self, order_ref: int, qty_lots: int) -> Change:
        """Shrink a resting order in place; it dies at zero.

        Args:
            order_ref: The order.
            qty_lots: By how much; more than it has is cut to that.

        Raises:
            BookError: If no such order rests.
        """
        return _change(self._native.reduce(order_ref, qty_lots))

    def delete(self, order_ref: int) -> Change:
        """Take a resting order out of the book.

        Args:
            order_ref: The order.

        Raises:
            BookError: If no such order rests.
        """
        return _change(self._native.delete(order_ref))

    def replace(self, order_ref: int, new_ref: int, price_ticks: int, qty_lots: int) -> Change:
        """Let an order die and another join, with its side and owner, at the back.

        Args:
            order_ref: The order that dies.
            new_ref: The one that joins; may be the same reference.
            price_ticks: Its price.
            qty_lots: Its quantity, at least 1.

        Raises:
            BookError: If the first does not rest, the second does, or a value is out of range.
        """
        return _change(self._native.replace(order_ref, new_ref, price_ticks, qty_lots))

    def set(self, order_ref: int, price_ticks: int, qty_lots: int) -> Change:
        """Set an order's price and quantity.

        It keeps its place when the price is unchanged and the quantity no larger, else it goes to
        the back; quantity 0 deletes it.

        Args:
            order_ref: The order.
            price_ticks: Its price from now on.
            qty_lots: Its quantity from now on.

        Raises:
            BookError: If no such order rests, or a value is out of range.
        """
        return _change(self._native.set(order_ref, price_ticks, qty_lots))

    def clear(self, instrument_id: int) -> int:
        """Empty an instrument's book.

        Args:
            instrument_id: Instrument.

        Returns:
            How many orders left.
        """
        return self._native.clear(instrument_id)

    def apply(self, updates: NDArray[np.void]) -> Applied:
        """Apply many market-by-order events in order.

        Args:
            updates: `MarketUpdated.DTYPE`, shape (n,).

        Returns:
            What became of them.

        Raises:
            TypeError: If the array has another dtype.
        """
        if updates.dtype != MarketUpdated.DTYPE:
            raise TypeError(f"expected an array of {MarketUpdated.DTYPE}, found {updates.dtype}")
        bodies = np.ascontiguousarray(updates).reshape(-1).view(np.uint8)
        return Applied(**self._native.apply(bodies))

    def state_hash(self) -> int:
        """Return the digest of the contents: equal for equal books, whatever happened before."""
        return self._native.state_hash()

    def save(self) -> bytes:
        """Return a snapshot, as `restore` takes it."""
        return self._native.save()

    def restore(self, data: bytes) -> None:
        """Take up the state of a snapshot.

        Args:
            data: Bytes that `save` gave.

        Raises:
            BookError: If the bytes are no snapshot, or do not fit; the books are then unspecified.
        """
        self._native.restore(data)


def _change(fields: tuple[int, int, int, int, int, bool, bool]) -> Change:
    change = Change._make(fields)
    return change._replace(side=Side(change.side))
