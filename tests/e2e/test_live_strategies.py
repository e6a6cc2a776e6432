# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Strategies of both tiers on a live node, over loopback with a crowd: they trade, they are given
other parameters, they raise, hang and are replaced, and none of it touches the others.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from tests.models.live_strategies_world import StrategyWorld
from tests.models.live_world import positions_of

from onetape import _native
from onetape.events import StopReason

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
pytest.importorskip("numba")


def agreed(world: StrategyWorld) -> None:
    """End a world, and compare what both sides tell."""
    account = world.finish()
    theirs, ours = world.exchange_fills(), world.node_fills()
    assert ours == theirs
    assert ours, "nothing happened"
    expected = {instrument: lots for instrument, lots in positions_of(theirs).items() if lots}
    assert account["held"] == expected


def test_each_tier_trades_wherever_it_runs(tmp_path: Path) -> None:
    here = StrategyWorld.place
    world = StrategyWorld(
        tmp_path,
        seed=11,
        strategies={
            "inline": here("Compiled") + '\nplace = "inline"',
            "apart": here("Compiled") + "\nsilence_ms_max = 5_000",
            "plain": here("Plain") + "\nsilence_ms_max = 5_000",
        },
    )
    try:
        world.start()
        for name in world.names:
            world.wait(f"{name} trades", lambda name=name: world.fills(name) > 0)
        assert [world.strategy(name)["inline"] for name in world.names] == [True, False, False]
        agreed(world)
        assert all(world.stops(name)[0][0] is StopReason.OPERATOR for name in world.names)
    finally:
        world.close()


def test_what_raises_is_stopped_and_the_others_go_on(tmp_path: Path) -> None:
    here = StrategyWorld.place
    world = StrategyWorld(
        tmp_path,
        seed=12,
        strategies={
            "fine": here("Plain") + "\nsilence_ms_max = 5_000",
            "raises": here("Raises") + "\nsilence_ms_max = 5_000",
            "inline": here("RaisesCompiled") + '\nplace = "inline"',
            "apart": here("RaisesCompiled") + "\nsilence_ms_max = 5_000",
        },
    )
    wrong = world.names[1:]
    try:
        world.start()
        for name in wrong:
            world.wait(f"{name} began and ended", lambda name=name: bool(world.stops(name)))
            world.wait(f"{name} has no order", lambda name=name: not world.orders(name))
            assert not world.strategy(name)["running"]
        before = world.fills("fine")
        world.wait("the other one trades on", lambda: world.fills("fine") > before)
        agreed(world)
        for name in wrong:
            reason, why = world.stops(name)[0]
            assert reason is StopReason.EXCEPTION, name
            assert name == "inline" or "enough is enough" in why, name
        said = world.processes.said("node")
        for name in wrong:
            alerts = [line for line in said.splitlines() if name in line]
            assert any("raised" in line or "ended" in line for line in alerts), said
        told = "strategy inline raised ValueError: enough is enough (live_tiers.py, line"
        assert told in said, said
    finally:
        world.close()


def test_what_hangs_is_stopped_and_the_others_go_on(tmp_path: Path) -> None:
    here = StrategyWorld.place
    world = StrategyWorld(
        tmp_path,
        seed=13,
        strategies={
            "fine": here("Plain") + "\nsilence_ms_max = 10_000",
            "hangs": here("Hangs") + "\nsilence_ms_max = 500",
        },
    )
    try:
        world.start()
        world.wait("it hung and was stopped", lambda: bool(world.stops("hangs")))
        world.wait("it has no order", lambda: not world.orders("hangs"))
        before = world.fills("fine")
        world.wait("the other one trades on", lambda: world.fills("fine") > before)
        agreed(world)
        assert world.stops("hangs")[0] == (
            StopReason.TOO_SLOW,
            "a callback took longer than 500 ms",
        )
        assert "hangs" in world.processes.said("node")
    finally:
        world.close()


def test_parameters_change_while_it_runs_and_stand_when_the_engine_dies(tmp_path: Path) -> None:
    here = StrategyWorld.place
    world = StrategyWorld(
        tmp_path,
        seed=14,
        strategies={
            "inline": here("Compiled") + '\nplace = "inline"',
            "apart": here("Compiled") + "\nsilence_ms_max = 5_000",
            "plain": here("Plain") + "\nsilence_ms_max = 5_000\nparams = { lots_per_step = 200 }",
        },
    )

    def sizes(name: str) -> set[int]:
        return {row["leaves_lots"] + row["executed_lots"] for row in world.orders(name)}

    try:
        world.start()
        for name in world.names:
            world.wait(f"{name} quotes", lambda name=name: 100 in sizes(name))
            done = world.operate("set", name, "qty=37", "wide=true")
            assert done.returncode == 0, done.stderr
            world.wait(f"{name} quotes otherwise", lambda name=name: sizes(name) == {37})
            shown = world.strategy(name)["parameters"]
            assert (shown["qty"]["value"], shown["qty"]["configured"]) == (37, 100)
            assert shown["wide"]["value"] is True
        assert world.strategy("plain")["parameters"]["lots_per_step"]["value"] == 200
        for words, expected in [
            (["qyt=1"], "expected a parameter of plain (qty, lots_per_step, wide, told)"),
            (["qty=5", "wide=2"], "wide: expected true or false"),
            (["qty=1001"], "qty: expected 1 to 1000"),
        ]:
            done = world.operate("set", "plain", *words)
            assert done.returncode != 0
            assert expected in done.stderr.replace("\n", " "), done.stderr
        assert world.strategy("plain")["parameters"]["qty"]["value"] == 37

        os.kill(_native.EnginePulse(world.pulse).process, signal.SIGKILL)
        world.settle()
        for name in world.names:
            world.wait(f"{name} goes on as it was", lambda name=name: sizes(name) == {37})
        agreed(world)
    finally:
        world.close()
