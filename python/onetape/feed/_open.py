# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The onetape authors
"""Which format a file is of, by what is in it, and how each is opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from os import PathLike
from pathlib import Path

from onetape._native import MarketSource, itch_messages_at
from onetape.errors import ConfigError, DecodeError
from onetape.feed import _itch_events, _lobster
from onetape.feed._container import Container, containers, is_dbz
from onetape.feed._day import Day, find_day
from onetape.feed._source import Source

ITCH = "itch50"
CAPTURE = "capture"
DBN = "dbn"
SYNTHETIC = "synthetic"

#: Names of the formats, and what each is.
FORMATS: dict[str, str] = {
    ITCH: "Nasdaq TotalView-ITCH 5.0 messages with 2-byte lengths",
    CAPTURE: "pcap or pcapng with ITCH 5.0 in MoldUDP64",
    _lobster.FORMAT: "LOBSTER messages, alone or with their orderbook file, also in their zip",
    _itch_events.FORMAT: "decoded ITCH events with ten levels, CSV",
    DBN: "Databento DBN or DBZ, schema mbo",
    SYNTHETIC: "seeded synthetic order flow",
}

_CAPTURE_MAGICS = tuple(
    bytes.fromhex(magic) for magic in ("d4c3b2a1", "a1b2c3d4", "4d3cb2a1", "a1b23c4d", "0a0d0d0a")
)
_SHOWN_BYTES = 16


def open_source(
    path: str | PathLike[str] | None = None,
    *,
    format: str | None = None,
    date: str | dt.date | None = None,
    seed: int = 1,
    messages: int | None = None,
    symbols: int | None = None,
) -> Source:
    """Open market data for a run.

    Args:
        path: The file, plain or as .gz or .zst, LOBSTER also in its zip; None or "" for the
            synthetic flow.
        format: One of `FORMATS`, to skip the recognition by content.
        date: Day that times of day count from, as YYYY-MM-DD; without it the file's name, or the
            capture, says.
        seed: Seed of the synthetic flow.
        messages: Messages of the synthetic flow in all; 1,000,000 without it.
        symbols: Symbols of the synthetic flow; 8 without it.

    Returns:
        The source, nothing of it consumed.

    Raises:
        DecodeError: If the file is of no known format, or damaged where it starts.
        ConfigError: If the format or the date is none.
    """
    if format is not None and format not in FORMATS:
        raise ConfigError(
            f"there is no format {format!r}",
            code="SRC-032",
            hint=f"the formats are {', '.join(FORMATS)}; without one the file is looked at",
        )
    if path is None or path == "" or format == SYNTHETIC:
        return _synthetic(date, seed, messages, symbols)
    try:
        return _open_file(Path(path), format, date)
    except OSError as err:
        raise DecodeError(
            f"cannot read {path}: {err.strerror or err}",
            code="SRC-003",
            hint="give the path of a file of market data that you may read",
        ) from err


def _open_file(path: Path, format_given: str | None, date: str | dt.date | None) -> Source:
    container, format_found = _choose(path, format_given)
    name = container.name if container.member is None else f"{container.name} {path.name}"
    openers: dict[str, Callable[[], Source]] = {
        ITCH: lambda: _itch_file(container, find_day(date, name)),
        CAPTURE: lambda: _capture(container, find_day(date, "") if date else None),
        _lobster.FORMAT: lambda: _lobster.open_lobster(container, find_day(date, name)),
        _itch_events.FORMAT: lambda: _itch_events.open_events(container, find_day(date, name)),
        DBN: lambda: _dbn(container),
    }
    return openers[format_found]()


def _choose(path: Path, format_given: str | None) -> tuple[Container, str]:
    """Return what to read of a file, and its format."""
    if path.is_dir():
        raise DecodeError(
            f"{path} is a folder",
            code="SRC-003",
            hint="give a file of market data; a journal is run again by `onetape replay`",
        )
    with path.open("rb") as raw:
        if is_dbz(raw.read(12)):
            return Container(path, path.name, "plain"), DBN
    inside = containers(path)
    found = [(c, format_given or recognise(c.head())) for c in inside if _may_be_data(c, inside)]
    known = [(c, kind) for c, kind in found if kind is not None]
    if len(known) == 1:
        return known[0]
    if len(known) > 1:
        raise DecodeError(
            f"{path}: {len(known)} files of market data in one zip: "
            f"{', '.join(c.name for c, _ in known)}",
            code="SRC-001",
            hint="unpack it and give one of them",
        )
    raise _unknown(inside, path)


def _may_be_data(container: Container, inside: list[Container]) -> bool:
    return len(inside) == 1 or not container.name.lower().endswith((".txt", ".pdf", ".md"))


def recognise(head: bytes) -> str | None:
    """Return the format of a file that starts with `head`, or None.

    Args:
        head: Its first bytes, decompressed: up to 64 KiB.
    """
    if head.startswith(_CAPTURE_MAGICS):
        return CAPTURE
    if head[:3] == b"DBN":
        return DBN
    if _itch_events.is_events(head):
        return _itch_events.FORMAT
    if _lobster.is_messages(head):
        return _lobster.FORMAT
    if itch_messages_at(head) > 0:
        return ITCH
    return None


def _unknown(inside: list[Container], path: Path) -> DecodeError:
    heads = [(c, c.head()) for c in inside]
    if not any(head for _, head in heads):
        return DecodeError(
            f"{path} is empty",
            code="SRC-002",
            hint="give a file of market data, or none for the synthetic flow",
        )
    container, head = next((c, head) for c, head in heads if head)
    if _lobster.is_orderbook(head):
        return DecodeError(
            f"{container} is the orderbook half of a LOBSTER day",
            code="SRC-001",
            hint="give its message file; the orderbook file beside it is found by its name",
        )
    shown = head[:_SHOWN_BYTES]
    looked_for = "; ".join(what for name, what in FORMATS.items() if name != SYNTHETIC)
    return DecodeError(
        f"{container}: not a format that is known. Looked for: {looked_for}. "
        f"Found: {shown.hex(' ')} ({shown!r})",
        code="SRC-001",
        hint="give one of these, plain or as .gz or .zst",
    )


def _itch_file(container: Container, day: Day) -> Source:
    native = MarketSource.itch_file(
        container.path,
        day.midnight_ns,
        codec=container.codec,
        offset=container.offset,
        length=container.length,
    )
    return Source(
        native=native,
        format=ITCH,
        description=f"ITCH 5.0 file {container.name}, {day.date} ({day.found})",
        day=day.date,
        day_from=day.found,
        midnight_ns=native.midnight_ns,
    )


def _capture(container: Container, day: Day | None) -> Source:
    native = MarketSource.capture(
        container.path,
        None if day is None else day.midnight_ns,
        codec=container.codec,
        offset=container.offset,
        length=container.length,
    )
    if day is None:
        seconds = (native.midnight_ns or 0) // 1_000_000_000
        day = Day(dt.datetime.fromtimestamp(seconds, dt.UTC).date(), "from the capture's times")
    return Source(
        native=native,
        format=CAPTURE,
        description=f"capture {container.name} of ITCH 5.0 in MoldUDP64, {day.date} ({day.found})",
        day=day.date,
        day_from=day.found,
        midnight_ns=native.midnight_ns,
    )


def _dbn(container: Container) -> Source:
    from onetape.feed._dbn import open_dbn  # noqa: PLC0415 - its library is large, and for this only

    return open_dbn(container)


def _synthetic(
    date: str | dt.date | None, seed: int, messages: int | None, symbols: int | None
) -> Source:
    day = find_day(date, "") if date else None
    native = MarketSource.synthetic(
        seed,
        messages=messages,
        symbols=symbols,
        midnight_ns=None if day is None else day.midnight_ns,
    )
    return Source(
        native=native,
        format=SYNTHETIC,
        description=f"synthetic order flow, seed {seed}",
        day=dt.date(2026, 1, 5) if day is None else day.date,
        day_from="given" if day else "the synthetic flow's own",
        midnight_ns=native.midnight_ns,
    )
