# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The figures of each group, from the facts: sums of whole numbers, divided once.

Nothing is 0 that is not known: a figure without data is None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from onetape.errors import ConfigError
from onetape.events import (
    CancelReason,
    EnterOrder,
    OrderType,
    ReplaceOrder,
    SetQuote,
    SubmitOrder,
    TimeInForce,
)
from onetape.pipeline.tca._definitions import FIGURES
from onetape.pipeline.tca._exact import Column, minus, ratio, times, totals
from onetape.pipeline.tca._facts import (
    BENCHMARK_E9,
    BY_DESK,
    BY_GATE,
    BY_VENUE,
    HORIZONS_NS,
    Facts,
    benchmark_e9,
)
from onetape.pipeline.tca._interval import half_width
from onetape.pipeline.tca._link import groups
from onetape.pipeline.tca._market import NO_MID
from onetape.pipeline.tca._names import DIMENSIONS
from onetape.pipeline.tca._orders import ENDED_FILLED, ENDED_MOVED, ORIGIN_ORDER, Columns, signs

Value = int | float | None
_BP = 10_000
#: Commands that ask for an order.
_ASKING = [EnterOrder.KIND, SubmitOrder.KIND, ReplaceOrder.KIND, SetQuote.KIND]


@dataclass
class Group:
    """Figures of the rows that have something in common.

    Attributes:
        labels: Name by dimension; empty for all rows of a currency.
        currency: Currency of all of them; empty where the journal does not say.
        figures: By name, see `FIGURES`; None where there is no data.
    """

    labels: dict[str, str]
    currency: str
    figures: dict[str, Value] = field(default_factory=dict)


def measure(facts: Facts, by: Sequence[str] = ()) -> list[Group]:
    """Return the figures of each group.

    Args:
        facts: What is known.
        by: Dimensions that tell the groups apart; none for one group a currency.

    Raises:
        ConfigError: If a dimension is unknown.
    """
    unknown = [name for name in by if name not in DIMENSIONS]
    if unknown:
        raise ConfigError(
            f"expected dimensions of execution quality, found {', '.join(unknown)}",
            code="TCA-001",
            hint=f"give some of {', '.join(DIMENSIONS)}",
        )
    work = _Work(facts, tuple(by))
    work.counts()
    work.shortfall()
    work.parents()
    work.slippage()
    work.markouts()
    work.spreads()
    work.refusals()
    work.cancels()
    work.queues()
    work.fees()
    return work.groups


class _Worths:
    """Which group and instrument each row is of: sums of tick-lots become money by the pair."""

    def __init__(self, rows: Columns, codes: Column, units_e27: dict[int, int]) -> None:
        pairs, self.pair = groups([codes, rows["instrument_id"]])
        self.groups: list[int] = pairs[:, 0].tolist()
        self.units_e27 = [units_e27.get(i, 0) for i in pairs[:, 1].tolist()]


class _Work:
    """One measuring: the groups, and which of them each row belongs to."""

    def __init__(self, facts: Facts, by: tuple[str, ...]) -> None:
        self.facts = facts
        self.units = {i: x.unit_e27 for i, x in facts.names.instruments.items()}
        sets = (
            facts.orders, facts.fills, facts.refused, facts.asks, facts.cancels, facts.parents,
        )  # fmt: skip
        currencies = sorted({x.currency for x in facts.names.instruments.values()} | {""})
        number = {name: i for i, name in enumerate(currencies)}
        columns = []
        for rows in sets:
            money_ = _mapped(rows["instrument_id"], lambda i: number[facts.names.currency(i)])
            columns.append(np.column_stack([*(rows[f"by_{name}"] for name in by), money_]))
        whole = np.concatenate(columns)
        keys, place = groups([whole[:, at] for at in range(whole.shape[1])])
        parts = np.split(place, np.cumsum([len(x) for x in columns])[:-1])
        self.of_order, self.of_fill, self.of_refused, self.of_ask = parts[:4]
        self.of_parent = parts[5]
        self.count = len(keys)
        self.order_worths = _Worths(facts.orders, self.of_order, self.units)
        self.fill_worths = _Worths(facts.fills, self.of_fill, self.units)
        self.groups = [
            Group(
                {name: facts.names.of(name, v) for name, v in zip(by, key, strict=False)},
                currencies[key[-1]],
                {figure.name: None for figure in FIGURES},
            )
            for key in keys.tolist()
        ]

    def put(self, name: str, values: Sequence[Value] | Column) -> None:
        """Set a figure of all groups."""
        for group, value in zip(self.groups, values, strict=True):
            group.figures[name] = value

    def quotients(
        self, above: Sequence[int] | Column, below: Sequence[int] | Column, factor: int = 1
    ) -> list[Value]:
        """Return quotients; None where nothing is below."""
        pairs = zip(above, below, strict=True)
        return [ratio(int(a), int(b), factor) for a, b in pairs]

    def count_of(self, codes: Column, chosen: Column) -> list[int]:
        """Return how many rows of each group are chosen."""
        found: list[int] = np.bincount(codes[chosen], minlength=self.count).tolist()
        return found

    def worth(self, of: _Worths, values: Column, chosen: Column) -> list[int]:
        """Return sums of tick-lots in money, of the chosen rows; `values` has only these."""
        out = [0] * self.count
        sums = totals(values, of.pair[chosen], len(of.groups)).tolist()
        for group, unit, total in zip(of.groups, of.units_e27, sums, strict=True):
            out[group] += total * unit
        return out

    def counts(self) -> None:
        """EQ-05."""
        orders, fills = self.facts.orders, self.facts.fills
        every = np.ones(len(self.of_order), bool)
        number = self.count_of(self.of_order, every)
        filled = self.count_of(self.of_order, orders["fills"] > 0)
        self.put("orders", number)
        self.put("orders_filled", filled)
        self.put("orders_open", self.count_of(self.of_order, orders["ended"] == 0))
        self.put("fills", self.count_of(self.of_fill, np.ones(len(self.of_fill), bool)))
        self.put("fill_ratio_orders", self.quotients(filled, number))
        ordered = totals(orders["qty_lots"], self.of_order, self.count)
        got = totals(orders["filled_lots"], self.of_order, self.count)
        sizes = self._lot_sizes()
        pairs = zip(self.quotients(got, ordered), sizes, strict=True)
        self.put("fill_ratio_qty", [value if one == 1 else None for value, one in pairs])
        every = np.ones(len(self.of_fill), bool)
        value = times(fills["price_ticks"], fills["qty_lots"])
        self.value = self.worth(self.fill_worths, value, every)
        some = self.count_of(self.of_fill, every)
        notional = [ratio(v, 10**27) if n else None for v, n in zip(self.value, some, strict=True)]
        self.put("filled_notional", notional)

    def _lot_sizes(self) -> list[int]:
        """Return how many different sizes of lots each group has."""
        known = self.facts.names.instruments
        sizes: list[set[int]] = [set() for _ in range(self.count)]
        pairs, _ = groups([self.of_order, self.facts.orders["instrument_id"]])
        for code, instrument in pairs.tolist():
            sizes[code].add(known[instrument].lot_e18 if instrument in known else 0)
        return [len(each) for each in sizes]

    def shortfall(self) -> None:
        """EQ-01, in half tick-lots: s [ q (p̄ - P_d) + (Q - q)(P_end - P_d) ] and its parts."""
        rows = self.facts.orders
        left = rows["qty_lots"] - rows["filled_lots"]
        fits = (rows["origin"] == ORIGIN_ORDER) & (rows["decision_mid2"] != NO_MID)
        fits &= (rows["arrival_mid2"] != NO_MID) | (rows["filled_lots"] == 0)
        fits &= (rows["end_mid2"] != NO_MID) | (left == 0)
        each = {name: column[fits] for name, column in rows.items()}
        sign, decided = signs(each["side"]), each["decision_mid2"]
        arrived = np.where(each["filled_lots"] == 0, decided, each["arrival_mid2"])
        ended = np.where(left[fits] == 0, decided, each["end_mid2"])
        filled = each["filled_lots"] * sign
        parts = {
            "delay_bp": times(filled, arrived - decided),
            "execution_bp": minus(each["cash_ticklots"] * 2 * sign, times(filled, arrived)),
            "opportunity_bp": times(left[fits] * sign, ended - decided),
        }
        base = self.worth(self.order_worths, times(each["qty_lots"], decided), fits)
        total = [0] * self.count
        for name, values in parts.items():
            sums = self.worth(self.order_worths, values, fits)
            self.put(name, self.quotients(sums, base, _BP))
            total = [a + b for a, b in zip(total, sums, strict=True)]
        paid = totals(each["fee_e27"] * 2, self.of_order[fits], self.count)
        unsaid = self.count_of(self.of_order, fits & ~rows["has_fee"])
        fees = self.quotients(paid, base, _BP)
        pairs = zip(fees, unsaid, strict=True)
        self.put("fees_bp", [None if missing else fee for fee, missing in pairs])
        total = [a + int(b) for a, b in zip(total, paid, strict=True)]
        self.put("shortfall_bp", self.quotients(total, base, _BP))
        self.put("shortfall_orders", self.count_of(self.of_order, fits))

    def parents(self) -> None:
        """EQ-01 of parent orders, in half 10^-27 of the currency."""
        rows = self.facts.parents
        left = rows["qty_lots"] - rows["filled_lots"]
        fits = (rows["decision_mid2"] != NO_MID) & (rows["qty_lots"] > 0)
        fits &= (rows["arrival_mid2"] != NO_MID) | (rows["filled_lots"] == 0)
        fits &= (rows["end_mid2"] != NO_MID) | (left <= 0)
        each = {name: column[fits] for name, column in rows.items()}
        units = [self.units.get(i, 0) for i in each["instrument_id"].tolist()]
        unit, sign = np.array(units, object), signs(each["side"]).astype(object)
        decided = each["decision_mid2"].astype(object) * unit
        arrived = np.where(each["filled_lots"] == 0, decided, each["arrival_mid2"] * unit)
        ended = np.where(left[fits] <= 0, decided, each["end_mid2"] * unit)
        filled, of = each["filled_lots"].astype(object), self.of_parent[fits]
        parts = {
            "delay": sign * filled * (arrived - decided),
            "execution": sign * (2 * each["cash_e27"] - filled * arrived),
            "opportunity": sign * np.maximum(left[fits], 0) * (ended - decided),
            "fees": 2 * each["fee_e27"],
        }
        base = totals(each["qty_lots"].astype(object) * decided, of, self.count)
        whole = np.zeros(self.count, object)
        unsaid = self.count_of(self.of_parent, fits & ~rows["has_fee"])
        for name, values in parts.items():
            sums = totals(values, of, self.count)
            whole = whole + sums
            found = self.quotients(sums, base, _BP)
            if name == "fees":
                pairs = zip(found, unsaid, strict=True)
                found = [None if missing else fee for fee, missing in pairs]
            self.put(f"parent_{name}_bp", found)
        self.put("parent_shortfall_bp", self.quotients(whole, base, _BP))
        self.put("parents", self.count_of(self.of_parent, np.ones(len(fits), bool)))
        ordered = totals(rows["qty_lots"], self.of_parent, self.count)
        got = totals(rows["filled_lots"], self.of_parent, self.count)
        self.put("parent_fill_ratio", self.quotients(got, ordered))

    def slippage(self) -> None:
        """EQ-02, against the mid at arrival and against the market's VWAP."""
        rows = self.facts.orders
        fits = (rows["filled_lots"] > 0) & (rows["arrival_mid2"] != NO_MID)
        sign = signs(rows["side"][fits])
        base = times(rows["filled_lots"][fits], rows["arrival_mid2"][fits])
        cost = minus(rows["cash_ticklots"][fits] * 2, base) * sign
        above = self.worth(self.order_worths, cost, fits)
        below = self.worth(self.order_worths, base, fits)
        self.put("arrival_bp", self.quotients(above, below, _BP))
        self.put("arrival_orders", self.count_of(self.of_order, fits))
        fits = (rows["filled_lots"] > 0) & (rows["vwap_lots"] > 0)
        base = benchmark_e9(
            rows["filled_lots"][fits], rows["vwap_ticklots"][fits], rows["vwap_lots"][fits]
        )
        cash = rows["cash_ticklots"][fits].astype(object) * BENCHMARK_E9
        cost = (cash - base) * signs(rows["side"][fits])
        above = self.worth(self.order_worths, cost, fits)
        below = self.worth(self.order_worths, base, fits)
        self.put("vwap_bp", self.quotients(above, below, _BP))
        self.put("vwap_orders", self.count_of(self.of_order, fits))

    def markouts(self) -> None:
        """EQ-03: s q (P_τ - p) / q p, weighted by value."""
        rows = self.facts.fills
        value = times(rows["price_ticks"], rows["qty_lots"])
        for name, horizon_ns in HORIZONS_NS.items():
            later = rows[f"after_{name}_mid2"]
            fits = later != NO_MID
            moved = times(
                rows["qty_lots"][fits] * signs(rows["side"][fits]),
                minus(later[fits], rows["price_ticks"][fits] * 2),
            )
            base = value[fits] * 2
            above = self.worth(self.fill_worths, moved, fits)
            below = self.worth(self.fill_worths, base, fits)
            found = self.quotients(above, below, _BP)
            self.put(f"markout_{name}_bp", found)
            self.put(f"markout_{name}_fills", self.count_of(self.of_fill, fits))
            units = np.array(self.fill_worths.units_e27, float)[self.fill_worths.pair[fits]]
            width = half_width(
                moved.astype(float) * units,
                base.astype(float) * units,
                self.of_fill[fits],
                (rows["instrument_id"][fits], rows["ts_ns"][fits] // horizon_ns),
                self.count,
            )
            pairs = list(zip(found, width, strict=True))
            low = [None if v is None or w is None else v - w * _BP for v, w in pairs]
            high = [None if v is None or w is None else v + w * _BP for v, w in pairs]
            self.put(f"markout_{name}_low_bp", low)
            self.put(f"markout_{name}_high_bp", high)

    def spreads(self) -> None:
        """EQ-04: effective spread, what of it was realised, and the impact between the two."""
        rows = self.facts.fills
        fits = rows["before_mid2"] != NO_MID
        self.put("effective_spread_bp", self._spread(rows["before_mid2"], fits))
        self.put("spread_fills", self.count_of(self.of_fill, fits))
        for name in HORIZONS_NS:
            later = rows[f"after_{name}_mid2"]
            self.put(f"realised_{name}_bp", self._spread(later, later != NO_MID))
            both = fits & (later != NO_MID)
            first, second = self._spread(rows["before_mid2"], both), self._spread(later, both)
            pairs = zip(first, second, strict=True)
            impact = [None if a is None or b is None else a - b for a, b in pairs]
            self.put(f"impact_{name}_bp", impact)

    def _spread(self, mids2: Column, fits: Column) -> list[Value]:
        """Return 2 s q (p - P) / q P, of the rows that fit."""
        rows = self.facts.fills
        base = times(rows["qty_lots"][fits], mids2[fits])
        paid = times(rows["qty_lots"][fits], rows["price_ticks"][fits]) * 2
        cost = minus(paid, base) * (2 * signs(rows["side"][fits]))
        above = self.worth(self.fill_worths, cost, fits)
        below = self.worth(self.fill_worths, base, fits)
        return self.quotients(above, below, _BP)

    def refusals(self) -> None:
        """EQ-06."""
        rows = self.facts.refused
        asked = np.isin(rows["command"], np.array(_ASKING))
        refused = self.count_of(self.of_refused, asked)
        legs = self.count_of(self.of_ask, self.facts.asks["is_leg"])
        all_ = [a + b for a, b in zip(refused, legs, strict=True)]
        self.put("refused", refused)
        self.put("reject_ratio", self.quotients(refused, all_))
        for name, who in (("gate", BY_GATE), ("desk", BY_DESK), ("venue", BY_VENUE)):
            part = self.count_of(self.of_refused, asked & (rows["by"] == who))
            self.put(f"reject_ratio_{name}", self.quotients(part, all_))

    def cancels(self) -> None:
        """EQ-07, PT-23, PO-13."""
        orders, asks, fills = self.facts.orders, self.facts.asks, self.facts.fills
        done = orders["ended"] != 0
        reasons = np.array([reason.value for reason in CancelReason])
        cancelled = np.isin(orders["ended"], reasons)
        assert not np.isin(np.array([ENDED_FILLED, ENDED_MOVED]), reasons).any()
        ended = self.count_of(self.of_order, done & (orders["ended"] != ENDED_MOVED))
        self.put("cancel_ratio", self.quotients(self.count_of(self.of_order, cancelled), ended))
        messages = totals(asks["weight"], self.of_ask, self.count).tolist()
        trades = self.count_of(self.of_fill, np.ones(len(self.of_fill), bool))
        self.put("otr_messages", messages)
        self.put(
            "otr_count", [_order_to_trade(m, t) for m, t in zip(messages, trades, strict=True)]
        )
        ordered = totals(asks["qty_lots"], self.of_ask, self.count).tolist()
        traded = totals(fills["qty_lots"], self.of_fill, self.count).tolist()
        each = zip(ordered, traded, messages, strict=True)
        self.put("otr_volume", [_order_to_trade(o, t) if m else None for o, t, m in each])

    def queues(self) -> None:
        """EQ-08 and EQ-09."""
        rows = self.facts.orders
        meant = np.minimum(rows["takeable_lots"], rows["qty_lots"])
        fits = meant > 0
        missed = np.maximum(meant - rows["filled_lots"], 0)[fits]
        above = totals(missed, self.of_order[fits], self.count)
        below = totals(meant[fits], self.of_order[fits], self.count)
        self.put("missed_take_rate", self.quotients(above, below))
        self.put("immediate_orders", self.count_of(self.of_order, fits))
        rests = rows["order_type"] == OrderType.LIMIT
        rests &= ~np.isin(rows["time_in_force"], np.array([TimeInForce.IOC, TimeInForce.FOK]))
        queued = rests & (rows["queue_lots"] >= 0)
        self.put("queue_ahead_p50_lots", self._quantile(rows["queue_lots"], queued, 50, 100))
        waited = rows["first_fill_ts_ns"] - rows["arrival_ts_ns"]
        filled = rests & (rows["fills"] > 0)
        self.put("time_to_fill_p50_ns", self._quantile(waited, filled, 50, 100))
        self.put("time_to_fill_p99_ns", self._quantile(waited, filled, 99, 100))
        if not self.facts.has_market:
            return
        touched = self.count_of(self.of_order, rests & (rows["was_touched"] | (rows["fills"] > 0)))
        got = self.count_of(self.of_order, filled)
        self.put("fill_given_touch", self.quotients(got, touched))

    def _quantile(self, values: Column, chosen: Column, above: int, below: int) -> list[Value]:
        """Return the smallest value that so many of a group are not above; None of nothing."""
        out: list[Value] = [None] * self.count
        codes, values = self.of_order[chosen], values[chosen]
        order = np.lexsort([values, codes])
        codes, values = codes[order], values[order]
        starts = np.searchsorted(codes, np.arange(self.count), "left")
        ends = np.searchsorted(codes, np.arange(self.count), "right")
        for code, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            if end > start:
                out[code] = int(values[start + quantile_place(end - start, above, below)])
        return out

    def fees(self) -> None:
        """EQ-11."""
        rows = self.facts.fills
        made = rows["liquidity"] == 1
        value = times(rows["price_ticks"][made], rows["qty_lots"][made])
        maker = self.worth(self.fill_worths, value, made)
        self.put("maker_share", self.quotients(maker, self.value))
        paid = totals(rows["fee_e27"], self.of_fill, self.count)
        unsaid = self.count_of(self.of_fill, ~rows["has_fee"])
        pairs = zip(self.quotients(paid, self.value, _BP), unsaid, strict=True)
        self.put("net_fee_bp", [None if missing else fee for fee, missing in pairs])


def _mapped(column: Column, to: object) -> Column:
    """Return what a function gives for each value; it is called once a value."""
    assert callable(to)
    values, place = np.unique(column, return_inverse=True)
    table = np.array([to(v) for v in values.tolist()], np.int64)
    found: Column = table[place]
    return found


def _order_to_trade(orders: int, trades: int) -> float | None:
    """Return orders over trades, less one; with no trade as if there were one."""
    if orders == 0 and trades == 0:
        return None
    return ratio(orders - max(trades, 1), max(trades, 1))


def quantile_place(count: int, above: int, below: int) -> int:
    """Return the place, in rising order, of the smallest value that above/below of all do not pass.

    Examples:
        >>> quantile_place(4, 50, 100), quantile_place(1_000, 999, 1_000)
        (1, 998)
    """
    return max(-(-count * above // below) - 1, 0)
