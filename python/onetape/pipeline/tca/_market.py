# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Where the market stood: the mid at an entry or at a time, and what traded in between.

A mid is best bid plus best ask, in half ticks. There is none where a side is empty or the book is
crossed: `NO_MID` says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from onetape.pipeline.tca._exact import Column, running, times
from onetape.pipeline.tca._recording import Recording

NO_MID = np.iinfo(np.int64).min
_IS_VOLUME, _IS_BREAK = 1, 2


class _Prints:
    """The volume of one instrument."""

    def __init__(self, rows: Column) -> None:
        self.seqs = np.ascontiguousarray(rows["seq"])
        self.prices = np.ascontiguousarray(rows["price_ticks"])
        self.lots = running(rows["qty_lots"])
        self.values = running(times(self.prices, rows["qty_lots"]))


class Market:
    """The market of all instruments, as far as a recording goes.

    Args:
        recording: What was read.
    """

    def __init__(self, recording: Recording) -> None:
        #: Time up to which the market is known, in nanoseconds since the Unix epoch.
        self.end_ts_ns = recording.last_ts_ns
        tops, prints = recording.tops, recording.prints
        columns = (np.ascontiguousarray(tops["seq"]), np.ascontiguousarray(tops["ts_ns"]))
        mids = _mids(tops)
        self._tops = {
            instrument: (columns[0][places], columns[1][places], mids[places])
            for instrument, places in _by_instrument(tops)
        }
        self._prints = {
            instrument: _Prints(_volume(prints[places]))
            for instrument, places in _by_instrument(prints)
        }
        self._depths = recording.depths

    @property
    def is_known(self) -> bool:
        """Whether the journal has any market data that made a book, or printed a trade."""
        return bool(self._tops or self._prints)

    def mids_at_entry(self, instruments: Column, seqs: Column, *, before: bool = False) -> Column:
        """Return the mids after some entries, or before them.

        Args:
            instruments: Instrument of each.
            seqs: The entries.
            before: Without what the entry itself did.
        """
        side = "left" if before else "right"
        out = np.full(len(seqs), NO_MID)
        for chosen, instrument in _each(instruments):
            known = self._tops.get(instrument)
            if known is not None:
                out[chosen] = _last(known[0], known[2], seqs[chosen], side)
        return out

    def mids_at_time(self, instruments: Column, times_ns: Column) -> Column:
        """Return the mids at some times; `NO_MID` after the end of what is known."""
        out = np.full(len(times_ns), NO_MID)
        for chosen, instrument in _each(instruments):
            known = self._tops.get(instrument)
            if known is not None:
                out[chosen] = _last(known[1], known[2], times_ns[chosen], "right")
        out[times_ns > self.end_ts_ns] = NO_MID
        return out

    def volumes(self, instruments: Column, starts: Column, ends: Column) -> tuple[Column, Column]:
        """Return what traded after each start up to each end (entries): tick-lots and lots."""
        values = np.zeros(len(starts), object)
        lots = np.zeros(len(starts), object)
        for chosen, instrument in _each(instruments):
            known = self._prints.get(instrument)
            if known is not None:
                first = np.searchsorted(known.seqs, starts[chosen], "right")
                last = np.maximum(np.searchsorted(known.seqs, ends[chosen], "right"), first)
                values[chosen] = known.values[last] - known.values[first]
                lots[chosen] = known.lots[last] - known.lots[first]
        return values, lots

    def were_touched(
        self, instruments: Column, starts: Column, ends: Column, prices: Column, is_buy: Column
    ) -> Column:
        """Return where somebody traded at the price or through it, from each start to its end."""
        out = np.zeros(len(starts), bool)
        for chosen, instrument in _each(instruments):
            known = self._prints.get(instrument)
            if known is None:
                continue
            first = np.searchsorted(known.seqs, starts[chosen], "right")
            last = np.searchsorted(known.seqs, ends[chosen], "right")
            some = last > first
            if not some.any():
                continue
            bounds = np.ravel(np.column_stack([first[some], last[some]]))
            padded = np.append(known.prices, known.prices[-1])
            low = np.minimum.reduceat(padded, bounds)[::2]
            high = np.maximum.reduceat(padded, bounds)[::2]
            place = chosen[some]
            out[place] = np.where(is_buy[place], low <= prices[place], high >= prices[place])
        return out

    def shown(self, seqs: Column, prices: Column) -> tuple[Column, Column]:
        """Return which rows of `depths` tell what was shown at these entries and prices.

        Returns:
            Rows, and which of them were found at all.
        """
        depths = self._depths
        where = np.searchsorted(depths["seq"], seqs, "left")
        found = np.zeros(len(seqs), bool)
        rows = np.zeros(len(seqs), np.int64)
        for step in (0, 1):  # The two sides of a quote stand at one entry.
            at = np.minimum(where + step, max(len(depths) - 1, 0))
            if len(depths):
                fits = (depths["seq"][at] == seqs) & (depths["price_ticks"][at] == prices) & ~found
                rows[fits], found = at[fits], found | fits
        return rows, found

    def depth(self, rows: Column, name: str) -> Column:
        """Return a column of `depths` at some rows."""
        column: Column = self._depths[name][rows] if len(self._depths) else np.zeros_like(rows)
        return column


def _mids(rows: Column) -> Column:
    """Return best bid plus best ask of each row, in half ticks."""
    whole = (rows["bid_lots"] > 0) & (rows["ask_lots"] > 0)
    whole &= rows["bid_ticks"] <= rows["ask_ticks"]
    return np.where(whole, rows["bid_ticks"] + rows["ask_ticks"], NO_MID)


def _volume(rows: Column) -> Column:
    """Return the trades that count: printed as volume, and not broken later."""
    is_break = rows["flags"] & _IS_BREAK != 0
    broken = rows["match_id"][is_break]
    counts = ~is_break & (rows["flags"] & _IS_VOLUME != 0)
    counts &= ~(np.isin(rows["match_id"], broken) & (rows["match_id"] != 0))
    chosen: Column = rows[counts]
    return chosen


def _last(keys: Column, values: Column, wanted: Column, side: str) -> Column:
    """Return the last of `values` whose key is not after what is wanted."""
    at = np.searchsorted(keys, wanted, side)  # type: ignore[call-overload]
    return np.where(at > 0, values[np.maximum(at - 1, 0)], NO_MID)


def _by_instrument(rows: Column) -> Iterator[tuple[int, Column]]:
    """Yield each instrument and the places of its rows, in their order."""
    if not len(rows):
        return
    order = np.argsort(rows["instrument_id"], kind="stable")
    ids = rows["instrument_id"][order]
    starts = np.flatnonzero(np.diff(ids, prepend=ids[:1] - 1))
    for start, end in zip(starts, [*starts[1:], len(ids)], strict=True):
        yield int(ids[start]), order[start:end]


def _each(instruments: Column) -> Iterator[tuple[Column, int]]:
    """Yield the places of each instrument, and which it is."""
    for instrument in np.unique(instruments).tolist():
        yield np.flatnonzero(instruments == instrument), instrument
