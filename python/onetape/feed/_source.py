# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What an opened source is: the native source, and what people should know about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from onetape._native import MarketSource
from onetape.events import InstrumentDefined


def _nothing() -> dict[str, int]:
    return {}


@dataclass(frozen=True, kw_only=True)
class Source:
    """Market data, opened and not yet read.

    Attributes:
        native: What a run consumes.
        format: Name of the format, one of `FORMATS`.
        description: What it is, for people: one line.
        day: The day that times of day count from; None where the data has full times.
        day_from: Where `day` was found.
        midnight_ns: Midnight that times in ITCH messages count from, ns since the Unix epoch;
            None for data without them.
        instruments: Those known before the first message; empty where the feed names its own.
        made_counts: Gives what reading made up or mended so far, by name (recordings whose opening
            book nobody saw).
    """

    native: MarketSource
    format: str
    description: str
    day: dt.date | None = None
    day_from: str = ""
    midnight_ns: int | None = None
    instruments: tuple[InstrumentDefined, ...] = ()
    made_counts: Callable[[], dict[str, int]] = field(default=_nothing)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.native.close()
