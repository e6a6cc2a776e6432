# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An engine as an adapter sees it: what it sends, what it was told, and a plain ledger of that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from onetape.events import (
    CancelSent,
    FeeTakenInKind,
    MarketUpdated,
    MassCancelSent,
    OrderSent,
    OrderType,
    PositionReported,
    QuerySent,
    ReplaceSent,
    ReportKind,
    Side,
    TimeInForce,
    VenueLink,
    VenueLinkChanged,
    VenueReported,
)
from onetape.live.adapters import Sent

PATIENCE_S = 20.0
VENUE = 1


@dataclass
class LedgerOrder:
    """What was said of one order."""

    executed: int = 0
    is_accepted: bool = False
    is_dead: bool = False


@dataclass
class Ledger:
    """A plain account of reports; refuses what makes no sense."""

    orders: dict[int, LedgerOrder] = field(default_factory=dict)
    exec_ids: set[int] = field(default_factory=set)
    replaces: dict[int, int] = field(default_factory=dict)
    fee_ids: set[int] = field(default_factory=set)
    position: int = 0

    def take_fee(self, said: FeeTakenInKind) -> None:
        assert said.exec_id not in self.fee_ids, f"a fee twice: {said}"
        assert said.exec_id not in self.exec_ids, f"a fee after its fill: {said}"
        self.fee_ids.add(said.exec_id)
        self.position -= said.qty_lots

    def take(self, said: VenueReported) -> None:
        if said.number == 0:
            return
        kind, order = ReportKind(said.report), self.orders.setdefault(said.number, LedgerOrder())
        if kind in {ReportKind.ACCEPTED, ReportKind.REPLACED}:
            assert not order.is_accepted, f"accepted twice: {said}"
            assert not order.is_dead, f"accepted after its end: {said}"
            order.is_accepted = True
            if kind == ReportKind.REPLACED:
                self.orders[self.replaces[said.number]].is_dead = True
        elif kind == ReportKind.FILLED:
            assert said.exec_id not in self.exec_ids, f"a trade twice: {said}"
            assert order.is_accepted, f"a trade before it was accepted: {said}"
            self.exec_ids.add(said.exec_id)
            order.executed += said.qty_lots
            self.position += said.qty_lots if said.side == Side.BUY else -said.qty_lots
            order.is_dead = order.is_dead or said.leaves_lots == 0
        elif kind == ReportKind.CANCELED:
            assert not order.is_dead, f"cancelled after its end: {said}"
            order.is_dead = said.leaves_lots == 0
        elif kind in {ReportKind.REJECTED, ReportKind.REPLACE_REJECTED, ReportKind.NOT_FOUND}:
            assert not order.is_accepted, f"rejected after it was accepted: {said}"
            order.is_dead = True
        elif kind == ReportKind.GONE:
            order.is_dead = True


class EngineSide:
    """Inlet and outbound of an adapter, in memory.

    Args:
        backlog: What stood in the journal before the adapter started.
    """

    def __init__(self, backlog: list[Sent] | None = None) -> None:
        self.said: list[VenueReported] = []
        self.fees: list[FeeTakenInKind] = []
        self.copies: list[VenueReported] = []
        self.links: list[VenueLinkChanged] = []
        self.positions: dict[int, int] = {}
        self.market: list[MarketUpdated] = []
        self.ledger = Ledger()
        self.sent: list[Sent] = []
        self.journal: list[Sent] = list(backlog or [])
        self.has_room: Callable[[object], bool] = lambda event: True
        self._backlog = backlog or []
        self._queue: asyncio.Queue[Sent] = asyncio.Queue()

    def backlog(self) -> list[Sent]:
        return self._backlog

    def __aiter__(self) -> EngineSide:
        return self

    async def __anext__(self) -> Sent:
        return await self._queue.get()

    def put(self, event: object, *, ts_ns: int = 0) -> bool:
        if not self.has_room(event):
            return False
        if isinstance(event, VenueReported) and event.is_drop_copy:
            self.copies.append(event)
        elif isinstance(event, VenueReported):
            self.said.append(event)
            self.journal.append(Sent(len(self.journal) + 1, ts_ns, event))
            self.ledger.take(event)
        elif isinstance(event, FeeTakenInKind):
            self.fees.append(event)
            self.journal.append(Sent(len(self.journal) + 1, ts_ns, event))
            self.ledger.take_fee(event)
        elif isinstance(event, VenueLinkChanged):
            self.links.append(event)
            if event.link == VenueLink.ORDERS and event.is_up:
                self.query(0)
        elif isinstance(event, PositionReported):
            self.positions[event.instrument_id] = event.position_lots
        elif isinstance(event, MarketUpdated):
            self.market.append(event)
        return True

    def is_up(self, link: VenueLink) -> bool:
        states = [bool(said.is_up) for said in self.links if said.link == link]
        return bool(states) and states[-1]

    def send(self, event, *, age_ns: int = 0) -> None:
        now_ns = time.time_ns()  # noqa: TID251 - as the engine that it stands for
        sent = Sent(len(self.sent) + 1, now_ns - age_ns, event)
        self.sent.append(sent)
        self.journal.append(sent)
        if isinstance(event, ReplaceSent):
            self.ledger.replaces[event.new_number] = event.number
        self._queue.put_nowait(sent)

    def order(self, number: int, price: int, qty: int, side: Side = Side.BUY, **more: int) -> None:
        self.send(order_sent(number, price, qty, side, **more))

    def replace(self, number: int, new_number: int, price: int, qty: int) -> None:
        self.send(
            ReplaceSent(
                cause_seq=0, number=number, new_number=new_number, order_id=0, price_ticks=price,
                qty_lots=qty, venue_id=VENUE, instrument_id=1,
            )
        )  # fmt: skip

    def cancel(self, number: int, qty: int = 0) -> None:
        self.send(
            CancelSent(
                cause_seq=0,
                number=number,
                order_id=0,
                qty_lots=qty,
                venue_id=VENUE,
                instrument_id=1,
            )
        )

    def cancel_all(self) -> None:
        self.send(MassCancelSent(cause_seq=0, venue_id=VENUE, instrument_id=0))

    def query(self, number: int) -> None:
        self.send(QuerySent(cause_seq=0, number=number, venue_id=VENUE, instrument_id=1))

    def kinds(self, number: int) -> list[str]:
        return [ReportKind(said.report).name for said in self.said if said.number == number]

    def last(self, number: int) -> VenueReported:
        return [said for said in self.said if said.number == number][-1]

    async def until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, [(ReportKind(s.report).name, s) for s in self.said[-9:]]
            await asyncio.sleep(0.005)

    async def until_said(self, number: int, *kinds: str) -> None:
        await self.until(lambda: set(kinds) <= set(self.kinds(number)))


def order_sent(number: int, price: int, qty: int, side: Side = Side.BUY, **more: int) -> OrderSent:
    fields = {
        "cause_seq": 0, "number": number, "price_ticks": price, "qty_lots": qty, "display_lots": 0,
        "min_qty_lots": 0, "stop_price_ticks": 0, "expire_ts_ns": 0, "venue_id": VENUE,
        "instrument_id": 1, "strategy_id": 1, "side": side, "order_type": OrderType.LIMIT,
        "time_in_force": TimeInForce.DAY, "post_only": 0,
    }  # fmt: skip
    return OrderSent(**{**fields, **more})
