# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
<<<<<<< HEAD
"""Market data in: what a run is fed with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from onetape._native import MarketSource
from onetape.errors import DecodeError

__all__ = ["OpenedSource", "open_source"]


@dataclass(frozen=True)
class OpenedSource:
    """A source that a run can take, once.

    Attributes:
        native: The source itself.
        description: What it is, for people.
        midnight_ns: Midnight that ITCH times count from, ns since the Unix epoch; None for others.
    """

    native: MarketSource
    description: str
    midnight_ns: int | None


@contextmanager
def open_source(
    path: str | None, *, date: str | None = None, seed: int = 1, messages: int | None = None
) -> Iterator[OpenedSource]:
    """Open market data; without a path, a seeded synthetic flow.

    Raises:
        DecodeError: If the data is of no known format.
    """
    del date
    if path is not None:
        raise DecodeError(f"{path}: no format is known yet", code="SRC-001")
    native = MarketSource.synthetic(seed, messages=messages)
    yield OpenedSource(native, f"synthetic flow, seed {seed}", native.midnight_ns)
=======
"""Other markets in: files of market data, recognised by what is in them, opened for a run.

It decides once per file. What runs once per message is native (`onetape._native.MarketSource`) or a
batch of NumPy columns.
"""

from onetape.feed._day import midnight_ns
from onetape.feed._open import FORMATS, open_source
from onetape.feed._source import Source

__all__ = ["FORMATS", "Source", "midnight_ns", "open_source"]
>>>>>>> ba4c471 (Open market data by what is in it: ITCH, captures, LOBSTER, decoded events, DBN)
