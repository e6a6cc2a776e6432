# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node on stand-ins of Binance, each served on a thread of the test's own process."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from tests.models.binance_side import KEY, SECRET, StandIn, stand_in
from tests.models.node_world import STRATEGIES
from tests.models.processes import Processes, onetape

from onetape import _native
from onetape.events import OrderFilled
from onetape.journal import open_journal
from onetape.live.node import Node
from onetape.live.supervisor import load_live
from onetape.sim.binance.market import StandInMarket

T = TypeVar("T")
GUARD_KEY, GUARD_SECRET = "key-of-guard", "secret-of-guard"
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
{live_more}
{venues}
{more}
[live.strategies.taker]
file = "{strategies}:{strategy}"
params = {{ qty_lots = 1_000_000 }}
silence_ms_max = 20_000
[risk]
order_qty_max = 100_000_000
order_notional_max = 1_000_000_000_000_000
position_max = 1_000_000_000
price_collar_ticks = 1_000_000
order_rate_max = 1_000
"""


class Place:
    """A stand-in that is served on a thread of its own.

    Args:
        fields: Of its configuration, where they are not the usual ones.
    """

    def __init__(self, **fields: Any) -> None:
        usual = {"orders_max_10s": 100_000, "weight_max": 1_000_000}
        self.venue: StandIn = stand_in(**{**usual, **fields})
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.do(self.venue.start())

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def look(self, at: Callable[[StandInMarket], T]) -> T:
        """Look at the market between two turns of its thread."""

        async def look() -> T:
            return at(self.venue.market)

        return asyncio.run_coroutine_threadsafe(look(), self.loop).result(20)

    def disconnect(self) -> None:
        self.do(self.venue.disconnect())

    def trades(self) -> list[dict[str, Any]]:
        return self.look(lambda market: market.trades(1, {"symbol": "BTCUSDT", "limit": "1000000"}))

    def fills(self) -> int:
        return len(self.trades())

    def open_orders(self) -> int:
        return self.look(lambda market: len(market.open_orders(1, {})))

    def held(self, asset: str) -> Decimal:
        """Return how much the account holds."""
        rows = self.look(lambda market: market.account(1)["balances"])
        row = next(row for row in rows if row["asset"] == asset)
        return Decimal(row["free"]) + Decimal(row["locked"])

    def close(self) -> None:
        self.do(self.venue.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()


class BinanceWorld:
    """A node with a venue for each place.

    Args:
        folder: Where the processes keep their things.
        places: The venues, by name.
        strategy: Which of the strategies for tests runs.
        live_more: More of `[live]`.
        more: More sections.
    """

    def __init__(
        self,
        folder: Path,
        places: dict[str, Place],
        *,
        strategy: str = "Coiner",
        live_more: str = "",
        more: str = "",
    ) -> None:
        self.places = places
        venues = "".join(_venue(name, place.venue) for name, place in places.items())
        self.file = folder / "node.toml"
        text = NODE.format(
            folder=folder, venues=venues, live_more=live_more, more=more, strategy=strategy,
            strategies=STRATEGIES,
        )  # fmt: skip
        self.file.write_text(text, "utf-8")
        self.node, self.processes = Node(load_live(self.file), folder), Processes(folder)

    def start(self) -> None:
        """Start the node, and wait until every venue is ready."""
        self.processes.start("node", "live", str(self.file))
        self.processes.wait_said("node", "ready")
        self.until(self.is_ready, "it was never ready")

    def until(self, condition: Callable[[], object], what: str, seconds: float = 40.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"{what}: {self.processes.said('node')}"
            time.sleep(0.02)

    def is_ready(self) -> bool:
        done = onetape("live", "status", "--folder", str(self.node.folder), "--json")
        return done.returncode == 0 and all(v["ready"] for v in json.loads(done.stdout)["venues"])

    def adapter(self, name: str) -> int:
        """Return the process of a venue's adapter."""
        return int.from_bytes(self.node.adapter_inlet(name).read_bytes()[24:28], "little")

    def engine(self) -> int:
        """Return the engine's process."""
        return _native.EnginePulse(self.node.shared / "pulse").process

    def ask(self, verb: str) -> dict[str, Any]:
        done = onetape("live", verb, "--folder", str(self.node.folder), "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def operate(self, *words: str) -> None:
        done = onetape("live", *words, "--folder", str(self.node.folder))
        assert done.returncode == 0, done.stderr

    def fills(self, instrument_id: int) -> list[OrderFilled]:
        """Return the fills in an instrument, by the node's journal."""
        events = (entry.event for entry in open_journal(self.node.journal))
        return [
            event
            for event in events
            if isinstance(event, OrderFilled) and event.instrument_id == instrument_id
        ]

    def close(self) -> None:
        self.processes.end_all()


def _venue(name: str, venue: StandIn) -> str:
    return VENUE.format(
        name=name, key=KEY, secret=SECRET, rest=venue.rest_url, stream=venue.stream_url,
        api=venue.api_url,
    )  # fmt: skip


def ours(fills: Iterable[OrderFilled]) -> list[tuple[bool, int, int]]:
    """Return fills as both sides must tell them: bought, lots, ticks."""
    return sorted((fill.side == 1, fill.qty_lots, fill.price_ticks) for fill in fills)
