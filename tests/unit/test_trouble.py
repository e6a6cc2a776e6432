# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""What `onetape exchange status` says where something is not as usual."""

from typing import Any

from onetape.cli._trouble import trouble_pairs

NAMES = {("ports", 3): "ALFA1", ("firms", 2): "BETA"}
USUAL: dict[str, Any] = {
    "blocked": [], "paused": False, "journal": {"nearly_full": False},
    "market_data": {"unsent": 0, "packets_failed": 0},
    "clock": {"steps_forward": 0, "steps_back": 0, "ahead_ns": 900_000},
}  # fmt: skip


def told(**changed: Any) -> dict[str, str]:
    return trouble_pairs({**USUAL, **changed}, lambda kind, at: NAMES[kind, at])


def test_of_what_is_as_usual_nothing_is_said():
    assert told() == {}


def test_who_is_blocked_has_a_name():
    blocked = [{"scope": "port", "id": 3}, {"scope": "firm", "id": 2}, {"scope": "market", "id": 0}]
    assert told(blocked=blocked) == {"blocked": "port ALFA1, firm BETA, the whole market"}


def test_a_disk_that_is_nearly_full_and_one_that_is():
    nearly = {"nearly_full": True}
    assert told(journal=nearly) == {"disk": "nearly full: cancels only until there is room"}
    assert list(told(journal=nearly, paused=True)) == ["paused"]


def test_market_data_that_does_not_leave():
    assert told(market_data={"unsent": 12_345, "packets_failed": 2}) == {
        "market data unsent": "12,345 messages",
        "market data lost": "2 packets that the system refused",
    }


def test_a_clock_that_stepped():
    clock = {"steps_forward": 2, "steps_back": 1, "ahead_ns": 3_600 * 10**9}
    assert told(clock=clock) == {
        "clock": "3,600.000 s ahead of the wall clock; that one stepped forward 2 times, "
        "back 1 times"
    }
    assert told(clock={**clock, "steps_forward": 0, "steps_back": 0, "ahead_ns": -2_000_000}) == {
        "clock": "0.002 s behind the wall clock"
    }
