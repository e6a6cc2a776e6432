# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Carries out commands at Binance, and finds out what became of each."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from onetape.errors import ConversionError
from onetape.events import CancelSent, MassCancelSent, OrderSent, ReplaceSent
from onetape.live.adapters._our_order import OurOrder
from onetape.live.adapters.binance import _requests as ask
from onetape.live.adapters.binance._calls import NOT_SENT, Answer, Desk, Outcome, Refusal
from onetape.live.adapters.binance._messages import (
    Amendment,
    Execution,
    OrderState,
    ReplaceParts,
    Trouble,
    read,
)
from onetape.live.adapters.binance._orders import DEAD, Orders, Said

if TYPE_CHECKING:
    from onetape.live.adapters._adapter import Backoff
    from onetape.live.adapters.binance._requests import ClientIds, Request
    from onetape.live.adapters.binance._rules import Listing

_NO_SUCH_ORDER = -2013
_ARCHIVED = -2026
_CANCEL_REJECTED = -2011
_TIMESTAMP = -1021
_ONE_HALF_FAILED, _BOTH_HALVES_FAILED = -2021, -2022
_DUPLICATE = "Duplicate order sent."
_RESTRICTED = "restrictions"
_WAIT_SPARE_S = 0.05

Call = Callable[["Request"], Awaitable[Outcome]]
Tell = Callable[[Sequence[Said]], Awaitable[None]]


class OrderEntry:
    """Orders of one account.

    Args:
        orders: What is known of them.
        ids: Client order ids.
        desk: Limits, clock.
        call: Sends a request the usual way.
        surely: Sends a cancel or a question by any way there is, however long it takes.
        tell: Hands reports in.
        backoff: Waits between questions.
        bar: Says why no new order may leave now; empty: it may.
    """

    def __init__(
        self,
        orders: Orders,
        ids: ClientIds,
        desk: Desk,
        *,
        call: Call,
        surely: Call,
        tell: Tell,
        backoff: Backoff,
        bar: Callable[[], str],
    ) -> None:
        self._orders = orders
        self._ids = ids
        self._desk = desk
        self._call = call
        self._surely = surely
        self._tell = tell
        self._backoff = backoff
        self._bar = bar
        self._settled: dict[int, asyncio.Event] = {}
        self._asking: dict[int, asyncio.Event] = {}

    async def enter(self, sent: OrderSent, *, too_old: str = "") -> None:
        """Send a new order, unless something is against it that we can see from here."""
        order = self._orders.enter(sent)
        with self._busy(order):
            at = self._orders.listing(sent.instrument_id)
            against = too_old or self._against(at, sent)
            if against or at is None:
                await self._tell(self._orders.refused(order.number, against))
                return
            await self._place(at, order, sent)

    async def cancel(self, sent: CancelSent) -> None:
        """Cancel an order, or reduce it in place."""
        at = self._orders.listing(sent.instrument_id)
        order = self._orders.get(sent.number)
        if at is None or (order is not None and order.is_done):
            text = "there is no such order any more"
            await self._tell(self._orders.not_canceled(sent.number, sent.instrument_id, text))
            return
        await self._until_settled(sent.number)
        left = sent.qty_lots - (order.before_lots if order is not None else 0)
        if sent.qty_lots and order is not None and at.rules.can_amend:
            if order.executed_lots < left < order.qty_lots:
                await self._shrink(at, order, left)
                return
        elif sent.qty_lots and (order is None or left > order.executed_lots):
            text = "the venue cannot reduce an order of this symbol in place"
            await self._tell(self._orders.not_canceled(sent.number, sent.instrument_id, text))
            return
        if not sent.qty_lots or order is None or left <= order.executed_lots:
            await self._cancel(at, sent.number)

    async def replace(self, sent: ReplaceSent, *, too_old: str = "") -> None:
        """Put an order in the place of another."""
        old = self._orders.get(sent.number)
        is_known = old is not None
        old = old or OurOrder.unknown(sent.number, sent.instrument_id)
        # Taken up before anything is waited for: a question that comes next must know of it.
        new = self._orders.replace(sent, old)
        with self._busy(new):
            await self._until_settled(sent.number)
            at = self._orders.listing(sent.instrument_id)
            if at is None or not is_known or old.is_done:
                text = "there is no such order any more"
                await self._tell(self._orders.replace_failed(new, text, is_old_dead=False))
                return
            new.before_lots = old.chain_lots
            new.qty_lots = max(0, sent.qty_lots - old.chain_lots)
            # With nothing left to do the new one is not sent, so its size does not matter.
            against = too_old or (self._against(at, new.entry(0)) if new.qty_lots else "")
            if against:
                await self._tell(self._orders.replace_failed(new, against, is_old_dead=False))
            elif old.executed_lots or not new.qty_lots:
                await self._replace_in_two(at, old, new, sent.qty_lots)
            else:
                await self._replace_at_once(at, old, new, sent.qty_lots)

    async def cancel_all(self, sent: MassCancelSent, listings: Sequence[Listing]) -> None:
        """Cancel all orders of an instrument, or of all."""
        wanted = [at for at in listings if sent.instrument_id in {0, at.instrument.id}]
        await asyncio.gather(*(self._cancel_all(at) for at in wanted))

    async def until_settled(self, number: int) -> None:
        """Wait while an order is on its way and its outcome is not told yet."""
        settled = self._settled.get(number)
        if settled is not None:
            await settled.wait()

    async def find_out(self, number: int, instrument_id: int) -> None:
        """Ask what became of an order until it is known, and report it."""
        asking = self._asking.get(number)
        if asking is not None:
            await asking.wait()
            return
        asking = self._asking[number] = asyncio.Event()
        try:
            await self._find_out(number, instrument_id)
        finally:
            self._asking.pop(number, None)
            asking.set()

    async def tell_trades(self, at: Listing, number: int, order_id: int) -> None:
        """Report the trades of an order that were not yet."""
        answer = await self._surely(ask.trades(at.instrument, orderId=order_id))
        if isinstance(answer, Answer):
            trades = read(list[Execution], answer.body)
            await self._tell(self._orders.on_trades(at.instrument.symbol, trades, number))

    async def tell_state(self, at: Listing, state: OrderState, *, is_answer: bool) -> None:
        """Report an order as the venue has it, its trades first."""
        number = self._ids.number(state.name)
        self._orders.find(state)
        # The trades of an answer to a new order stand in it.
        if not state.fills and self._orders.lacks(number, state.executed, state.symbol):
            await self.tell_trades(at, number, state.order_id)
        await self._tell(self._orders.on_state(state, is_answer=is_answer))

    def _against(self, at: Listing | None, sent: OrderSent) -> str:
        if at is None:
            return f"instrument {sent.instrument_id} is not listed at this venue"
        if bar := self._bar():
            return bar
        broken = ask.unsupported(sent) or at.rules.refusal(
            at.instrument, sent.order_type, sent.price_ticks, sent.qty_lots
        )
        try:
            ask.place(at.instrument, sent, "")
        except (ConversionError, KeyError) as err:
            broken = broken or f"it cannot be written: {err}"
        wait_s = self._desk.limits.wait_s(self._desk.clock.now_ms(), weight=1, orders=1)
        if not broken and wait_s:
            return f"rate limit: {wait_s:.3f} s until the next order may leave"
        return broken

    async def _place(self, at: Listing, order: OurOrder, sent: OrderSent) -> None:
        order.dead_after_ms = self._deadline_ms()
        request = ask.place(at.instrument, sent, self._ids.text(order.number))
        outcome = await self._call(request)
        if isinstance(outcome, Answer):
            await self.tell_state(at, read(OrderState, outcome.body), is_answer=False)
        elif isinstance(outcome, Refusal) and _DUPLICATE not in outcome.text:
            await self._tell(self._orders.refused(order.number, outcome.text))
        else:
            await self.find_out(order.number, order.instrument_id)

    async def _cancel(self, at: Listing, number: int) -> None:
        deadline_ms = self._deadline_ms()
        request = ask.cancel(at.instrument, self._ids.text(number))
        outcome = await self._surely(request)
        if isinstance(outcome, Answer):
            await self.tell_state(at, read(OrderState, outcome.body), is_answer=False)
            return
        if not isinstance(outcome, Refusal):
            # It may yet arrive: only after its window the answer to a question is the last word.
            await self._sleep_until(deadline_ms)
        await self.find_out(number, at.instrument.id)
        order = self._orders.get(number)
        if order is None or not order.is_done or isinstance(outcome, Refusal):
            await self._tell(self._orders.not_canceled(number, at.instrument.id, outcome.text))

    async def _shrink(self, at: Listing, order: OurOrder, qty_lots: int) -> None:
        request = ask.shrink(at.instrument, self._ids.text(order.number), qty_lots)
        deadline_ms = self._deadline_ms()
        outcome = await self._surely(request)
        if isinstance(outcome, Answer):
            amended = read(Amendment, outcome.body)
            size = at.instrument.qty_lots(amended.order.qty)
            await self._tell(self._orders.shrunk(order, size, amended.time_ms * 1_000_000))
            return
        if not isinstance(outcome, Refusal):
            await self._sleep_until(deadline_ms)
        await self.find_out(order.number, at.instrument.id)
        if order.qty_lots > qty_lots and not order.is_done:
            await self._tell(
                self._orders.not_canceled(order.number, at.instrument.id, outcome.text)
            )

    async def _replace_at_once(
        self, at: Listing, old: OurOrder, new: OurOrder, total_lots: int
    ) -> None:
        new.dead_after_ms = self._deadline_ms()
        outcome = await self._call(ask.replace(at.instrument, old, new, self._ids))
        if isinstance(outcome, Answer):
            parts = read(ReplaceParts, outcome.body)
            await self.tell_state(at, read(OrderState, parts.order), is_answer=False)
        elif isinstance(outcome, Refusal):
            await self._replace_refused(at, old, new, total_lots, outcome)
        else:
            await self._settle_replacement(at, old, new, outcome.text)

    async def _replace_refused(
        self, at: Listing, old: OurOrder, new: OurOrder, total_lots: int, said: Refusal
    ) -> None:
        text, cancel_text = said.text, ""
        if said.code in {_ONE_HALF_FAILED, _BOTH_HALVES_FAILED}:
            parts = read(ReplaceParts, said.details)
            half = parts.cancel if said.code == _BOTH_HALVES_FAILED else parts.order
            trouble = read(Trouble, half)
            text = f"{trouble.code} {trouble.msg}"
            cancel_text = trouble.msg if said.code == _BOTH_HALVES_FAILED else ""
        if said.code == _ONE_HALF_FAILED:
            await self._tell(self._orders.replace_failed(new, text, is_old_dead=True))
        elif _RESTRICTED in cancel_text:
            # It traded in between: its size is known only once it is dead.
            await self._replace_in_two(at, old, new, total_lots)
        else:
            await self._settle_replacement(at, old, new, text, may_arrive=False)

    async def _replace_in_two(
        self, at: Listing, old: OurOrder, new: OurOrder, total_lots: int
    ) -> None:
        """Cancel first; what the old one executed is then known for good."""
        deadline_ms = self._deadline_ms()
        outcome = await self._surely(ask.cancel(at.instrument, self._ids.text(old.number)))
        if not isinstance(outcome, Answer):
            if not isinstance(outcome, Refusal):
                await self._sleep_until(deadline_ms)
            await self._settle_replacement(at, old, new, outcome.text, may_arrive=False)
            return
        dead = read(OrderState, outcome.body)
        if self._orders.lacks(old.number, dead.executed, dead.symbol):
            await self.tell_trades(at, old.number, dead.order_id)
        new.before_lots = old.chain_lots
        new.qty_lots = max(0, total_lots - old.chain_lots)
        against = self._against(at, new.entry(0)) if new.qty_lots else "nothing is left to do"
        if against:
            await self._tell(self._orders.replace_failed(new, against, is_old_dead=True))
            return
        new.dead_after_ms = self._deadline_ms()
        outcome = await self._call(
            ask.place(at.instrument, new.entry(0), self._ids.text(new.number))
        )
        if isinstance(outcome, Answer):
            await self.tell_state(at, read(OrderState, outcome.body), is_answer=False)
        elif isinstance(outcome, Refusal):
            text = outcome.text
            await self._tell(self._orders.replace_failed(new, text, is_old_dead=True))
        else:
            await self._settle_replacement(at, old, new, outcome.text)

    async def _settle_replacement(
        self,
        at: Listing,
        old: OurOrder,
        new: OurOrder,
        text: str,
        *,
        may_arrive: bool = True,
    ) -> None:
        """Find out what became of both; until then neither is said to be dead."""
        if may_arrive:
            state = await self._state(at, new.number, new.dead_after_ms)
            if state is not None:
                await self.tell_state(at, state, is_answer=True)
                return
        state = await self._state(at, old.number, 0)
        is_dead = state is None or state.status in DEAD
        if state is not None and self._orders.lacks(old.number, state.executed, state.symbol):
            await self.tell_trades(at, old.number, state.order_id)
        await self._tell(self._orders.replace_failed(new, text, is_old_dead=is_dead))

    async def _cancel_all(self, at: Listing) -> None:
        while True:
            outcome = await self._surely(ask.cancel_all(at.instrument))
            if isinstance(outcome, Answer):
                for state in read(list[OrderState], outcome.body):
                    await self.tell_state(at, state, is_answer=False)
                return
            if isinstance(outcome, Refusal) and outcome.code not in {NOT_SENT, _TIMESTAMP}:
                return
            await asyncio.sleep(self._backoff.fresh().next_s())

    async def _find_out(self, number: int, instrument_id: int) -> None:
        at, order = self._orders.listing(instrument_id), self._orders.get(number)
        if at is None:
            return
        deadline_ms = order.dead_after_ms if order is not None else 0
        state = await self._state(at, number, deadline_ms or self._deadline_ms())
        if state is not None:
            await self.tell_state(at, state, is_answer=True)
            return
        text = "the venue has no such order, and cannot get it any more"
        await self._tell(self._orders.not_found(number, instrument_id, text))

    async def _state(self, at: Listing, number: int, deadline_ms: int) -> OrderState | None:
        """Return an order as the venue has it; None once it is sure that it has none."""
        backoff = self._backoff.fresh()
        request = ask.status(at.instrument, self._ids.text(number))
        while True:
            asked_ms = self._desk.clock.now_ms()
            outcome = await self._surely(request)
            if isinstance(outcome, Answer):
                return read(OrderState, outcome.body)
            is_absent = isinstance(outcome, Refusal) and outcome.code in {
                _NO_SUCH_ORDER,
                _ARCHIVED,
            }
            if is_absent and asked_ms > deadline_ms:
                return None
            if is_absent:
                await self._sleep_until(deadline_ms)
            else:
                await asyncio.sleep(backoff.next_s())

    @contextlib.contextmanager
    def _busy(self, order: OurOrder) -> Iterator[None]:
        """Let others know that the outcome of an order is awaited here."""
        settled = self._settled[order.number] = asyncio.Event()
        try:
            yield
        finally:
            self._settled.pop(order.number, None)
            settled.set()

    async def _until_settled(self, number: int) -> None:
        settled = self._settled.get(number)
        if settled is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(settled.wait(), self._desk.timeout_s)

    def _deadline_ms(self) -> int:
        """Return the venue's time after which it takes nothing that was sent before now."""
        return self._desk.clock.now_ms() + self._desk.signer.receive_window_ms

    async def _sleep_until(self, deadline_ms: int) -> None:
        left_s = (deadline_ms - self._desk.clock.now_ms()) / 1_000
        await asyncio.sleep(max(0.0, left_s) + _WAIT_SPARE_S)
