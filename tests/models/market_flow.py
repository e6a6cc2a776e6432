# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Random flow for the market: two markets are told the same, and must say the same.

`differ` runs one seed. A failure is shrunk to the fewest steps that still fail and shown as a
scenario that stands in a file of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from random import Random
from typing import Any

from tests.models import market_orders as m
from tests.models.market_drivers import PlainDriver, RealDriver
from tests.models.market_ledger import Ledger
from tests.models.market_orders import Change, Limits, Request, Rules
from tests.models.market_script import SECOND, Case, Step, write_case, write_report

#: Phases of a day, and what each may lead to; continuous trading is left seldom.
NEXT = {
    m.CLOSED: [m.PRE_OPEN, m.PRE_OPEN, m.OPENING, m.CONTINUOUS],
    m.PRE_OPEN: [m.OPENING, m.OPENING, m.CONTINUOUS, m.HALTED, m.CLOSED],
    m.OPENING: [m.CONTINUOUS, m.CONTINUOUS, m.CONTINUOUS, m.HALTED],
    m.CONTINUOUS: [m.VOLATILITY, m.HALTED, m.CLOSING],
    m.VOLATILITY: [m.CONTINUOUS, m.CONTINUOUS, m.HALTED, m.CLOSED],
    m.HALTED: [m.VOLATILITY, m.CONTINUOUS, m.OPENING, m.CLOSING, m.CLOSED],
    m.CLOSING: [m.CLOSED, m.CLOSED, m.HALTED, m.CONTINUOUS],
}
LADDERS = [[(0, 1)], [(0, 1)], [(0, 1), (100, 5)], [(0, 2)], [(0, 1), (98, 2), (102, 5)]]


def random_rules(r: Random) -> Rules:
    """Return rules of an instrument, each present now and then."""
    return Rules(
        rungs=r.choice(LADDERS),
        reference=r.choice([0, 100, 97]),
        collar=r.choice([0, 0, 2, 5]),
        band_bps=r.choice([0, 0, 200, 500]),
        pause_ns=r.choice([0, 5, 60]) * SECOND,
        auction_collar_bps=r.choice([0, 100, 300]),
        pro_rata=r.random() < 0.25,
    )


def random_limits(r: Random) -> Limits:
    """Return limits that are far off, or each now and then soon reached."""
    if r.random() < 0.5:
        return Limits()
    few = Limits(orders=12, hidden=5, special=5, conditioned=2)
    return Limits(
        **{
            name: r.randint(1, value) if r.random() < 0.4 else getattr(Limits(), name)
            for name, value in asdict(few).items()
        }
    )


class Flow:
    """Makes steps that mostly make sense for the state the plain market is in."""

    def __init__(self, r: Random, case: Case) -> None:
        self.random, self.case, self.ts_ns = r, case, 0
        self.client = 0
        #: Which special parts orders of this run have, and how often.
        self.taste = {name: r.choice([0.0, 0.1, 0.4]) for name in PARTS}
        self.crowd = r.choice([10, 30, 60])

    def step(self, plain: PlainDriver) -> Step:  # noqa: PLR0911
        r, market = self.random, plain.market
        self.ts_ns += r.choice([0, 0, 0, 1, SECOND // 3, SECOND, 4 * SECOND])
        live = list(market.orders)
        instrument = r.choice([1, 1, 1, 2])
        phase = market.instruments[instrument].phase
        dice = r.random()
        if phase != m.CONTINUOUS and dice < 0.07:
            return self.of("phase", instrument, r.choice(NEXT[phase]))
        if dice < 0.004:
            return self.of("phase", instrument, r.choice([*NEXT[phase], r.randrange(7)]))
        if dice < 0.03:
            self.ts_ns += r.choice([0, 0, 20, 40, 200]) * SECOND
            return self.of("tick")
        if dice < 0.031:
            return self.of("reference", instrument, r.choice([0, 92, 97, 100, 103, 110]))
        if dice < 0.033:
            return self.of(r.choice(["day-ends", "day-starts"]))
        if dice < 0.04 or len(live) > self.crowd:
            return self.of("mass-cancel", self.which())
        if dice < 0.05:
            return self.of("indicative", instrument)
        if live and dice < 0.3:
            client = market.orders[r.choice(live)].client
            return self.change(client if r.random() < 0.98 else r.randrange(1_000))
        return self.of("enter", self.order(instrument))

    def of(self, name: str, *arguments: Any) -> Step:
        return Step(self.ts_ns, name, arguments)

    def which(self) -> dict[str, Any]:
        r = self.random
        parts = {
            "port": r.randint(1, 4),
            "firm": r.randint(1, 2),
            "instrument": r.randint(1, 2),
            "side": r.choice([m.BUY, m.SELL]),
        }
        return {name: value for name, value in parts.items() if r.random() < 0.4}

    def price(self) -> int:
        r = self.random
        if r.random() < 0.01:
            return r.choice([0, -3, 1, 2, m.PRICE_MAX + 1])
        if r.random() < 0.1:
            return r.randint(90, 112)
        return r.choice([95, 96, 97, 98, 98, 99, 99, 100, 100, 100, 101, 102, 104, 105])

    def qty(self) -> int:
        r = self.random
        return r.choice([0, m.QTY_MAX + 1]) if r.random() < 0.005 else r.choice([*range(1, 16), 40])

    def change(self, client: int) -> Step:
        """Return a change of an order, named by its client number, which no other order has."""
        r = self.random
        kind = r.random()
        if kind < 0.35:
            return self.of("cancel", client)
        if kind < 0.6:
            return self.of("reduce", client, r.randint(0, 12))
        self.client += 1
        change = Change(qty=r.randint(1, 20), price=self.price(), client=self.client)
        if r.random() < 0.1:
            change.price = 0
        if r.random() < 0.15:
            change.life, change.until = self.life()
        if r.random() < 0.15:
            change.stop = self.price()
        change.keeps_original = r.random() < 0.5
        return self.of("replace", client, change)

    def life(self) -> tuple[int, int]:
        life = self.random.choice([m.DAY, m.IOC, m.FOK, m.GTC, m.UNTIL])
        late = self.random.choice([-1, 0, 1, 5, 60])
        return life, self.ts_ns + late * SECOND if life == m.UNTIL else 0

    def order(self, instrument: int) -> Request:
        """Return an order; the parts it does not get stay out, and a few make no sense."""
        r = self.random
        self.client += 1
        order = Request(
            side=r.choice([m.BUY, m.SELL]),
            qty=self.qty(),
            price=self.price(),
            owner=r.randint(1, 4),
            client=self.client,
            instrument=instrument if r.random() < 0.998 else 9,
        )
        for name, part in PARTS.items():
            if r.random() < self.taste[name]:
                part(self, order)
                if r.random() < 0.8:
                    break
        if r.random() < 0.3:
            order.stp, order.by_port = r.randint(1, 4), r.random() < 0.3
        return order


def with_market(flow: Flow, order: Request) -> None:
    order.pricing, order.price = m.MARKET, 0
    if flow.random.random() < 0.2:
        order.minimum = flow.random.randint(1, 8)


def with_peg(flow: Flow, order: Request) -> None:
    r = flow.random
    order.pricing, order.display = r.choice([m.PRIMARY, m.OPPOSITE, m.MIDPOINT]), m.HIDDEN
    order.offset = r.choice([0, 0, 0, 1, -1, 2, -2, -120])
    if r.random() < 0.01:
        order.offset = r.choice([m.PRICE_MAX, m.PRICE_MAX + 1, -m.PRICE_MAX - 1])
    order.price = r.choice([0, 0, order.price])
    if r.random() < 0.3:
        with_condition(flow, order)


def with_stop(flow: Flow, order: Request) -> None:
    r = flow.random
    order.stop = flow.price()
    if r.random() < 0.5:
        order.pricing, order.price = m.MARKET, 0


def with_condition(flow: Flow, order: Request) -> None:
    order.display = m.HIDDEN
    kind = flow.random.random()
    order.all_or_none = kind < 0.5
    if kind > 0.4:
        order.minimum = flow.random.randint(1, max(1, min(order.qty, 12)))


def with_life(flow: Flow, order: Request) -> None:
    order.life, order.until = flow.life()
    if order.life == m.IOC and flow.random.random() < 0.3:
        order.all_or_none = True


def with_auction(flow: Flow, order: Request) -> None:
    r = flow.random
    order.auction = r.choice([m.ON_OPEN, m.ON_CLOSE])
    if r.random() < 0.3:
        order.pricing, order.price = m.MARKET, 0


def with_hidden(_: Flow, order: Request) -> None:
    order.display = m.HIDDEN


def with_reserve(flow: Flow, order: Request) -> None:
    order.display, order.slice = m.RESERVE, flow.random.randint(0, 6)


def with_post_only(flow: Flow, order: Request) -> None:
    order.post_only = flow.random.choice([m.POST_REJECT, m.POST_SLIDE])


PARTS: dict[str, Callable[[Flow, Request], None]] = {
    "market": with_market,
    "peg": with_peg,
    "stop": with_stop,
    "condition": with_condition,
    "life": with_life,
    "auction": with_auction,
    "hidden": with_hidden,
    "reserve": with_reserve,
    "post": with_post_only,
}


def resolved(step: Step, plain: PlainDriver) -> Step:
    """Put the order id where a step names an order by its client number; 999999: it is gone."""
    if step.name not in ("cancel", "reduce", "replace"):
        return step
    client, *rest = step.arguments
    orders = plain.market.orders
    order_id = next((number for number, o in orders.items() if o.client == client), 999_999)
    return replace(step, arguments=(order_id, *rest))


class Pair:
    """The plain market and the real one, told the same."""

    def __init__(self, case: Case) -> None:
        self.plain, self.real, self.ledger = PlainDriver(case), RealDriver(case), Ledger()

    def do(self, step: Step) -> None:
        """Run a step on both; raise when they differ, or when something that must hold does not."""
        step = resolved(step, self.plain)
        wanted = self.plain.do(step)
        found = self.real.do(step)
        assert found == wanted, "\n".join(
            [
                "the plain market says",
                *map(write_report, wanted),
                "the real one",
                *map(write_report, found),
            ]
        )
        if step.name != "indicative":
            for report in found:
                self.ledger.hear(report)
        for (number, side), queue in self.ledger.check(self.real.market).items():
            assert queue == self.plain.market.book(number, side)


def failure(case: Case, steps: list[Step], make: type[Pair] = Pair) -> tuple[int, str] | None:
    """Return how many steps it takes to fail, and what is said then; None when all is well."""
    pair = make(case)
    for count, step in enumerate(steps, 1):
        try:
            pair.do(step)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is what we look for
            return count, f"{type(error).__name__}: {error}"
    try:
        pair.real.renew()
    except Exception as error:  # noqa: BLE001
        return len(steps), f"restored: {error}"
    return None


def shrunk(case: Case, steps: list[Step], make: type[Pair] = Pair) -> list[Step]:
    """Leave out all steps without which it fails as well."""
    size = len(steps) // 2
    while size:
        at = 0
        while at < len(steps):
            fewer = steps[:at] + steps[at + size :]
            failed = failure(case, fewer, make)
            if failed:
                steps = fewer[: failed[0]]
            else:
                at += size
        size //= 2
    return steps


def shown(case: Case, steps: list[Step]) -> str:
    """Write a failure as a scenario, with what the plain market says."""
    plain = PlainDriver(case)
    done = []
    for named in steps:
        step = resolved(named, plain)
        try:
            reports = [write_report(report) for report in plain.do(step)]
        except Exception as error:  # noqa: BLE001
            reports = [repr(error)]
        done.append((step, "", reports))
    return write_case(replace(case, steps=done))


def differ(seed: int, steps_count: int) -> int:
    """Run one seed; return how many operations agreed. A difference raises, shrunk and shown."""
    r = Random(seed)
    start = r.choice([m.CONTINUOUS, m.CONTINUOUS, m.PRE_OPEN, m.CLOSED])
    case = Case(f"seed {seed}", random_rules(r), random_limits(r), start)
    flow, pair, steps = Flow(r, case), Pair(case), []
    for number in range(steps_count):
        steps.append(flow.step(pair.plain))
        try:
            pair.do(steps[-1])
            if number % 20 == 19:
                pair.plain.market.check()
            if number % 200 == 199:
                pair.real.renew()
        except Exception as error:  # noqa: BLE001
            fewest = shrunk(case, steps)
            said = failure(case, fewest) or (0, f"only in the whole run: {error}")
            raise AssertionError(f"seed {seed}:\n{shown(case, fewest)}\n{said[1]}") from None
    return len(steps)
