# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A crowd on real ports: connects, trades for a while, cancels what is live, leaves."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Sequence

import msgspec

from onetape.errors import VenueError
from onetape.sim.crowd._crowd import Crowd, CrowdResult
from onetape.sim.crowd._listener import Feed, FeedPlace, Listener
from onetape.sim.crowd._ouch_port import OuchPort, PortPlace
from onetape.sim.crowd._prices import Instrument
from onetape.sim.crowd.config import CrowdConfig

_NS = 1_000_000_000
_STEP_S = 0.002
_ACTIONS_MAX = 400
_WAITING_BYTES_MAX = 1 << 20
_LEAVE_S = 3.0
_LISTEN_S = 0.3

Progress = Callable[[float, Crowd], None]


async def trade(
    config: CrowdConfig,
    places: Sequence[PortPlace],
    instruments: Sequence[Instrument],
    feed: FeedPlace | None = None,
    *,
    progress: Progress | None = None,
    stop: asyncio.Event | None = None,
) -> CrowdResult:
    """Let a crowd trade; it ends after its time, at SIGINT or SIGTERM, or when all ports are lost.

    Args:
        config: Who, how many, how often, how long.
        places: Ports to trade through.
        instruments: What to trade.
        feed: Where prices are seen; None: guessed from own trades.
        progress: Called every second with the seconds since the start.
        stop: Ends it when set; of the same loop.

    Raises:
        VenueError: If a port cannot be reached, or refuses the login.
        ConfigError: If there is nothing to trade, or nowhere.
    """
    ports = [OuchPort(place) for place in places]
    listening = Feed(feed, Listener()) if feed else None
    crowd = Crowd(config, ports, instruments, listening.listener if listening else None)
    stop = stop or asyncio.Event()
    _stop_on_signals(stop)
    try:
        if listening:
            await listening.open()
            await asyncio.sleep(_LISTEN_S)
        for port in ports:
            await port.connect()
        loop = asyncio.get_running_loop()
        began = loop.time()
        await _run(crowd, ports, stop, progress)
        seconds = loop.time() - began
        await _leave(crowd, ports)
        ends = [f"{p.place.username}: {p.ended}" for p in ports if p.ended]
        result = crowd.result(seconds, ends)
        if listening is None:
            return result
        listener = listening.listener
        return msgspec.structs.replace(result, heard=listener.messages, lost=listener.lost)
    finally:
        for port in ports:
            port.leave()
        if listening:
            listening.close()


def _stop_on_signals(stop: asyncio.Event) -> None:
    """End at SIGINT and SIGTERM; in a thread of its own a crowd leaves them to the others."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)


async def _run(
    crowd: Crowd, ports: list[OuchPort], stop: asyncio.Event, progress: Progress | None
) -> None:
    """Act until the time is up: many agents a step, so that their messages leave together."""
    loop = asyncio.get_running_loop()
    began, shown = loop.time(), 0.0
    while not stop.is_set() and not all(port.ended for port in ports):
        elapsed = loop.time() - began
        if 0 < crowd.config.seconds <= elapsed:
            break
        # An exchange that does not read is not pushed: who is late acts late, and is counted.
        if all(port.waiting_bytes < _WAITING_BYTES_MAX for port in ports):
            crowd.step(int(elapsed * _NS), actions_max=_ACTIONS_MAX)
        for port in ports:
            port.flush()
        if progress and elapsed >= shown + 1:
            shown = elapsed
            progress(elapsed, crowd)
        next_s = began + crowd.due_ns / _NS - loop.time()
        await asyncio.sleep(min(max(next_s, _STEP_S), 0.2))
    if all(port.ended for port in ports):
        raise VenueError(
            f"all ports were lost: {', '.join(f'{p.place.username}: {p.ended}' for p in ports)}",
            code="CRD-005",
            hint="is the exchange still running? its log and journal say why it closed them",
        )


async def _leave(crowd: Crowd, ports: list[OuchPort]) -> None:
    """Cancel what is live, and wait until it is gone or will not go."""
    loop = asyncio.get_running_loop()
    until = loop.time() + _LEAVE_S
    while loop.time() < until and not all(port.ended for port in ports):
        live = crowd.cancel_all()
        for port in ports:
            port.flush()
        if not live:
            return
        await asyncio.sleep(0.01)
