# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An alert: what was seen, who did it, and the entries that prove it."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person should look at. It accuses nobody: patterns have honest causes too.

    Attributes:
        rule: Which rule: `wash`, `layering`, `spoofing`, `marking_close`, `order_to_trade`.
        date: The trading day, as yyyymmdd.
        firm: Short name of the firm.
        others: Short names of other firms that took part; may be empty.
        ports: Ids of the firm's ports that took part.
        symbol: The instrument; empty when it is about all.
        start_ts_ns: First entry's time, in nanoseconds since the Unix epoch.
        end_ts_ns: Last entry's time.
        what: One sentence.
        figures: What was measured, by name.
        thresholds: What it was measured against, by the name of the configuration's key.
        seqs: The entries that prove it, in order; at most `evidence_max`.
        seqs_total: How many there are.
    """

    rule: str
    date: int
    firm: str
    others: list[str]
    ports: list[int]
    symbol: str
    start_ts_ns: int
    end_ts_ns: int
    what: str
    figures: dict[str, int | float]
    thresholds: dict[str, int]
    seqs: list[int]
    seqs_total: int


class Evidence(msgspec.Struct, frozen=True):
    """Entries that prove something.

    Attributes:
        seqs: Sequence numbers, in order, each once; at most so many as an alert may name.
        total: How many there are.
    """

    seqs: list[int]
    total: int


def evidence(parts: list[np.ndarray[Any, Any]], entries_max: int) -> Evidence:
    """Return the entries of all parts, in order, each once; 0 stands for none."""
    whole = np.unique(np.concatenate(parts)) if parts else np.empty(0, np.uint64)
    seqs = whole[whole != 0]
    return Evidence(seqs[:entries_max].tolist(), len(seqs))
