# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The matching engine, driven from Python: for tests, for study and for bulk runs.

No rule stands here: it names arguments, packs records and unpacks events.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from struct import Struct
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from onetape._native import MatchingEngine
from onetape.events import (
    CancelReason,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderReplaced,
    OrderType,
    Side,
    StpMode,
    TimeInForce,
    TradingStatus,
)

Event: TypeAlias = OrderAccepted | OrderRejected | OrderReplaced | OrderCanceled | OrderFilled
"""What a command may give."""

_EVENTS: dict[int, type[Event]] = {
    OrderAccepted.KIND: OrderAccepted,
    OrderRejected.KIND: OrderRejected,
    OrderReplaced.KIND: OrderReplaced,
    OrderCanceled.KIND: OrderCanceled,
    OrderFilled.KIND: OrderFilled,
}

COMMAND: np.dtype[np.void] = np.dtype(
    [
        ("op", "u1"),
        ("side", "u1"),
        ("order_type", "u1"),
        ("time_in_force", "u1"),
        ("post_only", "u1"),
        ("stp_mode", "u1"),
        ("reason", "u1"),
        ("status", "u1"),
        ("order_id", "<u8"),
        ("client_id", "<u8"),
        ("price_ticks", "<i8"),
        ("qty_lots", "<u8"),
        ("min_qty_lots", "<u8"),
        ("instrument_id", "<u4"),
        ("owner", "<u4"),
    ]
)
"""Layout of one command in bulk; fields that an `op` does not use are ignored."""

_RECORD = Struct("<BBBBBBBBQQqQQII")


class Op(IntEnum):
    """What a command record asks for."""

    ENTER = 1
    CANCEL = 2
    REDUCE = 3
    REPLACE = 4
    CANCEL_OWNER = 5
    SET_STATUS = 6


class Level(NamedTuple):
    """A price level: price in ticks, sum of its orders in lots, and their count."""

    price_ticks: int
    qty_lots: int
    orders: int


class RestingOrder(NamedTuple):
    """A resting order; `owner` 0 is the historical market, whose `order_id` is its reference."""

    order_id: int
    owner: int
    price_ticks: int
    qty_lots: int


class Outputs(NamedTuple):
    """Events by kind, each in its order; `cause_seq` tells which command gave what.

    Each is a structured array of the `DTYPE` of its event, shape (n,).
    """

    accepted: npt.NDArray[np.void]
    rejected: npt.NDArray[np.void]
    replaced: npt.NDArray[np.void]
    canceled: npt.NDArray[np.void]
    filled: npt.NDArray[np.void]


class Matcher:
    """A deterministic matching engine: price first, then time, at the maker's price.

    Args:
        orders_max: Most orders that rest at one time, below 2^30. Memory is taken at start.
        instruments_max: Highest instrument id, below 2^30.

    Raises:
        ConfigError: EXC-001, a limit is out of range.

    Examples:
        >>> matcher = Matcher(orders_max=1_000, instruments_max=1)
        >>> matcher.define(1)
        >>> _ = matcher.enter(1, Side.SELL, 5, 101, owner=1)
        >>> [type(event).__name__ for event in matcher.enter(1, Side.BUY, 5, 101, owner=2)]
        ['OrderAccepted', 'OrderFilled', 'OrderFilled']
    """

    _REPLAYED = False

    def __init__(
        self, *, orders_max: int = 1 << 20, instruments_max: int = 1_024, ghosts_max: int = 4_096
    ) -> None:
        self._engine = MatchingEngine(self._REPLAYED, orders_max, instruments_max, ghosts_max)

    @property
    def seq(self) -> int:
        """How many commands and market messages came so far; events name theirs as `cause_seq`."""
        return self._engine.seq

    @property
    def live_orders(self) -> int:
        """How many orders rest, without those of a historical market."""
        return self._engine.live_orders()

    def define(self, instrument_id: int, rungs: Sequence[tuple[int, int]] = ((0, 1),)) -> None:
        """Define an instrument.

        Args:
            instrument_id: From 1 to `instruments_max`.
            rungs: Tick table, lowest first: from which price (ticks) prices step by how many ticks.

        Raises:
            ConfigError: EXC-002, the id is out of range or the top step is or changes.
            ConversionError: The rungs do not rise, are too many, or a step is below 1.
        """
        self._engine.define(instrument_id, list(rungs))

    def set_status(self, instrument_id: int, status: TradingStatus) -> None:
        """Say what an instrument's market is doing; one that is not defined has no status."""
        self._engine.set_status(instrument_id, status)

    def enter(
        self,
        instrument_id: int,
        side: Side,
        qty_lots: int,
        price_ticks: int = 0,
        *,
        owner: int,
        client_id: int = 0,
        order_type: OrderType = OrderType.LIMIT,
        time_in_force: TimeInForce = TimeInForce.DAY,
        post_only: bool = False,
        stp_mode: StpMode = StpMode.OFF,
        min_qty_lots: int = 0,
    ) -> list[Event]:
        """Enter a new order.

        Args:
            instrument_id: Instrument.
            side: Side.
            qty_lots: Quantity, 1 to 2^40.
            price_ticks: Limit price, above 0 and on the tick table; 0 for a market order.
            owner: Whose, from 1.
            client_id: The client's own number for it, echoed in every event.
            order_type: Type.
            time_in_force: Life.
            post_only: Refuse rather than take; for limit orders of the day.
            stp_mode: Self-trade prevention while this order takes.
            min_qty_lots: Immediate-or-cancel only: with less than this at once, nothing trades.

        Returns:
            Accepted or rejected, then fills and cancels in their order; of a fill the maker first.
        """
        return self._command(
            Op.ENTER,
            side=side,
            order_type=order_type,
            time_in_force=time_in_force,
            post_only=int(post_only),
            stp_mode=stp_mode,
            client_id=client_id,
            price_ticks=price_ticks,
            qty_lots=qty_lots,
            min_qty_lots=min_qty_lots,
            instrument_id=instrument_id,
            owner=owner,
        )

    def cancel(self, order_id: int, reason: CancelReason = CancelReason.USER) -> list[Event]:
        """Cancel what is left of an order; works in every status."""
        return self._command(Op.CANCEL, order_id=order_id, reason=reason)

    def reduce(self, order_id: int, qty_lots: int) -> list[Event]:
        """Shrink an order in place, keeping its priority; ignored where it would not shrink.

        Args:
            order_id: The order.
            qty_lots: New intended size, the executed part included; 0 cancels all.
        """
        return self._command(Op.REDUCE, order_id=order_id, qty_lots=qty_lots)

    def replace(
        self, order_id: int, price_ticks: int, qty_lots: int, *, client_id: int = 0
    ) -> list[Event]:
        """Replace an order by one at the back of the queue.

        Args:
            order_id: The order to replace.
            price_ticks: New limit price.
            qty_lots: New total over the chain of replacements, the executed part included.
            client_id: The replacement's own client number.
        """
        return self._command(
            Op.REPLACE,
            order_id=order_id,
            client_id=client_id,
            price_ticks=price_ticks,
            qty_lots=qty_lots,
        )

    def cancel_owner(
        self, owner: int, instrument_id: int = 0, reason: CancelReason = CancelReason.USER
    ) -> list[Event]:
        """Cancel all orders of an owner, in one instrument or (0) in all."""
        return self._command(
            Op.CANCEL_OWNER, owner=owner, instrument_id=instrument_id, reason=reason
        )

    def apply(self, commands: npt.NDArray[np.void]) -> Outputs:
        """Apply many commands.

        Args:
            commands: Shape (n,), dtype `COMMAND`.

        Returns:
            What followed, by kind.

        Raises:
            DecodeError: EXC-003, a field holds a value that is not defined; what stood before it
                has been applied.
        """
        records = np.ascontiguousarray(commands, dtype=COMMAND)
        return _outputs(self._engine.apply(records.tobytes()))

    def best(self, instrument_id: int, side: Side) -> Level | None:
        """Return the best level of a side; None when it is empty."""
        best = self._engine.best(instrument_id, side)
        return None if best is None else Level(*best)

    def levels(self, instrument_id: int, side: Side, count: int = 10) -> list[Level]:
        """Return up to `count` levels of a side, best first."""
        return [Level(*level) for level in self._engine.levels(instrument_id, side, count)]

    def orders(self, instrument_id: int, side: Side) -> list[RestingOrder]:
        """Return our resting orders of a side (not the historical ones), first to trade first."""
        return [RestingOrder(*order) for order in self._engine.orders(instrument_id, side)]

    def queue(self, instrument_id: int, side: Side) -> list[RestingOrder]:
        """Return all resting orders of a side, first to trade first."""
        return [RestingOrder(*order) for order in self._engine.queue(instrument_id, side)]

    def state_hash(self) -> int:
        """Return the digest of the whole state, 64 bits; equal states have equal digests."""
        return self._engine.state_hash()

    def snapshot(self) -> bytes:
        """Return the whole state, for `restore`."""
        return self._engine.save()

    def restore(self, snapshot: bytes) -> None:
        """Take up a state.

        Raises:
            DecodeError: EXC-004, the bytes are no snapshot of such an engine; the state is then
                unspecified.
        """
        self._engine.restore(snapshot)

    def _command(self, op: Op, **fields: int) -> list[Event]:
        values = dict.fromkeys(COMMAND.names or (), 0) | fields | {"op": op}
        return _events(self._engine.command(_RECORD.pack(*values.values())))


def _events(bodies: Sequence[tuple[int, bytes]]) -> list[Event]:
    return [_EVENTS[kind].unpack(body) for kind, body in bodies]


def _outputs(bodies: dict[int, bytes]) -> Outputs:
    return Outputs(
        *(
            np.frombuffer(bodies.get(kind, b""), dtype=event.DTYPE)
            for kind, event in _EVENTS.items()
        )
    )
