# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A strategy on a market over a wire that loses, doubles and reorders packets, on both lines and on
the way of what is asked again: its journal has every message, its book is the exchange's, and it
replays.
"""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.e2e.test_crowd import (
    CONFIG,
    free_ports,
    journal_of,
    onetape,
    wait_for_trades,
)
from tests.models.lossy import Proxy

from onetape.cli._market_file import load_market
from onetape.events import PacketReceived, Side
from onetape.exchange.clearing import clear
from onetape.exchange.config import FeedConfig
from onetape.journal import open_journal
from onetape.monitor import Terminal
from onetape.sim.crowd import Listener
from onetape.wire import mold

pytestmark = pytest.mark.slow

STRATEGY = Path(__file__).resolve().parents[2] / "examples" / "market_maker.py"
PAPER = """
[run]
strategy = "{strategy}:MarketMaker"
journal = "{folder}/run"
[venue]
order_entry = "127.0.0.1:{ouch}"
username = "BETA2"
password = "beta"
lines = ["127.0.0.1:{line_a}", "127.0.0.1:{line_b}"]
rerequest = "127.0.0.1:{rerequest}"
seconds = 12
[risk]
order_qty_max = 1_000
order_notional_max = 10_000_000_000
position_max = 2_000
price_collar_ticks = 50_000
order_rate_max = 10_000
"""
TRADER = """[members.ports.BETA2]
firm = "BETA"
password = "beta"
[fees]
"""


@dataclass
class Scene:
    """An exchange that runs, and what lies between it and its listener."""

    config: Path
    paper: Path
    proxy: Proxy


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    ouch, rerequest, crowd, *lines = free_ports(5)
    proxy = Proxy(lines, rerequest, crowd, seed=5)
    from_a, from_b, asked = proxy.ports
    text = CONFIG.format(folder=tmp_path, ouch=ouch, line=from_a, rerequest=rerequest)
    text = text.replace(f'"127.0.0.1:{from_a}"]', f'"127.0.0.1:{from_a}", "127.0.0.1:{from_b}"]')
    config, paper = tmp_path / "exchange.toml", tmp_path / "paper.toml"
    config.write_text(text.replace("[fees]\n", TRADER))
    paper.write_text(
        PAPER.format(
            strategy=STRATEGY, folder=tmp_path, ouch=ouch, line_a=lines[0], line_b=lines[1],
            rerequest=asked,
        )
    )  # fmt: skip
    process = onetape("exchange", config)
    assert process.stdout
    assert any(line.startswith("ready") for line in process.stdout)
    yield Scene(config, paper, proxy)
    proxy.stop()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)


def heard_by(journal: Path) -> dict[int, bytes]:
    """Every message that a run journaled, by number; one that came twice is the same."""
    told: dict[int, bytes] = {}
    for entry in open_journal(journal):
        if isinstance(entry.event, PacketReceived):
            packet = mold.decode(entry.event.tail)
            for number, message in enumerate(packet.messages, packet.sequence):
                assert number <= len(told) + 1, f"{len(told) + 1} is missing before {number}"
                assert told.setdefault(number, message) == message
    return told


def whole_day(scene: Scene) -> dict[int, bytes]:
    """Every message so far, asked for without a proxy."""
    rerequest = load_market(scene.config, ()).section(FeedConfig).rerequest
    host, port = rerequest.split(":")
    session = f"OT{clear(open_journal(journal_of(scene.config))).days[0].day.date}"
    told: dict[int, bytes] = {}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.5)
        sock.connect((host, int(port)))
        with contextlib.suppress(TimeoutError):
            while True:
                request = mold.Request(session, len(told) + 1, 1_000)
                sock.send(mold.encode_request(request))
                packet = mold.decode(sock.recv(65_536))
                told.update(enumerate(packet.messages, packet.sequence))
    return told


@pytest.mark.timeout(180)
def test_a_run_behind_lossy_lines_has_the_exchanges_book_and_replays(scene: Scene) -> None:
    settings = ["crowd.use_ports=['BETA1']", "crowd.rate_percent=1000"]
    settings.append(f"feed.lines=['127.0.0.1:{scene.proxy.crowd[1]}']")
    flags = [word for setting in settings for word in ("--set", setting)]
    crowd = onetape("crowd", scene.config, "--seconds", 0, *flags)
    wait_for_trades(scene.config)
    run = onetape("run", scene.paper, "--json")
    view = Terminal(journal_of(scene.config))
    until = time.monotonic() + 60
    while len(view.market.connected) < 2:
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < until, "the run never came"
        view.read()
        time.sleep(0.02)
    fates = [way.fate for way in scene.proxy.ways.values()]
    until, before = time.monotonic() + 8, fates[0].passed
    while fates[0].passed < before + 400 and time.monotonic() < until:
        time.sleep(0.02)
    crowd.kill()  # BETA1 is told to keep its orders: the book does not end empty.
    crowd.communicate(timeout=20)
    quiet_at = len(whole_day(scene))
    out, err = run.communicate(timeout=60)
    assert run.returncode == 0, err
    result = json.loads(out)
    folder = scene.paper.parent / "run"
    told = heard_by(folder)
    scene.proxy.stop()
    assert all(fate.lost > 5 and fate.late > 15 and fate.doubled > 5 for fate in fates[:2]), fates
    assert fates[3].passed > 0, f"nothing was asked again: {fates}"

    # What was journaled is what was published; what came after the run makes it the engine's book.
    published = whole_day(scene)
    assert told == {number: published[number] for number in told}
    assert len(told) >= quiet_at > 400
    listener = Listener()
    for number, message in (told | published).items():
        listener.take(mold.encode(mold.Packet("DAY", number, (message,))), 0)
    assert listener.messages == len(published)
    view.read()
    orders = 0
    for ladder in view.market.ladders.values():
        book = listener.book(ladder.instrument.symbol)
        assert book is not None
        for side, levels in ((Side.BUY, book.bids(1_000)), (Side.SELL, book.asks(1_000))):
            own = [(p, v.qty_lots, v.orders) for p, v in ladder.best(side, 1_000)]
            assert [tuple(level) for level in levels.tolist()] == own
            orders += sum(level[2] for level in own)
    assert orders > 10

    replay = onetape("replay", folder, "--json")
    out, err = replay.communicate(timeout=120)
    assert replay.returncode == 0, err
    again = json.loads(out)
    assert again["state_hash"] == result["state_hash"]
