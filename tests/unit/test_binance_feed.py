# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The adapter of Binance: its market data, its keys, its secrets."""

import asyncio
import logging

import numpy as np
import pytest
from tests.models.binance_side import (
    BTC,
    FAR,
    SECRET,
    SOME,
    config,
    data_links,
    links,
    pair_of_keys,
    stand_in,
    tried,
)
from tests.models.venue_side import VENUE, EngineSide

from onetape.book import Books
from onetape.config import Secret
from onetape.errors import ConfigError, VenueError
from onetape.events import MarketUpdated, ReportKind, VenueLink
from onetape.live.adapters.binance import BinanceAdapter
from onetape.sim.binance import AccountConfig, StandIn, StandInConfig
from onetape.types import Instrument


def test_market_data_is_whole_after_gaps_and_disconnects_and_a_full_inlet():
    async def work(venue: StandIn, engine: EngineSide) -> None:
        await engine.until(lambda: engine.is_up(VenueLink.DATA))
        venue.faults.depth_gaps = 1
        await engine.until(lambda: len(data_links(engine)) >= 3)
        await engine.until(lambda: engine.is_up(VenueLink.DATA))
        await venue.disconnect()
        await engine.until(lambda: len(data_links(engine)) >= 5)
        await engine.until(lambda: engine.is_up(VenueLink.DATA))
        full = len(engine.market) + 5
        engine.has_room = lambda event: (
            not isinstance(event, MarketUpdated) or len(engine.market) < full
        )
        await engine.until(lambda: len(data_links(engine)) >= 6)
        engine.has_room = lambda event: True
        await engine.until(lambda: engine.is_up(VenueLink.DATA))
        venue.house.close()
        await asyncio.sleep(0.5)
        symbol = venue.market.symbols["BTCUSDT"]
        books = Books(orders_max=1 << 16, instruments_max=8)
        books.define(1)
        rows = np.frombuffer(b"".join(e.pack() for e in engine.market), MarketUpdated.DTYPE)
        applied = books.apply(rows)
        assert applied.orders_unknown == applied.orders_duplicate == applied.refused == 0
        snapshot = symbol.snapshot(5)
        for rows, levels in (
            (books[1].bids(5), snapshot["bids"]),
            (books[1].asks(5), snapshot["asks"]),
        ):
            found = [(r["price_ticks"], r["qty_lots"]) for r in rows]
            assert found == [(BTC.price_ticks(p), BTC.qty_lots(q)) for p, q in levels]

    tried(work)


def test_a_listen_key_that_dies_is_replaced():
    async def work(venue: StandIn, engine: EngineSide) -> None:
        await engine.until(lambda: sum(links(engine, VenueLink.ORDERS)) >= 2)
        engine.order(1, FAR, SOME)
        await engine.until_said(1, "ACCEPTED")

    tried(work, venue={"listen_key_age_s": 0.5}, reports_by="listen_key", orders_by="rest")


def test_a_listen_key_is_renewed():
    async def work(venue: StandIn, engine: EngineSide) -> None:
        await asyncio.sleep(1.2)
        assert links(engine, VenueLink.ORDERS) == [True]

    tried(
        work,
        venue={"listen_key_age_s": 0.5},
        reports_by="listen_key",
        orders_by="rest",
        listen_key_renewal_s=0.1,
    )


@pytest.mark.parametrize("orders_by", ["websocket", "rest"])
def test_requests_are_signed_by_ed25519(orders_by: str):
    async def work(venue: StandIn, engine: EngineSide) -> None:
        for number in range(1, 9):
            engine.order(number, FAR, SOME)
            await engine.until_said(number, "ACCEPTED")

    private, public = pair_of_keys()
    more = {"secret": Secret(private), "key_type": "ed25519", "orders_by": orders_by}
    tried(work, venue={"public_key": public}, **more)
    with pytest.raises(VenueError) as caught:
        tried(work, venue={"public_key": pair_of_keys()[1]}, **more)
    assert caught.value.code == "ADP-020"
    with pytest.raises(ConfigError) as wrong:
        tried(work, secret=Secret("no key"), key_type="ed25519")
    assert wrong.value.code == "ADP-005"
    assert "no key" not in str(wrong.value)


def test_an_account_of_the_stand_in_needs_something_to_sign_with():
    with pytest.raises(ConfigError) as caught:
        StandIn(StandInConfig(symbols=[], accounts=[AccountConfig(key="open")]))
    assert caught.value.code == "SIB-001"


def test_a_wrong_key_ends_the_adapter_and_a_wrong_symbol_too():
    async def nothing(venue: StandIn, engine: EngineSide) -> None:
        raise AssertionError("it came up")

    with pytest.raises(VenueError) as caught:
        tried(nothing, key="another")
    assert caught.value.code == "ADP-020"
    with pytest.raises(VenueError) as caught:
        tried(nothing, secret=Secret("another"), reports_by="listen_key")
    assert caught.value.code == "ADP-020"

    async def main() -> None:
        other = Instrument(id=1, symbol="NOSUCH")
        async with stand_in() as venue:
            await BinanceAdapter(VENUE, EngineSide(), config(venue), [other]).run(EngineSide())

    with pytest.raises(ConfigError) as wrong:
        asyncio.run(main())
    assert wrong.value.code == "ADP-004"


def test_secrets_are_in_no_text(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
):
    caplog.set_level(logging.DEBUG)

    async def work(venue: StandIn, engine: EngineSide) -> None:
        engine.order(1, FAR, SOME)
        await engine.until_said(1, "ACCEPTED")
        venue.faults.unknown_states = venue.faults.drops_after = 1
        engine.order(2, FAR, SOME)
        engine.cancel(1)
        await venue.disconnect()
        await venue.stop()
        await asyncio.sleep(0.3)
        engine.order(3, FAR, SOME)
        await engine.until_said(3, "REJECTED")

    engine = tried(work)
    texts = [caplog.text, *capsys.readouterr()]
    texts += [said.tail.decode() for said in engine.said]
    texts += [link.tail.decode() for link in engine.links]
    with pytest.raises(VenueError) as caught:
        tried(work, secret=Secret("another-secret"))
    texts += [repr(caught.value), str(caught.value), repr(config(stand_in()))]
    together = "\n".join(texts)
    assert len(together) > 200
    for secret in (SECRET, "another-secret", "signature="):
        assert secret not in together
    assert ReportKind.REJECTED in {said.report for said in engine.said}
