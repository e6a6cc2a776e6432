# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Kill drills: a thousand resting orders, killed by command and by the guardian.

    python -m benchmarks.kill [--drills 5]

Times are those of the exchange's journal, from before the command, or before SIGSTOP, on: what
left the node, and what the venue did. Both processes and the strategy share the machine.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.models.kill_world import Drill, KillWorld, now_ns

from onetape.events import GuardianActed, GuardianStep, KillDone
from onetape.journal import open_journal

if TYPE_CHECKING:
    from collections.abc import Callable

GUARDIAN_MS = 40


def killed(world: KillWorld) -> bool:
    """Whether the node says that its kill is confirmed."""
    entries = open_journal(world.folder / "node" / "journal")
    return any(isinstance(entry.event, KillDone) for entry in entries)


def confirmed(world: KillWorld) -> bool:
    """Whether the guardian says that every venue has answered."""
    entries = open_journal(world.folder / "node" / "guardian")
    events = [entry.event for entry in entries if isinstance(entry.event, GuardianActed)]
    return any(event.step == GuardianStep.CONFIRMED for event in events)


def by_command(folder: Path) -> Drill:
    """Kill the firm by the operators' socket."""
    world = KillWorld(folder)
    try:
        world.start()
        since_ns = world.kill()
        world.wait(lambda: killed(world), "killed")
        return world.drilled(since_ns)
    finally:
        world.close()


def by_guardian(folder: Path) -> Drill:
    """Freeze the engine."""
    world = KillWorld(folder, guardian_ms=GUARDIAN_MS)
    try:
        world.start()
        engine = world.engine()
        since_ns = now_ns()
        os.kill(engine, signal.SIGSTOP)
        try:
            world.wait(lambda: confirmed(world), "confirmed")
            return world.drilled(since_ns)
        finally:
            os.kill(engine, signal.SIGCONT)
    finally:
        world.close()


def drills(drill: Callable[[Path], Drill], count: int) -> dict[str, list[float]]:
    """Return each figure of each drill; they are shown as they come."""
    every: dict[str, list[float]] = {}
    for _ in range(count):
        with tempfile.TemporaryDirectory() as folder:
            text = drill(Path(folder)).as_json()
        print(drill.__name__, text, file=sys.stderr, flush=True)
        for name, value in json.loads(text).items():
            every.setdefault(name, []).append(round(value, 3))
    return every


def main() -> None:
    """Run the drills."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drills", type=int, default=5)
    count = parser.parse_args().drills
    result = {
        "command": drills(by_command, count),
        f"guardian at {GUARDIAN_MS} ms": drills(by_guardian, count),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
