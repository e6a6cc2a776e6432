# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""One adapter of two is frozen, then killed: the other venue is traded on as if nothing were.

Two stand-ins of Binance, one node. In the end the node and both venues tell the same fills.
"""

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.models.binance_side import BTC, KEY, SECRET, StandIn, stand_in
from tests.models.live_world import STRATEGIES
from tests.models.processes import Processes, onetape

from onetape.events import OrderFilled
from onetape.journal import open_journal
from onetape.live.node import Node
from onetape.live.supervisor import load_live

pytestmark = pytest.mark.slow
VENUE = """
[live.venues.{name}]
protocol = "binance"
symbols = ["BTCUSDT"]
[live.venues.{name}.instruments.BTCUSDT]
tick = "0.01"
lot = "0.00000001"
currency = "USDT"
[live.venues.{name}.binance]
key = "{key}"
secret = "{secret}"
prefix = "t1"
rest_url = "{rest}"
stream_url = "{stream}"
api_url = "{api}"
receive_window_ms = 500
retry_first_s = 0.05
retry_most_s = 0.5
"""
NODE = """
[live]
folder = "{folder}/node"
{venues}
[live.strategies.taker]
file = "{strategies}:Coiner"
params = {{ qty_lots = 1_000_000 }}
[risk]
order_qty_max = 100_000_000
order_notional_max = 1_000_000_000_000_000
position_max = 1_000_000_000
price_collar_ticks = 1_000_000
order_rate_max = 1_000
"""


class Place:
    """A stand-in that is served on a thread of its own."""

    def __init__(self) -> None:
        self.venue: StandIn = stand_in(orders_max_10s=100_000, weight_max=1_000_000)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.do(self.venue.start())

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def fills(self) -> int:
        return len(self.venue.market.trades(1, {"symbol": "BTCUSDT", "limit": "1000000"}))

    def close(self) -> None:
        self.do(self.venue.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


@pytest.fixture
def places() -> Iterator[list[Place]]:
    places = [Place(), Place()]
    yield places
    for place in places:
        place.close()


def settings(place: Place, name: str) -> str:
    venue = place.venue
    return VENUE.format(
        name=name, key=KEY, secret=SECRET, rest=venue.rest_url, stream=venue.stream_url,
        api=venue.api_url,
    )  # fmt: skip


def until(condition, what: str, seconds: float = 40.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def are_ready(folder: Path) -> bool:
    done = onetape("live", "status", "--folder", str(folder), "--json")
    return done.returncode == 0 and all(v["ready"] for v in json.loads(done.stdout)["venues"])


def adapter_of(node: Node, name: str) -> int:
    return int.from_bytes(node.adapter_inlet(name).read_bytes()[24:28], "little")


@pytest.mark.timeout(240)
def test_a_frozen_and_a_dead_adapter_hold_up_nobody(tmp_path: Path, places: list[Place]):
    names = ("SLOW", "SOUND")
    venues = "".join(map(settings, places, names))
    file = tmp_path / "node.toml"
    file.write_text(NODE.format(folder=tmp_path, venues=venues, strategies=STRATEGIES), "utf-8")
    node, processes = Node(load_live(file), tmp_path), Processes(tmp_path)
    slow, sound = places
    try:
        processes.start("node", "live", str(file))
        processes.wait_said("node", "ready")
        until(lambda: are_ready(node.folder), "it was never ready")
        until(lambda: min(slow.fills(), sound.fills()) > 2, "nothing traded")
        frozen = adapter_of(node, "SLOW")
        os.kill(frozen, signal.SIGSTOP)
        time.sleep(1.0)
        before = slow.fills(), sound.fills()
        until(lambda: sound.fills() > before[1] + 4, "the sound venue was held up")
        assert slow.fills() == before[0]
        os.kill(frozen, signal.SIGKILL)
        before = slow.fills(), sound.fills()
        until(lambda: slow.fills() > before[0] + 2, "the killed adapter did not come back")
        assert sound.fills() > before[1]
        onetape("live", "stop-strategy", "taker", "--folder", str(node.folder))
        for place in places:
            place.venue.house.close()
        until(lambda: not any(p.venue.market.open_orders(1, {}) for p in places), "orders stay")
        until(lambda: are_ready(node.folder), "it was not ready in the end")
        assert processes.end("node", signal.SIGINT) == 0, processes.said("node")
    finally:
        processes.end_all()
    rows = open_journal(node.journal).read(OrderFilled)
    for place, instrument_id in zip(places, (1, 2), strict=True):
        trades = place.venue.market.trades(1, {"symbol": "BTCUSDT", "limit": "1000000"})
        theirs = sorted(
            (t["isBuyer"], BTC.qty_lots(t["qty"]), BTC.price_ticks(t["price"])) for t in trades
        )
        own = rows[rows["instrument_id"] == instrument_id]
        ours = sorted((r["side"] == 1, int(r["qty_lots"]), int(r["price_ticks"])) for r in own)
        assert ours == theirs
