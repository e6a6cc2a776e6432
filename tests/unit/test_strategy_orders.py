# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Orders with special terms, and parents with children, as a strategy asks for them."""

from pathlib import Path

from onetape import Market, Side, Strategy, run
from onetape.events import (
    OrderFilled,
    OrderRejected,
    ParentChanged,
    ParentState,
    RejectReason,
    TimeInForce,
)
from onetape.trading import OrderEvent

LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10**12,
    "position_max": 1_000,
    "price_collar_ticks": 100_000,
    "order_rate_max": 1_000,
}


class Asker(Strategy):
    """Acts once, on the first book, and keeps what it hears."""

    def on_start(self) -> None:
        self.rejected: list[OrderRejected] = []
        self.filled: list[OrderFilled] = []
        self.parents: list[ParentChanged] = []
        self.acted = False

    def on_book(self, market: Market) -> None:
        if not self.acted:
            self.acted = True
            self.act(market)

    def act(self, market: Market) -> None: ...

    def on_order(self, event: OrderEvent) -> None:
        if isinstance(event, OrderRejected):
            self.rejected.append(event)

    def on_fill(self, fill: OrderFilled) -> None:
        self.filled.append(fill)

    def on_parent(self, parent: ParentChanged) -> None:
        self.parents.append(parent)


def ran(tmp_path: Path, strategy: Asker) -> Asker:
    run(strategy, journal=tmp_path / "j", risk=LIMITS, settings={"run.messages": 3_000})
    return strategy


def test_what_the_simulated_venue_lacks_is_refused_and_never_sent_as_something_else(tmp_path):
    class Special(Asker):
        def act(self, market):
            self.send(market, Side.BUY, 10, market.bid_ticks, display=2)
            self.send(market, Side.BUY, 10, market.bid_ticks, hidden=True)
            self.send(market, Side.SELL, 10, stop=market.bid_ticks - 100)
            self.send(market, Side.BUY, 10, 100, expire_ns=self.now_ns + 1)

    heard = ran(tmp_path, Special())
    assert [event.reason for event in heard.rejected] == [RejectReason.VENUE_LACKS] * 4
    assert heard.filled == []


def test_a_reduce_only_order_never_opens_a_position(tmp_path):
    class Reducer(Asker):
        def act(self, market):
            self.send(market, Side.SELL, 1, reduce_only=True)
            self.send(market, Side.BUY, 5, min_qty=5, time_in_force=TimeInForce.IOC)
            self.set_timer(0)

        def on_timer(self, timer_id):
            (first,) = self.filled
            self.send("SYN1", Side.SELL, first.qty_lots + 1, reduce_only=True)
            self.send("SYN1", Side.SELL, first.qty_lots, reduce_only=True)

    heard = ran(tmp_path, Reducer())
    assert [event.reason for event in heard.rejected] == [RejectReason.NOT_REDUCING] * 2
    sides = [(fill.side, fill.qty_lots) for fill in heard.filled]
    assert sides[0][0] == Side.BUY
    assert sum(qty for side, qty in sides if side == Side.SELL) == sides[0][1]


def test_children_never_trade_more_than_their_parent(tmp_path):
    class Slicer(Asker):
        def act(self, market):
            self.parent = self.open_parent(market, Side.BUY, 10)
            self.send(market, Side.BUY, 6, parent=self.parent)
            self.send(market, Side.BUY, 6, parent=self.parent)
            self.send(market, Side.BUY, 4, parent=self.parent)
            self.send(market, Side.BUY, 1, parent=self.parent)

    heard = ran(tmp_path, Slicer())
    reasons = [event.reason for event in heard.rejected]
    assert reasons == [RejectReason.PARENT_QTY, RejectReason.PARENT_UNKNOWN]
    assert sum(fill.qty_lots for fill in heard.filled) == 10
    last = heard.parents[-1]
    assert (last.executed_lots, last.state) == (10, ParentState.FILLED)
