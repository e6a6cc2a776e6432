# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The journal: every event of a run, in one order, on disk, in memory-mapped segments.

    journal = open_journal("runs/journal")
    for entry in journal:
        print(entry.seq, entry.event)
    fills = journal.read(OrderFilled)           # a NumPy structured array
    journal.export("out", format="parquet")

Readers are in any process, at any time, also while the journal is written; they write nothing.
"""

from onetape.journal._entry import Entry
from onetape.journal._export import export
from onetape.journal._reader import (
    Journal,
    JournalInfo,
    SegmentInfo,
    open_journal,
    row_dtype,
)
from onetape.journal._snapshots import Snapshot, SnapshotInfo
from onetape.journal._tail import Tail
from onetape.journal._verify import Finding, VerifyReport, verify
from onetape.journal._writer import JournalWriter, Recovery

__all__ = [
    "Entry",
    "Finding",
    "Journal",
    "JournalInfo",
    "JournalWriter",
    "Recovery",
    "SegmentInfo",
    "Snapshot",
    "SnapshotInfo",
    "Tail",
    "VerifyReport",
    "export",
    "open_journal",
    "row_dtype",
    "verify",
]
