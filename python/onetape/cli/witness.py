# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape witness`: the third vote, which keeps two exchanges from being primary at once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

#: How often it is looked at.
LOOK_S = 0.2


@app.command()
def witness(
    folder: Annotated[Path, typer.Argument(help="Where it keeps its ballot, 80 bytes.")],
    *,
    nodes: Annotated[str, typer.Option(help="Names of the two nodes: alpha,beta.")],
    secret: Annotated[Path, typer.Option(help="File with the cluster's secret, 16 bytes or more.")],
    listen: Annotated[
        str, typer.Option(help="Address; port 0 takes a free one.")
    ] = "127.0.0.1:7400",
    cluster: Annotated[str, typer.Option(help="The cluster's name.")] = "onetape",
    lease_ms: Annotated[
        int, typer.Option(min=10, max=60_000, help="Length of a lease; the nodes have the same.")
    ] = 50,
    last_term: Annotated[
        int, typer.Option(min=0, help="After the loss of its disk: the last term the nodes know.")
    ] = 0,
) -> None:
    """Vote on which of two nodes is primary, until interrupted. Run it on a third machine."""
    from onetape._native import Witness
    from onetape.cli._signals import end_at_sigterm
    from onetape.errors import ClusterError, ConfigError

    end_at_sigterm()
    first, _, second = nodes.partition(",")
    if not first or not second or "," in second or first == second:
        raise ConfigError(
            f"--nodes: expected two different names with a comma between, found {nodes!r}",
            code="CLI-010",
            hint="write for instance --nodes alpha,beta",
        )
    voting = Witness(folder, listen, cluster, (first, second), secret, lease_ms, last_term)
    print(f"witness of {cluster} for {first} and {second} listens at {voting.address}", flush=True)
    told: tuple[int, str, bool] = (0, "nobody", False)
    try:
        while not voting.is_broken():
            if (ballot := voting.ballot()) != told:
                told = ballot
                term, holder, alone = ballot
                print(f"term {term}: {holder}{', alone' if alone else ''}", flush=True)
            time.sleep(LOOK_S)
    finally:
        voting.close()
    raise ClusterError(
        f"the ballot in {folder} could not be written, so nobody is answered",
        code="REP-010",
        hint="make room or replace the disk, and start it again",
    )
