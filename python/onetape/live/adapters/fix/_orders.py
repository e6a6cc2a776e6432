# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our orders at a FIX venue, and what is to be reported of them. Sans I/O.

A replacement is an order with a number of its own; quantities count over the chain, as the venue's
do. An execution is known by its ExecID: what a resend brings again is not reported again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from onetape.errors import ConversionError, DecodeError
from onetape.events import (
    CancelReason,
    Liquidity,
    OrderSent,
    OrderType,
    ReplaceSent,
    ReportKind,
    Side,
    TimeInForce,
    VenueReported,
)
from onetape.live.adapters._order_table import OrderTable
from onetape.live.adapters._our_order import OurOrder
from onetape.live.adapters.fix._names import Names, id_of

if TYPE_CHECKING:
    from onetape.types import Instrument
    from onetape.wire.fix import Message

_EXEC_TYPE, _ORD_STATUS, _EXEC_ID, _ORDER_ID = 150, 39, 17, 37
_LAST_QTY, _LAST_PX, _LEAVES, _CUM, _TEXT = 32, 31, 151, 14, 58
#: What OrdStatus says of an order that is over; any other, also one that we do not know, may trade.
_DEAD = {b"2", b"3", b"4", b"8", b"B", b"C"}
_SIDES = {b"1": Side.BUY, b"2": Side.SELL, b"5": Side.SELL, b"6": Side.SELL}


class FixOrders(OrderTable):
    """What is known of our orders.

    Args:
        venue_id: Venue.
        instruments: What is traded there.
        names: ClOrdIDs.
        orders_max: Orders remembered; of the dead ones the oldest are forgotten first.
    """

    def __init__(
        self, venue_id: int, instruments: dict[str, Instrument], names: Names, *, orders_max: int
    ) -> None:
        super().__init__(venue_id, orders_max=orders_max)
        self._instruments = instruments
        self._names = names
        self._named: dict[int, str] = {}

    def name(self, order: OurOrder) -> str:
        """Return the ClOrdID that an order has at the venue now."""
        return self._named.get(order.number) or self._names.order(order.number)

    def enter(self, sent: OrderSent) -> OurOrder:
        """Take up a new order."""
        return self._take(OurOrder.of(sent))

    def replace(self, sent: ReplaceSent, old: OurOrder) -> OurOrder:
        """Take up a replacement."""
        new = OurOrder.replacing(sent, old)
        new.qty_lots, new.before_lots = sent.qty_lots, 0
        return self._take(new)

    def remember(self, event: VenueReported) -> None:
        """Take what was reported before a restart, so that it is not reported again."""
        if event.exec_id:
            self._is_news(event.exec_id)
        order, kind = self._orders.get(event.number), event.report
        if order is None:
            return
        if kind == ReportKind.FILLED:
            order.executed_lots = event.executed_lots
            self._end_if(order, event.leaves_lots == 0)
        elif kind == ReportKind.CANCELED:
            order.qty_lots -= event.qty_lots
            self._end_if(order, event.leaves_lots == 0)
        elif kind in {ReportKind.ACCEPTED, ReportKind.OPEN, ReportKind.REPLACED}:
            # A replacement begins with what its chain has executed.
            order.executed_lots = event.executed_lots
            self._told_of(order, event.order_id)
        elif kind != ReportKind.CANCEL_REJECTED:
            self._end(order)

    def on_report(self, said: Message) -> list[VenueReported]:
        """Take an ExecutionReport.

        Raises:
            DecodeError: ADP-030, a field is missing or cannot be read.
        """
        if not self._names.number(_text(said, 11)) and _text(said, 55) not in self._instruments:
            return []  # Another's, of what is not listed here.
        try:
            return self._on_report(said)
        except (KeyError, ConversionError) as err:
            text = err.message if isinstance(err, ConversionError) else f"tag {err} is missing"
            raise DecodeError(
                f"ExecutionReport {_text(said, _EXEC_ID)}: {text}",
                code="ADP-030",
                hint="the venue's units or its FIX differ from what the configuration says",
            ) from err

    def on_cancel_reject(self, said: Message) -> list[VenueReported]:
        """Take an OrderCancelReject."""
        name = _text(said, 11)
        return self.not_done(name, _text(said, _TEXT) or f"CxlRejReason {_text(said, 102)}")

    def not_done(self, name: str, text: str) -> list[VenueReported]:
        """Take it that the venue has not done, and will not do, what a request asked for."""
        number = self._names.number(name)
        order = self._orders.get(number)
        if number == 0:
            return []
        if order is None:
            order = OurOrder.unknown(number, 0)
        if name != self._names.order(number):
            return [self._report(order, ReportKind.CANCEL_REJECTED, tail=text)]
        if order.is_done or order.is_told:
            return []
        self._end(order)
        kind = ReportKind.REPLACE_REJECTED if order.replaces else ReportKind.REJECTED
        return [self._report(order, kind, leaves_lots=0, tail=text)]

    def canceled_all(self, order: OurOrder, text: str) -> list[VenueReported]:
        """Take it that a cancel was refused before it left."""
        return [self._report(order, ReportKind.CANCEL_REJECTED, tail=text)]

    def not_found(self, order: OurOrder, text: str) -> list[VenueReported]:
        """Take it that the venue has no such order."""
        was_there = order.is_told
        self._end(order)
        kind = ReportKind.GONE if was_there else ReportKind.NOT_FOUND
        return [self._report(order, kind, leaves_lots=0, tail=text)]

    def _on_report(self, said: Message) -> list[VenueReported]:
        kind, status = _bytes(said, _EXEC_TYPE), _bytes(said, _ORD_STATUS)
        name = _text(said, 11)
        order = self._orders.get(self._names.number(name)) or self._found(said)
        if kind != b"8" and (order.order_id == 0 or kind in {b"0", b"5", b"D", b"L"}):
            order.order_id = id_of(_text(said, _ORDER_ID)) or order.order_id
        if kind == b"8":
            return self.not_done(self._names.order(order.number), _text(said, _TEXT))
        if kind == b"I":
            return self._status(order, said, status)
        if kind in {b"A", b"E", b"6"}:
            return []
        if kind in {b"G", b"H"}:
            return [self._broken(order, said)]
        reports = self._accepted(order)
        instrument = self._instruments[_text(said, 55)]
        if kind in {b"F", b"1", b"2"}:
            reports += self._filled(order, instrument, said)
        elif kind == b"5":
            reports += self._shrunk(order, instrument, said)
            self._named[order.number] = name
        elif kind == b"D":
            reports += self._shrunk(order, instrument, said)
        elif status in _DEAD:
            reports += self._ended(order, status)
        return reports

    def _accepted(self, order: OurOrder) -> list[VenueReported]:
        if order.is_told:
            return []
        old = self._orders.get(order.replaces)
        if old is not None and order.replaces:
            order.executed_lots = old.executed_lots
        self._told_of(order, order.order_id)
        kind = ReportKind.REPLACED if order.replaces else ReportKind.ACCEPTED
        return [self._report(order, kind)]

    def _filled(
        self, order: OurOrder, instrument: Instrument, said: Message
    ) -> list[VenueReported]:
        exec_id = id_of(_text(said, _EXEC_ID))
        if not self._is_news(exec_id):
            return []
        qty = instrument.qty_lots(_text(said, _LAST_QTY))
        order.executed_lots += qty
        leaves = instrument.qty_lots(_text(said, _LEAVES))
        if leaves == 0:
            self._end(order)
        liquidity = Liquidity.ADDED if said.find(851) == b"1" else Liquidity.REMOVED
        return [
            self._report(
                order,
                ReportKind.FILLED,
                price_ticks=instrument.price_ticks(_text(said, _LAST_PX)),
                qty_lots=qty,
                leaves_lots=leaves,
                exec_id=exec_id,
                liquidity=liquidity,
                tail=_text(said, _EXEC_ID),
            )
        ]

    def _shrunk(
        self, order: OurOrder, instrument: Instrument, said: Message
    ) -> list[VenueReported]:
        """Take what is left of an order in place: less is a cancel of a part."""
        leaves = instrument.qty_lots(_text(said, _LEAVES))
        less = order.leaves_lots - leaves
        if less <= 0 or order.is_done:
            return []
        order.qty_lots -= less
        reason = CancelReason.SELF_TRADE if said.find(378) == b"5" else CancelReason.USER
        if leaves == 0:
            self._end(order)
        return [self._report(order, ReportKind.CANCELED, qty_lots=less, cancel_reason=reason)]

    def _ended(self, order: OurOrder, status: bytes) -> list[VenueReported]:
        if order.is_done:
            return []
        reason = CancelReason.USER
        if order.time_in_force in {TimeInForce.IOC, TimeInForce.FOK}:
            is_fok = order.time_in_force == TimeInForce.FOK
            reason = CancelReason.FOK if is_fok else CancelReason.IOC
        elif status in {b"3", b"C"}:
            reason = CancelReason.EXPIRED
        elif order.order_type == OrderType.MARKET:
            reason = CancelReason.IOC
        left = order.leaves_lots
        self._end(order)
        return [
            self._report(
                order, ReportKind.CANCELED, qty_lots=left, leaves_lots=0, cancel_reason=reason
            )
        ]

    def _broken(self, order: OurOrder, said: Message) -> VenueReported:
        """Put into the journal that a trade was broken or corrected: no report takes one back."""
        kind = ReportKind.GONE if order.is_done else ReportKind.OPEN
        trade = f"{_text(said, 19) or _text(said, _EXEC_ID)}"
        terms = f"{_text(said, _LAST_QTY)} at {_text(said, _LAST_PX)}"
        return self._report(order, kind, tail=f"the venue broke trade {trade}: {terms}")

    def _status(self, order: OurOrder, said: Message, status: bytes) -> list[VenueReported]:
        if status == b"8":
            return self.not_found(order, _text(said, _TEXT))
        reports = self._accepted(order)
        if status not in _DEAD and not order.is_done:
            return [*reports, self._report(order, ReportKind.OPEN)]
        self._end(order)
        return [*reports, self._report(order, ReportKind.GONE, leaves_lots=0)]

    def _found(self, said: Message) -> OurOrder:
        """Take up an order that the venue knows and we do not: another's, or before our time."""
        instrument = self._instruments[_text(said, 55)]
        price = _text(said, 44)
        order = OurOrder(
            number=self._names.number(_text(said, 11)),
            instrument_id=instrument.id,
            side=_SIDES.get(_bytes(said, 54), Side.BUY),
            price_ticks=instrument.price_ticks(price) if price else 0,
            qty_lots=instrument.qty_lots(_text(said, 38) or "0"),
        )
        if order.number == 0:
            order.foreign_name = _text(said, 11)
            order.is_told = _bytes(said, _EXEC_TYPE) != b"0"
            return order
        return self._take(order)

    def _forget(self, number: int) -> None:
        super()._forget(number)
        self._named.pop(number, None)

    def _told_of(self, order: OurOrder, order_id: int) -> None:
        order.is_told, order.order_id = True, order_id
        old = self._orders.get(order.replaces)
        if order.replaces and old is not None:
            self._end(old)


def _bytes(said: Message, tag: int) -> bytes:
    value = said.find(tag)
    if value is None:
        raise KeyError(tag)
    return value


def _text(said: Message, tag: int) -> str:
    return (said.find(tag) or b"").decode("latin-1")
