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
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderMessageReceived,
    PortDefined,
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
file = "{strategies}:Rester"
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
    """

    folder: Path
    guardian_ms: int = 0
    busy: bool = False

    def __post_init__(self) -> None:
        ouch, rerequest, glimpse, ours, crowds = free_ports(5)
        wires = {"ouch": ouch, "rerequest": rerequest, "glimpse": glimpse, "ours": ours}
        self.exchange, self.node = self.folder / "exchange.toml", self.folder / "node.toml"
        self.exchange.write_text(EXCHANGE.format(folder=self.folder, crowds=crowds, **wires))
        self.node.write_text(
            NODE.format(
                folder=self.folder,
                strategies=STRATEGIES,
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
            event, after_ns = entry.event, entry.ts_ns - since_ns
            if isinstance(event, PortDefined):
                ports[event.tail.decode()] = event.port_id
            ours = {ports.get("NODE", 0), ports.get("GUARD", 0)}
            if isinstance(event, OrderAccepted) and event.strategy_id in ours:
                drill.resting.add(event.order_id)
            if isinstance(event, OrderCanceled | OrderFilled) and event.leaves_lots == 0:
                drill.resting.discard(event.order_id)
            if after_ns < 0:
                continue
            if isinstance(event, OrderMessageReceived) and event.port_id in ours:
                drill.messages.append((after_ns / 1e6, event.tail[:1].decode()))
            if isinstance(event, OrderCanceled) and event.strategy_id in ours:
                drill.canceled_ms.append(after_ns / 1e6)
            if isinstance(event, OrderFilled) and event.strategy_id in ours:
                drill.filled_ms.append(after_ns / 1e6)
            if isinstance(event, OrderAccepted) and event.strategy_id in ours:
                drill.accepted_ms.append(after_ns / 1e6)
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
        #: Orders of ours that the exchange still holds.
        self.resting: set[int] = set()

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
