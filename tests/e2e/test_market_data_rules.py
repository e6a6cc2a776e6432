# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node refuses a rule of market data that nobody could keep."""

from pathlib import Path

import pytest
from tests.models.processes import onetape

CONFIG = """
[live]
folder = "{folder}"
[live.venues.here]
symbols = ["ONE"]
[live.market_data.crossed]
limit_ms = 5
action = "corrected"
"""


@pytest.mark.timeout(60)
def test_a_rule_that_cannot_be_corrected_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "live.toml"
    config.write_text(CONFIG.format(folder=tmp_path / "data"), "utf-8")
    done = onetape("live", str(config))
    assert done.returncode != 0
    assert "live.market_data" in done.stderr
    assert "Crossed" in done.stderr
    assert "cannot be corrected" in done.stderr
