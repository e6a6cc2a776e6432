# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The section of the risk gate's configuration. Defaults stand here and nowhere else."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onetape.config import meta
from onetape.events import Limit


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


class RiskConfig(LimitsConfig, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[risk]: limits for all instruments, and [risk.instruments.SYMBOL] for one of them."""

    instruments: Annotated[
        dict[str, LimitsConfig],
        meta("Limits of one instrument, by symbol: what is set there replaces the general one."),
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
