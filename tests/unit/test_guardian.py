# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""When a guardian sees that an engine hangs, and what it takes as a venue's confirmation."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from tests.models.processes import onetape

from onetape.config import Secret
from onetape.errors import VenueError
from onetape.events import GuardianStep
from onetape.exchange.client import OuchPlace
from onetape.live import guardian
from onetape.live.guardian import Watch
from onetape.live.wards import OuchWard
from onetape.wire import ouch50

PULSE_BYTES = 4_096
AT_PROCESS, AT_TURNS, AT_ENDED = 8, 64, 80
STALL_S = 0.03


class FakeEngine:
    """A pulse as an engine's process would write it."""

    def __init__(self, path: Path, process: int | None = None) -> None:
        path.unlink(missing_ok=True)
        path.write_bytes(b"OTPULSE1".ljust(PULSE_BYTES, b"\0"))
        self.path, self.turns = path, 0
        self.put(AT_PROCESS, os.getpid() if process is None else process)

    def put(self, at: int, value: int) -> None:
        with self.path.open("r+b") as file:
            file.seek(at)
            file.write(struct.pack("<Q", value))

    def turn(self) -> None:
        self.turns += 1
        self.put(AT_TURNS, self.turns)


class Story:
    """Looks every 2 ms of a time that only this knows."""

    def __init__(self, path: Path) -> None:
        self.watch, self.now_s = Watch(path, STALL_S), 100.0

    def look(self, gap_s: float = 0.002) -> GuardianStep | None:
        self.now_s += gap_s
        return self.watch.look(self.now_s)

    def until(self, looks: int) -> list[GuardianStep]:
        return [step for _ in range(looks) if (step := self.look()) is not None]


def test_an_engine_that_turns_is_left_alone(tmp_path: Path) -> None:
    engine, story = FakeEngine(tmp_path / "pulse"), Story(tmp_path / "pulse")
    assert story.until(20) == [], "it has not turned yet"
    engine.turn()
    assert story.look() is GuardianStep.ARMED
    for _ in range(100):
        engine.turn()
        assert story.look() is None


def test_one_that_hangs_is_found_once_after_the_time_and_watched_again_when_it_turns(
    tmp_path: Path,
) -> None:
    engine, story = FakeEngine(tmp_path / "pulse"), Story(tmp_path / "pulse")
    engine.turn()
    story.look()
    assert story.until(14) == []
    assert story.until(2) == [GuardianStep.STALLED]
    assert story.until(100) == []
    engine.turn()
    assert story.look() is GuardianStep.ARMED
    assert story.until(16) == [GuardianStep.STALLED]


def test_a_guardian_that_was_not_run_itself_does_not_blame_the_engine(tmp_path: Path) -> None:
    engine, story = FakeEngine(tmp_path / "pulse"), Story(tmp_path / "pulse")
    engine.turn()
    story.look()
    assert story.look(10.0) is None
    engine.turn()
    assert story.look(10.0) is None


def test_one_that_died_is_found_at_once_and_one_that_ended_is_let_go(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    engine, story = FakeEngine(tmp_path / "pulse", dead.pid), Story(tmp_path / "pulse")
    engine.turn()
    assert story.look() is GuardianStep.ARMED
    assert story.look() is GuardianStep.DIED
    engine = FakeEngine(tmp_path / "pulse")
    engine.turn()
    assert story.look() is GuardianStep.ARMED, "another engine took its place"
    engine.put(AT_ENDED, 1)
    assert story.until(50) == [GuardianStep.ENDED]


def test_there_is_nothing_to_watch_without_a_pulse(tmp_path: Path) -> None:
    assert Story(tmp_path / "pulse").until(50) == []


class FakeClient:
    """Takes down what it is asked."""

    def __init__(self) -> None:
        self.is_connected, self.asked = True, []

    def set_entry(self, enabled: bool) -> int:
        self.asked.append(("entry", enabled))
        return len(self.asked)

    def mass_cancel(self) -> int:
        self.asked.append(("cancel", True))
        return len(self.asked)


def ward() -> OuchWard:
    made = OuchWard(1, "HOME", OuchPlace("GUARD", Secret("x"), "127.0.0.1", 1))
    made.client, made.is_due = FakeClient(), True
    return made


def test_a_venue_has_confirmed_when_it_has_answered_both(tmp_path: Path) -> None:
    made = ward()
    assert made.is_late(1_000.0)
    assert made.ask(1_000.0)
    assert made.client.asked == [("entry", False), ("cancel", True)]
    assert not made.hear(ouch50.MassCancelResponse(0, 7, "", "")), "another's"
    assert not made.hear(ouch50.MassCancelResponse(0, 2, "", ""))
    assert not made.is_late(1_000.1)
    assert made.is_late(1_001.0), "half an answer is none"
    assert made.hear(ouch50.DisableOrderEntryResponse(0, 1, ""))
    assert not made.is_due
    assert not made.is_late(2_000.0)


def test_a_venue_that_is_not_connected_is_asked_when_it_is() -> None:
    made = ward()
    made.client.is_connected = False
    assert not made.ask(1_000.0)
    assert made.is_late(1_000.001)


def test_there_is_one_guardian(tmp_path: Path) -> None:
    first = guardian._alone(tmp_path)
    with pytest.raises(VenueError, match="found one that watches already"):
        guardian._alone(tmp_path)
    first.close()
    guardian._alone(tmp_path).close()


def test_a_node_without_a_port_for_it_has_no_guardian(tmp_path: Path) -> None:
    config = tmp_path / "live.toml"
    config.write_text(
        f'[live]\nfolder = "{tmp_path}/node"\n[live.venues.HOME]\nsymbols = ["ONE"]\n'
    )
    done = onetape("live", "guardian", str(config))
    assert done.returncode != 0
    assert "LIV-020" in done.stderr
