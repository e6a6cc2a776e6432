# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A venue of FIX 4.4 in the guardian's care: a session of its own, and mass cancels on it."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from typing import TYPE_CHECKING

from onetape.live.adapters._adapter import Backoff
from onetape.live.adapters.fix import _requests as say
from onetape.live.adapters.fix._link import FixLink, FixPlace
from onetape.live.wards import Confirmed, Ward

if TYPE_CHECKING:
    from onetape.wire import fix

log = logging.getLogger("onetape.live")

#: When it is asked again after it confirmed, each so long after the answer before it: an order may
#: have been on its way on the other session, most likely by a little.
SWEEPS_S = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5)
_CL_ORD_ID, _RESPONSE, _AFFECTED, _TEXT = 11, 531, 533, 58


class FixWard(Ward):
    """A FIX session that the guardian alone has.

    Args:
        venue_id: The venue's id in the engine's journal.
        name: Its name.
        place: The session.
    """

    def __init__(self, venue_id: int, name: str, place: FixPlace) -> None:
        super().__init__(venue_id, name)
        self._link = FixLink(place, self)
        self._asked = ""
        self._confirmed: Confirmed = lambda: None
        self._last_name_ms = 0
        self._sweeps: list[float] = []

    async def care(self, confirmed: Confirmed) -> None:
        """Be logged on all the time."""
        self._confirmed = confirmed
        await self._link.keep(Backoff(random.Random(), most_s=1.0))  # noqa: S311 - jitter

    async def logged_on(self) -> None:
        """Take it that the venue can be asked: it is, where that is due."""
        if self.is_due:
            self.ask(time.monotonic())

    async def link_down(self, why: str, *, was_up: bool) -> None:
        """Take it that the venue cannot be asked now."""
        del was_up
        log.warning("the guardian at %s: %s", self.name, why)

    async def rejected(self, sequence: int) -> None:
        """Take it that the venue does not take what it was asked."""
        log.critical("%s rejects the guardian's message %s", self.name, sequence)

    async def said(self, message: fix.Message) -> None:
        """Take what the venue says; reports of single orders are the adapter's business."""
        if message.msg_type == b"j":
            log.critical("%s takes no mass cancel: %s", self.name, message.find(_TEXT))
        if message.msg_type != b"r" or message.find(_CL_ORD_ID) != self._asked.encode():
            return
        if message.find(_RESPONSE) == b"0":
            log.critical(
                "%s refuses the guardian's mass cancel: %s", self.name, message.find(_TEXT)
            )
            return
        was_due, self.is_due = self.is_due, False
        if was_due:
            self._sweeps = list(SWEEPS_S)
        if was_due or int(message.find(_AFFECTED) or b"0"):
            self._confirmed()
        if self._sweeps:
            asyncio.get_running_loop().call_later(self._sweeps.pop(0), self._send)

    def _send(self) -> bool:
        if not self._link.is_up:
            return False
        # Unlike any other of the day, also of a guardian before this one.
        self._last_name_ms = max(self._last_name_ms + 1, time.time_ns() // 1_000_000)
        self._asked = f"G{self._last_name_ms}"
        self._link.send(*say.cancel_all(None, self._asked, time.time_ns()))
        return True
