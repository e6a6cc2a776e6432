# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Market data of Binance: one connection for all symbols, a snapshot for each out of step."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from onetape.errors import ConversionError
from onetape.events import VenueLink
from onetape.feed.binance import (
    BookTicker,
    DepthDiff,
    DepthSync,
    Trade,
    read_message,
    read_snapshot,
)
from onetape.live.adapters._adapter import Adapter, Backoff
from onetape.live.adapters.binance._calls import Answer, Refusal, Unknown
from onetape.live.adapters.binance._requests import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from onetape.events import MarketUpdated
    from onetape.live.adapters.binance._calls import Outcome
    from onetape.live.adapters.binance.config import BinanceConfig
    from onetape.types import Instrument

_STREAMS = ("depth@100ms", "trade", "bookTicker")
_HEARTBEAT_S = 20.0
_MESSAGE_BYTES_MAX = 32 << 20


class MarketData:
    """Keeps the books of some symbols, and says when they are whole.

    Args:
        adapter: Whose statements these are.
        config: Where the venue is.
        instruments: What to keep.
        call: Sends a request.
        backoff: Waits between tries.

    Attributes:
        syncs: The books, by the venue's symbol.
    """

    def __init__(
        self,
        adapter: Adapter,
        config: BinanceConfig,
        instruments: Sequence[Instrument],
        call: Callable[[Request], Awaitable[Outcome]],
        *,
        backoff: Backoff,
    ) -> None:
        self.syncs = {
            instrument.symbol: DepthSync(instrument, levels_max=config.levels_max)
            for instrument in instruments
        }
        self._adapter = adapter
        self._config = config
        self._call = call
        self._backoff = backoff
        self._is_up = False
        self._one_at_a_time = asyncio.Lock()
        self._snapshots: dict[str, asyncio.Task[None]] = {}

    async def run(self, session: aiohttp.ClientSession) -> None:
        """Connect, keep the books, connect again, until cancelled."""
        while True:
            why, began = "ended", time.monotonic()
            try:
                why = await self._connected(session)
            except (aiohttp.ClientError, TimeoutError, OSError) as err:
                why = f"no connection: {type(err).__name__}"
            except (msgspec.DecodeError, ConversionError) as err:
                why = f"a message that cannot be read: {err}"
            finally:
                await self._lose(why)
            await asyncio.sleep(self._backoff.after(time.monotonic() - began))

    async def _connected(self, session: aiohttp.ClientSession) -> str:
        names = [f"{symbol.lower()}@{kind}" for symbol in self.syncs for kind in _STREAMS]
        url = f"{self._config.stream_url.rstrip('/')}/stream?streams={'/'.join(names)}"
        timeout_s = self._config.request_timeout_ms / 1_000
        async with asyncio.timeout(timeout_s):
            socket = await session.ws_connect(
                url, heartbeat=_HEARTBEAT_S, max_msg_size=_MESSAGE_BYTES_MAX
            )
        try:
            async with asyncio.timeout(self._config.connection_age_max_s):
                for symbol in self.syncs:
                    self._want_snapshot(symbol)
                async for message in socket:
                    if message.type == aiohttp.WSMsgType.TEXT:
                        async with self._one_at_a_time:
                            await self._take(message.data, time.time_ns())
        except TimeoutError:
            return "renewed before the venue ends it"
        finally:
            await socket.close()
        return f"the venue closed the connection ({socket.close_code})"

    async def _take(self, text: str, ts_ns: int) -> None:
        message = read_message(text)
        sync = self.syncs.get(message.symbol) if message is not None else None
        if message is None or sync is None:
            return
        events: Sequence[MarketUpdated] = ()
        if isinstance(message, DepthDiff):
            was_live = sync.is_live
            events = sync.on_diff(message)
            if was_live and not sync.is_live:
                await self._out_of_step(sync, events, "a gap in the updates")
                return
        elif isinstance(message, BookTicker):
            events = sync.on_ticker(message)
        elif isinstance(message, Trade):
            events = [sync.on_trade(message)]
        if not self._offer(events, ts_ns):
            await self._out_of_step(sync, sync.lose(), "the engine was behind")

    def _offer(self, events: Sequence[MarketUpdated], ts_ns: int) -> bool:
        return all(self._adapter.offer(event, ts_ns=ts_ns) for event in events)

    async def _out_of_step(
        self, sync: DepthSync, events: Sequence[MarketUpdated], why: str
    ) -> None:
        await self._say(is_up=False, why=f"{sync.instrument.symbol}: {why}")
        for event in events:
            await self._adapter.hand_in(event)
        self._want_snapshot(sync.instrument.symbol)

    def _want_snapshot(self, symbol: str) -> None:
        task = self._snapshots.get(symbol)
        if task is None or task.done():
            self._snapshots[symbol] = asyncio.create_task(self._snapshot(symbol))

    async def _snapshot(self, symbol: str) -> None:
        sync = self.syncs[symbol]
        backoff = self._backoff.fresh()
        request = Request("depth", {"symbol": symbol, "limit": self._config.depth_levels})
        while not sync.is_live:
            outcome = await self._call(request)
            why = "the snapshot was too old"
            if isinstance(outcome, Answer):
                try:
                    async with self._one_at_a_time:
                        for event in sync.on_snapshot(read_snapshot(outcome.body)):
                            await self._adapter.hand_in(event)
                except (msgspec.DecodeError, ConversionError) as err:
                    why = f"a snapshot that cannot be read: {err}"
                    sync.lose()
            elif isinstance(outcome, Refusal | Unknown):
                why = f"no snapshot: {outcome.text}"
            if not sync.is_live:
                await self._say(is_up=False, why=f"{symbol}: {why}")
                await asyncio.sleep(backoff.next_s())
        if all(other.is_live for other in self.syncs.values()):
            await self._say(is_up=True, why="all books are whole")

    async def _lose(self, why: str) -> None:
        for task in self._snapshots.values():
            task.cancel()
        self._snapshots.clear()
        await self._say(is_up=False, why=why)
        for sync in self.syncs.values():
            for event in sync.lose():
                await self._adapter.hand_in(event)

    async def _say(self, *, is_up: bool, why: str) -> None:
        if is_up != self._is_up:
            self._is_up = is_up
            await self._adapter.say_link(VenueLink.DATA, is_up=is_up, why=why)
