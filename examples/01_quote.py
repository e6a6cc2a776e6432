# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A strategy in a dozen lines: quote at the touch of a synthetic market and see what it earns."""

from onetape import Market, Strategy, run


class Quoter(Strategy):
    def on_book(self, market: Market) -> None:
        self.quote(market, bid=market.bid_ticks, ask=market.ask_ticks, qty=100)


LIMITS = {
    "order_qty_max": 1_000,
    "order_notional_max": 10_000_000_000,
    "position_max": 2_000,
    "price_collar_ticks": 5_000,
    "order_rate_max": 100_000,
}

if __name__ == "__main__":
    result = run(Quoter, risk=LIMITS, settings={"run.messages": 200_000})
    print(f"{result.messages:,} messages, {result.orders:,} orders, {result.fills:,} fills")
    print(f"profit {result.profit}, state {result.state_hash}, journal {result.journal}")
