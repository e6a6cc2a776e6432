# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Implementation shortfall: before the market runs away, and not so soon that it is pushed."""

from onetape.trading.algorithms.schedule import almgren_chriss, urgency_of
from onetape.trading.algorithms.scheduled import Scheduled


class Shortfall(Scheduled):
    """Slices that fall off: the optimum of Almgren and Chriss (2000).

    Attributes:
        urgency: Kappa times the time: 0 is TWAP, 1 mild, 5 hasty; below 0 it is worked out of the
            model's own figures, below.
        risk_aversion: Lambda, 1 / (tick lots).
        volatility: Sigma, ticks per square root of a second.
        impact: Eta, ticks per lot a second.
    """

    urgency: float = 2.0
    risk_aversion: float = 1e-6
    volatility: float = 100.0
    impact: float = 1.0

    def targets(self) -> list[int]:
        """Return the optimal steps, lots."""
        urgency = self.urgency
        if urgency < 0:
            model = self.risk_aversion, self.volatility, self.impact
            urgency = urgency_of(*model, self.seconds, self.parts)
        return almgren_chriss(self.qty, self.parts, urgency, self.lot)
