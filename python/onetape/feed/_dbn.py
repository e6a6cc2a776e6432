# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Databento DBN, versions 1 to 3, and DBZ: market by order.

The header is read by `databento_dbn`, the records as columns of its own layout. A file is read
twice: first for its instruments and their ticks (the largest unit of at most a cent that divides
every price), then for a run. Source: Databento, "Databento Binary Encoding" and "MBO schema".

An execution stands in DBN as a fill, which does not change the book, and a cancel, which does: the
two become one update where they belong to one event. What is left of trades and fills is told as
trades, once each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import databento_dbn as dbn
import numpy as np
from numpy.typing import NDArray

from onetape._native import MarketSource
from onetape.errors import DecodeError
from onetape.events import InstrumentDefined, MarketAction, Side
from onetape.feed._container import Container, Reader, is_dbz
from onetape.feed._records import (
    SYMBOL_BYTES_MAX,
    UNIT_E9,
    Chunk,
    Definition,
    as_bytes,
    definitions,
    empty,
)
from onetape.feed._source import Source

FORMAT = "dbn"
_HEADER_BYTES = 8
_MBO_RTYPE = 0xA0
_CHUNK_RECORDS = 1 << 17
_GROUP_RECORDS_MAX = 1 << 20
_CENT_E9 = 10_000_000
_PRICES_ENOUGH = 16
_RECORD = np.dtype([(name, "<" + kind) for name, kind in dbn.MBOMsg._dtypes])
_FIELDS = list(_RECORD.names or ())
_RECORD_OUT = np.dtype([*_RECORD.descr, ("ts_out", "<u8")])
_ACTIONS = {
    "A": MarketAction.ADD,
    "C": MarketAction.REDUCE,
    "M": MarketAction.SET,
    "R": MarketAction.CLEAR,
    "T": MarketAction.TRADE,
    "F": MarketAction.TRADE,
}


def _by_letter(values: Mapping[str, int]) -> NDArray[np.uint8]:
    """Return a table from a letter's number to a value, 0 where none is given."""
    table = np.zeros(256, np.uint8)
    for letter, value in values.items():
        table[ord(letter)] = value
    return table


_ACTION_OF = _by_letter(_ACTIONS)
_SIDE_OF = _by_letter({"B": Side.BUY, "A": Side.SELL})
# A trade's side is the aggressor's; the order that rested is on the other one.
_SIDE_OF_TRADE = _by_letter({"B": Side.SELL, "A": Side.BUY})
_IS_PRICED = _by_letter(dict.fromkeys("AMTF", 1)).astype(bool)
_WANTS_SIDE = _by_letter(dict.fromkeys("AM", 1)).astype(bool)
_CANCEL, _FILL, _TRADE = (ord(letter) for letter in "CFT")

Records = NDArray[np.void]


def open_dbn(container: Container) -> Source:
    """Open market by order as a source.

    Raises:
        DecodeError: If the header cannot be read, or the records are of another schema.
    """
    file = _File(container)
    survey = _Survey()
    for records, _ in file.records(torn_is_error=False):
        survey.take(records)
    if not survey.prices:
        raise DecodeError(
            f"{container}: no order in it: 0 records of market by order",
            code="SRC-007",
            hint="ask for the schema mbo over a span that has data",
        )
    instruments, entries = survey.define(file.symbols())
    with container.open() as reader:
        bytes_total = reader.bytes_total
    shown = ", ".join(i.symbol.decode() for i in instruments[:5])
    more = f" and {len(instruments) - 5} more" if len(instruments) > 5 else ""  # noqa: PLR2004
    return Source(
        native=MarketSource.records(entries, _chunks(file, instruments), bytes_total=bytes_total),
        format=FORMAT,
        description=f"Databento DBN, {file.metadata.dataset}, market by order of {shown}{more}",
        instruments=instruments,
    )


class _File:
    """A DBN or DBZ file: its metadata, and its records in arrays."""

    def __init__(self, container: Container) -> None:
        self.container = container
        with container.path.open("rb") as raw:
            magic = raw.read(_HEADER_BYTES + 4)
            self.is_dbz = is_dbz(magic)
            if self.is_dbz:
                raw.seek(0)
                head = raw.read(_HEADER_BYTES + int.from_bytes(magic[4:8], "little"))
        if not self.is_dbz:
            with container.open() as reader:
                head = _read_header(reader)
        self.header_bytes = 0 if self.is_dbz else len(head)
        try:
            self.metadata = dbn.Metadata.decode(head)
        except (dbn.DBNError, ValueError) as err:
            raise DecodeError(
                f"{container}: the DBN header cannot be read: {err}",
                code="SRC-007",
                hint="get the file again; files without a header (.frag) are not read",
            ) from err
        schema = self.metadata.schema
        if schema is not None and schema != dbn.Schema.MBO:
            raise DecodeError(
                f"{container}: expected the schema mbo (market by order), found {schema}",
                code="SRC-007",
                hint="ask Databento for the same span with schema mbo",
            )

    def open(self) -> Reader:
        """Open the records: what follows the header."""
        codec = "zstd" if self.is_dbz else self.container.codec
        reader = replace(self.container, codec=codec).open()
        reader.read(self.header_bytes)
        return reader

    def records(self, *, torn_is_error: bool = True) -> Iterator[tuple[Records, int]]:
        """Yield arrays of records and the bytes of the file done; each ends with a whole event.

        Raises:
            DecodeError: If the file ends inside a record, after all before it.
        """
        width = _RECORD.itemsize + (8 if self.metadata.ts_out else 0)
        at, rest, carried = self.header_bytes, b"", np.empty(0, _RECORD)
        with self.open() as reader:
            while part := reader.read(_CHUNK_RECORDS * width):
                data = rest + part if rest else part
                records, used = self._parse(data, width)
                rest = data[used:]
                at += used
                together = np.concatenate([carried, records]) if len(carried) else records
                cut = _last_whole_event(together)
                carried = together[cut:]
                yield together[:cut], reader.bytes_done
            if len(carried):
                yield carried, reader.bytes_done
        if rest and torn_is_error:
            raise DecodeError(
                f"{self.container}: byte {at}: the data ends inside a record, "
                f"{len(rest)} bytes are left over",
                code="SRC-007",
                hint="all before it was used; get the rest of the file if it matters",
            )

    def _parse(self, data: bytes, width: int) -> tuple[Records, int]:
        """Return the whole records at the front of `data`, and their bytes."""
        used = len(data) - len(data) % width
        records = np.frombuffer(
            memoryview(data)[:used], _RECORD_OUT if width > _RECORD.itemsize else _RECORD
        )
        if np.all((records["length"] == width // 4) & (records["rtype"] == _MBO_RTYPE)):
            return records if width == _RECORD.itemsize else _narrow(records), used
        return self._parse_mixed(data)

    def _parse_mixed(self, data: bytes) -> tuple[Records, int]:
        """As `_parse`, where other records (symbols, statistics, system) stand between."""
        parts, at = [], 0
        while at + 2 <= len(data) and at + (size := data[at] * 4) <= len(data):
            if size < 16:  # noqa: PLR2004 - the header that every record has
                raise DecodeError(
                    f"{self.container}: a record of {size} bytes: shorter than its header",
                    code="SRC-007",
                    hint="get the file again; files without a header (.frag) are not read",
                )
            if data[at + 1] == _MBO_RTYPE:
                parts.append(data[at : at + _RECORD.itemsize])
            at += size
        return np.frombuffer(b"".join(parts), _RECORD), at

    def symbols(self) -> dict[int, str]:
        """Return the symbol of each instrument that the metadata names."""
        out: dict[int, str] = {}
        for raw, intervals in self.metadata.mappings.items():
            for interval in intervals:
                symbol = str(interval["symbol"])
                if symbol.isdigit():
                    out[int(symbol)] = raw
                elif raw.isdigit():
                    out[int(raw)] = symbol
        return out


@dataclass
class _Survey:
    """What the first reading finds: instruments as they appear, and the units of their prices."""

    prices: dict[int, int] = field(default_factory=dict)
    distinct: dict[int, set[int]] = field(default_factory=dict)

    def take(self, records: Records) -> None:
        """Look at some records."""
        ids, first = np.unique(records["instrument_id"], return_index=True)
        for instrument in ids[np.argsort(first)].tolist():
            self.prices.setdefault(instrument, 0)
            self.distinct.setdefault(instrument, set())
        priced = records[records["price"] != dbn.UNDEF_PRICE]
        order = np.argsort(priced["instrument_id"], kind="stable")
        sorted_ids, prices = priced["instrument_id"][order], priced["price"][order]
        ids, starts = np.unique(sorted_ids, return_index=True)
        if not len(ids):
            return
        units = np.gcd.reduceat(np.abs(prices), starts)
        for instrument, unit, some in zip(
            ids.tolist(), units.tolist(), np.split(prices, starts[1:]), strict=True
        ):
            self.prices[instrument] = int(np.gcd(self.prices[instrument], unit))
            seen = self.distinct[instrument]
            if len(seen) < _PRICES_ENOUGH:
                seen.update(np.unique(some)[: _PRICES_ENOUGH + 1].tolist())

    def define(
        self, symbols: dict[int, str]
    ) -> tuple[tuple[InstrumentDefined, ...], list[Definition]]:
        """Return the instruments, numbered from 1 as they appeared, and their entries.

        The tick divides every price and a cent. The increment is the unit of all prices where
        enough of them are known to trust it, else one tick.
        """
        instruments, entries = [], []
        for number, (venue_code, unit) in enumerate(self.prices.items(), 1):
            tick_e9 = int(np.gcd(unit, _CENT_E9))
            symbol = symbols.get(venue_code, "")
            if not symbol or len(symbol.encode()) > SYMBOL_BYTES_MAX:
                symbol = f"#{venue_code}"
            instrument = InstrumentDefined(
                symbol=symbol.encode(),
                currency=b"USD",
                tick_e9=tick_e9,
                lot_e9=UNIT_E9,
                multiplier_e9=UNIT_E9,
                instrument_id=number,
                venue_code=venue_code,
            )
            trusted = len(self.distinct[venue_code]) >= _PRICES_ENOUGH
            increment = unit // tick_e9 if trusted else 1
            instruments.append(instrument)
            entries += definitions(instrument, [(0, max(increment, 1))])
        return tuple(instruments), entries


def _chunks(file: _File, instruments: tuple[InstrumentDefined, ...]) -> Iterator[Chunk]:
    codes = np.array([i.venue_code for i in instruments], np.uint32)
    order = np.argsort(codes)
    ticks = np.array([i.tick_e9 for i in instruments], np.int64)
    for records, bytes_done in file.records():
        place = order[np.searchsorted(codes[order], records["instrument_id"])]
        ts_ns, updates = _updates(records, place + 1, ticks[place])
        yield ts_ns, as_bytes(updates), bytes_done


def _updates(
    records: Records, instrument_ids: NDArray[np.int64], ticks: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.void]]:
    """Return records as updates, and their receive times."""
    out = empty(len(records))
    action, side = _letters(records["action"]), _letters(records["side"])
    out["action"] = _ACTION_OF[action]
    is_trade, is_fill = action == _TRADE, action == _FILL
    out["side"] = np.where(is_trade, _SIDE_OF_TRADE[side], _SIDE_OF[side])
    out["venue_ts_ns"] = records["ts_event"].astype(np.int64)
    out["instrument_id"] = instrument_ids
    out["order_ref"] = np.where(is_trade | is_fill, 0, records["order_id"])
    out["qty_lots"] = np.where(records["size"] == dbn.UNDEF_ORDER_SIZE, 0, records["size"])
    is_priced = (records["price"] != dbn.UNDEF_PRICE) & _IS_PRICED[action]
    out["price_ticks"] = np.where(is_priced, records["price"] // ticks, 0)
    keep = (out["action"] > 0) & ~(_WANTS_SIDE[action] & (out["side"] == 0))
    if is_fill.any():
        event = _events(records)
        is_filled = np.zeros(int(event[-1]) + 1, bool)
        is_filled[event[is_fill]] = True
        # A resting fill tells a trade already; the aggressor's record would tell it again.
        keep &= ~(is_trade & is_filled[event])
        chosen = np.flatnonzero(is_fill | ((action == _CANCEL) & is_filled[event]))
        keep[_marry_fills(records, action, event, chosen, out)] = False
    ts_ns = records["ts_recv"].astype(np.int64)
    return np.ascontiguousarray(ts_ns[keep]), out[keep]


def _marry_fills(
    records: Records,
    action: NDArray[np.uint8],
    event: NDArray[np.int64],
    chosen: NDArray[np.int64],
    out: NDArray[np.void],
) -> NDArray[np.int64]:
    """Make a fill and the cancel after it, in one event, an execution; return the cancels used up.

    Args:
        records: The records.
        action: Their actions.
        event: The events they belong to.
        chosen: The fills, and the cancels of events that have fills.
        out: Their updates; changed.
    """
    order = chosen[np.lexsort((chosen, records["order_id"][chosen], event[chosen]))]
    fill, cancel = order[:-1], order[1:]
    pair = (action[fill] == _FILL) & (action[cancel] == _CANCEL) & (event[fill] == event[cancel])
    pair &= records["order_id"][fill] == records["order_id"][cancel]
    pair &= records["instrument_id"][fill] == records["instrument_id"][cancel]
    pair &= records["size"][fill] <= records["size"][cancel]
    fill, cancel = fill[pair], cancel[pair]
    out["action"][fill] = MarketAction.EXECUTE
    out["order_ref"][fill] = records["order_id"][fill]
    left = records["size"][cancel] - records["size"][fill]
    out["qty_lots"][cancel] = left
    used_up: NDArray[np.int64] = cancel[left == 0]
    return used_up


def _narrow(records: Records) -> Records:
    """Leave out the send time that some files have at the end of each record."""
    out = np.empty(len(records), _RECORD)
    for name in _FIELDS:
        out[name] = records[name]
    return out


def _letters(column: NDArray[np.bytes_]) -> NDArray[np.uint8]:
    return np.ascontiguousarray(column).view(np.uint8)


def _events(records: Records) -> NDArray[np.int64]:
    """Return the number of the event that each record belongs to: a flag marks the last of each."""
    is_last = (records["flags"] & dbn.F_LAST) != 0
    return np.concatenate([[0], np.cumsum(is_last)[:-1]]) if len(records) else np.empty(0, int)


def _last_whole_event(records: Records) -> int:
    """Return how many records belong to events that end here: all, when none does for too long."""
    ends = np.flatnonzero((records["flags"] & dbn.F_LAST) != 0)
    if len(records) > _GROUP_RECORDS_MAX and not len(ends):
        return len(records)
    return int(ends[-1]) + 1 if len(ends) else 0


def _read_header(reader: Reader) -> bytes:
    start = reader.read(_HEADER_BYTES)
    return start + reader.read(int.from_bytes(start[4:8], "little"))
