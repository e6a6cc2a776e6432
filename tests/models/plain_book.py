# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The plain book: what onetape.book.Books must do, said as simply as possible.

One list of resting orders, in the order in which they joined. Every question is answered by looking
at all of them. It is the oracle of the property tests and knows nothing of the real one.
"""

from __future__ import annotations

from dataclasses import dataclass

from onetape.events import Side

PRICE_MAX, QTY_MAX = 1 << 61, (1 << 64) - 1


class RefusedError(Exception):
    """A call that changes nothing; `code` is that of the real book's error."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Resting:
    """A resting order."""

    order_ref: int
    instrument_id: int
    side: Side
    price: int
    qty: int
    owner: int


class PlainBooks:
    """The books of many instruments."""

    def __init__(self, orders_max: int, instruments: set[int]) -> None:
        self.orders: list[Resting] = []
        self.orders_max = orders_max
        self.instruments = instruments

    def find(self, order_ref: int) -> Resting:
        for order in self.orders:
            if order.order_ref == order_ref:
                return order
        raise RefusedError("BOK-004")

    def has(self, order_ref: int) -> bool:
        return any(order.order_ref == order_ref for order in self.orders)

    def queue(self, instrument_id: int, side: Side, price: int) -> list[Resting]:
        place = (instrument_id, side, price)
        return [o for o in self.orders if (o.instrument_id, o.side, o.price) == place]

    def levels(self, instrument_id: int, side: Side) -> list[tuple[int, int, int]]:
        mine = [o for o in self.orders if (o.instrument_id, o.side) == (instrument_id, side)]
        prices = sorted({order.price for order in mine}, reverse=side is Side.BUY)
        queues = [(price, self.queue(instrument_id, side, price)) for price in prices]
        return [(price, sum(o.qty for o in queue), len(queue)) for price, queue in queues]

    def best(self, instrument_id: int, side: Side) -> tuple[int, int, int] | None:
        levels = self.levels(instrument_id, side)
        return levels[0] if levels else None

    def position(self, order_ref: int) -> tuple[int, int] | None:
        if not self.has(order_ref):
            return None
        order = self.find(order_ref)
        queue = self.queue(order.instrument_id, order.side, order.price)
        ahead = queue[: queue.index(order)]
        return len(ahead), sum(other.qty for other in ahead)

    def check(self, instrument_id: int, side: Side, price: int, qty: int, own: int = 0) -> None:
        total = sum(order.qty for order in self.queue(instrument_id, side, price)) - own
        if total + qty > QTY_MAX:
            raise RefusedError("BOK-008")

    def add(
        self, instrument_id: int, order_ref: int, side: Side, price: int, qty: int, owner: int = 0
    ) -> None:
        if instrument_id not in self.instruments:
            raise RefusedError("BOK-005")
        if abs(price) > PRICE_MAX:
            raise RefusedError("BOK-007")
        if qty == 0:
            raise RefusedError("BOK-008")
        if len(self.orders) == self.orders_max:
            raise RefusedError("BOK-002")
        if self.has(order_ref):
            raise RefusedError("BOK-003")
        self.check(instrument_id, side, price, qty)
        self.orders.append(Resting(order_ref, instrument_id, side, price, qty, owner))

    def reduce(self, order_ref: int, qty: int) -> tuple[int, int, int, int, int, bool, bool]:
        order = self.find(order_ref)
        before = self.terms(order)
        taken = min(qty, order.qty)
        order.qty -= taken
        if order.qty == 0:
            self.orders.remove(order)
        changed = before != self.terms(order)
        place = (order.instrument_id, order.side, order.price)
        return *place, taken, order.qty, qty > taken, changed

    def delete(self, order_ref: int) -> tuple[int, int, int, int, int, bool, bool]:
        return self.reduce(order_ref, self.find(order_ref).qty)

    def replace(
        self, order_ref: int, new_ref: int, price: int, qty: int
    ) -> tuple[int, int, int, int, int, bool, bool]:
        if abs(price) > PRICE_MAX:
            raise RefusedError("BOK-007")
        if qty == 0:
            raise RefusedError("BOK-008")
        order = self.find(order_ref)
        if new_ref != order_ref and self.has(new_ref):
            raise RefusedError("BOK-003")
        own = order.qty if order.price == price else 0
        self.check(order.instrument_id, order.side, price, qty, own)
        before = self.terms(order)
        self.orders.remove(order)
        new = Resting(new_ref, order.instrument_id, order.side, price, qty, order.owner)
        self.orders.append(new)
        place = (order.instrument_id, order.side, order.price)
        return *place, order.qty, qty, False, before != self.terms(order)

    def set(
        self, order_ref: int, price: int, qty: int
    ) -> tuple[int, int, int, int, int, bool, bool]:
        order = self.find(order_ref)
        if price == order.price and qty <= order.qty:
            return self.reduce(order_ref, order.qty - qty)
        if qty == 0:
            return self.delete(order_ref)
        return self.replace(order_ref, order_ref, price, qty)

    def clear(self, instrument_id: int) -> int:
        count = len(self.orders)
        self.orders = [o for o in self.orders if o.instrument_id != instrument_id]
        return count - len(self.orders)

    def terms(self, order: Resting) -> tuple[int, ...] | None:
        """Price and quantity of the best level on an order's side."""
        best = self.best(order.instrument_id, order.side)
        return best[:2] if best else None
