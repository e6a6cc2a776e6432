# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The adapter of Binance against the stand-in, over loopback: what it does and survives."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.models.venue_side import VENUE, EngineSide, order_sent

from onetape.book import Books
from onetape.config import Secret
from onetape.errors import ConfigError, VenueError
from onetape.events import (
    CancelReason,
    Liquidity,
    MarketUpdated,
    OrderType,
    ReportKind,
    Side,
    TimeInForce,
    VenueLink,
)
from onetape.journal import JournalWriter
from onetape.live.adapters import JournalOutbound, Sent
from onetape.live.adapters.binance import BinanceAdapter, BinanceConfig
from onetape.sim.binance import AccountConfig, StandIn, StandInConfig, SymbolConfig
from onetape.types import Instrument

KEY, SECRET = "key-5e1f", "secret-0c4b9a77"
BTC = Instrument(id=1, symbol="BTCUSDT", tick_e9=10_000_000, lot_e9=10, currency="USDT")
FAR, NEAR, COIN = 5_000_000, 7_000_000, 100_000_000
SOME = COIN // 100


def stand_in(**more: Any) -> StandIn:
    symbol = SymbolConfig(name="BTCUSDT", base="BTC", quote="USDT", house_price="60000")
    balances = {"BTC": "10", "USDT": "1000000"}
    account = AccountConfig(key=KEY, secret=Secret(SECRET), balances=balances)
    fields = {"house_interval_ms": 10, "fee": "0", **more}
    return StandIn(StandInConfig(symbols=[symbol], accounts=[account], **fields))


def config(venue: StandIn, **more: Any) -> BinanceConfig:
    fields: dict[str, Any] = {"key": KEY, "secret": Secret(SECRET), "prefix": "test"}
    fields |= {"rest_url": venue.rest_url, "stream_url": venue.stream_url}
    fields |= {"api_url": venue.api_url, "retry_first_s": 0.02, "retry_most_s": 0.1}
    fields |= {"request_timeout_ms": 1_000, "receive_window_ms": 300}
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


WAYS = [
    pytest.param({"orders_by": "websocket", "reports_by": "subscription"}, id="websocket"),
    pytest.param({"orders_by": "rest", "reports_by": "listen_key"}, id="rest"),
]


@pytest.mark.parametrize("way", WAYS)
def test_an_order_rests_moves_shrinks_and_is_cancelled(way: dict[str, str]):
    async def work(venue: StandIn, engine: EngineSide) -> None:
        engine.order(1, FAR, SOME)
        await engine.until_said(1, "ACCEPTED")
        engine.replace(1, 2, FAR + 100, 2 * SOME)
        await engine.until_said(2, "REPLACED")
        engine.cancel(2, SOME)
        await engine.until_said(2, "CANCELED")
        engine.cancel(2)
        await engine.until(lambda: engine.ledger.orders[2].is_dead)
        assert engine.kinds(1) == ["ACCEPTED"]
        assert engine.kinds(2) == ["REPLACED", "CANCELED", "CANCELED"]
        assert [said.leaves_lots for said in engine.said if said.number == 2] == [2 * SOME, SOME, 0]

    tried(work, **way)


@pytest.mark.parametrize("way", WAYS)
def test_fills_are_told_once_though_they_are_said_twice(way: dict[str, str]):
    async def work(venue: StandIn, engine: EngineSide) -> None:
        venue.faults.repeats_reports = True
        engine.order(1, NEAR, SOME)
        engine.order(2, FAR // 2, SOME, Side.SELL)
        await engine.until(
            lambda: all(
                n in engine.ledger.orders and engine.ledger.orders[n].is_dead for n in (1, 2)
            )
        )
        await asyncio.sleep(0.1)
        for number in (1, 2):
            fills = [s for s in engine.said if s.number == number and s.exec_id]
            assert sum(fill.qty_lots for fill in fills) == SOME
            assert {fill.liquidity for fill in fills} == {Liquidity.REMOVED}
            assert fills[-1].leaves_lots == 0
        assert engine.ledger.position == 0

    tried(work, **way)


def test_a_resting_order_that_is_hit_is_a_maker_and_fees_are_in_the_quote_currency():
    async def work(venue: StandIn, engine: EngineSide) -> None:
        engine.order(1, 6_000_000 - 100_000, SOME)
        await engine.until_said(1, "ACCEPTED")
        for symbol in venue.market.symbols.values():
            price = symbol.tick * (6_000_000 - 100_000)
            venue.house.enter(symbol, "SELL", price, symbol.step * 2_000_000, 0)
        venue.publish()
        await engine.until_said(1, "FILLED")
        fill = next(s for s in engine.said if s.number == 1 and s.exec_id)
        assert fill.liquidity == Liquidity.ADDED
        # A thousandth of 0.01 BTC at 59,000, taken in BTC.
        assert fill.fee_e9 == 590_000_000
        assert fill.tail == b"fee 0.00001000 BTC"

    tried(work, venue={"fee": "0.001", "house_interval_ms": 100_000})


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ({"qty": SOME + 1}, b"LOT_SIZE"),
        ({"qty": 10}, b"LOT_SIZE"),
        ({"qty": COIN // 100_000}, b"NOTIONAL"),
        ({"price": 10**12}, b"PRICE_FILTER"),
        ({"qty": 100 * COIN}, b"-2010"),
        ({"price": NEAR, "post_only": 1}, b"-2010"),
        ({"time_in_force": TimeInForce.OPEN}, b"time in force"),
        ({"order_type": OrderType.PEG_MIDPOINT}, b"order type"),
        ({"min_qty_lots": 5}, b"minimum"),
        ({"instrument_id": 9}, b"not listed"),
    ],
)
def test_what_is_refused_says_why(order: dict[str, int], text: bytes):
    async def work(venue: StandIn, engine: EngineSide) -> None:
        engine.order(1, **{"price": FAR, "qty": SOME, **order})
        await engine.until_said(1, "REJECTED")
        assert text in engine.last(1).tail

    tried(work)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        ({"time_in_force": TimeInForce.IOC}, CancelReason.IOC),
        ({"time_in_force": TimeInForce.FOK}, CancelReason.FOK),
    ],
)
def test_what_finds_nothing_expires_for_its_reason(order: dict[str, int], reason: CancelReason):
    async def work(venue: StandIn, engine: EngineSide) -> None:
        engine.order(1, FAR, SOME, **order)
        await engine.until_said(1, "CANCELED")
        assert engine.kinds(1) == ["ACCEPTED", "CANCELED"]
        assert engine.last(1).cancel_reason == reason

    tried(work)


def test_an_order_that_waited_too_long_is_not_sent():
    async def work(venue: StandIn, engine: EngineSide) -> None:
        engine.send(order_sent(1, FAR, SOME), age_ns=10_000_000_000)
        await engine.until_said(1, "REJECTED")
        assert not venue.market.open_orders(1, {})

    tried(work)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", ["drops_before", "drops_after", "unknown_states"])
def test_an_unknown_outcome_is_asked_for_and_never_sent_again(way: dict[str, str], fault: str):
    async def work(venue: StandIn, engine: EngineSide) -> None:
        setattr(venue.faults, fault, 1)
        venue.faults.mutes_reports = True
        engine.order(1, FAR, SOME)
        ended = "NOT_FOUND" if fault == "drops_before" else "OPEN"
        await engine.until_said(1, ended)
        assert venue.faults.hits == {fault: 1}
        orders = venue.market.all_orders(1, {"symbol": "BTCUSDT"})
        assert len(orders) == (fault != "drops_before")

    tried(work, **way)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("fault", ["drops_before", "drops_after", "unknown_states"])
def test_a_replacement_with_an_unknown_outcome_is_settled(way: dict[str, str], fault: str):
    async def work(venue: StandIn, engine: EngineSide) -> None:
        engine.order(1, FAR, SOME)
        await engine.until_said(1, "ACCEPTED")
        setattr(venue.faults, fault, 1)
        venue.faults.mutes_reports = True
        engine.replace(1, 2, FAR + 100, SOME)
        ended = "REPLACE_REJECTED" if fault == "drops_before" else "REPLACED"
        await engine.until_said(2, ended)
        await engine.until(lambda: engine.is_up(VenueLink.ORDERS))
        names = [o["clientOrderId"] for o in venue.market.open_orders(1, {})]
        assert names == ["test-1" if fault == "drops_before" else "test-2"]
        assert "CANCELED" not in engine.kinds(1)

    tried(work, **way)


@pytest.mark.parametrize("way", WAYS)
def test_a_cancel_that_was_lost_is_not_taken_for_done(way: dict[str, str]):
    async def work(venue: StandIn, engine: EngineSide) -> None:
        engine.order(1, FAR, SOME)
        await engine.until_said(1, "ACCEPTED")
        # Over REST the library itself tries a DELETE once more on another connection.
        venue.faults.drops_before = 2 if way["orders_by"] == "rest" else 1
        engine.cancel(1)
        await engine.until_said(1, "CANCEL_REJECTED")
        assert len(venue.market.open_orders(1, {})) == 1
        venue.faults.drops_after = 1
        engine.cancel(1)
        await engine.until(lambda: engine.ledger.orders[1].is_dead)
        assert not venue.market.open_orders(1, {})

    tried(work, **way)


def test_fills_that_nobody_reported_are_found_after_a_disconnect():
    async def work(venue: StandIn, engine: EngineSide) -> None:
        engine.order(1, 6_000_000 - 100_000, 2 * SOME)
        await engine.until_said(1, "ACCEPTED")
        venue.faults.mutes_reports = True
        symbol = venue.market.symbols["BTCUSDT"]
        price = symbol.tick * (6_000_000 - 100_000)
        venue.house.enter(symbol, "SELL", price, symbol.step * 1_000 + venue_qty(symbol, price), 0)
        venue.publish()
        await asyncio.sleep(0.1)
        assert engine.kinds(1) == ["ACCEPTED"]
        venue.faults.mutes_reports = False
        await venue.disconnect()
        await engine.until_said(1, "FILLED")
        await engine.until(
            lambda: engine.kinds(1)[-1] in {"OPEN", "GONE"} or engine.ledger.orders[1].is_dead
        )
        held = venue.market.account(1)["balances"]
        coins = next(b for b in held if b["asset"] == "BTC")["free"]
        assert engine.ledger.position == BTC.qty_lots(coins) - 10 * COIN
        assert links(engine, VenueLink.ORDERS) == [
            True,
            False,
            True,
        ]

    tried(work, venue={"house_interval_ms": 100_000})


def venue_qty(symbol, price):
    """Return what stands before our order: the house's bids that are better than it."""
    snapshot = symbol.snapshot(1_000)
    return sum(Decimal(qty) for at, qty in snapshot["bids"] if Decimal(at) > price)


def test_mass_cancel_and_the_telling_of_everything():
    async def work(venue: StandIn, engine: EngineSide) -> None:
        for number in (1, 2, 3):
            engine.order(number, FAR + number, SOME)
            await engine.until_said(number, "ACCEPTED")
        engine.query(0)
        await engine.until(lambda: engine.kinds(0).count("ALL_TOLD") == 2)
        assert [engine.kinds(n)[-1] for n in (1, 2, 3)] == ["OPEN"] * 3
        assert engine.positions == {1: 10 * COIN}
        engine.cancel_all()
        await engine.until(lambda: all(engine.ledger.orders[n].is_dead for n in (1, 2, 3)))
        assert not venue.market.open_orders(1, {})
        engine.query(3)
        await engine.until_said(3, "GONE")
        engine.query(77)
        await engine.until_said(77, "NOT_FOUND")

    tried(work)


def test_a_restarted_adapter_asks_and_neither_sends_nor_tells_twice(tmp_path):
    async def main() -> None:
        async with stand_in() as venue:
            first, journal = EngineSide(), JournalWriter(tmp_path)
            async with running(venue, first):
                first.order(1, FAR, SOME)
                first.order(2, NEAR, SOME)
                await first.until(
                    lambda: 2 in first.ledger.orders and first.ledger.orders[2].is_dead
                )
            for sent in first.sent:
                journal.append(sent.event, ts_ns=sent.ts_ns)
            for said in first.said:
                journal.append(said, ts_ns=first.sent[-1].ts_ns, source=7)
            # These the first one never saw: as if it had died between reading and sending.
            journal.append(order_sent(3, FAR, SOME), ts_ns=first.sent[-1].ts_ns)
            journal.commit()
            outbound = JournalOutbound(tmp_path, VENUE)
            second = EngineSide(list(outbound.backlog()))
            second.ledger = first.ledger
            async with running(venue, second):
                await second.until_said(3, "NOT_FOUND")
                await second.until(lambda: "ALL_TOLD" in second.kinds(0))
            assert second.kinds(1) == ["OPEN"]
            assert second.kinds(2) == []
            names = [o["clientOrderId"] for o in venue.market.all_orders(1, {"symbol": "BTCUSDT"})]
            assert names == ["test-1", "test-2"]
            journal.close()

    asyncio.run(main())


def test_the_journal_is_followed(tmp_path):
    async def main() -> list[int]:
        journal = JournalWriter(tmp_path)
        journal.append(order_sent(1, FAR, SOME), ts_ns=1)
        journal.append(order_sent(2, FAR, SOME, venue_id=2), ts_ns=1)
        journal.commit()
        outbound = JournalOutbound(tmp_path, VENUE)
        numbers = [sent.event.number for sent in outbound.backlog()]

        async def follow() -> Sent:
            return await anext(aiter(outbound))

        waiting = asyncio.create_task(follow())
        await asyncio.sleep(0.01)
        journal.append(order_sent(3, FAR, SOME), ts_ns=2)
        journal.commit()
        numbers.append((await waiting).event.number)
        journal.close()
        return numbers

    assert asyncio.run(main()) == [1, 3]


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


def links(engine: EngineSide, link: VenueLink) -> list[bool]:
    return [bool(said.is_up) for said in engine.links if said.link == link]


def data_links(engine: EngineSide) -> list[bool]:
    return links(engine, VenueLink.DATA)


def test_limits_of_use_stop_orders_and_not_cancels():
    async def work(venue: StandIn, engine: EngineSide) -> None:
        for number in range(1, 13):
            engine.order(number, FAR, SOME)
        await engine.until(lambda: len(engine.ledger.orders) >= 12)
        await engine.until(lambda: all(engine.kinds(n) for n in range(1, 13)))
        refused = [n for n in range(1, 13) if engine.kinds(n) == ["REJECTED"]]
        assert len(refused) == 2
        assert all(b"rate limit" in s.tail for s in engine.said if s.number in refused)
        engine.cancel_all()
        await engine.until(lambda: not venue.market.open_orders(1, {}))

    tried(work, venue={"orders_max_10s": 10})


def test_a_ban_is_waited_for():
    async def work(venue: StandIn, engine: EngineSide) -> None:
        venue.faults.bans = 1
        engine.order(1, FAR, SOME)
        await engine.until_said(1, "REJECTED")
        engine.order(2, FAR, SOME)
        await engine.until_said(2, "REJECTED")
        assert b"rate limit" in engine.last(2).tail
        await asyncio.sleep(1.1)
        engine.order(3, FAR, SOME)
        await engine.until_said(3, "ACCEPTED")

    tried(work, orders_by="rest")


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
