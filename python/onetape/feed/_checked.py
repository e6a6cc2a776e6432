# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A book that is told by level, and held against the checksum that each message carries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from onetape.errors import DecodeError
from onetape.feed.levels import LevelBook

if TYPE_CHECKING:
    from onetape.types import Instrument


class CheckedBook(ABC):
    """One instrument's book.

    Args:
        instrument: Its id and units.
        depth: Levels a side that are kept.

    Attributes:
        book: The levels.
        checksums: How many were compared, and were equal.
    """

    def __init__(self, instrument: Instrument, *, depth: int) -> None:
        self.instrument = instrument
        self.book = LevelBook(instrument, levels_max=depth)
        self.checksums = 0

    @abstractmethod
    def checksum(self) -> int:
        """Return the checksum of our own levels, as the venue writes it."""

    def compare(self, expected: int) -> None:
        """Hold the book against a checksum of the venue.

        Raises:
            DecodeError: FDC-001, it differs: the book is wrong, subscribe again.
        """
        found = self.checksum()
        if found != expected:
            raise DecodeError(
                f"{self.instrument.symbol}: the venue's checksum is {expected}, our book's {found}",
                code="FDC-001",
                hint="a message was lost: subscribe again, which brings a new snapshot",
            )
        self.checksums += 1
