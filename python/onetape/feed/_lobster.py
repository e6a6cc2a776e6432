# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""LOBSTER message files, with the orderbook file beside them where there is one.

The messages start from a book nobody saw and tell only what happened in the best levels. With the
orderbook file the book is right at those levels after every message (see `WindowedBook` in the
core); without it, messages pass as they are and the book misses what was there before.
Source: LOBSTER, "Sample Files Readme", 1 September 2013.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from onetape._native import MarketSource, WindowedBook
from onetape.errors import DecodeError
from onetape.events import MarketAction, Side, TradingStatus
from onetape.feed._container import HEAD_BYTES, Container, Reader, sibling
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

FORMAT = "lobster"
_NAMES = ("time", "type", "order_id", "size", "price", "direction")
_NAMES_NEWER = (*_NAMES, "participant")
_HALT = 7
_HIDDEN = 5
_CROSS = 6
_ACTIONS = {
    1: MarketAction.ADD,
    2: MarketAction.REDUCE,
    3: MarketAction.DELETE,
    4: MarketAction.EXECUTE,
    _HIDDEN: MarketAction.TRADE,
    _CROSS: MarketAction.CROSS,
    _HALT: MarketAction.STATUS,
}
_STATUSES = {-1: TradingStatus.HALTED, 0: TradingStatus.QUOTING, 1: TradingStatus.TRADING}
_SYMBOL = re.compile(r"([A-Za-z][A-Za-z0-9.]*)_\d{4}-")
_LINE = re.compile(rb"\d+(\.\d+)?,[1-7],-?\d+,\d+,-?\d+,-?1(,[^,]*)?")
_MESSAGE, _ORDERBOOK = "_message_", "_orderbook_"


def is_messages(head: bytes) -> bool:
    """Whether these are the first lines of a message file."""
    lines = _whole_lines(head)
    return bool(lines) and all(_LINE.fullmatch(line) for line in lines)


def is_orderbook(head: bytes) -> bool:
    """Whether these are the first lines of an orderbook file: whole numbers in fours, no header."""
    lines = _whole_lines(head)
    counts = {line.count(b",") + 1 for line in lines}
    numbers = all(re.fullmatch(rb"-?\d+(,-?\d+)*", line) for line in lines)
    return bool(lines) and numbers and len(counts) == 1 and not counts.pop() % 4


def open_lobster(container: Container, day: Day) -> Source:
    """Open a message file as a source."""
    found = _SYMBOL.match(container.name)
    symbol = found[1][:SYMBOL_BYTES_MAX].upper() if found else "UNKNOWN"
    book_file = None
    if _MESSAGE in container.name:
        book_file = sibling(container, container.name.replace(_MESSAGE, _ORDERBOOK))
    instrument = equity(symbol)
    book = WindowedBook()
    chunks = _chunks(container, book_file, day.midnight_ns, book)
    with container.open() as reader:
        bytes_total = reader.bytes_total
    beside = f"with {book_file.name}" if book_file else "without an orderbook file"
    return Source(
        native=MarketSource.records(
            definitions(instrument, EQUITY_RUNGS), chunks, bytes_total=bytes_total
        ),
        format=FORMAT,
        description=f"LOBSTER messages of {symbol}, {day.date} ({day.found}), {beside}",
        day=day.date,
        day_from=day.found,
        instruments=(instrument,),
        made_counts=book.counts,
    )


def _chunks(
    container: Container, book_file: Container | None, midnight_ns: int, book: WindowedBook
) -> Iterator[Chunk]:
    with ExitStack() as stack:
        reader = stack.enter_context(container.open())
        names = _NAMES_NEWER if container.head().split(b"\n")[0].count(b",") == 6 else _NAMES  # noqa: PLR2004 - seven columns
        types: dict[str, Kind] = {n: "float" if n == "time" else "int" for n in _NAMES}
        rows = None
        if book_file is not None:
            rows = _Rows(book_file, stack.enter_context(book_file.open()))
        row = 0
        for columns in batches(container, reader, types, names):
            messages = _messages(container, columns, midnight_ns, row)
            count = len(messages)
            prices = columns["price"]
            visible = rows.take(count) if rows is not None else None
            if visible is not None and len(visible) < count:
                raise DecodeError(
                    f"{book_file}: row {row + len(visible) + 1} is missing: "
                    "the message file has more rows",
                    code="SRC-005",
                    hint="give both files of the same day, as they were downloaded",
                )
            ts_ns, bodies = book.apply(as_bytes(messages), prices, visible)
            yield ts_ns, bodies, reader.bytes_done
            row += count


def _messages(
    container: Container, columns: Columns, midnight_ns: int, row: int
) -> NDArray[np.void]:
    """Return messages as updates, with side, price and quantity as they are told."""
    kinds = columns["type"]
    actions = np.zeros(8, np.uint8)
    actions[list(_ACTIONS)] = list(_ACTIONS.values())
    wrong = np.flatnonzero((kinds < 1) | (kinds > _HALT) | (columns["size"] < 0))
    if len(wrong):
        at = int(wrong[0])
        raise DecodeError(
            f"{container}: row {row + at + 1}: expected a type from 1 to 7 and a size of 0 or "
            f"more, found {kinds[at]} and {columns['size'][at]}",
            code="SRC-006",
            hint="look at that row: the file may be cut short or joined from two",
        )
    out = empty(len(kinds))
    # A time has 9 decimals and a double over 15 digits: rounding gives the nanosecond back.
    out["venue_ts_ns"] = midnight_ns + np.rint(columns["time"] * 1e9).astype(np.int64)
    out["order_ref"] = np.where(kinds >= _HIDDEN, 0, columns["order_id"])
    out["price_ticks"] = np.where(kinds == _HALT, 0, columns["price"])
    out["qty_lots"] = columns["size"]
    out["instrument_id"] = 1
    out["action"] = actions[kinds]
    out["side"] = np.where(columns["direction"] == 1, Side.BUY, Side.SELL)
    is_halt = kinds == _HALT
    if is_halt.any():
        out["side"][is_halt] = 0
        prices = columns["price"][is_halt]
        out["flags"][is_halt] = [_STATUSES.get(int(p), TradingStatus.UNKNOWN) for p in prices]
    return out


class _Rows:
    """The rows of an orderbook file, taken in numbers that another file sets."""

    def __init__(self, container: Container, reader: Reader) -> None:
        first = container.head().split(b"\n")[0]
        names = [f"column_{i}" for i in range(1, first.count(b",") + 2)]
        if len(names) % 4:
            raise DecodeError(
                f"{container}: expected 4 columns a level, found {len(names)}",
                code="SRC-005",
                hint="give the orderbook file as it was downloaded",
            )
        types: dict[str, Kind] = dict.fromkeys(names, "int")
        self._batches = batches(container, reader, types, names)
        self._left = np.empty((0, len(names)), np.int64)

    def take(self, count: int) -> NDArray[np.int64]:
        """Return the next `count` rows, fewer at the end of the file."""
        parts = [self._left]
        while sum(map(len, parts)) < count and (batch := next(self._batches, None)) is not None:
            parts.append(np.column_stack(list(batch.values())))
        rows = np.concatenate(parts)
        self._left = rows[count:]
        return np.ascontiguousarray(rows[:count])


def _whole_lines(head: bytes) -> list[bytes]:
    lines = head.split(b"\n")
    if len(head) >= HEAD_BYTES or not lines[-1]:
        lines = lines[:-1]
    return [line.rstrip(b"\r") for line in lines[:100]]
