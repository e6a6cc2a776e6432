# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`[venues.NAME.binance]`: where Binance spot, or a stand-in of it, is and how to speak with it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from onetape.config import Secret, meta


class BinanceConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account at Binance spot."""

    key: Annotated[str, meta("API key.")]
    secret: Annotated[Secret, meta("Secret of the key, or its private key as PEM; never printed.")]
    prefix: Annotated[
        str,
        meta("Begins each client order id: letters, digits and _, unlike any other's here."),
    ]
    key_type: Annotated[
        Literal["hmac", "ed25519"], meta("How requests are signed, as the key was made.")
    ] = "hmac"
    rest_url: Annotated[str, meta("REST, without a path.")] = "https://api.binance.com"
    stream_url: Annotated[str, meta("Streams, without a path.")] = "wss://stream.binance.com:9443"
    api_url: Annotated[str, meta("WebSocket API.")] = "wss://ws-api.binance.com:443/ws-api/v3"
    orders_by: Annotated[
        Literal["websocket", "rest"], meta("How orders leave; cancels take the other way too.")
    ] = "websocket"
    reports_by: Annotated[
        Literal["subscription", "listen_key"], meta("How reports of our orders come.")
    ] = "subscription"
    receive_window_ms: Annotated[
        int,
        meta("A request that comes later than this is not acted on.", unit="ms", ge=1, le=60_000),
    ] = 3_000
    request_timeout_ms: Annotated[
        int, meta("No answer after this is an unknown outcome.", unit="ms", ge=1)
    ] = 3_000
    order_age_max_ms: Annotated[
        int, meta("An order that waited longer for this adapter is refused.", unit="ms", ge=1)
    ] = 2_000
    depth_levels: Annotated[
        int, meta("Levels a side to ask for.", unit="levels", ge=5, le=5_000)
    ] = 1_000
    levels_max: Annotated[int, meta("Levels a side to keep.", unit="levels", ge=5)] = 5_000
    requests_max: Annotated[
        int, meta("Requests on their way at one time.", unit="requests", ge=1)
    ] = 256
    orders_max: Annotated[
        int, meta("Orders to remember, dead ones included.", unit="orders", ge=16)
    ] = 100_000
    connection_age_max_s: Annotated[
        float, meta("Connections are renewed after this; the venue ends them at 24 h.", unit="s")
    ] = 84_600.0
    listen_key_renewal_s: Annotated[
        float, meta("How often a listen key is renewed; it dies after 60 minutes.", unit="s")
    ] = 1_800.0
    clock_interval_s: Annotated[float, meta("How often the venue's clock is read.", unit="s")] = (
        600.0
    )
    retry_first_s: Annotated[float, meta("First wait before trying again.", unit="s")] = 0.2
    retry_most_s: Annotated[float, meta("Longest wait before trying again.", unit="s")] = 30.0
