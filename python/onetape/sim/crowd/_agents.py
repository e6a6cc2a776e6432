# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The agents. Each has a seed of its own: the same answers give the same actions.

An agent is asked to act at a time that it named itself; it sees its desk and the prices, no clock.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from onetape.events import Side
from onetape.sim.crowd._desk import Desk, Entering, OwnOrder
from onetape.sim.crowd._prices import News, Prices
from onetape.sim.crowd.config import (
    InstitutionsConfig,
    MakersConfig,
    MomentumConfig,
    ZeroIntelligenceConfig,
)

_NS = 1_000_000_000
_BPS = 10_000
_ANSWERS_NS = 20_000_000
_LAST_TRIES = 5
_ACT, _LEAVE = 100, 40
SIDES = (Side.BUY, Side.SELL)


class Agent:
    """What every agent is.

    Args:
        desk: Its orders and positions.
        markets: The prices of the instruments it trades.
        rng: Its chance, seeded.
        per_s: How often it acts, on average.
    """

    kind = "agent"

    def __init__(
        self, desk: Desk, markets: Sequence[Prices], rng: random.Random, per_s: float
    ) -> None:
        self.desk, self.markets, self.rng, self.per_s = desk, markets, rng, per_s

    def wait_ns(self) -> int:
        """Return how long it waits until it acts again."""
        return max(int(self.rng.expovariate(self.per_s) * _NS), 1)

    def act(self, now_ns: int) -> None:
        """Do what it does at a time, in ns from the start."""

    def hear_news(self, news: News, prices: Prices) -> None:
        """Hear that news broke on an instrument it trades."""

    def take(self, prices: Prices, side: Side, lots: int, through: int = 5) -> None:
        """Send an order that takes at once, up to so many steps through the best price."""
        best = prices.best(Side.SELL if side == Side.BUY else Side.BUY)
        step = prices.instrument.increment_ticks * through
        limit = prices.instrument.rounded(best + step if side == Side.BUY else best - step, side)
        symbol = prices.instrument.symbol
        self.desk.enter(Entering(symbol, side, limit, lots, is_ioc=True))


class ZeroIntelligence(Agent):
    """Orders, trades and cancels at random; it knows no more than where the best prices are."""

    kind = "zero intelligence"

    def __init__(
        self,
        desk: Desk,
        markets: Sequence[Prices],
        rng: random.Random,
        config: ZeroIntelligenceConfig,
        lots: int,
    ) -> None:
        self.weights = (config.limits_per_s, config.markets_per_s, config.cancels_per_s)
        super().__init__(desk, markets, rng, sum(self.weights))
        self.config, self.lots = config, lots

    def act(self, now_ns: int) -> None:
        """Enter, take or cancel."""
        del now_ns
        (what,) = self.rng.choices(("limit", "market", "cancel"), self.weights)
        prices = self.rng.choice(self.markets)
        side = self.rng.choice(SIDES)
        lots = self.rng.randint(1, 5) * self.lots
        if what == "cancel":
            self._cancel(self.rng.random())
        elif what == "market":
            self.take(prices, side, lots)
        else:
            self._enter(prices, side, lots)

    def _cancel(self, at: float) -> None:
        live = [order for order in self.desk.orders.values() if not order.is_leaving]
        if live:
            self.desk.cancel(live[int(at * len(live))])

    def _enter(self, prices: Prices, side: Side, lots: int) -> None:
        if len(self.desk.orders) >= self.config.orders_max:
            self._cancel(0.0)
        away = self.rng.randint(1, self.config.depth_increments)
        step = prices.instrument.increment_ticks * (-away if side == Side.BUY else away)
        opposite = Side.SELL if side == Side.BUY else Side.BUY
        price = prices.instrument.rounded(prices.best(opposite) + step, side)
        self.desk.enter(Entering(prices.instrument.symbol, side, price, lots))


class Maker(Agent):
    """Quotes both sides of one instrument, lower when it is long, higher when it is short."""

    kind = "market maker"

    def __init__(
        self, desk: Desk, prices: Prices, rng: random.Random, config: MakersConfig
    ) -> None:
        super().__init__(desk, [prices], rng, config.looks_per_s)
        self.prices, self.config = prices, config
        self._quotes: dict[tuple[Side, int], OwnOrder] = {}

    def act(self, now_ns: int) -> None:
        """Move what stands elsewhere than it should; enter what is missing.

        The side that gets out of the way moves first: it would trade with its own other side.
        """
        del now_ns
        ask = self._quotes.get((Side.SELL, 0))
        is_rising = ask is not None and self.target_ticks(Side.SELL, 0) > ask.price_ticks
        for side in reversed(SIDES) if is_rising else SIDES:
            for level in range(self.config.levels):
                self._quote(side, level)

    def target_ticks(self, side: Side, level: int) -> int:
        """Return where an order should stand."""
        config, instrument = self.config, self.prices.instrument
        share = config.fundamental_percent
        middle2 = share * 2 * self.prices.fundamental_ticks + (100 - share) * self.prices.middle2()
        position = self.desk.positions.get(instrument.symbol, 0)
        step = instrument.increment_ticks
        shift = position * config.skew_increments * step // config.position_max
        away = (config.half_spread_increments * self.prices.widen + level) * step
        middle = middle2 // 200 - shift
        return instrument.rounded(middle - away if side == Side.BUY else middle + away, side)

    def _quote(self, side: Side, level: int) -> None:
        symbol = self.prices.instrument.symbol
        order = self._quotes.get((side, level))
        if order is not None and order.number not in self.desk.orders:
            order = None
        position = self.desk.positions.get(symbol, 0)
        room = self.config.position_max - (position if side == Side.BUY else -position)
        if room <= 0:
            if order is not None:
                self.desk.cancel(order)
            return
        price, lots = self.target_ticks(side, level), min(self.config.lots, room)
        if order is None:
            entering = Entering(symbol, side, price, lots, is_post_only=True)
            self._quotes[side, level] = self.desk.enter(entering)
        elif order.price_ticks != price or 2 * order.leaves_lots < lots:
            self.desk.move(order, price, lots)


class Follower(Agent):
    """Follows the trend: two means of the middle, a quick one and a slow one."""

    kind = "momentum"
    _SCALE = 1 << 10

    def __init__(
        self,
        desk: Desk,
        markets: Sequence[Prices],
        rng: random.Random,
        config: MomentumConfig,
    ) -> None:
        super().__init__(desk, markets, rng, config.looks_per_s)
        self.config = config
        self._means: dict[str, tuple[int, int]] = {}

    def act(self, now_ns: int) -> None:
        """Look at one instrument; trade when the means part, leave when they meet."""
        del now_ns
        prices = self.rng.choice(self.markets)
        symbol = prices.instrument.symbol
        now = prices.middle2() * self._SCALE
        quick, slow = self._means.get(symbol, (now, now))
        quick, slow = quick + (now - quick) // 4, slow + (now - slow) // 32
        self._means[symbol] = quick, slow
        # In hundredths of what it takes to act.
        signal = (quick - slow) * _BPS * 100 // (max(slow, 1) * self.config.threshold_bps)
        position = self.desk.positions.get(symbol, 0)
        if abs(signal) >= _ACT:
            self._trade(prices, Side.BUY if signal > 0 else Side.SELL, position)
        elif position and abs(signal) < _LEAVE:
            lots = min(abs(position), self.config.lots)
            self.take(prices, Side.SELL if position > 0 else Side.BUY, lots)

    def _trade(self, prices: Prices, side: Side, position: int) -> None:
        held = position if side == Side.BUY else -position
        if held < self.config.position_max:
            lots = min(self.config.lots, self.config.position_max - held)
            self.take(prices, side, lots)

    def hear_news(self, news: News, prices: Prices) -> None:
        """Trade in the direction of the news at once."""
        position = self.desk.positions.get(prices.instrument.symbol, 0)
        self._trade(prices, Side.BUY if news.move_bps > 0 else Side.SELL, position)


class Institution(Agent):
    """Works a large order in equal slices over time: passive first, then taking what is behind."""

    kind = "institution"

    def __init__(
        self,
        desk: Desk,
        markets: Sequence[Prices],
        rng: random.Random,
        config: InstitutionsConfig,
    ) -> None:
        super().__init__(desk, markets, rng, config.slices / config.duration_s)
        self.config = config
        self._begin()

    def _begin(self) -> None:
        self.prices = self.rng.choice(self.markets)
        self.side = self.rng.choice(SIDES)
        self._slice = 0
        self._is_pulling = False
        self._before = self.desk.positions.get(self.prices.instrument.symbol, 0)

    def wait_ns(self) -> int:
        """Return the time to the next slice; to the answers while it pulls the last one."""
        if self._is_pulling:
            return _ANSWERS_NS
        slice_ns = self.config.duration_s * _NS // self.config.slices
        # Not to the beat: half a slice either way.
        wait = slice_ns // 2 + self.rng.randrange(max(slice_ns, 1))
        return wait + (self.config.pause_s * _NS if self._slice == 0 else 0)

    @property
    def done_lots(self) -> int:
        """What of the order has traded."""
        moved = self.desk.positions.get(self.prices.instrument.symbol, 0) - self._before
        return moved if self.side == Side.BUY else -moved

    def act(self, now_ns: int) -> None:
        """Pull the last slice; then take what it left behind, and show the next one.

        Nothing is sent while an answer is still to come: never a lot more than the order.
        """
        del now_ns
        self._is_pulling = bool(self.desk.cancel_all())
        if self._is_pulling:
            return
        config = self.config
        behind = config.lots * min(self._slice, config.slices) // config.slices - self.done_lots
        self._slice += 1
        if behind > 0:
            self.take(self.prices, self.side, behind)
        if self._slice > config.slices:
            # The last slice is taken; when nobody gives it, the order is given up.
            if behind <= 0 or self._slice > config.slices + _LAST_TRIES:
                self._begin()
            return
        lots = config.lots * self._slice // config.slices - self.done_lots - max(behind, 0)
        if lots > 0:
            symbol, price = self.prices.instrument.symbol, self.prices.best(self.side)
            self.desk.enter(Entering(symbol, self.side, price, lots))
