# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How figures look to a person, in the terminal and on the page."""

from __future__ import annotations

from onetape.pipeline.tca._definitions import BY_NAME
from onetape.pipeline.tca._metrics import Value

#: Columns of a table of groups, in order.
TABLE_FIGURES = [
    "orders", "fills", "filled_notional", "fill_ratio_orders", "fill_ratio_qty", "shortfall_bp",
    "parent_shortfall_bp", "arrival_bp", "vwap_bp", "effective_spread_bp", "realised_1s_bp",
    "markout_1s_bp", "markout_60s_bp", "reject_ratio", "cancel_ratio", "otr_count",
    "missed_take_rate", "time_to_fill_p50_ns", "maker_share", "net_fee_bp",
]  # fmt: skip
#: Figures to show first.
HEADLINE_FIGURES = [
    "orders", "fills", "filled_notional", "fill_ratio_orders", "shortfall_bp",
    "parent_shortfall_bp", "arrival_bp", "vwap_bp", "markout_1s_bp", "effective_spread_bp",
    "impact_1s_bp", "reject_ratio", "cancel_ratio", "otr_count", "maker_share", "net_fee_bp",
    "missed_take_rate", "time_to_fill_p50_ns", "fill_given_touch",
]  # fmt: skip
_HEADINGS = {
    "filled_notional": "filled value",
    "fill_ratio_orders": "fill ratio",
    "fill_ratio_qty": "of quantity",
    "shortfall_bp": "shortfall",
    "parent_shortfall_bp": "parents' shortfall",
    "arrival_bp": "arrival slippage",
    "vwap_bp": "VWAP slippage",
    "effective_spread_bp": "effective spread",
    "realised_1s_bp": "realised 1 s",
    "impact_1s_bp": "impact 1 s",
    "markout_1s_bp": "markout 1 s",
    "markout_60s_bp": "markout 60 s",
    "reject_ratio": "rejects",
    "cancel_ratio": "cancelled",
    "otr_count": "order-to-trade",
    "missed_take_rate": "missed takes",
    "time_to_fill_p50_ns": "time to fill, median",
    "fill_given_touch": "filled if touched",
    "maker_share": "maker share",
    "net_fee_bp": "net fees",
}
_SHARES = {
    "fill_ratio_orders", "fill_ratio_qty", "reject_ratio", "reject_ratio_gate",
    "reject_ratio_desk", "reject_ratio_venue", "cancel_ratio", "missed_take_rate",
    "fill_given_touch", "maker_share", "parent_fill_ratio",
}  # fmt: skip
_UNITS_NS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"))
NO_DATA = "–"


def heading(name: str) -> str:
    """Return what a figure is called above a column."""
    return _HEADINGS.get(name, name.replace("_", " "))


def shown(name: str, value: Value) -> str:
    """Return a figure for people; `NO_DATA` where there is none.

    Args:
        name: Which figure, or `ns` for any time.
        value: Its value.

    Examples:
        >>> shown("arrival_bp", -0.3751), shown("maker_share", 0.5), shown("ns", 1_500)
        ('-0.375 bp', '50.0 %', '1.50 µs')
        >>> shown("arrival_bp", None), shown("orders", 12_345), shown("otr_count", 3.25)
        ('–', '12,345', '3.25')
    """
    if value is None:
        return NO_DATA
    if name in _SHARES:
        return f"{100 * value:.1f} %"
    unit = "ns" if name == "ns" else BY_NAME[name].unit
    if unit == "ns":
        return _time(value)
    if unit == "bp":
        return f"{value:,.3f} bp"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}"


def _time(ns: float) -> str:
    for size, unit in _UNITS_NS:
        if ns >= size:
            return f"{ns / size:,.2f} {unit}"
    return f"{ns:.0f} ns"
