# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape demo`: the exchange, a crowd and a live node on it, over the real wires."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from onetape.cli._render import is_terminal, show_pairs, show_table

if TYPE_CHECKING:
    from collections.abc import Iterator

app = typer.Typer()

EXAMPLES = Path("examples")
READY_SECONDS = 60.0
LEAVE_SECONDS = 30.0
REPORT_SECONDS = 10.0


@app.command()
def demo(
    exchange: Annotated[
        Path, typer.Option("--exchange", metavar="FILE.toml", help="The market and its crowd.")
    ] = EXAMPLES / "exchange.toml",
    node: Annotated[
        Path, typer.Option("--node", metavar="FILE.toml", help="The node that trades on it.")
    ] = EXAMPLES / "live.toml",
    seconds: Annotated[int, typer.Option("--seconds", min=5, help="How long to trade.")] = 60,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", metavar="DIR", help="For journals; else the next of runs/demo-…"),
    ] = None,
) -> None:
    """Start a market, a crowd and a live node on it; show it live; end with a summary."""
    from onetape.cli._signals import end_at_sigterm

    end_at_sigterm()
    place = folder or _next_folder(Path("runs"))
    place.mkdir(parents=True, exist_ok=True)
    places = _free_places()
    with ExitStack() as stack:
        market = [f"exchange.journal={place / 'exchange'}", *places.market()]
        served = _Part("exchange", ["exchange", str(exchange)], market, place)
        stack.callback(served.leave)
        served.wait_for("ready")
        crowd = _Part("crowd", ["crowd", str(exchange), "--seconds", "0"], market, place)
        stack.callback(crowd.leave)
        time.sleep(1.0)  # The crowd's first quotes give the strategy something to look at.
        settings = [f"live.folder={place / 'node'}", *places.venue()]
        trading = _Part("node", ["live", str(node)], settings, place)
        stack.callback(trading.leave)
        trading.wait_for("ready")
        _show(place / "exchange" / "journal", seconds, trading)
        _summary(place / "node")
        trading.leave()
        trading.check()
    show_pairs(
        {
            "exchange's journal": str(place / "exchange" / "journal"),
            "look into it": f"onetape journal cat {place / 'exchange' / 'journal'}",
            "after the trade": f"onetape clearing {place / 'exchange' / 'journal'} --out DIR",
            "what it cost": f"onetape tca {place / 'node' / 'journal'}",
        }
    )


class _Part:
    """One of the demo's processes; what it says goes into a file."""

    def __init__(self, name: str, words: list[str], settings: list[str], folder: Path) -> None:
        self.name = name
        self._path = folder / f"{name}.txt"
        self._output: IO[str] = self._path.open("w", encoding="utf-8")
        flags = [word for setting in settings for word in ("--set", setting)]
        self._process = subprocess.Popen(  # noqa: S603 - our own command, and what the user named
            [sys.executable, "-m", "onetape", *words, *flags],
            stdout=self._output,
            stderr=subprocess.STDOUT,
        )

    def text(self) -> str:
        """Return what it has said."""
        return self._path.read_text("utf-8")

    def ended(self) -> bool:
        return self._process.poll() is not None

    def wait_for(self, word: str) -> None:
        """Wait until it has said a word.

        Raises:
            VenueError: If it ends before, or takes too long.
        """
        until = time.monotonic() + READY_SECONDS
        while word not in self.text():
            if self.ended() or time.monotonic() > until:
                self._failed()
            time.sleep(0.05)

    def check(self) -> None:
        """See how it ended.

        Raises:
            VenueError: If it failed.
        """
        if self._process.returncode:
            self._failed()

    def leave(self) -> None:
        """Have it leave in good order."""
        if not self.ended():
            self._process.send_signal(signal.SIGTERM)  # SIGINT may be ignored.
            try:
                self._process.wait(LEAVE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._output.close()

    def _failed(self) -> None:
        from onetape.errors import VenueError

        raise VenueError(
            f"the {self.name} of the demo failed:\n{self.text().strip()}",
            code="DEM-001",
            hint=f"what it said stands in {self._path}",
        )


class _Places:
    """Loopback addresses that are free now, as settings of each part."""

    def __init__(self, tcp: Iterator[int], udp: Iterator[int]) -> None:
        names = ("ouch50", "ouch42", "fix44", "fix50sp2")
        self._gateway = {name: f"127.0.0.1:{next(tcp)}" for name in names}
        self._glimpse = f"127.0.0.1:{next(tcp)}"
        self._lines = [f"239.255.42.{line}:{next(udp)}" for line in (1, 2)]
        self._rerequest = f"127.0.0.1:{next(udp)}"

    def market(self) -> list[str]:
        """Return the exchange's and the crowd's settings."""
        return [
            *(f"gateway.{name}={address}" for name, address in self._gateway.items()),
            f"feed.glimpse={self._glimpse}",
            f"feed.rerequest={self._rerequest}",
            f"feed.lines={json.dumps(self._lines)}",
        ]

    def venue(self) -> list[str]:
        """Return the node's settings."""
        return [
            f"live.venues.HOME.order_entry={self._gateway['ouch50']}",
            f"live.venues.HOME.rerequest={self._rerequest}",
            f"live.venues.HOME.glimpse={self._glimpse}",
            f"live.venues.HOME.lines={json.dumps(self._lines)}",
        ]


def _free_places() -> _Places:
    with ExitStack() as stack:

        def free(kind: int) -> Iterator[int]:
            while True:
                held = stack.enter_context(socket.socket(socket.AF_INET, kind))
                held.bind(("127.0.0.1", 0))
                yield held.getsockname()[1]

        return _Places(free(socket.SOCK_STREAM), free(socket.SOCK_DGRAM))


def _next_folder(parent: Path) -> Path:
    numbers = (parent / f"demo-{number:04}" for number in range(1, 10_000))
    return next(path for path in numbers if not path.exists())


def _show(journal: Path, seconds: int, trading: _Part) -> None:
    """Show the market live on a terminal, else say now and then how far it is.

    Raises:
        VenueError: If the node ends by itself.
    """
    if is_terminal():
        from onetape.monitor import Terminal, Wanted

        Terminal(journal, Wanted(ports=("BETA2",), title="onetape demo")).run(seconds=seconds)
        return
    began = time.monotonic()
    while (left := seconds - (time.monotonic() - began)) > 0:
        if trading.ended():
            trading.check()
            return
        time.sleep(min(REPORT_SECONDS, left))
        print(f"trading, {time.monotonic() - began:.0f} of {seconds} s", flush=True)


def _summary(folder: Path) -> None:
    """Show what the node says in the end, of itself and of what it holds."""
    from onetape.exchange.control import Control

    with Control(folder, what="live") as control:
        status = control.request("status")
        positions = control.request("positions")["positions"]
    counts = {"entries": status["seq"], **status["counters"]}
    show_pairs({name: count for name, count in counts.items() if count})
    show_table(
        ["symbol", "position (lots)", "profit (tick-lots)", "fills"],
        [[p["symbol"], p["position_lots"], p["profit_ticklots"], p["fills"]] for p in positions],
    )
