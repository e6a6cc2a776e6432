# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Matching in the plain market: an incoming order and the book (2 to 6, 10 and 15)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from itertools import groupby

from tests.models.market_orders import (
    BUY,
    BY_COLLAR,
    BY_FOK,
    BY_IOC,
    BY_SELF_TRADE,
    CONTINUOUS,
    DISPLAYED,
    FOK,
    MARKET,
    REFILL,
    RESERVE,
    STP_BOTH,
    STP_DECREMENT,
    STP_NEWEST,
    STP_OLDEST,
    Instrument,
    Limits,
    Order,
    Report,
    opposite,
    reaches,
)


class Matching:
    """Every live order in one table, every instrument's book in a sorted list."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.instruments: dict[int, Instrument] = {}
        self.firms: dict[int, int] = {}
        #: All live orders by id, also those that stand beside the book.
        self.orders: dict[int, Order] = {}
        self.order_id_last = 0
        self.match_id_last = 0
        self.ts = 0
        self.out: list[Report] = []

    # What is said.

    def say(self, report: str, **fields: int) -> None:
        self.out.append({"report": report, **fields})

    def say_canceled(self, order: Order, qty: int, reason: int, shown: int) -> None:
        self.say(
            "canceled",
            order_id=order.order_id,
            client=order.client,
            owner=order.owner,
            instrument=order.instrument,
            qty=qty,
            leaves=order.leaves,
            displayed=shown,
            reason=reason,
        )

    def restate(self, order: Order, reason: int) -> None:
        """Give an order a new id, and with it a new place in time."""
        old = order.order_id
        del self.orders[old]
        self.order_id_last += 1
        order.order_id = self.order_id_last
        self.orders[order.order_id] = order
        self.say(
            "restated",
            old_order_id=old,
            order_id=order.order_id,
            client=order.client,
            owner=order.owner,
            instrument=order.instrument,
            side=order.side,
            price=order.price,
            leaves=order.leaves,
            displayed=order.shown,
            reason=reason,
        )

    # How an order ends or shrinks.

    def remove(self, order: Order) -> None:
        """Take an order from wherever it stands."""
        instrument = self.instruments[order.instrument]
        if order.place == "book":
            instrument.leave(order)
        elif order.place == "stop":
            del instrument.stops[order.order_id]
        elif order.place == "aside":
            del instrument.aside[order.order_id]
        order.place = ""
        self.orders.pop(order.order_id, None)
        instrument.pegs.pop(order.order_id, None)

    def cancel_part(self, order: Order, qty: int, reason: int) -> None:
        """Take quantity off an order, hidden quantity first (13)."""
        shown = order.shown
        order.leaves -= qty
        if order.leaves == 0:
            self.remove(order)
            order.shown = 0
        order.shown = min(order.shown, order.leaves)
        self.say_canceled(order, qty, reason, shown - order.shown)

    def cancel_whole(self, order: Order, reason: int) -> None:
        self.cancel_part(order, order.leaves, reason)

    # An incoming order (3).

    def own(self, taker: Order, maker: Order) -> bool:
        """Whether self-trade prevention keeps these two apart (10)."""
        if not taker.stp:
            return False
        if taker.by_port:
            return taker.owner == maker.owner
        return self.firms[taker.owner] == self.firms[maker.owner]

    @staticmethod
    def takes_part(maker: Order, left: int) -> bool:
        """Whether a resting order trades with an incoming one that has this much left."""
        return not maker.conditioned or left >= maker.wanted()

    def queue(self, taker: Order) -> list[Order]:
        return self.instruments[taker.instrument].sides[opposite(taker.side)]

    def would_take(self, taker: Order, limit: int | None) -> Order | None:
        """Return the first resting order that would trade with it, whoever's it is."""
        for maker in self.queue(taker):
            if limit is not None and not reaches(taker.side, limit, maker.price):
                return None
            if self.takes_part(maker, taker.leaves):
                return maker
        return None

    def banded(self, side: int, price: int, instrument: Instrument) -> int:
        """Return a price narrowed by the bands (12)."""
        _, lower, upper = instrument.band
        if not upper or instrument.phase != CONTINUOUS:
            return price
        return min(price, upper) if side == BUY else max(price, lower)

    def limit_of(self, order: Order) -> int | None:
        """Return the worst price an incoming order may trade at; None for any (3, 6, 12)."""
        if order.pricing != MARKET:
            return order.price
        instrument = self.instruments[order.instrument]
        _, lower, upper = instrument.band
        limit = (upper if order.side == BUY else lower) or None
        best, reach = self.best_to_start(order), instrument.rules.collar
        if best and reach:
            furthest = best + reach if order.side == BUY else best - reach
            if limit is None or reaches(order.side, limit, furthest):
                limit = furthest
        return limit

    def best_to_start(self, order: Order) -> int:
        """Return the best opposite price of orders without a size condition; 0 for none (6)."""
        return next((o.price for o in self.queue(order) if not o.conditioned), 0)

    def come(self, order: Order) -> None:
        """Let an order in: it trades, and what is left rests or is cancelled."""
        limit = self.limit_of(order)
        wanted = order.leaves if order.life == FOK else order.wanted()
        reason = BY_FOK if order.life == FOK else BY_IOC
        if not wanted or self.can_trade(order, limit) >= wanted:
            self.take(order, limit)
            if limit is not None and order.pricing == MARKET and self.best_to_start(order):
                reason = BY_COLLAR
        if not order.leaves:
            return
        if order.never_rests:
            self.cancel_whole(order, reason)
        else:
            self.rest(order)

    def rest(self, order: Order) -> None:
        """What is left of an order joins the book."""
        instrument = self.instruments[order.instrument]
        order.shown = {DISPLAYED: order.leaves, RESERVE: min(order.slice, order.leaves)}.get(
            order.display, 0
        )
        instrument.join(order)
        instrument.rested = True
        self.say_rested(order)

    def say_rested(self, order: Order) -> None:
        self.say(
            "rested",
            order_id=order.order_id,
            client=order.client,
            price=order.price,
            leaves=order.shown,
            instrument=order.instrument,
            side=order.side,
        )

    def take(self, taker: Order, limit: int | None) -> None:
        """Trade with the book as far as the limit goes."""
        if self.instruments[taker.instrument].rules.pro_rata:
            self.take_by_size(taker, limit)
            return
        while taker.leaves:
            maker = self.would_take(taker, limit)
            if maker is None:
                return
            self.meet(taker, maker)

    def meet(self, taker: Order, maker: Order) -> None:
        if self.own(taker, maker):
            self.prevent(taker, maker)
        else:
            self.trade(taker, maker, min(taker.leaves, maker.shown or maker.leaves))

    def trade(self, taker: Order, maker: Order, qty: int) -> None:
        """One match, at the resting order's price; then the next slice, if one is due (4)."""
        self.match_id_last += 1
        hidden = maker.shown == 0
        for order in (taker, maker):
            order.leaves -= qty
            order.executed += qty
        if not hidden:
            maker.shown -= qty
        self.say(
            "filled",
            match_id=self.match_id_last,
            price=maker.price,
            qty=qty,
            instrument=maker.instrument,
            maker_side=maker.side,
            maker_id=maker.order_id,
            maker_client=maker.client,
            maker_leaves=maker.leaves,
            maker_owner=maker.owner,
            maker_hidden=hidden,
            taker_id=taker.order_id,
            taker_client=taker.client,
            taker_leaves=taker.leaves,
            taker_owner=taker.owner,
        )
        for order in (maker, taker):
            if not order.leaves:
                self.remove(order)
        if maker.leaves and not maker.shown and not hidden:
            self.refill(maker)
        self.note_trade(self.instruments[maker.instrument], maker.price)

    def refill(self, order: Order) -> None:
        instrument = self.instruments[order.instrument]
        instrument.leave(order)
        order.shown = min(order.slice, order.leaves)
        self.restate(order, REFILL)
        instrument.join(order)

    def note_trade(self, instrument: Instrument, price: int) -> None:
        """A trade reaches stops (7) and makes the reference prices (11, 12)."""
        instrument.last_trade = instrument.reference = price
        instrument.first_trade = instrument.first_trade or price
        if instrument.rules.band_bps:
            instrument.trades.append((self.ts, price))
        for stop in instrument.stops.values():
            stop.reached = stop.reached or reaches(stop.side, price, stop.stop or 0)

    # Self-trade prevention (10).

    def prevent(self, taker: Order, maker: Order) -> None:
        both = min(taker.leaves, maker.leaves)
        mode = taker.stp
        if mode in (STP_OLDEST, STP_BOTH, STP_DECREMENT):
            self.say_prevented(maker, taker, both, maker.price)
            self.cancel_part(maker, both if mode == STP_DECREMENT else maker.leaves, BY_SELF_TRADE)
        if mode in (STP_NEWEST, STP_BOTH, STP_DECREMENT):
            self.say_prevented(taker, maker, both, maker.price)
            self.cancel_part(taker, both if mode == STP_DECREMENT else taker.leaves, BY_SELF_TRADE)

    def say_prevented(self, order: Order, other: Order, qty: int, price: int) -> None:
        self.say(
            "prevented",
            order_id=order.order_id,
            client=order.client,
            owner=order.owner,
            instrument=order.instrument,
            qty=qty,
            price=price,
            by_order_id=other.order_id,
            by_owner=other.owner,
        )

    # Pro-rata (15).

    def take_by_size(self, taker: Order, limit: int | None) -> None:
        while taker.leaves:
            first = self.would_take(taker, limit)
            if first is None:
                return
            if not first.shown:
                self.meet(taker, first)
                continue
            level = [o for o in self.queue(taker) if o.price == first.price and o.shown]
            own = [o for o in level if self.own(taker, o)]
            for maker in own:
                if taker.leaves:
                    self.prevent(taker, maker)
            if not own:
                for maker, qty in self.shares(level, taker.leaves):
                    self.trade(taker, maker, qty)

    @staticmethod
    def shares(level: list[Order], left: int) -> list[tuple[Order, int]]:
        """Share a quantity among displayed orders by size, what is over to the oldest first."""
        total = sum(o.shown for o in level)
        left = min(left, total)
        given = [left * o.shown // total for o in level]
        over = left - sum(given)
        for at, order in enumerate(level):
            more = min(over, order.shown - given[at])
            given[at] += more
            over -= more
        return [(o, qty) for o, qty in zip(level, given, strict=True) if qty]

    # How much could trade (3).

    def can_trade(self, taker: Order, limit: int | None) -> int:
        """Walk the book as the trade would; return how much would trade."""
        left = taker.leaves
        for qty in self.walk(taker, limit):
            left -= qty
        return taker.leaves - left

    def walk(self, taker: Order, limit: int | None) -> Iterator[int]:
        left = taker.leaves
        skips = taker.stp == STP_OLDEST
        for price, level in groupby(list(self.queue(taker)), key=lambda o: o.price):
            orders = list(level)
            if limit is not None and not reaches(taker.side, limit, price):
                return
            if not skips and self.shares_with_own(taker, orders):
                return
            waiting = deque((o, o.shown or o.leaves, o.leaves) for o in orders if o.shown)
            hidden = deque((o, o.leaves, o.leaves) for o in orders if not o.shown)
            while left and (waiting or hidden):
                maker, slice_left, whole = (waiting or hidden).popleft()
                if not self.takes_part(maker, left):
                    continue
                if self.own(taker, maker):
                    if skips:
                        continue
                    return
                qty = min(slice_left, left)
                yield qty
                left -= qty
                if whole > slice_left == qty:
                    waiting.append((maker, min(maker.slice, whole - qty), whole - qty))

    def shares_with_own(self, taker: Order, level: list[Order]) -> bool:
        """Whether an own order stands among those that would share by size (15)."""
        pro_rata = self.instruments[taker.instrument].rules.pro_rata
        return pro_rata and any(o.shown and self.own(taker, o) for o in level)
