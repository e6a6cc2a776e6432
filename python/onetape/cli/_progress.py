# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""A progress bar on standard error, and only where a person looks at it."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """Shows how far a run is: share done where it is known, messages, rate, time left.

    Args:
        what: What is being done, one word.
        shown: False to show nothing, whatever standard error is.
    """

    def __init__(self, what: str, *, shown: bool = True) -> None:
        self._what = what
        self._shown = shown and sys.stderr.isatty()
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._began = time.perf_counter()

    def __enter__(self) -> Bar:
        if self._shown:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f}%"),
                TextColumn("{task.fields[messages]:>14,} messages"),
                TextColumn("{task.fields[rate]:>11,.0f}/s"),
                TextColumn("{task.fields[left]:>9}"),
                console=Console(stderr=True),
                transient=True,
            )
            self._progress.start()
            self._task = self._progress.add_task(
                self._what, total=None, messages=0, rate=0.0, left=""
            )
        return self

    def update(self, messages: int, bytes_done: int, bytes_total: int | None) -> None:
        """Show that so many messages are done, and bytes of the source out of its total."""
        if self._progress is None or self._task is None:
            return
        elapsed_s = max(time.perf_counter() - self._began, 1e-9)
        # The total may be an estimate that moves, so the time left is taken from the whole run.
        left = ""
        if bytes_total and bytes_done:
            left_s = elapsed_s * max(bytes_total - bytes_done, 0) / bytes_done
            left = f"{left_s // 60:.0f}:{left_s % 60:02.0f} left"
        self._progress.update(
            self._task,
            completed=bytes_done,
            total=bytes_total,
            messages=messages,
            rate=messages / elapsed_s,
            left=left,
        )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        err: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()
