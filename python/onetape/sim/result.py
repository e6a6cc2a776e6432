# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What became of a run: plain values, for people and for programs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec


class PositionResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a strategy holds and has earned in one instrument.

    Attributes:
        symbol: The venue's symbol.
        currency: Currency of the money below.
        position_lots: Signed position.
        mark_ticks: What the open position is worth: the best price it could be closed at, else the
            last trade.
        realised: Profit of what was closed, at average cost, in currency.
        profit: Profit with the open position at its mark, in currency.
        bought_lots: Lots bought.
        sold_lots: Lots sold.
        fills: Number of fills.
        maker_lots: Lots filled while resting.
        slippage: Sum of (trade price - mid at arrival), signed so that positive is a cost, in
            currency.
        slippage_ticks: The same per lot, in ticks.
    """

    symbol: str
    currency: str
    position_lots: int
    mark_ticks: int
    realised: float
    profit: float
    bought_lots: int
    sold_lots: int
    fills: int
    maker_lots: int
    slippage: float
    slippage_ticks: float


class RunResult(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a run.

    Attributes:
        journal: Folder of the journal.
        journal_bytes: Its size on disk.
        state_hash: Digest of the final state, 16 hexadecimal digits; a replay must find the same.
        source: What was run on.
        entries: Entries in the journal.
        entries_matched: Entries that were there already when the run was resumed.
        messages: Messages of market data.
        elapsed_s: Wall time of the run.
        messages_per_s: Messages of market data over wall time.
        events: Entries by kind.
        rejects: Rejected orders by reason.
        counters: What the engine counted, see docs/reference/events.md.
        source_counts: What the source skipped or mended.
        source_error: Why the source ended early; empty when it did not.
        positions: One a traded instrument.
        profit: Total profit by currency.
        latency_ns: Percentiles by stage, of a sample of events, in nanoseconds.
        snapshots: Snapshots taken.
        recovered: What was cut off the journal's torn tail when it was resumed; empty if nothing.
    """

    journal: str
    journal_bytes: int
    state_hash: str
    source: str
    entries: int
    entries_matched: int
    messages: int
    elapsed_s: float
    messages_per_s: float
    events: dict[str, int]
    rejects: dict[str, int]
    counters: dict[str, int]
    source_counts: dict[str, int]
    source_error: str
    positions: list[PositionResult]
    profit: dict[str, float]
    latency_ns: dict[str, dict[str, int]]
    snapshots: int
    recovered: str

    @property
    def fills(self) -> int:
        """Number of our fills."""
        return self.events.get("OrderFilled", 0)

    @property
    def orders(self) -> int:
        """Number of our orders that the venue took, replacements included."""
        return self.events.get("OrderAccepted", 0) + self.events.get("OrderReplaced", 0)


def position_result(row: dict[str, Any]) -> PositionResult:
    """Turn a row of the native summary, exact integers, into money."""
    tick, lot, multiplier = row["unit_e27"]
    unit = Fraction(tick * lot * multiplier, 10**27)
    lots = row["slippage_lots"]
    half = row["slippage_half_ticklots"]
    return PositionResult(
        symbol=row["symbol"],
        currency=row["currency"].rstrip("\0"),
        position_lots=row["position_lots"],
        mark_ticks=row["mark_ticks"],
        realised=float(row["realised_ticklots"] * unit),
        profit=float(row["profit_ticklots"] * unit),
        bought_lots=row["bought_lots"],
        sold_lots=row["sold_lots"],
        fills=row["fills"],
        maker_lots=row["maker_lots"],
        slippage=float(half * unit / 2),
        slippage_ticks=float(Fraction(half, 2 * lots)) if lots else 0.0,
    )


def profit_by_currency(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Add up the profits of each currency, exactly, before they are rounded to floats."""
    totals: dict[str, Fraction] = {}
    for row in rows:
        tick, lot, multiplier = row["unit_e27"]
        money = row["profit_ticklots"] * Fraction(tick * lot * multiplier, 10**27)
        currency = row["currency"].rstrip("\0")
        totals[currency] = totals.get(currency, Fraction()) + money
    return {currency: float(total) for currency, total in totals.items()}
