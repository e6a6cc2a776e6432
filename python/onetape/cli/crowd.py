# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape crowd`: a seeded crowd of clients that makes a lively market on an exchange."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetape.cli._market_file import load_market
from onetape.cli._render import JsonOption, show_json, show_pairs, show_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from onetape.sim.crowd import Crowd, CrowdConfig, CrowdResult

app = typer.Typer()


@app.command()
def crowd(  # noqa: PLR0917 - the parameters of a Typer command are its flags
    config: Annotated[
        Path | None,
        typer.Argument(metavar="[CONFIG.toml]", help="The exchange's file; its section [crowd]."),
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--seconds", min=0, help="How long; 0: until Ctrl-C.")
    ] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Seed of all chance.")] = None,
    rate: Annotated[
        int | None, typer.Option("--rate", min=1, metavar="PERCENT", help="All rates, times this.")
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Set one value; may be repeated."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Trade on an exchange's OUCH ports as a crowd of seeded clients; Ctrl-C cancels and leaves."""
    import asyncio

    from onetape.exchange.config import FeedConfig, GatewayConfig, MarketConfig, MembersConfig
    from onetape.sim.crowd import CrowdConfig, feed_of, instruments_of, ports_of, trade

    given = {"seconds": seconds, "seed": seed, "rate_percent": rate}
    flags = [f"crowd.{name}={value}" for name, value in given.items() if value is not None]
    loaded = load_market(config, [*(set_ or []), *flags])
    chosen = loaded.section(CrowdConfig)
    gateway, members = loaded.section(GatewayConfig), loaded.section(MembersConfig)
    places = ports_of(chosen, gateway, members)
    instruments = instruments_of(chosen, loaded.section(MarketConfig))
    feed = feed_of(chosen, loaded.section(FeedConfig))
    shown = None if json else _progress(chosen)
    result = asyncio.run(trade(chosen, places, instruments, feed, progress=shown))
    if json:
        show_json(result)
    else:
        show(result)


def _progress(config: CrowdConfig) -> Callable[[float, Crowd], None] | None:
    """Return what shows how far the crowd is, on a person's terminal."""
    if not sys.stderr.isatty():
        return None
    until = f" of {config.seconds:g}" if config.seconds else ""

    def show_line(seconds: float, crowd: Crowd) -> None:
        sent = sum(desk.tally.sent for desk in crowd.desks)
        print(
            f"\r{seconds:.0f}{until} s, {sent:,} messages, {crowd.live:,} live orders ",
            end="",
            file=sys.stderr,
        )

    return show_line


def show(result: CrowdResult) -> None:
    """Print what a crowd did."""
    if sys.stderr.isatty():
        print(file=sys.stderr)
    show_table(
        ["agents", "", "sent", "accepted", "refused", "fills", "lots", "maker %", "net", "profit"],
        [
            [
                kind.kind,
                kind.agents,
                kind.sent,
                kind.accepted,
                kind.rejected,
                kind.fills,
                kind.bought_lots + kind.sold_lots,
                f"{100 * kind.maker_lots / max(kind.bought_lots + kind.sold_lots, 1):.0f}",
                kind.position_lots,
                f"{kind.profit_ticklots / 10_000:,.2f}",
            ]
            for kind in result.kinds
        ],
        title="Crowd (profit at the last middle, before fees)",
    )
    pairs: dict[str, object] = {
        "rate": f"{result.sent / max(result.seconds, 1e-9):,.0f} messages/s "
        f"({result.sent:,} in {result.seconds:.1f} s)",
    }
    for name, counts in (("cancelled", result.cancels), ("refused", result.rejects)):
        if counts:
            pairs[name] = ", ".join(f"{reason} {count:,}" for reason, count in counts.items())
    if result.heard:
        pairs["market data"] = f"{result.heard:,} messages heard, {result.lost:,} lost"
    if result.late:
        pairs["late by over 0.1 s"] = result.late
    if result.left_live:
        pairs["orders still live"] = result.left_live
    pairs |= {f"port lost ({n})": why for n, why in enumerate(result.ends, 1)}
    show_pairs(pairs)
