# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""How results look: Rich tables on a terminal, plain aligned text in a pipe, JSON when asked.

Results go to standard output. Colours only on a terminal.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import typer

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]

_UNITS_BYTES = ("B", "KiB", "MiB", "GiB", "TiB")
_UNITS_NS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "µs"))
_KIB = 1024


def is_terminal() -> bool:
    """Whether standard output is a person's terminal."""
    return sys.stdout.isatty()


def bytes_text(size_bytes: float) -> str:
    """Return a size for people.

    Examples:
        >>> bytes_text(512), bytes_text(1536)
        ('512 B', '1.5 KiB')
    """
    for unit in _UNITS_BYTES:
        if size_bytes < _KIB or unit == _UNITS_BYTES[-1]:
            return f"{size_bytes:.0f} B" if unit == "B" else f"{size_bytes:.1f} {unit}"
        size_bytes /= _KIB
    raise AssertionError("the last unit takes everything")


def duration_text(duration_ns: float) -> str:
    """Return a duration for people.

    Examples:
        >>> duration_text(950), duration_text(1_500), duration_text(2_500_000_000)
        ('950 ns', '1.50 µs', '2.50 s')
    """
    for size, unit in _UNITS_NS:
        if duration_ns >= size:
            return f"{duration_ns / size:.2f} {unit}"
    return f"{duration_ns:.0f} ns"


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def plain_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows as aligned text; a column of numbers stands to the right.

    Examples:
        >>> print(plain_table(["kind", "count"], [["fill", 12], ["order", 1_234]]))
        kind   count
        fill      12
        order  1,234
    """
    texts = [[_text(v) for v in row] for row in rows]
    widths = [max(len(c), *(len(t[i]) for t in texts), 0) for i, c in enumerate(columns)]
    right = [bool(rows) and all(_is_number(r[i]) for r in rows) for i in range(len(columns))]
    lines = []
    for cells in [list(columns), *texts]:
        parts = [
            c.rjust(w) if r else c.ljust(w) for c, w, r in zip(cells, widths, right, strict=True)
        ]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def show_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = ""
) -> None:
    """Print a table: Rich on a terminal, plain text in a pipe.

    Args:
        columns: Headings.
        rows: One value a column; numbers are set to the right, None is a dash.
        title: Stands above it; may be empty.
    """
    all_rows = [list(row) for row in rows]
    if not is_terminal():
        print(f"{title}\n" if title else "", plain_table(columns, all_rows), "\n", sep="", end="")
        return
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD)
    for index, column in enumerate(columns):
        number = bool(all_rows) and all(_is_number(row[index]) for row in all_rows)
        table.add_column(column, justify="right" if number else "left")
    for row in all_rows:
        table.add_row(*(escape(_text(value)) for value in row))
    Console().print(table)


def show_pairs(pairs: Mapping[str, object], *, title: str = "") -> None:
    """Print names and values, one pair a line."""
    bold, plain = ("\033[1m", "\033[0m") if is_terminal() else ("", "")
    if title:
        print(f"{bold}{title}{plain}")
    width = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        print(f"{name.ljust(width)}  {bold}{_text(value)}{plain}")


def show_json(value: object) -> None:
    """Print one JSON document; keys of mappings keep their order."""
    import msgspec

    text = msgspec.json.encode(value, enc_hook=_plain)
    print(msgspec.json.format(text, indent=2).decode())


def _plain(value: Any) -> object:
    """Make a NumPy scalar or array, or another stranger, plain."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return str(value)
