# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The plain market: what onetape.exchange.Market must do, said as simply as possible.

Sorted lists, no speed, no limits. It is the oracle of the differential tests and of the scenarios
in tests/golden/scenarios, was written from docs/internals/market.md alone and knows nothing of the
real one. A report is a dictionary whose `report` says which; numbers are those of schema/.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed

from tests.models.market_consequences import Consequences
from tests.models.market_orders import (
    AUCTIONS,
    BUY,
    BY_DAY_END,
    BY_EXPIRY,
    BY_REPLACE,
    BY_USER,
    CANCEL,
    CAPACITY,
    CLOSED,
    CONTINUOUS,
    ENTER,
    FIELD_INVALID,
    GATHERING,
    GTC,
    HALTED,
    HIDDEN,
    INSTRUMENT_UNKNOWN,
    LIMIT,
    MARKET,
    NOT_TRADING,
    ON_OPEN,
    OPENING,
    ORDER_UNKNOWN,
    POST_REJECT,
    PRE_OPEN,
    PRICE_INVALID,
    PRICE_MAX,
    PRIMARY,
    QTY_INVALID,
    QTY_MAX,
    REPLACE,
    SELL,
    UNTIL,
    WOULD_TAKE,
    Change,
    Fault,
    Instrument,
    Order,
    Report,
    Request,
    Rules,
    field_fault,
    life_fault,
    life_of,
    reaches,
    type_of,
)


class PlainMarket(Consequences):
    """Commands in, reports out."""

    def define(self, number: int, rules: Rules | None = None) -> None:
        self.instruments[number] = Instrument(number, rules or Rules())

    def set_firm(self, owner: int, firm: int) -> None:
        self.firms[owner] = firm

    def begin(self, ts_ns: int) -> None:
        """Time has come this far: what ends by now ends first (14)."""
        self.out = []
        self.ts = ts_ns
        self.cancel_each(lambda o: o.life == UNTIL and o.until <= ts_ns, BY_EXPIRY)

    def cancel_each(self, choose: Callable[[Order], bool], reason: int) -> int:
        chosen = [order for _, order in sorted(self.orders.items()) if choose(order)]
        for order in chosen:
            self.cancel_whole(order, reason)
        for number in sorted({order.instrument for order in chosen}):
            self.settle(self.instruments[number])
        return len(chosen)

    def reject(self, command: int, fault: Fault, *, client: int = 0, owner: int = 0, at: int = 0):
        reason, value, bound = fault
        self.say(
            "rejected",
            client=client,
            owner=owner,
            instrument=at,
            reason=reason,
            value=value,
            bound=bound,
            command=command,
        )
        return self.out

    # New orders.

    def enter(self, ts_ns: int, r: Request) -> list[Report]:
        self.begin(ts_ns)
        who = {"client": r.client, "owner": r.owner, "at": r.instrument}
        instrument = self.instruments.get(r.instrument)
        if instrument is None:
            return self.reject(ENTER, (INSTRUMENT_UNKNOWN, r.instrument, 0), **who)
        order = self.ordered(r)
        fault = (
            self.entry_fault(instrument, r)
            or self.on_open_fault(instrument, order)
            or self.phase_fault(instrument, order)
            or self.until_fault(order)
            or self.room_fault(order)
            or self.placing_fault(instrument, order)
        )
        if fault:
            return self.reject(ENTER, fault, **who)
        self.order_id_last += 1
        order.order_id = self.order_id_last
        self.say(
            "accepted",
            order_id=order.order_id,
            client=order.client,
            price=order.price,
            qty=order.leaves,
            owner=order.owner,
            instrument=order.instrument,
            side=order.side,
            order_type=type_of(order),
            time_in_force=life_of(order),
            post_only=order.post_only > 0,
        )
        self.place(instrument, order)
        self.settle(instrument)
        return self.out

    @staticmethod
    def ordered(r: Request) -> Order:
        return Order(
            order_id=0,
            client=r.client,
            owner=r.owner,
            instrument=r.instrument,
            side=r.side,
            pricing=r.pricing,
            price=r.price if r.pricing == LIMIT else 0,
            cap=0 if r.pricing in (LIMIT, MARKET) else r.price,
            offset=r.offset,
            stop=r.stop,
            display=r.display,
            slice=r.slice,
            minimum=r.minimum,
            all_or_none=r.all_or_none,
            post_only=r.post_only,
            life=r.life,
            until=r.until,
            auction=r.auction,
            stp=r.stp,
            by_port=r.by_port,
            leaves=r.qty,
        )

    @staticmethod
    def entry_fault(instrument: Instrument, r: Request) -> Fault | None:
        """Return the first thing wrong with what a new order says (1)."""
        if field_fault(r):
            return FIELD_INVALID, 0, 0
        if not 1 <= r.qty <= QTY_MAX:
            return QTY_INVALID, r.qty, 1 if r.qty < 1 else QTY_MAX
        limit = r.price if r.pricing == LIMIT or (r.pricing != MARKET and r.price) else None
        for price in (limit, r.stop):
            if price is not None and not instrument.ladder.allows(price):
                return PRICE_INVALID, price, 0
        if r.pricing >= PRIMARY and abs(r.offset) > PRICE_MAX:
            return PRICE_INVALID, r.offset, 0
        return None

    @staticmethod
    def on_open_fault(instrument: Instrument, order: Order) -> Fault | None:
        """On-open orders come before the opening auction has ended (11)."""
        late = order.auction == ON_OPEN and instrument.phase not in (PRE_OPEN, OPENING)
        return (NOT_TRADING, instrument.phase, CONTINUOUS) if late else None

    @staticmethod
    def phase_fault(instrument: Instrument, order: Order) -> Fault | None:
        """Return why the phase refuses an order, if it does (11)."""
        phase = instrument.phase
        at_once = (order.never_rests or order.post_only > 0) and not order.auction
        gathers = at_once and order.stop is None and phase in GATHERING
        refused = phase in (CLOSED, HALTED) or gathers
        return (NOT_TRADING, phase, CONTINUOUS) if refused else None

    def until_fault(self, order: Order) -> Fault | None:
        past = order.life == UNTIL and order.until <= self.ts
        return (FIELD_INVALID, order.until, self.ts) if past else None

    def room_fault(self, order: Order) -> Fault | None:
        """Refuse an order that may stay where there is no room for one more of its kind (1)."""
        live, limits = self.orders.values(), self.limits
        hidden = order.display == HIDDEN
        alike = [o for o in live if o.conditioned and o.instrument == order.instrument]
        special = [o for o in live if o.special]
        for applies, used, limit in [
            (order.stays, len(live), limits.orders),
            (order.stays and hidden, sum(o.display == HIDDEN for o in live), limits.hidden),
            (order.special, len(special), limits.special),
            (order.stays and order.conditioned, len(alike), limits.conditioned),
        ]:
            if applies and used >= limit:
                return CAPACITY, limit, limit
        return None

    def placing_fault(self, instrument: Instrument, order: Order) -> Fault | None:
        """Give an order for the book its price; return why it can have none (5, 8, 12)."""
        if order.stop is not None or order.auction or instrument.phase != CONTINUOUS:
            return None
        if order.pricing == LIMIT:
            order.price = self.banded(order.side, order.price, instrument)
        if order.post_only:
            return self.post_only_fault(instrument, order)
        if order.pegged:
            order.price = self.peg_price(order)
        return None

    def post_only_fault(self, instrument: Instrument, order: Order) -> Fault | None:
        """Refuse or slide an order that would take (5)."""
        maker = self.would_take(order, order.price)
        if maker is None:
            return None
        if order.post_only == POST_REJECT:
            return WOULD_TAKE, order.price, maker.price
        ladder = instrument.ladder
        behind = ladder.down(maker.price - 1) if order.side == BUY else ladder.up(maker.price + 1)
        if not ladder.allows(behind):
            return PRICE_INVALID, order.price, maker.price
        order.price = behind
        return None

    def place(self, instrument: Instrument, order: Order) -> None:
        """Put a taken order where it belongs, or let it come to the book."""
        self.orders[order.order_id] = order
        if order.stop is not None:
            order.place = "stop"
            last = instrument.last_trade
            order.reached = bool(last) and reaches(order.side, last, order.stop)
            instrument.stops[order.order_id] = order
            return
        if order.auction:
            order.place = "aside"
            instrument.aside[order.order_id] = order
            return
        if order.pegged:
            instrument.pegs[order.order_id] = order
            if not order.price:
                order.place = "parked"
                return
        if instrument.phase == CONTINUOUS:
            self.come(order)
        else:
            self.rest(order)

    # Changes.

    def cancel(self, ts_ns: int, order_id: int, reason: int = BY_USER) -> list[Report]:
        self.begin(ts_ns)
        order = self.orders.get(order_id)
        if order is None:
            return self.reject(CANCEL, (ORDER_UNKNOWN, order_id, 0))
        self.cancel_whole(order, reason)
        self.settle(self.instruments[order.instrument])
        return self.out

    def reduce(self, ts_ns: int, order_id: int, qty: int) -> list[Report]:
        """`qty` is the new intended size, the executed part included (13)."""
        self.begin(ts_ns)
        order = self.orders.get(order_id)
        if order is None:
            return self.reject(CANCEL, (ORDER_UNKNOWN, order_id, 0))
        leaves = max(0, qty - order.executed)
        if leaves < order.leaves:
            self.cancel_part(order, order.leaves - leaves, BY_USER)
            self.settle(self.instruments[order.instrument])
        return self.out

    def replace(self, ts_ns: int, order_id: int, c: Change) -> list[Report]:
        self.begin(ts_ns)
        old = self.orders.get(order_id)
        if old is None:
            return self.reject(REPLACE, (ORDER_UNKNOWN, order_id, 0), client=c.client)
        instrument = self.instruments[old.instrument]
        who = {"client": c.client, "owner": old.owner, "at": old.instrument}
        new = self.replacement(old, c)
        fault = self.phase_fault(instrument, new) or self.longer_fault(old, new)
        if fault:
            return self.reject(REPLACE, fault, **who)
        fault = self.details_fault(instrument, old, new, c.qty)
        fault = fault or self.placing_fault(instrument, new)
        if fault and (c.keeps_original or fault[0] == WOULD_TAKE):
            return self.reject(REPLACE, fault, **who)
        if fault:
            self.cancel_whole(old, BY_REPLACE)
            self.settle(instrument)
            return self.out
        self.remove(old)
        self.order_id_last += 1
        new.order_id = self.order_id_last
        self.say(
            "replaced",
            old_order_id=order_id,
            order_id=new.order_id,
            client=new.client,
            price=new.price,
            qty=new.leaves,
            owner=new.owner,
            instrument=new.instrument,
            side=new.side,
        )
        self.place(instrument, new)
        self.settle(instrument)
        return self.out

    def longer_fault(self, old: Order, new: Order) -> Fault | None:
        """Refuse a day order that would live longer where there is no room for that."""
        full = sum(order.special for order in self.orders.values()) >= self.limits.special
        refused = full and new.special and not old.special
        return (CAPACITY, self.limits.special, self.limits.special) if refused else None

    def details_fault(
        self, instrument: Instrument, old: Order, new: Order, qty: int
    ) -> Fault | None:
        """Return the first thing wrong with what a replacement says (13)."""
        if qty > QTY_MAX:
            return QTY_INVALID, qty, QTY_MAX
        if qty <= old.executed:
            return QTY_INVALID, qty, old.executed + 1
        if life_fault(new):
            return FIELD_INVALID, 0, 0
        prices = [new.cap] * (new.cap != 0) + [new.price] * (new.pricing == LIMIT)
        prices += [] if new.stop is None else [new.stop]
        for price in prices:
            if not instrument.ladder.allows(price):
                return PRICE_INVALID, price, 0
        return self.until_fault(new)

    @staticmethod
    def replacement(old: Order, c: Change) -> Order:
        """Return what an order would become; beside the book, price 0 makes it a market order."""
        leaves = max(c.qty - old.executed, 0)
        pricing = old.pricing
        if old.place in ("stop", "aside"):
            pricing = LIMIT if c.price else MARKET
        return changed(
            old,
            client=c.client,
            leaves=leaves,
            pricing=pricing,
            price=c.price if pricing == LIMIT else 0,
            cap=c.price if old.pegged else 0,
            stop=None if old.stop is None else c.stop if c.stop is not None else old.stop,
            life=c.life or old.life,
            until=c.until if c.life else old.until,
            slice=min(old.slice, leaves),
            minimum=min(old.minimum, leaves),
            shown=0,
            place="",
            reached=False,
        )

    def mass_cancel(self, ts_ns: int, choose: Callable[[Order], bool], reason: int) -> list[Report]:
        self.begin(ts_ns)
        self.cancel_each(choose, reason)
        return self.out

    # Time and phases.

    def set_phase(self, ts_ns: int, number: int, phase: int) -> list[Report]:
        self.begin(ts_ns)
        instrument = self.instruments[number]
        self.change_phase(instrument, phase)
        return self.out

    def tick(self, ts_ns: int) -> list[Report]:
        """Do what is due by now: expiry, the end of a pause, bands, limit states, indications."""
        self.begin(ts_ns)
        for _, instrument in sorted(self.instruments.items()):
            self.tick_one(instrument)
        return self.out

    def tick_one(self, instrument: Instrument) -> None:
        if instrument.pause_ends is not None and self.ts >= instrument.pause_ends:
            self.change_phase(instrument, CONTINUOUS)
        self.tick_bands(instrument)
        if instrument.phase in AUCTIONS:
            self.out.append(self.indicative(instrument.number))

    def set_reference(self, ts_ns: int, number: int, price: int) -> list[Report]:
        """An operator says the reference price, of auctions and of bands."""
        self.begin(ts_ns)
        if price > 0:
            instrument = self.instruments[number]
            instrument.reference = price
            self.set_bands(instrument, price)
            self.settle(instrument)
        return self.out

    def day_ended(self, ts_ns: int) -> list[Report]:
        self.begin(ts_ns)
        for _, instrument in sorted(self.instruments.items()):
            self.change_phase(instrument, CLOSED)
            self.clear_bands(instrument)
        self.cancel_each(lambda o: o.life not in (GTC, UNTIL), BY_DAY_END)
        return self.out

    def day_started(self, ts_ns: int) -> list[Report]:
        """Announce again what is displayed in the books (14)."""
        self.begin(ts_ns)
        for _, instrument in sorted(self.instruments.items()):
            for side in (BUY, SELL):
                for order in instrument.sides[side]:
                    if order.shown:
                        self.say_rested(order)
        return self.out

    # Questions.

    def book(self, number: int, side: int) -> list[tuple[int, int, int, int]]:
        """Return a side's queue: id, price, displayed, remainder; first to trade first."""
        queue = self.instruments[number].sides[side]
        return [(o.order_id, o.price, o.shown, o.leaves) for o in queue]

    def levels(self, number: int, side: int) -> list[tuple[int, int, int]]:
        """Return the displayed levels of a side: price, quantity, orders; best first."""
        found: dict[int, tuple[int, int]] = {}
        for order in self.instruments[number].sides[side]:
            if order.shown:
                qty, count = found.get(order.price, (0, 0))
                found[order.price] = (qty + order.shown, count + 1)
        return [(price, *level) for price, level in found.items()]

    def check(self) -> None:
        """Assert what must hold after every command."""
        for number, instrument in self.instruments.items():
            bid, ask = instrument.best_pair()
            if instrument.phase == CONTINUOUS and bid and ask:
                assert bid < ask, f"instrument {number} is crossed: {bid} to {ask}"
            for side in (BUY, SELL):
                queue = instrument.sides[side]
                assert [o.key for o in queue] == sorted(o.key for o in queue)
                assert all(o.leaves > 0 and 0 <= o.shown <= o.leaves for o in queue)
                assert all((o.shown == 0) == (o.display == 1) for o in queue)
                assert all(self.orders[o.order_id] is o for o in queue)
        beside = sum(len(i.stops) + len(i.aside) for i in self.instruments.values())
        beside += sum(o.place == "parked" for o in self.orders.values())
        standing = sum(len(i.sides[BUY]) + len(i.sides[SELL]) for i in self.instruments.values())
        assert len(self.orders) == beside + standing
