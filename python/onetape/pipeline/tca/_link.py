# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Finds which row goes with which: by one or two keys, all rows at once."""

from __future__ import annotations

import numpy as np

from onetape.pipeline.tca._exact import Column


def keys(*tables: tuple[Column, Column]) -> list[Column]:
    """Return one number for each pair, the same for equal pairs, over several tables.

    Examples:
        >>> left, right = keys((np.array([1, 2]), np.array([5, 5])), (np.array([2]), np.array([5])))
        >>> left[1] == right[0], left[0] == right[0]
        (np.True_, np.False_)
    """
    first = np.concatenate([table[0].astype(np.uint64) for table in tables])
    second = np.concatenate([table[1].astype(np.uint64) for table in tables])
    order = np.lexsort([second, first])
    changed = np.zeros(len(order), np.int64)
    changed[1:] = (first[order][1:] != first[order][:-1]) | (
        second[order][1:] != second[order][:-1]
    )
    codes = np.empty(len(order), np.int64)
    codes[order] = np.cumsum(changed)
    ends = np.cumsum([len(table[0]) for table in tables])[:-1]
    return np.split(codes, ends)


def groups(columns: list[Column]) -> tuple[Column, Column]:
    """Return the different rows of some columns, sorted, and which of them each row is.

    Examples:
        >>> rows, which = groups([np.array([2, 1, 2]), np.array([5, 5, 5])])
        >>> rows.tolist(), which.tolist()
        ([[1, 5], [2, 5]], [1, 0, 1])
    """
    values: list[Column] = []
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        found, place = np.unique(column, return_inverse=True)
        values.append(found)
        code = code * max(len(found), 1) + place
    known, which = np.unique(code, return_inverse=True)
    parts = []
    for found in reversed(values):
        known, place = np.divmod(known, max(len(found), 1))
        parts.append(found[place] if len(found) else place)
    return np.column_stack(parts[::-1]), which


def find(known: Column, wanted: Column) -> Column:
    """Return the last place in `known` (any order) of each of `wanted`; -1 where it is not there.

    Examples:
        >>> find(np.array([7, 3, 7]), np.array([7, 4])).tolist()
        [2, -1]
    """
    if not len(known):
        return np.full(len(wanted), -1)
    order = np.argsort(known, kind="stable")
    at = np.searchsorted(known[order], wanted, "right") - 1
    place = order[np.maximum(at, 0)]
    return np.where((at >= 0) & (known[place] == wanted), place, -1)


def find_before(known: Column, seqs: Column, wanted: Column, wanted_seqs: Column) -> Column:
    """Return the last place of each key whose entry is before the one that asks; -1 for none.

    Args:
        known: Keys, by entry.
        seqs: Their entries, rising.
        wanted: Keys that are looked for.
        wanted_seqs: The entries that ask.
    """
    if not len(known):
        return np.full(len(wanted), -1)
    order = np.argsort(known, kind="stable")
    # Places instead of entries: key and place fit one number.
    before = np.searchsorted(seqs, wanted_seqs, "left")
    span = len(known) + 1
    at = np.searchsorted(known[order] * span + order, wanted * span + before, "left") - 1
    place = order[np.maximum(at, 0)]
    return np.where((at >= 0) & (known[place] == wanted), place, -1)


def find_after(known: Column, seqs: Column, wanted: Column, wanted_seqs: Column) -> Column:
    """Return the first place of each key whose entry is after the one that asks; -1 for none."""
    if not len(known):
        return np.full(len(wanted), -1)
    order = np.argsort(known, kind="stable")
    after = np.searchsorted(seqs, wanted_seqs, "right")
    span = len(known) + 1
    at = np.searchsorted(known[order] * span + order, wanted * span + after, "left")
    place = order[np.minimum(at, len(order) - 1)]
    return np.where((at < len(order)) & (known[place] == wanted), place, -1)


def roots(parents: Column) -> Column:
    """Return the first of each chain; a parent of -1 is none. Each step follows twice as far."""
    own = np.arange(len(parents))
    root = np.where(parents >= 0, parents, own)
    while True:
        further = root[root]
        if (further == root).all():
            return root
        root = further


def take(column: Column, places: Column, absent: int) -> Column:
    """Return the values at some places; `absent` where the place is -1."""
    if not len(column):
        return np.full(len(places), absent)
    return np.where(places >= 0, column[np.maximum(places, 0)], absent)
