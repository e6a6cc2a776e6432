# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Clearing records, positions and the summary as Arrow tables, and as CSV and Parquet files.

Money is a decimal of 38 digits, prices and quantities are decimals too: no float anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from onetape.errors import ConversionError
from onetape.events import Phase, Side
from onetape.exchange.clearing._records import Role
from onetape.exchange.directory import Directory, Rows
from onetape.types import units_to_decimal

if TYPE_CHECKING:
    from onetape.exchange.clearing._day import ClearedDay, FirmTotal
    from onetape.exchange.clearing._money import Whole
    from onetape.exchange.clearing._positions import Position

Format = Literal["csv", "parquet"]

_DIGITS_MAX = 38
_DECIMAL_BYTES = 16
_SCALE_E9 = 9


def records_table(
    records: Rows, worth: Whole, paid: Whole, directory: Directory, scale: int
) -> pa.Table:
    """Return clearing records for people and machines, one row a side."""
    plain = {"seq", "trade_seq", "match_id", "order_id", "client_id", "price_ticks", "qty_lots"}
    column = {name: pa.array(np.ascontiguousarray(records[name])) for name in plain}
    firms = {i: directory.mpid(i) for i in np.unique(records["firm_id"]).tolist()}
    firms |= {i: directory.mpid(i) for i in np.unique(records["contra_firm_id"]).tolist()}
    ports = {i: p.username for i, p in directory.ports.items()}
    symbols = {i: s.symbol for i, s in directory.instruments.items()}
    currencies = {i: s.currency for i, s in directory.instruments.items()}
    broken = np.ascontiguousarray(records["broken_seq"])
    ticks, lots = _decimals(records, directory)
    return pa.table(
        {
            "seq": column["seq"],
            "time": _times(records["ts_ns"]),
            "record": _named(records["sign"], {1: "trade", -1: "break"}),
            "match_id": column["match_id"],
            "trade_seq": column["trade_seq"],
            "broken_seq": pa.array(broken, mask=broken == 0),
            "firm": _named(records["firm_id"], firms),
            "port": _named(records["port_id"], ports),
            "contra_firm": _named(records["contra_firm_id"], firms),
            "symbol": _named(records["instrument_id"], symbols),
            "side": _named(records["side"], {s.value: s.name.lower() for s in Side}),
            "role": _named(records["role"], {r.value: r.name.lower() for r in Role}),
            "phase": _named(records["phase"], {p.value: p.name.lower() for p in Phase}),
            "price": ticks,
            "quantity": lots,
            "price_ticks": column["price_ticks"],
            "qty_lots": column["qty_lots"],
            "order_id": column["order_id"],
            "client_id": column["client_id"],
            "notional": _money(worth.tolist(), scale),
            "fee": _money(paid.tolist(), scale),
            "currency": _named(records["instrument_id"], currencies),
        }
    )


def positions_table(rows: Sequence[Position], directory: Directory, scale: int) -> pa.Table:
    """Return positions, one row for each firm and instrument."""
    names = ["trades", "broken", "start_lots", "bought_lots", "sold_lots", "end_lots"]
    names += ["maker_lots", "taker_lots", "auction_lots"]
    counts = {n: pa.array([getattr(r, n) for r in rows], pa.int64()) for n in names}
    return pa.table(
        {
            "firm": pa.array([directory.mpid(r.firm_id) for r in rows], pa.string()),
            "symbol": pa.array([directory.symbol(r.instrument_id) for r in rows], pa.string()),
            **counts,
            "cash": _money([r.cash for r in rows], scale),
            "fee": _money([r.fee for r in rows], scale),
            "net_cash": _money([r.cash - r.fee for r in rows], scale),
            "currency": pa.array(
                [directory.instruments[r.instrument_id].currency for r in rows], pa.string()
            ),
        }
    )


def summary_table(rows: Sequence[FirmTotal], scale: int) -> pa.Table:
    """Return the totals, one row for each firm and currency."""
    texts = {n: pa.array([getattr(r, n) for r in rows], pa.string()) for n in ("firm", "name")}
    counts = ["trades", "broken", "instruments_open", "lots", "maker_lots", "taker_lots"]
    numbers = {n: pa.array([getattr(r, n) for r in rows], pa.int64()) for n in counts}
    money = {n: _money([getattr(r, n) for r in rows], scale) for n in ("cash", "fee", "net_cash")}
    currencies = pa.array([r.currency for r in rows], pa.string())
    return pa.table({**texts, **numbers, **money, "currency": currencies})


def write_day(
    day: ClearedDay, directory: Directory, folder: Path, formats: Iterable[Format]
) -> list[Path]:
    """Write the files of a day: the exchange's own, and a folder for each firm.

    Returns:
        The files. One that is there is replaced, and only once the new one is whole.
    """
    below = folder / day.day.text
    records = records_table(day.records, day.notionals, day.fees, directory, day.scale)
    whole = {
        below / "records": records,
        below / "positions": positions_table(day.positions, directory, day.scale),
        below / "summary": summary_table(day.firms, day.scale),
    }
    for firm_id in sorted({row.firm_id for row in day.positions}):
        mine = [row for row in day.positions if row.firm_id == firm_id]
        own = records.filter(pa.array(day.records["firm_id"] == firm_id))
        mpid = directory.mpid(firm_id)
        place = below / (mpid if mpid.isalnum() else f"firm-{firm_id}")
        whole[place / "records"] = own
        whole[place / "positions"] = positions_table(mine, directory, day.scale)
    written: list[Path] = []
    for path, table in whole.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        written += [_write(table, path, format_) for format_ in formats]
    return written


def _write(table: pa.Table, path: Path, format_: Format) -> Path:
    target = path.with_suffix(f".{format_}")
    unfinished = path.with_suffix(".tmp")
    try:
        if format_ == "parquet":
            import pyarrow.parquet as pq  # noqa: PLC0415 - only who wants Parquet waits for it

            pq.write_table(table, unfinished, compression="zstd")
        else:
            texts = [_text_column(column) for column in table.columns]
            pa_csv.write_csv(pa.table(texts, names=table.column_names), unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def _text_column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give decimals as plain text: 12.5, not 12.500000000."""
    if not pa.types.is_decimal(column.type):
        return column
    text = pc.utf8_rtrim(pc.cast(column, pa.string()), "0") if column.type.scale else column
    return pc.utf8_rtrim(pc.cast(text, pa.string()), ".") if column.type.scale else text


def _named(values: np.ndarray[Any, Any], names: dict[int, str]) -> pa.Array:
    """Return a column of names, kept once each."""
    ids, where = np.unique(values, return_inverse=True)
    words = pa.array([names.get(i, str(i)) for i in ids.tolist()], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(where.astype(np.int32)), words)


def _times(ts_ns: np.ndarray[Any, Any]) -> pa.Array:
    return pa.array(np.ascontiguousarray(ts_ns).view("M8[ns]"), pa.timestamp("ns", "UTC"))


def _decimals(records: Rows, directory: Directory) -> tuple[pa.Array, pa.Array]:
    """Return prices in currency and quantities in units, exact."""
    ids, where = np.unique(records["instrument_id"], return_inverse=True)
    chosen = [directory.instruments[i] for i in ids.tolist()]
    columns = []
    for name, units in (
        ("price_ticks", [i.tick_e9 for i in chosen]),
        ("qty_lots", [i.lot_e9 for i in chosen]),
    ):
        values = records[name].astype(object)
        scaled = values * np.array(units, object)[where] if chosen else values
        columns.append(_money(scaled.tolist(), _SCALE_E9))
    return columns[0], columns[1]


def _money(values: list[int], scale: int) -> pa.Array:
    """Return whole numbers of 10^-`scale` as decimals; exact.

    Raises:
        ConversionError: If one has more than 38 digits.
    """
    largest = max(map(abs, values), default=0)
    if largest >= 10**_DIGITS_MAX:
        text = units_to_decimal(min(largest, 2**63 - 1), 1)
        raise ConversionError(
            f"expected at most 38 digits in a sum of money, found more (above {text})",
            code="CLR-008",
            hint="clear fewer days at a time, or give the instruments larger ticks",
        )
    raw = b"".join([v.to_bytes(_DECIMAL_BYTES, "little", signed=True) for v in values])
    type_ = pa.decimal128(_DIGITS_MAX, scale)
    return pa.Array.from_buffers(type_, len(values), [None, pa.py_buffer(raw)])
