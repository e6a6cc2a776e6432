# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The table of risk controls: each has its tests, and each limit its field in the configuration."""

import re
import tomllib
from pathlib import Path

import pytest

from onetape.events import Limit, RiskScope
from onetape.risk._table import LIMITS

ROOT = Path(__file__).resolve().parents[2]
RISK = tomllib.loads((ROOT / "schema/risk.toml").read_text("utf-8"))
TESTS = re.findall(
    r"#\[test\]\nfn (\w+)",
    "\n".join(
        path.read_text("utf-8")
        for folder in ("risk", "breakers", "reconcile")
        for path in (ROOT / "crates/core/tests" / folder).glob("*.rs")
    ),
)


@pytest.mark.parametrize("control", RISK["control"], ids=lambda control: control["id"])
def test_a_built_control_has_a_test_that_breaches_it_and_one_that_does_not(control):
    if control.get("built", "yes") == "no":
        pytest.skip("not built")
    for kind in ("breach", "pass"):
        assert [name for name in TESTS if name.startswith(f"{control['tests']}_{kind}_")], kind


def test_every_test_belongs_to_a_control():
    prefixes = tuple(control["tests"] for control in RISK["control"])
    assert all(name.startswith(prefixes) for name in TESTS)


def test_the_pre_trade_controls_are_those_of_the_requirements():
    numbers = {control["id"] for control in RISK["control"]}
    assert {f"PT-{number:02}" for number in range(1, 31)} <= numbers


def test_every_limit_has_facts():
    assert list(LIMITS) == list(Limit)
    assert LIMITS[Limit.LOSS_MAX].scopes == {RiskScope.STRATEGY, RiskScope.ACCOUNT, RiskScope.FIRM}
    assert LIMITS[Limit.CAPITAL_BUFFER_BPS].looser == "lower"
