# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The one border of the command line: an error becomes a sentence and an exit code.

What is not an `OnetapeError` or an `OSError` is a bug and keeps its traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from enum import IntEnum

from onetape.errors import (
    ConfigError,
    JournalCorruptError,
    JournalGapError,
    OnetapeError,
    ReplayMismatchError,
    StrategyError,
)


class ExitCode(IntEnum):
    """What a command's exit code says; docs/reference/exit-codes.md is made from it."""

    #: Done.
    DONE = 0
    #: It could not be done; the message says why. Also: a bug, with a traceback.
    FAILED = 1
    #: The command line or the configuration is wrong; nothing was started.
    USAGE = 2
    #: A strategy raised; it was stopped and its orders were cancelled.
    STRATEGY_FAILED = 3
    #: A replay differs from its journal; the message names the first entry that differs.
    REPLAY_DIFFERS = 4
    #: A journal is damaged: a bit, a chain or an entry is wrong; the message says where.
    JOURNAL_DAMAGED = 5
    #: A journal's tail was torn (a crash); it was read up to the last whole entry.
    JOURNAL_TORN = 6
    #: Interrupted, from the keyboard or by SIGTERM; what ran was ended in good order.
    INTERRUPTED = 130
    #: Whoever read our output stopped reading.
    PIPE_CLOSED = 141


#: The first class that fits decides.
_CODES: list[tuple[type[OnetapeError], ExitCode]] = [
    (ConfigError, ExitCode.USAGE),
    (StrategyError, ExitCode.STRATEGY_FAILED),
    (ReplayMismatchError, ExitCode.REPLAY_DIFFERS),
    (JournalCorruptError, ExitCode.JOURNAL_DAMAGED),
    (JournalGapError, ExitCode.JOURNAL_DAMAGED),
]


def code_of(err: OnetapeError) -> ExitCode:
    """Return the exit code that an error deserves."""
    return next((code for kind, code in _CODES if isinstance(err, kind)), ExitCode.FAILED)


def show(message: str, code: str = "", hint: str = "") -> None:
    """Print an error to standard error, in colour on a terminal."""
    tag = f" [{code}]" if code else ""
    colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
    red, bold, plain = ("\033[31m", "\033[1m", "\033[0m") if colour else ("", "", "")
    print(f"{red}error:{plain} {message}{tag}", file=sys.stderr)
    if hint:
        print(f"{bold}what to do:{plain} {hint}", file=sys.stderr)


def guarded(work: Callable[[], object]) -> int:
    """Run a command and return its exit code; errors are shown, not raised."""
    try:
        try:
            work()
        except SystemExit as leaving:
            _reraise_pipe(leaving)
            return _leave(leaving)
        finally:
            sys.stdout.flush()
    except OnetapeError as err:
        show(err.message, err.code, err.hint)
        return code_of(err)
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # Nobody reads: let the interpreter's own last flush go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.PIPE_CLOSED
    except OSError as err:
        where = f": {err.filename}" if err.filename else ""
        show(f"{err.strerror or err}{where}")
        return ExitCode.FAILED
    return ExitCode.DONE


def _reraise_pipe(leaving: SystemExit) -> None:
    """Typer leaves with 1 when the pipe closes; take that apart from a failure."""
    if isinstance(leaving.__context__, BrokenPipeError):
        raise leaving.__context__


def _leave(leaving: SystemExit) -> int:
    """Return the code of a `SystemExit`, and say so when it was an interrupt."""
    code = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    if code == ExitCode.INTERRUPTED:
        print("\ninterrupted", file=sys.stderr)
    return code
