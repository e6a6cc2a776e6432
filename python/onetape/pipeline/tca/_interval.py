# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How far off a weighted mean may be: 95 % intervals of sums over sums.

Fills that follow one another within a horizon are judged by nearly the same mid: they are one
observation, not many. So fills of one instrument within one block of time are added up first, and
what counts is how blocks differ (the linearised variance of a ratio, Student's t for the few).
"""

from __future__ import annotations

import numpy as np

from onetape.pipeline.tca._exact import Column

#: Below so many blocks there is no interval.
BLOCKS_MIN = 5
#: 97.5 % of a normal distribution lie below.
_NORMAL = 1.959963984540054


def half_width(
    above: Column, below: Column, codes: Column, blocks: tuple[Column, Column], count: int
) -> list[float | None]:
    """Return half the width of the 95 % interval of Σ above / Σ below, of each group.

    Args:
        above: What is added up above.
        below: What is added up below.
        codes: Group of each row, from 0 to `count` - 1.
        blocks: Two columns; rows of a group where both are equal are one observation.
        count: How many groups.
    """
    out: list[float | None] = [None] * count
    order = np.lexsort([blocks[1], blocks[0], codes])
    if not len(order):
        return out
    columns = [column[order] for column in (codes, *blocks)]
    changed = np.zeros(len(order), bool)
    changed[0] = True
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    starts = np.flatnonzero(changed)
    sums = np.add.reduceat(above[order], starts)
    bases = np.add.reduceat(below[order], starts)
    groups = columns[0][starts]
    for code in np.unique(groups).tolist():
        mine = groups == code
        number, base = int(mine.sum()), float(bases[mine].sum())
        if number < BLOCKS_MIN or base == 0:
            continue
        left_over = sums[mine] - sums[mine].sum() / base * bases[mine]
        variance = number / (number - 1) * float((left_over**2).sum())
        out[code] = student(number - 1) * variance**0.5 / abs(base)
    return out


def student(freedom: int) -> float:
    """Return Student's t below which 97.5 % lie, for four degrees of freedom or more.

    Within 0.2 % of the exact value (Abramowitz and Stegun, 26.7.5).

    Examples:
        >>> round(student(4), 2), round(student(30), 3), round(student(10_000), 2)
        (2.78, 2.042, 1.96)
    """
    z, n = _NORMAL, float(freedom)
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92_160 * n**4)
    )
