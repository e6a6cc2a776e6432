# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""One market maker in both tiers, side by side: the same orders, a callback a tenth as long.

Needs Numba: pip install 'onetape[compiled]'.
"""

from onetape import Market, Strategy, compiled, run
from onetape.events import OrderFilled


class Plain(Strategy):
    qty: int = 100
    lots_per_step: int = 300
    fills = 0

    def on_book(self, market: Market) -> None:
        lean = market.increment_ticks * int(market.position_lots / self.lots_per_step)
        self.quote(market, bid=market.bid_ticks - lean, ask=market.ask_ticks - lean, qty=self.qty)

    def on_fill(self, fill: OrderFilled) -> None:
        self.fills += 1


@compiled
class Compiled(Strategy):
    qty: int = 100
    lots_per_step: int = 300
    fills = 0

    def on_book(self, market: Market) -> None:
        lean = market.increment_ticks * int(market.position_lots / self.lots_per_step)
        self.quote(market, bid=market.bid_ticks - lean, ask=market.ask_ticks - lean, qty=self.qty)

    def on_fill(self, fill: OrderFilled) -> None:
        self.fills += 1


LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10_000_000_000,
    "position_max": 2_000,
    "price_collar_ticks": 5_000,
    "order_rate_max": 100_000,
}

if __name__ == "__main__":
    for kind in (Plain, Compiled):
        strategy = kind()
        result = run(strategy, risk=LIMITS, settings={"run.messages": 200_000})
        print(f"{kind.__name__}: {strategy.fills:,} fills, state {result.state_hash},", end=" ")
        print(f"a callback takes {result.latency_ns['strategy']['p50']} ns (median)")
