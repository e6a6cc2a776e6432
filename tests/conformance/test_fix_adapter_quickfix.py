# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The adapter of FIX 4.4 logs on to QuickFIX, which checks each message against the dictionary."""

import asyncio
import contextlib
import importlib.util
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conformance.fix_peers import DICTIONARIES
from tests.models.processes import free_ports
from tests.models.venue_side import VENUE, EngineSide

from onetape.config import Secret
from onetape.events import Side, VenueLink
from onetape.live.adapters.fix import FixAdapter, FixConfig, FixPlace
from onetape.live.adapters.fix.ward import FixWard
from onetape.types import Instrument

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(120),
    pytest.mark.skipif(
        importlib.util.find_spec("quickfix") is None,
        reason="QuickFIX is not installed: python -m pip install --only-binary :all: quickfix-ssl",
    ),
]
ONE = Instrument(id=1, symbol="ONE", tick_e9=10_000_000, lot_e9=1_000_000_000)
SETTINGS = """[DEFAULT]
ConnectionType=acceptor
StartTime=00:00:00
EndTime=00:00:00
ResetOnLogon=N
FileStorePath={folder}/store
FileLogPath={folder}/log
SocketAcceptPort={port}
SocketReuseAddress=Y
UseDataDictionary=Y
DataDictionary={dictionaries}/FIX44.xml
[SESSION]
BeginString=FIX.4.4
SenderCompID=VENUE
TargetCompID=CLIENT
"""


class Venue:
    """A QuickFIX acceptor in a process of its own; killed, it may be started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_ports(1)[0]
        text = SETTINGS.format(folder=folder, port=self.port, dictionaries=DICTIONARIES)
        (folder / "settings.ini").write_text(text, "ascii")
        self.said = folder / "said.txt"
        self.start()

    def start(self) -> None:
        script = Path(__file__).with_name("quickfix_acceptor.py")
        with self.said.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, str(script), str(self.folder)], stdin=subprocess.PIPE, stdout=out
            )

    def do(self, command: str) -> None:
        self.process.stdin.write(f"{command}\n".encode())
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()

    def nothing_was_wrong(self) -> None:
        lines = self.said.read_text("latin-1").splitlines()
        wrong = [
            line
            for line in lines
            if line.startswith("out") and ("|35=3|" in line or "|35=j|" in line)
        ]
        assert not wrong, wrong


@pytest.fixture
def venue(tmp_path: Path) -> Iterator[Venue]:
    venue = Venue(tmp_path)
    yield venue
    venue.kill()


@contextlib.asynccontextmanager
async def adapter(venue: Venue, engine: EngineSide):
    config = FixConfig(
        address=f"127.0.0.1:{venue.port}", sender="CLIENT", target="VENUE", prefix="n1",
        state=str(venue.folder / "counts"), heartbeat_s=1, retry_first_s=0.05, retry_most_s=0.3,
    )  # fmt: skip
    task = asyncio.create_task(FixAdapter(VENUE, engine, config, [ONE]).run(engine))
    try:
        await engine.until(lambda: "ALL_TOLD" in engine.kinds(0) or task.done())
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def test_quickfix_takes_every_message(venue: Venue):
    async def main() -> None:
        engine = EngineSide()
        async with adapter(venue, engine):
            engine.order(1, 9_950, 300)
            await engine.until_said(1, "ACCEPTED")
            engine.replace(1, 2, 9_960, 400)
            await engine.until_said(2, "REPLACED")
            venue.do("fill n1-2 100")
            await engine.until_said(2, "FILLED")
            engine.cancel(2, 250)
            await engine.until_said(2, "CANCELED")
            assert (engine.last(2).qty_lots, engine.last(2).leaves_lots) == (150, 150)
            engine.query(2)
            await engine.until_said(2, "OPEN")
            engine.cancel(2)
            await engine.until(lambda: engine.ledger.orders[2].is_dead)
            engine.cancel(77)
            await engine.until_said(77, "CANCEL_REJECTED")
            engine.order(3, 9_900, 50, Side.SELL)
            await engine.until_said(3, "FILLED")
            assert engine.ledger.position == 50
            await asyncio.sleep(2.5)
            assert engine.is_up(VenueLink.ORDERS)

    asyncio.run(main())
    venue.nothing_was_wrong()


def test_a_killed_venue_resends_what_it_said_and_nothing_is_said_twice(venue: Venue):
    async def main() -> None:
        engine = EngineSide()
        async with adapter(venue, engine):
            engine.order(1, 9_950, 300)
            await engine.until_said(1, "ACCEPTED")
            await asyncio.to_thread(venue.kill)
            await engine.until(lambda: not engine.is_up(VenueLink.ORDERS))
            await asyncio.to_thread(venue.start)
            # Its store of messages is kept, its orders are not: it says that it never had this one.
            await engine.until(lambda: engine.kinds(0).count("ALL_TOLD") == 2)
            assert engine.kinds(1) == ["ACCEPTED", "GONE"]
            engine.order(2, 9_950, 300)
            await engine.until_said(2, "ACCEPTED")

    asyncio.run(main())
    venue.nothing_was_wrong()


def test_messages_that_were_lost_are_asked_for_again(venue: Venue):
    async def main() -> None:
        first = EngineSide()
        async with adapter(venue, first):
            first.order(1, 9_950, 300)
            await first.until_said(1, "ACCEPTED")
        # While the adapter is away the venue trades: its engine numbers the reports.
        venue.do("fill n1-1 100")
        venue.do("fill n1-1 200")
        second = EngineSide(first.journal)
        second.ledger = first.ledger
        async with adapter(venue, second):
            assert [k for k in second.kinds(1) if k == "FILLED"] == ["FILLED", "FILLED"]
            assert second.ledger.position == 300
            assert second.ledger.orders[1].is_dead

    asyncio.run(main())
    venue.nothing_was_wrong()


def test_all_orders_are_asked_for_at_once(venue: Venue):
    async def main() -> None:
        first = EngineSide()
        async with adapter(venue, first):
            for number in (1, 2, 3):
                first.order(number, 9_950, 300)
                await first.until_said(number, "ACCEPTED")
            first.cancel(2)
            await first.until_said(2, "CANCELED")
        # One that never left: of it alone the venue is asked by name.
        first.order(4, 9_950, 300)
        second = EngineSide(first.journal)
        second.ledger = first.ledger
        async with adapter(venue, second):
            assert (second.kinds(1), second.kinds(3)) == (["OPEN"], ["OPEN"])
            assert second.kinds(4) == ["NOT_FOUND"]
            assert second.kinds(2) == []

    asyncio.run(main())
    venue.nothing_was_wrong()
    lines = venue.said.read_text("latin-1").splitlines()
    asked = [line for line in lines if line.startswith("in") and "|35=H|" in line]
    assert [("|11=n1-4|" in line) for line in asked] == [True]


def test_a_guardian_cancels_all_by_a_session_of_its_own(venue: Venue):
    async def main() -> None:
        engine, confirmed = EngineSide(), []
        async with adapter(venue, engine):
            for number in (1, 2):
                engine.order(number, 9_950, 300)
                await engine.until_said(number, "ACCEPTED")
        # The venue has one session: the guardian takes the adapter's, which is away.
        place = FixPlace(
            f"127.0.0.1:{venue.port}", "CLIENT", "VENUE", "", Secret(""), 1,
            resets=True, connect_s=2.0,
        )  # fmt: skip
        ward = FixWard(VENUE, "VENUE", place)
        ward.is_due = True
        task = asyncio.create_task(ward.care(lambda: confirmed.append(1)))
        await engine.until(lambda: confirmed)
        assert not ward.is_due
        await asyncio.sleep(1.5)
        assert confirmed == [1], "the sweeps found nothing"
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    asyncio.run(main())
    venue.nothing_was_wrong()
