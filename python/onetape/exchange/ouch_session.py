# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A client's OUCH 5.0 session without sockets: names requests, counts messages, takes up again.

Bytes and the time are passed in, bytes to send come back. `client` puts it on a socket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from onetape.wire import ouch50, soup

if TYPE_CHECKING:
    from collections.abc import Sequence

CHANNELS = 256
"""Channels of a port: each numbers its requests on its own."""


class Event(msgspec.Struct, frozen=True):
    """A message from the exchange.

    Attributes:
        sequence: Its number within the session, from 1; 0 for a message without.
        message: What it says.
    """

    sequence: int
    message: ouch50.Message


class OuchSession:
    """One session, over as many connections as it takes.

    Args:
        username: At most 6 characters.
        password: At most 10 characters.
        sequence: Number of the first message wanted: 1 for all of the day, 0 for new ones only.
    """

    def __init__(self, username: str, password: str, *, sequence: int = 0) -> None:
        self._login = soup.LoginRequest(username, password, sequence=sequence)
        self._soup: soup.Client | None = None
        self._numbers = [1] * CHANNELS
        self._delivered: int | None = None
        self._out = bytearray()
        #: Why the exchange ended the session or refused it; empty while it stands.
        self.ended = ""

    def begin(self, now_ns: int) -> None:
        """Begin on a new connection: log in, from the message after the last one received.

        Args:
            now_ns: The time, in ns of any clock that never goes back.
        """
        login = self._login
        if self._delivered is not None and self._soup is not None:
            login = msgspec.structs.replace(
                login, session=self._soup.session, sequence=self._delivered + 1
            )
        self._soup = soup.Client(login, now_ns=now_ns)
        self._out = bytearray(self._soup.login(now_ns))
        self.ended = ""

    @property
    def is_active(self) -> bool:
        """Whether the exchange has accepted the login."""
        return self._soup is not None and self._soup.state == "active"

    @property
    def session(self) -> str:
        """The session's id, as the exchange said it."""
        return self._soup.session if self._soup else ""

    @property
    def next_sequence(self) -> int:
        """Number of the next message: what a new connection asks for."""
        return self._login.sequence if self._delivered is None else self._delivered + 1

    def next_number(self, channel: int = 0) -> int:
        """Return the number that the next request of a channel will have."""
        return self._numbers[channel]

    def receive(self, now_ns: int, data: bytes) -> list[Event]:
        """Take in bytes from the exchange.

        Args:
            now_ns: The time.
            data: Bytes as they came, any number.

        Returns:
            Its messages, in order.

        Raises:
            WireError: If the bytes are no packets or messages, or the session's rules do not allow
                them; the connection is of no use any more.
        """
        events = []
        for event in self._begun().receive(now_ns, data):
            match event.packet:
                case soup.LoginAccepted():
                    self._delivered = event.packet.sequence - 1
                case soup.LoginRejected(reason):
                    self.ended = f"the login was refused ({reason})"
                case soup.EndOfSession():
                    self.ended = "the session ended"
                case soup.Sequenced(message):
                    events.append(self._heard(event.sequence, message))
                    self._delivered = event.sequence
                case soup.Unsequenced(message):
                    events.append(self._heard(0, message))
                case _:
                    pass
        return events

    def _heard(self, sequence: int, data: bytes) -> Event:
        """A message; the numbers it names are used."""
        message = ouch50.decode_outbound(data)
        index = ouch50.find(message, ouch50.tags.UserRefIndex)
        channel = index.value if index else 0
        after = getattr(message, "next_user_ref_num", getattr(message, "user_ref_num", 0) + 1)
        self._numbers[channel] = max(self._numbers[channel], after)
        return Event(sequence, message)

    def send(self, now_ns: int, message: ouch50.Message) -> None:
        """Send any message; one that has a new number is given by the caller."""
        data = ouch50.encode(message)
        self._out += self._begun().send_unsequenced(now_ns, data)

    def number(self, channel: int = 0) -> int:
        """Take the next number of a channel for a request."""
        number = self._numbers[channel]
        self._numbers[channel] += 1
        return number

    def poll(self, now_ns: int) -> None:
        """Do what is due: a heartbeat.

        Raises:
            SessionError: If the exchange was silent too long; the connection is of no use any more.
        """
        self._out += self._begun().poll(now_ns)

    def leave(self, now_ns: int) -> None:
        """Log out; orders stay as the port's cancel-on-disconnect has it."""
        if self.is_active:
            self._out += self._begun().logout(now_ns)

    def take(self) -> bytes:
        """Return what is to be sent, and forget it."""
        out = bytes(self._out)
        self._out.clear()
        return out

    def _begun(self) -> soup.Client:
        assert self._soup is not None, "begin() comes first"
        return self._soup


def with_channel(tags: Sequence[ouch50.tags.Tag], channel: int) -> tuple[ouch50.tags.Tag, ...]:
    """Return tags with the one that names the channel, unless it is the default."""
    return (*tags, ouch50.tags.UserRefIndex(channel)) if channel else tuple(tags)
