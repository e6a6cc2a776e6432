# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How much of a new order others see: the journal says it only in the client's own message."""

from __future__ import annotations

from onetape.errors import WireError
from onetape.events import OrderFormat
from onetape.wire import fix, ouch42, ouch50

_HIDDEN = "N"
_MAX_FLOOR, _DISPLAY_QTY = 111, 1138


def shown_lots(format_: int, message: bytes, qty_lots: int) -> int:
    """Return the lots of an order that are displayed, as its message asks.

    Args:
        format_: An `OrderFormat`.
        message: A new order or a replacement, as it came.
        qty_lots: What the order has to do.

    Returns:
        0 for a hidden order, the first slice of a reserve order, else all. What cannot be read
        is taken as displayed: the exchange accepted it.

    Examples:
        >>> shown_lots(OrderFormat.FIX44, b"no such message", 100)
        100
    """
    try:
        floor = _floor(format_, message)
    except (WireError, ValueError):
        return qty_lots
    return qty_lots if floor is None else min(floor, qty_lots)


def _floor(format_: int, message: bytes) -> int | None:
    """Return the displayed size asked for; None for all of it."""
    if format_ == OrderFormat.OUCH50:
        order = ouch50.decode_inbound(message)
        if not isinstance(order, ouch50.EnterOrderRequest | ouch50.ReplaceOrderRequest):
            return None
        if order.display == _HIDDEN:
            return 0
        tag = ouch50.find(order, ouch50.tags.MaxFloor)
        return tag.value if tag and tag.value else None
    if format_ == OrderFormat.OUCH42:
        old = ouch42.decode_inbound(message)
        return 0 if getattr(old, "display", "") == _HIDDEN else None
    said = fix.decode(message)
    found = said.find(_MAX_FLOOR) or said.find(_DISPLAY_QTY)
    return None if found is None else int(found)
