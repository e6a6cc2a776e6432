# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Nasdaq's own SoupBinTCP client trades here, with OUCH written from the specifications' tables.

Neither side of the wire but the exchange is ours: the session is `nasdaq-protocols` (PyPI), the
messages are built and read by `layouts.json` alone.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.models import ouch_writer

from onetape.config import load
from onetape.exchange.config import SECTIONS
from onetape.exchange.server import Exchange

soup = pytest.importorskip("nasdaq_protocols.soup", reason="nasdaq-protocols is not installed")

TEXT = """
[exchange]
journal = "{folder}"
[gateway]
ouch50 = "127.0.0.1:0"
ouch42 = "127.0.0.1:0"
[market.instruments.TAPE]
[members.firms.ALFA]
[members.firms.BETA]
[members.ports.ALFA50]
firm = "ALFA"
password = "alfa"
cancel_on_disconnect = false
[members.ports.BETA42]
firm = "BETA"
password = "beta"
protocol = "ouch42"
cancel_on_disconnect = false
"""
FIRST_SYSTEM_EVENT = "S"


@contextmanager
def running(folder: Path) -> Iterator[Callable[[str], int]]:
    """Run an exchange until it trades; gives the port of a protocol."""
    path = folder / "exchange.toml"
    path.write_text(TEXT.format(folder=folder / "data"), "utf-8")
    with Exchange(load(path, SECTIONS)) as exchange:
        ready = threading.Event()
        engine = threading.Thread(target=lambda: exchange.run(on_ready=ready.set))
        engine.start()
        try:
            assert ready.wait(30)
            places = exchange.addresses()
            yield lambda name: int(places[name].rpartition(":")[2])
        finally:
            exchange.stop()
            engine.join()


class Client:
    """One client: Nasdaq's session, and the tables of one version of OUCH."""

    def __init__(self, tables: dict[str, Any], session: Any) -> None:
        self._tables = tables
        self._session = session

    def send(self, code: str, *values: int | str, appended: bool = False) -> None:
        message = ouch_writer.fixed(self._tables["in"][code], code, list(values))
        if appended:
            message += ouch_writer.appendage([])
        self._session.send_unseq_data(message)

    async def hear(self, code: str) -> dict[str, Any]:
        """The next message, which must be of this type; the day's first event is passed over."""
        while True:
            packet = await asyncio.wait_for(self._session.receive_msg(), 10)
            if not isinstance(packet, soup.SequencedData):
                continue
            data = packet.data
            found = chr(data[0])
            if found == FIRST_SYSTEM_EVENT and code != FIRST_SYSTEM_EVENT:
                continue
            assert found == code, (code, data)
            return self._read(code, data)

    def _read(self, code: str, data: bytes) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in self._tables["out"][code]["fields"]:
            part = data[field["offset"] : field["offset"] + field["len"]]
            is_text = field["type"] in {"alpha", "char"}
            name = field["name"]
            values[name] = part.decode().rstrip() if is_text else int.from_bytes(part, "big")
        return values

    async def leave(self) -> None:
        await self._session.close()


async def connect(
    tables: dict[str, Any], port: int, user: str, password: str, sequence: int = 1
) -> Client:
    session = await soup.connect_async(
        ("127.0.0.1", port), user, password, "", sequence, client_heartbeat_interval=1
    )
    return Client(tables, session)


def test_nasdaqs_client_trades_by_both_versions_and_resumes(tmp_path: Path, shared: Path):
    new, old = ouch_writer.layouts(shared, "ouch50"), ouch_writer.layouts(shared, "ouch42")

    async def story(port_of: Callable[[str], int]) -> None:
        alfa = await connect(new, port_of("ouch50"), "ALFA50", "alfa")
        beta = await connect(old, port_of("ouch42"), "BETA42", "beta")
        enter = (1, "B", 100, "TAPE", 250_000, "0", "Y", "P", "N", "N", "mine")
        alfa.send("O", *enter, appended=True)
        accepted = await alfa.hear("A")
        assert accepted["UserRefNum"] == 1
        assert (accepted["Symbol"], accepted["Quantity"]) == ("TAPE", 100)
        beta.send(
            "O", "T1", "S", 60, "TAPE", 250_000, 99_998, "", "Y", "P", "N", 0, "N", "N"
        )  # fmt: skip
        assert (await beta.hear("A"))["Order Token"] == "T1"
        sold = await beta.hear("E")
        assert (sold["Executed Shares"], sold["Execution Price"]) == (60, 250_000)
        bought = await alfa.hear("E")
        assert (bought["Quantity"], bought["Price"]) == (60, 250_000)
        assert bought["Match Number"] == sold["Match Number"]
        beta.send("O", "T2", "S", 10, "TAPE", 260_000, 99_998, "", "Y", "P", "N", 0, "N", "N")
        assert (await beta.hear("A"))["Shares"] == 10
        beta.send("U", "T2", "T3", 30, 255_000, 99_998, "Y", "N", 0)
        replaced = await beta.hear("U")
        assert (replaced["Replacement Order Token"], replaced["Shares"]) == ("T3", 30)
        beta.send("X", "T3", 0)
        assert (await beta.hear("C"))["Decrement Shares"] == 30
        await beta.leave()
        await alfa.leave()
        # The day again from its second message: the first was the system event.
        again = await connect(new, port_of("ouch50"), "ALFA50", "alfa", 2)
        assert (await again.hear("A"))["Order Reference Number"] == (
            accepted["Order Reference Number"]
        )
        assert (await again.hear("E"))["Match Number"] == bought["Match Number"]
        again.send("O", *enter, appended=True)  # Sent again: ignored.
        again.send("X", 1, 0)
        assert (await again.hear("C"))["Quantity"] == 40
        await again.leave()

    with running(tmp_path) as port_of:
        asyncio.run(story(port_of))


def test_nasdaqs_client_is_refused_with_a_wrong_password(tmp_path: Path, shared: Path):
    tables = ouch_writer.layouts(shared, "ouch50")
    with running(tmp_path) as port_of, pytest.raises(ConnectionRefusedError):
        asyncio.run(connect(tables, port_of("ouch50"), "ALFA50", "wrong"))
