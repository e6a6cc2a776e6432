# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape clearing`: what each firm bought, sold, holds and owes."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetape.cli._market_file import load_market
from onetape.cli._render import JsonOption, show_json, show_table

if TYPE_CHECKING:
    from onetape.exchange.clearing import ClearedDay, Clearing

app = typer.Typer()


class Format(StrEnum):
    """What `clearing` writes."""

    CSV = "csv"
    PARQUET = "parquet"


@app.command()
def clearing(  # noqa: PLR0917 - the parameters of a Typer command are its flags
    journal: Annotated[
        Path, typer.Argument(metavar="JOURNAL", help="Folder of the exchange's journal.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FOLDER", help="Write DATE/… and DATE/FIRM/… here."),
    ] = None,
    date: Annotated[
        list[str] | None,
        typer.Option("--date", metavar="YYYY-MM-DD", help="Only this day; may be repeated."),
    ] = None,
    format_: Annotated[
        list[Format] | None,
        typer.Option("--format", help="Of the files; may be repeated. Without it, both."),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="FILE.toml", help="Its section [fees] is the schedule."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="SECTION.KEY=VALUE", help="Set one value; may be repeated."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Make clearing records, positions and fees of each day and firm from an exchange's journal."""
    from onetape.exchange.clearing import FeesConfig, clear
    from onetape.journal import open_journal

    loaded = load_market(config, set_ or [])
    done = clear(open_journal(journal), loaded.section(FeesConfig))
    days = done.select([_date(text) for text in date or []])
    files = []
    if out is not None:
        dates = [day.day.date for day in days]
        files = done.write(out, dates=dates, formats=[f.value for f in format_ or Format])
    if json:
        show_json({"days": [_plain(done, day) for day in days], "files": files})
        return
    for day in days:
        _show(done, day)
    if out is not None:
        print(f"{len(files)} files written to {out}")


def _date(text: str) -> int:
    from onetape.errors import ConfigError

    digits = text.replace("-", "")
    if len(digits) != len("20261121") or not digits.isdecimal():
        raise ConfigError(
            f"--date {text}: expected a day as YYYY-MM-DD",
            code="CLR-010",
            hint="write for instance --date 2026-11-21",
        )
    return int(digits)


def _money(done: Clearing, value: int) -> str:
    from decimal import Decimal, localcontext

    with localcontext(prec=80):
        exact = Decimal(value).scaleb(-done.scale)
        text = f"{exact:,f}"
    whole, point, parts = text.partition(".")
    return f"{whole}{point}{parts.rstrip('0').ljust(2, '0')}"


def _show(done: Clearing, day: ClearedDay) -> None:
    broken = sum(total.broken for total in day.firms) // 2
    trades = sum(total.trades for total in day.firms) // 2
    title = f"{day.day.text}: {trades:,} trades stand, {broken:,} broken on the day"
    rows = [
        [
            *(t.firm, t.trades, t.lots, t.maker_lots, t.taker_lots, t.instruments_open),
            *(_money(done, m) for m in (t.cash, t.fee, t.net_cash)),
            t.currency,
        ]
        for t in day.firms
    ]
    for currency in sorted({t.currency for t in day.firms}):
        mine = [t for t in day.firms if t.currency == currency]
        sums = [sum(getattr(t, n) for t in mine) for n in ("cash", "fee", "net_cash")]
        counts = [sum(getattr(t, n) for t in mine) for n in ("trades", "lots")]
        makers = [sum(getattr(t, n) for t in mine) for n in ("maker_lots", "taker_lots")]
        rows.append(["all", *counts, *makers, 0, *(_money(done, m) for m in sums), currency])
    headings = ["firm", "sides", "lots", "maker", "taker", "open", "cash", "fees", "net", ""]
    show_table(headings, rows, title=title)


def _plain(done: Clearing, day: ClearedDay) -> dict[str, object]:
    """Return a day for machines; money as exact decimal text."""
    import msgspec

    totals = []
    for total in day.firms:
        row = msgspec.structs.asdict(total)
        row |= {
            name: _money(done, row[name]).replace(",", "") for name in ("cash", "fee", "net_cash")
        }
        totals.append(row)
    return {"date": day.day.text, "records": len(day.records), "firms": totals}
