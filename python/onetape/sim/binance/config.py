# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`[stand_in]`: a local market that speaks Binance spot's API."""

from __future__ import annotations

from typing import Annotated

import msgspec

from onetape.config import Secret, meta


class SymbolConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One symbol."""

    name: Annotated[str, meta("The symbol: BTCUSDT.")]
    base: Annotated[str, meta("What is traded: BTC.")]
    quote: Annotated[str, meta("What is paid: USDT.")]
    tick: Annotated[str, meta("Step of prices.")] = "0.01"
    step: Annotated[str, meta("Step of quantities.")] = "0.00001"
    min_notional: Annotated[str, meta("Least worth of an order, in the quote asset.")] = "5"
    house_price: Annotated[str, meta("Where the house begins to quote; empty: it does not.")] = ""


class AccountConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account and its key."""

    key: Annotated[str, meta("API key.")]
    secret: Annotated[Secret, meta("Its secret, for signatures by HMAC-SHA256.")] = Secret("")
    public_key: Annotated[
        str, meta("Its public key as PEM, for signatures by Ed25519; empty: by the secret.")
    ] = ""
    other_keys: Annotated[
        dict[str, Secret], meta("Its other API keys, and the secret of each, for HMAC-SHA256.")
    ] = msgspec.field(default_factory=dict)
    balances: Annotated[dict[str, str], meta("What it holds, by asset.")] = msgspec.field(
        default_factory=dict
    )


class StandInConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole market."""

    symbols: Annotated[list[SymbolConfig], meta("What is traded.")]
    accounts: Annotated[list[AccountConfig], meta("Who trades.")]
    host: Annotated[str, meta("Address to listen on.")] = "127.0.0.1"
    port: Annotated[int, meta("TCP port; 0: any that is free.", ge=0, le=65_535)] = 0
    fee: Annotated[str, meta("Part of what is received that is taken as a fee.")] = "0.001"
    latency_ms: Annotated[
        float, meta("How long a request is on its way, and its answer.", unit="ms", ge=0)
    ] = 0.0
    weight_max: Annotated[int, meta("Weight a minute.", unit="weight", ge=1)] = 6_000
    orders_max_10s: Annotated[int, meta("Orders in 10 s.", unit="orders", ge=1)] = 100
    orders_max: Annotated[int, meta("Live orders.", unit="orders", ge=1)] = 100_000
    queue_max: Annotated[
        int, meta("Messages that may wait for a slow connection.", unit="messages", ge=1)
    ] = 100_000
    listen_key_age_s: Annotated[
        float, meta("A listen key that is not renewed dies after this.", unit="s")
    ] = 3_600.0
    house_interval_ms: Annotated[float, meta("How often the house trades.", unit="ms", ge=1)] = 50.0
    seed: Annotated[int, meta("Of the house.")] = 1
