# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape standby`: the second node of an exchange, and the word for it to take over."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onetape.cli._market_file import load_market
from onetape.cli._render import JsonOption, show_json, show_pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from onetape._native import ExchangeStandby
    from onetape.exchange.config import ContinuityConfig

app = typer.Typer(
    no_args_is_help=True,
    help="The second node of an exchange: it follows the first, and takes over from it.",
)

SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Set any value; may be repeated."),
]


class _Watch:
    """Says what happens to a standby and how it stands, and hands on the word to take over."""

    def __init__(self, config: ContinuityConfig, commit: str, folder: Path, *, force: bool) -> None:
        self._config, self._commit = config, commit
        self._force, self._asked = force, False
        self._standby: ExchangeStandby | None = None
        self.sign = _Sign(folder, self.standing)

    def ask(self, *_: object) -> None:
        """Note that it is to take over: signal SIGUSR1."""
        self._asked = True

    def standing(self) -> dict[str, Any]:
        """Return how the standby stands; counts are entries, durations nanoseconds."""
        config = self._config
        connected, term, in_step, received, applied, primary_seq, heard_ns = (
            self._standby.status() if self._standby else (False, 0, False, 0, 0, 0, None)
        )
        return {
            "role": "standby",
            "node": config.node,
            "cluster": config.cluster,
            "peer": config.peer,
            "connected": connected,
            "term": term,
            "in_step": in_step,
            "received": received,
            "applied": applied,
            "primary_seq": max(primary_seq, received),
            "behind": max(primary_seq - received, 0),
            "heard_ns": heard_ns,
            "witness": config.witness or None,
            "automatic": config.automatic,
            "commit": self._commit,
        }

    def __call__(self, standby: ExchangeStandby) -> bool:
        self._standby = standby
        self.sign.put_up()
        for notice in standby.notices():
            print(notice, flush=True)
        if self._asked:
            self._asked = False
            standby.take_over()
        if self._force:
            self._force = False
            standby.force()
        return True


def _mark(folder: Path) -> Path:
    """Return the file that says which process stands by: an exchange would die of the signal."""
    return folder / "standby.pid"


def _journal(folder: Path) -> Path:
    return folder / "journal"


class _Sign:
    """What says on this machine that a standby is at work: its process, and its desk.

    It goes up when the journal is this process's: a second start in the same folder, which the
    journal's lock refuses, disturbs nobody. Without it a standby follows and takes over as ever.
    """

    def __init__(self, folder: Path, standing: Callable[[], dict[str, Any]]) -> None:
        self._folder, self._standing = folder, standing
        self._up: ExitStack | None = None

    def put_up(self) -> None:
        """Put it up, if that has not been done and the journal is ours."""
        from onetape._native import journal_writer
        from onetape.exchange.standing import StandbyDesk

        if self._up is not None or journal_writer(_journal(self._folder)) != os.getpid():
            return
        self._up = ExitStack()
        try:
            _mark(self._folder).write_text(f"{os.getpid()}\n", "utf-8")
            self._up.callback(self._unmark)
            self._up.enter_context(StandbyDesk(self._folder, self._standing))
        except OSError as err:
            print(f"`onetape standby status` and `take-over` will not find it: {err}", flush=True)

    def take_down(self) -> None:
        """Take it down again; what is not there, or another's, is left alone."""
        if self._up is not None:
            self._up.close()

    def _unmark(self) -> None:
        with suppress(OSError, ValueError):
            if _marked(self._folder) == os.getpid():
                _mark(self._folder).unlink()


def _marked(folder: Path) -> int:
    """Return the process that a standby's mark names."""
    return int(_mark(folder).read_text("utf-8"))


@app.command()
def start(
    config: Annotated[Path, typer.Argument(metavar="CONFIG.toml", help="Its configuration.")],
    *,
    set_: SetOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Take over even if entries may be lost.")
    ] = False,
) -> None:
    """Follow the primary, take over when it is gone, and run until Ctrl-C or SIGTERM."""
    from onetape.cli._signals import end_at_sigterm
    from onetape.exchange.config import ContinuityConfig, ExchangeConfig
    from onetape.exchange.server import Exchange

    loaded = load_market(config, set_ or [])
    own = loaded.section(ExchangeConfig)
    watch = _Watch(loaded.section(ContinuityConfig), own.commit, Path(own.journal), force=force)
    end_at_sigterm()
    signal.signal(signal.SIGUSR1, watch.ask)
    try:
        promoted = Exchange(loaded, follow=watch)
    finally:
        watch.sign.take_down()
    with promoted as exchange:
        show_pairs(exchange.addresses())
        exchange.run(on_ready=lambda: print("ready; Ctrl-C stops it", flush=True))


@app.command()
def status(
    folder: Annotated[Path, typer.Argument(help="The standby's folder (exchange.journal).")],
    *,
    json: JsonOption = False,
) -> None:
    """Show how the standby of this machine stands: in step or not, how far behind its primary."""
    from onetape.cli._standing import standing_pairs
    from onetape.errors import ClusterError
    from onetape.exchange.standing import of_standby

    standing = of_standby(folder)
    if standing is None:
        raise ClusterError(
            f"no standby is at work in {folder}",
            code="REP-011",
            hint="name the folder of a standby that runs on this machine",
        )
    if json:
        show_json(standing)
    else:
        show_pairs(standing_pairs(standing))


@app.command("take-over")
def take_over(
    folder: Annotated[Path, typer.Argument(help="The standby's folder (exchange.journal).")],
) -> None:
    """Have the standby of this machine take over; a primary that lives hands over to it."""
    process = _standby_of(folder)
    os.kill(process, signal.SIGUSR1)
    print(f"process {process} was told to take over")


def _standby_of(folder: Path) -> int:
    """Return the process that stands by in a folder: the one that its mark names, and that writes.

    Raises:
        ClusterError: If there is none: a mark may be a dead process's, its number another's.
    """
    from onetape._native import journal_writer
    from onetape.errors import ClusterError

    try:
        marked = _marked(folder)
    except (OSError, ValueError) as err:
        raise ClusterError(
            f"no standby is at work in {folder}: {err}",
            code="REP-011",
            hint="name the folder of a standby that runs on this machine",
        ) from err
    writer = journal_writer(_journal(folder))
    if writer != marked:
        who = "nobody does" if writer is None else f"process {writer} does"
        raise ClusterError(
            f"no standby is at work in {folder}: {_mark(folder)} names process {marked}, which "
            f"does not write the journal there; {who}",
            code="REP-011",
            hint="start the standby again: onetape standby start CONFIG.toml",
        )
    return marked
