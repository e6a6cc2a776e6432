# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The real market against the plain one, over random orders, changes, phases and times.

After each operation both have said the same, hold the same books, and what must hold does: shares
are conserved, the displayed book is not crossed in continuous trading, queues are in priority,
levels are sums, no order is lost (tests/models/market_ledger.py). A failure is printed as a
scenario of the fewest steps. `make night` runs five million operations from a seed that it prints.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from random import Random, SystemRandom

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models import market_orders as m
from tests.models.market import PlainMarket
from tests.models.market_flow import (
    Flow,
    Pair,
    differ,
    failure,
    random_limits,
    random_rules,
    shrunk,
)
from tests.models.market_orders import Request, Rules
from tests.models.market_script import FIRMS, Case, Step

NIGHT = os.environ.get("HYPOTHESIS_PROFILE") == "night"
NIGHT_OPERATIONS, CHUNK = int(os.environ.get("ONETAPE_OPERATIONS", "5000000")), 500


@pytest.mark.parametrize("seed", range(8))
def test_the_market_equals_the_plain_one(seed: int) -> None:
    assert sum(differ(1_000 * seed + run, 300) for run in range(10)) == 3_000


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(10))
def test_the_market_equals_the_plain_one_for_long(seed: int) -> None:
    assert sum(differ(10_000 * (seed + 1) + run, 500) for run in range(20)) == 10_000


def differ_many(seeds: range) -> int:
    return sum(differ(seed, CHUNK) for seed in seeds)


@pytest.mark.skipif(not NIGHT, reason="only at night: HYPOTHESIS_PROFILE=night")
@pytest.mark.timeout(10_800)
def test_the_market_equals_the_plain_one_all_night(capsys: pytest.CaptureFixture[str]) -> None:
    first = int(os.environ.get("ONETAPE_SEED", SystemRandom().randrange(1 << 40)))
    with capsys.disabled():
        print(f"\nfirst seed {first}: ONETAPE_SEED={first} runs the same again")  # noqa: T201
    last, batch = first + NIGHT_OPERATIONS // CHUNK, 50
    batches = [range(at, min(at + batch, last)) for at in range(first, last, batch)]
    with ProcessPoolExecutor() as pool:
        assert sum(pool.map(differ_many, batches)) == NIGHT_OPERATIONS


@given(st.randoms(use_true_random=False))
@settings(max_examples=2_000 if NIGHT else 60)
def test_any_flow_agrees(random: Random) -> None:
    start = random.choice([m.CONTINUOUS, m.PRE_OPEN, m.CLOSED])
    case = Case("drawn", random_rules(random), random_limits(random), start)
    flow, pair = Flow(random, case), Pair(case)
    for _ in range(40):
        pair.do(flow.step(pair.plain))
    pair.real.renew()


orders = st.builds(
    Request,
    side=st.sampled_from([m.BUY, m.SELL]),
    qty=st.integers(1, 9),
    price=st.integers(95, 105),
    owner=st.integers(1, 4),
    display=st.sampled_from([m.DISPLAYED, m.HIDDEN]),
)


def gathered(requests: list[Request], rules: Rules) -> PlainMarket:
    market = PlainMarket()
    market.define(1, rules)
    market.firms.update(FIRMS)
    market.set_phase(0, 1, m.OPENING)
    for request in requests:
        market.enter(0, request)
    return market


@given(st.lists(orders, max_size=12), st.sampled_from([0, 90, 100, 103]))
def test_no_price_would_trade_more_than_the_auction(
    requests: list[Request], reference: int
) -> None:
    market = gathered(requests, Rules(reference=reference))
    found = market.indicative(1)

    def volume(price: int) -> int:
        bought = sum(r.qty for r in requests if r.side == m.BUY and r.price >= price)
        sold = sum(r.qty for r in requests if r.side == m.SELL and r.price <= price)
        return min(bought, sold)

    assert found["paired"] == max(map(volume, range(80, 120)))
    traded = sum(r["qty"] for r in market.set_phase(0, 1, m.CONTINUOUS) if r["report"] == "crossed")
    assert traded == found["paired"]
    best = [market.book(1, side)[:1] for side in (m.BUY, m.SELL)]
    assert not all(best) or best[0][0][1] < best[1][0][1]


@given(st.lists(orders, max_size=12), orders, st.sampled_from([0, 1, 2, 3, 4]), st.booleans())
def test_fill_or_kill_is_all_or_nothing(
    resting: list[Request], taker: Request, stp: int, pro_rata: bool
) -> None:
    market = gathered(resting, Rules(pro_rata=pro_rata))
    market.set_phase(0, 1, m.CONTINUOUS)
    taker.life, taker.stp, taker.qty = m.FOK, stp, 3 * taker.qty
    reports = market.enter(0, taker)
    traded = sum(r["qty"] for r in reports if r["report"] == "filled")
    killed = any(r["report"] == "canceled" and r["reason"] == m.BY_FOK for r in reports)
    assert traded == (0 if killed else taker.qty)


def test_a_difference_is_shrunk_to_the_steps_that_matter() -> None:
    """Plant a difference: the plain market forgets that a hidden order is hidden."""

    class Forgetful(Pair):
        def do(self, step: Step) -> None:
            if step.name == "enter" and step.arguments[0].display == m.HIDDEN:
                raise AssertionError("a hidden order came")
            super().do(step)

    case, r = Case("planted"), Random(5)
    flow, pair = Flow(r, case), Pair(case)
    flow.taste = dict.fromkeys(flow.taste, 0.0) | {"hidden": 0.2}
    steps = []
    for _ in range(40):
        steps.append(flow.step(pair.plain))
        pair.do(steps[-1])
    assert failure(case, steps) is None
    assert failure(case, steps, Forgetful) is not None
    assert len(shrunk(case, steps, Forgetful)) == 1
