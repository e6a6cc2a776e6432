# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Reads a journal: entry by entry, or a whole kind as a NumPy array. Writes nothing, locks nothing.

Every entry is checked on the way: its checksum, its place in the order, its time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np

from onetape import _native
from onetape.journal import _snapshots
from onetape.journal._entry import Entry
from onetape.journal._verify import VerifyReport, verify

if TYPE_CHECKING:
    from onetape.events import Event

SEQ_END = 2**64 - 1
_BATCH_ENTRIES = 4096
_FOLLOW_WAIT_S = 0.05
#: What stands before the event's own fields in a row of `Journal.read`.
ROW_FIELDS: list[tuple[str, str]] = [
    ("seq", "<u8"),
    ("ts_ns", "<i8"),
    ("source", "<u4"),
    ("tail_bytes", "<u4"),
]


class SegmentInfo(msgspec.Struct, frozen=True, kw_only=True):
    """One segment file.

    Attributes:
        number: Its number, from 1.
        path: Its file.
        bytes: Bytes of the file.
        state: `prepared` (holds nothing), `unsealed` or `sealed`.
        first_seq: Its first entry, once begun.
        schema_version: Version of the schema of its bodies, once begun.
        run_id: Which run wrote it, in hex, once begun.
        last_seq: Its last entry, once sealed.
        first_ts_ns: Time of its first entry, once sealed.
        last_ts_ns: Time of its last entry, once sealed.
        chain: Its chain hash, in hex, once sealed.
    """

    number: int
    path: str
    bytes: int
    state: Literal["prepared", "unsealed", "sealed"]
    first_seq: int | None
    schema_version: int | None
    run_id: str | None
    last_seq: int | None
    first_ts_ns: int | None
    last_ts_ns: int | None
    chain: str | None


class JournalInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a journal without reading it whole.

    Attributes:
        path: Its folder.
        segments: Its segments, in order.
        bytes: Bytes of the segment files.
        last_seq: Last entry; 0 if none.
        first_ts_ns: Time of the first entry; None if there is none.
        last_ts_ns: Time of the last entry; None if there is none.
        head: Chain hash of the last sealed segment, in hex: keep it elsewhere; None if none.
        snapshots: Entries after which there is a snapshot.
    """

    path: str
    segments: list[SegmentInfo]
    bytes: int
    last_seq: int
    first_ts_ns: int | None
    last_ts_ns: int | None
    head: str | None
    snapshots: list[int]


def row_dtype(kind: type[Event]) -> np.dtype[np.void]:
    """Return the dtype of the rows of `Journal.read`: the entry's fields, then the event's."""
    names = kind.DTYPE.names or ()
    fields = [(name, kind.DTYPE.fields[name][0]) for name in names] if kind.DTYPE.fields else []
    return np.dtype([*ROW_FIELDS, *fields])


class Journal:
    """A journal, to be read.

    Args:
        path: Folder of the journal.

    Raises:
        JournalError: If there is no journal.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self.path = Path(path)
        _native.JournalReader(self.path)  # Fails now rather than at the first read.

    def __iter__(self) -> Iterator[Entry]:
        """Yield every entry that is there now."""
        return self.entries()

    def entries(
        self,
        *,
        start: int = 1,
        end: int = SEQ_END,
        start_ts_ns: int | None = None,
        end_ts_ns: int | None = None,
        kinds: Collection[int] = (),
        follow: bool = False,
    ) -> Iterator[Entry]:
        """Yield entries in order.

        Args:
            start: First sequence number, inclusive.
            end: Last sequence number, exclusive.
            start_ts_ns: First time, inclusive, in nanoseconds since the Unix epoch.
            end_ts_ns: Last time, exclusive, in nanoseconds since the Unix epoch.
            kinds: Kinds of events; empty for all.
            follow: Wait for entries still to come, without end.

        Raises:
            JournalCorruptError: If an entry is damaged; it names the place.
            JournalGapError: If a segment is missing.
        """
        reader = self._reader_at(start, start_ts_ns)
        wanted = list(kinds)
        while True:
            found, at_end, is_past = reader.take(_BATCH_ENTRIES, wanted, (end, end_ts_ns))
            for fields in found:
                if fields[0] >= start:
                    yield Entry(*fields)
            if is_past or (at_end and not follow):
                return
            if at_end:
                reader.wait(_FOLLOW_WAIT_S)

    def counts(
        self,
        *,
        start: int = 1,
        end: int = SEQ_END,
        start_ts_ns: int | None = None,
        end_ts_ns: int | None = None,
    ) -> dict[int, int]:
        """Return how many entries there are of each kind, by kind; see `entries`."""
        reader = self._reader_at(start, start_ts_ns)
        totals: dict[int, int] = {}
        at_end = False
        while not at_end:
            counts, at_end = reader.count((end, end_ts_ns))
            for kind, count in counts:
                totals[kind] = totals.get(kind, 0) + count
        return dict(sorted(totals.items()))

    def read(
        self,
        kind: type[Event],
        *,
        start: int = 1,
        end: int = SEQ_END,
        start_ts_ns: int | None = None,
        end_ts_ns: int | None = None,
    ) -> np.ndarray[Any, np.dtype[np.void]]:
        """Return all events of one kind.

        Args:
            kind: The event's class, of `onetape.events`.
            start: First sequence number, inclusive.
            end: Last sequence number, exclusive.
            start_ts_ns: First time, inclusive, in nanoseconds since the Unix epoch.
            end_ts_ns: Last time, exclusive, in nanoseconds since the Unix epoch.

        Returns:
            Structured array, shape (n,): `seq`, `ts_ns`, `source`, `tail_bytes` (length of what
            follows the event's fixed part), then the event's own fields.

        Raises:
            JournalCorruptError: If an entry is damaged; it names the place.
            JournalError: If an entry has another version of the layout.
        """
        batches = self.batches(
            kind, start=start, end=end, start_ts_ns=start_ts_ns, end_ts_ns=end_ts_ns
        )
        parts = [rows for rows, _tails in batches]
        return np.concatenate(parts) if parts else np.empty(0, row_dtype(kind))

    def batches(
        self,
        kind: type[Event],
        *,
        rows_max: int = 1 << 18,
        tails: bool = False,
        start: int = 1,
        end: int = SEQ_END,
        start_ts_ns: int | None = None,
        end_ts_ns: int | None = None,
    ) -> Iterator[tuple[np.ndarray[Any, np.dtype[np.void]], bytes]]:
        """Yield all events of one kind, some at a time; see `read`.

        Args:
            kind: The event's class.
            rows_max: Most rows of a batch.
            tails: Also give what follows the fixed parts, one after the other.
            start: First sequence number, inclusive.
            end: Last sequence number, exclusive.
            start_ts_ns: First time, inclusive.
            end_ts_ns: Last time, exclusive.
        """
        reader = self._reader_at(start, start_ts_ns)
        dtype = row_dtype(kind)
        layout = (kind.KIND, kind.VERSION, kind.SIZE)
        at_end = False
        while not at_end:
            raw, tail, at_end = reader.rows(layout, rows_max, (end, end_ts_ns), tails)
            if len(raw):
                yield raw.view(dtype), tail

    def _reader_at(self, start: int, start_ts_ns: int | None) -> _native.JournalReader:
        reader = _native.JournalReader(self.path)
        if start_ts_ns is not None:
            reader.seek_ts(start_ts_ns)
        if start > max(reader.next_seq(), 1):
            reader.seek_seq(start)
        return reader

    def info(self) -> JournalInfo:
        """Return what is known without reading the journal whole.

        Raises:
            JournalCorruptError: If the header or the seal of a segment is damaged.
        """
        segments = [_segment(raw) for raw in _native.journal_segments(self.path)]
        chains = [segment.chain for segment in segments if segment.chain]
        first = next(self.entries(), None)
        last_seq, last_ts_ns = self._last(segments)
        return JournalInfo(
            path=str(self.path),
            segments=segments,
            bytes=sum(segment.bytes for segment in segments),
            last_seq=last_seq,
            first_ts_ns=first.ts_ns if first else None,
            last_ts_ns=last_ts_ns,
            head=chains[-1] if chains else None,
            snapshots=[snapshot.seq for snapshot in self.snapshots()],
        )

    def _last(self, segments: list[SegmentInfo]) -> tuple[int, int | None]:
        """Return number and time of the last entry; walks what is not sealed."""
        last: tuple[int, int | None] = (0, None)
        for segment in segments:
            if segment.last_seq is not None and segment.last_seq >= (segment.first_seq or 0):
                last = (segment.last_seq, segment.last_ts_ns)
            elif segment.state == "unsealed":
                for entry in self.entries(start=segment.first_seq or 1):
                    last = (entry.seq, entry.ts_ns)
                break
        return last

    def verify(self, *, head: str | None = None) -> VerifyReport:
        """Check the whole journal; see `onetape.journal.verify`."""
        return verify(self.path, head=head)

    def export(
        self,
        target: str | PathLike[str],
        *,
        format: Literal["parquet", "arrow"] = "parquet",
        kinds: Collection[type[Event]] = (),
    ) -> list[Path]:
        """Write one file per kind of event; see `onetape.journal.export`."""
        from onetape.journal._export import export  # noqa: PLC0415 - Arrow is slow to import

        return export(self, target, format=format, kinds=kinds)

    def snapshots(self) -> list[_snapshots.SnapshotInfo]:
        """Return the snapshots beside the journal, oldest first; none is looked into."""
        return _snapshots.list_snapshots(self.path)

    def newest_snapshot(self, seq_max: int = SEQ_END) -> _snapshots.Snapshot | None:
        """Return the newest whole snapshot of entry `seq_max` or before.

        A broken one is passed over with a warning, and the one before it taken.
        """
        return _snapshots.newest_snapshot(self.path, seq_max)

    def write_snapshot(self, snapshot: _snapshots.Snapshot) -> Path:
        """Write a snapshot: there whole, or not at all.

        Raises:
            JournalFullError: If there is no room.
        """
        return _snapshots.write_snapshot(self.path, snapshot)


def _segment(raw: dict[str, Any]) -> SegmentInfo:
    for name in ("run_id", "chain"):
        if raw[name] is not None:
            raw[name] = bytes(raw[name]).hex()
    return SegmentInfo(**raw)


def open_journal(path: str | PathLike[str]) -> Journal:
    """Open a journal for reading.

    Args:
        path: Folder of the journal.

    Raises:
        JournalError: If there is no journal.
    """
    return Journal(path)
