# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Who and what an exchange's journal names: firms, ports, instruments and days.

What reads the journal after the trade (clearing, surveillance) turns its numbers into names here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from onetape.errors import JournalError
from onetape.events import DayStarted, FirmDefined, InstrumentDefined, PortDefined
from onetape.journal import Journal

Ints = np.ndarray[Any, np.dtype[np.int64]]
Rows = np.ndarray[Any, np.dtype[np.void]]


@dataclass(frozen=True)
class Firm:
    """A member of the exchange.

    Attributes:
        id: Its id, from 1.
        mpid: Its four-letter name.
        name: Its full name.
    """

    id: int
    mpid: str
    name: str


@dataclass(frozen=True)
class Port:
    """A port of a firm.

    Attributes:
        id: Its id, from 1.
        firm_id: Whose.
        username: The name it logs in with.
    """

    id: int
    firm_id: int
    username: str


@dataclass(frozen=True)
class Traded:
    """An instrument as the journal defines it.

    Attributes:
        id: Its id, from 1.
        symbol: Its symbol.
        currency: ISO 4217 code or coin.
        tick_e9: Worth of one tick, in 10^-9 of the currency.
        lot_e9: Size of one lot, in 10^-9 units.
        multiplier_e9: Contract multiplier, in 10^-9.
    """

    id: int
    symbol: str
    currency: str
    tick_e9: int
    lot_e9: int
    multiplier_e9: int

    @property
    def ticklot_e27(self) -> int:
        """Worth of one tick times one lot, in 10^-27 of the currency; exact."""
        return self.tick_e9 * self.lot_e9 * self.multiplier_e9


@dataclass(frozen=True)
class Day:
    """A trading day.

    Attributes:
        date: The day, as yyyymmdd.
        seq: The entry it started with.
        ts_ns: When, in nanoseconds since the Unix epoch.
    """

    date: int
    seq: int
    ts_ns: int

    @property
    def text(self) -> str:
        """The day as 2026-11-21."""
        return f"{self.date // 10_000:04}-{self.date // 100 % 100:02}-{self.date % 100:02}"


@dataclass(frozen=True)
class Directory:
    """Firms, ports, instruments and days of an exchange's journal.

    Attributes:
        firms: By id.
        ports: By id.
        instruments: By id.
        days: In order.
        end: The reading ends before this entry: a journal still being written may hold only some
            of what followed from its last input.
    """

    firms: dict[int, Firm] = field(default_factory=dict)
    ports: dict[int, Port] = field(default_factory=dict)
    instruments: dict[int, Traded] = field(default_factory=dict)
    days: list[Day] = field(default_factory=list)
    end: int = 0

    def firms_of(self, ports: np.ndarray[Any, Any]) -> Ints:
        """Return the firms of ports.

        Args:
            ports: Ids of ports, shape (n,).

        Raises:
            JournalError: If a port was not defined.
        """
        table = np.zeros(max(self.ports, default=0) + 2, np.int64)
        for port in self.ports.values():
            table[port.id] = port.firm_id
        firms: Ints = table[np.minimum(ports, len(table) - 1).astype(np.int64)]
        if len(firms) and not firms.all():
            lost = int(ports[np.flatnonzero(firms == 0)[0]])
            raise JournalError(
                f"an entry names port {lost}, which no PortDefined defines",
                code="CLR-002",
                hint="read the exchange's journal from its first segment on",
            )
        return firms

    def days_of(self, seqs: np.ndarray[Any, Any]) -> Ints:
        """Return the index in `days` of the day that each entry belongs to.

        Args:
            seqs: Sequence numbers, shape (n,).

        Raises:
            JournalError: If an entry stands before the first day.
        """
        starts = np.array([day.seq for day in self.days], np.uint64)
        found: Ints = np.searchsorted(starts, seqs, side="right").astype(np.int64) - 1
        if len(found) and found.min() < 0:
            raise JournalError(
                f"entry {int(seqs[int(found.argmin())])} stands before the first DayStarted",
                code="CLR-001",
                hint="give the journal of an exchange; `onetape journal info` says what it holds",
            )
        return found

    def mpid(self, firm_id: int) -> str:
        """Return a firm's short name; its number when it has none."""
        firm = self.firms.get(firm_id)
        return firm.mpid if firm else str(firm_id)

    def symbol(self, instrument_id: int) -> str:
        """Return an instrument's symbol; its number when it has none."""
        found = self.instruments.get(instrument_id)
        return found.symbol if found else str(instrument_id)


def read_directory(journal: Journal) -> Directory:
    """Read who and what a journal names, up to the last input whose outputs are whole.

    Raises:
        JournalError: If it is not the journal of an exchange, or a port changes its firm.
        JournalCorruptError: If an entry is damaged.
    """
    found = Directory(end=_whole_end(journal))
    for entry in journal.entries(
        end=found.end,
        kinds=[FirmDefined.KIND, PortDefined.KIND, InstrumentDefined.KIND, DayStarted.KIND],
    ):
        match entry.event:
            case FirmDefined() as event:
                mpid = _text(event.mpid)
                found.firms[event.firm_id] = Firm(event.firm_id, mpid, event.tail.decode())
            case PortDefined() as event:
                _take_port(found, entry.seq, event)
            case InstrumentDefined() as event:
                found.instruments[event.instrument_id] = _traded(event)
            case DayStarted() as event:
                found.days.append(Day(event.date, entry.seq, entry.ts_ns))
            case _:
                pass  # Another version of the layout.
    if not found.days:
        raise JournalError(
            f"{journal.path}: expected the journal of an exchange, found no DayStarted in it",
            code="CLR-001",
            hint="give the journal of an exchange; `onetape journal info` says what it holds",
        )
    return found


def firm_pairs(first: Ints, second: Ints) -> Ints:
    """Return one number for each unordered pair of ids below 2^31."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    return (low << 31) | high


def runs(keys: np.ndarray[Any, Any]) -> Iterator[tuple[int, int]]:
    """Yield start and end of each run of equal keys; `keys` are sorted.

    Examples:
        >>> list(runs(np.array([4, 4, 7])))
        [(0, 2), (2, 3)]
    """
    if len(keys):
        cuts = np.flatnonzero(keys[1:] != keys[:-1]) + 1
        yield from zip([0, *cuts.tolist()], [*cuts.tolist(), len(keys)], strict=True)


def _take_port(found: Directory, seq: int, event: PortDefined) -> None:
    was = found.ports.get(event.port_id)
    if was and was.firm_id != event.firm_id:
        raise JournalError(
            f"entry {seq}: port {event.port_id} belongs to firm {was.firm_id}, "
            f"and is defined for firm {event.firm_id}",
            code="CLR-003",
            hint="give the new firm a port with a number of its own",
        )
    found.ports[event.port_id] = Port(event.port_id, event.firm_id, event.tail.decode())


def _traded(event: InstrumentDefined) -> Traded:
    return Traded(
        id=event.instrument_id,
        symbol=_text(event.symbol),
        currency=_text(event.currency),
        tick_e9=event.tick_e9,
        lot_e9=event.lot_e9,
        multiplier_e9=event.multiplier_e9,
    )


def _text(padded: bytes) -> str:
    return padded.rstrip(b"\0").decode("latin-1").strip()


def _whole_end(journal: Journal) -> int:
    """Return the entry before which every input has all its outputs."""
    last = journal.info()
    open_segments = [s for s in last.segments if s.state == "unsealed" and s.first_seq]
    if not open_segments:
        return last.last_seq + 1
    end = last.last_seq + 1
    for entry in journal.entries(start=open_segments[0].first_seq or 1, end=end):
        if entry.source != 0:
            end = entry.seq
    return end
