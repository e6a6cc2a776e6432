# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our orders at Binance, and what is to be reported of them. Sans I/O.

The same thing is said several times: by the answer to a request, by the stream, by the answer to a
question, after a reconnect all over again. Each is reported once, in an order that makes sense:
taken, then its trades, then its end. A trade is known by its number. An order that is being
replaced is not said to be cancelled before it is known what became of its replacement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from onetape.events import (
    CancelReason,
    FeeTakenInKind,
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
from onetape.live.adapters.binance._fees import Fee, FeesInKind
from onetape.live.adapters.binance._messages import Execution, ExecutionReport, OrderState

if TYPE_CHECKING:
    from onetape.live.adapters.binance._requests import ClientIds
    from onetape.live.adapters.binance._rules import Listing
    from onetape.types import Instrument

_NS_PER_MS = 1_000_000
DEAD = {"FILLED", "CANCELED", "REJECTED", "EXPIRED", "EXPIRED_IN_MATCH"}
"""States that end an order; any other, also one that is new to us, is taken to be alive."""
_SELF_TRADE = {"EXPIRED_IN_MATCH"}


Said: TypeAlias = VenueReported | FeeTakenInKind
"""What is reported of orders."""


class Orders(OrderTable):
    """What is known of our orders.

    Args:
        venue_id: Venue.
        listings: Instruments by the venue's symbol.
        ids: Client order ids.
        orders_max: Orders remembered; of the dead ones the oldest are forgotten first.

    Attributes:
        last_trade_ids: The newest trade that was told, by instrument id.
        fees: Fees that were taken out of positions.
    """

    def __init__(
        self,
        venue_id: int,
        listings: dict[str, Listing],
        ids: ClientIds,
        *,
        orders_max: int = 100_000,
    ) -> None:
        super().__init__(venue_id, orders_max=orders_max)
        self._listings = listings
        self._ids = ids
        self.last_trade_ids: dict[int, int] = {}
        self.fees = FeesInKind(venue_id, listings)
        self._symbols = {at.instrument.id: symbol for symbol, at in listings.items()}

    def listing(self, instrument_id: int) -> Listing | None:
        """Return an instrument; None when it is not listed here."""
        symbol = self._symbols.get(instrument_id)
        return None if symbol is None else self._listings[symbol]

    def enter(self, sent: OrderSent) -> OurOrder:
        """Take up a new order."""
        return self._take(OurOrder.of(sent))

    def replace(self, sent: ReplaceSent, old: OurOrder) -> OurOrder:
        """Take up a replacement; `old` is said to be dead only together with it."""
        new = self._take(OurOrder.replacing(sent, old))
        old.replaced_by = new.number
        return new

    def remember(self, event: VenueReported | FeeTakenInKind) -> None:
        """Take what was reported before a restart, so that it is not reported again."""
        if isinstance(event, FeeTakenInKind):
            self.fees.remember(event)
            return
        if event.exec_id:
            self._is_news(event.exec_id)
            self.fees.filled(event.exec_id)
        order = self._orders.get(event.number)
        if order is None:
            return
        kind = event.report
        if kind == ReportKind.FILLED:
            order.executed_lots += event.qty_lots
            self._end_if(order, order.executed_lots >= order.qty_lots)
        elif kind == ReportKind.CANCELED:
            order.qty_lots -= event.qty_lots
            self._end_if(order, event.leaves_lots == 0)
        elif kind in {ReportKind.ACCEPTED, ReportKind.OPEN, ReportKind.REPLACED}:
            order.is_told, order.order_id = True, event.order_id
            if kind == ReportKind.REPLACED and (old := self._orders.get(order.replaces)):
                self._end(old)
                # What the old one executed until it was dead is known only since then.
                order.before_lots, order.qty_lots = old.chain_lots, event.qty_lots
        elif kind not in {ReportKind.CANCEL_REJECTED}:
            self._end(order)

    def find(self, state: OrderState) -> None:
        """Take up an order of ours that the venue has and we do not know: of before our time."""
        at, number = self._listings.get(state.symbol), self._ids.number(state.name)
        if at is not None and number and number not in self._orders:
            self._found(state, at)

    def lacks(self, number: int, executed: str, symbol: str) -> bool:
        """Return whether the venue executed more of an order than we were told of."""
        order = self._orders.get(number)
        at = self._listings.get(symbol)
        if order is None or at is None:
            return False
        return at.instrument.qty_lots(executed) > order.executed_lots

    def on_execution(self, said: ExecutionReport) -> list[Said]:
        """Take a report of the stream; trades it lacks must have been taken before."""
        at = self._listings.get(said.symbol)
        if at is None:
            return []
        order = self._orders.get(self._ids.number(said.name)) or self._found(said, at)
        ts_ns = said.time_ms * _NS_PER_MS
        order.order_id = said.order_id
        if said.execution == "REJECTED":
            return self._rejected(order, said.reason, ts_ns)
        reports = self._accepted(order, ts_ns)
        if said.execution == "TRADE":
            qty = at.instrument.qty_lots(said.last_qty)
            price = at.instrument.price_ticks(said.last_price)
            fee = Fee.of(said.fee, said.fee_asset)
            known = _Trade(said.trade_id, price, qty, said.is_maker, fee)
            reports += self._filled(order, at, known, ts_ns)
        elif said.execution == "REPLACED":
            reports += self.shrunk(order, at.instrument.qty_lots(said.qty), ts_ns)
        if said.status in DEAD:
            return reports + self._ended(order, said.status, ts_ns, said.reason)
        return reports + self._prevented(order, at.instrument, (said.qty, said.prevented), ts_ns)

    def on_state(self, state: OrderState, *, is_answer: bool) -> list[Said]:
        """Take an order as an answer gives it; trades it lacks must have been taken before.

        Args:
            state: The order.
            is_answer: It answers a question: say also what is known already.
        """
        at = self._listings.get(state.symbol)
        if at is None:
            return []
        order = self._orders.get(self._ids.number(state.name)) or self._found(state, at)
        ts_ns = state.time_ms * _NS_PER_MS
        order.order_id = state.order_id
        if state.status == "REJECTED":
            return self._rejected(order, "", ts_ns)
        reports = self._accepted(order, ts_ns)
        if order.number and state.status not in DEAD:
            qtys = (state.qty, state.prevented)
            reports += self.shrunk(order, at.instrument.qty_lots(state.qty), ts_ns)
            reports += self._prevented(order, at.instrument, qtys, ts_ns)
        for fill in state.fills:
            reports += self.on_trade(order, at, fill, is_maker=False, ts_ns=ts_ns)
        if state.status not in DEAD and not order.is_done:
            if is_answer:
                reports.append(self._report(order, ReportKind.OPEN, ts_ns=ts_ns))
            return reports
        if is_answer:
            # The cancel that was held back, if any, is what this answer says.
            self._end(order)
            reports.append(self._report(order, ReportKind.GONE, ts_ns=ts_ns, leaves_lots=0))
            return reports
        return reports + self._ended(order, state.status, ts_ns, "")

    def on_trade(
        self, order: OurOrder, at: Listing, said: Execution, *, is_maker: bool, ts_ns: int
    ) -> list[Said]:
        """Take a trade of an answer, or of the list of our trades."""
        price, qty = at.instrument.price_ticks(said.price), at.instrument.qty_lots(said.qty)
        known = _Trade(said.number, price, qty, is_maker, Fee.of(said.fee, said.fee_asset))
        return self._filled(order, at, known, ts_ns)

    def on_trades(self, symbol: str, trades: Sequence[Execution], number: int = 0) -> list[Said]:
        """Take a list of our trades: those not told yet are.

        Args:
            symbol: The venue's symbol.
            trades: The list.
            number: Our number of the order that all are of; 0: they are of any.
        """
        at = self._listings.get(symbol)
        by_id = {order.order_id: order for order in self._orders.values() if not number}
        reports = []
        for trade in sorted(trades, key=lambda trade: trade.number):
            order = self._orders.get(number) or by_id.get(trade.order_id)
            if order is None or at is None:
                continue
            order.order_id = trade.order_id
            ts_ns = trade.time_ms * _NS_PER_MS
            reports += self._accepted(order, ts_ns)
            reports += self.on_trade(order, at, trade, is_maker=trade.is_maker, ts_ns=ts_ns)
        return reports

    def refused(self, number: int, text: str) -> list[Said]:
        """Take it that the venue has not taken an order and never will."""
        order = self._orders.get(number)
        return [] if order is None else self._rejected(order, text, 0)

    def not_found(self, number: int, instrument_id: int, text: str) -> list[Said]:
        """Take it that the venue never had an order, and cannot get it any more."""
        order = self._orders.get(number)
        if order is None:
            order = OurOrder.unknown(number, instrument_id)
        old = self._orders.get(order.replaces)
        if old is not None and old.replaced_by == number:
            old.replaced_by = 0
        self._end(order)
        return [self._report(order, ReportKind.NOT_FOUND, leaves_lots=0, tail=text)]

    def not_canceled(self, number: int, instrument_id: int, text: str) -> list[Said]:
        """Take it that the venue refused to cancel."""
        order = self._orders.get(number) or OurOrder.unknown(number, instrument_id)
        return [self._report(order, ReportKind.CANCEL_REJECTED, tail=text)]

    def replace_failed(self, new: OurOrder, text: str, *, is_old_dead: bool) -> list[Said]:
        """Take it that a replacement was refused; its original may be dead all the same."""
        old = self._orders.get(new.replaces)
        reports = []
        if old is not None:
            old.replaced_by = 0
            if is_old_dead:
                reports += self._canceled(old, CancelReason.REPLACE, 0)
        if not new.is_done:
            self._end(new)
            reports.append(self._report(new, ReportKind.REPLACE_REJECTED, tail=text))
        return reports

    def shrunk(
        self,
        order: OurOrder,
        qty_lots: int,
        ts_ns: int,
        reason: CancelReason = CancelReason.USER,
    ) -> list[Said]:
        """Take it that an order was reduced in place to a size."""
        less = order.qty_lots - qty_lots
        if less <= 0 or order.is_done:
            return []
        order.qty_lots = qty_lots
        return [
            self._report(
                order,
                ReportKind.CANCELED,
                qty_lots=less,
                cancel_reason=reason,
                ts_ns=ts_ns,
            )
        ]

    def _prevented(
        self, order: OurOrder, instrument: Instrument, qtys: tuple[str, str], ts_ns: int
    ) -> list[Said]:
        """Take what self-trade prevention took away from one that lives, as the venue says it."""
        qty, prevented = (instrument.qty_lots(text) for text in qtys)
        if not prevented or not order.number:
            return []
        return self.shrunk(order, qty - prevented, ts_ns, CancelReason.SELF_TRADE)

    def _found(self, said: ExecutionReport | OrderState, at: Listing) -> OurOrder:
        """Take up an order that the venue knows and we do not: another's, or before our time."""
        order = OurOrder(
            number=self._ids.number(said.name),
            instrument_id=at.instrument.id,
            side=Side[said.side],
            price_ticks=at.instrument.price_ticks(said.price),
            qty_lots=at.instrument.qty_lots(said.qty),
            order_type=_TYPES.get(said.order_type, OrderType.LIMIT),
            time_in_force=_TIMES.get(said.time_in_force, TimeInForce.GTC),
        )
        if order.number == 0:
            order.foreign_name = said.name
            # Each report of another's order stands alone; what it had executed is not ours to add.
            order.executed_lots = at.instrument.qty_lots(said.executed)
            order.is_told = True
            if isinstance(said, ExecutionReport):
                order.executed_lots -= at.instrument.qty_lots(said.last_qty)
                order.is_told = said.execution != "NEW"
            return order
        return self._take(order)

    def _accepted(self, order: OurOrder, ts_ns: int) -> list[Said]:
        if order.is_told:
            return []
        order.is_told = True
        old = self._orders.get(order.replaces)
        if old is None or not order.replaces:
            return [self._report(order, ReportKind.ACCEPTED, ts_ns=ts_ns)]
        order.before_lots = old.chain_lots
        self._end(old)
        return [self._report(order, ReportKind.REPLACED, ts_ns=ts_ns)]

    def _filled(self, order: OurOrder, at: Listing, trade: _Trade, ts_ns: int) -> list[Said]:
        exec_id = exec_id_of(at.instrument.id, trade.trade_id, order.side)
        if not self._is_news(exec_id):
            return []
        taken = self.fees.take(at, trade.fee, (order.number, exec_id, trade.price_ticks))
        self.fees.filled(exec_id)
        order.executed_lots += trade.qty_lots
        if order.leaves_lots == 0:
            self._end(order)
        return [
            *taken,
            self._report(
                order,
                ReportKind.FILLED,
                price_ticks=trade.price_ticks,
                qty_lots=trade.qty_lots,
                exec_id=exec_id,
                fee=trade.fee.worth_e9(at, trade.price_ticks),
                liquidity=Liquidity.ADDED if trade.is_maker else Liquidity.REMOVED,
                ts_ns=ts_ns,
                tail=trade.fee.text,
            ),
        ]

    def _ended(self, order: OurOrder, status: str, ts_ns: int, text: str) -> list[Said]:
        if status == "FILLED":
            return []
        if status == "CANCELED":
            # Whoever asked for the replacement will say what became of both.
            if order.replaced_by:
                return []
            return self._canceled(order, CancelReason.USER, ts_ns)
        if status in _SELF_TRADE:
            return self._canceled(order, CancelReason.SELF_TRADE, ts_ns)
        reason = CancelReason.EXPIRED
        if order.time_in_force == TimeInForce.FOK:
            reason = CancelReason.FOK
        elif order.time_in_force == TimeInForce.IOC or order.order_type == OrderType.MARKET:
            reason = CancelReason.IOC
        return self._canceled(order, reason, ts_ns, text)

    def _canceled(
        self, order: OurOrder, reason: CancelReason, ts_ns: int, text: str = ""
    ) -> list[Said]:
        if order.is_done:
            return []
        left = order.leaves_lots
        self._end(order)
        tail = "" if text in {"", "NONE"} else text
        return [
            self._report(
                order,
                ReportKind.CANCELED,
                qty_lots=left,
                leaves_lots=0,
                cancel_reason=reason,
                ts_ns=ts_ns,
                tail=tail,
            )
        ]

    def _rejected(self, order: OurOrder, text: str, ts_ns: int) -> list[Said]:
        if order.is_done:
            return []
        if order.replaces and not order.is_told:
            return self.replace_failed(order, text, is_old_dead=False)
        self._end(order)
        return [self._report(order, ReportKind.REJECTED, leaves_lots=0, ts_ns=ts_ns, tail=text)]

    def _is_news(self, exec_id: int) -> bool:
        instrument_id, trade_id = exec_id >> _TRADE_BITS + 1, exec_id >> 1 & (1 << _TRADE_BITS) - 1
        known = self.last_trade_ids.get(instrument_id, 0)
        self.last_trade_ids[instrument_id] = max(known, trade_id)
        return super()._is_news(exec_id)


class _Trade(NamedTuple):
    trade_id: int
    price_ticks: int
    qty_lots: int
    is_maker: bool
    fee: Fee


_TYPES = {
    "MARKET": OrderType.MARKET,
    "STOP_LOSS": OrderType.STOP,
    "STOP_LOSS_LIMIT": OrderType.STOP_LIMIT,
}
_TIMES = {"IOC": TimeInForce.IOC, "FOK": TimeInForce.FOK}
_TRADE_BITS = 42


def exec_id_of(instrument_id: int, trade_id: int, side: int) -> int:
    """Return the number of one side of a trade, never twice at the venue.

    The venue counts trades by symbol, and both sides may be ours.

    Examples:
        >>> exec_id_of(1, 7, Side.BUY), exec_id_of(1, 7, Side.SELL), exec_id_of(2, 7, Side.BUY)
        (8796093022222, 8796093022223, 17592186044430)
    """
    return instrument_id << (_TRADE_BITS + 1) | trade_id << 1 | int(side == Side.SELL)
