# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The adapter of Binance against the stand-in, over loopback: what it does and survives."""

import asyncio

import pytest
from tests.models.binance_side import (
    BTC,
    COIN,
    FAR,
    NEAR,
    SOME,
    links,
    running,
    stand_in,
    tried,
    venue_qty,
)
from tests.models.venue_side import VENUE, EngineSide, order_sent

from onetape.events import (
    CancelReason,
    Liquidity,
    OrderType,
    Side,
    TimeInForce,
    VenueLink,
)
from onetape.journal import JournalWriter
from onetape.live.adapters import JournalOutbound, Sent
from onetape.sim.binance import StandIn

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
@pytest.mark.parametrize("fault", ["drops_before", "drops_after", "delays", "unknown_states"])
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
@pytest.mark.parametrize("fault", ["drops_before", "drops_after", "delays", "unknown_states"])
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
