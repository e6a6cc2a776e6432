# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The public market as a journal tells it: best prices, trades, what was shown where orders went.

One pass over the journal, in the core: market data goes through the feeds' decoders into books, one
set a venue. It reads any run's journal, also one that is being written, and keeps its place.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from os import PathLike
from typing import Any

import msgspec
import numpy as np

from onetape import _native
from onetape.events import ConfigLoaded, Event
from onetape.journal import open_journal, row_dtype

__all__ = ["DEPTH_DTYPE", "PRINT_DTYPE", "SEQ_END", "TOP_DTYPE", "MarketTape", "Taken"]

Column = np.ndarray[Any, Any]

SEQ_END = 2**64 - 1
"""After every entry that there can be."""

TOP_DTYPE = np.dtype(
    [("seq", "<u8"), ("ts_ns", "<i8"), ("instrument_id", "<i8"), ("bid_ticks", "<i8"),
     ("bid_lots", "<u8"), ("ask_ticks", "<i8"), ("ask_lots", "<u8")]
)  # fmt: skip
"""A change of the best prices: price 0 and quantity 0 where a side is empty."""

PRINT_DTYPE = np.dtype(
    [("seq", "<u8"), ("ts_ns", "<i8"), ("instrument_id", "<i8"), ("price_ticks", "<i8"),
     ("qty_lots", "<i8"), ("match_id", "<u8"), ("flags", "<u8")]
)  # fmt: skip
"""A trade that the market printed; `flags`: bit 0 it is volume, bit 1 it breaks the match, from bit
8 on the side that took, 0 where nobody says."""

DEPTH_DTYPE = np.dtype(
    [("seq", "<u8"), ("instrument_id", "<i8"), ("price_ticks", "<i8"), ("bid_lots", "<i8"),
     ("ask_lots", "<i8"), ("takeable_buy_lots", "<i8"), ("takeable_sell_lots", "<i8")]
)  # fmt: skip
"""What was shown where an entry of ours puts an order: lots at its price, and lots that it could
take on each side. The price is 2^63 - 1 for an order at any price."""


@dataclass(frozen=True)
class Taken:
    """What one call of `MarketTape.take` found, each in the order of the journal.

    Attributes:
        tops: `TOP_DTYPE`.
        prints: `PRINT_DTYPE`.
        depths: `DEPTH_DTYPE`.
        events: Rows of each kind that was asked for, as `Journal.read` gives them, and what follows
            their fixed parts, one after the other.
        last: Number and time of the last entry that was read; None if there was none.
        at_end: Nothing more is written yet, or wanted.
        counts: So far: `messages` of market data; `malformed` ones; `unplaced` updates that no book
            took; `missing` messages; times that a book `crossed`.
    """

    tops: Column
    prints: Column
    depths: Column
    events: dict[int, tuple[Column, bytes]]
    last: tuple[int, int] | None
    at_end: bool
    counts: dict[str, int]


class MarketTape:
    """A place in a journal that moves on with every call.

    Args:
        path: Folder of the journal.
        kinds: Events that are wanted as they are.

    Raises:
        JournalError: If there is no journal.
    """

    def __init__(self, path: str | PathLike[str], kinds: Collection[type[Event]] = ()) -> None:
        layouts = [(kind.KIND, kind.VERSION, kind.SIZE) for kind in kinds]
        self._dtypes = {kind.KIND: row_dtype(kind) for kind in kinds}
        self._native = _native.MarketTape(path, _limits(path), layouts)

    def take(self, entries_max: int = 1 << 20, *, seq_max: int = SEQ_END) -> Taken:
        """Read on.

        Args:
            entries_max: Most entries to read; not more than 2^20.
            seq_max: Last entry wanted.

        Raises:
            JournalCorruptError: If an entry is damaged; what stands before it was given before.
            JournalGapError: If a segment is missing.
            JournalError: If an event that is wanted has another version of its layout.
        """
        found = self._native.take(entries_max, seq_max)
        events = {
            kind: (rows.view(self._dtypes[kind]), tails)
            for kind, (rows, tails) in found["own"].items()
        }
        return Taken(
            tops=found["tops"].view(TOP_DTYPE),
            prints=found["prints"].view(PRINT_DTYPE),
            depths=found["depths"].view(DEPTH_DTYPE),
            events=events,
            last=found["last"],
            at_end=found["at_end"],
            counts=found["counts"],
        )


def _limits(path: str | PathLike[str]) -> tuple[int, int, int]:
    """Return the limits of books that take what the run's own took, as its first entry says."""
    limits = {"orders_max": 1 << 21, "instruments_max": 1 << 14, "window_levels": 1_024}
    first = next(open_journal(path).entries(end=2), None)
    event = first.event if first is not None else None
    if isinstance(event, ConfigLoaded):
        try:
            said = msgspec.json.decode(event.tail)
        except msgspec.DecodeError:
            said = None
        engine = said.get("engine") if isinstance(said, dict) else None
        if isinstance(engine, dict):
            limits |= {k: v for k, v in engine.items() if k in limits and isinstance(v, int)}
    return limits["orders_max"], limits["instruments_max"], limits["window_levels"]
