# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""One entry of the journal."""

from __future__ import annotations

import msgspec

from onetape.events import EVENTS, Event


class Entry(msgspec.Struct, frozen=True):
    """One event as it stands in the journal.

    Attributes:
        seq: Place in the total order; rises by one, from 1.
        ts_ns: When the sequencer took it, in nanoseconds since the Unix epoch; never falls.
        kind: What happened; the number of an event in schema/events.toml.
        version: Version of the layout of its body.
        source: Who put it in: 0 the engine itself, else a feed or a strategy.
        body: Its bytes.
    """

    seq: int
    ts_ns: int
    kind: int
    version: int
    source: int
    body: bytes

    @property
    def name(self) -> str:
        """Name of the event; `kind 99` when the schema does not have it."""
        event = EVENTS.get(self.kind)
        return event.__name__ if event else f"kind {self.kind}"

    @property
    def event(self) -> Event | None:
        """The body as its event class; None when the schema does not have it in this version."""
        kind = EVENTS.get(self.kind)
        if kind is None or self.version != kind.VERSION or len(self.body) < kind.SIZE:
            return None
        return kind.unpack(self.body)
