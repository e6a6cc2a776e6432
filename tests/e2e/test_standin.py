# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape standin`: it says where it listens, answers there, and ends when it is told to."""

import json
import signal
import urllib.request
from pathlib import Path

from tests.models.processes import Processes

CONFIG = """
[stand_in]
latency_ms = 1
[[stand_in.symbols]]
name = "BTCUSDT"
base = "BTC"
quote = "USDT"
house_price = "60000"
[[stand_in.accounts]]
key = "key"
secret = "not-to-be-seen"
[stand_in.accounts.balances]
BTC = "10"
"""


def test_the_stand_in_answers_and_ends(tmp_path: Path):
    file = tmp_path / "standin.toml"
    file.write_text(CONFIG, "utf-8")
    processes = Processes(tmp_path)
    processes.start("standin", "standin", str(file))
    try:
        processes.wait_said("standin", "ready")
        said = processes.said("standin")
        url = next(word for word in said.split() if word.startswith("http://"))
        with urllib.request.urlopen(f"{url}/api/v3/depth?symbol=BTCUSDT&limit=5") as answer:
            assert len(json.load(answer)["bids"]) == 5
        assert "not-to-be-seen" not in said
        processes.end("standin", signal.SIGTERM)
    finally:
        processes.end_all()
