# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The check of a whole journal: every byte, the order, the chain of hashes."""

from __future__ import annotations

from os import PathLike
from typing import Literal

import msgspec

from onetape import _native
from onetape.errors import JournalCorruptError, JournalError

_HASH_BYTES = 32


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong.

    Attributes:
        segment: The segment's number.
        path: Its file.
        offset: Byte in the file: the damaged one where that can be said, else where the damaged
            part begins.
        what: What was expected and what was found.
    """

    segment: int
    path: str
    offset: int
    what: str


class VerifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found.

    Attributes:
        segments: Segments looked at.
        segments_sealed: Of these, sealed ones.
        entries: Whole entries.
        bytes: Bytes of the segment files.
        last_seq: Last whole entry; 0 if none.
        head: Chain hash of the last sealed segment, in hex: keep it elsewhere, give it back later.
        head_found: Number of the segment whose chain hash is the one that was given.
        tail: `sealed`; `open` (a writer is at work); `unsealed` (it was not closed, every entry is
            whole); `torn` (the writer died inside an entry).
        torn_bytes: Bytes that the next opening for append will cut.
        findings: What is wrong; empty when nothing is.
    """

    segments: int
    segments_sealed: int
    entries: int
    bytes: int
    last_seq: int
    head: str
    head_found: int | None
    tail: Literal["sealed", "open", "unsealed", "torn"]
    torn_bytes: int
    findings: list[Finding]

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong. A torn tail is no damage: no whole entry is lost."""
        return not self.findings

    def raise_if_damaged(self) -> None:
        """Raise when something is wrong.

        Raises:
            JournalCorruptError: If there is a finding; it names the first.
        """
        if self.findings:
            first = self.findings[0]
            more = f" (and {len(self.findings) - 1} more)" if len(self.findings) > 1 else ""
            raise JournalCorruptError(
                f"{first.path}, byte {first.offset}: {first.what}{more}",
                code="JRN-002",
                hint="restore the file from a copy",
            )


def verify(path: str | PathLike[str], *, head: str | None = None) -> VerifyReport:
    """Check a whole journal.

    Args:
        path: Folder of the journal.
        head: Chain hash, in hex, that was kept elsewhere: one of the segments must have it.

    Raises:
        JournalError: If there is no journal, or `head` is not 64 hex digits.
    """
    raw = _native.journal_verify(path, None if head is None else _hash_from(head))
    findings = [
        Finding(segment=segment, path=file, offset=offset, what=what)
        for segment, file, offset, what in raw.pop("findings")
    ]
    return VerifyReport(head=bytes(raw.pop("head")).hex(), findings=findings, **raw)


def _hash_from(head: str) -> bytes:
    try:
        value = bytes.fromhex(head)
    except ValueError:
        value = b""
    if len(value) != _HASH_BYTES:
        raise JournalError(
            f"expected a chain hash of 64 hex digits, found {head!r}",
            code="JRN-011",
            hint="copy it from `onetape journal info`",
        )
    return value
