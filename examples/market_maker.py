# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A market maker: quotes at the touch and leans its prices against its position."""

from onetape import Market, Strategy


class MarketMaker(Strategy):
    qty = 100
    lots_per_step = 300

    def on_book(self, market: Market) -> None:
        lean = market.increment_ticks * int(market.position_lots / self.lots_per_step)
        self.quote(market, bid=market.bid_ticks - lean, ask=market.ask_ticks - lean, qty=self.qty)
