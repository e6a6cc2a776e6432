# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What the rules look at: every order's life and every trade, as columns.

Ten million entries are a few hundred megabytes here; nothing is a Python object until an alert is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from onetape.events import (
    Event,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderMessageReceived,
    OrderReplaced,
    OrderRestated,
    OrderType,
    PhaseChanged,
    TradeExecuted,
)
from onetape.exchange.directory import Directory, Ints, read_directory
from onetape.journal import Journal
from onetape.wire.shown import shown_lots

Columns = dict[str, np.ndarray[Any, Any]]

#: How an order ended, where no CancelReason says so.
ENDED_NOT, ENDED_REPLACED, ENDED_RESTATED, ENDED_FILLED = 0, 1_001, 1_002, 1_003

_PRICED = np.array([OrderType.LIMIT, OrderType.STOP_LIMIT])


@dataclass(frozen=True)
class Tape:
    """The day, or days, of a journal as columns.

    Attributes:
        directory: Firms, ports, instruments, days.
        journal: Where it comes from.
    """

    directory: Directory
    journal: Journal

    @cached_property
    def trades(self) -> Columns:
        """Trades by entry: `seq ts_ns price_ticks qty_lots buy_firm sell_firm …`."""
        rows = self._columns(
            TradeExecuted,
            ("seq", "ts_ns", "price_ticks", "qty_lots", "buy_port_id", "sell_port_id",
             "buy_order_id", "sell_order_id", "instrument_id", "maker_side", "phase"),
        )  # fmt: skip
        for side in ("buy", "sell"):
            rows[f"{side}_firm"] = self.directory.firms_of(rows[f"{side}_port_id"])
        rows["day"] = self.directory.days_of(rows["seq"])
        rows["qty_lots"] = rows["qty_lots"].astype(np.int64)
        return rows

    @cached_property
    def fills(self) -> Columns:
        """Fills by entry: `seq ts_ns order_id qty_lots leaves_lots port firm side day`."""
        rows = self._columns(
            OrderFilled,
            ("seq", "ts_ns", "cause_seq", "order_id", "qty_lots", "leaves_lots", "strategy_id",
             "instrument_id", "side"),
        )  # fmt: skip
        return self._owned(rows)

    @cached_property
    def cancels(self) -> Columns:
        """Cancels by entry, whole and partial."""
        names = (
            "seq",
            "ts_ns",
            "order_id",
            "leaves_lots",
            "strategy_id",
            "instrument_id",
            "reason",
        )
        return self._owned(self._columns(OrderCanceled, names))

    @cached_property
    def replaces(self) -> Columns:
        """Replacements by entry."""
        names = ("seq", "ts_ns", "cause_seq", "old_order_id", "order_id", "price_ticks",
                 "qty_lots", "strategy_id", "instrument_id")  # fmt: skip
        return self._owned(self._columns(OrderReplaced, names))

    @cached_property
    def accepted(self) -> Columns:
        """Accepted orders by entry."""
        names = ("seq", "ts_ns", "order_id", "price_ticks", "qty_lots", "strategy_id",
                 "instrument_id", "side", "order_type", "cause_seq")  # fmt: skip
        return self._owned(self._columns(OrderAccepted, names))

    @cached_property
    def phases(self) -> Columns:
        """Changes of phase by entry."""
        rows = self._columns(PhaseChanged, ("seq", "ts_ns", "instrument_id", "phase", "was"))
        rows["day"] = self.directory.days_of(rows["seq"])
        return rows

    @cached_property
    def orders(self) -> Columns:
        """Every order id's life, by id.

        `seq ts_ns` of its birth; `end_seq end_ts_ns ended` of its end (a CancelReason, or ENDED_…;
        0 while it lives); `firm port instrument_id side price_ticks qty_lots filled_lots`;
        `next_price_ticks`: the price of what replaced it, else 0; `asked_seq`: the client's message
        that asked for it, 0 where the market made it; `is_priced`: it may be displayed.
        """
        return _lives(self._born(), self.fills, self.cancels, self._handed_on())

    def are_displayed(self, orders: Ints) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return which orders others could see, as the clients' own messages say.

        Args:
            orders: Places in `orders`; each costs a look into the journal, so few of them.
        """
        found = np.ones(len(orders), bool)
        for at, place in enumerate(orders.tolist()):
            asked = int(self.orders["asked_seq"][place])
            lots = int(self.orders["qty_lots"][place])
            for entry in self.journal.entries(start=asked, end=asked + 1) if asked else ():
                if isinstance(event := entry.event, OrderMessageReceived):
                    found[at] = shown_lots(event.format, event.tail, lots) > 0
        return found

    def _born(self) -> Columns:
        restated = self._restated
        first, later = self.accepted, self.replaces
        names = ("seq", "ts_ns", "order_id", "price_ticks", "qty_lots", "port", "firm",
                 "instrument_id", "day")  # fmt: skip
        whole = {n: np.concatenate([first[n], later[n], restated[n]]) for n in names}
        none = np.zeros(len(later["seq"]), np.uint8)
        whole["side"] = np.concatenate([first["side"], none, restated["side"]])
        is_priced = np.isin(first["order_type"], _PRICED)
        is_shown = restated["displayed_lots"] != 0
        whole["is_priced"] = np.concatenate([is_priced, none == 0, is_shown])
        nothing = [np.zeros(len(x["seq"]), np.uint64) for x in (first, restated)]
        whole["parent_id"] = np.concatenate([nothing[0], later["old_order_id"], nothing[1]])
        # What caused a restatement is another order's message: it says nothing of this one.
        whole["asked_seq"] = np.concatenate([first["cause_seq"], later["cause_seq"], nothing[1]])
        order = np.argsort(whole["order_id"], kind="stable")
        fresh = np.ones(len(order), bool)
        ids = whole["order_id"][order]
        fresh[1:] = ids[1:] != ids[:-1]
        return {name: column[order[fresh]] for name, column in whole.items()}

    @cached_property
    def _restated(self) -> Columns:
        names = ("seq", "ts_ns", "old_order_id", "order_id", "price_ticks", "qty_lots",
                 "displayed_lots", "strategy_id", "instrument_id", "side")  # fmt: skip
        return self._owned(self._columns(OrderRestated, names))

    def _handed_on(self) -> Columns:
        names = ("seq", "ts_ns", "old_order_id", "price_ticks")
        both = (self.replaces, self._restated)
        whole = {n: np.concatenate([x[n] for x in both]) for n in names}
        kinds = (ENDED_REPLACED, ENDED_RESTATED)
        ended = [np.full(len(x["seq"]), k) for x, k in zip(both, kinds, strict=True)]
        whole["ended"] = np.concatenate(ended)
        return whole

    def _owned(self, rows: Columns) -> Columns:
        rows["port"] = rows.pop("strategy_id")
        rows["firm"] = self.directory.firms_of(rows["port"])
        rows["day"] = self.directory.days_of(rows["seq"])
        if "qty_lots" in rows:
            rows["qty_lots"] = rows["qty_lots"].astype(np.int64)
        return rows

    def _columns(self, kind: type[Event], names: tuple[str, ...]) -> Columns:
        """Read some columns of a kind, without keeping the others."""
        parts: dict[str, list[np.ndarray[Any, Any]]] = {name: [] for name in names}
        for rows, _tails in self.journal.batches(kind, end=self.directory.end):
            for name in names:
                parts[name].append(rows[name].copy())
        empty = kind.DTYPE
        return {
            name: np.concatenate(found) if found else _nothing(empty, name)
            for name, found in parts.items()
        }


def _nothing(dtype: np.dtype[np.void], name: str) -> np.ndarray[Any, Any]:
    names = dtype.names or ()
    return np.empty(0, dtype[name] if name in names else "u8" if name == "seq" else "i8")


def _lives(born: Columns, fills: Columns, cancels: Columns, handed_on: Columns) -> Columns:
    ids, count = born["order_id"], len(born["order_id"])
    born["side"] = _sides(born)
    born["filled_lots"] = np.zeros(count, np.int64)
    for name, dtype in (("end_seq", np.uint64), ("end_ts_ns", np.int64), ("ended", np.int64)):
        born[name] = np.zeros(count, dtype)
    born["next_price_ticks"] = np.zeros(count, np.int64)
    where, known = places(ids, fills["order_id"])
    np.add.at(born["filled_lots"], where[known], fills["qty_lots"][known])
    done = known & (fills["leaves_lots"] == 0)
    _end(born, where[done], fills["seq"][done], fills["ts_ns"][done], ENDED_FILLED)
    where, known = places(ids, handed_on["old_order_id"])
    chosen = where[known]
    born["next_price_ticks"][chosen] = handed_on["price_ticks"][known]
    ended = handed_on["ended"][known]
    _end(born, chosen, handed_on["seq"][known], handed_on["ts_ns"][known], ended)
    where, known = places(ids, cancels["order_id"])
    known &= cancels["leaves_lots"] == 0
    reasons = cancels["reason"][known].astype(np.int64)
    _end(born, where[known], cancels["seq"][known], cancels["ts_ns"][known], reasons)
    return born


def _end(
    born: Columns,
    where: Ints,
    seqs: np.ndarray[Any, Any],
    times: np.ndarray[Any, Any],
    ended: Ints | int,
) -> None:
    born["end_seq"][where] = seqs
    born["end_ts_ns"][where] = times
    born["ended"][where] = ended


def places(ids: np.ndarray[Any, Any], wanted: np.ndarray[Any, Any]) -> tuple[Ints, Any]:
    """Return where `wanted` stand in the sorted `ids`, and which of them stand there at all."""
    where = np.searchsorted(ids, wanted)
    inside = np.minimum(where, max(len(ids) - 1, 0))
    known = ids[inside] == wanted if len(ids) else np.zeros(len(wanted), bool)
    return inside, known


def _sides(born: Columns) -> np.ndarray[Any, Any]:
    """Return the side of every order; a replacement has that of what it replaced.

    A maker's chain of replacements may be as long as the day: each step follows twice as far.
    """
    own = np.arange(len(born["order_id"]))
    before, known = places(born["order_id"], born["parent_id"])
    root = np.where(known & (born["parent_id"] != 0), before, own)
    while True:
        further = root[root]
        if (further == root).all():
            sides: np.ndarray[Any, Any] = born["side"][root]
            return sides
        root = further


def read_tape(journal: Journal) -> Tape:
    """Open a journal for the rules; columns are read when a rule first asks for them.

    Raises:
        JournalError: If it is not the journal of an exchange.
    """
    return Tape(read_directory(journal), journal)
