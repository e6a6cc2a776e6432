# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node on an exchange with a crowd, and what can go wrong between them, by a seed.

What both sides say in the end is read from their journals: each is the other's oracle.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.models.lossy import Cut, Proxy
from tests.models.processes import Processes, free_ports, onetape

from onetape import _native
from onetape.events import OrderFilled, PortDefined, Side
from onetape.journal import open_journal
from onetape.live.node import Node
from onetape.live.supervisor import load_live

EXCHANGE = """
[exchange]
journal = "{folder}/exchange"
[gateway]
ouch50 = "127.0.0.1:{ouch}"
[feed]
lines = ["127.0.0.1:{line_a}", "127.0.0.1:{line_b}"]
rerequest = "127.0.0.1:{rerequest}"
glimpse = "127.0.0.1:{glimpse}"
glimpse_users = {{ VIEWER = "look" }}
[market.instruments.ONE]
reference = "100.00"
[market.instruments.TAPE]
reference = "25.00"
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[members.ports.NODE]
firm = "BETA"
password = "beta"
stp = "off"
[crowd]
use_ports = ["ALFA1"]
rate_percent = 400
"""
NODE = """
[live]
folder = "{folder}/node"
[live.venues.HOME]
symbols = ["ONE", "TAPE"]
order_entry = "127.0.0.1:{ouch}"
username = "NODE"
password = "beta"
lines = ["127.0.0.1:{line_a}", "127.0.0.1:{line_b}"]
rerequest = "127.0.0.1:{rerequest}"
glimpse = "127.0.0.1:{glimpse}"
glimpse_username = "VIEWER"
glimpse_password = "look"
[live.strategies.maker]
file = "{strategies}:Maker"
[live.strategies.taker]
file = "{strategies}:Taker"
[risk]
order_qty_max = 1_000
order_notional_max = 10_000_000_000
position_max = 2_000
price_collar_ticks = 50_000
order_rate_max = 10_000
"""
STRATEGIES = Path(__file__).resolve().parent / "live_strategies.py"


@dataclass(frozen=True, order=True)
class Fill:
    """A fill, as both sides must tell it."""

    match_id: int
    symbol_id: int
    side: int
    price_ticks: int
    qty_lots: int


@dataclass
class World:
    """All the processes of one run, and the wires between them."""

    folder: Path
    seed: int
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        ouch, rerequest, glimpse, crowd, *lines = free_ports(6)
        self.cut = Cut(ouch)
        self.proxy = Proxy(lines, rerequest, crowd, seed=self.seed)
        from_a, from_b, asked = self.proxy.ports
        self.exchange, self.node = self.folder / "exchange.toml", self.folder / "node.toml"
        self.crowd_line = f"feed.lines=['127.0.0.1:{crowd}']"
        self.exchange.write_text(
            EXCHANGE.format(
                folder=self.folder, ouch=ouch, line_a=from_a, line_b=from_b,
                rerequest=rerequest, glimpse=glimpse,
            )
        )  # fmt: skip
        self.node.write_text(
            NODE.format(
                folder=self.folder, ouch=self.cut.port, line_a=lines[0], line_b=lines[1],
                rerequest=asked, glimpse=glimpse, strategies=STRATEGIES,
            )
        )  # fmt: skip
        self.processes = Processes(self.folder)
        self.pulse = Node(load_live(self.node), self.folder).shared / "pulse"

    def start_exchange(self) -> None:
        self.processes.start("exchange", "exchange", str(self.exchange))
        self.processes.wait_said("exchange", "ready")

    def start_crowd(self) -> None:
        words = ["--seconds", "0", "--set", self.crowd_line]
        self.processes.start("crowd", "crowd", str(self.exchange), *words)

    def start(self) -> None:
        self.start_exchange()
        self.start_crowd()
        self.processes.start("node", "live", str(self.node))
        self.processes.wait_said("node", "ready")

    def ask(self, verb: str, *words: str) -> dict[str, object] | None:
        """Return an operator's answer; None where nobody answers now."""
        folder = str(self.folder / "node")
        done = onetape("live", verb, *words, "--folder", folder, "--json")
        return json.loads(done.stdout) if done.returncode == 0 else None

    def upset(self, what: str) -> None:
        """Do something that must not matter."""
        self.done.append(what)
        if what == "cut":
            self.cut.cut()
        elif what == "engine":
            with contextlib.suppress(ProcessLookupError):  # It may be dead, and not yet back.
                os.kill(_native.EnginePulse(self.pulse).process, signal.SIGKILL)
        elif what == "exchange":
            self.processes.end("exchange", signal.SIGKILL)
            self.processes.end("crowd", signal.SIGKILL)
            self.start_exchange()
            self.start_crowd()
        else:
            raise AssertionError(what)

    def run(self, seconds: float, upsets: tuple[str, ...]) -> None:
        """Let it run, and upset it now and then."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(self.dice.uniform(0.5, 2.0))
            self.upset(self.dice.choice(upsets))
        self.settle()

    def settle(self) -> None:
        """Wait until the node is connected, nothing having been upset for a while."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            answer = self.ask("status")
            if answer is not None and all(venue["ready"] for venue in answer["venues"]):
                return
            time.sleep(0.1)
        raise AssertionError(f"the node was never ready again: {self.processes.said('node')}")

    def finish(self) -> dict[str, dict[int, int]]:
        """Stop strategies, then the crowd, then the node; return its own account of positions."""
        for name in ("maker", "taker"):
            folder = str(self.folder / "node")
            onetape("live", "stop-strategy", name, "--folder", folder)
        self.processes.end("crowd", signal.SIGKILL)
        until = time.monotonic() + 20
        while (orders := self.ask("orders")) is None or orders["count"]:
            assert time.monotonic() < until, f"orders stay: {orders}"
            time.sleep(0.1)
        positions = self.ask("positions")
        assert positions is not None
        assert self.processes.end("node", signal.SIGINT) == 0, self.processes.said("node")
        self.processes.end("exchange", signal.SIGINT)
        held: dict[int, int] = {}
        for row in positions["positions"]:
            held[row["instrument"]] = held.get(row["instrument"], 0) + row["position_lots"]
        return {"held": held}

    def close(self) -> None:
        self.processes.end_all()
        self.proxy.stop()
        self.cut.stop()

    def exchange_fills(self) -> list[Fill]:
        """The fills of our port, by the exchange's journal."""
        port = 0
        fills: list[Fill] = []
        for entry in open_journal(self.folder / "exchange" / "journal"):
            event = entry.event
            if isinstance(event, PortDefined) and event.tail == b"NODE":
                port = event.port_id
            if isinstance(event, OrderFilled) and event.strategy_id == port:
                fills.append(fill_of(event))
        return sorted(fills)

    def node_fills(self) -> list[Fill]:
        """The fills by the node's journal."""
        entries = open_journal(self.folder / "node" / "journal")
        return sorted(fill_of(e.event) for e in entries if isinstance(e.event, OrderFilled))


def fill_of(event: OrderFilled) -> Fill:
    return Fill(
        event.match_id, event.instrument_id, event.side, event.price_ticks, event.qty_lots
    )  # fmt: skip


def positions_of(fills: list[Fill]) -> dict[int, int]:
    """Return the position in each instrument."""
    held: dict[int, int] = {}
    for fill in fills:
        signed = fill.qty_lots if fill.side == Side.BUY else -fill.qty_lots
        held[fill.symbol_id] = held.get(fill.symbol_id, 0) + signed
    return held
