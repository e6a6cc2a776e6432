# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Journal to Parquet or Arrow files, one per kind of event, streamed in batches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pyarrow as pa

from onetape.errors import JournalError
from onetape.events import EVENTS, Event

if TYPE_CHECKING:
    from onetape.journal._reader import Journal

Format = Literal["parquet", "arrow"]
_ENDINGS: dict[str, str] = {"parquet": ".parquet", "arrow": ".arrow"}


def export(
    journal: Journal,
    target: str | PathLike[str],
    *,
    format: Format = "parquet",
    kinds: Collection[type[Event]] = (),
    progress: Callable[[int], None] | None = None,
) -> list[Path]:
    """Write the events of a journal as tables, one file per kind that occurs.

    Columns are the entry's `seq`, `ts_ns`, `source`, then the event's fields; a tail, where the
    event has one, is the binary column `tail`.

    Args:
        journal: What to write.
        target: Folder for the files; made if need be. A file that is there is replaced, and only
            once the new one is whole.
        format: `parquet` (zstd), or `arrow` (the Arrow IPC file format).
        kinds: Classes of the events to write; empty for all.
        progress: Called with the number of rows written so far.

    Returns:
        The files, in the order of the kinds.

    Raises:
        JournalError: If `format` is unknown.
        JournalCorruptError: If an entry is damaged.
    """
    if format not in _ENDINGS:
        raise JournalError(
            f"expected format parquet or arrow, found {format!r}",
            code="JRN-012",
            hint="name one of the two",
        )
    folder = Path(target)
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    rows_done = 0
    for kind in kinds or [EVENTS[number] for number in journal.counts() if number in EVENTS]:
        path = folder / f"{kind.__name__}{_ENDINGS[format]}"
        unfinished = path.with_suffix(".tmp")
        rows = 0
        try:
            with ExitStack() as stack:
                write: Callable[[pa.RecordBatch], None] | None = None
                for batch in _record_batches(journal, kind):
                    write = write or _open(stack, unfinished, batch.schema, format)
                    write(batch)
                    rows += batch.num_rows
                    if progress:
                        progress(rows_done + rows)
            if rows:
                unfinished.replace(path)
                written.append(path)
        finally:
            unfinished.unlink(missing_ok=True)
        rows_done += rows
    return written


def _open(
    stack: ExitStack, path: Path, schema: pa.Schema, format_: Format
) -> Callable[[pa.RecordBatch], None]:
    if format_ == "arrow":
        writer: Any = stack.enter_context(pa.ipc.new_file(str(path), schema))
    else:
        import pyarrow.parquet as pq  # noqa: PLC0415 - only who wants Parquet waits for it

        writer = stack.enter_context(pq.ParquetWriter(str(path), schema, compression="zstd"))
    write: Callable[[pa.RecordBatch], None] = writer.write_batch
    return write


def _record_batches(journal: Journal, kind: type[Event]) -> Iterator[pa.RecordBatch]:
    has_tail = "tail" in kind.__struct_fields__
    metadata = {"onetape.kind": str(kind.KIND), "onetape.version": str(kind.VERSION)}
    for rows, tails in journal.batches(kind, tails=has_tail):
        names = [n for n in rows.dtype.names or () if n != "tail_bytes"]
        names = [n for n in names if not n.startswith("reserved")]
        columns = {name: _column(rows[name]) for name in names}
        if has_tail:
            columns["tail"] = _tail_column(rows["tail_bytes"], tails)
        batch = pa.RecordBatch.from_pydict(columns)
        yield batch.replace_schema_metadata(metadata)


def _column(values: np.ndarray[Any, np.dtype[Any]]) -> pa.Array:
    if values.dtype.kind == "S":
        return pa.array([text.decode("latin-1") for text in values.tolist()], pa.string())
    return pa.array(np.ascontiguousarray(values))


def _tail_column(lengths: np.ndarray[Any, np.dtype[np.uint32]], tails: bytes) -> pa.Array:
    ends = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(tails)]
    return pa.Array.from_buffers(pa.large_binary(), len(lengths), buffers)
