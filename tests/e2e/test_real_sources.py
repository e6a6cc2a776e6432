# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The main job on every kind of real market data: it runs, and its replay finds the same state."""

from pathlib import Path

import pytest

from onetape import Market, Strategy, replay, run

LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10**15,
    "position_max": 5_000,
    "price_collar_ticks": 10**9,
    "order_rate_max": 1_000_000,
}


class Quoter(Strategy):
    books = 0

    def on_book(self, market: Market) -> None:
        self.books += 1
        self.quote(market, bid=market.bid_ticks, ask=market.ask_ticks, qty=10)


#: file below shared/data, kind of its entries, how many of them at least, fills at least
SOURCES = [
    ("itch/bbekele_sample_1000.itch", "PacketReceived", 1_000, 0),
    ("itch/ritch_ex20101224.TEST_ITCH_50", "PacketReceived", 12_012, 0),
    ("itch/AAPL_20190130_events_L10_first5000.csv", "MarketUpdated", 5_000, 20),
    ("lobster/LOBSTER_SampleFile_AMZN_2012-06-21_1.zip", "MarketUpdated", 57_515, 100),
    ("lobster/LOBSTER_SampleFile_AAPL_2012-06-21_1.zip", "MarketUpdated", 118_497, 100),
    ("lobster/LOBSTER_SampleFile_AMZN_2012-06-21_5.zip", "MarketUpdated", 155_935, 100),
    ("dbn/corpus/test_data.mbo.v1.dbn.zst", "MarketUpdated", 2, 0),
    ("dbn/corpus/test_data.mbo.v2.dbn.zst", "MarketUpdated", 2, 0),
    ("dbn/corpus/test_data.mbo.v3.dbn", "MarketUpdated", 2, 0),
    (
        "omi_pcaps/Nasdaq/Nasdaq.Equities.TotalView.Itch.v5.0/Multiple.Packets.pcap",
        "PacketReceived",
        2,
        0,
    ),
]


@pytest.mark.parametrize(("file", "kind", "entries", "fills"), SOURCES, ids=[s[0] for s in SOURCES])
def test_run_and_replay(shared: Path, tmp_path: Path, file: str, kind: str, entries: int, fills):
    source = shared / "data" / file
    if not source.exists():
        pytest.skip(f"no {source}")
    strategy = Quoter()
    result = run(strategy, source, journal=tmp_path / "journal", risk=LIMITS)
    assert result.source_error == ""
    assert result.events[kind] >= entries
    assert result.fills >= fills
    assert result.counters["messages_malformed"] == result.counters["capacity_rejects"] == 0
    assert replay(tmp_path / "journal").state_hash == result.state_hash
    if fills:
        assert strategy.books > 1_000


def test_every_nasdaq_capture_runs(shared: Path, tmp_path: Path):
    folder = shared / "data" / "omi_pcaps" / "Nasdaq"
    captures = sorted(folder.glob("*TotalView.Itch.v5.0*/*.pcap"))
    if not captures:
        pytest.skip(f"no captures under {folder}")
    for number, capture in enumerate(captures):
        journal = tmp_path / str(number)
        result = run(Quoter, capture, journal=journal, risk=LIMITS)
        assert result.messages > 0, capture
        assert result.counters["messages_unknown"] == 0, capture
        assert result.counters["messages_malformed"] == 0, capture
        assert replay(journal).state_hash == result.state_hash
