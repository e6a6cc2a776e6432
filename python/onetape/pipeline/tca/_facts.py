# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Every order, fill, refusal and message with all that it is judged by; no verdict yet.

Mids are in half ticks (best bid plus best ask); `NO_MID` where there was none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onetape.events import (
    CancelAll,
    CancelOrder,
    EnterOrder,
    Event,
    Liquidity,
    OrderRejected,
    OrderType,
    ReplaceOrder,
    SetQuote,
    SubmitOrder,
    TimeInForce,
)
from onetape.pipeline.tca._exact import Column, times
from onetape.pipeline.tca._link import find, take
from onetape.pipeline.tca._market import NO_MID, Market
from onetape.pipeline.tca._names import DIMENSIONS, Names, read_names
from onetape.pipeline.tca._orders import (
    ORIGIN_ORDER,
    ORIGIN_QUOTE,
    QUOTE_ID_FIRST,
    Columns,
    Orders,
    is_asked_for,
    read_orders,
    say_what_was_refused,
)
from onetape.pipeline.tca._parents import read_parents
from onetape.pipeline.tca._recording import Recording
from onetape.pipeline.tca._wire import Wire, read_wire

#: How long after a fill the market is looked at again: name and nanoseconds.
HORIZONS_NS = {
    "1ms": 1_000_000,
    "10ms": 10_000_000,
    "100ms": 100_000_000,
    "1s": 1_000_000_000,
    "10s": 10_000_000_000,
    "60s": 60_000_000_000,
}
#: Who refused.
BY_GATE, BY_DESK, BY_VENUE = 1, 2, 3
REFUSERS = {BY_GATE: "risk gate", BY_DESK: "order management", BY_VENUE: "venue"}
#: Reject codes of order management, and of the venue; all others are the risk gate's.
_DESK_CODES, _VENUE_CODES = range(40, 60), range(20, 40)
_HOUR_NS, _HOURS = 3_600_000_000_000, 24
_ANY_PRICE = np.iinfo(np.int64).max
#: Benchmarks that are quotients are kept in 10^-9 tick-lots, rounded down.
BENCHMARK_E9 = 10**9


class Fees(tuple[int, int]):
    """What a fill costs where the venue is silent: (maker, taker), thousandths of a basis point."""

    __slots__ = ()


@dataclass(frozen=True)
class Facts:
    """All that execution quality is worked out from.

    Attributes:
        names: What the numbers stand for.
        orders: One row an order, see `Orders`, and `decision_mid2 arrival_mid2 end_mid2`,
            `vwap_ticklots vwap_lots` (what traded in its life), `queue_lots` (shown before it at
            its price; -1 not known), `takeable_lots` (what it could have taken when it was decided;
            -1 not known), `was_touched`, `fee_e27`, `has_fee`.
        fills: One row a fill, see `Orders`, and `before_mid2`, `after_NAME_mid2` for each horizon,
            `fee_e27`, `has_fee`.
        refused: One row a refusal: `reason by command …`.
        asks: One row a message that an order-to-trade ratio counts: `weight qty_lots order`.
        cancels: One row a cancel: `order reason leaves_lots …`.
        parents: One row a parent order, see `read_parents`.
        latencies: One row a message to a venue: `asks intent_ns answer_ns`; -1 where not known.
        end_ts_ns: Time up to which the journal was read.
        has_market: Whether there is any market data.
    """

    names: Names
    orders: Columns
    fills: Columns
    refused: Columns
    asks: Columns
    cancels: Columns
    parents: Columns
    latencies: Columns
    end_ts_ns: int
    has_market: bool


def work_out(recording: Recording, fees: Fees | None = None) -> Facts:
    """Put together all that is known of the orders so far.

    Args:
        recording: What was read of the journal.
        fees: For fills whose venue does not say what they cost; None leaves these without.
    """
    names = read_names(recording)
    wire = read_wire(recording)
    found = read_orders(recording, wire)
    market = Market(recording)
    orders, fills = found.orders, found.fills
    _judge_orders(orders, market, recording)
    _judge_fills(fills, orders, market)
    _add_fees(found, names, fees)
    refused = _refused(recording, wire, found)
    asks, cancels = _asks(found), found.cancels
    latencies = _latencies(recording, wire, orders)
    units = {i: listed.unit_e27 for i, listed in names.instruments.items()}
    parents = read_parents(recording, orders, market, units)
    orders["ts_ns"] = orders["arrival_ts_ns"]
    for rows in (fills, asks, cancels, latencies):
        _add_terms(rows, orders)
    for rows in (orders, fills, refused, asks, cancels, parents, latencies):
        _add_dimensions(rows, names)
    return Facts(
        names=names,
        orders=orders,
        fills=fills,
        refused=refused,
        asks=asks,
        cancels=cancels,
        parents=parents,
        latencies=latencies,
        end_ts_ns=recording.last_ts_ns,
        has_market=market.is_known,
    )


def _judge_orders(orders: Columns, market: Market, recording: Recording) -> None:
    """Add where the market stood in the life of each order."""
    instruments = orders["instrument_id"]
    last_seq = np.full(len(instruments), recording.last_seq)
    end = np.where(orders["ended"] != 0, orders["end_seq"], last_seq)
    orders["decision_mid2"] = market.mids_at_entry(instruments, orders["decision_seq"])
    orders["arrival_mid2"] = market.mids_at_entry(instruments, orders["arrival_seq"])
    orders["end_mid2"] = market.mids_at_entry(instruments, end)
    values, lots = market.volumes(instruments, orders["arrival_seq"], end)
    orders["vwap_ticklots"], orders["vwap_lots"] = values, lots
    is_buy = orders["side"] == 1
    orders["was_touched"] = market.were_touched(
        instruments, orders["arrival_seq"], end, orders["price_ticks"], is_buy
    )
    # Where a venue is far, the queue is the one that stood there when the order left.
    no_price = orders["order_type"] == OrderType.MARKET
    prices = np.where(no_price, _ANY_PRICE, orders["price_ticks"])
    row, known = market.shown(orders["arrival_seq"], prices)
    for other in ("decision_seq", "accepted_seq"):
        second, also = market.shown(orders[other], prices)
        row, known = np.where(known, row, second), known | also
    ahead = np.where(is_buy, market.depth(row, "bid_lots"), market.depth(row, "ask_lots"))
    orders["queue_lots"] = np.where(known & ~no_price, ahead, -1)
    row, known = market.shown(orders["decision_seq"], prices)
    second, also = market.shown(orders["accepted_seq"], prices)
    row, known = np.where(known, row, second), known | also
    could = np.where(
        is_buy, market.depth(row, "takeable_buy_lots"), market.depth(row, "takeable_sell_lots")
    )
    takes = np.isin(orders["time_in_force"], np.array([TimeInForce.IOC, TimeInForce.FOK]))
    orders["takeable_lots"] = np.where(known & takes, could, -1)


def _judge_fills(fills: Columns, orders: Columns, market: Market) -> None:
    """Add the mid before each fill, and after it."""
    instruments = fills["instrument_id"]
    before = market.mids_at_entry(instruments, fills["cause_seq"], before=True)
    # A taker moves the market itself: what counts is the mid that it came upon.
    arrived = take(orders["arrival_mid2"], fills["order"], NO_MID)
    is_taker = fills["liquidity"] == Liquidity.REMOVED
    fills["before_mid2"] = np.where(is_taker, arrived, before)
    if not market.is_known:
        _take_what_fills_say(fills, orders)
    for name, horizon_ns in HORIZONS_NS.items():
        later = market.mids_at_time(instruments, fills["ts_ns"] + horizon_ns)
        fills[f"after_{name}_mid2"] = later


def _take_what_fills_say(fills: Columns, orders: Columns) -> None:
    """Without market data, the mid at arrival is what the fills say of it."""
    said = np.where(fills["arrival_mid2_ticks"] != 0, fills["arrival_mid2_ticks"], NO_MID)
    known = np.flatnonzero((fills["order"] >= 0) & (said != NO_MID))
    orders["arrival_mid2"][fills["order"][known[::-1]]] = said[known[::-1]]
    is_taker = fills["liquidity"] == Liquidity.REMOVED
    fills["before_mid2"] = np.where(is_taker, said, NO_MID)


def _add_fees(found: Orders, names: Names, fees: Fees | None) -> None:
    """Add what each fill cost, in 10^-27 of its currency, and each order."""
    fills, orders = found.fills, found.orders
    paid = fills["fee_e9"].astype(object) * 10**18
    if fees is not None:
        value = times(fills["price_ticks"], fills["qty_lots"]).astype(object)
        units = {i: listed.unit_e27 for i, listed in names.instruments.items()}
        unit = np.array([units.get(i, 0) for i in fills["instrument_id"].tolist()], object)
        rate = np.where(fills["liquidity"] == Liquidity.ADDED, fees[0], fees[1]).astype(object)
        by_rate = np.abs(value * unit) * rate // 10_000_000
        paid = np.where(fills["has_fee"], paid, by_rate)
        fills["has_fee"] = np.ones(len(paid), bool)
    fills["fee_e27"] = paid.astype(object)
    count = len(orders["side"])
    sums, has = np.zeros(count, object), np.ones(count, bool)
    known = fills["order"] >= 0
    np.add.at(sums, fills["order"][known], fills["fee_e27"][known])
    has[fills["order"][known & ~fills["has_fee"]]] = False
    orders["fee_e27"], orders["has_fee"] = sums, has


def _refused(recording: Recording, wire: Wire, found: Orders) -> Columns:
    rows = recording.rows(OrderRejected)
    names = ("seq", "ts_ns", "cause_seq", "strategy_id", "instrument_id", "reason", "command")
    refused = {name: rows[name].astype(np.int64) for name in names}
    refused["client_id"] = rows["client_id"].copy()
    say_what_was_refused(recording, found.legs, refused)
    by_range = np.full(len(rows), BY_GATE)
    by_range[np.isin(refused["reason"], np.array(_VENUE_CODES))] = BY_VENUE
    by_range[np.isin(refused["reason"], np.array(_DESK_CODES))] = BY_DESK
    # What a venue's own message caused, the venue refused, whatever code it was given.
    is_told = find(wire.report_seq, refused["cause_seq"]) >= 0
    refused["by"] = np.where(is_told, BY_VENUE, by_range)
    is_quote = (refused["command"] == SetQuote.KIND) | (refused["client_id"] >= QUOTE_ID_FIRST)
    refused["origin"] = np.where(is_quote, ORIGIN_QUOTE, ORIGIN_ORDER)
    return refused


def _asks(found: Orders) -> Columns:
    """Return what an order-to-trade ratio counts: an order 1, a replacement 2, a cancel 1."""
    legs, cancels = found.legs, found.cancels
    asked = is_asked_for(cancels["reason"])
    names = ("seq", "ts_ns", "order", "strategy_id", "instrument_id")
    asks = {name: np.concatenate([legs[name], cancels[name][asked]]) for name in names}
    ones = np.ones(int(asked.sum()), np.int64)
    asks["is_leg"] = np.concatenate([np.ones(len(legs["seq"]), bool), ones == 0])
    asks["weight"] = np.concatenate([np.where(legs["is_replacement"], 2, 1), ones])
    asks["qty_lots"] = np.concatenate([legs["qty_lots"], ones * 0])
    return asks


def _latencies(recording: Recording, wire: Wire, orders: Columns) -> Columns:
    """Return how long each message took from the intent to the wire, and to the venue's answer."""
    intents: list[type[Event]] = [
        EnterOrder, SubmitOrder, CancelOrder, ReplaceOrder, SetQuote, CancelAll,
    ]  # fmt: skip
    parts = [recording.rows(kind) for kind in intents]
    seqs = np.concatenate([part["seq"] for part in parts]).astype(np.int64)
    at = find(seqs, wire.cause_seq)
    asked_ts = take(np.concatenate([part["ts_ns"] for part in parts]), at, 0)
    strategy = take(np.concatenate([part["strategy_id"] for part in parts]).astype(np.int64), at, 0)
    instrument = take(
        np.concatenate([part["instrument_id"] for part in parts]).astype(np.int64), at, 0
    )
    order = find(np.where(orders["venue_ask"] >= 0, orders["venue_ask"], -2),
                 np.arange(len(wire.seq)))  # fmt: skip
    for name, known in (("strategy_id", strategy), ("instrument_id", instrument)):
        known[at < 0] = take(orders[name], order, 0)[at < 0]
    return {
        "seq": wire.seq,
        "ts_ns": wire.ts_ns,
        "venue_id": wire.venue_id,
        "asks": wire.asks,
        "order": order,
        "strategy_id": strategy,
        "instrument_id": instrument,
        "intent_ns": np.where(at >= 0, wire.ts_ns - asked_ts, -1),
        "answer_ns": np.where(wire.answer_ts_ns > 0, wire.answer_ts_ns - wire.ts_ns, -1),
    }


def _add_terms(rows: Columns, orders: Columns) -> None:
    """Say of rows that belong to orders what these are."""
    for name in ("side", "order_type", "time_in_force", "origin"):
        known = take(orders[name], rows["order"], 0)
        rows[name] = np.where(rows["order"] >= 0, known, rows.get(name, known))


def _add_dimensions(rows: Columns, names: Names) -> None:
    """Add a column `by_NAME` for each of `DIMENSIONS`."""
    venues = {i: listed.venue_id for i, listed in names.instruments.items()}
    instruments, place = np.unique(rows["instrument_id"], return_inverse=True)
    table = np.array([venues.get(i, 0) for i in instruments.tolist()], np.int64)
    values = {
        "strategy": rows["strategy_id"],
        "instrument": rows["instrument_id"],
        "venue": rows["venue_id"] if "venue_id" in rows else table[place],
        "side": rows["side"],
        "type": rows["order_type"],
        "tif": rows["time_in_force"],
        "origin": rows["origin"],
        "hour": hours_of(rows["ts_ns"]),
    }
    assert list(values) == list(DIMENSIONS)
    for name, column in values.items():
        rows[f"by_{name}"] = column


def hours_of(ts_ns: Column) -> Column:
    """Return the hours of the day, UTC."""
    found: Column = ts_ns // _HOUR_NS % _HOURS
    return found


def benchmark_e9(qty_lots: Column, values: Column, lots: Column) -> Column:
    """Return what a quantity costs at an average price, in 10^-9 tick-lots, rounded down."""
    whole = np.where(lots > 0, lots, 1)
    found: Column = qty_lots.astype(object) * values.astype(object) * BENCHMARK_E9 // whole
    return found
