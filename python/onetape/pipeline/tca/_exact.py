# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Whole numbers that do not overflow: 64 bits where they are enough, Python's own where not.

Every figure of execution quality is a sum over a sum. Both are exact, whatever the ticks and lots:
the only rounding is that of the one division at the end.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

Column = np.ndarray[Any, Any]

#: Results below this fit 64 bits with room for one sign and one carry.
_SAFE = 1 << 62


def _largest(values: Column) -> int:
    """Return the largest absolute value; 0 of nothing."""
    if not len(values):
        return 0
    return max(abs(int(values.max())), abs(int(values.min())))


def times(left: Column, right: Column) -> Column:
    """Return the products, exact.

    Examples:
        >>> times(np.array([1 << 40]), np.array([1 << 40]))[0] == 1 << 80
        True
    """
    if _largest(left) * _largest(right) < _SAFE:
        product: Column = left.astype(np.int64) * right.astype(np.int64)
    else:
        product = left.astype(object) * right.astype(object)
    return product


def plus(left: Column, right: Column) -> Column:
    """Return the sums, exact."""
    if _largest(left) + _largest(right) < _SAFE:
        total: Column = left.astype(np.int64) + right.astype(np.int64)
    else:
        total = left.astype(object) + right.astype(object)
    return total


def minus(left: Column, right: Column) -> Column:
    """Return the differences, exact."""
    return plus(left, -right)


def totals(values: Column, codes: Column, count: int) -> Column:
    """Return the sum of the values of each code from 0 to `count` - 1, exact."""
    is_small = _largest(values) * max(len(values), 1) < _SAFE
    out = np.zeros(count, np.int64 if is_small else object)
    np.add.at(out, codes, values.astype(out.dtype))
    return out


def running(values: Column) -> Column:
    """Return 0 and then the sum of the first, of the first two, and so on, exact."""
    is_small = _largest(values) * max(len(values), 1) < _SAFE
    dtype: type = np.int64 if is_small else object
    return np.concatenate([np.zeros(1, dtype), np.cumsum(values.astype(dtype), dtype=dtype)])


def ratio(numerator: int, denominator: int, factor: int = 1) -> float | None:
    """Return `factor` times the quotient, rounded once; None where there is nothing to divide by.

    Examples:
        >>> ratio(1, 4, 10_000), ratio(1, 0)
        (2500.0, None)
    """
    if denominator == 0:
        return None
    return float(Fraction(factor * numerator, denominator))
