# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""The report as one page of HTML: nothing is loaded from anywhere, and nothing runs in it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib import resources
from pathlib import Path

from onetape.pipeline.tca import _plots
from onetape.pipeline.tca._definitions import BY_NAME, FIGURES
from onetape.pipeline.tca._facts import HORIZONS_NS
from onetape.pipeline.tca._metrics import Group
from onetape.pipeline.tca._plots import Line
from onetape.pipeline.tca._report import Report
from onetape.pipeline.tca._shown import HEADLINE_FIGURES, TABLE_FIGURES, heading, shown
from onetape.types import format_ts_ns

_PARTS = ("delay", "execution", "opportunity", "fees")


def page_of(report: Report) -> str:
    """Return the whole page."""
    name = Path(report.journal).resolve().name
    style = resources.files("onetape.pipeline.tca").joinpath("page.css").read_text("utf-8")
    body = [_head(report, name), *(_totals(group) for group in report.totals)]
    if not report.totals:
        body.append('<p class="note">No order, fill or refusal stands in this journal.</p>')
    body.append(_plot_grid(report))
    for by, groups in report.groups.items():
        body.append(_groups(by, groups))
    body += [_latencies(report), _refusals(report), _definitions()]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Execution quality: {escape(name)}</title><style>\n{style}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def write_page(report: Report, path: Path) -> Path:
    """Write the page; one that is there is replaced, and only once the new one is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    try:
        unfinished.write_text(page_of(report), "utf-8")
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _head(report: Report, name: str) -> str:
    until = format_ts_ns(report.end_ts_ns) if report.last_seq else "nothing yet"
    notes = []
    if not report.has_market:
        notes.append("There is no market data in it: what needs a mid has no data.")
    for count, what in (
        ("missing", "messages of market data are missing"),
        ("malformed", "messages of market data break their layout"),
        ("unplaced", "updates fitted no book"),
        ("crossed", "times a book was crossed: there is no mid then"),
    ):
        if report.counts.get(count):
            notes.append(f"{report.counts[count]:,} {what}.")
    said = "".join(f'<p class="note">{escape(note)}</p>' for note in notes)
    return (
        f"<header><h1>Execution quality</h1><p>Journal <b>{escape(name)}</b>, "
        f"{report.last_seq:,} entries, up to {escape(until)}</p></header>{said}"
    )


def _totals(group: Group) -> str:
    tiles = []
    for name in HEADLINE_FIGURES:
        value = group.figures[name]
        kind = " none" if value is None else ""
        tiles.append(
            f'<div class="tile{kind}" title="{escape(BY_NAME[name].text)}">'
            f"<span>{escape(heading(name))}</span><b>{escape(shown(name, value))}</b></div>"
        )
    currency = f" in {escape(group.currency)}" if group.currency else ""
    return (
        f'<section><h2>All orders{currency}</h2><div class="tiles">{"".join(tiles)}</div></section>'
    )


def _plot_grid(report: Report) -> str:
    figures = [_markouts(report)]
    for group in report.totals:
        of = f" ({group.currency})" if len(report.totals) > 1 else ""
        for whose, prefix in (("", ""), (" of parents", "parent_")):
            if prefix and not group.figures["parents"]:
                continue
            parts = [group.figures[f"{prefix}{name}_bp"] for name in _PARTS]
            figures.append(
                _figure(
                    f"Shortfall{whose}{of}: what of it came from where",
                    _plots.bars("shortfall by part", _PARTS, parts, "bp"),
                    "Basis points of what was decided; above zero is a cost. Quotes are left out.",
                )
            )
        spread = ["effective_spread_bp", *(f"realised_{n}_bp" for n in HORIZONS_NS)]
        figures.append(
            _figure(
                f"Spread{of}: effective, and realised after",
                _plots.bars(
                    "effective and realised spread",
                    ["effective", *HORIZONS_NS],
                    [group.figures[n] for n in spread],
                    "bp",
                ),
                "Basis points of the mid; below zero was earned. The difference is the impact.",
            )
        )
    figures += _by_hour(report)
    return f'<section class="plots">{"".join(figures)}</section>'


def _markouts(report: Report) -> str:
    groups = [("all " + g.currency, g) for g in report.totals]
    for by in ("strategy", "venue"):
        found = report.groups.get(by, [])
        if 1 < len(found) <= _plots.COLOURS - len(groups):
            groups += [(g.labels[by], g) for g in found]
    drawn = [
        Line(
            name.strip(),
            [g.figures[f"markout_{n}_bp"] for n in HORIZONS_NS],
            [g.figures[f"markout_{n}_low_bp"] for n in HORIZONS_NS],
            [g.figures[f"markout_{n}_high_bp"] for n in HORIZONS_NS],
        )
        for name, g in groups[: _plots.COLOURS]
    ]
    keys = "".join(
        f'<li><i class="key c{i}"></i>{escape(line.name)}</li>' for i, line in enumerate(drawn)
    )
    return _figure(
        "Markouts: where the mid was after a fill",
        _plots.lines("markouts by horizon", list(HORIZONS_NS), drawn, "bp"),
        "Basis points of the price, weighted by value; below zero the market went against us. "
        "The band is the 95 % interval.",
        f'<ul class="keys">{keys}</ul>' if len(drawn) > 1 else "",
    )


def _by_hour(report: Report) -> list[str]:
    groups = [g for g in report.groups.get("hour", []) if g.figures["orders"]]
    currencies = {g.currency for g in groups}
    if len(groups) <= 1 or len(currencies) != 1:
        return []
    names = [g.labels["hour"] for g in groups]
    found = []
    for figure, title, unit in (
        ("arrival_bp", "Arrival slippage by hour (UTC)", "bp"),
        ("orders", "Orders by hour (UTC)", "orders"),
    ):
        values = [g.figures[figure] for g in groups]
        found.append(_figure(title, _plots.bars(title, names, values, unit), BY_NAME[figure].text))
    return found


def _figure(title: str, plot: str, note: str, keys: str = "") -> str:
    return (
        f"<figure><h3>{escape(title)}</h3>{plot}{keys}"
        f"<figcaption>{escape(note)}</figcaption></figure>"
    )


def _table(headings: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]], left: int) -> str:
    heads = "".join(
        f'<th class="{"left" if i < left else ""}" title="{escape(tip)}">{escape(text)}</th>'
        for i, (text, tip) in enumerate(headings)
    )
    lines = "".join(
        "<tr>"
        + "".join(
            f'<td class="{"left" if i < left else ""}">{escape(cell)}</td>'
            for i, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def _groups(by: str, groups: Sequence[Group]) -> str:
    if not groups:
        return ""
    several = len({g.currency for g in groups}) > 1
    names = [n for n in TABLE_FIGURES if any(g.figures[n] is not None for g in groups)]
    headings = [(name, "") for name in by.split(",")]
    headings += [("currency", "")] if several else []
    headings += [(heading(n), BY_NAME[n].text) for n in names]
    rows = [
        [*g.labels.values(), *([g.currency] if several else [])]
        + [shown(n, g.figures[n]) for n in names]
        for g in groups
    ]
    left = len(headings) - len(names)
    return f"<section><h2>By {escape(by)}</h2>{_table(headings, rows, left)}</section>"


def _latencies(report: Report) -> str:
    title = "<h2>Latency, by venue</h2>"
    if not report.latencies:
        return f'<section>{title}<p class="note">No data: nothing went over a wire.</p></section>'
    headings = [
        (n, "") for n in ("venue", "message", "step", "count", "p50", "p99", "p99.9", "max")
    ]
    rows = [
        [
            *(row.venue, row.message, row.step, f"{row.count:,}"),
            *(shown("ns", v) for v in (row.p50_ns, row.p99_ns, row.p999_ns, row.max_ns)),
        ]
        for row in report.latencies
    ]
    return f"<section>{title}{_table(headings, rows, 3)}</section>"


def _refusals(report: Report) -> str:
    title = "<h2>Refusals, by reason</h2>"
    if not report.refusals:
        return f'<section>{title}<p class="note">Nothing was refused.</p></section>'
    headings = [(n, "") for n in ("reason", "by", "what", "code", "count")]
    rows = [
        [row.reason or "not known", row.by, row.command, str(row.code), f"{row.count:,}"]
        for row in report.refusals
    ]
    return f"<section>{title}{_table(headings, rows, 3)}</section>"


def _definitions() -> str:
    rows = [[figure.name, figure.source, figure.unit, figure.text] for figure in FIGURES]
    table = _table([(n, "") for n in ("figure", "source", "unit", "what it is")], rows, 4)
    return f"<section><details><summary>What each figure is</summary>{table}</details></section>"
