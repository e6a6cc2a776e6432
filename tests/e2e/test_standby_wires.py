# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A primary that is killed, as its clients see it on every wire: the numbers of MoldUDP64, FIX and
SoupBinTCP go on at the standby, nothing is missing, and nothing is said in two ways.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.test_standby import NODES, Book, Cluster, connected, trade
from tests.models.processes import free_ports

from onetape.sim.crowd import Listener
from onetape.wire import fix, mold

pytestmark = pytest.mark.slow

FAILOVERS = int(os.environ.get("ONETAPE_WIRE_FAILOVERS", "2"))
ORDERS = 60
FEED = """
[feed]
lines = ["127.0.0.1:{line}"]
rerequest = "127.0.0.1:{rerequest}"
[members.firms.BETA]
[members.ports.BETAFX]
firm = "BETA"
password = "beta"
protocol = "fix44"
"""


class Line:
    """A listener on a line: every message by its number.

    A primary that took over says the last messages again, for it cannot know which have left: the
    same number must say the same, and none may be left out.
    """

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.1)
        self.port = self.socket.getsockname()[1]
        self.heard: dict[int, bytes] = {}
        self.wrong: list[str] = []
        self.sessions: set[str] = set()
        self.next = 1
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                packet = mold.decode(self.socket.recv(65_536))
                self.sessions.add(packet.session)
                if packet.sequence > self.next:
                    self.wrong.append(f"{packet.sequence} came, and {self.next} was next")
                for number, message in enumerate(packet.messages, packet.sequence):
                    if self.heard.setdefault(number, message) != message:
                        self.wrong.append(f"message {number} is said in two ways")
                self.next = max(self.next, packet.sequence + len(packet.messages))

    def stop(self) -> None:
        self._over.set()
        self._thread.join()
        self.socket.close()


class Wired(Cluster):
    """A cluster with a line of market data and a FIX port, too."""

    def __init__(self, root: Path) -> None:
        self.line = Line()
        ports = free_ports(4)
        self.fix, self.rerequest = ports[:2], ports[2:]
        super().__init__(root)

    def config(self, node: int) -> str:
        path = Path(super().config(node))
        gateway = f'[gateway]\nfix44 = "127.0.0.1:{self.fix[node]}"\n'
        text = path.read_text("utf-8").replace("[gateway]\n", gateway)
        feed = FEED.format(line=self.line.port, rerequest=self.rerequest[node])
        path.write_text(text + feed, "utf-8")
        return str(path)

    def whole_day(self, node: int, session: str) -> dict[int, bytes]:
        """All messages, asked again of a node."""
        told: dict[int, bytes] = {}
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.settimeout(0.5)
            sock.connect(("127.0.0.1", self.rerequest[node]))
            with contextlib.suppress(TimeoutError):
                while True:
                    request = mold.Request(session, len(told) + 1, 1_000)
                    sock.send(mold.encode_request(request))
                    packet = mold.decode(sock.recv(65_536))
                    told.update(enumerate(packet.messages, packet.sequence))
        return told

    def end_all(self) -> None:
        super().end_all()
        self.line.stop()


@pytest.fixture
def wired(tmp_path: Path) -> Iterator[Wired]:
    made = Wired(tmp_path)
    try:
        made.wait_said("witness", "listens")
        yield made
    finally:
        made.end_all()


def clock_ns() -> int:
    """What a client's clock says."""
    return time.time_ns()  # noqa: TID251 - a real exchange compares it with its own


class FixClient:
    """A FIX client whose session outlives its connections, and what it was told, by number."""

    def __init__(self) -> None:
        config = fix.SessionConfig(sender=b"BETAFX", target=b"ONETAPE", initiator=True)
        self.session = fix.Session(config)
        self.said: list[bytes] = []
        self.told: dict[int, tuple[bytes | None, ...]] = {}
        self.again = 0
        self.asked_for = 0

    def connect(self, port: int) -> None:
        """Connect as soon as somebody listens, and log on with the number that is next."""
        until = time.monotonic() + 30
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port), 5)
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.005)
        self.socket.settimeout(0.1)
        self.decoder = fix.Decoder()
        self._do(self.session.opened(clock_ns()))
        while self.session.state != "active":
            assert time.monotonic() < until
            self.hear()

    def lose(self) -> None:
        """The connection is gone."""
        self.socket.close()
        self.session.closed()

    def _write(self, message: bytes) -> None:
        with contextlib.suppress(OSError):  # The other side may be dead: it asks for it later.
            self.socket.sendall(message)

    def _do(self, effects: tuple[fix.Effect, ...]) -> None:
        for effect in effects:
            assert effect.kind in ("send", "resend"), self.told
            if effect.kind == "resend":
                self.asked_for += 1
                for message in fix.resend(clock_ns(), self.said[effect.first - 1 : effect.last]):
                    self._write(message)
                continue
            self.said.append(effect.message)
            is_logon = fix.decode(effect.message).msg_type == b"A"
            login = (b"BETAFX", b"beta")
            self._write(fix.with_login(effect.message, *login) if is_logon else effect.message)

    def order(self, number: int) -> None:
        """A sell order at the buyers' price, or above it."""
        price = 100 + number % 3 / 100
        now = time.strftime("%Y%m%d-%H:%M:%S", time.gmtime())
        terms = f"11=F{number}|55=ONE|54=2|38=70|40=2|44={price:.2f}|60={now}"
        pairs = (field.split("=", 1) for field in terms.split("|"))
        fields = [(int(tag), value.encode()) for tag, value in pairs]
        self._do(self.session.send(clock_ns(), b"D", fields))

    def hear(self) -> None:
        """Take in what comes, until nothing does or the connection ends."""
        while True:
            try:
                data = self.socket.recv(65_536)
            except OSError:
                return
            if not data:
                return
            for message in self.decoder.feed(data):
                assert isinstance(message, bytes), message
                self._note(fix.decode(message))
                self._do(self.session.receive(clock_ns(), message).effects)

    def _note(self, message: fix.Message) -> None:
        number = int(message.find(34) or b"0")
        if message.msg_type == b"4":  # The session's own words are not said again.
            for skipped in range(number, int(message.find(36) or b"0")):
                self.told.setdefault(skipped, (b"session",))
            return
        is_again = message.find(43) == b"Y"
        self.again += is_again
        is_report = message.msg_type == b"8"
        what = tuple(map(message.find, (11, 17, 150, 39, 151))) if is_report else (b"session",)
        assert is_again or number not in self.told, f"message {number} came twice"
        assert self.told.setdefault(number, what) == what, f"message {number} is another"

    def accepted(self) -> list[bytes | None]:
        """Orders that were accepted, in order."""
        return [what[0] for what in self.told.values() if len(what) > 1 and what[2] == b"0"]


async def kill_again_and_again(wired: Wired, dice: random.Random) -> int:
    """Trade by OUCH and FIX, kill the primary in the midst of it; return who is primary then."""
    book, fixed, active, last = Book(), FixClient(), 0, 0
    client = await connected(wired, active, 1)
    fixed.connect(wired.fix[active])
    for _ in range(FAILOVERS):
        numbers = range(last + 1, last + ORDERS + 1)
        last = numbers[-1]
        for number in numbers:
            fixed.order(number)
        await trade(client, book, numbers, len(book.accepted) + dice.randrange(1, ORDERS))
        wired.kill(active)
        fixed.hear()
        fixed.lose()
        await client.close()
        active = 1 - active
        client = await connected(wired, active, len(book.seen) + 1)
        fixed.connect(wired.fix[active])
        await trade(client, book, range(1, last + 2), last + 1)
        last += 1
        fixed.order(last)
        until = time.monotonic() + 20
        while len(fixed.accepted()) < last:
            assert time.monotonic() < until, fixed.accepted()
            fixed.hear()
        await asyncio.to_thread(wired.standby, 1 - active)
    await client.close()
    fixed.hear()
    assert sorted(fixed.told) == list(range(1, fixed.session.next_in))
    assert fixed.accepted() == [b"F%d" % number for number in range(1, last + 1)]
    assert sorted(book.accepted) == list(range(1, last + 1))
    traded = [what for what in fixed.told.values() if len(what) > 1 and what[2] == b"F"]
    assert traded, "nobody traded with the FIX client"
    fixed.lose()
    return active


@pytest.mark.timeout(60 + 20 * FAILOVERS)
def test_on_every_wire_the_numbers_go_on(wired: Wired) -> None:
    wired.primary(0)
    wired.standby(1)
    seed = int(os.environ.get("ONETAPE_SEED", "1"))
    active = asyncio.run(kill_again_and_again(wired, random.Random(seed)))
    time.sleep(0.3)
    line = wired.line
    (session,) = line.sessions
    told = wired.whole_day(active, session)
    assert sorted(told) == list(range(1, len(told) + 1))
    assert len(told) > ORDERS * FAILOVERS * 2
    assert line.wrong == []
    assert line.heard == told, f"the line and {NODES[active]} differ"
    listener = Listener()
    for number, message in told.items():
        listener.take(mold.encode(mold.Packet(session, number, (message,))), 0)
    assert listener.messages == len(told)
    assert {message[:1] for message in told.values()} >= {b"S", b"R", b"A", b"E"}
