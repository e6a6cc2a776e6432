# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""[live.market_data]: the rules that market data must keep before it touches a book."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from onetape.config import meta
from onetape.events import FeedRule, RuleAction

#: Nanoseconds of a millisecond.
MILLISECOND_NS = 1_000_000

Action = Literal["corrected", "quarantined", "halted", "off"]
_ACTION = meta(
    "What is done: corrected puts a time or an empty quantity right; quarantined keeps the message "
    "from the book, or the book from trading while it lasts; halted, until a person resumes; off."
)
#: How long a limit in milliseconds may be: a day.
_MS_MAX = 86_400_000


class TimeRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule with a limit of time."""

    limit_ms: Annotated[int, meta("Its limit.", unit="ms", ge=0, le=_MS_MAX)]
    action: Annotated[Action, _ACTION]


class BandRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule with a limit of price."""

    limit_bps: Annotated[
        int, meta("How far from the last trade a price may be.", unit="bps", ge=0, le=1_000_000)
    ]
    action: Annotated[Action, _ACTION]


class SizeRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule with a limit of quantity."""

    limit_lots: Annotated[int, meta("The most that is believed.", unit="lots", ge=1, le=1 << 62)]
    action: Annotated[Action, _ACTION]


class PlainRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule without a limit."""

    action: Annotated[Action, _ACTION]


class MarketDataConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[live.market_data]: rules of validation, each with what is done when it is broken."""

    sequence: Annotated[PlainRule, meta("Messages come without a hole.")] = PlainRule(
        action="quarantined"
    )
    time_back: Annotated[TimeRule, meta("The venue's time does not run back further.")] = TimeRule(
        limit_ms=0, action="corrected"
    )
    time_ahead: Annotated[TimeRule, meta("The venue's time is not further ahead.")] = TimeRule(
        limit_ms=1_000, action="corrected"
    )
    time_old: Annotated[TimeRule, meta("Messages are not older.")] = TimeRule(
        limit_ms=5_000, action="quarantined"
    )
    crossed: Annotated[TimeRule, meta("A book is not crossed for longer.")] = TimeRule(
        limit_ms=1_000, action="quarantined"
    )
    locked: Annotated[TimeRule, meta("A book is not locked for longer.")] = TimeRule(
        limit_ms=1_000, action="quarantined"
    )
    price_band: Annotated[BandRule, meta("A price lies in the band around the last trade.")] = (
        BandRule(limit_bps=5_000, action="off")
    )
    size_zero: Annotated[PlainRule, meta("A quantity is not zero.")] = PlainRule(action="corrected")
    size_max: Annotated[SizeRule, meta("A quantity is not absurd.")] = SizeRule(
        limit_lots=1_000_000_000, action="quarantined"
    )
    silence: Annotated[TimeRule, meta("An instrument is not silent for longer.")] = TimeRule(
        limit_ms=60_000, action="off"
    )
    book: Annotated[PlainRule, meta("A message fits the book.")] = PlainRule(action="quarantined")

    def rules(self) -> list[tuple[int, int, int]]:
        """Return the rules that are on: number, limit in the core's units, number of the action."""
        found = []
        for rule in FeedRule:
            it = getattr(self, rule.name.lower())
            match it:
                case TimeRule():
                    limit = it.limit_ms * MILLISECOND_NS
                case BandRule():
                    limit = it.limit_bps
                case SizeRule():
                    limit = it.limit_lots
                case _:
                    limit = 0
            if it.action != "off":
                found.append((int(rule), limit, int(RuleAction[it.action.upper()])))
        return found
