# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The adapter of FIX 4.4 on our exchange's FIX port: orders, fills, disconnects, restarts."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from tests.conformance.fix_peers import ExchangeProcess
from tests.models.processes import free_ports
from tests.models.venue_side import VENUE, EngineSide, order_sent

from onetape.config import Secret
from onetape.events import CancelReason, ReportKind, Side, TimeInForce, VenueLink
from onetape.live.adapters.fix import FixAdapter, FixConfig
from onetape.live.adapters.fix.config import FixCopyConfig
from onetape.types import Instrument

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

ONE = Instrument(id=1, symbol="ONE", tick_e9=100_000, lot_e9=1_000_000_000)
CONFIG = """
[exchange]
journal = "{folder}/data"
phase = "continuous"
[gateway]
fix44 = "127.0.0.1:{port}"
[market.instruments.ONE]
reference = "100.00"
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFAFX]
firm = "ALFA"
password = "secret"
protocol = "fix44"
cancel_on_disconnect = false
[members.ports.COPYFX]
firm = "ALFA"
password = "secret"
protocol = "fix44"
kind = "drop_copy"
[members.ports.BETAFX]
firm = "BETA"
password = "secret"
protocol = "fix44"
"""


class World:
    """An exchange, and adapters on it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_ports(1)[0]
        config = folder / "exchange.toml"
        config.write_text(CONFIG.format(folder=folder, port=self.port), "utf-8")
        self.exchange = ExchangeProcess(config)
        self.exchange.start()

    def config(self, name: str, **more: object) -> FixConfig:
        fields = {
            "address": f"127.0.0.1:{self.port}", "sender": name, "target": "ONETAPE",
            "username": name, "password": Secret("secret"), "prefix": name[:4].lower(),
            "state": str(self.folder / f"{name}.counts"), "retry_first_s": 0.05,
            "retry_most_s": 0.2,
        }  # fmt: skip
        return FixConfig(**{**fields, **more})

    @contextlib.asynccontextmanager
    async def adapter(
        self, name: str, engine: EngineSide, **more: object
    ) -> AsyncIterator[FixAdapter]:
        adapter = FixAdapter(VENUE, engine, self.config(name, **more), [ONE])
        task = asyncio.create_task(adapter.run(engine))
        try:
            await engine.until(lambda: "ALL_TOLD" in engine.kinds(0) or task.done())
            yield adapter
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.exchange.stop()


Work = Callable[[EngineSide, EngineSide], Awaitable[None]]


def tried(world: World, work: Work) -> None:
    async def main() -> None:
        ours, theirs = EngineSide(), EngineSide()
        async with world.adapter("ALFAFX", ours), world.adapter("BETAFX", theirs):
            await work(ours, theirs)

    asyncio.run(main())


def test_orders_live_as_they_should(world: World):
    async def work(ours: EngineSide, theirs: EngineSide) -> None:
        ours.order(1, 995_000, 300)
        await ours.until_said(1, "ACCEPTED")
        ours.replace(1, 2, 997_500, 200)
        await ours.until_said(2, "REPLACED")
        theirs.order(1, 997_500, 50, Side.SELL, time_in_force=TimeInForce.IOC)
        await ours.until_said(2, "FILLED")
        fill = ours.last(2)
        assert (fill.qty_lots, fill.price_ticks, fill.leaves_lots) == (50, 997_500, 150)
        await theirs.until_said(1, "FILLED")
        # A size counts what was executed: of 120, 70 are left.
        ours.cancel(2, 120)
        await ours.until_said(2, "CANCELED")
        assert (ours.last(2).qty_lots, ours.last(2).leaves_lots) == (80, 70)
        ours.replace(2, 3, 998_000, 300)
        await ours.until_said(3, "REPLACED")
        assert (ours.last(3).leaves_lots, ours.last(3).executed_lots) == (250, 50)
        ours.cancel(3)
        await ours.until_said(3, "CANCELED")
        assert ours.last(3).cancel_reason == CancelReason.USER
        assert ours.kinds(1) == ["ACCEPTED"]
        assert ours.ledger.position == -theirs.ledger.position == 50
        assert ours.last(2).order_id != 0

    tried(world, work)


def test_refusals_say_why(world: World):
    async def work(ours: EngineSide, theirs: EngineSide) -> None:
        ours.order(1, 995_000, 300, time_in_force=TimeInForce.IOC)
        await ours.until_said(1, "CANCELED")
        assert ours.last(1).cancel_reason == CancelReason.IOC
        ours.order(2, 995_000, 300, order_type=3)
        ours.order(3, 995_000, 300, instrument_id=7)
        ours.send(order_sent(4, 995_000, 300), age_ns=9_000_000_000)
        ours.order(5, 995_000, 10**12)
        for number, text in ((2, b"order type"), (3, b"not listed"), (4, b"waited"), (5, b"")):
            await ours.until_said(number, "REJECTED")
            assert text in ours.last(number).tail
        assert ours.last(5).tail
        ours.cancel(77)
        await ours.until_said(77, "CANCEL_REJECTED")
        ours.replace(77, 78, 995_000, 1)
        await ours.until_said(78, "REPLACE_REJECTED")
        ours.query(77)
        await ours.until_said(77, "NOT_FOUND")

    tried(world, work)


def test_a_mass_cancel_cancels_all(world: World):
    async def work(ours: EngineSide, theirs: EngineSide) -> None:
        for number in (1, 2, 3):
            ours.order(number, 990_000 + number * 100, 100)
            await ours.until_said(number, "ACCEPTED")
        ours.cancel_all()
        await ours.until(lambda: all(ours.ledger.orders[n].is_dead for n in (1, 2, 3)))

    tried(world, work)


def test_what_happened_while_away_is_told_once(world: World):
    async def main() -> None:
        theirs, first = EngineSide(), EngineSide()
        async with world.adapter("BETAFX", theirs):
            async with world.adapter("ALFAFX", first):
                first.order(1, 995_000, 300)
                first.order(2, 994_000, 100)
                await first.until_said(2, "ACCEPTED")
                theirs.order(1, 995_000, 50, Side.SELL)
                await first.until_said(1, "FILLED")
            theirs.order(2, 995_000, 70, Side.SELL)
            await theirs.until_said(2, "FILLED")
            # Read from the journal by nobody before the first one died.
            first.order(3, 993_000, 100)
            second = EngineSide(first.journal)
            second.ledger = first.ledger
            async with world.adapter("ALFAFX", second):
                assert second.kinds(1) == ["FILLED", "OPEN"]
                assert second.last(1).leaves_lots == 180
                assert second.kinds(2) == ["OPEN"]
                assert second.kinds(3) == ["NOT_FOUND"]
                assert second.ledger.position == 120
                second.order(4, 992_000, 100)
                await second.until_said(4, "ACCEPTED")

    asyncio.run(main())


def test_the_exchange_may_be_killed_and_come_back(world: World):
    async def work(ours: EngineSide, theirs: EngineSide) -> None:
        ours.order(1, 995_000, 300)
        await ours.until_said(1, "ACCEPTED")
        await asyncio.to_thread(world.exchange.stop, signal.SIGKILL)
        await ours.until(lambda: not ours.is_up(VenueLink.ORDERS))
        ours.order(2, 995_000, 300)
        await ours.until_said(2, "REJECTED")
        assert b"not connected" in ours.last(2).tail
        await asyncio.to_thread(world.exchange.start)
        await ours.until(lambda: ours.kinds(0).count("ALL_TOLD") == 2)
        assert ours.last(1).leaves_lots == 300
        assert ours.kinds(1) == ["ACCEPTED", "OPEN"]
        ours.cancel(1)
        await ours.until_said(1, "CANCELED")

    tried(world, work)


def test_a_wrong_password_is_tried_again_and_in_no_text(world: World):
    async def main() -> str:
        engine = EngineSide()
        config = world.config("ALFAFX", password=Secret("wrong-one"))
        task = asyncio.create_task(FixAdapter(VENUE, engine, config, [ONE]).run(engine))
        await asyncio.sleep(1.0)
        assert not engine.is_up(VenueLink.ORDERS)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        return repr(config) + "".join(link.tail.decode() for link in engine.links)

    assert "wrong-one" not in asyncio.run(main())


def test_a_drop_copy_tells_every_execution_again_and_nothing_else_is_applied(world: World):
    copy = FixCopyConfig(
        sender="COPYFX", username="COPYFX", password=Secret("secret"),
        state=str(world.folder / "copy.counts"),
    )  # fmt: skip

    async def main() -> None:
        ours, theirs = EngineSide(), EngineSide()
        async with world.adapter("ALFAFX", ours, drop_copy=copy), world.adapter("BETAFX", theirs):
            await ours.until(lambda: ours.is_up(VenueLink.DROP_COPY))
            ours.order(1, 995_000, 300)
            await ours.until_said(1, "ACCEPTED")
            theirs.order(1, 995_000, 50, Side.SELL)
            await ours.until_said(1, "FILLED")
            ours.replace(1, 2, 996_000, 300)
            await ours.until_said(2, "REPLACED")
            ours.cancel(2)
            await ours.until_said(2, "CANCELED")
            await ours.until(lambda: [r.report for r in ours.copies if r.number == 2][-1:] == [4])
            told = [(ReportKind(r.report).name, r.number, r.leaves_lots) for r in ours.copies]
            assert told == [
                ("ACCEPTED", 1, 300), ("FILLED", 1, 250), ("CANCELED", 1, 0),
                ("REPLACED", 2, 250), ("CANCELED", 2, 0),
            ]  # fmt: skip
            (fill,) = [r for r in ours.copies if r.report == ReportKind.FILLED]
            same = next(r for r in ours.said if r.exec_id)
            assert (fill.exec_id, fill.price_ticks, fill.qty_lots, fill.side) == (
                same.exec_id, same.price_ticks, same.qty_lots, same.side,
            )  # fmt: skip
            assert ours.ledger.position == 50

    asyncio.run(main())
