# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The `onetape` command: parses, calls, prints; decides nothing.

A command is a file here: `cli/NAME.py` exports `app`, a `typer.Typer`. An `app` with one command (a
function called NAME) becomes `onetape NAME`; one with several becomes `onetape NAME SUB`. Imports
at the top of such a file are light ones (NumPy, Arrow and the engine are imported inside the
function), so that `--help` answers at once.
"""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module
from typing import Annotated, NoReturn

import typer

from onetape import __version__
from onetape.cli import _border, _log

#: The order in which help lists the commands; others follow by name.
ORDER = [
    "demo",
    "run",
    "live",
    "replay",
    "exchange",
    "crowd",
    "watch",
    "journal",
    "config",
    "version",
]


def names() -> list[str]:
    """Return the names of the commands, in the order of help."""
    found = {m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")}
    return [n for n in ORDER if n in found] + sorted(found - set(ORDER))


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"onetape {__version__}")
        raise typer.Exit


def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
    log_level: Annotated[
        _log.Level, typer.Option("--log-level", help="What to tell on standard error.")
    ] = _log.Level.WARNING,
) -> None:
    """Everything a market does, on one tape: run, replay and look into the journal."""
    del version
    _log.set_up(log_level)


def build(arguments: list[str]) -> typer.Typer:
    """Return the application: only the command asked for, or all when that is not clear."""
    app = typer.Typer(
        name="onetape",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    known = names()
    wanted = next((a for a in arguments if not a.startswith("-")), "")
    for name in [wanted] if wanted in known else known:
        command: typer.Typer = import_module(f"{__name__}.{name}").app
        alone = len(command.registered_commands) == 1 and command.registered_callback is None
        app.add_typer(command, name=None if alone else name)
    return app


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code (docs/reference/exit-codes.md)."""
    given = sys.argv[1:] if arguments is None else arguments
    sys.exit(_border.guarded(lambda: build(given)(given, prog_name="onetape")))
