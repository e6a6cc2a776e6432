# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The whole error tree on one screen.

OnetapeError                   .code "JRN-002"  .hint what to do  .retryable
├── ConfigError                a value is wrong or unknown; nothing was started
├── ConversionError            a number or time has no exact value in these units
├── BookError                  an order book refused a call; it is unchanged
├── WireError                  bytes from outside break their specification
│   ├── DecodeError            a message, packet or file cannot be read
│   └── SessionError           the peer broke the session's rules
├── JournalError
│   ├── JournalCorruptError    a checksum, hash or length is wrong: says segment and byte
│   ├── JournalGapError        entries or segments are missing
│   ├── JournalFullError       the disk, or a limit, is full; what was committed is safe
│   └── JournalLockedError     another process writes it
├── ReplayMismatchError        two runs of one journal differ: stop, this is a bug
├── StrategyError              a strategy raised; it was stopped and its orders cancelled
├── VenueError                 a remote venue vanished or broke the protocol
└── ClusterError               no agreement (NotLeaderError, NoQuorumError later)

An outcome of trading (a rejected order, a limit hit) is an event with a reason, not an exception.
Codes are stable: PREFIX-NNN, listed in docs/reference/errors.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


class OnetapeError(Exception):
    """What every error of onetape is.

    Args:
        message: What was expected, what was found, and where.
        code: Stable code, such as `JRN-002`.
        hint: What to do about it; may be empty.
        retryable: Whether the same call may work later, unchanged.
    """

    def __init__(
        self, message: str, *, code: str = "OTP-000", hint: str = "", retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.retryable = retryable

    def __str__(self) -> str:
        text = f"{self.message} [{self.code}]"
        return f"{text}\n  what to do: {self.hint}" if self.hint else text


class ConfigError(OnetapeError):
    """A value is wrong or unknown; nothing was started."""


class ConversionError(OnetapeError, ValueError):
    """A number or time has no exact value in these units."""


class BookError(OnetapeError):
    """An order book refused a call; it is unchanged."""


class WireError(OnetapeError):
    """Bytes from outside break their specification."""


class DecodeError(WireError):
    """A message, packet or file cannot be read.

    Attributes:
        offset: Where it stands, in bytes from the start of the file, packet or stream.
        expected: What should stand there.
        found: What stands there.
        seen: What was read before it, where the call reads many.
    """

    offset: int = 0
    expected: str = ""
    found: str = ""
    seen: Sequence[Any] = ()


class SessionError(WireError):
    """The peer broke the session's rules.

    Attributes:
        seen: What came before it in the same call.
    """

    seen: Sequence[Any] = ()


class JournalError(OnetapeError):
    """Something is wrong with a journal."""


class JournalCorruptError(JournalError):
    """A checksum, hash or length is wrong."""


class JournalGapError(JournalError):
    """Entries or segments are missing."""


class JournalFullError(JournalError):
    """The disk, or a limit, is full; what was committed is safe."""


class JournalLockedError(JournalError):
    """Another process writes this journal."""


class ReplayMismatchError(OnetapeError):
    """Two runs of one journal differ."""


class StrategyError(OnetapeError):
    """A strategy raised; it was stopped and its orders cancelled."""


class VenueError(OnetapeError):
    """A remote venue vanished or broke the protocol."""


class ClusterError(OnetapeError):
    """The cluster could not agree."""
