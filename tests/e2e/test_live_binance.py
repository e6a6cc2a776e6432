# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node on a stand-in of Binance spot, by an adapter in a process of its own: the venue's
connections are dropped and the adapter is killed, and in the end both sides tell the same fills.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.models.binance_side import BTC
from tests.models.binance_world import BinanceWorld, Place

from onetape.events import OrderFilled, Side

pytestmark = pytest.mark.slow


@pytest.fixture
def place() -> Iterator[Place]:
    place = Place()
    yield place
    place.close()


def trade_id(fill: OrderFilled) -> int:
    """Return the venue's number of a fill's trade: its exec id names symbol and side as well."""
    return (fill.match_id & (1 << 43) - 1) >> 1


@pytest.mark.timeout(180)
def test_node_and_stand_in_tell_the_same_fills(tmp_path: Path, place: Place) -> None:
    world = BinanceWorld(tmp_path, {"COIN": place})
    try:
        world.start()
        time.sleep(4)
        place.disconnect()
        time.sleep(4)
        os.kill(world.adapter("COIN"), signal.SIGKILL)
        time.sleep(2)
        world.until(world.is_ready, "it was not ready again")
        time.sleep(4)
        world.operate("stop-strategy", "taker")
        world.until(lambda: not place.open_orders(), "orders stay")
        world.until(world.is_ready, "it was not ready in the end")
        assert world.processes.end("node", signal.SIGINT) == 0
    finally:
        world.close()
    fills = world.fills(1)
    assert len(fills) > 3
    theirs = {int(trade["id"]): trade for trade in place.trades()}
    assert {trade_id(fill) for fill in fills} == set(theirs)
    for fill in fills:
        trade = theirs[trade_id(fill)]
        assert fill.qty_lots == BTC.qty_lots(trade["qty"])
        assert fill.price_ticks == BTC.price_ticks(trade["price"])
        assert (fill.side == Side.BUY) == trade["isBuyer"]
