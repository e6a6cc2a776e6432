# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Which number a name has in a node's journal: once given, it stays, as long as the folder does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from onetape.exchange.control import NAMES


def given_before(folder: Path, journal: Path, kind: str) -> dict[str, int]:
    """Return the numbers that a node in this folder has given, by name; none without a journal.

    The journal is the authority: the engine compares, and refuses what differs.

    Args:
        folder: The node's.
        journal: Of its journal: who deletes it begins anew.
        kind: "strategies", "venues" or "instruments".
    """
    if not journal.exists():
        return {}
    try:
        names = json.loads((folder / NAMES).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    found = names.get(kind, {}) if isinstance(names, dict) else {}
    return {str(name): int(at) for name, at in found.items()}


def numbered(names: Iterable[str], before: Mapping[str, int]) -> dict[str, int]:
    """Return a number for each name: the one that it had, or the next that nobody had."""
    numbers = dict(before)
    for name in names:
        if name not in numbers:
            numbers[name] = max(numbers.values(), default=0) + 1
    return numbers
