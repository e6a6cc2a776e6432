# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Numbered cases of OUCH 4.2 and 5.0."""

import pytest
from tests.conformance.numbered import Cases, refused

from onetape.wire import ouch42, ouch50
from onetape.wire.ouch50 import tags

CASES = Cases()
TIME = "000000000000000a"
AAPL = "4141504c20202020"
TEXT14 = "4142" + "20" * 12


def inbound(text: str) -> ouch50.Message:
    """A message of 5.0 from the client, which must encode to the same bytes."""
    data = bytes.fromhex(text)
    message = ouch50.decode_inbound(data)
    assert ouch50.encode(message) == data
    return message


def outbound(text: str) -> ouch50.Message:
    """A message of 5.0 to the client, which must encode to the same bytes."""
    data = bytes.fromhex(text)
    message = ouch50.decode_outbound(data)
    assert ouch50.encode(message) == data
    return message


@CASES.case("OUCH50-01")
def _() -> None:
    """An order has an eight-byte price, and the length of its appendage even when there is none."""
    text = "4f" + "00000007" + "42" + "00000064" + AAPL + "000000000018ec68"
    text += "30" + "59" + "50" + "4e" + "4e" + TEXT14
    message = inbound(text + "0000")
    assert message == ouch50.EnterOrderRequest(
        7, "B", 100, "AAPL", 1_633_384, "0", "Y", "P", "N", "N", "AB"
    )
    error = refused(lambda: ouch50.decode_inbound(bytes.fromhex(text)), "WIR-040")
    assert (error.expected, error.found) == ("47 bytes", "45")


@CASES.case("OUCH50-02")
def _() -> None:
    """An element counts its tag: a firm of four characters has length five."""
    text = "55" + "00000007" + "00000008" + "00000064" + "000000000018ec68" + "30594e" + TEXT14
    message = inbound(text + "000c" + "05024649524d" + "050300000064")
    assert isinstance(message, ouch50.ReplaceOrderRequest)
    assert message.tags == (tags.Firm("FIRM"), tags.MinimumQuantity(100))
    assert ouch50.find(message, tags.MinimumQuantity) == tags.MinimumQuantity(100)
    assert ouch50.find(message, tags.MaxFloor) is None


@CASES.case("OUCH50-03")
def _() -> None:
    """A cancel may leave the length out, or say zero; both encode as they came."""
    assert inbound("58" + "00000007" + "00000000") == ouch50.CancelOrderRequest(7, 0)
    with_length = inbound("58" + "00000007" + "00000000" + "0000")
    assert with_length == ouch50.CancelOrderRequest(7, 0, ())


@CASES.case("OUCH50-04")
def _() -> None:
    """A tag that we do not know is kept, and may have any length."""
    message = inbound("51" + "0006" + "02ff01" + "021c03")
    assert message == ouch50.AccountQueryRequest(
        (tags.UnknownTag(255, b"\1"), tags.UserRefIndex(3))
    )


@CASES.case("OUCH50-05")
def _() -> None:
    """The offset of a peg is signed."""
    message = inbound("51" + "0006" + "0507fffffffe")
    assert message == ouch50.AccountQueryRequest((tags.PegOffset(-2),))


@CASES.case("OUCH50-06")
def _() -> None:
    """A known tag of another length, an element over the end and a wrong length are refused."""
    for text, code, offset in (
        ("51" + "0003" + "03070000", "WIR-041", 1),
        ("51" + "0004" + "03070000", "WIR-043", 3),
        ("51" + "0002" + "031c", "WIR-042", 3),
        ("51" + "0004" + "021c0300", "WIR-042", 6),
    ):
        error = refused(lambda text=text: ouch50.decode_inbound(bytes.fromhex(text)), code)
        assert error.offset == offset


@CASES.case("OUCH50-07")
def _() -> None:
    """A message to the client is read with the length and without, also where it is required."""
    text = "45" + TIME + "00000007" + "00000064" + "000000000018ec68" + "41" + "0000000000000009"
    executed = ouch50.OrderExecuted(10, 7, 100, 1_633_384, "A", 9, None)
    assert outbound(text) == executed
    assert outbound(text + "0000") == ouch50.OrderExecuted(10, 7, 100, 1_633_384, "A", 9)
    assert outbound("53" + TIME + "53") == ouch50.SystemEvent(10, "S")


@CASES.case("OUCH50-08")
def _() -> None:
    """A reject's reason is a number of two bytes."""
    text = "4a" + TIME + "00000007" + "0017" + TEXT14
    assert outbound(text) == ouch50.Rejected(10, 7, 0x17, "AB")


@CASES.case("OUCH50-09")
def _() -> None:
    """The same letter is another message in the other direction."""
    data = bytes.fromhex("51" + "0000")
    assert ouch50.decode_inbound(data) == ouch50.AccountQueryRequest(())
    refused(lambda: ouch50.decode_outbound(data), "WIR-040")


@CASES.case("OUCH50-10")
def _() -> None:
    """A type that is not of the specification is kept whole; no bytes are refused."""
    assert inbound("7a01") == ouch50.Unknown(b"z\x01")
    refused(lambda: ouch50.decode_inbound(b""), "WIR-040")


@CASES.case("OUCH50-11")
def _() -> None:
    """A value or a tag that does not fit is not encoded."""
    for message in (
        ouch50.CancelOrderRequest(1 << 32, 0),
        ouch50.CancelOrderRequest(-1, 0),
        ouch50.MassCancelRequest(1, "FIRMA", ""),
        ouch50.AccountQueryRequest((tags.UserRefIndex(256),)),
        ouch50.AccountQueryRequest((tags.Side("BB"),)),
        ouch50.AccountQueryRequest((tags.UnknownTag(200, bytes(255)),)),
    ):
        refused(lambda message=message: ouch50.encode(message), "WIR-005")
    many = ouch50.AccountQueryRequest((tags.UserRefIndex(1),) * 30_000)
    refused(lambda: ouch50.encode(many), "WIR-044")


@CASES.case("OUCH42-01")
def _() -> None:
    """An order of 4.2 has a token, seconds to live and a four-byte price."""
    text = "4f" + "544f4b" + "20" * 11 + "42" + "00000064" + AAPL + "0018ec68" + "0001869e"
    text += "4649524d" + "59" + "50" + "4e" + "00000000" + "4e" + "20"
    message = ouch42.decode_inbound(bytes.fromhex(text))
    assert message == ouch42.EnterOrder(
        "TOK", "B", 100, "AAPL", 1_633_384, 99_998, "FIRM", "Y", "P", "N", 0, "N", " "
    )
    assert ouch42.encode(message).hex() == text


@CASES.case("OUCH42-02")
def _() -> None:
    """An AIQ Canceled is read with and without its last byte."""
    old = b"D" + bytes(8) + b"TOKEN".ljust(14) + bytes(4) + b"Q" + bytes(8) + b"A"
    message = ouch42.decode_outbound(old)
    assert message == ouch42.AiqCanceledBefore2025(0, "TOKEN", 0, "Q", 0, 0, "A")
    assert ouch42.encode(message) == old
    message = ouch42.decode_outbound(old + b"W")
    assert message == ouch42.AiqCanceled(0, "TOKEN", 0, "Q", 0, 0, "A", "W")
    assert ouch42.encode(message) == old + b"W"


@CASES.case("OUCH42-03")
def _() -> None:
    """A message of another length is refused, an unknown type kept."""
    error = refused(lambda: ouch42.decode_inbound(b"X" + bytes(17)), "WIR-040")
    assert (error.expected, error.found) == ("19 bytes", "18")
    assert ouch42.decode_inbound(b"zz") == ouch42.Unknown(b"zz")
    assert ouch42.encode(ouch42.Unknown(b"zz")) == b"zz"


@CASES.case("OUCH42-04")
def _() -> None:
    """A value that does not fit its field is not encoded."""
    for message in (
        ouch42.CancelOrder("A" * 15, 0),
        ouch42.CancelOrder("A", 1 << 32),
        ouch42.ModifyOrder("A", "SS", 0),
    ):
        refused(lambda message=message: ouch42.encode(message), "WIR-005")


@pytest.mark.parametrize("number", sorted(CASES))
def test_case(number):
    CASES[number]()
