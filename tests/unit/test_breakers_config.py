# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""[live.breakers]: every breaker of the schema has its place, and says what it is set to."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from onetape.config import load
from onetape.errors import ConfigError
from onetape.events import Breaker, BreakerAction
from onetape.live.breakers import BreakersConfig
from onetape.live.config import SECTIONS, LiveConfig


def read(folder: Path, text: str) -> BreakersConfig:
    path = folder / "live.toml"
    path.write_text(text, "utf-8")
    return load(path, SECTIONS).section(LiveConfig).breakers


def test_every_breaker_of_the_schema_has_its_place():
    fields = BreakersConfig.__struct_fields__
    assert [breaker.name.lower() for breaker in Breaker] == list(fields[3:])


def test_what_is_on_unless_said_otherwise():
    on = {Breaker(event.breaker): event for event in BreakersConfig().events()}
    assert set(on) == {Breaker.REJECT_RATE, Breaker.REJECT_RUN, Breaker.MARKET_DATA}
    rate = on[Breaker.REJECT_RATE]
    assert (rate.bound, rate.least, rate.window_ns) == (20, 50, 10_000_000_000)
    assert (rate.warn_percent, rate.throttle_percent, rate.delay_ns) == (70, 85, 100_000_000)
    assert rate.action == BreakerAction.HALT


def test_each_can_be_set_and_switched_off(tmp_path: Path):
    config = read(
        tmp_path,
        """
[live.breakers]
throttle_ms = 5
[live.breakers.reject_rate]
percent = 0
[live.breakers.clock]
off_us = 100
action = "warn"
[live.breakers.message_burst]
deviations = 8
""",
    )
    on = {Breaker(event.breaker): event for event in config.events()}
    assert Breaker.REJECT_RATE not in on
    assert (on[Breaker.CLOCK].bound, on[Breaker.CLOCK].action) == (100, BreakerAction.WARN)
    assert on[Breaker.MESSAGE_BURST].least == 60
    assert on[Breaker.CLOCK].delay_ns == 5_000_000


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reject_rate.percent", "101"),
        ("reject_rate.window_ms", "0"),
        ("clock.action", '"stop"'),
        ("clock.bound", "1"),
        ("slippage.bps", "-1"),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(tmp_path: Path, key: str, value: str):
    section, _, name = key.partition(".")
    with pytest.raises(ConfigError, match=f"live.breakers.{section}"):
        read(tmp_path, f"[live.breakers.{section}]\n{name} = {value}\n")


def test_all_of_them_on_are_nine_events(tmp_path: Path):
    bounds = ["percent", "orders", "messages", "deviations", "percent", "down_ms", "off_us",
              "age_us", "bps"]  # fmt: skip
    text = "".join(
        f"[live.breakers.{breaker.name.lower()}]\n{bound} = 1\n"
        for breaker, bound in zip(Breaker, bounds, strict=True)
    )
    assert [event.breaker for event in read(tmp_path, text).events()] == list(Breaker)
    assert all(
        msgspec.structs.asdict(event)["bound"] == 1 for event in read(tmp_path, text).events()
    )
