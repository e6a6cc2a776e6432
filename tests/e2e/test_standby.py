# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Two exchanges and a witness as processes: the primary is killed again and again, at any moment;
the client goes on with the other node and has seen every acknowledged order exactly once.

`ONETAPE_FAILOVERS` says how often (2000 for a night), `ONETAPE_SEED` with which moments.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.models.processes import Processes, free_ports

from onetape.config import Secret
from onetape.errors import VenueError
from onetape.exchange.client import OuchClient, OuchPlace
from onetape.wire import ouch50

pytestmark = pytest.mark.slow

log = logging.getLogger(__name__)
FAILOVERS = int(os.environ.get("ONETAPE_FAILOVERS", "4"))
NODES = ("alpha", "beta")
CONFIG = """
[exchange]
journal = "{folder}"
commit = "standby"
tick_ms = 10
segment_bytes = 1048576
[gateway]
ouch50 = "127.0.0.1:{ouch}"
[market.instruments.ONE]
reference = "100.00"
[members.firms.ALFA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[continuity]
node = "{node}"
key_file = "{key}"
listen = "127.0.0.1:{listen}"
peer = "127.0.0.1:{peer}"
witness = "127.0.0.1:{witness}"
"""


class Cluster(Processes):
    """The processes, and what each has said."""

    KEEPS = True

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.key = root / "key"
        self.key.write_bytes(os.urandom(32).hex().encode())
        self.witness_port, *ports = free_ports(5)
        self.ouch, self.listen = ports[:2], ports[2:]
        witness = ["--listen", f"127.0.0.1:{self.witness_port}", "--nodes", ",".join(NODES)]
        folder = str(root / "witness")
        self.start("witness", "witness", folder, *witness, "--secret", str(self.key))

    def config(self, node: int) -> str:
        path = self.folder / f"{NODES[node]}.toml"
        text = CONFIG.format(
            folder=self.folder / NODES[node], node=NODES[node], key=self.key,
            ouch=self.ouch[node], listen=self.listen[node], peer=self.listen[1 - node],
            witness=self.witness_port,
        )  # fmt: skip
        path.write_text(text, "utf-8")
        return str(path)

    def primary(self, node: int) -> None:
        self.start(NODES[node], "exchange", self.config(node))
        self.wait_said(NODES[node], "ready")

    def standby(self, node: int) -> None:
        """Start a standby; what it has that the primary has not is thrown away."""
        name = NODES[node]
        for _ in range(2):
            after = len(self.said(name))
            self.start(name, "standby", "start", self.config(node))
            until = time.monotonic() + 60
            while "in step" not in self.said(name)[after:] and self.running[name].poll() is None:
                assert time.monotonic() < until, self.said(name)
                time.sleep(0.005)
            if self.running[name].poll() is None:
                break
            assert "move its folder away" in self.said(name)[after:], self.said(name)
            shutil.rmtree(self.folder / name)
        self.wait_covered()

    def wait_covered(self) -> None:
        """Wait until the witness knows that the standby has everything."""
        until = time.monotonic() + 20
        while self.said("witness").rstrip().endswith("alone"):
            assert time.monotonic() < until, self.said("witness")
            time.sleep(0.01)

    def kill(self, node: int) -> None:
        self.end(NODES[node], signal.SIGKILL)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    try:
        made.wait_said("witness", "listens")
        yield made
    finally:
        made.end_all()


def place(cluster: Cluster, node: int) -> OuchPlace:
    return OuchPlace("ALFA1", Secret("alfa"), "127.0.0.1", cluster.ouch[node])


async def connected(cluster: Cluster, node: int, sequence: int) -> OuchClient:
    """Log in as soon as the node lets us."""
    until = time.monotonic() + 30
    while True:
        client = OuchClient(place(cluster, node), sequence=sequence)
        try:
            await client.connect()
        except VenueError:
            assert time.monotonic() < until, cluster.said(NODES[node])
            await asyncio.sleep(0.001)
        else:
            return client


class Book:
    """What the client has seen, by number; the same number must say the same."""

    def __init__(self) -> None:
        self.seen: dict[int, ouch50.Message] = {}
        self.accepted: dict[int, int] = {}

    def note(self, sequence: int, message: ouch50.Message) -> None:
        assert sequence not in self.seen, f"message {sequence} came twice"
        assert sequence == len(self.seen) + 1, f"message {len(self.seen) + 1} is missing"
        self.seen[sequence] = message
        if isinstance(message, ouch50.OrderAccepted):
            number = message.user_ref_num
            assert number not in self.accepted, f"order {number} was accepted twice"
            self.accepted[number] = sequence


async def trade(client: OuchClient, book: Book, numbers: range, stop_after: int) -> None:
    """Send orders by number, those sent before once more; stop when so many were accepted."""
    for number in numbers:
        if number not in book.accepted:
            client.send(order(number))
    while len(book.accepted) < stop_after:
        event = await client.next_event(10)
        book.note(event.sequence, event.message)


def order(number: int) -> ouch50.EnterOrderRequest:
    return ouch50.EnterOrderRequest(
        user_ref_num=number, side="B" if number % 2 else "S", quantity=100, symbol="ONE",
        price_e4=1_000_000 + number % 3 * 100 * (-1 if number % 2 else 1), time_in_force="0",
        display="Y", capacity="P", sweep_eligibility="N", cross_type="N", cl_ord_id="", tags=(),
    )  # fmt: skip


async def fail_over(cluster: Cluster, dice: random.Random) -> list[float]:
    """Kill the primary `FAILOVERS` times; return how long each take-over took, in seconds."""
    book, took, active, last = Book(), [], 0, 0
    client = await connected(cluster, active, 1)
    for _ in range(FAILOVERS):
        numbers = range(last + 1, last + 101)
        await trade(client, book, numbers, len(book.accepted) + dice.randrange(1, 99))
        last = numbers[-1]
        cluster.kill(active)
        died = time.monotonic()
        await client.close()
        active = 1 - active
        client = await connected(cluster, active, len(book.seen) + 1)
        before = len(book.accepted)
        await trade(client, book, range(1, last + 2), before + 1)
        took.append(time.monotonic() - died)
        last += 1
        await trade(client, book, range(0), last)
        await asyncio.to_thread(cluster.standby, 1 - active)
    await client.close()
    # A client who knows nothing is told the same, from the first message on.
    again = await connected(cluster, active, 1)
    for sequence, message in book.seen.items():
        event = await again.next_event(10)
        assert (event.sequence, event.message) == (sequence, message)
    await again.close()
    assert sorted(book.accepted) == list(range(1, last + 1))
    cancels = [m for m in book.seen.values() if isinstance(m, ouch50.OrderCanceled)]
    assert not [m for m in cancels if m.reason == "S"], "no take-over counts as a disconnection"
    return took


@pytest.mark.timeout(60 + 5 * FAILOVERS)
def test_a_primary_killed_at_any_moment_loses_and_doubles_nothing(cluster: Cluster):
    seed = int(os.environ.get("ONETAPE_SEED", "1"))
    cluster.primary(0)
    cluster.standby(1)
    took = asyncio.run(fail_over(cluster, random.Random(seed)))
    log.info("take-over, seconds: %s", sorted(round(t, 3) for t in took))


def test_told_to_take_over_the_standby_does_and_the_primary_ends(cluster: Cluster):
    cluster.primary(0)
    cluster.standby(1)
    command = [sys.executable, "-m", "onetape", "standby", "take-over"]
    subprocess.run([*command, str(cluster.folder / "beta")], check=True, timeout=60)
    cluster.wait_said("beta", "ready")
    assert cluster.running["alpha"].wait(20) == 0
    nobody = subprocess.run(
        [*command, str(cluster.folder / "beta")], capture_output=True, text=True, check=False
    )
    assert "REP-011" in nobody.stderr


def asked(*arguments: str) -> str:
    """Return what a command of `onetape` says."""
    command = [sys.executable, "-m", "onetape", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def test_operators_see_how_both_nodes_stand(cluster: Cluster):
    alpha, beta = (str(cluster.folder / node) for node in NODES)
    cluster.primary(0)
    assert "none has come" in asked("exchange", "status", "--folder", alpha)
    cluster.standby(1)
    told = json.loads(asked("exchange", "status", "--folder", alpha, "--json"))
    assert told["state_hash"] is None
    standing = told["continuity"]
    assert (standing["role"], standing["node"], standing["term"]) == ("primary", "alpha", 1)
    assert standing["standby"]["node"] == "beta"
    assert standing["standby"]["may_take_over"]
    assert standing["lease"]["witness"] == f"127.0.0.1:{cluster.witness_port}"
    text = asked("standby", "status", beta)
    assert "beta is standby in onetape, term 1, in step" in text
    assert asked("exchange", "status", "--folder", beta).split()[:3] == ["continuity", "beta", "is"]
    assert "standby beta" in asked("watch", str(cluster.folder / "alpha" / "journal"), "--once")
    watched = asked("watch", str(cluster.folder / "beta" / "journal"), "--once")
    assert "beta is standby, term 1, in step" in watched
    mine = json.loads(asked("standby", "status", beta, "--json"))
    assert (mine["role"], mine["connected"], mine["in_step"]) == ("standby", True, True)
    assert mine["peer"] == f"127.0.0.1:{cluster.listen[0]}"
    cluster.kill(0)
    cluster.wait_said("beta", "ready")
    text = asked("exchange", "status", "--folder", beta, "--hash")
    assert "beta is primary of onetape, term 2, by take-over" in text
    assert "state hash" in text
    gone = [sys.executable, "-m", "onetape", "standby", "status", beta]
    assert subprocess.run(gone, capture_output=True, check=False, timeout=60).returncode == 1
