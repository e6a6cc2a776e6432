# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The class that a strategy is.

A strategy hears what happened and says what it wants; it never waits. What it asks for during a
callback is numbered, journaled, checked by the risk gate and done right after the callback returns.
Prices are whole ticks and quantities whole lots, as in the journal.
"""

from __future__ import annotations

from onetape import _native
from onetape.events import (
    LegChanged,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderReplaced,
    OrderStateChanged,
    ParentChanged,
)

#: What `on_order` is given.
OrderEvent = (
    OrderAccepted | OrderRejected | OrderReplaced | OrderCanceled | OrderStateChanged | LegChanged
)

#: What every strategy can ask for: see the class below for what it hears.
_Core = _native.StrategyCore


class Strategy(_Core):
    """A strategy: subclass it and define the callbacks you need; the others cost nothing.

    What it can ask for, in any callback:

    - `self.quote(market, bid=…, ask=…, qty=…)`: have this two-sided quote. The orders are made,
      moved and pulled for you, post-only and never against your own; `bid=None` withdraws that
      side. Asking again for what stands costs next to nothing. A partly filled side keeps its place
      in the queue.
    - `self.send(market, side, qty, price=None, …) -> int`: one order; without a price it is a
      market order. Gives its client id. Keywords: `order_type` (pegs), `time_in_force`,
      `post_only`, `stp_mode`, `display` (iceberg) and `min_qty` in lots, `stop` and `peg_offset` in
      ticks, `expire_ns` (an order until then), `hidden`, `reduce_only`, `parent`.
    - `self.open_parent(market, side, qty) -> int`, `self.close_parent(parent_id)`: a parent order,
      worked by children (`send(…, parent=…)`) that together never trade more.
    - `self.bracket(market, side, qty, price=None, profit=…, loss=…) -> int`, `self.oco(…)`,
      `self.oto(…)`, `self.stop_order(…)`: orders that depend on each other, and stops that are kept
      here (`trail=`: they follow the best trade). They give the group's id; its orders have the
      numbers that follow. Cancel either; `replace` moves one. What changes comes to `on_order` as
      `LegChanged`.
    - `self.cancel(client_id, qty=0)`, `self.replace(client_id, price=…, qty=…)`,
      `self.cancel_all(market=None)`.
    - `self.set_timer(after_ns=…, timer_id=0)`: have `on_timer` called.
    - `self.position(market)`, `self.orders(market=None)`, `self.now_ns`, `self.market(symbol)`.

    Wherever a market is wanted, its symbol does as well.

    Attributes:
        any_book: Whether `on_book` is called as well while a side of the book is empty, or the book
            is locked or crossed.
    """

    any_book: bool = False

    def on_start(self) -> None:
        """The run begins; no market data has been seen."""

    def on_book(self, market: _native.Market) -> None:
        """The best bid or ask changed, in price or quantity; your own orders are left out."""

    def on_trade(self, trade: _native.Trade) -> None:
        """Somebody traded."""

    def on_fill(self, fill: OrderFilled) -> None:
        """Your order traded."""

    def on_order(self, event: OrderEvent) -> None:
        """Your order was accepted, rejected, replaced or cancelled, or changed its state."""

    def on_parent(self, parent: ParentChanged) -> None:
        """Your parent order was opened, traded, or ended."""

    def on_timer(self, timer_id: int) -> None:
        """A timer came due; `self.now_ns` is its time."""

    def on_parameter(self) -> None:
        """A person set parameters while it runs (`onetape live set`): your attributes are new.

        All that were set at once are there; what you asked for before stands until you change it.
        """

    def on_stop(self) -> None:
        """The run ends. What you ask for here is still done; then your orders are cancelled."""


__all__ = ["OrderEvent", "Strategy"]
