# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An agent's desk: its orders, its position, and what it counts. It decides nothing.

Agents speak to a desk, a desk to a port; the port brings the answers back. No clock, no socket.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from onetape.events import Side


class Accepted(msgspec.Struct, frozen=True):
    """A new order was taken; a dead one is not in the book, and no more is heard of it."""

    number: int
    price_ticks: int
    qty_lots: int
    is_live: bool


class Replaced(msgspec.Struct, frozen=True):
    """An order took the place of another; `qty_lots` are still to do."""

    old_number: int
    number: int
    price_ticks: int
    qty_lots: int
    is_live: bool


class Canceled(msgspec.Struct, frozen=True):
    """An order, or part of it, was cancelled."""

    number: int
    qty_lots: int
    reason: str


class Filled(msgspec.Struct, frozen=True):
    """An order traded; `is_maker`: it rested."""

    number: int
    price_ticks: int
    qty_lots: int
    is_maker: bool


class Rejected(msgspec.Struct, frozen=True):
    """What has this number was refused."""

    number: int
    reason: str


Answer = Accepted | Replaced | Canceled | Filled | Rejected


class Entering(msgspec.Struct, frozen=True):
    """A new order. `is_ioc`: what does not trade at once is cancelled."""

    symbol: str
    side: Side
    price_ticks: int
    qty_lots: int
    is_ioc: bool = False
    is_post_only: bool = False


class Port(Protocol):
    """Where orders go. Numbers are the port's own, rising; answers go to the desk that asked."""

    def enter(self, desk: Desk, order: Entering) -> int:
        """Send an order; return its number."""

    def replace(self, desk: Desk, number: int, price_ticks: int, total_lots: int) -> int:
        """Replace an order; the total counts what has traded. Return the new number."""

    def cancel(self, number: int) -> None:
        """Cancel an order."""


@dataclass(slots=True)
class OwnOrder:
    """A live order, or one on its way.

    Attributes:
        number: The port's number for it.
        symbol: Instrument.
        side: Side.
        price_ticks: Price that it has, or was asked to have.
        leaves_lots: What is still to do.
        filled_lots: What has traded, over all replacements.
        is_waiting: Whether an answer is still to come.
        is_leaving: Whether a cancel was sent.
        next_number: The number of a replacement on its way; 0 for none.
    """

    number: int
    symbol: str
    side: Side
    price_ticks: int
    leaves_lots: int
    filled_lots: int = 0
    is_waiting: bool = True
    is_leaving: bool = False
    next_number: int = 0


@dataclass
class Tally:
    """What an agent, or a kind of agents, did."""

    entered: int = 0
    replaced: int = 0
    cancels: int = 0
    accepted: int = 0
    fills: int = 0
    bought_lots: int = 0
    sold_lots: int = 0
    maker_lots: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    cancelled: Counter[str] = field(default_factory=Counter)

    @property
    def sent(self) -> int:
        """Messages sent."""
        return self.entered + self.replaced + self.cancels

    def add(self, other: Tally) -> None:
        """Count what another did too."""
        for name in ("entered", "replaced", "cancels", "accepted", "fills"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("bought_lots", "sold_lots", "maker_lots"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.rejects += other.rejects
        self.cancelled += other.cancelled


class Desk:
    """Keeps one agent's orders and positions as the answers say them.

    Args:
        name: The agent's name.
        port: Where its orders go.
    """

    def __init__(self, name: str, port: Port) -> None:
        self.name = name
        self.tally = Tally()
        #: How many messages were refused since one was taken: a market that is halted, say.
        self.refused_in_a_row = 0
        #: Orders by number; one that is being replaced stands under both.
        self.orders: dict[int, OwnOrder] = {}
        self.positions: dict[str, int] = {}
        #: Sales less purchases, in tick-lots, by symbol.
        self.cash: dict[str, int] = {}
        #: Price of the last own trade, by symbol.
        self.last_ticks: dict[str, int] = {}
        self._port = port

    def enter(self, order: Entering) -> OwnOrder:
        """Send a new order."""
        number = self._port.enter(self, order)
        own = OwnOrder(number, order.symbol, order.side, order.price_ticks, order.qty_lots)
        self.orders[number] = own
        self.tally.entered += 1
        return own

    def move(self, order: OwnOrder, price_ticks: int, leaves_lots: int) -> None:
        """Replace a live order; nothing happens while an answer about it is still to come."""
        if order.is_waiting or order.is_leaving or order.number not in self.orders:
            return
        total_lots = order.filled_lots + leaves_lots
        number = self._port.replace(self, order.number, price_ticks, total_lots)
        self.orders[number] = order
        order.is_waiting, order.next_number = True, number
        self.tally.replaced += 1

    def cancel(self, order: OwnOrder) -> None:
        """Cancel a live order, once."""
        if not order.is_leaving and order.number in self.orders:
            order.is_leaving = True
            self._port.cancel(order.number)
            self.tally.cancels += 1

    def cancel_all(self) -> int:
        """Cancel every order that is not leaving; return how many there are."""
        live = {id(order): order for order in self.orders.values()}
        for order in live.values():
            self.cancel(order)
        return len(live)

    def hear(self, answer: Answer) -> None:
        """Take in an answer."""
        order = self.orders.get(
            answer.old_number if isinstance(answer, Replaced) else answer.number
        )
        match answer:
            case Accepted():
                self.tally.accepted += 1
                self.refused_in_a_row = 0
                if order:
                    self._stands(order, answer)
            case Replaced():
                self.orders.pop(answer.old_number, None)
                self.refused_in_a_row = 0
                if order:
                    order.number = answer.number
                    self._stands(order, answer)
            case Canceled():
                self.tally.cancelled[answer.reason] += 1
                if order:
                    self._shrink(order, answer.qty_lots)
            case Filled():
                if order:
                    self._fill(order, answer)
            case Rejected():
                self._reject(order, answer)

    def _stands(self, order: OwnOrder, answer: Accepted | Replaced) -> None:
        order.price_ticks, order.leaves_lots = answer.price_ticks, answer.qty_lots
        order.is_waiting, order.next_number = False, 0
        if not answer.is_live:
            self._bury(order)

    def _shrink(self, order: OwnOrder, lots: int) -> None:
        order.leaves_lots -= lots
        if order.leaves_lots <= 0:
            self._bury(order)

    def _bury(self, order: OwnOrder) -> None:
        """Forget an order, and a replacement of it on its way: that can only be refused now."""
        self.orders.pop(order.number, None)
        self.orders.pop(order.next_number, None)

    def _fill(self, order: OwnOrder, answer: Filled) -> None:
        sign = 1 if order.side == Side.BUY else -1
        symbol, lots = order.symbol, answer.qty_lots
        self.positions[symbol] = self.positions.get(symbol, 0) + sign * lots
        self.cash[symbol] = self.cash.get(symbol, 0) - sign * lots * answer.price_ticks
        self.last_ticks[symbol] = answer.price_ticks
        self.tally.fills += 1
        if sign > 0:
            self.tally.bought_lots += lots
        else:
            self.tally.sold_lots += lots
        self.tally.maker_lots += lots if answer.is_maker else 0
        order.filled_lots += lots
        self._shrink(order, lots)

    def _reject(self, order: OwnOrder | None, answer: Rejected) -> None:
        self.tally.rejects[answer.reason] += 1
        self.refused_in_a_row += 1
        self.orders.pop(answer.number, None)
        # A replacement that was refused leaves the order as it was.
        if order and order.number != answer.number:
            order.is_waiting, order.next_number = False, 0
