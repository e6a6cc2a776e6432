# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Binance spot in the guardian's care: all open orders cancelled by REST, with a key of its own."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import aiohttp
import msgspec

from onetape.errors import DecodeError
from onetape.live.adapters._adapter import Backoff
from onetape.live.adapters.binance import _requests as ask
from onetape.live.adapters.binance._calls import Answer, Outcome, Refusal, RestCalls, desk_of
from onetape.live.adapters.binance._messages import OrderState, ServerTime, read
from onetape.live.adapters.binance._requests import Request
from onetape.live.wards import RETRY_S, Confirmed, Ward

if TYPE_CHECKING:
    from onetape.live.adapters.binance.config import BinanceConfig
    from onetape.types import Instrument

log = logging.getLogger("onetape.live")

#: How often the way there is used, so that connections are open and the key is known to work.
KEEP_S = 5.0
#: First pause between two attempts to cancel, and that between two looks after it confirmed.
AGAIN_S, SWEEP_EVERY_S = 0.02, 0.25
_CONNECTIONS_MAX = 8
_NOTHING_TO_CANCEL = -2011


class BinanceWard(Ward):
    """One account.

    Binance knows no way to take no new order: the adapter sees the guardian's bar before each. What
    it sent before may still arrive within its receive window; until that is over, it is swept.

    Args:
        venue_id: The venue's id in the engine's journal.
        name: Its name.
        config: The account, with the guardian's key.
        instruments: What is traded there.
    """

    def __init__(
        self, venue_id: int, name: str, config: BinanceConfig, instruments: Sequence[Instrument]
    ) -> None:
        super().__init__(venue_id, name)
        self._config = config
        self._instruments = instruments
        self._desk = desk_of(config)
        self._rest: RestCalls | None = None
        self._work: asyncio.Task[None] | None = None
        self._confirmed: Confirmed = lambda: None

    async def care(self, confirmed: Confirmed) -> None:
        """Keep connections open, and see that the key works."""
        self._confirmed = confirmed
        try:
            async with aiohttp.ClientSession() as session:
                self._rest = RestCalls(session, self._config.rest_url, self._desk)
                while True:
                    await asyncio.sleep(KEEP_S if await self._keep(self._rest) else RETRY_S)
        finally:
            self._rest = None
            if self._work is not None:
                self._work.cancel()

    async def _keep(self, rest: RestCalls) -> bool:
        clock = self._desk.clock
        asked_ms = clock.own_ms()
        outcome = await rest.call(Request("time", {}))
        if isinstance(outcome, Answer):
            clock.set(read(ServerTime, outcome.body).time_ms, asked_ms, clock.own_ms())
            some = self._instruments[:_CONNECTIONS_MAX]
            outcomes = await asyncio.gather(*(rest.call(ask.open_orders(one)) for one in some))
            bad = [outcome for outcome in outcomes if not isinstance(outcome, Answer)]
            outcome = bad[0] if bad else outcome
        if not isinstance(outcome, Answer):
            log.error("the guardian at %s: %s", self.name, outcome.text)
        return isinstance(outcome, Answer)

    def _send(self) -> bool:
        if self._rest is None or (self._work is not None and not self._work.done()):
            return False
        self._work = asyncio.create_task(self._cancel(self._rest))
        return True

    async def _cancel(self, rest: RestCalls) -> None:
        """Cancel until nothing is there, and until nothing can come any more."""
        until_s = time.monotonic() + self._config.receive_window_ms / 1_000
        backoff = Backoff(random.Random(), first_s=AGAIN_S, most_s=RETRY_S)  # noqa: S311 - jitter
        while self.is_due or time.monotonic() < until_s:
            canceled = await asyncio.gather(*(self._cancel_one(rest, i) for i in self._instruments))
            left = await asyncio.gather(*(self._left(rest, one) for one in self._instruments))
            is_clean = all(count is not None for count in canceled) and left == [0] * len(left)
            if is_clean and (self.is_due or any(canceled)):
                self.is_due = False
                self._confirmed()
            blocked_ms = self._desk.limits.blocked_until_ms - self._desk.clock.now_ms()
            pause_s = SWEEP_EVERY_S if is_clean else backoff.next_s()
            await asyncio.sleep(max(pause_s, blocked_ms / 1_000))

    async def _cancel_one(self, rest: RestCalls, instrument: Instrument) -> int | None:
        """Cancel all of a symbol; return how many there were, None where that is not known."""
        outcome = await rest.call(ask.cancel_all(instrument))
        if isinstance(outcome, Refusal) and outcome.code == _NOTHING_TO_CANCEL:
            return 0
        return self._count(outcome, msgspec.Raw)

    async def _left(self, rest: RestCalls, instrument: Instrument) -> int | None:
        return self._count(await rest.call(ask.open_orders(instrument)), OrderState)

    def _count(self, outcome: Outcome, kind: type) -> int | None:
        if not isinstance(outcome, Answer):
            log.critical("the guardian at %s: %s", self.name, outcome.text)
            return None
        try:
            return len(read(list[kind], outcome.body))  # type: ignore[valid-type]
        except DecodeError as err:
            log.critical("the guardian at %s: %s", self.name, err.message)
            return None
