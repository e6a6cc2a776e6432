# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The one writer of a journal, for tests and tools. A run writes from Rust."""

from __future__ import annotations

from os import PathLike
from types import TracebackType
from typing import Literal, Self

import msgspec

from onetape import _native
from onetape.events import Event

_RUN_ID_BYTES = 16


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """What was done on opening because the last writer did not close the journal.

    Attributes:
        segment: The segment whose tail was looked at.
        offset: Where its last whole entry ends.
        last_seq: Last whole entry.
        cut_bytes: Bytes that were cut; 0 when nothing was torn.
        cut_seq: The entry that was cut, when bytes were.
        kept: File that holds the cut bytes.
        segments_sealed: Segments that had to be sealed.
    """

    segment: int
    offset: int
    last_seq: int
    cut_bytes: int
    cut_seq: int | None
    kept: str | None
    segments_sealed: int


class JournalWriter:
    """Appends to a journal. Use it in a `with` block, or call `close`.

    Args:
        path: Folder of the journal; made if need be. What a dead writer left torn is cut at the
            last whole entry, see `recovery`.
        segment_bytes: Bytes of a segment file; a multiple of 4096, from 8192 to 2 GiB.
        durability: `async`: an entry is committed at once, survives this process, not the machine.
            `fsync`: it is committed when it is on disk; entries are committed in groups.
        run_id: 16 bytes that stand in every segment.
        cut_damaged: Cut a damaged tail even when whole entries stand after the damage.

    Raises:
        JournalLockedError: If another process writes it.
        JournalCorruptError: If it is damaged in a way that a crash does not explain.
        JournalGapError: If a segment is missing.
        JournalFullError: If there is no room for a segment.
        JournalError: If the operating system refuses.
        ConfigError: If an option is out of its range.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        *,
        segment_bytes: int = 64 << 20,
        durability: Literal["async", "fsync"] = "async",
        run_id: bytes = b"",
        cut_damaged: bool = False,
    ) -> None:
        self._native = _native.JournalWriter(
            path,
            segment_bytes=segment_bytes,
            fsync=durability == "fsync",
            run_id=run_id.ljust(_RUN_ID_BYTES, b"\0"),
            cut_damaged=cut_damaged,
        )

    def append(self, event: Event, *, ts_ns: int, source: int = 0) -> int:
        """Append an event; return its sequence number.

        Args:
            event: What happened.
            ts_ns: When, in nanoseconds since the Unix epoch; raised to the last entry's time if
                it is before it.
            source: Who says so: 0 the engine itself, else a feed or a strategy.

        Raises:
            JournalFullError: If there is no room; nothing was appended, and what was appended
                before is safe. The same call may work later.
            JournalError: If the entry is longer than a segment, or the journal is closed.
        """
        return self._native.append(event.KIND, event.VERSION, source, ts_ns, event.pack())

    def append_raw(
        self, kind: int, body: bytes, *, ts_ns: int, version: int = 1, source: int = 0
    ) -> int:
        """Append bytes as they are; see `append`."""
        return self._native.append(kind, version, source, ts_ns, body)

    @property
    def last_seq(self) -> int:
        """Sequence number of the last entry; 0 before the first."""
        return self._native.last_seq()

    @property
    def committed_seq(self) -> int:
        """The last committed entry, as the durability defines it."""
        return self._native.committed_seq()

    @property
    def times_raised(self) -> int:
        """How many times were before the one before them."""
        return self._native.times_raised()

    @property
    def recovery(self) -> Recovery | None:
        """What was done on opening; None when the journal had been closed."""
        found = self._native.recovery()
        return None if found is None else Recovery(**found)

    def commit(self) -> None:
        """Wait until all that was appended is committed.

        Raises:
            JournalError: If the disk refused.
        """
        self._native.commit()

    def close(self) -> None:
        """End and seal the last segment, and free the folder. A second call does nothing."""
        self._native.close()

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the journal."""
        self.close()
