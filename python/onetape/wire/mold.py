# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""MoldUDP64 1.00: numbered messages in datagrams.

A packet names its session and the number of its first message. No messages: a heartbeat, or the
end of the session; the number is then that of the next message to come.
"""

from __future__ import annotations

from typing import Literal, cast

import msgspec

from onetape._native import (
    MoldPacketBuilder,
    MoldSequenceTracker,
    mold_decode,
    mold_decode_request,
    mold_encode_header,
)
from onetape.errors import WireError

PAYLOAD_BYTES_MAX = 1_472
"""Most payload that fits one Ethernet frame."""

_COUNT_END = 0xFFFF

PacketBuilder = MoldPacketBuilder


class Packet(msgspec.Struct, frozen=True):
    """A downstream packet.

    Attributes:
        session: The stream, at most 10 characters, without padding.
        sequence: Number of the first message, or of the next to come.
        messages: The messages, at most 65,534.
        is_end: Whether no message will follow, ever; there are none in it then.
    """

    session: str
    sequence: int
    messages: tuple[bytes, ...] = ()
    is_end: bool = False


class Request(msgspec.Struct, frozen=True):
    """A listener's request for messages it missed.

    Attributes:
        session: The stream, at most 10 characters.
        sequence: Number of the first message wanted.
        count: How many are wanted, at most 65,535.
    """

    session: str
    sequence: int
    count: int


class Arrival(msgspec.Struct, frozen=True):
    """What a packet is to a listener.

    Attributes:
        kind: `deliver`: read its messages. `nothing`: it says what is known. `gap`: messages are
            missing before it, it was not taken. `other_session`. `ended`: the session is over.
        skip: Messages at its front that came before.
        missing_from: In a gap, the first number missing.
        missing: In a gap, how many are missing.
    """

    kind: Literal["deliver", "nothing", "gap", "other_session", "ended"]
    skip: int = 0
    missing_from: int = 0
    missing: int = 0


def decode(data: bytes) -> Packet:
    """Read a downstream packet.

    Args:
        data: The payload of one datagram.

    Returns:
        The packet.

    Raises:
        DecodeError: If it is cut short (WIR-010), goes on after its last message (WIR-011), or
            its numbers run over 64 bits (WIR-012).
    """
    session, sequence, count, messages = mold_decode(data)
    return Packet(session, sequence, tuple(messages), count == _COUNT_END)


def encode(packet: Packet) -> bytes:
    """Return a downstream packet's bytes.

    Args:
        packet: The packet; its size is not limited to one Ethernet frame here.

    Returns:
        The payload of one datagram.

    Raises:
        WireError: If it does not fit one datagram, or an end carries messages (WIR-013).
    """
    if packet.is_end:
        if packet.messages:
            raise WireError("the end of a session carries no messages", code="WIR-013")
        return mold_encode_header(packet.session, packet.sequence, _COUNT_END)
    builder = PacketBuilder(packet.session, packet.sequence, 65_507)
    for message in packet.messages:
        if not builder.push(message):
            raise WireError(
                f"packet: expected at most 65507 bytes, message {builder.messages_count} passes it",
                code="WIR-013",
                hint="send the messages in several packets",
            )
    return builder.packet()


def decode_request(data: bytes) -> Request:
    """Read a request.

    Args:
        data: The payload of one datagram, 20 bytes.

    Returns:
        The request.

    Raises:
        DecodeError: If it is shorter (WIR-010) or longer (WIR-011).
    """
    return Request(*mold_decode_request(data))


def encode_request(request: Request) -> bytes:
    """Return a request's 20 bytes.

    Args:
        request: The request.

    Returns:
        The payload of one datagram.

    Raises:
        WireError: If the session's name is too long (WIR-013).
    """
    return mold_encode_header(request.session, request.sequence, request.count)


class SequenceTracker:
    """What a listener keeps of a stream: its session, and the next number it waits for.

    Args:
        session: The session to follow; None takes the first packet's, and starts at its number.
        sequence: The first number wanted, when a session is given.
    """

    def __init__(self, session: str | None = None, sequence: int = 1) -> None:
        self._tracker = MoldSequenceTracker(session, sequence)

    @property
    def next_sequence(self) -> int | None:
        """Number of the next message; None before the first packet of a late listener."""
        return self._tracker.next_sequence

    def observe(self, packet: Packet) -> Arrival:
        """Take a packet in, and say what to do with it.

        Args:
            packet: The packet as it came.

        Returns:
            What it is. After a gap, request what is missing or `accept_gap`, and show it again.
        """
        count = _COUNT_END if packet.is_end else len(packet.messages)
        kind, first, second = self._tracker.observe(packet.session, packet.sequence, count)
        kind = cast("Literal['deliver', 'nothing', 'gap', 'other_session', 'ended']", kind)
        if kind == "gap":
            return Arrival(kind, missing_from=first, missing=second)
        return Arrival(kind, skip=first)

    def accept_gap(self, sequence: int) -> None:
        """Give up what is missing.

        Args:
            sequence: The next number to wait for; one already passed changes nothing.
        """
        self._tracker.accept_gap(sequence)


__all__ = [
    "PAYLOAD_BYTES_MAX",
    "Arrival",
    "Packet",
    "PacketBuilder",
    "Request",
    "SequenceTracker",
    "decode",
    "decode_request",
    "encode",
    "encode_request",
]
