# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape version`: what a bug report should say."""

from __future__ import annotations

import platform

import typer

from onetape import __version__
from onetape.cli._render import JsonOption, show_json, show_pairs

app = typer.Typer()


@app.command()
def version(json: JsonOption = False) -> None:
    """Print the versions of onetape, of its schema and of what it runs on."""
    from onetape.events import SCHEMA_VERSION

    facts = {
        "onetape": __version__,
        "schema": SCHEMA_VERSION,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    if json:
        show_json(facts)
    else:
        show_pairs(facts)
