# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What `make run` does: a market, a crowd and a live node on it, each of processes of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from onetape.events import OrderFilled, VenueMessageSent
from onetape.journal import open_journal

ROOT = Path(__file__).resolve().parent.parent.parent


def onetape(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "onetape", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_node_trades_over_the_wire_and_both_sides_tell_it(tmp_path: Path):
    done = onetape("demo", "--seconds", "8", "--folder", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "fills" in done.stdout
    told = [entry.event for entry in open_journal(tmp_path / "node" / "journal")]
    fills = [event.match_id for event in told if isinstance(event, OrderFilled)]
    assert any(isinstance(event, VenueMessageSent) for event in told)
    assert fills
    market = [entry.event for entry in open_journal(tmp_path / "exchange" / "journal")]
    assert set(fills) <= {event.match_id for event in market if isinstance(event, OrderFilled)}
    assert onetape("live", "status", "--folder", str(tmp_path / "node")).returncode != 0


def test_a_demo_whose_market_does_not_start_says_why(tmp_path: Path):
    wrong = tmp_path / "market.toml"
    wrong.write_text("[exchange]\njournl = 'here'\n", "utf-8")
    done = onetape("demo", "--exchange", str(wrong), "--folder", str(tmp_path / "demo"))
    assert done.returncode != 0
    assert "journl" in done.stderr
    assert "the exchange of the demo failed" in done.stderr
