# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Nasdaq OUCH 5.0, both directions: one message at a time, with what is appended to it.

Letters overlap between the directions, so there is a reader for each. What was decoded encodes to
the same bytes, tags that we do not know among them. The reference page is
docs/reference/wire/ouch50.md.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from onetape import _native
from onetape.wire import _ouch50_tags as tags
from onetape.wire._ouch50_messages import (
    INBOUND,
    OUTBOUND,
    AccountQueryRequest,
    AccountQueryResponse,
    AiqCanceled,
    BrokenTrade,
    CancelOrderRequest,
    CancelPending,
    CancelReject,
    DisableOrderEntryRequest,
    DisableOrderEntryResponse,
    EnableOrderEntryRequest,
    EnableOrderEntryResponse,
    EnterOrderRequest,
    MassCancelRequest,
    MassCancelResponse,
    Message,
    ModifyOrderRequest,
    OrderAccepted,
    OrderCanceled,
    OrderExecuted,
    OrderModified,
    OrderPriorityUpdate,
    OrderReplaced,
    OrderRestated,
    Rejected,
    ReplaceOrderRequest,
    SystemEvent,
    Unknown,
)

MARKET_PRICE_E4 = 0x7FFF_FFFF
"""Price that means "market"."""

_CLASSES = {
    True: {message.TYPE: message for message in INBOUND},
    False: {message.TYPE: message for message in OUTBOUND},
}
_TAGS = {tag.NUMBER: tag for tag in tags.TAGS}
_TagT = TypeVar("_TagT", bound=tags.Tag)


def decode_inbound(data: bytes, *, offset: int = 0) -> Message:
    """Read one message from a client.

    Args:
        data: The message's bytes, all of them and no more.
        offset: Where they stand in their stream, for the error's text.

    Returns:
        The message; `Unknown` with all the bytes when the type is not of OUCH 5.0. Its `tags` are
        in the order of the wire, and None where even their length was left out.

    Raises:
        DecodeError: If there are no bytes, or not as many as the type has (WIR-040), or the
            appendage has another length (WIR-041), an element is cut (WIR-042), or the value of a
            known tag has a wrong length (WIR-043).

    Examples:
        >>> decode_inbound(b"X" + bytes([0, 0, 0, 7, 0, 0, 0, 0]))
        CancelOrderRequest(user_ref_num=7, quantity=0, tags=None)
    """
    return _decode(data, True, offset)


def decode_outbound(data: bytes, *, offset: int = 0) -> Message:
    """Read one message to a client: see `decode_inbound`. A required length may be missing."""
    return _decode(data, False, offset)


def encode(message: Message) -> bytes:
    """Return a message's bytes.

    Args:
        message: One of the classes of this module.

    Returns:
        The bytes as they stand on the wire.

    Raises:
        WireError: If the value of a field or a tag does not fit its place (WIR-005), or the tags
            have more than 65,535 bytes (WIR-044).
    """
    if isinstance(message, Unknown):
        return message.data
    fields = msgspec.structs.astuple(message)
    appended: list[tuple[int, Any]] | None = None
    if message.__struct_fields__[-1] == "tags":
        *rest, found = fields
        fields = tuple(rest)
        appended = None if found is None else [_pair(tag) for tag in found]
    return _native.ouch50_encode(message.TYPE, message.IS_INBOUND, fields, appended)


def find(message: Message, tag: type[_TagT]) -> _TagT | None:
    """Return the first tag of a kind that a message has.

    Args:
        message: The message.
        tag: The tag's class, of `onetape.wire.ouch50.tags`.

    Returns:
        The tag, or None.

    Examples:
        >>> find(CancelOrderRequest(7, 0, (tags.UserRefIndex(3),)), tags.UserRefIndex)
        UserRefIndex(value=3)
    """
    for each in getattr(message, "tags", None) or ():
        if isinstance(each, tag):
            return each
    return None


def _pair(tag: tags.Tag) -> tuple[int, Any]:
    """A tag's number and value."""
    if isinstance(tag, tags.UnknownTag):
        return tag.number, tag.value
    return tag.NUMBER, msgspec.structs.astuple(tag)[0]


def _tag(number: int, value: int | str | bytes) -> tags.Tag:
    """A tag of its class."""
    if isinstance(value, bytes):
        return tags.UnknownTag(number, value)
    return _TAGS[number](value)


def _decode(data: bytes, is_inbound: bool, offset: int) -> Message:
    """A message of one direction."""
    code, values, appended = _native.ouch50_decode(data, is_inbound, offset)
    if values is None:
        return Unknown(data)
    known = _CLASSES[is_inbound][code]
    if known.__struct_fields__[-1] != "tags":
        return known(*values)
    found = None if appended is None else tuple(_tag(*each) for each in appended)
    return known(*values, found)


__all__ = [
    "INBOUND",
    "MARKET_PRICE_E4",
    "OUTBOUND",
    "AccountQueryRequest",
    "AccountQueryResponse",
    "AiqCanceled",
    "BrokenTrade",
    "CancelOrderRequest",
    "CancelPending",
    "CancelReject",
    "DisableOrderEntryRequest",
    "DisableOrderEntryResponse",
    "EnableOrderEntryRequest",
    "EnableOrderEntryResponse",
    "EnterOrderRequest",
    "MassCancelRequest",
    "MassCancelResponse",
    "Message",
    "ModifyOrderRequest",
    "OrderAccepted",
    "OrderCanceled",
    "OrderExecuted",
    "OrderModified",
    "OrderPriorityUpdate",
    "OrderReplaced",
    "OrderRestated",
    "Rejected",
    "ReplaceOrderRequest",
    "SystemEvent",
    "Unknown",
    "decode_inbound",
    "decode_outbound",
    "encode",
    "find",
    "tags",
]
