# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live view of an exchange in the terminal: a reader of its journal, and no more.

It asks the engine for nothing and cannot slow it; it may start late, or before the exchange.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from rich.console import Console, ConsoleDimensions, RenderableType

from onetape.errors import JournalError
from onetape.journal import Tail
from onetape.monitor._loop import keep_showing
from onetape.monitor.market import Market
from onetape.monitor.screen import Look, render

_BATCH = 4_096


@dataclass(frozen=True)
class Wanted:
    """What to show, by name.

    Attributes:
        ports: User names of own ports.
        symbols: Instruments; empty: as many as fit.
        title: Stands at the top left.
    """

    ports: Sequence[str] = ()
    symbols: Sequence[str] = ()
    title: str = "onetape"


class Terminal:
    """The view: `read` takes in what is new, `screen` draws it.

    Args:
        journal: Folder of the exchange's journal; it may not be there yet.
        wanted: What to show.
        beside: Called for each picture: a line that the journal does not tell, or nothing.
    """

    def __init__(
        self,
        journal: str | PathLike[str],
        wanted: Wanted | None = None,
        beside: Callable[[], str] = str,
    ) -> None:
        self.market = Market()
        self._beside = beside
        self._path = Path(journal)
        self._wanted = wanted or Wanted()
        self._tail: Tail | None = None

    def read(self, time_s: float = 1e9) -> bool:
        """Take in what is new, for so long at most; return whether all was.

        Raises:
            JournalCorruptError: If an entry is damaged.
        """
        until = time.perf_counter() + time_s
        if self._tail is None:
            try:
                self._tail = Tail(self._path)
            except JournalError:
                return True  # The exchange has not begun it.
        while True:
            for entry in self._tail.take(_BATCH):
                self.market.apply(entry)
            if self._tail.is_at_end:
                return True
            if time.perf_counter() >= until:
                return False

    def look(self, lines: int, *, behind: bool = False) -> Look:
        """Return what to show on a terminal of so many lines."""
        market, wanted = self.market, self._wanted
        symbols = {ladder.instrument.symbol: i for i, ladder in market.ladders.items()}
        ports = [market.port_named(name) for name in wanted.ports]
        levels = max(min((lines - 16) // 2, 10), 3)
        return Look(
            title=wanted.title,
            ports=[port for port in ports if port is not None],
            levels=levels,
            instruments=[symbols[s] for s in wanted.symbols if s in symbols],
            behind=behind,
            rows=max(lines - 2 * levels - 6, 3),
            beside=self._beside(),
        )

    def run(
        self,
        *,
        seconds: float = 0.0,
        stop: threading.Event | None = None,
        console: Console | None = None,
    ) -> None:
        """Show it until the time is up, `stop` is set, or the keyboard interrupts.

        Args:
            seconds: How long; 0: without end.
            stop: Set by another thread to end it.
            console: Where to; None for the terminal.

        Raises:
            JournalCorruptError: If an entry is damaged.
        """

        def draw(size: ConsoleDimensions, behind: bool) -> RenderableType:
            return render(self.market, self.look(size.height, behind=behind), size.width)

        keep_showing(self.read, draw, seconds=seconds, stop=stop, console=console)
