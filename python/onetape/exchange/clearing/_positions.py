# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Positions, cash and fees by firm and instrument, day by day, and the sums that must be zero."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from onetape.errors import JournalError
from onetape.events import Side
from onetape.exchange.clearing._money import Whole
from onetape.exchange.clearing._records import Role
from onetape.exchange.directory import Directory, Rows, runs


class Position(msgspec.Struct, kw_only=True):
    """A firm's day in an instrument. Broken trades are taken back on the day of the break.

    Money is in whole numbers of 10^-9 or 10^-18 of the currency, see `Clearing.scale`.

    Attributes:
        firm_id: The firm.
        instrument_id: The instrument.
        trades: Sides of trades of the day that still stand.
        broken: Sides of trades that were broken on the day, of this day or an earlier one.
        start_lots: Signed position at the start of the day.
        bought_lots: Bought on the day, less what was broken.
        sold_lots: Sold on the day, less what was broken.
        end_lots: Signed position at the end of the day.
        maker_lots: Of what was bought and sold, how much rested.
        taker_lots: How much took.
        auction_lots: How much was traded in auctions.
        cash: Sales less purchases of the day, before fees.
        fee: Fees of the day; below zero is a rebate.
    """

    firm_id: int
    instrument_id: int
    trades: int = 0
    broken: int = 0
    start_lots: int = 0
    bought_lots: int = 0
    sold_lots: int = 0
    end_lots: int = 0
    maker_lots: int = 0
    taker_lots: int = 0
    auction_lots: int = 0
    cash: int = 0
    fee: int = 0


def positions_by_day(
    records: Rows, worth: Whole, paid: Whole, directory: Directory
) -> list[list[Position]]:
    """Return the positions of every day, by firm and instrument; an open one is carried over.

    Args:
        records: Clearing records.
        worth: Their notionals.
        paid: Their fees.
        directory: Days, firms and instruments.

    Raises:
        JournalError: If the sums over all firms are not what they must be.
    """
    order = np.lexsort((records["instrument_id"], records["firm_id"], records["day"]))
    cells = _cells(records[order], worth[order], paid[order])
    days: list[list[Position]] = []
    carried: dict[tuple[int, int], int] = {}
    for day in range(len(directory.days)):
        rows = cells.get(day, {})
        for key, lots in carried.items():
            if lots and key not in rows:
                rows[key] = Position(firm_id=key[0], instrument_id=key[1])
        for key, row in rows.items():
            row.start_lots = carried.get(key, 0)
            row.end_lots = row.start_lots + row.bought_lots - row.sold_lots
            carried[key] = row.end_lots
        days.append([rows[key] for key in sorted(rows)])
        _check(days[-1], directory, day)
    return days


def _cells(records: Rows, worth: Whole, paid: Whole) -> dict[int, dict[tuple[int, int], Position]]:
    """Sum sorted records by day, firm and instrument."""
    found: dict[int, dict[tuple[int, int], Position]] = {}
    keys = np.zeros((len(records), 3), np.int64)
    for place, name in enumerate(("day", "firm_id", "instrument_id")):
        keys[:, place] = records[name]
    changed = (keys[1:] != keys[:-1]).any(axis=1).cumsum() if len(keys) else np.empty(0, int)
    for start, end in runs(np.concatenate([[0], changed]) if len(keys) else changed):
        day, firm_id, instrument_id = keys[start].tolist()
        part = slice(start, end)
        found.setdefault(day, {})[firm_id, instrument_id] = _sum(
            firm_id, instrument_id, records[part], worth[part], paid[part]
        )
    return found


def _sum(firm_id: int, instrument_id: int, records: Rows, worth: Whole, paid: Whole) -> Position:
    sign = records["sign"].astype(np.int64)
    # Python's numbers: a sum of quantities may be above what fits in 64 bits.
    lots = records["qty_lots"].astype(object) * sign
    buys = records["side"] == Side.BUY

    def total(values: np.ndarray[Any, Any], where: np.ndarray[Any, Any]) -> int:
        return int(values[where].sum())

    return Position(
        firm_id=firm_id,
        instrument_id=instrument_id,
        trades=int(sign.sum()),
        broken=int((sign < 0).sum()),
        bought_lots=total(lots, buys),
        sold_lots=total(lots, ~buys),
        maker_lots=total(lots, records["role"] == Role.MAKER),
        taker_lots=total(lots, records["role"] == Role.TAKER),
        auction_lots=total(lots, records["role"] == Role.AUCTION),
        cash=total(worth * sign, ~buys) - total(worth * sign, buys),
        fee=int(paid.sum()),
    )


def _check(rows: list[Position], directory: Directory, day: int) -> None:
    """Raise unless positions and cash, summed over the firms, are zero in each instrument."""
    sums: dict[int, list[int]] = {}
    for row in rows:
        total = sums.setdefault(row.instrument_id, [0, 0])
        total[0] += row.end_lots
        total[1] += row.cash
    for instrument_id, (lots, cash) in sums.items():
        if lots or cash:
            raise JournalError(
                f"{directory.days[day].text}, {directory.symbol(instrument_id)}: over all firms, "
                f"expected positions and cash of 0, found {lots} lots and {cash}",
                code="CLR-007",
                hint="keep the journal: this is a fault of the exchange or of the clearing",
            )
