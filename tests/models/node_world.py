# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node on an exchange with a crowd: configurations, processes, questions to them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.models.processes import Processes, onetape

from onetape import _native
from onetape.exchange.control import Control
from onetape.live.node import Node
from onetape.live.supervisor import load_live

EXCHANGE = """
[exchange]
journal = "{folder}/exchange"
[gateway]
ouch50 = "127.0.0.1:{ouch}"
fix44 = "127.0.0.1:{fix}"
[feed]
lines = ["127.0.0.1:{line_a}", "127.0.0.1:{line_b}"]
rerequest = "127.0.0.1:{rerequest}"
glimpse = "127.0.0.1:{glimpse}"
glimpse_users = {{ VIEWER = "look" }}
{instruments}
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
[members.ports.NODE]
firm = "BETA"
password = "beta"
protocol = "{protocol}"
stp = "off"
{port}
[members.ports.GUARD]
firm = "BETA"
password = "guard"
protocol = "{protocol}"
{exchange_more}
[crowd]
use_ports = ["ALFA1"]
rate_percent = {crowd_rate}
"""
NODE = """
[live]
folder = "{folder}/node"
{live_more}
[live.venues.HOME]
symbols = {symbols}
lines = {node_lines}
rerequest = "127.0.0.1:{node_rerequest}"
glimpse = "127.0.0.1:{glimpse}"
glimpse_username = "VIEWER"
glimpse_password = "look"
{entry}
{venue_more}
{strategies}
[risk]
order_qty_max = 1_000
order_notional_max = 10_000_000_000
position_max = {position_max}
price_collar_ticks = 50_000
order_rate_max = 10_000
"""
OUCH = """protocol = "ouch50"
order_entry = "127.0.0.1:{way_in}"
username = "NODE"
password = "beta"
"""
FIX = """protocol = "fix44"
[live.venues.HOME.fix]
address = "127.0.0.1:{way_in}"
sender = "NODE"
target = "ONETAPE"
username = "NODE"
password = "beta"
prefix = "n1"
state = "{folder}/counts"
heartbeat_s = 1
retry_first_s = 0.05
retry_most_s = 0.5
"""
UNITS = """[live.venues.HOME.instruments.{symbol}]
tick = "0.0001"
lot = "1"
currency = "USD"
"""
GUARDIAN = """[live.venues.HOME.guardian]
username = "GUARD"
password = "guard"
"""
STRATEGY = """[live.strategies.{name}]
file = "{file}:{kind}"
{more}
"""
STRATEGIES = Path(__file__).resolve().parent / "live_strategies.py"
PATIENCE_S = 60.0


@dataclass(kw_only=True)
class Terms:
    """What a world is to be like.

    Attributes:
        instruments: Reference prices by symbol.
        protocol: How the node enters orders: ouch50 or fix44.
        port: More of the node's port at the exchange.
        exchange_more: More ports and firms there.
        crowd_rate: How busy the crowd is, percent.
        live_more: More of `[live]`.
        venue_more: More sections of the node's venue.
        strategies: Class and further keys by name.
        position_max: Lots.
        is_guarded: The guardian has a port.
    """

    instruments: dict[str, str]
    strategies: dict[str, tuple[str, str]]
    protocol: str = "ouch50"
    port: str = ""
    exchange_more: str = ""
    crowd_rate: int = 100
    live_more: str = ""
    venue_more: str = ""
    position_max: int = 2_000
    is_guarded: bool = False


@dataclass(kw_only=True)
class Wires:
    """TCP and UDP ports: where the exchange is, and where the node looks for it."""

    ouch: int
    fix: int
    glimpse: int
    rerequest: int
    line_a: int
    line_b: int
    way_in: int
    node_rerequest: int
    node_lines: list[int] = field(default_factory=list)


class NodeWorld:
    """All the processes of one run.

    Args:
        folder: Where they keep their things.
        terms: What it is to be like.
        wires: How they are connected.
        crowd_lines: Where the crowd gets its market data.
    """

    def __init__(
        self, folder: Path, terms: Terms, wires: Wires, crowd_lines: Sequence[int]
    ) -> None:
        self.folder = folder
        self.exchange, self.node = folder / "exchange.toml", folder / "node.toml"
        names = {"folder": folder, **vars(terms), **vars(wires)}
        names["instruments"] = "\n".join(
            f'[market.instruments.{symbol}]\nreference = "{price}"'
            for symbol, price in terms.instruments.items()
        )
        names["symbols"] = json.dumps(list(terms.instruments))
        names["node_lines"] = json.dumps([f"127.0.0.1:{port}" for port in wires.node_lines])
        names["strategies"] = "\n".join(
            STRATEGY.format(name=name, file=STRATEGIES, kind=kind, more=more)
            for name, (kind, more) in terms.strategies.items()
        )
        entry = OUCH.format(**names)
        if terms.protocol == "fix44":
            units = "".join(UNITS.format(symbol=symbol) for symbol in terms.instruments)
            entry = FIX.format(**names) + units
        names["entry"] = entry + (GUARDIAN if terms.is_guarded else "")
        self.exchange.write_text(EXCHANGE.format(**names))
        self.node.write_text(NODE.format(**names))
        lines = ",".join(f"'127.0.0.1:{port}'" for port in crowd_lines)
        self.crowd_line = f"feed.lines=[{lines}]"
        self.processes = Processes(folder)
        self.made = Node(load_live(self.node), folder)
        self.pulse = self.made.shared / "pulse"

    def start_exchange(self) -> None:
        self.processes.start("exchange", "exchange", str(self.exchange))
        self.processes.wait_said("exchange", "ready")

    def start_crowd(self) -> None:
        words = ["--seconds", "0", "--set", self.crowd_line]
        self.processes.start("crowd", "crowd", str(self.exchange), *words)

    def start_all(self) -> None:
        self.start_exchange()
        self.start_crowd()
        self.processes.start("node", "live", str(self.node))
        self.processes.wait_said("node", "ready")

    def close(self) -> None:
        self.processes.end_all()

    def engine(self) -> int:
        """Return the engine's process."""
        return _native.EnginePulse(self.pulse).process

    def adapter(self) -> int:
        """Return the process of the venue's adapter; 0 where there is none."""
        return int.from_bytes(self.made.adapter_inlet("HOME").read_bytes()[24:28], "little")

    def ask(self, verb: str, *words: str) -> dict[str, object] | None:
        """Return an operator's answer; None where nobody answers now."""
        done = onetape("live", verb, *words, "--folder", str(self.folder / "node"), "--json")
        return json.loads(done.stdout) if done.returncode == 0 else None

    def request(self, do: str, **words: object) -> dict[str, object]:
        with Control(self.folder / "node", what="live") as control:
            return control.request(do, **words)

    def cli(self, verb: str, *words: str) -> str:
        done = onetape("live", verb, *words, "--folder", str(self.folder / "node"))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait(self, is_so: Callable[[], bool], what: str) -> None:
        until = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < until, f"never {what}: {self.processes.said('node')}"
            time.sleep(0.02)
