# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A bracket: an entry, a profit to take and a stop that trails, as one wish; the same live."""

from onetape import Market, Side, Strategy, run
from onetape.events import LegChanged, LegState
from onetape.trading import OrderEvent


class Swing(Strategy):
    """Buys at the bid, and is out again 40 ticks above, or 60 below the best trade since."""

    qty = 100
    group = 0

    def on_book(self, market: Market) -> None:
        if self.group == 0:
            bid, step = market.bid_ticks, market.increment_ticks
            self.group = self.bracket(
                market, Side.BUY, self.qty, bid, profit=bid + 40 * step, trail=60 * step
            )

    def on_order(self, event: OrderEvent) -> None:
        if not isinstance(event, LegChanged):
            return
        leg = ("entry", "profit", "stop")[event.client_id - self.group - 1]
        done = f"{event.executed_lots} of {event.qty_lots}"
        print(f"{leg}: {LegState(event.state).name}, {done}, stop at {event.stop_price_ticks}")
        if event.over_lots:
            print(f"  more than one was at the venue: {event.over_lots} traded beyond")
        # The stop is the last to be told of: when it is over, so is its group.
        if leg == "stop" and event.state >= LegState.FILLED:
            self.group = 0


LIMITS = {
    "order_qty_max": 100,
    "order_notional_max": 1_000_000_000,
    "position_max": 500,
    "price_collar_ticks": 1_000_000,
    "order_rate_max": 100,
}

if __name__ == "__main__":
    run(Swing, risk=LIMITS, settings={"run.messages": 100_000})
