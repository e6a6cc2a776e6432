# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The simulated venue: a matching engine whose book also holds the historical market."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onetape.events import MarketUpdated
from onetape.exchange._matcher import Event, Matcher, Outputs, _events, _outputs


class MarketCounters(NamedTuple):
    """What history asked for that could not be done as it said; counts.

    Attributes:
        missing: Messages about an order that is not there.
        capped: Messages that took more off an order than history had left it.
        displaced: Messages that found less of an order, because ours had traded first.
        refused: Messages with a reference in use, a value out of range, or no room for them.
        ghosts_lost: Orders that ours took whole and that there was no room to remember.
    """

    missing: int
    capped: int
    displaced: int
    refused: int
    ghosts_lost: int


class Venue(Matcher):
    """A simulated venue: history passes through the book, and our orders stand among it.

    History is never changed by ours. A historical trade fills ours first where ours had priority; a
    historical order that crosses ours trades with it first; what ours took from a historical order
    is gone. With nothing of ours, the book is exactly the feed's.

    Args:
        orders_max: Most orders that rest at one time, historical ones included.
        instruments_max: Highest instrument id.
        ghosts_max: Most historical orders remembered after ours took them whole.

    Examples:
        >>> from onetape.events import MarketAction, MarketUpdated, Side
        >>> venue = Venue(orders_max=1_000, instruments_max=1)
        >>> venue.define(1)
        >>> _ = venue.enter(1, Side.BUY, 5, 100, owner=1)
        >>> sell = MarketUpdated(venue_ts_ns=0, order_ref=7, other_ref=0, price_ticks=99,
        ...     qty_lots=8, instrument_id=1, action=MarketAction.ADD, side=Side.SELL, flags=0)
        >>> [(event.price_ticks, event.qty_lots) for event in venue.market(sell)]
        [(100, 5)]
        >>> venue.queue(1, Side.SELL)
        [RestingOrder(order_id=7, owner=0, price_ticks=99, qty_lots=3)]
    """

    _REPLAYED = True

    @property
    def counters(self) -> MarketCounters:
        """What history asked for that could not be done as it said."""
        return MarketCounters(*self._engine.market_counters())

    def market(self, update: MarketUpdated) -> list[Event]:
        """Apply one message of the historical market; return what it did to our orders."""
        return _events(self._engine.market(update.pack()))

    def apply_market(self, updates: npt.NDArray[np.void]) -> Outputs:
        """Apply many messages.

        Args:
            updates: Shape (n,), dtype `MarketUpdated.DTYPE`.

        Returns:
            What they did to our orders, by kind.
        """
        bodies = np.ascontiguousarray(updates, dtype=MarketUpdated.DTYPE)
        return _outputs(self._engine.apply_market(bodies.tobytes()))
