# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""QuickFIX trades on the real exchange: logs on, trades, is broken off, resumes, in both versions.

QuickFIX checks what it gets against the dictionaries of the standard; a message that it rejects
fails the test.
"""

import importlib.util
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conformance.fix_peers import ExchangeProcess, QuickFix, fields_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        importlib.util.find_spec("quickfix") is None,
        reason="QuickFIX is not installed: python -m pip install --only-binary :all: quickfix-ssl",
    ),
]

CONFIG = """
[exchange]
journal = "{folder}/data"
phase = "continuous"
[gateway]
fix44 = "127.0.0.1:{ports[0]}"
fix50sp2 = "127.0.0.1:{ports[1]}"
[market.instruments.ONE]
reference = "100.00"
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFAFX]
firm = "ALFA"
password = "secret"
protocol = "fix44"
cancel_on_disconnect = false
[members.ports.ALFADC]
firm = "ALFA"
password = "secret"
protocol = "fix50sp2"
kind = "drop_copy"
[members.ports.BETAFX]
firm = "BETA"
password = "secret"
protocol = "fix50sp2"
cancel_on_disconnect = false
[members.ports.BETADC]
firm = "BETA"
password = "secret"
protocol = "fix44"
kind = "drop_copy"
"""
NAMES = {"FIX.4.4": ("ALFAFX", "ALFADC"), "FIXT.1.1": ("BETAFX", "BETADC")}
BOTH = pytest.mark.parametrize("begin", list(NAMES))


class World:
    """An exchange, and a place for clients."""

    def __init__(self, folder: Path) -> None:
        sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        self.ports = [each.getsockname()[1] for each in sockets]
        for each in sockets:
            each.close()
        self.folder = folder
        config = folder / "exchange.toml"
        config.write_text(CONFIG.format(folder=folder, ports=self.ports), "utf-8")
        self.exchange = ExchangeProcess(config)
        self.exchange.start()

    def client(self, begin: str, *, copy: bool = False, **options: object) -> QuickFix:
        """A client of a version; with its earlier counts if it was there before."""
        spoken = {"FIX.4.4": "FIXT.1.1", "FIXT.1.1": "FIX.4.4"}[begin] if copy else begin
        name = NAMES[begin][copy]
        port = self.ports[spoken == "FIXT.1.1"]
        return QuickFix(self.folder / name, spoken, port, name, **options)

    def other(self, begin: str) -> QuickFix:
        """The other firm, in the other version."""
        return self.client("FIXT.1.1" if begin == "FIX.4.4" else "FIX.4.4")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.exchange.stop()


def order(name: str, side: int, qty: int, price: str, rest: str = "59=0") -> str:
    return f"11={name}|55=ONE|54={side}|38={qty}|40=2|44={price}|{rest}"


def nothing_was_wrong(*clients: QuickFix) -> None:
    """Neither end rejected a message of the other, and QuickFIX saw no gap that stayed."""
    for client in clients:
        wrong = [line for line in client.seen if "|35=3|" in line or "too low" in line]
        assert not wrong, wrong


@BOTH
def test_an_order_lives_as_the_standard_says(world, begin):
    with world.client(begin) as client, world.other(begin) as other:
        client.wait("^logon")
        other.wait("^logon")
        client.send("D", order("a", 1, 300, "99.50"))
        report = client.answer("11=a")
        assert [report[tag] for tag in (39, 150, 151, 14, 38, 44, 54, 55)] == [
            *("0", "0", "300", "0", "300", "99.5", "1", "ONE")
        ]
        client.send("G", "41=a|" + order("b", 1, 200, "99.75"))
        report = client.answer("150=5")
        assert [report[tag] for tag in (11, 41, 39, 151, 44)] == ["b", "a", "0", "200", "99.75"]
        other.send("D", order("x", 2, 50, "99.75", "59=3"))
        bought, sold = client.answer("150=F"), other.answer("150=F")
        for report in (bought, sold):
            assert [report[tag] for tag in (32, 31, 14)] == ["50", "99.75", "50"]
        assert (bought[39], sold[39], bought[151], sold[151]) == ("1", "2", "150", "0")
        assert (bought[17], sold[17]) == (f"T{bought[527]}B", f"T{bought[527]}S")
        client.send("H", "11=b|54=1|55=ONE|790=q1")
        report = client.answer("150=I")
        assert [report[tag] for tag in (790, 39, 151, 14)] == ["q1", "1", "150", "50"]
        client.send("F", "41=b|11=c|54=1|55=ONE")
        report = client.answer("150=4")
        assert [report[tag] for tag in (11, 41, 39, 151, 14)] == ["c", "b", "4", "0", "50"]
        client.send("F", "41=b|11=d|54=1|55=ONE")
        assert client.answer("35=9")[102] == "1"
        client.quiet(0.5)
        nothing_was_wrong(client, other)


@BOTH
def test_every_kind_of_order_is_taken_and_said_again(world, begin):
    kinds = {
        "post": order("post", 1, 100, "90.00", "18=6"),
        "hidden": order("hidden", 1, 100, "90.00", "111=0"),
        "berg": order("berg", 1, 100, "90.00", "111=10"),
        "all": order("all", 1, 100, "90.00", "18=G"),
        "least": order("least", 1, 100, "90.00", "110=50"),
        "both": order("both", 1, 100, "90.00", "18=G|110=50"),
        "gtc": order("gtc", 1, 100, "90.00", "59=1|1=ACCOUNT1|528=P"),
        "gtd": order("gtd", 1, 100, "90.00", "59=6|126=20991231-00:00:00"),
        "close": order("close", 1, 100, "90.00", "59=7"),
        "stop": "11=stop|55=ONE|54=1|38=100|40=3|99=150",
        "peg": "11=peg|55=ONE|54=1|38=100|40=P|18=R|211=-0.05",
    }
    with world.client(begin) as client:
        client.wait("^logon")
        for name, terms in kinds.items():
            client.send("D", terms)
            assert client.answer(rf"11={name}\|")[150] == "0", name
        client.send("q", "11=m1|530=1|55=ONE|54=2")
        assert client.answer("35=r")[533] == "0"
        client.send("q", "11=m2|530=7")
        assert client.answer("35=r")[533] == str(len(kinds))
        gone = {client.answer("150=4")[11] for _ in kinds}
        assert gone == set(kinds)
        nothing_was_wrong(client)


@BOTH
def test_what_is_wrong_gets_the_answer_that_the_standard_names(world, begin):
    with world.client(begin) as client:
        client.wait("^logon")
        for fields, reason in [
            (order("r1", 1, 10, "90.00").replace("55=ONE", "55=NONE"), "1"),
            (order("r2", 1, 0, "90.00"), "13"),
            (order("r3", 1, 10, "90.001"), "99"),
            (order("r4", 1, 10, "90.00", "59=5"), "11"),
            (order("r5", 1, 99_999_999, "90.00"), "3"),
        ]:
            client.send("D", fields)
            report = client.answer("150=8")
            assert (report[39], report[103]) == ("8", reason), fields
        client.send("D", order("same", 1, 10, "90.00"))
        client.answer("150=0")
        client.send("D", order("same", 1, 10, "90.00"))
        assert client.answer("150=8")[103] == "6"
        client.send("G", "41=same|" + order("same", 1, 20, "90.00"))
        refused = client.answer("35=9")
        assert (refused[434], refused[102]) == ("2", "6")
        client.send("H", "11=never|54=1|55=ONE")
        assert client.answer("150=I")[39] == "8"
        client.send("q", "11=m|530=3")
        assert client.answer("35=r")[531] == "0"
        client.send("AF", "584=1|585=7")
        assert client.answer("35=j")[380] == "3"
        client.send("D", order("long" * 6, 1, 10, "90.00"))
        assert client.answer("35=3")[371] == "11"
        client.send("D", order("t", 1, 10, "ninety"))
        refused = client.answer("35=3")
        assert (refused[371], refused[373]) == ("44", "6")
        client.send("D", order("last", 1, 10, "90.00"))
        assert client.answer("11=last")[150] == "0"


#: What a replacement says in place of something good, and why it is refused (102).
REFUSED_CHANGES = [
    ("44=90.00", "44=90.001", "99"),
    ("44=90.00", "44=90.00005", "99"),
    ("44=90.00", "44=-1", "99"),
    ("38=100", "38=0", "99"),
    ("38=100", "38=40", "99"),
    ("38=100", "38=99999999", "2"),
    ("59=0", "59=5", "99"),
    ("59=0", "59=6|126=20200101-00:00:00", "99"),
    ("59=0", "18=6", "99"),
    ("54=1", "54=2", "99"),
    ("55=ONE", "55=NONE", "2"),
]


@BOTH
def test_a_replacement_that_is_refused_leaves_its_order(world, begin):
    with world.client(begin) as client, world.other(begin) as other:
        client.wait("^logon")
        other.wait("^logon")
        client.send("D", order("a", 1, 100, "90.00"))
        client.answer("150=0")
        other.send("D", order("x", 2, 40, "90.00", "59=3"))
        client.answer("150=F")
        good = order("r", 1, 100, "90.00")
        for at, (said, instead, reason) in enumerate(REFUSED_CHANGES):
            client.send("G", "41=a|" + good.replace("11=r", f"11=r{at}").replace(said, instead))
            refused = client.answer("35=9")
            found = [refused[tag] for tag in (11, 41, 39, 434, 102)]
            assert found == [f"r{at}", "a", "1", "2", reason], instead
            assert refused[58], instead
        client.send("H", "11=a|54=1|55=ONE")
        report = client.answer("150=I")
        assert [report[tag] for tag in (39, 151, 14)] == ["1", "60", "40"]
        client.send("G", "41=a|" + good.replace("38=100", "38=140"))
        report = client.answer("150=5")
        assert [report[tag] for tag in (11, 41, 151, 14)] == ["r", "a", "100", "40"]
        nothing_was_wrong(client, other)


@BOTH
def test_who_was_broken_off_gets_what_it_missed(world, begin):
    with world.other(begin) as other:
        client = world.client(begin)
        client.wait("^logon")
        other.wait("^logon")
        client.send("D", order("a", 1, 100, "99.50"))
        client.answer("150=0")
        client.kill()
        for name in ("x", "y"):
            other.send("D", order(name, 2, 30, "99.50", "59=3"))
            other.answer("150=F")
        with world.client(begin) as client:
            client.wait("^logon")
            missed = [client.answer("150=F") for _ in range(2)]
            assert [report[14] for report in missed] == ["30", "60"]
            assert all(report[43] == "Y" and 122 in report for report in missed)
            client.send("D", order("b", 1, 10, "90.00"))
            assert client.answer("11=b")[150] == "0"
            nothing_was_wrong(client, other)


@BOTH
def test_what_the_exchange_missed_is_asked_for(world, begin):
    client = world.client(begin)
    client.wait("^logon")
    client.do("logout")
    client.wait("^logout")
    client.do("skip 5")
    client.do("logon")
    client.wait("^logon")
    asked = client.answer("35=2")
    assert (asked[7], asked[16]) == ("3", "0")
    filled = fields_of(client.wait("^out .*35=4").removeprefix("out "))
    assert filled[123] == "Y"
    client.send("D", order("a", 1, 100, "99.50"))
    assert client.answer("11=a")[150] == "0"
    nothing_was_wrong(client)
    client.close()


@BOTH
def test_counts_begin_anew_when_the_client_wants_it(world, begin):
    for turn in range(2):
        with world.client(begin, resets=True) as client:
            logon = client.answer("35=A")
            assert (logon[34], logon[141]) == ("1", "Y")
            client.wait("^logon")
            client.send("D", order(f"a{turn}", 1, 100, "99.50"))
            report = client.answer("150=0")
            assert report[34] == "2"
            nothing_was_wrong(client)


@BOTH
def test_a_wrong_password_gets_no_answer(world, begin):
    with world.client(begin, password="guess") as client:
        client.wait("^out .*35=A")
        client.quiet(2)
        assert not [line for line in client.seen if line.startswith(("in ", "logon"))]
    with world.client(begin, resets=True) as client:
        client.wait("^logon")


@BOTH
def test_silence_is_filled_with_heartbeats(world, begin):
    with world.client(begin, heartbeat_s=1) as client:
        client.wait("^logon")
        for _ in range(3):
            client.answer("35=0")
        client.send("D", order("a", 1, 100, "99.50"))
        assert client.answer("11=a")[150] == "0"
        nothing_was_wrong(client)
        assert "logout" not in client.seen


@BOTH
def test_a_drop_copy_sees_what_the_firm_does(world, begin):
    with world.client(begin) as client, world.client(begin, copy=True) as copy:
        client.wait("^logon")
        copy.wait("^logon")
        client.send("D", order("a", 1, 100, "99.50"))
        report = copy.answer("11=a")
        assert [report[tag] for tag in (150, 797, 448, 452)] == ["0", "Y", NAMES[begin][0][:4], "1"]
        client.send("F", "41=a|11=b|54=1|55=ONE")
        assert copy.answer("150=4")[41] == "a"
        copy.send("D", order("c", 1, 100, "99.50"))
        assert copy.answer("11=c")[150] == "8"
        nothing_was_wrong(client, copy)


@BOTH
def test_a_session_outlives_the_exchange(world, begin):
    with world.client(begin) as client:
        client.wait("^logon")
        client.send("D", order("a", 1, 100, "99.50", "59=1"))
        before = int(client.answer("11=a")[34])
        world.exchange.stop(signal.SIGKILL)
        client.wait("^logout")
        world.exchange.start()
        assert int(client.answer("35=A")[34]) == before + 1
        client.wait("^logon")
        client.send("F", "41=a|11=b|54=1|55=ONE")
        assert client.answer("150=4")[41] == "a"
        nothing_was_wrong(client)
