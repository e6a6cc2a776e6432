# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node with very many resting orders, and what the exchange's journal tells of its kill."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tests.models.node_world import NodeWorld, Terms, Wires
from tests.models.processes import free_ports

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


def now_ns() -> int:
    """Return the time that the exchange reads as well: the machine's."""
    return time.time_ns()  # noqa: TID251 - compared with another process's journal


class KillWorld(NodeWorld):
    """All the processes of one drill.

    Args:
        folder: Where they keep their things.
        guardian_ms: Time without a turn until the guardian acts; 0 runs none.
        busy: Whether the engine never sleeps.
        strategy: Which of the strategies for tests runs.
        more: Terms other than the usual ones.
    """

    def __init__(
        self,
        folder: Path,
        guardian_ms: int = 0,
        *,
        busy: bool = False,
        strategy: str = "Rester",
        **more: Any,
    ) -> None:
        ouch, fix, rerequest, glimpse, ours, crowds = free_ports(6)
        self.kill_file = folder / "KILL"
        live_more = (
            f'kill_file = "{self.kill_file}"\nbusy_poll = {str(busy).lower()}\n'
            f"guardian_ms = {guardian_ms}"
        )
        terms: dict[str, Any] = {
            "instruments": {"ONE": "100.00"},
            "strategies": {"rester": (strategy, "silence_ms_max = 20_000")},
            "port": "orders_per_second_max = 100_000",
            "live_more": live_more,
            "position_max": 5_000,
            "is_guarded": guardian_ms > 0,
        }
        made = Terms(**{**terms, **more})
        wires = Wires(
            ouch=ouch, fix=fix, glimpse=glimpse, rerequest=rerequest, line_a=ours, line_b=crowds,
            way_in=fix if made.protocol == "fix44" else ouch, node_rerequest=rerequest,
            node_lines=[ours],
        )  # fmt: skip
        super().__init__(folder, made, wires, [crowds])

    def start(self, orders: int = 1_000) -> None:
        """Start all, and wait until so many orders rest."""
        self.start_all()
        self.wait(lambda: self.live_orders() >= orders, f"{orders} orders")

    def live_orders(self) -> int:
        return sum(venue["orders_live"] for venue in self.request("status")["venues"])

    def held_lots(self) -> int:
        """Return how much is held, by the node's account."""
        return sum(abs(row["position_lots"]) for row in self.request("positions")["positions"])

    def kill(self) -> int:
        """Kill the firm by the operators' socket; return when, in ns since the Unix epoch."""
        with Control(self.folder / "node", what="live") as control:
            at_ns = now_ns()
            control.request("kill", scope="firm", why="drill")
        return at_ns

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
