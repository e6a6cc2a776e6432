# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The exchange's schedule: which changes of phase a day has still to come."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from onetape.errors import ConfigError
from onetape.exchange import _schedule
from onetape.exchange._schedule import ScheduleKeeper, moments
from onetape.exchange.config import ExchangeConfig, PhaseName

NEW_YORK = ZoneInfo("America/New_York")
SCHEDULE: dict[str, PhaseName] = {
    "16:00": "closed", "09:30": "continuous", "09:28:30": "opening_auction",
}  # fmt: skip


def test_a_day_has_what_is_still_to_come_in_order_by_local_time():
    now = datetime(2026, 11, 23, 9, 29, tzinfo=NEW_YORK)
    found = moments(SCHEDULE, 20_261_123, NEW_YORK, now)
    assert [(f"{moment:%d %H:%M %z}", phase) for moment, phase in found] == [
        ("23 09:30 -0500", "continuous"), ("23 16:00 -0500", "closed"),
    ]  # fmt: skip
    assert len(moments(SCHEDULE, 20_261_124, NEW_YORK, now)) == 3
    assert moments(SCHEDULE, 20_261_122, NEW_YORK, now) == []
    assert moments(SCHEDULE, 0, NEW_YORK, now) == []


def test_what_is_no_time_is_refused():
    now = datetime(2026, 11, 23, tzinfo=NEW_YORK)
    with pytest.raises(ConfigError, match=r"expected a time as 09:30 .* found 'noon'"):
        moments({"noon": "closed"}, 20_261_123, NEW_YORK, now)


class Keeper(ScheduleKeeper):
    """Notes phases instead of setting them."""

    def __init__(self, config: ExchangeConfig) -> None:
        self.day: tuple[int, bool] | None = None
        self.clock = datetime(2026, 11, 23, 9, 0, tzinfo=NEW_YORK)
        self.told: list[str] = []
        self.set: list[str] = []
        super().__init__(
            config,
            NEW_YORK,
            day=lambda: self.day,
            notices=lambda: [self.told.pop() for _ in self.told[:]],
            now=lambda _: self.clock,
        )

    def _set(self, phase: PhaseName) -> None:
        self.set.append(phase)

    def at(self, day: int, hour: int, minute: int) -> None:
        self.clock = self.clock.replace(day=day, hour=hour, minute=minute)
        self.look()


def test_each_day_has_the_schedule_and_an_ended_one_none():
    keeper = Keeper(ExchangeConfig(schedule=SCHEDULE))
    keeper.at(23, 9, 0)
    keeper.day = (20_261_123, False)
    keeper.at(23, 9, 1)
    assert keeper.set == []
    keeper.at(23, 9, 31)
    assert keeper.set == ["opening_auction", "continuous"]
    keeper.day = (20_261_123, True)
    keeper.at(23, 16, 1)
    assert keeper.set == ["opening_auction", "continuous"]
    keeper.day = (20_261_124, False)
    keeper.at(23, 18, 0)
    keeper.at(24, 9, 28)
    assert len(keeper.set) == 2
    keeper.at(24, 9, 29)
    keeper.at(24, 17, 0)
    assert keeper.set[2:] == ["opening_auction", "continuous", "closed"]


def test_what_the_engine_warns_of_is_logged_once(monkeypatch: pytest.MonkeyPatch):
    logged: list[str] = []
    monkeypatch.setattr(_schedule.log, "warning", logged.append)
    keeper = Keeper(ExchangeConfig())
    keeper.told = ["the wall clock stepped"]
    keeper.look()
    keeper.look()
    assert logged == ["the wall clock stepped"]
