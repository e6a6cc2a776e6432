# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The section of the risk gate's configuration. Defaults stand here and nowhere else."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onetape.config import meta
from onetape.errors import ConfigError
from onetape.events import Limit, RiskScope
from onetape.risk._table import LIMITS
from onetape.risk.limit_set import Entry


class LimitsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of the risk gate. A missing limit rejects every order."""

    order_qty_max: (
        Annotated[int, meta("Largest quantity of one order.", unit="lots", ge=1)] | None
    ) = None
    order_notional_max: (
        Annotated[int, meta("Largest price times quantity of one order.", unit="tick-lots", ge=1)]
        | None
    ) = None
    position_max: (
        Annotated[
            int,
            meta(
                "Largest absolute position, open orders of that side included.", unit="lots", ge=0
            ),
        ]
        | None
    ) = None
    price_collar_ticks: (
        Annotated[
            int,
            meta("How far through the reference price an order may be priced.", unit="ticks", ge=0),
        ]
        | None
    ) = None
    order_rate_max: (
        Annotated[
            int, meta("Most new and replaced orders in any second.", unit="orders per second", ge=0)
        ]
        | None
    ) = None
    order_value_max: (
        Annotated[int, meta("Largest worth of one order.", unit="account currency", ge=0)] | None
    ) = None
    price_collar_bps: (
        Annotated[
            int,
            meta(
                "How far through the middle of the market an order may be priced.",
                unit="basis points",
                ge=0,
            ),
        ]
        | None
    ) = None
    passive_collar_ticks: (
        Annotated[
            int,
            meta(
                "How far behind the middle of the market an order may be priced.",
                unit="ticks",
                ge=0,
            ),
        ]
        | None
    ) = None
    passive_collar_bps: (
        Annotated[int, meta("The same, as a share of it.", unit="basis points", ge=0)] | None
    ) = None
    period_collar_ticks: (
        Annotated[
            int, meta("How far prices within period_collar_ms may lie apart.", unit="ticks", ge=0)
        ]
        | None
    ) = None
    period_collar_ms: (
        Annotated[int, meta("Length of that period; 60,000 unless set.", unit="ms", ge=0)] | None
    ) = None
    reference_age_ms_max: (
        Annotated[
            int, meta("Greatest age of the quotes that an order is measured by.", unit="ms", ge=0)
        ]
        | None
    ) = None
    message_rate_max: (
        Annotated[
            int,
            meta(
                "Most new and replaced orders of all strategies in any second.",
                unit="orders per second",
                ge=0,
            ),
        ]
        | None
    ) = None
    cancel_rate_max: (
        Annotated[
            int,
            meta(
                "Cancels in any second from which on it is warned.", unit="cancels per second", ge=0
            ),
        ]
        | None
    ) = None
    working_orders_max: (
        Annotated[int, meta("Most live orders of all strategies.", unit="orders", ge=0)] | None
    ) = None
    working_qty_max: Annotated[int, meta("Most lots in them.", unit="lots", ge=0)] | None = None
    day_qty_max: (
        Annotated[int, meta("Most lots executed today and open on one side.", unit="lots", ge=0)]
        | None
    ) = None
    slippage_bps_max: (
        Annotated[
            int,
            meta(
                "How much worse than the middle an order that takes may trade.",
                unit="basis points",
                ge=0,
            ),
        ]
        | None
    ) = None
    participation_bps_max: (
        Annotated[int, meta("Largest own share of the market's volume.", unit="basis points", ge=0)]
        | None
    ) = None
    participation_ms: (
        Annotated[int, meta("Window of that share; 300,000 unless set.", unit="ms", ge=0)] | None
    ) = None
    order_to_trade_max: (
        Annotated[int, meta("Largest order-to-trade ratio by count.", unit="ratio", ge=0)] | None
    ) = None
    order_to_trade_volume_max: (
        Annotated[int, meta("Largest order-to-trade ratio by volume.", unit="ratio", ge=0)] | None
    ) = None
    volatility_collar_e2: (
        Annotated[
            int,
            meta(
                "How far through the middle of the market an order may be priced, in hundredths of "
                "the standard deviation of its movement over volatility_ms.",
                unit="hundredths",
                ge=0,
            ),
        ]
        | None
    ) = None
    volatility_floor_ticks: (
        Annotated[int, meta("What that allows at least; 10 unless set.", unit="ticks", ge=0)] | None
    ) = None
    volatility_ms: (
        Annotated[int, meta("Time of that movement; 1,000 unless set.", unit="ms", ge=1)] | None
    ) = None
    fill_drift_ticks: (
        Annotated[
            int,
            meta(
                "How far own fills of period_collar_ms may be on average from where the market "
                "began it.",
                unit="ticks",
                ge=0,
            ),
        ]
        | None
    ) = None


class RiskConfig(LimitsConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[risk]: limits for all instruments, of one ([risk.instruments.SYMBOL]), of other scopes."""

    instruments: Annotated[
        dict[str, LimitsConfig],
        meta("Limits of one instrument, by symbol: what is set there replaces the general one."),
    ] = msgspec.field(default_factory=dict)

    firm: Annotated[dict[str, int], meta("Limits of everything, by name.")] = msgspec.field(
        default_factory=dict
    )
    strategy: Annotated[
        dict[str, int], meta("Limits of each strategy that has none of its own, by name.")
    ] = msgspec.field(default_factory=dict)
    strategies: Annotated[
        dict[str, dict[str, int]], meta("Limits of one strategy, by its name and theirs.")
    ] = msgspec.field(default_factory=dict)
    account: Annotated[
        dict[str, int], meta("Limits of each account that has none of its own, by name.")
    ] = msgspec.field(default_factory=dict)
    accounts: Annotated[
        dict[str, dict[str, int]], meta("Limits of one account, by its number and their names.")
    ] = msgspec.field(default_factory=dict)
    product: Annotated[
        dict[str, int], meta("Limits of each product that has none of its own, by name.")
    ] = msgspec.field(default_factory=dict)
    products: Annotated[
        dict[str, dict[str, int]], meta("Limits of one product, by its symbol and their names.")
    ] = msgspec.field(default_factory=dict)
    venue: Annotated[
        dict[str, int], meta("Limits of each venue that has none of its own, by name.")
    ] = msgspec.field(default_factory=dict)
    venues: Annotated[
        dict[str, dict[str, int]], meta("Limits of one venue, by its name and theirs.")
    ] = msgspec.field(default_factory=dict)

    def limits(self, symbol: str) -> LimitsConfig:
        """Return the limits in force for one instrument."""
        own = self.instruments.get(symbol, LimitsConfig())
        names = LimitsConfig.__struct_fields__
        chosen = {n: getattr(own, n) for n in names if getattr(own, n) is not None}
        return LimitsConfig(**{n: chosen.get(n, getattr(self, n)) for n in names})


def limits_set(section: LimitsConfig) -> list[tuple[int, int]]:
    """Return the limits that a section sets: number of the limit, and value."""
    values = {limit: getattr(section, limit.name.lower(), None) for limit in Limit}
    return [(limit.value, value) for limit, value in values.items() if value is not None]


def scope_limits(risk: RiskConfig) -> list[Entry]:
    """Return the limits of strategies, accounts, products, venues and the firm.

    Raises:
        ConfigError: If a limit is unknown, may not stand there, or is negative.
    """
    found = []
    sections: list[tuple[RiskScope, str, str, dict[str, int]]] = [
        (RiskScope.FIRM, "risk.firm", "", risk.firm)
    ]
    for scope in (RiskScope.STRATEGY, RiskScope.ACCOUNT, RiskScope.PRODUCT, RiskScope.VENUE):
        one = scope.name.lower()
        many = {"strategy": "strategies"}.get(one, f"{one}s")
        sections.append((scope, f"risk.{one}", "", getattr(risk, one)))
        for name, limits in sorted(getattr(risk, many).items()):
            sections.append((scope, f"risk.{many}.{name}", name, limits))
    for scope, key, name, limits in sections:
        known = {
            limit.name.lower(): limit for limit, facts in LIMITS.items() if scope in facts.scopes
        }
        for word, value in sorted(limits.items()):
            if word not in known or value < 0:
                raise ConfigError(
                    f"{key}.{word}: expected a limit that may stand there, not negative, "
                    f"found {word} = {value}",
                    code="LIM-008",
                    hint=f"there may stand {', '.join(sorted(known))}",
                )
            found.append(Entry(scope, name, known[word], value))
    return found
