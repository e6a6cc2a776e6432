# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The engine is frozen, with orders at venues that adapters speak with: the guardian cancels them.

What the adapters still had to send stays; a person resumes, and it trades again.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.models.binance_world import GUARD_KEY, GUARD_SECRET, BinanceWorld, Place
from tests.models.kill_world import KillWorld, now_ns

from onetape.events import GuardianActed, GuardianStep, KillDone
from onetape.journal import open_journal

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
GUARDIAN = f"""[live.venues.COIN.guardian]
key = "{GUARD_KEY}"
secret = "{GUARD_SECRET}"
"""


def steps(folder: Path) -> list[GuardianStep]:
    entries = open_journal(folder / "guardian")
    return [GuardianStep(e.event.step) for e in entries if isinstance(e.event, GuardianActed)]


def has(folder: Path, step: GuardianStep) -> Callable[[], bool]:
    return lambda: step in steps(folder)


def is_killed(journal: Path) -> bool:
    return any(isinstance(entry.event, KillDone) for entry in open_journal(journal))


def test_orders_by_fix_are_cancelled_while_the_engine_is_frozen(tmp_path: Path) -> None:
    port = "orders_per_second_max = 100_000\ncancel_on_disconnect = false"
    world = KillWorld(tmp_path, guardian_ms=200, protocol="fix44", port=port)
    folder = world.made.folder
    try:
        world.start()
        world.wait(has(folder, GuardianStep.ARMED), "guarded")
        engine, since_ns = world.engine(), now_ns()
        os.kill(engine, signal.SIGSTOP)
        try:
            world.wait(has(folder, GuardianStep.CONFIRMED), "confirmed")
            time.sleep(1.5)  # What was on its way, and the sweeps after it.
            drill = world.drilled(since_ns)
            assert not drill.resting
            assert len(drill.canceled_ms) >= 900, "some had traded before"
            assert max(drill.filled_ms, default=0.0) <= max(drill.canceled_ms)
            assert world.made.bar.exists()
        finally:
            os.kill(engine, signal.SIGCONT)
        world.wait(lambda: is_killed(world.made.journal), "killed")
        assert not world.drilled(since_ns).resting
        world.cli("resume", "--force")
        world.wait(lambda: world.live_orders() > 0, "trading again")
        assert not world.made.bar.exists()
    finally:
        world.close()


@pytest.fixture
def place() -> Iterator[Place]:
    place = Place(other_keys={GUARD_KEY: GUARD_SECRET})
    yield place
    place.close()


def test_orders_at_binance_are_cancelled_while_the_engine_is_frozen(
    tmp_path: Path, place: Place
) -> None:
    world = BinanceWorld(
        tmp_path, {"COIN": place}, strategy="CoinRester", more=GUARDIAN,
        live_more="guardian_ms = 200",
    )  # fmt: skip
    folder = world.node.folder
    try:
        world.start()
        world.until(has(folder, GuardianStep.ARMED), "it was never guarded")
        world.until(lambda: place.open_orders() >= 60, "no orders rest")
        engine = world.engine()
        os.kill(engine, signal.SIGSTOP)
        try:
            world.until(has(folder, GuardianStep.CONFIRMED), "it was never confirmed")
            assert place.open_orders() == 0
            time.sleep(1.0)
            assert place.open_orders() == 0
            assert world.node.bar.exists()
        finally:
            os.kill(engine, signal.SIGCONT)
        world.until(lambda: is_killed(world.node.journal), "it was not killed when it woke")
        time.sleep(1.0)
        assert place.open_orders() == 0
        world.operate("resume", "--force")
        world.until(lambda: place.open_orders() > 0, "it did not trade again")
        assert not world.node.bar.exists()
    finally:
        world.close()
