# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The day of a recording whose times count from midnight in New York."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from onetape.errors import ConfigError

_EPOCH = dt.date(1970, 1, 1)
_DAY_NS = 86_400_000_000_000
_HOUR_NS = 3_600_000_000_000
_SUNDAY = 6

# Dates as people put them into file names, the surest first: 2019-01-30, 20190130 (or with
# underscores), 01302019, and S013019-v50.
_PATTERNS = (
    (re.compile(r"(?<!\d)(?P<y>\d{4})[-_.](?P<m>\d{2})[-_.](?P<d>\d{2})(?!\d)"), 0),
    (re.compile(r"(?<!\d)(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"), 0),
    (re.compile(r"(?<!\d)(?P<m>\d{2})(?P<d>\d{2})(?P<y>\d{4})(?!\d)"), 0),
    (re.compile(r"(?<![A-Za-z\d])S(?P<m>\d{2})(?P<d>\d{2})(?P<y>\d{2})-v\d"), 2000),
)
_YEARS = range(1990, 2200)


@dataclass(frozen=True)
class Day:
    """A day, and where it was found."""

    date: dt.date
    found: str

    @property
    def midnight_ns(self) -> int:
        """Its midnight in New York, in ns since the Unix epoch, UTC."""
        return midnight_ns(self.date)


def find_day(given: str | dt.date | None, name: str) -> Day:
    """Return the day of a file: as given, else from its name, else 1970-01-01.

    Raises:
        ConfigError: If what was given is no date.
    """
    if isinstance(given, dt.date):
        return Day(given, "given")
    if given:
        try:
            return Day(dt.date.fromisoformat(given), "given")
        except ValueError as err:
            raise ConfigError(
                f"expected a date, found {given!r}",
                code="SRC-031",
                hint="write the day of the data as YYYY-MM-DD",
            ) from err
    for pattern, century in _PATTERNS:
        for found in pattern.finditer(name):
            year, month, day = (int(found[part]) for part in "ymd")
            try:
                date = dt.date(year + century, month, day)
            except ValueError:
                continue
            if date.year in _YEARS:
                return Day(date, "from the file's name")
    return Day(_EPOCH, "not known: no date was given and the file's name has none")


def midnight_ns(date: dt.date) -> int:
    """Return midnight in New York on a day.

    Args:
        date: The day. Daylight saving by the rules since 2007, and before by those from 1987.

    Returns:
        Nanoseconds since the Unix epoch, UTC.

    Examples:
        >>> midnight_ns(dt.date(2019, 1, 30)) // 1_000_000_000
        1548824400
        >>> midnight_ns(dt.date(2023, 8, 22)) // 1_000_000_000
        1692676800
    """
    if date.year >= 2007:  # noqa: PLR2004 - the year the law names
        first, last = _sunday(date.year, 3, 2), _sunday(date.year, 11, 1)
    else:
        first, last = _sunday(date.year, 4, 1), _sunday(date.year, 11, 1) - dt.timedelta(days=7)
    # Clocks move at 2 in the morning: the midnight before belongs to the old time.
    hours = 4 if first < date <= last else 5
    return (date - _EPOCH).days * _DAY_NS + hours * _HOUR_NS


def _sunday(year: int, month: int, which: int) -> dt.date:
    """Return the first, second, … Sunday of a month."""
    first = dt.date(year, month, 1)
    return first + dt.timedelta(days=(_SUNDAY - first.weekday()) % 7 + 7 * (which - 1))
