# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What an execution algorithm made of its order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ExecutionReport:
    """How an order ended. `onetape tca` says more, from the journal.

    Attributes:
        symbol: Symbol.
        is_buy: Whether it bought.
        asked_lots: What was to be done.
        done_lots: What was done.
        average_ticks: Average price, ticks; None where nothing was done.
        arrival_ticks: Middle of the market when it began, ticks; None where it never did.
        market_ticks: Average price of all trades in the market meanwhile, ticks; None without any.
        children: Orders sent.
        refusals: Orders that were refused.
        seconds: How long it took, s.
        reason: Why it ended: filled, time, cancelled, stopped, refused, halted or broken.
    """

    symbol: str
    is_buy: bool
    asked_lots: int
    done_lots: int
    average_ticks: float | None
    arrival_ticks: float | None
    market_ticks: float | None
    children: int
    refusals: int
    seconds: float
    reason: str

    @property
    def left_lots(self) -> int:
        """What was not done, lots."""
        return self.asked_lots - self.done_lots

    @property
    def slippage_bp(self) -> float | None:
        """Cost against the middle at the begin, in basis points; positive is worse."""
        return self._against(self.arrival_ticks)

    @property
    def vwap_slippage_bp(self) -> float | None:
        """Cost against what the market traded at meanwhile, in basis points; positive is worse."""
        return self._against(self.market_ticks)

    def _against(self, price_ticks: float | None) -> float | None:
        if not price_ticks or self.average_ticks is None:
            return None
        more = self.average_ticks - price_ticks if self.is_buy else price_ticks - self.average_ticks
        return 10_000 * more / price_ticks

    def __str__(self) -> str:
        """Return a sentence."""
        verb = "bought" if self.is_buy else "sold"
        text = f"{verb} {self.done_lots:,} of {self.asked_lots:,} lots of {self.symbol}"
        if self.average_ticks is not None:
            text += f" at {self.average_ticks:,.2f} ticks"
        if (cost := self.slippage_bp) is not None:
            text += f", {cost:+.2f} bp against arrival"
        if (cost := self.vwap_slippage_bp) is not None:
            text += f", {cost:+.2f} bp against the market's average"
        return f"{text}; {self.children} orders in {self.seconds:.1f} s; ended: {self.reason}"
