# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""ITCH events decoded to CSV, each with the best ten levels after it.

A header line names the columns. `message_type` is ITCH's; prices are dollars. The events start from
a book nobody saw: what was in it is taken from the levels (see `WindowedBook` in the core).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from onetape._native import MarketSource, WindowedBook
from onetape.errors import DecodeError
from onetape.events import MarketAction, Side
from onetape.feed._container import Container
from onetape.feed._day import Day
from onetape.feed._records import (
    EQUITY_RUNGS,
    SYMBOL_BYTES_MAX,
    Chunk,
    as_bytes,
    definitions,
    empty,
    equity,
)
from onetape.feed._source import Source
from onetape.feed._table import Columns, Kind, batches

FORMAT = "itch-events"
_ACTIONS = {
    "A": MarketAction.ADD,
    "F": MarketAction.ADD,
    "E": MarketAction.EXECUTE,
    "C": MarketAction.EXECUTE,
    "X": MarketAction.REDUCE,
    "D": MarketAction.DELETE,
    "U": MarketAction.REPLACE,
    "P": MarketAction.TRADE,
}
_NUMBERS = (
    "timestamp_ns",
    "order_id",
    "old_order_id",
    "size",
    "price",
    "old_price",
    "execution_price",
    "direction",
)
_TEXTS = ("message_type", "stock")
_TICKS_PER_DOLLAR = 10_000
_FLAG_TRADE_PRICE = 1
_INEXACT = 1e-3


def is_events(head: bytes) -> bool:
    """Whether the first line names the columns of decoded ITCH events."""
    names = head.split(b"\n")[0].decode("ascii", "replace").rstrip("\r").split(",")
    return {*_NUMBERS, *_TEXTS, "ask_price_1", "bid_size_1"} <= {*names}


def open_events(container: Container, day: Day) -> Source:
    """Open decoded events as a source."""
    lines = container.head().split(b"\n", 2)
    names = lines[0].decode("ascii").rstrip("\r").split(",")
    values = lines[1].decode("ascii", "replace").split(",") if len(lines) > 1 else []
    row = dict(zip(names, values, strict=False))
    symbol = row.get("stock", "").strip()[:SYMBOL_BYTES_MAX] or "UNKNOWN"
    instrument = equity(symbol)
    book = WindowedBook()
    levels = sum(name.startswith("ask_price_") for name in names)
    with container.open() as reader:
        bytes_total = reader.bytes_total
    return Source(
        native=MarketSource.records(
            definitions(instrument, EQUITY_RUNGS),
            _chunks(container, levels, day.midnight_ns, book),
            bytes_total=bytes_total,
        ),
        format=FORMAT,
        description=f"decoded ITCH events of {symbol} with {levels} levels, "
        f"{day.date} ({day.found})",
        day=day.date,
        day_from=day.found,
        instruments=(instrument,),
        made_counts=book.counts,
    )


def _chunks(
    container: Container, levels: int, midnight_ns: int, book: WindowedBook
) -> Iterator[Chunk]:
    shown = [
        f"{side}_{what}_{level}"
        for level in range(1, levels + 1)
        for side in ("ask", "bid")
        for what in ("price", "size")
    ]
    types: dict[str, Kind] = dict.fromkeys([*_NUMBERS, *shown], "float")
    types |= dict.fromkeys(_TEXTS, "text")
    types |= dict.fromkeys(("timestamp_ns", "order_id", "direction"), "int")
    row = 1
    with container.open() as reader:
        for columns in batches(container, reader, types):
            messages, resting = _messages(container, columns, midnight_ns, row)
            visible = np.column_stack(
                [
                    _ticks(container, columns, name, row)
                    if "price" in name
                    else columns[name].astype(np.int64)
                    for name in shown
                ]
            )
            ts_ns, bodies = book.apply(as_bytes(messages), resting, visible)
            yield ts_ns, bodies, reader.bytes_done
            row += len(messages)


def _messages(
    container: Container, columns: Columns, midnight_ns: int, row: int
) -> tuple[NDArray[np.void], NDArray[np.int64]]:
    """Return events as updates, and the prices that their orders rested at."""
    kinds = columns["message_type"].astype(str)
    known = np.isin(kinds, list(_ACTIONS))
    if not known.all():
        at = int(np.flatnonzero(~known)[0])
        raise DecodeError(
            f"{container}: row {row + at + 1}, column message_type: expected one of "
            f"{' '.join(_ACTIONS)}, found '{kinds[at]}'",
            code="SRC-006",
            hint="leave out what is not about orders and trades",
        )
    out = empty(len(kinds))
    out["venue_ts_ns"] = midnight_ns + columns["timestamp_ns"]
    out["instrument_id"] = 1
    out["qty_lots"] = columns["size"]
    out["side"] = np.where(columns["direction"] == 1, Side.BUY, Side.SELL)
    for letter, action in _ACTIONS.items():
        out["action"][kinds == letter] = action
    price = _ticks(container, columns, "price", row)
    is_replace, is_priced = kinds == "U", kinds == "C"
    old_refs = columns["old_order_id"].astype(np.int64)
    out["order_ref"] = np.where(is_replace, old_refs, columns["order_id"])
    out["other_ref"] = np.where(is_replace, columns["order_id"], 0)
    out["price_ticks"] = np.where(
        is_priced, _ticks(container, columns, "execution_price", row), price
    )
    out["flags"] = np.where(is_priced, _FLAG_TRADE_PRICE, 0)
    resting = np.where(is_replace, _ticks(container, columns, "old_price", row), price)
    return out, np.ascontiguousarray(resting)


def _ticks(container: Container, columns: Columns, name: str, row: int) -> NDArray[np.int64]:
    """Return a column of dollars in ticks; exact, or refused."""
    scaled = columns[name] * _TICKS_PER_DOLLAR
    ticks: NDArray[np.float64] = np.rint(scaled)
    wrong = np.flatnonzero(~(np.abs(scaled - ticks) < _INEXACT))
    if len(wrong):
        at = int(wrong[0])
        raise DecodeError(
            f"{container}: row {row + at + 1}, column {name}: {columns[name][at]} is not a "
            "whole number of 1/10,000 dollars",
            code="SRC-006",
            hint="prices are dollars with at most four decimals",
        )
    return ticks.astype(np.int64)
