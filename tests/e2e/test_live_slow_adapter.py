# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""One adapter of two is frozen, then killed: the other venue is traded on as if nothing were.

Two stand-ins of Binance, one node. In the end the node and both venues tell the same fills.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.models.binance_side import BTC
from tests.models.binance_world import BinanceWorld, Place, ours

pytestmark = pytest.mark.slow


@pytest.fixture
def places() -> Iterator[list[Place]]:
    places = [Place(), Place()]
    yield places
    for place in places:
        place.close()


@pytest.mark.timeout(240)
def test_a_frozen_and_a_dead_adapter_hold_up_nobody(tmp_path: Path, places: list[Place]):
    slow, sound = places
    world = BinanceWorld(tmp_path, {"SLOW": slow, "SOUND": sound})
    try:
        world.start()
        world.until(lambda: min(slow.fills(), sound.fills()) > 2, "nothing traded")
        frozen = world.adapter("SLOW")
        os.kill(frozen, signal.SIGSTOP)
        time.sleep(1.0)
        before = slow.fills(), sound.fills()
        world.until(lambda: sound.fills() > before[1] + 4, "the sound venue was held up")
        assert slow.fills() == before[0]
        os.kill(frozen, signal.SIGKILL)
        before = slow.fills(), sound.fills()
        world.until(lambda: slow.fills() > before[0] + 2, "the killed adapter did not come back")
        assert sound.fills() > before[1]
        world.operate("stop-strategy", "taker")
        for place in places:
            place.venue.house.close()
        world.until(lambda: not any(p.open_orders() for p in places), "orders stay")
        world.until(world.is_ready, "it was not ready in the end")
        assert world.processes.end("node", signal.SIGINT) == 0, world.processes.said("node")
    finally:
        world.close()
    for place, instrument_id in zip(places, (1, 2), strict=True):
        theirs = sorted(
            (trade["isBuyer"], BTC.qty_lots(trade["qty"]), BTC.price_ticks(trade["price"]))
            for trade in place.trades()
        )
        assert ours(world.fills(instrument_id)) == theirs
