# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Kill drills over loopback, with a thousand resting orders: by command, by signal, by file, and by
the guardian when the engine is frozen. What happened is read from the exchange's journal.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.models.kill_world import Drill, KillWorld, now_ns
from tests.models.processes import onetape

from onetape.events import GuardianActed, GuardianStep, KillDone, KillStarted
from onetape.journal import open_journal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[KillWorld]:
    made = KillWorld(tmp_path, guardian_ms=getattr(request, "param", 0))
    try:
        made.start()
        yield made
    finally:
        made.close()


def kills(world: KillWorld) -> list[KillStarted | KillDone]:
    entries = open_journal(world.folder / "node" / "journal")
    return [e.event for e in entries if isinstance(e.event, KillStarted | KillDone)]


def settled(world: KillWorld) -> None:
    """Wait until the kill is over: confirmed, by the node's own account."""
    world.wait(lambda: any(isinstance(event, KillDone) for event in kills(world)), "killed")


def assert_dead(world: KillWorld, since_ns: int) -> Drill:
    """Nothing rests, and nothing new was taken after the last cancel."""
    time.sleep(0.5)  # The strategy goes on asking; nothing of it may arrive.
    drill = world.drilled(since_ns)
    assert not drill.resting
    assert max(drill.accepted_ms, default=0.0) <= max(drill.canceled_ms)
    return drill


def test_a_command_cancels_all_and_a_resume_lets_trade_again(world: KillWorld) -> None:
    since_ns = world.kill()
    settled(world)
    drill = assert_dead(world, since_ns)
    started, done = kills(world)
    assert isinstance(started, KillStarted)
    assert isinstance(done, KillDone)
    assert started.orders >= 1_000
    assert len(drill.canceled_ms) >= 1_000
    assert world.live_orders() == 0
    world.cli("resume", "--why", "the drill is over")
    world.wait(lambda: world.live_orders() > 0, "trading again")


def test_a_signal_kills_and_the_halt_outlives_the_engine(world: KillWorld) -> None:
    since_ns = now_ns()
    engine = world.engine()
    os.kill(engine, signal.SIGUSR2)
    settled(world)
    assert_dead(world, since_ns)
    os.kill(engine, signal.SIGKILL)
    world.wait(lambda: world.engine() != engine, "started again")
    again_ns = now_ns()
    time.sleep(3)
    drill = world.drilled(again_ns)
    assert not drill.accepted_ms
    assert not drill.resting


def test_a_file_kills_and_nothing_resumes_while_it_is_there(world: KillWorld) -> None:
    since_ns = now_ns()
    world.kill_file.touch()
    settled(world)
    assert_dead(world, since_ns)
    done = onetape("live", "resume", "--folder", str(world.folder / "node"))
    assert done.returncode != 0
    assert "remove it" in done.stderr
    world.kill_file.unlink()
    world.cli("resume")
    world.wait(lambda: world.live_orders() > 0, "trading again")


def guardian_steps(world: KillWorld) -> list[GuardianStep]:
    entries = open_journal(world.folder / "node" / "guardian")
    return [GuardianStep(e.event.step) for e in entries if isinstance(e.event, GuardianActed)]


@pytest.mark.parametrize("world", [200], indirect=True)
def test_a_frozen_engine_is_cancelled_by_the_guardian(world: KillWorld) -> None:
    world.wait(lambda: GuardianStep.ARMED in guardian_steps(world), "guarded")
    engine = world.engine()
    since_ns = now_ns()
    os.kill(engine, signal.SIGSTOP)
    try:
        world.wait(lambda: GuardianStep.CONFIRMED in guardian_steps(world), "confirmed")
        drill = assert_dead(world, since_ns)
    finally:
        os.kill(engine, signal.SIGCONT)
    assert max(drill.filled_ms, default=0.0) <= max(drill.canceled_ms)
    # It wakes up, learns what the guardian did, and stays halted until a person resumes.
    settled(world)
    time.sleep(1)
    assert not world.drilled(since_ns).resting
    world.cli("resume", "--force")
    world.wait(lambda: world.live_orders() > 0, "trading again")


@pytest.mark.parametrize("world", [1_000], indirect=True)
def test_the_guardian_is_alone_and_its_death_changes_nothing(world: KillWorld) -> None:
    world.wait(lambda: GuardianStep.ARMED in guardian_steps(world), "guarded")
    done = onetape("live", "guardian", str(world.node))
    assert done.returncode != 0
    assert "LIV-021" in done.stderr
    found = [pid for pid in Path("/proc").iterdir() if pid.name.isdecimal() and is_guardian(pid)]
    ours = [int(pid.name) for pid in found if str(world.node) in command_of(pid)]
    assert len(ours) == 1
    orders = world.live_orders()
    since_ns = now_ns()
    os.kill(ours[0], signal.SIGKILL)
    time.sleep(2)
    assert world.live_orders() > orders // 2
    assert not kills(world)
    assert not [kind for _, kind in world.drilled(since_ns).messages if kind in "CD"]
    world.wait(lambda: guardian_steps(world).count(GuardianStep.ARMED) == 2, "guarded again")


def command_of(process: Path) -> str:
    try:
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def is_guardian(process: Path) -> bool:
    return " live guardian " in command_of(process)


def test_what_is_held_is_closed_and_both_sides_say_so(tmp_path: Path) -> None:
    world = KillWorld(tmp_path, strategy="Taker")
    try:
        world.start(orders=0)
        world.wait(lambda: world.held_lots() > 0, "anything held")
        said = world.cli("flatten", "--why", "the drill")
        assert world.held_lots() == 0, said
        assert said.startswith("flat")
        drill = world.drilled(0)
        assert not drill.resting
        assert sum(drill.signed_lots) == 0
        since_ns = now_ns()
        time.sleep(1)
        assert not world.drilled(since_ns).messages, "halted in the end"
    finally:
        world.close()
