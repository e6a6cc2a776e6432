# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Runs a journal again, from the journal alone, and compares every output and every state hash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from onetape import _native
from onetape.errors import ConfigError, JournalCorruptError
from onetape.journal.mismatch import entry_mismatch


class ReplayResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay found.

    Attributes:
        journal: Folder of the journal.
        state_hash: Digest of the final state, 16 hexadecimal digits.
        entries: Entries taken in.
        hashes: State hashes that were compared.
        from_snapshot: Sequence number of the snapshot it began at; None for the first entry.
        outputs_missing: Outputs of the last input that the journal does not hold: it was cut off.
    """

    journal: str
    state_hash: str
    entries: int
    hashes: int
    from_snapshot: int | None
    outputs_missing: int


def replay(
    journal: str | Path,
    *,
    from_snapshot: bool = False,
    progress: Callable[[int], None] | None = None,
) -> ReplayResult:
    """Run a journal again and return what was found.

    Args:
        journal: Folder of the journal.
        from_snapshot: Begin at the newest whole snapshot instead of the first entry.
        progress: Called now and then with the entries done.

    Raises:
        JournalError: If the journal cannot be read.
        ReplayMismatchError: If an output or a state hash differs; it names the first that does.
    """
    folder = Path(journal)
    native = _native.replay(
        folder, _engine_options(folder), from_snapshot=from_snapshot, progress=progress
    )
    if native["mismatch"] is not None:
        raise entry_mismatch(folder, *native["mismatch"])
    del native["mismatch"]
    return ReplayResult(journal=str(folder), **native)


def _engine_options(folder: Path) -> dict[str, int]:
    """Read the engine's limits from the configuration that is the journal's first entry."""
    text = _native.read_config(folder)
    try:
        options: dict[str, int] = msgspec.json.decode(text)["engine"]
        is_remote = options.pop("remote", False)
    except (msgspec.DecodeError, KeyError, TypeError) as err:
        raise JournalCorruptError(
            f"{folder}: entry 1 holds no configuration of a run",
            code="RPL-004",
            hint="only the journal of a run or an exchange is replayed; see `onetape journal info`",
        ) from err
    if is_remote:
        raise ConfigError(
            f"{folder}: expected a run on data, found one that traded over a wire ([venue])",
            code="RPL-006",
            hint="replay it with the onetape that wrote it; a live node does that work now",
        )
    return options
