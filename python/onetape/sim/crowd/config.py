# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""[crowd]: who trades in a simulated crowd, how often, how much. Rates are of one agent.

Prices are ticks of 0.0001, as on the exchange's OUCH and ITCH wires.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from onetape.config import Secret, meta


class CrowdPortConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An OUCH 5.0 port to trade through; its key is the user name."""

    address: Annotated[str, meta("Where it is, as host:port.")]
    password: Annotated[Secret, meta("What it logs in with.")]


class CrowdInstrumentConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An instrument to trade; its key is the symbol."""

    price: Annotated[str, meta("What it is worth at the start, in currency.")] = "100.00"
    increment: Annotated[str, meta("Step of its prices, in currency.")] = "0.01"


class ZeroIntelligenceConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Traders who know nothing: orders, trades and cancels at random times, Poisson each."""

    agents: Annotated[int, meta("How many.", unit="agents", ge=0, le=10_000)] = 10
    limits_per_s: Annotated[float, meta("Limit orders.", unit="per second", ge=0)] = 20.0
    markets_per_s: Annotated[float, meta("Orders that take.", unit="per second", ge=0)] = 2.0
    cancels_per_s: Annotated[float, meta("Cancels.", unit="per second", ge=0)] = 18.0
    depth_increments: Annotated[
        int, meta("How far from the opposite best a limit order may stand.", unit="steps", ge=1)
    ] = 20
    orders_max: Annotated[
        int, meta("Most live orders; the oldest makes room.", unit="orders", ge=1)
    ] = 50


class MakersConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Market makers: both sides around what they think it is worth, shifted against inventory."""

    agents: Annotated[
        int, meta("How many; each keeps one instrument, in turn.", unit="agents", ge=0, le=10_000)
    ] = 6
    looks_per_s: Annotated[
        float, meta("How often one looks at its quotes.", unit="per second", ge=0)
    ] = 20.0
    levels: Annotated[int, meta("Orders a side.", unit="orders", ge=1, le=50)] = 3
    lots: Annotated[int, meta("Quantity of each.", unit="lots", ge=1)] = 200
    half_spread_increments: Annotated[
        int, meta("From the middle to the first order.", unit="steps", ge=1)
    ] = 2
    position_max: Annotated[
        int, meta("At this position it no longer quotes that side.", unit="lots", ge=1)
    ] = 5_000
    skew_increments: Annotated[
        int, meta("How far quotes are shifted at that position.", unit="steps", ge=0)
    ] = 6
    fundamental_percent: Annotated[
        int,
        meta(
            "How much the fundamental counts for the middle; the market's middle has the rest.",
            unit="percent",
            ge=0,
            le=100,
        ),
    ] = 30


class MomentumConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Followers: they buy what rises and sell what falls, and leave when it no longer does."""

    agents: Annotated[int, meta("How many.", unit="agents", ge=0, le=10_000)] = 4
    looks_per_s: Annotated[
        float, meta("How often one looks at the price.", unit="per second", ge=0)
    ] = 10.0
    threshold_bps: Annotated[
        int, meta("Between the quick and the slow mean, to act.", unit="basis points", ge=1)
    ] = 4
    lots: Annotated[int, meta("Quantity of an order.", unit="lots", ge=1)] = 100
    position_max: Annotated[int, meta("Largest position.", unit="lots", ge=1)] = 1_000


class InstitutionsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Institutions: large orders cut into equal slices over time, passive first, then taking."""

    agents: Annotated[int, meta("How many.", unit="agents", ge=0, le=10_000)] = 2
    lots: Annotated[int, meta("Quantity of a whole order.", unit="lots", ge=1)] = 10_000
    duration_s: Annotated[int, meta("How long one takes.", unit="s", ge=1)] = 20
    slices: Annotated[int, meta("Into how many slices.", unit="slices", ge=1)] = 40
    pause_s: Annotated[int, meta("Between two of them.", unit="s", ge=0)] = 5


class NewsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A piece of news: the fundamental jumps, makers widen, followers act at once."""

    at_s: Annotated[float, meta("When, from the start.", unit="s", ge=0)]
    symbol: Annotated[str, meta("Of which instrument; empty: of all.")] = ""
    move_bps: Annotated[int, meta("Jump of the fundamental.", unit="basis points")] = -200
    widen: Annotated[int, meta("Makers' spreads grow so many times.", ge=1)] = 4
    widen_s: Annotated[float, meta("For how long.", unit="s", ge=0)] = 5.0


class CrowdConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[crowd]: a seeded crowd of clients on an exchange's OUCH 5.0 ports."""

    seed: Annotated[int, meta("Seed of all that is left to chance.", ge=0)] = 1
    seconds: Annotated[float, meta("How long to trade; 0: until interrupted.", unit="s", ge=0)] = (
        60.0
    )
    rate_percent: Annotated[
        int, meta("All rates, times this.", unit="percent", ge=1, le=10_000)
    ] = 100
    walk_bps: Annotated[
        float,
        meta(
            "Standard deviation of the fundamental's walk over one second.",
            unit="basis points",
            ge=0,
        ),
    ] = 2.0
    lots: Annotated[
        int, meta("Round lot: quantities left to chance are one to five of it.", unit="lots", ge=1)
    ] = 100
    use_ports: Annotated[
        list[str],
        meta("User names of the ports to use. Empty: every OUCH 5.0 order-entry port there is."),
    ] = msgspec.field(default_factory=list)
    listen: Annotated[
        bool, meta("Whether to see prices on the exchange's ITCH feed, or guess from own trades.")
    ] = True
    ports: Annotated[
        dict[str, CrowdPortConfig],
        meta("Ports, by user name, where the configuration has no exchange of its own."),
    ] = msgspec.field(default_factory=dict)
    instruments: Annotated[
        dict[str, CrowdInstrumentConfig],
        meta("Instruments, by symbol, where the configuration has no exchange of its own."),
    ] = msgspec.field(default_factory=dict)
    zero_intelligence: ZeroIntelligenceConfig = ZeroIntelligenceConfig()
    makers: MakersConfig = MakersConfig()
    momentum: MomentumConfig = MomentumConfig()
    institutions: InstitutionsConfig = InstitutionsConfig()
    news: Annotated[dict[str, NewsConfig], meta("News, by any name: [crowd.news.NAME].")] = (
        msgspec.field(default_factory=dict)
    )


#: The sections of a crowd, by their name in the file.
SECTIONS: dict[str, type[msgspec.Struct]] = {"crowd": CrowdConfig}
