# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The limits of the risk gate.

Made by tools/gen.py from schema/. Do not edit: change the schema and run `make gen`.
"""

from __future__ import annotations

from typing import NamedTuple

from onetape.events import Limit, RiskScope


class LimitFacts(NamedTuple):
    """What a limit is.

    Attributes:
        unit: Of its value.
        looser: Which way lets more pass: `higher`, `lower`, or `never`.
        scopes: Where it may stand.
        required: Where it has to stand under the full profile.
    """

    unit: str
    looser: str
    scopes: frozenset[RiskScope]
    required: frozenset[RiskScope]


def _facts(unit: str, looser: str, scopes: str, required: str) -> LimitFacts:
    of = [frozenset(RiskScope[n] for n in t.split()) for t in (scopes, required)]
    return LimitFacts(unit, looser, *of)


#: Every limit.
LIMITS: dict[Limit, LimitFacts] = {
    Limit.ORDER_QTY_MAX: _facts(
        "lots",
        "higher",
        "STRATEGY INSTRUMENT ACCOUNT FIRM",
        "STRATEGY",
    ),
    Limit.ORDER_NOTIONAL_MAX: _facts(
        "tick-lots",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.POSITION_MAX: _facts(
        "lots",
        "higher",
        "STRATEGY INSTRUMENT PRODUCT ACCOUNT FIRM",
        "STRATEGY ACCOUNT",
    ),
    Limit.PRICE_COLLAR_TICKS: _facts(
        "ticks",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.ORDER_RATE_MAX: _facts(
        "orders per second",
        "higher",
        "FIRM",
        "",
    ),
    Limit.ORDER_VALUE_MAX: _facts(
        "account currency",
        "higher",
        "STRATEGY INSTRUMENT ACCOUNT FIRM",
        "ACCOUNT",
    ),
    Limit.PRICE_COLLAR_BPS: _facts(
        "basis points",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.PASSIVE_COLLAR_TICKS: _facts(
        "ticks",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.PASSIVE_COLLAR_BPS: _facts(
        "basis points",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.PERIOD_COLLAR_TICKS: _facts(
        "ticks",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.PERIOD_COLLAR_MS: _facts(
        "ms",
        "lower",
        "INSTRUMENT",
        "",
    ),
    Limit.REFERENCE_AGE_MS_MAX: _facts(
        "ms",
        "higher",
        "INSTRUMENT",
        "INSTRUMENT",
    ),
    Limit.MESSAGE_RATE_MAX: _facts(
        "orders per second",
        "higher",
        "STRATEGY INSTRUMENT VENUE",
        "STRATEGY VENUE",
    ),
    Limit.CANCEL_RATE_MAX: _facts(
        "cancels per second",
        "higher",
        "STRATEGY INSTRUMENT VENUE",
        "",
    ),
    Limit.EXECUTIONS_MAX: _facts(
        "executions",
        "higher",
        "STRATEGY",
        "",
    ),
    Limit.EXECUTIONS_MS: _facts(
        "ms",
        "lower",
        "STRATEGY",
        "",
    ),
    Limit.DUPLICATES_MAX: _facts(
        "orders",
        "higher",
        "STRATEGY",
        "",
    ),
    Limit.DUPLICATES_MS: _facts(
        "ms",
        "lower",
        "STRATEGY",
        "",
    ),
    Limit.WORKING_ORDERS_MAX: _facts(
        "orders",
        "higher",
        "STRATEGY INSTRUMENT ACCOUNT FIRM",
        "STRATEGY",
    ),
    Limit.WORKING_QTY_MAX: _facts(
        "lots",
        "higher",
        "STRATEGY INSTRUMENT ACCOUNT FIRM",
        "",
    ),
    Limit.GROSS_EXPOSURE_MAX: _facts(
        "account currency",
        "higher",
        "STRATEGY ACCOUNT FIRM",
        "ACCOUNT FIRM",
    ),
    Limit.NET_EXPOSURE_MAX: _facts(
        "account currency",
        "higher",
        "STRATEGY ACCOUNT FIRM",
        "",
    ),
    Limit.DAY_VALUE_MAX: _facts(
        "account currency",
        "higher",
        "STRATEGY ACCOUNT FIRM",
        "",
    ),
    Limit.DAY_QTY_MAX: _facts(
        "lots",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.CAPITAL: _facts(
        "account currency",
        "higher",
        "ACCOUNT",
        "",
    ),
    Limit.CAPITAL_BUFFER_BPS: _facts(
        "basis points",
        "lower",
        "ACCOUNT",
        "",
    ),
    Limit.MARGIN_PER_LOT_E6: _facts(
        "10^-6 account currency",
        "lower",
        "PRODUCT",
        "",
    ),
    Limit.LOSS_MAX: _facts(
        "account currency",
        "higher",
        "STRATEGY ACCOUNT FIRM",
        "STRATEGY FIRM",
    ),
    Limit.SELF_TRADE_BARRED: _facts(
        "0 or 1",
        "lower",
        "FIRM",
        "",
    ),
    Limit.SLIPPAGE_BPS_MAX: _facts(
        "basis points",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.PARTICIPATION_BPS_MAX: _facts(
        "basis points",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.PARTICIPATION_MS: _facts(
        "ms",
        "lower",
        "INSTRUMENT",
        "",
    ),
    Limit.ORDER_TO_TRADE_MAX: _facts(
        "ratio",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.ORDER_TO_TRADE_VOLUME_MAX: _facts(
        "ratio",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.INSTRUMENTS_MAX: _facts(
        "instruments",
        "higher",
        "STRATEGY",
        "STRATEGY",
    ),
    Limit.VENUES_MAX: _facts(
        "venues",
        "higher",
        "STRATEGY",
        "STRATEGY",
    ),
    Limit.DAY_ORDERS_MAX: _facts(
        "orders",
        "higher",
        "STRATEGY",
        "STRATEGY",
    ),
    Limit.CHILDREN_MAX: _facts(
        "orders",
        "higher",
        "FIRM",
        "",
    ),
    Limit.FLAGS_REQUIRED: _facts(
        "bits",
        "never",
        "FIRM",
        "",
    ),
    Limit.INPUT_AGE_US_MAX: _facts(
        "microseconds",
        "higher",
        "FIRM",
        "FIRM",
    ),
    Limit.DRAWDOWN_MAX: _facts(
        "account currency",
        "higher",
        "STRATEGY ACCOUNT FIRM",
        "",
    ),
    Limit.LOSS_VELOCITY_MAX: _facts(
        "account currency",
        "higher",
        "STRATEGY ACCOUNT FIRM",
        "",
    ),
    Limit.LOSS_VELOCITY_MS: _facts(
        "ms",
        "lower",
        "STRATEGY ACCOUNT FIRM",
        "",
    ),
    Limit.VOLATILITY_COLLAR_E2: _facts(
        "hundredths",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.VOLATILITY_FLOOR_TICKS: _facts(
        "ticks",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.VOLATILITY_MS: _facts(
        "ms",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.FILL_DRIFT_TICKS: _facts(
        "ticks",
        "higher",
        "INSTRUMENT",
        "",
    ),
    Limit.LIMITS_KEPT_MS: _facts(
        "ms",
        "higher",
        "FIRM",
        "",
    ),
}

#: Limits that a person's order may pass by an override.
SOFT = frozenset(
    {
        Limit.ORDER_QTY_MAX,
        Limit.ORDER_NOTIONAL_MAX,
        Limit.PRICE_COLLAR_TICKS,
        Limit.ORDER_VALUE_MAX,
        Limit.PASSIVE_COLLAR_TICKS,
        Limit.PERIOD_COLLAR_TICKS,
        Limit.DUPLICATES_MAX,
        Limit.WORKING_ORDERS_MAX,
        Limit.WORKING_QTY_MAX,
        Limit.DAY_VALUE_MAX,
        Limit.DAY_QTY_MAX,
        Limit.SLIPPAGE_BPS_MAX,
        Limit.PARTICIPATION_BPS_MAX,
    }
)
