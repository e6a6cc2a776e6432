# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The oracle of execution quality: each figure by its definition, from a list of what happened.

Slow and plain: it looks through the whole list for every question, and computes with fractions.
Knows simulated venues and adapters; no raw bytes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

from onetape.events import (
    CancelReason,
    CloseParent,
    EnterOrder,
    Event,
    InstrumentDefined,
    Liquidity,
    MarketAction,
    MarketUpdated,
    OpenParent,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderReplaced,
    OrderSent,
    OrderType,
    ReplaceOrder,
    ReplaceSent,
    SetQuote,
    Side,
    SubmitOrder,
    TimeInForce,
    VenueReported,
)

QUOTE_ID = 1 << 63
HORIZONS = {"1ms": 10**6, "10ms": 10**7, "100ms": 10**8, "1s": 10**9, "10s": 10**10,
            "60s": 6 * 10**10}  # fmt: skip
BP = 10_000
NOT_COUNTED = {
    CancelReason.KILLED, CancelReason.DISCONNECTED, CancelReason.AUCTION, CancelReason.EXPIRED,
    CancelReason.DAY_ENDED, CancelReason.OPERATOR, CancelReason.HALTED, CancelReason.BOOK_CLEARED,
    CancelReason.SELF_TRADE,
}  # fmt: skip
Told = tuple[int, int, Event]


class PlainMarket:
    """The market's whole history, kept after every entry that touched it."""

    def __init__(self, told: list[Told]) -> None:
        self.told = told
        self.history: list[tuple[int, int, int, dict]] = []
        resting: dict[int, tuple[int, int, int, int]] = {}
        self.prints: list[tuple[int, int, int, int, int]] = []
        broken = {(e.instrument_id, e.other_ref) for _, _, e in told
                  if isinstance(e, MarketUpdated) and e.action == MarketAction.BREAK}  # fmt: skip
        for seq, ts_ns, event in told:
            if isinstance(event, MarketUpdated):
                self._apply(resting, seq, event)
                self.history.append((seq, ts_ns, event.instrument_id, dict(resting)))
        self.prints = [p for p in self.prints if p[4] == 0 or (p[1], p[4]) not in broken]

    def _apply(self, resting: dict, seq: int, e: MarketUpdated) -> None:
        known = resting.get(e.order_ref)
        if e.action == MarketAction.ADD:
            resting.setdefault(e.order_ref, (e.instrument_id, e.side, e.price_ticks, e.qty_lots))
        elif e.action == MarketAction.EXECUTE and known:
            qty = min(e.qty_lots, known[3])
            self._print(seq, e, e.price_ticks or known[2], qty)
            resting[e.order_ref] = (*known[:3], known[3] - qty)
            if known[3] == qty:
                del resting[e.order_ref]
        elif e.action == MarketAction.DELETE:
            resting.pop(e.order_ref, None)
        elif e.action == MarketAction.CLEAR:
            for ref in [r for r, order in resting.items() if order[0] == e.instrument_id]:
                del resting[ref]
        elif e.action in {MarketAction.TRADE, MarketAction.CROSS} and e.qty_lots:
            self._print(seq, e, e.price_ticks, e.qty_lots)

    def _print(self, seq: int, e: MarketUpdated, price: int, qty: int) -> None:
        if not e.flags & 2:
            self.prints.append((seq, e.instrument_id, price, qty, e.other_ref))

    def resting(self, instrument: int, last: tuple[str, int]) -> list[tuple[int, int, int]]:
        """Side, price and quantity of what rested, up to an entry or a time."""
        what, limit = last
        now: dict = {}
        for seq, ts_ns, _, resting in self.history:
            if (seq if what == "seq" else ts_ns) > limit:
                break
            now = resting
        return [(s, p, q) for i, s, p, q in now.values() if i == instrument]

    def mid(self, instrument: int, last: tuple[str, int]) -> Fraction | None:
        if last[0] == "ts" and last[1] > self.told[-1][1]:
            return None
        orders = self.resting(instrument, last)
        bids = [p for s, p, _ in orders if s == Side.BUY]
        asks = [p for s, p, _ in orders if s == Side.SELL]
        if not bids or not asks or max(bids) > min(asks):
            return None
        return Fraction(max(bids) + min(asks), 2)

    def is_known(self, instrument: int, seq: int) -> bool:
        return any(s < seq and i == instrument for s, _, i, _ in self.history)


@dataclass
class PlainOrder:
    """One order with all its replacements."""

    strategy: int
    instrument: int
    side: int
    type: int
    tif: int
    is_quote: bool
    price: int
    decision_seq: int
    arrival_seq: int
    arrival_ts: int
    accepted_seq: int
    qty: int
    fills: list[Told] = field(default_factory=list)
    fees_e9: list[int | None] = field(default_factory=list)
    legs: list[tuple[bool, int]] = field(default_factory=list)
    cancels: list[OrderCanceled] = field(default_factory=list)
    end: tuple[int, str] | None = None

    @property
    def sign(self) -> int:
        return 1 if self.side == Side.BUY else -1

    @property
    def filled(self) -> int:
        return sum(e.qty_lots for _, _, e in self.fills)

    @property
    def cash(self) -> int:
        return sum(e.qty_lots * e.price_ticks for _, _, e in self.fills)


@dataclass
class PlainParent:
    """A parent order and the orders that were its children."""

    told: OpenParent
    seq: int
    closed_seq: int = 0
    children: list[PlainOrder] = field(default_factory=list)


class PlainLives:
    """Who is who: walks the list once, and keeps orders by all their names."""

    def __init__(self, told: list[Told]) -> None:
        self.by_client: dict[tuple[int, int], PlainOrder] = {}
        self.by_id: dict[tuple[int, int], PlainOrder] = {}
        self.orders: list[PlainOrder] = []
        self.refused: list[tuple[OrderRejected, bool]] = []
        self.at = {seq: (ts_ns, event) for seq, ts_ns, event in told}
        self.parents: dict[tuple[int, int], PlainParent] = {}
        self.parent_of: dict[tuple[int, int], PlainParent] = {}
        self.told = told
        for seq, ts_ns, event in told:
            if isinstance(event, OrderAccepted):
                self._born(seq, ts_ns, event, None)
            elif isinstance(event, OrderReplaced):
                self._replaced(seq, ts_ns, event)
            elif isinstance(event, OrderCanceled):
                self._canceled(seq, event)
            elif isinstance(event, OrderFilled):
                self._filled(seq, ts_ns, event)
            elif isinstance(event, OpenParent):
                self.parents[event.strategy_id, event.parent_id] = PlainParent(event, seq)
            elif isinstance(event, CloseParent):
                self.parents[event.strategy_id, event.parent_id].closed_seq = seq
            elif isinstance(event, SubmitOrder) and event.parent_id:
                parent = self.parents[event.strategy_id, event.parent_id]
                self.parent_of[event.strategy_id, event.client_id] = parent
            elif isinstance(event, OrderRejected):
                by_venue = isinstance(self.at[event.cause_seq][1], VenueReported)
                self.refused.append((event, by_venue))

    def _sent(self, cause: int) -> tuple[int, int, int] | None:
        """Cause, entry and time of the message that an answer answers."""
        event = self.at[cause][1]
        if not isinstance(event, VenueReported):
            return None
        for seq, ts_ns, sent in reversed(self.told):
            number = (sent.number if isinstance(sent, OrderSent) else
                      sent.new_number if isinstance(sent, ReplaceSent) else None)  # fmt: skip
            if number == event.number and sent.venue_id == event.venue_id:
                return sent.cause_seq, seq, ts_ns
        return None

    def _born(self, seq: int, ts_ns: int, e: Event, old: PlainOrder | None) -> None:
        sent = self._sent(e.cause_seq) or (e.cause_seq, seq, ts_ns)
        order = PlainOrder(
            strategy=e.strategy_id, instrument=e.instrument_id,
            side=old.side if old else e.side, type=old.type if old else e.order_type,
            tif=old.tif if old else e.time_in_force, is_quote=e.client_id >= QUOTE_ID,
            price=e.price_ticks, decision_seq=sent[0], arrival_seq=sent[1], arrival_ts=sent[2],
            accepted_seq=seq, qty=e.qty_lots,
        )  # fmt: skip
        order.legs.append((old is not None, e.qty_lots))
        self.orders.append(order)
        self._name(order, e)
        if (e.strategy_id, e.client_id) in self.parent_of:
            self.parent_of[e.strategy_id, e.client_id].children.append(order)

    def _name(self, order: PlainOrder, e: Event) -> None:
        self.by_client[e.strategy_id, e.client_id] = order
        self.by_id[e.instrument_id, e.order_id] = order

    def _replaced(self, seq: int, ts_ns: int, e: OrderReplaced) -> None:
        old = self.by_id[e.instrument_id, e.old_order_id]
        if old.is_quote:
            self._born(seq, ts_ns, e, old)
            old.end = (seq, "moved")
            return
        old.qty = old.filled + e.qty_lots
        old.legs.append((True, e.qty_lots))
        self._name(old, e)

    def _canceled(self, seq: int, e: OrderCanceled) -> None:
        order = self.by_client[e.strategy_id, e.client_id]
        order.cancels.append(e)
        if e.leaves_lots == 0:
            order.end = (seq, "cancelled")
        else:
            order.qty -= e.qty_lots

    def _filled(self, seq: int, ts_ns: int, e: OrderFilled) -> None:
        order = self.by_client[e.strategy_id, e.client_id]
        order.fills.append((seq, ts_ns, e))
        cause = self.at[e.cause_seq][1]
        order.fees_e9.append(cause.fee_e9 if isinstance(cause, VenueReported) else None)
        if e.leaves_lots == 0:
            order.end = (seq, "filled")


class PlainQuality:
    """All figures of a list of what happened."""

    def __init__(self, told: list[Told]) -> None:
        self.told, self.market, self.lives = told, PlainMarket(told), PlainLives(told)
        self.unit = {e.instrument_id: Fraction(e.tick_e9 * e.lot_e9 * e.multiplier_e9, 10**27)
                     for _, _, e in told if isinstance(e, InstrumentDefined)}  # fmt: skip
        self.lot = {e.instrument_id: e.lot_e9 * e.multiplier_e9
                    for _, _, e in told if isinstance(e, InstrumentDefined)}  # fmt: skip

    def figures(
        self, orders: list[PlainOrder], refused: list, parents: list[PlainParent]
    ) -> dict[str, Fraction | int | None]:
        """The figures of some orders, refusals and parents."""
        out = {**self._counts(orders), **self._shortfall(orders), **self._slippage(orders)}
        out |= {**self._after(orders), **self._refusals(orders, refused)}
        out |= self._parents(parents)
        return out | self._ratios(orders) | self._queues(orders)

    def _mid(self, order: PlainOrder, seq: int) -> Fraction | None:
        return self.market.mid(order.instrument, ("seq", seq))

    def _end(self, order: PlainOrder) -> int:
        return order.end[0] if order.end else self.told[-1][0]

    def _counts(self, orders: list[PlainOrder]) -> dict:
        filled = [o for o in orders if o.fills]
        lots = {self.lot[o.instrument] for o in orders}
        value = sum(o.cash * self.unit[o.instrument] for o in orders)
        one = len(lots) == 1
        return {
            "orders": len(orders), "orders_filled": len(filled),
            "orders_open": sum(o.end is None for o in orders),
            "fills": sum(len(o.fills) for o in orders),
            "filled_notional": value if filled else None,
            "fill_ratio_orders": over(len(filled), len(orders)),
            "fill_ratio_qty": over(sum(o.filled for o in orders), sum(o.qty for o in orders))
            if one else None,
        }  # fmt: skip

    def _shortfall(self, orders: list[PlainOrder]) -> dict:
        parts, base, count, fees_known = defaultdict(Fraction), Fraction(0), 0, True
        for o in orders:
            decided, arrived = self._mid(o, o.decision_seq), self._mid(o, o.arrival_seq)
            ended, left, unit = (
                self._mid(o, self._end(o)),
                o.qty - o.filled,
                self.unit[o.instrument],
            )
            if o.is_quote or decided is None or (o.filled and arrived is None):
                continue
            if left and ended is None:
                continue
            count += 1
            base += o.qty * decided * unit
            if o.filled:
                parts["delay"] += o.sign * o.filled * (arrived - decided) * unit
                parts["execution"] += o.sign * (o.cash - o.filled * arrived) * unit
            if left:
                parts["opportunity"] += o.sign * left * (ended - decided) * unit
            fees_known &= None not in o.fees_e9
            parts["fees"] += Fraction(sum(fee or 0 for fee in o.fees_e9), 10**9)
        out = {f"{n}_bp": over(BP * parts[n], base) for n in ("delay", "execution", "opportunity")}
        out["fees_bp"] = over(BP * parts["fees"], base) if fees_known else None
        out["shortfall_bp"] = over(BP * sum(parts.values()), base)
        return out | {"shortfall_orders": count}

    def _parents(self, parents: list[PlainParent]) -> dict:
        parts, base, fees_known = defaultdict(Fraction), Fraction(0), True
        for p in parents:
            e, unit = p.told, self.unit[p.told.instrument_id]
            sign = 1 if e.side == Side.BUY else -1
            filled = sum(o.filled for o in p.children)
            first = min((o.arrival_seq for o in p.children), default=0)
            is_done = all(o.end for o in p.children) and (p.closed_seq or filled >= e.qty_lots)
            last = max([p.closed_seq, *(o.end[0] for o in p.children if o.end)])
            seqs = (p.seq, first, last if is_done else self.told[-1][0])
            decided, arrived, ended = (
                self.market.mid(e.instrument_id, ("seq", seq)) for seq in seqs
            )
            left = max(e.qty_lots - filled, 0)
            if decided is None or (filled and arrived is None) or (left and ended is None):
                continue
            base += e.qty_lots * decided * unit
            if filled:
                cash = sum(o.cash * self.unit[o.instrument] for o in p.children)
                parts["delay"] += sign * filled * (arrived - decided) * unit
                parts["execution"] += sign * (cash - filled * arrived * unit)
            if left:
                parts["opportunity"] += sign * left * (ended - decided) * unit
            fees = [fee for o in p.children for fee in o.fees_e9]
            fees_known &= None not in fees
            parts["fees"] += Fraction(sum(fee or 0 for fee in fees), 10**9)
        names = ("delay", "execution", "opportunity", "fees")
        out = {f"parent_{n}_bp": over(BP * parts[n], base) for n in names}
        out["parent_fees_bp"] = out["parent_fees_bp"] if fees_known else None
        out["parent_shortfall_bp"] = over(BP * sum(parts.values()), base)
        done = sum(o.filled for p in parents for o in p.children)
        ratio = over(done, sum(p.told.qty_lots for p in parents))
        return out | {"parents": len(parents), "parent_fill_ratio": ratio}

    def _slippage(self, orders: list[PlainOrder]) -> dict:
        cost, base, count = Fraction(0), Fraction(0), 0
        vwap_cost, vwap_base, vwap_count = Fraction(0), Fraction(0), 0
        for o in orders:
            arrived, unit = self._mid(o, o.arrival_seq), self.unit[o.instrument]
            if o.filled and arrived is not None:
                count += 1
                cost += o.sign * (o.cash - o.filled * arrived) * unit
                base += o.filled * arrived * unit
            seen = [(p, q) for s, i, p, q, _ in self.market.prints
                    if i == o.instrument and o.arrival_seq < s <= self._end(o)]  # fmt: skip
            if o.filled and seen:
                vwap = Fraction(sum(p * q for p, q in seen), sum(q for _, q in seen))
                vwap_count += 1
                vwap_cost += o.sign * (o.cash - o.filled * vwap) * unit
                vwap_base += o.filled * vwap * unit
        return {
            "arrival_bp": over(BP * cost, base), "arrival_orders": count,
            "vwap_bp": over(BP * vwap_cost, vwap_base), "vwap_orders": vwap_count,
        }  # fmt: skip

    def _after(self, orders: list[PlainOrder]) -> dict:
        out: dict = {}
        every = [(o, t, e) for o in orders for _, t, e in o.fills]
        for name, horizon in {"before": 0, **HORIZONS}.items():
            moved, value, spread, mids, count = (
                Fraction(0),
                Fraction(0),
                Fraction(0),
                Fraction(0),
                0,
            )
            both = [Fraction(0)] * 4
            for o, ts_ns, e in every:
                before = self._before(o, e)
                after = ("ts", ts_ns + horizon)
                mid = self.market.mid(o.instrument, after) if horizon else before
                if mid is None:
                    continue
                unit = self.unit[o.instrument] * e.qty_lots
                count += 1
                moved += o.sign * (mid - e.price_ticks) * unit
                value += e.price_ticks * unit
                spread += 2 * o.sign * (e.price_ticks - mid) * unit
                mids += mid * unit
                if before is not None:
                    for at, of in ((0, before), (2, mid)):
                        both[at] += 2 * o.sign * (e.price_ticks - of) * unit
                        both[at + 1] += of * unit
            if not horizon:
                out |= {"effective_spread_bp": over(BP * spread, mids), "spread_fills": count}
                continue
            out[f"markout_{name}_bp"] = over(BP * moved, value)
            out[f"markout_{name}_fills"] = count
            out[f"realised_{name}_bp"] = over(BP * spread, mids)
            first, second = over(BP * both[0], both[1]), over(BP * both[2], both[3])
            known = first is not None and second is not None
            out[f"impact_{name}_bp"] = first - second if known else None
        return out

    def _before(self, o: PlainOrder, e: OrderFilled) -> Fraction | None:
        taker = e.liquidity == Liquidity.REMOVED
        return self._mid(o, o.arrival_seq if taker else e.cause_seq - 1)

    def _refusals(self, orders: list[PlainOrder], refused: list) -> dict:
        new = [(e, v) for e, v in refused
               if e.command in {EnterOrder.KIND, ReplaceOrder.KIND, SetQuote.KIND}]  # fmt: skip
        asked = sum(len(o.legs) for o in orders) + len(new)
        who = defaultdict(int)
        for e, by_venue in new:
            if by_venue or e.reason in range(20, 40):
                who["venue"] += 1
            elif e.reason in range(40, 60):
                who["desk"] += 1
            else:
                who["gate"] += 1
        parts = {f"reject_ratio_{w}": over(who[w], asked) for w in ("gate", "desk", "venue")}
        return {"refused": len(new), "reject_ratio": over(len(new), asked), **parts}

    def _ratios(self, orders: list[PlainOrder]) -> dict:
        ended = [o for o in orders if o.end and o.end[1] != "moved"]
        cancelled = [o for o in ended if o.end[1] == "cancelled"]
        fills = [e for o in orders for _, _, e in o.fills]
        legs = [leg for o in orders for leg in o.legs]
        counted = [c for o in orders for c in o.cancels if c.reason not in NOT_COUNTED]
        messages = sum(2 if replaced else 1 for replaced, _ in legs) + len(counted)
        ordered, traded = sum(q for _, q in legs), sum(e.qty_lots for e in fills)
        made = sum(o_unit * e.qty_lots * e.price_ticks for o in orders for _, _, e in o.fills
                   for o_unit in [self.unit[o.instrument]]
                   if e.liquidity == Liquidity.ADDED)  # fmt: skip
        value = sum(self.unit[o.instrument] * o.cash for o in orders)
        fees = [fee for o in orders for fee in o.fees_e9]
        paid = Fraction(sum(fee or 0 for fee in fees), 10**9)
        return {
            "cancel_ratio": over(len(cancelled), len(ended)), "otr_messages": messages,
            "otr_count": Fraction(messages, max(len(fills), 1)) - 1 if orders else None,
            "otr_volume": Fraction(ordered, max(traded, 1)) - 1 if orders else None,
            "maker_share": over(made, value),
            "net_fee_bp": over(BP * paid, value) if None not in fees else None,
        }  # fmt: skip

    def _queues(self, orders: list[PlainOrder]) -> dict:
        meant, missed, immediate = 0, 0, 0
        waited, ahead, touched, got = [], [], 0, 0
        for o in orders:
            known = self.market.is_known(o.instrument, o.arrival_seq)
            if o.tif in {TimeInForce.IOC, TimeInForce.FOK}:
                shown = self.market.resting(o.instrument, ("seq", o.decision_seq))
                any_price = o.type == OrderType.MARKET
                could = sum(q for s, p, q in shown if s != o.side
                            and (any_price or (p - o.price) * o.sign <= 0))  # fmt: skip
                if min(could, o.qty) > 0:
                    immediate += 1
                    meant += min(could, o.qty)
                    missed += max(min(could, o.qty) - o.filled, 0)
            elif o.type == OrderType.LIMIT:
                if known:
                    shown = self.market.resting(o.instrument, ("seq", o.arrival_seq))
                    ahead.append(sum(q for s, p, q in shown if s == o.side and p == o.price))
                if o.fills:
                    waited.append(o.fills[0][1] - o.arrival_ts)
                seen = [p for s, i, p, _, _ in self.market.prints
                        if i == o.instrument and o.arrival_seq < s <= self._end(o)]  # fmt: skip
                through = any((p - o.price) * o.sign <= 0 for p in seen)
                touched += bool(o.fills) or through
                got += bool(o.fills)
        return {
            "missed_take_rate": over(missed, meant), "immediate_orders": immediate,
            "queue_ahead_p50_lots": nearest(ahead, Fraction(1, 2)),
            "time_to_fill_p50_ns": nearest(waited, Fraction(1, 2)),
            "time_to_fill_p99_ns": nearest(waited, Fraction(99, 100)),
            "fill_given_touch": over(got, touched) if self.market.history else None,
        }  # fmt: skip


def over(above: Fraction | int, below: Fraction | int) -> Fraction | None:
    return Fraction(above) / Fraction(below) if below else None


def nearest(values: list[int], share: Fraction) -> int | None:
    """The smallest value that at least this share of all do not pass."""
    for value in sorted(values):
        if Fraction(sum(v <= value for v in values), len(values)) >= share:
            return value
    return None
