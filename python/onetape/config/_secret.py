# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Text that is never printed."""

from __future__ import annotations


class Secret:
    """Text that is never printed: `str` and `repr` give `****`, JSON too.

    Examples:
        >>> Secret("hunter2"), Secret("hunter2").reveal()
        (****, 'hunter2')
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return "****"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)
