# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our whole market, driven from Python: every order type, phases, auctions, bands.

No rule stands here: it names arguments and passes them on. The rules: docs/internals/market.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from enum import IntEnum
from typing import NamedTuple, TypeAlias

from onetape._native import MarketEngine
from onetape.events import CancelReason, OrderType, Phase, Side, StpMode, TimeInForce
from onetape.exchange._matcher import Level

Report: TypeAlias = dict[str, str | int | bool]
"""What happened: `report` says which (accepted, rested, filled, canceled, replaced, rejected,
restated, prevented, crossed, phase, indicative, bands, cross), the rest are its fields: prices in
ticks, quantities in lots, enumerations as in `onetape.events`."""


class PostOnly(IntEnum):
    """What becomes of an order that would take."""

    OFF = 0
    REJECT = 1
    SLIDE = 2


class Auction(IntEnum):
    """Which auction an order is for."""

    NONE = 0
    OPEN = 1
    CLOSE = 2


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """A new order: everything it can say.

    Attributes:
        instrument_id: Instrument.
        side: Side.
        qty_lots: Quantity, 1 to 2^40.
        price_ticks: Limit price; of a peg its limit, 0 for none; 0 for a market order.
        owner: Whose: a port, from 1.
        client_id: The client's own number for it, echoed in every report.
        order_type: LIMIT, MARKET or one of the pegs; a stop is said by `stop_ticks`.
        offset_ticks: Of a peg, how much more aggressive than its reference.
        stop_ticks: Nothing happens until a trade reaches this price.
        hidden: Nothing of it is displayed.
        reserve_lots: It is displayed a slice of this size at a time.
        min_qty_lots: At least this must trade for anything to trade; 0 for none.
        all_or_none: All of it must trade for anything to trade.
        post_only: What becomes of it when it would take.
        time_in_force: DAY, IOC, FOK, GTC or UNTIL.
        until_ts_ns: When an UNTIL order ends, nanoseconds since the Unix epoch.
        auction: The auction it is for alone.
        stp_mode: Self-trade prevention while it takes.
        stp_by_port: Between orders of the port, not of the firm.
    """

    instrument_id: int
    side: Side
    qty_lots: int
    price_ticks: int = 0
    _: KW_ONLY
    owner: int
    client_id: int = 0
    order_type: OrderType = OrderType.LIMIT
    offset_ticks: int = 0
    stop_ticks: int | None = None
    hidden: bool = False
    reserve_lots: int | None = None
    min_qty_lots: int = 0
    all_or_none: bool = False
    post_only: PostOnly = PostOnly.OFF
    time_in_force: TimeInForce = TimeInForce.DAY
    until_ts_ns: int = 0
    auction: Auction = Auction.NONE
    stp_mode: StpMode = StpMode.OFF
    stp_by_port: bool = False

    def _entry(self) -> dict[str, int | None]:
        return {
            "client": self.client_id,
            "owner": self.owner,
            "instrument": self.instrument_id,
            "side": self.side,
            "qty": self.qty_lots,
            "order_type": self.order_type,
            "price": self.price_ticks,
            "offset": self.offset_ticks,
            "stop": self.stop_ticks,
            "hidden": self.hidden,
            "reserve": self.reserve_lots,
            "minimum": self.min_qty_lots,
            "all_or_none": self.all_or_none,
            "post_only": self.post_only,
            "time_in_force": self.time_in_force,
            "until": self.until_ts_ns,
            "auction": self.auction,
            "stp_mode": self.stp_mode,
            "by_port": self.stp_by_port,
        }


class QueuedOrder(NamedTuple):
    """An order in the book: price in ticks; how much is displayed and how much is left, in lots."""

    order_id: int
    price_ticks: int
    displayed_lots: int
    leaves_lots: int


class Market:
    """Our market: the matcher, and above it every kind of order, phases, auctions and bands.

    Every command takes the time `ts_ns` (nanoseconds since the Unix epoch), which must not fall,
    and returns what followed from it.

    Args:
        orders_max: Most live orders at one time, wherever they stand, below 2^30.
        instruments_max: Highest instrument id, below 2^30.
        specials_max: Most orders at one time that are more than a day order in the book.
        owners_max: Highest port, below 2^30.
        hidden_orders_max: Most hidden orders at one time; None: `orders_max`.
        conditioned_max: Most resting orders of an instrument with a size condition.

    Raises:
        ConfigError: EXC-001, a limit is out of range.

    Examples:
        >>> market = Market(orders_max=1_000, instruments_max=1)
        >>> market.define(1)
        >>> _ = market.set_phase(0, 1, Phase.CONTINUOUS)
        >>> _ = market.enter(1, OrderRequest(1, Side.SELL, 10, 101, owner=1, reserve_lots=4))
        >>> taker = OrderRequest(1, Side.BUY, 6, 101, owner=2)
        >>> [report["report"] for report in market.enter(2, taker)]
        ['accepted', 'filled', 'restated', 'filled']
        >>> market.book(1, Side.SELL)
        [QueuedOrder(order_id=3, price_ticks=101, displayed_lots=2, leaves_lots=4)]
    """

    def __init__(
        self,
        *,
        orders_max: int = 1 << 20,
        instruments_max: int = 1_024,
        specials_max: int = 1 << 17,
        owners_max: int = 4_096,
        hidden_orders_max: int | None = None,
        conditioned_max: int = 1_000,
    ) -> None:
        limits = {
            "orders_max": orders_max,
            "instruments_max": instruments_max,
            "specials_max": specials_max,
            "owners_max": owners_max,
            "hidden_orders_max": orders_max if hidden_orders_max is None else hidden_orders_max,
            "conditioned_max": conditioned_max,
        }
        self._engine = MarketEngine(limits)

    def define(
        self,
        instrument_id: int,
        rungs: Sequence[tuple[int, int]] = ((0, 1),),
        *,
        reference_ticks: int = 0,
        collar_ticks: int = 0,
        band_bps: int = 0,
        pause_ms: int = 0,
        auction_collar_bps: int = 0,
        pro_rata: bool = False,
    ) -> None:
        """Define an instrument, closed at first; or give it other rules. 0 is none everywhere.

        Args:
            instrument_id: From 1 to `instruments_max`.
            rungs: Tick table, lowest first: from which price (ticks) prices step by how many ticks.
            reference_ticks: Reference price until something trades.
            collar_ticks: How far a market order may trade through the best price.
            band_bps: Width of the price bands to either side, in basis points.
            pause_ms: Length of a volatility auction; 0: until it is ended.
            auction_collar_bps: How far from the reference a volatility auction may end.
            pro_rata: Share each price by size, not by time.

        Raises:
            ConfigError: EXC-002, the id is out of range or the top step is or changes.
            ConversionError: The rungs do not rise, are too many, or a step is below 1.
        """
        rules = {
            "reference": reference_ticks,
            "collar": collar_ticks,
            "band_bps": band_bps,
            "pause_ms": pause_ms,
            "auction_collar_bps": auction_collar_bps,
            "pro_rata": pro_rata,
        }
        self._engine.define(instrument_id, list(rungs), rules)

    def set_firm(self, owner: int, firm: int) -> bool:
        """Say which firm a port belongs to; False when the port is above `owners_max`."""
        return self._engine.set_firm(owner, firm)

    def enter(self, ts_ns: int, order: OrderRequest) -> list[Report]:
        """Enter a new order.

        Raises:
            DecodeError: EXC-003, a value that the schema does not define.
        """
        return self._engine.enter(ts_ns, order._entry())

    def cancel(
        self, ts_ns: int, order_id: int, reason: CancelReason = CancelReason.USER
    ) -> list[Report]:
        """Cancel what is left of an order; works in every phase."""
        return self._engine.cancel(ts_ns, order_id, reason)

    def reduce(self, ts_ns: int, order_id: int, qty_lots: int) -> list[Report]:
        """Shrink an order in place to a new intended size, the executed part included."""
        return self._engine.reduce(ts_ns, order_id, qty_lots)

    def replace(
        self,
        ts_ns: int,
        order_id: int,
        qty_lots: int,
        price_ticks: int = 0,
        *,
        client_id: int = 0,
        time_in_force: TimeInForce | None = None,
        until_ts_ns: int = 0,
        stop_ticks: int | None = None,
        keeps_original: bool = False,
    ) -> list[Report]:
        """Replace an order; its priority is lost.

        Args:
            ts_ns: Time.
            order_id: The order to replace.
            qty_lots: New total over the chain of replacements, the executed part included.
            price_ticks: New limit price; 0 where the order can do without one (market, peg).
            client_id: The replacement's own client number.
            time_in_force: New life; None: it stays.
            until_ts_ns: When it ends, if the new life is UNTIL.
            stop_ticks: New stop price; None: it stays.
            keeps_original: With invalid details it is refused and the original stays (as in FIX);
                else the original is cancelled (as in OUCH).
        """
        change = {
            "client": client_id,
            "qty": qty_lots,
            "price": price_ticks,
            "time_in_force": time_in_force or 0,
            "until": until_ts_ns,
            "stop": stop_ticks,
            "keeps_original": keeps_original,
        }
        return self._engine.replace(ts_ns, order_id, change)

    def cancel_all(
        self,
        ts_ns: int,
        reason: CancelReason = CancelReason.MASS_CANCEL,
        *,
        owner: int | None = None,
        firm: int | None = None,
        instrument_id: int | None = None,
        side: Side | None = None,
    ) -> list[Report]:
        """Cancel every order that satisfies each part that is given."""
        which = {"owner": owner, "firm": firm, "instrument": instrument_id, "side": side}
        return self._engine.cancel_all(ts_ns, reason, which)

    def set_phase(self, ts_ns: int, instrument_id: int, phase: Phase) -> list[Report]:
        """Change an instrument's phase, after the uncross that the change begins with, if any."""
        return self._engine.set_phase(ts_ns, instrument_id, phase)

    def set_reference(self, ts_ns: int, instrument_id: int, price_ticks: int) -> list[Report]:
        """Say an instrument's reference price; its bands are put around it."""
        return self._engine.set_reference(ts_ns, instrument_id, price_ticks)

    def tick(self, ts_ns: int) -> list[Report]:
        """Say that time has come this far: expiry, bands, pauses, indicative prices."""
        return self._engine.tick(ts_ns)

    def day_ended(self, ts_ns: int) -> list[Report]:
        """End the day: day orders are cancelled."""
        return self._engine.day_ended(ts_ns)

    def day_started(self, ts_ns: int) -> list[Report]:
        """Begin a day: what stands in the books is announced again."""
        return self._engine.day_started(ts_ns)

    def indicative(self, instrument_id: int) -> Report:
        """Return where an auction would end if it ended now."""
        return self._engine.indicative(instrument_id)

    def book(self, instrument_id: int, side: Side) -> list[QueuedOrder]:
        """Return a side's orders, hidden ones too, first to trade first."""
        return [QueuedOrder(*order) for order in self._engine.book(instrument_id, side)]

    def levels(self, instrument_id: int, side: Side) -> list[Level]:
        """Return the displayed levels of a side, best first."""
        return [Level(*level) for level in self._engine.levels(instrument_id, side)]

    def phase(self, instrument_id: int) -> Phase | None:
        """Return an instrument's phase; None when it is not defined."""
        phase = self._engine.phase(instrument_id)
        return None if phase is None else Phase(phase)

    @property
    def live_orders(self) -> int:
        """How many orders are live, in the book or beside it."""
        return self._engine.live_orders()

    def state_hash(self) -> int:
        """Return the digest of the whole state, 64 bits; equal states have equal digests."""
        return self._engine.state_hash()

    def snapshot(self) -> bytes:
        """Return the whole state, for `restore`."""
        return self._engine.save()

    def restore(self, snapshot: bytes) -> None:
        """Take up a state.

        Raises:
            DecodeError: EXC-004, the bytes are no snapshot of such a market; the state is then
                unspecified.
        """
        self._engine.restore(snapshot)
