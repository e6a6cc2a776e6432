# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A venue in the guardian's care: how it is asked to cancel all, and when it has confirmed."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from onetape.errors import VenueError, WireError
from onetape.exchange.client import OuchClient
from onetape.wire import ouch50

if TYPE_CHECKING:
    from onetape.exchange.client import OuchPlace

log = logging.getLogger("onetape.live")

#: Pauses between attempts to connect, and until a venue that does not answer is asked again.
RETRY_S, ANSWER_S = 0.25, 0.5

Confirmed = Callable[[], None]


class Ward(ABC):
    """One venue, on sessions that nobody but the guardian has.

    Args:
        venue_id: Its id in the engine's journal.
        name: Its name.

    Attributes:
        is_due: The venue is to be asked, and has not confirmed.
    """

    def __init__(self, venue_id: int, name: str) -> None:
        self.venue_id = venue_id
        self.name = name
        self.is_due = False
        self._asked_s = 0.0

    @abstractmethod
    async def care(self, confirmed: Confirmed) -> None:
        """Be ready to ask at any time, and hear what the venue says, until cancelled.

        Args:
            confirmed: Called when the venue has confirmed that nothing of the account lives.
        """

    @abstractmethod
    def _send(self) -> bool:
        """Ask the venue to cancel everything; whether it could be asked, and was not just now."""

    def ask(self, now_s: float) -> bool:
        """Ask the venue to take nothing new and to cancel everything; whether it could be asked."""
        if not self._send():
            return False
        self._asked_s = now_s
        return True

    def is_late(self, now_s: float) -> bool:
        """Whether it has to be asked, for the first time or again."""
        return self.is_due and now_s - self._asked_s > ANSWER_S


class OuchWard(Ward):
    """A venue that speaks OUCH 5.0.

    Args:
        venue_id: Its id in the engine's journal.
        name: Its name.
        place: The guardian's own port there.
    """

    def __init__(self, venue_id: int, name: str, place: OuchPlace) -> None:
        super().__init__(venue_id, name)
        self._place = place
        self._asked: set[int] = set()
        self.client: OuchClient | None = None

    async def care(self, confirmed: Confirmed) -> None:
        """Be logged in all the time."""
        while True:
            self.client = OuchClient(self._place, sequence=0)
            try:
                await self.client.connect()
                async for event in self.client:
                    if self.hear(event.message):
                        confirmed()
            except VenueError as err:
                log.warning("the guardian at %s: %s", self.name, err.message)
            await self.client.close()
            await asyncio.sleep(RETRY_S)

    def _send(self) -> bool:
        if self.client is None or not self.client.is_connected:
            return False
        try:
            # Closed first: what is on its way behind the cancel is refused.
            self._asked = {self.client.set_entry(False), self.client.mass_cancel()}
        except (VenueError, WireError):
            return False
        return True

    def hear(self, message: ouch50.Message) -> bool:
        """Take in what the venue says; whether it has confirmed with this all that it was asked."""
        match message:
            case ouch50.MassCancelResponse() | ouch50.DisableOrderEntryResponse():
                if message.user_ref_num not in self._asked:
                    return False
                self._asked.discard(message.user_ref_num)
            case _:
                return False
        confirmed = self.is_due and not self._asked
        self.is_due = self.is_due and not confirmed
        return confirmed
