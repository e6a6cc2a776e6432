# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Order-to-trade ratio: how much is ordered for each trade, by firm and instrument, and by port.

Counted as in RTS 9 of MiFID II (Regulation (EU) 2017/566): a new order counts one, a cancel by its
owner one, a replace two; the ratio is orders over trades, less one, in number and in volume.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from onetape.events import CancelReason
from onetape.exchange.directory import runs
from onetape.exchange.surveillance._alert import Alert, evidence
from onetape.exchange.surveillance._tape import Columns, Tape
from onetape.exchange.surveillance.config import SurveillanceConfig

RULE = "order_to_trade"
_ASKED_FOR = [CancelReason.USER, CancelReason.MASS_CANCEL]


def order_to_trade(tape: Tape, config: SurveillanceConfig) -> Iterator[Alert]:
    """Yield alerts of firms in an instrument, and of ports over all, that order far too much."""
    asked = _asked(tape)
    for names in (("day", "firm", "instrument_id"), ("day", "port")):
        traded = _traded(tape.fills, names)
        for part in _groups(asked, names):
            yield from _excess(tape, config, asked, part, names=names, traded=traded)


def _asked(tape: Tape) -> Columns:
    """Return everything that was asked for: its weight, and the lots it ordered."""
    cancels = tape.cancels
    wanted = np.isin(cancels["reason"], _ASKED_FOR)
    cancels = {name: column[wanted] for name, column in cancels.items()}
    cancels["qty_lots"] = np.zeros(len(cancels["seq"]), np.int64)
    parts = [(tape.accepted, 1), (tape.replaces, 2), (cancels, 1)]
    names = ("seq", "ts_ns", "day", "firm", "port", "instrument_id", "qty_lots")
    asked = {name: np.concatenate([rows[name] for rows, _ in parts]) for name in names}
    asked["weight"] = np.concatenate([np.full(len(rows["seq"]), w) for rows, w in parts])
    return asked


def _groups(rows: Columns, names: tuple[str, ...]) -> Iterator[np.ndarray[Any, Any]]:
    """Yield the places of rows that say the same in these columns."""
    order = np.lexsort([rows[name] for name in reversed(names)])
    if not len(order):
        return
    changed = np.zeros(len(order), bool)
    for name in names:
        column = rows[name][order]
        changed[1:] |= column[1:] != column[:-1]
    for start, end in runs(changed.cumsum()):
        yield order[start:end]


def _traded(fills: Columns, names: tuple[str, ...]) -> dict[tuple[int, ...], tuple[int, int]]:
    """Return number and lots of the fills of each group."""
    found = {}
    for part in _groups(fills, names):
        key = tuple(int(fills[name][part[0]]) for name in names)
        found[key] = (len(part), int(fills["qty_lots"][part].sum()))
    return found


def _excess(
    tape: Tape,
    config: SurveillanceConfig,
    asked: Columns,
    part: np.ndarray[Any, Any],
    *,
    names: tuple[str, ...],
    traded: dict[tuple[int, ...], tuple[int, int]],
) -> Iterator[Alert]:
    limits = config.order_to_trade
    orders = int(asked["weight"][part].sum())
    if orders < limits.messages_min:
        return
    lots = int(asked["qty_lots"][part].sum())
    key = tuple(int(asked[name][part[0]]) for name in names)
    trades, traded_lots = traded.get(key, (0, 0))
    # Without a trade the ratio is that of one.
    ratio = orders / max(trades, 1) - 1
    volume_ratio = lots / max(traded_lots, 1) - 1
    if ratio <= limits.ratio_max and volume_ratio <= limits.volume_ratio_max:
        return
    firm = tape.directory.mpid(int(asked["firm"][part[0]]))
    symbol = tape.directory.symbol(key[2]) if "instrument_id" in names else ""
    place = f"in {symbol}" if symbol else f"through port {key[1]}"
    proof = evidence([asked["seq"][part]], config.evidence_max)
    yield Alert(
        rule=RULE,
        date=tape.directory.days[key[0]].date,
        firm=firm,
        others=[],
        ports=np.unique(asked["port"][part]).tolist(),
        symbol=symbol,
        start_ts_ns=int(asked["ts_ns"][part].min()),
        end_ts_ns=int(asked["ts_ns"][part].max()),
        what=f"{firm} sent {orders:,} orders {place} and had {trades:,} trades",
        figures={
            "orders": orders,
            "trades": trades,
            "ratio": round(ratio, 1),
            "lots_ordered": lots,
            "lots_traded": traded_lots,
            "volume_ratio": round(volume_ratio, 1),
        },
        thresholds={name: getattr(limits, name) for name in limits.__struct_fields__},
        seqs=proof.seqs,
        seqs_total=proof.total,
    )
