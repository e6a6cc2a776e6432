# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""SoupBinTCP 3.00, 4.00 and 4.10: packets, framing, and both ends of a session.

Nothing here opens a socket or reads a clock: bytes and the time are passed in, bytes to send come
back. Fields justified to either side are read; those written are padded on the left.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from onetape import _native


class Packet(msgspec.Struct, frozen=True):
    """What every packet is."""

    TYPE: ClassVar[str] = ""


class Debug(Packet, frozen=True):
    """Free text, from either end; to be ignored."""

    TYPE: ClassVar[str] = "+"
    text: bytes


class LoginAccepted(Packet, frozen=True):
    """The server opens the session; `sequence` is the number of the next sequenced message."""

    TYPE: ClassVar[str] = "A"
    session: str
    sequence: int


class LoginRejected(Packet, frozen=True):
    """The server refuses the login: `A` not authorised, `S` no such session."""

    TYPE: ClassVar[str] = "J"
    reason: str


class Sequenced(Packet, frozen=True):
    """A numbered message from the server; both ends count."""

    TYPE: ClassVar[str] = "S"
    message: bytes


class ServerHeartbeat(Packet, frozen=True):
    """The server is alive."""

    TYPE: ClassVar[str] = "H"


class EndOfSession(Packet, frozen=True):
    """No message will follow in this session, ever."""

    TYPE: ClassVar[str] = "Z"


class LoginRequest(Packet, frozen=True):
    """A client asks for a session.

    Attributes:
        username: At most 6 characters; their case does not matter.
        password: At most 10 characters; their case does not matter.
        session: Session wanted, at most 10 characters; empty for the one that is open.
        sequence: Number of the first message wanted; 0 for the most recent.
        timeout_ms: Silence after which the server should give the client up, 0 to 99,999 ms;
            None before 4.10.
    """

    TYPE: ClassVar[str] = "L"
    username: str
    password: str
    session: str = ""
    sequence: int = 1
    timeout_ms: int | None = None


class Unsequenced(Packet, frozen=True):
    """A message without a number: from the client, and from 4.00 also from the server."""

    TYPE: ClassVar[str] = "U"
    message: bytes


class ClientHeartbeat(Packet, frozen=True):
    """The client is alive."""

    TYPE: ClassVar[str] = "R"


class LogoutRequest(Packet, frozen=True):
    """The client leaves."""

    TYPE: ClassVar[str] = "O"


class Unknown(Packet, frozen=True):
    """A packet of a type that is not of the specification."""

    packet_type: str
    payload: bytes


PACKETS: tuple[type[Packet], ...] = (
    Debug,
    LoginAccepted,
    LoginRejected,
    Sequenced,
    ServerHeartbeat,
    EndOfSession,
    LoginRequest,
    Unsequenced,
    ClientHeartbeat,
    LogoutRequest,
)
_CLASSES = {packet.TYPE: packet for packet in PACKETS}


class Event(msgspec.Struct, frozen=True):
    """What happened on a session.

    Attributes:
        kind: At the client `accepted`, `rejected`, `sequenced`, `unsequenced`, `ended`; at the
            server `login`, `unsequenced`, `logout`; at both `ignored`.
        packet: The packet that said it.
        sequence: Number of a sequenced message; else 0.
    """

    kind: str
    packet: Packet
    sequence: int = 0


def encode(packet: Packet) -> bytes:
    """Return a packet's bytes, its length first.

    Args:
        packet: One of the classes of this module.

    Returns:
        The bytes as they stand on the wire.

    Raises:
        WireError: If a field does not fit its place (WIR-024), or a message is longer than
            65,534 bytes (WIR-023).
    """
    if isinstance(packet, Unknown):
        return _native.soup_encode(packet.packet_type, (packet.payload,))
    return _native.soup_encode(packet.TYPE, msgspec.structs.astuple(packet))


def _packet(code: str, fields: tuple[Any, ...]) -> Packet:
    """A packet of its class."""
    known = _CLASSES.get(code)
    return Unknown(code, *fields) if known is None else known(*fields)


class Decoder:
    """Takes a stream of bytes apart into packets, however TCP split it."""

    def __init__(self) -> None:
        self._decoder = _native.SoupDecoder()

    def feed(self, data: bytes) -> list[Packet]:
        """Take bytes in.

        Args:
            data: The next bytes of the stream, any number.

        Returns:
            The packets that are whole now, in order.

        Raises:
            DecodeError: If a length is zero (WIR-020), does not fit its type (WIR-021) or a
                number is none (WIR-022); `seen` holds (offset, type, fields) of those before it.
        """
        return [_packet(code, fields) for _, code, fields in self._decoder.feed(data)]

    @property
    def pending_bytes(self) -> int:
        """Bytes of a packet begun and not yet whole."""
        return self._decoder.pending_bytes

    @property
    def offset(self) -> int:
        """Place in the stream, in bytes, of the packet being read, or of the next."""
        return self._decoder.offset


class Client:
    """The client's end of a session: logs in, counts messages, keeps the link alive.

    Args:
        login: How to log in. After a break, give the accepted session and `next_sequence`.
        version: `3.00`, `4.00` or `4.10`.
        now_ns: The time, in ns of any clock that never goes back.
    """

    def __init__(self, login: LoginRequest, *, version: str = "3.00", now_ns: int) -> None:
        fields = (
            login.username,
            login.password,
            login.session,
            login.sequence,
            login.timeout_ms,
        )
        self._client = _native.SoupClient(version, fields, now_ns)

    def login(self, now_ns: int) -> bytes:
        """Return the login, to be sent."""
        return self._client.login(now_ns)

    def send_unsequenced(self, now_ns: int, message: bytes) -> bytes:
        """Return a message without a number, to be sent (at most 32,766 bytes)."""
        return self._client.send_unsequenced(now_ns, message)

    def logout(self, now_ns: int) -> bytes:
        """Return the logout, to be sent; the session is closed."""
        return self._client.logout(now_ns)

    def poll(self, now_ns: int) -> bytes:
        """Do what is due by now.

        Args:
            now_ns: The time.

        Returns:
            What is to be sent: a heartbeat, or nothing.

        Raises:
            SessionError: If the server was silent too long (WIR-031); the session is closed.
        """
        return self._client.poll(now_ns)

    def receive(self, now_ns: int, data: bytes) -> list[Event]:
        """Take in bytes from the server.

        Args:
            now_ns: The time.
            data: Bytes as they came, any number.

        Returns:
            What they say, in order. Bytes after the end of the session are not looked at.

        Raises:
            DecodeError: If they are no packets (WIR-020 to WIR-022).
            SessionError: If the state does not allow them (WIR-030). The session is closed, and
                `seen` holds what came before.
        """
        return [_client_event(kind, fields) for kind, fields in self._client.receive(now_ns, data)]

    @property
    def state(self) -> str:
        """`connected`, `login_sent`, `active` or `closed`."""
        return self._client.state

    @property
    def session(self) -> str:
        """The session's id: as asked for until the server has said it."""
        return self._client.session

    @property
    def next_sequence(self) -> int:
        """Number of the next sequenced message: to be asked for at the next login."""
        return self._client.next_sequence

    @property
    def deadline_ns(self) -> int:
        """When `poll` has something to do next."""
        return self._client.deadline_ns


class Server:
    """The server's end of one client's session. Whether to accept a login is its owner's decision.

    Args:
        version: `3.00`, `4.00` or `4.10`.
        now_ns: The time, in ns of any clock that never goes back.
    """

    def __init__(self, *, version: str = "3.00", now_ns: int) -> None:
        self._server = _native.SoupServer(version, now_ns)

    def start_of_replay(self, session: str, next_sequence: int) -> tuple[str, int]:
        """Say where the login's replay starts.

        Args:
            session: The open session's id.
            next_sequence: Number of the next message to be made.

        Returns:
            ("", number of the first message to send), or (reason to reject with, 0).
        """
        return self._server.start_of_replay(session, next_sequence)

    def accept(self, now_ns: int, session: str, sequence: int) -> bytes:
        """Return the answer that opens the session; the next message sent is `sequence`."""
        return self._server.accept(now_ns, session, sequence)

    def reject(self, now_ns: int, reason: str) -> bytes:
        """Return the answer that refuses the login: `A` not authorised, `S` no such session."""
        return self._server.reject(now_ns, reason)

    def send_sequenced(self, now_ns: int, message: bytes) -> bytes:
        """Return the message that has number `position`, to be sent (at most 32,766 bytes)."""
        return self._server.send_sequenced(now_ns, message)

    def send_unsequenced(self, now_ns: int, message: bytes) -> bytes:
        """Return a message without a number, to be sent; from 4.00."""
        return self._server.send_unsequenced(now_ns, message)

    def end_session(self, now_ns: int) -> bytes:
        """Return the end of the session, to be sent."""
        return self._server.end_session(now_ns)

    def poll(self, now_ns: int) -> bytes:
        """Do what is due by now: see `Client.poll`."""
        return self._server.poll(now_ns)

    def receive(self, now_ns: int, data: bytes) -> list[Event]:
        """Take in bytes from the client.

        Args:
            now_ns: The time.
            data: Bytes as they came, any number.

        Returns:
            What they say, in order, up to a login: answer it, and call again with the next bytes
            or none.

        Raises:
            DecodeError: If they are no packets (WIR-020 to WIR-022).
            SessionError: If the state does not allow them (WIR-030). The session is closed, and
                `seen` holds what came before.
        """
        return [_server_event(kind, fields) for kind, fields in self._server.receive(now_ns, data)]

    @property
    def state(self) -> str:
        """`connected`, `login_sent`, `active` or `closed`."""
        return self._server.state

    @property
    def position(self) -> int:
        """Number of the next message to send."""
        return self._server.position

    @property
    def deadline_ns(self) -> int:
        """When `poll` has something to do next."""
        return self._server.deadline_ns


_EVENT_TYPES = {
    "accepted": "A",
    "rejected": "J",
    "unsequenced": "U",
    "ended": "Z",
    "login": "L",
    "logout": "O",
}


def _client_event(kind: str, fields: tuple[Any, ...]) -> Event:
    """An event of the client's end."""
    if kind == "sequenced":
        sequence, message = fields
        return Event(kind, _packet("S", (message,)), sequence)
    return _server_event(kind, fields)


def _server_event(kind: str, fields: tuple[Any, ...]) -> Event:
    """An event of either end that has no number."""
    if kind == "ignored":
        code, *rest = fields
        return Event(kind, _packet(code, tuple(rest)))
    return Event(kind, _packet(_EVENT_TYPES[kind], fields))


__all__ = [
    "PACKETS",
    "Client",
    "ClientHeartbeat",
    "Debug",
    "Decoder",
    "EndOfSession",
    "Event",
    "LoginAccepted",
    "LoginRejected",
    "LoginRequest",
    "LogoutRequest",
    "Packet",
    "Sequenced",
    "Server",
    "ServerHeartbeat",
    "Unknown",
    "Unsequenced",
    "encode",
]
