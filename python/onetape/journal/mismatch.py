# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An entry that a replay makes otherwise, in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from onetape.errors import ReplayMismatchError
from onetape.events import EVENTS


def entry_mismatch(
    folder: Path, seq: int, made: tuple[int, bytes] | None, found: tuple[int, bytes] | None
) -> ReplayMismatchError:
    """Return the error that says which entry differs: field by field if both are of one kind.

    Args:
        folder: Folder of the journal.
        seq: The entry.
        made: Kind and body that the replay made there; None for nothing.
        found: Kind and body that the journal has; None for an input, or its end.
    """
    if made is not None and found is not None and made[0] == found[0]:
        how = f"{_name(found[0])} differs in " + _fields(found[0], made[1], found[1])
    else:
        how = f"the journal has {_text(found)}, the replay made {_text(made)}"
    return ReplayMismatchError(
        f"{folder}: entry {seq}: {how}",
        code="RPL-001",
        hint="the journal was made by another version, or this is a bug: keep it and report it",
    )


def _name(kind: int) -> str:
    return EVENTS[kind].__name__ if kind in EVENTS else f"kind {kind}"


def _text(entry: tuple[int, bytes] | None) -> str:
    if entry is None:
        return "nothing (an input or the end)"
    return str(EVENTS[entry[0]].unpack(entry[1])) if entry[0] in EVENTS else _name(entry[0])


def _fields(kind: int, made: bytes, found: bytes) -> str:
    a: Any = EVENTS[kind].unpack(made)
    b: Any = EVENTS[kind].unpack(found)
    pairs = [(n, getattr(b, n), getattr(a, n)) for n in a.__struct_fields__]
    return ", ".join(
        f"{name}: the journal has {had}, the replay made {made_value}"
        for name, had, made_value in pairs
        if had != made_value
    )
