# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What stands between a venue's adapter and the engine, and what an adapter is."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias, TypeGuard

from onetape.events import (
    CancelSent,
    FeeTakenInKind,
    MarketUpdated,
    MassCancelSent,
    OrderSent,
    PositionReported,
    QuerySent,
    ReplaceSent,
    VenueLink,
    VenueLinkChanged,
    VenueReported,
)

if TYPE_CHECKING:
    import random
    from pathlib import Path

Command: TypeAlias = OrderSent | CancelSent | ReplaceSent | MassCancelSent | QuerySent
"""What the engine wants of a venue."""
Statement: TypeAlias = (
    VenueReported | FeeTakenInKind | PositionReported | VenueLinkChanged | MarketUpdated
)
"""What a venue says."""

Report: TypeAlias = VenueReported | FeeTakenInKind
"""What an adapter remembers of its own words."""

COMMANDS: tuple[type[Command], ...] = (
    OrderSent,
    CancelSent,
    ReplaceSent,
    MassCancelSent,
    QuerySent,
)
REPORTS: tuple[type[Report], ...] = (VenueReported, FeeTakenInKind)
_FULL_WAIT_S = 0.001
_NS_PER_MS = 1_000_000
NOT_CONNECTED = "order entry is not connected"


class Sent(NamedTuple):
    """An entry of the journal that concerns one venue.

    Attributes:
        seq: Its sequence number.
        ts_ns: Its time, ns since the Unix epoch.
        event: A command; in the backlog also what the adapter itself reported.
    """

    seq: int
    ts_ns: int
    event: Command | Report


class Outbound(Protocol):
    """The entries of one venue, in the journal's order."""

    def backlog(self) -> Iterable[Sent]:
        """Return what was there before this adapter started, its own reports too.

        What stands there may have been sent: it is never sent again, only asked about.
        """

    def __aiter__(self) -> AsyncIterator[Sent]:
        """Yield commands as they come, without end."""


class Inlet(Protocol):
    """The way into the engine, which numbers, times and journals what comes."""

    def put(self, event: Statement, *, ts_ns: int = 0) -> bool:
        """Hand an event in.

        Args:
            event: What the venue said.
            ts_ns: When it came, ns since the Unix epoch; 0: now.

        Returns:
            False when there is no room: the engine is behind; nothing was handed in.
        """


class Adapter(ABC):
    """Speaks with one venue, on asyncio.

    Three things an adapter owes: what it reports is what the venue said; a request that may have
    been sent is never sent again, its outcome is asked for; and nothing of its secrets leaves it.

    Args:
        venue_id: Venue.
        inlet: Where statements go.
        bar: While this file is there, no new order leaves: the guardian has stopped the venue.

    Attributes:
        market_drops: Market events that did not fit into the inlet.
    """

    def __init__(self, venue_id: int, inlet: Inlet, bar: Path | None = None) -> None:
        self.venue_id = venue_id
        self.market_drops = 0
        self._inlet = inlet
        self._bar = bar

    @abstractmethod
    async def run(self, outbound: Outbound) -> None:
        """Speak with the venue until cancelled.

        Args:
            outbound: What the engine sends to this venue.

        Raises:
            OnetapeError: If the venue refuses in a way that no waiting mends.
        """

    def refusal(self, *, is_up: bool) -> str:
        """Return why no new order may leave now; empty: it may. Cancels never ask.

        Args:
            is_up: Order entry is connected.
        """
        if self._bar is not None and self._bar.exists():
            return "the guardian has stopped this venue: resume the node"
        return "" if is_up else NOT_CONNECTED

    async def hand_in(self, event: Statement, *, ts_ns: int = 0) -> None:
        """Hand an event in that must not be lost: wait while there is no room."""
        while not self._inlet.put(event, ts_ns=ts_ns):
            await asyncio.sleep(_FULL_WAIT_S)

    def offer(self, event: MarketUpdated, *, ts_ns: int = 0) -> bool:
        """Hand a market event in; where there is no room it is dropped, counted, and False."""
        if self._inlet.put(event, ts_ns=ts_ns):
            return True
        self.market_drops += 1
        return False

    async def say_link(self, link: VenueLink, *, is_up: bool, why: str = "") -> None:
        """Say that a connection came up or went down."""
        changed = VenueLinkChanged(
            next_message=0,
            session=b"",
            venue_id=self.venue_id,
            link=link,
            is_up=int(is_up),
            reserved=0,
            tail=why.encode(),
        )
        await self.hand_in(changed)


def age_refusal(sent: Sent, age_max_ms: int) -> str:
    """Return why a command is too old to be sent, if it is; empty: it is not."""
    waited_ms = (time.time_ns() - sent.ts_ns) // _NS_PER_MS
    return f"it waited {waited_ms} ms for the adapter" if waited_ms > age_max_ms else ""


class Backoff:
    """How long to wait before the next try: doubling, with jitter, up to a limit.

    Args:
        rng: Where the jitter comes from.
        first_s: First wait.
        most_s: Longest wait.

    Examples:
        >>> import random
        >>> backoff = Backoff(random.Random(1), first_s=1.0, most_s=4.0)
        >>> [0.5 <= backoff.next_s() / most <= 1.0 for most in (1, 2, 4, 4)]
        [True, True, True, True]
    """

    def __init__(self, rng: random.Random, *, first_s: float = 0.2, most_s: float = 30.0) -> None:
        self._rng = rng
        self._first_s = first_s
        self._most_s = most_s
        self._tries = 0

    def next_s(self) -> float:
        """Return the next wait in seconds: between half and all of what is due."""
        due = min(self._most_s, self._first_s * (1 << self._tries))
        self._tries = min(self._tries + 1, 32)
        return due * (1 + self._rng.random()) / 2

    def reset(self) -> None:
        """Begin again: it worked."""
        self._tries = 0

    def after(self, lasted_s: float) -> float:
        """Return the next wait after something that lasted so long and then broke.

        One that breaks as soon as it is made counts as a failure: venues count connections.
        """
        if lasted_s > self._most_s:
            self.reset()
        return self.next_s()

    def fresh(self) -> Backoff:
        """Return one of the same limits that begins at its first wait."""
        return Backoff(self._rng, first_s=self._first_s, most_s=self._most_s)


def is_of_venue(event: object) -> TypeGuard[Command | Report]:
    """Return whether an event is a command to a venue, or a report of it."""
    return isinstance(event, (*COMMANDS, *REPORTS))
