# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What is not as usual on an exchange, in words; of what is as usual, nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_SECOND_NS = 1_000_000_000
#: The exchange's time and the wall clock may be so far apart without a word.
_APART_NS = 1_000_000


def trouble_pairs(answer: dict[str, Any], name_of: Callable[[str, int], str]) -> dict[str, str]:
    """Return what there is to say, as names and values.

    Args:
        answer: What the exchange said of its status.
        name_of: Gives what a firm's or a port's id is called.
    """
    pairs: dict[str, str] = {}
    if answer["blocked"]:
        pairs["blocked"] = ", ".join(_whose(each, name_of) for each in answer["blocked"])
    if answer["paused"]:
        pairs["paused"] = "nothing is taken in: there is hardly any room on the disk"
    elif answer["journal"]["nearly_full"]:
        pairs["disk"] = "nearly full: cancels only until there is room"
    feed = answer["market_data"]
    if feed["unsent"]:
        pairs["market data unsent"] = f"{feed['unsent']:,} messages"
    if feed["packets_failed"]:
        pairs["market data lost"] = f"{feed['packets_failed']:,} packets that the system refused"
    if clock := _clock(answer["clock"]):
        pairs["clock"] = clock
    return pairs


def _whose(blocked: dict[str, Any], name_of: Callable[[str, int], str]) -> str:
    scope = blocked["scope"]
    if scope not in ("port", "firm"):
        return "the whole market"
    return f"{scope} {name_of(f'{scope}s', blocked['id'])}"


def _clock(clock: dict[str, Any]) -> str:
    """Return how the wall clock stepped, and how far it is from the exchange's time."""
    parts = []
    ahead_ns = clock["ahead_ns"]
    if abs(ahead_ns) > _APART_NS:
        way = "ahead of" if ahead_ns > 0 else "behind"
        parts.append(f"{abs(ahead_ns) / _SECOND_NS:,.3f} s {way} the wall clock")
    if clock["steps_forward"] or clock["steps_back"]:
        parts.append(
            f"that one stepped forward {clock['steps_forward']:,} times, "
            f"back {clock['steps_back']:,} times"
        )
    return "; ".join(parts)
