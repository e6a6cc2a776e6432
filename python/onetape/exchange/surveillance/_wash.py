# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Wash trades: a firm with itself, or two firms that hand the same quantity back and forth."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from onetape.exchange.directory import Ints, firm_pairs, runs
from onetape.exchange.surveillance._alert import Alert, evidence
from onetape.exchange.surveillance._tape import Columns, Tape, places
from onetape.exchange.surveillance.config import SurveillanceConfig, WashConfig

RULE = "wash"
_NS = 1_000_000_000


def wash(tape: Tape, config: SurveillanceConfig) -> Iterator[Alert]:
    """Yield alerts of trades that changed nobody's position but made a price or a volume."""
    yield from _with_itself(tape, config)
    yield from _back_and_forth(tape, config)


def _with_itself(tape: Tape, config: SurveillanceConfig) -> Iterator[Alert]:
    limits, trades = config.wash, tape.trades
    own = np.flatnonzero(trades["buy_firm"] == trades["sell_firm"])
    order = own[
        np.lexsort((trades["seq"][own], trades["instrument_id"][own], trades["buy_firm"][own]))
    ]
    for part in _bursts(trades, order, ("buy_firm", "instrument_id", "day"), limits.window_s):
        lots = int(trades["qty_lots"][part].sum())
        if len(part) < limits.trades_min or lots < limits.lots_min:
            continue
        firm_id = int(trades["buy_firm"][part[0]])
        firm = tape.directory.mpid(firm_id)
        symbol = tape.directory.symbol(int(trades["instrument_id"][part[0]]))
        what = f"{firm} traded {lots:,} lots of {symbol} with itself in {len(part):,} trades"
        yield _alert(
            tape,
            config,
            part,
            firms=[firm_id],
            what=what,
            figures={"trades": len(part), "lots": lots},
            thresholds={"trades_min": limits.trades_min, "lots_min": limits.lots_min},
        )


def _bursts(trades: Columns, order: Ints, names: tuple[str, ...], window_s: int) -> Iterator[Ints]:
    """Yield sorted trades that say the same in these columns, cut where time gaps."""
    if not len(order):
        return
    changed = np.zeros(len(order), bool)
    for name in names:
        column = trades[name][order]
        changed[1:] |= column[1:] != column[:-1]
    times = trades["ts_ns"][order]
    changed[1:] |= times[1:] - times[:-1] > window_s * _NS
    for start, end in runs(changed.cumsum()):
        yield order[start:end]


def _back_and_forth(tape: Tape, config: SurveillanceConfig) -> Iterator[Alert]:
    limits, trades = config.wash, tape.trades
    between = np.flatnonzero(trades["buy_firm"] != trades["sell_firm"])
    pairs = firm_pairs(trades["buy_firm"][between], trades["sell_firm"][between])
    days, instruments = trades["day"][between], trades["instrument_id"][between]
    sorting = np.lexsort((trades["seq"][between], instruments, pairs, days))
    keys = np.stack([days[sorting], pairs[sorting], instruments[sorting]])
    changed = np.zeros(len(sorting), bool)
    changed[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    for start, end in runs(changed.cumsum()):
        part = between[sorting[start:end]]
        if len(part) >= 2 * limits.round_trips_min:
            yield from _round_trips(tape, config, part)


def _round_trips(tape: Tape, config: SurveillanceConfig, part: Ints) -> Iterator[Alert]:
    """Yield alerts of one pair of firms in one instrument on one day."""
    limits, trades = config.wash, tape.trades
    buyers = trades["buy_firm"][part]
    if (buyers == buyers[0]).all():
        return
    first, second = _matched(trades, part, limits)
    if len(first) < limits.round_trips_min:
        return
    gaps = np.diff(trades["ts_ns"][first]) > limits.window_s * _NS
    for start, end in runs(np.concatenate([[0], gaps.cumsum()])):
        if end - start < limits.round_trips_min:
            continue
        there, back = first[start:end], second[start:end]
        bounds = (trades["seq"][there].min(), trades["seq"][back].max())
        seqs = trades["seq"][part]
        meanwhile = part[(seqs >= bounds[0]) & (seqs <= bounds[1])]
        lots = int(trades["qty_lots"][there].sum())
        share = round(100 * 2 * lots / int(trades["qty_lots"][meanwhile].sum()))
        if share >= limits.share_min_percent:
            yield _round_trip_alert(tape, config, there, back, share)


def _round_trip_alert(
    tape: Tape, config: SurveillanceConfig, there: Ints, back: Ints, share: int
) -> Alert:
    limits, trades = config.wash, tape.trades
    firms = sorted({int(trades["buy_firm"][there[0]]), int(trades["sell_firm"][there[0]])})
    mpids = [tape.directory.mpid(firm) for firm in firms]
    symbol = tape.directory.symbol(int(trades["instrument_id"][there[0]]))
    lots = int(trades["qty_lots"][there].sum())
    prices = trades["price_ticks"]
    figures: dict[str, int | float] = {
        "round_trips": len(there),
        "lots_each_way": lots,
        "share_percent": share,
        "price_difference_max_ticks": int(np.abs(prices[there] - prices[back]).max()),
    }
    names = ("round_trips_min", "share_min_percent", "price_tolerance_ticks", "window_s")
    return _alert(
        tape,
        config,
        np.concatenate([there, back]),
        firms=firms,
        what=f"{mpids[0]} and {mpids[1]} handed {lots:,} lots of {symbol} back and forth, "
        f"{len(there):,} times",
        figures=figures,
        thresholds={name: getattr(limits, name) for name in names},
    )


def _matched(trades: Columns, part: Ints, limits: WashConfig) -> tuple[Ints, Ints]:
    """Pair each trade with the newest opposite one of its quantity that is still unpaired."""
    waiting: dict[tuple[int, int], deque[tuple[int, int, int]]] = {}
    first, second = [], []
    rows = zip(
        part.tolist(),
        trades["buy_firm"][part].tolist(),
        trades["sell_firm"][part].tolist(),
        trades["qty_lots"][part].tolist(),
        trades["price_ticks"][part].tolist(),
        trades["ts_ns"][part].tolist(),
        strict=True,
    )
    for index, buyer, seller, lots, price, ts_ns in rows:
        others = waiting.get((seller, lots))
        if others:
            index_then, price_then, ts_then = others[-1]
            if (
                ts_ns - ts_then <= limits.window_s * _NS
                and abs(price - price_then) <= limits.price_tolerance_ticks
            ):
                others.pop()
                first.append(index_then)
                second.append(index)
                continue
        waiting.setdefault((buyer, lots), deque(maxlen=64)).append((index, price, ts_ns))
    order = np.argsort(np.array(first, np.int64), kind="stable")
    return np.array(first, np.int64)[order], np.array(second, np.int64)[order]


def _alert(
    tape: Tape,
    config: SurveillanceConfig,
    part: Ints,
    *,
    firms: list[int],
    what: str,
    figures: dict[str, int | float],
    thresholds: dict[str, int],
) -> Alert:
    """Return the alert of these trades; the births of both orders of each prove it too."""
    trades, orders = tape.trades, tape.orders
    sides = ("buy", "sell")
    ports = [trades[f"{s}_port_id"][part][trades[f"{s}_firm"][part] == firms[0]] for s in sides]
    born = []
    for side in sides:
        ids = trades[f"{side}_order_id"][part]
        where, known = places(orders["order_id"], ids)
        born.append(orders["seq"][where[known]])
    proof = evidence([trades["seq"][part], *born], config.evidence_max)
    mpids = [tape.directory.mpid(firm) for firm in firms]
    return Alert(
        rule=RULE,
        date=tape.directory.days[int(trades["day"][part[0]])].date,
        firm=mpids[0],
        others=mpids[1:],
        ports=np.unique(np.concatenate(ports)).tolist(),
        symbol=tape.directory.symbol(int(trades["instrument_id"][part[0]])),
        start_ts_ns=int(trades["ts_ns"][part].min()),
        end_ts_ns=int(trades["ts_ns"][part].max()),
        what=what,
        figures=figures,
        thresholds=thresholds,
        seqs=proof.seqs,
        seqs_total=proof.total,
    )
