# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A client of an OUCH 5.0 port, for asyncio: orders out, typed messages in.

```python
async with OuchClient(OuchPlace("FIRM01", Secret("…"), "127.0.0.1", 26400)) as client:
    number = client.enter("AAPL", "B", 100, 1_500_000)
    async for event in client:
        print(event.sequence, event.message)
```

After a break, `reconnect` takes up at the message after the last one received: nothing is lost,
nothing comes twice. A request may be sent again with the number it had: it is acted on once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from onetape.config import Secret
from onetape.errors import VenueError, WireError
from onetape.exchange.ouch_session import Event, OuchSession, with_channel
from onetape.wire import ouch50

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

EVENTS_MAX = 65_536
"""Messages that may wait to be read; beyond it the connection is closed, to be resumed."""
WAITING_BYTES_MAX = 1 << 20
"""Bytes that may wait for the network; beyond it requests are refused."""
_POLL_S = 0.25
_LOGIN_S = 5.0


@dataclass(frozen=True)
class OuchPlace:
    """Where a port is, and how to log in.

    Attributes:
        username: Its name, at most 6 characters.
        password: Its password, at most 10 characters.
        host: Address.
        port: TCP port.
    """

    username: str
    password: Secret
    host: str
    port: int


class OuchClient:
    """One port.

    Args:
        place: Where it is, and who we are.
        sequence: Number of the first message wanted: 1 for all of the day, 0 for new ones only.
        events_max: Messages that may wait to be read.
    """

    def __init__(
        self, place: OuchPlace, *, sequence: int = 0, events_max: int = EVENTS_MAX
    ) -> None:
        self.place = place
        self._session = OuchSession(place.username, place.password.reveal(), sequence=sequence)
        self._events: deque[Event] = deque()
        self._events_max = events_max
        self._news = asyncio.Event()
        self._link: _Link | None = None
        self._beat: asyncio.Task[None] | None = None
        self._queries: list[asyncio.Future[int]] = []
        self._failure: VenueError | None = None
        self._is_left = False

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def connect(self) -> None:
        """Connect, log in, and learn which number comes next.

        Raises:
            VenueError: If nobody listens there (EXC-040), or the login is refused or not answered
                (EXC-041).
        """
        where = f"{self.place.host}:{self.place.port}"
        self._failure, self._is_left = None, False
        self._news.clear()
        loop = asyncio.get_running_loop()
        self._session.begin(self._now_ns())
        try:
            _, link = await loop.create_connection(
                lambda: _Link(self), self.place.host, self.place.port
            )
        except OSError as err:
            raise VenueError(
                f"cannot connect to {where}: {err.strerror or err}",
                code="EXC-040",
                hint="start the exchange first: onetape exchange CONFIG.toml",
                retryable=True,
            ) from err
        self._link = link
        self._flush()
        try:
            await asyncio.wait_for(self._logged_in(), _LOGIN_S)
        except TimeoutError:
            self._fail(f"no answer to the login in {_LOGIN_S} s")
        if self._failure is not None:
            raise VenueError(
                f"port {self.place.username} at {where}: {self._failure.message}",
                code="EXC-041",
                hint="check user name, password and protocol of the port",
            )
        self._beat = loop.create_task(self._keep_alive())

    async def reconnect(self) -> None:
        """Connect again, from the message after the last one received: see `connect`."""
        self._drop()
        await self.connect()

    async def close(self) -> None:
        """Log out and close; messages that were received can still be read."""
        self._is_left = True
        if self._link is not None:
            self._session.leave(self._now_ns())
            self._flush()
        self._drop()
        await asyncio.sleep(0)

    @property
    def next_sequence(self) -> int:
        """Number of the next message of the session."""
        return self._session.next_sequence

    @property
    def is_connected(self) -> bool:
        """Whether the login stands."""
        return self._link is not None and self._failure is None and self._session.is_active

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Event:
        """Return the next message.

        Raises:
            VenueError: If the connection was lost (EXC-042) or its reader was too slow (EXC-043);
                `reconnect` takes up from there.
        """
        while not self._events:
            if self._is_left or self._session.ended:
                raise StopAsyncIteration
            if self._failure is not None:
                raise self._failure
            self._news.clear()
            await self._news.wait()
        return self._events.popleft()

    async def next_event(self, timeout_s: float = 5.0) -> Event:
        """Return the next message, or raise TimeoutError after `timeout_s` seconds."""
        return await asyncio.wait_for(anext(self), timeout_s)

    def enter(
        self,
        symbol: str,
        side: str,
        quantity: int,
        price_e4: int,
        *,
        time_in_force: str = "0",
        display: str = "Y",
        capacity: str = "P",
        cross_type: str = "N",
        cl_ord_id: str = "",
        channel: int = 0,
        tags: Sequence[ouch50.tags.Tag] = (),
    ) -> int:
        """Enter an order.

        Args:
            symbol: At most 8 characters.
            side: `B`, `S`, `T` or `E`.
            quantity: Shares, 1 to 999,999.
            price_e4: Limit in 1/10,000; `ouch50.MARKET_PRICE_E4` for none.
            time_in_force: `0` day, `3` immediate or cancel, `6` with `tags.ExpireTime`.
            display: `Y`, `N` or `A`.
            capacity: `A`, `P`, `R` or `O`.
            cross_type: `N`, `O` or `C`.
            cl_ord_id: Text to be given back, at most 14 characters.
            channel: Channel of the port, 0 to 255.
            tags: What else it says, of `ouch50.tags`.

        Returns:
            Its UserRefNum: its name in every message about it.

        Raises:
            VenueError: If there is no connection (EXC-042), or it takes no more (EXC-044).
            WireError: If a value does not fit its field; no number is used up.
        """
        order = ouch50.EnterOrderRequest(
            user_ref_num=self._session.next_number(channel),
            side=side,
            quantity=quantity,
            symbol=symbol,
            price_e4=price_e4,
            time_in_force=time_in_force,
            display=display,
            capacity=capacity,
            sweep_eligibility="N",
            cross_type=cross_type,
            cl_ord_id=cl_ord_id,
            tags=with_channel(tags, channel),
        )
        return self._ask(order, channel)

    def replace(
        self,
        number: int,
        quantity: int,
        price_e4: int,
        *,
        time_in_force: str = "0",
        display: str = "Y",
        cl_ord_id: str = "",
        channel: int = 0,
        tags: Sequence[ouch50.tags.Tag] = (),
    ) -> int:
        """Replace order `number` by one of `quantity` shares, those that executed included.

        Returns:
            The UserRefNum of the new order. For errors see `enter`.
        """
        order = ouch50.ReplaceOrderRequest(
            original_user_ref_num=number,
            user_ref_num=self._session.next_number(channel),
            quantity=quantity,
            price_e4=price_e4,
            time_in_force=time_in_force,
            display=display,
            sweep_eligibility="N",
            cl_ord_id=cl_ord_id,
            tags=with_channel(tags, channel),
        )
        return self._ask(order, channel)

    def cancel(self, number: int, quantity: int = 0, *, channel: int = 0) -> None:
        """Shrink order `number` to `quantity` shares, those that executed included; 0: cancel."""
        tags = with_channel((), channel) or None
        self.send(ouch50.CancelOrderRequest(number, quantity, tags))

    def modify(self, number: int, side: str, quantity: int, *, channel: int = 0) -> None:
        """Mark order `number` as another kind of sale, with at most the shares it has."""
        tags = with_channel((), channel) or None
        self.send(ouch50.ModifyOrderRequest(number, side, quantity, tags))

    def mass_cancel(
        self,
        firm: str = "",
        symbol: str = "",
        *,
        channel: int = 0,
        tags: Sequence[ouch50.tags.Tag] = (),
    ) -> int:
        """Cancel all orders of a firm, or those of a symbol; more by `tags`.

        Returns:
            The request's UserRefNum. For errors see `enter`.
        """
        number = self._session.next_number(channel)
        tags = with_channel(tags, channel)
        return self._ask(ouch50.MassCancelRequest(number, firm, symbol, tags), channel)

    def set_entry(self, enabled: bool, firm: str = "", *, channel: int = 0) -> int:
        """Have new orders of a firm refused, or taken again.

        Returns:
            The request's UserRefNum. For errors see `enter`.
        """
        number, tags = self._session.next_number(channel), with_channel((), channel)
        if enabled:
            return self._ask(ouch50.EnableOrderEntryRequest(number, firm, tags), channel)
        return self._ask(ouch50.DisableOrderEntryRequest(number, firm, tags), channel)

    async def query(self, *, channel: int = 0, timeout_s: float = _LOGIN_S) -> int:
        """Ask which number the exchange expects next on a channel.

        Returns:
            The least number that no request used. Its message is among the events as well.

        Raises:
            VenueError: If there is no connection, or it is lost (EXC-042).
            TimeoutError: If no answer comes in `timeout_s` seconds.
        """
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._queries.append(answer)
        self.send(ouch50.AccountQueryRequest(with_channel((), channel) or None))
        return await asyncio.wait_for(answer, timeout_s)

    def send(self, message: ouch50.Message) -> None:
        """Send any message as it is: for what has no method here, or a request once more.

        Raises:
            VenueError: If there is no connection (EXC-042), or it takes no more (EXC-044).
            WireError: If a value does not fit its field.
        """
        if self._link is None or self._failure is not None:
            raise self._failure or _lost("there is no connection")
        if self._link.waiting_bytes > WAITING_BYTES_MAX:
            raise VenueError(
                f"{self._link.waiting_bytes} bytes wait to be sent: at most {WAITING_BYTES_MAX}",
                code="EXC-044",
                hint="the exchange does not read, or the network is slow: ask less",
                retryable=True,
            )
        self._session.send(self._now_ns(), message)
        self._link.flush_soon()

    def _ask(self, message: ouch50.Message, channel: int) -> int:
        """Send a request that uses up the channel's next number."""
        self.send(message)
        return self._session.number(channel)

    @staticmethod
    def _now_ns() -> int:
        return int(asyncio.get_running_loop().time() * 1e9)

    async def _logged_in(self) -> None:
        """Wait until the login is answered, and the number known."""
        while not self._session.is_active:
            if self._session.ended:
                self._fail(self._session.ended)
            if self._failure is not None:
                return
            self._news.clear()
            await self._news.wait()
        try:
            await self.query()
        except VenueError as err:
            self._fail(err.message)

    async def _keep_alive(self) -> None:
        while self._failure is None:
            try:
                self._session.poll(self._now_ns())
            except WireError as err:
                self._fail(err.message)
                return
            self._flush()
            await asyncio.sleep(_POLL_S)

    def _received(self, data: bytes) -> None:
        """Bytes from the exchange."""
        if self._failure is not None:
            return
        try:
            events = self._session.receive(self._now_ns(), data)
        except WireError as err:
            self._fail(err.message)
            return
        for event in events:
            self._events.append(event)
            message = event.message
            if isinstance(message, ouch50.AccountQueryResponse) and self._queries:
                waiting = self._queries.pop(0)
                if not waiting.done():
                    waiting.set_result(message.next_user_ref_num)
        if len(self._events) > self._events_max:
            text = f"{len(self._events)} messages wait to be read: at most {self._events_max}"
            hint = "read what came, then reconnect: the rest comes from there"
            self._fail(text, VenueError(text, code="EXC-043", hint=hint, retryable=True))
        self._news.set()

    def _fail(self, why: str, error: VenueError | None = None) -> None:
        """The connection is of no use any more."""
        if self._failure is None:
            self._failure = error or _lost(why)
        self._drop()

    def _drop(self) -> None:
        """Close what is open; wake who waits."""
        link, self._link = self._link, None
        if link is not None:
            link.close()
        beat, self._beat = self._beat, None
        if beat is not None and beat is not asyncio.current_task():
            beat.cancel()
        for waiting in self._queries:
            if not waiting.done():
                waiting.set_exception(self._failure or _lost("the connection was closed"))
        self._queries.clear()
        self._news.set()

    def _flush(self) -> None:
        if self._link is not None:
            self._link.write(self._session.take())


def _lost(why: str) -> VenueError:
    hint = "reconnect: it takes up at the next message"
    return VenueError(why, code="EXC-042", hint=hint, retryable=True)


class _Link(asyncio.Protocol):
    """The socket. What is sent within one turn of the loop leaves together."""

    def __init__(self, client: OuchClient) -> None:
        self._client = client
        self._transport: asyncio.Transport | None = None
        self._is_scheduled = False
        self._is_closed = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._client._received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._is_closed:
            self._client._fail(str(exc) if exc else "the exchange closed the connection")

    @property
    def waiting_bytes(self) -> int:
        return self._transport.get_write_buffer_size() if self._transport else 0

    def flush_soon(self) -> None:
        if not self._is_scheduled:
            self._is_scheduled = True
            asyncio.get_running_loop().call_soon(self._flush_now)

    def _flush_now(self) -> None:
        self._is_scheduled = False
        if not self._is_closed:
            self._client._flush()

    def write(self, data: bytes) -> None:
        if data and self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        self._is_closed = True
        if self._transport is not None:
            self._transport.close()


__all__ = ["EVENTS_MAX", "WAITING_BYTES_MAX", "Event", "OuchClient", "OuchPlace"]
