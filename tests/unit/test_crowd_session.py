# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The crowd on real sockets: login, numbers, orders, leaving; and the feed it sees prices on."""

import asyncio
import os
import signal

import pytest
from tests.models.plain_ouch import PASSWORD, PlainOuch

from onetape.cli._market_file import load_market
from onetape.config import Secret
from onetape.errors import ConfigError, VenueError
from onetape.events import Side
from onetape.exchange.config import FeedConfig, GatewayConfig, MarketConfig, MembersConfig
from onetape.sim.crowd import (
    CrowdConfig,
    Desk,
    Entering,
    FeedPlace,
    Instrument,
    Listener,
    OuchPort,
    PortPlace,
    feed_of,
    instruments_of,
    ports_of,
    trade,
)
from onetape.sim.crowd.config import CrowdInstrumentConfig, CrowdPortConfig
from onetape.wire import itch, mold

ONE = Instrument("ONE", 1_000_000, 100)
MS = 1_000_000


def place(exchange: PlainOuch, password: str = PASSWORD) -> PortPlace:
    return PortPlace("ALFA1", "127.0.0.1", exchange.port, Secret(password))


def test_a_crowd_trades_on_a_socket_and_leaves_no_order_behind():
    async def story():
        async with PlainOuch() as exchange:
            config = CrowdConfig(seconds=1.0)
            result = await trade(config, [place(exchange)], [ONE])
            return result, exchange

    result, exchange = asyncio.run(story())
    assert exchange.entered > 100
    assert exchange.book.trades
    assert (result.left_live, exchange.book.book, result.ends) == (0, [], [])
    assert 0.9 < result.seconds < 30
    assert sum(kind.fills for kind in result.kinds) == 2 * len(exchange.book.trades)
    assert sum(kind.position_lots for kind in result.kinds) == 0


def test_an_interrupt_cancels_everything_and_leaves():
    async def story():
        async with PlainOuch() as exchange:
            loop = asyncio.get_running_loop()
            loop.call_later(0.4, os.kill, os.getpid(), signal.SIGINT)
            result = await trade(CrowdConfig(seconds=0.0), [place(exchange)], [ONE])
            return result, exchange

    result, exchange = asyncio.run(story())
    assert result.sent > 10
    assert (result.left_live, exchange.book.book) == (0, [])


def test_numbers_go_on_where_the_day_stands():
    async def story():
        async with PlainOuch(first_number=501) as exchange:
            port = OuchPort(place(exchange))
            await port.connect()
            desk = Desk("desk", port)
            order = desk.enter(Entering("ONE", Side.BUY, 1_000_000, 10))
            port.flush()
            await asyncio.sleep(0.05)
            state = (order.number, order.is_waiting)
            port.leave()
            await asyncio.sleep(0)
            return state

    assert asyncio.run(story()) == (501, False)


def test_a_refused_login_and_nobody_listening_are_said():
    async def refused():
        async with PlainOuch() as exchange:
            await trade(CrowdConfig(), [place(exchange, "wrong")], [ONE])

    with pytest.raises(VenueError, match=r"the login was refused \(A\)") as caught:
        asyncio.run(refused())
    assert "wrong" not in str(caught.value)

    async def nobody():
        await trade(CrowdConfig(), [PortPlace("ALFA1", "127.0.0.1", 1, Secret("x"))], [ONE])

    with pytest.raises(VenueError, match=r"cannot connect to 127\.0\.0\.1:1"):
        asyncio.run(nobody())


def test_a_crowd_that_loses_its_only_port_says_so():
    async def story():
        async with PlainOuch() as exchange:
            loop = asyncio.get_running_loop()
            loop.call_later(0.3, exchange.drop)
            await trade(CrowdConfig(seconds=5.0), [place(exchange)], [ONE])

    with pytest.raises(VenueError, match="all ports were lost: ALFA1"):
        asyncio.run(story())


# Configuration


def configured(**more) -> CrowdConfig:
    ports = {
        name: CrowdPortConfig(address=f"127.0.0.1:{port}", password=Secret("x"))
        for name, port in (("ALFA1", 9150), ("BETA1", 9151))
    }
    return CrowdConfig(ports=ports, **more)


def test_ports_and_instruments_come_from_the_configuration():
    assert [p.port for p in ports_of(configured())] == [9150, 9151]
    assert [p.username for p in ports_of(configured(use_ports=["BETA1"]))] == ["BETA1"]
    given = {"ONE": CrowdInstrumentConfig(price="7.50", increment="0.01")}
    assert instruments_of(CrowdConfig(instruments=given)) == [Instrument("ONE", 75_000, 100)]


def test_a_port_there_is_not_and_an_address_that_is_none_are_refused():
    with pytest.raises(ConfigError, match=r"no OUCH 5\.0 order-entry port GAMA"):
        ports_of(configured(use_ports=["GAMA"]))
    bad = CrowdPortConfig(address="localhost", password=Secret("x"))
    with pytest.raises(ConfigError, match=r"crowd\.ports\.ALFA1\.address"):
        ports_of(CrowdConfig(ports={"ALFA1": bad}))


EXCHANGE = """
[gateway]
ouch50 = "127.0.0.1:9150"
[feed]
lines = ["239.255.42.1:9201", "239.255.42.2:9202"]
rerequest = "127.0.0.1:9203"
[market.instruments.ONE]
reference = "100.00"
[market.instruments.PENNY]
reference = "0.50"
[market.instruments.NEW]
[members.firms.ALFA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[members.ports.ALFA2]
firm = "ALFA"
password = "alfa"
protocol = "ouch42"
[members.ports.ALFADC]
firm = "ALFA"
password = "alfa"
kind = "drop_copy"
[fees]
taker_lot_e9 = 3
[surveillance.wash]
window_s = 5
[crowd]
seconds = 1.5
"""


def test_an_exchanges_own_file_says_where_and_what(tmp_path):
    path = tmp_path / "exchange.toml"
    path.write_text(EXCHANGE)
    loaded = load_market(path, ["crowd.makers.agents=2"])
    config = loaded.section(CrowdConfig)
    assert (config.seconds, config.makers.agents) == (1.5, 2)
    (port,) = ports_of(config, loaded.section(GatewayConfig), loaded.section(MembersConfig))
    assert (port.username, port.host, port.port) == ("ALFA1", "127.0.0.1", 9150)
    assert instruments_of(config, loaded.section(MarketConfig)) == [
        Instrument("ONE", 1_000_000, 100), Instrument("PENNY", 5_000, 1),
    ]  # fmt: skip
    feed = feed_of(config, loaded.section(FeedConfig))
    assert feed == FeedPlace(
        [("239.255.42.1", 9201), ("239.255.42.2", 9202)], "127.0.0.1", ("127.0.0.1", 9203)
    )
    deaf = load_market(path, ["crowd.listen=false"]).section(CrowdConfig)
    assert feed_of(deaf, loaded.section(FeedConfig)) is None


# The feed


def add(ref: int, side: str, price: int, shares: int = 100) -> bytes:
    return itch.encode(itch.AddOrder(1, 0, 0, ref, side, shares, "ONE", price))


DIRECTORY = itch.encode(
    itch.StockDirectory(
        1, 0, 0, "ONE", "Q", "N", 100, "N", "C", "Z", "P", "N", "N", "1", "N", 0, "N"
    )
)
MESSAGES = [
    DIRECTORY,
    add(1, "B", 999_900),
    add(2, "S", 1_000_100),
    add(3, "B", 1_000_000),
    itch.encode(itch.OrderExecuted(1, 0, 0, 3, 40, 1)),
    itch.encode(itch.OrderReplace(1, 0, 0, 2, 4, 100, 1_000_200)),
    itch.encode(itch.OrderCancel(1, 0, 0, 3, 10)),
    itch.encode(itch.OrderDelete(1, 0, 0, 3)),
]
BESTS = [
    (None, None), (999_900, None), (999_900, 1_000_100), (1_000_000, 1_000_100),
    (1_000_000, 1_000_100), (1_000_000, 1_000_200), (1_000_000, 1_000_200), (999_900, 1_000_200),
]  # fmt: skip


def packet(first: int, count: int = 1) -> bytes:
    return mold.encode(mold.Packet("DAY", first, tuple(MESSAGES[first - 1 : first - 1 + count])))


def test_a_listener_knows_the_best_prices_after_every_message():
    listener = Listener()
    assert listener.touch("ONE") == (None, None)
    for number, best in enumerate(BESTS, 1):
        for _line in "AB":
            assert listener.take(packet(number), 0) is None
        assert listener.touch("ONE") == best
    assert listener.messages == len(MESSAGES)


def test_a_late_listener_asks_for_all_and_a_lost_packet_is_asked_for_again():
    listener = Listener()
    assert listener.take(packet(3), 1) == mold.Request("DAY", 1, 2)
    assert listener.take(packet(4), 2) is None  # asked for already
    assert listener.take(packet(5), 30 * MS) == mold.Request("DAY", 1, 2)
    assert listener.touch("ONE") == (None, None)
    assert listener.take(packet(1, 2), 31 * MS) is None
    assert listener.touch("ONE") == BESTS[4]


def test_what_nobody_gives_again_is_given_up_after_a_second():
    listener = Listener()
    listener.take(packet(1, 2), 0)
    for at in range(1, 60):
        listener.take(packet(4), at * 30 * MS)
    assert listener.lost == 1
    listener.take(packet(5, 4), 3_000 * MS)
    assert listener.touch("ONE") == (999_900, None)
