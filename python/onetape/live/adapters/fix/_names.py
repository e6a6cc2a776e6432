# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""ClOrdIDs: which order a name is about, and a name of its own for each request."""

from __future__ import annotations

import re
from hashlib import blake2b

from onetape.errors import ConfigError

_PREFIX = re.compile(r"[A-Za-z0-9_]{1,8}")
_NUMBER_DIGITS_MAX = 19


class Names:
    """`PREFIX-number` is an order; `PREFIX-number` and a letter with a count a request about it.

    Args:
        prefix: What they begin with.

    Raises:
        ConfigError: ADP-003, the prefix cannot begin one.

    Examples:
        >>> names = Names("n1")
        >>> names.order(42), names.request(42, "c", 3)
        ('n1-42', 'n1-42c3')
        >>> [names.number(text) for text in ("n1-42", "n1-42c3", "other-42", "")]
        [42, 42, 0, 0]
    """

    def __init__(self, prefix: str) -> None:
        if not _PREFIX.fullmatch(prefix):
            raise ConfigError(
                f"prefix {prefix!r}: expected 1 to 8 letters, digits or _",
                code="ADP-003",
                hint="give each node that trades on the session a prefix of its own",
            )
        self._start = f"{prefix}-"
        self._shape = re.compile(rf"{prefix}-([0-9]{{1,{_NUMBER_DIGITS_MAX}}})(?:[a-z][0-9]+)?")

    def order(self, number: int) -> str:
        """Return the name of an order."""
        return f"{self._start}{number}"

    def request(self, number: int, letter: str, count: int) -> str:
        """Return a name for a request about an order."""
        return f"{self._start}{number}{letter}{count}"

    def number(self, text: str) -> int:
        """Return the number of the order that a name is about; 0 where it is not ours."""
        found = self._shape.fullmatch(text)
        return int(found[1]) if found else 0


def id_of(text: str) -> int:
    """Return the venue's text as a number: itself if it is one, else 63 bits of its digest.

    Examples:
        >>> id_of("77"), id_of("T1B") == id_of("T1B") != id_of("T1S"), id_of("")
        (77, True, 0)
    """
    if text.isascii() and text.isdecimal() and len(text) < _NUMBER_DIGITS_MAX:
        return int(text)
    digest = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
    return digest >> 1 | 1 << 62 if text else 0
