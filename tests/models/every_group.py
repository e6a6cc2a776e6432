# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A strategy that asks for every kind of group of orders, in both tiers."""

import numpy as np

from onetape import Market, Side, Strategy
from onetape.events import LegChanged, OrderFilled
from onetape.trading import OrderEvent


class Groups(Strategy):
    """Asks for a group of each kind in turn, moves some and cancels some."""

    step = 0
    last = 0
    traded = 0
    triggered = 0
    ended = np.zeros(7, np.int64)

    def on_book(self, market: Market) -> None:
        self.step += 1
        if self.step % 20 != 0:
            return
        bid, ask, tick = market.bid_ticks, market.ask_ticks, market.increment_ticks
        what = self.step // 20 % 8
        if what == 0:
            self.last = self.bracket(
                market, Side.BUY, 10, ask, profit=ask + 3 * tick, loss=bid - 2 * tick
            )
        elif what == 1:
            self.last = self.bracket(
                market, Side.SELL, 10, bid, profit=bid - 2 * tick, trail=3 * tick, stp_mode=0
            )
        elif what == 2:
            self.last = self.oco(market, Side.SELL, 10, ask + tick, bid - tick, post_only=True)
        elif what == 3:
            self.last = self.oco(
                market, Side.BUY, 10, bid - tick, bid - 2 * tick, stop_side=Side.SELL
            )
        elif what == 4:
            self.last = self.oto(market, Side.BUY, 10, bid, then_price=ask + tick, then_qty=7)
        elif what == 5:
            self.last = self.stop_order(market, Side.BUY, 10, ask + tick, limit=ask + 9 * tick)
        elif what == 6:
            self.replace(self.last + 1, ask, 10)
            self.last = self.stop_order(market, Side.SELL, 10, trail=2 * tick)
        else:
            self.cancel(self.last)
            # Larger than the gate allows: it is refused, and its group with it.
            self.oto(market, Side.BUY, 2_000, bid, then_stop=bid - tick, trail=tick)

    def on_order(self, event: OrderEvent) -> None:
        if isinstance(event, LegChanged):
            self.ended[event.state] += 1
            self.triggered += event.is_triggered

    def on_fill(self, fill: OrderFilled) -> None:
        self.traded += fill.qty_lots
