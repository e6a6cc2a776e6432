# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An OUCH 5.0 port over SoupBinTCP, for many desks on one connection.

Orders are gathered and sent together by `flush`. Answers go to the desk that asked, by the
UserRefNum; those about orders of an earlier connection belong to nobody and are dropped.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from onetape.config import Secret
from onetape.errors import SessionError, VenueError, WireError
from onetape.events import Side
from onetape.sim.crowd._desk import (
    Accepted,
    Answer,
    Canceled,
    Desk,
    Entering,
    Filled,
    Rejected,
    Replaced,
)
from onetape.wire import ouch50, soup

_LETTERS = {Side.BUY: "B", Side.SELL: "S"}
#: Liquidity flags that say that the order had rested.
_MAKER_FLAGS = frozenset("AJkuNe78")
_DAY, _IOC = "0", "3"
_POST_ONLY = (ouch50.tags.PostOnly("P"),)
_LOGIN_S = 5.0


@dataclass(frozen=True)
class PortPlace:
    """Where a port is, and how to log in.

    Attributes:
        username: Its name.
        host: Address.
        port: TCP port.
        password: Its password.
    """

    username: str
    host: str
    port: int
    password: Secret


class OuchPort(asyncio.Protocol):
    """One connection.

    Args:
        place: Where to, and as whom.
    """

    def __init__(self, place: PortPlace) -> None:
        self.place = place
        #: Why the connection ended; empty while it stands.
        self.ended = ""
        self._desks: dict[int, Desk] = {}
        self._next = 0
        self._out = bytearray()
        self._transport: asyncio.Transport | None = None
        self._ready: asyncio.Future[None] | None = None
        now_ns = time.monotonic_ns()
        login = soup.LoginRequest(place.username, place.password.reveal(), sequence=0)
        self._soup = soup.Client(login, now_ns=now_ns)

    async def connect(self) -> None:
        """Connect, log in, and learn which number comes next.

        Raises:
            VenueError: If nobody listens there, the login is refused, or no answer comes.
        """
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        where = f"{self.place.host}:{self.place.port}"
        try:
            await loop.create_connection(lambda: self, self.place.host, self.place.port)
            await asyncio.wait_for(self._ready, _LOGIN_S)
        except TimeoutError as err:
            raise VenueError(
                f"port {self.place.username} at {where}: no answer to the login in {_LOGIN_S} s",
                code="CRD-004",
                hint="is it an OUCH 5.0 port over SoupBinTCP?",
                retryable=True,
            ) from err
        except OSError as err:
            raise VenueError(
                f"cannot connect to {where}: {err.strerror or err}",
                code="CRD-003",
                hint="start the exchange first: onetape exchange CONFIG.toml",
                retryable=True,
            ) from err

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Log in."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._soup.login(time.monotonic_ns()))

    def data_received(self, data: bytes) -> None:
        """Take in bytes, and tell the desks what they say."""
        try:
            for event in self._soup.receive(time.monotonic_ns(), data):
                self._hear(event)
        except (WireError, SessionError) as err:
            self._end(err.message)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember that it ended."""
        self._end(str(exc) if exc else "the exchange closed the connection")

    def _end(self, why: str) -> None:
        self.ended = self.ended or why
        if self._transport is not None:
            self._transport.close()
        if self._ready is not None and not self._ready.done():
            self._ready.set_exception(
                VenueError(
                    f"port {self.place.username} at {self.place.host}:{self.place.port}: {why}",
                    code="CRD-004",
                    hint="check user name, password and protocol of the port",
                )
            )

    def _hear(self, event: soup.Event) -> None:
        match event.packet:
            case soup.LoginAccepted():
                # Numbers go on over the connections of a day: ask where they stand.
                self._put(ouch50.AccountQueryRequest())
                self.flush()
            case soup.LoginRejected(reason):
                self._end(f"the login was refused ({reason})")
            case soup.Sequenced(message) | soup.Unsequenced(message):
                self._take(ouch50.decode_outbound(message))
            case soup.EndOfSession():
                self._end("the session ended")
            case _:
                pass

    def _take(self, message: ouch50.Message) -> None:
        if isinstance(message, ouch50.AccountQueryResponse):
            self._next = message.next_user_ref_num
            if self._ready is not None and not self._ready.done():
                self._ready.set_result(None)
            return
        answer = answer_of(message)
        if answer is None:
            return
        known = answer.old_number if isinstance(answer, Replaced) else answer.number
        if desk := self._desks.get(known):
            desk.hear(answer)

    def enter(self, desk: Desk, order: Entering) -> int:
        """Send an order; see `Port`."""
        number = self._numbered(desk)
        self._put(
            ouch50.EnterOrderRequest(
                user_ref_num=number,
                side=_LETTERS[order.side],
                quantity=order.qty_lots,
                symbol=order.symbol,
                price_e4=order.price_ticks,
                time_in_force=_IOC if order.is_ioc else _DAY,
                display="Y",
                capacity="P",
                sweep_eligibility="N",
                cross_type="N",
                cl_ord_id="",
                tags=_POST_ONLY if order.is_post_only else (),
            )
        )
        return number

    def replace(self, desk: Desk, number: int, price_ticks: int, total_lots: int) -> int:
        """Replace an order; see `Port`."""
        new = self._numbered(desk)
        self._put(
            ouch50.ReplaceOrderRequest(
                original_user_ref_num=number,
                user_ref_num=new,
                quantity=total_lots,
                price_e4=price_ticks,
                time_in_force=_DAY,
                display="Y",
                sweep_eligibility="N",
                cl_ord_id="",
            )
        )
        return new

    def cancel(self, number: int) -> None:
        """Cancel an order; see `Port`."""
        self._put(ouch50.CancelOrderRequest(number, 0))

    def _numbered(self, desk: Desk) -> int:
        number = self._next
        self._next += 1
        self._desks[number] = desk
        return number

    def _put(self, message: ouch50.Message) -> None:
        data = ouch50.encode(message)
        self._out += self._soup.send_unsequenced(time.monotonic_ns(), data)

    @property
    def waiting_bytes(self) -> int:
        """Bytes that the network has not taken yet."""
        return self._transport.get_write_buffer_size() if self._transport else 0

    def flush(self) -> None:
        """Send what was gathered, and what keeps the link alive."""
        if self._transport is None or self.ended:
            self._out.clear()
            return
        try:
            self._out += self._soup.poll(time.monotonic_ns())
        except SessionError as err:
            self._end(err.message)
            return
        if self._out:
            self._transport.write(bytes(self._out))
            self._out.clear()

    def leave(self) -> None:
        """Log out and close."""
        if self._transport is not None and not self.ended:
            self._transport.write(self._soup.logout(time.monotonic_ns()))
            self.ended = "left"
            self._transport.close()


def answer_of(message: ouch50.Message) -> Answer | None:  # noqa: PLR0911 - one a message
    """Return what an OUCH message means to a desk; None for what does not concern it."""
    match message:
        case ouch50.OrderAccepted():
            return Accepted(
                message.user_ref_num, message.price_e4, message.quantity, message.order_state == "L"
            )
        case ouch50.OrderReplaced():
            return Replaced(
                message.original_user_ref_num,
                message.user_ref_num,
                message.price_e4,
                message.quantity,
                message.order_state == "L",
            )
        case ouch50.OrderCanceled():
            return Canceled(message.user_ref_num, message.quantity, message.reason)
        case ouch50.AiqCanceled():
            return Canceled(message.user_ref_num, message.decrement_shares, message.reason)
        case ouch50.OrderExecuted():
            is_maker = message.liquidity_flag in _MAKER_FLAGS
            return Filled(message.user_ref_num, message.price_e4, message.quantity, is_maker)
        case ouch50.Rejected():
            return Rejected(message.user_ref_num, str(message.reason))
        case _:
            return None
