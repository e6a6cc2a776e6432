# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the engine sends to one venue, read from its journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

from onetape import _native
from onetape.journal import Entry
from onetape.live.adapters._adapter import COMMANDS, REPORTS, Sent, is_of_venue

if TYPE_CHECKING:
    from os import PathLike

POLL_S = 0.0005
"""How long to wait when the journal has nothing new."""
_KINDS = [event.KIND for event in (*COMMANDS, *REPORTS)]
_BATCH_ENTRIES = 256
_SEQ_END = 2**64 - 1


class JournalOutbound:
    """Reads the entries of a venue: those that stand there as the backlog, then those that come.

    Args:
        path: Folder of the journal.
        venue_id: Venue.
        from_seq: Where to begin, for instance at the start of the day.
    """

    def __init__(self, path: str | PathLike[str], venue_id: int, *, from_seq: int = 1) -> None:
        self._venue_id = venue_id
        self._reader = _native.JournalReader(path)
        if from_seq > max(self._reader.next_seq(), 1):
            self._reader.seek_seq(from_seq)

    def backlog(self) -> Iterator[Sent]:
        """Yield what stands there now: commands, and what was reported."""
        at_end = False
        while not at_end:
            found, at_end = self._take()
            yield from found

    async def __aiter__(self) -> AsyncIterator[Sent]:
        """Yield commands as they come."""
        while True:
            found, at_end = self._take()
            for sent in found:
                if not isinstance(sent.event, REPORTS):
                    yield sent
            if at_end:
                await asyncio.sleep(POLL_S)

    def _take(self) -> tuple[list[Sent], bool]:
        found, at_end, _ = self._reader.take(_BATCH_ENTRIES, _KINDS, (_SEQ_END, None))
        sent = []
        for entry in (Entry(*fields) for fields in found):
            event = entry.event
            if is_of_venue(event) and event.venue_id == self._venue_id:
                sent.append(Sent(entry.seq, entry.ts_ns, event))
        return sent, at_end
