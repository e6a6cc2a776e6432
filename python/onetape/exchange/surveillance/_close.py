# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Marking the close: one firm's trades move the last price of the day, or the closing auction's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from onetape.events import Phase, Side
from onetape.exchange.directory import Ints
from onetape.exchange.surveillance._alert import Alert, evidence
from onetape.exchange.surveillance._tape import Columns, Tape
from onetape.exchange.surveillance.config import SurveillanceConfig

RULE = "marking_close"
_NS = 1_000_000_000
_BPS = 10_000


def marking_close(tape: Tape, config: SurveillanceConfig) -> Iterator[Alert]:
    """Yield alerts of firms behind a move of the closing price."""
    trades = tape.trades
    for day, instrument_id, at in _closes(tape.phases):
        mine = np.flatnonzero((trades["day"] == day) & (trades["instrument_id"] == instrument_id))
        continuous = mine[trades["phase"][mine] == Phase.CONTINUOUS]
        end_ts = int(tape.phases["ts_ns"][at])
        in_window = trades["ts_ns"][continuous] >= end_ts - config.marking_close.window_s * _NS
        before, last = continuous[~in_window], continuous[in_window]
        # The window's first trade is the reference when there is none before it.
        if len(last) and (len(before) or len(last) > 1):
            reference = int(trades["price_ticks"][before[-1] if len(before) else last[0]])
            yield from _moved(tape, config, last, reference, in_auction=False)
        auction = mine[trades["phase"][mine] == Phase.CLOSING_AUCTION]
        if len(auction) and len(continuous):
            reference = int(trades["price_ticks"][continuous[-1]])
            yield from _moved(tape, config, auction, reference, in_auction=True)


def _closes(phases: Columns) -> Iterator[tuple[int, int, int]]:
    """Yield day, instrument, and where in `phases` its continuous trading last ended that day."""
    ends = np.isin(phases["phase"], [Phase.CLOSING_AUCTION, Phase.CLOSED])
    found: dict[tuple[int, int], int] = {}
    for at in np.flatnonzero(ends & (phases["was"] == Phase.CONTINUOUS)).tolist():
        found[int(phases["day"][at]), int(phases["instrument_id"][at])] = at
    for (day, instrument_id), at in sorted(found.items()):
        yield day, instrument_id, at


def _moved(
    tape: Tape, config: SurveillanceConfig, part: Ints, reference: int, *, in_auction: bool
) -> Iterator[Alert]:
    """Yield alerts of the firms that took most of what moved the price away from `reference`.

    Args:
        tape: The columns.
        config: The thresholds.
        part: The trades that made the move, by entry.
        reference: The price before them, in ticks.
        in_auction: Whether they are an auction's, where nobody takes.
    """
    limits, trades = config.marking_close, tape.trades
    last = int(trades["price_ticks"][part[-1]])
    move_bps = (last - reference) * _BPS / reference if reference > 0 else 0.0
    if abs(move_bps) < limits.move_min_bps:
        return
    side = Side.BUY if move_bps > 0 else Side.SELL
    word = "buy" if side == Side.BUY else "sell"
    volume = int(trades["qty_lots"][part].sum())
    taken = part if in_auction else part[trades["maker_side"][part] != side]
    for firm_id in np.unique(trades[f"{word}_firm"][taken]).tolist():
        mine = taken[trades[f"{word}_firm"][taken] == firm_id]
        lots = int(trades["qty_lots"][mine].sum())
        share = 100 * lots / volume
        if (
            share >= limits.share_min_percent
            and len(mine) >= (1 if in_auction else limits.trades_min)
            and lots >= limits.lots_min
        ):
            where = "the closing auction" if in_auction else "the last trades before the close"
            figures: dict[str, int | float] = {
                "share_percent": round(share, 1),
                "move_bps": round(move_bps, 1),
                "reference_ticks": reference,
                "last_ticks": last,
                "trades": len(mine),
                "lots": lots,
                "volume_lots": volume,
            }
            yield _alert(tape, config, mine, word=word, where=where, figures=figures)


def _alert(
    tape: Tape,
    config: SurveillanceConfig,
    mine: Ints,
    *,
    word: str,
    where: str,
    figures: dict[str, Any],
) -> Alert:
    trades, limits = tape.trades, config.marking_close
    firm = tape.directory.mpid(int(trades[f"{word}_firm"][mine[0]]))
    symbol = tape.directory.symbol(int(trades["instrument_id"][mine[0]]))
    proof = evidence([trades["seq"][mine]], config.evidence_max)
    did = "bought" if word == "buy" else "sold"
    return Alert(
        rule=RULE,
        date=tape.directory.days[int(trades["day"][mine[0]])].date,
        firm=firm,
        others=[],
        ports=np.unique(trades[f"{word}_port_id"][mine]).tolist(),
        symbol=symbol,
        start_ts_ns=int(trades["ts_ns"][mine[0]]),
        end_ts_ns=int(trades["ts_ns"][mine[-1]]),
        what=f"{firm} {did} {figures['share_percent']} % of the volume of {symbol} in {where}, "
        f"which moved the price by {figures['move_bps']:+} basis points",
        figures=figures,
        thresholds={name: getattr(limits, name) for name in limits.__struct_fields__},
        seqs=proof.seqs,
        seqs_total=proof.total,
    )
