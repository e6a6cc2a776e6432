# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Every figure of execution quality: its name, unit, and what it is.

Tables, files and the page say nothing that does not stand here. s is +1 for a buy, -1 for a sale; Q
what was ordered, q what was filled, p a fill's price, p̄ their average; P_d, P_a, P_end the mid at
the decision, when the order left, when it ended; P_τ the mid τ after a fill. Sums run over the rows
of a group; a group is of one currency.
"""

from __future__ import annotations

from typing import NamedTuple

from onetape.pipeline.tca._facts import HORIZONS_NS


class Figure(NamedTuple):
    """One figure.

    Attributes:
        name: Its column.
        source: Its row in the requirements, such as EQ-01.
        unit: `bp` (10^-4), `ratio`, `count`, `lots`, `ns`.
        text: What it is.
    """

    name: str
    source: str
    unit: str
    text: str


def _horizons() -> list[Figure]:
    out = []
    for name in HORIZONS_NS:
        out += [
            Figure(f"markout_{name}_bp", "EQ-03", "bp",
                   f"Σ s q (P_τ - p) / Σ q p, τ = {name}; below zero: the market went against us."),
            Figure(f"markout_{name}_low_bp", "EQ-03", "bp",
                   "Lower end of its 95 % interval; none below five independent blocks."),
            Figure(f"markout_{name}_high_bp", "EQ-03", "bp", "Upper end of its 95 % interval."),
            Figure(f"markout_{name}_fills", "EQ-03", "count",
                   f"Fills that have a mid {name} later."),
        ]  # fmt: skip
    for name in HORIZONS_NS:
        out += [
            Figure(f"realised_{name}_bp", "EQ-04", "bp",
                   f"Σ 2 s q (p - P_τ) / Σ q P_τ, τ = {name}: what was left of the spread."),
            Figure(f"impact_{name}_bp", "EQ-04", "bp",
                   "Effective less realised spread, of the fills that have both."),
        ]  # fmt: skip
    return out


FIGURES: list[Figure] = [
    Figure("orders", "EQ-05", "count", "Orders that a venue took; each price of a quote is one."),
    Figure("orders_filled", "EQ-05", "count", "Orders with at least one fill."),
    Figure("orders_open", "EQ-05", "count", "Orders that still live at the end of the journal."),
    Figure("fills", "EQ-05", "count", "Fills."),
    Figure("filled_notional", "EQ-05", "currency", "Σ q p."),
    Figure("fill_ratio_qty", "EQ-05", "ratio",
           "Filled over ordered quantity; none where lots of several sizes would be added."),
    Figure("fill_ratio_orders", "EQ-05", "ratio", "Orders with a fill over orders."),
    Figure("shortfall_bp", "EQ-01", "bp",
           "Implementation shortfall: delay + execution + opportunity + fees (as far as they are "
           "known). Quotes are left out: they have no quantity that they must do."),
    Figure("delay_bp", "EQ-01", "bp", "Σ s q (P_a - P_d) / Σ Q P_d."),
    Figure("execution_bp", "EQ-01", "bp", "Σ s q (p̄ - P_a) / Σ Q P_d."),
    Figure("opportunity_bp", "EQ-01", "bp", "Σ s (Q - q)(P_end - P_d) / Σ Q P_d."),
    Figure("fees_bp", "EQ-01", "bp", "Σ fees / Σ Q P_d; none unless every fee is known."),
    Figure("shortfall_orders", "EQ-01", "count", "Orders whose mids are all known."),
    Figure("parents", "EQ-01", "count", "Parent orders that were opened."),
    Figure("parent_fill_ratio", "EQ-01", "ratio", "What their children filled over what they ask."),
    Figure("parent_shortfall_bp", "EQ-01", "bp",
           "The shortfall of parents: decided when opened, arrived with the first child."),
    Figure("parent_delay_bp", "EQ-01", "bp", "Its part until the first child left."),
    Figure("parent_execution_bp", "EQ-01", "bp", "Its part from there, by the children's fills."),
    Figure("parent_opportunity_bp", "EQ-01", "bp", "Its part by what was left undone."),
    Figure("parent_fees_bp", "EQ-01", "bp", "Its part by fees; none unless every fee is known."),
    Figure("arrival_bp", "EQ-02", "bp",
           "Arrival slippage Σ s q (p̄ - P_a) / Σ q P_a; above zero is a cost."),
    Figure("arrival_orders", "EQ-02", "count", "Filled orders with a mid at arrival."),
    Figure("vwap_bp", "EQ-02", "bp",
           "Σ s q (p̄ - VWAP) / Σ q VWAP, the market's VWAP while the order lived."),
    Figure("vwap_orders", "EQ-02", "count", "Filled orders in whose life somebody traded."),
    *_horizons(),
    Figure("effective_spread_bp", "EQ-04", "bp",
           "Σ 2 s q (p - P) / Σ q P, P the mid before the fill (a taker's: at arrival)."),
    Figure("spread_fills", "EQ-04", "count", "Fills with a mid before them."),
    Figure("refused", "EQ-06", "count", "New orders, replacements and quotes that were refused."),
    Figure("reject_ratio", "EQ-06", "ratio", "Refused over asked for (taken and refused)."),
    Figure("reject_ratio_gate", "EQ-06", "ratio", "Of these, refused by the risk gate."),
    Figure("reject_ratio_desk", "EQ-06", "ratio", "Of these, refused by order management."),
    Figure("reject_ratio_venue", "EQ-06", "ratio", "Of these, refused by the venue."),
    Figure("cancel_ratio", "EQ-07", "ratio", "Orders that ended cancelled over orders that ended."),
    Figure("otr_messages", "EQ-07", "count",
           "Orders by the weights of RTS 9: new 1, replaced 2, cancelled 1."),
    Figure("otr_count", "EQ-07", "ratio",
           "Those over fills, less one; with no fill, as if there were one (PT-23)."),
    Figure("otr_volume", "EQ-07", "ratio",
           "Lots ordered and replaced over lots filled, less one; if none was, as if one were."),
    Figure("missed_take_rate", "EQ-08", "ratio",
           "Immediate orders: what was shown when they were decided, up to Q, and was not got."),
    Figure("immediate_orders", "EQ-08", "count", "IOC and FOK orders that could have traded."),
    Figure("queue_ahead_p50_lots", "EQ-09", "lots",
           "Shown before a resting order at its price when it left, median."),
    Figure("time_to_fill_p50_ns", "EQ-09", "ns", "From leaving to the first fill, median."),
    Figure("time_to_fill_p99_ns", "EQ-09", "ns", "The same, 99th percentile."),
    Figure("fill_given_touch", "EQ-09", "ratio",
           "Resting orders with a fill over those at whose price, or through it, anyone traded."),
    Figure("maker_share", "EQ-11", "ratio", "Filled value that rested over all filled value."),
    Figure("net_fee_bp", "EQ-11", "bp", "Σ fees / Σ q p, below 0 a rebate; only if all are known."),
]  # fmt: skip

#: The same, by name.
BY_NAME = {figure.name: figure for figure in FIGURES}
