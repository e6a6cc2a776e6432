# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A plain OUCH 5.0 server: numbers what it says, says it again from any number, breaks on demand.

It accepts every order, knows no market, and ignores a number that is not above the last.
"""

from __future__ import annotations

import asyncio
import time

from onetape.wire import ouch50, soup

SESSION = "DAY"
PASSWORD = "secret"


class PlainOuchServer:
    """One port, one client at a time."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.heard: list[ouch50.Message] = []
        self.logins: list[soup.LoginRequest] = []
        self.last: dict[int, int] = {}
        self.is_mute = False
        self._link: _Link | None = None
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> PlainOuchServer:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Link(self), "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.break_off()
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        assert self._server is not None
        return self._server.sockets[0].getsockname()[1]

    def say(self, message: ouch50.Message) -> None:
        """Number a message; send it if somebody is there."""
        self.said.append(ouch50.encode(message))
        if self._link is not None:
            self._link.send_from(len(self.said))

    def break_off(self) -> None:
        """Cut the line, without a word."""
        if self._link is not None:
            self._link.transport.abort()
            self._link = None

    def end(self) -> None:
        """End the session for good."""
        assert self._link is not None
        link = self._link
        link.transport.write(link.soup.end_session(time.monotonic_ns()))
        link.transport.close()

    def take(self, link: _Link, message: ouch50.Message) -> None:
        """Answer a request."""
        self._link = link
        self.heard.append(message)
        index = ouch50.find(message, ouch50.tags.UserRefIndex)
        channel = index.value if index else 0
        tags = (index,) if index else None
        if isinstance(message, ouch50.AccountQueryRequest):
            self.say(ouch50.AccountQueryResponse(0, self.last.get(channel, 0) + 1, tags))
            return
        if isinstance(message, ouch50.CancelOrderRequest):
            self.say(ouch50.OrderCanceled(0, message.user_ref_num, 100, "U", tags))
            return
        number = message.user_ref_num  # type: ignore[attr-defined]
        if isinstance(message, ouch50.ModifyOrderRequest):
            self.say(ouch50.OrderModified(0, number, message.side, message.quantity, tags))
        elif number > self.last.get(channel, 0):
            self.last[channel] = number
            self.say(answer(message, tags or ()))


def answer(message: ouch50.Message, tags: tuple[ouch50.tags.Tag, ...]) -> ouch50.Message:
    """What a request with a new number is answered with."""
    match message:
        case ouch50.EnterOrderRequest():
            return ouch50.OrderAccepted(
                0,
                message.user_ref_num,
                message.side,
                message.quantity,
                message.symbol,
                message.price_e4,
                message.time_in_force,
                message.display,
                1,
                message.capacity,
                "N",
                message.cross_type,
                "L",
                message.cl_ord_id,
                tags,
            )
        case ouch50.ReplaceOrderRequest():
            fields = (message.quantity, "AAPL", message.price_e4, message.time_in_force)
            numbers = (message.original_user_ref_num, message.user_ref_num)
            return ouch50.OrderReplaced(
                0, *numbers, "B", *fields, message.display, 2, "P", "N", "N", "L", "", tags
            )
        case ouch50.MassCancelRequest(number, firm, symbol):
            return ouch50.MassCancelResponse(0, number, firm, symbol, tags)
        case ouch50.DisableOrderEntryRequest(number, firm):
            return ouch50.DisableOrderEntryResponse(0, number, firm, tags)
        case ouch50.EnableOrderEntryRequest(number, firm):
            return ouch50.EnableOrderEntryResponse(0, number, firm, tags)
    raise AssertionError(message)


class _Link(asyncio.Protocol):
    def __init__(self, server: PlainOuchServer) -> None:
        self.server = server
        self.soup = soup.Server(now_ns=time.monotonic_ns())
        self.transport = asyncio.Transport()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for event in self.soup.receive(time.monotonic_ns(), data):
            match event.packet:
                case soup.LoginRequest():
                    self._log_in(event.packet)
                case soup.Unsequenced(message):
                    self.server.take(self, ouch50.decode_inbound(message))
                case soup.LogoutRequest():
                    self.transport.close()

    def _log_in(self, login: soup.LoginRequest) -> None:
        now = time.monotonic_ns()
        self.server.logins.append(login)
        if self.server.is_mute:
            return
        if login.password != PASSWORD:
            self.transport.write(self.soup.reject(now, "A"))
            self.transport.close()
            return
        reason, first = self.soup.start_of_replay(SESSION, len(self.server.said) + 1)
        assert not reason
        self.transport.write(self.soup.accept(now, SESSION, first))
        self.server._link = self
        self.send_from(first)

    def send_from(self, first: int) -> None:
        for message in self.server.said[first - 1 :]:
            self.transport.write(self.soup.send_sequenced(time.monotonic_ns(), message))
