# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How much of an order is to be done when: whole lots, adding up to the order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise


def by_weights(qty: int, weights: Sequence[float | Fraction], lot: int = 1) -> list[int]:
    """Return what is to be done in all by the end of each part, in lots.

    Args:
        qty: The order, lots.
        weights: The share of each part, in any unit; none below 0, not all 0.
        lot: Parts are multiples of it, but for the last one that has any.

    Raises:
        ValueError: If there is no weight, or one is below 0.
    """
    exact = [Fraction(weight) for weight in weights]
    total = sum(exact)
    if total <= 0 or min(exact) < 0:
        raise ValueError(f"expected weights of 0 and more, not all 0, found {list(weights)}")
    targets, done = [], Fraction(0)
    for weight in exact:
        done += weight
        # All of it once the weights are used up, whatever does not divide.
        targets.append(qty if done == total else int(qty * done / total) // lot * lot)
    return targets


def even(qty: int, parts: int, lot: int = 1) -> list[int]:
    """Return what is to be done in all by the end of each of equal parts, in lots: TWAP."""
    return by_weights(qty, [1] * parts, lot)


def almgren_chriss(qty: int, parts: int, urgency: float, lot: int = 1) -> list[int]:
    """Return what is to be done in all by the end of each part, in lots: an efficient schedule.

    It is that of Almgren and Chriss (2000), "Optimal execution of portfolio transactions", eq. 17.
    What is left after the part j of n is `qty * sinh(urgency * (1 - j / n)) / sinh(urgency)`.

    Args:
        qty: The order, lots.
        parts: Parts of equal time.
        urgency: Kappa times the whole time, without a unit: 0 is TWAP; 1 is mild, 5 is hasty.
        lot: Parts are multiples of it, but for the last one that has any.
    """
    if urgency == 0:
        return even(qty, parts, lot)
    left = [1.0] + [_sinh_ratio(urgency, 1 - done / parts) for done in range(1, parts + 1)]
    return by_weights(qty, [before - after for before, after in pairwise(left)], lot)


def urgency_of(
    risk_aversion: float, volatility: float, impact: float, seconds: float, parts: int
) -> float:
    """Return kappa times the whole time, by the model's own figures (equations 15 and 16).

    Args:
        risk_aversion: Lambda, 1 / (tick lots): how much variance is disliked.
        volatility: Sigma, ticks per square root of a second.
        impact: Eta, ticks per lot a second: what trading faster costs, for as long as it is fast.
        seconds: The whole time, s.
        parts: Parts of equal time.
    """
    step = seconds / parts
    squared = risk_aversion * volatility**2 / impact
    return math.acosh(1 + squared * step**2 / 2) / step * seconds


def _sinh_ratio(urgency: float, part: float) -> float:
    """Return sinh(urgency * part) / sinh(urgency), however large both are."""
    above = -math.expm1(-2 * urgency * part)
    return math.exp(urgency * (part - 1)) * above / -math.expm1(-2 * urgency)
