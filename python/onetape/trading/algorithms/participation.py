# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""POV: a share of what the market trades."""

from __future__ import annotations

from onetape.trading import Trade
from onetape.trading.algorithms.algorithm import Algorithm, Phase


class Participation(Algorithm):
    """Keeps what it has done at a share of what has traded since it began.

    It follows: a share of nothing is nothing. Between two looks the missing part rests at the
    touch; what missed for a whole pause is taken. What the market did not allow is left at the end.

    Attributes:
        rate_percent: The share, of all that trades, ours included: 1 to 100.
        pause_ms: Time between two looks, ms.
    """

    at_end: str = "leave"
    rate_percent: int = 10
    pause_ms: int = 1_000

    @property
    def target(self) -> int:
        """What the share allows, lots."""
        return self.volume * self.rate_percent // 100 // self.lot * self.lot

    def begin(self) -> None:
        """Look at once, and again after every pause."""
        if not 1 <= self.rate_percent <= 100:  # noqa: PLR2004
            raise ValueError(f"expected rate_percent from 1 to 100, found {self.rate_percent}")
        self.behind = 0
        self.step()

    def step(self) -> None:
        """What the last look allowed and nobody gave is late now."""
        late, self.behind = self.behind, self.target
        if self.done < min(late, self.qty):
            self.pull()
        self.late = late
        self.changed()
        self.wake(self.pause_ms * 1_000_000)

    def changed(self) -> None:
        """Take what is late, when nothing of it is being cancelled any more; post the rest."""
        if not self.pulled & self.children.keys():
            self.aim(self.late, take=True)
            self.aim(self.target, take=False)

    def on_trade(self, trade: Trade) -> None:
        """Every trade allows more."""
        super().on_trade(trade)
        if self.phase is Phase.WORKING:
            self.changed()
