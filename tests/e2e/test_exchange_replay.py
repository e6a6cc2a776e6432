# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape replay` of an exchange: two days, every protocol, and whatever was changed is found."""

from __future__ import annotations

import json
import shutil
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.models.plain_members import FixMember, SoupMember, order42, order50
from tests.models.processes import onetape

from onetape.config import load
from onetape.errors import ReplayMismatchError
from onetape.events import ConfigLoaded
from onetape.exchange.config import SECTIONS
from onetape.exchange.control import Control
from onetape.exchange.replay import ExchangeReplay, replay_exchange
from onetape.exchange.server import Exchange
from onetape.journal import open_journal
from onetape.wire import fix

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CONFIG = """
[exchange]
journal = "{folder}"
date = "2026-11-23"
segment_bytes = 1048576
tick_ms = 200
[gateway]
ouch50 = "127.0.0.1:0"
ouch42 = "127.0.0.1:0"
fix44 = "127.0.0.1:0"
fix50sp2 = "127.0.0.1:0"
[market]
orders_max = 4096
[market.instruments.ONE]
reference = "100.00"
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
protocol = "fix44"
kind = "drop_copy"
[members.firms.BETA]
[members.ports.BETAFX]
firm = "BETA"
password = "beta"
protocol = "fix50sp2"
[members.ports.BETAF4]
firm = "BETA"
password = "beta"
protocol = "fix44"
"""
WIRES = {
    "ITCH 5.0", "OUCH 5.0 ALFA1", "OUCH 4.2 ALFA2", "FIX 4.4 ALFADC, drop copy",
    "FIX 5.0 SP2 BETAFX", "FIX 4.4 BETAF4",
}  # fmt: skip


@contextmanager
def running(folder: Path, more: str = "") -> Iterator[dict[str, str]]:
    """Run an exchange; give where it listens."""
    path = folder / "exchange.toml"
    path.write_text(CONFIG.format(folder=folder / "data") + more, "utf-8")
    with Exchange(load(path, SECTIONS)) as exchange:
        thread = threading.Thread(target=exchange.run)
        thread.start()
        try:
            yield exchange.addresses()
        finally:
            exchange.stop()
            thread.join()


def trade(addresses: dict[str, str], rounds: int) -> None:
    """Trade a day on every wire: Alfa sells by OUCH, Beta buys by FIX, a drop copy listens."""
    with (
        FixMember(addresses["fix44"], fix.FIX44, "ALFADC", "alfa"),
        SoupMember(addresses["ouch50"], "ALFA1", "alfa") as new,
        SoupMember(addresses["ouch42"], "ALFA2", "alfa") as old,
        FixMember(addresses["fix50sp2"], fix.FIX50SP2, "BETAFX", "beta") as newer,
        FixMember(addresses["fix44"], fix.FIX44, "BETAF4", "beta") as older,
    ):
        for number in range(1, rounds + 1):
            new.say(order50(number, "S", 100, 1_000_000))
            new.wait_for(rb"SA.{8}")
            old.say(order42(f"T{number}", "S", 100, 1_000_100))
            old.wait_for(rb"SA.{8}")
            newer.order(f"N{number}", "B", 150, "100.01")
            newer.wait_for(rb"\x01150=F\x01")
            older.order(f"O{number}", "B", 20, "100.01")
            older.wait_for(rb"\x01150=F\x01")
            older.say(b"D", [(11, f"wrong{number}".encode())])
            older.wait_for(rb"\x0135=[38j]\x01")


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ExchangeReplay]:
    """An exchange's folder after two days and a restart; and a replay made while it ran."""
    folder = tmp_path_factory.mktemp("replayed")
    data = folder / "data"
    with running(folder) as addresses:
        trade(addresses, 10)
        with Control(data) as control:
            control.request("snapshot")
            control.request("end-of-day")
            control.request("start-day", date=20_261_124, session="OT20261124")
        trade(addresses, 5)
    # One firm more: what was written down of the smaller market is taken up by the larger one.
    with running(folder, "[members.firms.GAMA]\n"), Control(data) as control:
        beside = replay_exchange(data / "journal")
        assert control.request("status")["day"]["date"] == 20_261_124
    return data, beside


def copied(data: Path, to: Path) -> Path:
    shutil.copytree(data, to / "data", ignore=shutil.ignore_patterns("*.sock"))
    return to / "data"


def test_two_days_on_every_wire_are_as_the_journal_leads_to(traded: tuple[Path, ExchangeReplay]):
    data, beside = traded
    done = onetape("replay", str(data / "journal"), "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["entries"] >= beside.entries
    assert sum(isinstance(e.event, ConfigLoaded) for e in open_journal(data / "journal")) == 2
    assert result["outputs"] > 100
    assert len(result["snapshots"]) >= 2
    by_day: dict[int, set[str]] = {}
    for stream in result["streams"]:
        assert stream["messages"] == stream["equal"] == stream["stored"] > 0, stream
        by_day.setdefault(stream["date"], set()).add(stream["wire"])
    assert by_day == {20_261_123: WIRES, 20_261_124: WIRES}
    text = onetape("replay", str(data / "journal")).stdout
    assert "FIX 5.0 SP2 BETAFX" in text


def test_beside_a_running_exchange_it_compares_up_to_the_present(
    traded: tuple[Path, ExchangeReplay],
):
    _, beside = traded
    assert beside.entries > 100
    assert {stream.wire for stream in beside.streams} == WIRES
    assert all(stream.equal == stream.messages > 0 for stream in beside.streams)


def change_message(data: Path) -> None:
    """Change the last byte of the 7th message of BETAFX on the second day."""
    stream = data / "streams" / "20261124-OT20261124" / "port-00004"
    index = stream.with_suffix(".idx").read_bytes()
    (end,) = struct.unpack_from("<Q", index, 8 * (1 + 7))
    with stream.with_suffix(".msg").open("r+b") as file:
        file.seek(end - 2)
        file.write(b"#")


def add_message(data: Path) -> None:
    """Have ALFA1's stream of the first day hold one message more."""
    path = data / "streams" / "20261123-OT20261123" / "port-00001.idx"
    with path.open("r+b") as file:
        (count,) = struct.unpack_from("<Q", path.read_bytes(), 8)
        file.seek(8)
        file.write(struct.pack("<Q", count + 1))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (change_message, "day 20261124, FIX 5.0 SP2 BETAFX, message 7: entry "),
        (add_message, "day 20261123, OUCH 5.0 ALFA1, message "),
    ],
)
def test_what_was_changed_is_named(
    traded: tuple[Path, ExchangeReplay],
    tmp_path: Path,
    change: Callable[[Path], None],
    expected: str,
):
    data = copied(traded[0], tmp_path)
    replay_exchange(data / "journal")
    change(data)
    with pytest.raises(ReplayMismatchError, match="message") as raised:
        replay_exchange(data / "journal")
    assert expected in str(raised.value)
    assert raised.value.code == "RPL-005"
    assert onetape("replay", str(data / "journal")).returncode == 4


def test_streams_that_are_gone_are_said_to_be(traded: tuple[Path, ExchangeReplay], tmp_path: Path):
    data = copied(traded[0], tmp_path)
    shutil.rmtree(data / "streams" / "20261123-OT20261123")
    result = replay_exchange(data / "journal")
    gone = [stream for stream in result.streams if stream.stored is None]
    assert {stream.date for stream in gone} == {20_261_123}
    assert "no stream on disk" in onetape("replay", str(data / "journal")).stdout
