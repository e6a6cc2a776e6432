# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Every golden scenario, against the plain market and against the real one."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from tests.models.market_drivers import PlainDriver, RealDriver
from tests.models.market_ledger import Ledger
from tests.models.market_script import Case, read_cases, write_case, write_report

FOLDER = Path(__file__).resolve().parents[1] / "golden/scenarios"
CASES = [
    pytest.param(case, id=f"{path.stem}: {case.title}")
    for path in sorted(FOLDER.glob("*.txt"))
    for case in read_cases(path.read_text("utf-8"))
]


@pytest.mark.parametrize("case", CASES)
def test_the_plain_market_says_what_stands_there(case: Case) -> None:
    driver = PlainDriver(case)
    for step, line, wanted in case.steps:
        assert [write_report(report) for report in driver.do(step)] == wanted, line


@pytest.mark.parametrize("case", CASES)
def test_the_real_market_says_what_stands_there(case: Case) -> None:
    plain, real, ledger = PlainDriver(case), RealDriver(case), Ledger()
    for step, line, wanted in case.steps:
        reports = real.do(step)
        assert [write_report(report) for report in reports] == wanted, line
        assert reports == plain.do(step), line
        for report in reports:
            ledger.hear(report)
        ledger.check(real.market)
    real.renew()


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_written_as_it_is_read(case: Case) -> None:
    said = [(step, "", reports) for step, _, reports in case.steps]
    (again,) = read_cases(write_case(replace(case, steps=said)))
    assert [(step, reports) for step, _, reports in again.steps] == [
        (step, reports) for step, _, reports in case.steps
    ]
    assert (again.rules, again.limits, again.phase) == (case.rules, case.limits, case.phase)


def test_there_are_enough_and_each_has_a_name_of_its_own() -> None:
    titles = [case.values[0].title for case in CASES]
    assert len(titles) == len(set(titles)) >= 150


def test_the_cases_of_others_name_scenarios_that_there_are() -> None:
    titles = {case.values[0].title for case in CASES}
    _, _, tables = (FOLDER / "README.md").read_text("utf-8").partition("## The cases of others")
    rows = [line.split("|") for line in tables.splitlines() if line.startswith("| `")]
    named = {title for row in rows for title in re.findall(r'"([^"]+)"', "|".join(row[2:]))}
    assert len(rows) >= 70
    assert named - titles == set()
    assert all(re.search(r'"| – ', row[2] + " ") for row in rows)
