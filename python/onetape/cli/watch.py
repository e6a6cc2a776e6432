# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape watch`: an exchange, or a live node, in the terminal."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onetape.monitor import Terminal

app = typer.Typer()

#: How often the node is asked how its cluster stands.
ASK_S = 1.0


@app.command()
def watch(
    journal: Annotated[
        Path,
        typer.Argument(
            metavar="JOURNAL", help="Folder of the journal of an exchange or a live node."
        ),
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
    """Show an exchange's books and trades, or a live node's orders and profit, from its journal."""
    from onetape.errors import JournalError
    from onetape.journal import open_journal
    from onetape.monitor import Terminal, Wanted, is_node

    try:
        shows_node = is_node(journal)
    except JournalError:
        shows_node = False  # It may not be there yet: then it will be an exchange's.
    if shows_node:
        _watch_node(journal, seconds, once=once)
        return
    wanted = Wanted(ports=port or (), symbols=instrument or ())
    cluster = _Cluster(journal.resolve().parent)
    terminal = Terminal(journal, wanted, beside=cluster.line)
    if once:
        open_journal(journal)  # Says so when there is none.
        cluster.ask()
        _picture(terminal)
    else:
        cluster.keep_asking()
        terminal.run(seconds=seconds)


def _watch_node(journal: Path, seconds: float, *, once: bool) -> None:
    from rich.console import Console

    from onetape.monitor import NodeTerminal

    terminal = NodeTerminal(journal)
    if not once:
        terminal.run(seconds=seconds)
        return
    console = Console()
    terminal.read()
    console.print(terminal.picture(console.size), height=console.size.height - 1)


class _Cluster:
    """How the cluster stands, as the node beside the journal says, if it runs on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._line = folder, ""

    def line(self) -> str:
        """Return the last answer."""
        return self._line

    def ask(self) -> None:
        """Ask once."""
        from onetape.cli._standing import standing_line
        from onetape.exchange.standing import of_node

        standing = of_node(self._folder)
        self._line = standing_line(standing) if standing else ""

    def keep_asking(self) -> None:
        """Ask now and then on a thread of its own: an answer may be slow, the view must not be."""

        def work() -> None:
            while True:
                self.ask()
                time.sleep(ASK_S)

        threading.Thread(target=work, name="cluster", daemon=True).start()


def _picture(terminal: Terminal) -> None:
    from rich.console import Console

    from onetape.monitor import render

    console = Console()
    terminal.read()
    console.print(
        render(terminal.market, terminal.look(console.size.height), console.size.width),
        height=console.size.height - 1,
    )
