# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A standby's folder: what a second start, a kill and a stale mark change there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.models.processes import Processes, free_ports, onetape

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CONFIG = """
[exchange]
journal = "{folder}"
commit = "standby"
tick_ms = 10
segment_bytes = 1048576
[gateway]
ouch50 = "127.0.0.1:{ouch}"
[market.instruments.ONE]
[members.firms.ALFA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[crowd]
use_ports = ["ALFA1"]
[fees]
maker_lot_e9 = 0
[continuity]
node = "{node}"
key_file = "{key}"
listen = "127.0.0.1:{listen}"
peer = "127.0.0.1:{peer}"
witness = "127.0.0.1:{witness}"
"""


class Nodes(Processes):
    """A witness, the primary alpha and the standby beta."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        key = folder / "key"
        key.write_text(os.urandom(32).hex(), "utf-8")
        witness, *ports = free_ports(5)
        for at, node in enumerate(("alpha", "beta")):
            text = CONFIG.format(
                folder=folder / node, node=node, key=key, ouch=ports[at], listen=ports[2 + at],
                peer=ports[3 - at], witness=witness,
            )  # fmt: skip
            (folder / f"{node}.toml").write_text(text, "utf-8")
        words = ["--listen", f"127.0.0.1:{witness}", "--nodes", "alpha,beta", "--secret", str(key)]
        self.start("witness", "witness", str(folder / "witness"), *words)
        self.wait_said("witness", "listens")

    def start_both(self) -> None:
        self.start("alpha", "exchange", str(self.folder / "alpha.toml"))
        self.wait_said("alpha", "ready")
        self.start("beta", "standby", "start", str(self.folder / "beta.toml"))
        self.wait_said("beta", "in step")
        until = time.monotonic() + 20
        while self.said("witness").rstrip().endswith("alone"):
            assert time.monotonic() < until, self.said("witness")
            time.sleep(0.01)

    def take_over(self) -> subprocess.CompletedProcess[str]:
        return onetape("standby", "take-over", str(self.folder / "beta"))


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[Nodes]:
    made = Nodes(tmp_path)
    try:
        yield made
    finally:
        made.end_all()


def test_a_second_start_in_the_folder_disturbs_nobody(nodes: Nodes):
    nodes.start_both()
    beta = str(nodes.folder / "beta")
    again = onetape("standby", "start", str(nodes.folder / "beta.toml"))
    assert again.returncode != 0
    assert "JRN-005" in again.stderr
    mark = (nodes.folder / "beta" / "standby.pid").read_text("utf-8")
    assert int(mark) == nodes.running["beta"].pid
    assert json.loads(onetape("standby", "status", beta, "--json").stdout)["in_step"]
    assert nodes.take_over().returncode == 0
    nodes.wait_said("beta", "ready")
    assert nodes.running["alpha"].wait(20) == 0


def test_a_standby_whose_mark_was_taken_away_takes_over_all_the_same(nodes: Nodes):
    nodes.start_both()
    (nodes.folder / "beta" / "standby.pid").unlink()
    (nodes.folder / "beta" / "standby.sock").unlink()
    nodes.end("alpha", signal.SIGKILL)
    nodes.wait_said("beta", "ready")
    assert "primary" in onetape("exchange", "status", "--folder", str(nodes.folder / "beta")).stdout


def test_a_mark_that_a_killed_standby_left_sends_nobody_a_signal(nodes: Nodes):
    nodes.start_both()
    nodes.end("beta", signal.SIGKILL)
    told = nodes.take_over()
    assert told.returncode == 1
    assert "REP-011" in told.stderr
    assert "nobody does" in told.stderr
    # Its number is another process's now; that one would die of the signal.
    bystander = nodes.running["alpha"].pid
    (nodes.folder / "beta" / "standby.pid").write_text(f"{bystander}\n", "utf-8")
    told = nodes.take_over()
    assert told.returncode == 1
    assert f"names process {bystander}" in told.stderr
    assert nodes.running["alpha"].poll() is None


def test_sigterm_ends_a_standby_and_leaves_nothing_behind(nodes: Nodes):
    nodes.start_both()
    assert nodes.end("beta", signal.SIGTERM) == 130
    assert not (nodes.folder / "beta" / "standby.pid").exists()
    assert not (nodes.folder / "beta" / "standby.sock").exists()
    nodes.start("beta", "standby", "start", str(nodes.folder / "beta.toml"))
    nodes.wait_said("beta", "in step")
