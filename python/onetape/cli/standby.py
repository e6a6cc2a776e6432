# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape standby`: the second node of an exchange, and the word for it to take over."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onetape.cli._market_file import load_market
from onetape.cli._render import JsonOption, show_json, show_pairs

if TYPE_CHECKING:
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

    def __init__(self, config: ContinuityConfig, commit: str, *, force: bool) -> None:
        self._config, self._commit = config, commit
        self._force, self._asked = force, False
        self._standby: ExchangeStandby | None = None

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


@app.command()
def start(
    config: Annotated[Path, typer.Argument(metavar="CONFIG.toml", help="Its configuration.")],
    *,
    set_: SetOption = None,
    force: Annotated[
        bool, typer.Option("--force", help="Take over even if entries may be lost.")
    ] = False,
) -> None:
    """Follow the primary, take over when it is gone, and run until Ctrl-C."""
    from onetape.exchange.config import ContinuityConfig, ExchangeConfig
    from onetape.exchange.server import Exchange
    from onetape.exchange.standing import StandbyDesk

    loaded = load_market(config, set_ or [])
    exchange_config = loaded.section(ExchangeConfig)
    watch = _Watch(loaded.section(ContinuityConfig), exchange_config.commit, force=force)
    signal.signal(signal.SIGUSR1, watch.ask)
    mark = _mark(Path(exchange_config.journal))
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(f"{os.getpid()}\n", "utf-8")
    try:
        with StandbyDesk(mark.parent, watch.standing):
            promoted = Exchange(loaded, follow=watch)
    finally:
        mark.unlink()
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
    from onetape.errors import ClusterError

    try:
        process = int(_mark(folder).read_text("utf-8"))
        os.kill(process, signal.SIGUSR1)
    except (OSError, ValueError) as err:
        raise ClusterError(
            f"no standby is at work in {folder}: {err}",
            code="REP-011",
            hint="name the folder of a standby that runs on this machine",
        ) from err
    print(f"process {process} was told to take over")
