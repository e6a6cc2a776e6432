# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""VWAP: as much in every part of the time as the market is expected to trade in it."""

from __future__ import annotations

from collections.abc import Iterable

from onetape.trading.algorithms.schedule import by_weights
from onetape.trading.algorithms.scheduled import Scheduled


class Vwap(Scheduled):
    """Slices by a volume curve.

    Attributes:
        curve: What is expected to trade in each part, in any unit; `curve_of` makes one of trades.
    """

    curve: tuple[float, ...] = (5, 3, 2, 2, 2, 2, 2, 2, 2, 2, 3, 5)

    def targets(self) -> list[int]:
        """Return steps by the curve, lots."""
        return by_weights(self.qty, self.curve, self.lot)


def curve_of(
    trades: Iterable[tuple[int, int]], begin_ns: int, seconds: float, parts: int
) -> list[int]:
    """Return how much traded in each part of a time, lots: of another day, the curve of today.

    Args:
        trades: Time, ns, and quantity, lots, of each trade.
        begin_ns: Where the first part begins, ns since the Unix epoch.
        seconds: Length of all parts together, s.
        parts: How many there are.
    """
    length_ns = int(seconds * 1_000_000_000 / parts)
    volumes = [0] * parts
    for ts_ns, qty in trades:
        part = (ts_ns - begin_ns) // length_ns
        if 0 <= part < parts:
            volumes[part] += qty
    return volumes
