# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""[surveillance]: from where on a pattern is worth a person's look. Thresholds, not verdicts."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onetape.config import meta


class WashConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Wash trades: one firm on both sides, or two handing the same quantity back and forth."""

    window_s: Annotated[
        int, meta("Trades further apart belong to different alerts.", unit="s", ge=1)
    ] = 60
    trades_min: Annotated[
        int, meta("Fewest trades of a firm with itself within an alert.", unit="trades", ge=1)
    ] = 1
    lots_min: Annotated[int, meta("Fewest lots within an alert.", unit="lots", ge=1)] = 1
    round_trips_min: Annotated[
        int,
        meta(
            "Fewest round trips of two firms: a trade and its opposite, of the same quantity, "
            "within the window.",
            unit="round trips",
            ge=1,
        ),
    ] = 3
    price_tolerance_ticks: Annotated[
        int, meta("How far apart the two prices of a round trip may be.", unit="ticks", ge=0)
    ] = 0
    share_min_percent: Annotated[
        int,
        meta(
            "Of what the two firms traded with each other meanwhile, how much must be in round "
            "trips.",
            unit="percent",
            ge=1,
            le=100,
        ),
    ] = 50


class PulledConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Orders of one side pulled just after a trade of the same firm on the other."""

    orders_min: Annotated[
        int, meta("Fewest orders pulled after one trade.", unit="orders", ge=1)
    ] = 4
    life_ms: Annotated[
        int, meta("They were entered at most this long before the trade.", unit="ms", ge=1)
    ] = 60_000
    pull_ms: Annotated[
        int, meta("They were pulled at most this long after the trade.", unit="ms", ge=1)
    ] = 1_000
    lots_ratio_percent: Annotated[
        int,
        meta("Lots pulled, at least this share of the lots traded.", unit="percent", ge=1),
    ] = 400
    imbalance_percent: Annotated[
        int,
        meta(
            "Lots pulled, at least this share of what the firm showed on the trade's side then: a "
            "maker who pulls both sides is not meant.",
            unit="percent",
            ge=0,
        ),
    ] = 300
    share_min_percent: Annotated[
        int,
        meta(
            "Of what the firm showed on the pulled side at the trade, how much was pulled: many "
            "traders of a firm, each with reasons of its own, do not pull all at once.",
            unit="percent",
            ge=1,
            le=100,
        ),
    ] = 75
    episodes_min: Annotated[
        int, meta("Fewest times on a day, in one instrument and direction.", unit="times", ge=1)
    ] = 1


class CloseConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Marking the close: one firm's trades move the last price, or the closing auction's."""

    window_s: Annotated[
        int, meta("How much of continuous trading before the close is looked at.", unit="s", ge=1)
    ] = 300
    share_min_percent: Annotated[
        int,
        meta(
            "The firm's share of the volume, taken in the direction of the move.",
            unit="percent",
            ge=1,
            le=100,
        ),
    ] = 40
    move_min_bps: Annotated[int, meta("Least move of the price.", unit="basis points", ge=1)] = 50
    trades_min: Annotated[
        int, meta("Fewest trades of the firm in that direction.", unit="trades", ge=1)
    ] = 2
    lots_min: Annotated[int, meta("Fewest lots of the firm in it.", unit="lots", ge=1)] = 1


class OrderToTradeConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Order-to-trade ratio of a firm in an instrument and of a port, as in RTS 9 of MiFID II."""

    ratio_max: Annotated[
        int,
        meta(
            "Most orders for each trade, less one; a new order and a cancel count one, a replace "
            "two.",
            unit="orders a trade",
            ge=1,
        ),
    ] = 250
    volume_ratio_max: Annotated[
        int, meta("Most lots ordered for each lot traded, less one.", unit="lots a lot", ge=1)
    ] = 2_000
    messages_min: Annotated[
        int, meta("Below so many orders on a day no ratio is looked at.", unit="orders", ge=1)
    ] = 1_000


class SurveillanceConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[surveillance]: from where on a pattern is worth a look, by rule."""

    evidence_max: Annotated[
        int, meta("Most entries that an alert names; it counts them all.", unit="entries", ge=2)
    ] = 1_000
    wash: WashConfig = WashConfig()
    layering: PulledConfig = PulledConfig()
    spoofing: PulledConfig = PulledConfig(
        orders_min=1, lots_ratio_percent=1_000, imbalance_percent=1_000, episodes_min=3
    )
    marking_close: CloseConfig = CloseConfig()
    order_to_trade: OrderToTradeConfig = OrderToTradeConfig()


#: The sections of surveillance, by their name in the file.
SECTIONS: dict[str, type[msgspec.Struct]] = {"surveillance": SurveillanceConfig}
