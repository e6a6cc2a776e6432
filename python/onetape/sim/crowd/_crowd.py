# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The crowd: agents, their desks and the prices they see, driven by a time that is passed in.

No socket and no clock here: a test drives it over a made-up port, `_session` over real ones.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator, Sequence

import msgspec

from onetape.errors import ConfigError
from onetape.sim.crowd._agents import Agent, Follower, Institution, Maker, ZeroIntelligence
from onetape.sim.crowd._desk import Desk, Port, Tally
from onetape.sim.crowd._prices import Best, Instrument, News, Prices
from onetape.sim.crowd.config import CrowdConfig

_NS = 1_000_000_000
#: Refused so often in a row, an agent waits a second more between its tries.
_REFUSED_MAX = 8
_BACK_OFF_NS = _NS


class KindResult(msgspec.Struct, frozen=True, kw_only=True):
    """What the agents of one kind did.

    Attributes:
        kind: Their kind.
        agents: How many there are.
        sent: Messages sent: new orders, replaces, cancels.
        accepted: New orders that were taken.
        rejected: Messages that were refused.
        fills: Fills.
        bought_lots: Lots bought.
        sold_lots: Lots sold.
        maker_lots: Of both, how many had rested.
        position_lots: Long less short, over all instruments.
        profit_ticklots: Cash, and the positions at the last prices.
    """

    kind: str
    agents: int
    sent: int
    accepted: int
    rejected: int
    fills: int
    bought_lots: int
    sold_lots: int
    maker_lots: int
    position_lots: int
    profit_ticklots: int


class CrowdResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a crowd did.

    Attributes:
        seconds: How long it traded.
        kinds: By kind of agent.
        rejects: How many messages were refused, by the port's reason.
        cancels: How many cancels there were, by reason.
        news: How many pieces of news broke.
        late: How often an agent acted more than a tenth of a second after its time.
        left_live: Orders still live at the end.
        heard: Messages heard on the feed; 0 without one.
        lost: Messages of the feed that nobody gave again.
        ends: Which ports were lost, and why.
    """

    seconds: float
    kinds: list[KindResult]
    rejects: dict[str, int]
    cancels: dict[str, int]
    news: int
    late: int
    left_live: int
    heard: int = 0
    lost: int = 0
    ends: list[str] = msgspec.field(default_factory=list)

    @property
    def sent(self) -> int:
        """Messages sent by all."""
        return sum(kind.sent for kind in self.kinds)


class Crowd:
    """Agents on ports.

    Args:
        config: Who, how many, how often.
        ports: Where orders go; agents take them in turn.
        instruments: What is traded.
        market: Best prices as the market shows them; None: guessed from own trades.

    Raises:
        ConfigError: If there is no port or instrument, or news of an instrument there is not.
    """

    def __init__(
        self,
        config: CrowdConfig,
        ports: Sequence[Port],
        instruments: Sequence[Instrument],
        market: Best | None = None,
    ) -> None:
        if not ports or not instruments:
            raise ConfigError(
                "a crowd needs a port and an instrument, found "
                f"{len(ports)} ports and {len(instruments)} instruments",
                code="CRD-001",
                hint="give an exchange's configuration, or [crowd.ports] and [crowd.instruments]",
            )
        self.config = config
        self.prices = {i.symbol: self._prices(i, market) for i in instruments}
        self._take_news()
        self.agents = list(self._agents(ports))
        self.news_broken = 0
        self.late = 0
        self._now_ns = 0
        self._due = [(agent.wait_ns(), index) for index, agent in enumerate(self.agents)]
        heapq.heapify(self._due)

    def _chance(self, *names: object) -> random.Random:
        """Return a generator of its own for each name."""
        return random.Random("/".join(map(str, (self.config.seed, *names))))  # noqa: S311

    def _prices(self, instrument: Instrument, market: Best | None) -> Prices:
        rng = self._chance("price", instrument.symbol)
        return Prices(instrument, rng, self.config.walk_bps, market=market)

    def _take_news(self) -> None:
        for name, news in self.config.news.items():
            if news.symbol and news.symbol not in self.prices:
                raise ConfigError(
                    f"crowd.news.{name}: there is no instrument {news.symbol}",
                    code="CRD-002",
                    hint=f"there are: {', '.join(self.prices)}",
                )
            symbols = (news.symbol,) if news.symbol else tuple(self.prices)
            for symbol in symbols:
                self.prices[symbol].take(
                    News(
                        int(news.at_s * _NS),
                        symbols,
                        news.move_bps,
                        news.widen,
                        int(news.widen_s * _NS),
                    )
                )

    def _agents(self, ports: Sequence[Port]) -> Iterator[Agent]:
        config, markets = self.config, list(self.prices.values())
        number = 0

        def desk(kind: str) -> tuple[Desk, random.Random]:
            nonlocal number
            number += 1
            name = f"{kind} {number}"
            return Desk(name, ports[number % len(ports)]), self._chance(name)

        made: list[Agent] = []
        for index in range(config.makers.agents):
            owner, rng = desk("maker")
            made.append(Maker(owner, markets[index % len(markets)], rng, config.makers))
        for _ in range(config.zero_intelligence.agents):
            owner, rng = desk("zero")
            made.append(
                ZeroIntelligence(owner, markets, rng, config.zero_intelligence, config.lots)
            )
        for _ in range(config.momentum.agents):
            owner, rng = desk("momentum")
            made.append(Follower(owner, markets, rng, config.momentum))
        for _ in range(config.institutions.agents):
            owner, rng = desk("institution")
            made.append(Institution(owner, markets, rng, config.institutions))
        # One whose rate is 0 never acts.
        yield from (agent for agent in made if agent.per_s > 0)

    @property
    def due_ns(self) -> int:
        """When somebody acts next, in ns from the start."""
        return self._due[0][0] if self._due else 1 << 62

    @property
    def desks(self) -> list[Desk]:
        """Every agent's desk."""
        return [agent.desk for agent in self.agents]

    def step(self, now_ns: int, *, actions_max: int = 1 << 30) -> int:
        """Let everybody act whose time has come; return how many did.

        Args:
            now_ns: Time from the start, in ns.
            actions_max: Most actions; the others wait for the next step.
        """
        self._now_ns = max(self._now_ns, now_ns)
        self._break_news(now_ns)
        done = 0
        while self._due and self._due[0][0] <= now_ns and done < actions_max:
            due_ns, index = self._due[0]
            agent = self.agents[index]
            self._see_trades(agent)
            agent.act(due_ns)
            self._see_trades(agent)
            self.late += now_ns - due_ns > _NS // 10
            wait_ns = self._scaled(agent.wait_ns())
            if agent.desk.refused_in_a_row >= _REFUSED_MAX:
                wait_ns += _BACK_OFF_NS
            heapq.heapreplace(self._due, (due_ns + wait_ns, index))
            done += 1
        return done

    def _scaled(self, wait_ns: int) -> int:
        return max(wait_ns * 100 // self.config.rate_percent, 1)

    def _break_news(self, now_ns: int) -> None:
        for prices in self.prices.values():
            for news in prices.advance(now_ns):
                self.news_broken += 1
                for agent in self.agents:
                    if prices in agent.markets:
                        agent.hear_news(news, prices)

    def _see_trades(self, agent: Agent) -> None:
        """Let everybody know the price of an agent's last trade, where no feed says it."""
        for symbol, price in agent.desk.last_ticks.items():
            self.prices[symbol].last_ticks = price
        agent.desk.last_ticks.clear()

    def cancel_all(self) -> int:
        """Ask for every live order to be cancelled; return how many there are."""
        return sum(desk.cancel_all() for desk in self.desks)

    @property
    def live(self) -> int:
        """How many orders are live or on their way."""
        return sum(len({id(o) for o in desk.orders.values()}) for desk in self.desks)

    def result(self, seconds: float, ends: Sequence[str] = ()) -> CrowdResult:
        """Return what was done."""
        kinds: dict[str, list[Agent]] = {}
        for agent in self.agents:
            kinds.setdefault(agent.kind, []).append(agent)
        total = Tally()
        for agent in self.agents:
            total.add(agent.desk.tally)
        return CrowdResult(
            seconds=seconds,
            kinds=[self._kind(kind, agents) for kind, agents in kinds.items()],
            rejects=dict(total.rejects.most_common()),
            cancels=dict(total.cancelled.most_common()),
            news=self.news_broken,
            late=self.late,
            left_live=self.live,
            ends=list(ends),
        )

    def _kind(self, kind: str, agents: list[Agent]) -> KindResult:
        tally = Tally()
        position = profit = 0
        for agent in agents:
            tally.add(agent.desk.tally)
            for symbol, lots in agent.desk.positions.items():
                position += lots
                profit += agent.desk.cash[symbol] + lots * self.prices[symbol].middle2() // 2
        return KindResult(
            kind=kind,
            agents=len(agents),
            sent=tally.sent,
            accepted=tally.accepted,
            rejected=sum(tally.rejects.values()),
            fills=tally.fills,
            bought_lots=tally.bought_lots,
            sold_lots=tally.sold_lots,
            maker_lots=tally.maker_lots,
            position_lots=position,
            profit_ticklots=profit,
        )
