# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A strategy that a person stopped stays stopped: only a person starts it again."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from tests.models.live_world import World
from tests.models.processes import onetape

from onetape import _native
from onetape.events import StopReason, StrategyStarted, StrategyStopped
from onetape.journal import open_journal

pytestmark = pytest.mark.slow


def state_of(world: World, name: str) -> tuple[bool, bool]:
    """Whether a strategy runs, and whether it waits for a person."""
    answer = world.ask("status")
    if answer is None:
        return False, False
    (found,) = (row for row in answer["strategies"] if row["name"] == name)
    return found["running"], found["held"]


def wait_for(world: World, name: str, state: tuple[bool, bool]) -> None:
    until = time.monotonic() + 20
    while (found := state_of(world, name)) != state:
        assert time.monotonic() < until, f"{name}: {found}, {world.processes.said('node')}"
        time.sleep(0.05)


@pytest.mark.timeout(120)
def test_only_a_person_starts_what_a_person_stopped(tmp_path: Path) -> None:
    world = World(tmp_path, seed=1)
    folder = ["--folder", str(tmp_path / "node")]
    try:
        world.start()
        wait_for(world, "maker", (True, False))
        wait_for(world, "taker", (True, False))
        assert onetape("live", "stop-strategy", "maker", *folder).returncode == 0
        wait_for(world, "maker", (False, True))

        # The engine starts again, and with it what nobody stopped.
        before = _native.EnginePulse(world.pulse).process
        os.kill(before, signal.SIGKILL)
        wait_for(world, "taker", (True, False))
        assert _native.EnginePulse(world.pulse).process != before
        assert state_of(world, "maker") == (False, True)

        # Also where it is stopped before its process has come.
        before = _native.EnginePulse(world.pulse).process
        os.kill(before, signal.SIGKILL)
        until = time.monotonic() + 20
        while onetape("live", "stop-strategy", "taker", *folder).returncode != 0:
            assert time.monotonic() < until, world.processes.said("node")
        world.settle()
        time.sleep(2)
        assert state_of(world, "taker") == (False, True)

        assert "may start" in onetape("live", "start-strategy", "maker", *folder).stdout
        wait_for(world, "maker", (True, False))
        assert state_of(world, "taker") == (False, True)
        assert world.processes.end("node", signal.SIGINT) == 0, world.processes.said("node")
    finally:
        world.close()
    kinds = (StrategyStarted, StrategyStopped)
    entries = open_journal(tmp_path / "node" / "journal")
    told = [entry.event for entry in entries if isinstance(entry.event, kinds)]
    of_maker = [event for event in told if event.strategy_id == 1]
    words = [
        "started" if isinstance(e, StrategyStarted) else StopReason(e.reason).name.lower()
        for e in of_maker
    ]
    assert words == ["started", "operator", "crashed", "crashed", "started", "node_stopped"]
