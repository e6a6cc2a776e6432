# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node on lines that lose, double and reorder packets, both of them and the way of what is
asked again: from its snapshot on its journal has every message that was published, once.
"""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path

import pytest
from tests.models.live_world import World

from onetape.cli._market_file import load_market
from onetape.events import PacketFormat, PacketReceived
from onetape.exchange.clearing import clear
from onetape.exchange.config import FeedConfig
from onetape.journal import open_journal
from onetape.wire import mold

pytestmark = pytest.mark.slow


def heard_by(journal: Path) -> dict[int, bytes]:
    """Every message of the lines that a node journaled, by number."""
    told: dict[int, bytes] = {}
    for entry in open_journal(journal):
        event = entry.event
        if isinstance(event, PacketReceived) and event.format == PacketFormat.MOLDUDP64_ITCH50:
            packet = mold.decode(event.tail)
            for number, message in enumerate(packet.messages, packet.sequence):
                assert told.setdefault(number, message) == message
    return told


def published_by(world: World) -> dict[int, bytes]:
    """Every message so far, asked for without a proxy."""
    rerequest = load_market(world.exchange, ()).section(FeedConfig).rerequest
    host, port = rerequest.split(":")
    day = clear(open_journal(world.folder / "exchange" / "journal")).days[0].day.date
    told: dict[int, bytes] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.5)
        sock.connect((host, int(port)))
        with contextlib.suppress(TimeoutError):
            while True:
                sock.send(mold.encode_request(mold.Request(f"OT{day}", len(told) + 1, 1_000)))
                packet = mold.decode(sock.recv(65_536))
                told.update(enumerate(packet.messages, packet.sequence))
    return told


@pytest.mark.timeout(180)
def test_a_node_behind_lossy_lines_has_every_message_once(tmp_path: Path) -> None:
    world = World(tmp_path, seed=5)
    try:
        world.start()
        world.settle()
        fates = [way.fate for way in world.proxy.ways.values()]
        until, before = time.monotonic() + 30, fates[0].passed
        while fates[0].passed < before + 600 and time.monotonic() < until:
            time.sleep(0.05)
        for name in ("maker", "taker"):
            world.cli("stop-strategy", name)
        world.processes.end("crowd", 9)
        quiet_at = len(published_by(world))
        node = tmp_path / "node" / "journal"
        world.wait(lambda: max(heard_by(node), default=0) >= quiet_at, "all heard")
        told, published = heard_by(node), published_by(world)
    finally:
        world.close()
    assert all(fate.lost > 5 and fate.late > 15 and fate.doubled > 5 for fate in fates[:2]), fates
    assert fates[3].passed > 0, f"nothing was asked again: {fates}"
    first, last = min(told), max(told)
    assert sorted(told) == list(range(first, last + 1)), "a hole"
    assert told == {number: published[number] for number in told}
    assert len(told) > 400
