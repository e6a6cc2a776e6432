# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape surveil`: patterns of market abuse, with the entries that prove them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetape.cli._market_file import load_market
from onetape.cli._render import JsonOption, show_json, show_table

if TYPE_CHECKING:
    from onetape.exchange.surveillance import Alert

_SEQS_SHOWN = 6

app = typer.Typer()


@app.command()
def surveil(
    journal: Annotated[
        Path, typer.Argument(metavar="JOURNAL", help="Folder of the exchange's journal.")
    ],
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="NAME", help="Only this rule; may be repeated."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE.toml", help="Thresholds: section [surveillance]."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Set one value; may be repeated."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Look for wash trades, layering, spoofing, marking the close, and too many orders a trade."""
    from onetape.exchange.surveillance import RULES, SurveillanceConfig
    from onetape.exchange.surveillance import surveil as look
    from onetape.journal import open_journal

    loaded = load_market(config, set_ or [])
    limits = loaded.section(SurveillanceConfig)
    alerts = look(open_journal(journal), limits, rules=rule or ())
    if json:
        show_json(alerts)
        return
    if not alerts:
        print(f"no alerts ({', '.join(rule or RULES)})")
        return
    _show(alerts)


def _show(alerts: list[Alert]) -> None:
    from onetape.types import format_ts_ns

    def clock(ts_ns: int) -> str:
        return format_ts_ns(ts_ns)[11:23]

    show_table(
        ["", "day", "rule", "firm", "instrument", "from", "to", "entries"],
        [
            [
                number,
                f"{a.date // 10_000}-{a.date // 100 % 100:02}-{a.date % 100:02}",
                a.rule,
                " ".join([a.firm, *a.others]),
                a.symbol or None,
                clock(a.start_ts_ns),
                clock(a.end_ts_ns),
                a.seqs_total,
            ]
            for number, a in enumerate(alerts, 1)
        ],
        title="Alerts",
    )
    for number, alert in enumerate(alerts, 1):
        seqs = ", ".join(map(str, alert.seqs[:_SEQS_SHOWN]))
        more = ", …" if alert.seqs_total > _SEQS_SHOWN else ""
        print(f"\n{number}. {alert.what}")
        for name, pairs in (("figures", alert.figures), ("thresholds", alert.thresholds)):
            print(f"   {name}: {', '.join(f'{k} {v:,}' for k, v in pairs.items())}")
        print(f"   entries: {seqs}{more}")
