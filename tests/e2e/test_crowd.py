# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An exchange, a crowd on its ports and what follows: processes of their own, as users run them."""

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from onetape.cli._market_file import load_market
from onetape.events import Side
from onetape.exchange.clearing import FeesConfig, Role, clear
from onetape.exchange.config import FeedConfig, GatewayConfig, MembersConfig
from onetape.journal import open_journal
from onetape.monitor import Terminal
from onetape.sim.crowd import CrowdConfig, Desk, Entering, Listener, OuchPort, ports_of
from onetape.wire import mold

CONFIG = """
[exchange]
journal = "{folder}/data"
[gateway]
ouch50 = "127.0.0.1:{ouch}"
[feed]
lines = ["127.0.0.1:{line}"]
rerequest = "127.0.0.1:{rerequest}"
[market.instruments.ONE]
reference = "100.00"
[market.instruments.REEL]
reference = "7.50"
allocation = "pro_rata"
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[members.ports.BETA1]
firm = "BETA"
password = "beta"
stp = "off"
cancel_on_disconnect = false
[fees]
taker_lot_e9 = 3_000_000
[crowd]
rate_percent = 200
[crowd.news.good]
at_s = 1.0
move_bps = 200
"""


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for sock in sockets:
        sock.bind(("127.0.0.1", 0))
    ports = [sock.getsockname()[1] for sock in sockets]
    for sock in sockets:
        sock.close()
    return ports


def onetape(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "onetape", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def exchange(tmp_path):
    """Yield the file of a running exchange; it is stopped afterwards."""
    names = ("ouch", "line", "rerequest")
    ports = dict(zip(names, free_ports(3), strict=True))
    path = tmp_path / "exchange.toml"
    path.write_text(CONFIG.format(folder=tmp_path, **ports))
    process = onetape("exchange", path)
    assert process.stdout
    for line in process.stdout:
        if line.startswith("ready"):
            break
    yield path
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)


def journal_of(path: Path) -> Path:
    return path.parent / "data" / "journal"


def wait_for_trades(path: Path) -> None:
    view = Terminal(journal_of(path))
    ends = time.monotonic() + 40
    while view.market.trade_count < 20 and time.monotonic() < ends:
        view.read()
        time.sleep(0.1)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_crowd_trades_on_a_real_exchange_and_its_trades_reconcile(exchange):
    crowd = onetape("crowd", exchange, "--seconds", 3, "--json")
    out, err = crowd.communicate(timeout=60)
    assert crowd.returncode == 0, err
    result = json.loads(out)
    kinds = {kind["kind"]: kind for kind in result["kinds"]}
    assert result["left_live"] == result["lost"] == 0
    assert result["ends"] == []
    assert result["heard"] > 500
    assert result["news"] == 2
    assert kinds["market maker"]["fills"] > 0
    assert sum(kind["position_lots"] for kind in kinds.values()) == 0

    clearing = clear(open_journal(journal_of(exchange)))
    (day,) = clearing.days
    assert len(day.records) == sum(kind["fills"] for kind in kinds.values())
    ends = [row.end_lots for row in day.positions]
    assert sum(ends) == 0
    assert any(ends)

    view = Terminal(journal_of(exchange))
    assert view.read()
    assert view.market.trade_count == len(day.records) // 2
    assert view.market.orders == {}
    assert all(not ladder.bids and not ladder.asks for ladder in view.market.ladders.values())

    done = onetape("surveil", journal_of(exchange), "--json")
    out, err = done.communicate(timeout=60)
    assert done.returncode == 0, err
    washes = {alert["firm"] for alert in json.loads(out) if alert["rule"] == "wash"}
    assert washes <= {"BETA"}  # ALFA's port prevents it


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_trade_that_an_operator_breaks_is_taken_back_everywhere(exchange):
    crowd = onetape("crowd", exchange, "--seconds", 2, "--json")
    wait_for_trades(exchange)
    folder = exchange.parent / "data"
    done = onetape("exchange", "break-trade", 3, "--folder", folder)
    out, err = done.communicate(timeout=60)
    assert done.returncode == 0, err
    assert "TradeBroken" in out
    crowd.communicate(timeout=60)
    clearing = clear(open_journal(journal_of(exchange)))
    (day,) = clearing.days
    undone = [record for record in day.records if record["sign"] < 0]
    assert [int(record["match_id"]) for record in undone] == [3, 3]
    assert sum(row.broken for row in day.positions) == 2
    view = Terminal(journal_of(exchange))
    view.read()
    for row in day.positions:
        mine = [
            held.position_lots
            for (port, instrument), held in view.market.holdings.items()
            if clearing.directory.ports[port].firm_id == row.firm_id
            and instrument == row.instrument_id
        ]
        assert sum(mine) == row.end_lots


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_an_interrupted_crowd_leaves_no_order_behind(exchange):
    crowd = onetape("crowd", exchange, "--seconds", 0, "--json")
    wait_for_trades(exchange)
    crowd.send_signal(signal.SIGINT)
    out, err = crowd.communicate(timeout=30)
    assert crowd.returncode == 0, err
    result = json.loads(out)
    assert sum(kind["sent"] for kind in result["kinds"]) > 100
    assert result["left_live"] == 0
    view = Terminal(journal_of(exchange))
    view.read()
    assert view.market.orders == {}
    assert view.market.connected == set()


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_the_view_from_the_journal_is_the_book_that_the_feed_tells(exchange):
    """Orders of a crowd that was killed stay: the port is told to keep them."""
    crowd = onetape("crowd", exchange, "--seconds", 0, "--set", "crowd.use_ports=['BETA1']")
    wait_for_trades(exchange)
    crowd.kill()
    crowd.communicate(timeout=20)
    time.sleep(0.5)
    view = Terminal(journal_of(exchange))
    assert view.read()
    assert len(view.market.orders) > 10
    listener = heard_again(exchange)
    for number, ladder in view.market.ladders.items():
        book = listener.book(ladder.instrument.symbol)
        assert book is not None, number
        for side, levels in ((Side.BUY, book.bids(1_000)), (Side.SELL, book.asks(1_000))):
            told = [tuple(level) for level in levels.tolist()]
            mine = [(p, v.qty_lots, v.orders) for p, v in ladder.best(side, 1_000)]
            assert mine == told


def heard_again(path: Path) -> Listener:
    """Return a listener that asked for the whole day."""
    rerequest = load_market(path, ()).section(FeedConfig).rerequest
    listener = Listener()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.5)
        host, port = rerequest.split(":")
        sock.connect((host, int(port)))
        session = f"OT{clear(open_journal(journal_of(path))).days[0].day.date}"
        first = 1
        while True:
            sock.send(mold.encode_request(mold.Request(session, first, 1_000)))
            try:
                data = sock.recv(65_536)
            except TimeoutError:
                return listener
            listener.take(data, 0)
            packet = mold.decode(data)
            first = packet.sequence + len(packet.messages)


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_an_auction_clears_as_one(exchange):
    folder = exchange.parent / "data"

    def phase(name: str) -> None:
        out, err = onetape("exchange", "phase", name, "--folder", folder).communicate(timeout=60)
        assert "PhaseChanged" in out, err

    async def gather() -> list[OuchPort]:
        ports = []
        loaded = load_market(exchange, ())
        config = loaded.section(CrowdConfig)
        places = ports_of(config, loaded.section(GatewayConfig), loaded.section(MembersConfig))
        for place, side, price, lots in (
            (places[0], Side.BUY, 1_001_000, 100),
            (places[1], Side.SELL, 999_000, 60),
        ):
            port = OuchPort(place)
            await port.connect()
            desk = Desk("desk", port)
            desk.enter(Entering("ONE", side, price, lots))
            port.flush()
            while desk.tally.accepted == 0:
                await asyncio.sleep(0.01)
            ports.append(port)
        return ports

    async def auction() -> None:
        # They stay until it is over: an order leaves with its port.
        ports = await gather()
        await asyncio.get_running_loop().run_in_executor(None, phase, "closed")
        for port in ports:
            port.leave()
        await asyncio.sleep(0.1)

    phase("closing-auction")
    asyncio.run(auction())
    (day,) = clear(open_journal(journal_of(exchange)), FeesConfig(auction_lot_e9=1_000_000)).days
    assert [Role(int(r)) for r in day.records["role"]] == [Role.AUCTION] * 2
    assert day.records["qty_lots"].tolist() == [60, 60]
    assert [row.auction_lots for row in day.positions] == [60, 60]
    assert [row.fee for row in day.positions] == [60_000_000] * 2
