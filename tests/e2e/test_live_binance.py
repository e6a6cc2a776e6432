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
from tests.models.binance_side import BTC, COIN
from tests.models.binance_world import BinanceWorld, Place

from onetape.events import OrderFilled, PositionReported, Side
from onetape.journal import open_journal

pytestmark = pytest.mark.slow


@pytest.fixture
def place() -> Iterator[Place]:
    # A fee that is taken in coins, and is not always a whole number of lots.
    place = Place(fee="0.00077")
    yield place
    place.close()


def trade_id(fill: OrderFilled) -> int:
    """Return the venue's number of a fill's trade: its exec id names symbol and side as well."""
    return (fill.match_id & (1 << 43) - 1) >> 1


def reported(world: BinanceWorld) -> list[PositionReported]:
    events = (entry.event for entry in open_journal(world.node.journal))
    return [event for event in events if isinstance(event, PositionReported)]


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
        # Connected anew, it asks for everything, balances too.
        before = len(reported(world))
        place.disconnect()
        world.until(lambda: len(reported(world)) > before, "no balances were told")
        world.until(world.is_ready, "it was not ready in the end")
        held = sum(row["position_lots"] for row in world.ask("positions")["positions"])
        assert world.processes.end("node", signal.SIGINT) == 0
    finally:
        world.close()
    assert held == place.held("BTC") * COIN - 10 * COIN
    assert reported(world)[-1].position_lots - 10 * COIN == held
    fills = world.fills(1)
    assert held < sum(f.qty_lots if f.side == Side.BUY else -f.qty_lots for f in fills)
    assert len(fills) > 3
    theirs = {int(trade["id"]): trade for trade in place.trades()}
    assert {trade_id(fill) for fill in fills} == set(theirs)
    for fill in fills:
        trade = theirs[trade_id(fill)]
        assert fill.qty_lots == BTC.qty_lots(trade["qty"])
        assert fill.price_ticks == BTC.price_ticks(trade["price"])
        assert (fill.side == Side.BUY) == trade["isBuyer"]
