# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The orders that an adapter knows of, and what it says of them, at any venue. Sans I/O."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from onetape.events import ReportKind, VenueReported

if TYPE_CHECKING:
    from onetape.live.adapters._our_order import OurOrder


class OrderTable:
    """Keeps orders and what was told of them, each in bounded memory.

    Args:
        venue_id: Venue.
        orders_max: Orders remembered; of the dead ones the oldest are forgotten first.
    """

    def __init__(self, venue_id: int, *, orders_max: int) -> None:
        self._venue_id = venue_id
        self._orders: dict[int, OurOrder] = {}
        self._dead: deque[int] = deque()
        self._orders_max = orders_max
        self._told: set[int] = set()
        self._told_in_order: deque[int] = deque()

    def get(self, number: int) -> OurOrder | None:
        """Return an order; None when it is not known."""
        return self._orders.get(number)

    def live(self) -> list[OurOrder]:
        """Return the orders that may be at the venue, by number."""
        return sorted(
            (order for order in self._orders.values() if not order.is_done),
            key=lambda order: order.number,
        )

    def all_told(self) -> VenueReported:
        """Return the statement that everything was told."""
        return VenueReported(
            number=0,
            order_id=0,
            exec_id=0,
            price_ticks=0,
            qty_lots=0,
            leaves_lots=0,
            executed_lots=0,
            fee_e9=0,
            venue_ts_ns=0,
            venue_id=self._venue_id,
            instrument_id=0,
            report=ReportKind.ALL_TOLD,
            side=0,
            liquidity=0,
            cancel_reason=0,
            is_drop_copy=0,
            reserved=b"",
        )

    def _take(self, order: OurOrder) -> OurOrder:
        self._orders[order.number] = order
        while len(self._orders) > self._orders_max and self._dead:
            self._forget(self._dead.popleft())
        return order

    def _forget(self, number: int) -> None:
        self._orders.pop(number, None)

    def _end(self, order: OurOrder) -> None:
        if not order.is_done:
            order.is_done = True
            order.replaced_by = 0
            if order.number:
                self._dead.append(order.number)

    def _end_if(self, order: OurOrder, is_dead: bool) -> None:
        if is_dead:
            self._end(order)

    def _is_news(self, exec_id: int) -> bool:
        """Return whether an execution was not told yet; from now on it was."""
        if exec_id in self._told:
            return False
        self._told.add(exec_id)
        self._told_in_order.append(exec_id)
        if len(self._told_in_order) > self._orders_max:
            self._told.discard(self._told_in_order.popleft())
        return True

    def _report(
        self,
        order: OurOrder,
        kind: ReportKind,
        *,
        price_ticks: int | None = None,
        qty_lots: int | None = None,
        leaves_lots: int | None = None,
        exec_id: int = 0,
        fee: int = 0,
        liquidity: int = 0,
        cancel_reason: int = 0,
        ts_ns: int = 0,
        tail: str = "",
    ) -> VenueReported:
        """Return a statement about an order, its own terms where nothing else is given."""
        words = [word for word in (order.foreign_name, tail) if word]
        return VenueReported(
            number=order.number,
            order_id=order.order_id,
            exec_id=exec_id,
            price_ticks=order.price_ticks if price_ticks is None else price_ticks,
            qty_lots=order.qty_lots if qty_lots is None else qty_lots,
            leaves_lots=order.leaves_lots if leaves_lots is None else leaves_lots,
            executed_lots=order.chain_lots,
            fee_e9=fee,
            venue_ts_ns=ts_ns,
            venue_id=self._venue_id,
            instrument_id=order.instrument_id,
            report=kind,
            side=order.side,
            liquidity=liquidity,
            cancel_reason=cancel_reason,
            is_drop_copy=0,
            reserved=b"",
            tail=" ".join(words).encode(),
        )
