# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The records that the engine and a compiled strategy share: the Python side of the C ABI.

`docs/internals/compiled.md` describes them, `crates/io/src/compiled/layout.rs` has the other side;
`onetape._native.compiled_layout()` says what that side is, and a strategy of another version is not
started. All integers are little-endian and aligned to their size; an address is a `u8`.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

#: Version of everything in this module: a change of any field raises it.
ABI_VERSION: Final = 2

#: What the engine gives to every callback.
CONTEXT: Final[np.dtype[Any]] = np.dtype(
    [
        ("abi_version", "<u4"),
        ("strategy_id", "<u4"),
        ("now_ns", "<i8"),
        ("state", "<u8"),
        ("markets", "<u8"),
        ("event", "<u8"),
        ("orders", "<u8"),
        ("intents", "<u8"),
        ("watched", "<u8"),
        ("error", "<u8"),
        ("last_client_id", "<u8"),
        ("event_kind", "<u4"),
        ("instrument_id", "<u4"),
        ("timer_id", "<u4"),
        ("markets_count", "<u4"),
        ("orders_count", "<u4"),
        ("watched_count", "<u4"),
        ("intents_count", "<u4"),
        ("intents_max", "<u4"),
        ("reserved", "<u8", (2,)),
    ]
)

#: One instrument's market: others' best prices, its own position.
MARKET: Final[np.dtype[Any]] = np.dtype(
    [
        ("instrument_id", "<u4"),
        ("has_last_trade", "<u4"),
        ("bid_ticks", "<i8"),
        ("bid_lots", "<u8"),
        ("ask_ticks", "<i8"),
        ("ask_lots", "<u8"),
        ("increment_ticks", "<i8"),
        ("last_trade_ticks", "<i8"),
        ("position_lots", "<i8"),
        ("bids", "<u8"),
        ("asks", "<u8"),
        ("bids_count", "<u4"),
        ("asks_count", "<u4"),
        ("context", "<u8"),
    ]
)

#: One price level of others.
LEVEL: Final[np.dtype[Any]] = np.dtype(
    [("price_ticks", "<i8"), ("qty_lots", "<u8"), ("orders", "<u4"), ("reserved", "<u4")]
)

#: One of the strategy's live orders.
ORDER: Final[np.dtype[Any]] = np.dtype(
    [
        ("client_id", "<u8"),
        ("price_ticks", "<i8"),
        ("leaves_lots", "<u8"),
        ("executed_lots", "<u8"),
        ("lots_ahead", "<u8"),
        ("orders_ahead", "<u4"),
        ("instrument_id", "<u4"),
        ("side", "u1"),
        ("is_accepted", "?"),
        ("is_queued", "?"),
        ("reserved", "u1", (5,)),
    ]
)

#: Somebody's trade.
TRADE: Final[np.dtype[Any]] = np.dtype(
    [
        ("price_ticks", "<i8"),
        ("qty_lots", "<u8"),
        ("instrument_id", "<u4"),
        ("aggressor", "u1"),
        ("reserved", "u1", (3,)),
    ]
)

#: One thing that a strategy asks for; which fields count, its kind says.
INTENT: Final[np.dtype[Any]] = np.dtype(
    [
        ("kind", "<u4"),
        ("instrument_id", "<u4"),
        ("client_id", "<u8"),
        ("new_client_id", "<u8"),
        ("price_ticks", "<i8"),
        ("qty_lots", "<u8"),
        ("other_price_ticks", "<i8"),
        ("other_qty_lots", "<u8"),
        ("time_ns", "<i8"),
        ("timer_id", "<u4"),
        ("side", "u1"),
        ("order_type", "u1"),
        ("time_in_force", "u1"),
        ("post_only", "u1"),
        ("stp_mode", "u1"),
        ("flags", "u1"),
        ("reserved1", "u1", (2,)),
        ("children_max", "<u4"),
        ("display_lots", "<u8"),
        ("min_qty_lots", "<u8"),
        ("stop_price_ticks", "<i8"),
        ("peg_offset_ticks", "<i8"),
        ("expire_ts_ns", "<i8"),
        ("parent_id", "<u8"),
        ("after_id", "<u8"),
        ("group_id", "<u8"),
    ]
)

#: Values of `INTENT["kind"]`.
QUOTE, SEND, CANCEL, REPLACE, CANCEL_ALL, SET_TIMER = range(1, 7)
SUBMIT, OPEN_PARENT, CLOSE_PARENT, LEG, GROUP = range(7, 12)

#: Callbacks, in the order of the engine's table of functions.
CALLBACKS: Final = (
    "on_start",
    "on_book",
    "on_trade",
    "on_fill",
    "on_order",
    "on_parent",
    "on_timer",
    "on_stop",
    "on_parameter",
)

#: Most levels of a side that a strategy may look at.
LEVELS_MAX: Final = 64
#: Most symbols that a compiled strategy may name.
WATCHED_MAX: Final = 64
#: Most things that it may ask for in one callback.
INTENTS_MAX: Final = 256


def offset(record: np.dtype[Any], field: str) -> int:
    """Return where a field stands, bytes from the record's start."""
    fields = record.fields
    assert fields is not None, "every record here has fields"
    return int(fields[field][1])


def code(record: np.dtype[Any], field: str) -> str:
    """Return how a field is read: its kind and size, such as `u4`."""
    fields = record.fields
    assert fields is not None, "every record here has fields"
    kind = fields[field][0]
    return "b1" if kind.kind == "b" else f"{kind.kind}{kind.itemsize}"


def sizes() -> dict[str, int]:
    """Return the size of each record, bytes, and the version: both sides must agree."""
    records = {
        "context": CONTEXT,
        "market": MARKET,
        "level": LEVEL,
        "order": ORDER,
        "trade": TRADE,
        "intent": INTENT,
    }
    return {"version": ABI_VERSION, **{name: rec.itemsize for name, rec in records.items()}}
