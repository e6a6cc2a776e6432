# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The user stream: reports of our orders, by a subscription or by a listen key."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from onetape.errors import VenueError
from onetape.live.adapters.binance._calls import Answer, Refusal
from onetape.live.adapters.binance._messages import BalanceUpdate, ExecutionReport, ListenKey, read
from onetape.live.adapters.binance._requests import Request

if TYPE_CHECKING:
    from onetape.live.adapters.binance._calls import Outcome
    from onetape.live.adapters.binance.config import BinanceConfig

_HEARTBEAT_S = 20.0
_KEY_REFUSED = {-2014, -2015, -1022}


class _Kind(msgspec.Struct, frozen=True):
    kind: str = msgspec.field(name="e", default="")


class _Wrapped(msgspec.Struct, frozen=True):
    event: msgspec.Raw = msgspec.Raw(b"")


_ENDED = {"listenKeyExpired", "eventStreamTerminated", "serverShutdown"}


def read_event(text: bytes) -> ExecutionReport | BalanceUpdate | str | None:
    """Read a message of the user stream.

    Returns:
        A report; a change of a balance; the name of an event that ends the stream; None for what
        is of no concern here.

    Raises:
        DecodeError: ADP-010, it cannot be read.
    """
    wrapped = read(_Wrapped, text)
    body = bytes(wrapped.event) or text
    kind = read(_Kind, body).kind
    if kind == "executionReport":
        return read(ExecutionReport, body)
    if kind == "balanceUpdate":
        return read(BalanceUpdate, body)
    return kind if kind in _ENDED else None


def raise_if_key_refused(outcome: Outcome) -> None:
    """Raise where the venue will not have this key, however often it is tried.

    Raises:
        VenueError: ADP-020.
    """
    if isinstance(outcome, Refusal) and outcome.code in _KEY_REFUSED:
        raise VenueError(
            f"Binance refuses the API key: {outcome.text}",
            code="ADP-020",
            hint="check key, secret, its permission to trade, and the addresses it is bound to",
        )


class ListenKeyStream:
    """The user stream by a listen key: asked for, renewed, listened to.

    Args:
        session: HTTP.
        config: Where the venue is.
        call: Sends a request over REST.
        on_event: Called with each message.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        config: BinanceConfig,
        call: Callable[[Request], Awaitable[Outcome]],
        on_event: Callable[[bytes], None],
    ) -> None:
        self._session = session
        self._config = config
        self._call = call
        self._on_event = on_event

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[Callable[[], Awaitable[str]]]:
        """Listen; gives a function that returns when the stream ended, saying why.

        Raises:
            VenueError: ADP-020, the key is refused; ADP-021, there is no stream.
        """
        outcome = await self._call(Request("userDataStream.start", {}))
        raise_if_key_refused(outcome)
        if not isinstance(outcome, Answer):
            raise VenueError(
                f"no listen key: {outcome.text}",
                code="ADP-021",
                hint="the adapter tries again by itself",
                retryable=True,
            )
        key = read(ListenKey, outcome.body).key
        url = f"{self._config.stream_url.rstrip('/')}/ws/{key}"
        async with asyncio.timeout(self._config.request_timeout_ms / 1_000):
            socket = await self._session.ws_connect(url, heartbeat=_HEARTBEAT_S)

        async def ended() -> str:
            async for message in socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._on_event(message.data.encode())
            return f"the venue closed the user stream ({socket.close_code})"

        renewal = asyncio.create_task(self._renew(key))
        try:
            yield ended
        finally:
            renewal.cancel()
            await socket.close()

    async def _renew(self, key: str) -> None:
        while True:
            await asyncio.sleep(self._config.listen_key_renewal_s)
            # A renewal that fails shows as the end of the stream; the next one may still work.
            await self._call(Request("userDataStream.ping", {"listenKey": key}))
