# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What all execution algorithms share: one parent order, its children, its end and its report.

A subclass says what to do when it begins (`begin`), when a timer of its own comes due (`step`) and
when something happened (`changed`); it asks by `aim`, `take`, `post` and `pull`. Nothing here can
send more than the order: what is done and what is on its way is counted here, and again by the
engine's ledger of parents.
"""

from __future__ import annotations

import enum
import logging
import random

from onetape.events import (
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    ParentChanged,
    ParentState,
    RejectReason,
    Side,
    TimeInForce,
)
from onetape.trading import Market, OrderEvent, Strategy, Trade
from onetape.trading.algorithms.report import ExecutionReport

#: Timers: a subclass's own, the end of time, and another try at the end.
STEP, END, AGAIN = 1, 2, 3
#: Time between two tries at the end, ns, and how many there are.
AGAIN_NS, TRIES_MAX = 100_000_000, 50
#: Refusals after which it is given up.
REFUSALS_MAX = 50
#: Reasons after which nothing of this strategy passes any more.
_HALTS = (RejectReason.STRATEGY_HALTED, RejectReason.TRADING_STATE)
#: Reasons that a smaller order does not have.
_TOO_LARGE = (RejectReason.ORDER_QTY, RejectReason.ORDER_NOTIONAL, RejectReason.ORDER_VALUE)

_log = logging.getLogger(__name__)


class Phase(enum.Enum):
    """Where an algorithm is."""

    WAITING = "waiting for a market"
    WORKING = "working"
    ENDING = "ending"
    DONE = "done"


class Algorithm(Strategy):
    """Works one order.

    Attributes:
        symbol: What to trade; empty: the first market that is heard of.
        side: "buy" or "sell".
        qty: How much, lots.
        limit: Worst price of any child, ticks; 0: none.
        seconds: Time for all of it, s.
        lot: Children are multiples of it, but for the last, lots.
        at_end: What becomes of what is left when time is up: "cross" takes it, "leave" leaves it.
        seed: Of everything random.
        stopped: Set it while it runs, and it ends.
        report: What became of it; None until it ended.
        phase: Where it is.
    """

    symbol: str = ""
    side: str = "buy"
    qty: int = 100
    limit: int = 0
    seconds: float = 60.0
    lot: int = 1
    at_end: str = "cross"
    seed: int = 0
    stopped: bool = False
    report: ExecutionReport | None = None
    phase: Phase = Phase.WAITING

    # What a subclass defines.

    def begin(self) -> None:
        """The order begins: plan it, and set the first timer."""

    def step(self) -> None:
        """A timer of `wake` came due."""

    def changed(self) -> None:
        """The best prices changed, or something became of a child."""

    def ended(self, report: ExecutionReport) -> None:
        """All is over; it is logged unless a subclass says otherwise."""
        _log.info("%s", report)

    # What a subclass asks for.

    def wake(self, after_ns: int) -> None:
        """Have `step` called after so many ns."""
        self.set_timer(after_ns, STEP)

    def aim(self, target: int, *, take: bool) -> None:
        """Have `target` lots done or on their way: what misses is taken, or posted at the touch."""
        missing = min(target, self.qty) - self.done - self.working
        if missing > 0 and take:
            self.take(missing)
        elif missing > 0:
            self.post(missing)

    def take(self, qty: int, *, deep: bool = False) -> bool:
        """Take up to `qty` lots at the best opposite price, if the limit allows.

        What does not trade comes back at once. `deep` goes on to the limit, where there is one.
        """
        price = self.book.ask_ticks if self.is_buy else self.book.bid_ticks
        if not price or self.is_beyond(price):
            return False
        if deep and self.limit:
            worst = (self.limit, self.collar) if self.collar else (self.limit,)
            price = self.on_step(min(worst) if self.is_buy else max(worst))
        self._child(qty, price, TimeInForce.IOC)
        return True

    def post(self, qty: int, price: int = 0) -> bool:
        """Rest `qty` lots at a price, by default the best of its own side; it never takes.

        A price beyond the limit is made the limit.
        """
        price = price or (self.book.bid_ticks if self.is_buy else self.book.ask_ticks)
        if not price:
            return False
        self._child(qty, self.within(price), TimeInForce.DAY)
        return True

    def pull(self) -> None:
        """Cancel every child that lives and is not being cancelled."""
        for client_id in [known for known in self.children if known not in self.pulled]:
            self.pulled.add(client_id)
            self.cancel(client_id)

    def finish(self, reason: str) -> None:
        """End it now: children are cancelled, nothing more is sent."""
        if self.phase in {Phase.WAITING, Phase.WORKING, Phase.ENDING}:
            self.phase, self.reason, self.crosses = Phase.ENDING, reason, False
            self._close()

    # What a subclass looks at.

    @property
    def working(self) -> int:
        """Lots of children that live or are on their way."""
        return sum(self.children.values())

    @property
    def left(self) -> int:
        """Lots neither done nor on their way."""
        return self.qty - self.done - self.working

    def is_beyond(self, price: int) -> bool:
        """Return whether a price, ticks, is worse than the limit."""
        if not self.limit:
            return False
        return price > self.limit if self.is_buy else price < self.limit

    def within(self, price: int) -> int:
        """Return a price, ticks, made no worse than the limit, on a step of the tick table."""
        return self.on_step(self.limit) if self.is_beyond(price) else price

    def on_step(self, price: int) -> int:
        """Return a price, ticks, on a step of the tick table, no worse than it was."""
        step = self.book.increment_ticks
        return price // step * step if self.is_buy else -(-price // step) * step

    # How it works: a subclass that defines one of these calls the one here as well.

    def on_start(self) -> None:
        """Check the parameters."""
        if self.side not in {"buy", "sell"} or self.at_end not in {"cross", "leave"}:
            raise ValueError('expected side "buy" or "sell", at_end "cross" or "leave"')
        if self.qty < 1 or self.lot < 1 or self.seconds <= 0 or self.limit < 0:
            raise ValueError(
                "expected qty and lot of 1 or more, seconds above 0, limit of 0 or more"
            )
        self.random = random.Random(self.seed)  # noqa: S311 - times and sizes, by a seed
        self.is_buy, self.phase, self.reason = self.side == "buy", Phase.WAITING, ""
        self.children: dict[int, int] = {}
        self.pulled: set[int] = set()
        self.known: set[int] = set()
        self.done = self.cash = self.sent = self.refusals = self.tries = 0
        self.volume = self.value = self.parent = self.began_ns = self.arrival_mid2 = 0
        self.crosses = self.at_end == "cross"
        self.child_max = self.collar = 0

    def on_book(self, market: Market) -> None:
        """Begin with the first orderly market; later, say that it changed."""
        if self.phase is Phase.WAITING and self.symbol in {"", market.symbol}:
            self.book, self.phase = market, Phase.WORKING
            self.began_ns = self.now_ns
            self.arrival_mid2 = market.bid_ticks + market.ask_ticks
            side = Side.BUY if self.is_buy else Side.SELL
            self.parent = self.open_parent(market, side, self.qty)
            self.set_timer(int(self.seconds * 1_000_000_000), END)
            self.begin()
        elif self.phase is Phase.WORKING and market.instrument_id == self.book.instrument_id:
            self._go_on()

    def on_trade(self, trade: Trade) -> None:
        """Count what the market trades."""
        is_ours = self.phase is Phase.WORKING and trade.instrument_id == self.book.instrument_id
        if is_ours:
            self.volume += trade.qty_lots
            self.value += trade.qty_lots * trade.price_ticks

    def on_fill(self, fill: OrderFilled) -> None:
        """Count what was done."""
        if fill.client_id in self.known:
            self.done += fill.qty_lots
            self.cash += fill.qty_lots * fill.price_ticks
            self._heard(fill.client_id, fill.leaves_lots)

    def on_order(self, event: OrderEvent) -> None:
        """Count what came back."""
        if event.client_id not in self.children:
            return
        if isinstance(event, OrderCanceled):
            self._heard(event.client_id, event.leaves_lots)
        elif isinstance(event, OrderRejected):
            self._refused(event)

    def on_parent(self, parent: ParentChanged) -> None:
        """End with the parent order."""
        if parent.parent_id != self.parent or self.phase is Phase.DONE:
            return
        if parent.state == ParentState.FILLED:
            self._end("filled")
        elif parent.state == ParentState.BROKEN:
            self._end("broken")

    def on_timer(self, timer_id: int) -> None:
        """Go on, or end."""
        if self.phase is Phase.WORKING and timer_id == STEP and not self._is_stopped():
            self.step()
        elif self.phase is Phase.WORKING and timer_id == END:
            self.phase, self.reason = Phase.ENDING, "time"
            self._close()
        elif self.phase is Phase.ENDING and timer_id == AGAIN:
            self._close()

    def on_stop(self) -> None:
        """The run ends: say how far it came."""
        if self.phase is not Phase.DONE:
            self.pull()
            self._end(self.reason or "stopped")

    def _child(self, qty: int, price: int, life: TimeInForce) -> None:
        qty = min(qty, self.child_max or qty)
        client_id = self.send(
            self.book,
            Side.BUY if self.is_buy else Side.SELL,
            qty,
            price,
            time_in_force=life,
            post_only=life is TimeInForce.DAY,
            parent=self.parent,
        )
        self.children[client_id] = qty
        self.known.add(client_id)
        self.sent += 1

    def _refused(self, event: OrderRejected) -> None:
        if event.client_id in self.pulled:
            # Its cancel: it lives, or what ended it is on its way.
            self.pulled.discard(event.client_id)
            if self.phase is Phase.ENDING:
                self.set_timer(AGAIN_NS, AGAIN)
            return
        self.refusals += event.reason != RejectReason.POST_ONLY_WOULD_TAKE
        if event.reason in _TOO_LARGE:
            self.child_max = max(1, self.children[event.client_id] // 2)
        elif event.reason == RejectReason.PRICE_COLLAR:
            self.collar = event.bound
        self._heard(event.client_id, 0, is_news=False)
        if event.reason in _HALTS:
            self.finish("halted")
        elif self.refusals >= REFUSALS_MAX:
            self.finish("refused")

    def _heard(self, client_id: int, leaves: int, *, is_news: bool = True) -> None:
        if leaves:
            self.children[client_id] = leaves
        else:
            self.children.pop(client_id, None)
        if self.phase is Phase.WORKING and is_news:
            self._go_on()
        elif self.phase is Phase.ENDING and self.tries and not self.children:
            # A venue that has just sent something back gets a moment.
            self.set_timer(AGAIN_NS, AGAIN)
        elif self.phase is Phase.ENDING:
            self._close()

    def _go_on(self) -> None:
        if not self._is_stopped():
            self.changed()

    def _is_stopped(self) -> bool:
        if self.stopped:
            self.finish("cancelled")
        return self.stopped

    def _close(self) -> None:
        """Nothing is to live; then what is left is taken, or left."""
        if self.children:
            self.pull()
        elif self.qty > self.done and self.crosses and self.tries < TRIES_MAX:
            self.tries += 1
            if not self.take(self.qty - self.done, deep=True):
                self.set_timer(AGAIN_NS, AGAIN)
        else:
            self._end(self.reason)

    def _end(self, reason: str) -> None:
        if self.phase is not Phase.WAITING and reason not in {"filled", "broken"}:
            self.close_parent(self.parent)
        self.phase, done, volume = Phase.DONE, self.done, self.volume
        self.report = ExecutionReport(
            symbol=self.book.symbol if self.parent else self.symbol,
            is_buy=self.is_buy,
            asked_lots=self.qty,
            done_lots=done,
            average_ticks=self.cash / done if done else None,
            arrival_ticks=self.arrival_mid2 / 2 if self.parent else None,
            market_ticks=self.value / volume if volume else None,
            children=self.sent,
            refusals=self.refusals,
            seconds=(self.now_ns - self.began_ns) / 1_000_000_000 if self.parent else 0.0,
            reason=reason,
        )
        self.ended(self.report)
