# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Runs that were journaled by earlier versions: every build must replay them to the same state.

`tests/golden/run_v1` was written by `write()` below. It is never written again: a change that
breaks it is a change of format, of the state's digest or of behaviour, and needs a new id or
version.
"""

import shutil
from pathlib import Path

import pytest

from onetape import Market, ReplayMismatchError, Strategy, replay, run
from onetape.errors import JournalCorruptError
from onetape.events import OrderFilled, PositionChanged
from onetape.journal import JournalWriter, open_journal

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "run_v1"


class Quoter(Strategy):
    def on_book(self, market: Market) -> None:
        lean = market.increment_ticks * int(market.position_lots / 100)
        self.quote(market, bid=market.bid_ticks - lean, ask=market.ask_ticks - lean, qty=100)


LIMITS = {
    "order_qty_max": 100,
    "order_notional_max": 10**9,
    "position_max": 500,
    "price_collar_ticks": 1_000,
    "order_rate_max": 50,
}


def write(folder: Path) -> str:
    settings = {"run.messages": 3_000, "journal.segment_bytes": 131_072}
    return run(Quoter, journal=folder, risk=LIMITS, settings=settings).state_hash


def test_the_golden_run_replays_to_its_state():
    found = replay(GOLDEN)
    assert found.hashes == 1
    assert found.outputs_missing == 0
    assert found.entries == STATE["entries"]
    assert found.state_hash == STATE["hash"]
    journal = open_journal(GOLDEN)
    fills = journal.read(OrderFilled)
    assert len(fills) == STATE["fills"]
    last = journal.read(PositionChanged)[-1]
    assert int(last["position_lots"]) == STATE["last_position"]


def test_todays_run_is_the_golden_one_byte_for_byte(tmp_path: Path):
    """Two builds, one configuration, the same bytes: only the configuration's own text may grow."""
    assert write(tmp_path / "today") == STATE["hash"]
    assert replay(tmp_path / "today").state_hash == STATE["hash"]


def test_an_edited_output_is_named(tmp_path: Path):
    """An edit whose checksum was made good again: the chain finds it, and so does a replay."""
    edited = tmp_path / "edited"
    changed = 0
    with JournalWriter(edited) as writer:
        for entry in open_journal(GOLDEN):
            body = bytearray(entry.body)
            if entry.kind == OrderFilled.KIND and not changed:
                changed = entry.seq
                body[40] ^= 1
            writer.append_raw(entry.kind, bytes(body), ts_ns=entry.ts_ns, source=entry.source)
    with pytest.raises(ReplayMismatchError, match=f"entry {changed}: OrderFilled differs in qty"):
        replay(edited)


def test_a_journal_that_is_no_run_says_so(tmp_path: Path):
    shutil.copytree(GOLDEN.parent / "journal_v1", tmp_path / "j")
    with pytest.raises(JournalCorruptError, match="no configuration of a run"):
        replay(tmp_path / "j")


STATE = {"hash": "5e6562a58c9a717b", "entries": 3_475, "fills": 18, "last_position": 0}
