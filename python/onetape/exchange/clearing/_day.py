# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The clearing of a journal: its days, each with records, positions and what each firm owes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import msgspec
import numpy as np

from onetape.errors import ConfigError
from onetape.exchange.clearing._money import Whole, fees, money_scale, notionals
from onetape.exchange.clearing._positions import Position, positions_by_day
from onetape.exchange.clearing._records import read_records
from onetape.exchange.clearing.config import FeesConfig
from onetape.exchange.directory import Day, Directory, Rows, read_directory
from onetape.journal import Journal


class FirmTotal(msgspec.Struct, frozen=True, kw_only=True):
    """What a firm did on a day, in one currency. Money as in `Position`.

    Attributes:
        firm: Its short name.
        name: Its full name.
        currency: The currency.
        trades: Sides of trades that still stand.
        broken: Sides of trades that were broken.
        instruments_open: Instruments with a position at the end of the day.
        lots: Bought and sold.
        maker_lots: Of these, rested.
        taker_lots: Of these, took; the others were traded in auctions.
        cash: Sales less purchases.
        fee: Fees; below zero is a rebate.
        net_cash: Cash less fees: what the firm is owed.
    """

    firm: str
    name: str
    currency: str
    trades: int
    broken: int
    instruments_open: int
    lots: int
    maker_lots: int
    taker_lots: int
    cash: int
    fee: int
    net_cash: int


@dataclass(frozen=True)
class ClearedDay:
    """One day.

    Attributes:
        day: Which.
        records: Clearing records, one a side, by entry.
        notionals: Their worth, in 10^-`scale` of the currency.
        fees: Their fees, in the same.
        positions: By firm and instrument.
        firms: Totals by firm and currency.
        scale: Decimal places of money.
    """

    day: Day
    records: Rows
    notionals: Whole
    fees: Whole
    positions: list[Position]
    firms: list[FirmTotal]
    scale: int


@dataclass(frozen=True)
class Clearing:
    """What a journal's trades come to.

    Attributes:
        directory: Firms, ports, instruments, days.
        days: One for each day of the journal.
        scale: Decimal places of money: 9 or 18.
    """

    directory: Directory
    days: list[ClearedDay]
    scale: int

    def write(
        self,
        folder: str | PathLike[str],
        *,
        dates: Collection[int] = (),
        formats: Iterable[str] = ("csv", "parquet"),
    ) -> list[Path]:
        """Write the files of the days: FOLDER/DATE/…, and FOLDER/DATE/FIRM/… for each firm.

        Args:
            folder: Made if need be.
            dates: Which days, as yyyymmdd; empty for all.
            formats: `csv`, `parquet`, or both.

        Returns:
            The files.

        Raises:
            ConfigError: If a day is not in the journal, or a format is unknown.
        """
        from onetape.exchange.clearing._tables import write_day  # noqa: PLC0415 - Arrow is slow

        chosen = list(formats)
        if unknown := [f for f in chosen if f not in {"csv", "parquet"}]:
            raise ConfigError(
                f"expected format csv or parquet, found {unknown[0]!r}",
                code="CLR-009",
                hint="name one of the two, or both",
            )
        written: list[Path] = []
        for day in self.select(dates):
            written += write_day(day, self.directory, Path(folder), chosen)  # type: ignore[arg-type]
        return written

    def select(self, dates: Collection[int] = ()) -> list[ClearedDay]:
        """Return the days with these dates (yyyymmdd); all when none is given.

        Raises:
            ConfigError: If a date is not in the journal.
        """
        there = {day.day.date for day in self.days}
        if missing := sorted(set(dates) - there):
            held = ", ".join(str(date) for date in sorted(there))
            raise ConfigError(
                f"the journal has no day {missing[0]}",
                code="CLR-010",
                hint=f"it has: {held}",
            )
        return [day for day in self.days if not dates or day.day.date in dates]


def clear(journal: Journal, config: FeesConfig | None = None) -> Clearing:
    """Make the clearing records, positions and fees of every day of an exchange's journal.

    A journal that is still being written is read up to its last input.

    Args:
        journal: The exchange's journal.
        config: The fee schedule; None: nobody pays.

    Raises:
        JournalError: If it is not an exchange's, or does not reconcile.
        JournalCorruptError: If an entry is damaged.
        ConversionError: If an amount has no exact value in 10^-18 currency.
    """
    schedule = config or FeesConfig()
    directory = read_directory(journal)
    _check_names(schedule, directory)
    records = read_records(journal, directory)
    scale = money_scale(list(directory.instruments.values()))
    worth = notionals(records, directory, scale)
    paid = fees(records, worth, directory, schedule, scale)
    positions = positions_by_day(records, worth, paid, directory)
    days = []
    for index, (day, rows) in enumerate(zip(directory.days, positions, strict=True)):
        where = np.flatnonzero(records["day"] == index)
        totals = _totals(rows, directory)
        days.append(ClearedDay(day, records[where], worth[where], paid[where], rows, totals, scale))
    return Clearing(directory, days, scale)


def _check_names(schedule: FeesConfig, directory: Directory) -> None:
    """Refuse a schedule that names a firm or an instrument that is not there: a misspelt one."""
    known = {
        "firms": {firm.mpid for firm in directory.firms.values()},
        "instruments": {i.symbol for i in directory.instruments.values()},
    }
    for word, there in known.items():
        if lost := sorted(set(getattr(schedule, word)) - there):
            raise ConfigError(
                f"fees.{word}.{lost[0]}: the journal has no such name",
                code="CLR-011",
                hint=f"it has: {', '.join(sorted(there)) or 'none'}",
            )


def _totals(rows: list[Position], directory: Directory) -> list[FirmTotal]:
    cells: dict[tuple[int, str], list[Position]] = {}
    for row in rows:
        currency = directory.instruments[row.instrument_id].currency
        cells.setdefault((row.firm_id, currency), []).append(row)
    return [
        FirmTotal(
            firm=directory.mpid(firm_id),
            name=directory.firms[firm_id].name if firm_id in directory.firms else "",
            currency=currency,
            trades=sum(r.trades for r in mine),
            broken=sum(r.broken for r in mine),
            instruments_open=sum(r.end_lots != 0 for r in mine),
            lots=sum(r.bought_lots + r.sold_lots for r in mine),
            maker_lots=sum(r.maker_lots for r in mine),
            taker_lots=sum(r.taker_lots for r in mine),
            cash=sum(r.cash for r in mine),
            fee=sum(r.fee for r in mine),
            net_cash=sum(r.cash - r.fee for r in mine),
        )
        for (firm_id, currency), mine in sorted(cells.items())
    ]
