# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The plain matcher: what onetape.exchange.Matcher must do, said as simply as possible.

Lists that are sorted on every question, no speed, no limits. It is the oracle of the differential
tests and knows nothing of the real one; both speak in onetape.events.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from onetape.events import (
    CancelReason,
    Liquidity,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderReplaced,
    OrderType,
    RejectReason,
    Side,
    StpMode,
    TimeInForce,
    TradingStatus,
)

MARKET = 0
ENTER, CANCEL, REPLACE = 20, 21, 22
QTY_MAX = 1 << 40
PRICE_MAX = 1 << 60

Event: TypeAlias = OrderAccepted | OrderCanceled | OrderFilled | OrderRejected | OrderReplaced


@dataclass
class Order:
    """One order; a market order's `order_id` is the venue's reference."""

    order_id: int
    owner: int
    client: int
    instrument: int
    side: int
    price: int
    leaves: int
    arrival: int
    executed: int = 0
    arrival_mid2: int = 0
    stp: int = StpMode.OFF
    post_only: bool = False
    #: What history says is left of a market order; `leaves` may be less, by what ours took.
    history: int = 0


@dataclass
class PlainMatcher:
    """Every live order in one list."""

    orders: list[Order] = field(default_factory=list)
    ladders: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    status: dict[int, int] = field(default_factory=dict)
    order_id_next: int = 1
    match_id_next: int = 1
    arrivals: int = 0
    seq: int = 0
    out: list[Event] = field(default_factory=list)

    # ------------------------------------------------------------------ questions

    def queue(self, instrument: int, side: int) -> list[Order]:
        """Resting orders of one side, first to trade first."""
        sign = -1 if side == Side.BUY else 1
        live = [o for o in self.orders if (o.instrument, o.side) == (instrument, side) and o.leaves]
        return sorted(live, key=lambda o: (sign * o.price, o.arrival))

    def best(self, instrument: int, side: int) -> int | None:
        queue = self.queue(instrument, side)
        return queue[0].price if queue else None

    def mid2(self, instrument: int) -> int:
        bid, ask = self.best(instrument, Side.BUY), self.best(instrument, Side.SELL)
        return 0 if bid is None or ask is None else bid + ask

    def own(self, order_id: int) -> Order | None:
        return next((o for o in self.orders if o.owner and o.order_id == order_id), None)

    def market(self, ref: int) -> Order | None:
        return next((o for o in self.orders if not o.owner and o.order_id == ref), None)

    def price_allowed(self, instrument: int, price: int) -> bool:
        step = next((s for start, s in reversed(self.ladders[instrument]) if price >= start), 1)
        return 0 < price <= PRICE_MAX and price % step == 0

    def matching(self, instrument: int) -> bool:
        return self.status[instrument] in (TradingStatus.UNKNOWN, TradingStatus.TRADING)

    # ------------------------------------------------------------------ commands

    def begin(self) -> None:
        self.seq += 1
        self.out = []

    def define(self, instrument: int, ladder: list[tuple[int, int]]) -> None:
        self.ladders[instrument] = ladder
        self.status[instrument] = TradingStatus.UNKNOWN

    def set_status(self, instrument: int, status: int) -> None:
        if instrument in self.status:
            self.status[instrument] = status

    def enter(
        self,
        *,
        instrument: int,
        side: int,
        qty: int,
        price: int,
        owner: int,
        client: int,
        order_type: int,
        tif: int,
        post_only: bool,
        stp: int,
        min_qty: int,
    ) -> list[Event]:
        self.begin()
        fault = self.entry_fault(
            instrument=instrument,
            side=side,
            qty=qty,
            price=price,
            owner=owner,
            order_type=order_type,
            tif=tif,
            post_only=post_only,
            min_qty=min_qty,
        )
        if fault:
            return self.reject(ENTER, (instrument, owner, client), fault)
        order = Order(self.order_id_next, owner, client, instrument, side, price, qty, 0)
        order.stp, order.post_only = stp, post_only
        order.arrival_mid2 = self.mid2(instrument)
        self.order_id_next += 1
        self.out.append(
            OrderAccepted(
                cause_seq=self.seq,
                order_id=order.order_id,
                client_id=client,
                price_ticks=price,
                qty_lots=qty,
                strategy_id=owner,
                instrument_id=instrument,
                side=side,
                order_type=order_type,
                time_in_force=tif,
                post_only=int(post_only),
            )
        )
        limit = None if order_type == OrderType.MARKET else price
        needed = qty if tif == TimeInForce.FOK else min_qty
        if sum(q for _, q in self.plan(order, limit)) < needed:
            reason = CancelReason.FOK if tif == TimeInForce.FOK else CancelReason.IOC
            self.cancel_part(order, qty, reason)
            return self.out
        self.take(order, limit)
        if order.leaves and (limit is None or tif != TimeInForce.DAY):
            self.cancel_part(order, order.leaves, CancelReason.IOC)
        self.rest(order)
        return self.out

    def entry_fault(  # noqa: PLR0911
        self,
        *,
        instrument: int,
        side: int,
        qty: int,
        price: int,
        owner: int,
        order_type: int,
        tif: int,
        post_only: bool,
        min_qty: int,
    ) -> tuple[int, int, int] | None:
        """Reason, value and bound of the first thing wrong with a new order."""
        if instrument not in self.ladders:
            return RejectReason.INSTRUMENT_UNKNOWN, instrument, 0
        if owner == MARKET:
            return RejectReason.FIELD_INVALID, 0, 1
        if post_only and (order_type != OrderType.LIMIT or tif != TimeInForce.DAY):
            return RejectReason.FIELD_INVALID, tif, TimeInForce.DAY
        if min_qty and (tif != TimeInForce.IOC or min_qty > qty):
            return RejectReason.FIELD_INVALID, min_qty, 0
        if not 1 <= qty <= QTY_MAX:
            return RejectReason.QTY_INVALID, qty, 1 if qty == 0 else QTY_MAX
        if order_type == OrderType.MARKET:
            if price != 0:
                return RejectReason.PRICE_INVALID, price, 0
        elif not self.price_allowed(instrument, price):
            return RejectReason.PRICE_INVALID, price, 0
        if not self.matching(instrument):
            return RejectReason.NOT_TRADING, self.status[instrument], TradingStatus.TRADING
        return self.post_only_fault(instrument, side, price) if post_only else None

    def post_only_fault(
        self, instrument: int, side: int, price: int
    ) -> tuple[int, int, int] | None:
        other = self.best(instrument, opposite(side))
        if other is not None and reaches(side, price, other):
            return RejectReason.POST_ONLY_WOULD_TAKE, price, other
        return None

    def cancel(self, order_id: int, reason: int) -> list[Event]:
        self.begin()
        order = self.own(order_id)
        if order is None:
            return self.reject(CANCEL, (0, 0, 0), (RejectReason.ORDER_UNKNOWN, order_id, 0))
        self.cancel_part(order, order.leaves, reason)
        return self.out

    def reduce(self, order_id: int, qty: int) -> list[Event]:
        """`qty` is the new intended size, the executed part included."""
        self.begin()
        order = self.own(order_id)
        if order is None:
            return self.reject(CANCEL, (0, 0, 0), (RejectReason.ORDER_UNKNOWN, order_id, 0))
        leaves = max(0, qty - order.executed)
        if leaves < order.leaves:
            self.cancel_part(order, order.leaves - leaves, CancelReason.USER)
        return self.out

    def replace(self, order_id: int, price: int, qty: int, client: int) -> list[Event]:
        """`qty` is the new total over the chain, the executed part included."""
        self.begin()
        old = self.own(order_id)
        if old is None:
            return self.reject(REPLACE, (0, 0, client), (RejectReason.ORDER_UNKNOWN, order_id, 0))
        instrument = old.instrument
        who = (instrument, old.owner, client)
        if not self.matching(instrument):
            found = self.status[instrument]
            return self.reject(
                REPLACE, who, (RejectReason.NOT_TRADING, found, TradingStatus.TRADING)
            )
        allowed = self.price_allowed(instrument, price) and qty <= QTY_MAX
        if not allowed or qty <= old.executed:
            self.cancel_part(old, old.leaves, CancelReason.REPLACE)
            return self.out
        fault = self.post_only_fault(instrument, old.side, price) if old.post_only else None
        if fault:
            return self.reject(REPLACE, who, fault)
        left = qty - old.executed
        new = Order(self.order_id_next, old.owner, client, instrument, old.side, price, left, 0)
        new.executed, new.stp, new.post_only = old.executed, old.stp, old.post_only
        new.arrival_mid2 = self.mid2(instrument)
        self.order_id_next += 1
        self.orders.remove(old)
        self.out.append(
            OrderReplaced(
                cause_seq=self.seq,
                old_order_id=order_id,
                order_id=new.order_id,
                client_id=client,
                price_ticks=price,
                qty_lots=new.leaves,
                strategy_id=new.owner,
                instrument_id=instrument,
            )
        )
        self.take(new, price)
        self.rest(new)
        return self.out

    def cancel_owner(self, owner: int, instrument: int, reason: int) -> list[Event]:
        self.begin()
        for each in sorted(self.ladders):
            if instrument in (0, each):
                for side in (Side.BUY, Side.SELL):
                    for order in self.queue(each, side):
                        if order.owner == owner != MARKET:
                            self.cancel_part(order, order.leaves, reason)
        return self.out

    # ------------------------------------------------------------------ matching

    def plan(self, taker: Order, limit: int | None) -> list[tuple[Order, int]]:
        """Whom the taker would trade with, and how much, up to its own resting order."""
        left, plan = taker.leaves, []
        for maker in self.queue(taker.instrument, opposite(taker.side)):
            if not left or (limit is not None and not reaches(taker.side, limit, maker.price)):
                break
            if taker.stp == StpMode.CANCEL_NEWEST and maker.owner == taker.owner:
                break
            qty = min(left, maker.leaves)
            plan.append((maker, qty))
            left -= qty
        return plan

    def take(self, taker: Order, limit: int | None) -> None:
        for maker, qty in self.plan(taker, limit):
            self.trade(maker, qty, taker)
        best = self.queue(taker.instrument, opposite(taker.side))
        if (
            taker.leaves
            and taker.stp == StpMode.CANCEL_NEWEST
            and best
            and best[0].owner == taker.owner
            and (limit is None or reaches(taker.side, limit, best[0].price))
        ):
            self.cancel_part(taker, taker.leaves, CancelReason.SELF_TRADE)

    def trade(self, maker: Order, qty: int, taker: Order | None) -> None:
        match_id = self.match_id_next
        self.match_id_next += 1
        for order, liquidity in ((maker, Liquidity.ADDED), (taker, Liquidity.REMOVED)):
            if order is None:
                continue
            order.leaves -= qty
            order.executed += qty
            if order.owner == MARKET:
                continue
            self.out.append(
                OrderFilled(
                    cause_seq=self.seq,
                    order_id=order.order_id,
                    client_id=order.client,
                    match_id=match_id,
                    price_ticks=maker.price,
                    qty_lots=qty,
                    leaves_lots=order.leaves,
                    arrival_mid2_ticks=order.arrival_mid2,
                    strategy_id=order.owner,
                    instrument_id=order.instrument,
                    side=order.side,
                    liquidity=liquidity,
                )
            )
        self.bury(maker)

    def rest(self, order: Order) -> None:
        if order.leaves or (order.owner == MARKET and order.history):
            self.arrivals += 1
            order.arrival = self.arrivals
            self.orders.append(order)

    def bury(self, order: Order) -> None:
        """A market order that ours took whole stays known until history is done with it."""
        over = order.history if order.owner == MARKET else order.leaves
        if not over and any(o is order for o in self.orders):
            self.orders = [o for o in self.orders if o is not order]

    def cancel_part(self, order: Order, qty: int, reason: int) -> None:
        order.leaves -= qty
        self.out.append(
            OrderCanceled(
                cause_seq=self.seq,
                order_id=order.order_id,
                client_id=order.client,
                qty_lots=qty,
                leaves_lots=order.leaves,
                strategy_id=order.owner,
                instrument_id=order.instrument,
                reason=reason,
            )
        )
        self.bury(order)

    def reject(
        self, command: int, who: tuple[int, int, int], fault: tuple[int, int, int]
    ) -> list[Event]:
        instrument, owner, client = who
        reason, value, bound = fault
        self.out.append(
            OrderRejected(
                cause_seq=self.seq,
                client_id=client,
                value=value,
                bound=bound,
                strategy_id=owner,
                instrument_id=instrument,
                reason=reason,
                command=command,
            )
        )
        return self.out

    # ------------------------------------------------------------------ the replayed market

    def market_add(self, instrument: int, ref: int, side: int, price: int, qty: int) -> list[Event]:
        self.begin()
        self.join(instrument, ref, side, price, qty)
        return self.out

    def join(self, instrument: int, ref: int, side: int, price: int, qty: int) -> None:
        if instrument not in self.ladders or qty == 0 or self.market(ref):
            return
        order = Order(ref, MARKET, 0, instrument, side, price, qty, 0, history=qty)
        if self.matching(instrument):
            for own in self.queue(instrument, opposite(side)):
                if own.owner != MARKET and order.leaves and reaches(side, price, own.price):
                    done = min(own.leaves, order.leaves)
                    order.leaves -= done
                    self.trade(own, done, None)
        self.rest(order)

    def market_execute(self, ref: int, qty: int) -> list[Event]:
        self.begin()
        order = self.market(ref)
        if order is None:
            return self.out
        qty = min(qty, order.history)
        left = qty
        for own in self.queue(order.instrument, order.side):
            if own.owner != MARKET and left and self.precedes(own, order):
                done = min(own.leaves, left)
                left -= done
                self.trade(own, done, None)
        self.shrink(order, order.history - qty)
        return self.out

    @staticmethod
    def precedes(own: Order, order: Order) -> bool:
        """Whether `own` would have traded first; one that ours took whole has no place left."""
        if own.price == order.price:
            return bool(order.leaves) and own.arrival < order.arrival
        return reaches(own.side, own.price, order.price)

    def shrink(self, order: Order, history: int) -> None:
        order.history = history
        order.leaves = min(order.leaves, history)
        self.bury(order)

    def market_reduce(self, ref: int, qty: int) -> list[Event]:
        self.begin()
        if order := self.market(ref):
            self.shrink(order, max(0, order.history - qty))
        return self.out

    def market_delete(self, ref: int) -> list[Event]:
        self.begin()
        if order := self.market(ref):
            self.shrink(order, 0)
        return self.out

    def market_replace(self, ref: int, new_ref: int, price: int, qty: int) -> list[Event]:
        self.begin()
        order = self.market(ref)
        if order and qty and (new_ref == ref or not self.market(new_ref)):
            self.shrink(order, 0)
            self.join(order.instrument, new_ref, order.side, price, qty)
        return self.out

    def market_set(self, ref: int, price: int, qty: int) -> list[Event]:
        self.begin()
        order = self.market(ref)
        if order and (qty == 0 or (price == order.price and qty <= order.history)):
            self.shrink(order, qty)
        elif order:
            self.shrink(order, 0)
            self.join(order.instrument, ref, order.side, price, qty)
        return self.out

    def market_clear(self, instrument: int) -> list[Event]:
        self.begin()
        for side in (Side.BUY, Side.SELL):
            for order in self.queue(instrument, side):
                if order.owner != MARKET:
                    self.cancel_part(order, order.leaves, CancelReason.BOOK_CLEARED)
        self.orders = [o for o in self.orders if o.instrument != instrument]
        return self.out

    def market_trade(self, instrument: int, side: int, price: int, qty: int) -> list[Event]:
        """A hidden print; `side` is the resting side, 0 when it is not known."""
        self.begin()
        for each in (Side.BUY, Side.SELL):
            for own in self.queue(instrument, each):
                better = own.price != price and reaches(each, own.price, price)
                if own.owner != MARKET and side in (0, each) and better and qty:
                    done = min(own.leaves, qty)
                    qty -= done
                    self.trade(own, done, None)
        return self.out


def opposite(side: int) -> int:
    return Side.SELL if side == Side.BUY else Side.BUY


def reaches(side: int, price: int, than: int) -> bool:
    """Whether `price` is at least as aggressive as `than` on this side."""
    return price >= than if side == Side.BUY else price <= than
