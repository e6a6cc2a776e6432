# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Keeps a picture on a terminal up to date: reads what is new, draws, waits."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from rich.console import Console, ConsoleDimensions, RenderableType
from rich.live import Live

_FRAME_S = 0.3
#: Share of a frame that may go into reading; what is left over waits for the next one.
_READ_SHARE = 0.6


def keep_showing(
    read: Callable[[float], bool],
    draw: Callable[[ConsoleDimensions, bool], RenderableType],
    *,
    seconds: float = 0.0,
    stop: threading.Event | None = None,
    console: Console | None = None,
) -> None:
    """Show it until the time is up, `stop` is set, or the keyboard interrupts.

    Args:
        read: Takes in what is new, for so many seconds at most; says whether that was all.
        draw: Gives the picture for a size, and whether entries are still to be read.
        seconds: How long; 0: without end.
        stop: Set by another thread to end it.
        console: Where to; None for the terminal.
    """
    shown = console or Console()
    ends = time.monotonic() + seconds if seconds else float("inf")
    stopped = stop or threading.Event()
    with Live(console=shown, screen=shown.is_terminal, auto_refresh=False) as live:
        while not stopped.is_set() and time.monotonic() < ends:
            began = time.monotonic()
            behind = not read(_FRAME_S * _READ_SHARE)
            live.update(draw(shown.size, behind), refresh=True)
            stopped.wait(max(_FRAME_S - (time.monotonic() - began), 0.01))
