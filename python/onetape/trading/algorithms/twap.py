# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""TWAP: as much in every part of the time."""

from onetape.trading.algorithms.schedule import even
from onetape.trading.algorithms.scheduled import Scheduled


class Twap(Scheduled):
    """Equal slices. `jitter_percent` and `seed` keep others from setting their clock by it."""

    def targets(self) -> list[int]:
        """Return equal steps, lots."""
        return even(self.qty, self.parts, self.lot)
