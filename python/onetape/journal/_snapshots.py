# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Snapshots beside the journal: the state of a component after some entry."""

from __future__ import annotations

import logging
from os import PathLike
from pathlib import Path

import msgspec

from onetape import _native

_log = logging.getLogger("onetape.journal")
_SEQ_MAX = 2**64 - 1


class SnapshotInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot file.

    Attributes:
        seq: Last entry in it.
        path: Its file.
        bytes: Bytes of the file.
    """

    seq: int
    path: Path
    bytes: int


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot that was read.

    Attributes:
        seq: Last entry whose effect is in the state.
        ts_ns: Time of that entry, in nanoseconds since the Unix epoch.
        state_hash: Digest of the state.
        schema_version: Version of the schema.
        component_version: Version of the layout of the body, the component's own.
        body: The component's own bytes.
    """

    seq: int
    ts_ns: int
    state_hash: int
    schema_version: int
    component_version: int
    body: bytes


def list_snapshots(path: str | PathLike[str]) -> list[SnapshotInfo]:
    """Return the snapshots of a journal, oldest first; none is looked into."""
    return [
        SnapshotInfo(seq=seq, path=Path(file), bytes=size)
        for seq, file, size in _native.journal_snapshots(path)
    ]


def newest_snapshot(path: str | PathLike[str], seq_max: int = _SEQ_MAX) -> Snapshot | None:
    """Return the newest whole snapshot of entry `seq_max` or before.

    A broken one is passed over with a warning, and the one before it taken.
    """
    found, passed_over = _native.journal_snapshot_newest(path, seq_max)
    for what in passed_over:
        _log.warning("snapshot passed over", extra={"what": what})
    if found is None:
        return None
    seq, ts_ns, state_hash, schema_version, component_version, body = found
    return Snapshot(
        seq=seq,
        ts_ns=ts_ns,
        state_hash=state_hash,
        schema_version=schema_version,
        component_version=component_version,
        body=body,
    )


def write_snapshot(path: str | PathLike[str], snapshot: Snapshot) -> Path:
    """Write a snapshot beside a journal: there whole, or not at all.

    Raises:
        JournalFullError: If there is no room.
        JournalError: If the operating system refuses.
    """
    of = (snapshot.seq, snapshot.ts_ns, snapshot.state_hash)
    versions = (snapshot.schema_version, snapshot.component_version)
    return Path(_native.journal_snapshot_write(path, of, versions, snapshot.body))
