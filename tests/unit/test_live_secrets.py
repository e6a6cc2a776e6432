# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Secrets of a venue's account need not stand in a file, and are shown nowhere."""

from pathlib import Path

import pytest

from onetape.live.config import LiveConfig
from onetape.live.supervisor import load_live

NODE = """
[live.venues.COINS]
protocol = "binance"
symbols = ["BTCUSDT"]
[live.venues.COINS.instruments.BTCUSDT]
tick = "0.01"
lot = "0.00000001"
currency = "USDT"
[live.venues.COINS.binance]
key = "our-key"
prefix = "desk1"
"""


def test_a_secret_comes_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "node.toml"
    file.write_text(NODE, "utf-8")
    monkeypatch.setenv("ONETAPE__LIVE__VENUES__COINS__BINANCE__SECRET", "hush-hush")
    loaded = load_live(file)
    account = loaded.section(LiveConfig).venues["COINS"].binance
    assert account is not None
    assert account.secret.reveal() == "hush-hush"
    assert b"hush-hush" not in loaded.canonical_json()
    assert "hush-hush" not in repr(loaded)
