# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The body of an adapter's process: between the venue, and the engine's journal and inlet."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from onetape import _native
from onetape.errors import ConfigError
from onetape.live.adapters import JournalOutbound
from onetape.live.adapters.binance import BinanceAdapter
from onetape.live.adapters.fix import FixAdapter

if TYPE_CHECKING:
    from onetape.live.adapters import Adapter, Inlet
    from onetape.live.adapters._adapter import Statement
    from onetape.live.node import Node

#: How often the process says that it lives.
ALIVE_S = 0.1


class EngineInlet:
    """The engine's inlet of one venue."""

    def __init__(self, native: _native.Inlet) -> None:
        self._native = native

    def put(self, event: Statement, *, ts_ns: int = 0) -> bool:
        """Hand an event in; False when there is no room. The engine gives it its time."""
        del ts_ns
        return self._native.put(event.KIND, event.VERSION, event.pack())


def run_adapter(node: Node, venue: str) -> None:
    """Speak with a venue until the process is ended.

    Raises:
        ConfigError: If the venue's configuration does not go together.
        VenueError: If the venue refuses in a way that no waiting mends.
    """
    native = _native.Inlet(node.adapter_inlet(venue))
    adapter = _adapter(node, venue, EngineInlet(native))
    outbound = JournalOutbound(node.journal, node.venue_id(venue))

    async def run() -> None:
        alive = asyncio.create_task(_stay_alive(native))
        try:
            await adapter.run(outbound)
        finally:
            alive.cancel()

    asyncio.run(run())


async def _stay_alive(native: _native.Inlet) -> None:
    while True:
        native.live(0)
        await asyncio.sleep(ALIVE_S)


def _adapter(node: Node, venue: str, inlet: Inlet) -> Adapter:
    config, instruments = node.config.venues[venue], node.instruments(venue)
    if config.protocol == "binance" and config.binance is not None:
        return BinanceAdapter(
            node.venue_id(venue), inlet, config.binance, instruments, bar=node.bar
        )
    if config.protocol == "fix44" and config.fix is not None:
        return FixAdapter(node.venue_id(venue), inlet, config.fix, instruments, bar=node.bar)
    raise ConfigError(
        f"live.venues.{venue}: expected a venue with an adapter and its section, "
        f"found {config.protocol}",
        code="LIV-010",
        hint=f'set protocol = "binance" and [live.venues.{venue}.binance], or "fix44" and fix',
    )
