# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape tca`: how well the orders of a journal were done."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetape.cli._border import ExitCode
from onetape.cli._render import JsonOption, show_json, show_pairs, show_table

if TYPE_CHECKING:
    from onetape.pipeline.tca import ExecutionQuality, Gap, Group, Report

app = typer.Typer()

#: By what the terminal tells groups apart when nobody says.
SHOWN_BY = ("strategy", "instrument", "venue", "origin")


@app.command()
def tca(  # noqa: PLR0917 - the parameters of a Typer command are its flags
    journal: Annotated[
        Path, typer.Argument(metavar="JOURNAL", help="Folder of the journal of any run.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FOLDER", help="Write a page and Parquet files here."),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            "--by", metavar="NAME[,NAME]", help="Tell orders apart by this; may be repeated."
        ),
    ] = None,
    fees: Annotated[
        str | None,
        typer.Option(
            "--fees", metavar="MAKER,TAKER", help="In basis points, where the venue says nothing."
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", metavar="OTHER", help="Compare with the orders of this journal."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Say what the orders of a journal cost: shortfall, slippage, markouts, fills, latency.

    The journal may still be written: it is read to its present end. Orders are told apart by
    strategy, instrument, venue, side, type, tif, origin or hour.
    """
    from onetape.pipeline.tca import DIMENSIONS, ExecutionQuality

    quality = ExecutionQuality(journal, fees=_fees(fees) if fees else None)
    quality.update()
    wanted = by or list(DIMENSIONS)
    report = quality.report(wanted)
    gaps = _compared(report, against, fees) if against is not None else []
    files = quality.write(out, report) if out is not None else []
    if json:
        compared = {"against": [asdict(gap) for gap in gaps]} if against is not None else {}
        show_json({**_plain(report), **compared, "files": [str(file) for file in files]})
    else:
        _show(report, by or SHOWN_BY)
        if against is not None:
            _show_gaps(gaps, str(against))
        _say_what_was_missing(quality)
        if files:
            print(f"{len(files)} files written to {out}")
    if quality.is_torn:
        print("the journal's writer died inside an entry: all before it was read", file=sys.stderr)
        raise typer.Exit(ExitCode.JOURNAL_TORN)


def _fees(text: str) -> tuple[int, int]:
    """Return fees in thousandths of a basis point."""
    from onetape.errors import ConfigError, ConversionError
    from onetape.types import decimal_to_units

    parts = text.split(",")
    try:
        maker, taker = (decimal_to_units(part.strip(), 1_000_000) for part in parts)
    except (ConversionError, ValueError) as err:
        raise ConfigError(
            f"--fees {text}: expected two numbers with at most three places, as MAKER,TAKER",
            code="TCA-002",
            hint="write for instance --fees=-0.2,0.3; below zero is a rebate",
        ) from err
    return maker, taker


def _compared(report: Report, other: Path, fees: str | None) -> list[Gap]:
    from onetape.pipeline.tca import ExecutionQuality, gap_between

    quality = ExecutionQuality(other, fees=_fees(fees) if fees else None)
    quality.update()
    return gap_between(report, quality.report(()))


def _show_gaps(gaps: Sequence[Gap], other: str) -> None:
    from onetape.pipeline.tca import heading, shown

    several = len({gap.currency for gap in gaps}) > 1
    rows = [
        [*([gap.currency] if several else []), heading(gap.figure)]
        + [shown(gap.figure, value) for value in (gap.here, gap.there, gap.difference)]
        for gap in gaps
    ]
    print()
    headings = [*(["currency"] if several else []), "figure", "here", "there", "difference"]
    show_table(headings, rows, title=f"against {other}")


def _show(report: Report, by: Sequence[str]) -> None:
    from onetape.pipeline.tca import HEADLINE_FIGURES, heading, shown

    if not report.totals:
        print("no order, fill or refusal stands in this journal")
    for group in report.totals:
        pairs = {heading(name): shown(name, group.figures[name]) for name in HEADLINE_FIGURES}
        show_pairs(pairs, title=f"all orders {group.currency}".rstrip())
    for name in by:
        groups = report.groups.get(name, [])
        if len(groups) > 1 or (groups and name not in SHOWN_BY):
            print()
            _show_groups(name, groups)
    if report.latencies:
        print()
        show_table(
            ["venue", "message", "step", "count", "p50", "p99", "p99.9", "max"],
            [
                [row.venue, row.message, row.step, row.count]
                + [shown("ns", v) for v in (row.p50_ns, row.p99_ns, row.p999_ns, row.max_ns)]
                for row in report.latencies
            ],
            title="latency",
        )
    if report.refusals:
        print()
        rows = [[r.reason or r.code, r.by, r.command, r.count] for r in report.refusals]
        show_table(["reason", "by", "what", "count"], rows, title="refusals")


def _show_groups(by: str, groups: Sequence[Group]) -> None:
    from onetape.pipeline.tca import heading, shown

    names = ["orders", "fills", "fill_ratio_orders", "shortfall_bp", "arrival_bp",
             "markout_1s_bp", "effective_spread_bp", "reject_ratio", "otr_count"]  # fmt: skip
    kept = [n for n in names if any(g.figures[n] is not None for g in groups)]
    several = len({g.currency for g in groups}) > 1
    rows = [
        [*g.labels.values(), *([g.currency] if several else [])]
        + [shown(n, g.figures[n]) for n in kept]
        for g in groups
    ]
    headings = [*by.split(","), *(["currency"] if several else []), *map(heading, kept)]
    show_table(headings, rows, title=f"by {by}")


def _say_what_was_missing(quality: ExecutionQuality) -> None:
    if not quality.facts.has_market:
        print("there is no market data in this journal: what needs a mid has no data")
    counts = quality.counts
    said = [f"{counts[n]:,} {n}" for n in ("missing", "malformed", "unplaced") if counts.get(n)]
    if said:
        print(f"market data: {', '.join(said)} of {counts['messages']:,} messages")


def _plain(report: Report) -> dict[str, object]:
    """Return a report for machines; what has no data is null."""
    return {
        "journal": report.journal,
        "last_seq": report.last_seq,
        "has_market_data": report.has_market,
        "totals": [asdict(group) for group in report.totals],
        "groups": {by: [asdict(g) for g in groups] for by, groups in report.groups.items()},
        "latencies": [asdict(row) for row in report.latencies],
        "refusals": [asdict(row) for row in report.refusals],
        "market_data": report.counts,
    }
