# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Venues of adapters in the guardian's care: what they are asked, and what counts as confirmed."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from tests.models.binance_side import BTC, FAR, KEY, SOME, config, stand_in
from tests.models.venue_side import VENUE, EngineSide

from onetape.config import Secret
from onetape.errors import ConfigError
from onetape.live.adapters.binance import BinanceAdapter
from onetape.live.adapters.binance.ward import BinanceWard
from onetape.live.adapters.fix import FixPlace
from onetape.live.adapters.fix.ward import FixWard
from onetape.live.guardian import _ward
from onetape.live.node import Node
from onetape.live.supervisor import load_live
from onetape.wire import fix

GUARD, GUARD_SECRET = "key-of-guard", "secret-of-guard"
PLACE = FixPlace("127.0.0.1:1", "GUARD", "VENUE", "", Secret(""), 10, resets=True, connect_s=1.0)


class World:
    """A stand-in of Binance with an adapter and a ward on it."""

    def __init__(self, bar: Path) -> None:
        self.bar, self.engine, self.confirmed = bar, EngineSide(), 0
        self.venue = stand_in(other_keys={GUARD: GUARD_SECRET})

    def on_confirmed(self) -> None:
        self.confirmed += 1

    def open_orders(self) -> int:
        return len(self.venue.market.open_orders(1, {}))

    @contextlib.asynccontextmanager
    async def running(self, key: str = GUARD) -> AsyncIterator[BinanceWard]:
        async with self.venue:
            account = config(self.venue, key=key, secret=Secret(GUARD_SECRET))
            self.ward = BinanceWard(VENUE, "COIN", account, [BTC])
            adapter = BinanceAdapter(
                VENUE, self.engine, config(self.venue), [BTC], bar=self.bar
            )  # fmt: skip
            tasks = [
                asyncio.create_task(adapter.run(self.engine)),
                asyncio.create_task(self.ward.care(self.on_confirmed)),
            ]
            try:
                await self.engine.until(lambda: "ALL_TOLD" in self.engine.kinds(0))
                yield self.ward
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)


def tried(folder: Path, work: Callable[[World], Awaitable[None]], key: str = GUARD) -> World:
    world = World(folder / "bar")

    async def main() -> None:
        async with world.running(key):
            await work(world)

    asyncio.run(main())
    return world


def act(world: World, now_s: float) -> None:
    world.ward.is_due = True
    world.ward.ask(now_s)


def test_all_is_cancelled_and_what_comes_late_is_swept(tmp_path: Path) -> None:
    async def work(world: World) -> None:
        engine = world.engine
        for number in (1, 2, 3):
            engine.order(number, FAR - number, SOME)
            await engine.until_said(number, "ACCEPTED")
        await engine.until(lambda: world.ward._rest is not None)
        act(world, 1.0)
        await engine.until(lambda: world.confirmed == 1)
        assert world.open_orders() == 0
        assert not world.ward.is_due
        # It had left before the bar was there, and comes after the venue confirmed.
        engine.order(4, FAR, SOME)
        await engine.until(lambda: world.confirmed == 2)
        assert world.open_orders() == 0
        await engine.until_said(4, "CANCELED")

    tried(tmp_path, work)


def test_with_nothing_to_cancel_the_venue_has_confirmed_as_well(tmp_path: Path) -> None:
    async def work(world: World) -> None:
        await world.engine.until(lambda: world.ward._rest is not None)
        act(world, 1.0)
        await world.engine.until(lambda: world.confirmed == 1)

    tried(tmp_path, work)


def test_a_key_that_is_refused_confirms_nothing_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def work(world: World) -> None:
        await world.engine.until(lambda: world.ward._rest is not None)
        act(world, 1.0)
        await asyncio.sleep(0.3)
        assert world.ward.is_due

    world = tried(tmp_path, work, key="nobody")
    assert world.confirmed == 0
    assert "Invalid API-key" in caplog.text
    assert GUARD_SECRET not in caplog.text


def test_the_bar_keeps_orders_back_and_lets_cancels_pass(tmp_path: Path) -> None:
    async def work(world: World) -> None:
        engine = world.engine
        engine.order(1, FAR, SOME)
        await engine.until_said(1, "ACCEPTED")
        world.bar.touch()
        engine.order(2, FAR, SOME)
        await engine.until_said(2, "REJECTED")
        assert b"guardian" in engine.last(2).tail
        engine.replace(1, 3, FAR + 100, SOME)
        await engine.until_said(3, "REPLACE_REJECTED")
        assert world.open_orders() == 1
        engine.cancel(1)
        await engine.until_said(1, "CANCELED")
        world.bar.unlink()
        engine.order(4, FAR, SOME)
        await engine.until_said(4, "ACCEPTED")

    tried(tmp_path, work)


class FakeLink:
    """Takes down what is sent."""

    def __init__(self) -> None:
        self.is_up, self.sent = True, []

    def send(self, msg_type: bytes, fields: list[tuple[int, bytes]]) -> int:
        self.sent.append((msg_type, dict(fields)))
        return len(self.sent)


def answer(name: bytes, response: bytes, affected: bytes = b"0") -> fix.Message:
    return fix.Message(fix.FIX44, b"r", ((11, name), (531, response), (533, affected)))


def test_a_fix_venue_has_confirmed_when_it_has_answered_the_last_mass_cancel() -> None:
    async def main() -> None:
        ward, confirmed = FixWard(1, "HOME", PLACE), []
        ward._link, ward._confirmed = FakeLink(), lambda: confirmed.append(1)
        ward.is_due = True
        assert ward.ask(1.0)
        kind, asked = ward._link.sent[0]
        assert (kind, asked[530]) == (b"q", b"7")
        await ward.said(answer(b"another", b"7"))
        await ward.said(answer(asked[11], b"0"))
        await ward.said(fix.Message(fix.FIX44, b"8", ()))
        assert (ward.is_due, confirmed) == (True, [])
        assert ward.is_late(2.0)
        await ward.said(answer(asked[11], b"7", b"3"))
        assert (ward.is_due, confirmed) == (False, [1])
        assert not ward.is_late(9.0)
        await asyncio.sleep(0.03)
        # It is asked again by itself, under another name; what that finds is said.
        swept = ward._link.sent[1][1]
        assert swept[11] != asked[11]
        await ward.said(answer(swept[11], b"7", b"2"))
        assert confirmed == [1, 1]

    asyncio.run(main())


def test_a_fix_venue_that_was_away_is_asked_when_it_is_back() -> None:
    async def main() -> None:
        ward = FixWard(1, "HOME", PLACE)
        ward._link, ward.is_due = FakeLink(), True
        ward._link.is_up = False
        assert not ward.ask(1.0)
        ward._link.is_up = True
        await ward.logged_on()
        assert [kind for kind, _ in ward._link.sent] == [b"q"]

    asyncio.run(main())


def test_each_protocol_wants_its_own_way_in(tmp_path: Path) -> None:
    venue = (
        f'[live]\nfolder = "{tmp_path}/node"\n[live.venues.COIN]\nprotocol = "binance"\n'
        'symbols = ["BTCUSDT"]\n[live.venues.COIN.instruments.BTCUSDT]\ntick = "0.01"\n'
        'lot = "0.00001"\ncurrency = "USDT"\n[live.venues.COIN.binance]\n'
        f'key = "{KEY}"\nsecret = "x"\nprefix = "t"\n[live.venues.COIN.guardian]\n'
    )
    file = tmp_path / "node.toml"
    file.write_text(f'{venue}username = "GUARD"\n')
    with pytest.raises(ConfigError, match=r"COIN\.guardian\.key") as caught:
        _ward(Node(load_live(file), tmp_path), "COIN")
    assert caught.value.code == "LIV-020"
    file.write_text(f'{venue}key = "g"\nsecret = "s"\n')
    assert isinstance(_ward(Node(load_live(file), tmp_path), "COIN"), BinanceWard)
