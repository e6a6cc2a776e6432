# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""An exchange that is started again: on the same day it goes on, on a later one the day begins."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from onetape.config import load
from onetape.events import DayStarted, Operation, OperatorCommanded, Phase
from onetape.exchange.config import SECTIONS
from onetape.exchange.control import Control
from onetape.exchange.server import Exchange
from onetape.journal import open_journal

TEXT = """
[exchange]
journal = "{folder}"
date = "{date}"
tick_ms = 10
[gateway]
ouch50 = "127.0.0.1:0"
[market.instruments.TAPE]
[members.firms.ALFA]
[members.ports.ALFA1]
firm = "ALFA"
password = "alfa"
"""


def start_and_end(folder: Path, date: str, *, close: bool) -> None:
    """Run an exchange until it is ready; end its day if asked to."""
    path = folder / "exchange.toml"
    path.write_text(TEXT.format(folder=folder / "data", date=date), "utf-8")
    with Exchange(load(path, SECTIONS)) as exchange:
        ready = threading.Event()
        engine = threading.Thread(target=lambda: exchange.run(on_ready=ready.set))
        engine.start()
        try:
            assert ready.wait(30)
            if close:
                with Control(folder / "data") as control:
                    control.request("end-of-day")
        finally:
            exchange.stop()
            engine.join()


def test_a_later_day_begins_in_the_first_phase_and_the_same_day_goes_on(tmp_path: Path):
    start_and_end(tmp_path, "2026-11-23", close=False)
    start_and_end(tmp_path, "2026-11-23", close=True)
    start_and_end(tmp_path, "2026-11-24", close=False)
    events = [entry.event for entry in open_journal(tmp_path / "data" / "journal")]
    days = [event.date for event in events if isinstance(event, DayStarted)]
    assert days == [20_261_123, 20_261_124]
    opened = [
        event.value
        for event in events
        if isinstance(event, OperatorCommanded) and event.operation == Operation.SET_PHASE
    ]
    assert opened == [Phase.CONTINUOUS, Phase.CONTINUOUS]


def phase_of(folder: Path) -> str:
    with Control(folder) as control:
        phases = control.request("status")["phases"]
    assert len(phases) == 1
    return str(phases[0]["phase"])


def wait_for_phase(folder: Path, phase: str) -> None:
    until = time.monotonic() + 20
    while phase_of(folder) != phase:
        assert time.monotonic() < until, phase_of(folder)
        time.sleep(0.05)


def test_a_day_that_is_started_by_command_has_the_first_phase_and_the_schedule(tmp_path: Path):
    soon = time.gmtime(time.clock_gettime(time.CLOCK_REALTIME) + 5)
    at = time.strftime("%H:%M:%S", soon)
    schedule = f'phase = "pre_open"\n[exchange.schedule]\n"{at}" = "continuous"\n'
    data, path = tmp_path / "data", tmp_path / "exchange.toml"
    text = TEXT.format(folder=data, date="2020-01-01").replace("[gateway]", schedule + "[gateway]")
    path.write_text(text, "utf-8")
    with Exchange(load(path, SECTIONS)) as exchange:
        engine = threading.Thread(target=exchange.run)
        engine.start()
        try:
            with Control(data) as control:
                assert phase_of(data) == "pre-open"
                control.request("end-of-day")
                date = int(time.strftime("%Y%m%d", soon))
                done = control.request("start-day", date=date, session="NEXT")
                assert done["followed"]["PhaseChanged"] >= 1
            assert phase_of(data) == "pre-open", "the day begins in exchange.phase"
            wait_for_phase(data, "continuous")
        finally:
            exchange.stop()
            engine.join()
