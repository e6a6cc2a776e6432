# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Numbered cases of ITCH 5.0."""

import pytest
from tests.conformance.numbered import Cases, refused

from onetape.wire import itch

CASES = Cases()
HEAD = "0001000200000000000a"  # locate 1, tracking 2, 10 ns past midnight


def decoded(text: str) -> itch.Message:
    """A message from hexadecimal text, which must encode to the same bytes."""
    data = bytes.fromhex(text)
    message = itch.decode(data)
    assert itch.encode(message) == data
    return message


@CASES.case("ITCH-01")
def _() -> None:
    """A system event names a point of the day."""
    message = decoded("53" + HEAD + "4f")
    assert message == itch.SystemEvent(1, 2, 10, "O")


@CASES.case("ITCH-02")
def _() -> None:
    """The timestamp is 6 bytes: the largest fits, one more is refused."""
    most = 2**48 - 1
    message = itch.SystemEvent(0, 0, most, "C")
    assert itch.decode(itch.encode(message)) == message
    refused(lambda: itch.encode(itch.SystemEvent(0, 0, most + 1, "C")), "WIR-005")


@CASES.case("ITCH-03")
def _() -> None:
    """A symbol is padded on the right with spaces, and read without them."""
    message = decoded("59" + HEAD + "4252 4b2e 4120 2020" + "31")
    assert message == itch.RegShoRestriction(1, 2, 10, "BRK.A", "1")


@CASES.case("ITCH-04")
def _() -> None:
    """An add carries reference, side, shares, stock and a price of four decimals."""
    text = "41" + HEAD + "000000000000002a" + "42" + "0000012c" + "4141504c20202020" + "0018ec68"
    assert decoded(text) == itch.AddOrder(1, 2, 10, 42, "B", 300, "AAPL", 1_633_384)


@CASES.case("ITCH-05")
def _() -> None:
    """An add with attribution is an add and four characters more."""
    head = "46" + HEAD + "000000000000002a" + "53" + "0000012c" + "4141504c20202020" + "0018ec68"
    message = decoded(head + "56495254")
    assert message == itch.AddOrderMpid(1, 2, 10, 42, "S", 300, "AAPL", 1_633_384, "VIRT")


@CASES.case("ITCH-06")
def _() -> None:
    """An execution has no price of its own; one with a price says whether it is printed."""
    plain = "000000000000002a" + "00000064" + "0000000000000007"
    assert decoded("45" + HEAD + plain) == itch.OrderExecuted(1, 2, 10, 42, 100, 7)
    priced = decoded("43" + HEAD + plain + "4e" + "00000064")
    assert priced == itch.OrderExecutedWithPrice(1, 2, 10, 42, 100, 7, "N", 100)


@CASES.case("ITCH-07")
def _() -> None:
    """A cancel takes shares away, a delete all of them."""
    assert decoded("58" + HEAD + "000000000000002a00000064") == itch.OrderCancel(1, 2, 10, 42, 100)
    assert decoded("44" + HEAD + "000000000000002a") == itch.OrderDelete(1, 2, 10, 42)


@CASES.case("ITCH-08")
def _() -> None:
    """A replace names the old reference and the new, and not the side or the stock."""
    text = "55" + HEAD + "000000000000002a" + "000000000000002b" + "00000064" + "00000064"
    assert decoded(text) == itch.OrderReplace(1, 2, 10, 42, 43, 100, 100)


@CASES.case("ITCH-09")
def _() -> None:
    """The shares of a cross are eight bytes, those of a trade four."""
    stock = "4141504c20202020"
    cross = "51" + HEAD + "0000010000000000" + stock + "00000064" + "0000000000000007" + "4f"
    assert decoded(cross) == itch.CrossTrade(1, 2, 10, 1 << 40, "AAPL", 100, 7, "O")
    trade = "000000000000000042" + "00000064" + stock + "00000064" + "0000000000000007"
    assert decoded("50" + HEAD + trade) == itch.Trade(1, 2, 10, 0, "B", 100, "AAPL", 100, 7)


@CASES.case("ITCH-10")
def _() -> None:
    """Circuit-breaker levels have eight decimals in eight bytes."""
    text = "56" + HEAD + "0000000005f5e100" * 3
    assert decoded(text) == itch.MwcbDeclineLevel(1, 2, 10, *[100_000_000] * 3)


@CASES.case("ITCH-11")
def _() -> None:
    """`h` and `H` are two messages: an operational halt and a trading action."""
    stock = "4141504c20202020"
    halt = decoded("68" + HEAD + stock + "51" + "48")
    assert halt == itch.OperationalHalt(1, 2, 10, "AAPL", "Q", "H")
    action = decoded("48" + HEAD + stock + "54" + "20" + "20202020")
    assert action == itch.StockTradingAction(1, 2, 10, "AAPL", "T", " ", "")


@CASES.case("ITCH-12")
def _() -> None:
    """A type that is not of the specification is kept whole."""
    assert decoded("7a0102") == itch.Unknown(b"z\x01\x02")


@CASES.case("ITCH-13")
def _() -> None:
    """A message of a known type and another length is refused, with what was expected and found."""
    error = refused(lambda: itch.decode(b"D" + bytes(19)), "WIR-001")
    assert (error.expected, error.found) == ("19 bytes", "20")


@CASES.case("ITCH-14")
def _() -> None:
    """A file is a 2-byte length and a message, again and again; a zero length ends a session."""
    delete = itch.encode(itch.OrderDelete(1, 2, 10, 42))
    data = itch.frame(delete) + b"\0\0" + itch.frame(delete)
    assert list(itch.frames(data)) == [(2, delete), (21, None), (25, delete)]
    assert len(list(itch.iter_file(data))) == 2


@CASES.case("ITCH-15")
def _() -> None:
    """A zero length before a known type is read by the type; before another byte, refused."""
    delete = itch.encode(itch.OrderDelete(1, 2, 10, 42))
    assert list(itch.frames(b"\0\0" + delete)) == [(2, delete)]
    error = refused(lambda: list(itch.frames(itch.frame(b"z") + b"\0\0~")), "WIR-004")
    assert (error.offset, error.found) == (3, "'~'")


@CASES.case("ITCH-16")
def _() -> None:
    """A file cut short is refused at its last record; in a block, the record waits."""
    data = itch.frame(itch.encode(itch.OrderDelete(1, 2, 10, 42)))
    error = refused(lambda: list(itch.frames(data + data[:-1])), "WIR-003")
    assert (error.offset, error.expected, error.found) == (21, "21 bytes", "20")
    block = itch.frames(data + data[:-1], last=False)
    assert len(list(block)) == 1
    assert block.consumed == 21


@CASES.case("ITCH-17")
def _() -> None:
    """A value that does not fit its field is not encoded."""
    for message in (
        itch.OrderDelete(1, 2, 10, 1 << 64),
        itch.OrderDelete(-1, 2, 10, 42),
        itch.OrderDelete(1 << 16, 2, 10, 42),
        itch.SystemEvent(1, 2, 10, "OO"),
        itch.RegShoRestriction(1, 2, 10, "TOOLONGER", "1"),
        itch.RegShoRestriction(1, 2, 10, "\u20ac", "1"),
    ):
        refused(lambda message=message: itch.encode(message), "WIR-005")


@pytest.mark.parametrize("number", sorted(CASES))
def test_case(number):
    CASES[number]()
