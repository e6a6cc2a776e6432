# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""FIX 4.4, and FIX 5.0 SP2 over FIXT 1.1: messages, framing, and both ends of a session.

Nothing here opens a socket or reads a clock: messages and the time are passed in, what is to be
done comes back. docs/internals/fix.md says which rules a session keeps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from onetape import _native

FIX44 = "FIX.4.4"
FIX50SP2 = "FIXT.1.1"


class Message(msgspec.Struct, frozen=True):
    """A message.

    Attributes:
        begin_string: `FIX.4.4` or `FIXT.1.1`.
        msg_type: Its type: `D`.
        fields: Tags and values in order, from the one after the type up to the checksum.
    """

    begin_string: str
    msg_type: bytes
    fields: tuple[tuple[int, bytes], ...]

    def find(self, tag: int) -> bytes | None:
        """Return the value of the first field with this tag; None when there is none."""
        return next((value for field, value in self.fields if field == tag), None)


class Garbled(msgspec.Struct, frozen=True):
    """Bytes of a stream that were skipped.

    Attributes:
        offset: Place in the stream, in bytes, of the first.
        size_bytes: How many.
        why: `no start`, `begin string`, `body length`, `trailer`, `checksum`, `message type`.
    """

    offset: int
    size_bytes: int
    why: str


class Effect(msgspec.Struct, frozen=True):
    """What a session wants done.

    Attributes:
        kind: `send` (store the message as the next one, and send it), `resend` (send stored
            messages again, see `resend`), `disconnect`.
        message: The message to send; else empty.
        first: First place in the store, from 1, to send again; else 0.
        last: Last such place.
    """

    kind: str
    message: bytes = b""
    first: int = 0
    last: int = 0


class Outcome(msgspec.Struct, frozen=True):
    """What a received message was.

    Attributes:
        kind: `nothing`, `logged on`, `logged out`, `application`, `rejected`.
        sequence: Number of the application's message, or of ours that was rejected; else 0.
        effects: What the session wants done.
    """

    kind: str
    sequence: int
    effects: tuple[Effect, ...]


class SessionConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How a session is set up.

    Attributes:
        sender: Our name, 1 to 32 bytes.
        target: The peer's name.
        version: `FIX.4.4` or `FIXT.1.1`.
        initiator: Whether we log on; else we wait for a logon.
        heartbeat_s: Seconds between heartbeats: asked for, or the most that are granted.
        resets: An initiator makes both ends count from 1 at each logon.
        next_expected: An initiator says at the logon which number it expects (tag 789).
        sending_time_ns_max: How far a message's sending time may be off, in ns; 0 is any.
    """

    sender: bytes
    target: bytes
    version: str = FIX44
    initiator: bool = False
    heartbeat_s: int = 30
    resets: bool = False
    next_expected: bool = False
    sending_time_ns_max: int = 0


def encode(msg_type: bytes, fields: Iterable[tuple[int, bytes]], *, version: str = FIX44) -> bytes:
    r"""Return a message's bytes; begin string, length and checksum are put in.

    Args:
        msg_type: Its type: `D`.
        fields: Tags and values in order, header first.
        version: `FIX.4.4` or `FIXT.1.1`.

    Returns:
        The bytes as they stand on the wire.

    Raises:
        WireError: If the version is another (WIR-061), or a field cannot be written (WIR-062).

    >>> encode(b"0", [(34, b"2")]).replace(b"\x01", b"|")
    b'8=FIX.4.4|9=10|35=0|34=2|10=166|'
    """
    return _native.fix_encode(version, msg_type, list(fields))


def decode(message: bytes) -> Message:
    r"""Read one whole message.

    Args:
        message: From `8=` to the SOH after the checksum.

    Returns:
        Its type and fields.

    Raises:
        DecodeError: If it is no message, or length or checksum is wrong (WIR-060).
        WireError: If a field cannot be read (WIR-062).

    >>> decode(b"8=FIX.4.4\x019=10\x0135=0\x0134=2\x0110=166\x01").find(34)
    b'2'
    """
    begin_string, msg_type, fields = _native.fix_decode(message)
    return Message(begin_string, msg_type, tuple(fields))


def without_passwords(message: bytes) -> bytes:
    """Return a message as it may be kept: `*` for passwords, length and checksum made good.

    Raises:
        DecodeError: If it is no message (WIR-060).
    """
    return _native.fix_without_passwords(message)


def with_login(message: bytes, username: bytes, password: bytes) -> bytes:
    """Return a logon with user and password put in, each of 1 to 100 bytes.

    Raises:
        DecodeError: If it is no message (WIR-060).
        WireError: If a name cannot be put in (WIR-062).
    """
    return _native.fix_with_login(message, username, password)


def resend(ts_ns: int, stored: Sequence[bytes]) -> list[bytes]:
    """Make stored messages into what answers a resend request.

    Args:
        ts_ns: Time of sending, in ns since the Unix epoch.
        stored: Messages as they were sent, in order, without a hole.

    Returns:
        Messages as possible duplicates, and sequence resets for what the session itself said.

    Raises:
        DecodeError: If one is no message (WIR-060).
        WireError: If one is too long to be sent again (WIR-062).
    """
    return _native.fix_resend(ts_ns, list(stored))


class Decoder:
    """Takes a stream of bytes apart into messages; what is garbled is skipped."""

    def __init__(self) -> None:
        self._decoder = _native.FixDecoder()

    def feed(self, data: bytes) -> list[bytes | Garbled]:
        """Take bytes in.

        Args:
            data: The next bytes of the stream, any number.

        Returns:
            The messages that are whole now, and what was skipped, in order.
        """
        return [
            Garbled(offset, size, why) if message is None else message
            for message, offset, size, why in self._decoder.feed(data)
        ]

    @property
    def pending_bytes(self) -> int:
        """Bytes of a message begun and not yet whole."""
        return self._decoder.pending_bytes


def _effects(effects: Iterable[tuple[str, bytes, int, int]]) -> tuple[Effect, ...]:
    """Effects of their class."""
    return tuple(Effect(*effect) for effect in effects)


class Session:
    """One end of a session: counts, logs on, keeps the link alive, asks for what is missing.

    What it sends follows from what it was given. Its owner keeps the messages that it sends in
    order; an effect `resend` names places of that list. Times are ns since the Unix epoch.
    """

    def __init__(self, config: SessionConfig) -> None:
        self._session = _native.FixSession(
            (
                config.version,
                "initiator" if config.initiator else "acceptor",
                config.sender,
                config.target,
                config.heartbeat_s,
                config.resets,
                config.next_expected,
                config.sending_time_ns_max,
            )
        )

    def opened(self, ts_ns: int) -> tuple[Effect, ...]:
        """Say that a link is open; an initiator logs on."""
        return _effects(self._session.opened(ts_ns))

    def closed(self) -> None:
        """Say that the link is gone; the counts go on."""
        self._session.closed()

    def day_started(self) -> tuple[Effect, ...]:
        """Close the link, let both ends count from 1 again, and the store begin anew."""
        return _effects(self._session.day_started())

    def tick(self, ts_ns: int) -> tuple[Effect, ...]:
        """Do what is due: heartbeats, test requests, giving a silent peer up."""
        return _effects(self._session.tick(ts_ns))

    def logout(self, ts_ns: int, text: bytes = b"") -> tuple[Effect, ...]:
        """Leave.

        Raises:
            WireError: If the text is longer than 200 bytes or holds an SOH (WIR-062).
        """
        return _effects(self._session.logout(ts_ns, text))

    def receive(self, ts_ns: int, message: bytes) -> Outcome:
        """Take one whole message of the peer; what is garbled changes nothing."""
        kind, sequence, effects = self._session.receive(ts_ns, message)
        return Outcome(kind, sequence, _effects(effects))

    def send(
        self, ts_ns: int, msg_type: bytes, fields: Iterable[tuple[int, bytes]]
    ) -> tuple[Effect, ...]:
        """Send a message of the application; its header is put in.

        Raises:
            WireError: If a field cannot be written (WIR-062).
        """
        return _effects(self._session.send(ts_ns, msg_type, list(fields)))

    def reject(self, ts_ns: int, sequence: int, msg_type: bytes, tag: int) -> tuple[Effect, ...]:
        """Reject a message that was taken, for the value of one of its fields."""
        return _effects(self._session.reject(ts_ns, sequence, msg_type, tag))

    def save(self) -> bytes:
        """Return the state; how the session was set up is not part of it."""
        return self._session.save()

    def restore(self, data: bytes) -> None:
        """Take up a state that `save` returned.

        Raises:
            OnetapeError: If it is none.
        """
        self._session.restore(data)

    def state_hash(self) -> int:
        """Return the digest of the state."""
        return self._session.state_hash()

    @property
    def state(self) -> str:
        """`closed`, `opened`, `logon sent`, `active` or `logout sent`."""
        return self._session.state

    @property
    def next_in(self) -> int:
        """Number of the next message from the peer."""
        return self._session.next_in

    @property
    def next_out(self) -> int:
        """Number of the next message to the peer."""
        return self._session.next_out

    @property
    def deadline_ns(self) -> int:
        """When `tick` has something to do next, in ns since the Unix epoch."""
        return self._session.deadline_ns
