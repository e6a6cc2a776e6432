# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape config`: what can be set, what is set, and by whom."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from onetape.cli._render import JsonOption, show_json, show_table

app = typer.Typer(no_args_is_help=True, help="What can be set, what is set, and by whom.")

ConfigArgument = Annotated[
    Path | None,
    typer.Argument(metavar="[CONFIG.toml]", help="Configuration; without it, the defaults."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Set one value; may be repeated."),
]


@app.callback()
def _group() -> None:
    """Keep `explain` a sub-command: more will join it."""


@app.command()
def explain(
    config: ConfigArgument = None, set_: SetOption = None, json: JsonOption = False
) -> None:
    """Print every key with its value, where that came from, its default and its meaning."""
    from onetape.config import load
    from onetape.sim.config import SECTIONS

    loaded = load(config, SECTIONS, overrides=set_ or [], environment=os.environ)
    keys = list(loaded.keys())
    if json:
        show_json([_plain(key) for key in keys])
        return
    show_table(
        ["key", "value", "from", "default", "unit", "meaning"],
        [
            [k.name, _short(k.value), k.source, _short(k.default), k.unit, k.description]
            for k in keys
        ],
    )


def _short(value: object) -> str:
    return "–" if value in (None, "", [], {}) else str(value)


def _plain(key: Any) -> dict[str, object]:
    import msgspec

    from onetape.config import encode_plain

    return {n: msgspec.to_builtins(v, enc_hook=encode_plain) for n, v in vars(key).items()}
