# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape live limits`: the limits of a running node, and signed sets that come into force."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from onetape.cli._render import JsonOption, show_json, show_pairs, show_table

app = typer.Typer(
    invoke_without_command=True, help="Show the limits in force, what is used, what remains."
)

FolderOption = Annotated[
    Path, typer.Option("--folder", metavar="DIR", help="The node's folder (live.folder).")
]
HERE = Path("live-data")
#: What the names of a scope's ids are filed under.
KINDS = {"strategy": "strategies", "venue": "venues", "instrument": "instruments",
         "product": "instruments"}  # fmt: skip


@app.callback()
def show(
    context: typer.Context,
    folder: FolderOption = HERE,
    *,
    near: Annotated[
        int, typer.Option("--near", min=0, help="Only what is used to so many percent or more.")
    ] = 0,
    json: JsonOption = False,
) -> None:
    """Show the limits in force, what is used of them and what remains."""
    if context.invoked_subcommand is not None:
        return
    from onetape.exchange.control import Control

    with Control(folder, what="live") as control:
        answer = control.request("limits")
        rows = [row for row in answer["limits"] if _percent(row) >= near]
        if json:
            show_json(answer | {"limits": rows})
            return
        cells = [
            [row["limit"], row["scope"] + (", each strategy" if row["each"] else ""),
             control.name_of(KINDS[row["scope"]], row["id"]) if row["scope"] in KINDS
             else str(row["id"] or ""),
             row["value"], _or_dash(row["used"]), _or_dash(row["remaining"])]
            for row in rows
        ]  # fmt: skip
    version = f"{answer['version']:,} ({answer['hash']})" if answer["version"] else "none"
    show_pairs({"signed set": version, "profile": answer["profile"]})
    show_table(["limit", "scope", "of", "value", "used", "remaining"], cells)
    if answer["count"] > len(answer["limits"]):
        print(f"and {answer['count'] - len(answer['limits']):,} more")


@app.command()
def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The signed limit file.")],
    folder: FolderOption = HERE,
) -> None:
    """Bring a signed set of limits into force; what it loosens needs two persons' signatures."""
    from onetape.exchange.control import Control

    with Control(folder, what="live") as control:
        answer = control.request("load-limits", path=str(file.resolve()))
    print(f"version {answer['version']:,} is in force, entry {answer['seq']:,}")


def _percent(row: dict[str, Any]) -> int:
    """Return how much of a limit is used, in percent; 0 where each order is measured by itself."""
    used: int = row["used"] or 0
    value: int = row["value"]
    return 100 * used // value if value else 100 * bool(used)


def _or_dash(value: int | None) -> int | str:
    return "–" if value is None else value
