# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Requests over REST and over the WebSocket API, and the three ways in which they can end.

A request that was answered has an answer or a refusal. Everything else (no answer in time, a
connection that broke, an error that says so) is an unknown outcome: it may have been acted on.
No text here holds an address or a parameter of a request: these carry keys and signatures.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias
from urllib.parse import urlencode

import aiohttp
import msgspec
from yarl import URL

from onetape.live.adapters.binance._limits import RateLimits
from onetape.live.adapters.binance._messages import RateLimitInfo, Trouble
from onetape.live.adapters.binance._signing import Signer

if TYPE_CHECKING:
    from onetape.live.adapters.binance._requests import Request
    from onetape.live.adapters.binance.config import BinanceConfig

NOT_SENT = 0
"""Code of a refusal that is ours: the request did not leave."""
_UNKNOWN_CODES = {-1000, -1001, -1006, -1007}
_OVERLOADED = -1008
_HTTP_ERROR, _HTTP_SERVER_ERROR = 400, 500
_BANNED = {418, 429}
_RETRY_AFTER_S = 10.0
_MESSAGE_BYTES_MAX = 32 << 20
_HEARTBEAT_S = 20.0


class Answer(NamedTuple):
    """It was acted on."""

    body: bytes | msgspec.Raw


class Refusal(NamedTuple):
    """It was not acted on: the venue's code, or `NOT_SENT`; what it says; its details."""

    code: int
    text: str
    details: msgspec.Raw = msgspec.Raw(b"null")


class Unknown(NamedTuple):
    """It may have been acted on, or yet be: why we do not know."""

    text: str


Outcome: TypeAlias = Answer | Refusal | Unknown


class Caller(Protocol):
    """Sends requests."""

    async def call(self, request: Request) -> Outcome:
        """Send a request and wait for what becomes of it."""


class VenueClock:
    """The venue's clock, by ours: what is between them is measured."""

    def __init__(self) -> None:
        self._offset_ms = time.time_ns() // 1_000_000 - _own_ms()

    def now_ms(self) -> int:
        """Return the venue's time, ms since the Unix epoch."""
        return _own_ms() + self._offset_ms

    def set(self, venue_ms: int, asked_ms: int, answered_ms: int) -> None:
        """Take a reading: what the venue said, and our times before and after."""
        self._offset_ms = venue_ms - (asked_ms + answered_ms) // 2

    @staticmethod
    def own_ms() -> int:
        """Return our own time, in ms since some moment."""
        return _own_ms()


def _own_ms() -> int:
    return time.monotonic_ns() // 1_000_000


class Desk(NamedTuple):
    """What all requests of an account share."""

    signer: Signer
    limits: RateLimits
    clock: VenueClock
    timeout_s: float


def desk_of(config: BinanceConfig) -> Desk:
    """Return what the requests of an account share.

    Raises:
        ConfigError: ADP-005, its secret is no key.
    """
    signer = Signer(
        config.key,
        config.secret,
        config.receive_window_ms,
        is_ed25519=config.key_type == "ed25519",
    )
    return Desk(signer, RateLimits(), VenueClock(), config.request_timeout_ms / 1_000)


class RestCalls:
    """REST.

    Args:
        session: HTTP.
        url: The venue, without a path.
        desk: What all requests of the account share.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, desk: Desk) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._desk = desk

    async def call(self, request: Request) -> Outcome:
        """Send a request and wait for what becomes of it."""
        desk, method = self._desk, request.method
        now_ms = desk.clock.now_ms()
        desk.limits.spend(now_ms, weight=request.weight, orders=method.orders)
        query = urlencode(request.parameters)
        if method.security == "signed":
            query = desk.signer.query(request.parameters, now_ms)
        headers = {} if method.security == "none" else {"X-MBX-APIKEY": desk.signer.key}
        try:
            async with asyncio.timeout(desk.timeout_s):
                url = URL(f"{self._url}{method.path}?{query}", encoded=True)
                async with self._session.request(method.verb, url, headers=headers) as response:
                    return self._outcome(response, await response.read())
        except aiohttp.ClientConnectorError as err:
            return Refusal(NOT_SENT, f"no connection: {type(err.os_error).__name__}")
        except TimeoutError:
            return Unknown(f"no answer in {desk.timeout_s} s")
        except (aiohttp.ClientError, OSError) as err:
            return Unknown(f"the connection broke: {type(err).__name__}")

    def _outcome(self, response: aiohttp.ClientResponse, body: bytes) -> Outcome:
        desk = self._desk
        now_ms = desk.clock.now_ms()
        desk.limits.observe_headers(now_ms, response.headers)
        if response.status < _HTTP_ERROR:
            return Answer(body)
        if response.status in _BANNED:
            retry_after = response.headers.get("Retry-After", "")
            seconds = float(retry_after) if retry_after.isdecimal() else _RETRY_AFTER_S
            desk.limits.block(now_ms, seconds)
        return outcome_of_error(response.status, body)


def outcome_of_error(status: int, body: bytes | msgspec.Raw) -> Refusal | Unknown:
    """Return how a request ended that was answered with an error.

    Args:
        status: HTTP status, which the WebSocket API has as well.
        body: What the venue said.
    """
    try:
        trouble = msgspec.json.decode(body, type=Trouble)
    except msgspec.DecodeError:
        trouble = Trouble(msg=f"HTTP {status}")
    text = f"{trouble.code} {trouble.msg}"
    is_refusal = status < _HTTP_SERVER_ERROR or trouble.code == _OVERLOADED
    if is_refusal and trouble.code not in _UNKNOWN_CODES:
        return Refusal(trouble.code, text, trouble.data)
    return Unknown(text)


class _Response(msgspec.Struct, frozen=True):
    id: str | int | None = None
    status: int = 0
    result: msgspec.Raw = msgspec.Raw(b"null")
    error: msgspec.Raw = msgspec.Raw(b"null")
    event: msgspec.Raw = msgspec.Raw(b"")
    rate_limits: list[RateLimitInfo] = msgspec.field(name="rateLimits", default_factory=list)


class _Retry(msgspec.Struct, frozen=True):
    class Data(msgspec.Struct, frozen=True):
        retry_ms: int = msgspec.field(name="retryAfter", default=0)

    data: Data | None = None


_responses = msgspec.json.Decoder(_Response)


class ApiConnection:
    """One connection of the WebSocket API: requests, their answers as they come, and events.

    Args:
        session: HTTP.
        url: The API.
        desk: What all requests of the account share.
        on_event: Called with each event of the user stream that was subscribed to.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        desk: Desk,
        on_event: Callable[[bytes], None],
    ) -> None:
        self._session = session
        self._url = url
        self._desk = desk
        self._on_event = on_event
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._waiting: dict[str, asyncio.Future[_Response | None]] = {}
        self._next_id = 0

    @property
    def is_open(self) -> bool:
        """Whether requests can be sent."""
        return self._socket is not None and not self._socket.closed

    async def open(self) -> None:
        """Connect.

        Raises:
            aiohttp.ClientError: If nobody answers there.
            TimeoutError: If it takes too long.
        """
        async with asyncio.timeout(self._desk.timeout_s):
            self._socket = await self._session.ws_connect(
                self._url, heartbeat=_HEARTBEAT_S, max_msg_size=_MESSAGE_BYTES_MAX
            )

    async def read(self) -> str:
        """Take messages until the connection ends, and return why; what waits is then unknown."""
        assert self._socket is not None, "open before reading"
        try:
            async for message in self._socket:
                if message.type == aiohttp.WSMsgType.TEXT:
                    self._take(message.data.encode())
            return f"the venue closed the connection ({self._socket.close_code})"
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_result(None)
            self._waiting.clear()
            await self._socket.close()

    async def call(self, request: Request) -> Outcome:
        """Send a request and wait for what becomes of it."""
        desk, method = self._desk, request.method
        if self._socket is None or self._socket.closed:
            return Refusal(NOT_SENT, "no connection")
        now_ms = desk.clock.now_ms()
        desk.limits.spend(now_ms, weight=request.weight, orders=method.orders)
        parameters = dict(request.parameters)
        if method.security == "signed":
            parameters = desk.signer.signed(parameters, now_ms)
        self._next_id += 1
        name = str(self._next_id)
        future = self._waiting[name] = asyncio.get_running_loop().create_future()
        message = {"id": name, "method": request.name, "params": parameters}
        try:
            async with asyncio.timeout(desk.timeout_s):
                await self._socket.send_str(msgspec.json.encode(message).decode())
                response = await future
        except TimeoutError:
            return Unknown(f"no answer in {desk.timeout_s} s")
        except (aiohttp.ClientError, OSError) as err:
            return Unknown(f"the connection broke: {type(err).__name__}")
        finally:
            self._waiting.pop(name, None)
        return Unknown("the connection broke") if response is None else self._outcome(response)

    def _take(self, text: bytes) -> None:
        response = _responses.decode(text)
        if response.event:
            self._on_event(bytes(response.event))
            return
        self._desk.limits.observe(self._desk.clock.now_ms(), response.rate_limits)
        future = self._waiting.get(str(response.id))
        if future is not None and not future.done():
            future.set_result(response)

    def _outcome(self, response: _Response) -> Outcome:
        if response.status < _HTTP_ERROR:
            return Answer(response.result)
        if response.status in _BANNED:
            now_ms = self._desk.clock.now_ms()
            retry = msgspec.json.decode(response.error, type=_Retry)
            until_ms = retry.data.retry_ms if retry.data else 0
            seconds = max(0.0, (until_ms - now_ms) / 1_000) if until_ms else _RETRY_AFTER_S
            self._desk.limits.block(now_ms, seconds)
        return outcome_of_error(response.status, response.error)
