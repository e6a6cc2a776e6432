# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""One session of FIX 4.4 over one connection after another: logs on, stays alive, logs on again.

What of ours the peer missed is never sent again: it is told so by a gap fill.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from onetape.wire import fix

if TYPE_CHECKING:
    from onetape.config import Secret
    from onetape.live.adapters._adapter import Backoff
    from onetape.live.adapters.fix._counts import Counts
    from onetape.live.adapters.fix._requests import Fields

from onetape.live.adapters.fix import _requests as say

_READ_BYTES = 1 << 16
_LOOK_S = 0.05


class FixPlace(NamedTuple):
    """Where a session is, and how to log on.

    Attributes:
        address: Where the venue listens, as host:port.
        sender: Our CompID.
        target: The venue's CompID.
        username: Username (553); empty: none is sent.
        password: Password (554).
        heartbeat_s: Between heartbeats, in seconds.
        resets: Both ends count from 1 at each logon.
        connect_s: Longest that connecting may take, in seconds.
    """

    address: str
    sender: str
    target: str
    username: str
    password: Secret
    heartbeat_s: int
    resets: bool
    connect_s: float


class Peer(Protocol):
    """Hears what a session has to say; one thing at a time."""

    async def logged_on(self) -> None:
        """Take it that messages can be sent."""

    async def said(self, message: fix.Message) -> None:
        """Take a message of the application."""

    async def rejected(self, sequence: int) -> None:
        """Take it that the venue's session rejects a message of ours."""

    async def link_down(self, why: str, *, was_up: bool) -> None:
        """Take it that the connection is gone, or could not be made."""


class FixLink:
    """A session.

    Args:
        place: Where it is.
        peer: Who hears what it says.
        counts: Where its counts outlive the process; None: they do not.

    Attributes:
        is_up: We are logged on.
        turn: Held by whoever changes anything: counts kept never run ahead of what was handed in.
        messages_sent: How many messages were ever sent.
    """

    def __init__(self, place: FixPlace, peer: Peer, counts: Counts | None = None) -> None:
        self._place = place
        self._peer = peer
        self._counts = counts
        self._session = fix.Session(
            fix.SessionConfig(
                sender=place.sender.encode(),
                target=place.target.encode(),
                initiator=True,
                heartbeat_s=place.heartbeat_s,
                resets=place.resets,
            )
        )
        self._writer: asyncio.StreamWriter | None = None
        self.is_up = False
        self.turn = asyncio.Lock()
        self.messages_sent = 0
        kept = counts.load() if counts is not None else None
        if kept is not None:
            self._session.restore(kept[0])
            self.messages_sent = kept[1]
            self._session.closed()

    async def keep(self, backoff: Backoff) -> None:
        """Be logged on whenever that is possible, until cancelled."""
        while True:
            why, began = "ended", time.monotonic()
            try:
                why = await self._connected()
            except (OSError, TimeoutError) as err:
                why = f"no connection: {type(err).__name__}"
            finally:
                self._session.closed()
                self._writer = None
                was_up, self.is_up = self.is_up, False
                await self._peer.link_down(why, was_up=was_up)
            await asyncio.sleep(backoff.after(time.monotonic() - began))

    def send(self, msg_type: bytes, fields: Fields) -> int:
        """Send a message of the application, and return its number."""
        number = self._session.next_out
        self._do(self._session.send(time.time_ns(), msg_type, fields))
        return number

    def hang_up(self) -> None:
        """Give the connection up; another is made."""
        if self._writer is not None:
            self._writer.close()

    async def _connected(self) -> str:
        """Be connected, and return why that ended."""
        host, _, port = self._place.address.rpartition(":")
        async with asyncio.timeout(self._place.connect_s):
            reader, self._writer = await asyncio.open_connection(host, int(port))
        decoder = fix.Decoder()
        try:
            self._do(self._session.opened(time.time_ns()))
            while not self._writer.is_closing():
                data = None
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._wait_s()):
                        data = await reader.read(_READ_BYTES)
                if data == b"":
                    return "the venue closed the connection"
                async with self.turn:
                    for message in decoder.feed(data or b""):
                        if isinstance(message, bytes):
                            await self._take(message)
                    self._do(self._session.tick(time.time_ns()))
            return "the session ended"
        finally:
            self.hang_up()

    def _wait_s(self) -> float:
        return max(0.001, min(_LOOK_S, (self._session.deadline_ns - time.time_ns()) / 1e9))

    async def _take(self, raw: bytes) -> None:
        outcome = self._session.receive(time.time_ns(), raw)
        # What it says is handed in before the count that says it came is kept.
        if outcome.kind == "application":
            await self._peer.said(fix.decode(raw))
        elif outcome.kind == "rejected":
            await self._peer.rejected(outcome.sequence)
        self._do(outcome.effects)
        self._keep()
        if outcome.kind == "logged on" and not self.is_up:
            self.is_up = True
            await self._peer.logged_on()

    def _do(self, effects: Sequence[fix.Effect]) -> None:
        """Do what the session wants; its counts are kept before anything leaves."""
        for effect in effects:
            if effect.kind == "send":
                self.messages_sent += 1
                self._keep()
                self._write(self._with_login(effect.message))
            elif effect.kind == "resend":
                self._fill_gap(effect.first, effect.last)
            else:
                self.hang_up()

    def _fill_gap(self, first: int, last: int) -> None:
        """Say that what is missing does not come again: it would be too old."""
        # Places of the store count all messages ever, numbers those since both began from 1.
        before = self.messages_sent - (self._session.next_out - 1)
        now = say.time_text(time.time_ns())
        fields = [
            (34, str(first - before).encode()),
            (49, self._place.sender.encode()),
            (56, self._place.target.encode()),
            (43, b"Y"),
            (52, now),
            (122, now),
            (123, b"Y"),
            (36, str(last - before + 1).encode()),
        ]
        self._write(fix.encode(b"4", fields))

    def _with_login(self, message: bytes) -> bytes:
        if not self._place.username or fix.decode(message).msg_type != b"A":
            return message
        password = self._place.password.reveal().encode()
        return fix.with_login(message, self._place.username.encode(), password)

    def _write(self, data: bytes) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(data)

    def _keep(self) -> None:
        if self._counts is not None:
            self._counts.save(self._session.save(), self.messages_sent)
