# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Best prices from the exchange's ITCH feed: both lines, what was lost asked for again.

A late listener asks for everything from the first message. What cannot be had is given up after a
second; a price that then looks wrong is a guess like any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from onetape.book import Book, Books
from onetape.errors import BookError, WireError
from onetape.events import Side
from onetape.wire import itch, mold

_HELD_MAX = 4_096
_ASK_MAX = 60_000
_ASK_AGAIN_NS = 20_000_000
_GIVE_UP_NS = 1_000_000_000


@dataclass(frozen=True)
class FeedPlace:
    """Where a feed is.

    Attributes:
        lines: Group or host, and port, of each line.
        interface: Address of the interface to listen on.
        rerequest: Where lost messages are asked for; None: nowhere.
    """

    lines: Sequence[tuple[str, int]]
    interface: str
    rerequest: tuple[str, int] | None


class Listener:
    """Books of everything the feed says, and their best prices. See `Best`."""

    def __init__(self) -> None:
        self.messages = 0
        self.lost = 0
        self._books = Books(orders_max=1 << 18, instruments_max=1 << 12)
        self._ids: dict[str, int] = {}
        self._tracker: mold.SequenceTracker | None = None
        self._held: dict[int, mold.Packet] = {}
        self._session = ""
        self._asked_ns = self._gap_since_ns = self._asked_first = 0

    def touch(self, symbol: str) -> tuple[int | None, int | None]:
        """Return best bid and best ask in ticks; None where there is none."""
        book = self.book(symbol)
        if book is None:
            return None, None
        bid, ask = book.best_bid, book.best_ask
        return bid and bid.price_ticks, ask and ask.price_ticks

    def book(self, symbol: str) -> Book | None:
        """Return an instrument's book; None before the feed has named it."""
        number = self._ids.get(symbol)
        return None if number is None else self._books[number]

    def take(self, data: bytes, now_ns: int) -> mold.Request | None:
        """Take in a packet; return what to ask the re-request server for, if anything is.

        Args:
            data: The packet, from either line or from the re-request server.
            now_ns: The time, in ns of any clock that never goes back.
        """
        packet = mold.decode(data)
        if self._tracker is None:
            self._session = packet.session
            self._tracker = mold.SequenceTracker(packet.session, 1)
        self._offer(packet)
        for sequence in sorted(self._held):
            if sequence > (self._tracker.next_sequence or 0):
                break
            self._offer(self._held.pop(sequence))
        if not self._held:
            self._gap_since_ns = 0
            return None
        return self._missing(now_ns)

    def _offer(self, packet: mold.Packet) -> None:
        assert self._tracker is not None
        arrival = self._tracker.observe(packet)
        if arrival.kind == "gap":
            if len(self._held) < _HELD_MAX:
                self._held[packet.sequence] = packet
        elif arrival.kind == "deliver":
            for message in packet.messages[arrival.skip :]:
                self._apply(itch.decode(message))

    def _missing(self, now_ns: int) -> mold.Request | None:
        assert self._tracker is not None
        first, until = self._tracker.next_sequence or 1, min(self._held)
        self._gap_since_ns = self._gap_since_ns or now_ns
        if now_ns - self._gap_since_ns > _GIVE_UP_NS and now_ns - self._asked_ns > _ASK_AGAIN_NS:
            self.lost += until - first
            self._tracker.accept_gap(until)
            self._gap_since_ns = 0
            return None
        if now_ns - self._asked_ns < _ASK_AGAIN_NS and self._asked_first == first:
            return None
        if first != self._asked_first:
            self._gap_since_ns = now_ns
        self._asked_ns, self._asked_first = now_ns, first
        return mold.Request(self._session, first, min(until - first, _ASK_MAX))

    def _apply(self, message: itch.Message) -> None:
        self.messages += 1
        # After a loss the feed may speak of orders that we have not heard of.
        with contextlib.suppress(BookError):
            match message:
                case itch.StockDirectory():
                    self._ids[message.stock] = message.stock_locate
                    self._books.define(message.stock_locate, step_ticks=100)
                case itch.AddOrder() | itch.AddOrderMpid():
                    self._books.add(
                        message.stock_locate,
                        message.order_ref,
                        Side.BUY if message.side == "B" else Side.SELL,
                        message.price_e4,
                        message.shares,
                    )
                case itch.OrderExecuted() | itch.OrderExecutedWithPrice():
                    self._books.execute(message.order_ref, message.executed_shares)
                case itch.OrderCancel():
                    self._books.reduce(message.order_ref, message.canceled_shares)
                case itch.OrderDelete():
                    self._books.delete(message.order_ref)
                case itch.OrderReplace():
                    self._books.replace(
                        message.order_ref, message.new_order_ref, message.price_e4, message.shares
                    )
                case _:
                    pass


class _Line(asyncio.DatagramProtocol):
    """One socket: a line of the feed, or the re-request server's answers."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed

    def datagram_received(self, data: bytes, addr: tuple[str | int, ...]) -> None:
        """Pass a packet on."""
        del addr
        self.feed.take(data)


class Feed:
    """The sockets of a listener.

    Args:
        place: Where the feed is.
        listener: Who takes it in.
    """

    def __init__(self, place: FeedPlace, listener: Listener) -> None:
        self.place, self.listener = place, listener
        self.broken = 0
        self._transports: list[asyncio.DatagramTransport] = []
        self._asking: asyncio.DatagramTransport | None = None

    async def open(self) -> None:
        """Listen.

        Raises:
            OSError: If an address cannot be had.
        """
        loop = asyncio.get_running_loop()
        for host, port in self.place.lines:
            sock = line_socket(host, port, self.place.interface)
            transport, _ = await loop.create_datagram_endpoint(lambda: _Line(self), sock=sock)
            self._transports.append(transport)
        if self.place.rerequest:
            self._asking, _ = await loop.create_datagram_endpoint(
                lambda: _Line(self), remote_addr=self.place.rerequest
            )
            self._transports.append(self._asking)

    def take(self, data: bytes) -> None:
        """Take in a packet, and ask for what it shows to be missing."""
        try:
            request = self.listener.take(data, time.monotonic_ns())
        except WireError:
            self.broken += 1
            return
        if request and self._asking:
            self._asking.sendto(mold.encode_request(request))

    def close(self) -> None:
        """Stop listening."""
        for transport in self._transports:
            transport.close()


def line_socket(host: str, port: int, interface: str) -> socket.socket:
    """Return a socket that hears a line: a multicast group, or a port of this host."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    sock.setblocking(False)
    is_group = 224 <= int(host.split(".", maxsplit=1)[0]) <= 239 if host[:1].isdigit() else False  # noqa: PLR2004
    sock.bind((host, port))
    if is_group:
        member = socket.inet_aton(host) + socket.inet_aton(interface)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    return sock
