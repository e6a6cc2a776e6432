# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Sniper: shows nothing, and takes what comes within its limit."""

from __future__ import annotations

from onetape.trading.algorithms.algorithm import Algorithm


class Sniper(Algorithm):
    """Takes at the limit or better, at once, and nothing else until time is up.

    Attributes:
        least: Nothing below this is taken, lots: small offers are often bait.
        most: Never more than this at once, lots; 0: all that is shown.
        pause_ms: Time between two shots, ms: the market is to fill up again.
    """

    at_end: str = "leave"
    least: int = 1
    most: int = 0
    pause_ms: int = 10

    def begin(self) -> None:
        """Look at once."""
        if not self.limit or self.least < 1 or self.most < 0 or self.pause_ms < 0:
            raise ValueError("expected a limit, least of 1 or more, most and pause_ms of 0 or more")
        self.rests_until_ns = 0
        self.changed()

    def step(self) -> None:
        """The pause is over."""
        self.changed()

    def changed(self) -> None:
        """Take what is shown, if it is good and nothing is on its way."""
        shown = self.book.ask_lots if self.is_buy else self.book.bid_lots
        least = min(self.least, self.left)
        if self.children or self.now_ns < self.rests_until_ns or shown < max(1, least):
            return
        wanted = min(shown, self.left, self.most or shown)
        wanted = wanted // self.lot * self.lot or min(wanted, self.left)
        if wanted > 0 and self.take(wanted):
            self.rests_until_ns = self.now_ns + self.pause_ms * 1_000_000
            self.wake(self.pause_ms * 1_000_000)
