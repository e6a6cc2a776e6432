# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape journal`: look into a journal, check it, take it elsewhere. Never changes it."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from onetape.cli._border import ExitCode
from onetape.cli._progress import Bar
from onetape.cli._render import (
    JsonOption,
    bytes_text,
    is_terminal,
    show_json,
    show_pairs,
    show_table,
)
from onetape.errors import OnetapeError

if TYPE_CHECKING:
    from onetape.journal import VerifyReport

app = typer.Typer(no_args_is_help=True, help="Look into a journal, check it, take it elsewhere.")

JournalArgument = Annotated[Path, typer.Argument(metavar="JOURNAL", help="Folder of the journal.")]
KindOption = Annotated[
    list[str] | None,
    typer.Option("--kind", "-k", metavar="NAME", help="Only this kind; may be repeated."),
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", metavar="TIME", help="From this time on, UTC: 2019-01-30T09:30:00."),
]
ToOption = Annotated[
    str | None, typer.Option("--to", metavar="TIME", help="Up to this time, which is left out.")
]
StartOption = Annotated[
    int, typer.Option("--start", metavar="SEQ", min=1, help="From this entry on.")
]
EndOption = Annotated[
    int | None,
    typer.Option("--end", metavar="SEQ", min=1, help="Up to this entry, which is left out."),
]


class Format(StrEnum):
    """What `export` writes."""

    PARQUET = "parquet"
    ARROW = "arrow"


@app.command()
def info(journal: JournalArgument, json: JsonOption = False) -> None:
    """Print what a journal holds: segments, times, the head of its chain, snapshots."""
    from onetape.journal import open_journal
    from onetape.types import format_ts_ns

    opened = open_journal(journal)
    found, counts = opened.info(), opened.counts()
    if json:
        show_json({"info": found, "entries_by_kind": _by_name(counts)})
        return
    times = [t if t is None else format_ts_ns(t) for t in (found.first_ts_ns, found.last_ts_ns)]
    pairs: dict[str, object] = {
        "journal": found.path,
        "entries": found.last_seq,
        "first time": times[0],
        "last time": times[1],
        "size": bytes_text(found.bytes),
        "head": found.head or "– (no segment is sealed yet)",
        "snapshots": ", ".join(map(str, found.snapshots)) or "–",
    }
    show_pairs(pairs)
    print()
    show_table(["kind", "entries"], _by_name(counts).items())
    print()
    show_table(
        ["segment", "state", "first", "last", "size", "chain"],
        [
            [s.number, s.state, s.first_seq, s.last_seq, bytes_text(s.bytes), (s.chain or "")[:16]]
            for s in found.segments
        ],
    )


def _by_name(counts: dict[int, int]) -> dict[str, int]:
    from onetape.events import EVENTS

    return {
        EVENTS[kind].__name__ if kind in EVENTS else f"kind {kind}": count
        for kind, count in counts.items()
    }


@app.command()
def cat(
    journal: JournalArgument,
    *,
    kind: KindOption = None,
    instrument: Annotated[
        str | None,
        typer.Option("--instrument", "-i", help="Only this instrument: its symbol or its id."),
    ] = None,
    from_: FromOption = None,
    to: ToOption = None,
    start: StartOption = 1,
    end: EndOption = None,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="Stop after so many entries.")
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Wait for entries still to come.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Print the entries of a journal, one a line."""
    import msgspec

    from onetape.cli import _entry_text
    from onetape.journal import open_journal

    colour = is_terminal() and "NO_COLOR" not in os.environ
    only = _entry_text.InstrumentFilter(instrument) if instrument else None
    opened = open_journal(journal)
    span = _span(start, end, from_, to)
    if only:
        _learn_before(opened, only)
    printed = 0
    for entry in opened.entries(**span, kinds=_kinds(kind), follow=follow):
        if only and not only.takes(entry):
            continue
        if json:
            sys.stdout.buffer.write(msgspec.json.encode(_entry_text.json_of(entry)) + b"\n")
        else:
            print(_entry_text.line_of(entry, colour=colour))
        printed += 1
        if printed == limit:
            return
        if follow:
            sys.stdout.flush()


def _learn_before(opened: Any, only: Any) -> None:
    """Tell the filter of all instruments, wherever in the journal they are defined."""
    from onetape.events import InstrumentDefined

    for entry in opened.entries(kinds=[InstrumentDefined.KIND]):
        event = entry.event
        if isinstance(event, InstrumentDefined):
            only.learn(event)


def _span(start: int, end: int | None, from_: str | None, to: str | None) -> dict[str, Any]:
    span: dict[str, Any] = {"start": start}
    if end is not None:
        span["end"] = end
    if from_ is not None:
        span["start_ts_ns"] = _time("--from", from_)
    if to is not None:
        span["end_ts_ns"] = _time("--to", to)
    return span


def _time(option: str, text: str) -> int:
    from onetape.types import parse_ts_ns

    try:
        return parse_ts_ns(text)
    except OnetapeError as err:
        raise typer.BadParameter(f"{err.message}; {err.hint}", param_hint=option) from err


def _kinds(names: list[str] | None) -> list[int]:
    from onetape.cli import _entry_text
    from onetape.events import EVENTS

    found = []
    for name in names or []:
        number = _entry_text.kind_number(name)
        if number is None:
            known = ", ".join(sorted(kind.__name__ for kind in EVENTS.values()))
            raise typer.BadParameter(f"no kind is called {name!r}: {known}", param_hint="--kind")
        found.append(number)
    return found


@app.command()
def verify(
    journal: JournalArgument,
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="HASH", help="A chain hash kept elsewhere, see `info`."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Check every byte of a journal, its order and its chain of hashes.

    Leaves with 0 when all is good, 5 when something is damaged, 6 when the writer died: then no
    whole entry is lost, and the next run with --resume seals it.
    """
    from onetape import journal as journals

    report = journals.verify(journal, head=head)
    if json:
        show_json(report)
    else:
        _show(report)
    if report.findings:
        raise typer.Exit(ExitCode.JOURNAL_DAMAGED)
    if report.tail in {"torn", "unsealed"}:
        raise typer.Exit(ExitCode.JOURNAL_TORN)


_TAILS = {
    "sealed": "every segment is sealed",
    "open": "a writer is at work; what it has written is good",
    "unsealed": "the writer died; every entry is whole",
    "torn": "the writer died inside an entry; the next opening cuts {} bytes",
}


def _show(report: VerifyReport) -> None:
    for found in report.findings:
        print(f"DAMAGED  {found.path}, byte {found.offset}: {found.what}")
    pairs: dict[str, object] = {
        "verdict": "DAMAGED" if report.findings else "good",
        "entries": report.entries,
        "segments": f"{report.segments} ({report.segments_sealed} sealed)",
        "size": bytes_text(report.bytes),
        "end": _TAILS[report.tail].format(report.torn_bytes),
        "head": report.head if report.segments_sealed else None,
    }
    if report.head_found:
        pairs["given head"] = f"is that of segment {report.head_found}"
    show_pairs(pairs)


@app.command()
def export(
    journal: JournalArgument,
    target: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the files go.")],
    format_: Annotated[
        Format, typer.Option("--format", help="File format; one file per kind of event.")
    ] = Format.PARQUET,
    kind: KindOption = None,
    json: JsonOption = False,
) -> None:
    """Write a journal as tables: one Parquet or Arrow file per kind of event."""
    from onetape.events import EVENTS
    from onetape.journal import export as write
    from onetape.journal import open_journal

    opened = open_journal(journal)
    counts = opened.counts()
    numbers = _kinds(kind) or [number for number in counts if number in EVENTS]
    total = sum(counts.get(number, 0) for number in numbers)
    with Bar("export") as bar:
        files = write(
            opened,
            target,
            format=format_.value,
            kinds=[EVENTS[number] for number in numbers],
            progress=lambda rows: bar.update(rows, rows, total),
        )
    if json:
        show_json([str(path) for path in files])
        return
    show_table(["file", "size"], [[str(p), bytes_text(p.stat().st_size)] for p in files])
