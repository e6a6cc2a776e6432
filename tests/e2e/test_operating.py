# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Every verb of `onetape exchange`, on a running one: what it does, and what members are told."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.models.plain_members import SoupMember, order50
from tests.models.processes import Processes, free_ports, onetape

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

CONFIG = """
[exchange]
journal = "{folder}"
date = "2026-11-23"
[gateway]
ouch50 = "127.0.0.1:{port}"
[market.instruments.ONE]
reference = "100.00"
[market.instruments.TWO]
reference = "100.00"
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[members.ports.BETA1]
firm = "BETA"
password = "beta"
"""
#: Verbs that this story does not know would be missed.
VERBS = {
    "start", "status", "halt", "resume", "phase", "mass-cancel", "kill", "allow", "break-trade",
    "end-of-day", "start-day", "snapshot", "stop",
}  # fmt: skip


class Market:
    """A running exchange and its operator."""

    def __init__(self, processes: Processes) -> None:
        self.folder = processes.folder / "data"
        (port,) = free_ports(1)
        self.address = f"127.0.0.1:{port}"
        config = processes.folder / "exchange.toml"
        config.write_text(CONFIG.format(folder=self.folder, port=port), "utf-8")
        self.processes = processes
        processes.start("exchange", "exchange", "start", str(config))
        processes.wait_said("exchange", "ready")
        self.used = {"start"}

    def do(self, verb: str, *words: str) -> str:
        self.used.add(verb)
        done = onetape("exchange", verb, *words, "--folder", str(self.folder))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def status(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.do("status", "--json"))
        return answer

    def phases(self) -> list[str]:
        return [each["phase"] for each in self.status()["phases"]]


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Market]:
    processes = Processes(tmp_path)
    try:
        yield Market(processes)
    finally:
        processes.end_all()


def test_every_verb_does_what_it_says(market: Market):
    with (
        SoupMember(market.address, "ALFA1", "alfa") as alfa,
        SoupMember(market.address, "BETA1", "beta") as beta,
    ):
        assert market.phases() == ["continuous", "continuous"]
        check_phases(market)
        check_cancels(market, alfa, beta)
        check_kill(market, alfa)
        check_break(market, alfa, beta)
        assert re.search(r"state hash\s+[0-9a-f]{16}", market.do("status", "--hash"))
        market.do("snapshot")
        assert list((market.folder / "journal" / "snapshots").iterdir())
        alfa.say(order50(90, "B", 1, 990_000))
        alfa.wait_for(rb"SA.{8}")
        assert "PhaseChanged" in market.do("end-of-day")
        alfa.wait_for(rb"SC.{8}")
        alfa.wait_for(rb"SS.{8}E")
    assert "ended" in market.do("status")
    market.do("start-day", "2026-11-24")
    assert market.status()["day"] == {"date": 20_261_124, "session": "OT20261124", "ended": False}
    assert market.phases() == ["continuous", "continuous"]
    market.do("stop")
    assert market.processes.running["exchange"].wait(30) == 0
    assert market.used == VERBS
    listed = onetape("exchange", "--help").stdout
    for verb in VERBS:
        assert verb in listed
    assert len(re.findall(r"^│ [a-z]+(?:-[a-z]+)* ", listed, re.MULTILINE)) == len(VERBS)


def check_phases(market: Market) -> None:
    assert "PhaseChanged" in market.do("halt", "ONE")
    assert market.phases() == ["halted", "continuous"]
    market.do("resume", "ONE")
    assert market.phases() == ["volatility-auction", "continuous"]
    market.do("phase", "continuous")
    assert market.phases() == ["continuous", "continuous"]


def check_cancels(market: Market, alfa: SoupMember, beta: SoupMember) -> None:
    """Each of the three ways takes back what it should, and nothing else."""
    alfa.say(order50(1, "B", 100, 990_000, "ONE"))
    alfa.say(order50(2, "B", 100, 990_000, "TWO"))
    beta.say(order50(1, "B", 100, 990_000, "TWO"))
    for member, count in ((alfa, 2), (beta, 1)):
        for _ in range(count):
            member.wait_for(rb"SA.{8}")
    assert "1 OrderCanceled" in market.do("mass-cancel", "--symbol", "ONE")
    assert "1 OrderCanceled" in market.do("mass-cancel", "--port", "BETA1")
    assert "1 OrderCanceled" in market.do("mass-cancel", "--firm", "ALFA")
    beta.wait_for(rb"SC.{8}")


def check_kill(market: Market, alfa: SoupMember) -> None:
    assert "blocked" not in market.do("status")
    market.do("kill", "--port", "ALFA1")
    market.do("kill", "--firm", "BETA")
    assert re.search(r"blocked\s+port ALFA1, firm BETA", market.do("status"))
    alfa.say(order50(3, "B", 100, 990_000))
    alfa.wait_for(rb"SJ.{8}")
    market.do("allow", "--port", "ALFA1")
    market.do("allow", "--firm", "BETA")
    assert market.status()["blocked"] == []


def check_break(market: Market, alfa: SoupMember, beta: SoupMember) -> None:
    alfa.say(order50(4, "S", 100, 1_000_000))
    alfa.wait_for(rb"SA.{8}")
    beta.say(order50(2, "B", 100, 1_000_000))
    # Executed: timestamp, number, quantity, price, liquidity, match.
    found = beta.wait_for(rb"SE.{8}.{4}.{4}.{8}.(.{8})")
    (match,) = struct.unpack(">Q", found[1])
    market.do("break-trade", str(match))
    beta.wait_for(rb"SB.{8}.{4}" + re.escape(found[1]))


def test_who_asks_for_what_is_not_there_is_told(market: Market):
    for words, expected in [
        (("halt", "NONE"), "expected one of ONE, TWO, found 'NONE'"),
        (("phase", "lunch"), "phase: expected one of"),
        (("kill",), "refused"),
        (("start-day", "2026-11-24"), "the day has not ended"),
    ]:
        done = onetape("exchange", *words, "--folder", str(market.folder))
        assert done.returncode == 1, done.stdout
        assert expected in done.stderr
