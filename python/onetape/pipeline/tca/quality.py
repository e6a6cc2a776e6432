# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`ExecutionQuality`: how well a journal's orders were done, so far or to the end."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from onetape.pipeline.tca._facts import Facts, Fees, work_out
from onetape.pipeline.tca._metrics import Group, measure
from onetape.pipeline.tca._recording import SEQ_END, Recording


class ExecutionQuality:
    """Reads a journal on, and measures what is there.

    The journal may be of a backtest, a paper or a live run, and may still be written: `update`
    takes in what is new, and every figure is that of the journal up to there. A torn tail is read
    up to the last whole entry.

    Args:
        journal: Folder of the journal.
        fees: (maker, taker) in thousandths of a basis point of the value, below zero for a rebate:
            for fills whose venue does not say what they cost. None: these are not known.

    Raises:
        JournalError: If there is no journal, or it is of another version of onetape.
    """

    def __init__(
        self, journal: str | PathLike[str], *, fees: tuple[int, int] | None = None
    ) -> None:
        self._recording = Recording(journal)
        self._fees = Fees(fees) if fees is not None else None
        self._facts: Facts | None = None

    def update(self, *, seq_max: int = SEQ_END) -> int:
        """Take in what was written since the last call, and return how many entries that was.

        Args:
            seq_max: Last entry wanted.

        Raises:
            JournalCorruptError: If an entry is damaged; what stands before it was taken in.
            JournalGapError: If a segment is missing.
        """
        read = self._recording.read(seq_max)
        if read:
            self._facts = None
        return read

    @property
    def last_seq(self) -> int:
        """Number of the last entry that was taken in; 0 before the first."""
        return self._recording.last_seq

    @property
    def facts(self) -> Facts:
        """Orders, fills, refusals and messages with all that they are judged by."""
        if self._facts is None:
            self._facts = work_out(self._recording, self._fees)
        return self._facts

    @property
    def counts(self) -> dict[str, int]:
        """Messages of market data, and what of it could not be used."""
        return dict(self._recording.counts)

    def measure(self, by: Sequence[str] = ()) -> list[Group]:
        """Return the figures of each group.

        Args:
            by: Dimensions that tell the groups apart, see `DIMENSIONS`; none: one group a currency.

        Raises:
            ConfigError: If a dimension is unknown.
        """
        return measure(self.facts, by)
