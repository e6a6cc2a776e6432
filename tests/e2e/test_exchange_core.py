# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`exchange.core`: the engine runs on that core, and no other thread of the exchange does."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from onetape.config import load
from onetape.exchange.config import SECTIONS
from onetape.exchange.server import Exchange

TEXT = """
[exchange]
journal = "{folder}"
core = {core}
[gateway]
ouch50 = "127.0.0.1:0"
[feed]
glimpse = "127.0.0.1:0"
glimpse_users = {{ VIEWER = "look" }}
[market.instruments.TAPE]
[members.firms.ALFA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
"""


def cores_by_thread() -> dict[str, set[int]]:
    """Return on which cores each thread of this process may run, by the thread's name."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        name = (task / "comm").read_text("utf-8").strip()
        found[f"{name} {task.name}"] = os.sched_getaffinity(int(task.name))
    return found


def threads_but(before: set[str]) -> set[str]:
    return {name.split()[0] for name in cores_by_thread() if name not in before}


@pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="there is one core only")
def test_the_engine_has_its_core_to_itself(tmp_path: Path):
    mine = os.sched_getaffinity(0)
    core, before = max(mine), set(cores_by_thread())
    path = tmp_path / "exchange.toml"
    path.write_text(TEXT.format(folder=tmp_path / "data", core=core), "utf-8")
    with Exchange(load(path, SECTIONS)) as exchange:
        until = time.monotonic() + 10
        while not {"journal-keeper", "glimpse", "operators"} <= (names := threads_but(before)):
            assert time.monotonic() < until, names
            time.sleep(0.01)  # A thread has its name once it runs.
        made = {name: cores for name, cores in cores_by_thread().items() if name not in before}
        assert all(core not in cores for cores in made.values()), made
        assert os.sched_getaffinity(0) == mine
        ready = threading.Event()
        running = threading.Thread(target=lambda: exchange.run(on_ready=ready.set))
        running.start()
        try:
            assert ready.wait(30)
            assert sum(cores == {core} for cores in cores_by_thread().values()) == 1
        finally:
            exchange.stop()
            running.join()
