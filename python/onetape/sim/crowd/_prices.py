# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What agents think things are worth: the market's prices, and a seeded fundamental behind them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Protocol

from onetape.events import Side

_NS = 1_000_000_000
_STEPS_PER_S = 20
_BPS = 10_000


@dataclass(frozen=True)
class Instrument:
    """An instrument as the crowd knows it.

    Attributes:
        symbol: Its symbol.
        price_ticks: What it is worth at the start.
        increment_ticks: Step of its prices.
    """

    symbol: str
    price_ticks: int
    increment_ticks: int

    def rounded(self, price_ticks: int, side: Side) -> int:
        """Return a price on the step: down for a buy, up for a sell; at least one step."""
        step = self.increment_ticks
        down = price_ticks // step * step
        up_ticks = down if down == price_ticks else down + step
        return max(down if side == Side.BUY else up_ticks, step)


class Best(Protocol):
    """Best prices of a market, seen from outside."""

    def touch(self, symbol: str) -> tuple[int | None, int | None]:
        """Return best bid and best ask in ticks; None where there is none."""


@dataclass
class News:
    """News, as it will break: when, what of, how far, how long makers are wary."""

    at_ns: int
    symbols: tuple[str, ...]
    move_bps: int
    widen: int
    widen_ns: int


@dataclass
class Prices:
    """One instrument's prices, as anybody in the crowd sees them.

    Attributes:
        instrument: Which.
        fundamental_ticks: What it is worth.
        last_ticks: Last trade that anybody of the crowd made; 0 before the first.
        widen: How many times makers' spreads are as wide as usual.
    """

    instrument: Instrument
    rng: random.Random
    walk_bps: float
    fundamental_ticks: int = 0
    last_ticks: int = 0
    widen: int = 1
    market: Best | None = None
    _steps: int = 0
    _wary_until_ns: int = 0
    _news: list[News] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fundamental_ticks = self.instrument.price_ticks

    def take(self, news: News) -> None:
        """Have news to come; called before the start."""
        self._news.append(news)
        self._news.sort(key=lambda n: n.at_ns)

    def advance(self, now_ns: int) -> list[News]:
        """Walk up to a time; return the news that broke on the way."""
        broke = []
        while self._news and self._news[0].at_ns <= now_ns:
            news = self._news.pop(0)
            self._walk(news.at_ns)
            moved = self.fundamental_ticks * (_BPS + news.move_bps) // _BPS
            self.fundamental_ticks = max(moved, self.instrument.increment_ticks)
            self.widen, self._wary_until_ns = news.widen, news.at_ns + news.widen_ns
            broke.append(news)
        self._walk(now_ns)
        if now_ns >= self._wary_until_ns:
            self.widen = 1
        return broke

    def _walk(self, now_ns: int) -> None:
        """Step the walk; its path depends on the seed alone, not on when it is looked at."""
        steps = now_ns * _STEPS_PER_S // _NS
        while self._steps < steps:
            self._steps += 1
            deviation = self.walk_bps / _STEPS_PER_S**0.5 / _BPS
            move = self.fundamental_ticks * self.rng.gauss(0.0, deviation)
            stepped = self.fundamental_ticks + round(move)
            self.fundamental_ticks = max(stepped, self.instrument.increment_ticks)

    def best(self, side: Side) -> int:
        """Return the best price of a side in ticks: the market's, else a guess."""
        if self.market is not None:
            seen = self.market.touch(self.instrument.symbol)[0 if side == Side.BUY else 1]
            if seen is not None:
                return seen
        step = self.instrument.increment_ticks
        guess = self.last_ticks or self.fundamental_ticks
        return self.instrument.rounded(guess - step if side == Side.BUY else guess + step, side)

    def middle2(self) -> int:
        """Return twice the middle, in ticks: of the best prices, else the last trade's."""
        if self.market is not None:
            bid, ask = self.market.touch(self.instrument.symbol)
            if bid is not None and ask is not None:
                return bid + ask
        return 2 * (self.last_ticks or self.fundamental_ticks)
