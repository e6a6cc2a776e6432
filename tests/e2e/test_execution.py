# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The example of an execution algorithm, with each of them, from the command line to its costs."""

from pathlib import Path

import pytest
from tests.models.processes import onetape

CONFIG = Path(__file__).resolve().parents[2] / "examples" / "execution.toml"


@pytest.mark.parametrize(
    "algorithm",
    [
        "twap:Twap",
        "vwap:Vwap",
        "shortfall:Shortfall",
        "participation:Participation",
        "iceberg:Iceberg",
        "sniper:Sniper",
    ],
)
def test_it_runs_reports_and_is_measured(tmp_path: Path, algorithm: str) -> None:
    journal = str(tmp_path / "journal")
    place = f"run.strategy=onetape.trading.algorithms.{algorithm}"
    settings = ["--set", place, "--set", "run.messages=100000", "--journal", journal]
    done = onetape("--log-level", "info", "run", str(CONFIG), *settings)
    assert done.returncode == 0, done.stderr
    assert "bought 2,000 of 2,000 lots of SYN1" in done.stderr
    assert "ended: filled" in done.stderr
    measured = onetape("tca", journal)
    assert measured.returncode == 0, measured.stderr
    assert "parents' shortfall" in measured.stdout


def test_a_module_that_is_not_there_is_said(tmp_path: Path) -> None:
    for place, code in (("no.such:Thing", "RUN-001"), ("onetape.trading:Nothing", "RUN-002")):
        done = onetape("run", "--strategy", place, "--journal", str(tmp_path / "j"))
        assert done.returncode != 0
        assert code in done.stderr
