# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Two runs beside one another: a live one and what a simulation expected of it (EQ-12)."""

from __future__ import annotations

from dataclasses import dataclass

from onetape.pipeline.tca._facts import HORIZONS_NS
from onetape.pipeline.tca._metrics import Value
from onetape.pipeline.tca._report import Report

#: What is compared: costs, markouts, and how much was done.
GAP_FIGURES = [
    "arrival_bp", "vwap_bp", "shortfall_bp", "effective_spread_bp",
    *(f"markout_{name}_bp" for name in HORIZONS_NS),
    "fill_ratio_orders", "fill_ratio_qty", "missed_take_rate", "reject_ratio", "otr_count",
]  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """One figure in two runs.

    Attributes:
        currency: Currency of the orders.
        figure: Its name.
        here: Of the first run; None without data.
        there: Of the other.
        difference: The first less the other; None unless both are known.
    """

    currency: str
    figure: str
    here: Value
    there: Value
    difference: Value


def gap_between(here: Report, there: Report) -> list[Gap]:
    """Return how two runs differ, by currency and figure; what neither has is left out."""
    first = {group.currency: group.figures for group in here.totals}
    second = {group.currency: group.figures for group in there.totals}
    found = []
    for currency in sorted(first.keys() | second.keys()):
        for name in GAP_FIGURES:
            a, b = (side.get(currency, {}).get(name) for side in (first, second))
            if a is None and b is None:
                continue
            difference = None if a is None or b is None else a - b
            found.append(Gap(currency, name, a, b, difference))
    return found
