# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What of a strategy may be set while it runs, and how it is told to the engine."""

from __future__ import annotations

import math
from typing import Annotated

import pytest

from onetape import Between, Strategy
from onetape.errors import ConfigError
from onetape.events import ParameterKind
from onetape.trading.loading import make_strategy
from onetape.trading.parameters import PARAMETERS_MAX, parameters_of, set_parameter, value_of


class Base(Strategy):
    qty: Annotated[int, Between(1, 1_000)] = 100


class Many(Base):
    width: float = 2
    leans = True
    share: Annotated[float, Between(0, 0.5)] = 0.25
    symbol = "ONE"
    levels = (1, 2)
    _hidden = 3
    any_book = True
    a_name_that_is_longer_than_thirty_two_bytes = 1
    huge = 1 << 70

    def on_book(self, market) -> None: ...


def test_numbers_and_truth_values_are_parameters_and_nothing_else():
    found = {p.name: (p.kind, p.initial, p.low, p.high) for p in parameters_of(Many())}
    assert found == {
        "qty": (ParameterKind.INTEGER, 100, 1, 1_000),
        "width": (ParameterKind.FLOAT, 2, -math.inf, math.inf),
        "leans": (ParameterKind.BOOLEAN, True, 0, 1),
        "share": (ParameterKind.FLOAT, 0.25, 0, 0.5),
    }


def test_values_come_back_from_their_eight_bytes():
    strategy = Many()
    for parameter in parameters_of(strategy):
        name, kind, initial, low, high = parameter.declared
        assert value_of(ParameterKind(kind), initial) == parameter.initial
        assert (value_of(ParameterKind(kind), low), value_of(ParameterKind(kind), high)) == (
            parameter.low,
            parameter.high,
        )
        set_parameter(strategy, name, kind, low)
        assert getattr(strategy, name) == parameter.low
        assert type(getattr(strategy, name)) is type(value_of(ParameterKind(kind), low))


def test_what_is_configured_is_what_it_begins_with():
    strategy = make_strategy(Many, {"qty": 7, "share": 0.5})
    found = {p.name: p.initial for p in parameters_of(strategy)}
    assert (found["qty"], found["share"]) == (7, 0.5)


@pytest.mark.parametrize("wrong", [0, 1_001, -5])
def test_what_is_configured_keeps_to_the_range(wrong):
    with pytest.raises(ConfigError, match=f"Many.qty: expected 1 to 1000, found {wrong}"):
        parameters_of(make_strategy(Many, {"qty": wrong}))


def test_there_is_a_most():
    wide = type("Wide", (Strategy,), {f"p{at}": at for at in range(PARAMETERS_MAX + 5)})
    assert len(parameters_of(wide())) == PARAMETERS_MAX
