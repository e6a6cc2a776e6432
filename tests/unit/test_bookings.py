# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Bookings, rights and admissions: what a live configuration says of them, and cannot say."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from onetape.errors import ConfigError
from onetape.events import AccessSet, InstrumentAdmitted, OrderType, StrategyBooked
from onetape.live.bookings import bookings, is_booked
from onetape.live.config import LiveConfig
from onetape.live.definitions import listings
from onetape.live.numbers import numbered

TEXTS = {"maker": "class Maker: ...", "taker": "class Taker: ..."}


def config(*, maker: dict[str, Any] | None = None, **live: Any) -> LiveConfig:
    strategies = {
        "maker": {"file": "a.py:Maker", **(maker or {})},
        "taker": {"file": "a.py:Taker"},
    }
    venues = {
        "HOME": {"symbols": ["ONE", "TAPE"]},
        "AWAY": {
            "protocol": "binance",
            "symbols": ["COIN"],
            "instruments": {"COIN": {"tick": "0.01", "lot": "0.001", "currency": "EUR"}},
        },
    }
    return msgspec.convert({"venues": venues, "strategies": strategies, **live}, LiveConfig)


def said(live: LiveConfig) -> list[Any]:
    return list(bookings(live, listings(live), TEXTS, numbered(TEXTS, {})))


def test_nothing_is_said_where_nothing_is_configured():
    assert not is_booked(config())
    assert said(config()) == []


def test_one_booking_books_all_and_admits_every_instrument():
    live = config(maker={"booking": {"account": 2, "algo": 7}}, rates={"EUR": "1.25"})
    found = said(live)
    booked = [event for event in found if isinstance(event, StrategyBooked)]
    assert [(b.strategy_id, b.account_id, b.algo_id) for b in booked] == [(1, 2, 7), (2, 1, 0)]
    assert booked[0].generation != booked[1].generation != 0
    admitted = [event for event in found if isinstance(event, InstrumentAdmitted)]
    assert [a.venue_id for a in admitted] == [1, 1, 2]
    # A ten-thousandth of a dollar a share; 0.01 times 0.001 of 1.25 dollars.
    assert [a.ticklot_e12 for a in admitted] == [100_000_000, 100_000_000, 12_500_000]
    market = 1 << OrderType.MARKET
    assert not any(a.order_types & market for a in admitted)
    assert all(a.order_types & 1 << OrderType.LIMIT for a in admitted)


def test_a_generation_is_another_with_other_code_or_parameters():
    def generation(text: str, **params: Any) -> int:
        live = config(maker={"booking": {}, "params": params}, rates={"EUR": "1"})
        events = bookings(live, listings(live), {"maker": text}, {"maker": 1})
        return next(e.generation for e in events if isinstance(e, StrategyBooked))

    assert generation("a") == generation("a")
    assert len({generation("a"), generation("b"), generation("a", size=2)}) == 3


def test_rights_are_of_symbols_venues_and_sides():
    access = ["ONE@HOME", "*@AWAY:buy", "TAPE:sell"]
    found = said(config(maker={"access": access}, rates={"EUR": "1"}))
    rights = [event for event in found if isinstance(event, AccessSet)]
    assert [(r.strategy_id, r.instrument_id, r.venue_id, r.sides) for r in rights] == [
        (1, 1, 0, 3),
        (1, 0, 2, 1),
        (1, 2, 0, 2),
    ]
    everything = said(config(maker={"access": ["*"]}, rates={"EUR": "1"}))
    assert [e.instrument_id for e in everything if isinstance(e, AccessSet)] == [0]


@pytest.mark.parametrize("right", ["TWO@HOME", "ONE@AWAY", "ONE:both", "@NOWHERE"])
def test_a_right_to_what_is_not_there_is_refused(right: str):
    with pytest.raises(ConfigError, match=r"(?s)live\.strategies\.maker\.access.*ONE@HOME") as err:
        said(config(maker={"access": [right]}, rates={"EUR": "1"}))
    assert err.value.code == "LIV-030"


@pytest.mark.parametrize("rates", [{}, {"EUR": "0"}, {"EUR": "-1"}, {"EUR": "one"}])
def test_a_currency_without_a_rate_is_refused(rates: dict[str, str]):
    with pytest.raises(ConfigError, match=r"live\.rates\.EUR"):
        said(config(maker={"booking": {}}, rates=rates))
