# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Iceberg: a small order rests, and another one behind it when it is done.

Ours, not the venue's: it works where a venue has no reserve orders, and nobody there knows of it.
"""

from __future__ import annotations

from onetape.trading.algorithms.algorithm import Algorithm


class Iceberg(Algorithm):
    """Shows a little at a time.

    Attributes:
        show: How much is shown, lots.
        vary_percent: Each shown part is smaller by up to this share, by the seed: 0 to 90.
        pause_ms: Time after which a part that the market has left is moved to the touch, ms; 0: it
            stays where it is.
    """

    show: int = 10
    vary_percent: int = 0
    pause_ms: int = 500

    def begin(self) -> None:
        """Show the first part."""
        if self.show < 1 or not 0 <= self.vary_percent <= 90 or self.pause_ms < 0:  # noqa: PLR2004
            raise ValueError(
                "expected show of 1 or more, vary_percent from 0 to 90, pause_ms of 0 up"
            )
        self.price = 0
        self.changed()
        if self.pause_ms:
            self.wake(self.pause_ms * 1_000_000)

    def step(self) -> None:
        """Move to the touch, where it is not there."""
        if self.children and self.price != self.touch():
            self.pull()
        self.wake(self.pause_ms * 1_000_000)

    def changed(self) -> None:
        """Show the next part when nothing is shown."""
        if self.left > 0 and not self.children and (price := self.touch()):
            part = self.show - int(self.show * self.random.random() * self.vary_percent / 100)
            part = max(self.lot, part // self.lot * self.lot)
            self.price = price
            self.post(min(part, self.left), price)

    def touch(self) -> int:
        """Return the price to rest at, ticks; 0 when its side of the book is empty."""
        price = self.book.bid_ticks if self.is_buy else self.book.ask_ticks
        return self.within(price) if price else 0
