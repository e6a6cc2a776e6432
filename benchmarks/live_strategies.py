# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the live node is measured with: one order for each change of the best price."""

from __future__ import annotations

from onetape import Market, Strategy, compiled
from onetape.events import Side, TimeInForce


class Plain(Strategy):
    """Sends an order at the new best bid."""

    def on_book(self, market: Market) -> None:
        """Answer with an order that is immediate or cancelled."""
        self.send(market, Side.BUY, 1, market.bid_ticks, time_in_force=TimeInForce.IOC)


@compiled
class Compiled(Strategy):
    """The same, compiled."""

    def on_book(self, market: Market) -> None:
        """Answer with an order that is immediate or cancelled."""
        self.send(market, Side.BUY, 1, market.bid_ticks, time_in_force=TimeInForce.IOC)
