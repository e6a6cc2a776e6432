# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Numbered cases of a protocol: what its specification says, as tests.

A case's number never changes and is never used again. Its docstring is what holds; the table in
docs/reference/wire/conformance.md is made from them.
"""

from collections.abc import Callable

import pytest

from onetape.errors import DecodeError, WireError

Case = Callable[[], None]


class Cases(dict[str, Case]):
    """Cases by number."""

    def case(self, number: str) -> Callable[[Case], Case]:
        """Give a case its number."""

        def add(check: Case) -> Case:
            assert number not in self
            self[number] = check
            return check

        return add


def refused(call: Callable[[], object], code: str) -> DecodeError:
    """The error that a call must raise."""
    with pytest.raises(WireError) as raised:
        call()
    assert raised.value.code == code
    return raised.value  # type: ignore[return-value]
