# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Our orders as columns: one row an order with all its replacements, one a fill, one a refusal.

An order that a strategy replaces stays one order: it was decided once, at first. Each price of a
quote is an order of its own, because each is a decision of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from onetape.events import (
    CancelReason,
    EnterOrder,
    FillCharged,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderReplaced,
    ReplaceOrder,
    Side,
    SubmitOrder,
    VenueReported,
)
from onetape.pipeline.tca._exact import Column, times, totals
from onetape.pipeline.tca._link import find, find_before, keys, roots, take
from onetape.pipeline.tca._recording import Recording
from onetape.pipeline.tca._wire import Wire

Columns = dict[str, Column]

#: Client ids of the orders that order management makes of quotes start here.
QUOTE_ID_FIRST = 1 << 63
#: How an order ended where no CancelReason says so: it lives, it was filled, its quote moved.
ENDED_NOT, ENDED_FILLED, ENDED_MOVED = 0, 1_001, 1_002
#: What an order was born from.
ORIGIN_ORDER, ORIGIN_QUOTE, ORIGIN_PARENT = 0, 1, 2


@dataclass(frozen=True)
class Orders:
    """What was ordered, and what became of it.

    Attributes:
        legs: By entry, every order id that lived: `seq ts_ns order strategy_id instrument_id
            is_replacement qty_lots`; `order` is the row in `orders`.
        orders: `strategy_id instrument_id side order_type time_in_force origin client_id
            price_ticks` of its birth; `decision_seq arrival_seq arrival_ts_ns accepted_seq`;
            `end_seq ended`; `qty_lots` as last amended; `filled_lots cash_ticklots fills replaced
            first_fill_ts_ns`.
        fills: By entry: `seq ts_ns cause_seq order price_ticks qty_lots side liquidity
            strategy_id instrument_id fee_e9 has_fee`; `order` is -1 where its birth is not known.
        cancels: By entry: `seq ts_ns order reason leaves_lots`.
    """

    legs: Columns
    orders: Columns
    fills: Columns
    cancels: Columns


def read_orders(recording: Recording, wire: Wire) -> Orders:
    """Put the lives of all orders together."""
    legs = _legs(recording)
    fills, cancels = _fills(recording), _cancels(recording)
    key, fill_key, cancel_key = keys(
        (legs["strategy_id"], legs["client_id"]),
        (fills["strategy_id"], fills["client_id"]),
        (cancels["strategy_id"], cancels["client_id"]),
    )
    at_fill = find_before(key, legs["seq"], fill_key, fills["seq"])
    at_cancel = find_before(key, legs["seq"], cancel_key, cancels["seq"])
    parents = _parents(recording, legs, key)
    root = roots(parents)
    for name in ("side", "order_type", "time_in_force"):
        legs[name] = legs[name][root]
    unsaid = np.flatnonzero(at_fill >= 0)
    unsaid = unsaid[legs["side"][at_fill[unsaid]] == 0]
    legs["side"][at_fill[unsaid]] = fills["side"][unsaid]
    is_quote = legs["client_id"] >= QUOTE_ID_FIRST
    first = np.where(is_quote, np.arange(len(root)), root)
    born, order = np.unique(first, return_inverse=True)
    legs["order"] = order
    fills["order"] = take(order, at_fill, -1)
    cancels["order"] = take(order, at_cancel, -1)
    orders = {name: legs[name][born] for name in (
        "strategy_id", "instrument_id", "side", "order_type", "time_in_force", "client_id",
        "price_ticks",
    )}  # fmt: skip
    orders["origin"] = np.where(is_quote[born], ORIGIN_QUOTE, ORIGIN_ORDER)
    orders |= _births(legs, born, wire)
    orders |= _amended(legs, (fills, at_fill), (cancels, at_cancel))
    orders |= _ends(legs, fills, cancels, parents, is_quote)
    return Orders(legs, orders, fills, cancels)


def _legs(recording: Recording) -> Columns:
    first, later = recording.rows(OrderAccepted), recording.rows(OrderReplaced)
    names = ("seq", "ts_ns", "cause_seq", "order_id", "client_id", "price_ticks", "qty_lots",
             "strategy_id", "instrument_id")  # fmt: skip
    whole: Columns = {name: np.concatenate([first[name], later[name]]) for name in names}
    none = np.zeros(len(later), np.int64)
    for name in ("side", "order_type", "time_in_force"):
        whole[name] = np.concatenate([first[name].astype(np.int64), none])
    whole["old_order_id"] = np.concatenate([np.zeros(len(first), np.uint64), later["old_order_id"]])
    later_too: Column = np.ones(len(later), bool)
    whole["is_replacement"] = np.concatenate([np.zeros(len(first), bool), later_too])
    order = np.argsort(whole["seq"], kind="stable")
    legs = {name: column[order] for name, column in whole.items()}
    for name in ("seq", "cause_seq", "qty_lots", "strategy_id", "instrument_id"):
        legs[name] = legs[name].astype(np.int64)
    return legs


def _fills(recording: Recording) -> Columns:
    rows = recording.rows(OrderFilled)
    names = ("seq", "ts_ns", "cause_seq", "price_ticks", "qty_lots", "leaves_lots", "side",
             "liquidity", "strategy_id", "instrument_id", "arrival_mid2_ticks")  # fmt: skip
    fills: Columns = {name: rows[name].astype(np.int64) for name in names}
    fills["client_id"] = rows["client_id"].copy()
    reports = recording.rows(VenueReported)
    said = find(reports["seq"].astype(np.int64), fills["cause_seq"])
    charges = recording.rows(FillCharged)
    # What a fill costs follows it; a venue's own report says so, too.
    charged = find(charges["seq"].astype(np.int64), fills["seq"] + 1)
    reported = take(reports["fee_e9"], said, 0)
    fills["fee_e9"] = np.where(charged >= 0, take(charges["fee_e9"], charged, 0), reported)
    has_fee: Column = (said >= 0) | (charged >= 0)
    fills["has_fee"] = has_fee
    return fills


def _cancels(recording: Recording) -> Columns:
    rows = recording.rows(OrderCanceled)
    names = ("seq", "ts_ns", "cause_seq", "qty_lots", "leaves_lots", "reason", "strategy_id",
             "instrument_id")  # fmt: skip
    cancels = {name: rows[name].astype(np.int64) for name in names}
    cancels["client_id"] = rows["client_id"].copy()
    return cancels


def _parents(recording: Recording, legs: Columns, key: Column) -> Column:
    """Return which leg each replacement took the place of; -1 for none."""
    by_id, wanted = keys(
        (legs["instrument_id"], legs["order_id"]), (legs["instrument_id"], legs["old_order_id"])
    )
    found = find_before(by_id, legs["seq"], wanted, legs["seq"])
    found[~legs["is_replacement"] | (legs["old_order_id"] == 0)] = -1
    # A venue whose numbers are text has none here: the strategy's own words say it.
    asked = recording.rows(ReplaceOrder)
    open_ = np.flatnonzero(legs["is_replacement"] & (found < 0))
    if len(asked) and len(open_):
        new, mine, old, all_ = keys(
            (asked["strategy_id"], asked["new_client_id"]),
            (legs["strategy_id"][open_], legs["client_id"][open_]),
            (asked["strategy_id"], asked["client_id"]),
            (legs["strategy_id"], legs["client_id"]),
        )
        asking = find(new, mine)
        before = find_before(all_, legs["seq"], take(old, asking, -1), legs["seq"][open_])
        found[open_] = before
    del key
    return found


def _births(legs: Columns, born: Column, wire: Wire) -> Columns:
    """Return when each order was decided, and when it left."""
    said = find(wire.report_seq, legs["cause_seq"][born])
    message = take(wire.report_message, said, -1)
    seq, ts_ns = legs["seq"][born], legs["ts_ns"][born]
    is_sent = message >= 0
    return {
        "decision_seq": np.where(
            is_sent, take(wire.cause_seq, message, 0), legs["cause_seq"][born]
        ),
        "arrival_seq": np.where(is_sent, take(wire.seq, message, 0), seq),
        "arrival_ts_ns": np.where(is_sent, take(wire.ts_ns, message, 0), ts_ns),
        "accepted_seq": seq,
        "venue_ask": message,
    }


def _amended(
    legs: Columns, filled_at: tuple[Columns, Column], canceled_at: tuple[Columns, Column]
) -> Columns:
    """Return what each order was for in the end, and what it got."""
    (fills, at_fill), (cancels, at_cancel), order = filled_at, canceled_at, legs["order"]
    count = int(order.max()) + 1 if len(order) else 0
    known = fills["order"] >= 0
    of, lots = fills["order"][known], fills["qty_lots"][known]
    filled = totals(lots, of, count)
    # The last leg says what was still to do; what was done before it comes on top.
    last = np.zeros(count, np.int64)
    np.maximum.at(last, order, np.arange(len(order)))
    earlier = known.copy()
    earlier[known] = at_fill[known] != last[of]
    done_before = totals(fills["qty_lots"][earlier], fills["order"][earlier], count)
    shrunk = (cancels["order"] >= 0) & (cancels["leaves_lots"] > 0)
    shrunk[shrunk] = at_cancel[shrunk] == last[cancels["order"][shrunk]]
    reduced = totals(cancels["qty_lots"][shrunk], cancels["order"][shrunk], count)
    first_fill = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first_fill, of, fills["ts_ns"][known])
    value = times(fills["price_ticks"][known], lots)
    replaced = totals(legs["is_replacement"].astype(np.int64), order, count)
    return {
        "qty_lots": done_before + legs["qty_lots"][last] - reduced if count else done_before,
        "filled_lots": filled,
        "cash_ticklots": totals(value, of, count),
        "fills": totals(np.ones(len(of), np.int64), of, count),
        "replaced": replaced,
        "first_fill_ts_ns": np.where(filled > 0, first_fill, 0),
    }


def _ends(
    legs: Columns, fills: Columns, cancels: Columns, parents: Column, is_quote: Column
) -> Columns:
    """Return where each order ended, and how."""
    count = int(legs["order"].max()) + 1 if len(legs["order"]) else 0
    end_seq, ended = np.zeros(count, np.int64), np.zeros(count, np.int64)
    dead_fill = (fills["order"] >= 0) & (fills["leaves_lots"] == 0)
    dead = (cancels["order"] >= 0) & (cancels["leaves_lots"] == 0)
    moved = np.flatnonzero((parents >= 0) & is_quote)
    endings = [
        (fills["order"][dead_fill], fills["seq"][dead_fill], ENDED_FILLED),
        (cancels["order"][dead], cancels["seq"][dead], cancels["reason"][dead]),
        (legs["order"][parents[moved]], legs["seq"][moved], ENDED_MOVED),
    ]
    of = np.concatenate([x[0] for x in endings])
    seqs = np.concatenate([x[1] for x in endings])
    how = np.concatenate([np.broadcast_to(np.asarray(x[2]), x[1].shape) for x in endings])
    rising = np.argsort(seqs, kind="stable")
    # An order dies once, but a venue may fill what it said was cancelled: the last word counts.
    end_seq[of[rising]], ended[of[rising]] = seqs[rising], how[rising]
    return {"end_seq": end_seq, "ended": ended}


def say_what_was_refused(recording: Recording, legs: Columns, refused: Columns) -> None:
    """Say of refused orders what was asked for: `side order_type time_in_force`; 0 if not known."""
    asked, replaced = _entered(recording), recording.rows(ReplaceOrder)
    by, key, new, old, own = keys(
        (asked["strategy_id"], asked["client_id"]),
        (refused["strategy_id"], refused["client_id"]),
        (replaced["strategy_id"], replaced["new_client_id"]),
        (replaced["strategy_id"], replaced["client_id"]),
        (legs["strategy_id"], legs["client_id"]),
    )
    # A replacement asks for what the order it would have replaced was.
    before = find(own, take(old, find(new, key), -1))
    at = find(by, key)
    for name in ("side", "order_type", "time_in_force"):
        entered = take(asked[name].astype(np.int64), at, 0)
        refused[name] = np.where(at >= 0, entered, take(legs[name], before, 0))


def _entered(recording: Recording) -> Columns:
    """Return what strategies asked for by simple orders and by ones with every term."""
    parts = [recording.rows(kind) for kind in (EnterOrder, SubmitOrder)]
    names = ("strategy_id", "client_id", "side", "order_type", "time_in_force")
    return {name: np.concatenate([part[name] for part in parts]) for name in names}


def signs(sides: Column) -> Column:
    """Return +1 for a buy, -1 for a sale."""
    return np.where(sides == Side.BUY, 1, -1)


def is_asked_for(reasons: Column) -> Column:
    """Return which cancels the owner, or its order's own life, asked for.

    Cancels by a kill switch, a lost connection, an auction, the end of the day or the market's
    operator do not count in an order-to-trade ratio.
    """
    wanted = [
        CancelReason.USER, CancelReason.IOC, CancelReason.FOK, CancelReason.REPLACE,
        CancelReason.STRATEGY_STOPPED, CancelReason.RUN_ENDED, CancelReason.QUOTE,
        CancelReason.COLLAR, CancelReason.MASS_CANCEL,
    ]  # fmt: skip
    found: Column = np.isin(reasons, np.array(wanted))
    return found
