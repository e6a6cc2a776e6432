# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape config`: what can be set, what is set, and by whom."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetape.cli._render import JsonOption, is_terminal, show_json, show_table

if TYPE_CHECKING:
    from onetape.config import Key

DEFAULT = "default"


class Of(StrEnum):
    """Whose configuration."""

    RUN = "run"
    EXCHANGE = "exchange"
    LIVE = "live"


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
    config: ConfigArgument = None,
    set_: SetOption = None,
    of: Annotated[
        Of,
        typer.Option("--of", help="Of a run, of an exchange and all around it, or of a live node."),
    ] = Of.RUN,
    json: JsonOption = False,
) -> None:
    """Print every key with its value, where that came from, its default and its meaning."""
    from onetape.cli._market_file import load_market
    from onetape.config import load
    from onetape.live.config import SECTIONS as LIVE
    from onetape.sim.config import SECTIONS as RUN

    if of is Of.EXCHANGE:
        loaded = load_market(config, set_ or [])
    else:
        sections = LIVE if of is Of.LIVE else RUN
        loaded = load(config, sections, overrides=set_ or [], environment=os.environ)
    keys = list(loaded.keys())
    if json:
        show_json([_plain(key) for key in keys])
        return
    if is_terminal():
        for key in keys:
            _show_block(key)
        return
    show_table(
        ["key", "value", "from", "default", "unit", "meaning"],
        [
            [k.name, _short(k.value), k.source, _short(k.default), k.unit, k.description]
            for k in keys
        ],
    )


def _show_block(key: Key) -> None:
    """Print one key on a terminal: its value stands out when somebody set it."""
    import shutil
    import textwrap

    strong, plain = ("", "") if key.source == DEFAULT else ("\033[1m", "\033[0m")
    origin = DEFAULT if key.source == DEFAULT else f"{key.source}; default {_short(key.default)}"
    print(f"{strong}{key.name} = {_short(key.value)}{plain}  ({origin})")
    unit = f", {key.unit}" if key.unit else ""
    width = min(shutil.get_terminal_size().columns, 100)
    text = f"{key.description} ({key.type}{unit})"
    print(textwrap.fill(text, width, initial_indent="    ", subsequent_indent="    "), end="\n\n")


def _short(value: object) -> str:
    return "–" if value in (None, "", [], {}) else str(value)


def _plain(key: Key) -> dict[str, object]:
    import msgspec

    from onetape.config import encode_plain

    return {n: msgspec.to_builtins(v, enc_hook=encode_plain) for n, v in vars(key).items()}
