# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Everything there is to say of a journal's orders at one moment: what files and page show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from onetape.events import EVENTS, RejectReason
from onetape.pipeline.tca._exact import Column
from onetape.pipeline.tca._facts import REFUSERS, Facts
from onetape.pipeline.tca._metrics import Group, measure, quantile_place
from onetape.pipeline.tca._wire import CANCEL, NEW, REPLACE

_ASKS = {NEW: "new", REPLACE: "replace", CANCEL: "cancel"}
_STEPS = {"intent_ns": "intent to sent", "answer_ns": "sent to answered"}


@dataclass(frozen=True)
class Latency:
    """How long messages to a venue took (EQ-10), in nanoseconds of journal time.

    Attributes:
        venue: To whom.
        message: `new`, `replace` or `cancel`.
        step: `intent to sent`, or `sent to answered`.
        count: How many were measured.
        p50_ns: Median; exact, as all of these: the smallest that so many are not above.
        p99_ns: 99th percentile.
        p999_ns: 99.9th percentile.
        max_ns: The longest.
    """

    venue: str
    message: str
    step: str
    count: int
    p50_ns: int
    p99_ns: int
    p999_ns: int
    max_ns: int


@dataclass(frozen=True)
class Refusals:
    """How often something was refused for one reason (EQ-06).

    Attributes:
        code: Number of the reason.
        reason: Its name; empty where this version does not know it.
        by: `risk gate`, `order management` or `venue`.
        command: What was refused, such as `EnterOrder`.
        count: How often.
    """

    code: int
    reason: str
    by: str
    command: str
    count: int


@dataclass(frozen=True)
class Report:
    """What there is to say.

    Attributes:
        journal: Folder of the journal.
        last_seq: Last entry that was looked at.
        end_ts_ns: Its time.
        totals: Figures of all orders, one group a currency; none where nothing was ordered.
        groups: Figures by each dimension that was asked for.
        latencies: By venue, message and step.
        refusals: By reason, the most frequent first.
        counts: What of the market data was read, and could not be used.
        has_market: Whether there is market data.
    """

    journal: str
    last_seq: int
    end_ts_ns: int
    totals: list[Group]
    groups: dict[str, list[Group]]
    latencies: list[Latency]
    refusals: list[Refusals]
    counts: dict[str, int]
    has_market: bool


def report_of(
    facts: Facts, journal: str, last_seq: int, counts: dict[str, int], by: Sequence[str]
) -> Report:
    """Put together what there is to say.

    Args:
        facts: What is known.
        journal: Where from.
        last_seq: Last entry that was looked at.
        counts: What of the market data was read.
        by: Dimensions, or several joined by commas, to tell groups apart by.
    """
    return Report(
        journal=journal,
        last_seq=last_seq,
        end_ts_ns=facts.end_ts_ns,
        totals=measure(facts),
        groups={name: measure(facts, name.split(",")) for name in by},
        latencies=latencies_of(facts),
        refusals=refusals_of(facts),
        counts=counts,
        has_market=facts.has_market,
    )


def latencies_of(facts: Facts) -> list[Latency]:
    """Return how long messages took, by venue, message and step; nothing where nothing was sent."""
    rows, out = facts.latencies, []
    for venue in np.unique(rows["venue_id"]).tolist():
        for asks, message in _ASKS.items():
            mine = (rows["venue_id"] == venue) & (rows["asks"] == asks)
            for column, step in _STEPS.items():
                took = np.sort(rows[column][mine & (rows[column] >= 0)])
                if len(took):
                    name = facts.names.of("venue", venue)
                    out.append(Latency(name, message, step, len(took), *_quantiles(took)))
    return out


def _quantiles(rising: Column) -> tuple[int, int, int, int]:
    count = len(rising)
    places = [quantile_place(count, *share) for share in ((50, 100), (99, 100), (999, 1_000))]
    p50, p99, p999 = (int(rising[place]) for place in places)
    return p50, p99, p999, int(rising[-1])


def refusals_of(facts: Facts) -> list[Refusals]:
    """Return how often each reason was given, the most frequent first."""
    rows = facts.refused
    keys = np.column_stack([rows["reason"], rows["by"], rows["command"]])
    found, counts = np.unique(keys, axis=0, return_counts=True)
    known = {reason.value: reason.name for reason in RejectReason}
    out = [
        Refusals(
            code=code,
            reason=known.get(code, ""),
            by=REFUSERS[by],
            command=EVENTS[command].__name__ if command in EVENTS else f"kind {command}",
            count=count,
        )
        for (code, by, command), count in zip(found.tolist(), counts.tolist(), strict=True)
    ]
    return sorted(out, key=lambda row: (-row.count, row.code, row.by, row.command))
