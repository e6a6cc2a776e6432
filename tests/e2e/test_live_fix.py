# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node that enters its orders by FIX 4.4, on lossy lines of ITCH: connections are cut;
engine, adapter and exchange are killed; in the end both sides tell the same fills.
"""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from tests.models import live_world
from tests.models.live_world import World, positions_of
from tests.models.processes import free_ports

from onetape.live.node import Node
from onetape.live.supervisor import load_live

pytestmark = pytest.mark.slow

SESSION = """protocol = "fix44"
[live.venues.HOME.fix]
address = "127.0.0.1:{ouch}"
sender = "NODE"
target = "ONETAPE"
username = "NODE"
password = "beta"
prefix = "n1"
state = "{folder}/counts"
heartbeat_s = 1
retry_first_s = 0.05
retry_most_s = 0.5
[live.venues.HOME.instruments.ONE]
tick = "0.0001"
lot = "1"
currency = "USD"
[live.venues.HOME.instruments.TAPE]
tick = "0.0001"
lot = "1"
currency = "USD"
[live.strategies.maker]
"""


class FixWorld(World):
    """The same world, but that the node's port speaks FIX, through an adapter."""

    def upset(self, what: str) -> None:
        if what != "adapter":
            super().upset(what)
            return
        self.done.append(what)
        inlet = Node(load_live(self.node), self.folder).adapter_inlet("HOME").read_bytes()
        process = int.from_bytes(inlet[24:28], "little")
        if process:
            os.kill(process, signal.SIGKILL)


@pytest.fixture
def by_fix(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the port of the node speak FIX at the place that connections are cut at."""
    ouch = free_ports(1)[0]
    exchange = live_world.EXCHANGE.replace(
        'ouch50 = "127.0.0.1:{ouch}"',
        f'ouch50 = "127.0.0.1:{ouch}"\nfix44 = "127.0.0.1:{{ouch}}"',
    )
    exchange = exchange.replace(
        'password = "beta"\n',
        'password = "beta"\nprotocol = "fix44"\ncancel_on_disconnect = false\n',
    )
    lines = live_world.NODE.splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("order_entry", "username", "password"))]
    node = "".join(kept).replace("[live.strategies.maker]\n", SESSION, 1)
    # The protocol is a key of the venue, so it stands before the tables in it.
    node = node.replace('protocol = "fix44"\n', "", 1)
    node = node.replace("[live.venues.HOME]\n", '[live.venues.HOME]\nprotocol = "fix44"\n', 1)
    monkeypatch.setattr(live_world, "EXCHANGE", exchange)
    monkeypatch.setattr(live_world, "NODE", node)


@pytest.mark.timeout(180)
@pytest.mark.usefixtures("by_fix")
@pytest.mark.parametrize(
    ("seed", "upsets"),
    [(1, ("cut",)), (2, ("cut", "adapter")), (3, ("cut", "adapter", "engine", "exchange"))],
)
def test_both_sides_tell_the_same(tmp_path: Path, seed: int, upsets: tuple[str, ...]) -> None:
    world = FixWorld(tmp_path, seed=seed)
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
