# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""`onetape replay`: a journal run again, and compared with itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onetape.cli._progress import Bar
from onetape.cli._render import JsonOption, show_json, show_pairs, show_table

if TYPE_CHECKING:
    from onetape.exchange.replay import StreamReplay

app = typer.Typer()


@app.command()
def replay(
    journal: Annotated[Path, typer.Argument(metavar="JOURNAL", help="Folder of the journal.")],
    from_snapshot: Annotated[
        bool, typer.Option("--from-snapshot", help="Begin at the newest snapshot.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Run a journal again, from itself alone: the same state hash, or where it differs.

    An exchange's journal is compared with its streams, too; the exchange may run meanwhile.
    """
    from onetape.exchange.replay import is_exchange
    from onetape.sim import replay as replay_journal

    if is_exchange(journal):
        _replay_exchange(journal, from_snapshot=from_snapshot, json=json)
        return

    with Bar("replaying", shown=not json) as bar:
        result = replay_journal(
            journal,
            from_snapshot=from_snapshot,
            progress=lambda entries: bar.update(entries, 0, None),
        )
    leave = _exit_code(journal)
    if json:
        show_json(result)
        raise typer.Exit(leave)
    facts: dict[str, object] = {
        "journal": result.journal,
        "entries": result.entries,
        "state hashes compared": result.hashes,
        "state hash": result.state_hash,
    }
    if result.from_snapshot is not None:
        facts["began at"] = f"the snapshot of entry {result.from_snapshot:,}"
    if result.hashes == 0:
        facts["cut off"] = "the run did not end: it has no final state hash to compare with"
    if result.outputs_missing:
        facts["missing at the end"] = f"{result.outputs_missing} outputs; `onetape run --resume`"
    if leave:
        facts["tail"] = "not sealed: the writer was cut off; every whole entry was replayed"
    show_pairs(facts)
    raise typer.Exit(leave)


def _exit_code(journal: Path) -> int:
    """Say by the exit code whether the writer was cut off."""
    from onetape.cli._border import ExitCode
    from onetape.journal import open_journal

    cut = any(segment.state == "unsealed" for segment in open_journal(journal).info().segments)
    return ExitCode.JOURNAL_TORN if cut else ExitCode.DONE


def _replay_exchange(journal: Path, *, from_snapshot: bool, json: bool) -> None:
    from onetape.exchange.replay import replay_exchange

    if from_snapshot:
        raise typer.BadParameter("an exchange's journal is replayed from its first entry")
    with Bar("replaying", shown=not json) as bar:
        result = replay_exchange(journal, progress=lambda entries: bar.update(entries, 0, None))
    if json:
        show_json(result)
        return
    facts: dict[str, object] = {
        "journal": result.journal,
        "entries": f"{result.entries:,}: {result.inputs:,} inputs, {result.outputs:,} outputs "
        "compared",
        "state hash": result.state_hash,
        "snapshots compared": ", ".join(f"entry {seq:,}" for seq in result.snapshots) or "none",
    }
    if result.outputs_missing:
        facts["missing at the end"] = f"{result.outputs_missing} outputs of the last input"
    show_pairs(facts)
    show_table(
        ["day", "wire", "messages", "equal on disk", ""],
        [[s.date, s.wire, f"{s.messages:,}", f"{s.equal:,}", _remark(s)] for s in result.streams],
    )


def _remark(stream: StreamReplay) -> str:
    if stream.stored is None:
        return "no stream on disk"
    if stream.equal < stream.messages:
        return f"{stream.messages - stream.equal:,} not released"
    if stream.stored > stream.messages:
        return f"{stream.stored - stream.messages:,} more came meanwhile"
    return ""
