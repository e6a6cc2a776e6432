# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Nasdaq OUCH 4.2, both directions: one message at a time.

Letters overlap between the directions, so there is a reader for each. What was decoded encodes to
the same bytes. The reference page is docs/reference/wire/ouch42.md.
"""

from __future__ import annotations

import msgspec

from onetape import _native
from onetape.wire._ouch42_messages import (
    INBOUND,
    OUTBOUND,
    Accepted,
    AiqCanceled,
    AiqCanceledBefore2025,
    BrokenTrade,
    Canceled,
    CancelOrder,
    CancelPending,
    CancelReject,
    EnterOrder,
    Executed,
    ExecutedWithReferencePrice,
    Message,
    ModifyOrder,
    OrderModified,
    OrderPriorityUpdate,
    Rejected,
    Replaced,
    ReplaceOrder,
    SystemEvent,
    Unknown,
)

MARKET_PRICE_E4 = 0x7FFF_FFFF
"""Price that means "market", in an auction."""

_CLASSES = {
    True: {message.__name__: message for message in INBOUND},
    False: {message.__name__: message for message in OUTBOUND},
}


def decode_inbound(data: bytes, *, offset: int = 0) -> Message:
    """Read one message from a client.

    Args:
        data: The message's bytes, all of them and no more.
        offset: Where they stand in their stream, for the error's text.

    Returns:
        The message; `Unknown` with all the bytes when the type is not of OUCH 4.2.

    Raises:
        DecodeError: If there are no bytes, or not as many as the type has (WIR-040).

    Examples:
        >>> decode_inbound(b"XTOKEN000000001" + bytes(4))
        CancelOrder(order_token='TOKEN000000001', shares=0)
    """
    return _decode(data, True, offset)


def decode_outbound(data: bytes, *, offset: int = 0) -> Message:
    """Read one message to a client: see `decode_inbound`."""
    return _decode(data, False, offset)


def encode(message: Message) -> bytes:
    """Return a message's bytes.

    Args:
        message: One of the classes of this module.

    Returns:
        The bytes as they stand on the wire.

    Raises:
        WireError: If a field's value does not fit its place (WIR-005).
    """
    if isinstance(message, Unknown):
        return message.data
    name, fields = type(message).__name__, msgspec.structs.astuple(message)
    return _native.ouch42_encode(name, message.TYPE, message.IS_INBOUND, fields)


def _decode(data: bytes, is_inbound: bool, offset: int) -> Message:
    """A message of one direction."""
    name, values = _native.ouch42_decode(data, is_inbound, offset)
    return _CLASSES[is_inbound][name](*values) if name else Unknown(data)


__all__ = [
    "INBOUND",
    "MARKET_PRICE_E4",
    "OUTBOUND",
    "Accepted",
    "AiqCanceled",
    "AiqCanceledBefore2025",
    "BrokenTrade",
    "CancelOrder",
    "CancelPending",
    "CancelReject",
    "Canceled",
    "EnterOrder",
    "Executed",
    "ExecutedWithReferencePrice",
    "Message",
    "ModifyOrder",
    "OrderModified",
    "OrderPriorityUpdate",
    "Rejected",
    "ReplaceOrder",
    "Replaced",
    "SystemEvent",
    "Unknown",
    "decode_inbound",
    "decode_outbound",
    "encode",
]
