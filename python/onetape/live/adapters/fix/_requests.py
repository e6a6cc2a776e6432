# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our commands as messages of FIX 4.4: their fields, header and trailer left to the session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from onetape.events import OrderSent, OrderType, Side, TimeInForce

if TYPE_CHECKING:
    from onetape.live.adapters._our_order import OurOrder
    from onetape.types import Instrument

Fields = list[tuple[int, bytes]]

CL_ORD_ID, ORIG_CL_ORD_ID, SYMBOL, SIDE, ORDER_QTY, PRICE = 11, 41, 55, 54, 38, 44
ORD_TYPE, TIME_IN_FORCE, TRANSACT_TIME, ACCOUNT, STOP_PX = 40, 59, 60, 1, 99
EXEC_INST, MIN_QTY, MAX_FLOOR, EXPIRE_TIME, HANDL_INST = 18, 110, 111, 126, 21
MASS_CANCEL_TYPE, ORD_STATUS_REQ_ID = 530, 790
MASS_STATUS_REQ_ID, MASS_STATUS_REQ_TYPE = 584, 585
TOTAL_REPORTS, LAST_REPORT = 911, 912

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TYPES = {
    OrderType.MARKET: b"1",
    OrderType.LIMIT: b"2",
    OrderType.STOP: b"3",
    OrderType.STOP_LIMIT: b"4",
}
_TIMES = {
    TimeInForce.DAY: b"0",
    TimeInForce.GTC: b"1",
    TimeInForce.OPEN: b"2",
    TimeInForce.IOC: b"3",
    TimeInForce.FOK: b"4",
    TimeInForce.UNTIL: b"6",
    TimeInForce.CLOSE: b"7",
}
_SIDES = {Side.BUY: b"1", Side.SELL: b"2"}


def time_text(ts_ns: int) -> bytes:
    """Return a time as FIX 4.4 writes it, in milliseconds.

    Examples:
        >>> time_text(1_500_000_000)
        b'19700101-00:00:01.500'
    """
    moment = _EPOCH + timedelta(microseconds=ts_ns // 1_000)
    return f"{moment:%Y%m%d-%H:%M:%S}.{moment.microsecond // 1_000:03}".encode()


def unsupported(order: OrderSent) -> str:
    """Return what of an order cannot be said; empty when all can."""
    if order.order_type not in _TYPES:
        return f"order type {order.order_type}: this adapter has no words for it"
    if order.time_in_force not in _TIMES:
        return f"time in force {order.time_in_force}: this adapter has no words for it"
    return ""


def enter(
    instrument: Instrument, order: OrderSent, name: str, account: str, ts_ns: int
) -> tuple[bytes, Fields]:
    """Return a NewOrderSingle."""
    fields = [(CL_ORD_ID, name.encode())]
    if account:
        fields.append((ACCOUNT, account.encode()))
    fields += [
        (HANDL_INST, b"1"),
        (SYMBOL, instrument.symbol.encode()),
        (SIDE, _SIDES[Side(order.side)]),
        (TRANSACT_TIME, time_text(ts_ns)),
        (ORDER_QTY, instrument.qty_text(order.qty_lots).encode()),
        (ORD_TYPE, _TYPES[OrderType(order.order_type)]),
    ]
    if order.order_type in {OrderType.LIMIT, OrderType.STOP_LIMIT}:
        fields.append((PRICE, instrument.price_text(order.price_ticks).encode()))
    if order.order_type in {OrderType.STOP, OrderType.STOP_LIMIT}:
        fields.append((STOP_PX, instrument.price_text(order.stop_price_ticks).encode()))
    fields.append((TIME_IN_FORCE, _TIMES[TimeInForce(order.time_in_force)]))
    if order.time_in_force == TimeInForce.UNTIL:
        fields.append((EXPIRE_TIME, time_text(order.expire_ts_ns)))
    if order.post_only:
        fields.append((EXEC_INST, b"6"))
    if order.min_qty_lots:
        fields.append((MIN_QTY, instrument.qty_text(order.min_qty_lots).encode()))
    if order.display_lots:
        fields.append((MAX_FLOOR, instrument.qty_text(order.display_lots).encode()))
    return b"D", fields


def replace(
    instrument: Instrument,
    old: OurOrder,
    names: tuple[str, str],
    terms: tuple[int, int],
    ts_ns: int,
) -> tuple[bytes, Fields]:
    """Return an OrderCancelReplaceRequest.

    Args:
        instrument: Instrument.
        old: The order to replace.
        names: Its name at the venue, and the new one.
        terms: New price in ticks, and new size in lots, the executed part included.
        ts_ns: Time.
    """
    return b"G", [
        (ORIG_CL_ORD_ID, names[0].encode()),
        (CL_ORD_ID, names[1].encode()),
        (HANDL_INST, b"1"),
        (SYMBOL, instrument.symbol.encode()),
        (SIDE, _SIDES[Side(old.side)]),
        (TRANSACT_TIME, time_text(ts_ns)),
        (ORDER_QTY, instrument.qty_text(terms[1]).encode()),
        (ORD_TYPE, _TYPES[OrderType(old.order_type)]),
        (PRICE, instrument.price_text(terms[0]).encode()),
    ]


def cancel(
    instrument: Instrument, order: OurOrder, names: tuple[str, str], ts_ns: int
) -> tuple[bytes, Fields]:
    """Return an OrderCancelRequest; `names` are the order's and the request's own."""
    return b"F", [
        (ORIG_CL_ORD_ID, names[0].encode()),
        (CL_ORD_ID, names[1].encode()),
        (SYMBOL, instrument.symbol.encode()),
        (SIDE, _SIDES.get(Side(order.side or Side.BUY), b"1")),
        (TRANSACT_TIME, time_text(ts_ns)),
        (ORDER_QTY, instrument.qty_text(max(1, order.qty_lots)).encode()),
    ]


def cancel_all(instrument: Instrument | None, name: str, ts_ns: int) -> tuple[bytes, Fields]:
    """Return an OrderMassCancelRequest, of an instrument or of all."""
    fields = [
        (CL_ORD_ID, name.encode()),
        (MASS_CANCEL_TYPE, b"7" if instrument is None else b"1"),
    ]
    if instrument is not None:
        fields.append((SYMBOL, instrument.symbol.encode()))
    return b"q", [*fields, (TRANSACT_TIME, time_text(ts_ns))]


def status(
    instrument: Instrument, order: OurOrder, name: str, request: str
) -> tuple[bytes, Fields]:
    """Return an OrderStatusRequest."""
    return b"H", [
        (CL_ORD_ID, name.encode()),
        (ORD_STATUS_REQ_ID, request.encode()),
        (SYMBOL, instrument.symbol.encode()),
        (SIDE, _SIDES.get(Side(order.side or Side.BUY), b"1")),
    ]


def mass_status(request: str) -> tuple[bytes, Fields]:
    """Return an OrderMassStatusRequest for all orders."""
    return b"AF", [(MASS_STATUS_REQ_ID, request.encode()), (MASS_STATUS_REQ_TYPE, b"7")]
