# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Execution quality on a real day: every mid is the one in LOBSTER's own file of books."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from onetape import Market, Side, Strategy, run
from onetape.events import MarketUpdated, TimeInForce
from onetape.journal import open_journal
from onetape.pipeline.tca import HORIZONS_NS, ExecutionQuality
from onetape.pipeline.tca._market import NO_MID

DAY = "LOBSTER_SampleFile_AMZN_2012-06-21_5.zip"
MESSAGES = 40_000
#: New York's, 2012-06-21.
MIDNIGHT_NS = 1_340_251_200 * 10**9
NO_PRICE = 9_999_999_999
LIMITS = {
    "order_qty_max": 100,
    "order_notional_max": 10_000_000_000,
    "position_max": 1_000_000,
    "price_collar_ticks": 100_000,
    "order_rate_max": 100_000,
}


class Both(Strategy):
    """Takes ten shares now on one side, now on the other, and leaves one behind the best bid."""

    seen = 0

    def on_book(self, market: Market) -> None:
        self.seen += 1
        if self.seen % 40 == 0:
            side = Side.BUY if self.seen % 80 else Side.SELL
            price = market.ask_ticks if side is Side.BUY else market.bid_ticks
            self.send(market, side, 10, price, time_in_force=TimeInForce.IOC)
        elif self.seen % 97 == 0:
            self.send(market, Side.BUY, 1, market.bid_ticks)


@pytest.fixture(scope="module")
def day(shared: Path) -> Path:
    return shared / "data" / "lobster" / DAY


def books(day: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the time of each message, and best bid plus best ask after it."""
    with zipfile.ZipFile(day) as archive:
        names = {("message" in name): name for name in archive.namelist() if "csv" in name}
        texts = archive.read(names[True]).decode("ascii").splitlines()[:MESSAGES]
        raw = io.BytesIO(archive.read(names[False]))
        rows = np.loadtxt(raw, delimiter=",", dtype=np.int64, max_rows=MESSAGES)
    times = [line.partition(",")[0].partition(".") for line in texts]
    ts_ns = np.array([MIDNIGHT_NS + int(s) * 10**9 + int(p.ljust(9, "0")[:9]) for s, _, p in times])
    has_mid = (np.abs(rows[:, 0]) < NO_PRICE) & (np.abs(rows[:, 2]) < NO_PRICE)
    has_mid &= rows[:, 2] <= rows[:, 0]
    return ts_ns, np.where(has_mid, rows[:, 0] + rows[:, 2], NO_MID)


def test_mids_are_those_of_lobster(day, tmp_path):
    run(Both, day, risk=LIMITS, journal=tmp_path / "j", settings={"run.messages": MESSAGES})
    quality = ExecutionQuality(tmp_path / "j")
    quality.update()
    orders, fills = quality.facts.orders, quality.facts.fills
    ts_ns, mids = books(day)
    assert len(orders["side"]) > 300
    assert len(fills["side"]) > 250
    # The file shows five levels: one that comes into sight is several updates of one time. An order
    # in the midst of them is judged by what its strategy saw.
    updates = open_journal(tmp_path / "j").read(MarketUpdated)
    at_once = np.searchsorted(updates["ts_ns"], orders["arrival_ts_ns"], "right") - 1
    is_between = updates["seq"][at_once] > orders["arrival_seq"]
    assert is_between.mean() < 0.2
    place = np.searchsorted(ts_ns, orders["arrival_ts_ns"], "right") - 1
    assert (orders["arrival_mid2"] == mids[place])[~is_between].all()
    compared = 0
    end = quality.facts.end_ts_ns
    for name, horizon in HORIZONS_NS.items():
        later = fills["ts_ns"] + horizon
        known = later < end
        place = np.searchsorted(ts_ns, later[known], "right") - 1
        assert (fills[f"after_{name}_mid2"][known] == mids[place]).all(), name
        compared += int(known.sum())
    assert compared > 1_000


def test_figures_of_a_real_day_hang_together(day, tmp_path):
    result = run(Both, day, risk=LIMITS, journal=tmp_path / "j",
                 settings={"run.messages": MESSAGES})  # fmt: skip
    quality = ExecutionQuality(tmp_path / "j")
    quality.update()
    (total,) = quality.measure()
    found = total.figures
    assert found["fills"] == result.fills
    assert found["orders"] == result.orders
    taken = {g.labels["tif"]: g.figures for g in quality.measure(["tif"])}
    # Who takes at the best price pays half the spread to the mid; effective spread says the whole.
    assert taken["IOC"]["arrival_bp"] > 0
    assert taken["IOC"]["effective_spread_bp"] == pytest.approx(
        2 * taken["IOC"]["arrival_bp"], rel=1e-9
    )
    assert taken["IOC"]["delay_bp"] == 0
    assert taken["DAY"]["effective_spread_bp"] < taken["IOC"]["effective_spread_bp"]
    for g in quality.measure(["side", "hour"]):
        assert g.figures["fill_ratio_orders"] <= 1
