# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""OKX's book channel, sans I/O, held against the venue's own checksum.

Each message carries the CRC-32, as a signed number, of the 25 best levels of both sides: bid and
ask in turn, price and quantity of each as the venue wrote them, joined by colons.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias
from zlib import crc32

import msgspec

from onetape.events import Side
from onetape.feed._checked import CheckedBook

if TYPE_CHECKING:
    from onetape.events import MarketUpdated
    from onetape.types import Instrument

CHECKED_LEVELS = 25
"""Levels of a side that the checksum is over."""
DEPTH = 400
"""Levels a side that the channel `books` holds."""
_NS_PER_MS = 1_000_000

Row: TypeAlias = Sequence[str]


class _Argument(msgspec.Struct, frozen=True):
    channel: str
    symbol: str = msgspec.field(name="instId")


class BookData(msgspec.Struct, frozen=True):
    """What stands, or what changed.

    Attributes:
        asks: Price, quantity and more of each level.
        bids: The same of the other side.
        time_ms: When, in ms since the Unix epoch.
        checksum: Of the book after it.
    """

    asks: Sequence[Sequence[str]]
    bids: Sequence[Sequence[str]]
    time_ms: str = msgspec.field(name="ts")
    checksum: int


class BookMessage(msgspec.Struct, frozen=True):
    """A message of the channel `books`.

    Attributes:
        arg: Channel and symbol.
        action: Whether it is all or a change.
        data: What it says.
    """

    arg: _Argument
    action: Literal["snapshot", "update"]
    data: Sequence[BookData]


_decoder = msgspec.json.Decoder(BookMessage)


def read_message(text: bytes | str) -> BookMessage | None:
    """Read a message; None where it is not of the channel `books`.

    Raises:
        msgspec.DecodeError: If it is no JSON.
    """
    try:
        message = _decoder.decode(text)
    except msgspec.ValidationError:
        return None
    return message if message.arg.channel == "books" else None


class OkxBook(CheckedBook):
    """One instrument's book.

    Args:
        instrument: Its id and units.
    """

    def __init__(self, instrument: Instrument) -> None:
        super().__init__(instrument, depth=DEPTH)

    def apply(self, message: BookMessage) -> list[MarketUpdated]:
        """Take a message and return what it changes.

        Raises:
            DecodeError: FDC-001, the checksum differs: the book is wrong, subscribe again.
        """
        events = []
        for data in message.data:
            ts_ns = int(data.time_ms) * _NS_PER_MS
            if message.action == "snapshot":
                events.append(self.book.clear(ts_ns))
            # What goes makes room first: the book is as deep as the venue's, and no deeper.
            for is_gone in (True, False):
                for side, rows in ((Side.SELL, data.asks), (Side.BUY, data.bids)):
                    for row in rows:
                        price, qty = self._units(row)
                        if (qty == 0) == is_gone:
                            events += self.book.put(side, price, qty, ts_ns)
            self.compare(data.checksum)
        return events

    def checksum(self) -> int:
        """Return the checksum of our own levels, a signed 32-bit number."""
        unsigned = crc32(":".join(self._words()).encode())
        return unsigned - (1 << 32) if unsigned >> 31 else unsigned

    def _words(self) -> Iterator[str]:
        sides = [self.book.top(side, CHECKED_LEVELS) for side in (Side.BUY, Side.SELL)]
        for place in range(CHECKED_LEVELS):
            for levels in sides:
                if place < len(levels):
                    yield _plain(self.instrument.price_text(levels[place].price_ticks))
                    yield _plain(self.instrument.qty_text(levels[place].qty_lots))

    def _units(self, row: Row) -> tuple[int, int]:
        return self.instrument.price_ticks(row[0]), self.instrument.qty_lots(row[1])


def _plain(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
