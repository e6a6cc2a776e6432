# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The bodies of a node's processes: the engine, and a strategy."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from onetape import _native
from onetape.errors import ConfigError, OnetapeError, StrategyError
from onetape.events import StopReason
from onetape.exchange.control import Control
from onetape.trading.loading import (
    code_hash,
    compiled_code,
    handlers_of,
    make_strategy,
    raised_at,
)

if TYPE_CHECKING:
    from onetape.live.node import Node
    from onetape.trading import Strategy

log = logging.getLogger("onetape.live")

#: How long an engine's first sign of life is waited for.
READY_S = 30.0
#: Longest text of a strategy that is told to a running engine: a request has a limit.
TEXT_BYTES_MAX = 24_000
#: How often the main thread looks up.
LOOK_S = 0.2


def run_engine(node: Node) -> None:
    """Run the engine until it is asked to stop, by an operator or a signal.

    The main thread only waits for signals: the engine's own never enters the interpreter.

    Raises:
        ConfigError: If a value is wrong, or an address cannot be had.
        JournalError: If the journal takes no more.
    """
    engine = node.engine()
    _place_inlines(node, engine)
    failed: list[BaseException] = []

    def turn() -> None:
        try:
            if node.config.core >= 0:
                os.sched_setaffinity(0, {node.config.core})  # Of this thread alone.
            engine.run()
        except (OnetapeError, OSError) as err:
            failed.append(err)

    thread = threading.Thread(target=turn, name="engine")
    thread.start()
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    try:
        while thread.is_alive():
            if asked.is_set():
                engine.stop()
            _report(node, engine)
            _verify_limits(node, engine)
            thread.join(LOOK_S)
    finally:
        engine.stop()
        thread.join()
        _report(node, engine)
        engine.close()
    if failed:
        raise failed[0]


def _report(node: Node, engine: _native.LiveEngine) -> None:
    """Say what the engine has to say, and what failed in the strategies of its thread."""
    for notice in engine.notices():
        log.warning(notice)
    for at, err in engine.faults():
        log.error(
            "strategy %s raised %s: %s%s; its orders were cancelled, the others go on",
            next(name for name, number in node.strategy_ids().items() if number == at),
            type(err).__name__,
            err,
            raised_at(err),
        )


def _verify_limits(node: Node, engine: _native.LiveEngine) -> None:
    """Verify the limit files that operators want in force, and hand over those that may come."""
    while (errand := engine.errand()) is not None:
        try:
            taken = node.limit_reader.read(Path(errand.path), errand.user, *errand.in_force)
        except (OnetapeError, OSError) as err:
            log.warning("limits of %s refused: %s", errand.user, err)
            errand.refuse(str(err))
        except BaseException:
            errand.refuse("verifying the file failed: the engine's process says why")
            raise
        else:
            log.info("limits of %s verified: %s", errand.user, errand.path)
            errand.take(taken)


def _place_inlines(node: Node, engine: _native.LiveEngine) -> None:
    """Compile the strategies of the engine's thread, and place them there."""
    for name in node.inlines():
        params = node.config.strategies[name].params
        code = compiled_code(make_strategy(node.strategies[name].load(), params))
        if code is None:
            raise ConfigError(
                f"live.strategies.{name}.place: expected a compiled strategy, found a plain one",
                code="LIV-011",
                hint="only machine code runs on the engine's thread: decorate the class with "
                '@compiled, or set place = "process"',
            )
        engine.place_inline(node.strategy_id(name), code)


def wait_for_engine(node: Node, process: int) -> bool:
    """Wait until the engine of this process turns; whether it does."""
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        try:
            pulse = _native.EnginePulse(node.shared / "pulse")
        except OSError:
            pulse = None
        if pulse is not None and pulse.process == process and pulse.turns > 0:
            return True
        if process and not _lives(process):
            return False
        time.sleep(0.01)
    return False


def run_strategy(
    node: Node, name: str, strategy: Strategy | None = None, *, is_asked_for: bool = True
) -> StopReason:
    """Follow the engine and call the strategy, until it is stopped.

    Args:
        node: The node's configuration.
        name: The strategy's name.
        strategy: The strategy; None makes the configured one.
        is_asked_for: Whether a person wants it to run: it then runs though it was stopped before.

    Raises:
        StrategyError: If it raised; its orders were cancelled.
        JournalError: If the journal cannot be read.
    """
    known = node.config.strategies.get(name)
    if strategy is None:
        params = known.params if known is not None else {}
        strategy = make_strategy(node.strategies[name].load(), params)
    # Compiled before it joins: a node does not wait for a compiler.
    code = compiled_code(strategy)
    _tell_text(node, name)
    native = _native.LiveStrategy(
        node.journal,
        node.limits(),
        node.strategy_id(name),
        node.inlet(name),
        known.symbols if known is not None else [],
        node.config.busy_poll,
    )
    for notice in native.notices():
        log.warning(notice)
    try:
        if code is not None:
            return StopReason(native.execute_compiled(code, is_asked_for))
        return StopReason(native.execute(strategy, handlers_of(strategy), is_asked_for))
    except (OnetapeError, KeyboardInterrupt, OSError):
        raise
    except (Exception, SystemExit) as err:
        raise StrategyError(
            f"{name} raised {type(err).__name__}: {err}{raised_at(err)}",
            code="RUN-010",
            hint="its orders were cancelled, and the node goes on without it",
        ) from err


def _tell_text(node: Node, name: str) -> None:
    """Have the journal hold the text that is about to run, where it is another than before."""
    text = node.strategies[name].text()
    told = text if len(text.encode()) <= TEXT_BYTES_MAX else ""
    if not told:
        log.warning("%s: its text is too long for the journal, which keeps its digest alone", name)
    with Control(node.folder, what="live") as control:
        control.request("load", id=node.strategy_id(name), code_hash=code_hash(text), text=told)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
