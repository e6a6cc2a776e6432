# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Seeded trouble between the adapter and the stand-in: at the end both sides know the same.

Requests and answers are lost, connections break, reports come twice or not at all, the adapter is
killed and begins again from the journal. Afterwards orders, fills, position are equal, to the unit.
"""

import asyncio
import contextlib
import random

import pytest
from tests.models.binance_side import BTC, COIN, SOME, config, stand_in
from tests.models.venue_side import VENUE, EngineSide

from onetape.events import Side, TimeInForce, VenueLink
from onetape.live.adapters.binance import BinanceAdapter
from onetape.sim.binance import StandIn

STEPS = 120


class Trouble:
    """One run: a venue, an adapter that dies and comes back, an engine that knows only reports."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.engine = EngineSide()
        self.number = 0
        ways = self.rng.choice([("websocket", "subscription"), ("rest", "listen_key")])
        self.way = dict(zip(("orders_by", "reports_by"), ways, strict=True))
        self.kills = 0

    async def run(self) -> None:
        seed, fee = self.rng.randrange(1 << 30), self.rng.choice(["0", "0.001", "0.00077"])
        async with stand_in(seed=seed, fee=fee, orders_max_10s=10_000) as venue:
            venue.faults.rng = random.Random(self.rng.randrange(1 << 30))
            venue.faults.drop_rate = 0.1
            task = self.started(venue)
            for _ in range(STEPS):
                self.act()
                task = await self.disturb(venue, task)
                await asyncio.sleep(self.rng.choice([0, 0.002, 0.01, 0.05]))
            venue.house.close()
            venue.faults.drop_rate = 0.0
            venue.faults.mutes_reports = venue.faults.repeats_reports = False
            venue.faults.drops_before = venue.faults.drops_after = venue.faults.delays = 0
            await venue.disconnect()
            task = await self.restarted(venue, task)
            await self.engine.until(lambda: self.engine.is_up(VenueLink.ORDERS))
            self.engine.query(0)
            await self.engine.until(lambda: self.engine.kinds(0).count("ALL_TOLD") >= 2)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            self.compare(venue)

    def started(self, venue: StandIn) -> asyncio.Task[None]:
        adapter = BinanceAdapter(VENUE, self.engine, config(venue, **self.way), [BTC])
        return asyncio.create_task(adapter.run(self.engine))

    async def restarted(self, venue: StandIn, task: asyncio.Task[None]) -> asyncio.Task[None]:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        ledger = self.engine.ledger
        self.engine = EngineSide(self.engine.journal)
        self.engine.ledger = ledger
        self.kills += 1
        return self.started(venue)

    def act(self) -> None:
        rng, live = self.rng, self.live()
        choice = rng.random()
        if choice < 0.5 or not live:
            self.number += 1
            price = 6_000_000 + rng.choice([-200_000, -20, -3, 0, 3, 20, 200_000])
            qty = SOME * rng.randint(1, 3)
            times = [TimeInForce.DAY, TimeInForce.DAY, TimeInForce.IOC]
            side = rng.choice(list(Side))
            self.engine.order(self.number, price, qty, side, time_in_force=rng.choice(times))
        elif choice < 0.75:
            self.number += 1
            price = 6_000_000 + rng.choice([-200_000, -20, 20, 200_000])
            self.engine.replace(rng.choice(live), self.number, price, SOME * rng.randint(1, 4))
        elif choice < 0.97:
            self.engine.cancel(rng.choice(live), rng.choice([0, 0, SOME]))
        else:
            self.engine.cancel_all()

    def live(self) -> list[int]:
        orders = self.engine.ledger.orders.items()
        return [number for number, order in orders if number and not order.is_dead]

    async def disturb(self, venue: StandIn, task: asyncio.Task[None]) -> asyncio.Task[None]:
        choice = self.rng.random()
        if choice < 0.03:
            return await self.restarted(venue, task)
        if choice < 0.06:
            await venue.disconnect()
        elif choice < 0.10:
            # What was muted is lost, and only a broken connection tells that anything was.
            if venue.faults.mutes_reports:
                venue.faults.mutes_reports = False
                await venue.disconnect()
            else:
                venue.faults.mutes_reports = True
        elif choice < 0.15:
            venue.faults.repeats_reports = not venue.faults.repeats_reports
        elif choice < 0.18:
            venue.faults.unknown_states += 1
        return task

    def compare(self, venue: StandIn) -> None:
        orders = venue.market.all_orders(1, {"symbol": "BTCUSDT", "limit": "100000"})
        there = {int(order["clientOrderId"].removeprefix("test-")): order for order in orders}
        assert len(there) == len(orders), "an order was sent twice"
        for number, order in self.engine.ledger.orders.items():
            found = there.get(number)
            executed = BTC.qty_lots(found["executedQty"]) if found else 0
            is_live = bool(found) and found["status"] in {"NEW", "PARTIALLY_FILLED"}
            assert (order.executed, not order.is_dead) == (executed, is_live), (number, found)
        assert set(there) <= set(self.engine.ledger.orders)
        balances = {b["asset"]: b for b in venue.market.account(1)["balances"]}
        coins = BTC.qty_lots(balances["BTC"]["free"]) + BTC.qty_lots(balances["BTC"]["locked"])
        assert (
            self.engine.ledger.position == coins - 10 * COIN == self.engine.positions[1] - 10 * COIN
        )
        assert self.number > STEPS // 3


@pytest.mark.parametrize("seed", range(4))
def test_both_sides_know_the_same_after_trouble(seed: int):
    asyncio.run(Trouble(seed).run())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_both_sides_know_the_same_after_much_trouble():
    for seed in range(100, 140):
        asyncio.run(Trouble(seed).run())
