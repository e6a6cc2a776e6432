# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live view of a node in the terminal: a reader of its journal, and no more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from os import PathLike
from pathlib import Path

import numpy as np
from rich.console import Console, ConsoleDimensions, RenderableType

from onetape.events import VenueDefined
from onetape.journal import Tail, open_journal
from onetape.monitor._loop import keep_showing
from onetape.monitor.node import NodeState, Top
from onetape.monitor.node_screen import render_node
from onetape.tape import MarketTape

_BATCH = 4_096
_STEP_ENTRIES = 1 << 18
#: A node says what it trades on among its first entries.
_HEAD_ENTRIES = 256


def is_node(journal: str | PathLike[str]) -> bool:
    """Return whether a journal is a live node's: it names venues that it trades on.

    Raises:
        JournalError: If there is no journal.
    """
    found = open_journal(journal).entries(end=_HEAD_ENTRIES, kinds=[VenueDefined.KIND])
    return next(found, None) is not None


class NodeTerminal:
    """The view: `read` takes in what is new, `picture` draws it.

    Args:
        journal: Folder of the node's journal.
        beside: Called for each picture: a line that the journal does not tell, or nothing.

    Raises:
        JournalError: If there is no journal.
    """

    def __init__(self, journal: str | PathLike[str], beside: Callable[[], str] = str) -> None:
        self.node = NodeState()
        self._beside = beside
        self._tail = Tail(Path(journal), kinds=self.node.kinds)
        self._tape = MarketTape(journal)

    def read(self, time_s: float = 1e9) -> bool:
        """Take in what is new, for so long at most; return whether all was.

        Raises:
            JournalCorruptError: If an entry is damaged.
        """
        until = time.perf_counter() + time_s
        while True:
            taken = self._tape.take(_STEP_ENTRIES)
            self._mark(taken.tops)
            for entry in self._tail.take(_BATCH):
                self.node.apply(entry)
            if taken.last is not None:
                self.node.reached(*taken.last)
            if taken.at_end and self._tail.is_at_end:
                return True
            if time.perf_counter() >= until:
                return False

    def _mark(self, tops: np.ndarray[tuple[int], np.dtype[np.void]]) -> None:
        """Take in the last best prices of each instrument."""
        newest, at = np.unique(tops["instrument_id"][::-1], return_index=True)
        for number, place in zip(newest.tolist(), at.tolist(), strict=True):
            row = tops[len(tops) - 1 - place]
            prices = [int(row[n]) for n in ("bid_ticks", "bid_lots", "ask_ticks", "ask_lots")]
            self.node.mark(number, Top(*prices))

    def picture(self, size: ConsoleDimensions, behind: bool = False) -> RenderableType:
        """Return the picture for a terminal of a size."""
        return render_node(
            self.node, width=size.width, lines=size.height, behind=behind, beside=self._beside()
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
        keep_showing(self.read, self.picture, seconds=seconds, stop=stop, console=console)
