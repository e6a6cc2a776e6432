# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Layering and spoofing: orders on one side, a trade on the other, and the orders are gone.

Both are one pattern with different thresholds: many orders, or few large ones again and again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from onetape.events import CancelReason, Side
from onetape.exchange.directory import Ints, runs
from onetape.exchange.surveillance._alert import Alert, evidence
from onetape.exchange.surveillance._tape import ENDED_REPLACED, Columns, Tape
from onetape.exchange.surveillance.config import PulledConfig, SurveillanceConfig

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Seqs = np.ndarray[Any, np.dtype[np.uint64]]

_MS = 1_000_000
_PULLED = [CancelReason.USER, CancelReason.MASS_CANCEL, CancelReason.DISCONNECTED]


@dataclass(frozen=True)
class _Episode:
    """Orders pulled after one trade. `orders` and `fills` are places in the tape's columns."""

    day: int
    orders: Ints
    fills: Ints
    pulled_lots: int
    traded_lots: int
    side_lots: int
    shown_lots: int


def layering(tape: Tape, config: SurveillanceConfig) -> Iterator[Alert]:
    """Yield alerts of many orders pulled at once after a trade on the other side."""
    yield from _alerts(tape, config, config.layering, "layering")


def spoofing(tape: Tape, config: SurveillanceConfig) -> Iterator[Alert]:
    """Yield alerts of large orders pulled after trades on the other side, again and again."""
    yield from _alerts(tape, config, config.spoofing, "spoofing")


def _alerts(
    tape: Tape, config: SurveillanceConfig, limits: PulledConfig, rule: str
) -> Iterator[Alert]:
    orders, fills = tape.orders, tape.fills
    keys, fill_keys = _keys(orders), _keys(fills)
    by_birth = np.lexsort((orders["seq"], keys))
    by_fill = np.lexsort((fills["seq"], fill_keys))
    suspects = np.flatnonzero(_is_pulled(orders))
    suspects = suspects[np.lexsort((orders["end_seq"][suspects], keys[suspects]))]
    keys_by_birth, keys_by_fill = keys[by_birth], fill_keys[by_fill]
    for start, end in runs(keys[suspects]):
        other_side = int(keys[suspects[start]]) ^ 1
        traded = by_fill[_slice(keys_by_fill, other_side)]
        if not len(traded) or end - start < limits.orders_min:
            continue
        shown = (
            _Shown.of(orders, by_birth[_slice(keys_by_birth, other_side ^ 1)]),
            _Shown.of(orders, by_birth[_slice(keys_by_birth, other_side)]),
        )
        found = list(_episodes(tape, suspects[start:end], traded, shown, limits))
        for day in sorted({episode.day for episode in found}):
            today = [episode for episode in found if episode.day == day]
            if len(today) >= limits.episodes_min:
                yield _alert(tape, config, limits, rule, today)


def _is_pulled(orders: Columns) -> Bools:
    """Return which orders left unfilled because their owner took them away.

    One that was replaced further from the market is pulled as well.
    """
    away = np.where(
        orders["side"] == Side.BUY,
        orders["next_price_ticks"] < orders["price_ticks"],
        orders["next_price_ticks"] > orders["price_ticks"],
    )
    replaced = (orders["ended"] == ENDED_REPLACED) & away
    gone = np.isin(orders["ended"], _PULLED) | replaced
    pulled: Bools = gone & (orders["filled_lots"] == 0)
    pulled &= orders["is_priced"] & (orders["side"] != 0)
    return pulled


def _keys(rows: Columns) -> Ints:
    """Return one number for firm, instrument and side; the other side's differs in the last bit."""
    instruments = rows["instrument_id"].astype(np.int64)
    keys: Ints = (rows["firm"] << 33) | (instruments << 1) | (rows["side"] == Side.SELL)
    return keys


def _slice(sorted_keys: Ints, key: int) -> slice:
    start, end = np.searchsorted(sorted_keys, [key, key + 1]).tolist()
    return slice(start, end)


@dataclass(frozen=True)
class _Shown:
    """How many lots a firm had on one side of an instrument at any entry, orders counted whole."""

    births: Seqs
    born_lots: Ints
    ends: Seqs
    ended_lots: Ints

    @classmethod
    def of(cls, orders: Columns, mine: Ints) -> _Shown:
        ended = mine[orders["ended"][mine] != 0]
        ended = ended[np.argsort(orders["end_seq"][ended], kind="stable")]
        lots = orders["qty_lots"]
        return cls(
            orders["seq"][mine],
            np.concatenate([[0], lots[mine].cumsum()]),
            orders["end_seq"][ended],
            np.concatenate([[0], lots[ended].cumsum()]),
        )

    def at(self, seq: np.uint64) -> int:
        """Return the lots just before entry `seq`, what it ends included."""
        born = self.born_lots[np.searchsorted(self.births, seq)]
        return int(born - self.ended_lots[np.searchsorted(self.ends, seq)])


def _episodes(
    tape: Tape, mine: Ints, traded: Ints, shown: tuple[_Shown, _Shown], limits: PulledConfig
) -> Iterator[_Episode]:
    """Yield what was pulled after each trade; an order counts once.

    Args:
        tape: The columns.
        mine: Pulled orders of one firm, instrument and side, by their end.
        traded: Its fills on the other side, by entry.
        shown: What it had on the side it pulled, and on the trade's.
        limits: The thresholds.
    """
    orders, fills = tape.orders, tape.fills
    fill_seq, fill_ts, fill_lots = (fills[n][traded] for n in ("seq", "ts_ns", "qty_lots"))
    # Only orders that lived when the last fill before their end came.
    last = np.searchsorted(fill_seq, orders["end_seq"][mine]) - 1
    lived = (last >= 0) & (fill_seq[last] > orders["seq"][mine])
    mine, last = mine[lived], last[lived]
    end_seq, end_ts = orders["end_seq"][mine], orders["end_ts_ns"][mine]
    birth_seq, birth_ts = orders["seq"][mine], orders["ts_ns"][mine]
    anchors = np.unique(last)
    starts = np.searchsorted(end_seq, fill_seq[anchors])
    ends = np.searchsorted(end_ts, fill_ts[anchors] + limits.pull_ms * _MS, side="right")
    sums = np.concatenate([[0], orders["qty_lots"][mine].cumsum()])
    enough = ends - starts >= limits.orders_min
    enough &= 100 * (sums[ends] - sums[starts]) >= limits.lots_ratio_percent * fill_lots[anchors]
    used = np.zeros(len(mine), bool)
    for at in np.flatnonzero(enough).tolist():
        anchor, part = anchors[at], slice(int(starts[at]), int(ends[at]))
        chosen = (birth_seq[part] < fill_seq[anchor]) & ~used[part]
        chosen &= birth_ts[part] >= fill_ts[anchor] - limits.life_ms * _MS
        where = part.start + np.flatnonzero(chosen)
        episode = _measured(tape, mine[where], traded, int(anchor), shown)
        if episode is None or not _is_enough(episode, limits):
            continue
        # Hidden orders mislead nobody. Few get so far that their messages must be read.
        where = where[tape.are_displayed(mine[where])]
        if len(where) < len(episode.orders):
            side_lots = episode.side_lots - episode.pulled_lots
            episode = _measured(tape, mine[where], traded, int(anchor), shown)
            if episode is None:
                continue
            episode = replace(episode, side_lots=side_lots + episode.pulled_lots)
        if _is_enough(episode, limits):
            used[where] = True
            yield episode


def _measured(
    tape: Tape,
    pulled: Ints,
    traded: Ints,
    anchor: int,
    shown: tuple[_Shown, _Shown],
) -> _Episode | None:
    """Measure what was pulled around the fill `traded[anchor]`; None when nothing was."""
    if not len(pulled):
        return None
    orders, fills = tape.orders, tape.fills
    fill_seq = fills["seq"][traded]
    first = int(np.searchsorted(fill_seq, orders["seq"][pulled].max()))
    until = int(np.searchsorted(fill_seq, orders["end_seq"][pulled].min()))
    hit = traded[min(first, anchor) : max(until, anchor + 1)]
    pulled_lots = int(orders["qty_lots"][pulled].sum())
    traded_lots = int(fills["qty_lots"][hit].sum())
    side_lots, shown_lots = (side.at(fill_seq[anchor]) for side in shown)
    day = int(fills["day"][traded[anchor]])
    return _Episode(day, pulled, hit, pulled_lots, traded_lots, side_lots, shown_lots)


def _is_enough(episode: _Episode, limits: PulledConfig) -> bool:
    """Return whether an episode is over all thresholds but that of time."""
    least = (
        limits.lots_ratio_percent * episode.traded_lots,
        limits.imbalance_percent * episode.shown_lots,
        limits.share_min_percent * episode.side_lots,
    )
    return len(episode.orders) >= limits.orders_min and 100 * episode.pulled_lots >= max(least)


def _alert(
    tape: Tape,
    config: SurveillanceConfig,
    limits: PulledConfig,
    rule: str,
    episodes: list[_Episode],
) -> Alert:
    """Return the alert of a firm's episodes in one instrument and direction on one day."""
    orders, fills = tape.orders, tape.fills
    pulled = np.concatenate([episode.orders for episode in episodes])
    hit = np.concatenate([episode.fills for episode in episodes])
    firm = tape.directory.mpid(int(orders["firm"][pulled[0]]))
    symbol = tape.directory.symbol(int(orders["instrument_id"][pulled[0]]))
    side = Side(int(orders["side"][pulled[0]])).name.lower()
    did = "bought" if side == "sell" else "sold"
    pulled_lots = sum(e.pulled_lots for e in episodes)
    traded_lots = sum(e.traded_lots for e in episodes)
    figures: dict[str, int | float] = {
        "episodes": len(episodes),
        "orders_pulled": len(pulled),
        "lots_pulled": pulled_lots,
        "lots_traded": traded_lots,
        "lots_ratio_percent": round(100 * pulled_lots / traded_lots),
        "lots_shown_on_the_pulled_side": sum(e.side_lots for e in episodes),
        "lots_shown_on_the_trades_side": sum(e.shown_lots for e in episodes),
        "prices": len(np.unique(orders["price_ticks"][pulled])),
        "pull_ms_median": round(_pull_ms(tape, episodes), 3),
    }
    seqs = [orders["seq"][pulled], fills["seq"][hit], orders["end_seq"][pulled]]
    proof = evidence(seqs, config.evidence_max)
    return Alert(
        rule=rule,
        date=tape.directory.days[episodes[0].day].date,
        firm=firm,
        others=[],
        ports=np.unique(orders["port"][pulled]).tolist(),
        symbol=symbol,
        start_ts_ns=int(orders["ts_ns"][pulled].min()),
        end_ts_ns=int(orders["end_ts_ns"][pulled].max()),
        what=f"{firm} {did} {traded_lots:,} lots of {symbol} and then pulled {len(pulled):,} "
        f"{side} orders of {pulled_lots:,} lots, in {len(episodes):,} episodes",
        figures=figures,
        thresholds={name: getattr(limits, name) for name in limits.__struct_fields__},
        seqs=proof.seqs,
        seqs_total=proof.total,
    )


def _pull_ms(tape: Tape, episodes: list[_Episode]) -> float:
    """Return the median time from the trade to the pull, in ms."""
    waits = [
        (tape.orders["end_ts_ns"][e.orders] - tape.fills["ts_ns"][e.fills].max()) / _MS
        for e in episodes
    ]
    return float(np.median(np.concatenate(waits)))
