# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What `make run` does: a market, a crowd and a strategy on it, each a process of its own."""

from __future__ import annotations

import re
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
def test_a_strategy_trades_over_the_wire_and_its_journal_replays(tmp_path: Path):
    done = onetape("demo", "--seconds", "8", "--folder", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "state hash" in done.stdout
    kinds = [entry.kind for entry in open_journal(tmp_path / "strategy")]
    assert VenueMessageSent.KIND in kinds
    assert OrderFilled.KIND in kinds
    again = onetape("replay", str(tmp_path / "strategy"))
    assert again.returncode == 0, again.stdout + again.stderr
    hashes = re.findall(r"state hash\s+([0-9a-f]{16})", done.stdout + again.stdout)
    assert len(hashes) == 2
    assert hashes[0] == hashes[1]


def test_a_demo_whose_market_does_not_start_says_why(tmp_path: Path):
    wrong = tmp_path / "market.toml"
    wrong.write_text("[exchange]\njournl = 'here'\n", "utf-8")
    done = onetape("demo", "--exchange", str(wrong), "--folder", str(tmp_path / "demo"))
    assert done.returncode != 0
    assert "journl" in done.stderr
    assert "the exchange of the demo failed" in done.stderr
