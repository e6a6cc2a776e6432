# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Execution algorithms: their schedules by closed forms, and what they do on a market."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetape import StrategyError, run
from onetape.events import OrderFilled, ParentChanged, ParentState
from onetape.journal import open_journal
from onetape.trading.algorithms import (
    Algorithm,
    Iceberg,
    Participation,
    Shortfall,
    Sniper,
    Twap,
    Vwap,
)
from onetape.trading.algorithms.schedule import (
    almgren_chriss,
    by_weights,
    even,
    urgency_of,
)
from onetape.trading.algorithms.vwap import curve_of

LIMITS = {
    "order_qty_max": 100_000,
    "order_notional_max": 10**14,
    "position_max": 1_000_000,
    "price_collar_ticks": 1_000_000,
    "order_rate_max": 100_000,
}

#: The synthetic flow is a day of 6.5 hours, whatever its number of messages.
MESSAGES, HOURS = 60_000, 3_600.0


def worked(
    folder: Path, algorithm: Algorithm, messages: int = MESSAGES, limits: Mapping[str, int] = LIMITS
) -> list[OrderFilled]:
    """Run an algorithm on the synthetic flow; give its fills, checked against its report."""
    if not algorithm.symbol:
        algorithm.symbol = "SYN1"
    journal = folder / "journal"
    run(algorithm, journal=journal, risk=limits, settings={"run.messages": messages})
    entries = [entry.event for entry in open_journal(journal)]
    fills = [event for event in entries if isinstance(event, OrderFilled)]
    parents = [event for event in entries if isinstance(event, ParentChanged)]
    report = algorithm.report
    assert report is not None
    assert sum(fill.qty_lots for fill in fills) == report.done_lots <= report.asked_lots
    if parents:
        assert parents[-1].executed_lots == report.done_lots
        assert parents[-1].state in {ParentState.FILLED, ParentState.CLOSED}
        assert [event.state for event in parents].count(ParentState.WORKING) >= 1
    if report.done_lots:
        cash = sum(fill.qty_lots * fill.price_ticks for fill in fills)
        assert report.average_ticks == cash / report.done_lots
    return fills


def made(kind: type[Algorithm], **params: object) -> Algorithm:
    algorithm = kind()
    for name, value in params.items():
        assert hasattr(kind, name), name
        setattr(algorithm, name, value)
    return algorithm


#: One of each, on an order of 1,000 lots and two hours.
EACH: list[tuple[type[Algorithm], dict[str, object]]] = [
    (Twap, {}),
    (Twap, {"style": "take", "jitter_percent": 50, "seed": 3}),
    (Vwap, {}),
    (Shortfall, {"urgency": 3.0}),
    (Participation, {"pause_ms": 20_000, "at_end": "cross"}),
    (Iceberg, {"show": 40, "vary_percent": 50, "pause_ms": 60_000}),
    (Sniper, {"limit": 10**9, "most": 100, "pause_ms": 60_000}),
]
IDS = [f"{kind.__name__}-{place}" for place, (kind, _) in enumerate(EACH)]

quantities = st.integers(1, 10**9)
lots = st.sampled_from([1, 2, 7, 100, 10_000])


@given(quantities, st.lists(st.integers(0, 10**6), min_size=1, max_size=50), lots)
def test_a_schedule_adds_up_never_falls_and_keeps_to_lots(qty, weights, lot):
    if not any(weights):
        with pytest.raises(ValueError, match="weights"):
            by_weights(qty, weights, lot)
        return
    targets = by_weights(qty, weights, lot)
    assert targets[-1] == qty
    assert targets == sorted(targets)
    assert all(target % lot == 0 or target == qty for target in targets)
    total, done = sum(weights), 0
    for weight, target in zip(weights, targets, strict=True):
        done += weight
        assert target == qty or 0 <= qty * done / total - target < lot + 1e-3
        assert done == total or target <= qty * done / total


@given(quantities, st.integers(1, 200), lots)
def test_equal_slices_are_the_closed_form(qty, parts, lot):
    expected = [qty * part // parts // lot * lot for part in range(1, parts)] + [qty]
    assert even(qty, parts, lot) == expected


@given(st.integers(1, 10**9), st.integers(1, 60), st.floats(0.01, 2_000))
def test_the_optimal_trajectory_is_that_of_almgren_and_chriss(qty, parts, urgency):
    targets = almgren_chriss(qty, parts, urgency)
    assert targets == sorted(targets)
    assert targets[-1] == qty
    for part, target in enumerate(targets, 1):
        if urgency < 500:
            left = qty * math.sinh(urgency * (1 - part / parts)) / math.sinh(urgency)
            assert abs(target - (qty - left)) <= 1 + qty * 1e-9
    slices = [after - before for before, after in zip([0, *targets], targets, strict=False)]
    assert all(before + 1 >= after for before, after in pairwise(slices))


def test_the_optimal_trajectory_is_optimal():
    """Its cost is the least: by the model's own sum, against every small change of it."""
    risk_aversion, volatility, impact, seconds, parts, qty = 2e-6, 120.0, 0.8, 600.0, 10, 1_000_000
    step = seconds / parts
    urgency = urgency_of(risk_aversion, volatility, impact, seconds, parts)
    targets = almgren_chriss(qty, parts, urgency)

    def cost(left: list[float]) -> float:
        sold = [before - after for before, after in pairwise(left)]
        variance = volatility**2 * step * sum(each**2 for each in left[1:])
        return impact / step * sum(each**2 for each in sold) + risk_aversion * variance

    left = [float(qty), *(float(qty - target) for target in targets)]
    best = cost(left)
    for part in range(1, parts):
        for change in (-500.0, 500.0):
            other = [*left]
            other[part] += change
            assert cost(other) > best
    assert almgren_chriss(qty, parts, 0.0) == even(qty, parts)


def test_a_curve_is_made_of_trades():
    trades = [(5, 1), (10, 2), (19, 3), (20, 4), (29, 5), (30, 100), (9, 7)]
    assert curve_of(trades, begin_ns=10, seconds=20e-9, parts=2) == [5, 9]


@pytest.mark.parametrize(("kind", "params"), EACH, ids=IDS)
@pytest.mark.parametrize("side", ["buy", "sell"])
def test_it_does_all_of_it_and_says_so(tmp_path, kind, params, side):
    if kind is Sniper and side == "sell":
        params = params | {"limit": 1}
    algorithm = made(kind, qty=1_000, side=side, seconds=2 * HOURS, **params)
    worked(tmp_path, algorithm)
    report = algorithm.report
    assert (report.done_lots, report.reason) == (1_000, "filled"), str(report)
    assert report.left_lots == 0
    verb = "bought" if side == "buy" else "sold"
    assert str(report).startswith(f"{verb} 1,000 of 1,000 lots of SYN1 at ")
    assert abs(report.slippage_bp) < 100


@pytest.mark.parametrize(("kind", "params"), EACH, ids=IDS)
def test_the_same_seed_does_the_same(tmp_path, kind, params):
    once = made(kind, qty=300, seconds=HOURS, **params)
    again = made(kind, qty=300, seconds=HOURS, **params)
    first = worked(tmp_path / "1", once, 20_000)
    second = worked(tmp_path / "2", again, 20_000)
    assert first == second
    assert once.report == again.report


@pytest.mark.parametrize(("kind", "params"), EACH, ids=IDS)
def test_tiny_orders_are_done_as_well(tmp_path, kind, params):
    if kind is Sniper:
        params = params | {"least": 500}
    for qty in (1, 3):
        algorithm = made(kind, qty=qty, seconds=2 * HOURS, **params)
        worked(tmp_path / str(qty), algorithm, 20_000)
        assert algorithm.report.done_lots == qty, str(algorithm.report)


@pytest.mark.parametrize(("kind", "params"), EACH, ids=IDS)
def test_stopped_midway_it_leaves_nothing(tmp_path, kind, params):
    class Stopped(kind):
        def on_fill(self, fill):
            super().on_fill(fill)
            self.stopped = True

    params = params | {"show": 40} if kind is Iceberg else params
    algorithm = made(Stopped, qty=100_000, seconds=5 * HOURS, **params)
    worked(tmp_path, algorithm)
    report = algorithm.report
    assert report.reason == "cancelled"
    assert 0 < report.done_lots < 100_000
    assert not algorithm.children


@pytest.mark.parametrize(("kind", "params"), EACH, ids=IDS)
def test_the_limit_is_kept_and_what_is_left_stays(tmp_path, kind, params):
    """A limit that the market never comes to: nothing is done, and nothing hangs."""
    algorithm = made(kind, qty=500, seconds=HOURS, **(params | {"limit": 100_000}))
    assert worked(tmp_path, algorithm, 20_000) == []
    assert algorithm.report.reason == "time"
    assert not algorithm.children


def test_children_keep_to_lots_and_the_last_has_the_odd_rest(tmp_path):
    algorithm = made(Twap, qty=1_050, lot=100, parts=5, style="take", seconds=2 * HOURS)
    worked(tmp_path, algorithm)
    assert algorithm.report.done_lots == 1_050
    assert algorithm.plan == [200, 400, 600, 800, 1_050]


def test_participation_never_has_more_than_its_share(tmp_path):
    shares: list[tuple[int, int]] = []

    class Watched(Participation):
        def on_fill(self, fill):
            super().on_fill(fill)
            shares.append((self.done, self.volume))

    algorithm = made(Watched, qty=50_000, rate_percent=15, seconds=2 * HOURS, pause_ms=20_000)
    worked(tmp_path, algorithm)
    assert shares
    assert all(done * 100 <= volume * 15 for done, volume in shares)
    assert algorithm.report.reason == "time"
    assert algorithm.report.done_lots * 100 > algorithm.volume * 10, "it keeps up"


def test_an_iceberg_never_shows_more_than_a_part(tmp_path):
    shown: list[int] = []

    class Watched(Iceberg):
        def changed(self):
            super().changed()
            shown.append(self.working)

    algorithm = made(
        Watched, qty=1_000, show=40, pause_ms=60_000, seconds=5 * HOURS, at_end="leave"
    )
    fills = worked(tmp_path, algorithm)
    assert max(shown) == 40
    assert max(fill.qty_lots for fill in fills) <= 40


def test_a_gate_that_refuses_everything_ends_it(tmp_path):
    algorithm = made(Twap, qty=1_000, parts=100, seconds=2 * HOURS)
    assert worked(tmp_path, algorithm, limits=LIMITS | {"order_notional_max": 1}) == []
    assert algorithm.report.reason == "refused"
    assert algorithm.report.refusals == 50


def test_an_order_limit_makes_smaller_children(tmp_path):
    algorithm = made(Twap, qty=1_000, parts=2, style="take", seconds=2 * HOURS)
    fills = worked(tmp_path, algorithm, limits=LIMITS | {"order_qty_max": 70})
    assert algorithm.report.done_lots == 1_000
    assert max(fill.qty_lots for fill in fills) <= 70
    assert algorithm.report.refusals == 3, "500, 250 and 125 were too large"


def test_at_the_end_it_goes_down_to_the_limit_but_no_further_than_the_gate_allows(tmp_path):
    """All of a large order is taken at the end, level after level."""
    algorithm = made(Iceberg, qty=3_000, show=1, seconds=600.0, limit=10**8)
    fills = worked(tmp_path, algorithm, limits=LIMITS | {"price_collar_ticks": 20_000})
    assert algorithm.report.reason == "filled"
    assert algorithm.report.refusals == 1, "beyond the collar, once"
    assert len({fill.price_ticks for fill in fills}) > 3


def test_a_market_that_never_opens_leaves_it_undone(tmp_path):
    algorithm = made(Twap, symbol="NONE", qty=10)
    assert worked(tmp_path, algorithm, 3_000) == []
    assert algorithm.report.reason == "stopped"
    assert algorithm.report.arrival_ticks is None


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        (Twap, {"side": "hold"}),
        (Twap, {"qty": 0}),
        (Twap, {"seconds": 0.0}),
        (Twap, {"style": "guess"}),
        (Twap, {"jitter_percent": 91}),
        (Vwap, {"curve": (1, -1)}),
        (Participation, {"rate_percent": 0}),
        (Iceberg, {"show": 0}),
        (Sniper, {"limit": 0}),
        (Sniper, {"limit": 5, "least": 0}),
    ],
)
def test_senseless_parameters_are_refused(tmp_path, kind, params):
    algorithm = made(kind, symbol="SYN1", **params)
    with pytest.raises(StrategyError, match="expected"):
        run(algorithm, journal=tmp_path / "j", risk=LIMITS, settings={"run.messages": 3_000})
