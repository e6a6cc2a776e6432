# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Parent orders: what was to be done as a whole, and what its children made of it.

A child may be at another venue than the instrument that its parent names: values are money, not
ticks.
"""

from __future__ import annotations

import numpy as np

from onetape.events import CloseParent, OpenParent, SubmitOrder
from onetape.pipeline.tca._exact import Column
from onetape.pipeline.tca._link import find, keys, take
from onetape.pipeline.tca._market import NO_MID, Market
from onetape.pipeline.tca._orders import ORIGIN_PARENT, Columns
from onetape.pipeline.tca._recording import Recording


def read_parents(
    recording: Recording, orders: Columns, market: Market, units_e27: dict[int, int]
) -> Columns:
    """Put the lives of all parents together.

    Args:
        recording: What was read.
        orders: All orders, with their fees.
        market: Where the market stood.
        units_e27: Worth of a tick-lot by instrument, in 10^-27 of the currency.

    Returns:
        One row a parent: `strategy_id instrument_id side qty_lots filled_lots cash_e27 fee_e27
        has_fee children decision_mid2 arrival_mid2 end_mid2 …`; money in 10^-27 of the currency.
    """
    opened, closed = recording.rows(OpenParent), recording.rows(CloseParent)
    names = ("seq", "ts_ns", "strategy_id", "instrument_id", "side", "qty_lots")
    parents: Columns = {name: opened[name].astype(np.int64) for name in names}
    of_order = _parent_of(recording, orders)
    count = len(opened)
    child = np.flatnonzero(of_order >= 0)
    of = of_order[child]
    parents["children"] = np.bincount(of, minlength=count)
    filled = np.zeros(count, np.int64)
    np.add.at(filled, of, orders["filled_lots"][child])
    parents["filled_lots"] = filled
    unit = np.array([units_e27.get(i, 0) for i in orders["instrument_id"][child].tolist()], object)
    parents["cash_e27"] = _sums(orders["cash_ticklots"][child].astype(object) * unit, of, count)
    parents["fee_e27"] = _sums(orders["fee_e27"][child], of, count)
    unsaid: Column = np.ones(count, bool)
    unsaid[of[~orders["has_fee"][child]]] = False
    parents["has_fee"] = unsaid
    first = np.full(count, np.iinfo(np.int64).max)
    np.minimum.at(first, of, orders["arrival_seq"][child])
    has_child = parents["children"] > 0
    instruments = parents["instrument_id"]
    parents["decision_mid2"] = market.mids_at_entry(instruments, parents["seq"])
    arrived = market.mids_at_entry(instruments, first)
    parents["arrival_mid2"] = np.where(has_child, arrived, NO_MID)
    ends = _ends(recording, parents, orders, (child, of), closed)
    parents["end_mid2"] = market.mids_at_entry(instruments, ends)
    zero = np.zeros(count, np.int64)
    parents |= {"order_type": zero, "time_in_force": zero, "origin": zero + ORIGIN_PARENT}
    return parents


def _parent_of(recording: Recording, orders: Columns) -> Column:
    """Return which parent each order is a child of; -1 for none."""
    asked, opened = recording.rows(SubmitOrder), recording.rows(OpenParent)
    own, order, parent, wanted = keys(
        (asked["strategy_id"], asked["client_id"]),
        (orders["strategy_id"], orders["client_id"]),
        (opened["strategy_id"], opened["parent_id"]),
        (asked["strategy_id"], asked["parent_id"]),
    )
    of_asked = np.where(asked["parent_id"] != 0, find(parent, wanted), -1)
    return take(of_asked, find(own, order), -1)


def _sums(values: Column, of: Column, count: int) -> Column:
    out = np.zeros(count, object)
    np.add.at(out, of, values)
    return out


def _ends(
    recording: Recording,
    parents: Columns,
    orders: Columns,
    children: tuple[Column, Column],
    closed: Column,
) -> Column:
    """Return the entry at which each parent was done: filled, or closed and its children dead."""
    child, of = children
    last = np.zeros(len(parents["seq"]), np.int64)
    np.maximum.at(last, of, orders["end_seq"][child])
    lives = np.zeros(len(last), bool)
    lives[of[orders["ended"][child] == 0]] = True
    opened = recording.rows(OpenParent)
    key, wanted = keys(
        (closed["strategy_id"], closed["parent_id"]), (opened["strategy_id"], opened["parent_id"])
    )
    at = find(key, wanted)
    closed_seq = take(closed["seq"].astype(np.int64), at, 0)
    is_done = ~lives & ((at >= 0) | (parents["filled_lots"] >= parents["qty_lots"]))
    return np.where(is_done, np.maximum(last, closed_seq), recording.last_seq)
