# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the stand-in can be told to do wrong, as the real one does now and then."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

CHANGES = {"order.place", "order.cancel", "order.cancelReplace", "order.amend.keepPriority"}
"""Requests that faults may hit: those that change something."""


@dataclass
class Faults:
    """Each number says how many requests to come are hit; a rate hits by chance.

    Attributes:
        drops_before: Requests that are lost: nothing happened, the connection breaks.
        delays: Requests that come late: the connection breaks, and they are acted on afterwards,
            if their time has not run out.
        drops_after: Requests that are acted on; the connection breaks before the answer.
        unknown_states: Requests that are acted on and answered with HTTP 503, outcome unknown.
        bans: Requests that are refused with HTTP 429.
        depth_gaps: Diffs of the depth that are not sent.
        repeats_reports: Each message of the user stream comes twice.
        mutes_reports: No message of the user stream comes; it is lost.
        drop_rate: Part of all requests that are dropped before, after, or come late.
        rng: Where chance comes from.
        hits: How often each fault was done.
    """

    drops_before: int = 0
    delays: int = 0
    drops_after: int = 0
    unknown_states: int = 0
    bans: int = 0
    depth_gaps: int = 0
    repeats_reports: bool = False
    mutes_reports: bool = False
    drop_rate: float = 0.0
    rng: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - seeded
    hits: dict[str, int] = field(default_factory=dict)

    def take(self, name: str) -> bool:
        """Return whether a fault is due, and count it."""
        left: int = getattr(self, name)
        if left <= 0:
            return False
        setattr(self, name, left - 1)
        self.hits[name] = self.hits.get(name, 0) + 1
        return True

    def roll(self) -> None:
        """Let chance decide about the next request."""
        if self.drop_rate and self.rng.random() < self.drop_rate:
            name = self.rng.choice(("drops_before", "drops_after", "delays"))
            setattr(self, name, getattr(self, name) + 1)
