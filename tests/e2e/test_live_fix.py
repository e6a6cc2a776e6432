# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node that enters its orders by FIX 4.4, on lossy lines of ITCH: connections are cut;
engine, adapter and exchange are killed; in the end both sides tell the same fills.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.models.live_world import World, positions_of

pytestmark = pytest.mark.slow


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("seed", "upsets"),
    [(1, ("cut",)), (2, ("cut", "adapter")), (3, ("cut", "adapter", "engine", "exchange"))],
)
def test_both_sides_tell_the_same(tmp_path: Path, seed: int, upsets: tuple[str, ...]) -> None:
    port = "cancel_on_disconnect = false"
    world = World(tmp_path, seed=seed, protocol="fix44", port=port)
    try:
        world.start()
        world.run(10, upsets)
        account = world.finish()
    finally:
        world.close()
    # The adapter's numbers of executions are its own.
    theirs = sorted(replace(fill, match_id=0) for fill in world.exchange_fills())
    ours = sorted(replace(fill, match_id=0) for fill in world.node_fills())
    assert ours == theirs, f"seed {seed}, after {world.done}"
    # Where the exchange itself is killed again and again, there may be nobody to trade with.
    assert ours or "exchange" in world.done, f"too little happened: {world.done}"
    held = {instrument: lots for instrument, lots in account["held"].items() if lots}
    assert held == {i: lots for i, lots in positions_of(theirs).items() if lots}
