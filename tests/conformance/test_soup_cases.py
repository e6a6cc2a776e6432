# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Numbered cases of SoupBinTCP."""

import pytest
from tests.conformance.numbered import Cases, refused

from onetape.wire import soup

CASES = Cases()
SECOND_NS = 1_000_000_000


LOGIN = soup.LoginRequest("FMUSER", "secret")


@CASES.case("SOUP-01")
def _() -> None:
    """Packets without payload are three bytes: heartbeats, end of session, logout."""
    for packet, text in (
        (soup.ServerHeartbeat(), "000148"),
        (soup.ClientHeartbeat(), "000152"),
        (soup.EndOfSession(), "00015a"),
        (soup.LogoutRequest(), "00014f"),
    ):
        assert soup.encode(packet).hex() == text
        assert soup.Decoder().feed(bytes.fromhex(text)) == [packet]


@CASES.case("SOUP-02")
def _() -> None:
    """A login reject gives one character of reason."""
    assert soup.encode(soup.LoginRejected("A")).hex() == "00024a41"


@CASES.case("SOUP-03")
def _() -> None:
    """A login request is 49 bytes: names padded on the right, session and number on the left."""
    data = soup.encode(LOGIN)
    assert data == b"\x00\x2fLFMUSERsecret    " + b" " * 10 + b" " * 19 + b"1"
    assert soup.Decoder().feed(data) == [LOGIN]


@CASES.case("SOUP-04")
def _() -> None:
    """From 4.10 a login request may end with a timeout in five digits: 54 bytes."""
    login = soup.LoginRequest("FMUSER", "secret", "S1", 7, 2_500)
    data = soup.encode(login)
    assert (len(data), data[-5:], data[19:29]) == (54, b" 2500", b"        S1")
    assert soup.Decoder().feed(data) == [login]


@CASES.case("SOUP-05")
def _() -> None:
    """Session and number are read justified to either side, and with zero bytes."""
    for session, number in (
        (b"S1        ", b"7                   "),
        (b"        S1", b"                   7"),
        (b"S1\0\0\0\0\0\0\0\0", b"00000000000000000007"),
    ):
        packets = soup.Decoder().feed(b"\x00\x1fA" + session + number)
        assert packets == [soup.LoginAccepted("S1", 7)]


@CASES.case("SOUP-06")
def _() -> None:
    """A number that is none, or does not fit 64 bits, is refused at its field."""
    for number in (b"seven".rjust(20), b"9" * 20, b"-1".rjust(20), b"1 2".rjust(20)):
        data = b"\x00\x1fA" + b"S1".rjust(10) + number
        assert refused(lambda data=data: soup.Decoder().feed(data), "WIR-022").offset == 13


@CASES.case("SOUP-07")
def _() -> None:
    """A length of zero is refused: it has no type."""
    error = refused(lambda: soup.Decoder().feed(b"\x00\x01H\x00\x00"), "WIR-020")
    assert error.offset == 3
    assert [kind for _, kind, _ in error.seen] == ["H"]


@CASES.case("SOUP-08")
def _() -> None:
    """A control packet of another length than its own is refused."""
    for data in (b"\x00\x02HH", b"\x00\x01J", b"\x00\x02AA", b"\x00\x31L" + bytes(48)):
        refused(lambda data=data: soup.Decoder().feed(data), "WIR-021")


@CASES.case("SOUP-09")
def _() -> None:
    """TCP may split and join packets anywhere."""
    stream = soup.encode(LOGIN) + soup.encode(soup.Unsequenced(b"order"))
    decoder = soup.Decoder()
    packets = [packet for byte in stream for packet in decoder.feed(bytes([byte]))]
    assert packets == [LOGIN, soup.Unsequenced(b"order")]


def open_session(version: str = "3.00", sequence: int = 5) -> tuple[soup.Client, soup.Server]:
    """Both ends, logged in at time 0."""
    client, server = soup.Client(LOGIN, version=version, now_ns=0), soup.Server(now_ns=0)
    if version != "3.00":
        server = soup.Server(version=version, now_ns=0)
    events = server.receive(0, client.login(0))
    assert [event.kind for event in events] == ["login"]
    events = client.receive(0, server.accept(0, "S1", sequence))
    assert events == [soup.Event("accepted", soup.LoginAccepted("S1", sequence))]
    assert (client.state, server.state, client.session) == ("active", "active", "S1")
    return client, server


@CASES.case("SOUP-10")
def _() -> None:
    """Sequenced packets carry no number: both ends count from the login's answer."""
    client, server = open_session()
    stream = (
        server.send_sequenced(1, b"a") + server.poll(SECOND_NS) + server.send_sequenced(2, b"b")
    )
    assert client.receive(2, stream) == [
        soup.Event("sequenced", soup.Sequenced(b"a"), 5),
        soup.Event("sequenced", soup.Sequenced(b"b"), 6),
    ]
    assert (client.next_sequence, server.position) == (7, 7)


@CASES.case("SOUP-11")
def _() -> None:
    """A client's messages have no number and come as they are."""
    client, server = open_session()
    events = server.receive(1, client.send_unsequenced(1, b"order"))
    assert events == [soup.Event("unsequenced", soup.Unsequenced(b"order"))]
    assert server.position == 5


@CASES.case("SOUP-12")
def _() -> None:
    """Each end sends a heartbeat after a second in which it sent nothing."""
    client, server = open_session()
    assert client.poll(SECOND_NS - 1) == server.poll(SECOND_NS - 1) == b""
    assert client.deadline_ns == SECOND_NS
    assert (client.poll(SECOND_NS), server.poll(SECOND_NS)) == (b"\0\x01R", b"\0\x01H")
    assert client.poll(SECOND_NS + 1) == b""


@CASES.case("SOUP-13")
def _() -> None:
    """A peer that is silent for 15 s is given up, by either end."""
    for end in open_session():
        end.poll(14 * SECOND_NS)
        refused(lambda end=end: end.poll(15 * SECOND_NS), "WIR-031")
        assert end.state == "closed"


@CASES.case("SOUP-14")
def _() -> None:
    """In 4.10 the client says how long the server waits for it."""
    login = soup.LoginRequest("u", "p", timeout_ms=2_500)
    client = soup.Client(login, version="4.10", now_ns=0)
    server = soup.Server(version="4.10", now_ns=0)
    server.receive(0, client.login(0))
    server.accept(0, "S1", 1)
    server.poll(2_499_999_999)
    refused(lambda: server.poll(2_500_000_000), "WIR-031")


@CASES.case("SOUP-15")
def _() -> None:
    """A client that does not log in within 30 s is given up."""
    server = soup.Server(now_ns=0)
    assert server.poll(30 * SECOND_NS - 1) == b""
    refused(lambda: server.poll(30 * SECOND_NS), "WIR-031")


@CASES.case("SOUP-16")
def _() -> None:
    """A login that is refused closes the session at both ends."""
    client, server = soup.Client(LOGIN, now_ns=0), soup.Server(now_ns=0)
    server.receive(0, client.login(0))
    events = client.receive(0, server.reject(0, "A"))
    assert events == [soup.Event("rejected", soup.LoginRejected("A"))]
    assert (client.state, server.state) == ("closed", "closed")


@CASES.case("SOUP-17")
def _() -> None:
    """The end of a session is final: what comes after it is not looked at."""
    client, server = open_session()
    stream = server.send_sequenced(1, b"last") + server.end_session(1)
    kinds = [event.kind for event in client.receive(1, stream + soup.encode(soup.Sequenced(b"x")))]
    assert kinds == ["sequenced", "ended"]
    refused(lambda: server.send_sequenced(2, b"more"), "WIR-032")
    refused(lambda: client.send_unsequenced(2, b"more"), "WIR-032")


@CASES.case("SOUP-18")
def _() -> None:
    """A logout closes both ends."""
    client, server = open_session()
    assert [event.kind for event in server.receive(1, client.logout(1))] == ["logout"]
    assert (client.state, server.state) == ("closed", "closed")


@CASES.case("SOUP-19")
def _() -> None:
    """Nothing but a login may come first."""
    for packet in (soup.ClientHeartbeat(), soup.Unsequenced(b"x"), soup.LogoutRequest()):
        server = soup.Server(now_ns=0)
        refused(lambda server=server, p=packet: server.receive(0, soup.encode(p)), "WIR-030")
        assert server.state == "closed"


@CASES.case("SOUP-20")
def _() -> None:
    """A server sends unsequenced data from 4.00; in 3.00 a client refuses it."""
    client, server = open_session("4.00")
    events = client.receive(1, server.send_unsequenced(1, b"x"))
    assert events == [soup.Event("unsequenced", soup.Unsequenced(b"x"))]
    client, server = open_session()
    refused(lambda: server.send_unsequenced(1, b"x"), "WIR-032")
    refused(lambda: client.receive(1, soup.encode(soup.Unsequenced(b"x"))), "WIR-030")


@CASES.case("SOUP-21")
def _() -> None:
    """A replay starts at the number asked for; 0 is the most recent, beyond the end the next."""
    for asked, start in ((1, 1), (9, 9), (0, 9), (10, 10), (99, 10)):
        server = soup.Server(now_ns=0)
        login = soup.LoginRequest("u", "p", "S1", asked)
        server.receive(0, soup.encode(login))
        assert server.start_of_replay("S1", 10) == ("", start)
        assert server.start_of_replay("S2", 10) == ("S", 0)


@CASES.case("SOUP-22")
def _() -> None:
    """After a break the client goes on where it stopped: nothing is lost, nothing comes twice."""
    sent = [b"%d" % number for number in range(1, 11)]
    client, server = open_session(sequence=1)
    stream = b"".join(server.send_sequenced(1, message) for message in sent)
    got = [event.packet for event in client.receive(1, stream[:25])]
    login = soup.LoginRequest("FMUSER", "secret", client.session, client.next_sequence)
    client, server = soup.Client(login, now_ns=2), soup.Server(now_ns=2)
    server.receive(2, client.login(2))
    _, start = server.start_of_replay("S1", len(sent) + 1)
    stream = server.accept(2, "S1", start)
    stream += b"".join(server.send_sequenced(2, message) for message in sent[start - 1 :])
    got += [event.packet for event in client.receive(2, stream) if event.kind == "sequenced"]
    assert [packet.message for packet in got if isinstance(packet, soup.Sequenced)] == sent


@CASES.case("SOUP-23")
def _() -> None:
    """A server reads no further than a login until it is answered."""
    server = soup.Server(now_ns=0)
    stream = soup.encode(LOGIN) + soup.encode(soup.Unsequenced(b"early"))
    assert [event.kind for event in server.receive(0, stream)] == ["login"]
    server.accept(0, "S1", 1)
    assert [event.kind for event in server.receive(0, b"")] == ["unsequenced"]


@CASES.case("SOUP-24")
def _() -> None:
    """Free text and packets of unknown type change nothing."""
    client, _ = open_session()
    stream = soup.encode(soup.Debug(b"hello")) + soup.encode(soup.Unknown("?", b"x"))
    assert [event.packet for event in client.receive(1, stream)] == [
        soup.Debug(b"hello"),
        soup.Unknown("?", b"x"),
    ]
    assert client.next_sequence == 5


@CASES.case("SOUP-25")
def _() -> None:
    """Messages of 32,767 bytes and more are not sent: some clients read the length as signed."""
    client, _ = open_session()
    assert len(client.send_unsequenced(1, bytes(32_766))) == 32_769
    refused(lambda: client.send_unsequenced(1, bytes(32_767)), "WIR-023")
    refused(lambda: soup.encode(soup.Sequenced(bytes(65_535))), "WIR-023")


@CASES.case("SOUP-26")
def _() -> None:
    """A name that does not fit its field is refused."""
    for login in (
        soup.LoginRequest("SEVENCH", "p"),
        soup.LoginRequest("u", "elevenchars"),
        soup.LoginRequest("u", "p", "ELEVENCHARS"),
        soup.LoginRequest("u", "p", timeout_ms=100_000),
    ):
        refused(lambda login=login: soup.encode(login), "WIR-024")


@pytest.mark.parametrize("number", sorted(CASES))
def test_case(number):
    CASES[number]()
