# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node with very many resting orders, and what the exchange's journal tells of its kill."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.models.live_world import STRATEGIES
from tests.models.processes import Processes, free_ports, onetape

from onetape import _native
from onetape.events import (
    Event,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderMessageReceived,
    OrderReplaced,
    PortDefined,
    Side,
)
from onetape.exchange.control import Control
from onetape.journal import open_journal
from onetape.live.node import Node
from onetape.live.supervisor import load_live

EXCHANGE = """
[exchange]
journal = "{folder}/exchange"
[gateway]
ouch50 = "127.0.0.1:{ouch}"
[feed]
lines = ["127.0.0.1:{ours}", "127.0.0.1:{crowds}"]
rerequest = "127.0.0.1:{rerequest}"
glimpse = "127.0.0.1:{glimpse}"
glimpse_users = {{ VIEWER = "look" }}
[market.instruments.ONE]
reference = "100.00"
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[members.ports.NODE]
firm = "BETA"
password = "beta"
stp = "off"
orders_per_second_max = 100_000
[members.ports.GUARD]
firm = "BETA"
password = "guard"
[crowd]
use_ports = ["ALFA1"]
rate_percent = 100
"""
NODE = """
[live]
folder = "{folder}/node"
kill_file = "{folder}/KILL"
busy_poll = {busy}
guardian_ms = {guardian_ms}
[live.venues.HOME]
symbols = ["ONE"]
order_entry = "127.0.0.1:{ouch}"
username = "NODE"
password = "beta"
lines = ["127.0.0.1:{ours}"]
rerequest = "127.0.0.1:{rerequest}"
glimpse = "127.0.0.1:{glimpse}"
glimpse_username = "VIEWER"
glimpse_password = "look"
{guardian}
[live.strategies.rester]
file = "{strategies}:{strategy}"
silence_ms_max = 20_000
[risk]
order_qty_max = 1_000
order_notional_max = 10_000_000_000
position_max = 5_000
price_collar_ticks = 50_000
order_rate_max = 10_000
"""
GUARDIAN = """[live.venues.HOME.guardian]
username = "GUARD"
password = "guard"
"""
PATIENCE_S = 60.0


def now_ns() -> int:
    """Return the time that the exchange reads as well: the machine's."""
    return time.time_ns()  # noqa: TID251 - compared with another process's journal


@dataclass
class KillWorld:
    """All the processes of one drill.

    Attributes:
        folder: Where they keep their things.
        guardian_ms: Time without a turn until the guardian acts; 0 runs none.
        busy: Whether the engine never sleeps.
        strategy: Which of the strategies for tests runs.
    """

    folder: Path
    guardian_ms: int = 0
    busy: bool = False
    strategy: str = "Rester"

    def __post_init__(self) -> None:
        ouch, rerequest, glimpse, ours, crowds = free_ports(5)
        wires = {"ouch": ouch, "rerequest": rerequest, "glimpse": glimpse, "ours": ours}
        self.exchange, self.node = self.folder / "exchange.toml", self.folder / "node.toml"
        self.exchange.write_text(EXCHANGE.format(folder=self.folder, crowds=crowds, **wires))
        self.node.write_text(
            NODE.format(
                folder=self.folder,
                strategies=STRATEGIES,
                strategy=self.strategy,
                busy=str(self.busy).lower(),
                guardian_ms=self.guardian_ms,
                guardian=GUARDIAN if self.guardian_ms else "",
                **wires,
            )
        )
        self.crowd_line = f"feed.lines=['127.0.0.1:{crowds}']"
        self.kill_file = self.folder / "KILL"
        self.processes = Processes(self.folder)
        self.pulse = Node(load_live(self.node), self.folder).shared / "pulse"

    def start(self, orders: int = 1_000) -> None:
        """Start all, and wait until so many orders rest."""
        self.processes.start("exchange", "exchange", str(self.exchange))
        self.processes.wait_said("exchange", "ready")
        words = ["--seconds", "0", "--set", self.crowd_line]
        self.processes.start("crowd", "crowd", str(self.exchange), *words)
        self.processes.start("node", "live", str(self.node))
        self.processes.wait_said("node", "ready")
        self.wait(lambda: self.live_orders() >= orders, f"{orders} orders")

    def wait(self, is_so: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < until, f"never {what}: {self.processes.said('node')}"
            time.sleep(0.02)

    def request(self, do: str, **words: object) -> dict[str, object]:
        with Control(self.folder / "node", what="live") as control:
            return control.request(do, **words)

    def live_orders(self) -> int:
        return sum(venue["orders_live"] for venue in self.request("status")["venues"])

    def held_lots(self) -> int:
        """Return how much is held, by the node's account."""
        return sum(abs(row["position_lots"]) for row in self.request("positions")["positions"])

    def engine(self) -> int:
        """Return the engine's process."""
        return _native.EnginePulse(self.pulse).process

    def kill(self) -> int:
        """Kill the firm by the operators' socket; return when, in ns since the Unix epoch."""
        with Control(self.folder / "node", what="live") as control:
            at_ns = now_ns()
            control.request("kill", scope="firm", why="drill")
        return at_ns

    def cli(self, verb: str, *words: str) -> str:
        done = onetape("live", verb, *words, "--folder", str(self.folder / "node"))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def drilled(self, since_ns: int) -> Drill:
        """Return what the exchange's journal tells of the time since then."""
        ports: dict[str, int] = {}
        drill = Drill()
        for entry in open_journal(self.folder / "exchange" / "journal"):
            event = entry.event
            if isinstance(event, PortDefined):
                ports[event.tail.decode()] = event.port_id
            ours = {ports.get("NODE", 0), ports.get("GUARD", 0)}
            if getattr(event, "strategy_id", 0) in ours:
                drill.keep(event)
            if entry.ts_ns >= since_ns:
                drill.hear(event, (entry.ts_ns - since_ns) / 1e6, ours)
        return drill

    def close(self) -> None:
        self.processes.end_all()


class Drill:
    """What reached the exchange, and what it did, in ms since the start of the drill."""

    def __init__(self) -> None:
        self.messages: list[tuple[float, str]] = []
        self.canceled_ms: list[float] = []
        self.filled_ms: list[float] = []
        self.accepted_ms: list[float] = []
        #: What we bought, and sold as a negative number, fill by fill.
        self.signed_lots: list[int] = []
        #: Orders of ours that the exchange still holds.
        self.resting: set[int] = set()

    def keep(self, event: Event) -> None:
        """Keep account of what rests, and of what was traded."""
        match event:
            case OrderAccepted():
                self.resting.add(event.order_id)
            case OrderReplaced():
                self.resting.discard(event.old_order_id)
                self.resting.add(event.order_id)
            case OrderCanceled() | OrderFilled() if event.leaves_lots == 0:
                self.resting.discard(event.order_id)
        if isinstance(event, OrderFilled):
            bought = event.side == Side.BUY
            self.signed_lots.append(event.qty_lots if bought else -event.qty_lots)

    def hear(self, event: Event, at_ms: float, ours: set[int]) -> None:
        """Keep when something came from our ports, or happened to their orders."""
        if isinstance(event, OrderMessageReceived) and event.port_id in ours:
            self.messages.append((at_ms, event.tail[:1].decode()))
        if getattr(event, "strategy_id", 0) not in ours:
            return
        match event:
            case OrderCanceled():
                self.canceled_ms.append(at_ms)
            case OrderFilled():
                self.filled_ms.append(at_ms)
            case OrderAccepted():
                self.accepted_ms.append(at_ms)

    def last(self, letter: str) -> float:
        """Return when the last message of a type came."""
        return max((at_ms for at_ms, kind in self.messages if kind == letter), default=0.0)

    def as_json(self) -> str:
        """Return the figures of the drill."""
        figures = {
            "orders canceled": len(self.canceled_ms),
            "last new order received (ms)": self.last("O"),
            "mass cancel received (ms)": self.last("C"),
            "last cancel received (ms)": self.last("X"),
            "last order canceled (ms)": max(self.canceled_ms, default=0.0),
            "last fill (ms)": max(self.filled_ms, default=0.0),
        }
        return json.dumps(figures)
