# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape standin`: a local market that speaks a venue's API, to try an adapter on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from onetape.cli._render import show_pairs

app = typer.Typer()


@app.command()
def standin(
    config: Annotated[Path, typer.Argument(metavar="CONFIG.toml", help="Its configuration.")],
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Set any value; may be repeated."),
    ] = None,
) -> None:
    """Run a stand-in of Binance spot on loopback until Ctrl-C or SIGTERM; says where it listens."""
    import asyncio

    from onetape.cli._signals import end_at_sigterm
    from onetape.config import load
    from onetape.sim.binance import StandIn, StandInConfig

    end_at_sigterm()
    sections = {"stand_in": StandInConfig}
    loaded = load(config, sections, overrides=set_ or [], environment=os.environ)

    async def run() -> None:
        async with StandIn(loaded.section(StandInConfig)) as venue:
            show_pairs(
                {"rest": venue.rest_url, "streams": venue.stream_url, "websocket": venue.api_url}
            )
            print("ready; Ctrl-C stops it", flush=True)
            await asyncio.Event().wait()

    asyncio.run(run())
