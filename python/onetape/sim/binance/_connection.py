# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""One WebSocket of the stand-in, and what it listens to."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from aiohttp import web


class Connection:
    """One WebSocket; what it is sent waits in a queue, and one that is too slow is closed.

    Args:
        socket: The WebSocket.
        transport: Below it.
        queue_max: Messages that may wait.

    Attributes:
        streams: Market streams that it listens to.
        owners: Accounts that it hears of, each with the number of the subscription.
        listen_key: The key that it came with; empty: none.
        is_combined: Messages are wrapped with the name of their stream.
    """

    def __init__(
        self,
        socket: web.WebSocketResponse,
        transport: asyncio.Transport | None,
        queue_max: int,
    ) -> None:
        self.socket = socket
        self.streams: set[str] = set()
        self.owners: dict[int, int] = {}
        self.listen_key = ""
        self.is_combined = False
        self._transport = transport
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(queue_max)
        self._writer = asyncio.create_task(self._write())

    def send(self, message: object) -> None:
        """Send a message, after those that wait."""
        try:
            self._queue.put_nowait(msgspec.json.encode(message))
        except asyncio.QueueFull:
            self.abort()

    def send_user(self, owner: int, event: dict[str, Any], delay_s: float) -> None:
        """Send an event of an account's user stream, which takes a while to come."""
        subscription = self.owners[owner]
        message = event
        if subscription:
            message = {"subscriptionId": subscription, "event": event}
        elif self.is_combined:
            message = {"stream": self.listen_key, "data": event}
        if delay_s:
            asyncio.get_running_loop().call_later(delay_s, self.send, message)
        else:
            self.send(message)

    def send_stream(self, stream: str, event: dict[str, Any]) -> None:
        """Send an event of a market stream, if this connection listens to it."""
        if stream in self.streams:
            self.send({"stream": stream, "data": event} if self.is_combined else event)

    def abort(self) -> None:
        """Break it without a word."""
        if self._transport is not None:
            self._transport.abort()

    async def close(self) -> None:
        """Close it."""
        self._writer.cancel()
        with contextlib.suppress(ConnectionError):
            await self.socket.close()

    async def _write(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self.socket.send_str((await self._queue.get()).decode())
