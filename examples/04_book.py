# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The whole depth: what share of the ten best levels rests on the bid, and what trades follow."""

from onetape import Market, Strategy, Trade, run


class Imbalance(Strategy):
    """Keeps the imbalance of each symbol, and the side that took next; sends nothing."""

    def on_start(self) -> None:
        self.imbalance: dict[str, float] = {}
        self.hits = self.trades = 0

    def on_book(self, market: Market) -> None:
        bid = sum(lots for _, lots, _ in market.bids(10))
        ask = sum(lots for _, lots, _ in market.asks(10))
        self.imbalance[market.symbol] = bid / (bid + ask)

    def on_trade(self, trade: Trade) -> None:
        if trade.aggressor is not None and trade.symbol in self.imbalance:
            self.trades += 1
            self.hits += (self.imbalance[trade.symbol] > 0.5) == (trade.aggressor == 1)

    def on_stop(self) -> None:
        share = 100 * self.hits / max(self.trades, 1)
        print(f"{share:.1f} % of {self.trades:,} trades took the side that the book leaned to")


if __name__ == "__main__":
    run(Imbalance, settings={"run.messages": 100_000})
