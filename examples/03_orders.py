# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Orders by hand: send, watch the queue, replace after a while, and hear about each step."""

from onetape import Market, Side, Strategy, run
from onetape.events import OrderFilled
from onetape.trading import OrderEvent

SECOND_NS = 1_000_000_000


class Patient(Strategy):
    """Buys 500 shares of the first symbol, one resting order at a time."""

    left = 500
    order = 0
    first: Market | None = None

    def on_book(self, market: Market) -> None:
        if self.first is None:
            self.first = market
            self.join()

    def join(self) -> None:
        """Join the best bid and come back to it in a minute."""
        if self.first is not None and self.left > 0:
            self.order = self.send(self.first, Side.BUY, min(100, self.left), self.first.bid_ticks)
            self.set_timer(60 * SECOND_NS)

    def on_timer(self, timer_id: int) -> None:
        if self.first is None:
            return
        ahead = self.first.queue_ahead(self.order)
        if ahead is not None:
            print(f"{self.first.symbol}: {ahead[0]} orders and {ahead[1]} shares are ahead of us")
            self.order = self.replace(self.order, self.first.bid_ticks, min(100, self.left))
            self.set_timer(60 * SECOND_NS)

    def on_fill(self, fill: OrderFilled) -> None:
        self.left -= fill.qty_lots
        print(f"bought {fill.qty_lots} at {fill.price_ticks / 10_000:.2f}, {self.left} to go")
        if fill.leaves_lots == 0:
            self.join()

    def on_order(self, event: OrderEvent) -> None:
        print(f"  {type(event).__name__}")


LIMITS = {
    "order_qty_max": 100,
    "order_notional_max": 1_000_000_000,
    "position_max": 500,
    "price_collar_ticks": 1_000,
    "order_rate_max": 10,
}

if __name__ == "__main__":
    run(Patient, risk=LIMITS, settings={"run.messages": 300_000})
