# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Wireshark reads what the exchange says on OUCH 4.2 over SoupBinTCP, and on MoldUDP64."""

import socket
import struct
import threading
from pathlib import Path

from tests.conformance.tshark import MARKS, capture, dissected, tcp, udp
from tests.models import ouch_writer

from onetape.config import load
from onetape.exchange.config import SECTIONS
from onetape.exchange.server import Exchange

pytestmark = MARKS

TEXT = """
[exchange]
journal = "{folder}"
[gateway]
ouch42 = "127.0.0.1:0"
[feed]
lines = ["127.0.0.1:{line}"]
[market.instruments.TAPE]
[members.firms.ALFA]
[members.ports.ALFA42]
firm = "ALFA"
password = "alfa"
protocol = "ouch42"
stp = "off"
"""


class Talk:
    """A client that keeps every packet, and the messages it heard, by type."""

    def __init__(self, port: int) -> None:
        self.said: list[tuple[bool, bytes]] = []
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._rest = b""

    def send(self, kind: bytes, payload: bytes) -> None:
        packet = struct.pack(">H", 1 + len(payload)) + kind + payload
        self.said.append((True, packet))
        self._socket.sendall(packet)

    def hear(self, code: bytes) -> None:
        """Read until a message of this type."""
        while True:
            while len(self._rest) < 2 or len(self._rest) < 2 + self._length():
                self._rest += self._socket.recv(4_096)
            packet, self._rest = self._rest[: 2 + self._length()], self._rest[2 + self._length() :]
            self.said.append((False, packet))
            if packet[2:3] == b"S" and packet[3:4] == code:
                return

    def leave(self) -> None:
        self._socket.close()

    def _length(self) -> int:
        return int.from_bytes(self._rest[:2], "big")


def heard_on(line: socket.socket) -> list[bytes]:
    """Return the datagrams of a line, up to a heartbeat."""
    datagrams = [line.recv(2_048)]
    while datagrams[-1][18:20] != b"\0\0" or len(datagrams) < 2:
        datagrams.append(line.recv(2_048))
    return datagrams


def test_wireshark_reads_our_ouch_and_our_market_data(tmp_path: Path, shared: Path):
    tables = ouch_writer.layouts(shared, "ouch42")["in"]
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))
    line.settimeout(5)
    path = tmp_path / "exchange.toml"
    path.write_text(TEXT.format(folder=tmp_path / "data", line=line.getsockname()[1]), "utf-8")
    with Exchange(load(path, SECTIONS)) as exchange:
        ready = threading.Event()
        engine = threading.Thread(target=lambda: exchange.run(on_ready=ready.set))
        engine.start()
        try:
            assert ready.wait(30)
            port = int(exchange.addresses()["ouch42"].rpartition(":")[2])
            talk = Talk(port)
            talk.send(b"L", f"{'ALFA42':6}{'alfa':10}{'':10}{1:>20}".encode())

            def ask(code: str, *values: int | str) -> None:
                talk.send(b"U", ouch_writer.fixed(tables[code], code, list(values)))

            rest = (99_998, "", "Y", "P", "N", 0, "N", "N")
            ask("O", "T1", "B", 100, "TAPE", 250_000, *rest)
            ask("O", "T2", "S", 60, "TAPE", 250_000, *rest)
            ask("O", "T3", "S", 10, "TAPE", 260_000, *rest)
            ask("U", "T3", "T4", 30, 255_000, 99_998, "Y", "N", 0)
            ask("X", "T4", 0)
            ask("O", "T5", "S", 10, "NONE", 260_000, *rest)
            talk.hear(b"J")
            datagrams = heard_on(line)
            talk.leave()
        finally:
            exchange.stop()
            engine.join()
            line.close()
    reads_ouch(tmp_path / "ouch.pcap", talk.said, port)
    reads_mold(tmp_path / "mold.pcap", datagrams)


def reads_ouch(file: Path, said: list[tuple[bool, bytes]], port: int) -> None:
    """See that tshark reads each packet as what it is, and complains of none."""
    file.write_bytes(capture(tcp(said, port)))
    fields = ("soupbintcp.packet_type", "ouch.packet_type", "_ws.malformed", "_ws.expert.message")
    seen = dissected(file, f"tcp.port=={port},soupbintcp", *fields)
    assert [packet.strip("'") for packet, *_ in seen] == [chr(data[2]) for _, data in said]
    ouch = [chr(data[3]) if chr(data[2]) in "SU" else "" for _, data in said]
    assert [message.strip("'") for _, message, *_ in seen] == ouch
    assert {(malformed, complaint) for *_, malformed, complaint in seen} == {("", "")}


def reads_mold(file: Path, datagrams: list[bytes]) -> None:
    """See that tshark reads each packet's number, and complains of none."""
    file.write_bytes(capture(udp(datagrams, 9_999)))
    fields = ("moldudp64.sequence", "_ws.malformed", "_ws.expert.message")
    packets = dissected(file, "udp.port==9999,moldudp64", *fields)
    numbers = [int.from_bytes(data[10:18], "big") for data in datagrams]
    assert [int(number) for number, *_ in packets] == numbers
    assert {(malformed, complaint) for *_, malformed, complaint in packets} == {("", "")}
