# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node on an exchange with a crowd, with strategies of a test's own choosing."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.models.live_world import World
from tests.models.processes import onetape

from onetape.events import StopReason, StrategyStopped
from onetape.journal import open_journal

TIERS = Path(__file__).resolve().parent / "live_tiers.py"


class StrategyWorld(World):
    """A world whose strategies are these: by name, the lines of their tables."""

    def __init__(self, folder: Path, seed: int, strategies: dict[str, str]) -> None:
        super().__init__(folder, seed)
        self.names = list(strategies)
        text = self.node.read_text("utf-8")
        head, tail = text.index("[live.strategies.maker]"), text.index("[risk]")
        tables = (f"[live.strategies.{name}]\n{lines}\n" for name, lines in strategies.items())
        self.node.write_text(text[:head] + "".join(tables) + text[tail:], "utf-8")

    @staticmethod
    def place(class_: str) -> str:
        return f'file = "{TIERS}:{class_}"'

    def operate(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Have an operator say something."""
        return onetape("live", *words, "--folder", str(self.folder / "node"))

    def strategy(self, name: str) -> dict[str, Any]:
        """How a strategy is, by the engine's status."""
        answer = self.ask("status")
        assert answer is not None, "the engine answers"
        rows = answer["strategies"]
        assert isinstance(rows, list)
        return next(row for row in rows if row["name"] == name)

    def fills(self, name: str) -> int:
        """Fills of a strategy so far."""
        answer = self.ask("positions")
        rows = answer["positions"] if answer is not None else []
        assert isinstance(rows, list)
        at = self.names.index(name) + 1
        return sum(row["fills"] for row in rows if row["strategy"] == at)

    def orders(self, name: str) -> list[dict[str, Any]]:
        """Live orders of a strategy."""
        answer = self.ask("orders")
        rows = answer["orders"] if answer is not None else []
        assert isinstance(rows, list)
        at = self.names.index(name) + 1
        return [row for row in rows if row["strategy"] == at]

    def wait(self, what: str, is_so: Callable[[], bool], seconds: float = 60) -> None:
        until = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < until, f"never: {what}; {self.processes.said('node')}"
            time.sleep(0.1)

    def finish(self) -> dict[str, dict[int, int]]:
        """Stop strategies, then the crowd, then the node; return its own account of positions."""
        for name in self.names:
            self.operate("stop-strategy", name)
        self.processes.end("crowd", signal.SIGKILL)
        self.wait("no order", lambda: (self.ask("orders") or {"count": 1})["count"] == 0, 20)
        positions = self.ask("positions")
        assert positions is not None
        assert self.processes.end("node", signal.SIGINT) == 0, self.processes.said("node")
        self.processes.end("exchange", signal.SIGINT)
        held: dict[int, int] = {}
        rows = positions["positions"]
        assert isinstance(rows, list)
        for row in rows:
            held[row["instrument"]] = held.get(row["instrument"], 0) + row["position_lots"]
        return {"held": {instrument: lots for instrument, lots in held.items() if lots}}

    def stops(self, name: str) -> list[tuple[StopReason, str]]:
        """Why a strategy stopped, each time, by the node's journal."""
        at = self.names.index(name) + 1
        return [
            (StopReason(e.event.reason), e.event.tail.decode())
            for e in open_journal(self.folder / "node" / "journal")
            if isinstance(e.event, StrategyStopped) and e.event.strategy_id == at
        ]

    def journal(self) -> list[Any]:
        """The node's journal, event by event."""
        return [e.event for e in open_journal(self.folder / "node" / "journal")]
