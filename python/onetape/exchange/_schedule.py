# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What is done for a running exchange by the clock: the phases of each day, and its warnings."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from onetape.errors import ConfigError, VenueError
from onetape.exchange.control import Control

if TYPE_CHECKING:
    from onetape.exchange.config import ExchangeConfig, PhaseName

log = logging.getLogger("onetape.exchange")

#: How often is looked: so late may a change of phase be.
LOOK_S = 0.25

Moment = tuple[datetime, "PhaseName"]


class ScheduleKeeper(threading.Thread):
    """Puts all instruments into the phases of the schedule; a day that begins has its own.

    Args:
        config: With the schedule.
        zone: Where its times are.
        day: Gives the day that is on, and whether it has ended; None before the first.
        notices: Gives what there is to warn of, once.
        now: Reads the clock.
    """

    def __init__(
        self,
        config: ExchangeConfig,
        zone: ZoneInfo,
        *,
        day: Callable[[], tuple[int, bool] | None],
        notices: Callable[[], list[str]],
        now: Callable[[ZoneInfo], datetime],
    ) -> None:
        super().__init__(name="schedule", daemon=True)
        self._config, self._zone = config, zone
        self._day, self._notices, self._now = day, notices, now
        self._ending = threading.Event()
        self._known = 0
        self._todo: list[Moment] = []

    def run(self) -> None:
        """Keep the schedule until `end`."""
        while True:
            self.look()
            if self._ending.wait(LOOK_S):
                return

    def end(self) -> None:
        """Have `run` return soon."""
        self._ending.set()

    def look(self) -> None:
        """Pass warnings on, and change the phase if it is time."""
        for notice in self._notices():
            log.warning(notice)
        now = self._now(self._zone)
        day, ended = self._day() or (0, True)
        if day != self._known:
            self._known = day
            self._todo = moments(self._config.schedule, day, self._zone, now)
        while self._todo and self._todo[0][0] <= now:
            _, phase = self._todo.pop(0)
            if not ended:
                self._set(phase)

    def _set(self, phase: PhaseName) -> None:
        path = Path(self._config.control) if self._config.control else None
        try:
            with Control(Path(self._config.journal), path=path, user="schedule") as control:
                control.request("phase", phase=phase.replace("_", "-"))
        except VenueError:
            if not self._ending.is_set():
                log.exception("a phase of the schedule was not set", extra={"phase": phase})
        else:
            log.info("phase changed", extra={"phase": phase})


def moments(
    schedule: dict[str, PhaseName], day: int, zone: ZoneInfo, now: datetime
) -> list[Moment]:
    """Return what a schedule has to come on a day, in order.

    Args:
        schedule: Phases by local time.
        day: The day as yyyymmdd; 0 for none.
        zone: Where the times are.
        now: What is before it has passed.

    Raises:
        ConfigError: If a time makes no sense.
    """
    if not day:
        return []
    midnight = datetime.combine(date(day // 10_000, day // 100 % 100, day % 100), time(), zone)
    found = sorted((midnight + time_of_day(text), phase) for text, phase in schedule.items())
    return [(moment, phase) for moment, phase in found if moment >= now]


def time_of_day(text: str) -> timedelta:
    """Return how long after midnight a time of the schedule is.

    Raises:
        ConfigError: If it is none.
    """
    try:
        at = time.fromisoformat(text)
    except ValueError as err:
        raise ConfigError(
            f"exchange.schedule: expected a time as 09:30 or 09:30:00, found {text!r}",
            code="CFG-007",
        ) from err
    return timedelta(
        hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )
