# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A local market that speaks Binance spot's API, on real sockets: for tests and for trying out.

One port has it all: REST, `/ws` and `/stream` for streams, `/ws-api/v3` for the WebSocket API.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qsl

import msgspec
from aiohttp import WSMsgType, web

from onetape.sim.binance._access import Access, sorted_payload
from onetape.sim.binance._connection import Connection
from onetape.sim.binance._house import House
from onetape.sim.binance._requests import HANDLERS, Asked, Handler, ListenKeys
from onetape.sim.binance._trouble import ApiError
from onetape.sim.binance.faults import CHANGES, Faults
from onetape.sim.binance.market import StandInMarket

if TYPE_CHECKING:
    from types import TracebackType

    from onetape.sim.binance.config import StandInConfig

_SPEEDS_MS = (100, 1_000)
_BY_REST = {(handler.verb, handler.path): name for name, handler in HANDLERS.items()}
_LATE_S = 0.15
_UNKNOWN_STATE = "Unknown error, please check your request or try again later."


class _DroppedError(Exception):
    """The connection is to break without an answer."""


def _now_ms() -> int:
    return time.time_ns() // 1_000_000  # noqa: TID251 - it is a server with a clock of its own


class StandIn:
    """The server.

    Args:
        config: What there is.
        now_ms: The clock, ms since the Unix epoch.

    Attributes:
        market: What is traded, by whom.
        access: Who may call.
        keys: Listen keys.
        faults: What it is to do wrong.
    """

    def __init__(self, config: StandInConfig, *, now_ms: Callable[[], int] = _now_ms) -> None:
        self.config = config
        self.market: StandInMarket = StandInMarket(config)
        self.access: Access = Access(config)
        self.keys: ListenKeys = ListenKeys(config.listen_key_age_s)
        self.faults = Faults()
        self.port = config.port
        self._now_ms = now_ms
        self._connections: set[Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._runner: web.AppRunner | None = None
        self._subscriptions = 0
        for owner, account in enumerate(config.accounts, 1):
            for asset, amount in account.balances.items():
                self.market.accounts.deposit(owner, asset, Decimal(amount))
        self.house = House(self.market, config)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    @property
    def rest_url(self) -> str:
        """Where REST is."""
        return f"http://{self.config.host}:{self.port}"

    @property
    def stream_url(self) -> str:
        """Where streams are."""
        return f"ws://{self.config.host}:{self.port}"

    @property
    def api_url(self) -> str:
        """Where the WebSocket API is."""
        return f"{self.stream_url}/ws-api/v3"

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: If the port is taken.
        """
        app = web.Application()
        app.router.add_get("/ws-api/v3", self._serve_api)
        for path in ("/ws", "/ws/{streams:.+}", "/stream"):
            app.router.add_get(path, self._serve_stream)
        app.router.add_route("*", "/{path:.*}", self._serve_rest)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.config.host, self.port)
        await site.start()
        addresses: list[tuple[str, int]] = list(self._runner.addresses)
        self.port = addresses[0][1]
        self.house.open(self._now_ms())
        self._publish()
        for speed_ms in _SPEEDS_MS:
            self._spawn(self._tell_depth(speed_ms))
        self._spawn(self._expire_keys())
        self._spawn(self._trade())

    async def stop(self) -> None:
        """Stop listening, close everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.disconnect()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def disconnect(self) -> None:
        """Close every WebSocket, as the venue does after 24 hours."""
        for connection in list(self._connections):
            await connection.close()

    def publish(self) -> None:
        """Send what the streams have to say, after a change made past the API."""
        self._publish()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve_rest(self, request: web.Request) -> web.StreamResponse:
        body = (await request.read()).decode()
        name = _BY_REST.get((request.method, request.path), "")
        query = "&".join(part for part in (request.query_string, body) if part)
        owner = 0
        try:
            await self._travel()
            handler, said = _handler(name), dict(parse_qsl(query, keep_blank_values=True))
            key = request.headers.get("X-MBX-APIKEY")
            raw, _, _ = request.rel_url.raw_query_string.partition("&signature=")
            payload = "&".join(part for part in (raw, body.partition("&signature=")[0]) if part)
            owner = self._admit(handler, key, said, payload)
            status, result = 200, await self._act(name, owner, said)
        except ApiError as err:
            status, result = err.status, err.body()
            retry = {} if err.retry_after_s is None else {"Retry-After": str(err.retry_after_s)}
            headers = {**self.access.headers(owner), **retry}
            return self._json(result, status, headers)
        except _DroppedError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        await self._travel()
        return self._json(result, status, self.access.headers(owner))

    def _json(self, result: object, status: int, headers: dict[str, str]) -> web.Response:
        return web.Response(
            body=msgspec.json.encode(result),
            status=status,
            headers=headers,
            content_type="application/json",
        )

    def _admit(self, handler: Handler, key: str | None, said: dict[str, str], payload: str) -> int:
        """Check who calls; return whose request it is."""
        now_ms = self._now_ms()
        owner = 0 if handler.security == "none" else self.access.owner(key)
        self.access.count(now_ms, handler.weight, owner, handler.orders)
        if handler.security == "signed":
            self.access.check_signature(key or "", payload, said.get("signature"))
            self.access.check_time(said, now_ms)
        return owner

    async def _act(self, name: str, owner: int, said: dict[str, str]) -> object:
        faults = self.faults
        is_hit = name in CHANGES
        if is_hit:
            faults.roll()
        if is_hit and faults.take("bans"):
            raise ApiError(-1003, "Too many requests.", status=429, retry_after_s=1)
        if is_hit and faults.take("drops_before"):
            raise _DroppedError
        if is_hit and faults.take("delays"):
            self._spawn(self._act_late(name, owner, said))
            raise _DroppedError
        result = self._do(name, owner, said)
        if is_hit and faults.take("drops_after"):
            raise _DroppedError
        if is_hit and faults.take("unknown_states"):
            raise ApiError(-1000, _UNKNOWN_STATE, status=503)
        return result

    async def _act_late(self, name: str, owner: int, said: dict[str, str]) -> None:
        await asyncio.sleep(_LATE_S)
        with contextlib.suppress(ApiError):
            self.access.check_time(said, self._now_ms())
            self._do(name, owner, said)

    def _do(self, name: str, owner: int, said: dict[str, str]) -> object:
        try:
            return HANDLERS[name].act(Asked(self, owner, said, self._now_ms()))
        finally:
            self._publish()

    async def _travel(self) -> None:
        if self.config.latency_ms:
            await asyncio.sleep(self.config.latency_ms / 1_000)

    async def _serve_api(self, request: web.Request) -> web.StreamResponse:
        connection = await self._accept(request)
        requests: set[asyncio.Task[None]] = set()
        try:
            async for message in connection.socket:
                if message.type == WSMsgType.TEXT:
                    task = asyncio.create_task(self._answer(connection, message.data))
                    requests.add(task)
                    task.add_done_callback(requests.discard)
        finally:
            await self._leave(connection)
        return connection.socket

    async def _answer(self, connection: Connection, text: str) -> None:
        asked = msgspec.json.decode(text)
        said = {name: _text(value) for name, value in (asked.get("params") or {}).items()}
        method, owner = asked.get("method", ""), 0
        try:
            await self._travel()
            if method.startswith("userDataStream.") and method not in HANDLERS:
                result: object = self._subscription(connection, method, said)
            else:
                handler, payload = _handler(method), sorted_payload(said)
                owner = self._admit(handler, said.get("apiKey"), said, payload)
                result = await self._act(method, owner, said)
            answer = {"id": asked.get("id"), "status": 200, "result": result}
        except ApiError as err:
            answer = {"id": asked.get("id"), "status": err.status, "error": err.body()}
        except _DroppedError:
            connection.abort()
            return
        await self._travel()
        connection.send({**answer, "rateLimits": self.access.limits(owner)})

    def _subscription(self, connection: Connection, method: str, said: dict[str, str]) -> object:
        if method == "userDataStream.unsubscribe":
            connection.owners.clear()
            return {}
        if method != "userDataStream.subscribe.signature":
            raise ApiError(-1000, "Log on with an Ed25519 key first.", status=400)
        handler = Handler("", "", 2, "signed", lambda asked: None)
        owner = self._admit(handler, said.get("apiKey"), said, sorted_payload(said))
        self._subscriptions += 1
        connection.owners[owner] = self._subscriptions
        return {"subscriptionId": self._subscriptions}

    async def _serve_stream(self, request: web.Request) -> web.StreamResponse:
        names = request.match_info.get("streams", "") or request.query.get("streams", "")
        streams = [name for name in names.split("/") if name]
        connection = await self._accept(request)
        connection.is_combined = request.path == "/stream"
        try:
            for name in streams:
                self._subscribe(connection, name)
            async for message in connection.socket:
                if message.type == WSMsgType.TEXT:
                    self._change_streams(connection, msgspec.json.decode(message.data))
        finally:
            await self._leave(connection)
        return connection.socket

    def _change_streams(self, connection: Connection, asked: dict[str, Any]) -> None:
        names, result = list(asked.get("params") or ()), None
        if asked.get("method") == "SUBSCRIBE":
            for name in names:
                self._subscribe(connection, name)
        elif asked.get("method") == "UNSUBSCRIBE":
            connection.streams.difference_update(names)
        elif asked.get("method") == "LIST_SUBSCRIPTIONS":
            result = sorted(connection.streams)
        connection.send({"result": result, "id": asked.get("id")})

    def _subscribe(self, connection: Connection, name: str) -> None:
        """Let a connection listen to a stream; the name of a user stream is its listen key."""
        if "@" in name:
            connection.streams.add(name)
            return
        try:
            connection.owners = {self.keys.owner(name): 0}
            connection.listen_key = name
        except ApiError:
            # As the venue: it opens, and nothing ever comes.
            connection.listen_key = ""

    async def _accept(self, request: web.Request) -> Connection:
        socket = web.WebSocketResponse(heartbeat=None, max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = Connection(socket, request.transport, self.config.queue_max)
        self._connections.add(connection)
        return connection

    async def _leave(self, connection: Connection) -> None:
        self._connections.discard(connection)
        await connection.close()

    def _publish(self) -> None:
        """Hand what happened to the connections that listen."""
        user_events, self.market.user_events = self.market.user_events, []
        market_events, self.market.market_events = self.market.market_events, []
        for owner, event in user_events:
            for connection in list(self._connections):
                if owner in connection.owners and not self.faults.mutes_reports:
                    for _ in range(2 if self.faults.repeats_reports else 1):
                        connection.send_user(owner, event, self.config.latency_ms / 1_000)
        for event in market_events:
            self._tell(f"{event['s'].lower()}@{event.get('e', 'bookTicker')}", event)

    def _tell(self, stream: str, event: dict[str, Any]) -> None:
        for connection in list(self._connections):
            connection.send_stream(stream, event)

    async def _tell_depth(self, speed_ms: int) -> None:
        suffix = "" if speed_ms == max(_SPEEDS_MS) else f"@{speed_ms}ms"
        while True:
            await asyncio.sleep(speed_ms / 1_000)
            for symbol in self.market.symbols.values():
                diff = symbol.diff(speed_ms, self._now_ms())
                if diff is not None and not (suffix and self.faults.take("depth_gaps")):
                    self._tell(f"{symbol.name.lower()}@depth{suffix}", diff)

    async def _expire_keys(self) -> None:
        while True:
            await asyncio.sleep(min(1.0, self.config.listen_key_age_s / 10))
            for key in self.keys.expired(self._now_ms()):
                for connection in list(self._connections):
                    if connection.listen_key == key:
                        event = {"e": "listenKeyExpired", "E": self._now_ms(), "listenKey": key}
                        connection.send(event)
                        connection.listen_key, connection.owners = "", {}

    async def _trade(self) -> None:
        while self.house.is_open:
            await asyncio.sleep(self.config.house_interval_ms / 1_000)
            with contextlib.suppress(ApiError):
                self.house.trade(self._now_ms())
            self._publish()


def _handler(name: str) -> Handler:
    if name not in HANDLERS:
        raise ApiError(-1000, "There is no such request here.", status=404)
    return HANDLERS[name]


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
