# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Signed sets of limits for a running node: verified here, in the engine's process, and then taken.

What is in force is kept as it was signed, in the node's folder: the next set is measured by it. The
journal holds it, too.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from onetape import events
from onetape.errors import ConfigError
from onetape.live.definitions import scope_ids
from onetape.risk.limit_file import load_limits, read_file, read_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from onetape.live.config import LiveConfig
    from onetape.risk.limit_set import LimitSet


class LimitReader:
    """Reads and verifies limit files for one node.

    Args:
        live: The node's configuration.
        folder: The node's folder.
        base: Folder that paths of the configuration are relative to; None for the working one.
        strategies: Ids of strategies, by name.
    """

    def __init__(
        self, live: LiveConfig, folder: Path, base: Path | None, strategies: Mapping[str, int]
    ) -> None:
        self._live, self._kept = live, folder / "limits"
        self._strategies = strategies
        self._base = base or Path()

    def first(self) -> bytes | None:
        """Return the set that the configuration names, as the body of a LimitsTaken.

        Raises:
            ConfigError: If it may not come into force.
        """
        if not self._live.limits_file:
            return None
        return self.read(self._base / self._live.limits_file, "the configuration", 0, 0)

    def read(self, path: Path, user: str, version: int, digest: int) -> bytes:
        """Return a file's set as the body of a LimitsTaken, once it is certain that it may be.

        Args:
            path: The file.
            user: Who hands it in.
            version: Version of the set in force; 0 where there is none.
            digest: Its hash, as the journal has it.

        Raises:
            ConfigError: If it may not come into force.
        """
        if not self._live.limits_keys:
            raise ConfigError(
                "live.limits_keys: expected a file of keys, found none",
                code="LIV-031",
                hint="name a TOML file with [people]; make keys with: onetape limits key PERSON",
            )
        keys = read_keys(self._base / self._live.limits_keys)
        last = self._in_force(version, digest) if version else None
        limits = load_limits(path, keys, last, time.time_ns())
        changed = list(self._changes(last, limits))
        text = path.read_bytes()
        self._keep(limits.version, text)
        taken = events.LimitsTaken(
            version=limits.version,
            hash=limits.hash(),
            valid_from_ns=limits.valid_from_ns,
            valid_to_ns=limits.valid_to_ns,
            entries=len(changed),
            file_bytes=len(text),
            profile=limits.profile,
            signers=len(limits.signers),
            reserved1=0,
            reserved2=0,
        )
        entries = b"".join(event.pack() for event in changed)
        return taken.pack() + entries + text + user.encode()

    def _changes(self, last: LimitSet | None, limits: LimitSet) -> list[events.ScopeLimitSet]:
        """Return every limit of a set, and the withdrawal of those that only the last one had."""
        before, after = last.values() if last else {}, limits.values()
        found = []
        for scope, name, limit in sorted({*before, *after}):
            value = after.get((scope, name, limit), -1)
            found += [
                events.ScopeLimitSet(value=value, id=at, limit=limit, scope=scope, reserved=0)
                for at in scope_ids(self._live, scope, name, self._strategies)
            ]
        return found

    def _in_force(self, version: int, digest: int) -> LimitSet:
        """Return the set in force, as it was signed."""
        path = self._kept / f"{version}.json"
        found = read_file(path)[0] if path.exists() else None
        if found is None or found.hash() != digest:
            raise ConfigError(
                f"{path}: expected the set of limits in force, version {version}, found "
                f"{'another' if found else 'none'}",
                code="LIV-031",
                hint="put the signed file back there: what it loosens cannot be told without it",
            )
        return found

    def _keep(self, version: int, text: bytes) -> None:
        """Keep a file as it was signed."""
        self._kept.mkdir(parents=True, exist_ok=True)
        beside = self._kept / f"{version}.part"
        beside.write_bytes(text)
        beside.replace(self._kept / f"{version}.json")
