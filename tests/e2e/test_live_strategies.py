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
from tests.models.live_strategies_world import TIERS, StrategyWorld
from tests.models.live_world import positions_of
from tests.models.processes import onetape

from onetape import _native
from onetape.events import ConfigLoaded, StopReason, StrategyLoaded

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
    try:
        world.start()
        for name in world.names:
            world.wait(f"{name} quotes", lambda name=name: 100 in sizes_of(world, name))
            done = world.operate("set", name, "qty=37", "wide=true")
            assert done.returncode == 0, done.stderr
            world.wait(f"{name} quotes otherwise", lambda name=name: sizes_of(world, name) == {37})
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
            world.wait(f"{name} goes on as it was", lambda name=name: sizes_of(world, name) == {37})
        agreed(world)
    finally:
        world.close()


def test_a_strategy_is_replaced_while_the_others_and_their_orders_stay(tmp_path: Path) -> None:
    here = StrategyWorld.place
    own = tmp_path / "own.py"
    text = TIERS.read_text("utf-8")
    own.write_text(text, "utf-8")
    world = StrategyWorld(
        tmp_path,
        seed=15,
        strategies={
            "rests": here("Rests") + "\nsilence_ms_max = 10_000",
            "maker": f'file = "{own}:Plain"\nsilence_ms_max = 5_000',
        },
    )
    try:
        world.start()
        world.wait("both have orders", lambda: len(world.orders("rests")) == 2)
        world.wait("the maker trades", lambda: world.fills("maker") > 0)
        resting = {row["order_id"] for row in world.orders("rests")}
        assert world.operate("stop-strategy", "maker").returncode == 0
        world.wait("its orders are gone", lambda: not world.orders("maker"))
        own.write_text(text.replace("= 100", "= 44"), "utf-8")
        world.processes.start("second", "live", "strategy", str(world.node), "maker")
        world.wait("the new one quotes", lambda: {44} == sizes_of(world, "maker"))
        assert {row["order_id"] for row in world.orders("rests")} == resting
        # The engine dies: what stands in the files now is what goes on, and the journal has it.
        os.kill(_native.EnginePulse(world.pulse).process, signal.SIGKILL)
        world.settle()
        world.wait("it goes on", lambda: {44} == sizes_of(world, "maker"))
        agreed(world)
        loaded = [e for e in world.journal() if isinstance(e, StrategyLoaded)]
        assert [e.tail.decode() for e in loaded] == [own.read_text("utf-8")]
        assert len([e for e in world.journal() if isinstance(e, ConfigLoaded)]) == 2
    finally:
        world.close()


def test_a_journal_goes_on_with_what_may_change_and_refuses_what_may_not(tmp_path: Path) -> None:
    here = StrategyWorld.place
    world = StrategyWorld(
        tmp_path,
        seed=16,
        strategies={"maker": here("Plain") + "\nsilence_ms_max = 5_000"},
    )
    before = world.node.read_text("utf-8")

    def refused(old: str, new: str, *expected: str) -> None:
        assert old in before
        world.node.write_text(before.replace(old, new), "utf-8")
        done = onetape("live", "engine", str(world.node))
        assert done.returncode != 0
        for words in expected:
            assert words in done.stderr, done.stderr

    try:
        world.start()
        world.wait("it trades", lambda: world.fills("maker") > 0)
        assert world.processes.end("node", signal.SIGINT) == 0
        refused('["ONE", "TAPE"]', '["TAPE", "ONE"]', "LIV-013", "instrument ONE@HOME")
        refused("[live.venues.HOME]", "[live.venues.AWAY]", "LIV-013", "venue HOME")
        refused("order_qty_max = 1_000", "order_qty_max = 1_001", "LIV-015", "order_qty_max")
        refused("order_rate_max = 10_000", "", "LIV-015", "order_rate_max")
        added = f"[live.strategies.another]\n{here('Plain')}\nsilence_ms_max = 5_000\n"
        gone = before.index("[live.strategies.maker]"), before.index("[risk]")
        text = before[: gone[0]] + added + before[gone[1] :]
        text = text.replace("position_max = 2_000", "position_max = 1_900")
        world.node.write_text(text.replace("[live]", "[live]\ninlet_bytes = 65536"), "utf-8")
        world.processes.start("node", "live", str(world.node))
        world.processes.wait_said("node", "ready")
        world.names = ["maker", "another"]
        world.wait("the new one trades", lambda: world.fills("another") > 0)
        assert world.strategy("another")["id"] == 2
        world.names = ["another"]
        agreed(world)
    finally:
        world.close()


def test_a_start_reads_from_the_last_snapshot_and_all_where_none_is_whole(tmp_path: Path) -> None:
    here = StrategyWorld.place
    world = StrategyWorld(
        tmp_path,
        seed=17,
        strategies={"maker": here("Plain") + "\nsilence_ms_max = 5_000"},
    )
    text = world.node.read_text("utf-8")
    world.node.write_text(text.replace("[live]", "[live]\nsnapshot_entries = 2000"), "utf-8")
    folder = tmp_path / "node" / "journal" / "snapshots"

    def killed(*, damage: bool) -> dict[str, object]:
        os.kill(_native.EnginePulse(world.pulse).process, signal.SIGKILL)
        for file in folder.glob("*.snap") if damage else []:
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 1
            file.write_bytes(data)
        world.settle()
        answer = world.ask("status")
        assert answer is not None
        before = world.fills("maker")
        world.wait("it trades again", lambda: world.fills("maker") > before)
        return answer

    try:
        world.start()
        world.wait("it trades", lambda: world.fills("maker") > 0)
        world.wait("there are snapshots", lambda: len(list(folder.glob("*.snap"))) > 1)
        assert killed(damage=False)["snapshot_seq"], "it began with a snapshot"
        assert killed(damage=True)["snapshot_seq"] == 0
        assert "is passed over" in world.processes.said("node")
        agreed(world)
    finally:
        world.close()


def sizes_of(world: StrategyWorld, name: str) -> set[int]:
    """The quantities of a strategy's live orders, fills included."""
    return {row["leaves_lots"] + row["executed_lots"] for row in world.orders(name)}
