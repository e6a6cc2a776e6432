# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""SIGTERM, which is what a service manager sends, ends every command that runs on in good order."""

from __future__ import annotations

import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.models.processes import Processes, free_ports, onetape

from onetape.exchange.control import Control
from onetape.journal import open_journal
from onetape.wire import soup

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CONFIG = """
[exchange]
journal = "{folder}"
[gateway]
ouch50 = "127.0.0.1:{port}"
[market.instruments.ONE]
reference = "100.00"
[members.firms.ALFA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[members.ports.ALFA2]
firm = "ALFA"
password = "alfa"
[crowd]
use_ports = ["ALFA2"]
"""


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    made = Processes(tmp_path)
    try:
        yield made
    finally:
        made.end_all()


def started(processes: Processes) -> tuple[str, int]:
    """Start an exchange; return its configuration and its port."""
    (port,) = free_ports(1)
    config = processes.folder / "exchange.toml"
    config.write_text(CONFIG.format(folder=processes.folder / "data", port=port), "utf-8")
    processes.start("exchange", "exchange", str(config))
    processes.wait_said("exchange", "ready")
    return str(config), port


def test_an_exchange_tells_its_clients_seals_its_journal_and_leaves_a_snapshot(
    processes: Processes,
):
    _, port = started(processes)
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.settimeout(20)
        client.sendall(soup.encode(soup.LoginRequest("ALFA1", "alfa")))
        heard = client.recv(1 << 16)
        assert heard[2:3] == b"A"
        assert processes.end("exchange", signal.SIGTERM) == 130
        while part := client.recv(1 << 16):
            heard += part
    assert b"session continues" in heard
    data = processes.folder / "data"
    assert not (data / "control.sock").exists()
    assert open_journal(data / "journal").info().segments[0].state == "sealed"
    assert list((data / "journal" / "snapshots").iterdir())


def test_a_crowd_takes_its_orders_back(processes: Processes):
    config, _ = started(processes)
    processes.start("crowd", "crowd", config, "--seconds", "0", "--json")
    until = time.monotonic() + 60
    with Control(processes.folder / "data") as control:
        while control.request("status")["counts"]["orders_accepted"] == 0:
            assert time.monotonic() < until, processes.said("crowd")
            time.sleep(0.1)
    assert processes.end("crowd", signal.SIGTERM) == 0
    assert re.search(r'"left_live":\s*0', processes.said("crowd"))


def test_a_witness_ends(processes: Processes):
    secret = processes.folder / "secret"
    secret.write_text("sixteen bytes at least", "utf-8")
    words = ["--listen", "127.0.0.1:0", "--nodes", "alpha,beta", "--secret", str(secret)]
    processes.start("witness", "witness", str(processes.folder / "w"), *words)
    processes.wait_said("witness", "listens")
    assert processes.end("witness", signal.SIGTERM) == 130


def test_a_demo_ends_its_exchange_its_crowd_and_its_node(processes: Processes):
    folder = processes.folder / "demo"
    processes.start("demo", "demo", "--seconds", "600", "--folder", str(folder))
    until = time.monotonic() + 60
    while not (folder / "node" / "journal").exists():
        assert time.monotonic() < until, processes.said("demo")
        time.sleep(0.1)
    time.sleep(2)
    assert processes.end("demo", signal.SIGTERM) == 130
    status = onetape("exchange", "status", "--folder", str(folder / "exchange"))
    assert status.returncode == 1
    for journal in (folder / "exchange" / "journal", folder / "node" / "journal"):
        segments = open_journal(journal).info().segments
        assert all(s.state != "unsealed" for s in segments), journal
