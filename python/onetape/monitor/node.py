# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A live node as its journal tells it: venues, strategies, own orders, positions, trading states.

A function of the entries, and of the best prices that `mark` is given: no clock, no socket. Prices
are ticks, quantities lots. It asks the node for nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from onetape.events import (
    FeedState,
    FeedStateChanged,
    FillUnexpected,
    InstrumentDefined,
    InstrumentListed,
    LimitBreached,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderReplaced,
    OrderState,
    OrderStateChanged,
    OrderUnknown,
    PositionChanged,
    PositionReported,
    RejectReason,
    RiskScope,
    Side,
    StopReason,
    StrategyStarted,
    StrategyStopped,
    TradingState,
    TradingStateChanged,
    UnexpectedFill,
    VenueDefined,
    VenueLink,
    VenueLinkChanged,
)
from onetape.journal import Entry
from onetape.types import Instrument

_NOTES_MAX = 64
_DEAD = {
    OrderState.FILLED, OrderState.CANCELED, OrderState.REJECTED, OrderState.EXPIRED,
    OrderState.REPLACED,
}  # fmt: skip


@dataclass(slots=True)
class OwnOrder:
    """A live order of ours at a venue."""

    strategy_id: int
    instrument_id: int
    order_id: int
    client_id: int
    side: int
    price_ticks: int
    leaves_lots: int
    executed_lots: int = 0
    is_unknown: bool = False


@dataclass(slots=True)
class Held:
    """What a strategy has in an instrument: position, and sales less purchases in tick-lots."""

    position_lots: int = 0
    cash_ticklots: int = 0
    last_fill_ticks: int = 0
    bought_lots: int = 0
    sold_lots: int = 0


@dataclass(slots=True)
class WatchedVenue:
    """A venue: which of its connections are up, and how whole its feed is."""

    name: str
    feed_id: int | None
    links: dict[VenueLink, bool] = field(default_factory=dict)
    feed: FeedState | None = None


@dataclass(slots=True)
class WatchedStrategy:
    """A strategy and what it did."""

    name: str
    running: bool = True
    orders: int = 0
    fills: int = 0
    refused: int = 0


@dataclass(slots=True)
class Top:
    """Best prices of an instrument; a quantity of 0: nobody is there."""

    bid_ticks: int = 0
    bid_lots: int = 0
    ask_ticks: int = 0
    ask_lots: int = 0


class NodeState:
    """The state of a live node after every entry that was applied."""

    def __init__(self) -> None:
        self.seq = 0
        self.ts_ns = 0
        self.venues: dict[int, WatchedVenue] = {}
        self.strategies: dict[int, WatchedStrategy] = {}
        self.instruments: dict[int, Instrument] = {}
        self.venue_of: dict[int, int] = {}
        #: Live orders by strategy and client id.
        self.orders: dict[tuple[int, int], OwnOrder] = {}
        #: By strategy and instrument.
        self.held: dict[tuple[int, int], Held] = {}
        #: What a venue last said that we hold, by instrument.
        self.reported: dict[int, int] = {}
        #: The states that were set, by scope and id.
        self.states: dict[tuple[RiskScope, int], TradingState] = {}
        self.tops: dict[int, Top] = {}
        #: What happened, the last things only: time and text.
        self.notes: deque[tuple[int, str]] = deque(maxlen=_NOTES_MAX)
        #: Client ids of live orders by strategy, instrument and the venue's id.
        self._by_id: dict[tuple[int, int, int], int] = {}
        self._acts: dict[int, Callable[[Any], None]] = {
            VenueDefined.KIND: self._venue,
            InstrumentDefined.KIND: self._instrument,
            InstrumentListed.KIND: self._listed,
            StrategyStarted.KIND: self._started,
            StrategyStopped.KIND: self._stopped,
            VenueLinkChanged.KIND: self._link,
            FeedStateChanged.KIND: self._feed,
            TradingStateChanged.KIND: self._state,
            PositionReported.KIND: self._reported,
            OrderAccepted.KIND: self._accepted,
            OrderReplaced.KIND: self._replaced,
            OrderCanceled.KIND: self._canceled,
            OrderFilled.KIND: self._filled,
            OrderRejected.KIND: self._rejected,
            PositionChanged.KIND: self._position,
            OrderStateChanged.KIND: self._order_state,
            OrderUnknown.KIND: self._unknown,
            FillUnexpected.KIND: self._unexpected,
            LimitBreached.KIND: self._breached,
        }

    @property
    def kinds(self) -> list[int]:
        """Kinds of events that change it."""
        return list(self._acts)

    def apply(self, entry: Entry) -> None:
        """Take one entry in; kinds that say nothing of a node are passed over."""
        self.reached(entry.seq, entry.ts_ns)
        act = self._acts.get(entry.kind)
        event = entry.event if act else None
        if act is not None and event is not None:
            act(event)

    def reached(self, seq: int, ts_ns: int) -> None:
        """Take in how far the journal goes: the kinds between say nothing of a node."""
        self.seq, self.ts_ns = max(self.seq, seq), max(self.ts_ns, ts_ns)

    def mark(self, instrument_id: int, top: Top) -> None:
        """Take in the best prices of an instrument."""
        self.tops[instrument_id] = top

    def profit_ticklots(self, strategy_id: int, instrument_id: int) -> int | None:
        """Return cash and the position at the price it could be closed at, in tick-lots; no fees.

        A long position is worth the best bid, a short one the best ask; where that side is empty,
        the price of the last fill. None when nothing is held and nothing was traded.
        """
        held = self.held.get((strategy_id, instrument_id))
        if held is None:
            return None
        return held.cash_ticklots + held.position_lots * self.mark_ticks(held, instrument_id)

    def mark_ticks(self, held: Held, instrument_id: int) -> int:
        """Return what one lot of a position is worth, in ticks."""
        top = self.tops.get(instrument_id, Top())
        price, lots = (
            (top.bid_ticks, top.bid_lots)
            if held.position_lots > 0
            else (top.ask_ticks, top.ask_lots)
        )
        return price if lots else held.last_fill_ticks

    def position_of(self, instrument_id: int) -> int:
        """Return what all strategies hold of an instrument, in lots."""
        return sum(h.position_lots for (_, i), h in self.held.items() if i == instrument_id)

    def symbol(self, instrument_id: int) -> str:
        """Return what an instrument is called: with its venue where the symbol has several."""
        instrument = self.instruments.get(instrument_id)
        if instrument is None:
            return f"instrument {instrument_id}"
        twins = [i for i in self.instruments.values() if i.symbol == instrument.symbol]
        venue = self.venues.get(self.venue_of.get(instrument_id, 0))
        return (
            f"{instrument.symbol}@{venue.name}" if len(twins) > 1 and venue else instrument.symbol
        )

    def strategy_name(self, strategy_id: int) -> str:
        """Return what a strategy is called."""
        known = self.strategies.get(strategy_id)
        return known.name if known else f"strategy {strategy_id}"

    def scope_name(self, scope: RiskScope, number: int) -> str:
        """Return what a scope is called."""
        if scope is RiskScope.STRATEGY:
            return self.strategy_name(number)
        if scope in {RiskScope.INSTRUMENT, RiskScope.PRODUCT}:  # A product has its first one's id.
            return self.symbol(number)
        if scope is RiskScope.VENUE:
            venue = self.venues.get(number)
            return venue.name if venue else f"venue {number}"
        return f"account {number}" if scope is RiskScope.ACCOUNT else "everything"

    def _note(self, text: str) -> None:
        self.notes.append((self.ts_ns, text))

    def _venue(self, event: VenueDefined) -> None:
        known = self.venues.get(event.venue_id)
        name = event.tail.decode("utf-8", "replace")
        feed_id = None if event.is_adapter else event.feed_id
        # A node that starts again says again what it trades on; what it knew of the links is over.
        if known is None or known.name != name:
            self.venues[event.venue_id] = WatchedVenue(name, feed_id)

    def _instrument(self, event: InstrumentDefined) -> None:
        self.instruments[event.instrument_id] = Instrument(
            id=event.instrument_id,
            symbol=event.symbol.rstrip(b"\0").decode("latin-1"),
            tick_e9=event.tick_e9,
            lot_e9=event.lot_e9,
            currency=event.currency.rstrip(b"\0").decode("latin-1"),
            multiplier_e9=event.multiplier_e9,
        )

    def _listed(self, event: InstrumentListed) -> None:
        self.venue_of[event.instrument_id] = event.venue_id

    def _started(self, event: StrategyStarted) -> None:
        name = event.tail.decode("utf-8", "replace")
        known = self.strategies.setdefault(event.strategy_id, WatchedStrategy(name))
        known.name, known.running = name, True
        self._note(f"{name} started")

    def _stopped(self, event: StrategyStopped) -> None:
        known = self.strategies.get(event.strategy_id)
        if known is not None:
            known.running = False
        why = StopReason(event.reason).name.lower().replace("_", " ")
        said = event.tail.decode("utf-8", "replace")
        name = self.strategy_name(event.strategy_id)
        self._note(f"{name} stopped: {why}{f' ({said})' if said else ''}")

    def _link(self, event: VenueLinkChanged) -> None:
        venue = self.venues.get(event.venue_id)
        if venue is None:
            return
        link = VenueLink(event.link)
        venue.links[link] = bool(event.is_up)
        why = event.tail.decode("utf-8", "replace")
        state = "up" if event.is_up else "down"
        word = link.name.lower().replace("_", " ")
        self._note(f"{venue.name}: {word} {state}{f', {why}' if why else ''}")

    def _feed(self, event: FeedStateChanged) -> None:
        for venue in self.venues.values():
            if venue.feed_id == event.feed_id:
                venue.feed = FeedState(event.state)

    def _state(self, event: TradingStateChanged) -> None:
        scope, state = RiskScope(event.scope), TradingState(event.state)
        self.states[scope, event.id] = state
        why = f", {_reason(event.reason)}" if event.reason else ""
        self._note(f"{self.scope_name(scope, event.id)}: {state.name.lower()}{why}")

    def _reported(self, event: PositionReported) -> None:
        self.reported[event.instrument_id] = event.position_lots

    def _strategy(self, strategy_id: int) -> WatchedStrategy:
        name = self.strategy_name(strategy_id)
        return self.strategies.setdefault(strategy_id, WatchedStrategy(name))

    def _accepted(self, event: OrderAccepted) -> None:
        self._add(event, event.side, 0)

    def _add(self, event: OrderAccepted | OrderReplaced, side: int, executed_lots: int) -> None:
        self._strategy(event.strategy_id).orders += 1
        self.orders[event.strategy_id, event.client_id] = OwnOrder(
            event.strategy_id, event.instrument_id, event.order_id, event.client_id, side,
            event.price_ticks, event.qty_lots, executed_lots,
        )  # fmt: skip
        place = (event.strategy_id, event.instrument_id, event.order_id)
        self._by_id[place] = event.client_id

    def _replaced(self, event: OrderReplaced) -> None:
        client_id = self._by_id.get((event.strategy_id, event.instrument_id, event.old_order_id), 0)
        old = self.orders.get((event.strategy_id, client_id))
        side, done = (old.side, old.executed_lots) if old else (0, 0)
        self._left(event.strategy_id, client_id, 0)
        self._add(event, side, done)

    def _canceled(self, event: OrderCanceled) -> None:
        self._left(event.strategy_id, event.client_id, event.leaves_lots)

    def _left(self, strategy_id: int, client_id: int, leaves_lots: int) -> None:
        order = self.orders.get((strategy_id, client_id))
        if order is not None:
            order.leaves_lots = leaves_lots
            if leaves_lots == 0:
                del self.orders[strategy_id, client_id]
                self._by_id.pop((strategy_id, order.instrument_id, order.order_id), None)

    def _filled(self, event: OrderFilled) -> None:
        self._strategy(event.strategy_id).fills += 1
        order = self.orders.get((event.strategy_id, event.client_id))
        if order is not None:
            order.executed_lots += event.qty_lots
        self._left(event.strategy_id, event.client_id, event.leaves_lots)
        held = self.held.setdefault((event.strategy_id, event.instrument_id), Held())
        held.last_fill_ticks = event.price_ticks
        if event.side == Side.BUY:
            held.bought_lots += event.qty_lots
        else:
            held.sold_lots += event.qty_lots

    def _rejected(self, event: OrderRejected) -> None:
        strategy = self._strategy(event.strategy_id)
        strategy.refused += 1
        self._note(f"{strategy.name}: refused, {_reason(event.reason)}")

    def _position(self, event: PositionChanged) -> None:
        held = self.held.setdefault((event.strategy_id, event.instrument_id), Held())
        held.position_lots, held.cash_ticklots = event.position_lots, event.cash_ticklots

    def _order_state(self, event: OrderStateChanged) -> None:
        order = self.orders.get((event.strategy_id, event.client_id))
        if order is None:
            return
        order.is_unknown = event.state == OrderState.UNKNOWN
        if order.is_unknown:
            name = self.strategy_name(event.strategy_id)
            self._note(f"{name}: what became of order {event.client_id} is unknown")
        if event.state in _DEAD:
            self._left(event.strategy_id, event.client_id, 0)

    def _unknown(self, event: OrderUnknown) -> None:
        self._note(f"{self.symbol(event.instrument_id)}: the venue speaks of an order not known")

    def _unexpected(self, event: FillUnexpected) -> None:
        what = UnexpectedFill(event.what).name.lower().replace("_", " ")
        self._note(f"{self.symbol(event.instrument_id)}: a fill that should not be, {what}")

    def _breached(self, event: LimitBreached) -> None:
        name = self.scope_name(RiskScope(event.scope), event.id)
        self._note(f"{name}: {_reason(event.reason)}, {event.value:,} where {event.bound:,} is let")


def _reason(code: int) -> str:
    """Return the name of a reason, in words."""
    known = {reason.value: reason.name for reason in RejectReason}
    return known.get(code, f"reason {code}").lower().replace("_", " ")
