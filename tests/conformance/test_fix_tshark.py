# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Wireshark's dissector reads what the exchange says by FIX, and has nothing to complain of."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conformance.fix_peers import ExchangeProcess
from tests.conformance.tshark import MARKS, capture, dissected, tcp

from onetape.wire import fix

pytestmark = MARKS

CONFIG = """
[exchange]
journal = "{folder}/data"
phase = "continuous"
[gateway]
{gateway} = "127.0.0.1:{port}"
[market.instruments.ONE]
reference = "100.00"
[members.firms.ALFA]
[members.ports.ALFAFX]
firm = "ALFA"
password = "secret"
stp = "off"
protocol = "{gateway}"
"""
ORDER = b"11=%d|55=ONE|54=%d|38=100|40=2|44=99.50|59=%d|18=%s"


def clock_ns() -> int:
    """What a client's clock says."""
    return time.time_ns()  # noqa: TID251 - a real exchange compares it with its own


class Talk:
    """Our own initiator over a socket, and everything that was said, in order."""

    def __init__(self, version: str, port: int) -> None:
        self.said: list[tuple[bool, bytes]] = []
        self.reports: list[fix.Message] = []
        config = fix.SessionConfig(
            sender=b"ALFAFX", target=b"ONETAPE", version=version, initiator=True, heartbeat_s=5
        )
        self._session, self._decoder = fix.Session(config), fix.Decoder()
        self._socket = socket.create_connection(("127.0.0.1", port), 10)
        self._socket.settimeout(0.2)
        self._do(self._session.opened(clock_ns()))

    def _do(self, effects: tuple[fix.Effect, ...]) -> None:
        for effect in effects:
            if effect.kind == "send":
                message = effect.message
                if fix.decode(message).msg_type == b"A":
                    message = fix.with_login(message, b"ALFAFX", b"secret")
                self._socket.sendall(message)
                self.said.append((True, message))

    def send(self, msg_type: bytes, terms: bytes) -> None:
        """Send a message of the application, and take in what follows."""
        now = time.strftime("%Y%m%d-%H:%M:%S", time.gmtime()).encode()
        pairs = [field.split(b"=", 1) for field in terms.split(b"|") if not field.endswith(b"=")]
        fields = [(int(tag), value) for tag, value in pairs]
        self._do(self._session.send(clock_ns(), msg_type, [*fields, (60, now)]))
        self.hear()

    def hear(self) -> None:
        """Take in what comes, until nothing does."""
        while True:
            try:
                data = self._socket.recv(65_536)
            except TimeoutError:
                return
            if not data:
                return
            for message in self._decoder.feed(data):
                assert isinstance(message, bytes), message
                self.said.append((False, message))
                outcome = self._session.receive(clock_ns(), message)
                if outcome.kind == "application":
                    self.reports.append(fix.decode(message))
                self._do(outcome.effects)

    def leave(self) -> None:
        """Log out."""
        self._do(self._session.logout(clock_ns(), b"done"))
        self.hear()
        self._socket.close()


@pytest.fixture(params=[fix.FIX44, fix.FIX50SP2])
def talk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Talk, int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    gateway = "fix44" if request.param == fix.FIX44 else "fix50sp2"
    config = tmp_path / "exchange.toml"
    config.write_text(CONFIG.format(folder=tmp_path, gateway=gateway, port=port), "utf-8")
    exchange = ExchangeProcess(config)
    exchange.start()
    try:
        yield Talk(request.param, port), port
    finally:
        exchange.stop(signal.SIGINT)


def test_wireshark_reads_a_day_of_trading(talk, tmp_path):
    client, port = talk
    client.hear()
    client.send(b"D", ORDER % (1, 1, 0, b"") + b"|111=10")
    client.send(b"D", ORDER % (2, 2, 3, b""))
    client.send(b"D", ORDER % (3, 1, 0, b"6"))
    client.send(b"G", b"41=3|" + ORDER % (4, 1, 0, b""))
    client.send(b"F", b"41=4|11=5|55=ONE|54=1")
    client.send(b"F", b"41=4|11=6|55=ONE|54=1")
    client.send(b"D", b"11=7|55=ONE|54=1|38=100|40=P|18=M|211=-0.01")
    client.send(b"D", b"11=8|55=NONE|54=1|38=100|40=1")
    client.send(b"D", b"11=9|54=1|38=100|40=1")
    client.send(b"H", b"11=7|54=1|790=s")
    client.send(b"q", b"11=10|530=7")
    client.send(b"AF", b"584=1|585=7")
    client.leave()
    kinds = {(report.msg_type, report.find(150)) for report in client.reports}
    assert kinds == {
        *((b"8", kind) for kind in (b"0", b"4", b"5", b"8", b"D", b"F", b"I")),
        *((kind, None) for kind in (b"9", b"j", b"r")),
    }
    file = tmp_path / "talk.pcap"
    file.write_bytes(capture(tcp(client.said, port)))
    types = dissected(
        file, f"tcp.port=={port},fix", "fix.MsgType", "fix.checksum_good", "_ws.malformed"
    )
    assert [found[0] for found in types] == [
        fix.decode(message).msg_type.decode() for _, message in client.said
    ]
    assert {(status, malformed) for _, status, malformed in types} == {("1", "")}
    complaints = dissected(file, f"tcp.port=={port},fix", "_ws.expert.message", "fix.field.tag")
    assert [line for line in complaints if line[0]] == []


def test_wireshark_finds_a_wrong_checksum(tmp_path):
    good = fix.encode(b"0", [(49, b"A"), (56, b"B"), (34, b"1")])
    file = tmp_path / "wrong.pcap"
    file.write_bytes(capture(tcp([(True, good), (True, good.replace(b"34=1", b"34=2"))], 9_144)))
    found = dissected(file, "tcp.port==9144,fix", "fix.checksum_good")
    assert found == [["1"], ["0"]]
