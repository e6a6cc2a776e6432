# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Clearing records out of the journal: one for each side of each trade and of each trade break.

Prices are ticks, quantities lots; money comes later, in `_money`. Every trade must have its two
fills, and every break its trade: what does not reconcile is an error, not a record.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np

from onetape.errors import JournalError
from onetape.events import OrderFilled, Side, TradeBroken, TradeExecuted
from onetape.exchange.directory import Directory, Ints, Rows
from onetape.journal import Journal


class Role(IntEnum):
    """What a side did in a trade; the fee goes by it."""

    #: Its order rested.
    MAKER = 0
    #: Its order came in and took.
    TAKER = 1
    #: Both were paired off in an auction.
    AUCTION = 2


#: One side of a trade, or of its break. `seq` and `ts_ns` are of the entry that made the record;
#: `trade_seq` is the trade's; `broken_seq` the entry that broke the trade, else 0; `sign` is 1, and
#: -1 for the record of a break, which takes back what the trade gave.
RECORD = np.dtype(
    [
        ("seq", "u8"),
        ("ts_ns", "i8"),
        ("trade_seq", "u8"),
        ("broken_seq", "u8"),
        ("match_id", "u8"),
        ("order_id", "u8"),
        ("client_id", "u8"),
        ("price_ticks", "i8"),
        ("qty_lots", "u8"),
        ("day", "i8"),
        ("firm_id", "i8"),
        ("contra_firm_id", "i8"),
        ("port_id", "u4"),
        ("instrument_id", "u4"),
        ("side", "u1"),
        ("role", "u1"),
        ("phase", "u1"),
        ("sign", "i1"),
    ]
)


def read_records(journal: Journal, directory: Directory) -> Rows:
    """Return the clearing records of a journal, in the order of the entries, buyer first.

    Raises:
        JournalError: If a trade and its fills do not say the same, or a break has no trade.
        JournalCorruptError: If an entry is damaged.
    """
    trades = journal.read(TradeExecuted, end=directory.end)
    fills = journal.read(OrderFilled, end=directory.end)
    records = _sides(trades, directory)
    records["client_id"] = _checked_clients(records, fills)
    breaks = journal.read(TradeBroken, end=directory.end)
    reversals = _reversals(records, breaks, directory)
    whole: Rows = np.concatenate([records, reversals])
    return whole[np.argsort(whole["seq"], kind="stable")]


def _sides(trades: Rows, directory: Directory) -> Rows:
    """Return two records for each trade: the buyer's, then the seller's."""
    both = np.repeat(trades, 2)
    records = np.zeros(len(both), RECORD)
    is_buy = np.arange(len(both)) % 2 == 0
    for name in ("seq", "ts_ns", "match_id", "price_ticks", "qty_lots", "instrument_id", "phase"):
        records[name] = both[name]
    records["trade_seq"] = both["seq"]
    records["day"] = directory.days_of(both["seq"])
    records["sign"] = 1
    records["side"] = np.where(is_buy, Side.BUY, Side.SELL)
    records["order_id"] = np.where(is_buy, both["buy_order_id"], both["sell_order_id"])
    records["port_id"] = np.where(is_buy, both["buy_port_id"], both["sell_port_id"])
    records["firm_id"] = directory.firms_of(records["port_id"])
    contra = np.where(is_buy, both["sell_port_id"], both["buy_port_id"])
    records["contra_firm_id"] = directory.firms_of(contra)
    is_maker = both["maker_side"] == records["side"]
    continuous = np.where(is_maker, Role.MAKER, Role.TAKER)
    records["role"] = np.where(both["maker_side"] == 0, Role.AUCTION, continuous)
    _check_instruments(records, directory)
    return records


def _check_instruments(records: Rows, directory: Directory) -> None:
    for instrument_id in np.unique(records["instrument_id"]).tolist():
        if instrument_id not in directory.instruments:
            first = int(np.flatnonzero(records["instrument_id"] == instrument_id)[0])
            raise JournalError(
                f"entry {int(records['seq'][first])} trades instrument {instrument_id}, "
                "which no InstrumentDefined defines",
                code="CLR-002",
                hint="read the exchange's journal from its first segment on",
            )


def _checked_clients(records: Rows, fills: Rows) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Return the client's number of each record's order, from the fills; both must agree.

    The same match and side stand in the same order in both, also when a day starts its match
    numbers again.
    """
    order = np.lexsort((records["seq"], records["side"], records["match_id"]))
    fills = fills[np.lexsort((fills["seq"], fills["side"], fills["match_id"]))]
    if len(fills) == len(records):
        ours = records[order]
        same = ours["port_id"] == fills["strategy_id"]
        for name in ("match_id", "side", "order_id", "instrument_id", "price_ticks", "qty_lots"):
            same &= ours[name] == fills[name]
        clients = np.zeros(len(records), np.uint64)
        clients[order] = fills["client_id"]
        if same.all():
            return clients
        at = int(np.flatnonzero(~same)[0])
        what = f"entry {int(ours['seq'][at])} (a trade) and entry {int(fills['seq'][at])} (a fill)"
        found = f"{what} should say the same of match {int(ours['match_id'][at])}, and differ"
    else:
        found = (
            f"expected two fills for each trade, found {len(fills)} for {len(records) // 2} trades"
        )
    raise JournalError(
        found,
        code="CLR-004",
        hint="`onetape replay` says whether the journal is what the exchange would write",
    )


def _reversals(records: Rows, breaks: Rows, directory: Directory) -> Rows:
    """Return the records of trade breaks, and mark in `records` the trades that were broken.

    A break belongs to the day it happens on: the files of a day that is over do not change, but
    for the mark.
    """
    order = np.argsort(records["match_id"][::2], kind="stable")
    matches = records["match_id"][::2][order]
    parts = [np.empty(0, RECORD)]
    days = directory.days_of(breaks["seq"])
    for broken, day in zip(breaks, days.tolist(), strict=True):
        at = _trade_of(records, order, matches, broken)
        records["broken_seq"][at : at + 2] = broken["seq"]
        pair = records[at : at + 2].copy()
        pair["seq"], pair["ts_ns"], pair["day"], pair["sign"] = (
            broken["seq"], broken["ts_ns"], day, -1,
        )  # fmt: skip
        parts.append(pair)
    whole: Rows = np.concatenate(parts)
    return whole


def _trade_of(records: Rows, order: Ints, matches: np.ndarray[Any, Any], broken: np.void) -> int:
    """Return where the two records of a broken match begin: the last trade before with its number.

    Raises:
        JournalError: If there is none, or it says something else, or it was broken before.
    """
    first = np.searchsorted(matches, broken["match_id"], side="left")
    last = np.searchsorted(matches, broken["match_id"], side="right")
    where = [2 * int(i) for i in order[first:last] if records["seq"][2 * i] < broken["seq"]]
    said = f"entry {int(broken['seq'])} breaks match {int(broken['match_id'])}"
    problem = "which no trade before it has"
    if where:
        trade = records[where[-1]]
        if trade["broken_seq"]:
            problem = f"which entry {int(trade['broken_seq'])} broke already"
        elif any(trade[n] != broken[n] for n in ("price_ticks", "qty_lots", "instrument_id")):
            problem = f"and says another price or quantity of it than entry {int(trade['seq'])}"
        else:
            return where[-1]
    raise JournalError(
        f"{said}, {problem}",
        code="CLR-005",
        hint="`onetape replay` says whether the journal is what the exchange would write",
    )
