# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node on an exchange with a crowd, and what can go wrong between them, by a seed.

What both sides say in the end is read from their journals: each is the other's oracle.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.models.lossy import Cut, Proxy
from tests.models.node_world import NodeWorld, Terms, Wires
from tests.models.processes import free_ports, onetape

from onetape.events import OrderFilled, PortDefined, Side
from onetape.journal import open_journal


@dataclass(frozen=True, order=True)
class Fill:
    """A fill, as both sides must tell it."""

    match_id: int
    symbol_id: int
    side: int
    price_ticks: int
    qty_lots: int


class World(NodeWorld):
    """A maker and a taker at work, on lossy lines, by connections that can be cut.

    Args:
        folder: Where the processes keep their things.
        seed: Of what goes wrong.
        more: Terms other than the usual ones.
    """

    def __init__(self, folder: Path, seed: int, **more: Any) -> None:
        self.seed = seed
        self.done: list[str] = []
        self.dice = random.Random(seed)
        ouch, fix, rerequest, glimpse, crowd, *lines = free_ports(7)
        terms: dict[str, Any] = {
            "instruments": {"ONE": "100.00", "TAPE": "25.00"},
            "strategies": {"maker": ("Maker", ""), "taker": ("Taker", "")},
            "crowd_rate": 400,
        }
        made = Terms(**{**terms, **more})
        self.cut = Cut(fix if made.protocol == "fix44" else ouch)
        self.proxy = Proxy(lines, rerequest, crowd, seed=seed)
        from_a, from_b, asked = self.proxy.ports
        wires = Wires(
            ouch=ouch, fix=fix, glimpse=glimpse, rerequest=rerequest, line_a=from_a, line_b=from_b,
            way_in=self.cut.port, node_rerequest=asked, node_lines=lines,
        )  # fmt: skip
        super().__init__(folder, made, wires, [crowd])

    def start(self) -> None:
        self.start_all()

    def upset(self, what: str) -> None:
        """Do something that must not matter."""
        self.done.append(what)
        if what == "cut":
            self.cut.cut()
        elif what == "engine":
            with contextlib.suppress(ProcessLookupError):  # It may be dead, and not yet back.
                os.kill(self.engine(), signal.SIGKILL)
        elif what == "adapter":
            if process := self.adapter():
                os.kill(process, signal.SIGKILL)
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
        super().close()
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
