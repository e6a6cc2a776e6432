# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node over loopback, on lines that lose packets: connections are cut, the engine and the
exchange are killed; in the end both sides say the same of every fill, to the unit.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.models.live_world import World, positions_of
from tests.models.processes import onetape

pytestmark = pytest.mark.slow

#: How many worlds are upset, and for how long each; `make night` asks for 200, of 12 s.
SEEDS = int(os.environ.get("ONETAPE_LIVE_SEEDS", "20"))
SECONDS = float(os.environ.get("ONETAPE_LIVE_SECONDS", "5"))


def told(world: World, seconds: float, upsets: tuple[str, ...]) -> None:
    """Run a world to its end and compare what both sides tell."""
    try:
        world.start()
        world.run(seconds, upsets)
        account = world.finish()
    finally:
        world.close()
    theirs, ours = world.exchange_fills(), world.node_fills()
    assert ours == theirs, f"seed {world.seed}, after {world.done}"
    # An exchange that was killed again and again may not have traded at all.
    assert ours or "exchange" in world.done, f"too little happened: {world.done}"
    held = {instrument: lots for instrument, lots in account["held"].items() if lots}
    expected = {instrument: lots for instrument, lots in positions_of(theirs).items() if lots}
    assert held == expected, f"seed {world.seed}, after {world.done}"


@pytest.mark.timeout(120)
def test_cut_connections_cost_no_fill(tmp_path: Path) -> None:
    told(World(tmp_path, seed=1), 10, ("cut",))


@pytest.mark.timeout(180)
@pytest.mark.parametrize("seed", range(2, 2 + SEEDS))
def test_both_sides_agree_whatever_is_killed(tmp_path: Path, seed: int) -> None:
    told(World(tmp_path, seed=seed), SECONDS, ("cut", "engine", "exchange"))


@pytest.mark.timeout(60)
def test_what_is_wrong_is_said(tmp_path: Path) -> None:
    config = tmp_path / "live.toml"
    config.write_text("[live]\n")
    done = onetape("live", str(config))
    assert done.returncode != 0
    assert "LIV-001" in done.stderr
    assert "symbols" in done.stderr
    done = onetape("live", "status", "--folder", str(tmp_path))
    assert done.returncode != 0
    assert "expected a running live" in done.stderr
