# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Orders of the plain market: what one can say, what is refused, tick tables, one instrument.

Numbers in brackets are those of docs/internals/market.md.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, TypeAlias

BUY, SELL = 1, 2
LIMIT, MARKET, PRIMARY, OPPOSITE, MIDPOINT, STOP, STOP_LIMIT = 1, 2, 3, 4, 5, 6, 7
DISPLAYED, HIDDEN, RESERVE = 0, 1, 2
POST_REJECT, POST_SLIDE = 1, 2
DAY, IOC, FOK, GTC, UNTIL, TIF_OPEN, TIF_CLOSE = 1, 2, 3, 4, 5, 6, 7
ON_OPEN, ON_CLOSE = 1, 2
STP_NEWEST, STP_OLDEST, STP_BOTH, STP_DECREMENT = 1, 2, 3, 4
CLOSED, PRE_OPEN, OPENING, CONTINUOUS, VOLATILITY, HALTED, CLOSING = range(7)
GATHERING = (PRE_OPEN, OPENING, VOLATILITY, CLOSING)
AUCTIONS = (OPENING, VOLATILITY, CLOSING)

# Why an order is refused (schema/reasons.toml) and why one is cancelled (schema/events.toml).
INSTRUMENT_UNKNOWN, QTY_INVALID, PRICE_INVALID, WOULD_TAKE = 20, 21, 22, 23
CAPACITY, FIELD_INVALID, NOT_TRADING, ORDER_UNKNOWN = 24, 25, 26, 40
BY_USER, BY_IOC, BY_FOK, BY_SELF_TRADE, BY_REPLACE = 1, 2, 3, 4, 5
BY_COLLAR, BY_EXPIRY, BY_DAY_END, BY_AUCTION = 10, 11, 12, 13
REFILL, PEG, TRIGGER = 1, 2, 3
ENTER, CANCEL, REPLACE = 20, 21, 22

QTY_MAX, PRICE_MAX = 1 << 40, 1 << 60

Report: TypeAlias = dict[str, Any]
#: Why a command is refused: the reason, what was found, what was allowed.
Fault: TypeAlias = tuple[int, int, int]
_KEY = attrgetter("key")


@dataclass(slots=True)
class Request:
    """A new order, as somebody asks for it (1). Prices in ticks, quantities in lots."""

    side: int
    qty: int
    #: Limit price; of a peg its limit, 0 for none; of a market order 0.
    price: int = 0
    pricing: int = LIMIT
    offset: int = 0
    #: Stop price; None for no stop.
    stop: int | None = None
    display: int = DISPLAYED
    #: Displayed size of a reserve order.
    slice: int = 0
    #: Minimum quantity; 0 for none.
    minimum: int = 0
    all_or_none: bool = False
    post_only: int = 0
    life: int = DAY
    until: int = 0
    auction: int = 0
    stp: int = 0
    by_port: bool = False
    owner: int = 1
    client: int = 0
    instrument: int = 1


@dataclass(slots=True)
class Change:
    """What a replacement says (13)."""

    #: The new total over the chain, the executed part included.
    qty: int
    #: The new limit; of a peg its new cap, 0 for none.
    price: int = 0
    #: The new life; 0: it stays.
    life: int = 0
    until: int = 0
    #: The new stop price; None: it stays.
    stop: int | None = None
    client: int = 0
    #: With invalid details it is refused and the original stays; else the original is cancelled.
    keeps_original: bool = False


@dataclass(slots=True, eq=False)
class Order:
    """A live order, or one on its way in."""

    order_id: int
    client: int
    owner: int
    instrument: int
    side: int
    pricing: int
    #: The price it stands at or comes with; 0 for none (market orders, parked pegs).
    price: int
    #: What a peg may not go beyond; 0 for nothing.
    cap: int
    offset: int
    stop: int | None
    display: int
    slice: int
    minimum: int
    all_or_none: bool
    post_only: int
    life: int
    until: int
    auction: int
    stp: int
    by_port: bool
    leaves: int
    executed: int = 0
    #: How much of it others see.
    shown: int = 0
    #: Where it is: "" (nowhere: incoming, or dead), "book", "stop", "parked" or "aside" (auction).
    place: str = ""
    #: Of a stop: whether a trade has reached it.
    reached: bool = False
    #: Its place in the queue of its side (2).
    key: tuple[int, bool, int] = (0, False, 0)

    @property
    def conditioned(self) -> bool:
        return self.minimum > 0 or self.all_or_none

    @property
    def pegged(self) -> bool:
        return self.pricing >= PRIMARY

    @property
    def never_rests(self) -> bool:
        return self.pricing == MARKET or self.life in (IOC, FOK)

    @property
    def stays(self) -> bool:
        """Whether something of it may stay, in the book or beside it."""
        return self.stop is not None or self.auction > 0 or not self.never_rests

    @property
    def special(self) -> bool:
        """Whether it is more than a day order in the book."""
        beside = self.stop is not None or self.auction > 0
        return beside or self.pegged or self.life in (GTC, UNTIL)

    def wanted(self) -> int:
        """Return how much must be there for it to trade at all (3)."""
        return self.leaves if self.all_or_none else min(self.minimum, self.leaves)


def opposite(side: int) -> int:
    return SELL if side == BUY else BUY


def reaches(side: int, price: int, other: int) -> bool:
    """Whether a price of this side is at the other price or through it."""
    return price >= other if side == BUY else price <= other


def field_fault(r: Request) -> bool:  # noqa: PLR0911
    """Whether the parts of an order do not go together (1)."""
    resting = r.pricing != MARKET and r.life not in (IOC, FOK)
    pegged, stopped, shown = r.pricing >= PRIMARY, r.stop is not None, r.display != HIDDEN
    conditioned = r.minimum > 0 or r.all_or_none
    if not r.owner or (pegged and (shown or stopped or r.life in (IOC, FOK) or r.post_only)):
        return True
    if conditioned and resting and not r.auction and shown:
        return True
    if r.minimum > r.qty:
        return True
    if r.display == RESERVE and not 0 < r.slice <= r.qty:
        return True
    if r.post_only and (not resting or stopped or conditioned or r.auction):
        return True
    if stopped and (r.auction or r.display != DISPLAYED or conditioned):
        return True
    if r.auction:
        return r.display != DISPLAYED or conditioned or pegged or r.life != DAY
    if r.pricing == MARKET:
        return r.life not in (DAY, IOC) or r.display != DISPLAYED or r.all_or_none
    return False


def type_of(order: Order) -> int:
    """Return the order type that reports name."""
    if order.stop is None:
        return order.pricing
    return STOP if order.pricing == MARKET else STOP_LIMIT


def life_of(order: Order) -> int:
    """Return the time in force that reports name."""
    return {ON_OPEN: TIF_OPEN, ON_CLOSE: TIF_CLOSE}.get(order.auction, order.life)


def life_fault(order: Order) -> bool:
    """Whether an order cannot have the life that a replacement gave it (1)."""
    if order.pegged or order.post_only:
        return order.life in (IOC, FOK)
    if order.auction:
        return order.life != DAY
    return order.pricing == MARKET and order.life not in (DAY, IOC)


class Ladder:
    """A tick table: rungs of (from which price, step), lowest first."""

    def __init__(self, rungs: list[tuple[int, int]]) -> None:
        self.rungs = rungs or [(0, 1)]

    def allows(self, price: int) -> bool:
        step = next((s for start, s in reversed(self.rungs) if price >= start), self.rungs[0][1])
        return 0 < price <= PRICE_MAX and price % step == 0

    def down(self, price: int) -> int:
        """Return the highest price of the table that is not above this one; not above 0: none."""
        for start, step in reversed(self.rungs):
            if price >= start:
                found = price - price % step
                if found >= start:
                    return found
                price = start - 1
        return 0

    def up(self, price: int) -> int:
        """Return the lowest price of the table that is not below this one."""
        price = max(price, 1)
        ends = [start for start, _ in self.rungs[1:]] + [1 << 70]
        for (_, step), end in zip(self.rungs, ends, strict=True):
            if price < end:
                found = price + -price % step
                if found < end:
                    return found
                price = end
        raise AssertionError(price)


@dataclass
class Rules:
    """What an instrument's market is set up to do; 0 for none everywhere."""

    rungs: list[tuple[int, int]] = field(default_factory=lambda: [(0, 1)])
    reference: int = 0
    collar: int = 0
    band_bps: int = 0
    pause_ns: int = 0
    auction_collar_bps: int = 0
    pro_rata: bool = False


@dataclass
class Limits:
    """How many orders may live: in all, hidden, special, conditioned (in an instrument)."""

    orders: int = 2_000
    hidden: int = 2_000
    special: int = 2_000
    conditioned: int = 1_000


class Instrument:
    """One instrument: its book, what stands beside the book, its phase."""

    def __init__(self, number: int, rules: Rules) -> None:
        self.number, self.rules, self.ladder = number, rules, Ladder(rules.rungs)
        self.phase = CLOSED
        #: Both sides of the book, each in priority (2).
        self.sides: tuple[list[Order], ...] = ([], [], [])
        self.stops: dict[int, Order] = {}
        self.pegs: dict[int, Order] = {}
        self.aside: dict[int, Order] = {}
        self.conditioned = 0
        self.last_trade = 0
        #: What auctions are held against: the last trade, else what was said; 0 for none.
        self.reference = rules.reference
        #: Whether anything rested, or was priced again, since size conditions last looked (9).
        self.rested = False
        # The bands (12): reference, lower and upper; 0 while there are none.
        self.band: tuple[int, int, int] = (0, 0, 0)
        self.band_ts = 0
        self.first_trade = 0
        self.limit_side = 0
        self.limit_ts = 0
        self.pause_ends: int | None = None
        self.trades: deque[tuple[int, int]] = deque()

    def join(self, order: Order) -> None:
        sign = -order.price if order.side == BUY else order.price
        order.key = (sign, order.shown == 0, order.order_id)
        order.place = "book"
        insort(self.sides[order.side], order, key=_KEY)
        self.conditioned += order.conditioned

    def leave(self, order: Order) -> None:
        queue = self.sides[order.side]
        at = bisect_left(queue, order.key, key=_KEY)
        assert queue[at] is order
        del queue[at]
        order.place = ""
        self.conditioned -= order.conditioned

    def best_displayed(self, side: int) -> int:
        """Return the best price that others see on a side; 0 for none."""
        return next((o.price for o in self.sides[side] if o.shown), 0)

    def best_pair(self) -> tuple[int, int]:
        return self.best_displayed(BUY), self.best_displayed(SELL)
