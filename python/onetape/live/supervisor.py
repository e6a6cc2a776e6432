# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Starts a node's processes and looks after them: the engine first, then strategies.

It is no part of the way of an order: a node whose supervisor dies goes on.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

from onetape import _native
from onetape.config import Loaded, load
from onetape.errors import ConfigError, VenueError
from onetape.events import StopReason
from onetape.exchange.control import Control
from onetape.live.config import SECTIONS
from onetape.live.node import Node
from onetape.live.processes import run_strategy, wait_for_engine
from onetape.trading.loading import make_strategy

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any

    from onetape.trading import Strategy

log = logging.getLogger("onetape.live")

#: How often the processes are looked after.
LOOK_S = 0.1
#: How long processes have to end by themselves.
LEAVE_S = 5.0
#: Pause before the engine is started again; doubled at each failure, to the longest.
RESTART_S, RESTART_S_MAX = 0.2, 10.0


class Supervisor:
    """The processes of one node.

    Args:
        config: The configuration's file; children read it again.
        overrides: Values set on the command line, as "section.key=value".
        node: The configuration, worked out.
        own: Where strategies are written that run elsewhere, by name.

    Raises:
        VenueError: If the engine does not come up.
    """

    def __init__(
        self,
        config: Path,
        overrides: Sequence[str],
        node: Node,
        own: Mapping[str, str] | None = None,
    ) -> None:
        self._arguments = [str(config), *(f"--set={value}" for value in overrides)]
        self._node, self._own = node, own or {}
        self._arguments += [f"--own={name}={place}" for name, place in self._own.items()]
        self._engine: subprocess.Popen[bytes] | None = None
        self._strategies: dict[str, subprocess.Popen[bytes]] = {}
        #: Stopped strategies: since when, and whether their next process was started.
        self._since: dict[str, tuple[float, bool]] = {}
        self._adapters: dict[str, subprocess.Popen[bytes]] = {}
        self._copies: dict[str, subprocess.Popen[bytes]] = {}
        self._control: Control | None = None
        self._guardian: subprocess.Popen[bytes] | None = None
        self._pause_s, self._started = RESTART_S, 0.0

    def _spawn(self, verb: str, *more: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "onetape", "live", verb, *self._arguments, *more]
        # Ctrl-C in a terminal reaches all of them: they end when the supervisor says so.
        return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own command

    def start(self) -> None:
        """Start the engine, and the strategies once it turns."""
        self._engine = self._spawn("engine")
        self._started = time.monotonic()
        if not wait_for_engine(self._node, self._engine.pid):
            self.stop()
            raise VenueError(
                "the engine did not come up", code="LIV-006", hint="see what it said above"
            )
        for name in self._node.adapters():
            self._adapters[name] = self._spawn("adapter", name)
        for name in self._node.copies():
            self._copies[name] = self._spawn("drop-copy", name)
        self._guard()
        for name in self._own_strategies():
            if _native.inlet_welcome(self._node.inlet(name)) == "nobody":
                log.warning("strategy %s stays stopped: `live start-strategy` starts it", name)
            else:
                self._strategies[name] = self._spawn("strategy", name, "--supervised")

    def _own_strategies(self) -> list[str]:
        """Return the names of the strategies that run in processes of this supervisor."""
        elsewhere = {*self._own, *self._node.inlines()}
        return [name for name in self._node.strategies if name not in elsewhere]

    def _look_at_strategies(self) -> None:
        """See which strategies ended, which do not end, and which a person lets start again."""
        now = time.monotonic()
        for name in self._own_strategies():
            try:
                welcome = _native.inlet_welcome(self._node.inlet(name))
            except OSError:
                continue  # The engine is away, or just replaces it.
            process = self._strategies.get(name)
            if process is not None and process.poll() is not None:
                log.warning("strategy %s ended (%s)", name, process.returncode)
                del self._strategies[name]
                process = None
            if welcome == "anybody":
                self._since.pop(name, None)
                continue
            # Stopped, or stopped and asked for again: the process that it was is to be gone first.
            since, started = self._since.setdefault(name, (now, False))
            if started and welcome == "nobody":
                since, started = self._since[name] = (now, False)
            if process is None and welcome == "asked for" and not started:
                self._strategies[name] = self._spawn("strategy", name, "--supervised")
                self._since[name] = (now, True)
            elif process is not None and not started and now - since > LEAVE_S:
                log.error("strategy %s was stopped and does not end: it is killed", name)
                process.kill()

    def look(self) -> bool:
        """Look after the processes once; whether the node goes on."""
        self._look_at_strategies()
        for name, process in list(self._adapters.items()):
            if process.poll() is not None:
                log.error("adapter %s ended (%s): it is started again", name, process.returncode)
                self._adapters[name] = self._spawn("adapter", name)
        for name, process in list(self._copies.items()):
            if process.poll() is not None:
                log.error("drop copy %s ended (%s): started again", name, process.returncode)
                self._copies[name] = self._spawn("drop-copy", name)
        self._guard()
        self._watch_over()
        engine = self._engine
        if engine is None or engine.poll() is None:
            return engine is not None
        if engine.returncode == 0 or not self._node.config.restart:
            return False
        log.error("the engine ended (%s): it is started again", engine.returncode)
        for process in [*self._strategies.values(), *self._outside()]:
            process.kill()
            process.wait()
        if time.monotonic() - self._started > 10 * RESTART_S_MAX:
            self._pause_s = RESTART_S
        time.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s, RESTART_S_MAX)
        self.start()
        return True

    def _guard(self) -> None:
        """See that the guardian runs, where one is configured; it outlives engines."""
        guardian = self._guardian
        if guardian is not None and guardian.poll() is not None:
            log.error("the guardian ended (%s): it is started again", guardian.returncode)
            guardian = None
        if guardian is None and self._node.config.guarded:
            self._guardian = self._spawn("guardian")

    def _outside(self) -> list[subprocess.Popen[bytes]]:
        """Return the processes that speak with venues for the engine."""
        return [*self._adapters.values(), *self._copies.values()]

    def _watch_over(self) -> None:
        """Tell the engine that the operator's side is there, where it waits for that."""
        if not self._node.config.operator_silence_ms_max:
            return
        try:
            if self._control is None:
                self._control = Control(self._node.folder, what="live")
            self._control.request("watch")
        except VenueError:
            self._control = None

    def run(self, seconds: float | None, asked: threading.Event) -> int:
        """Look after the processes until the node ends, and return its exit code."""
        until = None if seconds is None else time.monotonic() + seconds
        while not asked.wait(LOOK_S) and (until is None or time.monotonic() < until):
            if not self.look():
                break
        return self.stop()

    def stop(self) -> int:
        """End every process, in an orderly way if it can be, and return the engine's exit code."""
        if self._engine is not None and self._engine.poll() is None:
            self._engine.send_signal(signal.SIGTERM)
        code = 0
        for outside in self._outside():
            outside.send_signal(signal.SIGTERM)
        for process in [self._engine, *self._strategies.values(), *self._outside()]:
            if process is None:
                continue
            try:
                ended = process.wait(LEAVE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                ended = process.wait()
            code = code or (ended if process is self._engine else 0)
        if self._guardian is not None:
            # The last to go: until here the engine may have hung on its way out.
            self._guardian.terminate()
            self._guardian.wait()
        self._engine, self._guardian, self._strategies = None, None, {}
        self._adapters, self._copies = {}, {}
        return abs(code)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def load_live(config: Path, overrides: Sequence[str] = ()) -> Loaded:
    """Read a live node's configuration; children inherit the environment that secrets may be in.

    Raises:
        ConfigError: If it cannot be read, or a value is wrong.
    """
    return load(config, SECTIONS, overrides=list(overrides), environment=os.environ)


def live(
    strategy: type[Strategy] | Strategy,
    config: str | Path,
    *,
    params: Mapping[str, Any] | None = None,
    settings: Mapping[str, object] | None = None,
    seconds: float | None = None,
    on_ready: Callable[[], None] | None = None,
) -> StopReason:
    """Run a strategy live, in this process; the engine runs in one of its own.

    Args:
        strategy: A `Strategy` subclass or an instance.
        config: The node's TOML file ([live], [live.venues.NAME], [risk]).
        params: Attributes to set on the strategy.
        settings: Any other value, by its `section.key`.
        seconds: Stop by itself after so long; None runs until Ctrl-C.
        on_ready: Called when the engine turns.

    Returns:
        Why it stopped.

    Raises:
        ConfigError: If a value is wrong; nothing was started.
        StrategyError: If the strategy raised; its orders were cancelled.
        VenueError: If the engine does not come up.
    """
    path = Path(config)
    overrides = [f"{key}={msgspec.json.encode(v).decode()}" for key, v in (settings or {}).items()]
    made = make_strategy(strategy, params or {})
    kind = type(made)
    name = kind.__name__
    own = {name: _place(kind)}
    node = Node(load_live(path, overrides), path.parent, own)
    with Supervisor(path, overrides, node, own) as supervisor:
        if on_ready is not None:
            on_ready()
        timer = threading.Timer(seconds or 0.0, supervisor.stop)
        timer.daemon = True
        if seconds is not None:
            timer.start()
        try:
            return run_strategy(node, name, made)
        except KeyboardInterrupt:
            return StopReason.OPERATOR
        finally:
            timer.cancel()


def _place(kind: type[Strategy]) -> str:
    """Return where a class is written: the engine keeps its text in the journal."""
    module = sys.modules.get(kind.__module__)
    file = getattr(module, "__file__", None)
    if file is None:
        raise ConfigError(
            f"{kind.__name__}: expected a class in a file, found one without",
            code="LIV-007",
            hint="write the strategy into a .py file: its text is kept in the journal",
        )
    return f"{Path(file).resolve()}:{kind.__name__}"
