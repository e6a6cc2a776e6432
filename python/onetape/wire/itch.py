# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Nasdaq TotalView-ITCH 5.0, both directions: one message, a file, or a file as arrays.

A message is one of the classes here (`AddOrder`, `OrderDelete`, ...). What was decoded encodes to
the same bytes. The reference page is docs/reference/wire/itch50.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

from onetape import _native
from onetape.wire._itch_messages import (
    MESSAGES,
    AddOrder,
    AddOrderMpid,
    BrokenTrade,
    CrossTrade,
    DirectListing,
    IpoQuotingPeriodUpdate,
    LuldAuctionCollar,
    MarketParticipantPosition,
    Message,
    MwcbDeclineLevel,
    MwcbStatus,
    NetOrderImbalance,
    OperationalHalt,
    OrderCancel,
    OrderDelete,
    OrderExecuted,
    OrderExecutedWithPrice,
    OrderReplace,
    RegShoRestriction,
    RetailInterest,
    StockDirectory,
    StockTradingAction,
    SystemEvent,
    Trade,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

LAYOUTS = _native.itch_layouts()
"""Every message: type, name, meaning, length in bytes, and its fields after the type byte, each
with name, offset, length, kind and meaning."""

_CLASSES: dict[str, type[Message]] = {message.TYPE: message for message in MESSAGES}
_KINDS = {"u16": "<u2", "u32": "<u4", "u48": "<u8", "u64": "<u8"}

DTYPES: dict[str, np.dtype[np.void]] = {
    code: np.dtype(
        [("index", "<u8")]
        + [(name, _KINDS.get(kind, f"S{length}")) for name, _, length, kind, _ in fields]
    )
    for code, _, _, _, fields in LAYOUTS
}
"""Row of each type in `to_arrays`: the message's index in the file, then its fields."""

_DTYPE_OTHER = np.dtype([("index", "<u8"), ("offset", "<u8"), ("length", "<u8")])


def decode(data: bytes, *, offset: int = 0) -> Message:
    """Read one message, without a length prefix.

    Args:
        data: The message's bytes, all of them and no more.
        offset: Where they stand in their file, for the error's text.

    Returns:
        The message; `Unknown` with all the bytes when the type is not of ITCH 5.0.

    Raises:
        DecodeError: If there are no bytes, or not as many as the type has (WIR-001).

    Examples:
        >>> decode(bytes.fromhex("4400010000000000000001000000000000002a"))
        OrderDelete(stock_locate=1, tracking_number=0, timestamp_ns=1, order_ref=42)
    """
    code, values = _native.itch_decode(data, offset)
    return Unknown(data) if values is None else _CLASSES[code](*values)


def encode(message: Message) -> bytes:
    """Return a message's bytes, without a length prefix.

    Args:
        message: One of the classes of this module.

    Returns:
        The bytes as they stand on the wire.

    Raises:
        WireError: If a field's value does not fit its place (WIR-005).
    """
    if isinstance(message, Unknown):
        return message.data
    return _native.itch_encode(message.TYPE, msgspec.structs.astuple(message))


def frame(data: bytes) -> bytes:
    """Return a message as it stands in a file: its length in two bytes, then its bytes.

    Args:
        data: One message, 1 to 65,535 bytes.

    Returns:
        The record.
    """
    return len(data).to_bytes(2, "big") + data


def frames(data: bytes, *, offset: int = 0, last: bool = True) -> _native.ItchFrames:
    """Take a file apart into records.

    Args:
        data: A whole file, or a block of one.
        offset: Place of the block in its file, in bytes.
        last: Whether nothing follows: a record cut short is then an error. Else the iterator
            stops before it, and `.consumed` says where the next block must start.

    Returns:
        An iterator of (offset of the message in the file, its bytes); None for the bytes is the
        end of a session.

    Raises:
        DecodeError: While iterating: the file ends inside a record (WIR-003), or a zero length
            stands before a byte that is no message type (WIR-004).
    """
    return _native.ItchFrames(data, offset, last)


def iter_file(data: bytes) -> Iterator[Message]:
    """Read every message of a file.

    Args:
        data: The whole file: records of a 2-byte length and a message. Where the length is zero
            before a message, the message's type gives it.

    Yields:
        Each message, in order; `Unknown` for types that are not of ITCH 5.0.

    Raises:
        DecodeError: Where the file or a message cannot be read; what came before was yielded.
    """
    for offset, message in frames(data):
        if message is not None:
            yield decode(message, offset=offset)


def to_arrays(data: bytes, *, strict: bool = True) -> dict[str, NDArray[np.void]]:
    """Read a whole file into one array a message type.

    Args:
        data: The whole file, as for `iter_file`.
        strict: Whether a message of a wrong length, or a file cut short, is an error. Else the
            former are listed under `"?"` and reading stops at the latter.

    Returns:
        By message type, for all 23: a structured array (see `DTYPES`), shape (messages of the
        type,), `index` the message's place in the file from 0. Text keeps its padding. Under
        `"?"`: index, offset and length of the messages that were not read.

    Raises:
        DecodeError: When strict, where the file or a message cannot be read.
    """
    rows = _native.itch_rows(data, strict)
    arrays = {code: np.frombuffer(rows[code], dtype) for code, dtype in DTYPES.items()}
    return arrays | {"?": np.frombuffer(rows["?"], _DTYPE_OTHER)}


__all__ = [
    "DTYPES",
    "LAYOUTS",
    "MESSAGES",
    "AddOrder",
    "AddOrderMpid",
    "BrokenTrade",
    "CrossTrade",
    "DirectListing",
    "IpoQuotingPeriodUpdate",
    "LuldAuctionCollar",
    "MarketParticipantPosition",
    "Message",
    "MwcbDeclineLevel",
    "MwcbStatus",
    "NetOrderImbalance",
    "OperationalHalt",
    "OrderCancel",
    "OrderDelete",
    "OrderExecuted",
    "OrderExecutedWithPrice",
    "OrderReplace",
    "RegShoRestriction",
    "RetailInterest",
    "StockDirectory",
    "StockTradingAction",
    "SystemEvent",
    "Trade",
    "Unknown",
    "decode",
    "encode",
    "frame",
    "frames",
    "iter_file",
    "to_arrays",
]
