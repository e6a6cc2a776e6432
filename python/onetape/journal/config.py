# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The section of a journal's configuration. Defaults stand here and nowhere else."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from onetape.config import meta


class JournalConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[journal]: how the order of events is kept."""

    mode: Annotated[
        Literal["async", "fsync"],
        meta("What is durable: async leaves it to the page cache, fsync commits in groups."),
    ] = "async"
    segment_bytes: Annotated[
        int, meta("Size of one segment file.", unit="bytes", ge=1 << 16, le=1 << 32)
    ] = 64 << 20
    snapshot_every: Annotated[
        int,
        meta("Entries of market data between two snapshots; 0 takes none.", unit="entries", ge=0),
    ] = 0
