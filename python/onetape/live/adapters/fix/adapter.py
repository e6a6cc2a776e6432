# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The adapter of FIX 4.4: logs on, sends orders, takes reports, asks after what it cannot know.

The session numbers what is sent and what is received, and its counts outlive the process: reports
that were missed are asked for and come again. What of ours the venue missed is never sent again: it
is told so (a gap fill), and that the order was not taken shows when it is asked for.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from onetape.errors import ConversionError, OnetapeError
from onetape.events import (
    CancelSent,
    MassCancelSent,
    OrderSent,
    QuerySent,
    ReplaceSent,
    VenueLink,
    VenueReported,
)
from onetape.live.adapters._adapter import (
    NOT_CONNECTED,
    Adapter,
    Backoff,
    Inlet,
    Outbound,
    Sent,
    age_refusal,
)
from onetape.live.adapters._our_order import OurOrder
from onetape.live.adapters.fix import _requests as say
from onetape.live.adapters.fix._counts import Counts
from onetape.live.adapters.fix._drop_copy import DropCopy
from onetape.live.adapters.fix._link import FixLink, FixPlace
from onetape.live.adapters.fix._names import Names
from onetape.live.adapters.fix._orders import FixOrders
from onetape.wire import fix

if TYPE_CHECKING:
    from onetape.live.adapters.fix.config import FixConfig, FixCopyConfig
    from onetape.types import Instrument

_SENT_MAX = 4_096


class FixAdapter(Adapter):
    """Speaks FIX 4.4 with one venue.

    Args:
        venue_id: Venue.
        inlet: Where statements go.
        config: The session.
        instruments: What is traded; symbols as the venue writes them.
        rng: Where the jitter of waits comes from.
        bar: While this file is there, no new order leaves.
    """

    def __init__(
        self,
        venue_id: int,
        inlet: Inlet,
        config: FixConfig,
        instruments: Sequence[Instrument],
        *,
        rng: random.Random | None = None,
        bar: Path | None = None,
    ) -> None:
        super().__init__(venue_id, inlet, bar)
        self.config = config
        self._by_id = {instrument.id: instrument for instrument in instruments}
        self._names = Names(config.prefix)
        by_symbol = {instrument.symbol: instrument for instrument in instruments}
        self._orders = FixOrders(venue_id, by_symbol, self._names, orders_max=config.orders_max)
        self._backoff = Backoff(
            rng or random.Random(),  # noqa: S311 - the jitter of waits
            first_s=config.retry_first_s,
            most_s=config.retry_most_s,
        )
        self._sent_names: dict[int, str] = {}
        self._questions: dict[int, asyncio.Event] = {}
        self._has_mass_status = config.mass_status
        self._census = _Census("")

    async def run(self, outbound: Outbound) -> None:
        """Speak with the venue until cancelled.

        Args:
            outbound: What the engine sends to this venue.

        Raises:
            OnetapeError: If a message of the venue cannot be read.
        """
        with contextlib.ExitStack() as stack:
            counts = Counts(Path(self.config.state))
            stack.callback(counts.close)
            self._link = FixLink(_place(self.config), self, counts)
            self._remember(outbound)
            await self.say_link(VenueLink.ORDERS, is_up=False, why="the adapter starts")
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._commands(outbound, group))
                    group.create_task(self._link.keep(self._backoff))
                    if self.config.drop_copy is not None:
                        group.create_task(self._hear_copy(self.config.drop_copy, stack))
            except* OnetapeError as errors:
                raise errors.exceptions[0] from None

    async def _hear_copy(self, config: FixCopyConfig, stack: contextlib.ExitStack) -> None:
        async def say_link(is_up: bool, why: str) -> None:
            await self.say_link(VenueLink.DROP_COPY, is_up=is_up, why=why)

        counts = Counts(Path(config.state))
        stack.callback(counts.close)
        by_symbol = {instrument.symbol: instrument for instrument in self._by_id.values()}
        peer = DropCopy(self.venue_id, by_symbol, self._names, self.hand_in, say_link)
        place = _place(self.config)._replace(
            address=config.address or self.config.address,
            sender=config.sender,
            target=config.target or self.config.target,
            username=config.username,
            password=config.password,
            resets=False,
        )
        await say_link(False, "the adapter starts")
        await FixLink(place, peer, counts).keep(self._backoff.fresh())

    def _remember(self, outbound: Outbound) -> None:
        for sent in outbound.backlog():
            event = sent.event
            if isinstance(event, OrderSent):
                self._orders.enter(event)
            elif isinstance(event, ReplaceSent):
                old = self._orders.get(event.number)
                self._orders.replace(event, old or OurOrder.unknown(event.number, 0))
            elif isinstance(event, VenueReported):
                self._orders.remember(event)

    async def _commands(self, outbound: Outbound, group: asyncio.TaskGroup) -> None:
        async for sent in outbound:
            if isinstance(sent.event, QuerySent):
                # A question waits for answers; what comes behind it does not.
                group.create_task(self._answer(sent.event))
            else:
                await self._carry_out(sent)

    async def _carry_out(self, sent: Sent) -> None:
        event = sent.event
        too_old = age_refusal(sent, self.config.order_age_max_ms)
        async with self._link.turn:
            if isinstance(event, OrderSent):
                await self._enter(event, too_old)
            elif isinstance(event, ReplaceSent):
                await self._replace(event, too_old)
            elif isinstance(event, CancelSent):
                await self._cancel(event)
            elif isinstance(event, MassCancelSent):
                self._cancel_all(event)

    async def _enter(self, sent: OrderSent, against: str) -> None:
        order = self._orders.enter(sent)
        instrument = self._by_id.get(sent.instrument_id)
        name = self._names.order(order.number)
        if instrument is None:
            against = f"instrument {sent.instrument_id} is not listed at this venue"
        against = against or say.unsupported(sent) or self.refusal(is_up=self._link.is_up)
        if against or instrument is None:
            await self._tell(self._orders.not_done(name, against))
            return
        try:
            now_ns = time.time_ns()
            message = say.enter(instrument, sent, name, self.config.account, now_ns)
        except ConversionError as err:
            await self._tell(self._orders.not_done(name, err.message))
            return
        self._send(message, name)

    async def _replace(self, sent: ReplaceSent, against: str) -> None:
        old = self._orders.get(sent.number)
        is_known = old is not None and not old.is_done
        old = old or OurOrder.unknown(sent.number, sent.instrument_id)
        new = self._orders.replace(sent, old)
        instrument = self._by_id.get(sent.instrument_id)
        name = self._names.order(new.number)
        against = against or self.refusal(is_up=self._link.is_up)
        if not is_known or instrument is None:
            against = "there is no such order any more"
        if against or instrument is None:
            await self._tell(self._orders.not_done(name, against))
            return
        names = (self._orders.name(old), name)
        terms = (sent.price_ticks, sent.qty_lots)
        try:
            message = say.replace(instrument, old, names, terms, time.time_ns())
        except ConversionError as err:
            await self._tell(self._orders.not_done(name, err.message))
            return
        self._send(message, name)

    async def _cancel(self, sent: CancelSent) -> None:
        order = self._orders.get(sent.number)
        order = order or OurOrder.unknown(sent.number, sent.instrument_id)
        instrument = self._by_id.get(sent.instrument_id)
        against = "" if self._link.is_up else NOT_CONNECTED
        if order.is_done or instrument is None:
            against = "there is no such order any more"
        if against or instrument is None:
            await self._tell(self._orders.canceled_all(order, against))
            return
        is_part = order.executed_lots < sent.qty_lots < order.qty_lots
        request = self._names.request(order.number, "r" if is_part else "c", self._stamp())
        names, now_ns = (self._orders.name(order), request), time.time_ns()
        if is_part:
            terms = (order.price_ticks, sent.qty_lots)
            self._send(say.replace(instrument, order, names, terms, now_ns), request)
        else:
            self._send(say.cancel(instrument, order, names, now_ns), request)

    def _cancel_all(self, sent: MassCancelSent) -> None:
        if self._link.is_up:
            request = self._names.request(0, "m", self._stamp())
            instrument = self._by_id.get(sent.instrument_id) if sent.instrument_id else None
            self._send(say.cancel_all(instrument, request, time.time_ns()), request)

    async def _answer(self, query: QuerySent) -> None:
        """Ask the venue; of everything, every order that may live, the newest first."""
        if query.number:
            order = self._orders.get(query.number)
            order = order or OurOrder.unknown(query.number, query.instrument_id)
            await self._ask(order)
            return
        told = await self._ask_for_all() if self._has_mass_status else set()
        for order in reversed(self._orders.live()):
            if order.number not in told and not order.is_done and not await self._ask(order):
                # The link is down again: when it is up, everything is asked for anew.
                return
        async with self._link.turn:
            await self._tell([self._orders.all_told()])

    async def _ask_for_all(self) -> set[int]:
        """Ask for all orders at once; return the numbers of those that were told.

        On one session messages are taken in order: what is not told then is not there, and is asked
        for by itself, which says whether it ever was.
        """
        async with self._link.turn:
            if not self._link.is_up:
                return set()
            request = self._names.request(0, "a", self._stamp())
            census = self._census = _Census(request)
            self._send(say.mass_status(request), request)
        try:
            async with asyncio.timeout(self.config.answer_timeout_ms / 1_000):
                await census.ended.wait()
        except TimeoutError:
            self._has_mass_status = False
        return census.told

    async def _ask(self, order: OurOrder) -> bool:
        """Ask what became of an order and wait for the answer; False: there was none."""
        instrument = self._by_id.get(order.instrument_id)
        async with self._link.turn:
            if not self._link.is_up or instrument is None:
                return False
            answered = self._questions.setdefault(order.number, asyncio.Event())
            request = self._names.request(order.number, "s", self._stamp())
            self._send(say.status(instrument, order, self._orders.name(order), request), request)
        try:
            async with asyncio.timeout(self.config.answer_timeout_ms / 1_000):
                await answered.wait()
        except TimeoutError:
            self._link.hang_up()
            return False
        return self._link.is_up

    async def link_down(self, why: str, *, was_up: bool) -> None:
        """Take it that the connection is gone: nobody answers what was asked on it."""
        self._census.ended.set()
        for answered in self._questions.values():
            answered.set()
        self._questions.clear()
        if was_up:
            await self.say_link(VenueLink.ORDERS, is_up=False, why=why)

    async def logged_on(self) -> None:
        """Take it that messages can be sent."""
        await self.say_link(VenueLink.ORDERS, is_up=True, why="logged on")

    async def rejected(self, sequence: int) -> None:
        """Take it that the venue's session rejects a message of ours."""
        await self._not_done(sequence, "the venue rejected the message")

    async def _not_done(self, sequence: int, text: str) -> None:
        name = self._sent_names.get(sequence, "")
        if name and name == self._census.request:
            self._has_mass_status = False
            self._census.ended.set()
            return
        await self._tell(self._orders.not_done(name, text))

    async def said(self, said: fix.Message) -> None:
        """Take a message of the venue."""
        if said.msg_type == b"8":
            if self._census.hears(said) and self._census.is_empty(said):
                return
            await self._tell(self._orders.on_report(said))
            if self._census.hears(said):
                self._census.take(said, self._names)
            elif said.find(150) == b"I":
                number = self._names.number((said.find(11) or b"").decode("latin-1"))
                answered = self._questions.pop(number, None)
                if answered is not None:
                    answered.set()
        elif said.msg_type == b"9":
            await self._tell(self._orders.on_cancel_reject(said))
        elif said.msg_type == b"j":
            sequence = int(said.find(45) or b"0")
            text = (said.find(58) or b"the venue does not take such messages").decode("latin-1")
            await self._not_done(sequence, text)

    def _send(self, message: tuple[bytes, say.Fields], name: str) -> None:
        self._sent_names[self._link.send(*message)] = name
        if len(self._sent_names) > _SENT_MAX:
            self._sent_names.pop(next(iter(self._sent_names)))

    def _stamp(self) -> int:
        # The count outlives the process, so no name is given twice.
        return self._link.messages_sent

    async def _tell(self, reports: Sequence[VenueReported]) -> None:
        for report in reports:
            await self.hand_in(report)


class _Census:
    """The answer to a question for all orders, as it comes.

    Args:
        request: The question's name.

    Attributes:
        told: Numbers of the orders that were told.
        ended: Set when the last was.
    """

    def __init__(self, request: str) -> None:
        self.request = request
        self.told: set[int] = set()
        self.ended = asyncio.Event()
        self._reports = 0

    def hears(self, said: fix.Message) -> bool:
        """Return whether a report is part of it."""
        return bool(self.request) and said.find(say.MASS_STATUS_REQ_ID) == self.request.encode()

    def is_empty(self, said: fix.Message) -> bool:
        """Return whether a report says that there are none; then it is over."""
        if said.find(39) == b"8" or said.find(say.TOTAL_REPORTS) == b"0":
            self.ended.set()
        return self.ended.is_set()

    def take(self, said: fix.Message, names: Names) -> None:
        """Take that a report was told."""
        self._reports += 1
        self.told.add(names.number((said.find(11) or b"").decode("latin-1")))
        total = said.find(say.TOTAL_REPORTS) or b""
        is_last = said.find(say.LAST_REPORT) == b"Y"
        if is_last or (total.isdigit() and self._reports >= int(total)):
            self.ended.set()


def _place(config: FixConfig) -> FixPlace:
    return FixPlace(
        config.address,
        config.sender,
        config.target,
        config.username,
        config.password,
        config.heartbeat_s,
        config.resets,
        config.answer_timeout_ms / 1_000,
    )
