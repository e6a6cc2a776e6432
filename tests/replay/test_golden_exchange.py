# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An exchange's folder of an earlier version: every build must lead to the same outputs, the same
state and the same bytes on every wire.

`tests/golden/exchange_v1` holds two days and a restart with a firm more: OUCH 5.0 and 4.2, FIX 4.4
and 5.0 SP2, a drop copy and ITCH. It was recorded from what `tests/e2e/test_exchange_replay.py`
does, its streams cut to what they hold, without snapshots. It is never written again: a change that
breaks it is a change of format or of behaviour, and needs a new id or version.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from onetape.errors import ReplayMismatchError
from onetape.exchange.replay import replay_exchange

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "exchange_v1"
MESSAGES = {
    20_261_123: {
        "ITCH 5.0": 42, "OUCH 5.0 ALFA1": 13, "OUCH 4.2 ALFA2": 20, "FIX 4.4 ALFADC, drop copy": 30,
        "FIX 5.0 SP2 BETAFX": 17, "FIX 4.4 BETAF4": 17,
    },
    20_261_124: {
        "ITCH 5.0": 24, "OUCH 5.0 ALFA1": 7, "OUCH 4.2 ALFA2": 12, "FIX 4.4 ALFADC, drop copy": 18,
        "FIX 5.0 SP2 BETAFX": 11, "FIX 4.4 BETAF4": 10,
    },
}  # fmt: skip


def test_the_golden_exchange_says_the_same_on_every_wire():
    found = replay_exchange(GOLDEN / "journal")
    assert (found.entries, found.outputs, found.outputs_missing) == (218, 120, 0)
    told: dict[int, dict[str, int]] = {}
    for stream in found.streams:
        assert stream.messages == stream.equal == stream.stored
        told.setdefault(stream.date, {})[stream.wire] = stream.messages
    assert told == MESSAGES


def test_one_changed_byte_of_it_is_found(tmp_path: Path):
    shutil.copytree(GOLDEN, tmp_path / "golden")
    path = tmp_path / "golden" / "streams" / "20261124-OT20261124" / "port-00005.msg"
    content = bytearray(path.read_bytes())
    content[20] ^= 1
    path.write_bytes(content)
    with pytest.raises(ReplayMismatchError, match=r"FIX 4\.4 BETAF4, message 1"):
        replay_exchange(tmp_path / "golden" / "journal")
