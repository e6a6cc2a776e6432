# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Plain and compiled strategies send the same orders on real market data, byte for byte."""

from pathlib import Path

import pytest

pytest.importorskip("numba")

from tests.models.every_call import Quoter, Sender

from onetape import Strategy, compiled, run

LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10**15,
    "position_max": 5_000,
    "price_collar_ticks": 10**9,
    "order_rate_max": 1_000_000,
}

#: File below shared/data, fills at least.
SOURCES = [
    ("itch/ritch_ex20101224.TEST_ITCH_50", 0),
    ("itch/AAPL_20190130_events_L10_first5000.csv", 10),
    ("lobster/LOBSTER_SampleFile_AMZN_2012-06-21_1.zip", 50),
]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", [Quoter, Sender])
@pytest.mark.parametrize(("file", "fills"), SOURCES, ids=[s[0] for s in SOURCES])
def test_both_tiers_send_the_same_orders(
    shared: Path, tmp_path: Path, kind: type[Strategy], file: str, fills: int
):
    source = shared / "data" / file
    if not source.exists():
        pytest.skip(f"no {source}")
    journals, results = [], []
    for tier in (kind, compiled(kind)):
        folder = tmp_path / str(len(journals))
        results.append(run(tier, source, journal=folder, risk=LIMITS))
        journals.append(b"".join(p.read_bytes() for p in sorted(folder.glob("*.seg"))))
    assert results[0].state_hash == results[1].state_hash
    assert journals[0] == journals[1]
    assert results[1].fills >= fills
