# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Reads on where it left off, without waiting: for who has other things to do between."""

from __future__ import annotations

from collections.abc import Collection
from os import PathLike

from onetape import _native
from onetape.journal._entry import Entry

_SEQ_END = 2**64 - 1


class Tail:
    """A place in a journal that moves on with every call.

    Args:
        path: Folder of the journal.
        start: First entry wanted, from 1.
        kinds: Kinds of events; empty for all.

    Raises:
        JournalError: If there is no journal.
    """

    def __init__(
        self, path: str | PathLike[str], *, start: int = 1, kinds: Collection[int] = ()
    ) -> None:
        self._reader = _native.JournalReader(path)
        if start > 1:
            self._reader.seek_seq(start)
        self._start, self._kinds = start, list(kinds)
        #: Whether the last call saw the end of what is there.
        self.is_at_end = False

    def take(self, entries_max: int = 4_096) -> list[Entry]:
        """Return the next entries that are there now; none when nothing is new.

        Args:
            entries_max: Most entries to return.

        Raises:
            JournalCorruptError: If an entry is damaged; it names the place.
            JournalGapError: If a segment is missing.
        """
        found, self.is_at_end, _ = self._reader.take(entries_max, self._kinds, (_SEQ_END, None))
        return [Entry(*fields) for fields in found if fields[0] >= self._start]
