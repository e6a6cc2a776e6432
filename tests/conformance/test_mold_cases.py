# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Numbered cases of MoldUDP64."""

import pytest
from tests.conformance.numbered import Cases, refused

from onetape.wire import mold

CASES = Cases()
SESSION = "53455353494f4e303031"


@CASES.case("MOLD-01")
def _() -> None:
    """A packet without messages is a heartbeat with the next number."""
    data = bytes.fromhex(SESSION + "0000000000000007" + "0000")
    assert mold.decode(data) == mold.Packet("SESSION001", 7)
    assert mold.encode(mold.Packet("SESSION001", 7)) == data


@CASES.case("MOLD-02")
def _() -> None:
    """A count of 65,535 ends the session."""
    data = bytes.fromhex(SESSION + "0000000000000007" + "ffff")
    packet = mold.decode(data)
    assert packet.is_end
    assert packet.sequence == 7
    assert mold.encode(packet) == data


@CASES.case("MOLD-03")
def _() -> None:
    """Messages follow their lengths; a message may be empty; the first has the header's number."""
    data = bytes.fromhex(SESSION + "0000000000000005" + "0002" + "0003616263" + "0000")
    assert mold.decode(data) == mold.Packet("SESSION001", 5, (b"abc", b""))
    assert mold.encode(mold.decode(data)) == data


@CASES.case("MOLD-04")
def _() -> None:
    """A request is a header by itself: session, first number wanted, count."""
    data = bytes.fromhex(SESSION + "0000000000000003" + "0004")
    request = mold.Request("SESSION001", 3, 4)
    assert mold.decode_request(data) == request
    assert mold.encode_request(request) == data
    refused(lambda: mold.decode_request(data + b"\0"), "WIR-011")


@CASES.case("MOLD-05")
def _() -> None:
    """A packet cut short is refused at the block that is cut."""
    data = bytes.fromhex(SESSION + "0000000000000005" + "0002" + "0003616263" + "0003616263")
    error = refused(lambda: mold.decode(data[:-1]), "WIR-010")
    assert (error.offset, error.expected, error.found) == (25, "5 bytes", "4")
    assert refused(lambda: mold.decode(data[:19]), "WIR-010").offset == 0


@CASES.case("MOLD-06")
def _() -> None:
    """Bytes after the last message are refused."""
    data = bytes.fromhex(SESSION + "0000000000000005" + "0001" + "0003616263" + "00")
    assert refused(lambda: mold.decode(data), "WIR-011").offset == 25


@CASES.case("MOLD-07")
def _() -> None:
    """A session's name is padded with spaces."""
    assert mold.encode(mold.Packet("S1", 1))[:10] == b"S1        "
    assert mold.decode(mold.encode(mold.Packet("S1", 1))).session == "S1"
    refused(lambda: mold.encode(mold.Packet("ELEVENCHARS", 1)), "WIR-013")


@CASES.case("MOLD-08")
def _() -> None:
    """A packet holds whole messages within its limit; the next begins where it ended."""
    builder = mold.PacketBuilder("S", 1, 40)
    assert [builder.push(bytes(n)) for n in (10, 7, 6)] == [True, False, True]
    first = mold.decode(builder.packet())
    builder.advance()
    assert builder.push(b"next")
    second = mold.decode(builder.packet())
    assert (len(first.messages), first.sequence, second.sequence) == (2, 1, 3)
    assert mold.decode(builder.end_of_session()) == mold.Packet("S", 4, is_end=True)
    refused(lambda: builder.push(bytes(19)), "WIR-013")


@CASES.case("MOLD-09")
def _() -> None:
    """A higher number than expected is a gap, also in a heartbeat and at the end."""
    tracker = mold.SequenceTracker("S", 1)
    gap = mold.Arrival("gap", missing_from=1, missing=4)
    for packet in (
        mold.Packet("S", 5, (b"x",)),
        mold.Packet("S", 5),
        mold.Packet("S", 5, is_end=True),
    ):
        assert tracker.observe(packet) == gap


@CASES.case("MOLD-10")
def _() -> None:
    """Messages that came before are left out; the rest of the packet is read."""
    tracker = mold.SequenceTracker("S", 1)
    assert tracker.observe(mold.Packet("S", 1, (b"1", b"2"))) == mold.Arrival("deliver")
    assert tracker.observe(mold.Packet("S", 1, (b"1", b"2"))) == mold.Arrival("nothing", skip=2)
    again = mold.Packet("S", 2, (b"2", b"3"))
    assert tracker.observe(again) == mold.Arrival("deliver", skip=1)
    assert tracker.next_sequence == 4


@CASES.case("MOLD-11")
def _() -> None:
    """After a gap is given up, the packet is read; the end after all messages ends the session."""
    tracker = mold.SequenceTracker("S", 1)
    packet = mold.Packet("S", 5, (b"x",))
    assert tracker.observe(packet).kind == "gap"
    tracker.accept_gap(5)
    assert tracker.observe(packet) == mold.Arrival("deliver")
    assert tracker.observe(mold.Packet("S", 6, is_end=True)).kind == "ended"
    assert tracker.observe(mold.Packet("T", 6, (b"x",))).kind == "other_session"


@CASES.case("MOLD-12")
def _() -> None:
    """A late listener starts at the first packet it sees."""
    tracker = mold.SequenceTracker()
    assert tracker.next_sequence is None
    assert tracker.observe(mold.Packet("S", 900, (b"x",))) == mold.Arrival("deliver")
    assert tracker.next_sequence == 901


@pytest.mark.parametrize("number", sorted(CASES))
def test_case(number):
    CASES[number]()
