# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""One of our orders, as far as it is known here."""

from __future__ import annotations

from dataclasses import dataclass

from onetape.events import OrderSent, OrderType, ReplaceSent, TimeInForce


@dataclass(slots=True)
class OurOrder:
    """One order at the venue; a replacement is an order of its own.

    Attributes:
        number: Our number; 0: it is not ours.
        instrument_id: Instrument.
        side: Side; 0 where it is not known.
        price_ticks: Limit price.
        qty_lots: Its size at the venue.
        order_type: Type.
        time_in_force: Life.
        post_only: It never takes.
        executed_lots: What was told to have been executed of it.
        before_lots: What was executed of the orders that it replaced.
        order_id: The venue's number; 0: not known yet.
        replaces: Number of the order whose place it takes; 0 for none.
        replaced_by: Number of the replacement that is on its way; 0 for none.
        is_told: It was reported that the venue took it.
        is_done: It was reported that it is dead.
        dead_after_ms: The venue cannot take it any more after this time of its clock.
        foreign_name: The client order id of an order that is not ours.
    """

    number: int
    instrument_id: int
    side: int
    price_ticks: int
    qty_lots: int
    order_type: int = OrderType.LIMIT
    time_in_force: int = TimeInForce.GTC
    post_only: bool = False
    executed_lots: int = 0
    before_lots: int = 0
    order_id: int = 0
    replaces: int = 0
    replaced_by: int = 0
    is_told: bool = False
    is_done: bool = False
    dead_after_ms: int = 0
    foreign_name: str = ""

    @property
    def leaves_lots(self) -> int:
        """What is left of it."""
        return max(0, self.qty_lots - self.executed_lots)

    @property
    def chain_lots(self) -> int:
        """What was executed of it and of those that it replaced."""
        return self.before_lots + self.executed_lots

    @classmethod
    def of(cls, sent: OrderSent) -> OurOrder:
        """Return a new order as it was sent."""
        return cls(
            number=sent.number,
            instrument_id=sent.instrument_id,
            side=sent.side,
            price_ticks=sent.price_ticks,
            qty_lots=sent.qty_lots,
            order_type=sent.order_type,
            time_in_force=sent.time_in_force,
            post_only=bool(sent.post_only),
        )

    @classmethod
    def replacing(cls, sent: ReplaceSent, old: OurOrder) -> OurOrder:
        """Return a replacement: `qty_lots` of the command is a total over the chain."""
        return cls(
            number=sent.new_number,
            instrument_id=old.instrument_id,
            side=old.side,
            price_ticks=sent.price_ticks,
            qty_lots=max(0, sent.qty_lots - old.chain_lots),
            order_type=old.order_type,
            time_in_force=old.time_in_force,
            post_only=old.post_only,
            before_lots=old.chain_lots,
            replaces=old.number,
        )

    @classmethod
    def unknown(cls, number: int, instrument_id: int) -> OurOrder:
        """Return an order of which nothing but its number is known."""
        return cls(number=number, instrument_id=instrument_id, side=0, price_ticks=0, qty_lots=0)

    def entry(self, venue_id: int) -> OrderSent:
        """Return it as an order to be sent."""
        return OrderSent(
            cause_seq=0,
            number=self.number,
            price_ticks=self.price_ticks,
            qty_lots=self.qty_lots,
            display_lots=0,
            min_qty_lots=0,
            stop_price_ticks=0,
            expire_ts_ns=0,
            venue_id=venue_id,
            instrument_id=self.instrument_id,
            strategy_id=0,
            side=self.side,
            order_type=self.order_type,
            time_in_force=self.time_in_force,
            post_only=int(self.post_only),
        )
