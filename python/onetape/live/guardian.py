# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The guardian: a process of its own, logged in at each venue; it cancels all if the engine hangs.

It watches the engine's pulse in shared memory and knows nothing else of it: no lock, no socket, no
file of the engine's is needed when it acts. When the engine does not turn for too long, or its
process is gone without having ended, each venue is asked on the guardian's own session to take no
new order of the firm and to cancel all it has. The venue stays so until a person resumes.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import functools
import json
import logging
import os
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import msgspec

from onetape import _native
from onetape.errors import ConfigError, JournalError, OnetapeError, VenueError
from onetape.events import GuardianActed, GuardianStep
from onetape.exchange.client import OuchPlace
from onetape.journal import JournalWriter
from onetape.live.adapters.binance.ward import BinanceWard
from onetape.live.adapters.fix import FixPlace
from onetape.live.adapters.fix.ward import FixWard
from onetape.live.wards import RETRY_S, OuchWard, Ward

if TYPE_CHECKING:
    from onetape.live.config import GuardianConfig
    from onetape.live.node import Node

log = logging.getLogger("onetape.live")

#: Time between two looks at the pulse.
LOOK_S = 0.002
#: What a gap between two looks counts at most: a guardian that was not run itself saw nothing.
GAP_S_MAX = 3 * LOOK_S
#: Longest that one request of the guardian may take, in ms: then it is made again.
ANSWER_MS_MAX = 1_000


class Watch:
    """Whether an engine turns, as its pulse shows.

    Args:
        path: The pulse's file; another engine makes another file of this name.
        stall_s: Time without a turn from which on it counts as stalled.
    """

    def __init__(self, path: Path, stall_s: float) -> None:
        self._path, self._stall_s = path, stall_s
        self._pulse: _native.EnginePulse | None = None
        self._inode, self._turns = 0, -1
        self._looked_s = 0.0
        #: It was seen to turn since it was last found at fault.
        self.is_armed = False
        #: Time without a turn that has been seen, in seconds.
        self.silent_s = 0.0

    def look(self, now_s: float) -> GuardianStep | None:
        """Look once; return what has changed.

        Args:
            now_s: The time, of a clock that never goes back.
        """
        gap_s, self._looked_s = min(now_s - self._looked_s, GAP_S_MAX), now_s
        pulse = self._opened()
        if pulse is None:
            return None
        if (turns := pulse.turns) != self._turns:
            self._turns, self.silent_s = turns, 0.0
            is_news = turns and not self.is_armed and not pulse.has_ended
            found = GuardianStep.ARMED if is_news else None
        else:
            self.silent_s += gap_s
            found = self._fault(pulse) if self.is_armed else None
        if found is not None:
            self.is_armed = found is GuardianStep.ARMED
        return found

    def _fault(self, pulse: _native.EnginePulse) -> GuardianStep | None:
        """Return what is the matter with an engine that has not turned since the last look."""
        if pulse.has_ended:
            return GuardianStep.ENDED
        if not _lives(pulse.process):
            return GuardianStep.DIED
        return GuardianStep.STALLED if self.silent_s >= self._stall_s else None

    @property
    def process(self) -> int:
        """The engine's process; 0 before there was one."""
        return self._pulse.process if self._pulse is not None else 0

    @property
    def last_seq(self) -> int:
        """The last entry of its journal when it last turned."""
        return self._pulse.last_seq if self._pulse is not None else 0

    def _opened(self) -> _native.EnginePulse | None:
        """Return the pulse; that of a new engine once there is one, unless the last is at fault."""
        if self.is_armed and self.silent_s == 0.0:
            return self._pulse
        try:
            inode = self._path.stat().st_ino
            if inode != self._inode:
                pulse = _native.EnginePulse(self._path)
                if not self.is_armed:
                    self._pulse, self._inode, self._turns = pulse, inode, -1
        except OSError:
            pass
        return self._pulse


class Guardian:
    """Watches one engine and acts at every venue that it has a port at.

    Args:
        node: The node's configuration.

    Raises:
        ConfigError: If no venue has a port for it, or one cannot have (LIV-020).
        VenueError: If another guardian watches this node (LIV-021).
    """

    def __init__(self, node: Node) -> None:
        self._node, config = node, node.config
        self._wards = [_ward(node, name) for name in config.guarded]
        if not self._wards:
            raise ConfigError(
                "live.venues: expected a venue with a port for the guardian, found none",
                code="LIV-020",
                hint="write [live.venues.NAME.guardian] with a username and a password of its own",
            )
        self._lock = _alone(node.folder)
        self._journal = JournalWriter(node.folder / "guardian", segment_bytes=1 << 20)
        self.watch = Watch(node.shared / "pulse", config.guardian_stall_ms / 1_000)
        self._knew_s = 0.0
        # Whoever was here before may have acted; a person has not resumed since.
        self._is_shut = node.guardian_file.exists()
        node.bar.parent.mkdir(parents=True, exist_ok=True)
        if self._is_shut:
            node.bar.touch()
        else:
            node.bar.unlink(missing_ok=True)

    async def run(self) -> None:
        """Watch, until the process is ended."""
        tasks = [asyncio.create_task(self._care(ward)) for ward in self._wards]
        try:
            while True:
                self._look(time.monotonic())
                for task in tasks:
                    if task.done():
                        task.result()
                await asyncio.sleep(LOOK_S)
        finally:
            for task in tasks:
                task.cancel()

    def close(self) -> None:
        """Give back its journal and its lock."""
        self._journal.close()
        self._lock.close()

    def _look(self, now_s: float) -> None:
        step = self.watch.look(now_s)
        if step in (GuardianStep.STALLED, GuardianStep.DIED):
            self._act(now_s, step)
        elif step is not None:
            self._say(step, 0.0)
        for ward in self._wards:
            if ward.is_late(now_s) and ward.ask(now_s):
                self._say(GuardianStep.ASKED, now_s - self._knew_s, ward)
        if self._is_shut and not self._node.guardian_file.exists():
            # The person who resumed has taken the file away, through the engine.
            self._node.bar.unlink(missing_ok=True)
            self._is_shut = False

    def _act(self, now_s: float, step: GuardianStep) -> None:
        """Ask every venue, then write down why."""
        self._knew_s = now_s
        # First of all: what adapters have not sent yet stays here.
        with contextlib.suppress(OSError):
            self._node.bar.touch()
        asked = []
        for ward in self._wards:
            ward.is_due = True
            if ward.ask(now_s):
                asked.append(ward)
        silent_s = self.watch.silent_s
        log.critical("the engine %s: all venues are asked to cancel", step.name.lower())
        # What was asked leaves with the loop's next turn; writing comes after it.
        loop = asyncio.get_running_loop()
        loop.call_later(0, self._write_down, step, silent_s, asked)

    def _write_down(self, step: GuardianStep, silent_s: float, asked: list[Ward]) -> None:
        acted = {"engine": step.name.lower(), "silent_ms": round(silent_s * 1e3)}
        try:
            self._node.guardian_file.write_text(json.dumps(acted), "utf-8")
        except OSError as err:
            log.critical("%s: %s", self._node.guardian_file, err.strerror or err)
        else:
            self._is_shut = True
        self._say(step, silent_s)
        for ward in asked:
            self._say(GuardianStep.ASKED, 0.0, ward)

    def _say(self, step: GuardianStep, elapsed_s: float, ward: Ward | None = None) -> None:
        """Put down what happened in the guardian's journal."""
        event = GuardianActed(
            engine_seq=self.watch.last_seq,
            elapsed_ns=int(elapsed_s * 1e9),
            process=self.watch.process,
            venue_id=ward.venue_id if ward is not None else 0,
            step=step,
            tail=ward.name.encode() if ward is not None else b"",
        )
        try:
            self._journal.append(event, ts_ns=time.time_ns())
        except JournalError as err:
            log.critical("the guardian's journal: %s", err)  # It cancels all the same.

    async def _care(self, ward: Ward) -> None:
        """Be ready to ask a venue, whatever it says."""
        while True:
            try:
                await ward.care(functools.partial(self._confirmed, ward))
            except OnetapeError as err:
                # One venue that talks nonsense must not leave the others unguarded.
                log.critical("the guardian at %s: %s", ward.name, err.message)
            await asyncio.sleep(RETRY_S)

    def _confirmed(self, ward: Ward) -> None:
        took_s = time.monotonic() - self._knew_s
        self._say(GuardianStep.CONFIRMED, took_s, ward)
        log.critical("%s: everything is cancelled", ward.name)


def run_guardian(node: Node) -> None:
    """Watch a node's engine until the process is ended.

    Raises:
        ConfigError: If no venue has a port for it.
        VenueError: If another guardian watches this node.
    """
    guardian = Guardian(node)
    try:
        asyncio.run(guardian.run())
    finally:
        guardian.close()


def _ward(node: Node, name: str) -> Ward:
    """Return how a venue is guarded."""
    venue, venue_id = node.config.venues[name], node.venue_id(name)
    own = venue.guardian
    if own is None:
        raise ConfigError(
            f"live.venues.{name}: expected a way in for the guardian, found none",
            code="LIV-020",
            hint=f"write [live.venues.{name}.guardian]",
        )
    if venue.protocol == "binance" and venue.binance is not None:
        _needed(name, "key", own.key)
        account = msgspec.structs.replace(
            venue.binance,
            key=own.key,
            secret=own.secret,
            key_type=own.key_type,
            request_timeout_ms=min(venue.binance.request_timeout_ms, ANSWER_MS_MAX),
        )
        return BinanceWard(venue_id, name, account, node.instruments(name))
    _needed(name, "username", own.username)
    if venue.protocol == "fix44" and venue.fix is not None:
        session = FixPlace(
            venue.fix.address,
            own.sender or own.username,
            venue.fix.target,
            own.username,
            own.password,
            venue.fix.heartbeat_s,
            # It needs nothing that was said while it was away.
            resets=True,
            connect_s=venue.fix.answer_timeout_ms / 1_000,
        )
        return FixWard(venue_id, name, session)
    return OuchWard(venue_id, name, _place(name, venue.order_entry, own))


def _needed(name: str, what: str, found: str) -> None:
    if not found:
        raise ConfigError(
            f"live.venues.{name}.guardian.{what}: expected one of the guardian's own, found none",
            code="LIV-020",
            hint="a key for binance; a user name and a password for ouch50 and fix44",
        )


def _place(name: str, address: str, port: GuardianConfig) -> OuchPlace:
    """Return where the guardian's port at a venue is."""
    host, _, number = address.rpartition(":")
    if not number.isdecimal():
        raise ConfigError(
            f"live.venues.{name}.order_entry: expected host:port, found {address!r}",
            code="LIV-020",
            hint="the guardian speaks OUCH 5.0, to the same address as the engine",
        )
    return OuchPlace(port.username, port.password, host, int(number))


def _alone(folder: Path) -> IO[str]:
    """Take the node's one place for a guardian."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = (folder / "guardian.lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as err:
        lock.close()
        raise VenueError(
            f"{folder}: expected no other guardian, found one that watches already",
            code="LIV-021",
            hint="one is enough; the supervisor starts it where it is configured",
        ) from err
    return lock


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
