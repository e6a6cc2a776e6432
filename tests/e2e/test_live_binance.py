# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node on a stand-in of Binance spot, by an adapter in a process of its own: the venue's
connections are dropped and the adapter is killed, and in the end both sides tell the same fills.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.models.live_world import STRATEGIES
from tests.models.processes import Processes, onetape

from onetape.config import Secret
from onetape.events import OrderFilled, Side
from onetape.journal import open_journal
from onetape.live.node import Node
from onetape.live.supervisor import load_live
from onetape.sim.binance import StandIn
from onetape.sim.binance.config import AccountConfig, StandInConfig, SymbolConfig
from onetape.types import decimal_to_units

pytestmark = pytest.mark.slow

NODE = """
[live]
folder = "{folder}/node"
[live.venues.COIN]
protocol = "binance"
symbols = ["BTCUSDT"]
[live.venues.COIN.instruments.BTCUSDT]
tick = "0.01"
lot = "0.00001"
currency = "USDT"
[live.venues.COIN.binance]
key = "our-key"
secret = "our-secret"
prefix = "t1"
rest_url = "{rest}"
stream_url = "{stream}"
api_url = "{api}"
[live.strategies.taker]
file = "{strategies}:Coiner"
[risk]
order_qty_max = 100_000
order_notional_max = 10_000_000_000_000
position_max = 1_000_000
price_collar_ticks = 500_000
order_rate_max = 1_000
"""


class House:
    """The stand-in on a thread of its own."""

    def __init__(self) -> None:
        symbol = SymbolConfig(name="BTCUSDT", base="BTC", quote="USDT", house_price="60000")
        account = AccountConfig(
            key="our-key",
            secret=Secret("our-secret"),
            balances={"BTC": "10", "USDT": "1000000"},
        )
        self.config = StandInConfig(
            symbols=[symbol], accounts=[account], orders_max_10s=10_000, weight_max=100_000
        )
        self.ready, self.over = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self.thread.start()
        assert self.ready.wait(20)

    async def _run(self) -> None:
        self.loop = asyncio.get_running_loop()
        async with StandIn(self.config) as self.venue:
            self.ready.set()
            while not self.over.is_set():
                await asyncio.sleep(0.05)

    def disconnect(self) -> None:
        asyncio.run_coroutine_threadsafe(self.venue.disconnect(), self.loop).result(10)

    def stop(self) -> None:
        self.over.set()
        self.thread.join(20)


@pytest.fixture
def house() -> Iterator[House]:
    venue = House()
    yield venue
    venue.stop()


def status(folder: Path) -> dict[str, object] | None:
    done = onetape("live", "status", "--folder", str(folder / "node"), "--json")
    return json.loads(done.stdout) if done.returncode == 0 else None


def wait_ready(folder: Path) -> None:
    until = time.monotonic() + 40
    while time.monotonic() < until:
        answer = status(folder)
        if answer and all(venue["ready"] for venue in answer["venues"]):
            return
        time.sleep(0.2)
    raise AssertionError("the node was never ready")


def trade_id(fill: OrderFilled) -> int:
    """Return the venue's number of a fill's trade: its exec id names symbol and side as well."""
    return (fill.match_id & (1 << 43) - 1) >> 1


@pytest.mark.timeout(180)
def test_node_and_stand_in_tell_the_same_fills(tmp_path: Path, house: House) -> None:
    config = tmp_path / "node.toml"
    config.write_text(
        NODE.format(
            folder=tmp_path, rest=house.venue.rest_url, stream=house.venue.stream_url,
            api=house.venue.api_url, strategies=STRATEGIES,
        )
    )  # fmt: skip
    node = Node(load_live(config), tmp_path)
    processes = Processes(tmp_path)
    try:
        processes.start("node", "live", str(config))
        processes.wait_said("node", "ready")
        wait_ready(tmp_path)
        time.sleep(4)
        house.disconnect()
        time.sleep(4)
        inlet = node.adapter_inlet("COIN").read_bytes()
        os.kill(int.from_bytes(inlet[24:28], "little"), signal.SIGKILL)
        time.sleep(2)
        wait_ready(tmp_path)
        time.sleep(4)
        folder = str(tmp_path / "node")
        onetape("live", "stop-strategy", "taker", "--folder", folder)
        time.sleep(2)
        assert processes.end("node", signal.SIGINT) == 0
    finally:
        processes.end_all()
    fills = [e.event for e in open_journal(node.journal) if isinstance(e.event, OrderFilled)]
    assert len(fills) > 3
    trades = house.venue.market.trades(1, {"symbol": "BTCUSDT", "limit": "100000"})
    theirs = {int(trade["id"]): trade for trade in trades}
    assert {trade_id(fill) for fill in fills} == set(theirs)
    for fill in fills:
        trade = theirs[trade_id(fill)]
        assert fill.qty_lots == decimal_to_units(trade["qty"], 10_000)
        assert fill.price_ticks == decimal_to_units(trade["price"], 10_000_000)
        assert (fill.side == Side.BUY) == trade["isBuyer"]
