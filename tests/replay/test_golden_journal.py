# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Golden journals of every format are read for ever. crates/io/tests/golden.rs made them."""

from pathlib import Path

import pytest

from onetape.journal import Entry, open_journal, verify

# The chain hash of its last segment, kept elsewhere than in it: here.
HEAD_V1 = "afb5e91130a91ad0c563d4a3c844d090950d13c73156149b3ec31afb11872890"


@pytest.fixture
def golden(root: Path) -> Path:
    return root / "tests" / "golden" / "journal_v1"


def entry(n: int) -> Entry:
    """Return what entry `n` was made as, by the same rule as in golden.rs."""
    body = bytes((n * 31 + at * 7) % 256 for at in range(n % 90))
    ts_ns = 1_548_858_600_000_000_000 + n * 1000
    return Entry(n, ts_ns, n % 61, n % 3 + 1, n * 7, body)


def test_version_1_is_read(golden):
    assert list(open_journal(golden)) == [entry(n) for n in range(1, 91)]
    assert list(open_journal(golden).entries(start=77)) == [entry(n) for n in range(77, 91)]
    times = open_journal(golden).entries(start_ts_ns=entry(30).ts_ns, end_ts_ns=entry(33).ts_ns)
    assert list(times) == [entry(n) for n in (30, 31, 32)]


def test_version_1_is_as_it_was(golden):
    report = verify(golden, head=HEAD_V1)
    assert (report.findings, report.tail, report.head_found) == ([], "sealed", 3)


def test_its_snapshot_is_read(golden):
    snapshot = open_journal(golden).newest_snapshot()
    assert snapshot
    assert (snapshot.seq, snapshot.ts_ns) == (50, entry(50).ts_ns)
    assert (snapshot.state_hash, snapshot.component_version) == (0x0123_4567_89AB_CDEF, 2)
    assert snapshot.body == b"the state after entry 50"
