# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A plain exchange on a real socket: SoupBinTCP and OUCH 5.0 around the plain port's book."""

from __future__ import annotations

import asyncio
import time

from tests.models.plain_port import PlainPort

from onetape.events import Side
from onetape.sim.crowd import (
    Accepted,
    Answer,
    Canceled,
    Entering,
    Filled,
    Rejected,
    Replaced,
)
from onetape.wire import ouch50, soup

PASSWORD = "secret"


class _Numbered:
    """Stands for a client's desk: remembers the client's number of the plain port's."""

    def __init__(self, connection: _Connection) -> None:
        self.connection = connection

    def hear(self, answer: Answer) -> None:
        self.connection.say(answer)


class _Connection(asyncio.Protocol):
    def __init__(self, exchange: PlainOuch) -> None:
        self.exchange = exchange
        self.soup = soup.Server(now_ns=time.monotonic_ns())
        self.desk = _Numbered(self)
        self.theirs: dict[int, int] = {}
        self.ours: dict[int, int] = {}
        self.orders: dict[int, ouch50.EnterOrderRequest] = {}

    def connection_made(self, transport) -> None:
        self.transport = transport
        self.exchange.connections.append(self)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic_ns()
        for event in self.soup.receive(now, data):
            match event.packet:
                case soup.LoginRequest(_, password):
                    good = password.strip() == PASSWORD
                    answer = self.soup.accept(now, "DAY", 1) if good else self.soup.reject(now, "A")
                    self.transport.write(answer)
                case soup.Unsequenced(message):
                    self._take(ouch50.decode_inbound(message))
                    self.exchange.book.settle()

    def _take(self, message: ouch50.Message) -> None:
        book = self.exchange.book
        match message:
            case ouch50.AccountQueryRequest():
                self._send(ouch50.AccountQueryResponse(0, self.exchange.first_number))
            case ouch50.EnterOrderRequest():
                self.exchange.entered += 1
                entering = Entering(
                    message.symbol,
                    Side.BUY if message.side == "B" else Side.SELL,
                    message.price_e4,
                    message.quantity,
                    is_ioc=message.time_in_force == "3",
                )
                self._know(message.user_ref_num, book.enter(self.desk, entering))
                self.orders[message.user_ref_num] = message
            case ouch50.ReplaceOrderRequest():
                ours = self.ours[message.original_user_ref_num]
                given = (message.price_e4, message.quantity)
                self._know(message.user_ref_num, book.replace(self.desk, ours, *given))
                self.orders[message.user_ref_num] = self.orders[message.original_user_ref_num]
            case ouch50.CancelOrderRequest():
                book.cancel(self.ours[message.user_ref_num])

    def _know(self, theirs: int, ours: int) -> None:
        self.ours[theirs], self.theirs[ours] = ours, theirs

    def say(self, answer: Answer) -> None:
        theirs = self.theirs[answer.number]
        match answer:
            case Accepted():
                self._send(self._accepted(theirs, answer))
            case Replaced():
                asked = self.orders[theirs]
                self._send(
                    ouch50.OrderReplaced(
                        0, self.theirs[answer.old_number], theirs, asked.side, answer.qty_lots,
                        asked.symbol, answer.price_ticks, "0", "Y", answer.number, "P", "N", "N",
                        "L", "",
                    )
                )  # fmt: skip
            case Canceled():
                self._send(ouch50.OrderCanceled(0, theirs, answer.qty_lots, "U"))
            case Filled():
                flag = "A" if answer.is_maker else "R"
                self._send(
                    ouch50.OrderExecuted(0, theirs, answer.qty_lots, answer.price_ticks, flag, 1)
                )
            case Rejected():
                self._send(ouch50.Rejected(0, theirs, 1, ""))

    def _accepted(self, theirs: int, answer: Accepted) -> ouch50.Message:
        asked = self.orders.get(theirs)
        side, symbol = (asked.side, asked.symbol) if asked else ("B", "ONE")
        return ouch50.OrderAccepted(
            0, theirs, side, answer.qty_lots, symbol, answer.price_ticks, "0", "Y", answer.number,
            "P", "N", "N", "L", "",
        )  # fmt: skip

    def _send(self, message: ouch50.Message) -> None:
        data = ouch50.encode(message)
        self.transport.write(self.soup.send_sequenced(time.monotonic_ns(), data))


class PlainOuch:
    """Listens on a port of its own; `async with` it."""

    def __init__(self, first_number: int = 1) -> None:
        self.book = PlainPort()
        self.entered = 0
        self.first_number = first_number
        self.connections: list[_Connection] = []

    async def __aenter__(self) -> PlainOuch:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.port: int = self.server.sockets[0].getsockname()[1]
        return self

    def drop(self) -> None:
        """Close every connection, as a crash would."""
        for connection in self.connections:
            connection.transport.close()

    async def __aexit__(self, *_: object) -> None:
        self.drop()
        self.server.close()
        await asyncio.sleep(0)
