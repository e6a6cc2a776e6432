# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`ExecutionQuality`: how well a journal's orders were done, so far or to the end."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from onetape.pipeline.tca._facts import Facts, Fees, work_out
from onetape.pipeline.tca._metrics import Group, measure
from onetape.pipeline.tca._names import DIMENSIONS
from onetape.pipeline.tca._recording import Recording
from onetape.pipeline.tca._report import Report, report_of
from onetape.tape import SEQ_END


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
        self._path = str(journal)
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
    def is_torn(self) -> bool:
        """Whether the writer died inside the last entry; all before it was taken in."""
        return self._recording.is_torn

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

    def report(self, by: Sequence[str] = tuple(DIMENSIONS)) -> Report:
        """Return everything there is to say so far.

        Args:
            by: Dimensions to tell groups apart by; several in one, joined by commas, together.

        Raises:
            ConfigError: If a dimension is unknown.
        """
        return report_of(self.facts, self._path, self.last_seq, self.counts, by)

    def write(self, folder: str | PathLike[str], report: Report | None = None) -> list[Path]:
        """Write `execution-quality.html` and Parquet files of figures and facts.

        Args:
            folder: Where to; made if need be.
            report: What `report` gave; None to ask it now.

        Returns:
            The files. One that is there is replaced, and only once the new one is whole.
        """
        from onetape.pipeline.tca._page import write_page  # noqa: PLC0415 - live counters need no page
        from onetape.pipeline.tca._tables import write_tables  # noqa: PLC0415 - nor Arrow

        shown, target = report or self.report(), Path(folder)
        page = write_page(shown, target / "execution-quality.html")
        return [page, *write_tables(shown, self.facts, target)]
