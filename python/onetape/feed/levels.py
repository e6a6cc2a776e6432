# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A book that a venue tells by price level, said in the events of a book by order.

Each level is one order: it gets a reference when it appears and keeps it until it goes. Only what
differs from what was said before becomes an event.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from onetape.events import MarketAction, MarketUpdated, Side

if TYPE_CHECKING:
    from onetape.types import Instrument

REFS_PER_INSTRUMENT = 1 << 40
"""References that an instrument has to give; those of two instruments never meet."""
LEVELS_MAX = 5_000
"""Levels of a side, unless it is said otherwise."""


class Quantity(NamedTuple):
    """What stands at a price: price in ticks, quantity in lots."""

    price_ticks: int
    qty_lots: int


class _Level:
    __slots__ = ("order_ref", "qty_lots")

    def __init__(self, order_ref: int, qty_lots: int) -> None:
        self.order_ref = order_ref
        self.qty_lots = qty_lots


class _Half:
    """One side: the levels by price, and the prices with the best one last."""

    __slots__ = ("keys", "levels", "sign")

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.keys: list[int] = []
        self.levels: dict[int, _Level] = {}

    def add(self, price_ticks: int, level: _Level) -> None:
        key = self.sign * price_ticks
        self.keys.insert(bisect_left(self.keys, key), key)
        self.levels[price_ticks] = level

    def drop(self, price_ticks: int) -> _Level | None:
        level = self.levels.pop(price_ticks, None)
        if level is not None:
            del self.keys[bisect_left(self.keys, self.sign * price_ticks)]
        return level


class LevelBook:
    """The levels of one instrument, and the events that say how they changed.

    Args:
        instrument: Its id and units.
        levels_max: Levels kept a side; where there are more, the worst are let go.

    Examples:
        >>> from onetape.types import Instrument
        >>> book = LevelBook(Instrument(id=1, symbol="BTCUSDT"))
        >>> events = book.put(Side.BUY, 6_183_763, 378, 0)
        >>> events += book.put(Side.BUY, 6_183_763, 400, 0)
        >>> [(MarketAction(event.action).name, event.qty_lots) for event in events]
        [('ADD', 378), ('SET', 400)]
        >>> book.best(Side.BUY)
        Quantity(price_ticks=6183763, qty_lots=400)
    """

    def __init__(self, instrument: Instrument, *, levels_max: int = LEVELS_MAX) -> None:
        self.instrument = instrument
        self.levels_max = levels_max
        self._halves = {Side.BUY: _Half(1), Side.SELL: _Half(-1)}
        self._next_ref = instrument.id * REFS_PER_INSTRUMENT + 1

    def clear(self, venue_ts_ns: int) -> MarketUpdated:
        """Empty the book: before a snapshot, and when the line was lost."""
        for half in self._halves.values():
            half.keys.clear()
            half.levels.clear()
        return self._event(MarketAction.CLEAR, venue_ts_ns)

    def put(
        self, side: Side, price_ticks: int, qty_lots: int, venue_ts_ns: int
    ) -> list[MarketUpdated]:
        """Say what stands at a price now; quantity 0 is nothing. Return what that changes."""
        half = self._halves[side]
        level = half.levels.get(price_ticks)
        if qty_lots == 0:
            return [] if level is None else [self._delete(side, price_ticks, venue_ts_ns)]
        if level is not None:
            if level.qty_lots == qty_lots:
                return []
            level.qty_lots = qty_lots
            return [self._level_event(MarketAction.SET, venue_ts_ns, side, price_ticks)]
        is_full = len(half.keys) >= self.levels_max
        if is_full and half.sign * price_ticks < half.keys[0]:
            return []
        events = []
        if is_full:
            events.append(self._delete(side, half.sign * half.keys[0], venue_ts_ns))
        half.add(price_ticks, _Level(self._next_ref, qty_lots))
        self._next_ref += 1
        events.append(self._level_event(MarketAction.ADD, venue_ts_ns, side, price_ticks))
        return events

    def cut(self, side: Side, price_ticks: int | None, venue_ts_ns: int) -> list[MarketUpdated]:
        """Drop the levels that are better than a price; with None all of the side."""
        half = self._halves[side]
        events = []
        while half.keys and (price_ticks is None or half.keys[-1] > half.sign * price_ticks):
            events.append(self._delete(side, half.sign * half.keys[-1], venue_ts_ns))
        return events

    def best(self, side: Side) -> Quantity | None:
        """Return the best level of a side; None when it is empty."""
        return next(iter(self.top(side, 1)), None)

    def top(self, side: Side, count: int) -> list[Quantity]:
        """Return the best levels of a side, the best first."""
        half = self._halves[side]
        prices = [half.sign * key for key in reversed(half.keys[max(0, len(half.keys) - count) :])]
        return [Quantity(price, half.levels[price].qty_lots) for price in prices]

    def _delete(self, side: Side, price_ticks: int, venue_ts_ns: int) -> MarketUpdated:
        level = self._halves[side].drop(price_ticks)
        assert level is not None, "only levels that stand are dropped"
        return self._event(MarketAction.DELETE, venue_ts_ns, side, order_ref=level.order_ref)

    def _level_event(
        self, action: MarketAction, venue_ts_ns: int, side: Side, price_ticks: int
    ) -> MarketUpdated:
        level = self._halves[side].levels[price_ticks]
        return self._event(
            action,
            venue_ts_ns,
            side,
            price_ticks=price_ticks,
            qty_lots=level.qty_lots,
            order_ref=level.order_ref,
        )

    def _event(
        self,
        action: MarketAction,
        venue_ts_ns: int,
        side: Side | int = 0,
        *,
        price_ticks: int = 0,
        qty_lots: int = 0,
        order_ref: int = 0,
    ) -> MarketUpdated:
        return MarketUpdated(
            venue_ts_ns=venue_ts_ns,
            order_ref=order_ref,
            other_ref=0,
            price_ticks=price_ticks,
            qty_lots=qty_lots,
            instrument_id=self.instrument.id,
            action=action,
            side=side,
            flags=0,
        )


def trade_event(
    instrument: Instrument,
    resting_side: Side | int,
    price: Quantity,
    trade_id: int,
    venue_ts_ns: int,
) -> MarketUpdated:
    """Return a trade as the venue printed it: the levels say for themselves what it took."""
    return MarketUpdated(
        venue_ts_ns=venue_ts_ns,
        order_ref=0,
        other_ref=trade_id,
        price_ticks=price.price_ticks,
        qty_lots=price.qty_lots,
        instrument_id=instrument.id,
        action=MarketAction.TRADE,
        side=resting_side,
        flags=0,
    )
