# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An adapter of Binance between a stand-in of the venue and an engine in memory."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.models.venue_side import VENUE, EngineSide

from onetape.config import Secret
from onetape.events import VenueLink
from onetape.live.adapters.binance import BinanceAdapter, BinanceConfig
from onetape.sim.binance import AccountConfig, StandIn, StandInConfig, SymbolConfig
from onetape.types import Instrument

KEY, SECRET = "key-5e1f", "secret-0c4b9a77"
BTC = Instrument(id=1, symbol="BTCUSDT", tick_e9=10_000_000, lot_e9=10, currency="USDT")
FAR, NEAR, COIN = 5_000_000, 7_000_000, 100_000_000
SOME = COIN // 100


def pair_of_keys() -> tuple[str, str]:
    """Return a new private key of Ed25519 and its public one, as PEM."""
    private = Ed25519PrivateKey.generate()
    pem, none = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = private.private_bytes(pem, serialization.PrivateFormat.PKCS8, none)
    shown = private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return secret.decode(), shown.decode()


def stand_in(
    public_key: str = "", other_keys: dict[str, str] | None = None, **more: Any
) -> StandIn:
    symbol = SymbolConfig(name="BTCUSDT", base="BTC", quote="USDT", house_price="60000")
    balances = {"BTC": "10", "USDT": "1000000"}
    account = AccountConfig(
        key=KEY, secret=Secret(SECRET), balances=balances, public_key=public_key,
        other_keys={key: Secret(secret) for key, secret in (other_keys or {}).items()},
    )  # fmt: skip
    fields = {"house_interval_ms": 10, "fee": "0", **more}
    return StandIn(StandInConfig(symbols=[symbol], accounts=[account], **fields))


def config(venue: StandIn, **more: Any) -> BinanceConfig:
    fields: dict[str, Any] = {"key": KEY, "secret": Secret(SECRET), "prefix": "test"}
    fields |= {"rest_url": venue.rest_url, "stream_url": venue.stream_url}
    fields |= {"api_url": venue.api_url, "retry_first_s": 0.02, "retry_most_s": 0.1}
    fields |= {"request_timeout_ms": 1_000, "receive_window_ms": 600}
    return BinanceConfig(**{**fields, **more})


@contextlib.asynccontextmanager
async def running(venue: StandIn, engine: EngineSide, **more: Any) -> AsyncIterator[BinanceAdapter]:
    adapter = BinanceAdapter(VENUE, engine, config(venue, **more), [BTC])
    task = asyncio.create_task(adapter.run(engine))
    try:
        await engine.until(lambda: "ALL_TOLD" in engine.kinds(0) or task.done())
        if task.done():
            task.result()
        yield adapter
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


Work = Callable[[StandIn, EngineSide], Awaitable[None]]


def tried(work: Work, *, venue: dict[str, Any] | None = None, **more: Any) -> EngineSide:
    engine = EngineSide()

    async def main() -> None:
        async with stand_in(**(venue or {})) as server, running(server, engine, **more):
            await work(server, engine)

    asyncio.run(main())
    return engine


def venue_qty(symbol, price):
    """Return what stands before our order: the house's bids that are better than it."""
    snapshot = symbol.snapshot(1_000)
    return sum(Decimal(qty) for at, qty in snapshot["bids"] if Decimal(at) > price)


def links(engine: EngineSide, link: VenueLink) -> list[bool]:
    """Return how a connection came and went, after the adapter said that it starts."""
    return [bool(said.is_up) for said in engine.links if said.link == link][1:]


def data_links(engine: EngineSide) -> list[bool]:
    return links(engine, VenueLink.DATA)
