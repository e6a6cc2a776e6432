# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What a journal says of orders and of the market, as columns that grow with it.

One pass over the journal, in the core: market data goes through the feeds' decoders into books, and
comes out as best prices, trades, and what was shown where orders went. Only events of our own
orders are kept as they are.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from onetape.errors import JournalCorruptError
from onetape.events import (
    CancelAll,
    CancelOrder,
    CancelSent,
    CloseParent,
    ConfigLoaded,
    EnterOrder,
    Event,
    FillCharged,
    InstrumentDefined,
    InstrumentListed,
    OpenParent,
    OrderAccepted,
    OrderCanceled,
    OrderFilled,
    OrderRejected,
    OrderReplaced,
    OrderSent,
    ReplaceOrder,
    ReplaceSent,
    SetQuote,
    StrategyStarted,
    SubmitOrder,
    VenueDefined,
    VenueMessageReceived,
    VenueMessageSent,
    VenueReported,
)
from onetape.journal import row_dtype, verify
from onetape.pipeline.tca._exact import Column
from onetape.tape import DEPTH_DTYPE, PRINT_DTYPE, SEQ_END, TOP_DTYPE, MarketTape

KINDS: list[type[Event]] = [
    ConfigLoaded, InstrumentDefined, StrategyStarted, VenueMessageReceived, EnterOrder, CancelOrder,
    ReplaceOrder, SetQuote, CancelAll, OrderAccepted, OrderRejected, OrderReplaced, OrderCanceled,
    OrderFilled, VenueMessageSent, VenueDefined, InstrumentListed, VenueReported, OrderSent,
    CancelSent, ReplaceSent, SubmitOrder, OpenParent, CloseParent, FillCharged,
]  # fmt: skip
_WITH_TEXT: set[type[Event]] = {
    ConfigLoaded,
    StrategyStarted,
    VenueDefined,
    VenueMessageReceived,
    VenueMessageSent,
}


class _Grown:
    """Arrays that follow one another; put together when they are asked for."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._parts: list[Column] = []
        self._dtype = dtype

    def add(self, raw: Column) -> None:
        if len(raw):
            self._parts.append(raw)

    @property
    def rows(self) -> Column:
        if len(self._parts) != 1:
            empty = np.empty(0, self._dtype)
            self._parts = [np.concatenate(self._parts) if self._parts else empty]
        return self._parts[0]


class Recording:
    """Columns of a journal, up to where it was read.

    Args:
        path: Folder of the journal.

    Raises:
        JournalError: If there is no journal, or it is of another version of onetape.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        self._path = Path(path)
        self._tape = MarketTape(path, KINDS)
        #: Whether the journal's writer died inside an entry: what stands before it was read.
        self.is_torn = False
        self._tops, self._prints = _Grown(TOP_DTYPE), _Grown(PRINT_DTYPE)
        self._depths = _Grown(DEPTH_DTYPE)
        self._own = {kind.KIND: _Grown(row_dtype(kind)) for kind in KINDS}
        self._texts: dict[int, list[bytes]] = {kind.KIND: [] for kind in _WITH_TEXT}
        #: Number of the last entry that was read; 0 before the first.
        self.last_seq = 0
        #: Its time, in nanoseconds since the Unix epoch.
        self.last_ts_ns = 0
        #: What the tape could not use, see the core's `TapeCounts`.
        self.counts: dict[str, int] = {}

    def read(self, seq_max: int = SEQ_END) -> int:
        """Read what is there and was not read yet.

        Args:
            seq_max: Last entry wanted.

        Returns:
            How many entries that was.

        Raises:
            JournalCorruptError: If an entry is damaged, and not the last one, torn by a crash.
            JournalGapError: If a segment is missing.
        """
        before, at_end = self.last_seq, False
        while not at_end:
            try:
                found = self._tape.take(seq_max=seq_max)
            except JournalCorruptError:
                report = verify(self._path)
                self.is_torn = report.tail == "torn" and not report.findings
                if self.is_torn:
                    break
                raise
            at_end = found.at_end
            self._tops.add(found.tops)
            self._prints.add(found.prints)
            self._depths.add(found.depths)
            for kind, (rows, tails) in found.events.items():
                self._own[kind].add(rows)
                if kind in self._texts:
                    self._texts[kind].append(tails)
            if found.last is not None:
                self.last_seq, self.last_ts_ns = found.last
            self.counts = found.counts
        return self.last_seq - before

    @property
    def tops(self) -> Column:
        """Changes of the best prices, `TOP_DTYPE`."""
        return self._tops.rows

    @property
    def prints(self) -> Column:
        """Trades of the market, `PRINT_DTYPE`."""
        return self._prints.rows

    @property
    def depths(self) -> Column:
        """What was shown where orders went, `DEPTH_DTYPE`."""
        return self._depths.rows

    def rows(self, kind: type[Event]) -> Column:
        """Return the events of one of `KINDS`, as `onetape.journal.Journal.read` gives them."""
        return self._own[kind.KIND].rows

    def texts(self, kind: type[Event]) -> list[bytes]:
        """Return the tails of the events of a kind."""
        whole = self.text(kind)
        ends = np.cumsum(self.rows(kind)["tail_bytes"], dtype=np.int64).tolist()
        return [whole[a:b] for a, b in zip([0, *ends], ends, strict=False)]

    def text(self, kind: type[Event]) -> bytes:
        """Return the tails of the events of a kind, one after the other."""
        parts = self._texts[kind.KIND]
        if len(parts) != 1:
            self._texts[kind.KIND] = parts = [b"".join(parts)]
        return parts[0]
