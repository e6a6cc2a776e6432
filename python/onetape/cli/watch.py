# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape watch`: an exchange live in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onetape.monitor import Terminal

app = typer.Typer()


@app.command()
def watch(
    journal: Annotated[
        Path, typer.Argument(metavar="JOURNAL", help="Folder of the exchange's journal.")
    ],
    port: Annotated[
        list[str] | None,
        typer.Option("--port", metavar="NAME", help="An own port, by user name; may be repeated."),
    ] = None,
    instrument: Annotated[
        list[str] | None,
        typer.Option("--instrument", "-i", metavar="SYMBOL", help="Show this; may be repeated."),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--seconds", min=0, help="How long; 0: until Ctrl-C.")
    ] = 0.0,
    once: Annotated[bool, typer.Option("--once", help="Print one picture and leave.")] = False,
) -> None:
    """Show an exchange's books, trades, own orders and profit, live from its journal."""
    from onetape.journal import open_journal
    from onetape.monitor import Terminal, Wanted

    wanted = Wanted(ports=port or (), symbols=instrument or ())
    terminal = Terminal(journal, wanted)
    if once:
        open_journal(journal)  # Says so when there is none.
        _picture(terminal)
    else:
        terminal.run(seconds=seconds)


def _picture(terminal: Terminal) -> None:
    from rich.console import Console

    from onetape.monitor import render

    console = Console()
    terminal.read()
    console.print(
        render(terminal.market, terminal.look(console.size.height), console.size.width),
        height=console.size.height - 1,
    )
