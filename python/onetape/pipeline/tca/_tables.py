# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Figures and facts as Arrow tables and Parquet files, for whoever asks further.

Units stand in the names of the columns; what a figure is stands in the metadata of its column.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from onetape.pipeline.tca._definitions import FIGURES
from onetape.pipeline.tca._exact import Column
from onetape.pipeline.tca._facts import HORIZONS_NS, REFUSERS, Facts
from onetape.pipeline.tca._market import NO_MID
from onetape.pipeline.tca._metrics import Group
from onetape.pipeline.tca._names import DIMENSIONS
from onetape.pipeline.tca._orders import Columns
from onetape.pipeline.tca._report import Report

_WHOLE = {"count", "lots", "ns"}
_BIGGEST = 1 << 63


def figures_table(report: Report) -> pa.Table:
    """Return all figures, one row a group: its dimensions, its currency, a column a figure."""
    groups: list[tuple[str, Group]] = [("all", group) for group in report.totals]
    for name, found in report.groups.items():
        groups += [(name, group) for group in found]
    columns: dict[str, pa.Array] = {"by": pa.array([by for by, _ in groups], pa.string())}
    for name in DIMENSIONS:
        columns[name] = pa.array([g.labels.get(name) for _, g in groups], pa.string())
    columns["currency"] = pa.array([g.currency for _, g in groups], pa.string())
    fields = [pa.field(name, pa.string()) for name in columns]
    for figure in FIGURES:
        kind = pa.int64() if figure.unit in _WHOLE else pa.float64()
        columns[figure.name] = pa.array([g.figures[figure.name] for _, g in groups], kind)
        about = {"source": figure.source, "unit": figure.unit, "text": figure.text}
        fields.append(pa.field(figure.name, kind, metadata=about))
    return pa.table(columns, schema=pa.schema(fields))


def facts_tables(facts: Facts) -> dict[str, pa.Table]:
    """Return the facts themselves: orders, fills, refusals, and messages to venues."""
    orders, fills = facts.orders, facts.fills
    plain = ("client_id", "price_ticks", "qty_lots", "filled_lots", "fills", "replaced",
             "decision_seq", "arrival_seq", "end_seq", "ended")  # fmt: skip
    table = _named(orders, facts) | {name: _whole(orders[name]) for name in plain}
    table["arrival_time"] = _times(orders["arrival_ts_ns"])
    table["cash_ticklots"] = _decimals(orders["cash_ticklots"])
    for name in ("decision_mid2", "arrival_mid2", "end_mid2"):
        table[f"{name}_ticks"] = _mids(orders[name])
    for name in ("queue_lots", "takeable_lots"):
        table[name] = _whole(orders[name], orders[name] < 0)
    table["was_touched"] = pa.array(orders["was_touched"])
    table["vwap_ticklots"] = _decimals(orders["vwap_ticklots"])
    table["vwap_lots"] = _decimals(orders["vwap_lots"])
    table["fee_e9"] = _fees(orders)
    each = _named(fills, facts)
    each["time"] = _times(fills["ts_ns"])
    for name in ("seq", "price_ticks", "qty_lots", "liquidity"):
        each[name] = _whole(fills[name])
    each["order"] = _whole(fills["order"], fills["order"] < 0)
    each["before_mid2_ticks"] = _mids(fills["before_mid2"])
    for name in HORIZONS_NS:
        each[f"after_{name}_mid2_ticks"] = _mids(fills[f"after_{name}_mid2"])
    each["fee_e9"] = _fees(fills)
    return {
        "orders": pa.table(table),
        "fills": pa.table(each),
        "refusals": _refusals(facts),
        "messages": _messages(facts),
    }


def _refusals(facts: Facts) -> pa.Table:
    rows = facts.refused
    table = _named(rows, facts)
    table["time"] = _times(rows["ts_ns"])
    for name in ("seq", "client_id", "reason", "command"):
        table[name] = _whole(rows[name])
    table["refused_by"] = pa.array([REFUSERS[by] for by in rows["by"].tolist()], pa.string())
    return pa.table(table)


def _messages(facts: Facts) -> pa.Table:
    rows = facts.latencies
    table = _named(rows, facts)
    table["time"] = _times(rows["ts_ns"])
    table["seq"] = _whole(rows["seq"])
    words = np.array(["", "new", "replace", "cancel"])
    table["message"] = pa.array(words[rows["asks"]].tolist(), pa.string())
    for name in ("intent_ns", "answer_ns"):
        table[name] = _whole(rows[name], rows[name] < 0)
    return pa.table(table)


def _named(rows: Columns, facts: Facts) -> dict[str, pa.Array]:
    """Return the dimensions of rows by their names, each name kept once."""
    out = {}
    for name in DIMENSIONS:
        values, where = np.unique(rows[f"by_{name}"], return_inverse=True)
        words = pa.array([facts.names.of(name, v) for v in values.tolist()], pa.string())
        out[name] = pa.DictionaryArray.from_arrays(pa.array(where.astype(np.int32)), words)
    return out


def _whole(values: Column, absent: Column | None = None) -> pa.Array:
    return pa.array(np.ascontiguousarray(values), mask=absent)


def _mids(values: Column) -> pa.Array:
    return pa.array(values, mask=values == NO_MID)


def _times(ts_ns: Column) -> pa.Array:
    return pa.array(np.ascontiguousarray(ts_ns).view("M8[ns]"), pa.timestamp("ns", "UTC"))


def _decimals(values: Column) -> pa.Array:
    """Return whole numbers of any size, exact."""
    listed: list[Any] = [int(v) for v in values.tolist()]
    big = any(abs(v) >= _BIGGEST for v in listed)
    return pa.array(listed, pa.decimal128(38, 0) if big else pa.int64())


def _fees(rows: Columns) -> pa.Array:
    """Return fees in 10^-9 of the currency, rounded down; nothing where nobody said."""
    known = rows["has_fee"].tolist()
    values = [int(fee) // 10**18 for fee in rows["fee_e27"].tolist()]
    pairs = zip(values, known, strict=True)
    return pa.array([fee if said else None for fee, said in pairs], pa.int64())


def write_tables(report: Report, facts: Facts, folder: Path) -> list[Path]:
    """Write `figures.parquet`, and `orders`, `fills`, `refusals` and `messages` likewise.

    Returns:
        The files. One that is there is replaced, and only once the new one is whole.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in {"figures": figures_table(report), **facts_tables(facts)}.items():
        target = folder / f"{name}.parquet"
        unfinished = target.with_suffix(".tmp")
        try:
            pq.write_table(table, unfinished, compression="zstd")
            unfinished.replace(target)
        finally:
            unfinished.unlink(missing_ok=True)
        written.append(target)
    return written
