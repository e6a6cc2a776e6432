# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An exchange's market as its journal tells it: books, trades, phases, positions, rates.

A function of the entries and nothing else: no clock, no socket. Prices are ticks, quantities lots.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from onetape.events import (
    ClockTicked,
    DayStarted,
    EntryBlocked,
    FirmDefined,
    IndicativeChanged,
    InstrumentDefined,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderMessageReceived,
    OrderRejected,
    OrderReplaced,
    OrderRestated,
    OrderType,
    Phase,
    PhaseChanged,
    PortDefined,
    SessionClosed,
    SessionOpened,
    Side,
    TimeInForce,
    TradeBroken,
    TradeExecuted,
)
from onetape.journal import Entry
from onetape.types import Instrument
from onetape.wire.shown import shown_lots

_NS = 1_000_000_000
_TRADES_MAX, _NOTES_MAX = 64, 32
_ASIDE = (TimeInForce.OPEN, TimeInForce.CLOSE)
_DISPLAYED = (OrderType.LIMIT,)


@dataclass(slots=True)
class LiveOrder:
    """A live order; `shown_lots` of it stand in the displayed book."""

    port_id: int
    instrument_id: int
    side: int
    price_ticks: int
    leaves_lots: int
    shown_lots: int


@dataclass(slots=True)
class Level:
    """A price of a displayed book."""

    qty_lots: int = 0
    orders: int = 0


@dataclass(frozen=True, slots=True)
class SeenTrade:
    """A trade; `maker_side` is 0 in an auction."""

    ts_ns: int
    match_id: int
    instrument_id: int
    price_ticks: int
    qty_lots: int
    maker_side: int
    buy_port_id: int
    sell_port_id: int


@dataclass
class Ladder:
    """One instrument.

    Attributes:
        instrument: Its units.
        phase: Where its day stands.
        bids: Displayed levels by price.
        asks: The same.
        last_ticks: Price of the last trade; 0 before the first.
        volume_lots: Traded on the day, broken trades left out.
        indicative: What an auction would end in, while there is one.
    """

    instrument: Instrument
    phase: Phase = Phase.CLOSED
    bids: dict[int, Level] = field(default_factory=dict)
    asks: dict[int, Level] = field(default_factory=dict)
    last_ticks: int = 0
    volume_lots: int = 0
    indicative: IndicativeChanged | None = None

    def side(self, side: int) -> dict[int, Level]:
        """Return the levels of a side."""
        return self.bids if side == Side.BUY else self.asks

    def best(self, side: int, count: int) -> list[tuple[int, Level]]:
        """Return the best levels of a side, best first."""
        levels = self.side(side)
        prices = sorted(levels, reverse=side == Side.BUY)[:count]
        return [(price, levels[price]) for price in prices]


@dataclass
class Holding:
    """What a port has in an instrument: position, and sales less purchases in tick-lots."""

    position_lots: int = 0
    cash_ticklots: int = 0
    bought_lots: int = 0
    sold_lots: int = 0


@dataclass
class Rates:
    """Counts of whole seconds of the journal's time.

    Attributes:
        last: Counts of the last whole second: entries, messages, trades.
        messages: Messages by second, the last 60 that passed.
    """

    last: tuple[int, int, int] = (0, 0, 0)
    messages: deque[int] = field(default_factory=lambda: deque(maxlen=60))
    _second: int = 0
    _now: list[int] = field(default_factory=lambda: [0, 0, 0])

    def count(self, ts_ns: int, kind: int) -> None:
        """Count an entry."""
        second = ts_ns // _NS
        if second != self._second:
            if self._second:
                self._pass(second)
            self._second = second
        self._now[0] += 1
        self._now[1] += kind == OrderMessageReceived.KIND
        self._now[2] += kind == TradeExecuted.KIND

    def _pass(self, second: int) -> None:
        quiet = min(second - self._second - 1, 60)
        self.messages.extend([self._now[1], *[0] * quiet])
        self.last = (0, 0, 0) if quiet else (self._now[0], self._now[1], self._now[2])
        self._now = [0, 0, 0]


class Market:
    """The market after every entry taken in so far."""

    def __init__(self) -> None:
        self.seq = 0
        self.ts_ns = 0
        self.date = 0
        self.entries = 0
        self.rejects = 0
        self.trade_count = 0
        self.firms: dict[int, str] = {}
        #: Firm and user name by port.
        self.ports: dict[int, tuple[int, str]] = {}
        self.connected: set[int] = set()
        self.ladders: dict[int, Ladder] = {}
        self.orders: dict[int, LiveOrder] = {}
        self.trades: deque[SeenTrade] = deque(maxlen=_TRADES_MAX)
        #: Time and text of what a person should know.
        self.notes: deque[tuple[int, str]] = deque(maxlen=_NOTES_MAX)
        self.holdings: dict[tuple[int, int], Holding] = {}
        self.rates = Rates()
        self._message: tuple[int, bytes] = (0, b"")
        self._takes: dict[type[Any], Callable[[Any], None]] = {
            FirmDefined: self._firm,
            PortDefined: self._port,
            InstrumentDefined: self._instrument,
            DayStarted: self._day,
            SessionOpened: self._opened,
            SessionClosed: self._closed,
            OrderMessageReceived: self._received,
            OrderAccepted: self._accepted,
            OrderReplaced: self._replaced,
            OrderRestated: self._restated,
            OrderCanceled: self._canceled,
            OrderFilled: self._filled,
            OrderRejected: self._rejected,
            TradeExecuted: self._traded,
            TradeBroken: self._broken,
            PhaseChanged: self._phase,
            IndicativeChanged: self._indicative,
            EntryBlocked: self._blocked,
        }

    def apply(self, entry: Entry) -> None:
        """Take an entry in."""
        self.seq, self.ts_ns = entry.seq, entry.ts_ns
        self.entries += 1
        self.rates.count(entry.ts_ns, entry.kind)
        if entry.kind == ClockTicked.KIND:
            return
        event = entry.event
        take = self._takes.get(type(event))
        if take is not None:
            take(event)

    def port_named(self, username: str) -> int | None:
        """Return the id of a port; None when there is none of this name."""
        return next((i for i, (_, name) in self.ports.items() if name == username), None)

    def firm_of(self, port_id: int) -> str:
        """Return the short name of a port's firm."""
        firm_id, _ = self.ports.get(port_id, (0, ""))
        return self.firms.get(firm_id, f"port {port_id}")

    def _note(self, text: str) -> None:
        self.notes.append((self.ts_ns, text))

    def _firm(self, event: FirmDefined) -> None:
        self.firms[event.firm_id] = event.mpid.rstrip(b"\0").decode("latin-1")

    def _port(self, event: PortDefined) -> None:
        self.ports[event.port_id] = (event.firm_id, event.tail.decode("utf-8", "replace"))

    def _instrument(self, event: InstrumentDefined) -> None:
        defined = Instrument(
            id=event.instrument_id,
            symbol=event.symbol.rstrip(b"\0").decode("latin-1"),
            tick_e9=event.tick_e9,
            lot_e9=event.lot_e9,
            currency=event.currency.rstrip(b"\0").decode("latin-1"),
            multiplier_e9=event.multiplier_e9,
        )
        self.ladders[event.instrument_id] = Ladder(defined)

    def _day(self, event: DayStarted) -> None:
        self.date = event.date
        for ladder in self.ladders.values():
            ladder.volume_lots = 0
        self._note(f"day {event.date} began")

    def _opened(self, event: SessionOpened) -> None:
        self.connected.add(event.port_id)

    def _closed(self, event: SessionClosed) -> None:
        self.connected.discard(event.port_id)
        self._note(f"{self.ports.get(event.port_id, (0, '?'))[1]} disconnected")

    def _received(self, event: OrderMessageReceived) -> None:
        self._message = (event.format, event.tail)

    def _add(self, order_id: int, order: LiveOrder) -> None:
        self.orders[order_id] = order
        if order.shown_lots > 0:
            ladder = self.ladders[order.instrument_id]
            level = ladder.side(order.side).setdefault(order.price_ticks, Level())
            level.qty_lots += order.shown_lots
            level.orders += 1

    def _show(self, order: LiveOrder, lots: int) -> None:
        """Make so many lots of an order displayed, no more than before."""
        if order.shown_lots <= 0:
            return
        levels = self.ladders[order.instrument_id].side(order.side)
        level = levels[order.price_ticks]
        level.qty_lots -= order.shown_lots - lots
        level.orders -= lots == 0
        if level.orders == 0:
            del levels[order.price_ticks]
        order.shown_lots = lots

    def _remove(self, order_id: int) -> LiveOrder | None:
        order = self.orders.pop(order_id, None)
        if order is not None:
            self._show(order, 0)
        return order

    def _shrink(self, order_id: int, leaves_lots: int, shown: int) -> None:
        order = self.orders.get(order_id)
        if order is None:
            return
        order.leaves_lots = leaves_lots
        if leaves_lots == 0:
            self._remove(order_id)
        else:
            self._show(order, max(min(order.shown_lots - shown, leaves_lots), 0))

    def _accepted(self, event: OrderAccepted) -> None:
        shown = 0
        if event.order_type in _DISPLAYED and event.time_in_force not in _ASIDE:
            shown = shown_lots(*self._message, event.qty_lots)
        if event.instrument_id in self.ladders:
            self._add(
                event.order_id,
                LiveOrder(
                    event.strategy_id,
                    event.instrument_id,
                    event.side,
                    event.price_ticks,
                    event.qty_lots,
                    shown,
                ),
            )

    def _replaced(self, event: OrderReplaced) -> None:
        old = self.orders.get(event.old_order_id)
        if old is None:
            return
        was_shown = old.shown_lots > 0
        self._remove(event.old_order_id)
        shown = shown_lots(*self._message, event.qty_lots) if was_shown else 0
        self._add(
            event.order_id,
            LiveOrder(
                old.port_id,
                old.instrument_id,
                old.side,
                event.price_ticks,
                event.qty_lots,
                shown,
            ),
        )

    def _restated(self, event: OrderRestated) -> None:
        self._remove(event.old_order_id)
        if event.instrument_id in self.ladders:
            self._add(
                event.order_id,
                LiveOrder(
                    event.strategy_id,
                    event.instrument_id,
                    event.side,
                    event.price_ticks,
                    event.qty_lots,
                    event.displayed_lots,
                ),
            )

    def _canceled(self, event: OrderCanceled) -> None:
        # What a reserve order hides shrinks first.
        self._shrink(event.order_id, event.leaves_lots, 0)

    def _filled(self, event: OrderFilled) -> None:
        self._shrink(event.order_id, event.leaves_lots, event.qty_lots)
        sign = 1 if event.side == Side.BUY else -1
        self._book(event.strategy_id, event.instrument_id, sign, event.price_ticks, event.qty_lots)

    def _book(self, port_id: int, instrument_id: int, sign: int, price: int, lots: int) -> None:
        held = self.holdings.setdefault((port_id, instrument_id), Holding())
        held.position_lots += sign * lots
        held.cash_ticklots -= sign * lots * price
        if sign > 0:
            held.bought_lots += lots
        else:
            held.sold_lots += lots

    def _rejected(self, event: OrderRejected) -> None:
        del event
        self.rejects += 1

    def _traded(self, event: TradeExecuted) -> None:
        self.trade_count += 1
        if ladder := self.ladders.get(event.instrument_id):
            ladder.last_ticks = event.price_ticks
            ladder.volume_lots += event.qty_lots
        self.trades.append(
            SeenTrade(
                self.ts_ns,
                event.match_id,
                event.instrument_id,
                event.price_ticks,
                event.qty_lots,
                event.maker_side,
                event.buy_port_id,
                event.sell_port_id,
            )
        )

    def _broken(self, event: TradeBroken) -> None:
        for port_id, sign in ((event.buy_port_id, -1), (event.sell_port_id, 1)):
            self._book(port_id, event.instrument_id, sign, event.price_ticks, event.qty_lots)
        ladder = self.ladders.get(event.instrument_id)
        if ladder:
            ladder.volume_lots = max(ladder.volume_lots - event.qty_lots, 0)
        self._note(f"match {event.match_id} was broken")

    def _phase(self, event: PhaseChanged) -> None:
        if ladder := self.ladders.get(event.instrument_id):
            ladder.phase = Phase(event.phase)
            ladder.indicative = None
            self._note(f"{ladder.instrument.symbol}: {phase_text(ladder.phase)}")

    def _indicative(self, event: IndicativeChanged) -> None:
        if ladder := self.ladders.get(event.instrument_id):
            ladder.indicative = event

    def _blocked(self, event: EntryBlocked) -> None:
        words = {1: self.ports.get(event.id, (0, f"port {event.id}"))[1]}
        words |= {2: self.firms.get(event.id, f"firm {event.id}"), 3: "the market"}
        state = "is blocked" if event.blocked else "may trade again"
        self._note(f"{words.get(event.scope, event.id)} {state}")


def phase_text(phase: Phase) -> str:
    """Return a phase for people.

    Examples:
        >>> phase_text(Phase.OPENING_AUCTION)
        'opening auction'
    """
    return phase.name.lower().replace("_", " ")
