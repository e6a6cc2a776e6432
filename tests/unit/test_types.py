# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Fixed-point numbers and time: exact or refused, with an error that says what to do."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onetape.errors import ConversionError
from onetape.types import (
    Instrument,
    Rung,
    decimal_to_units,
    format_ts_ns,
    notional,
    parse_ts_ns,
    units_to_decimal,
)


def refusal(convert: Callable[..., object], *arguments: object) -> ConversionError | None:
    try:
        convert(*arguments)
    except ConversionError as err:
        return err
    return None


I64 = st.integers(-(2**63), 2**63 - 1)


@given(I64, st.sampled_from([1, 100_000, 10_000_000, 1_000_000_000, 3]))
def test_units_go_to_text_and_back(count, unit_e9):
    exact = Decimal(count) * unit_e9
    if not -(2**63) <= exact < 2**63:
        with pytest.raises(ConversionError, match="TYP-002"):
            units_to_decimal(count, unit_e9)
        return
    text = units_to_decimal(count, unit_e9)
    assert Decimal(text).scaleb(9) == exact
    if len(text.strip("-").replace(".", "")) <= 18:
        assert decimal_to_units(text, unit_e9) == count


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9
    )
)
def test_text_is_exact_or_refused(value):
    text = f"{value:f}"
    cents = value * 100
    if cents == cents.to_integral_value():
        assert decimal_to_units(text, 10_000_000) == cents
    else:
        with pytest.raises(ConversionError, match="TYP-003"):
            decimal_to_units(text, 10_000_000)


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_an_error(text):
    err = refusal(decimal_to_units, text, 1_000_000_000)
    assert err is None or (err.code in {"TYP-001", "TYP-002", "TYP-003"} and err.hint)


@given(I64)
def test_times_go_to_text_and_back(ts_ns):
    text = format_ts_ns(ts_ns)
    assert parse_ts_ns(text) == ts_ns
    second = datetime.fromtimestamp(ts_ns // 1_000_000_000, UTC)
    assert text[:19] == second.strftime("%Y-%m-%dT%H:%M:%S").zfill(19)


@given(st.text(max_size=32))
def test_any_text_is_a_time_or_an_error(text):
    err = refusal(parse_ts_ns, text)
    assert err is None or (err.code in {"TYP-004", "TYP-005"} and err.hint)


def test_an_instrument_converts_its_own_units():
    apple = Instrument(id=1, symbol="AAPL", tick_e9=100_000, rungs=(Rung(0, 1), Rung(10_000, 100)))
    assert apple.price_ticks("163.34") == 1_633_400
    assert apple.price_text(1_633_401) == "163.3401"
    assert (apple.qty_lots("300"), apple.qty_text(300)) == (300, "300")
    assert [apple.allows(p) for p in (0, 9_999, 10_001, 10_100)] == [False, True, False, True]
    with pytest.raises(ConversionError, match="TYP-006"):
        Instrument(id=1, symbol="A", rungs=(Rung(5, 1), Rung(5, 2))).allows(1)


def test_notional_is_exact_or_refused():
    assert notional(101_25, 3) == 30_375
    with pytest.raises(ConversionError, match="does not fit in 64 bits"):
        notional(2**62, 4)
