# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Strategies that between them use every call: one source text, run in both tiers and compared."""

import numpy as np

from onetape import Market, Side, Strategy, Trade
from onetape.events import (
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderReplaced,
    OrderStateChanged,
    OrderType,
    ParentChanged,
    StpMode,
    TimeInForce,
)
from onetape.trading import OrderEvent


class Quoter(Strategy):
    """Quotes at the touch, leans against its position, and counts what it hears."""

    qty: int = 100
    lots_per_step: int = 300
    weight: float = 0.25
    smooth = 0.0
    books = 0
    filled = 0
    is_hot = False

    def on_start(self) -> None:
        self.is_hot = True

    def on_book(self, market: Market) -> None:
        self.books += 1
        self.smooth += self.weight * (market.bid_ticks - self.smooth)
        lean = market.increment_ticks * int(market.position_lots / self.lots_per_step)
        if self.is_hot and self.books % 7 == 3:
            self.quote(market, bid=market.bid_ticks - lean, qty=self.qty)
        elif self.books % 11 == 5:
            self.quote(market, market.bid_ticks, market.ask_ticks, bid_qty=10, ask_qty=20)
        else:
            self.quote(
                market, bid=market.bid_ticks - lean, ask=market.ask_ticks - lean, qty=self.qty
            )

    def on_fill(self, fill: OrderFilled) -> None:
        self.filled += fill.qty_lots if fill.side == Side.BUY else -fill.qty_lots


class Sender(Strategy):
    """Sends every kind of order and changes its mind about each."""

    any_book: bool = True
    step = 0
    first: Market | None = None
    ids = np.zeros(16, np.int64)
    heard = np.zeros(8, np.int64)
    seen_ahead = 0
    depth_lots = 0
    traded = 0
    last: float = 0.0

    def on_start(self) -> None:
        self.set_timer(1_000)

    def on_book(self, market: Market) -> None:
        if self.first is None:
            self.first = market
        self.step += 1
        if self.step % 16 == 0:
            self.act(market, self.step // 16 % 12)

    def act(self, market: Market, what: int) -> None:
        bid, tick = market.bid_ticks, market.increment_ticks
        if bid == 0 or market.ask_ticks == 0:
            return
        at = self.step // 16 % 16
        if what < 5:
            self.send_one(market, what, at)
        elif what == 5:
            self.cancel(self.ids[(at + 11) % 16], 12)
        elif what == 6:
            self.ids[at] = self.replace(self.ids[(at + 11) % 16], price=bid - tick, qty=25)
        elif what == 7:
            self.look(market)
        else:
            self.act_further(market, what)

    def send_one(self, market: Market, what: int, at: int) -> None:
        bid, ask, tick = market.bid_ticks, market.ask_ticks, market.increment_ticks
        if what == 0:
            self.ids[at] = self.send(market, Side.BUY, 30, bid - 5 * tick)
        elif what == 1:
            self.ids[at] = self.send(market, Side.SELL, 20, ask, post_only=True)
        elif what == 2:
            self.ids[at] = self.send(market, Side.BUY, 10)
        elif what == 3:
            self.send(market, Side.SELL, 10, bid, time_in_force=TimeInForce.IOC)
        else:
            self.send(market, Side.BUY, 5, ask, time_in_force=TimeInForce.FOK)

    def act_further(self, market: Market, what: int) -> None:
        if what == 8:
            self.cancel_all(market)
        elif what == 9:
            self.send(market, Side.BUY, 15, market.bid_ticks, stp_mode=StpMode.CANCEL_BOTH)
        elif what == 10:
            self.set_timer(5_000_000, timer_id=7)
            self.set_timer(after_ns=0)
        else:
            self.cancel(987_654)

    def look(self, market: Market) -> None:
        for price, lots, orders in market.bids(3):
            self.depth_lots += lots * orders + price % 7
        asks = market.asks(2)
        if asks and len(asks) == 2:
            self.depth_lots += asks[0][1] + asks[-1][0]
        for order in self.orders(market):
            ahead = market.queue_ahead(order.client_id)
            self.depth_lots += order.instrument_id + order.side + order.price_ticks % 11
            if ahead is not None:
                self.seen_ahead += ahead[0] + ahead[1]
            if order.is_accepted and order.leaves_lots > 10 and order.executed_lots == 0:
                self.cancel(order.client_id, 10)
        if not self.orders():
            self.seen_ahead += 1_000_000
        if market.last_trade_ticks is not None and market.last_trade_ticks > market.bid_ticks:
            self.last = market.last_trade_ticks / 2
        self.seen_ahead += len(self.orders())

    def on_trade(self, trade: Trade) -> None:
        if self.first is not None and trade.instrument_id == self.first.instrument_id:
            self.traded += 3
        if trade.aggressor == Side.BUY:
            self.traded += trade.qty_lots
        elif trade.aggressor is None:
            self.traded += 1_000_000 * trade.price_ticks
        else:
            self.traded -= trade.qty_lots

    def on_order(self, event: OrderEvent) -> None:
        if isinstance(event, OrderRejected):
            self.heard[0] += event.reason
        elif isinstance(event, OrderAccepted):
            self.heard[1] += event.order_id % 1000
        elif isinstance(event, (OrderCanceled, OrderReplaced)):
            self.heard[2] += event.order_id % 97
        self.heard[3] += event.strategy_id

    def on_fill(self, fill: OrderFilled) -> None:
        self.heard[4] += fill.price_ticks
        if fill.leaves_lots > 0:
            self.cancel(fill.client_id)

    def on_timer(self, timer_id: int) -> None:
        self.heard[5] += timer_id + self.now_ns % 1_000
        if self.first is not None and self.first.bid_ticks > 0:
            self.quote(self.first, bid=self.first.bid_ticks - self.first.increment_ticks, qty=3)
        if timer_id == 7:
            self.cancel_all()

    def on_stop(self) -> None:
        self.cancel_all()
        self.heard[7] += 1


class Pair(Strategy):
    """Sells one symbol against its position in another."""

    leg: str = "SPY"
    hedge: str = "AAPL"
    qty: int = 20
    trades = 0

    def on_book(self, market: Market) -> None:
        if market.instrument_id != self.market(self.leg).instrument_id:
            return
        self.trades += 1
        other = self.market(self.hedge)
        if self.trades % 50 == 1 and other.bid_ticks > 0:
            self.send(self.leg, Side.BUY, self.qty, market.ask_ticks)
            self.send(other, Side.SELL, self.qty, other.bid_ticks)
        if self.position(self.leg) + self.position(self.hedge) > 100:
            self.cancel_all(self.leg)


class Terms(Strategy):
    """Sends orders with every term, and works a parent order."""

    step = 0
    parent = 0
    last = 0
    heard = np.zeros(4, np.int64)

    def on_book(self, market: Market) -> None:
        self.step += 1
        if self.step % 20 != 0:
            return
        bid, tick = market.bid_ticks, market.increment_ticks
        what = self.step // 20 % 8
        if what == 0:
            self.last = self.send(market, Side.BUY, 30, bid, display=10)
        elif what == 1:
            self.last = self.send(market, Side.SELL, 20, bid + tick, min_qty=5, hidden=True)
        elif what == 2:
            self.send(market, Side.BUY, 10, stop=market.ask_ticks + 3 * tick)
        elif what == 3:
            self.send(market, Side.SELL, 10, bid, stop=bid)
        elif what == 4:
            self.send(market, Side.BUY, 5, bid, expire_ns=self.now_ns + 1_000_000)
        elif what == 5:
            self.send(market, Side.SELL, 5, bid, reduce_only=True, post_only=True)
        elif what == 6:
            self.send(market, Side.BUY, 5, order_type=OrderType.PEG_PRIMARY, peg_offset=2)
        else:
            self.work(market)

    def work(self, market: Market) -> None:
        if self.parent != 0:
            self.close_parent(self.parent)
        self.parent = self.open_parent(market, Side.BUY, 40, children_max=3)
        for _ in range(2):
            self.send(market, Side.BUY, 15, market.ask_ticks, parent=self.parent)

    def on_parent(self, parent: ParentChanged) -> None:
        self.heard[0] += parent.executed_lots + 1

    def on_order(self, event: OrderEvent) -> None:
        if isinstance(event, OrderStateChanged):
            self.heard[1] += 1
        elif isinstance(event, OrderRejected):
            self.heard[2] += event.reason
