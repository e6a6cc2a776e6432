# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Kraken's book channel (WebSocket v1), sans I/O, held against the venue's own checksum.

Each update carries the CRC-32 of the ten best levels of both sides, asks first: price and quantity
of each, as the venue wrote them, without point and leading zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias
from zlib import crc32

import msgspec

from onetape.events import Side
from onetape.feed._checked import CheckedBook

if TYPE_CHECKING:
    from onetape.events import MarketUpdated
    from onetape.types import Instrument

CHECKED_LEVELS = 10
"""Levels of a side that the checksum is over."""
_SIDES = {"as": Side.SELL, "bs": Side.BUY, "a": Side.SELL, "b": Side.BUY}
_E9 = 1_000_000_000

Row: TypeAlias = Sequence[str]


class BookMessage(msgspec.Struct, frozen=True):
    """A message of the book channel.

    Attributes:
        pair: Which.
        parts: `as` and `bs` of a snapshot; `a` and `b` of an update, `c` its checksum.
    """

    pair: str
    parts: Sequence[dict[str, Any]]


def read_message(text: bytes | str) -> BookMessage | None:
    """Read a message; None where it is not of a book channel.

    Raises:
        msgspec.DecodeError: If it is no JSON.
    """
    found = msgspec.json.decode(text)
    if not isinstance(found, list) or not str(found[-2]).startswith("book"):
        return None
    return BookMessage(found[-1], found[1:-2])


class KrakenBook(CheckedBook):
    """One pair's book.

    Args:
        instrument: Its id and units; they must hold every decimal that the venue writes.
        depth: Levels a side that were subscribed to; the venue leaves it to us to let go of more.
    """

    def __init__(self, instrument: Instrument, *, depth: int) -> None:
        super().__init__(instrument, depth=depth)
        self._price_decimals = 0
        self._qty_decimals = 0

    def apply(self, message: BookMessage) -> list[MarketUpdated]:
        """Take a message and return what it changes.

        Raises:
            DecodeError: FDC-001, the checksum differs: the book is wrong, subscribe again.
        """
        events = []
        for part in message.parts:
            if "as" in part:
                events.append(self.book.clear(0))
            for key, side in _SIDES.items():
                for row in part.get(key, ()):
                    events += self._put(side, row)
        for part in message.parts:
            if "c" in part:
                self.compare(int(part["c"]))
        return events

    def checksum(self) -> int:
        """Return the checksum of our own levels."""
        return crc32("".join(self._words()).encode())

    def _words(self) -> Iterator[str]:
        price_unit = self.instrument.tick_e9 * 10**self._price_decimals
        qty_unit = self.instrument.lot_e9 * 10**self._qty_decimals
        for side in (Side.SELL, Side.BUY):
            for level in self.book.top(side, CHECKED_LEVELS):
                yield str(level.price_ticks * price_unit // _E9)
                yield str(level.qty_lots * qty_unit // _E9)

    def _put(self, side: Side, row: Row) -> list[MarketUpdated]:
        price, qty, time = row[0], row[1], row[2]
        self._price_decimals = len(price.partition(".")[2])
        self._qty_decimals = len(qty.partition(".")[2])
        whole, _, part = time.partition(".")
        ts_ns = int(whole) * _E9 + int(part.ljust(9, "0")[:9])
        return self.book.put(
            side, self.instrument.price_ticks(price), self.instrument.qty_lots(qty), ts_ns
        )
